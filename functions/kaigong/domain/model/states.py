"""Every state of a packet and of a review, and every way from one to the next. What is not listed is impossible.

The rules change a state through `packet_after` and `review_after` alone, so this table is the whole truth; the chart in
schemas/states.md is drawn from it. Source: design.md, "A packet's life".
"""

from enum import StrEnum

from .packet import ReviewState, Status
from .ways import after


class PacketEvent(StrEnum):
    RETURNED = "returned"  # one notice lists everything; nothing was accepted
    ACCEPTED = "accepted"
    CORRECTIONS_ASKED = "corrections-asked"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    ISSUED = "issued"
    CORRECTIONS_RETRACTED = "corrections-retracted"  # whoever asked for one took that back


class ReviewEvent(StrEnum):
    OPENED = "opened"
    DECIDED_BY_RULES = "decided-by-rules"
    NEVER_OPENS = "never-opens"
    APPROVED = "approved"
    CORRECTION_ASKED = "correction-asked"
    REJECTED = "rejected"
    PROCEDURE_STARTED = "procedure-started"
    PROCEDURES_ENDED = "procedures-ended"  # the last one that was going on
    CORRECTED = "corrected"
    DOUBT_CONFIRMED = "doubt-confirmed"  # the applicant is to put right who applies, or for what: the time limit rests
    DOUBTS_CLEARED = "doubts-cleared"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    REVOKED = "revoked"
    RETRACTED = "retracted"  # the department takes its decision back, while nobody acted on it


PACKET: dict[tuple[Status | None, PacketEvent], Status] = {
    (None, PacketEvent.RETURNED): Status.RETURNED,
    (None, PacketEvent.ACCEPTED): Status.IN_REVIEW,
    (None, PacketEvent.WITHDRAWN): Status.WITHDRAWN,
    (Status.RETURNED, PacketEvent.RETURNED): Status.RETURNED,
    (Status.RETURNED, PacketEvent.ACCEPTED): Status.IN_REVIEW,
    (Status.RETURNED, PacketEvent.WITHDRAWN): Status.WITHDRAWN,
    (Status.IN_REVIEW, PacketEvent.CORRECTIONS_ASKED): Status.CORRECTING,
    (Status.IN_REVIEW, PacketEvent.DECIDED): Status.DECIDED,
    (Status.IN_REVIEW, PacketEvent.WITHDRAWN): Status.WITHDRAWN,
    (Status.CORRECTING, PacketEvent.CORRECTED): Status.IN_REVIEW,
    (Status.CORRECTING, PacketEvent.CORRECTIONS_RETRACTED): Status.IN_REVIEW,
    (Status.CORRECTING, PacketEvent.WITHDRAWN): Status.WITHDRAWN,
    (Status.DECIDED, PacketEvent.ISSUED): Status.ISSUED,
}

_WITH_THE_DEPARTMENT = {
    ReviewEvent.APPROVED: ReviewState.APPROVED,
    ReviewEvent.CORRECTION_ASKED: ReviewState.CORRECTION,
    ReviewEvent.REJECTED: ReviewState.REJECTED,
    ReviewEvent.PROCEDURE_STARTED: ReviewState.PAUSED,
    ReviewEvent.DOUBT_CONFIRMED: ReviewState.PAUSED,
    ReviewEvent.WITHDRAWN: ReviewState.WITHDRAWN,
}

REVIEW: dict[tuple[ReviewState | None, ReviewEvent], ReviewState] = {
    (None, ReviewEvent.OPENED): ReviewState.OPEN,
    (None, ReviewEvent.DECIDED_BY_RULES): ReviewState.APPROVED,
    (None, ReviewEvent.NEVER_OPENS): ReviewState.UNOPENED,
    **{(ReviewState.OPEN, event): state for event, state in _WITH_THE_DEPARTMENT.items()},
    **{(ReviewState.PAUSED, event): state for event, state in _WITH_THE_DEPARTMENT.items()},
    (ReviewState.PAUSED, ReviewEvent.PROCEDURES_ENDED): ReviewState.OPEN,
    (ReviewState.PAUSED, ReviewEvent.DOUBTS_CLEARED): ReviewState.OPEN,
    (ReviewState.CORRECTION, ReviewEvent.CORRECTED): ReviewState.OPEN,
    (ReviewState.CORRECTION, ReviewEvent.WITHDRAWN): ReviewState.WITHDRAWN,
    (ReviewState.APPROVED, ReviewEvent.RETRACTED): ReviewState.OPEN,
    (ReviewState.CORRECTION, ReviewEvent.RETRACTED): ReviewState.OPEN,
    (ReviewState.REJECTED, ReviewEvent.RETRACTED): ReviewState.OPEN,
    (ReviewState.APPROVED, ReviewEvent.RECALLED): ReviewState.RECALLED,
    (ReviewState.APPROVED, ReviewEvent.REVOKED): ReviewState.REVOKED,
}


def packet_after(status: Status | None, event: PacketEvent) -> Status:
    """The status of a packet after an event. Raises Impossible where the table knows no such way."""
    return after(PACKET, status, event, "packet")


def review_after(state: ReviewState | None, event: ReviewEvent) -> ReviewState:
    """The state of a review after an event. Raises Impossible where the table knows no such way."""
    return after(REVIEW, state, event, "review")


def can_withdraw(status: Status | None) -> bool:
    """Whether the applicant can still withdraw: until the decision, at every state (mission 9)."""
    return (status, PacketEvent.WITHDRAWN) in PACKET
