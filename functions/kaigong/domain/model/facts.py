"""What the examination of one uploaded file found: facts, no judgement.

`kaigong.examine` fills these in; `kaigong.domain.intake.finding` judges them. A fact that could not be established is
`None`, never a guess.
Source: mission.md 5 and 7 (a material is complete and lawful, everything wrong is told in one notice).
"""

import unicodedata
from enum import StrEnum

from pydantic import Field

from .text import Model

TEXT_LIMIT = 4000  # characters of the first page's normalised text that are kept


class Kind(StrEnum):
    """What the first bytes say the file is, whatever its name says."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    OTHER = "other"
    EMPTY = "empty"


class Opens(StrEnum):
    """Whether a reader without a password can show the document."""

    YES = "yes"
    NO = "no"
    LOCKED = "locked"  # a password is asked for before anything is shown


class Limit(StrEnum):
    """Which of our own bounds the examination ran into. It tells "over our limits" from "broken"."""

    CPU = "cpu"  # seconds of computing
    TIME = "time"  # seconds by the clock
    MEMORY = "memory"
    CRASH = "crash"  # the reader died of the file
    SYNTAX = "syntax"  # nesting, container size, filters or decoded size of the file's structure
    PAGES = "pages"
    OBJECTS = "objects"
    PIXELS = "pixels"
    BYTES = "bytes"  # bytes fetched from storage
    REQUESTS = "requests"  # ranges fetched from storage
    SECOND_READER = "second_reader"  # a second reading was due and did not come to an end


class Difference(StrEnum):
    """In what the second reader sees another document than the first."""

    OPENS = "opens"  # it cannot read the file at all
    PAGES = "pages"
    SIGNATURES = "signatures"
    TEXT = "text"


class Verdict(StrEnum):  # what the facts are worth for one material
    VALID = "valid"
    WARNING = "warning"  # counts as handed in; the officer should look
    DEFICIENT = "deficient"  # does not count as handed in


class Facts(Model):
    """Facts about one file. Sizes are bytes, lengths pixels."""

    kind: Kind
    size: int = Field(ge=0)
    opens: Opens
    archived: bool = False  # storage gives nothing of it out: its class is one of archives
    pages: int | None = Field(default=None, ge=0)
    encrypted: bool = False
    damaged: bool = False  # it does not open, or parts of its structure must be repaired to be read
    truncated: bool = False  # its end is missing
    foreign_start: bool = False  # something else stands before the PDF header: the file may pass for two kinds
    javascript: bool = False
    launch: bool = False
    embedded_files: bool = False
    signed: bool = False  # at least one signature field holds a signature
    incremental_updates: int = Field(default=0, ge=0)
    text_on_page_1: bool | None = None
    text: str = Field(default="", max_length=TEXT_LIMIT, repr=False)  # people's papers: never into a log
    blank_pages: int | None = Field(default=None, ge=0)
    all_pages_blank: bool | None = None
    unreadable_pages: int = Field(default=0, ge=0)  # pages whose drawing instructions cannot be decoded
    width: int | None = None
    height: int | None = None
    over_limits: tuple[Limit, ...] = ()
    second_reader: tuple[Difference, ...] | None = None  # None: no second reading; empty: both agree
    bytes_read: int = Field(default=0, ge=0)
    requests: int = Field(default=0, ge=0)


def normalise(text: str) -> str:
    """Text as it is compared: NFKC, lower case, without white space and control characters.

    NFKC makes full-width letters and brackets, and the radicals that some PDF fonts give out for common characters,
    equal to the usual ones.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if not c.isspace() and not unicodedata.category(c).startswith("C"))
