"""A mandate on paper (授权委托书): somebody at the window may hand in for an enterprise, within a scope and a term."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from .catalogue import Code
from .text import Model


class MandateScope(StrEnum):
    """What a mandate is for, as its paper says."""

    PACKET = "packet"
    PROJECT = "project"
    ENTERPRISE = "enterprise"  # all that the enterprise applies for


class Mandate(Model):
    """A mandate as the agent put it on record, with the scan that was examined. Its id is made of what it says."""

    id: str
    uscc: str
    agent: str = Field(repr=False)  # the person's name, as the issuer and the paper have it
    by: str = Field(repr=False)  # the agent's account: it alone may use the mandate
    scope: MandateScope
    packet: str  # in which the scan lies
    project: str = ""  # the code, for a mandate of a project
    since: date
    until: date  # its last day
    slot: Code
    mark: str  # of the scan
    sha256: str = ""
    at: datetime
    ended_at: datetime | None = None  # the enterprise, or the window, ended it before its term
    ended_by: str = Field(default="", repr=False)
