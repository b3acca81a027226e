"""Mandates on paper, each an item in its enterprise's partition: written once, ended once, never deleted."""

from contextlib import suppress
from datetime import datetime

from kaigong.domain.model.mandate import Mandate
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import dump, fields, queried, to_attributes


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
    return [Mandate.model_validate(fields(item)) for item in queried("pk = :pk", {":pk": keys.mandates_pk(uscc)})]


def end(uscc: str, mandate: str, by: str, at: datetime) -> bool:
    """End a mandate before its term; one that was ended stays as it is. Returns whether there is one."""
    try:
        client("dynamodb").update_item(
            TableName=settings().table_name,
            Key=to_attributes(keys.mandate_key(uscc, mandate)),
            UpdateExpression="SET ended_at = if_not_exists(ended_at, :at), ended_by = if_not_exists(ended_by, :by)",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues=to_attributes({":at": at.isoformat(), ":by": by}),
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False
    return True
