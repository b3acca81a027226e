"""Who has a review: handed to a colleague, with somebody who stands in; reminders follow, and the ledger says so."""

import random
from datetime import datetime, timedelta

import pytest
from kaigong.domain.flow import handing, reminding
from kaigong.domain.model.messages import NoticeMessage, Outcome
from kaigong.domain.model.officer import Absence, Assigned, Officer, StandIn
from kaigong.domain.model.packet import Act, ActKind, ActRefusal, ReviewState
from kaigong.store import keys, packets
from kaigong.views import ledger_words

from .building import MORNING, Case
from .test_deadlines import LED

LI, WANG = Officer(account="a-li", called="李"), Officer(account="a-wang", called="王")
DAY = timedelta(days=1)


def hand(case: Case, assigned: Assigned, kind: ActKind = ActKind.ASSIGN, matter: str = "flood") -> Act:
    made = handing.new_act(case.packet.reviews[matter], assigned, kind, "lead", "a-lead")
    case.packet = case.packet.changed(acts={**case.packet.acts, made.name: made})
    return made


def has(case: Case) -> Assigned | None:
    return case.packet.reviews["flood"].assigned


def reminded(case: Case, until: datetime) -> list[NoticeMessage]:
    """The messages about the review, as they go out while time passes."""
    found: list[NoticeMessage] = []
    while (wake := case.header.wake_at) and wake <= until:
        case.now = wake
        if case.advance():
            found += reminding.messages(case.packet, case.orders(), case.catalogue, case.now)
    return [message for message in found if ".review.flood." in message.id]


def test_reminders_go_to_whom_it_was_handed_and_to_who_stands_in_while_that_one_is_away() -> None:
    case = Case(LED).accepted("flood", "soil")
    due = case.packet.reviews["flood"].due.at
    away = StandIn(officer=WANG, since=due - timedelta(hours=1), until=due + DAY)
    hand(case, Assigned(officer=LI, at=case.now))
    hand(case, Assigned(officer=LI, stand_in=away, at=case.now + timedelta(seconds=1)), ActKind.STAND_IN)
    assert case.advance()
    told = [(m.kind, m.department or m.to, m.officer) for m in reminded(case, due + 10 * DAY)]
    assert told[:2] == [("limit-soon", "water", "a-li"), ("limit-over", "water", "a-wang")]
    assert {officer for kind, _, officer in told[2:]} == {None}, "the lead and the city are asked as they were"


def test_what_nobody_has_is_told_to_the_department() -> None:
    case = Case().accepted("flood")
    assert {m.officer for m in reminded(case, case.packet.reviews["flood"].due.at)} == {None}


def test_it_stays_in_the_same_hands_through_a_correction() -> None:
    case = Case().accepted("flood")
    hand(case, Assigned(officer=LI, at=case.now))
    case.decide("flood", Outcome.CORRECT)
    case.advance()
    assert case.states()["flood"] is ReviewState.CORRECTION
    case.now += DAY
    case.submit("flood")
    case.advance()
    assert case.packet.reviews["flood"].round == 2
    assert (found := has(case)) is not None
    assert found.officer == LI


@pytest.mark.parametrize("seed", range(6))
def test_of_words_that_come_in_any_order_the_last_one_said_counts(seed: int) -> None:
    case = Case().accepted("flood")
    said = [Assigned(officer=Officer(account=f"a-{n}", called=str(n)), at=case.now + n * DAY) for n in range(1, 5)]
    last = said[-1]
    random.Random(seed).shuffle(said)  # noqa: S311 - an order of events, no secret
    case.now += 9 * timedelta(minutes=1)
    for one in said:
        hand(case, one)
        case.advance()
        assert case.advance() is None, "a repetition changes nothing"
    assert has(case) == last
    assert sum(name.startswith("assign") for name in case.header.acts) == len(said)


AWAY = StandIn(officer=WANG, since=MORNING, until=MORNING + 9 * DAY)
ZHAO = Officer(account="a-zhao", called="赵")


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 0, 1)])
def test_that_an_officer_is_away_undoes_no_hand_over_made_before(order: tuple[int, ...], *, at_once: bool) -> None:
    case = Case().accepted("flood")
    words = (
        (Assigned(officer=LI, at=case.now + timedelta(seconds=1)), ActKind.ASSIGN),
        (Assigned(officer=ZHAO, at=case.now + timedelta(seconds=2)), ActKind.ASSIGN),
        (Assigned(officer=LI, stand_in=AWAY, at=case.now + timedelta(seconds=3)), ActKind.STAND_IN),
    )
    case.now += timedelta(minutes=1)
    for number in order:
        hand(case, *words[number])
        if not at_once:
            case.advance()
    case.advance()
    found = has(case)
    assert found is not None
    assert (found.officer, found.stand_in) == (ZHAO, None)


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 1, 0)])
def test_of_who_stands_in_the_last_word_counts(order: tuple[int, ...]) -> None:
    case = Case().accepted("flood")
    words = (
        (Assigned(officer=LI, at=case.now + timedelta(seconds=1)), ActKind.ASSIGN),
        (Assigned(officer=LI, stand_in=AWAY.changed(officer=ZHAO), at=case.now + DAY), ActKind.STAND_IN),
        (Assigned(officer=LI, stand_in=AWAY, at=case.now + DAY + timedelta(seconds=1)), ActKind.STAND_IN),
    )
    case.now += 2 * DAY
    for number in order:
        hand(case, *words[number])
        case.advance()
    found = has(case)
    assert found is not None
    assert (found.officer, found.stand_in) == (LI, AWAY)


