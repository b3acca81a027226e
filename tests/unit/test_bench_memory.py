"""What a process took is its own, however large the process is that started it."""

import subprocess
import sys

from tests.bench.memory import peak_mb


def test_a_small_process_of_a_large_one_is_small() -> None:
    large = bytearray(300_000_000)
    large[::4096] = b"\1" * len(large[::4096])  # touched, so that it counts
    told = subprocess.run(
        [sys.executable, "-c", "from tests.bench.memory import peak_mb; print(peak_mb())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert peak_mb() > 280
    assert float(told.stdout) < 100
