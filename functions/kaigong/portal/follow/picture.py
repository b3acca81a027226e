"""A timeline as places on a page: everything in percent of the width, so that one picture fits a phone and a desk.

The template draws these places as SVG; what they mean stands in kaigong.views.timeline. Pure.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from kaigong.domain.model.text import Model, Text
from kaigong.portal.web.messages import N_, Message
from kaigong.views.states import BarKind, MatterState
from kaigong.views.timeline import Bar, Mark, Row, Timeline

_TICKS = 5  # at most so many steps of the axis
_MOMENT = timedelta(seconds=10)  # the least that a picture spans: a packet of this second has no width of its own
_ROOM = 0.2  # of the width: so much an axis has free before a first tick that is not named
_NARROW = 0.6  # percent: less would not be seen
_SECOND, _MINUTE, _HOUR, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_STEPS = (
    *(n * _SECOND for n in (5, 10, 15, 30)),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 3, 5, 7, 14, 30, 60, 90, 180, 365)),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Tick(Model):
    """A moment that the axis names."""

    x: float
    text: Text


class Piece(Model):
    """A bar: where it begins, how wide it is, and what it is."""

    x: float
    width: float
    kind: BarKind
    title: Message


class End(Model):
    """Where a matter ended: `approved`, or `ended` otherwise: refused, withdrawn, or its approval taken back."""

    x: float
    kind: Literal["approved", "ended"]


class Line(Model):
    """One matter: its bars, its limit, how it ended. `said` is all of that in words, for who cannot see it."""

    name: Text
    state: MatterState
    pieces: tuple[Piece, ...]
    due: float | None = None
    ends: tuple[End, ...] = ()  # two where an approval was taken back
    said: tuple[Message, ...]


class Group(Model):
    """The matters of one department."""

    department: Text
    lines: tuple[Line, ...]


class Dot(Model):
    """Something that concerns the whole packet."""

    x: float
    kind: str
    title: Text


class Picture(Model):
    """The picture, in percent of its width."""

    ticks: tuple[Tick, ...]
    groups: tuple[Group, ...]
    dots: tuple[Dot, ...]
    now: float | None
    kinds: tuple[BarKind, ...]  # those that occur: the legend explains no others

    @property
    def marks(self) -> frozenset[str]:
        """The kinds of marks that occur."""
        ends = {end.kind for line in self.lines for end in line.ends}
        return frozenset(ends | {dot.kind for dot in self.dots})

    @property
    def limits(self) -> bool:
        """Whether the end of a time limit is drawn."""
        return any(line.due is not None for line in self.lines)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for group in self.groups for line in group.lines)


def picture(timeline: Timeline, zone: ZoneInfo) -> Picture:
    """Where everything lies."""
    start = timeline.start
    span = max(timeline.end - start, _MOMENT)

    def at(moment: datetime) -> float:
        return round(min(max((moment - start) / span, 0.0), 1.0) * 100, 2)

    def ends(row: Row) -> Iterator[End]:
        approved = row.state is MatterState.APPROVED or row.taken_back_at is not None
        if row.decided_at:
            yield End(x=at(row.decided_at), kind="approved" if approved else "ended")
        if row.taken_back_at:
            yield End(x=at(row.taken_back_at), kind="ended")

    def line(row: Row) -> Line:
        return Line(
            name=row.name,
            state=row.state,
            pieces=tuple(_piece(bar, at(bar.since), at(bar.until), zone) for bar in row.bars),
            due=at(row.due) if row.due and row.bars and row.decided_at is None else None,
            ends=tuple(ends(row)),
            said=tuple(_said(row, zone)),
        )

    groups = tuple(
        Group(department=rows[0].department_name, lines=tuple(map(line, rows)))
        for rows in (list(found) for _, found in groupby(timeline.rows, key=lambda row: row.department))
    )
    found = {bar.kind for row in timeline.rows for bar in row.bars}
    return Picture(
        ticks=tuple(_ticks(start.astimezone(zone), span)),
        groups=groups,
        dots=tuple(Dot(x=at(mark.at), kind=mark.kind.value, title=_titled(mark, zone)) for mark in timeline.marks),
        now=at(timeline.now) if timeline.now else None,
        kinds=tuple(kind for kind in BarKind if kind in found),
    )


def _piece(bar: Bar, x: float, end: float, zone: ZoneInfo) -> Piece:
    """A bar that can be seen: short ones get some width, without leaving the picture."""
    width = round(max(end - x, _NARROW), 2)
    return Piece(x=round(min(x, 100 - width), 2), width=width, kind=bar.kind, title=_stretch(bar, zone))


def _ticks(start: datetime, span: timedelta) -> Iterator[Tick]:
    """Round moments in the hall's time zone, a handful of them."""
    step = next((step for step in _STEPS if span <= _TICKS * step), _STEPS[-1])
    if span > _DAY:
        step = max(step, _DAY)  # who follows a packet for days counts days, not hours
    moment = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if step < _DAY:
        moment += ((start - moment) // step) * step
    while moment < start:
        moment += min(step, _DAY)
    day, year = None, start.year
    if (moment - start) / span > _ROOM:  # the day on which it began would have no name
        yield Tick(x=0, text=_tick(start, _DAY, named_day=True, named_year=False))
    while moment <= start + span:
        x = round((moment - start) / span * 100, 2)
        yield Tick(x=x, text=_tick(moment, step, named_day=moment.date() != day, named_year=moment.year != year))
        day, year = moment.date(), moment.year
        moment += step


def _tick(moment: datetime, step: timedelta, *, named_day: bool, named_year: bool) -> Text:
    """A moment as the axis names it: with its day, and with its year, where they are others than before."""
    day = Text(zh=f"{moment.month}月{moment.day}日", en=f"{moment.day} {_MONTHS[moment.month - 1]}")
    if named_year:
        day = Text(zh=f"{moment.year}年{day.zh}", en=f"{day.en} {moment.year}")
    if step >= _DAY:
        return day
    clock = f"{moment:%H:%M:%S}" if step < _MINUTE else f"{moment:%H:%M}"
    return Text(zh=f"{day.zh} {clock}", en=f"{day.en} {clock}") if named_day else Text(zh=clock, en=clock)


def _when(moment: datetime, zone: ZoneInfo) -> Text:
    local = moment.astimezone(zone)
    return Text(
        zh=f"{local.month}月{local.day}日{local:%H:%M}",
        en=f"{local.day} {_MONTHS[local.month - 1]} {local:%H:%M}",
    )


def _stretch(bar: Bar, zone: ZoneInfo) -> Message:
    since, until = _when(bar.since, zone), _when(bar.until, zone)
    return N_("%(name)s：%(since)s至%(until)s", name=bar.name, since=since, until=until)


def _titled(mark: Mark, zone: ZoneInfo) -> Text:
    when = _when(mark.at, zone)
    return Text(zh=f"{when.zh} {mark.title.zh}", en=f"{when.en} {mark.title.en}")


def _said(row: Row, zone: ZoneInfo) -> Iterator[Message]:
    """A row in words: its stretches in order, then how it ended or until when it runs."""
    for bar in row.bars:
        yield _stretch(bar, zone)
    if row.decided_at:
        yield N_("%(at)s作出决定", at=_when(row.decided_at, zone))
    elif row.due and row.bars:
        yield N_("期限%(at)s", at=_when(row.due, zone))
    elif not row.bars:
        yield N_("尚未开始")
