"""Clocks and moments for tests of what depends on them."""

from datetime import UTC, datetime, timedelta

from kaigong.domain.model.clock import Office, limit


def when_open(working_days: int) -> datetime:
    """A moment so many working days from now, at which the hall is open, in its zone."""
    return limit(datetime.now(UTC), working_days, Office()).at


class LaterClock(datetime):
    """A clock that is a quarter of an hour ahead: events still on their way would be old by then."""

    @classmethod
    def now(cls, tz: object = None) -> "LaterClock":  # noqa: ARG003 - the signature is datetime's
        return cls.fromtimestamp((datetime.now(UTC) + timedelta(minutes=15)).timestamp(), UTC)
