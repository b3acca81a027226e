"""A weighty matter at the desk: one officer proposes, another signs or sends it back, and nobody signs their own."""

import itertools
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from kaigong.contract.routes import Group
from kaigong.domain.model.packet import ReviewState, SentBack
from kaigong.portal.access import Caller
from kaigong.portal.desk import actions
from kaigong.store import desk, packets

from . import story
from .asking import WINDOW, ask, page_as, soil
from .test_desk import asked, rows, taken
from .world import World

ECOLOGY = {"cognito:groups": "[department]", "custom:department": "ecology"}
LI = ECOLOGY | {"cognito:username": "li", "sub": "id-of-li", "name": "李四"}
WANG = ECOLOGY | {"cognito:username": "wang", "sub": "id-of-wang", "name": "王五"}
SUN = ECOLOGY | {"cognito:username": "sun", "name": "孙七"}
IMPACT = "environment-impact"
_numbers = itertools.count(1)


@pytest.fixture
def packet(world: World) -> str:
    """A packet whose one matter two officers decide."""
    name = f"20260306-two-{next(_numbers)}"
    for slot in ("environment-report", "environment-review-opinion"):
        world.upload(name, slot, b"good")
    world.submit(soil(world, name, story.MANIFEST["enterprise"], matters=[IMPACT], process="general"))
    world.run()
    assert packets.load(name).reviews[IMPACT].pending
    return name


def says(world: World, packet: str, claims: dict[str, str], what: str = "decision", **said: Any) -> tuple[int, Any]:
    given = {"outcome": "approve"} if what == "decision" and not said else said
    return asked(world, f"reviews/{packet}/{IMPACT}/{what}", claims, {"round": 1, **given})


def signs(world: World, packet: str, claims: dict[str, str], **said: Any) -> tuple[int, Any]:
    seen = task(world, packet, claims)["proposal"]["id"]
    return says(world, packet, claims, "signature", **{"proposal": seen, "action": "sign", **said})


def task(world: World, packet: str, claims: dict[str, str]) -> Any:
    return asked(world, f"reviews/{packet}/{IMPACT}", claims)[1]


def test_what_one_officer_proposes_decides_nothing_until_another_one_signs_it(world: World, packet: str) -> None:
    due = packets.load(packet).reviews[IMPACT].due
    assert taken(world, LI) == packet
    status, sent = says(world, packet, LI, outcome="approve", conditions=["按报告表落实"])
    assert (status, sent["proposed"]) == (202, True)
    world.run()
    after = packets.load(packet)
    assert (after.decisions, after.reviews[IMPACT].state, after.reviews[IMPACT].due) == ({}, ReviewState.OPEN, due)
    assert world.queues_used["decisions"] == 0

    (row,) = rows(world, WANG)
    assert (row["proposal"], row["held"]) == ({"officer": "李四", "mine": False, "sent_back": False}, None)
    assert rows(world, LI)[0]["proposal"]["mine"]
    assert taken(world, LI) is None  # not the proposer's to sign
    assert taken(world, WANG) == packet
    found = task(world, packet, WANG)
    assert (found["second_signature"], found["to_sign"], found["why_not"]) == (True, True, None)
    assert (found["proposal"]["outcome"], found["proposal"]["conditions"]) == ("approve", ["按报告表落实"])

    status, sent = signs(world, packet, WANG)
    assert (status, sent["proposed"]) == (202, False)
    world.run()
    fact = packets.load(packet).decisions[IMPACT, 1]
    assert (fact.officer, fact.signed_by, fact.conditions) == ("李四", "王五", ("按报告表落实",))
    assert (fact.by, fact.signer) == ("id-of-li", "id-of-wang")
    assert packets.load(packet).reviews[IMPACT].state is ReviewState.APPROVED
    for claims in (LI, SUN):
        told = task(world, packet, claims)
        assert (told["decided"]["officer"], told["decided"]["signed_by"]) == ("李四", "王五")
        assert "审核：李四；签批：王五" in told["why_not"]["zh"]
    with world.inside("desk"):
        ledger = ask(f"/api/packets/{packet}/ledger", LI)["body"]
    assert '"signed":' in ledger
    assert "李四" not in ledger


