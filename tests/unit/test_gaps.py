"""Promised papers over time: reminded, closed, or overdue and so a breach; and what they bar."""

from datetime import datetime, timedelta

import pytest
from kaigong.domain import words
from kaigong.domain.flow import delivery
from kaigong.domain.model.clock import Due
from kaigong.domain.model.deadline import DeadlineKind
from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.packet import ActKind, NoticeKind, Status
from kaigong.domain.model.standing import OpenGap, ProjectStanding
from kaigong.domain.words import clock

from .building import CATALOGUE, EMPTY, ENTERPRISE, OTHER_ENTERPRISE, PACKET, SHANGHAI, Case, material

DUE = datetime(2026, 4, 3, 17, 30, tzinfo=SHANGHAI)  # 20 working days after Friday, 6 March


def promised() -> Case:
    return Case().accepted("soil", "fire-review", promises=["soil-plan", "fire-plan"])


def test_the_applicant_is_reminded_on_the_days_set_and_only_once_each() -> None:
    case = promised()
    seen = []
    while case.header.wake_at and not case.notices(NoticeKind.GAP_OVERDUE):
        case.now = max(case.header.wake_at, case.now)
        case.advance()
        seen.append((case.now.date().isoformat(), len(case.notices(NoticeKind.GAP_REMINDER))))
        assert case.advance() is None or case.notices(NoticeKind.GAP_OVERDUE)
    days = {notice.at.date().isoformat() for notice in case.notices(NoticeKind.GAP_REMINDER)}
    assert days == {"2026-03-27", "2026-04-02"}  # 5 working days and 1 before Friday, 3 April
    assert {i.slot for i in case.notices(NoticeKind.GAP_REMINDER)[0].items} == {"soil-plan", "fire-plan"}


def test_reminders_that_were_missed_make_one() -> None:
    case = promised()
    case.now = DUE - timedelta(minutes=30)
    case.advance()
    assert len(case.notices(NoticeKind.GAP_REMINDER)) == 1
    assert case.advance() is None


def test_a_promise_that_is_not_kept_is_a_breach_on_record_and_the_material_is_still_owed() -> None:
    case = promised()
    case.upload("fire-plan")
    case.now = DUE + timedelta(hours=1)
    case.advance()
    assert set(case.packet.breaches) == {"soil-plan"}
    breach = case.packet.breaches["soil-plan"]
    assert (breach.packet, breach.repairable_from - breach.at) == (PACKET, timedelta(days=90))
    [notice] = case.notices(NoticeKind.GAP_OVERDUE)
    assert notice.departments == ("water",)
    assert "可以撤销许可" in notice.items[0].text.zh
    assert clock.day(breach.repairable_from.astimezone(SHANGHAI)).en in notice.items[0].text.en
    assert case.packet.gaps["soil-plan"].open
    assert case.header.late_since == min(case.packet.reviews[m].due.at for m in ("soil", "fire-review"))
    assert case.advance() is None
    case.upload("soil-plan")
    case.advance()
    assert not case.packet.gaps["soil-plan"].open
    assert case.packet.breaches == {"soil-plan": breach}  # what happened stays on record


def photographed() -> Case:
    """A paper of several photos was promised; the last quarter of its last hour begins."""
    case = Case(CATALOGUE.changed(materials=CATALOGUE.materials | {"soil-plan": material("soil-plan", max_files=3)}))
    case.accepted("soil", promises=["soil-plan"])
    case.now = DUE - timedelta(minutes=15)
    case.advance()
    return case


def looked_at(case: Case, at: datetime) -> None:
    case.now = at - timedelta(minutes=1)
    case.advance()
    assert case.now == at


@pytest.mark.parametrize("more", [None, DUE + timedelta(minutes=3)], ids=["alone", "with another one later"])
def test_what_came_in_time_and_waits_for_more_files_did_not_lapse(more: datetime | None) -> None:
    case = photographed()
    case.now = DUE - timedelta(minutes=2)
    case.upload("soil-plan", name="1.jpg")
    looked_at(case, DUE + timedelta(minutes=1))
    if more:
        case.now = more
        case.upload("soil-plan", name="2.jpg")
        looked_at(case, DUE + timedelta(minutes=6))
    assert case.packet.gaps["soil-plan"].open
    looked_at(case, DUE + timedelta(minutes=9))
    assert not case.packet.gaps["soil-plan"].open
    assert (case.packet.breaches, case.packet.gaps["soil-plan"].overdue_at) == ({}, None)
    assert not case.notices(NoticeKind.GAP_OVERDUE)


