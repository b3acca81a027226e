"""Where a PDF ends, whatever was put behind it."""

import re
from typing import NamedTuple

from .limits import Limits
from .source import Blocks

_END = b"%%EOF"
_PADDING = b"\x00\t\n\x0c\r \x1a\xff"  # what downloads and old systems fill up with
_MORE = re.compile(rb"\b\d+ \d+ obj\b|endstream|startxref")  # the document went on: it was cut off later
_STEP = 64 * 1024


class Ending(NamedTuple):
    """Where the document ends, and what follows."""

    at: int
    trailing: bool  # something that is no padding
    cut_off: bool  # that is the beginning of a later version


def find_end(blocks: Blocks, limits: Limits) -> Ending | None:
    """The last end of a document that is written in the file; None: there is none.

    Readers look for the end in the last kilobyte. Portals append their page to a download, disks zeros: the document
    is whole all the same.
    """
    start = blocks.size
    data = b""
    while start > 0 and blocks.size - start < limits.trailing:
        begin = max(0, start - _STEP)
        data = blocks.read(begin, start) + data
        start = begin
        at = data.rfind(_END)
        if at >= 0:
            rest = data[at + len(_END) :]
            return Ending(start + at + len(_END), bool(rest.strip(_PADDING)), _MORE.search(rest) is not None)
    return None