def test_nobody_signs_what_they_proposed(world: World, packet: str) -> None:
    says(world, packet, LI)
    status, found = signs(world, packet, LI)
    assert (status, found["code"]) == (409, "own-proposal")
    assert "不能由本人签批" in found["zh"]
    assert "cannot sign it yourself" in found["en"]
    assert says(world, packet, LI)[1]["code"] == "own-proposal"
    assert asked(world, f"reviews/{packet}/{IMPACT}/lease", LI, {"action": "take"})[1]["code"] == "own-proposal"
    assert signs(world, packet, LI, action="send-back", reason="改")[1]["code"] == "own-proposal"
    assert "不能由本人签批" in task(world, packet, LI)["why_not"]["zh"]


def test_whose_user_name_changed_meanwhile_still_does_not_sign_the_own_proposal(world: World, packet: str) -> None:
    says(world, packet, LI)
    renamed, heir = LI | {"cognito:username": "li-new"}, WANG | {"cognito:username": "li"}
    assert signs(world, packet, renamed)[1]["code"] == "own-proposal"
    assert rows(world, renamed)[0]["proposal"]["mine"]
    assert not rows(world, heir)[0]["proposal"]["mine"]
    assert asked(world, f"reviews/{packet}/{IMPACT}/lease", heir, {"action": "take"})[0] == 200
    assert signs(world, packet, heir | {"cognito:username": "wang"})[0] == 202  # the lease is the account's too


def test_what_is_sent_back_says_why_and_is_proposed_anew(world: World, packet: str) -> None:
    says(world, packet, LI)
    assert says(world, packet, WANG)[1]["code"] == "to-be-signed"
    assert signs(world, packet, WANG, action="send-back")[0] == 400
    first = task(world, packet, WANG)["proposal"]["id"]
    assert signs(world, packet, WANG, action="send-back", reason="请写明防渗要求")[0] == 202
    assert taken(world, LI) == packet
    back = task(world, packet, LI)
    assert (back["to_sign"], back["proposal"]["sent_back"]["officer"]) == (False, "王五")
    assert back["proposal"]["sent_back"]["reason"] == "请写明防渗要求"
    assert says(world, packet, LI, outcome="approve", conditions=["做好防渗"])[1]["proposed"]
    stale = says(world, packet, WANG, "signature", proposal=first, action="sign")
    assert (stale[0], stale[1]["code"]) == (409, "nothing-to-sign")
    assert signs(world, packet, SUN)[0] == 202
    world.run()
    fact = packets.load(packet).decisions[IMPACT, 1]
    assert (fact.officer, fact.signed_by, fact.conditions) == ("李四", "孙七", ("做好防渗",))


def test_what_was_proposed_for_a_project_that_was_corrected_since_is_not_signed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet, wrong, right = f"20260306-two-{next(_numbers)}", "2603-410102-04-01-123456", "2603-411402-04-01-123457"
    for slot in ("environment-report", "environment-review-opinion"):
        world.upload(packet, slot, b"good")
    enterprise, project = story.MANIFEST["enterprise"], {"name": "项目", "code": wrong}
    manifest = soil(world, packet, enterprise, matters=[IMPACT], process="general", project=project)
    world.submit(manifest)
    world.run()
    assert says(world, packet, LI)[0] == 202
    first = task(world, packet, WANG)["proposal"]["id"]
    confirm = {"kind": "confirm-doubt", "subject": "project-code-region", "reason": "备案证明是另一代码"}
    with world.inside("portal"):
        assert ask(f"/api/packets/{packet}/acts", WINDOW, method="POST", carries=confirm)["statusCode"] == 202
    world.run()
    world.submit({**manifest, "project": project | {"code": right}})
    world.run()

    found = task(world, packet, WANG)
    assert found["project"]["code"] == right
    assert (found["to_sign"], "不能签批" in found["proposal"]["void"]["zh"]) == (False, True)
    assert [(d["before"], d["now"], d["taken_over"]) for d in found["changes"]["data"]] == [(wrong, right, True)]
    refused = says(world, packet, WANG, "signature", proposal=first, action="sign")
    assert (refused[0], refused[1]["code"]) == (409, "nothing-to-sign")
    for seen in ({}, {"identity": "2026-03-06T09:00:00+08:00"}):  # a page from before
        refused = says(world, packet, LI, outcome="approve", **seen)
        assert (refused[0], refused[1]["code"]) == (409, "identity-corrected")
    groups = frozenset({Group.DEPARTMENT})
    caller = Caller(name="li", account="id-of-li", called="李四", groups=groups, department="ecology")
    with world.inside("desk"):
        page = page_as(monkeypatch, caller, f"/desk/{packet}/{IMPACT}")["body"]
    assert "审查以更正后的为准" in page
    assert "已失效" in page
    assert 'data-form="sign"' not in page
    shown = re.findall('name="identity" value="([^"]+)"', page)
    assert {datetime.fromisoformat(each) for each in shown} == {datetime.fromisoformat(found["identity_at"])}
    form = {"round": "1", "outcome": "approve", "conditions": ""}
    with world.inside("desk"):
        stale = page_as(monkeypatch, caller, f"/desk/{packet}/{IMPACT}/decide", form)
        assert (stale["statusCode"], "再作决定" in stale["body"]) == (409, True)
        sent = page_as(monkeypatch, caller, f"/desk/{packet}/{IMPACT}/decide", form | {"identity": shown[0]})
    assert sent["statusCode"] == 303
    assert says(world, packet, WANG, outcome="approve", identity=found["identity_at"])[1]["code"] == "to-be-signed"
    assert signs(world, packet, WANG)[0] == 202
    world.run()
    assert packets.load(packet).reviews[IMPACT].state is ReviewState.APPROVED


