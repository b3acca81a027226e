"""How a result on paper reaches the enterprise (出件): on which way, and how far it is."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from .manifest import Plain
from .text import Model
from .values import Line

FEWEST_DIGITS = 5  # of a number that can be called (choice): 12345 is one
LONGEST_TELEPHONE = 30
_NUMBER = r"^([0-9+() .,#\u2010\u2011\u2013\u2014-]|\u8f6c|\u5206\u673a|[Ee][Xx][Tt]|[Xx])+$"  # 转 and 分机: extension


class Way(StrEnum):
    """How an enterprise wants its result."""

    ELECTRONIC = "electronic"  # what the portal gives is enough
    COLLECT = "collect"  # at the window
    MAIL = "mail"


class MailAddress(Model):
    """Where to mail it, and to whom: asked for only where it is to be mailed."""

    contact: Annotated[Line, Field(min_length=1, max_length=50, repr=False)]
    telephone: Annotated[str, Field(pattern=_NUMBER, min_length=5, max_length=LONGEST_TELEPHONE, repr=False)]
    address: Annotated[Plain, Field(repr=False)]


def is_telephone(typed: str) -> bool:
    """Whether it can be called, with an extension or without: asked of what is said anew, as stored ones were not."""
    few = sum(c in "0123456789" for c in typed) < FEWEST_DIGITS
    return not few and len(typed) <= LONGEST_TELEPHONE and re.fullmatch(_NUMBER, typed) is not None


class HandOut(Model):
    """How the result is handed out, and how far that is; in an act, what the act says of it.

    Where it is mailed lies apart (`store/addresses`) under its fingerprint: no rule and no department needs it.
    """

    way: Way | None = None  # None: nobody chose one
    address: str = ""
    mailed_at: datetime | None = None
    tracking: str = Field(default="", repr=False)  # who has it learns part of the address
    to: str = Field(default="", repr=False)  # to whom the window gave it
    id_last: str = Field(default="", repr=False)  # the last characters of that person's identity card
    received_at: datetime | None = None
