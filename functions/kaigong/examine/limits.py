"""The bounds of one examination, chosen from measurements on 12,524 public PDFs and 51 hostile ones.

Source: examine.md, "Limits".
"""

from dataclasses import dataclass

from kaigong.domain.model.features import Limit
from kaigong.errors import Refused

KB = 1024
MB = 1024 * KB


class OverLimit(Refused):
    """The file asks for more than an examination may take. Which limit it was becomes one of the facts."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"文件超出检查的限度：{limit}。", f"The file goes beyond a limit of the examination: {limit}.")
        self.limit = limit


class Unreadable(Refused):
    """The file is not what its first bytes say. A reader catches it and reports what that means."""

    def __init__(self) -> None:
        super().__init__("文件无法按其格式读取。", "The file cannot be read as what it says it is.")


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds. The defaults fit a function of 512 MB."""

    whole: int = 8 * MB  # a file up to this size is fetched in one request: by ranges it took 61 (see docs/examine.md)
    block: int = 8 * KB  # larger files are fetched in blocks of this size: where pages lie apart, each costs one
    read_ahead: int = MB  # most bytes of one request while a file is read from one block to the next
    max_bytes: int = 32 * MB  # fetched from storage, over all readers; every byte is fetched once and kept
    max_requests: int = 1024
    hashed: int = 512 * MB  # fetched only to be hashed, and not kept: two signatures over a scan of 200 MB
    hash_requests: int = 256  # choice: half of them are 512 MB in whole steps, the rest is for ranges' last steps
    fetching: float = 30.0  # choice: of fetching, over all readers, not counted as a reader's own; a scan takes ten
    structure_share: float = 0.75  # of both: the rest is left for the first page's text

    memory: int = 256 * MB  # address space of a reader, above what it inherits
    cpu: int = 4
    wall: float = 12.0  # of the reader's own, not counting what is spent on fetching; 512 MB have a third of a core
    answer: int = MB  # bytes of everything that a reader reports
    threads: bool = False  # whether a reader may start threads of its own

    nesting: int = 100
    container: int = 100_000
    filters: int = 4
    decoded: int = 16 * MB  # of one stream
    pages: int = 20_000
    objects: int = 1_000_000  # visited while looking for active content
    repair: int = 32 * MB  # a broken file above this size is not searched for what may be left of it

    content_streams: int = 200  # of the first page
    lzw: int = 100 * KB  # LZW data of the first page: it may grow a thousandfold, slowly
    draws: int = 5000  # forms drawn on the first page, counted through forms in forms
    painted: int = 256 * KB  # a page with that much drawing is not blank; nobody need look
    blank_decoded: int = 64 * MB  # decoded altogether in search of blank pages

    text: int = 20_000  # characters of the first page's text that are compared
    pixels: int = 1_000_000_000  # A0 at 600 dpi is 560 million
    decoded_picture: int = 128 * MB  # of a picture in memory; of a larger one only checksums and lines are counted
    copy: int = 10 * MB  # a copy for browsers
    trailing: int = 512 * KB  # bytes behind a document within which its end is looked for
