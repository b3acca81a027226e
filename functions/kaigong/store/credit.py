"""What is known of an enterprise's credit: the platform's newest record, what any of its records said of who the
enterprise is, and breaches that were put on record here.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from kaigong.domain.model.messages import CreditRecord
from kaigong.domain.model.packet import Breach
from kaigong.domain.model.standing import Said, Standing, on_record, said_by
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, dump, fields, queried, to_attributes

_NEWEST = "attribute_not_exists(pk) OR published < :published OR published = :published AND id = :id"
_SAID_LAST = "attribute_not_exists(pk) OR published < :published"


def record(credit: CreditRecord, heard_at: datetime) -> bool:
    """Keep a record unless a later published one is there. Returns whether it was kept.

    The same record again counts as kept: whoever died before acting on it acts now, and the platform was heard anew.
    """
    _remember(credit)
    published = _published(credit.published_at)
    item = {**keys.credit_key(credit.uscc), **dump(credit), "published": published, "heard_at": heard_at.isoformat()}
    try:
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes(item),
            ConditionExpression=_NEWEST,
            ExpressionAttributeValues=to_attributes({":published": published, ":id": credit.id}),
        )
        return True
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False


def _remember(credit: CreditRecord) -> None:
    """Keep what the record says of who the enterprise is, field by field, whatever record comes first: one that leaves
    a field out says nothing of it.
    """
    for said in said_by(credit):
        published = _published(said.at)
        place = {"pk": keys.credit_pk(credit.uscc), "sk": keys.said_sk(said.field)}
        with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):  # a later record said it, or this
            client("dynamodb").put_item(
                TableName=settings().table_name,
                Item=to_attributes({**place, **dump(said), "published": published}),
                ConditionExpression=_SAID_LAST,
                ExpressionAttributeValues=to_attributes({":published": published}),
            )


def _published(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def standing(uscc: str) -> Standing:
    """What is known of an enterprise, in one Query. Consistent: a packet is looked at right after its record came."""
    newest, heard_at, breaches, known = None, None, list[Breach](), list[Said]()
    for item in queried("pk = :pk", {":pk": keys.credit_pk(uscc)}):
        values, sk = fields(item), item["sk"]["S"]
        values.pop("published", None)
        if sk.startswith(keys.said_sk("")):
            known.append(Said.model_validate(values, extra=LATER))
        elif sk == keys.RECORD:
            heard_at = values.pop("heard_at", None)
            newest = CreditRecord.model_validate(values, extra=LATER)
        else:
            breaches += [Breach.model_validate(breach, extra=LATER) for breach in values["breaches"]]
    return on_record(newest, breaches, heard_at and datetime.fromisoformat(heard_at), known)


def recent_packets(uscc: str, since: datetime) -> Iterator[str]:
    """Packets of an enterprise that were first submitted after `since`: a new record may concern them."""
    first = keys.applicant_index(uscc, since)
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().table_name,
            IndexName="applicant",
            KeyConditionExpression="gsi1pk = :pk AND gsi1sk >= :since",
            ExpressionAttributeValues=to_attributes({":pk": first["gsi1pk"], ":since": first["gsi1sk"]}),
        )
    )
    return (keys.packet_of(item["pk"]["S"]) for page in pages for item in page["Items"])
