"""Limits by the handlers: everybody is told of each once, whatever dies, comes twice or in another order; and what the
list and the watch read goes by what is due.
"""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kaigong import catalog
from kaigong.contract.routes import Group
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.deadline import DeadlineKind, Light
from kaigong.handlers import advance, dispatch, supervise, watch
from kaigong.portal.access import Caller
from kaigong.portal.window import deadlines
from kaigong.store import keys, packets
from kaigong.store.items import to_attributes
from kaigong.views.deadlines import MOST_LOOKED_AT, DeadlineRow, Wanted, is_place
from moto.dynamodb.models import dynamodb_backends

from tests.hours import standing

from .conftest import NewWorld
from .story import MANIFEST, PACKET, SLOTS, decision
from .world import ENVIRONMENT, Context, Faults, World

OPERATIONS = Caller(name="operator", groups=frozenset({Group.OPERATIONS}))
LATER = timedelta(days=40)  # every limit of an accepted packet is over by then


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the time of everything that asks for it."""

    def to(moment: datetime) -> None:
        for module in (watch, advance, dispatch, supervise, deadlines):
            monkeypatch.setattr(module, "datetime", standing(moment))

    return to


def _accepted(world: World) -> None:
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(MANIFEST)
    world.run()


def _watch(world: World) -> None:
    with world.inside("watch"):
        watch.handler({}, Context())
    world.run()


def _told(world: World) -> dict[str, int]:
    """How often each message about a limit went out, by its id."""
    return Counter(n["id"] for n in world.notices if n["kind"].startswith("limit-"))


def _days_pass(world: World, clock: Any, start: datetime) -> None:
    """The watch comes by every other day."""
    for days in range(0, LATER.days, 2):
        clock(start + timedelta(days=days))
        _watch(world)


@pytest.fixture
def calm(new_world: NewWorld, clock: Any) -> dict[str, int]:
    with new_world() as world:
        _accepted(world)
        _days_pass(world, clock, datetime.now(UTC))
        return _told(world)


def test_each_is_told_once_of_each_limit_though_events_come_twice_in_any_order_and_functions_die(
    calm: dict[str, int], new_world: NewWorld, clock: Any
) -> None:
    assert max(calm.values()) == 1
    reviews = {name for name in calm if ".review." in name}
    matters = {name.split(".")[3] for name in reviews}
    assert (
        len(reviews) == 3 * len(matters) > 3
    )  # its department, the lead, the city; on its only day nobody is reminded
    chance = random.Random(1)  # noqa: S311 - an order of events, no secret
    clock(datetime.now(UTC))
    with new_world(Faults(twice=True, shuffle=chance)) as world:
        _accepted(world)
        world.faults.fork = lambda moment, number, _: _may_die(world, chance, moment, number)
        _days_pass(world, clock, datetime.now(UTC))
        world.faults.fork = None
        _watch(world)
        assert world.again, "somebody died"
        assert _told(world).keys() == calm.keys()


def _may_die(world: World, chance: random.Random, moment: str, number: int) -> None:
    if world.within[-1] != "watch" and chance.random() < 0.02:  # the watch itself comes again anyway
        world.death = (number, moment)


def _rows(caller: Caller = OPERATIONS, **wanted: Any) -> list[DeadlineRow]:
    rows: list[DeadlineRow] = []
    after = ""
    for _ in range(50):
        page = deadlines.listed(caller, Wanted(**wanted), after)
        rows += page.rows
        if page.next is None:
            return rows
        after = page.next
    raise AssertionError("the list has no end")


def test_the_list_has_each_limit_once_late_ones_first_and_departments_see_their_own(world: World, clock: Any) -> None:
    _accepted(world)
    packet = packets.load(PACKET)
    clock(max(review.due.at for review in packet.reviews.values()) + timedelta(hours=1))
    _watch(world)
    rows = _rows()
    names = [(row.kind, row.subject) for row in rows]
    assert len(set(names)) == len(names)
    late = [row for row in rows if row.light is Light.RED]
    assert rows[: len(late)] == late
    assert {row.subject for row in late} == {matter for matter, review in packet.reviews.items() if review.pending}
    department = late[0].department
    assert department
    assert {row.department for row in _rows(_officer(department))} == {department}
    lead = catalog.load().lead
    assert lead
    assert _rows(_officer(lead.code)) == rows
    assert not _rows(kind=DeadlineKind.GAP), "due in more than two weeks"
    clock(min(gap.due.at for gap in packet.gaps.values()) - timedelta(days=2))
    _watch(world)
    gaps = _rows(kind=DeadlineKind.GAP)
    assert sorted(row.subject for row in gaps) == ["design-qualification", "wage-security"]
    assert {row.light for row in gaps} <= {Light.AMBER, Light.GREEN}


def _officer(department: Code) -> Caller:
    return Caller(name="officer", department=department, groups=frozenset({Group.DEPARTMENT}))


def test_a_decision_takes_a_limit_off_the_list(world: World) -> None:
    _accepted(world)
    before = {row.subject for row in _rows(kind=DeadlineKind.REVIEW)}
    task = next(task for task in world.tasks if task["matter"] in before)
    world.send("decisions", decision(task, outcome="approve", reasons=[]))
    world.run()
    assert task["matter"] not in {row.subject for row in _rows(kind=DeadlineKind.REVIEW)}


def test_what_is_read_goes_by_what_is_due_and_not_by_what_is_stored(world: World) -> None:
    _accepted(world)

    def requests() -> tuple[int, int]:
        begun = len(world.calls)
        with world.inside("portal"):
            _rows()
        listed = len(world.calls)
        with world.inside("watch"):
            packets.overdue(datetime.now(UTC))
        return listed - begun, len(world.calls) - listed

    few = requests()
    far = datetime.now(UTC) + timedelta(days=60)
    for number in range(10_000):  # packets that nothing is due of, into the store itself: no request is needed for it
        name = f"20260306-stored-{number}"
        place = {"pk": keys.packet_pk(name), "sk": keys.HEADER}
        due = keys.due_index(name, far + timedelta(hours=number % 1000)) if number % 2 else {}
        _store(place | due)
    assert requests() == few


def test_a_page_reads_neither_what_stands_before_it_nor_the_days_behind_it(
    world: World, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 3, 6, 12, tzinfo=UTC)
    clock(noon)
    monkeypatch.setattr(deadlines.limits, "rows", lambda *_, **__: [])  # what the list is made of is not the question
    for day in (1, 2, 3):
        for number in range(MOST_LOOKED_AT):
            packet = f"20260306-stored-{day}{number:03}"
            due = keys.due_index(packet, noon + timedelta(days=day, seconds=number))
            _store({"pk": keys.packet_pk(packet), "sk": keys.HEADER} | due)
    requests, after = [], ""
    while True:
        begun = len(world.calls)
        with world.inside("portal"):
            page = deadlines.listed(OPERATIONS, Wanted(), after)
        requests.append((len(world.calls) - begun) / keys.DUE_BUCKETS)
        if page.next is None:
            break
        after = page.next
    # What is late, and yesterday to the day after tomorrow; from the last one's day to the next; all that are left.
    assert requests == [5, 3, 13]


@pytest.mark.usefixtures("world")
def test_behind_what_is_late_comes_all_that_is_not_yet(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 3, 6, 12, tzinfo=UTC)
    clock(noon)
    seen: list[str] = []
    monkeypatch.setattr(deadlines.limits, "rows", lambda found, *_, **__: seen.append(found.packet) or [])
    late = [f"20260306-late-{number:03}" for number in range(MOST_LOOKED_AT + 1)]
    for number, packet in enumerate(late):
        at = keys.late_index(packet, noon - timedelta(minutes=10, seconds=-number))
        _store({"pk": keys.packet_pk(packet), "sk": keys.LATE} | at)
    coming = ["20260306-yesterday", "20260306-tomorrow"]
    for packet, days in zip(coming, (-1, 1), strict=True):
        _store({"pk": keys.packet_pk(packet), "sk": keys.HEADER} | keys.due_index(packet, noon + timedelta(days=days)))
    place: str | None = ""
    while place is not None:
        place = deadlines.listed(OPERATIONS, Wanted(), place).next
    assert seen == late + coming


@pytest.mark.parametrize("place", ["02026-02-30T00:00:00Z~20260306-a", "12026-03-06T25:00:00Z~20260306-a", "1", "2"])
def test_what_is_no_place_in_the_list_is_none(place: str) -> None:
    assert not is_place(place)


def _store(item: dict[str, Any]) -> None:
    """Into the store itself: no request is needed for it."""
    region = dynamodb_backends["123456789012"][ENVIRONMENT["AWS_DEFAULT_REGION"]]
    region.tables[ENVIRONMENT["TABLE_NAME"]].put_item(to_attributes(item))
