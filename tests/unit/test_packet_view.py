"""What people are told of a packet, at every stage of its way."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from kaigong.domain.flow.review import rests_for_correction
from kaigong.domain.intake.letter import in_force
from kaigong.domain.model.arrivals import Refusal, RefusalReason
from kaigong.domain.model.catalogue import Calendar, DayOff, Process
from kaigong.domain.model.clock import Due
from kaigong.domain.model.deadline import OwnerKind
from kaigong.domain.model.messages import (
    DecisionReason,
    Outcome,
    ProcedureAction,
    ProcedureKind,
    Replacement,
    RevocationKind,
)
from kaigong.domain.model.packet import ActKind, Packet, ResultCode, Rights
from kaigong.domain.model.signature import SignatureLevel, Signer, Signing
from kaigong.domain.model.standing import OpenGap, ProjectStanding
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.views.ledger import ledger
from kaigong.views.materials import materials
from kaigong.views.matters import MatterStatus
from kaigong.views.next_step import Holder
from kaigong.views.packet import status, summary
from kaigong.views.progress import public_progress
from kaigong.views.states import MatterState, Phase
from kaigong.views.team import OpenPoint, PointKind

from .building import (
    CATALOGUE,
    EMPTY,
    ENTERPRISE,
    MORNING,
    OFFICE,
    OTHER_ENTERPRISE,
    PACKET,
    PROJECT,
    Case,
    Chance,
    a_catalogue,
    a_paper,
    chances,
    credit,
    named,
)
from .test_progress import Journey

VISIT = ProcedureKind.SITE_VISIT
OWNERS = {
    Holder.APPLICANT: OwnerKind.APPLICANT,
    Holder.DEPARTMENTS: OwnerKind.DEPARTMENT,
    Holder.WINDOW: OwnerKind.WINDOW,
    Holder.SYSTEM: OwnerKind.SYSTEM,
    Holder.SUPERVISORS: OwnerKind.SUPERVISOR,
}


def seen(case: Case):
    return status(case.packet, case.catalogue, case.now, OFFICE)


def matter(case: Case, code: str) -> MatterStatus:
    return next(m for m in seen(case).matters if m.matter == code)


def material(case: Case, slot: str):
    return next(m for m in materials(case.packet, case.catalogue, case.now.date()).materials if m.slot == slot)


def refusal(case: Case) -> None:
    text = Text(zh="格式有误。", en="Wrong format.")
    refused = Refusal(
        packet=PACKET, version="m-bad", reasons=(RefusalReason(code="c", where="matters", text=text),), at=case.now
    )
    case.packet = case.packet.changed(refusal=refused)


def decide_all(case: Case, outcome: Outcome = Outcome.APPROVE) -> Case:
    while case.open():
        for code in case.open():
            case.decide(code, outcome)
        case.advance()
    return case


# where it is


def test_uploads_without_a_manifest_are_a_draft_that_its_applicant_submits() -> None:
    case = Case()
    case.upload("form", "drawings")
    found = seen(case)
    assert (found.status, found.next.holder, found.round) == (Phase.DRAFT, Holder.APPLICANT, 0)
    assert found.enterprise is None
    assert found.matters == ()


def test_a_submission_says_how_many_of_its_papers_are_examined() -> None:
    case = Case()
    awaited = [case.announced("form"), case.announced("drawings")]
    case.submit("fire-review", awaits=awaited)
    case.examined(awaited[0])
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.SUBMITTED, Holder.SYSTEM)
    assert found.examination
    assert (found.examination.examined, found.examination.awaited) == (1, 2)
    assert "1 of 2" in found.next.why.en
    assert [m.state for m in found.matters] == [MatterState.APPLIED]


def test_a_refused_manifest_is_shown_with_its_reasons() -> None:
    case = Case()
    refusal(case)
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.REFUSED, Holder.APPLICANT)
    assert found.refusal
    assert [(r.code, r.where) for r in found.refusal.reasons] == [("c", "matters")]


def test_a_good_manifest_after_a_refused_one_ends_the_refusal() -> None:
    case = Case()
    refusal(case)
    case.now += timedelta(minutes=1)
    case.submit("soil")
    found = seen(case)
    assert (found.status, found.refusal) == (Phase.SUBMITTED, None)


def test_a_refused_manifest_does_not_hide_that_departments_are_reviewing() -> None:
    case = Case().accepted("flood")
    refusal(case)
    found = seen(case)
    assert found.status is Phase.IN_REVIEW
    assert found.refusal


def test_a_returned_packet_waits_for_its_applicant_with_every_point_counted() -> None:
    case = Case()
    case.upload("form", facts=EMPTY)
    case.submit("flood", "fire-review")
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.RETURNED, Holder.APPLICANT)
    points = found.notices[-1].items
    assert f"{len(points)} point" in found.next.why.en
    assert {p.slot for p in points} == {"form", "drawings", "fire-plan", "flood-report", "survey"}
    assert [m.state for m in found.matters] == [MatterState.APPLIED] * 2


def test_a_packet_in_review_says_which_departments_have_it_and_by_when() -> None:
    case = Case().accepted("planning", "fire-review", "soil", "permit")
    case.decide("soil")
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.IN_REVIEW, Holder.DEPARTMENTS)
    assert [d.code for d in found.next.departments] == ["resources", "housing"]
    assert found.next.by == min(r.due.at for r in case.packet.reviews.values() if r.decided_at is None)
    assert found.departments
    assert (found.departments.answered, found.departments.of) == (1, 3)
    assert "1 of 3 departments have answered" in found.next.why.en
    assert "3 个部门中 1 个已答复" in found.next.why.zh


def test_a_department_with_a_matter_still_to_be_opened_has_not_answered() -> None:
    case = Case().accepted("planning", "fire-review", "permit")
    case.decide("fire-review")
    case.advance()
    assert matter(case, "permit").state is MatterState.WAITING
    assert [before.code for before in matter(case, "permit").waits_for] == ["planning"]
    found = seen(case)
    assert found.departments
    assert [d.code for d in found.departments.waiting_for] == ["resources", "housing"]


def test_a_review_past_its_time_is_overdue_and_a_decided_one_never_is() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil")
    case.advance()
    case.now += timedelta(days=30)
    assert matter(case, "flood").overdue
    assert not matter(case, "soil").overdue
    assert seen(case).next.overdue


def test_the_nearest_of_several_time_limits_is_the_packets() -> None:
    case = Case().accepted("flood", "permit")
    limits = {m.matter: m.due for m in seen(case).matters}
    assert limits["permit"] < limits["flood"]
    assert seen(case).next.by == limits["permit"]


def test_a_time_limit_that_counts_on_unpublished_holidays_is_marked() -> None:
    case = Case()
    case.now = MORNING.replace(year=2093)
    case.accepted("flood")
    assert not matter(case, "flood").due_certain
    assert not seen(case).next.by_certain


def test_corrections_wait_for_the_applicant_and_are_listed_in_one_notice() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="缺少附图", basis="GB 50433-2018"))
    case.decide("flood")
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.CORRECTING, Holder.APPLICANT)
    assert [(i.matter, i.slot) for i in found.notices[-1].items] == [("soil", "soil-plan")]
    assert "缺少附图" in found.notices[-1].items[0].text.zh
    assert matter(case, "soil").state is MatterState.CORRECTION


def test_a_decided_packet_waits_for_its_document() -> None:
    case = decide_all(Case().accepted("flood"))
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.DECIDED, Holder.SYSTEM)
    assert found.result
    assert (found.result.code, found.result.document) == (ResultCode.APPROVED, None)


def test_an_issued_packet_names_its_document_and_nobody_has_to_act() -> None:
    case = decide_all(Case().accepted("flood"))
    case.issue()
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.ISSUED, Holder.NOBODY)
    assert found.result
    assert found.result.document == f"issued/{PACKET}/joint-result.json"
    assert (matter(case, "flood").code, matter(case, "flood").state) == (ResultCode.APPROVED, MatterState.APPROVED)


def test_why_a_matter_never_opened_is_told_in_either_language() -> None:
    case = Case().accepted("planning", "land-use")
    case.decide("land-use", Outcome.REJECT)
    case.advance()
    found = matter(case, "planning")
    assert found.state is MatterState.UNOPENED
    assert found.not_opened
    assert (found.not_opened.zh, found.not_opened.en) == (
        "前置事项未获批准：《land-use》",
        "A matter it depends on was not approved: land-use",
    )
    assert matter(case, "land-use").not_opened is None


def test_a_withdrawn_packet_is_with_nobody_and_so_are_its_matters() -> None:
    case = Case().accepted("soil", "planning", "land-use")
    case.act(ActKind.WITHDRAW, reason="暂缓")
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder, found.departments) == (Phase.WITHDRAWN, Holder.NOBODY, None)
    assert found.withdrawn_at is not None
    assert {m.state for m in found.matters} == {MatterState.WITHDRAWN}  # also of the matter that was never opened
    assert all(m.waits_for == () and not m.overdue for m in found.matters)


def test_while_a_special_procedure_goes_on_the_department_has_the_matter_and_no_limit_runs() -> None:
    case = Case().accepted("soil")
    case.procedure("soil")
    case.advance()
    case.now += timedelta(days=90)
    found = seen(case)
    assert (matter(case, "soil").state, matter(case, "soil").due) == (MatterState.PAUSED, None)
    assert (found.next.holder, found.next.by, found.next.overdue) == (Holder.DEPARTMENTS, None, False)
    assert found.departments
    assert [d.code for d in found.departments.waiting_for] == ["water"]


def test_an_approval_that_was_taken_back_is_shown_beside_the_result_that_stays() -> None:
    case = decide_all(Case().accepted("soil"))
    case.revoke("soil")
    case.advance()
    assert (matter(case, "soil").state, matter(case, "soil").code) == (MatterState.REVOKED, ResultCode.APPROVED)


def test_doubts_that_stand_and_the_officer_asked_first_are_shown() -> None:
    case = Case().accepted("soil", enterprise=OTHER_ENTERPRISE)
    assert [(d.code, d.name.zh) for d in seen(case).doubts] == [("credit-code-check", "统一社会信用代码的校验位不符")]
    assert seen(case).responsibility.first_asked.owner.kind is OwnerKind.WINDOW
    case.act(ActKind.FIRST_ASKED, officer="李四", department="water")
    case.act(ActKind.OVERRIDE_DOUBT, "credit-code-check", reason="已核对")
    case.advance()
    told = seen(case).responsibility.first_asked
    assert seen(case).doubts == ()
    assert (told.officer, told.owner.department) == ("李四", "water")
    assert told.at is not None
    assert "user-1" not in seen(case).model_dump_json()


def test_an_approval_with_gaps_leaves_the_promised_material_to_the_applicant() -> None:
    case = decide_all(Case().accepted("soil", promises=("soil-plan",)))
    case.issue()
    case.advance()
    found = seen(case)
    assert (found.next.holder, found.next.by) == (Holder.APPLICANT, found.gaps[0].due)
    assert "《soil-plan》" in found.next.action.zh
    assert found.gaps[0].open
    assert not found.gaps[0].overdue
    case.now += timedelta(days=60)
    assert seen(case).gaps[0].overdue
    assert seen(case).next.overdue
    case.upload("soil-plan")
    case.advance()
    after = seen(case)
    assert after.next.holder is Holder.NOBODY
    assert (after.gaps[0].open, after.gaps[0].overdue) == (False, False)


def test_a_refused_matter_closes_those_behind_it_which_have_no_time_limit() -> None:
    case = Case().accepted("planning", "fire-review", "permit")
    case.decide("planning", Outcome.REJECT, DecisionReason(text="不符合规划", basis="城乡规划法 §40"))
    case.decide("fire-review")
    case.advance()
    case.now += timedelta(days=30)
    permit = matter(case, "permit")
    assert (permit.state, permit.due, permit.overdue) == (MatterState.UNOPENED, None, False)
    assert [r.text for r in matter(case, "planning").reasons] == ["不符合规划"]
    assert matter(case, "permit").code is ResultCode.NOT_APPROVED


def test_a_commitment_is_shown_by_its_matter() -> None:
    case = Case().accepted("land-use", commitments=("land-use",))
    assert [(c.matter, c.name.en) for c in seen(case).commitments] == [("land-use", "land-use")]


def test_an_entry_that_has_left_the_catalogue_is_shown_by_its_code() -> None:
    case = decide_all(Case().accepted("flood", "soil"))
    smaller = CATALOGUE.changed(
        matters={c: m for c, m in CATALOGUE.matters.items() if c != "flood"},
        materials={c: m for c, m in CATALOGUE.materials.items() if c != "survey"},
    )
    found = status(case.packet, smaller, case.now, OFFICE)
    assert {m.matter: m.name.zh for m in found.matters} == {"flood": "flood", "soil": "《soil》"}
    assert "survey" in {m.slot for m in materials(case.packet, smaller, case.now.date()).materials}


def test_a_list_entry_is_made_of_the_header_alone() -> None:
    case = Case().accepted("flood")
    found = summary(case.header, case.catalogue)
    assert (found.packet, found.status, found.enterprise.uscc) == (PACKET, "in-review", ENTERPRISE.uscc)


# each matter: its code, its clock, what rules said


def codes(case: Case) -> dict[str, str]:
    return {m.matter: m.national.code.value for m in seen(case).matters}


def test_a_matter_has_its_code_of_the_national_standard_at_every_stage() -> None:
    case = Case()
    case.upload("form")
    case.submit("soil", "permit", "planning")
    assert set(codes(case).values()) == {"1"}
    case.advance()
    assert set(codes(case).values()) == {"6"}  # returned
    case.accepted("planning", "permit", "soil", promises=("wage-security",))
    assert codes(case) == {"planning": "8", "permit": "3", "soil": "8"}
    case.procedure("soil")
    case.decide("planning", Outcome.CORRECT)
    case.advance()
    assert codes(case) == {"planning": "6", "permit": "3", "soil": "9"}
    case.decide("soil", Outcome.REJECT)
    case.advance()
    case.submit("planning", "permit", "soil")
    case.upload("drawings")
    case.submit("planning", "permit", "soil", at=case.now + timedelta(seconds=1))
    case.advance()
    decide_all(case)
    assert codes(case) == {"planning": "11", "permit": "12", "soil": "13"}
    assert matter(case, "permit").national.name.zh == "办结（容缺通过）"


@pytest.mark.parametrize(
    ("kind", "code", "state"),
    [(RevocationKind.RECALL, "14", MatterState.RECALLED), (RevocationKind.REVOKE, "15", MatterState.REVOKED)],
)
def test_what_was_taken_back_has_its_own_code_and_reasons_and_the_result_keeps_the_first(
    kind: RevocationKind, code: str, state: MatterState
) -> None:
    case = decide_all(Case().accepted("soil", "flood"))
    case.revoke("soil", kind)
    case.advance()
    soil = matter(case, "soil")
    assert (soil.national.code, soil.state, soil.code) == (code, state, ResultCode.APPROVED)
    assert [(r.text, r.basis) for r in soil.reasons] == [("承诺不实", "行政许可法 §69")]
    before = seen(decide_all(Case().accepted("soil", "flood"))).result
    assert before is not None
    assert seen(case).result == before.changed(outcome=names.SOME_STAND)
    assert matter(case, "flood").national.code == "11"


def test_a_limit_that_rests_is_told_with_its_reason_and_never_late() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", ProcedureKind.HEARING, note="依申请举行听证")
    case.procedure("soil", ProcedureKind.TEST, number=2)
    case.advance()
    soil = matter(case, "soil")
    assert [(r.kind, r.name.zh, r.note) for r in soil.rests] == [
        ("hearing", "听证", "依申请举行听证"),
        ("test", "检验、检测、鉴定", "按规定组织"),
    ]
    assert soil.clock
    assert soil.clock.zh == "自2026年3月6日09:31起因听证、检验、检测、鉴定暂停计算办理时限，结束后继续计算。"
    assert soil.clock.en == (
        "The time limit has been paused since 6 March 2026, 09:31 (hearing, test or appraisal) and will resume "
        "afterwards."
    )
    case.now += timedelta(days=60)
    assert (matter(case, "soil").due, matter(case, "soil").overdue) == (None, False)
    assert "审查员" not in seen(case).model_dump_json()


def test_a_correction_rests_too_until_it_is_handed_in() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    assert matter(case, "soil").rests == ()  # nobody could correct anything yet
    case.decide("flood")
    case.advance()
    soil = matter(case, "soil")
    assert [(r.kind, r.name.en, r.note) for r in soil.rests] == [("correction", "correction", None)]
    assert (soil.due, soil.overdue) == (None, False)
    case.now += timedelta(days=3)
    case.upload("soil-plan")
    case.submit("soil", "flood")
    case.advance()
    soil = matter(case, "soil")
    assert (soil.rests, soil.due) == ((), case.packet.reviews["soil"].due.at)
    assert soil.clock
    assert "（补正，3月6日—9日）" in soil.clock.zh


def test_a_site_visit_that_a_department_asked_for_twice_is_one_rest() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", VISIT)
    case.procedure("soil", VISIT, number=2)
    case.advance()
    assert [r.kind for r in matter(case, "soil").rests] == ["site-visit"]


def test_a_running_and_an_ended_limit_say_how_they_come_about() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil")
    case.advance()
    for found in (matter(case, "soil"), matter(case, "flood")):
        assert found.due
        assert found.clock
        assert found.clock.zh.startswith("自2026年3月6日（周五）起算，当日不计；3个工作日；其间不计：3月7日—8日周末；")
        assert found.clock.zh.endswith(f"至2026年3月{found.due.day}日（周三）17:30截止。")


def test_a_date_that_was_told_stands_when_the_calendar_changes_and_its_sum_is_no_longer_told() -> None:
    case = Case().accepted("soil")
    closed = DayOff(day=date(2026, 3, 9), worked=False, name=named("flood"))
    office = OFFICE.changed(calendar=Calendar(days=(closed,)))
    (soil,) = status(case.packet, case.catalogue, case.now, office).matters
    assert (soil.due, soil.clock) == (case.packet.reviews["soil"].due.at, None)


def test_a_decision_during_a_special_procedure_is_not_late_by_the_time_that_it_took() -> None:
    case = Case().accepted("soil")
    first = case.packet.reviews["soil"].due.at
    case.procedure("soil")
    case.advance()
    case.now += timedelta(days=60)
    case.decide("soil")
    case.advance()
    soil = matter(case, "soil")
    assert soil.due
    assert soil.decided_at
    assert first < soil.decided_at < soil.due
    assert soil.clock
    assert "专家评审" in soil.clock.zh


def test_what_rules_decided_says_which_held_and_not_what_they_looked_at() -> None:
    case = Case().accepted("land-use", "soil", commitments=("land-use",))
    found = matter(case, "land-use")
    assert (found.by_rules, found.state, found.clock) == (True, MatterState.APPROVED, None)
    assert [(r.rule, r.holds) for r in found.rules] == [("commitment-accepted", True)]
    assert "已接受现行告知承诺书" in found.rules[0].text.zh
    assert not matter(case, "soil").by_rules
    told = found.model_dump_json()
    inputs = case.packet.reviews["land-use"].rules[0].inputs
    assert inputs["letter"]
    assert all(value not in told for value in inputs.values() if value not in ("", "manifest"))


def test_a_rule_that_does_not_hold_says_why_a_department_decides() -> None:
    case = Case().accepted("land-use", commitments=("land-use",), enterprise=OTHER_ENTERPRISE)
    found = matter(case, "land-use")
    assert (found.by_rules, found.state) == (False, MatterState.OPEN)
    assert [r.holds for r in found.rules] == [False]
    assert "疑点" in found.rules[0].text.zh


def test_a_commitment_that_a_department_has_to_decide_holds_up_what_is_behind_it() -> None:
    case = Case().accepted("land-use", "planning", commitments=("land-use",), enterprise=OTHER_ENTERPRISE)
    assert [before.code for before in matter(case, "planning").waits_for] == ["land-use"]


@given(chances)
def test_whatever_happens_a_limit_has_its_sum_or_rests_or_there_is_none(chance: Chance) -> None:
    journey = Journey(chance)
    for _ in range(chance.between(5, 30)):
        journey.goes_on()
        for m in seen(journey.case).matters:
            review = journey.case.packet.reviews.get(m.matter)
            told = review is not None and rests_for_correction(review)  # a limit runs until its correction is told
            rests = m.state is MatterState.PAUSED or (m.state is MatterState.CORRECTION and told)
            limited = review is not None and m.state not in (MatterState.UNOPENED, MatterState.WITHDRAWN)
            assert bool(m.rests) == rests
            assert (m.due is not None) == (limited and not rests)
            assert (m.clock is not None) == (limited and not m.by_rules)
            if m.clock and m.due:
                local = m.due.astimezone(OFFICE.zone)
                assert f"至{local.year}年{local.month}月{local.day}日" in m.clock.zh
            assert not (m.overdue and rests)


# the packet: why, who answers for it, how long it takes, what was promised


def test_the_channel_says_why_and_what_it_opens() -> None:
    case = Case(credit=credit("AAA")).accepted("soil", process="industrial")
    found = seen(case)
    assert found.why
    assert "AAA" in found.why.zh
    assert ("priority", "优先办理") in [(p.code, p.name.zh) for p in found.privileges]


def test_a_privilege_that_is_no_more_is_shown_by_its_code() -> None:
    case = Case().accepted("soil")
    case.packet = case.packet.changed(
        header=case.header.changed(doubts=("old",)),
        rights=Rights(routes={}, why=Text(zh="从前", en="then"), privileges=("carriage",)),
    )
    found = seen(case)
    assert [(n.code, n.name.zh) for n in (*found.privileges, *found.doubts)] == [
        ("carriage", "carriage"),
        ("old", "old"),
    ]


def test_everything_open_is_told_with_its_owner_and_date() -> None:
    case = Case().accepted("soil", promises=("soil-plan",))
    who = seen(case).responsibility
    assert [(p.kind, p.subject, p.owner.kind, p.by) for p in who.points] == [
        (PointKind.REVIEW, "soil", OwnerKind.DEPARTMENT, case.packet.reviews["soil"].due.at),
        (PointKind.GAP, "soil-plan", OwnerKind.APPLICANT, case.packet.gaps["soil-plan"].due.at),
    ]
    assert [m.department for m in who.team.services] == ["water"]


def test_the_plan_says_what_parallel_review_saves_and_counts_no_day_for_what_rules_decide() -> None:
    case = Case()
    assert seen(case).plan is None
    case.accepted("land-use", "planning", "fire-review", "permit", commitments=("land-use",))
    found = seen(case).plan
    assert found
    assert found.waves == (("land-use", "fire-review"), ("planning",), ("permit",))
    assert (found.days["land-use"], found.serial_days, found.parallel_days) == (0, 7, 4)
    doubtful = Case().accepted("land-use", commitments=("land-use",), enterprise=OTHER_ENTERPRISE)
    assert seen(doubtful).plan.days == {"land-use": 3}  # a department has to decide it


def test_a_joint_site_visit_is_told_with_all_who_take_part() -> None:
    case = Case().accepted("soil", "permit")
    on = MORNING + timedelta(days=4)
    case.procedure("soil", VISIT)
    case.procedure("permit", VISIT, appointment=on)
    case.advance()
    (visit,) = seen(case).visits
    assert (visit.matters, [d.code for d in visit.departments]) == (("permit", "soil"), ["housing", "water"])
    assert (visit.appointment, visit.held_at, visit.findings) == (on, None, ())
    case.now = on
    case.procedure("soil", VISIT, ProcedureAction.END, note="挡墙未建")
    case.advance()
    (visit,) = seen(case).visits
    assert (visit.held_at, [part.matter.code for part in visit.awaited]) == (None, ["permit"])
    assert visit.report_by == on.replace(hour=17, minute=30) + timedelta(days=2)
    assert [(f.matter.code, f.department.code, f.text) for f in visit.findings] == [("soil", "water", "挡墙未建")]
    case.procedure("permit", VISIT, ProcedureAction.END, note="与图纸一致")
    case.advance()
    (visit,) = seen(case).visits
    assert (visit.held_at is None, visit.awaited) == (False, ())
    assert [f.text for f in visit.findings] == ["挡墙未建", "与图纸一致"]


def accepted_electronically() -> Case:
    held = in_force(CATALOGUE.matters["land-use"], CATALOGUE, ENTERPRISE, PROJECT)
    assert held
    letter = {"matter": "land-use", "version": held.version, "sha256": held.sha256, "by": "签署人张三", "at": MORNING}
    return Case().accepted("land-use", commitments=("land-use",), letters=[letter])


def test_a_commitment_is_told_with_its_text_and_by_whom_and_how_it_was_accepted() -> None:
    case = accepted_electronically()
    (found,) = seen(case).commitments
    kept = case.packet.commitments["land-use"]
    assert (found.version, found.sha256, found.signing) == (kept.version, kept.sha256, Signing.ELECTRONIC)
    assert (found.signer, found.level) == (Signer(name="签署人张三"), SignatureLevel.STATED)


def test_a_commitment_that_was_not_verified_in_time_says_so_until_its_approval_is_taken_back() -> None:
    case = accepted_electronically()
    due = case.packet.commitments["land-use"].verify_by
    assert due
    assert [(c.verify_by, c.verify_overdue) for c in seen(case).commitments] == [(due.at, False)]
    case.now = due.at + timedelta(minutes=1)
    assert [c.verify_overdue for c in seen(case).commitments] == [True]
    case.revoke("land-use")
    case.advance()
    assert [c.verify_overdue for c in seen(case).commitments] == [False]


def of_gap(case: Case) -> OpenPoint:
    """The open point of the promised paper."""
    return next(point for point in seen(case).responsibility.points if point.kind is PointKind.GAP)


def test_what_may_have_come_in_time_is_not_told_as_overdue_yet() -> None:
    case = decide_all(Case().accepted("soil", promises=("soil-plan",)))
    case.issue()
    case.now = case.packet.gaps["soil-plan"].due.at + timedelta(minutes=10)
    assert not seen(case).gaps[0].overdue
    assert not of_gap(case).overdue
    case.advance()
    assert seen(case).gaps[0].overdue
    assert of_gap(case).overdue


def test_a_late_promise_is_told_as_a_breach_with_the_day_of_its_repair() -> None:
    case = decide_all(Case().accepted("soil", promises=("soil-plan",)))
    (gap,) = seen(case).gaps
    assert (gap.reminders, gap.breach, gap.overdue_at, gap.repairable_from) == (0, False, None, None)
    case.issue()
    case.now = case.packet.gaps["soil-plan"].due.at - timedelta(hours=1)
    case.advance()
    assert seen(case).gaps[0].reminders == 2
    case.now += timedelta(days=2)
    assert seen(case).next.why.zh == "容缺材料已逾期，按失信处理；请立即补交。"
    case.advance()
    (gap,) = seen(case).gaps
    assert (gap.overdue, gap.breach, gap.overdue_at) == (True, True, case.now)
    assert gap.repairable_from == case.packet.breaches["soil-plan"].repairable_from
    step = seen(case).next
    assert (step.holder, step.overdue) == (Holder.APPLICANT, True)
    assert "已记入失信记录" in step.why.zh
    assert "2026年7月4日起可申请信用修复" in step.why.zh
    case.upload("soil-plan")
    case.advance()
    assert [(g.overdue, g.breach) for g in seen(case).gaps] == [(False, True)]


def test_a_promise_of_a_withdrawn_packet_is_never_late() -> None:
    case = Case().accepted("soil", promises=("soil-plan",))
    case.act(ActKind.WITHDRAW)
    case.advance()
    case.now += timedelta(days=200)
    assert [(g.open, g.owed, g.overdue) for g in seen(case).gaps] == [(True, False, False)]


def withdrawn_with(matter: str, **more: Any) -> Case:
    """Withdrawn after one matter was approved."""
    case = Case().accepted(matter, "flood", **more)
    case.decide(matter)
    case.advance()
    case.act(ActKind.WITHDRAW)
    case.advance()
    return case


def test_of_a_withdrawn_packet_what_is_owed_for_an_approval_is_the_applicants() -> None:
    case = withdrawn_with("soil", promises=("soil-plan",))
    step, due = seen(case).next, case.packet.gaps["soil-plan"].due.at
    assert (step.holder, step.by, step.overdue) == (Holder.APPLICANT, due, False)
    assert "《soil-plan》" in step.action.zh
    assert step.why.zh == "申请人已撤回申请。已批准的事项有效。为已批准的事项承诺的材料仍须补齐，逾期按失信处理。"
    assert [(g.open, g.owed, g.overdue) for g in seen(case).gaps] == [(True, True, False)]
    assert [p.kind for p in seen(case).responsibility.points] == [PointKind.GAP]
    case.now += timedelta(days=200)
    case.advance()
    assert "已记入失信记录" in seen(case).next.why.zh
    public = public_progress(case.packet, CATALOGUE, case.now, OFFICE)
    assert "失信" not in public.next.why.zh + public.next.action.zh
    assert (public.next.holder, public.moves) == (Holder.APPLICANT, True)
    case.upload("soil-plan")
    case.advance()
    assert seen(case).next.holder is Holder.NOBODY


def test_of_a_withdrawn_packet_what_was_committed_to_is_the_supervisors_to_verify() -> None:
    case = withdrawn_with("land-use", commitments=("land-use",))
    step = seen(case).next
    assert (step.holder, step.by) == (Holder.SUPERVISORS, seen(case).commitments[0].verify_by)
    assert step.why.zh.startswith("申请人已撤回申请。已批准的事项有效。")


def test_a_result_in_part_says_so_and_what_can_be_done() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil", Outcome.REJECT)
    case.decide("flood")
    case.advance()
    case.issue()
    case.advance()
    found = seen(case)
    assert found.result
    assert (found.result.partial, found.result.outcome.zh) == (True, "办结（部分事项通过）")
    assert found.next.holder is Holder.NOBODY
    assert "已批准的事项有效。" in found.next.action.zh
    assert "行政复议" in found.next.action.zh


# who has it next


@given(chances)
def test_whoever_has_the_next_step_owns_an_open_point_and_nobody_has_it_where_nothing_is_open(
    chance: Chance,
) -> None:
    journey = Journey(chance)
    for _ in range(chance.between(5, 30)):
        journey.goes_on()
        if chance.between(0, 9) == 0:
            refusal(journey.case)
        if not journey.case.packet.is_there:
            continue
        found = seen(journey.case)
        points, step = found.responsibility.points, found.next
        assert (step.holder is Holder.NOBODY) == (not points)
        held = [p for p in points if p.owner.kind is OWNERS.get(step.holder)]
        assert held or not points
        assert {d.code for d in step.departments} <= {p.owner.department for p in held}
        assert step.by is None or step.by in {p.by for p in held}
        assert not step.overdue or any(p.overdue for p in held)


def test_a_correction_of_a_refused_manifest_waits_for_its_applicant_beside_the_one_that_is_examined() -> None:
    case = Case()
    case.submit("soil", awaits=[case.announced("form")])
    case.now += timedelta(minutes=1)
    refusal(case)
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.REFUSED, Holder.APPLICANT)
    assert [p.kind for p in found.responsibility.points] == [PointKind.SUBMISSION, PointKind.REFUSED]


def test_while_everything_rests_the_departments_hold_what_is_called_for_by_its_date() -> None:
    case = Case().accepted("soil", "flood")
    on = MORNING + timedelta(days=4)
    case.procedure("soil", VISIT, appointment=on)
    case.procedure("flood", ProcedureKind.EXPERT_REVIEW)
    case.advance()
    step = seen(case).next
    assert (step.holder, [d.code for d in step.departments], step.by) == (Holder.DEPARTMENTS, ["water"], on)
    assert step.action.zh == "进行联合踏勘、专家评审，结束后继续审查。"
    assert step.why.zh.startswith("2 个事项的办理时限暂停计算。")


def test_while_a_site_visit_has_no_date_the_window_has_it() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", VISIT)
    case.advance()
    step = seen(case).next
    assert (step.holder, step.holder_name.zh, step.by) == (Holder.WINDOW, "综合窗口", None)
    assert "约定联合踏勘时间" in step.action.zh


def test_the_reviews_that_go_on_come_before_those_that_rest() -> None:
    case = Case().accepted("soil", "permit")
    case.procedure("soil", ProcedureKind.HEARING, appointment=MORNING + timedelta(hours=1))
    case.advance()
    step = seen(case).next
    assert ([d.code for d in step.departments], step.by) == (["housing"], case.packet.reviews["permit"].due.at)
    assert "1 个事项的办理时限暂停计算。" in step.why.zh


def test_a_promise_that_is_late_during_the_review_is_told_beside_the_departments() -> None:
    case = Case().accepted("soil", promises=("soil-plan",))
    case.now += timedelta(days=60)
    case.advance()
    step = seen(case).next
    assert step.holder is Holder.DEPARTMENTS
    assert "申请人另有 1 份容缺材料逾期，请立即补交。" in step.why.zh


def test_what_departments_said_and_nobody_acted_on_is_the_systems() -> None:
    case = Case().accepted("soil")
    case.decide("soil")
    assert seen(case).next.holder is Holder.SYSTEM


def test_a_packet_that_rules_decided_entirely_says_so() -> None:
    case = Case().accepted("land-use", commitments=("land-use",))
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.DECIDED, Holder.SYSTEM)
    assert found.next.why.zh == "全部 1 个事项均符合规则，当场作出决定。"
    case.issue()
    case.advance()
    step = seen(case).next
    assert (step.holder, [d.code for d in step.departments]) == (Holder.SUPERVISORS, ["resources"])
    assert step.by == seen(case).commitments[0].verify_by
    assert "承诺不实的，撤销批准" in step.why.zh


def test_a_doubt_that_nobody_settled_is_the_windows_after_the_result() -> None:
    case = decide_all(Case().accepted("soil", enterprise=OTHER_ENTERPRISE))
    case.issue()
    case.advance()
    step = seen(case).next
    assert (step.holder, step.departments) == (Holder.WINDOW, ())
    assert "尚有 1 处疑点待核实" in step.why.zh


def test_after_an_approval_was_taken_back_the_applicant_is_told_what_can_be_done() -> None:
    case = decide_all(Case().accepted("soil", "flood"))
    case.issue()
    case.advance()
    case.revoke("soil")
    case.advance()
    step = seen(case).next
    assert step.holder is Holder.NOBODY
    assert "“《soil》”的批准已撤销。" in step.why.zh
    assert "行政复议" in step.why.zh
    assert "另用新的材料包编号申报" in step.action.zh
    assert "soil (revoked)" in step.why.en


@pytest.mark.parametrize("with_form", [True, False])
def test_joint_acceptance_that_the_projects_gaps_bar_says_to_close_them_first(with_form: bool) -> None:
    process = Process(code="final", name=named("final"), matters=("soil",), joint_acceptance=True)
    case = Case(CATALOGUE.changed(processes={**CATALOGUE.processes, "final": process}))
    due = Due(at=MORNING + timedelta(days=9))
    gap = OpenGap(packet="20260101-0001", uscc=ENTERPRISE.uscc, slot="fire-plan", due=due)
    case.project = ProjectStanding(open_gaps=(gap,))
    case.upload("soil-plan", *(["form"] if with_form else []))
    case.submit("soil", process="final", project=PROJECT.changed(code="2603-411402-04-01-123456"))
    case.advance()
    step = seen(case).next
    assert step.holder is Holder.APPLICANT
    assert step.action.zh == (
        "先在通知书所列的材料包中补齐本项目的容缺材料"
        + ("" if with_form else "，并补正其他各项")
        + "，再重新上传 manifest.json 申请联合验收。"
    )
    assert "本项目尚有 1 份容缺材料未补齐" in step.why.zh


def test_a_submission_to_a_withdrawn_packet_is_the_systems_to_answer() -> None:
    case = Case().accepted("soil")
    case.act(ActKind.WITHDRAW)
    case.advance()
    case.submit("soil")
    assert (seen(case).status, seen(case).next.holder) == (Phase.WITHDRAWN, Holder.SYSTEM)
    case.advance()
    assert seen(case).next.holder is Holder.NOBODY


# whose it is


def test_a_packet_belongs_to_the_enterprise_that_it_was_first_taken_from() -> None:
    case = Case()
    case.submit("flood")
    case.advance()
    case.now += timedelta(minutes=1)
    case.submit("flood", enterprise=OTHER_ENTERPRISE)
    assert case.packet.applicant == ENTERPRISE


def test_before_anything_is_taken_the_newest_manifest_says_whose_packet_it_is() -> None:
    case = Case()
    case.submit("flood", enterprise=OTHER_ENTERPRISE)
    case.submit("flood", at=case.now + timedelta(seconds=1))
    assert case.packet.applicant == ENTERPRISE


# the materials


def test_a_material_is_listed_once_with_all_the_matters_that_ask_for_it() -> None:
    case = Case().accepted("planning", "fire-review")
    codes = [m.slot for m in materials(case.packet, case.catalogue, case.now.date()).materials]
    assert codes == ["form", "drawings", "fire-plan"]
    assert [(a.matter, a.main) for a in material(case, "drawings").needed_by] == [
        ("planning", True),
        ("fire-review", True),
    ]
    assert material(case, "drawings").main
    assert not material(case, "fire-plan").main


def test_a_deficient_upload_says_why_and_is_not_the_one_under_review() -> None:
    case = Case().accepted("flood")
    case.upload("flood-report", facts=EMPTY)
    found = material(case, "flood-report")
    assert found.verdict == "deficient"
    assert [r.code for r in found.reasons] == ["empty"]
    assert found.uploaded
    assert not found.uploaded.reviewed
    assert material(case, "survey").uploaded
    assert material(case, "survey").uploaded.reviewed


@pytest.mark.parametrize(
    ("matters", "slot", "options", "replaced_by"),
    [
        (("soil",), "soil-plan", {"promises": ("soil-plan",)}, Replacement.GAP),
        (("land-use",), "licence", {}, Replacement.SHARED),
        (("planning",), "drawings", {"commitments": ("planning",)}, Replacement.COMMITMENT),
    ],
)
def test_what_was_not_handed_in_is_shown_with_what_stands_in_its_place(
    matters: tuple[str, ...], slot: str, options: dict[str, tuple[str, ...]], replaced_by: Replacement
) -> None:
    case = Case()
    case.upload(*{"form", "land-contract", "site-photo", "drawings"} - {slot})
    case.submit(*matters, **options)
    case.advance()
    found = material(case, slot)
    assert (found.uploaded, found.replaced_by) == (None, replaced_by)
    assert (found.due is not None) is (replaced_by is Replacement.GAP)


def test_a_paper_that_one_matter_still_needs_is_not_replaced_by_the_commitment_of_another() -> None:
    case = Case()
    case.submit("planning", "fire-review", commitments=("planning",))
    case.advance()
    assert material(case, "drawings").replaced_by is None


# the ledger


def test_a_ledger_that_holds_says_so() -> None:
    case = decide_all(Case().accepted("flood"))
    found = ledger(case.packet, case.entries)
    assert (found.holds, found.first_break, len(found.entries)) == (True, None, case.header.ledger_seq)


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_a_changed_removed_or_cut_off_entry_is_found(broken: int) -> None:
    case = decide_all(Case().accepted("soil", promises=("soil-plan",)))
    case.upload("soil-plan")
    case.advance()
    entries = case.entries
    assert len(entries) == 3
    other = [*entries]
    other[broken - 1] = other[broken - 1].changed(events=({"event": "forged"},))
    assert ledger(case.packet, other).first_break == broken
    assert ledger(case.packet, entries[: broken - 1] + entries[broken:]).first_break == broken
    assert ledger(case.packet, entries[: broken - 1]).first_break == broken


def test_a_ledger_rewritten_from_end_to_end_is_found_by_the_packets_own_note() -> None:
    case, other = decide_all(Case().accepted("flood")), decide_all(Case().accepted("soil"))
    found = ledger(case.packet, other.entries)
    assert (found.holds, found.first_break) == (False, case.header.ledger_seq)


def test_entries_added_since_the_packet_was_read_break_nothing() -> None:
    case = Case().accepted("flood")
    before: Packet = case.packet
    decide_all(case)
    assert ledger(before, case.entries).holds


# what is never told


@given(chances)
def test_whatever_happens_neither_token_nor_officer_nor_phone_is_told(chance: Chance) -> None:
    catalogue = a_catalogue(chance)
    case = Case(catalogue)
    secret = ENTERPRISE.changed(legal_representative="秘密法人", phone="0370-7654321")
    for slot in chance.some(catalogue.materials):
        case.upload(slot, facts=a_paper(chance))
    case.submit(*catalogue.matters, process="process", enterprise=secret)
    case.advance()
    if case.header.accepted_at is None:
        case.upload(*catalogue.materials)
        case.submit(*catalogue.matters, process="process", enterprise=secret)
        case.advance()
    for _ in range(3):
        for code in case.open():
            case.decide(code, chance.of(Outcome))
        case.advance()
    told = seen(case).model_dump_json() + materials(case.packet, catalogue, case.now.date()).model_dump_json()
    tokens = {review.reply_token for review in case.packet.reviews.values()} - {"-"}
    assert tokens
    for hidden in (*tokens, "审查员", "秘密法人", "0370-7654321"):
        assert hidden not in told


def test_a_folder_that_may_still_grow_says_what_it_waits_for() -> None:
    case = Case()
    case.upload("form")
    case.submit("soil", whole_folder=True)
    assert "等待其余文件" in seen(case).next.why.zh
    assert seen(case).next.holder is Holder.SYSTEM
