"""What the examination of one uploaded file found: facts, no judgement.

`kaigong.examine` fills these in; `kaigong.domain.intake.finding` judges them. A fact that could not be established is
`None`, never a guess.
Source: mission.md 5 and 7 (a material is complete and lawful, everything wrong is told in one notice).
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from .features import (
    PAGES_NAMED,
    PICTURES,
    SEALS,
    SIGNER_LIMIT,
    TEXT_LIMIT,
    Active,
    Difference,
    Fonts,
    Found,
    Kind,
    Limit,
    Opens,
    Other,
    SealState,
    Unseen,
    normalise,
)
from .text import Model

__all__ = [
    "PAGES_NAMED",
    "PICTURES",
    "SEALS",
    "SIGNER_LIMIT",
    "TEXT_LIMIT",
    "Active",
    "Difference",
    "Facts",
    "Fonts",
    "Found",
    "Kind",
    "Limit",
    "OnPages",
    "Opens",
    "Other",
    "Seal",
    "SealState",
    "ShownKind",
    "Unseen",
    "Verdict",
    "normalise",
]

ShownKind = Literal["pdf", "ofd", "jpeg", "png", "tiff", "webp", "heic"]  # what a paper is given out as


class Seal(Model):
    """An electronic seal or signature on a document. Of an OFD document, no chain to a root is checked."""

    state: SealState
    signer: str = Field(default="", max_length=SIGNER_LIMIT)  # as its certificate says
    signed_at: datetime | None = None  # by its timestamp, else as the signer says


class Verdict(StrEnum):  # what the facts are worth for one material
    VALID = "valid"
    WARNING = "warning"  # counts as handed in; the officer should look
    DEFICIENT = "deficient"  # does not count as handed in


OnPages = dict[Found, Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(max_length=PAGES_NAMED)]]


class Facts(Model):
    """Facts about one file. Sizes are bytes, lengths pixels."""

    kind: Kind
    other: Other | None = None  # which other kind, where that is known
    size: int = Field(ge=0)
    opens: Opens
    archived: bool = False  # storage gives nothing of it out: its class is one of archives
    pages: int | None = Field(default=None, ge=0)
    encrypted: bool = False
    damaged: bool = False  # it does not open, or parts of its structure must be repaired to be read
    truncated: bool = False  # its end is missing
    foreign_start: bool = False  # something else stands before the PDF header: the file may pass for two kinds
    mended: bool = False  # damaged, and two readers mend it to the same document
    trailing: bool = False  # data that are no part of the document stand behind its end
    javascript: bool = False
    scripts: bool = False  # some that are more than a form field's own format, check or sum
    launch: bool = False
    launch_unasked: bool = False  # when it is opened or looked at, not when somebody presses a link
    active: tuple[Active, ...] = ()
    unseen: Unseen | None = None
    embedded_files: bool = False
    seals: tuple[Seal, ...] = Field(default=(), max_length=SEALS)
    signed: bool = False  # at least one signature field holds a signature
    incremental_updates: int = Field(default=0, ge=0)
    text_on_page_1: bool | None = None
    text_unreliable: bool = False  # a text layer is there, and not what is seen
    text_dropped: bool = False  # it was judged, and is not kept
    text: str = Field(default="", max_length=TEXT_LIMIT, repr=False)  # people's papers: never into a log
    blank_pages: int | None = Field(default=None, ge=0)
    all_pages_blank: bool | None = None
    unreadable_pages: int = Field(default=0, ge=0)  # pages whose drawing instructions cannot be decoded
    on_pages: OnPages = Field(default_factory=dict)  # where that is known: the first few pages, counted from 1
    width: int | None = None  # of a picture; of several pages, of the smallest
    height: int | None = None
    copy_kind: Literal["jpeg", "pdf"] | None = None  # of a copy for browsers, which cannot draw the file itself
    over_limits: tuple[Limit, ...] = ()
    second_reader: tuple[Difference, ...] | None = None  # None: no second reading; empty: both agree
    bytes_read: int = Field(default=0, ge=0)
    requests: int = Field(default=0, ge=0)
