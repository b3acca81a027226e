"""decide: records a department's decision on a review, or why it does not count."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import ValidationError

from kaigong.catalog import load as catalogue
from kaigong.domain import decision as rules
from kaigong.domain.messages import Decision
from kaigong.domain.packet import DecisionFact
from kaigong.store import packets

from .observe import logger
from .queue import each_message

NO_PACKET = "unreadable"  # where a message that names no packet is noted


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_message(event, context, record)


def record(message: SQSRecord) -> None:
    now = datetime.now(UTC)
    try:
        decision = Decision.model_validate_json(message.body)
    except ValidationError as error:
        where = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False, include_url=False)]
        logger.warning("decision refused", reason=rules.DecisionRefusal.UNREADABLE, where=where)
        packets.record_refused(NO_PACKET, message.message_id, rules.DecisionRefusal.UNREADABLE, now)
        return
    matter = rules.matter_of(decision)
    review = packets.load_review(decision.packet, matter) if matter else None
    refused = rules.refusal(decision, review, catalogue().matters.get(matter or ""))
    if refused is None and matter:
        fact = DecisionFact(
            matter=matter,
            round=decision.round,
            outcome=decision.outcome,
            reasons=decision.reasons,
            conditions=decision.conditions,
            officer=decision.officer,
            message_id=decision.id,
            received_at=now,
        )
        refused = rules.clash(fact, packets.record_decision(decision.packet, fact))
    if refused:
        logger.warning("decision refused", packet=decision.packet, reason=refused)
        packets.record_refused(decision.packet, message.message_id, refused, now)
