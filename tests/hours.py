"""Clocks and moments for tests of what depends on them."""

from datetime import UTC, datetime, timedelta, tzinfo

from kaigong.domain.model.clock import Office, limit

HALL = Office().zone  # whose clock the stacks of tests go by


def when_open(working_days: int) -> datetime:
    """A moment so many working days from now, at which the hall is open, in its zone."""
    return limit(datetime.now(UTC), working_days, Office()).at


def ahead(by: timedelta) -> type[datetime]:
    """A clock that is so far ahead, in the place of a module's `datetime`."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + by

    return Ahead


def standing(moment: datetime) -> type[datetime]:
    """A clock that stands at a moment."""

    class Standing(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return moment.astimezone(tz)

    return Standing


LATER = ahead(timedelta(minutes=15))  # events still on their way would be old by then
