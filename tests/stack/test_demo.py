"""The demo plays the city's case against a deployed stack, and fails where the case does not come out right."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kaigong.domain.model.packet import ResultCode
from kaigong.domain.model.text import Text
from rich.console import Console

from infra.command import show
from infra.command.demo import CORRECTED, Story, _wrong, _wrong_acceptance, _wrong_supervision
from infra.local import Stack
from infra.local.paths import ROOT
from infra.samples import city_case

from . import test_deploy


@pytest.mark.usefixtures("desks")
def test_the_citys_case_ends_the_same_day_with_every_gap_closed_although_a_paper_is_corrected(
    stack: Stack, tmp_path: Path
) -> None:
    """README's own line, with more said: how it is told without is what the pages' stories tell."""
    typed = f"--out '{tmp_path}' --json --with-correction"
    found = subprocess.run(
        ["make", "-s", "demo", f"ARGS={typed}"],
        cwd=ROOT,
        env=test_deploy.environment(KAIGONG_STACK=stack.stack),
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    story = json.loads((tmp_path / "demo.json").read_text("utf-8"))
    assert json.loads(found.stdout[found.stdout.index("{") :]) == story
    assert story["wrong"] == []
    times = [event["at"] for event in story["events"]]
    assert times == sorted(times)
    who = {event["who"]["en"] for event in story["events"]}
    assert len(who) >= 3 + 4  # applicant, credit platform, Kaigong; the departments that were asked, and who supervises
    told = [event["what"]["en"] for event in story["events"]]
    assert any("gives the privileges back" in said for said in told)
    assert any("gives without being applied for: Reward for starting" in said for said in told)
    assert "the joint result's proof is checked offline" in told[-1]

    result = json.loads((tmp_path / "joint-result.json").read_text(encoding="utf-8"))
    assert (result["packet"], result["code"], result["channel"]) == (story["packet"], "12", "green")
    assert {gap["slot"] for gap in result["gaps"]} == set(city_case().promises)
    acceptance = json.loads((tmp_path / "joint-acceptance.json").read_text(encoding="utf-8"))
    assert (acceptance["packet"], acceptance["code"]) == (story["acceptance"], "11")
    assert acceptance["project"]["code"] == result["project"]["code"]
    corrections = [event for event in story["events"] if "correction" in event["what"]["en"]]
    assert len(corrections) == 2  # asked for, and told in one notice


def test_an_outcome_that_is_not_the_citys_is_told() -> None:
    case = city_case()
    commitments = [{"matter": matter, "signing": "electronic"} for matter in case.commitments]
    unsigned = [entry | {"signing": "manifest"} for entry in commitments]
    status = {"channel": "green", "credit_grade": "AAA", "result": {"code": "12"}, "commitments": commitments}
    document = {
        "code": "12",
        "gaps": [{"slot": slot} for slot in case.promises],
        "matters": [{"matter": matter, "by_rules": matter in case.commitments} for matter in case.matters],
    }
    ruled_by_nobody = [{"matter": matter, "by_rules": False} for matter in case.matters]
    assert list(_wrong(case, status, document, True)) == []
    for changed in (
        list(_wrong(case, status | {"channel": "ordinary"}, document, True)),
        list(_wrong(case, status | {"result": {"code": "11"}}, document, True)),
        list(_wrong(case, status | {"commitments": commitments[1:]}, document, True)),
        list(_wrong(case, status | {"commitments": unsigned}, document, True)),
        list(_wrong(case, status, document | {"gaps": []}, True)),
        list(_wrong(case, status, document | {"matters": ruled_by_nobody}, True)),
        list(_wrong(case, status, document, False)),
    ):
        assert len(changed) == 1
    assert len(list(_wrong(case, status, document | {"matters": []}, True))) == 2


def test_a_joint_acceptance_that_is_not_the_citys_is_told() -> None:
    case, accepted = city_case(), {"result": {"code": "11"}}
    obstacles = ["project-gap-open"] * 2
    assert list(_wrong_acceptance(case, obstacles, accepted)) == []
    assert len(list(_wrong_acceptance(case, [], accepted))) == 1
    assert len(list(_wrong_acceptance(case, obstacles, {"result": {"code": "13"}}))) == 1


def test_a_privilege_that_a_broken_commitment_leaves_open_is_told() -> None:
    assert list(_wrong_supervision([])) == []
    assert len(list(_wrong_supervision(["priority"]))) == 1


def test_the_correction_of_the_demo_is_one_that_the_case_can_have() -> None:
    matter, slot = CORRECTED
    assert matter in city_case().matters
    assert matter not in city_case().commitments
    assert slot in city_case().materials
    assert slot not in city_case().promises


def test_at_its_end_it_tells_of_the_stack_that_it_leaves_running(capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime(2026, 3, 6, 9, tzinfo=UTC)
    told = Story(
        packet="P-1",
        acceptance="P-2",
        stack="kaigong",
        portal_url="http://127.0.0.1:1234/_aws/execute-api/0123456789/$default",
        submitted_at=now,
        decided_at=now,
        seconds=0,
        same_day=True,
        code=ResultCode.APPROVED_WITH_GAPS,
        summary=Text(zh="办结。", en="Done."),
        events=(),
        wrong=(),
    )
    show.story(Console(width=80), told)
    for line in capsys.readouterr().out.splitlines()[-4::2]:
        assert "kaigong" in line
        assert told.portal_url in line
    show.story(Console(width=80), told)
    assert capsys.readouterr().out.count("kaigong down --stack kaigong") == 2
