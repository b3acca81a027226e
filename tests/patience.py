"""How long the tests wait, in one place: for what must come, and so long that only what hangs is given up on.

What a test proves never hangs on how fast the machine is: it waits for a condition, not for a time. Who writes a test,
and sees it fail more often than others do, waits less with `KAIGONG_TEST_PATIENCE=20`.
"""

import os
import time
from collections.abc import Callable

PATIENCE = float(os.environ.get("KAIGONG_TEST_PATIENCE", "900"))  # seconds; a quiet machine needs one or two
MILLISECONDS = PATIENCE * 1000  # as Playwright counts
LOOK_EVERY = 0.1  # seconds


def eventually[T](look: Callable[[], T], why: Callable[[], object] = lambda: "", look_every: float = LOOK_EVERY) -> T:
    """What `look` gives, as soon as it is something. Raises AssertionError, with `why`, where it stays nothing."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, f"nothing came within {PATIENCE:.0f} s: {why()}"
        time.sleep(look_every)
    return found
