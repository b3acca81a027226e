"""A refusal slip (不予受理告知单): in writing why the window did not take an application, and what can be done."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from .catalogue import Code
from .text import Model


class SlipKind(StrEnum):
    """On what ground an application is not taken."""

    NOT_NEEDED = "not-needed"  # the matter needs no licence by law (行政许可法 §32(一))
    NOT_OURS = "not-ours"  # it is another authority's (行政许可法 §32(二))
    BARRED = "barred"  # the law bars this applicant, or this application (行政许可法 §78 and others)


class Slip(Model):
    """One slip as it was given out; it is never changed."""

    number: str
    kind: SlipKind
    to: str = Field(repr=False)  # the applicant's name
    uscc: str = ""  # the credit code, where the applicant is an enterprise
    what: str = Field(repr=False)  # what was asked for
    reason: str = Field(repr=False)
    basis: str = Field(default="", repr=False)  # beside the ground's own
    next: str = Field(repr=False)  # what the applicant can do
    officer: str = Field(repr=False)
    department: Code | None = None
    by: str = Field(repr=False)
    at: datetime
