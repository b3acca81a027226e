"""What the figures of all packets have of one packet, and how that changes.

A packet counts by what it is (flow/figures): what it adds to each counter is worked out whole, and the difference to
what was counted before goes to the counters, in the transaction that notes it. So an event may come twice, late, in any
order or never: once the packet is looked at, the counters have it as it is, and their sum is what counting anew gives.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum

from .catalogue import Catalogue, Code
from .deadline import DeadlineKind
from .text import Model

Sums = dict[str, dict[str, int]]
"""Counters by place (`place`) and name; none is 0."""


class PacketCounter(StrEnum):
    """What is counted of packets, each on the day on which it happened."""

    RETURNED = "returned"  # for the first time: how many were not complete at once
    TAKEN = "taken"  # accepted
    OPEN = "open"  # accepted on this day, and not at the end yet
    WITHDRAWN = "withdrawn"  # whether it was accepted before or not
    LEFT = "left"  # of these, accepted before: what left review without a decision
    DECIDED = "decided"
    APPROVED = "approved"  # as a whole, with gaps or without
    ON_TIME = "on-time"  # decided, and no department was late
    DAYS = "days"  # working days from acceptance to the decision
    DAYS_BEFORE = "days-before"  # that the same matters took one after another
    PAPERS = "papers"  # that were handed in for what is decided
    PAPERS_BEFORE = "papers-before"  # that each of its matters asked for on its own


class MatterCounter(StrEnum):
    """What is counted of reviews, each on the day on which it happened."""

    DECIDED = "decided"
    ON_TIME = "on-time"
    DAYS = "days"  # working days from its opening to the decision
    CORRECTIONS = "corrections"  # that its department asked for


RESTS = -1  # in place of the days of a limit whose end nobody knows now


class RunningLimit(Model):
    """How many limits of one kind began on a day and end so many days after it; `RESTS`: they rest."""

    kind: DeadlineKind
    department: Code | None = None
    matter: Code | None = None
    days: int


_LIMIT, _PARTS = "limit", 5


def place(day: date, process: Code) -> str:
    """Where is counted what happened on a day in packets of a process."""
    return f"{day.isoformat()}#{process}"


def day_and_process(place_: str) -> tuple[date, Code]:
    day, _, process = place_.partition("#")
    return date.fromisoformat(day), process


def of_matter(counter: MatterCounter, matter: Code) -> str:
    return f"{counter.value}:{matter}"


def matter_counted(name: str) -> tuple[MatterCounter, Code] | None:
    """What a counter counts of which matter; None: it counts something else, or what this code does not know."""
    counter, _, matter = name.partition(":")
    return (MatterCounter(counter), matter) if matter and counter in MatterCounter else None


def of_limit(limit: RunningLimit) -> str:
    return f"{_LIMIT}:{limit.kind.value}:{limit.department or ''}:{limit.matter or ''}:{limit.days}"


def limit_counted(name: str) -> RunningLimit | None:
    """Which limits a counter counts; None: it counts something else, or what this code does not know."""
    parts = name.split(":")
    if len(parts) != _PARTS or parts[0] != _LIMIT or parts[1] not in DeadlineKind:
        return None
    _, kind, department, matter, days = parts
    return RunningLimit(kind=DeadlineKind(kind), department=department or None, matter=matter or None, days=int(days))


class Counted(Model):
    """What the counters have of a packet."""

    turn: int  # how often they were changed for it: nobody changes them by what somebody else changed meanwhile
    version: int  # of the packet, as it was counted
    sums: Sums


class Change(Model):
    """What the counters are to have of a packet, and what they have."""

    packet: str
    before: Counted | None
    after: Counted

    @property
    def adds(self) -> Sums:
        return difference(self.before.sums if self.before else {}, self.after.sums)

    def part(self, most: int) -> "Change":
        """The same with so many counters changed; what is left then is the next change."""
        cells = list(_cells(self.adds))
        if len(cells) <= most:
            return self
        some = added([self.before.sums if self.before else {}, _of_cells(cells[:most])])
        return self.changed(after=self.after.changed(sums=some))


def difference(before: Sums, after: Sums) -> Sums:
    """What is to be added to `before` for `after`."""
    return added([after, {at: {name: -n for name, n in counters.items()} for at, counters in before.items()}])


def added(every: Iterable[Mapping[str, Mapping[str, int]]]) -> Sums:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in every:
        for at, counters in one.items():
            for name, count in counters.items():
                sums[at][name] += count
    found = {at: {name: count for name, count in counters.items() if count} for at, counters in sums.items()}
    return {at: counters for at, counters in found.items() if counters}


def _cells(sums: Sums) -> Iterator[tuple[str, str, int]]:
    return ((at, name, count) for at, counters in sorted(sums.items()) for name, count in sorted(counters.items()))


def _of_cells(cells: Iterable[tuple[str, str, int]]) -> Sums:
    return added({at: {name: count}} for at, name, count in cells)


class Link(Model):
    """One link of the flow before the reform: its matters, and the working days it took. The next one waited for it."""

    matters: tuple[Code, ...]
    working_days: int


class Conventional(Model):
    """The flow before the reform, as far as packets are compared with it."""

    papers: dict[Code, int]  # by matter: what it asked for beside what it asks for today
    links: tuple[Link, ...]

    def days(self, matters: Iterable[Code]) -> int:
        """Working days that these matters took one link after another; of matters that were in none, none."""
        asked = set(matters)
        return sum(link.working_days for link in self.links if asked.intersection(link.matters))

    def papers_of(self, matters: Iterable[Code], catalogue: Catalogue) -> int:
        """Papers that each of these matters asked for on its own."""
        known = (catalogue.matters[code] for code in matters if code in catalogue.matters)
        return sum(len(matter.materials) + self.papers.get(matter.code, 0) for matter in known)
