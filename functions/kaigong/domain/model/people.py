"""The people of an enterprise: what each may do for it, and which messages each wants.

An agent of another firm gets an account of the enterprise with less than all rights. Sources: mission 3 (帮办代办);
民法典 §170 (who works for an enterprise binds it within the own authority).
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from .text import Lang, Model


class PersonRights(StrEnum):
    """What somebody may do for the enterprise, each including those behind it."""

    ALL = "all"  # speak for it: hand in, accept letters, withdraw, contest
    PREPARE = "prepare"  # fill in, upload, ask
    READ = "read"


class Wanted(StrEnum):
    """Which messages somebody wants by the gateway; everything stands on the packet's page anyway."""

    ALL = "all"
    ASKS = "asks"  # what the enterprise is to do
    NONE = "none"


class Person(Model):
    """Somebody of an enterprise, as the person was here last, with the own choice."""

    account: str = Field(repr=False)
    called: str = Field(repr=False)
    manages: bool = False  # may say what others may do
    wants: Wanted = Wanted.ALL
    chosen: bool = False  # whether the person said so
    language: Lang | None = None
    seen_at: datetime


class Granted(Model):
    """What whoever manages the enterprise's people said of one of them. It does not end by itself."""

    account: str = Field(repr=False)
    rights: PersonRights
    by: str = Field(repr=False)
    at: datetime


_RANKS = tuple(PersonRights)


def suffices(has: PersonRights, needs: PersonRights) -> bool:
    return _RANKS.index(has) <= _RANKS.index(needs)
