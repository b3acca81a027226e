"""What a packet counts for: once, however often, late or in whatever order it is looked at, and in parts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kaigong.domain.flow import figures as rules
from kaigong.domain.flow import questions
from kaigong.domain.model.clock import taken
from kaigong.domain.model.deadline import DeadlineKind
from kaigong.domain.model.figures import (
    RESTS,
    Change,
    Conventional,
    Counted,
    Link,
    Sums,
    added,
    day_and_process,
    difference,
    limit_counted,
    matter_counted,
)
from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.packet import ActKind, Packet, ReviewState
from kaigong.store import figures as store

from .building import CATALOGUE, OFFICE, Case, Chance, chances
from .test_deadlines import LED, STEPS, Walk
from .test_progress import Journey

BEFORE = Conventional(
    papers={"soil": 2},
    links=(Link(matters=("soil", "fire-review"), working_days=3), Link(matters=("flood",), working_days=4)),
)


def counted(packet: Packet) -> Sums:
    return rules.counted(packet, (), BEFORE, LED, OFFICE)


class Counters:
    """The counters and what they have of the packet, as the table keeps both: changed together, on a condition."""

    def __init__(self, most: int) -> None:
        self.sums: Sums = {}
        self.noted: Counted | None = None
        self.most = most

    def read(self, packet: Packet) -> Packet:
        return packet.changed(counted=self.noted)

    def count(self, read: Packet) -> bool:
        """What a worker does with what it read, perhaps long ago. Returns whether anything was to be done."""
        found = rules.change(read, (), BEFORE, LED, OFFICE)
        if found is None:
            return False
        change = found.part(self.most)
        if change.before == self.noted:  # else somebody was faster
            self.sums, self.noted = added([self.sums, change.adds]), change.after
        return True

    def settle(self, packet: Packet) -> None:
        while self.count(self.read(packet)):
            pass


@given(steps=STEPS, data=st.data(), most=st.sampled_from([1, 3, 100]))
@settings(max_examples=40)
def test_the_counters_come_to_what_counting_anew_gives(steps: list[str], data: st.DataObject, most: int) -> None:
    """Workers read, and count what they read now, later, twice or never; in the end somebody looks once more."""
    walk, counters, reads = Walk(), Counters(most), list[Packet]()
    for step in steps:
        walk.goes(step)
        reads.append(counters.read(walk.case.packet))
        for late in data.draw(st.lists(st.sampled_from(reads), max_size=3)):
            counters.count(late)
    counters.settle(walk.case.packet)
    assert counters.sums == counted(walk.case.packet)
    for late in reads:  # those that come after the end
        counters.count(late)
    counters.settle(walk.case.packet)
    assert counters.sums == counted(walk.case.packet)


@given(chances)
def test_on_every_journey_what_was_taken_in_is_under_way_or_left_by_a_decision_or_a_withdrawal(chance: Chance) -> None:
    journey = Journey(chance)
    for _ in range(chance.between(3, 25)):
        journey.goes_on()
        found = flat(counted(journey.case.packet))
        assert found.get("taken", 0) == sum(found.get(name, 0) for name in ("open", "decided", "left"))


def flat(sums: Sums) -> dict[str, int]:
    """Counters of all days together; of limits those that run, by kind and matter."""
    found: dict[str, int] = {}
    for counters in sums.values():
        for name, n in counters.items():
            limit = limit_counted(name)
            name_ = f"{limit.kind.value} {limit.matter or ''}" + " rests" * (limit.days == RESTS) if limit else name
            found[name_] = found.get(name_, 0) + n
    return found


def test_a_packet_counts_on_the_day_on_which_each_thing_happened() -> None:
    case = Case(LED).accepted("soil", "fire-review", promises=["soil-plan"])
    accepted = case.now
    first = flat(counted(case.packet))
    assert {name: first[name] for name in ("taken", "open")} == {"taken": 1, "open": 1}
    assert first["gap "] == 1
    assert first["review soil"] == 1
    case.now += timedelta(days=3)
    case.decide("soil", Outcome.CORRECT)
    case.decide("fire-review")
    while case.advance():
        pass
    asked = flat(counted(case.packet))
    assert asked["corrections:soil"] == 1
    assert "review soil" not in asked  # it is the applicant's to answer
    case.submit("soil", "fire-review", promises=["soil-plan"])
    case.advance()
    for matter in case.open():
        case.decide(matter)
    while case.advance():
        pass
    sums = counted(case.packet)
    found, day = flat(sums), case.now.astimezone(OFFICE.zone).date()
    assert "open" not in found
    assert {name: found[name] for name in ("decided", "approved", "decided:soil", "days-before")} == {
        "decided": 1, "approved": 1, "decided:soil": 1, "days-before": 3,
    }  # fmt: skip
    assert found["days"] == taken(accepted, case.now, OFFICE)
    assert found["papers-before"] == BEFORE.papers_of(["soil", "fire-review"], CATALOGUE)
    assert {day_and_process(at)[0] for at, counters in sums.items() if "decided" in counters} == {day}
    assert {day_and_process(at)[0] for at, counters in sums.items() if "taken" in counters} == {accepted.date()}


def test_what_is_late_or_withdrawn_or_returned_counts_as_that() -> None:
    late = Case(LED).accepted("soil")
    late.now = late.packet.reviews["soil"].due.at + timedelta(hours=1)
    late.advance()
    late.decide("soil")
    while late.advance():
        pass
    found = flat(counted(late.packet))
    assert found["decided"] == found["decided:soil"] == 1
    assert "on-time" not in found
    assert "on-time:soil" not in found
    gone = Case(LED).accepted("soil")
    gone.act(ActKind.WITHDRAW)
    while gone.advance():
        pass
    assert flat(counted(gone.packet)) == {"taken": 1, "withdrawn": 1, "left": 1}
    returned = Case(LED)
    returned.submit("soil")  # without its papers
    returned.advance()
    assert flat(counted(returned.packet)) == {"returned": 1}
    returned.act(ActKind.WITHDRAW)
    returned.advance()
    assert flat(counted(returned.packet)) == {"returned": 1, "withdrawn": 1}  # it never was in review


def settled(case: Case) -> Case:
    while case.advance():
        pass
    return case


def as_before(case: Case) -> Packet:
    """As a release before stored an approval that was taken back: with that date as its decision's."""
    fact, review = case.packet.revocations["soil"], case.packet.reviews["soil"]
    return case.packet.changed(reviews={**case.packet.reviews, "soil": review.changed(decided_at=fact.received_at)})


