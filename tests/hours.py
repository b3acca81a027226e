"""Moments for appointments: whoever reads a real clock has to choose a time at which somebody is there."""

from datetime import UTC, datetime

from kaigong.domain.model.clock import Office, limit


def when_open(working_days: int) -> datetime:
    """A moment so many working days from now, at which the hall is open, in its zone."""
    return limit(datetime.now(UTC), working_days, Office()).at
