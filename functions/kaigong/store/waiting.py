"""What waits for the window, from the index alone: one Query of each of its few partitions makes a list.

Results that are to be handed out have partitions of their own: they come after everything else and may lie for weeks.

The header carries the attributes while its packet waits (`flow.window.waits`), so that entering and leaving the list
costs one write of the index each, and nothing else.
"""

from datetime import datetime
from typing import Any

from kaigong.domain.model.text import Model
from kaigong.domain.model.waiting import Wait

from . import keys
from .items import LATER, by_department, from_attributes


class Waiting(Model):
    """A packet that waits for the window: whose, and what for since when."""

    packet: str
    enterprise: str
    project: str
    waits: dict[Wait, datetime]

    @property
    def since(self) -> datetime:
        return min(self.waits.values())


def for_window(now: datetime, limit: int) -> tuple[list[Waiting], bool]:
    """The packets that wait for the window by now, the longest first, and whether there are more than these."""
    found: list[Waiting] = []
    more = False
    for bucket in range(keys.DUE_BUCKETS):
        bound = {":pk": keys.window_pk(bucket), ":now": keys.window_until(now)}
        page = by_department("gsi2pk = :pk AND gsi2sk < :now", bound, Limit=limit)
        rows = [_waiting(item, now) for item in map(from_attributes, page["Items"])]
        found += [row for row in rows if row.waits]  # the index knows whole seconds
        more = more or "LastEvaluatedKey" in page
    found.sort(key=lambda waiting: (waiting.since, waiting.packet))
    return found[:limit], more or len(found) > limit


def to_hand_out(limit: int, after: str = "") -> tuple[list[Waiting], str | None]:
    """The results to be handed out behind a place, the oldest first, and the place of the last; None: no more come.

    A place is a row's sort key, and so the same in every partition.
    """
    found: list[dict[str, Any]] = []
    more = False
    for bucket in range(keys.DUE_BUCKETS):
        bound = {":pk": keys.hand_out_pk(bucket), ":after": keys.from_place(after) or "0"}
        page = by_department("gsi2pk = :pk AND gsi2sk > :after", bound, Limit=limit)
        found += map(from_attributes, page["Items"])
        more = more or "LastEvaluatedKey" in page
    found.sort(key=lambda item: str(item["gsi2sk"]))
    rows = found[:limit]
    last = keys.as_place(str(rows[-1]["gsi2sk"])) if rows and (more or len(found) > limit) else None
    return [_row(item) for item in rows], last


def _row(item: dict[str, Any]) -> Waiting:
    return Waiting.model_validate({"packet": keys.packet_of(item["pk"]), **item["gsi2about"]}, extra=LATER)


def _waiting(item: dict[str, Any], now: datetime) -> Waiting:
    """A row of the list, with what it waits for by now."""
    found = _row(item)
    return found.changed(waits={wait: since for wait, since in found.waits.items() if since <= now})
