"""Who has a review, and who may answer it now.

An officer has a review for a while; whoever answers first counts, an officer here or the department's own system.
Sources: mission 7 (one officer has it, no passing the buck); design.md, "Contracts": departments with a system of their
own read the same queues.
"""

from datetime import datetime, timedelta
from typing import Literal

from kaigong.domain import words
from kaigong.domain.model.clock import Office
from kaigong.domain.model.officer import made_by
from kaigong.domain.model.packet import DecisionFact, Packet, Review, ReviewState
from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.waiting import Lease

from .proposal import to_sign
from .withdrawal import withdrawn_by

LEASE = timedelta(minutes=15)  # choice: how long an officer has a review without a sign of life


# who has it


class HeldBy(Model):
    """Which officer of the department has a review, until when."""

    officer: str
    until: datetime
    mine: bool


def held_by(lease: Lease | None, account: str, now: datetime) -> HeldBy | None:
    """Who has it, as this account is told; None: nobody."""
    if lease is None or not lease.holds(now):
        return None
    return HeldBy(officer=lease.officer, until=lease.until, mine=lease.by == account)


# who may answer


class Barred(Model):
    """Why an account cannot answer a review now: a stable code, and the words."""

    code: Literal["old-round", "not-pending", "own-proposal", "held-by-another", "answer-sent"]
    text: Text


def why_not(
    packet: Packet,
    review: Review,
    round_: int,
    lease: Lease | None,
    account: str,
    now: datetime,
    office: Office,
    name: str = "",
) -> Barred | None:
    """Why this account, whose user has the name `name` now, cannot answer the review in this round; None: it can.

    Whoever answers first counts: an officer here, or the department's own system. The other one is told.
    """
    if round_ != review.round:
        return Barred(code="old-round", text=words.lease.old_round(review.round, round_))
    decided = packet.decisions.get((review.matter, review.round))
    if decided is not None:
        answer = lease.answer if lease and lease.by == account else ""
        return Barred(code="not-pending", text=_already(decided, answer, office))
    if review.state is ReviewState.WITHDRAWN:
        return Barred(code="not-pending", text=words.withdrawal.NOT_REVIEWED[withdrawn_by(packet)])
    if not review.pending:
        return Barred(code="not-pending", text=words.lease.not_pending(review.state))
    proposal = to_sign(packet, review)
    if proposal and made_by(proposal, account, name):
        at = proposal.at.astimezone(office.zone)
        return Barred(code="own-proposal", text=words.proposal.own(at, proposal.outcome))
    if lease is None or not lease.holds(now):
        return None
    if lease.by != account:
        until = lease.until.astimezone(office.zone)
        return Barred(code="held-by-another", text=words.lease.held_by(lease.officer, until))
    if lease.answer:
        return Barred(code="answer-sent", text=words.lease.ANSWER_SENT)
    return None


def _already(fact: DecisionFact, answer: str, office: Office) -> Text:
    """What stands on record. `answer` is the id of what the account sent in this round, if anything."""
    at = fact.received_at.astimezone(office.zone)
    if answer == fact.message_id:
        return words.lease.yours_counts(at, fact.outcome)
    if fact.signed_by:
        return words.proposal.signed(fact.officer, fact.signed_by, at, fact.outcome)
    return words.lease.anothers_counts(fact.officer, at, fact.outcome, answered=bool(answer))
