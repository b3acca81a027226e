"""How a result on paper reaches the enterprise (出件): on which way, and how far it is."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from .manifest import Plain
from .text import Model
from .values import Line


class Way(StrEnum):
    """How an enterprise wants its result."""

    ELECTRONIC = "electronic"  # what the portal gives is enough
    COLLECT = "collect"  # at the window
    MAIL = "mail"


class MailAddress(Model):
    """Where to mail it, and to whom: asked for only where it is to be mailed."""

    contact: Annotated[Line, Field(min_length=1, max_length=50, repr=False)]
    telephone: Annotated[str, Field(pattern=r"^[0-9+() -]{5,30}$", max_length=30, repr=False)]
    address: Annotated[Plain, Field(repr=False)]


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
