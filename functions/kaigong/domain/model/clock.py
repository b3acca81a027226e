"""Working days, when a time limit ends, and the sum that says why.

Sources: 行政许可法 §82 (limits count working days), §45 (what does not count); the day of the event is not counted and
a limit of N working days ends at close of business of the Nth; the State Council publishes each year's calendar in the
preceding November. A year that no calendar knows is flagged, never silently treated as weekends only; so are the last
days of the last known year, which the next notice may still change for New Year.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import chinese_calendar
from pydantic import Field

from .catalogue import Calendar
from .text import Model, Text

TIME_ZONE = "Asia/Shanghai"  # of the hall, unless the parameter TimeZone names another
_DAY = timedelta(days=1)
_NATIONAL = Calendar()  # overrides nothing
_PUBLISHED = frozenset(day.year for day in chinese_calendar.holidays)
_NEXT_NOTICE = (12, 22)  # from this day on the notice for the next year decides: 29 December 2018 became a working day
_ANNOUNCED = (12, 1)  # by this day that notice is there: it comes in November
_HOLIDAYS = {holiday.value: Text(zh=holiday.chinese, en=holiday.value) for holiday in chinese_calendar.Holiday}


class Due(Model):
    """The moment a limit ends, with its time zone.

    `certain` is False where a year was used whose holidays are not published yet: the date counts weekends only
    and may still move.
    """

    at: datetime
    certain: bool = True


class Pause(Model):
    """Time that does not count in a limit (行政许可法 §45; 补正). `until` None: the limit still rests."""

    kind: Literal["correction", "decided", "hearing", "expert-review", "test", "site-visit"]
    since: datetime
    until: datetime | None = None
    round: int = 1  # of the review
    number: int = 1
    note: str = ""
    visit: int = 0  # number of the joint site visit; 0: it is no visit


class Office(Model):
    """Business hours, time zone and local calendar of the hall."""

    opens: time = time(9, 0)
    closes: time = time(17, 30)
    time_zone: str = TIME_ZONE
    calendar: Calendar = Field(default_factory=Calendar)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, self.zone)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes, self.zone)

    def is_open(self, at: datetime) -> bool:
        """Whether the hall is open at this moment."""
        local = at.astimezone(self.zone)
        return is_working_day(local.date(), self.calendar)[0] and self.opens <= local.time() <= self.closes


class Stopped(Model):
    """A pause in the sum. `working_days` did not count because of it; those it shares with an earlier one are there."""

    kind: str
    since: datetime
    until: datetime
    working_days: int


class Days(Model):
    """Days in a row that are off, or worked, for one reason."""

    first: date
    last: date
    kind: Literal["weekend", "holiday", "make-up", "local", "after-hours"]
    name: Text | None  # of a holiday, or of a day of the local calendar


class Arithmetic(Model):
    """How a time limit was worked out, so that people can check it: the result is that of `limit`."""

    start: datetime
    working_days: int  # 0: an instant matter
    pauses: tuple[Stopped, ...]
    spent: bool  # no day was left when the last pause began: due on the day it ended
    weekend_days: int  # ordinary Saturdays and Sundays that were passed over
    skipped: tuple[Days, ...]  # every day that was passed over, weekends too; those within a pause are not listed
    made_up: tuple[Days, ...]  # days that counted although they are a weekend's or a holiday's
    unknown_years: tuple[int, ...]  # no calendar knows them yet
    due: Due


class _Day(NamedTuple):
    worked: bool
    known: bool  # the day's year is published, or the local calendar knows it
    kind: Literal["weekday", "weekend", "holiday", "make-up", "local", "after-hours"]
    name: Text | None


class _Stop(NamedTuple):
    since: datetime
    until: datetime
    kind: str
    first: date  # the first day that it alone takes out


class _Sum(NamedTuple):
    due: Due
    ran: list[tuple[date, _Day]]  # every day that was looked at while the limit ran, in order
    stops: list[_Stop]
    spent: bool


def is_working_day(day: date, calendar: Calendar) -> tuple[bool, bool]:
    """Whether `day` is worked, and whether its year is known: to the State Council's calendar or to the local one.

    A day that the local calendar names is as it says there, whatever the State Council's says.
    """
    found = _day(day, calendar)
    return found.worked, found.known


def is_known(year: int, calendar: Calendar) -> bool:
    """Whether a year's calendar is: the State Council's notice, or one that the city took up."""
    return year in _PUBLISHED or year in calendar.years


def years_due(day: date) -> tuple[int, ...]:
    """The years whose holidays must be known on a day: its own, and from December the next."""
    return (day.year, day.year + 1) if (day.month, day.day) >= _ANNOUNCED else (day.year,)


def missing_years(day: date, calendar: Calendar) -> tuple[int, ...]:
    """Those of them whose holidays are not known: limits go by weekends alone then."""
    return tuple(year for year in years_due(day) if not is_known(year, calendar))


def limit(start: datetime, working_days: int, office: Office, pauses: Sequence[Pause] = ()) -> Due:
    """When a limit of `working_days` that starts at `start` ends. The pauses are ended ones, in any order.

    Neither the day of the event counts, nor any day from that on which a pause begins to that on which it ends; what
    is left runs on from there. 0 working days is an instant matter (即办件): it ends at close of business of the same
    working day, or of the next one when handed in after closing or on a day off. After a pause the same holds from
    the pause's end, and for a limit that had no day left when the pause began: a department always has that day.

    Raises ValueError for a negative number of days, and for a pause that still rests or ends before it begins.
    """
    return _sum(start, working_days, office, pauses).due


def closing_from(moment: datetime, office: Office) -> Due:
    """The first close of business of a working day at a moment or after it."""
    just_before = moment - timedelta.resolution  # a limit counts from after a closing on: here that counts itself
    return limit(just_before, 0, office)


def taken(since: datetime, until: datetime, office: Office) -> int:
    """How many working days something took: the day it began does not count, and what ends on that day took one."""
    first, last = since.astimezone(office.zone).date(), until.astimezone(office.zone).date()
    return max(1, sum(_day(day, office.calendar).worked for day in _from_to(first + _DAY, last)))


def before(due: datetime, working_days: int, office: Office) -> datetime:
    """When the hall opens on the working day that lies so many working days before the day of `due`, for reminders.

    0 is the day of `due` itself, or the last working day before it where that is a day off.
    """
    day = due.astimezone(office.zone).date()
    while working_days > 0:
        day -= _DAY
        working_days -= _day(day, office.calendar).worked
    while not _day(day, office.calendar).worked:
        day -= _DAY
    return office.opening(day)


def arithmetic(start: datetime, working_days: int, office: Office, pauses: Sequence[Pause] = ()) -> Arithmetic:
    """The sum behind `limit`, with the same arguments, errors and result."""
    found = _sum(start, working_days, office, pauses)
    skipped = tuple(_in_a_row((day, d) for day, d in found.ran if not d.worked))
    made_up = tuple(_in_a_row((day, d) for day, d in found.ran if d.worked and _unusual(day)))
    stopped = tuple(
        Stopped(
            kind=stop.kind,
            since=stop.since,
            until=stop.until,
            working_days=sum(_day(day, office.calendar).worked for day in _from_to(stop.first, stop.until.date())),
        )
        for stop in found.stops
    )
    return Arithmetic(
        start=start.astimezone(office.zone),
        working_days=working_days,
        pauses=stopped,
        spent=found.spent,
        weekend_days=sum(d.kind == "weekend" for _, d in found.ran),
        skipped=skipped,
        made_up=made_up,
        unknown_years=tuple(sorted({_open_year(day, office.calendar) for day, d in found.ran if not d.known})),
        due=found.due,
    )


def _day(day: date, calendar: Calendar) -> _Day:
    published = day.year in _PUBLISHED
    known = is_known(day.year, calendar) and ((day.month, day.day) < _NEXT_NOTICE or is_known(day.year + 1, calendar))
    if own := calendar.by_day.get(day):
        return _Day(own.worked, known, "local", own.name)
    if published and (name := chinese_calendar.workdays.get(day)):
        return _Day(True, known, "make-up", _HOLIDAYS[name])
    if published and (name := chinese_calendar.holidays.get(day)):
        return _Day(False, known, "holiday", _HOLIDAYS[name])
    worked = day.weekday() < 5
    return _Day(worked, known, "weekday" if worked else "weekend", None)


def _open_year(day: date, calendar: Calendar) -> int:
    """The year whose notice is still to say whether this day is worked."""
    return day.year + 1 if is_known(day.year, calendar) else day.year


def _sum(start: datetime, working_days: int, office: Office, pauses: Sequence[Pause]) -> _Sum:
    if working_days < 0:
        raise ValueError(f"a limit of {working_days} working days")
    moment, left, spent = start.astimezone(office.zone), working_days, False
    ran: list[tuple[date, _Day]] = []
    stops: list[_Stop] = []

    def run(day: date) -> None:
        nonlocal left
        found = _day(day, office.calendar)
        ran.append((day, found))
        left -= found.worked

    for since, until, kind in sorted(_local(pauses, office)):
        day = moment.date() + _DAY
        stops.append(_Stop(since, until, kind, first=max(day, since.date())))
        if until <= moment:  # within one before it, or over when the limit began
            continue
        while left and day < since.date():
            run(day)
            day += _DAY
        moment, spent = until, working_days > 0 and left == 0
    day = moment.date()
    if left == 0:  # an instant matter, or one that only has the day on which the pause ended
        left = 1
        if moment < office.closing(day):
            run(day)
        else:
            found = _day(day, office.calendar)
            closed = found._replace(worked=False, kind="after-hours", name=None)
            ran.append((day, closed if found.worked else found))
    while left:
        day += _DAY
        run(day)
    return _Sum(Due(at=office.closing(day), certain=all(d.known for _, d in ran)), ran, stops, spent)


def _local(pauses: Iterable[Pause], office: Office) -> Iterator[tuple[datetime, datetime, str]]:
    for pause in pauses:
        if pause.until is None or pause.until < pause.since:
            raise ValueError(f"the pause {pause.kind} {pause.number} still rests, or ends before it begins")
        yield pause.since.astimezone(office.zone), pause.until.astimezone(office.zone), pause.kind


def _from_to(first: date, last: date) -> Iterator[date]:
    return (first + i * _DAY for i in range((last - first).days + 1))


def _unusual(day: date) -> bool:
    """Whether a worked day would be off by its weekday, or by the State Council's calendar alone."""
    return day.weekday() >= 5 or not _day(day, _NATIONAL).worked


def _in_a_row(days: Iterable[tuple[date, _Day]]) -> Iterator[Days]:
    row: Days | None = None
    for day, found in days:
        if row and row.last + _DAY == day and (row.kind, row.name) == (found.kind, found.name):
            row = row.changed(last=day)
            continue
        if row:
            yield row
        row = Days.model_validate({"first": day, "last": day, "kind": found.kind, "name": found.name})
    if row:
        yield row
