"""A paper that is all in memory, as a file that pikepdf maps there.

Of a stream pikepdf reads a few bytes at a time, each by calls into Python: of long documents that was a quarter of the
work. A file it maps, and looks `mmap.mmap` up for it each time it opens one: while it does, that gives it the memory
that the paper is in.
"""

import io
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from pikepdf import AccessMode


class _File:
    """What pikepdf asks of a file that it will map: it is none that the system knows."""

    read = seek = None  # that it has them tells it apart from a name

    def fileno(self) -> int:
        return -1


class _Map:
    """What it then reads."""

    def __init__(self, paper: memoryview) -> None:
        self._paper = paper

    def __buffer__(self, flags: int) -> memoryview:
        return self._paper

    def close(self) -> None:
        """The memory is the paper's: it stays."""


@contextmanager
def mapped(stream: BinaryIO) -> Iterator[tuple[Any, AccessMode]]:
    """What pikepdf is to open in place of this, and how; a stream that is not in memory remains one."""
    if not isinstance(stream, io.BytesIO):
        yield stream, AccessMode.stream
        return
    paper = _Map(stream.getbuffer())
    of_files = mmap.mmap
    mmap.mmap = lambda *_, **__: paper  # type: ignore[assignment, misc]  # while one is opened
    try:
        yield _File(), AccessMode.mmap
    finally:
        mmap.mmap = of_files  # type: ignore[misc]  # put back
