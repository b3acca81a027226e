"""The problem list with what a month brought: of all departments, of one, and on a phone."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from kaigong.domain.model.problems import Counted, Day, Risk, RiskLevel, RiskPart, Risky
from kaigong.domain.model.text import Text
from kaigong.store import keys
from kaigong.store.items import packed, to_attributes
from playwright.sync_api import expect

from infra.local import Stack
from tests.hours import HALL

from .looking import Sign, fits_the_smallest, looked_at

WATER, SOIL = "water", "soil-conservation"
RISKY = Risky(
    packet="2026-11-risky-1",
    risk=Risk(
        points=55,
        level=RiskLevel.HIGH,
        parts=(
            RiskPart(rule="grade", points=40, because=Text(zh="企业信用等级为 D", en="Its credit grade is D")),
            RiskPart(rule="gaps", points=15, because=Text(zh="有容缺材料", en="It has gaps")),
        ),
    ),
)
CELLS = (
    (SOIL, Counted.APPLIED, "", "A", 40),
    (SOIL, Counted.RETURNED, "", "A", 9),
    (SOIL, Counted.MISSING, "soil-plan", "A", 7),
    (SOIL, Counted.REFUSED, "unreadable", "A", 2),
    (SOIL, Counted.DECIDED, "", "A", 30),
    (SOIL, Counted.CORRECTION, "", "A", 6),
    (SOIL, Counted.LATE, "", "A", 3),
    (SOIL, Counted.COMMITTED, "", "D", 8),
    (SOIL, Counted.BROKEN, "", "D", 2),
)


@pytest.fixture
def counted(stack: Stack) -> Iterator[None]:
    """Yesterday of a department and of all, as the night's run keeps them; they go again."""
    yesterday = datetime.now(HALL).date() - timedelta(days=1)
    table = stack.client("dynamodb")
    places: list[dict[str, Any]] = []
    for department, of in ((WATER, SOIL), (keys.PROBLEMS_OF_ALL, WATER)):
        found = Day(
            department=department,
            day=yesterday,
            cells=tuple((of, *rest) for _, *rest in CELLS),
            packets=(RISKY,) if department == WATER else (),
        )
        places.append(to_attributes(keys.problems_key(department, yesterday)))
        content = to_attributes({"content": packed(found.model_dump_json())})
        table.put_item(TableName=stack.table, Item=places[-1] | content)
    yield
    for place in places:
        table.delete_item(TableName=stack.table, Key=place)


@pytest.mark.usefixtures("counted")
def test_the_window_sees_all_departments_and_a_department_its_own_matters(signed_in: Sign) -> None:
    page = signed_in("window")
    page.goto("problems")
    expect(page.get_by_role("heading", level=1)).to_contain_text("问题清单")
    expect(page.locator("main")).to_contain_text("水利")
    looked_at(page, "problems")
    officer = signed_in("officer-water")
    officer.goto("problems")
    expect(officer.locator("main")).to_contain_text("水土保持")
    expect(officer.locator("main")).to_contain_text(RISKY.packet)
    expect(officer.locator("main")).to_contain_text(re.compile("22\\s*%"))  # nine of forty were returned
    looked_at(officer, "problems-of-department")
    fits_the_smallest(officer, "problems")
