"""What a change of a value names is checked: by mypy before it runs (infra/checks/changed.py), and when it runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from kaigong.domain.model.clock import Office
from kaigong.domain.model.packet import Packet

ROOT = Path(__file__).parents[2]
HEAD = """\
from datetime import datetime
from typing import Any
from kaigong.domain.flow.step import Step
from kaigong.domain.model.packet import Packet, Review, Status
from kaigong.domain.model.states import ReviewEvent
from kaigong.views.matters import MatterStatus
def change(packet: Packet, step: Step, review: Review, row: MatterStatus, now: datetime, some: dict[str, Any]) -> None:
"""
WRONG = {
    "packet.changed(gapz=1)": 'Unexpected keyword argument "gapz"',
    'packet.changed(reviews="nonsense")': 'Argument "reviews" to "changed" of "Model" has incompatible type "str"',
    "packet.changed(header=review)": 'Argument "header" to "changed" of "Model" has incompatible type "Review"',
    "packet.changed(**some)": "A change names its fields",
    'row.changed(due="2026-03-06")': 'Argument "due" to "changed" of "Model" has incompatible type "str"',
    "step.change(gapz=1)": 'Unexpected keyword argument "gapz"',
    "step.change(**some)": "A change names its fields",
    "step.change_header(status=3)": 'Argument "status" to "change_header" of "Step" has incompatible type "int"',
    'step.move_review("water", ReviewEvent.APPROVED, due="x")': 'Argument "due" to "move_review" of "Step" has',
    'step.move_review("water", ReviewEvent.APPROVED, dew=now)': 'Unexpected keyword argument "dew"',
}
RIGHT = (
    "packet.changed(gaps={}, header=None)",
    'packet.changed(reviews={"water": review}).changed(uploads={})',
    "row.changed(due=now, overdue=True)",
    "step.change(gaps={})",
    "step.change_header(status=Status.IN_REVIEW, round=2)",
    'step.move_review("water", ReviewEvent.APPROVED, decided_at=now)',
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What mypy says of each planted line, by the project's own settings."""
    lines = [*WRONG, *RIGHT]
    planted = tmp_path_factory.mktemp("types") / "planted.py"
    planted.write_text(HEAD + "".join(f"    {line}\n" for line in lines), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", str(planted)],
        cwd=ROOT,  # the settings are pyproject.toml's, and so is the cache: what `make style` checked is not read again
        capture_output=True,
        text=True,
        check=False,
    )
    told: dict[str, list[str]] = {line: [] for line in lines}
    first = HEAD.count("\n") + 1
    for number, error in re.findall(r"planted\.py:(\d+): error: (.*)$", done.stdout, re.MULTILINE):
        told[lines[int(number) - first]].append(error)
    assert any(told.values()), done.stdout + done.stderr
    return told


@pytest.mark.parametrize("line", WRONG)
def test_a_change_that_does_not_fit_is_found_before_it_runs(found: dict[str, list[str]], line: str) -> None:
    assert len(found[line]) == 1, found[line]
    assert found[line][0].startswith(WRONG[line])


@pytest.mark.parametrize("line", RIGHT)
def test_a_change_that_fits_is_taken(found: dict[str, list[str]], line: str) -> None:
    assert found[line] == []


def test_a_field_that_there_is_not_is_an_error_when_it_runs() -> None:
    with pytest.raises(TypeError, match="Packet has no gapz"):
        Packet(packet="p-1").changed(gapz=1)


def test_what_was_worked_out_of_a_value_is_worked_out_anew_after_a_change() -> None:
    office = Office()
    assert office.zone.key == "Asia/Shanghai"
    assert office.changed(time_zone="Asia/Urumqi").zone.key == "Asia/Urumqi"


def test_no_value_is_changed_past_the_check() -> None:
    sources = [path for folder in ("functions", "infra") for path in (ROOT / folder).rglob("*.py")]
    copies = [path for path in sources if re.search(r"\.model_copy\(\w", path.read_text("utf-8"))]
    assert copies == [ROOT / "functions/kaigong/domain/model/text.py"]