def test_a_hand_over_is_known_before_it_is_written_on_the_review() -> None:
    case = Case().accepted("flood")
    assert handing.officer_of(case.packet, "flood") is None
    hand(case, Assigned(officer=LI, at=case.now))
    assert handing.officer_of(case.packet, "flood") == LI
    case.advance()
    hand(case, Assigned(officer=ZHAO, at=case.now + timedelta(seconds=1)))
    hand(case, Assigned(officer=LI, stand_in=AWAY, at=case.now + timedelta(seconds=2)), ActKind.STAND_IN)
    assert handing.officer_of(case.packet, "flood") == ZHAO
    case.advance()
    assert handing.officer_of(case.packet, "flood") == ZHAO


@pytest.mark.parametrize(
    ("now", "own"), [(MORNING - DAY, False), (MORNING, True), (MORNING + 9 * DAY, False), (MORNING + 10 * DAY, False)]
)
def test_who_stands_in_has_it_only_while_standing_in(now: datetime, *, own: bool) -> None:
    assigned = Assigned(officer=LI, stand_in=AWAY, at=MORNING - 2 * DAY)
    assert assigned.of("a-wang", now) is own
    assert assigned.of("a-li", now)
    assert not assigned.of("a-zhao", now)


@pytest.mark.parametrize(
    ("since", "until", "away"), [(0, 3, True), (8, 9, True), (-3, 0, False), (9, 12, False), (-3, 12, True)]
)
def test_who_is_away_on_the_same_days_does_not_stand_in(since: int, until: int, *, away: bool) -> None:
    said = [Absence(officer=LI, stand_in=AWAY, at=MORNING, by="a-li")]
    wanted = StandIn(officer=LI, since=MORNING + since * DAY, until=MORNING + until * DAY)
    assert handing.away_then(said, LI, wanted, MORNING) is away
    assert not handing.away_then(said, WANG, wanted, MORNING)
    assert not handing.away_then(said, LI, wanted, MORNING + 9 * DAY), "that absence is over"


def test_the_ledger_says_that_it_was_handed_over_and_names_nobody() -> None:
    case = Case().accepted("flood")
    made = hand(case, Assigned(officer=LI, at=case.now))
    entry = case.advance()
    assert entry
    [event] = [event for event in entry.events if event["event"] == "assign"]
    assert "李" not in str(event)
    assert "a-li" not in str(event)
    line = ledger_words.EVENTS["assign"](event, case.catalogue)
    assert "flood" in line.text.zh
    assert event["subject"] == made.subject


def test_what_a_department_is_done_with_is_not_handed_over() -> None:
    case = Case().accepted("flood", "soil")
    assert handing.why_not(case.packet, "flood") is None
    case.decide("flood")
    case.advance()
    assert handing.why_not(case.packet, "flood") is ActRefusal.NOT_REVIEWED
    assert handing.why_not(case.packet, "none") is ActRefusal.NOT_REVIEWED


def test_what_is_handed_on_too_often_stays_where_it_is() -> None:
    case = Case().accepted("flood")
    for number in range(handing.MOST):
        hand(case, Assigned(officer=LI, at=case.now + timedelta(seconds=number)))
    assert handing.why_not(case.packet, "flood") is None
    hand(case, Assigned(officer=WANG, at=case.now + timedelta(minutes=5)))
    case.advance()
    hand(case, Assigned(officer=WANG, at=case.now + timedelta(minutes=6)))
    assert handing.why_not(case.packet, "flood") is ActRefusal.TOO_OFTEN


def absence(until: datetime, at: datetime) -> Absence:
    return Absence(officer=LI, stand_in=StandIn(officer=WANG, since=MORNING, until=until), at=at, by="a-li")


def test_who_is_handed_something_while_away_has_somebody_who_stands_in() -> None:
    said = [absence(MORNING + 9 * DAY, MORNING), absence(MORNING + 2 * DAY, MORNING + timedelta(hours=1))]
    found = handing.given_to(LI, said, MORNING + DAY)
    assert found.has(MORNING + DAY) == WANG
    assert found.has(MORNING + 3 * DAY) == LI, "the last word ends it earlier"
    assert handing.given_to(LI, said, MORNING + 3 * DAY).stand_in is None
    assert handing.given_to(WANG, said, MORNING).stand_in is None


def test_the_desk_lists_who_has_what_and_what_applicants_correct_apart() -> None:
    """One item of the index either way: nobody looks for it in the packets."""
    case = Case().accepted("flood")
    hand(case, Assigned(officer=LI, at=case.now))
    before = case.packet
    entry = case.advance()
    assert entry
    items = packets._advanced_items(case.packet, {})
    row = items[keys.review_sk("flood")]
    assert (row["gsi2pk"], row["gsi2about"]["assigned"]["officer"]["called"]) == (keys.department_pk("water"), "李")
    assert row != packets._advanced_items(before, {})[keys.review_sk("flood")]
    case.decide("flood", Outcome.CORRECT)
    case.advance()
    assert packets._advanced_items(case.packet, {})[keys.review_sk("flood")]["gsi2pk"] == keys.correcting_pk("water")
