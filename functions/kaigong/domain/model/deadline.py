"""Limits that somebody has to keep (跟踪督办), and who is told of one: before it ends, when it ended, and after that.

Sources: mission 8 and 9 (tracked supervision of deadlines), 11 and 12; 行政许可法 §32, §42, §44.
"""

from datetime import datetime
from enum import StrEnum

from .catalogue import Code
from .clock import Due
from .officer import Assigned
from .text import Model


class OwnerKind(StrEnum):
    APPLICANT = "applicant"
    DEPARTMENT = "department"
    WINDOW = "window"
    SYSTEM = "system"
    SUPERVISOR = "supervisor"


class DeadlineKind(StrEnum):
    RECEIPT = "receipt"  # what was handed in is accepted or returned
    REVIEW = "review"
    QUESTION = "question"  # the applicant asked about a correction, and is answered
    VISIT_REPORT = "visit-report"  # what was found on a joint site visit is said
    CORRECTION = "correction"
    GAP = "gap"
    RESULT = "result"  # the joint result is written
    DOCUMENTS = "documents"  # what is due on paper is made and sealed
    HAND_OUT = "hand-out"  # the result reaches the enterprise
    REPAIR = "repair"  # from when a breach can be repaired
    # after the decision, by a supervision record
    CLAIM = "claim"
    INSPECTION = "inspection"
    VERIFICATION = "verification"  # of a commitment
    RECTIFICATION = "rectification"
    RECHECK = "recheck"
    HEARING = "hearing"  # the enterprise can contest what was found
    REPLY = "reply"  # and is answered


class Reminder(StrEnum):
    """Who is told of a limit, in this order: each once."""

    SOON = "soon"  # its owner, before it ends
    OVER = "over"  # its owner, when it ended
    LEAD = "lead"  # who leads the service team
    CITY = "city"  # operations, for the city


class Light(StrEnum):
    """How near a limit's end is."""

    RED = "red"  # it is over
    AMBER = "amber"  # who has it is reminded by now
    GREEN = "green"


def matter_in(subject: Code) -> Code:
    """The matter that a subject begins with: what may be said several times of one has a mark of its own behind it."""
    return subject.partition(".")[0]


class Deadline(Model):
    """A limit that runs or rests, and who has it now."""

    kind: DeadlineKind
    subject: str  # the code of a matter, a material or an occasion; the number of a visit; else the packet's id
    turn: int = 1  # another one of the same: a review's round, a correction's notice
    owner: OwnerKind
    department: Code | None = None  # of the owner
    assigned: Assigned | None = None  # which of its officers has it
    since: datetime
    due: Due
    rests: bool = False  # nobody knows its end now: nobody is told, and nobody is late

    @property
    def name(self) -> str:
        """What tells one limit of a packet from another."""
        return f"{self.kind.value}:{self.subject}"

    def late(self, now: datetime) -> bool:
        return not self.rests and self.kind is not DeadlineKind.REPAIR and now > self.due.at


class Pressed(Model):
    """Who was told of a limit."""

    turn: int = 1
    told: tuple[Reminder, ...] = ()
