"""decide: records what a department says of a review (a decision, a special procedure, an approval taken back), or why
it does not count.
"""

import hmac
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import TypeAdapter, ValidationError

from kaigong import catalog
from kaigong.domain.flow import decision, delivery
from kaigong.domain.model.manifest import PACKET_PATTERN
from kaigong.domain.model.messages import Answer, Decision, Procedure, Revocation
from kaigong.domain.model.packet import DecisionFact, ProcedureFact, Review, ReviewState, RevocationFact
from kaigong.domain.model.tally import SIGNED, month_of, of_decision
from kaigong.domain.model.text import Text
from kaigong.settings import settings
from kaigong.store import catalogues, desk, lists, packets, queues, tallies

from .observe import logger
from .queue import broken_at, each_message, said

NO_PACKET = "unreadable"  # where a message that names no packet is noted
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
Refusal = decision.DecisionRefusal | None


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_message(event, context, record)


def record(message: SQSRecord) -> None:
    now, body = datetime.now(UTC), said(message.body)
    try:
        answer = _ANSWER.validate_json(body)
    except ValidationError as error:
        where = broken_at(error)
        packet, review = _meant(body)
        logger.warning("decision refused", reason=decision.DecisionRefusal.UNREADABLE, where=where, packet=packet)
        _refused(packet or NO_PACKET, review, decision.DecisionRefusal.UNREADABLE, message.message_id, now)
        return
    matter = decision.matter_of(answer)
    review = packets.load_review(answer.packet, matter) if matter else None
    refused = _RECORD[type(answer)](answer, review, now)
    if refused:
        logger.warning("decision refused", packet=answer.packet, reason=refused)
        _refused(answer.packet, review, refused, message.message_id, now)


def _refused(
    about: str, review: Review | None, reason: decision.DecisionRefusal, message_id: str, now: datetime
) -> None:
    """Note that a message does not count, and tell the department, which believes that it has answered."""
    packets.record_refused(about, message_id, reason, now, review.department if review else "")
    if review:
        known = catalog.load().matters.get(review.matter)
        name = known.name if known else Text(zh=review.matter, en=review.matter)
        queues.publish([delivery.refused(review, about, name, reason, message_id, now)])


def _meant(body: str) -> tuple[str, Review | None]:
    """The packet and the review that an unreadable message is about, where its token proves that it may say so."""
    try:
        said = json.loads(body)
        packet, review_id, token = (str(said[name]) for name in ("packet", "review_id", "reply_token"))
    except (ValueError, RecursionError, TypeError, KeyError):
        return "", None
    if not re.fullmatch(PACKET_PATTERN, packet) or not review_id.startswith(f"{packet}.") or len(review_id) > 120:
        return "", None
    review = packets.load_review(packet, review_id.removeprefix(f"{packet}."))
    return (
        (packet, review) if review and hmac.compare_digest(review.reply_token.encode(), token.encode()) else ("", None)
    )


def _decision(said: Decision, review: Review | None, now: datetime) -> Refusal:
    matter = catalog.load().matters.get(review.matter) if review else None
    refused = decision.refusal(said, review, matter)
    if review and refused in _BY_THE_CATALOGUE:  # the packet may go by an earlier one
        matter = catalogues.of_header(lists.header(said.packet), catalog.load()).matters.get(review.matter)
        refused = decision.refusal(said, review, matter)
    if refused or matter is None:
        return refused
    by, signer = _who(said, review)
    fact = DecisionFact(
        matter=matter.code,
        round=said.round,
        turn=review.turn if review else 1,
        outcome=said.outcome,
        reasons=said.reasons,
        conditions=said.conditions,
        officer=said.officer,
        by=by,
        signed_by=said.signed_by or "",
        signer=signer,
        message_id=said.id,
        received_at=now,
    )
    counted = _counted(fact, review, now) if review else []
    return decision.clash(fact, packets.record_decision(said.packet, fact, counted))


def _counted(fact: DecisionFact, review: Review, now: datetime) -> list[dict[str, Any]]:
    """What the decision adds to the own figures of who made it, and of who signed it, at the desk."""
    if not fact.by or fact.by.startswith(delivery.OF_A_SYSTEM):
        return []
    month, late = month_of(now, settings().office), review.state is ReviewState.OPEN and now > review.due.at
    found = [tallies.addition(fact.by, month, of_decision(fact.outcome, late=late), now)]
    if fact.signer and fact.signer != fact.by:  # one item is written once in a transaction
        found.append(tallies.addition(fact.signer, month, SIGNED, now))
    return found


def _who(said: Decision | Procedure, review: Review | None) -> tuple[str, str]:
    """Who answered, and who signed it: accounts, where that was at the desk; else the department's own system."""
    who = desk.answering(said.packet, said.id)
    return (who.answered_by, who.signer) if who else (_system(review), "")


def _system(review: Review | None) -> str:
    return f"{delivery.OF_A_SYSTEM}{review.department}" if review else ""


_BY_THE_CATALOGUE = (decision.DecisionRefusal.UNKNOWN_REVIEW, decision.DecisionRefusal.UNKNOWN_SLOT)


def _procedure(procedure: Procedure, review: Review | None, now: datetime) -> Refusal:
    refused = decision.procedure_refusal(procedure, review, now, catalog.with_calendar(settings().office))
    if refused or review is None:
        return refused
    packets.record_procedure(
        procedure.packet,
        ProcedureFact(
            matter=review.matter,
            round=procedure.round,
            kind=procedure.kind,
            number=procedure.number,
            action=procedure.action,
            note=procedure.note,
            appointment=procedure.appointment,
            officer=procedure.officer,
            by=_who(procedure, review)[0],
            received_at=now,
        ),
    )
    return None


def _revocation(revocation: Revocation, review: Review | None, now: datetime) -> Refusal:
    refused = decision.revocation_refusal(revocation, review)
    if refused or review is None:
        return refused
    fact = RevocationFact(
        matter=review.matter,
        kind=revocation.kind,
        reasons=revocation.reasons,
        officer=revocation.officer,
        by=_system(review),
        received_at=now,
    )
    before = packets.record_revocation(revocation.packet, fact)
    return None if before is None or before.says_the_same_as(fact) else decision.DecisionRefusal.ALREADY_DECIDED


_RECORD: dict[type, Callable[[Any, Review | None, datetime], Refusal]] = {
    Decision: _decision,
    Procedure: _procedure,
    Revocation: _revocation,
}
