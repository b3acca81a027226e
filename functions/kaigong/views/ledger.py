"""The ledger of a packet (办理档案): whether its chain holds, and its entries as people read them.

Source: mission 14 (the ledger).
"""

from collections.abc import Iterable
from datetime import datetime

from pydantic import Field

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.ledger import first_break
from kaigong.domain.model.packet import LedgerEntry, Packet
from kaigong.domain.model.text import Model, Text

from . import words
from .ledger_words import Line, said
from .words.ledger import SHORT


class Ledger(Model):
    """The ledger of a packet, and whether its chain of hashes holds."""

    packet: str
    holds: bool
    first_break: int | None = Field(description="Number of the first entry that was changed, removed or moved.")
    entries: tuple[LedgerEntry, ...]


def ledger(packet: Packet, entries: Iterable[LedgerEntry]) -> Ledger:
    """The ledger with its check. `entries` are those stored, in order, read after the packet.

    A ledger whose end was cut off still chains, so the packet's own note of its newest entry is compared too.
    """
    kept = tuple(entries)
    broken = first_break(kept)
    noted, head = (packet.header.ledger_seq, packet.header.ledger_hash) if packet.header else (0, "")
    if broken is None and noted > len(kept):
        broken = len(kept) + 1
    elif broken is None and noted and kept[noted - 1].hash != head:
        broken = noted
    return Ledger(packet=packet.packet, holds=broken is None, first_break=broken, entries=kept)


class Row(Model):
    """One entry in words. `doubtful`: the chain does not hold from here on."""

    seq: int
    at: datetime
    lines: tuple[Line, ...]
    short: str
    doubtful: bool


class Record(Model):
    """The ledger in words, oldest entry first. `head` is the newest entry's hash; empty: there is none."""

    rows: tuple[Row, ...]
    holds: bool
    checked: Text
    head: str


def record(found: Ledger, catalogue: Catalogue) -> Record:
    """A ledger as people read it."""
    return Record(
        rows=tuple(_row(entry, found.first_break, catalogue) for entry in found.entries),
        holds=found.holds,
        checked=_checked(found),
        head=found.entries[-1].hash if found.entries else "",
    )


def _checked(found: Ledger) -> Text:
    if found.first_break is None:
        return words.ledger.holds(len(found.entries))
    return words.ledger.broken(found.first_break)


def _row(entry: LedgerEntry, broken: int | None, catalogue: Catalogue) -> Row:
    lines = tuple(said(event, catalogue) for event in entry.events)
    doubtful = broken is not None and entry.seq >= broken
    return Row(seq=entry.seq, at=entry.at, lines=lines, short=entry.hash[:SHORT], doubtful=doubtful)
