"""Refusal slips: each an item of its own, written once, found by its number and by the enterprise."""

from contextlib import suppress

from kaigong.domain.model.slip import Slip
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, all_of, dump, fields, item_at, to_attributes

LISTED = 20  # the newest of an enterprise


def put(slip: Slip) -> None:
    """Put a slip on record; the same one again stays as it is."""
    index = keys.slips_index(slip.uscc, slip.at) if slip.uscc else {}
    with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes({**keys.slip_key(slip.number), **dump(slip), **index}),
            ConditionExpression="attribute_not_exists(pk)",
        )


def load(number: str) -> Slip | None:
    item = item_at(to_attributes(keys.slip_key(number)))
    return Slip.model_validate(fields(item), extra=LATER) if item else None


def of(uscc: str) -> list[Slip]:
    """The newest slips of an enterprise, newest first."""
    page = client("dynamodb").query(
        TableName=settings().table_name,
        IndexName="applicant",
        KeyConditionExpression="gsi1pk = :pk",
        ExpressionAttributeValues=to_attributes({":pk": keys.slips_pk(uscc)}),
        ScanIndexForward=False,
        Limit=LISTED,
    )
    places = [{"pk": item["pk"], "sk": item["sk"]} for item in page["Items"]]
    return sorted(
        (Slip.model_validate(fields(item), extra=LATER) for item in all_of(places)), key=lambda s: s.at, reverse=True
    )
