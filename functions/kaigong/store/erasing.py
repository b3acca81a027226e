"""What of an application that was never handed in is erased: all of it, since nothing was decided on it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import batched
from typing import Any

from kaigong.domain.model.draft import Draft
from kaigong.settings import settings

from . import files, keys
from .clients import client
from .items import key, queried, to_attributes

_AT_ONCE = 90  # items of one transaction, with what it is conditional on


def erase(packet: str, draft: Draft | None, before: datetime) -> bool:
    """Erase the draft, every item and every version of every file. May be done again, and goes on where it died: as
    long as a file lies there it is found, so the files go last.

    Returns False where something came since `before`, or meanwhile: it is worked on, and stays. So does whatever has a
    manifest, or after the loss of a table everything there is would look as if nobody had ever handed it in.
    """
    versions = list(files.versions(packet))
    if any(version.at > before or version.key == keys.manifest_key(packet) for version in versions):
        return False
    found = [item["sk"]["S"] for item in queried("pk = :pk", {":pk": keys.packet_pk(packet)})]
    if any(keys.kind_of(sk) in (keys.HEADER, keys.SUBMISSION) for sk in found):
        return False
    api = client("dynamodb")
    try:
        for some in batched(_deletes(packet, draft, found), _AT_ONCE):
            api.transact_write_items(TransactItems=[_never_looked_at(packet), *some])
    except (api.exceptions.TransactionCanceledException, api.exceptions.TransactionConflictException):
        return False
    files.delete(versions)
    return True


def _deletes(packet: str, draft: Draft | None, found: list[str]) -> Iterator[dict[str, Any]]:
    """The draft first, as it was when it was judged: who saves or hands in later finds that it is gone."""
    table = settings().table_name
    if draft is not None:
        yield {
            "Delete": {
                "TableName": table,
                "Key": to_attributes(keys.draft_key(packet)),
                "ConditionExpression": "attribute_not_exists(pk) OR version = :before",
                "ExpressionAttributeValues": to_attributes({":before": draft.version}),
            }
        }
    yield from ({"Delete": {"TableName": table, "Key": key(packet, sk)}} for sk in found)


def _never_looked_at(packet: str) -> dict[str, Any]:
    return {
        "ConditionCheck": {
            "TableName": settings().table_name,
            "Key": key(packet, keys.HEADER),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
