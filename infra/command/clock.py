"""By which clock the command tells times, and reads those that are typed without a zone: that of the hall of the stack
that it talks to; the usual one as long as it talks to none.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from kaigong.domain.model.clock import TIME_ZONE

_zone = ZoneInfo(TIME_ZONE)


def go_by(zone: ZoneInfo) -> None:
    """From now on times are those of this zone: a run of the command talks to one stack."""
    global _zone
    _zone = zone


def zone() -> ZoneInfo:
    return _zone


def local(value: str | datetime) -> datetime:
    """A moment as that clock shows it."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(_zone)


def placed(typed: datetime) -> datetime:
    """A time that somebody typed; without a zone it is that clock's."""
    return typed if typed.tzinfo else typed.replace(tzinfo=_zone)