@pytest.mark.parametrize("matter", ["soil", "land-use"])  # that a department decided, and rules
def test_an_approval_that_is_taken_back_later_was_decided_when_it_was_and_on_time(matter: str) -> None:
    case = Case(LED).accepted("soil", "land-use", commitments=("land-use",))
    case.decide("soil")
    settled(case).issue()
    before = counted(settled(case).packet)
    case.now += timedelta(days=365)
    case.revoke(matter)
    settled(case)
    after = counted(case.packet)
    assert difference(before, after) == {}
    assert flat(after)["on-time"] == flat(after)[f"on-time:{matter}"] == flat(after)[f"days:{matter}"] == 1
    if matter == "soil":
        assert counted(as_before(case)) == after


def test_what_nobody_answered_until_it_lapsed_or_was_withdrawn_was_decided_by_nobody() -> None:
    case = Case(LED).accepted("soil")
    case.decide("soil", Outcome.CORRECT)
    settled(case)
    gone = Case(LED)
    gone.packet, gone.now = case.packet, case.now + timedelta(days=1)
    gone.act(ActKind.WITHDRAW)
    case.now += timedelta(days=60)
    for packet in (settled(case).packet, settled(gone).packet):
        assert packet.header
        assert packet.header.withdrawn_at
        assert flat(counted(packet)) == {"taken": 1, "withdrawn": 1, "left": 1, "corrections:soil": 1}


def corrected(case: Case) -> None:
    case.decide("soil", Outcome.CORRECT)
    settled(case).submit("soil")


def retracted(case: Case) -> None:
    case.decide("soil", Outcome.CORRECT)
    settled(case).retract("soil")


