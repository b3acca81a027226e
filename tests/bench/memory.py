"""How much memory a process has taken."""

import re
from pathlib import Path


def peak_mb() -> float:
    """MB that this process took at most. Not `ru_maxrss`, which begins with the peak of whatever started it."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024
