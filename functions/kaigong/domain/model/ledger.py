"""The ledger of a packet: every change is an entry whose hash covers its content and the entry before (mission 14)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from .packet import LedgerEntry

GENESIS = "0" * 64


def canonical(value: Any) -> bytes:
    """The one JSON text of a value that hashes and signatures cover: names in order, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chain(seq: int, previous: str, events: tuple[dict[str, Any], ...], at: datetime) -> LedgerEntry:
    """The entry that follows the one with number `seq - 1` and hash `previous`."""
    content = canonical({"seq": seq, "at": at.isoformat(), "events": events, "previous": previous})
    return LedgerEntry(seq=seq, at=at, events=events, previous=previous, hash=hashlib.sha256(content).hexdigest())


def fingerprint(value: BaseModel) -> str:
    """The SHA-256 of a record: the ledger can prove what it said without saying it.

    Over the record's JSON without what holds its default, so that a later field that nobody filled in changes nothing.
    """
    return hashlib.sha256(canonical(value.model_dump(mode="json", exclude_defaults=True))).hexdigest()


def first_break(entries: Iterable[LedgerEntry]) -> int | None:
    """The number of the first entry that was changed, removed or moved; None where the chain holds."""
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.seq != expected or entry != chain(expected, previous, entry.events, entry.at):
            return expected
        previous, expected = entry.hash, expected + 1
    return None
