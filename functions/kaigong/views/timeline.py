"""A packet's way along time: for every matter when its review ran, rested, was late and ended; and what was told when.

Read only, computed from the packet as it now is, and pure data: how it is drawn is the portal's business. It holds no
paper, no person and nothing that an officer wrote. Sources: mission 9 (parallel review, early warning made visible), 8
(live progress); 行政许可法 §45 (what does not count in a limit).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.packet import NoticeKind, Packet, Review, ReviewState
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

from . import words
from .matters import MatterStatus
from .states import BARS, BarKind, MatterState


class Bar(Model):
    """A stretch of time of one matter."""

    kind: BarKind
    name: Text  # for a rest: what it rests for
    since: datetime
    until: datetime


class Row(Model):
    """One matter along time. Its bars touch each other and lie in order; none: its review has not begun, or never does.

    `due` is missing while the limit rests: nobody knows its end then.
    """

    matter: Code
    name: Text
    department: Code
    department_name: Text
    state: MatterState
    opened_at: datetime | None = None
    bars: tuple[Bar, ...] = ()
    due: datetime | None = None
    due_certain: bool = True
    decided_at: datetime | None = None
    by_rules: bool = False
    taken_back_at: datetime | None = None  # 撤回 or 撤销, after the approval


class MarkKind(StrEnum):
    SUBMITTED = "submitted"
    NOTICE = "notice"
    ISSUED = "issued"


class Mark(Model):
    """Something that concerns the whole packet, at one moment."""

    kind: MarkKind
    at: datetime
    title: Text
    notice: NoticeKind | None = None


class Timeline(Model):
    """The picture's data. Everything lies between `start` and `end`; rows of one department stand together."""

    start: datetime
    end: datetime
    now: datetime | None  # None: nothing moves any more
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]


def timeline(packet: Packet, matters: Iterable[MatterStatus], now: datetime) -> Timeline | None:
    """The packet along time as of `now`; `matters` as its status shows them. None before anything was submitted."""
    marks = tuple(sorted(_marks(packet), key=lambda mark: mark.at))
    if not marks:
        return None
    rows = tuple(_row(packet, matter, now) for matter in _by_department(matters))
    moves = any(review.pending or review.state is ReviewState.CORRECTION for review in packet.reviews.values())
    moves = moves or packet.untaken() is not None or (packet.result is not None and packet.issued is None)
    moments = [mark.at for mark in marks] + [moment for row in rows for moment in _moments(row)]
    if moves:
        moments.append(now)
    return Timeline(start=min(moments), end=max(moments), now=now if moves else None, rows=rows, marks=marks)


def _marks(packet: Packet) -> Iterator[Mark]:
    for submission in packet.submissions.values():
        yield Mark(kind=MarkKind.SUBMITTED, at=submission.received_at, title=words.timeline.RECEIVED)
    for notice in packet.notices.values():
        yield Mark(kind=MarkKind.NOTICE, at=notice.at, title=notice.title, notice=notice.kind)
    if packet.issued:
        yield Mark(kind=MarkKind.ISSUED, at=packet.issued.issued_at, title=words.timeline.ISSUED)


def _by_department(matters: Iterable[MatterStatus]) -> list[MatterStatus]:
    """Departments in the order of their first matter; sorting keeps the order within each."""
    every = list(matters)
    order = {code: place for place, code in enumerate(dict.fromkeys(matter.department for matter in every))}
    return sorted(every, key=lambda matter: order[matter.department])


def _moments(row: Row) -> Iterator[datetime]:
    due = row.due if row.bars and row.decided_at is None else None  # a decision ends the limit
    found = (row.opened_at, due, row.decided_at, row.taken_back_at)
    yield from (moment for moment in found if moment)
    yield from (moment for bar in row.bars for moment in (bar.since, bar.until))


def _row(packet: Packet, matter: MatterStatus, now: datetime) -> Row:
    row = Row(
        matter=matter.matter,
        name=matter.name,
        department=matter.department,
        department_name=matter.department_name,
        state=matter.state,
        by_rules=matter.by_rules,
    )
    review = packet.reviews.get(matter.matter)
    if review is None or review.state is ReviewState.UNOPENED:
        return row
    decided_at = _decided_at(packet, review)
    return row.changed(
        opened_at=review.opened_at,
        bars=tuple(_bars(review, decided_at, matter.due, now)),
        due=matter.due,
        due_certain=matter.due_certain,
        decided_at=decided_at,
        taken_back_at=packet.taken_back_at(review.matter),
    )


def _decided_at(packet: Packet, review: Review) -> datetime | None:
    """When the matter was decided, or withdrawn."""
    if not review.final:
        return None
    found = packet.decided_at(review.matter) or review.decided_at
    if found is None and packet.header:  # withdrawn while nobody had decided it
        found = packet.header.withdrawn_at
    return max(found, review.opened_at) if found else None


def _bars(review: Review, decided_at: datetime | None, due: datetime | None, now: datetime) -> Iterator[Bar]:
    """The review from its beginning to its decision or to `now`; after that, what is left of its limit.

    Procedures may go on at the same time, and messages may pass each other: what several say of a stretch, the first
    to begin says.
    """
    begin = review.opened_at
    end = decided_at or max(now, begin)
    reached = begin
    for pause in sorted(review.pauses, key=lambda pause: pause.since):
        since = min(max(pause.since, reached), end)
        until = min(max(pause.until or end, since), end)
        if until == since:
            continue
        yield from _ran(reached, since, due)
        yield Bar(kind=BarKind.RESTING, name=names.PAUSES[pause.kind], since=since, until=until)
        reached = until
    yield from _ran(reached, end, due)
    if decided_at is None and due and due > end:
        yield Bar(kind=BarKind.LEFT, name=BARS[BarKind.LEFT], since=end, until=due)


def _ran(since: datetime, until: datetime, due: datetime | None) -> Iterator[Bar]:
    """Time that counts; what lies behind the end of the limit is late."""
    late = max(min(due, until), since) if due else until
    for kind, begin, end in ((BarKind.RUNNING, since, late), (BarKind.LATE, late, until)):
        if begin < end:
            yield Bar(kind=kind, name=BARS[kind], since=begin, until=end)
