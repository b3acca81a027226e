"""Counting what one caller does within a window: a small read and a small write for each call that is limited, about
1.4 dollars a million, and nothing for the others. The items go by the table's time to live.

The count is put on the condition that it is still the one that was read: the portal has no right to update items, which
IAM could not keep to these, and calls of the same caller at the same moment are few.
"""

import hashlib
from datetime import datetime, timedelta

from kaigong.domain.model.limit import Limit
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import fields, item_at, to_attributes

_ATTEMPTS = 12  # of as many calls at the same moment, each is counted
_CROWDED = timedelta(seconds=1)  # how long to wait where there are more


def taken(limit: Limit, who: str, now: datetime) -> datetime | None:
    """Count a call. None: it may be made; else when calls are free again, and it is not counted.

    `who` is a user's name or an address, and is kept as a hash. Where limits are switched off, nothing is counted.
    """
    if not settings().rate_limits:
        return None
    ends = limit.ends_at(now)
    hashed = hashlib.sha256(f"{settings().stack_name}\n{who}".encode()).hexdigest()[:32]
    place = keys.limit_key(limit.name, hashed, limit.window(now))
    for _ in range(_ATTEMPTS):
        calls = _counted(place)
        if calls >= limit.calls:
            return ends
        if _put(place, calls, ends):
            return None
    return now + _CROWDED


def _counted(place: dict[str, str]) -> int:
    item = item_at(to_attributes(place))
    return int(fields(item)["calls"]) if item else 0


def _put(place: dict[str, str], before: int, ends: datetime) -> bool:
    """Count one call more. False: another call was counted meanwhile."""
    item = {**place, "calls": before + 1, "expires_at": int(ends.timestamp())}
    condition = "calls = :before" if before else "attribute_not_exists(pk)"
    try:
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes(item),
            ConditionExpression=condition,
            **({"ExpressionAttributeValues": to_attributes({":before": before})} if before else {}),
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False
    return True
