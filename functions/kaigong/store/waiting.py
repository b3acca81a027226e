"""What waits for the window, from the index alone: one Query of each of its few partitions makes the list.

The header carries the attributes while its packet waits (`flow.window.waits`), so that entering and leaving the list
costs one write of the index each, and nothing else.
"""

from datetime import datetime

from kaigong.domain.model.text import Model
from kaigong.domain.model.waiting import Wait
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import from_attributes, to_attributes


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
        page = client("dynamodb").query(
            TableName=settings().table_name,
            IndexName="department",
            KeyConditionExpression="gsi2pk = :pk AND gsi2sk < :now",
            ExpressionAttributeValues=to_attributes({":pk": keys.window_pk(bucket), ":now": keys.window_until(now)}),
            Limit=limit,
        )
        rows = [_waiting(item, now) for item in map(from_attributes, page["Items"])]
        found += [row for row in rows if row.waits]  # the index knows whole seconds
        more = more or "LastEvaluatedKey" in page
    found.sort(key=lambda waiting: (waiting.since, waiting.packet))
    return found[:limit], more or len(found) > limit


def _waiting(item: dict[str, object], now: datetime) -> Waiting:
    """A row of the list, with what it waits for by now."""
    found = Waiting.model_validate({"packet": keys.packet_of(str(item["pk"])), **item["gsi2about"]})  # type: ignore[dict-item]  # a map in every item of this partition
    return found.changed(waits={wait: since for wait, since in found.waits.items() if since <= now})
