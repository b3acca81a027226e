"""Domain values to table items and back. Shapes are those of the models; nothing is written twice by hand."""

import zlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import batched
from typing import Any, Literal

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError
from pydantic import BaseModel

from kaigong.errors import NewerVersionExists
from kaigong.settings import settings

from . import keys
from .clients import client

Item = dict[str, Any]
AT_ONCE = 100  # items that DynamoDB gives out in one request
_OURS = ("pk", "sk", "expires_at")  # the last is the table's time to live
# How what was stored is read: fields that a later release added are passed over, since a deploy may be taken back.
LATER: Literal["ignore"] = "ignore"
_serializer, _deserializer = TypeSerializer(), TypeDeserializer()


def to_attributes(values: dict[str, Any]) -> dict[str, Any]:
    """Plain values in DynamoDB's notation."""
    return {name: _serializer.serialize(value) for name, value in values.items()}


def from_attributes(item: dict[str, Any]) -> dict[str, Any]:
    """A DynamoDB item as plain values."""
    return {name: _plain(_deserializer.deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Binary():
            return value.value
        case dict():
            return {k: _plain(v) for k, v in value.items()}
        case list():
            return [_plain(v) for v in value]
        case _:
            return value


def fields(item: dict[str, Any]) -> dict[str, Any]:
    """What a model wrote into a DynamoDB item: without the keys of the table and its indexes, and without its end."""
    plain = from_attributes(item)
    return {name: value for name, value in plain.items() if name not in _OURS and not name.startswith("gsi")}


def dump(value: BaseModel) -> dict[str, Any]:
    """A model's fields, without those that hold their default: an item is paid for by its size."""
    return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def packed(text: str) -> bytes:
    return zlib.compress(text.encode(), 6)


def unpacked(data: bytes) -> str:
    return zlib.decompress(data).decode()


def size(value: Any) -> int:
    """About as many bytes as DynamoDB counts for a plain item or value; never fewer."""
    match value:
        case dict():
            return 3 + sum(1 + len(name.encode()) + size(part) for name, part in value.items())
        case list() | tuple() | set() | frozenset():
            return 3 + sum(1 + size(part) for part in value)
        case str():
            return len(value.encode())
        case bytes():
            return len(value)
        case _:
            return 21  # the longest number


def all_of(places: Iterable[dict[str, Any]], *, consistent: bool = True) -> list[dict[str, Any]]:
    """The items that are at these keys, in one request for each hundred; in no order."""
    found: list[dict[str, Any]] = []
    for some in batched(places, AT_ONCE):
        asked: dict[str, Any] = {settings().table_name: {"Keys": some, "ConsistentRead": consistent}}
        while asked:
            answer = client("dynamodb").batch_get_item(RequestItems=asked)
            found += answer["Responses"].get(settings().table_name, [])
            asked = answer.get("UnprocessedKeys", {})
    return found


def item_at(place: dict[str, Any], *, consistent: bool = True) -> dict[str, Any] | None:
    """The item that is at this key, in DynamoDB's notation; None: there is none."""
    found = client("dynamodb").get_item(TableName=settings().table_name, Key=place, ConsistentRead=consistent)
    return dict(found["Item"]) if "Item" in found else None


def key(packet: str, sk: str) -> dict[str, Any]:
    return to_attributes({"pk": keys.packet_pk(packet), "sk": sk})


def queried(condition: str, bound: dict[str, Any], *, consistent: bool = True) -> Iterator[dict[str, Any]]:
    """The items of one partition that a Query finds, page after page, in the order of their keys."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().table_name,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_attributes(bound),
            ConsistentRead=consistent,
        )
    )
    return (item for page in pages for item in page["Items"])


def by_department(condition: str, bound: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One page of the index `department`."""
    page = client("dynamodb").query(
        TableName=settings().table_name,
        IndexName="department",
        KeyConditionExpression=condition,
        ExpressionAttributeValues=to_attributes(bound),
        **more,
    )
    return dict(page)


def list_of(pk: str, most: int, after: str | None = None) -> tuple[list[dict[str, Any]], str | None]:
    """So many items of one partition of the index `department`, behind a place; and where to go on, if there are more.

    The place is the index's own key, in characters that an address takes as they are.
    """
    condition, bound = "gsi2pk = :pk", {":pk": pk}
    if after:
        condition, bound = f"{condition} AND gsi2sk > :after", {**bound, ":after": keys.from_place(after)}
    page = by_department(condition, bound, Limit=most)
    more = keys.as_place(page["Items"][-1]["gsi2sk"]["S"]) if "LastEvaluatedKey" in page else None
    return page["Items"], more


def transact(writes: Iterable[dict[str, Any]]) -> None:
    """Write all of it or nothing. Raises NewerVersionExists where somebody else was faster."""
    try:
        client("dynamodb").transact_write_items(TransactItems=list(writes))
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("TransactionCanceledException", "TransactionConflictException"):
            raise
        reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
        if reasons <= {"None", "ConditionalCheckFailed", "TransactionConflict"}:
            raise NewerVersionExists(
                "材料包已被更新，请重新读取。", "The packet changed meanwhile; read it again."
            ) from error
        raise


def put_once(packet: str, sk: str, values: dict[str, Any]) -> dict[str, Any] | None:
    """Put an item of a packet that may come twice. Returns the fields of the item that was there before, if any; then
    nothing is written.
    """
    there = put_first({"pk": keys.packet_pk(packet), "sk": sk, **values})
    return fields(there) if there else None


def put_first(item: dict[str, Any]) -> dict[str, Any] | None:
    """Put an item where none has its key. Returns the one that was there, in DynamoDB's notation; else None."""
    try:
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes(item),
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        return None
    except client("dynamodb").exceptions.ConditionalCheckFailedException as error:
        return dict(error.response["Item"])
