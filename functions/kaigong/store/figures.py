"""Figures of all packets: counters by day and process, and what they have of each packet.

Both change in one transaction, on the condition that nobody counted the packet meanwhile: what is counted of a packet
is counted once, whatever comes twice or dies in between. A counter lies in several shards, each of which anybody may
add to; what it says is their sum.
"""

import zlib
from collections.abc import Iterator, Sequence
from datetime import date

from pydantic import BaseModel

from kaigong.domain.model.figures import Change, Counted, Sums, added
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, Item, fields, item_at, key, packed, queried, to_attributes, transact, unpacked

MOST_WRITES = 100  # DynamoDB's limit of a transaction
MOST_COUNTERS = 150  # choice: an expression that adds to all of them in one item stays below DynamoDB's 4 KB
_CONTENT, _TURN = "figures", "counting"


def counted(values: Item) -> Counted:
    """What the figures have of a packet, from the fields of its item."""
    return Counted.model_validate_json(unpacked(values[_CONTENT]), extra=LATER)


def groups(changes: Sequence[Change]) -> list[list[Change]]:
    """The changes as transactions can take them. Of one that is too large, a part: the rest by the next look."""
    found: list[list[Change]] = []
    for change in (change.part(MOST_COUNTERS // 2) for change in changes):
        if found and _fits([*found[-1], change]):
            found[-1].append(change)
        else:
            found.append([change])
    return found


def _fits(changes: Sequence[Change]) -> bool:
    sums = added(change.adds for change in changes)
    return len(changes) + len(sums) <= MOST_WRITES and sum(map(len, sums.values())) <= MOST_COUNTERS


def count(changes: Sequence[Change], attempt: int = 0) -> None:
    """Add to the counters what these packets change, and note it. `changes`: one of the `groups`.

    Raises NewerVersionExists where one of the packets was counted meanwhile, or somebody else adds to the same shard
    just now: nothing is counted then. Another `attempt` takes another shard.
    """
    pk = keys.figures_pk(_shard(changes, attempt))
    sums = added(change.adds for change in changes)
    updates = [*map(_noted, changes), *(_addition(pk, place, counters) for place, counters in sums.items())]
    transact([{"Update": update} for update in updates])


def _shard(changes: Sequence[Change], attempt: int) -> int:
    return (zlib.crc32("".join(change.packet for change in changes).encode()) + attempt) % keys.FIGURES_SHARDS


def _noted(change: Change) -> Item:
    before, after = change.before, change.after
    bound: Item = {":content": packed(after.model_dump_json()), ":turn": after.turn}
    condition = f"attribute_not_exists({_TURN})"
    if before:
        condition, bound[":before"] = f"{_TURN} = :before", before.turn
    return {
        "TableName": settings().table_name,
        "Key": key(change.packet, keys.COUNTED),
        "UpdateExpression": f"SET {_CONTENT} = :content, {_TURN} = :turn",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": to_attributes(bound),
    }


def _addition(pk: str, place: str, counters: dict[str, int]) -> Item:
    named = dict(enumerate(counters))
    return {
        "TableName": settings().table_name,
        "Key": to_attributes({"pk": pk, "sk": place}),
        "UpdateExpression": "ADD " + ",".join(f"#{n} :{n}" for n in named),
        "ExpressionAttributeNames": {f"#{n}": name for n, name in named.items()},
        "ExpressionAttributeValues": to_attributes({f":{n}": counters[name] for n, name in named.items()}),
    }


def of_days(first: date, last: date) -> Sums:
    """What is counted on these days, the last one included. What was counted within the second may be missing."""
    return added(
        {item["sk"]["S"]: _counters(item)} for shard in range(keys.FIGURES_SHARDS) for item in _in(shard, first, last)
    )


def _counters(item: Item) -> dict[str, int]:
    """Read by hand: of a year there may be a million, and boto3's reader takes ten times as long."""
    return {name: int(value["N"]) for name, value in item.items() if "N" in value}


def _in(shard: int, first: date, last: date) -> Iterator[Item]:
    bound = {":pk": keys.figures_pk(shard), ":first": first.isoformat(), ":last": f"{last.isoformat()}~"}
    return queried("pk = :pk AND sk BETWEEN :first AND :last", bound, consistent=False)


def keep(figures: BaseModel) -> None:
    """Keep what all of it comes to, ready to be shown."""
    item = {**keys.NEWEST_FIGURES, "content": packed(figures.model_dump_json(exclude_defaults=True))}
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


def newest() -> str | None:
    """What was kept last, as JSON; None: nothing was yet."""
    item = item_at(to_attributes(keys.NEWEST_FIGURES), consistent=False)
    return unpacked(fields(item)["content"]) if item else None
