"""What is read of many packets at once: headers, an enterprise's list, what is stuck, what was refused."""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pydantic import ValidationError

from kaigong.domain.model.manifest import PACKET_PATTERN
from kaigong.domain.model.packet import Header
from kaigong.domain.model.waiting import RefusedMessage, StuckReason
from kaigong.errors import Refused
from kaigong.settings import settings

from . import keys, packets
from .clients import client
from .items import LATER, all_of, fields, from_attributes, item_at, key, queried, size, to_attributes

_REASONS = {
    keys.HEADER: StuckReason.NOT_WOKEN,
    keys.LATE: StuckReason.DEADLINE,
    keys.OUTBOX: StuckReason.UNDELIVERED,
    keys.SUBMISSION: StuckReason.NOT_LOOKED_AT,
    keys.SUPERVISION: StuckReason.SUPERVISION,
}


class NotACursor(Refused):
    """What the caller gave to go on from was not given out by this list."""

    def __init__(self) -> None:
        super().__init__("列表中没有这一页；请从第一页看起。", "The list has no such page; begin with the first.")


def packets_of(uscc: str, limit: int, after: str | None = None) -> tuple[list[Header], str | None]:
    """Headers of an enterprise's packets, newest first, and where to go on, if there are more.

    A packet is listed once its first submission was taken. Raises NotACursor when `after` is not what was given out.
    """
    request: dict[str, Any] = {
        "TableName": settings().table_name,
        "IndexName": "applicant",
        "KeyConditionExpression": "gsi1pk = :pk",
        "ExpressionAttributeValues": to_attributes({":pk": keys.applicant_pk(uscc)}),
        "ScanIndexForward": False,
        "Limit": limit,
    }
    if after:
        request["ExclusiveStartKey"] = _start(uscc, after)
    page = client("dynamodb").query(**request)
    names = [keys.packet_of(item["pk"]["S"]) for item in page["Items"]]
    known = headers(names)
    found = [known[name] for name in names if name in known]
    last = page.get("LastEvaluatedKey")
    return found, _cursor(last) if last else None


def stuck(now: datetime, days: int) -> dict[str, list[StuckReason]]:
    """Packets that should have moved on in the last `days` days, with why, by id."""
    found: dict[str, list[StuckReason]] = {}
    first = datetime.combine((now - timedelta(days=days - 1)).astimezone(UTC).date(), time(), UTC)
    late = ((found.packet, found.sk) for found in packets.late(now, first))
    for packet, sk in sorted({*packets.overdue(now, days), *late}):
        reason = _REASONS[keys.kind_of(sk)]
        if reason not in found.setdefault(packet, []):
            found[packet].append(reason)
    return found


def refused(now: datetime, days: int) -> list[RefusedMessage]:
    """Messages that were refused in the last `days` days, the newest first."""
    found = []
    for back in range(days):
        condition = {":pk": keys.refused_pk((now - timedelta(days=back)).date())}
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=settings().table_name,
                IndexName="due",
                KeyConditionExpression="gsi3pk = :pk",
                ExpressionAttributeValues=to_attributes(condition),
                ScanIndexForward=False,
            )
        )
        found += [_refused(item) for page in pages for item in page["Items"]]
    return found


def _refused(item: dict[str, Any]) -> RefusedMessage:
    at, reason, department, message_id = item["gsi3sk"]["S"].split("#", 3)
    return RefusedMessage(
        about=keys.refused_about(item["pk"]["S"]),
        reason=reason,
        department=department or None,
        message_id=message_id,
        at=datetime.fromisoformat(at),
    )


def sizes(packet: str) -> dict[tuple[bool, str], list[int]]:
    """The sizes in bytes of all that the table holds of a packet, by whether it is history, and by kind."""
    found: dict[tuple[bool, str], list[int]] = {}
    for item in queried("pk = :pk", {":pk": keys.packet_pk(packet)}):
        sk = item["sk"]["S"]
        place = sk >= keys.AFTER_PACKET, keys.kind_of(sk).lstrip(keys.AFTER_PACKET)
        found.setdefault(place, []).append(size(from_attributes(item)))
    return found


def headers(packets: Iterable[str], *, readable: bool = False) -> dict[str, Header]:
    """The headers of packets, by id, in one request for each hundred; those that have none are left out.

    Raises pydantic.ValidationError for one that cannot be read, unless only those that are `readable` are asked for.
    """
    found: dict[str, Header] = {}
    for item in all_of([key(packet, keys.HEADER) for packet in packets], consistent=False):
        with suppress(ValidationError) if readable else nullcontext():
            known = Header.model_validate(fields(item), extra=LATER)
            found[known.packet] = known
    return found


def header(packet: str) -> Header | None:
    """The header of a packet; None before its first submission was taken."""
    item = item_at(key(packet, keys.HEADER), consistent=False)
    return Header.model_validate(fields(item), extra=LATER) if item else None


def _cursor(last: dict[str, Any]) -> str:
    place = [last["gsi1sk"]["S"], keys.packet_of(last["pk"]["S"])]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _start(uscc: str, cursor: str) -> dict[str, Any]:
    """The place in the index that a cursor names; always among the packets of this enterprise."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        submitted_at, packet = place
        known = keys.UTC_SECOND.fullmatch(submitted_at) and re.fullmatch(PACKET_PATTERN, packet)
    except (binascii.Error, ValueError, TypeError) as error:
        raise NotACursor from error
    if not known:
        raise NotACursor
    index = {"gsi1pk": keys.applicant_pk(uscc), "gsi1sk": submitted_at}
    return to_attributes({**index, "pk": keys.packet_pk(packet), "sk": keys.HEADER})
