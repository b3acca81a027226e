"""Mandates on paper, each an item in its enterprise's partition: written once, ended once, never deleted."""

from contextlib import suppress
from datetime import datetime

from kaigong.domain.model.mandate import Mandate
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, dump, fields, queried, to_attributes


def put(mandate: Mandate) -> None:
    """Put a mandate on record; one that says the same stays as it is."""
    item = keys.mandate_key(mandate.uscc, mandate.id) | dump(mandate)
    with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes(item),
            ConditionExpression="attribute_not_exists(pk)",
        )


def of(uscc: str) -> list[Mandate]:
    """Every mandate of an enterprise. Consistent: one that was just ended is not used."""
    return [
        Mandate.model_validate(fields(item), extra=LATER)
        for item in queried("pk = :pk", {":pk": keys.mandates_pk(uscc)})
    ]


def end(uscc: str, mandate: str, by: str, at: datetime) -> bool:
    """End a mandate before its term; one that was ended stays as it is. Returns whether there is one."""
    found = next((each for each in of(uscc) if each.id == mandate), None)
    if found is None:
        return False
    item = keys.mandate_key(uscc, mandate) | dump(found.changed(ended_at=at, ended_by=by))
    with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes(item),
            ConditionExpression="attribute_exists(pk) AND attribute_not_exists(ended_at)",
        )
    return True