def test_what_came_in_time_and_cannot_be_used_lapses_once_it_was_looked_at() -> None:
    case = photographed()
    case.now = DUE - timedelta(minutes=1)
    case.upload("soil-plan", name="1.jpg", facts=EMPTY)
    looked_at(case, DUE + timedelta(minutes=3))
    assert case.packet.breaches == {}
    looked_at(case, DUE + timedelta(minutes=6))
    assert case.notices(NoticeKind.GAPS_STILL_OPEN)
    assert set(case.packet.breaches) == {"soil-plan"}


def test_what_comes_too_late_lapses_while_it_waits_for_more_files() -> None:
    case = photographed()
    case.now = DUE + timedelta(minutes=4)
    case.upload("soil-plan", name="1.jpg")
    looked_at(case, DUE + timedelta(minutes=6))
    assert case.packet.gaps["soil-plan"].open
    assert set(case.packet.breaches) == {"soil-plan"}


def test_what_is_being_examined_at_the_last_moment_did_not_lapse() -> None:
    case = promised()
    case.now = DUE - timedelta(minutes=1)
    case.upload("fire-plan")
    came = case.announced("soil-plan")
    looked_at(case, DUE + timedelta(minutes=1))
    assert case.packet.breaches == {}
    assert case.header.wake_at == DUE + case.surroundings.quiet
    case.examined(came)
    looked_at(case, DUE + timedelta(minutes=6))
    assert case.packet.owed() == case.packet.breaches == {}


def test_a_date_in_a_year_whose_holidays_nobody_knows_yet_is_flagged_wherever_it_is_told() -> None:
    case = Case()
    case.now = datetime(2060, 12, 20, 10, 0, tzinfo=SHANGHAI)
    case.accepted("soil", promises=["soil-plan"])
    [item] = case.last_notice(NoticeKind.ACCEPTED).items
    assert "放假安排尚未公布" in item.text.zh
    assert "may change" in item.text.en
    assert not case.packet.gaps["soil-plan"].due.certain


def test_on_the_last_minute_nobody_is_late() -> None:
    case = promised()
    case.now = DUE - timedelta(minutes=1)
    case.advance()
    assert case.now == DUE
    assert case.packet.breaches == {}


def test_a_department_is_told_when_the_material_that_its_matter_waits_for_came() -> None:
    case = promised()
    case.upload("fire-plan")
    case.advance()
    messages = delivery.notices(case.packet, case.told(), case.now)
    assert [(m.department, m.slots) for m in messages] == [(None, ()), ("housing", ("fire-plan",))]


def test_a_withdrawn_packet_owes_nothing() -> None:
    case = promised()
    case.act(ActKind.WITHDRAW)
    case.advance()
    assert case.header.wake_at is None
    case.now = DUE + timedelta(days=3)
    case.upload("soil-plan")
    assert case.advance() is None
    assert case.packet.breaches == {}


def owing(lapsed: bool = False) -> Case:
    """One matter was approved with its gap open; the packet was withdrawn, or lapsed, while another was under way."""
    case = Case().accepted("fire-review", "permit", "planning", "land-use", "flood", promises=["fire-plan"])
    case.decide("fire-review")
    case.decide("land-use")
    case.advance()
    if lapsed:
        for matter in case.open():
            case.decide(matter, Outcome.CORRECT)
        case.advance()
        case.now = DUE - timedelta(hours=1)
        case.upload("flood-report")
        case.advance()
        assert case.header.correct_by
        case.now = case.header.correct_by.at + timedelta(days=1)
    else:
        case.act(ActKind.WITHDRAW)
    case.advance()
    assert case.header.status is Status.WITHDRAWN
    return case


def test_a_withdrawn_packet_owes_what_was_promised_for_an_approval_that_stands() -> None:
    case = owing()
    assert set(case.packet.owed()) == {"fire-plan"}
    [item] = [i for i in case.last_notice(NoticeKind.WITHDRAWN).items if i.slot]
    due = case.packet.gaps["fire-plan"].due
    assert (item.code, item.slot, item.due) == ("gap", "fire-plan", due)
    assert clock.spelled(due).zh in item.text.zh
    assert case.header.asks == {DeadlineKind.GAP: DUE}
    case.upload("fire-plan")
    case.advance()
    assert case.packet.owed() == {}
    assert case.last_notice(NoticeKind.GAPS_CLOSED).departments == ("housing",)
    assert case.packet.papers.by_slot["fire-plan"]
    assert case.header.asks == {}


