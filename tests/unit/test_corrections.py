"""The clock of a correction: what is told, when it lapses, and what then stands."""

from datetime import timedelta

from kaigong.domain.flow import window
from kaigong.domain.model.clock import limit
from kaigong.domain.model.messages import DecisionReason, Outcome, RevocationKind
from kaigong.domain.model.packet import NoticeKind, ReviewState, Status
from kaigong.domain.model.waiting import Wait

from .building import EMPTY, OFFICE, Case
from .test_packet_view import seen

DAYS = 20
SECOND = timedelta(seconds=1)


def asked() -> Case:
    """`soil` is to be corrected, `flood` was approved."""
    case = Case().accepted("soil", "flood")
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
