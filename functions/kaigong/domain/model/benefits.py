"""Benefits without application (免申即享): what one policy gave for one packet, and every way from one state to the
next.

Source: mission 13; a benefit is an act in the enterprise's favour, so it may decline it, and taking it away needs a
reason and a basis (行政许可法 §8 and §69 by analogy: choice).
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from . import ways
from .codes import OF_PACKET_PATTERN, Code
from .text import Model, Text
from .values import Line, Lines

MOST_STEPS = 40  # choice: what one benefit notes; what its facts do after that is not noted any more
BENEFIT_PATTERN = OF_PACKET_PATTERN  # the code is a policy's


class BenefitState(StrEnum):
    WAITING = "waiting"  # qualifies; the budget is used up, and who was first in line is served first
    CAPPED = "capped"  # qualifies; the enterprise has the most that the policy gives to one
    LAPSED = "lapsed"  # did not qualify any more before it was its turn
    GRANTED = "granted"  # to be paid or provided
    PAID = "paid"
    DECLINED = "declined"
    REVOKED = "revoked"


class BenefitEvent(StrEnum):
    WAITS = "waits"
    CAPPED = "capped"
    LAPSED = "lapsed"
    GRANTED = "granted"
    QUESTIONED = "questioned"  # a fact that it rests on does not hold any more: the department is to look at it
    SETTLED = "settled"  # all of them hold again
    PAID = "paid"
    DECLINED = "declined"
    REVOKED = "revoked"


_S, _E = BenefitState, BenefitEvent
_OPEN = (None, _S.WAITING, _S.CAPPED, _S.LAPSED)  # nothing was given yet

BENEFITS: dict[tuple[BenefitState | None, BenefitEvent], BenefitState] = {
    **{(state, _E.GRANTED): _S.GRANTED for state in _OPEN},
    **{(state, _E.WAITS): _S.WAITING for state in _OPEN if state is not _S.WAITING},
    **{(state, _E.CAPPED): _S.CAPPED for state in _OPEN if state is not _S.CAPPED},
    **{(state, _E.LAPSED): _S.LAPSED for state in (_S.WAITING, _S.CAPPED)},
    **{(state, event): state for state in (_S.GRANTED, _S.PAID) for event in (_E.QUESTIONED, _E.SETTLED)},
    (_S.GRANTED, _E.PAID): _S.PAID,
    (_S.GRANTED, _E.DECLINED): _S.DECLINED,
    **{(state, _E.REVOKED): _S.REVOKED for state in (_S.GRANTED, _S.PAID)},
}


def after(state: BenefitState | None, event: BenefitEvent) -> BenefitState:
    """The state of a benefit after an event. Raises Impossible where the table knows no such way."""
    return ways.after(BENEFITS, state, event, "benefit")


def can(state: BenefitState, event: BenefitEvent) -> bool:
    return (state, event) in BENEFITS


# what people say


class Decline(Model):
    """The enterprise does not want it. That is final: what it leaves goes to who waits."""

    kind: Literal["decline"]


class Pay(Model):
    """The department paid it, or provided the service."""

    kind: Literal["pay"]
    reference: Annotated[Line, Field(min_length=1, max_length=100)] = Field(
        description="Of the payment, or of where the service is on record."
    )
    despite: Annotated[Lines, Field(min_length=1, max_length=1000)] | None = Field(
        default=None, description="Why it is paid though a fact that it rests on does not hold any more."
    )


class Revoke(Model):
    """The department takes it back, since a fact was wrong."""

    kind: Literal["revoke"]
    reason: Annotated[Lines, Field(min_length=1, max_length=1000)]
    basis: Annotated[Lines, Field(min_length=1, max_length=300)]


PayerSays = Annotated[Pay | Revoke, Field(discriminator="kind")]
Said = Decline | Pay | Revoke


class BenefitRefusal(StrEnum):
    """Why nothing comes of what was said; the benefit stays as it is."""

    NOT_NOW = "not-now"  # in this state there is nothing of the kind to do
    CHANGED = "changed"  # somebody was faster
    IN_QUESTION = "in-question"  # a fact that it rests on does not hold: whoever pays all the same says why


# what is on record


class Case(Model):
    """What of a packet policies look at: its facts, each with what is on record. Numbers are written as text."""

    packet: str
    uscc: str
    decided_at: datetime  # the joint result
    facts: dict[str, tuple[str, ...]]


class Because(Model):
    """One line of why somebody qualifies, or does not: what was asked, what is on record, and where that stands."""

    fact: str
    holds: bool
    text: Text
    evidence: Text


class BenefitDone(Model):
    """Something that happened to a benefit: what, when, and by whom; the system where nobody is named."""

    event: BenefitEvent
    at: datetime
    who: str = Field(default="", repr=False)


class Benefit(Model):
    """What one policy gives for one packet. `worth`: yuan, or 1 where it is a service."""

    packet: str
    policy: Code
    version: int = 1
    state: BenefitState
    department: Code
    uscc: str
    enterprise: str
    project: str
    named: Text  # the policy's name as it was then
    service: Text | None = None
    worth: int = 0
    number: int = 0  # among all that the policy gave: who was served when
    decided_at: datetime  # the joint result: the place in the line of who waits
    because: tuple[Because, ...]
    in_question: tuple[Because, ...] = ()  # lines that do not hold any more
    reason: str = ""  # why it was revoked, or paid though it was in question
    basis: str = ""
    reference: str = ""  # of the payment
    done: tuple[BenefitDone, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.packet}.{self.policy}"

    @property
    def granted_at(self) -> datetime | None:
        return next((done.at for done in self.done if done.event is BenefitEvent.GRANTED), None)


class Purse(Model):
    """What a policy has given so far, to all and to one enterprise, and who waits. Every change raises `version`."""

    version: int = 0
    spent: int = 0  # of the budget
    granted: int = 0  # how many were given
    waiting: int = 0  # how many wait
    given: int = 0  # to the enterprise that is looked at
    first: str = ""  # the packet that waits first


class BenefitListed(Model):
    """A benefit as its department's list has it."""

    packet: str
    policy: Code
    named: Text
    service: Text | None = None
    worth: int
    enterprise: str
    project: str
    in_question: bool = False
    granted_at: datetime


class BenefitFact(Model):
    """What of a benefit the packet is to have on record, and its applicant to be told: one for each change of it."""

    policy: Code
    named: Text
    department: Code
    version: int  # of the benefit after the change
    event: BenefitEvent
    worth: int = 0
    service: Text | None = None
    text: str = ""  # why it was revoked, and on which basis
    at: datetime

    @property
    def name(self) -> str:
        """What tells one fact of a packet from another; it is also its sort key."""
        return f"{self.policy}#{self.version:04}"