@pytest.mark.parametrize("again", [corrected, retracted])
@pytest.mark.parametrize("noticed", [True, False])  # a decision may come before anybody looks at the limit
def test_who_was_late_was_late_though_a_correction_or_a_retraction_gave_it_another_limit(
    again: Callable[[Case], None], *, noticed: bool
) -> None:
    case = Case(LED).accepted("soil")
    case.now = case.packet.reviews["soil"].due.at + timedelta(days=16)
    if noticed:
        settled(case)
    again(case)
    settled(case)
    review = case.packet.reviews["soil"]
    assert (review.state, review.overdue_at) == (ReviewState.OPEN, None)  # its clock runs anew
    case.decide("soil")
    found = flat(counted(settled(case).packet))
    assert found["decided"] == found["decided:soil"] == 1
    assert "on-time" not in found
    assert "on-time:soil" not in found


@pytest.mark.parametrize("again", [corrected, retracted])
def test_who_was_never_late_is_on_time_after_a_correction_or_a_retraction(again: Callable[[Case], None]) -> None:
    case = Case(LED).accepted("soil")
    again(case)
    settled(case).decide("soil")
    assert flat(counted(settled(case).packet))["on-time:soil"] == 1


def test_limits_that_run_are_counted_by_when_they_began_and_whose_they_are() -> None:
    case = Case(LED).accepted("soil")
    review = case.packet.reviews["soil"]
    [limit] = [found for name in next(iter(counted(case.packet).values())) if (found := limit_counted(name))]
    assert (limit.kind, limit.department, limit.matter) == (DeadlineKind.REVIEW, review.department, "soil")
    assert limit.days == (review.due.at.date() - review.opened_at.date()).days
    case.procedure("soil", number=1)
    case.advance()
    assert flat(counted(case.packet))["review soil rests"] == 1


def test_the_names_of_counters_say_what_they_count() -> None:
    unknown = ("taken", "newer:soil", "limit:newer:water:soil:3", "limit:review:water")  # those of a later version too
    for name in ("on-time:soil", "limit:review:water:soil:-1", *unknown):
        assert bool(matter_counted(name)) is (name == "on-time:soil")
        assert bool(limit_counted(name)) is (name == "limit:review:water:soil:-1")


SUMS = st.dictionaries(
    st.sampled_from(["2026-11-27#a", "2026-11-28#a", "2026-11-28#b"]),
    st.dictionaries(st.text("abc:", min_size=1, max_size=3), st.integers(-3, 3).filter(bool), min_size=1, max_size=200),
    max_size=3,
)


@given(before=SUMS, after=SUMS)
def test_a_difference_added_gives_what_is_new(before: Sums, after: Sums) -> None:
    assert added([before, difference(before, after)]) == after


def change(packet: str, before: Sums, after: Sums) -> Change:
    old = Counted(turn=1, version=1, sums=before)
    return Change(packet=packet, before=old, after=Counted(turn=2, version=2, sums=after))


@given(every=st.lists(st.tuples(SUMS, SUMS), max_size=30))
def test_changes_are_counted_together_as_far_as_a_transaction_takes_them(every: list[tuple[Sums, Sums]]) -> None:
    changes = [change(str(number), before, after) for number, (before, after) in enumerate(every)]
    groups = store.groups(changes)
    assert [one.packet for group in groups for one in group] == [one.packet for one in changes]
    for group in groups:
        sums = added(one.adds for one in group)
        assert len(group) + len(sums) <= store.MOST_WRITES
        assert sum(map(len, sums.values())) <= store.MOST_COUNTERS


def test_however_many_questions_count_as_limits_of_their_matter() -> None:
    """A counter for each would stay for good in an item that all packets of a day share."""
    case = Case(LED).accepted("soil")
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    for text in ("图纸要几号？", "几份？"):
        case.act(ActKind.ASK, questions.subject("soil", text), reason=text)
        case.now += timedelta(days=1)
        case.advance()
    named = {name for counters in counted(case.packet).values() for name in counters if "question" in name}
    assert len(case.packet.open_questions()) == 2
    assert {limit.matter for limit in map(limit_counted, named) if limit} == {"soil"}
