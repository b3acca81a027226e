"""Whether a packet's ledger is what it was: each way in which it can be tampered with is found, and named.

Three things are compared: the ledger with itself (each hash covers the entry and the one before), with what the packet
notes of it, and with the signed anchors outside the table. Source: mission 14 (a record that nobody can alter unseen).
"""

from collections.abc import Iterable, Mapping, Sequence

from kaigong.domain.model.anchor import Anchor, Head, Place, SignedAnchor, leads_there, root
from kaigong.domain.model.ledger import GENESIS, Fault, Found, chain, fingerprint
from kaigong.domain.model.packet import LedgerEntry, Packet
from kaigong.domain.model.text import Model


class Anchored(Model):
    """A packet's head in an anchor. `holds`: the anchor's signature does, and it follows the one before."""

    anchor: Anchor
    place: Place
    holds: bool = True


def faults(entries: Sequence[LedgerEntry], noted: tuple[int, str], anchored: Iterable[Anchored] = ()) -> list[Found]:
    """What is wrong with a ledger as it is stored. `noted`: number and hash of its newest entry, as the packet says."""
    good, bad = list[Anchored](), list[Anchored]()
    for each in anchored:
        (good if each.holds and leads_there(each.place, each.anchor) else bad).append(each)
    heads = [(each.place.seq, each.place.hash) for each in good]
    found = compared(entries, noted, heads)
    return found + [Found(fault=Fault.ANCHOR_CHANGED, number=each.anchor.number) for each in bad]


def compared(entries: Sequence[LedgerEntry], noted: tuple[int, str], heads: Iterable[tuple[int, str]]) -> list[Found]:
    """The same with heads (number and hash of an entry) that anchors are known to have."""
    if broken := _in_itself(entries):
        return [broken]
    found = [_compared(entries, *noted)] if noted[0] else []
    found += [_compared(entries, seq, digest) for seq, digest in heads]
    return list(dict.fromkeys(f for f in found if f))


def _in_itself(entries: Sequence[LedgerEntry]) -> Found | None:
    """The first fault that the chain itself shows."""
    previous, numbers = GENESIS, [entry.seq for entry in entries]
    for expected, entry in enumerate(entries, start=1):
        if entry != chain(entry.seq, entry.previous, entry.events, entry.at):
            return Found(fault=Fault.CHANGED, number=expected)
        if entry.seq != expected:
            if numbers.count(entry.seq) > 1:
                return Found(fault=Fault.INSERTED, number=expected)
            return Found(fault=Fault.REORDERED if expected in numbers else Fault.REMOVED, number=expected)
        if entry.previous != previous:  # a whole entry was put in place of another
            return Found(fault=Fault.REWRITTEN, number=expected - 1)
        previous = entry.hash
    return None


def _compared(entries: Sequence[LedgerEntry], seq: int, digest: str) -> Found | None:
    if seq > len(entries):
        return Found(fault=Fault.CUT_OFF, number=len(entries) + 1)
    return Found(fault=Fault.REWRITTEN, number=seq) if entries[seq - 1].hash != digest else None


def altered_facts(packet: Packet, entries: Iterable[LedgerEntry]) -> list[Found]:
    """Entries that cover what a department said, a supervisor found or a policy gave, where the packet has no such
    words. `packet` with its history.
    """
    decided = (packet.decisions, packet.retracted, packet.procedures, packet.revocations)
    known = {fingerprint(fact) for facts in (*decided, packet.supervised, packet.benefits) for fact in facts.values()}
    return [
        Found(fault=Fault.FACT_CHANGED, number=entry.seq)
        for entry in entries
        if any("fact" in event and event["fact"] not in known for event in entry.events)
    ]


def not_anchored(entries: Iterable[LedgerEntry], covering: Mapping[int, Place | Head | None]) -> list[Found]:
    """Entries that an anchor must cover and does not: they are not from when they say. `covering`: by the number of an
    entry, the packet's place in the anchor that followed it; entries that none followed yet are left out.
    """
    found = ((entry.seq, covering[entry.seq]) for entry in entries if entry.seq in covering)
    missing = [seq for seq, place in found if place is None or place.seq < seq]
    return [Found(fault=Fault.NOT_ANCHORED, number=min(missing))] if missing else []


def anchor_faults(anchors: Sequence[SignedAnchor], holds: Iterable[bool]) -> list[Found]:
    """What is wrong with anchors that follow one another. `holds`: whether each one's signature does."""
    found, previous = [], anchors[0].anchor.previous if anchors else ""
    for number, (signed, valid) in enumerate(zip(anchors, holds, strict=True), start=_first(anchors)):
        whole = valid and signed.anchor.number == number and signed.anchor.previous == previous
        if not whole or root(signed.parts) != signed.anchor.root:
            found.append(Found(fault=Fault.ANCHOR_CHANGED, number=number))
        previous = signed.anchor.hash
    return found


def _first(anchors: Sequence[SignedAnchor]) -> int:
    return anchors[0].anchor.number if anchors else 1
