"""Early warning with the figures of ten thousand packets behind it: on a phone, a desk, in print, without scripts."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import combinations

import pytest
from kaigong.domain.model.figures import Sums, difference
from kaigong.store import keys
from kaigong.store.items import to_attributes
from playwright.sync_api import Page, expect

from infra.local import Stack
from tests.city_figures import figures

from .looking import Sign, check_axe, fits, looked_at, shot

PACKETS = 10_000


@pytest.fixture
def city(stack: Stack) -> Iterator[None]:
    """The counters of so many packets, put together as every five minutes; they go again."""
    found = figures(PACKETS, datetime.now(UTC))
    _add(stack, found)
    yield
    _add(stack, difference(found, {}))


def _add(stack: Stack, sums: Sums) -> None:
    """To one shard, beside whatever the stack counts."""
    table = stack.client("dynamodb")
    for place, counters in sums.items():
        table.update_item(
            TableName=stack.table,
            Key=to_attributes({"pk": keys.figures_pk(0), "sk": place}),
            UpdateExpression="ADD " + ",".join(f"#{n} :{n}" for n, _ in enumerate(counters)),
            ExpressionAttributeNames={f"#{n}": name for n, name in enumerate(counters)},
            ExpressionAttributeValues=to_attributes({f":{n}": count for n, count in enumerate(counters.values())}),
        )
    _survey(stack)


def _survey(stack: Stack) -> None:
    answer = stack.client("lambda").invoke(FunctionName=f"{stack.stack}-survey", Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


@pytest.mark.usefixtures("city")
def test_leaders_see_how_the_city_stands_and_where_to_look(signed_in: Sign) -> None:
    page = signed_in("leader")
    page.get_by_role("link", name="我的工作").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("可视化决策预警")
    total = page.locator(".numbers > div", has_text="受理").locator("strong")
    assert int(total.inner_text()) >= PACKETS
    expect(page.locator("svg.chart")).to_have_count(2)
    looked_at(page, "warnings")

    page.get_by_label("项目类型").select_option("general")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("li", has_text="关键路径")).to_contain_text("建设工程施工许可证核发")
    assert int(total.inner_text()) < PACKETS

    page.locator("#limits ~ .scroll tr", has_text="容缺补交").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/deadlines\?kind=gap&light=red$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("期限督办")


# Of each legend what its kinds are filled with: the name of a pattern, or a colour's red, green and blue.
_FILLS = """
() => [...document.querySelectorAll(".legend")].map((legend) => [...legend.querySelectorAll("rect")].map(
  (e) => e.getAttribute("fill") || getComputedStyle(e).fill.match(/[0-9]+/g).map(Number)))
"""
FAINTEST = 60  # choice: of 256 shades of grey, by how many two kinds differ at least


@pytest.mark.usefixtures("city")
def test_kinds_differ_in_black_and_white_and_no_script_is_needed(signed_in: Sign, page_at: Callable[..., Page]) -> None:
    page = signed_in("operations", lang="en")
    page.goto("warnings")
    expect(page.get_by_role("heading", level=1)).to_have_text("Early warning")
    fits(page)
    check_axe(page)
    page.emulate_media(media="print")
    expect(page.locator("form.filters")).to_be_hidden()
    legends = page.evaluate(_FILLS)
    shot(page, "warnings-print")
    assert len(legends) >= 5
    for kinds in legends:
        for one, other in combinations(kinds, 2):
            assert isinstance(one, str) or isinstance(other, str) or abs(_grey(one) - _grey(other)) >= FAINTEST
            assert one != other
    plain = page_at("phone", javascript=False)
    plain.context.add_cookies([cookie for cookie in page.context.cookies() if cookie.get("name") != "lang"])
    plain.goto("warnings")
    expect(plain.locator("svg.chart").first).to_be_visible()


def _grey(colour: list[int]) -> float:
    """As ITU-R BT.601 weighs red, green and blue."""
    return sum(weight * part for weight, part in zip((0.299, 0.587, 0.114), colour, strict=False))
