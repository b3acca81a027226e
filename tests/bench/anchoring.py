"""What the nightly anchor costs: the tree over generated heads is timed here, the requests are counted on paper.

A run over so many heads on the emulator would time the emulator. Rules and prices: `capacity`, `prices.json`.
"""

import hashlib
import time
from dataclasses import dataclass

from kaigong.domain.model.anchor import PART, Head, leaf, ordered, part_of, parts_for, path, root

from .prices import price

A_DAY, GENERATED = 1_000_000, 100_000
MARK, BATCH = 200, 100  # bytes of a mark in the index; headers that one request gives out


@dataclass(frozen=True)
class Anchoring:
    """One night, for so many packets that moved."""

    heads: int
    seconds: float  # of the tree and its parts, on this machine
    path: int  # hashes of the longest way from a head to the root
    part_bytes: int
    requests: dict[str, float]  # by price: how many units
    usd: float


def measured(heads: int = A_DAY) -> Anchoring:
    """The night of `heads` packets, timed over as many generated ones as are quick, and scaled."""
    timed = min(heads, GENERATED)
    made = [Head(f"20260306-{n:06}-aaaaaa", 11, hashlib.sha256(b"%d" % n).hexdigest()) for n in range(timed)]
    begun = time.perf_counter()
    count = parts_for(timed)
    parts: list[list[Head]] = [[] for _ in range(count)]
    for head in made:
        parts[part_of(head.packet, count)].append(head)
    leaves = [[leaf(head) for head in ordered(part)] for part in parts]
    roots = [root(each) for each in leaves]
    root(roots)
    seconds = (time.perf_counter() - begun) * heads / timed
    longest = max(leaves, key=len)
    requests = {
        "dynamodb-write-unit": float(heads),  # the mark: one entry of the index a packet and day
        "dynamodb-read-unit": heads * MARK / 4096 / 2 + heads,  # the marks together; each header, consistent
        "s3-write": parts_for(heads) + 1.0,
    }
    return Anchoring(
        heads=heads,
        seconds=seconds,
        path=len(path(longest, 0)) + (parts_for(heads) - 1).bit_length(),
        part_bytes=PART * 120,
        requests=requests,
        usd=sum(units * price(name) for name, units in requests.items()),
    )


def lines(found: Anchoring) -> list[str]:
    """The night in words."""
    return [
        f"一夜签名留存 {found.heads:,} 份：树 {found.seconds:.0f} 秒，路径 {found.path} 个校验值，"
        f"请求 {found.usd:.2f} USD / "
        f"the anchor of {found.heads:,} packets: {found.seconds:.0f} s for the tree, a path of {found.path} hashes, "
        f"{found.usd:.2f} USD of requests"
    ]
