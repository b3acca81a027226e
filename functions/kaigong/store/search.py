"""Packets by a part of what they are known by, newest first: a walk back through the years, a bounded part at a time.

Beside each packet that was ever submitted lies one small item with names, telephone and codes, written in the packet's
own transaction. DynamoDB looks for a part of a word by reading; so one answer reads at most `MOST_READ` megabytes, says
where it stopped, and the next goes on from there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from kaigong.settings import settings

from . import keys
from .clients import client
from .items import to_attributes
from .lists import NotACursor

MOST_READ = 8  # choice: megabytes, some 30,000 packets; a request each, beside one for each year without a packet
YEARS = 10  # choice: older packets are found by their code, their enterprise or their project


class Sought(NamedTuple):
    """What was found, and where the search goes on, if there is more to look at."""

    packets: tuple[str, ...]  # newest first
    more: str | None
    cut: bool  # it stopped because it had read enough, not because it had found enough


def packets_with(words: Sequence[Sequence[str]], now: datetime, limit: int, before: str = "") -> Sought:
    """The packets in which each word is found in one of its spellings, submitted before a place in their order.

    Raises NotACursor where `before` is no place. Eventually consistent: a packet is found a moment after its first
    submission was looked at.
    """
    if before and not _is_place(before):
        raise NotACursor
    condition, bound = _filter(words)
    place = min(before or "~", keys.utc(now + timedelta(hours=1)))  # storage's clock may be ahead of this one
    oldest = now.year - YEARS
    found: list[str] = []
    read = 0
    while (year := _year_before(place)) >= oldest and read < MOST_READ:
        page = client("dynamodb").query(
            TableName=settings().table_name,
            KeyConditionExpression="pk = :pk AND sk < :place",
            FilterExpression=condition,
            ExpressionAttributeValues=to_attributes({**bound, ":pk": keys.submitted_pk(year), ":place": place}),
            ProjectionExpression="sk",
            ScanIndexForward=False,
        )
        found += [item["sk"]["S"] for item in page["Items"]]
        if len(found) > limit:
            return Sought(tuple(map(_packet, found[:limit])), found[limit - 1], cut=False)
        last = page.get("LastEvaluatedKey")
        place = last["sk"]["S"] if last else f"{year}-01-01T00:00:00Z"
        read += page["ScannedCount"] > 0
    cut = year >= oldest
    return Sought(tuple(map(_packet, found)), place if cut else None, cut)


def of_year(year: int, after: str, limit: int) -> tuple[tuple[str, ...], str | None]:
    """The packets first submitted in a year, from a place on, oldest first; and where to go on, if there are more.

    Raises NotACursor where `after` is no place.
    """
    if after and not _is_place(after):
        raise NotACursor
    page = client("dynamodb").query(
        TableName=settings().table_name,
        KeyConditionExpression="pk = :pk" + (" AND sk > :after" if after else ""),
        ExpressionAttributeValues=to_attributes(
            {":pk": keys.submitted_pk(year), **({":after": after} if after else {})}
        ),
        ProjectionExpression="sk",
        Limit=limit,
    )
    found = [item["sk"]["S"] for item in page["Items"]]
    return tuple(map(_packet, found)), found[-1] if "LastEvaluatedKey" in page and found else None


def _is_place(text: str) -> bool:
    try:
        return bool(keys.SUBMITTED.fullmatch(text)) and _year_before(text) > 0
    except (ValueError, OverflowError):  # a day that there is not
        return False


def _year_before(place: str) -> int:
    """The year of what comes right before a place. One that names no packet comes before all packets of its second."""
    moment = datetime.fromisoformat(place.partition("#")[0])
    return (moment if "#" in place else moment - timedelta(seconds=1)).year


def _filter(words: Sequence[Sequence[str]]) -> tuple[str, dict[str, str]]:
    """Each word in one of its spellings, as DynamoDB takes a condition."""
    parts: list[str] = []
    bound: dict[str, str] = {}
    for n, spellings in enumerate(words):
        names = [f":w{n}s{m}" for m in range(len(spellings))]
        bound |= dict(zip(names, spellings, strict=True))
        parts.append("(" + " OR ".join(f"contains(sought_by, {name})" for name in names) + ")")
    return " AND ".join(parts), bound


def _packet(sk: str) -> str:
    return sk.partition("#")[2]