def test_a_promise_that_is_not_kept_after_a_withdrawal_is_a_breach() -> None:
    case = owing()
    kinds = []
    while case.header.wake_at and not case.packet.breaches:
        case.now = max(case.header.wake_at, case.now)
        case.advance()
        kinds = [notice.kind for notice in case.packet.notices.values()]
    assert kinds[-3:] == [NoticeKind.GAP_REMINDER, NoticeKind.GAP_REMINDER, NoticeKind.GAP_OVERDUE]
    assert set(case.packet.breaches) == {"fire-plan"}
    assert case.last_notice(NoticeKind.GAP_OVERDUE).departments == ("housing",)


def test_what_lapses_owes_the_same_and_says_so_of_what_is_late_already() -> None:
    case = owing(lapsed=True)
    assert case.header.lapsed
    assert set(case.packet.owed()) == {"fire-plan"}
    [item] = [i for i in case.last_notice(NoticeKind.CORRECTION_LAPSED).items if i.slot]
    assert "立即补交" in item.text.zh
    assert "overdue" in item.text.en
    case.upload("fire-plan")
    case.advance()
    assert case.packet.owed() == {}


def test_an_approval_that_is_taken_back_after_a_withdrawal_owes_nothing() -> None:
    case = owing()
    case.revoke("fire-review")
    case.advance()
    assert case.packet.owed() == {}
    case.now = DUE + timedelta(days=3)
    case.upload("fire-plan")
    assert case.advance() is None


def test_who_submits_to_a_withdrawn_packet_hears_that_what_is_owed_may_come_alone() -> None:
    case = owing()
    case.submit("flood")
    case.advance()
    assert case.last_notice(NoticeKind.NOT_AWAITED).items[0].text == words.submission.WITHDRAWN_OWING


def test_nobody_breaks_a_promise_for_a_matter_that_was_not_approved() -> None:
    case = promised()
    case.decide("soil", Outcome.REJECT)
    case.advance()
    assert set(case.packet.owed()) == {"fire-plan"}
    case.now = DUE + timedelta(days=1)
    case.advance()
    assert set(case.packet.breaches) == {"fire-plan"}


# joint acceptance


ACCEPTANCE = CATALOGUE.changed(
    processes={
        **CATALOGUE.processes,
        "joint-acceptance": CATALOGUE.processes["ordinary"].changed(code="joint-acceptance", joint_acceptance=True),
    }
)
CODE = "2602-411402-04-01-380164"


def gap(uscc: str = ENTERPRISE.uscc) -> OpenGap:
    return OpenGap(packet="20260301-first", uscc=uscc, slot="soil-plan", due=Due(at=DUE))


def applies_for_acceptance(code: str | None = CODE, *gaps: OpenGap) -> Case:
    case = Case(ACCEPTANCE)
    case.project = ProjectStanding(open_gaps=gaps)
    case.upload("flood-report", "survey")
    case.submit("flood", process="joint-acceptance", project={"name": "项目", "code": code})
    case.advance()
    return case


def test_joint_acceptance_is_refused_while_a_gap_of_the_project_is_open_with_the_list() -> None:
    case = applies_for_acceptance(CODE, gap())
    [item] = case.last_notice(NoticeKind.RETURNED).items
    assert (item.code, item.slot) == ("project-gap-open", "soil-plan")
    assert "20260301-first" in item.text.zh
    assert "2026年4月3日" in item.text.zh
    case.project = ProjectStanding()
    case.submit("flood", process="joint-acceptance", project={"name": "项目", "code": CODE})
    case.advance()
    assert case.header.accepted_at


def test_of_another_enterprises_gap_only_that_there_is_one_is_told() -> None:
    case = applies_for_acceptance(CODE, gap(OTHER_ENTERPRISE.uscc))
    [item] = case.last_notice(NoticeKind.RETURNED).items
    assert (item.code, item.slot) == ("project-gap-open", None)
    assert "20260301-first" not in item.text.zh + item.text.en


def test_joint_acceptance_needs_the_project_code() -> None:
    case = applies_for_acceptance(None)
    assert [i.code for i in case.last_notice(NoticeKind.RETURNED).items] == ["project-code-missing"]


@pytest.mark.parametrize("process", ["ordinary", "industrial"])
def test_other_processes_are_not_barred_by_a_gap(process: str) -> None:
    case = Case(ACCEPTANCE)
    case.project = ProjectStanding(open_gaps=(gap(),))
    case.accepted("flood", process=process, project={"name": "项目", "code": CODE})
