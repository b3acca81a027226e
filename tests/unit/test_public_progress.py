"""What the holder of a link is shown: progress, and nothing that tells of people, papers or credit."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from kaigong.domain.intake.identity import DOUBTS
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.messages import DecisionReason, Outcome, ProcedureKind
from kaigong.domain.model.packet import ActKind, NoticeKind, Packet
from kaigong.domain.model.supervision import SupervisionEvent, SupervisionFact
from kaigong.domain.model.text import Text
from kaigong.views.next_step import Holder, NextStep
from kaigong.views.progress import INSIDE, PublicProgress, in_general, public_progress
from kaigong.views.states import MatterState, Phase
from kaigong.views.team import PointKind

from .building import CATALOGUE, ENTERPRISE, GAP_DAYS, OFFICE, Case, Chance, chances, credit
from .test_handing_out import HOME, choose, issued
from .test_progress import Journey
from .test_window import do

SOMEBODY = Enterprise(
    name="某某某某实业公司",
    uscc=ENTERPRISE.uscc,
    legal_representative="赵钱孙",
    phone="13800001111",
    address="某市某区某路某号",
)
SITE = Project(name="样例项目", code="2603-411400-04-01-123456", address="某园区某地块")


def shown(case: Case) -> PublicProgress:
    return public_progress(case.packet, case.catalogue, case.now, OFFICE)


def texts(value: Any) -> set[str]:
    """Every text anywhere in a value."""
    match value:
        case dict():
            return set().union(*(texts(v) for v in value.values()))
        case list():
            return set().union(*(texts(v) for v in value))
        case str():
            return {value}
        case _:
            return set()


def hidden_of(packet: Packet) -> set[str]:
    """What must never be shown, as it stands in the packet."""
    found = {packet.packet, "审查员", "user-1", "王工", "按规定组织", "印章不清"}
    for submission in packet.submissions.values():
        enterprise, project = submission.manifest.enterprise, submission.manifest.project
        found |= texts(enterprise.model_dump(mode="json")) | {project.code or "", project.address or ""}
    for slot in packet.uploads.values():
        found |= {slot.key, slot.mark, slot.sha256 or ""}
    for review in packet.reviews.values():
        found |= {review.reply_token, review.review_id}
    if packet.issued:
        found |= {packet.issued.key, packet.issued.sha256}
    return found - {""}


@given(chances)
def test_on_every_journey_the_public_view_leaks_nothing(chance: Chance) -> None:
    journey = Journey(chance)
    case = journey.case
    case.submit = partial(case.submit, enterprise=SOMEBODY, project=SITE)  # type: ignore[method-assign]  # every submission of the journey
    case.decide = _with_words_of_their_own(case)  # type: ignore[method-assign]  # every decision
    for _ in range(chance.between(3, 25)):
        journey.goes_on()
    case.act(ActKind.FIRST_ASKED, officer="王工", department="housing")
    told = shown(case).model_dump_json()
    for secret in hidden_of(case.packet):
        assert secret not in told
    assert set(json.loads(told)["timeline"] or {}) <= {"start", "end", "now", "rows", "marks"}


def _with_words_of_their_own(case: Case) -> Any:
    decide = case.decide

    def decided(matter: str, outcome: Outcome = Outcome.APPROVE, *reasons: DecisionReason) -> None:
        said = tuple(reason.changed(text="印章不清") for reason in reasons)
        decide(matter, outcome, *said, conditions=("印章不清",))

    return decided


def test_the_project_is_named_and_its_owner_is_not() -> None:
    case = Case().accepted("soil", enterprise=SOMEBODY, project=SITE)
    found = shown(case)
    assert found.project == SITE.name
    assert SOMEBODY.name not in found.model_dump_json()


def test_it_says_where_it_is_who_has_it_by_when_and_why() -> None:
    case = Case().accepted("soil", "fire-review")
    case.decide("soil")
    case.advance()
    found = shown(case)
    assert (found.status, found.status_name.zh, found.next.holder) == (
        Phase.IN_REVIEW, "并联审查中", Holder.DEPARTMENTS,
    )  # fmt: skip
    assert found.departments
    assert (found.departments.answered, found.departments.of) == (1, 2)
    assert found.next.by
    assert found.next.clock
    assert "起算" in found.next.clock.zh
    open_one = next(m for m in found.matters if m.state is MatterState.OPEN)
    assert open_one.due
    assert open_one.clock
    assert "个工作日" in open_one.clock.zh


def test_a_rest_is_named_without_the_note_that_the_department_wrote() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", ProcedureKind.EXPERT_REVIEW, note="请张三到场")
    case.advance()
    found = shown(case)
    assert [rest.name.zh for rest in found.matters[0].rests] == ["专家评审"]
    assert "张三" not in found.model_dump_json()


def test_promised_materials_are_told_by_name_and_their_breach_is_not() -> None:
    case = Case(credit=credit()).accepted("soil", promises=["soil-plan"])
    case.decide("soil")
    case.advance()
    case.issue()
    case.advance()
    assert [gap.name for gap in shown(case).gaps] == [CATALOGUE.materials["soil-plan"].name]
    case.now += timedelta(days=3 * GAP_DAYS)
    case.advance()
    assert case.packet.breaches
    told = shown(case)
    assert told.next.overdue
    assert "失信" not in told.model_dump_json()
    assert "breach" not in told.model_dump_json()


def test_a_doubt_about_an_identity_stays_inside() -> None:
    case = Case().accepted("soil")
    doubt = next(iter(DOUBTS))
    case.packet = case.packet.changed(header=case.header.changed(doubts=(doubt,)))
    case.decide("soil")
    case.advance()
    case.issue()
    case.advance()
    told = shown(case)
    assert told.next.holder is Holder.WINDOW
    assert "身份" not in told.model_dump_json()
    assert doubt not in told.model_dump_json()


PUBLIC = {  # notices that tell of the packet's way, and of nobody's credit or identity
    NoticeKind.RETURNED, NoticeKind.ACCEPTED, NoticeKind.CORRECTION, NoticeKind.RESULT, NoticeKind.GAPS_CLOSED,
    NoticeKind.GAPS_STILL_OPEN, NoticeKind.NOT_AWAITED, NoticeKind.CORRECTION_REMINDER, NoticeKind.CORRECTION_LAPSED,
    NoticeKind.GAP_REMINDER, NoticeKind.PROCEDURE, NoticeKind.WITHDRAWN, NoticeKind.REVOKED, NoticeKind.BENEFIT,
    NoticeKind.ON_MANDATE, NoticeKind.MAILED, NoticeKind.HANDED_OUT, NoticeKind.TO_COLLECT, NoticeKind.RETRACTED,
}  # fmt: skip


def test_every_kind_of_notice_is_either_public_or_stays_inside() -> None:
    assert set(NoticeKind) == PUBLIC | INSIDE
    assert not PUBLIC & INSIDE
    assert {NoticeKind.BREACH, NoticeKind.GAP_OVERDUE, NoticeKind.REPAIRABLE} <= INSIDE


def test_how_the_result_is_received_is_told_in_general_words() -> None:
    case = issued()
    said = []
    for way in ({"way": "collect"}, {"way": "mail", "mail_to": HOME}):
        choose(case, **way)
        said.append((shown(case).next.holder, shown(case).next.action.zh))
    do(case, kind="send-by-mail", tracking="EMS 1234567890")
    said.append((shown(case).next.holder, shown(case).next.action.zh))
    assert said == [
        (Holder.APPLICANT, "到综合窗口领取结果文书。"),
        (Holder.WINDOW, "邮寄结果文书并登记送达。"),
        (Holder.WINDOW, "邮寄结果文书并登记送达。"),
    ]


AS_IT_IS = {PointKind.SUBMISSION, PointKind.RECORD, PointKind.VERIFICATION}
IN_GENERAL = {PointKind.GAP: "补齐承诺的材料：图纸。", PointKind.HAND_OUT: "到综合窗口领取结果文书。"}


@pytest.mark.parametrize("kind", list(PointKind))
def test_what_is_said_after_the_result_goes_by_the_point_and_not_by_who_has_it(kind: PointKind) -> None:
    inside = Text(zh="记入失信记录。", en="A breach.")
    step = NextStep(holder=Holder.APPLICANT, holder_name=inside, action=inside, why=inside)
    said = in_general(kind, step, Text(zh="图纸", en="drawings"))
    assert said.zh == (inside.zh if kind in AS_IT_IS else IN_GENERAL.get(kind, "核对登记信息。"))


@pytest.mark.parametrize("packet", [Packet(packet="20260306-nothing")])
def test_a_packet_of_which_little_is_known_is_shown_all_the_same(packet: Packet) -> None:
    case = Case()
    case.packet = packet
    found = shown(case)
    assert (found.status, found.project, found.timeline) == (Phase.DRAFT, None, None)


def test_nothing_moves_once_nobody_has_it() -> None:
    case = Case().accepted("soil")
    assert shown(case).moves
    case.decide("soil")
    case.advance()
    case.issue()
    case.advance()
    assert not shown(case).moves


def test_a_commitment_that_was_found_fulfilled_is_nobodys_and_never_late() -> None:
    case = Case().accepted("land-use", commitments=("land-use",))
    case.issue()
    case.advance()
    assert shown(case).next.holder is Holder.SUPERVISORS
    fact = SupervisionFact(matter="land-use", version=3, event=SupervisionEvent.FULFILLED, at=case.now)
    case._change(supervised={fact.name: fact})
    case.now += timedelta(days=100)
    case.advance()
    found = shown(case)
    assert (found.next.holder, found.next.overdue, found.moves) == (Holder.NOBODY, False, False)
