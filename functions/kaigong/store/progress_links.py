"""Links to the public progress of packets: a token that nobody can guess opens one packet's public view.

A packet has one from its acceptance on, so that its receipt can show it; the portal makes others when it is asked to.
Two items, of which no decision reads anything. `PROGRESS#<sha256 of the token>` names the packet and is what a scan
looks up: while it is there without `withdrawn`, the link opens. The packet's `PROGRESS-LINK` holds the token itself, so
that the receipt can be printed again; who may read the packet's partition sees more than the link would show. Nothing
is deleted: a link that was withdrawn stays withdrawn.
"""

import secrets
from datetime import datetime
from typing import Any

from kaigong.domain.model.text import Model
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, dump, fields, item_at, key, to_attributes

TOKEN_BYTES = 24  # 192 bits: 32 characters of the URL alphabet


class ProgressLink(Model):
    """The link of a packet as it is now."""

    token: str
    since: datetime
    withdrawn_at: datetime | None = None


def of(packet: str) -> ProgressLink | None:
    """The link of a packet that opens; None where there is none, or it was withdrawn."""
    kept = _kept(packet)
    return kept if kept and kept.withdrawn_at is None else None


def create(packet: str, now: datetime) -> ProgressLink:
    """The link of a packet: the one that opens already, else a new one. Two at the same time give the same."""
    kept = _kept(packet)
    return kept if kept and kept.withdrawn_at is None else _made(packet, now, kept)


def _made(packet: str, now: datetime, kept: ProgressLink | None) -> ProgressLink:
    """A new link instead of none, or of one that was withdrawn."""
    made = ProgressLink(token=secrets.token_urlsafe(TOKEN_BYTES), since=now)
    # The lookup first: where we die in between, it opens by a token that nobody was ever told.
    _put({**keys.progress_key(made.token), "packet": packet})
    if _keep(packet, made, kept):
        return made
    won = _kept(packet)
    if won is None or won.withdrawn_at is not None:  # made and withdrawn again meanwhile
        return create(packet, now)
    return won


def ensure(packet: str, now: datetime) -> None:
    """Make the link of a packet where there never was one. One that was withdrawn stays so; another is asked for."""
    if _kept(packet) is None:
        _made(packet, now, None)


def withdraw(packet: str, now: datetime) -> None:
    """Close the link of a packet, if one opens. What was printed with it opens nothing from here on."""
    kept = _kept(packet)
    if kept is None:
        return
    # The lookup first, and also where the packet's item says that it is done: a death in between leaves nothing open.
    _put({**keys.progress_key(kept.token), "withdrawn": True})
    if kept.withdrawn_at is None:
        _keep(packet, kept.changed(withdrawn_at=now), kept)


def packet_of(token: str) -> str | None:
    """The packet whose link this is; None for a token that opens nothing, whatever the reason."""
    item = item_at(to_attributes(keys.progress_key(token)))
    values = fields(item) if item else {}
    return values.get("packet") if not values.get("withdrawn") else None


def _kept(packet: str) -> ProgressLink | None:
    item = item_at(key(packet, keys.PROGRESS_LINK))
    return ProgressLink.model_validate(fields(item), extra=LATER) if item else None


def _keep(packet: str, link: ProgressLink, instead_of: ProgressLink | None) -> bool:
    """Note a packet's link, unless somebody else changed it since it was read. Returns whether it was noted."""
    item = {"pk": keys.packet_pk(packet), "sk": keys.PROGRESS_LINK, **dump(link)}
    unchanged: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if instead_of is not None:
        unchanged = {
            "ConditionExpression": "#token = :token AND attribute_not_exists(withdrawn_at)",
            "ExpressionAttributeNames": {"#token": "token"},  # a reserved word
            "ExpressionAttributeValues": to_attributes({":token": instead_of.token}),
        }
        if instead_of.withdrawn_at is not None:
            unchanged["ConditionExpression"] = "#token = :token AND attribute_exists(withdrawn_at)"
    try:
        _put(item, **unchanged)
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False
    return True


def _put(item: dict[str, Any], **condition: Any) -> None:
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item), **condition)