def test_while_one_officer_looks_at_a_proposal_another_one_does_not_sign_it(world: World, packet: str) -> None:
    says(world, packet, LI)
    assert taken(world, WANG) == packet
    assert signs(world, packet, SUN)[1]["code"] == "held-by-another"
    assert signs(world, packet, WANG)[0] == 202
    assert signs(world, packet, WANG)[1]["code"] == "answer-sent"


def test_a_proposal_that_was_sent_back_meanwhile_is_not_signed(
    world: World, packet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(world, packet, LI)
    claim = actions.desk.claim

    def sent_back_before(wanted: Any, now: datetime) -> Any:
        seen = packets.load_shown(packet).proposals[IMPACT, 1]
        assert desk.send_back(seen.changed(sent_back=SentBack(officer="孙七", reason="不同意", at=now)))
        return claim(wanted, now)

    with monkeypatch.context() as patch:
        patch.setattr(actions.desk, "claim", sent_back_before)
        assert signs(world, packet, WANG)[1]["code"] == "nothing-to-sign"
    assert world.queues_used["decisions"] == 0
    assert says(world, packet, WANG)[1]["proposed"]  # and the review is free again


def test_what_the_departments_own_system_sends_counts_as_signed(world: World, packet: str) -> None:
    says(world, packet, LI)
    sent = next(t for t in reversed(world.tasks) if t["packet"] == packet)
    world.send("decisions", story.decision(sent, reasons=[], outcome="approve", signed_by="局长"))
    world.run()
    fact = packets.load(packet).decisions[IMPACT, 1]
    assert (fact.officer, fact.signed_by) == ("审查员", "局长")
    assert rows(world, WANG) == []
    assert task(world, packet, WANG)["proposal"] is None


def test_a_signed_decision_that_is_taken_back_is_proposed_anew_and_not_signed_again(
    world: World, packet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within what is one moment to a lease, too: what is proposed after a decision comes after it."""
    monkeypatch.setattr(actions, "_now", lambda: datetime.now(UTC).replace(second=0, microsecond=0))
    says(world, packet, LI, outcome="correct", reasons=[{"slot": None, "text": "请核对"}])
    signs(world, packet, WANG)
    world.run()
    assert says(world, packet, SUN, "retraction", reason="核对过了")[0] == 202
    world.run()
    found = task(world, packet, WANG)
    assert (found["matter"]["state"], found["to_sign"], found["proposal"]) == ("open", False, None)
    assert (found["earlier"][0]["signed_by"], found["earlier"][0]["retracted"]["officer"]) == ("王五", "孙七")
    assert taken(world, WANG) == packet
    assert says(world, packet, WANG, outcome="approve")[1]["proposed"] is True
    assert signs(world, packet, LI)[0] == 202
    world.run()
    assert packets.load(packet).reviews[IMPACT].state is ReviewState.APPROVED
