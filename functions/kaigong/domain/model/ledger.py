"""The ledger of a packet: every change is an entry whose hash covers its content and the entry before (mission 14)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from .packet import LedgerEntry
from .text import Model

GENESIS = "0" * 64


class Fault(StrEnum):
    """What was done to a ledger, or to an anchor."""

    CHANGED = "changed"  # an entry's content is not what its hash covers
    REMOVED = "removed"  # an entry is missing between others
    INSERTED = "inserted"  # two entries have one number
    REORDERED = "reordered"  # an entry does not stand where its number says
    CUT_OFF = "cut-off"  # entries at the end are missing
    REWRITTEN = "rewritten"  # the chain holds in itself, and is another than the one that was anchored or noted
    FACT_CHANGED = "fact-changed"  # what a decision said is not what the entry covers
    ANCHOR_CHANGED = "anchor-changed"  # an anchor's content, signature, tree or place in the row of anchors
    NOT_ANCHORED = "not-anchored"  # an anchor that must have the packet's head has it not


class Found(Model):
    """One fault: the number of the first entry that it shows in, or of the anchor."""

    fault: Fault
    number: int


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
