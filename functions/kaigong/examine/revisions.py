"""How often a PDF was changed by appending to it, from the chain of its cross-reference sections."""

import os
import re
from typing import BinaryIO

_START = re.compile(rb"startxref\s+(\d{1,12})")
_PREVIOUS = re.compile(rb"/Prev\s+(\d{1,12})\b(?!\s+\d+\s+R)")
_EMPTY = re.compile(rb"\s*xref\s+0\s+0\s+trailer")
_SECOND_TABLE = re.compile(rb"/XRefStm\s+(\d{1,12})")
_SUBSECTION = re.compile(rb"\s*(\d{1,10})\s+(\d{1,10})[ \t]*\r?\n?")
_ENTRY = 20  # bytes of one entry of a classic cross-reference table (ISO 32000-2, 7.5.4)
_DICTIONARY = 4096  # bytes within which a trailer's dictionary must show its /Prev
_DEEPEST = 100


def count_updates(stream: BinaryIO) -> int:
    """Updates appended after the document was first written.

    Each leaves a cross-reference section that names the one before it. A linearized file has two from the start.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    head = stream.read(1024)
    lead = max(head.find(b"%PDF-"), 0)  # offsets count from the header
    stream.seek(max(0, size - 2048))
    starts = _START.findall(stream.read(2048))
    if not starts:
        return 0
    sections = 0
    seen: set[int] = set()
    at: int | None = int(starts[-1])
    while at is not None and at not in seen and sections < _DEEPEST:
        seen.add(at)
        sections += not _adds_nothing(stream, at + lead)
        at = _previous(stream, at + lead)
    return max(0, sections - (2 if b"/Linearized" in head else 1))


def _adds_nothing(stream: BinaryIO, at: int) -> bool:
    """Whether a section is the empty one that Office writes behind the first, to name a second table of the same
    objects (a hybrid file; ISO 32000-2, 7.5.8.4). One whose second table was appended does add something.
    """
    stream.seek(at)
    text = stream.read(_DICTIONARY)
    match = _EMPTY.match(text)
    if not match:
        return False
    table, previous = _SECOND_TABLE.search(text, match.end()), _PREVIOUS.search(text, match.end())
    return table is not None and previous is not None and int(table.group(1)) < int(previous.group(1))


def _previous(stream: BinaryIO, at: int) -> int | None:
    """The section before the one that begins at `at`."""
    stream.seek(at)
    text = stream.read(_DICTIONARY)
    if text.lstrip().startswith(b"xref"):
        at += text.index(b"xref") + 4
        text = _after_table(stream, at)
    end = text.find(b"stream")  # what follows is a cross-reference stream's data
    end = len(text) if end < 0 else end
    stop = text.find(b"startxref")
    match = _PREVIOUS.search(text, 0, min(end, len(text) if stop < 0 else stop))
    return int(match.group(1)) if match else None


def _after_table(stream: BinaryIO, at: int) -> bytes:
    """The text that follows a classic table's subsections."""
    for _ in range(1000):
        stream.seek(at)
        text = stream.read(_DICTIONARY)
        match = _SUBSECTION.match(text)
        if not match:
            return text
        at += match.end() + int(match.group(2)) * _ENTRY
    return b""
