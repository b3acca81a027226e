"""What waits, and for whom: packets for the window and for operations; reviews for an officer."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.clock import Due, Pause
from kaigong.domain.model.messages import Channel, ProcedureKind
from kaigong.domain.model.officer import Assigned
from kaigong.domain.model.packet import ReviewState
from kaigong.domain.model.text import Model


class Wait(StrEnum):
    """What of a packet waits for the window or the service team."""

    DOUBT = "doubt"  # about an identity: look at the originals, and settle it
    VISIT = "visit"  # a joint site visit without a date
    RETURNED = "returned"  # returned a while ago, and nothing came since: ask whether the applicant needs help
    HELPER = "helper"  # may use the service team, and nobody has picked it up
    COLLECT = "collect"  # the result is to be given to who comes for it
    MAIL = "mail"  # the result is to be mailed
    DELIVERY = "delivery"  # it is in the mail: say when it arrived


HAND_OUTS = frozenset((Wait.COLLECT, Wait.MAIL, Wait.DELIVERY))  # these have a list of their own
RETURNED_DAYS = 5  # choice: calendar days after which somebody asks why a returned packet did not come again


class StuckReason(StrEnum):
    """What says that a packet should have moved on."""

    DEADLINE = "deadline"  # a limit is over: a review, a promised paper, the handing out
    UNDELIVERED = "undelivered"  # orders wait in the outbox
    NOT_LOOKED_AT = "not-looked-at"  # a submission was not taken yet
    SUPERVISION = "supervision"  # of an approved matter: somebody is late, and the lead knows
    NOT_WOKEN = "not-woken"  # a reminder or a late limit is to be put on record


class RefusedMessage(Model):
    """A message that did not count, as it is noted."""

    about: str  # a packet; or who sent what names none: `credit`, `unreadable`
    reason: str  # a code: flow/decision.py, model/standing.py
    department: Code | None = None  # that sent it, where that is known
    message_id: str
    at: datetime


class Lease(Model):
    """An officer has a review until a moment, unless somebody answers first. Another officer then may not answer it.

    `queue` and `receipt` are those of its message where it was taken from the queue: hidden there for as long.
    """

    packet: str
    matter: Code
    round: int
    department: Code
    officer: str = Field(repr=False)  # the name that colleagues are told
    by: str = Field(repr=False)  # the account's stable id: the user's name may change while it holds
    until: datetime
    queue: str = ""
    receipt: str = Field(default="", repr=False)
    answer: str = ""  # id of the answer that was sent and is not on record yet

    def holds(self, now: datetime) -> bool:
        return now < self.until


class Waiting(Model):
    """A pending review as the index by department has it."""

    packet: str
    matter: Code
    round: int
    channel: Channel
    state: ReviewState
    due: Due
    pauses: tuple[Pause, ...] = ()
    enterprise: str
    project: str
    process: Code = ""  # of the packet; empty where the review was opened before this was kept
    assigned: Assigned | None = None  # which officer has it
    asked: datetime | None = None  # since when the applicant waits for an answer about the correction

    @property
    def order(self) -> tuple[bool, datetime, str, str]:
        """Priority first (mission 3), then what is due first."""
        return self.channel is not Channel.GREEN, self.asked or self.due.at, self.packet, self.matter

    @property
    def correcting(self) -> bool:
        """Whether the applicant corrects it: there is nothing to decide, and a question may wait for its answer."""
        return self.state is ReviewState.CORRECTION

    @property
    def resting(self) -> bool:
        return self.state is ReviewState.PAUSED

    @property
    def comes_back(self) -> bool:
        """Whether its task left the queue for a special procedure that is over now: no message tells of it again."""
        return not self.resting and left_the_queue(self.pauses, self.round)


def left_the_queue(pauses: Iterable[Pause], round_: int) -> bool:
    """Whether a review's task left its queue for a special procedure of this round."""
    return any(pause.kind in set(ProcedureKind) and pause.round == round_ for pause in pauses)
