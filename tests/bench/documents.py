"""What a sealed document costs: typeset and sealed in a process of its own, cold and warm, with its memory and money.

The key and the authority for time stamps are this machine's, so what they take on AWS (a call each, some ten
milliseconds) is not in it. `python -m tests.bench.documents` is that process.
"""

import importlib
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from .memory import peak_mb
from .prices import price

ROOT = Path(__file__).parents[2]
WARM = 3  # documents after the first
MEMORY_GB = 1.0  # of the function `document`


@dataclass(frozen=True)
class Sealing:
    """One receipt after another."""

    cold: float  # seconds of a processor until the first is there, with all that is imported for it
    warm: float  # the median of those after it
    memory: int  # MB at most
    size: int  # bytes of a file
    usd: float  # one document, warm: its time, a signature, a file and what notes it


def measured() -> Sealing:
    done = subprocess.run([sys.executable, "-m", __spec__.name], cwd=ROOT, check=True, capture_output=True, timeout=600)
    found = json.loads(done.stdout)
    seconds = found["warm"] * MEMORY_GB
    usd = price("lambda-gb-second") * seconds + price("kms-sign") + price("s3-write") + price("dynamodb-write-unit")
    return Sealing(**found, usd=usd)


def lines(found: Sealing) -> list[str]:
    """The document in words."""
    return [
        f"一份盖章文书：处理器首份 {found.cold:.2f} 秒，之后 {found.warm:.2f} 秒，内存 {found.memory} MB，"
        f"{found.size / 1000:.0f} kB，{found.usd * 1e6:.0f} µUSD / "
        f"a sealed document: {found.cold:.2f} s cold, {found.warm:.2f} s warm, {found.memory} MB of memory, "
        f"{found.size / 1000:.0f} kB, {found.usd * 1e6:.0f} µUSD"
    ]


def _here() -> dict[str, float]:
    begun = time.process_time()
    for needed in ("kaigong.documents.due", "kaigong.documents.seal", "kaigong.documents.typeset"):
        importlib.import_module(needed)
    imported = time.process_time() - begun
    from tests.unit.test_documents import documents, seal  # with all that tests need: not the function's time

    receipt = documents()["receipt"]
    times = [time.process_time()]
    for _ in range(1 + WARM):
        file = seal(receipt)
        times.append(time.process_time())
    first, *others = (after - before for before, after in pairwise(times))
    return {"cold": imported + first, "warm": statistics.median(others), "memory": round(peak_mb()), "size": len(file)}


if __name__ == "__main__":
    print(json.dumps(_here()))
