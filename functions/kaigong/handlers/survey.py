"""survey: puts together, every five minutes, what the page of early warning shows.

It reads the counters and the packets that are late the longest, whatever number of packets there is; pages read the one
item that it writes. A run that dies leaves the picture before.
"""

from datetime import UTC, datetime
from typing import Any

from kaigong import catalog
from kaigong.portal import limits
from kaigong.settings import settings
from kaigong.store import figures, packets
from kaigong.views import warnings
from kaigong.views.deadlines import DeadlineRow

from .apart import apart
from .observe import logger


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - the schedule says nothing
    now, office = datetime.now(UTC), catalog.with_calendar(settings().office)
    sums = figures.of_days(warnings.first_day(now, office), now.astimezone(office.zone).date())
    late = _late(now)
    found = warnings.warnings(sums, late[: warnings.MOST_LATE], now, catalog.load(), office)
    figures.keep(found)
    logger.info("surveyed", places=len(sums), open=found.all.open, late=len(late))
    return {"places": len(sums), "open": found.all.open}


def _late(now: datetime) -> list[DeadlineRow]:
    """What is late the longest, without what of it cannot be read."""
    rows: list[DeadlineRow] = []
    for found in packets.late(now, most=warnings.MOST_LATE):
        with apart("overdue packet cannot be shown", packet=found.packet):
            rows += limits.rows(found, now, late=True)
    return rows
