"""export: writes, once a night, what happened to all packets as files for analysis.

Rows are worked out from the ledgers, which are the only truth: any day may be written again, and nothing is ever in two
files. Which packets moved on a day is told by the marks that the anchor reads. A run begins with the last day that was
written, since that may have been written before it was over, and ends with yesterday; one that dies is made up for by
the next. `{"until": "2026-03-31"}` has it end with another day, today for instance; with `since`, days before are
written again. Days are written without a gap, or what the next run begins with would hide the days before.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kaigong import catalog
from kaigong.domain.model.anchor import part_of
from kaigong.settings import settings
from kaigong.store import anchors, events, lists, packets
from kaigong.views.events import Event
from kaigong.views.events import events as rows_of

from .apart import apart
from .observe import logger

PARTS = 4  # of a day; never fewer, or rows would be left in a file that nothing replaces
FIRST = timedelta(days=7)  # choice: how far back the first run looks
DAY = timedelta(days=1)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - days alone are asked for
    today = datetime.now(UTC).astimezone(settings().office.zone).date()
    since = _asked(event, "since") or events.newest() or today - FIRST
    until = _asked(event, "until") or max(since, today - DAY)
    number = sum(_export(since + DAY * ahead) for ahead in range((until - since).days + 1))
    logger.info("exported", since=since.isoformat(), until=until.isoformat(), rows=number)
    return {"since": since.isoformat(), "until": until.isoformat(), "rows": number}


def _asked(event: dict[str, Any], name: str) -> date | None:
    return date.fromisoformat(event[name]) if name in event else None


def _export(day: date) -> int:
    """Write a day by the hall's clock. Returns how many rows it has."""
    begins = datetime.combine(day, time(), settings().office.zone)
    by_part, number = defaultdict[int, list[str]](list), 0
    for packet in sorted(anchors.moved(begins, begins + DAY)):
        by_part[part_of(packet, PARTS)].append(packet)
    for part, names in by_part.items():
        rows = [row for packet, process in _processes(names) for row in _rows(packet, process, day)]
        if rows:
            events.write(day, part, (row.model_dump_json(by_alias=True, exclude_none=True) for row in rows))
        number += len(rows)
    return number


def _processes(names: list[str]) -> Iterator[tuple[str, str | None]]:
    known = lists.headers(names, readable=True)
    return ((name, known[name].process if name in known else None) for name in names)


def _rows(packet: str, process: str | None, day: date) -> list[Event]:
    """What happened to one packet on a day; nothing of one that cannot be read."""
    zone = settings().office.zone
    with apart("ledger cannot be exported", packet=packet):
        entries = [entry for entry in packets.ledger(packet) if entry.at.astimezone(zone).date() == day]
        return list(rows_of(packet, process, entries, catalog.load(), zone))
    return []
