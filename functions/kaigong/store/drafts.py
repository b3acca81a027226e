"""Drafts: applications on their way. Each is one item, written by the portal alone, whole, and never by two at once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from kaigong.domain.model.draft import Draft
from kaigong.errors import NewerVersionExists
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, all_of, dump, fields, item_at, to_attributes

HANDED_IN_LISTED = 20  # of the drafts that were handed in, so many of the newest are looked at


def put(draft: Draft, kept: timedelta | None = None) -> None:
    """Keep a draft that follows on the version stored, or a new one; until it is handed in for so long at most.

    Raises NewerVersionExists where another version was stored meanwhile, or another draft has this id; nothing is
    written then.
    """
    handed_in = draft.handed_in is not None
    item = {
        **keys.draft_key(draft.packet),
        **dump(draft),
        "version": draft.version,
        **keys.drafts_index(draft.owner, draft.updated_at, handed_in=handed_in),
    }
    if kept and not handed_in:
        item["expires_at"] = int((draft.updated_at + kept).timestamp())
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if draft.version > 1:
        values = {":before": draft.version - 1, ":owner": draft.owner}
        condition = {
            "ConditionExpression": "version = :before AND #owner = :owner",
            "ExpressionAttributeNames": {"#owner": "owner"},
            "ExpressionAttributeValues": to_attributes(values),
        }
    try:
        client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item), **condition)
    except client("dynamodb").exceptions.ConditionalCheckFailedException as error:
        raise NewerVersionExists(
            "这份申请已在别处保存过，请核对后再保存。",
            "This application was saved elsewhere meanwhile; compare and save again.",
        ) from error


def load(packet: str) -> Draft | None:
    """The draft of this id as it was last saved, if there is one."""
    item = item_at(to_attributes(keys.draft_key(packet)))
    return _draft(item) if item else None


def of(uscc: str) -> list[Draft]:
    """An enterprise's drafts, newest first: every one that was not handed in, then the newest that were."""
    listed = (*_names(uscc, keys.OPEN_DRAFTS), *_names(uscc, keys.HANDED_IN_DRAFTS, HANDED_IN_LISTED))
    names = dict.fromkeys(listed)  # one that is handed in meanwhile may be in both
    drafts = map(_draft, all_of(to_attributes(keys.draft_key(name)) for name in names))
    found = {draft.packet: draft for draft in drafts}
    return [found[name] for name in names if name in found]


def _draft(item: dict[str, Any]) -> Draft:
    return Draft.model_validate(fields(item), extra=LATER)


def _names(uscc: str, group: str, limit: int | None = None) -> Iterator[str]:
    values = {":pk": keys.drafts_pk(uscc), ":group": group}
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().table_name,
            IndexName="applicant",
            KeyConditionExpression="gsi1pk = :pk AND begins_with(gsi1sk, :group)",
            ExpressionAttributeValues=to_attributes(values),
            ScanIndexForward=False,
            PaginationConfig={"MaxItems": limit},
        )
    )
    return (keys.draft_of(item["pk"]["S"]) for page in pages for item in page["Items"])
