"""A circuit breaker whose state all instances of a function share, in one small item of the table.

Why not a library: pybreaker, the maintained one, keeps its state in memory or Redis. With a storage of our own it would
read the state several times and reset the counter for every good call, and when its rest ends every instance would try
at once, since its steps are not conditional. Here a good call costs one read (and nobody is called for most packets),
and of all instances one tries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from kaigong.errors import TryAgain
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import fields, item_at, to_attributes


class Resting(TryAgain):
    """Too many calls in a row have failed; nobody calls until the rest is over."""

    def __init__(self) -> None:
        super().__init__("对方连续出错，暂不访问。", "It failed too often in a row; nobody calls for a while.")


@contextmanager
def guarded(now: datetime) -> Iterator[None]:
    """A call that counts: an exception is a failure, and enough of them in a row start a rest.

    Raises Resting instead while it lasts. After it one caller tries, alone; its failure starts the next rest.
    """
    item = item_at(to_attributes(keys.CREDIT_BREAKER), consistent=False)
    seen = fields(item) if item else {"failures": 0}
    moment = int(now.timestamp() * 1000)
    until = moment + int(settings().credit_platform_rest_seconds * 1000)
    if seen["failures"] >= settings().credit_platform_failures and not (
        seen["rests_until"] <= moment and _tries(seen["rests_until"], until)
    ):
        raise Resting
    try:
        yield
    except Exception:
        _update("ADD failures :one SET rests_until = :until", {":one": 1, ":until": until})
        raise
    if seen["failures"]:
        _update("SET failures = :none", {":none": 0})


def _tries(seen: int, until: int) -> bool:
    """Whether this caller is the one that tries after the rest; the others rest on."""
    try:
        _update("SET rests_until = :until", {":until": until, ":seen": seen}, "rests_until = :seen")
        return True
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False


def _update(expression: str, values: dict[str, int], condition: str | None = None) -> None:
    client("dynamodb").update_item(
        TableName=settings().table_name,
        Key=to_attributes(keys.CREDIT_BREAKER),
        UpdateExpression=expression,
        ExpressionAttributeValues=to_attributes(values),
        **({"ConditionExpression": condition} if condition else {}),
    )
