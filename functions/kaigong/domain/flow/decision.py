"""Whether what a department says of a review counts: a decision, a special procedure, an approval taken back.

See design.md, "Contracts": the reply token proves the department, since it was only in that department's queue.
"""

import hmac
from datetime import datetime
from enum import StrEnum

from kaigong.domain.model.catalogue import Matter
from kaigong.domain.model.clock import Office
from kaigong.domain.model.messages import Decision, Procedure, ProcedureAction, Revocation
from kaigong.domain.model.packet import TAKEN_BACK, DecisionFact, Review, ReviewState

from .procedures import why_not_then


class DecisionRefusal(StrEnum):
    """Why a message was refused; the packet stays as it is."""

    UNREADABLE = "unreadable"  # breaks the schema
    UNKNOWN_REVIEW = "unknown-review"
    WRONG_TOKEN = "wrong-token"  # noqa: S105 - the name of a reason
    OLD_ROUND = "old-round"
    UNKNOWN_SLOT = "unknown-slot"  # a reason names a material that the matter does not have
    ALREADY_DECIDED = "already-decided"
    WITHDRAWN = "withdrawn"  # the packet was withdrawn, and the task with it
    NOT_IN_REVIEW = "not-in-review"  # a special procedure in a review that is decided
    UNTIMELY = "untimely"  # an appointment that has passed, or for when the hall is closed
    NOT_APPROVED = "not-approved"  # there is no approval to take back


def matter_of(message: Decision | Procedure | Revocation) -> str | None:
    """The matter that a review id names, if the id belongs to the message's packet."""
    packet, _, matter = message.review_id.rpartition(".")
    return matter if packet == message.packet else None


def refusal(decision: Decision, review: Review | None, matter: Matter | None) -> DecisionRefusal | None:
    """Why the decision does not count, or None."""
    if review is None or matter is None or review.by_rules:  # what rules decided no department was asked
        return DecisionRefusal.UNKNOWN_REVIEW
    if refused := _not_of_this_task(review, decision.reply_token, decision.round):
        return refused
    if review.state is ReviewState.WITHDRAWN:
        return DecisionRefusal.WITHDRAWN
    slots = {entry.material for entry in matter.materials}
    if any(reason.slot is not None and reason.slot not in slots for reason in decision.reasons):
        return DecisionRefusal.UNKNOWN_SLOT
    return None


def procedure_refusal(
    procedure: Procedure, review: Review | None, now: datetime, office: Office
) -> DecisionRefusal | None:
    """Why the start or end of a special procedure does not count, or None."""
    if review is None:
        return DecisionRefusal.UNKNOWN_REVIEW
    if refused := _not_of_this_task(review, procedure.reply_token, procedure.round):
        return refused
    if review.state is ReviewState.WITHDRAWN:
        return DecisionRefusal.WITHDRAWN
    if not review.pending:
        return DecisionRefusal.NOT_IN_REVIEW
    when = procedure.appointment if procedure.action is ProcedureAction.START else None
    return DecisionRefusal.UNTIMELY if when and why_not_then(when, now, office) else None


def revocation_refusal(revocation: Revocation, review: Review | None) -> DecisionRefusal | None:
    """Why an approval cannot be taken back, or None. One that was taken back already is the caller's to compare."""
    if review is None:
        return DecisionRefusal.UNKNOWN_REVIEW
    if refused := _not_of_this_task(review, revocation.reply_token, review.round):
        return refused
    ended = (ReviewState.APPROVED, *TAKEN_BACK)
    return None if review.state in ended else DecisionRefusal.NOT_APPROVED


def _not_of_this_task(review: Review, token: str, round_: int) -> DecisionRefusal | None:
    """Whether somebody answers another task than the one that is out. The token is compared in constant time, and
    before anything else.
    """
    if review.state is ReviewState.UNOPENED:  # no task of an unopened one goes out
        return DecisionRefusal.UNKNOWN_REVIEW
    if not hmac.compare_digest(token.encode(), review.reply_token.encode()):
        # A corrected review has a new token, so an old round shows itself here too.
        return DecisionRefusal.OLD_ROUND if round_ < review.round else DecisionRefusal.WRONG_TOKEN
    return None if round_ == review.round else DecisionRefusal.OLD_ROUND


def clash(decision: DecisionFact, before: DecisionFact | None) -> DecisionRefusal | None:
    """A repetition of the same decision is harmless; a different second one is refused."""
    if before is None or before.says_the_same_as(decision):
        return None
    return DecisionRefusal.ALREADY_DECIDED
