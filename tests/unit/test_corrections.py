"""The clock of a correction: what is told, when it lapses, and what then stands."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from kaigong.domain.flow import window
from kaigong.domain.flow.corrections import ask_at
from kaigong.domain.model.clock import before, limit
from kaigong.domain.model.messages import DecisionReason, Outcome, RevocationKind
from kaigong.domain.model.packet import ActKind, NoticeKind, ReviewState, Status
from kaigong.domain.model.waiting import Wait

from .building import EMPTY, MORNING, OFFICE, Case, credit
from .test_packet_view import seen

DAYS = 20
DOUBT = "differs-name"
SECOND = timedelta(seconds=1)


def asked() -> Case:
    """`soil` is to be corrected, `flood` was approved."""
    case = Case(credit=credit(basic={"name": "另一名称"})).accepted("soil", "flood")
    case.decide("flood")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="印章不清"))
    case.advance()
    assert case.header.status is Status.CORRECTING
    return case


def wake(case: Case) -> None:
    """Look at the packet when it asked for that."""
    assert case.header.wake_at
    case.now = case.header.wake_at + SECOND - timedelta(minutes=1)  # `advance` moves on by a minute
    case.advance()


def test_the_notice_says_until_when_and_so_do_the_pages() -> None:
    case = asked()
    due = limit(case.now, DAYS, OFFICE)
    assert case.header.correct_by == due
    assert {item.due for item in case.last_notice(NoticeKind.CORRECTION).items} == {due}
    assert seen(case).next.by == due.at


def test_a_correction_that_does_not_come_is_reminded_of_and_then_counts_as_withdrawn() -> None:
    case = asked()
    for _ in range(3):
        wake(case)
    kinds = [notice.kind for notice in case.packet.notices.values()][2:]
    assert kinds == [NoticeKind.CORRECTION_REMINDER, NoticeKind.CORRECTION_REMINDER, NoticeKind.CORRECTION_LAPSED]
    assert (case.header.status, case.header.lapsed, case.header.wake_at) == (Status.WITHDRAWN, True, None)
    assert case.states() == {"soil": ReviewState.WITHDRAWN, "flood": ReviewState.APPROVED}
    assert case.last_notice(NoticeKind.CORRECTION_LAPSED).departments == ("water",)
    assert case.last_notice(NoticeKind.CORRECTION_LAPSED).items[-1].code == "approved-before"
    assert "逾期未补正" in seen(case).next.why.zh


def test_what_came_in_time_and_is_being_examined_does_not_lapse() -> None:
    case = asked()
    late = case.announced("soil-plan")
    case.submit("soil", "flood", awaits=[*case.packet.slots.values(), late])
    assert case.header.correct_by
    case.now = case.header.correct_by.at + timedelta(days=1)
    case.advance()
    assert case.header.status is Status.CORRECTING
    case.examined(late)
    case.advance()
    assert case.header.status is Status.IN_REVIEW
    assert case.header.correct_by is None


def test_a_manifest_of_the_last_minute_is_waited_for_as_its_event_may_still_be_on_its_way() -> None:
    case = asked()
    wake(case)
    wake(case)  # reminded twice
    assert case.header.correct_by
    case.now = due = case.header.correct_by.at
    case.upload("soil-plan")
    assert case.advance() is None
    assert (case.header.status, case.header.wake_at) == (Status.CORRECTING, due + case.surroundings.quiet)
    case.submit("soil", "flood", at=due)
    case.advance()
    assert case.header.status is Status.IN_REVIEW


def came_later(case: Case) -> None:
    """A folder is judged without the paper, which comes within the hour."""
    case.submit("soil", "flood", whole_folder=True)
    case.now += case.surroundings.quiet
    case.advance()
    assert (case.header.status, case.header.round) == (Status.CORRECTING, 2)
    case.upload("soil-plan")


def taken_back(case: Case) -> None:
    case.retract("soil")


def settled_after_all(case: Case) -> None:
    case.retract("soil")
    case.act(ActKind.CONFIRM_DOUBT, DOUBT)
    case.advance()
    assert case.header.status is Status.CORRECTING
    case.act(ActKind.OVERRIDE_DOUBT, DOUBT, number=2)


@pytest.mark.parametrize("way", [came_later, taken_back, settled_after_all])
def test_what_is_back_under_review_in_a_round_that_had_its_notice_may_be_asked_for_again(
    way: Callable[[Case], None],
) -> None:
    case = asked()
    way(case)
    case.advance()
    assert case.header.status is Status.IN_REVIEW
    told, round_ = len(case.notices(NoticeKind.CORRECTION)), case.header.round
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="仍不清"))
    case.advance()
    assert (case.header.status, case.header.round) == (Status.CORRECTING, round_)
    assert len(case.notices(NoticeKind.CORRECTION)) == told + 1
    assert case.advance() is None


def test_a_doubt_found_true_is_told_in_the_round_in_which_the_papers_came_after_its_notice() -> None:
    case = asked()
    came_later(case)
    case.act(ActKind.CONFIRM_DOUBT, DOUBT)
    case.advance()
    assert case.header.status is Status.CORRECTING
    assert [i.code for i in case.last_notice(NoticeKind.CORRECTION).items] == [DOUBT]
    assert case.last_notice(NoticeKind.CORRECTION).round == 2


def test_who_asked_while_the_others_paper_was_on_its_way_is_told_in_the_same_round() -> None:
    case = with_a_folder()
    case.upload("soil-plan")
    case.decide("fire-review", Outcome.CORRECT, DecisionReason(slot="fire-plan", text="也补一页"))
    case.advance()
    case.decide("soil")
    case.advance()
    assert [i.matter for i in case.last_notice(NoticeKind.CORRECTION).items] == ["fire-review"]
    assert case.last_notice(NoticeKind.CORRECTION).round == 2


def test_a_folder_answers_nobody_who_asked_after_it_came() -> None:
    case = with_a_folder("soil-plan")
    assert (case.header.status, case.header.round) == (Status.IN_REVIEW, 2)
    case.decide("soil")
    case.decide("fire-review", Outcome.CORRECT, DecisionReason(text="整体修改"))  # of the first round, and of no paper
    case.advance()
    assert case.header.status is Status.CORRECTING
    assert case.advance() is None
    assert case.packet.reviews["fire-review"].state is ReviewState.CORRECTION


def test_who_asked_after_a_folder_came_is_told_once_the_others_papers_are_there() -> None:
    case = with_a_folder()
    assert (case.header.status, case.header.round) == (Status.CORRECTING, 2)
    case.decide("fire-review", Outcome.CORRECT, DecisionReason(slot="fire-plan", text="也补一页"))
    case.advance()
    case.upload("soil-plan")
    case.advance()
    assert case.packet.reviews["soil"].pending
    case.decide("soil")
    case.advance()
    assert [i.matter for i in case.last_notice(NoticeKind.CORRECTION).items] == ["fire-review"]
    assert case.packet.reviews["fire-review"].state is ReviewState.CORRECTION


def test_each_notice_begins_the_time_anew() -> None:
    case = asked()
    first = case.header.correct_by
    case.now += timedelta(days=10)
    case.upload("soil-plan", facts=EMPTY)
    case.submit("soil", "flood")
    case.advance()
    assert first
    assert case.header.correct_by == limit(case.now, DAYS, OFFICE) != first


def test_a_correction_that_is_long_in_coming_is_on_the_windows_list() -> None:
    case = asked()
    assert case.header.told_at
    assert window.waits(case.packet)[Wait.RETURNED] == case.header.told_at + timedelta(days=5)


def test_an_approval_in_a_withdrawn_packet_can_be_taken_back() -> None:
    case = asked()
    for _ in range(3):
        wake(case)
    case.revoke("flood", RevocationKind.REVOKE)
    case.advance()
    assert case.packet.reviews["flood"].state is ReviewState.REVOKED
    assert case.last_notice(NoticeKind.REVOKED).items[0].matter == "flood"
    assert case.advance() is None


# one slow department


def asked_early() -> Case:
    """One department asked, another is still reviewing, and the time for waiting is over."""
    case = Case().accepted("soil", "flood", "fire-review")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="补一页"))
    case.advance()
    assert not case.notices(NoticeKind.CORRECTION)
    wake = ask_at(case.packet, case.surroundings)
    assert wake.date().isoformat() == "2026-03-10"  # two working days after Friday the 6th
    case.now = before(case.packet.reviews["flood"].due.at, 1, OFFICE)
    case.advance()  # the others are reminded of their limits
    assert not case.notices(NoticeKind.CORRECTION)
    assert case.header.wake_at == wake
    case.now = wake
    case.advance()
    return case


def both_asked() -> Case:
    """Another department asks after the notice."""
    case = asked_early()
    case.decide("flood")
    case.decide("fire-review", Outcome.CORRECT, DecisionReason(slot="fire-plan", text="也补一页"))
    case.advance()
    return case


def with_a_folder(*papers: str) -> Case:
    """Handed in anew as a whole folder, with these papers in it, and judged."""
    case = asked_early()
    case.decide("flood")
    case.advance()
    case.submit("soil", "flood", "fire-review", whole_folder=True)
    case.upload(*papers)
    case.now += case.surroundings.quiet
    case.advance()
    return case


def test_corrections_are_told_at_the_latest_some_days_after_the_first_request() -> None:
    case = asked_early()
    assert case.header.status is Status.CORRECTING
    assert [i.matter for i in case.last_notice(NoticeKind.CORRECTION).items] == ["soil"]
    assert case.states() == {
        "soil": ReviewState.CORRECTION,
        "flood": ReviewState.OPEN,
        "fire-review": ReviewState.OPEN,
    }


def test_the_time_of_who_asked_rests_from_the_notice_and_not_before() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    assert case.packet.reviews["soil"].pauses == ()
    case.now += timedelta(hours=2)
    case.decide("flood")
    case.advance()
    (pause,) = case.packet.reviews["soil"].pauses
    assert (pause.kind, pause.since, pause.until) == ("correction", case.now, None)


def test_the_others_go_on_while_the_applicant_corrects_and_who_asks_later_is_told_with_the_next_round() -> None:
    case = both_asked()
    assert case.states()["flood"] is ReviewState.APPROVED
    assert len(case.notices(NoticeKind.CORRECTION)) == 1
    case.upload("soil-plan")
    case.submit("soil", "flood", "fire-review")
    case.advance()
    assert case.states()["soil"] is ReviewState.OPEN
    case.decide("soil")
    case.advance()
    assert [i.matter for i in case.last_notice(NoticeKind.CORRECTION).items] == ["fire-review"]
    assert case.last_notice(NoticeKind.CORRECTION).round == 2


def test_who_asked_later_is_told_with_the_notice_of_a_correction_that_was_not_complete() -> None:
    case = both_asked()
    case.submit("soil", "flood", "fire-review")
    case.advance()
    assert [i.matter for i in case.last_notice(NoticeKind.CORRECTION).items] == ["fire-review", "soil"]
    assert case.packet.reviews["fire-review"].pauses[-1].since == case.now
    case.upload("soil-plan", "fire-plan")
    case.submit("soil", "flood", "fire-review")
    case.advance()
    assert case.open() == ["soil", "fire-review"]


def test_who_still_has_a_paper_that_is_another_one_now_gets_its_task_again() -> None:
    case = Case().accepted("planning", "fire-review")
    case.decide("planning", Outcome.CORRECT, DecisionReason(slot="drawings", text="换新图"))
    case.advance()
    case.now = ask_at(case.packet, case.surroundings)
    case.advance()
    case.upload("drawings")
    case.submit("planning", "fire-review")
    case.advance()
    assert set(case.orders()) >= {"review:planning", "review:fire-review"}


def test_in_an_instant_process_that_is_the_end_of_the_working_day() -> None:
    case = Case().accepted("soil", "flood", process="industrial")
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    assert case.header.wake_at == MORNING.replace(hour=17, minute=30)
