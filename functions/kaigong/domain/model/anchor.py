"""Anchors of the ledgers: what all packets' ledgers had come to, signed once a day (mission 14).

A ledger proves that its entries follow one another. Who may write the whole table could write a packet's ledger anew
from end to end; an anchor outside the table says what its newest entry was. The heads of all ledgers that moved are the
leaves of a Merkle tree as in RFC 6962, in parts small enough that one head's place is proven by reading one of them.
`docs/verify.py` checks the same without this code: what is hashed here is a format.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import Field

from .ledger import canonical
from .text import Model

COMMITTED = timedelta(minutes=10)  # an entry is in the table by so long after the time that it names
PART = 1024  # choice: leaves of a part at most, on average; a proof reads one part, some 130 KB
Side = Literal["left", "right"]
Path = tuple[tuple[Side, str], ...]


class Head(NamedTuple):
    """How far the ledger of a packet had come: the number and the hash of its newest entry."""

    packet: str
    seq: int
    hash: str


class DrawTold(Model):
    """The seed of a day's draw of who is inspected and by whom; until its day is over, its SHA-256 alone."""

    day: date
    sha256: str
    seed: str | None = None


class Anchor(Model):
    """What is signed. `previous` is the hash of the anchor before, so that none can be left out."""

    schema_: Literal["kaigong/anchor/1"] = Field(default="kaigong/anchor/1", alias="schema")
    number: int
    previous: str
    since: datetime  # what moved between these two moments is in it
    until: datetime
    heads: int
    root: str
    draws: tuple[DrawTold, ...] = ()

    @property
    def content(self) -> bytes:
        return canonical(self.model_dump(mode="json", by_alias=True))

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class SignedAnchor(Model):
    """An anchor as it is kept, write-once: with the signature, and the roots of the tree's parts."""

    anchor: Anchor
    signature: str  # ECDSA on P-256 over the SHA-256 of the content, DER in base64
    public_key: str  # that it is checked with: DER (SubjectPublicKeyInfo) in base64
    parts: tuple[str, ...]


class Place(Model):
    """A head's place in an anchor: the hashes on the way from the leaf to the root, and on which side each stands."""

    packet: str
    seq: int
    hash: str
    path: Path


def leaf(head: Head) -> str:
    return hashlib.sha256(b"\0" + canonical({"packet": head.packet, "seq": head.seq, "hash": head.hash})).hexdigest()


def root(hashes: Sequence[str]) -> str:
    """The root over hashes; of none, the hash of nothing."""
    level = list(hashes)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else hashlib.sha256(b"").hexdigest()


def path(hashes: Sequence[str], index: int) -> Path:
    """The way from one of the hashes to their root."""
    level, found = list(hashes), list[tuple[Side, str]]()
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):  # the last of an odd number goes up as it is
            found.append(("left" if beside < index else "right", level[beside]))
        level, index = _above(level), index // 2
    return tuple(found)


def climbed(start: str, way: Path) -> str:
    """Where a way leads."""
    found = start
    for side, beside in way:
        found = _node(beside, found) if side == "left" else _node(found, beside)
    return found


def part_of(packet: str, parts: int) -> int:
    """In which of so many parts a packet is."""
    return int.from_bytes(hashlib.sha256(packet.encode()).digest()[:4]) % parts


def parts_for(heads: int) -> int:
    """Into how many parts so many heads go."""
    return max(1, -(-heads // PART))


def ordered(heads: Iterable[Head]) -> list[Head]:
    """The heads of a part in the order of the tree."""
    return sorted(heads)


def place(packet: str, part: Sequence[Head], parts: Sequence[str]) -> Place | None:
    """The place of a packet's head, by the heads of its part and the roots of all; None: it is not in there."""
    index = next((i for i, head in enumerate(part) if head.packet == packet), None)
    if index is None:
        return None
    way = path([leaf(head) for head in part], index) + path(parts, part_of(packet, len(parts)))
    head = part[index]
    return Place(packet=packet, seq=head.seq, hash=head.hash, path=way)


def leads_there(found: Place, anchor: Anchor) -> bool:
    """Whether the head is in the anchor."""
    return climbed(leaf(Head(found.packet, found.seq, found.hash)), found.path) == anchor.root


def _above(level: Sequence[str]) -> list[str]:
    pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return pairs + ([level[-1]] if len(level) % 2 else [])


def _node(left: str, right: str) -> str:
    return hashlib.sha256(b"\1" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()
