"""What is verified: a document by its hash, by the number on it or by itself, and the ledger of a packet.

Nothing that is sent here is kept. `views/verification` says what a document is worth, `domain/flow/verification` what
was done to a ledger.
"""

import hashlib
from collections.abc import Iterable

from kaigong.contract.verification import Proof, ProofEntry, ProofFault, VerifyRequest, numbers_in, signature_holds
from kaigong.domain.flow.verification import Anchored, altered_facts, faults, not_anchored
from kaigong.domain.model.anchor import Place, SignedAnchor, part_of, place, root
from kaigong.domain.model.documents import JOINT_RESULT, IssuedDocument
from kaigong.domain.model.ledger import Found
from kaigong.domain.model.packet import LedgerEntry, Packet
from kaigong.domain.words import names
from kaigong.portal.observe import logger
from kaigong.store import anchors, documents, packets
from kaigong.views import verification
from kaigong.views.verification import Verified

# a document


def document(asked: VerifyRequest) -> Verified:
    """What is known of a document, by whatever of it was given."""
    sha256 = hashlib.sha256(asked.content).hexdigest() if asked.content is not None else asked.sha256
    if sha256 and (found := documents.of(sha256)):
        return _standing(found)
    numbers = [asked.number] if asked.number else numbers_in(asked.content or b"")
    for number in numbers:
        if newest := _newest(packets.load_shown(number)):
            return verification.changed(newest) if sha256 else _standing(newest)
    return verification.unknown(by_number=sha256 is None)


def _standing(found: IssuedDocument) -> Verified:
    packet = packets.load_shown(found.packet)
    return verification.issued(found, packet, _result(packet) if found.kind == JOINT_RESULT else None)


def _newest(packet: Packet) -> IssuedDocument | None:
    """What stands for a packet: its joint result, else what was issued last."""
    newest = max(packet.documents.values(), key=lambda made: made.at, default=None)
    return _result(packet) or (documents.of(newest.documents[0].sha256) if newest else None)


def _result(packet: Packet) -> IssuedDocument | None:
    known = packet.issued
    if known is None:
        return None
    return IssuedDocument(
        sha256=known.sha256, packet=packet.packet, kind=JOINT_RESULT, key=known.key, issued_at=known.issued_at
    )


# a ledger


def proof(packet: Packet) -> Proof:
    """The ledger of a packet (with its history), compared with every anchor that must have it."""
    entries = packets.ledger(packet.packet)
    covering, last = anchors.after(entry.at for entry in entries)
    signed = {each.anchor.number: each for each in (*covering.values(), *filter(None, (last,)))}
    places = {number: _place(packet.packet, each) for number, each in signed.items()}
    noted = (packet.header.ledger_seq, packet.header.ledger_hash) if packet.header else (0, "")
    anchored = [
        Anchored(anchor=signed[number].anchor, place=found, holds=_holds(signed[number]))
        for number, found in places.items()
        if found
    ]
    by_entry = {e.seq: places[covering[e.at].anchor.number] for e in entries if e.at in covering}
    found = [*faults(entries, noted, anchored), *not_anchored(entries, by_entry), *altered_facts(packet, entries)]
    if found:
        logger.error("a ledger does not hold", packet=packet.packet, faults=[f.fault.value for f in found])
    newest = max((number for number, known in places.items() if known), default=None)
    return _proof(packet.packet, entries, found, signed.get(newest or 0), places.get(newest or 0))


def _proof(
    packet: str, entries: Iterable[LedgerEntry], found: Iterable[Found], newest: SignedAnchor | None, at: Place | None
) -> Proof:
    return Proof(
        packet=packet,
        entries=tuple(
            ProofEntry(seq=e.seq, at=e.at.isoformat(), events=e.events, previous=e.previous, hash=e.hash)
            for e in entries
        ),
        place=at,
        anchor=newest.anchor if newest else None,
        signature=newest.signature if newest else None,
        public_key=newest.public_key if newest else None,
        faults=tuple(ProofFault(fault=f.fault, number=f.number, text=names.FAULTS[f.fault]) for f in found),
    )


def _place(packet: str, signed: SignedAnchor) -> Place | None:
    index = part_of(packet, len(signed.parts))
    return place(packet, anchors.part(signed.anchor.number, index, signed.parts[index]), signed.parts)


def _holds(signed: SignedAnchor) -> bool:
    """Whether an anchor is what was signed, with the city's key."""
    if signed.public_key != anchors.public_key() or root(signed.parts) != signed.anchor.root:
        return False
    return signature_holds(signed, signed.public_key)
