"""Working days, and when a time limit ends.

Sources: 行政许可法 §82 (limits count working days); the day of the event is not counted and a limit of N working days
ends at close of business of the Nth; the State Council publishes each year's calendar in the preceding November. A year
that the calendar does not know is flagged, never silently treated as weekends only.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

import chinese_calendar

from .catalogue import Calendar
from .text import Model


class Due(Model):
    """The moment a limit ends, with its time zone.

    `certain` is False where a year was used whose holidays are not published yet: the date counts weekends only
    and may still move.
    """

    at: datetime
    certain: bool = True


class Pause(Model):
    """Time that does not count in a limit (行政许可法 §45; 补正). `until` None: the limit still rests."""

    kind: Literal["correction", "hearing", "expert-review", "test", "site-visit"]
    since: datetime
    until: datetime | None = None
    number: int = 1
    note: str = ""


class Office(Model):
    """Business hours, time zone and local calendar of the hall."""

    opens: time = time(9, 0)
    closes: time = time(17, 30)
    time_zone: str = "Asia/Shanghai"
    calendar: Calendar = Calendar()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes, self.zone)


def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether `day` is worked, and whether the calendar knows its year."""
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False


def limit(start: datetime, working_days: int, office: Office, pauses: Sequence[Pause] = ()) -> Due:  # noqa: ARG001 - pauses follow
    """When a limit of `working_days` that starts at `start` ends.

    0 working days is an instant matter (即办件): it ends at close of business of the same working day, or of the
    next one when handed in after closing or on a day off.
    """
    local = start.astimezone(office.zone)
    day, certain = local.date(), True
    if working_days == 0:
        worked, known = is_working_day(day)
        certain &= known
        if worked and local < office.closing(day):
            return Due(at=office.closing(day), certain=certain)
        working_days = 1
    while working_days:
        day += timedelta(days=1)
        worked, known = is_working_day(day)
        certain &= known
        working_days -= worked
    return Due(at=office.closing(day), certain=certain)
