"""What the nightly anchor costs: the function itself is run over generated heads, its requests are counted on paper.

Table, bucket and key are stood in for, since a run over so many heads on the emulator would time the emulator: what is
timed is our own work. Rules and prices: `capacity`, `prices.json`. `python -m tests.bench.anchoring` is that run, in a
process of its own, so that its memory is the function's.
"""

import hashlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from .memory import peak_mb
from .prices import price

ROOT = Path(__file__).parents[2]
A_DAY = 1_000_000
MARK, BATCH = 200, 100  # bytes of a mark in the index; headers that one request gives out
TIMEOUT = 900  # seconds that the function has
PROVEN = 100  # of the heads, so many are proven to be in the anchor


@dataclass(frozen=True)
class Anchoring:
    """One night, for so many packets that moved."""

    heads: int
    seconds: float  # of a processor, on this machine, for all but the requests
    memory: int  # MB at most
    path: int  # hashes of the longest way from a head to the root
    part_bytes: int  # of the largest part: what a proof reads
    written: int  # bytes, of all parts and the anchor
    requests: dict[str, float]  # by price: how many units
    usd: float


def measured(heads: int = A_DAY) -> Anchoring:
    """The night of so many packets. Raises CalledProcessError where a head's place does not lead to the root."""
    command = [sys.executable, "-m", __spec__.name, str(heads)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=TIMEOUT)
    return priced(heads, json.loads(done.stdout.splitlines()[-1]))


def priced(heads: int, found: dict[str, Any]) -> Anchoring:
    """What a run found, with what its requests cost."""
    requests = {
        "dynamodb-write-unit": float(heads),  # the mark: one entry of the index a packet and day
        "dynamodb-read-unit": heads * MARK / 4096 / 2 + heads,  # the marks together; each header, consistent
        "s3-write": float(found["objects"]),
        "kms-sign": 1.0,
    }
    told = {name: value for name, value in found.items() if name != "objects"}
    usd = sum(units * price(name) for name, units in requests.items())
    return Anchoring(heads=heads, requests=requests, usd=usd, **told)


def lines(found: Anchoring) -> list[str]:
    """The night in words."""
    return [
        f"一夜签名留存 {found.heads:,} 份：处理器 {found.seconds:.0f} 秒，内存 {found.memory} MB，"
        f"路径 {found.path} 个校验值，写 {found.written / 1e6:.0f} MB，请求 {found.usd:.2f} USD / "
        f"the anchor of {found.heads:,} packets: {found.seconds:.0f} s of a processor, {found.memory} MB of memory, a "
        f"path of {found.path} hashes, {found.written / 1e6:.0f} MB written, {found.usd:.2f} USD of requests"
    ]


def night(heads: int) -> dict[str, Any]:
    """A night of the function, with heads made up from their packets' names and a folder for a bucket."""
    from kaigong.domain.model.anchor import Head, leads_there, part_of, place
    from kaigong.domain.model.clock import Office
    from kaigong.handlers import anchor
    from kaigong.store import anchors, supervision

    with TemporaryDirectory(prefix="kaigong-anchors-") as folder:
        bucket = Path(folder)

        def put_once(name: str, content: bytes) -> bool:
            (bucket / name).parent.mkdir(parents=True, exist_ok=True)
            return (bucket / name).write_bytes(content) > 0

        stand_ins: dict[str, Any] = {
            "newest": lambda: None,
            "moved": lambda since, until: _moved(heads, since, until),
            "heads": lambda names: [Head(name, 11, hashlib.sha256(name.encode()).hexdigest()) for name in names],
            "sign": lambda _: "",
            "public_key": lambda: "",
            "_put_once": put_once,
            "_object": lambda name: (bucket / name).read_bytes(),
        }
        seeds = {"seed": lambda _, fresh: fresh, "seeds": lambda _: {}}
        known = patch.object(anchor, "settings", lambda: SimpleNamespace(office=Office()))
        with patch.multiple(anchors, **stand_ins), patch.multiple(supervision, **seeds), known:
            begun = time.process_time()
            anchor.handler({}, None)
            seconds, memory = time.process_time() - begun, round(peak_mb())
            made, longest = anchors.read(1), 0
            for name in map(_name, range(0, heads, -(-heads // PROVEN))):
                index = part_of(name, len(made.parts))
                found = place(name, anchors.part(1, index, made.parts[index]), made.parts)
                assert found is not None
                assert leads_there(found, made.anchor)
                longest = max(longest, len(found.path))
        sizes = [path.stat().st_size for path in bucket.rglob("*.json")]
        parts = [path.stat().st_size for path in bucket.rglob("*-*.json")]
    return {
        "seconds": seconds,
        "memory": memory,
        "path": longest,
        "part_bytes": max(parts),
        "written": sum(sizes),
        "objects": len(sizes),
    }


def _moved(heads: int, since: datetime, until: datetime) -> set[str]:
    assert since < until
    return {_name(number) for number in range(heads)}


def _name(number: int) -> str:
    return f"20260306-{number:06}-aaaaaa"


if __name__ == "__main__":
    print(json.dumps(night(int(sys.argv[1]))))
