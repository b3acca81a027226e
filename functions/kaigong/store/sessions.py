"""Sessions of pages, behind a random mark that the browser keeps in a cookie.

The table has only the hash of the mark, so that who reads it can be nobody; and what a session holds (who it is, the
refresh token) is encrypted by a key that is made of the mark, so that only table and browser together open it
(AES-256-GCM). What is in the clear is when it was issued, last used and last confirmed.

    SESSION#<hash of the mark>     the session, or the stone where one was
    SIGNED-OUT#<hash of sub, sid>  until when the issuer has ended a user's sessions, or one of them

Nothing is deleted: an ended session is written over, so that whoever still renews it finds that it is over.
"""

import hashlib
import hmac
import json
import secrets
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kaigong.domain.model.text import Model
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, all_of, from_attributes, item_at, to_attributes

MARK_BYTES = 32
_NONCE = 12  # bytes, as AES-GCM has them


class Session(Model):
    """A session as it was read or is to be kept. `version` counts its changes; times are UTC."""

    version: int = 1
    issued_at: datetime  # when the issuer made its ID token, by its own clock
    seen_at: datetime  # when it was used, to the minute
    checked_at: datetime  # when the issuer last stood by it
    asked_at: datetime | None = None  # since when somebody asks the issuer again
    ends_at: datetime
    caller: str  # who it is, as JSON
    account: str  # the issuer's id of the user (`sub`)
    sid: str = ""  # the issuer's name of its own session, where it has one
    refresh_token: str = ""
    strong: bool = False  # whether the sign-in showed what officers must show


_CLEAR = frozenset({"version", "issued_at", "seen_at", "checked_at", "asked_at", "ends_at"})


def new_mark() -> str:
    return secrets.token_urlsafe(MARK_BYTES)


def begin(mark: str, session: Session) -> None:
    """Keep a session that begins."""
    _put(mark, session, "attribute_not_exists(pk)", {})


def read(mark: str) -> Session | None:
    """The session of this mark; None where there is none, or it was ended. It may be a second old: so is the cheap
    read. One that is not there is looked for once more, since a sign-in leads here at once.
    """
    place = to_attributes(keys.session_key(mark))
    item = item_at(place, consistent=False) or item_at(place)
    return _opened(mark, from_attributes(item)) if item else None


def save(mark: str, session: Session) -> bool:
    """Keep a changed session, of the version before this one. False: somebody was faster, or it was ended."""
    try:
        _put(mark, session, "version = :before", {":before": session.version - 1})
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False
    return True


def end(mark: str, until: datetime) -> None:
    """End a session. Its stone lies until it would have ended by itself."""
    item = {**keys.session_key(mark), "expires_at": _epoch(until)}
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


def sign_out(whom: str, at: datetime) -> None:
    """The issuer ended the sessions that began up to `at`, by its clock: of a user, or one of its own
    (`signed_out_of`).

    Saying so again changes nothing, and an earlier word does not undo a later one.
    """
    until = at + settings().session_lasts
    item = {**keys.signed_out_key(whom), "at": int(at.timestamp()), "expires_at": _epoch(until)}
    try:
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes(item),
            ConditionExpression="attribute_not_exists(pk) OR #at < :at",
            ExpressionAttributeNames={"#at": "at"},  # a reserved word
            ExpressionAttributeValues=to_attributes({":at": item["at"]}),
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return


def is_signed_out(session: Session) -> bool:
    """Whether the issuer has ended this session since it began."""
    places = [to_attributes(keys.signed_out_key(whom)) for whom in signed_out_of(session.account, session.sid)]
    found = [from_attributes(item)["at"] for item in all_of(places)]
    return any(at >= int(session.issued_at.timestamp()) for at in found)


def signed_out_of(account: str, sid: str) -> list[str]:
    """Whom a word of the issuer's may be about: a user, a session of its own."""
    return [f"{kind}\n{value}" for kind, value in (("sub", account), ("sid", sid)) if value]


def _put(mark: str, session: Session, condition: str, bound: dict[str, Any]) -> None:
    place = keys.session_key(mark)
    clear = session.model_dump(mode="json", include=set(_CLEAR), exclude_none=True)
    kept = {**place, **clear, "sealed": _sealed(mark, place["pk"], session), "expires_at": _epoch(session.ends_at)}
    client("dynamodb").put_item(
        TableName=settings().table_name,
        Item=to_attributes(kept),
        ConditionExpression=condition,
        **({"ExpressionAttributeValues": to_attributes(bound)} if bound else {}),
    )


def _opened(mark: str, item: dict[str, Any]) -> Session | None:
    """None for the stone of one that was ended, and for what was not sealed by this mark, in this place."""
    if "sealed" not in item:
        return None
    try:
        hidden = _cipher(mark).decrypt(item["sealed"][:_NONCE], item["sealed"][_NONCE:], item["pk"].encode())
    except InvalidTag:
        return None
    clear = {name: item[name] for name in _CLEAR if name in item}
    return Session.model_validate({**json.loads(hidden), **clear}, extra=LATER)


def _sealed(mark: str, place: str, session: Session) -> bytes:
    nonce, hidden = secrets.token_bytes(_NONCE), session.model_dump_json(exclude=set(_CLEAR))
    return nonce + _cipher(mark).encrypt(nonce, hidden.encode(), place.encode())


def _cipher(mark: str) -> AESGCM:
    """By a key made of the mark, which is as random as a key: nothing has to be stretched."""
    return AESGCM(hmac.new(mark.encode(), b"session", hashlib.sha256).digest())


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
