"""Whether a department's decision counts. See design.md, "Contracts"."""

import hmac
from enum import StrEnum

from .catalogue import Matter
from .messages import Decision
from .packet import DecisionFact, Review, ReviewState


class DecisionRefusal(StrEnum):
    """Why a decision was refused; the packet stays as it is."""

    UNREADABLE = "unreadable"  # breaks the schema
    UNKNOWN_REVIEW = "unknown-review"
    WRONG_TOKEN = "wrong-token"  # noqa: S105 - the name of a reason
    OLD_ROUND = "old-round"
    UNKNOWN_SLOT = "unknown-slot"  # a reason names a material that the matter does not have
    ALREADY_DECIDED = "already-decided"


def matter_of(decision: Decision) -> str | None:
    """The matter that a review id names, if the id belongs to the decision's packet."""
    packet, _, matter = decision.review_id.rpartition(".")
    return matter if packet == decision.packet else None


def refusal(decision: Decision, review: Review | None, matter: Matter | None) -> DecisionRefusal | None:
    """Why the decision does not count, or None. The token is compared in constant time, and before anything else."""
    if review is None or matter is None or review.state is ReviewState.UNOPENED:  # no task of an unopened one goes out
        return DecisionRefusal.UNKNOWN_REVIEW
    if not hmac.compare_digest(decision.reply_token.encode(), review.reply_token.encode()):
        # A corrected review has a new token, so an old round shows itself here too.
        return DecisionRefusal.OLD_ROUND if decision.round < review.round else DecisionRefusal.WRONG_TOKEN
    if decision.round != review.round:
        return DecisionRefusal.OLD_ROUND
    slots = {entry.material for entry in matter.materials}
    if any(reason.slot is not None and reason.slot not in slots for reason in decision.reasons):
        return DecisionRefusal.UNKNOWN_SLOT
    return None


def clash(decision: DecisionFact, before: DecisionFact | None) -> DecisionRefusal | None:
    """A repetition of the same decision is harmless; a different second one is refused."""
    if before is None or before.says_the_same_as(decision):
        return None
    return DecisionRefusal.ALREADY_DECIDED
