"""One of the misreaders in a child of its own."""

from typing import Any

from kaigong.examine.limits import Limits
from kaigong.examine.parent import Child, Outcome, Readers
from kaigong.examine.source import Blocks

from .test_examine import Memory

MISREADERS = f"{__package__}.misreaders"
CONFINED = Readers("misreaders", (MISREADERS,))
UNCONFINED = Readers("unconfined", (f"{__package__}.unconfined", MISREADERS))


def run(
    reader: str, limits: Limits, blocks: Blocks | None = None, readers: Readers = CONFINED, **arguments: Any
) -> Outcome:
    with Child(readers, blocks or Blocks(Memory(b"%PDF-"), limits), limits) as child:
        return child.read(f"{MISREADERS}:{reader}", **arguments)
