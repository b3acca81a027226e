"""credit: keeps the newest credit record of an enterprise, as the city's platform publishes it (mission 2).

Its packets are looked at again: what was returned for a breach may be open now. `advance` leaves those alone that are
accepted already.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import ValidationError

from kaigong.domain.model.messages import CreditRecord
from kaigong.domain.model.standing import untimely
from kaigong.store import credit, packets, queues

from .observe import logger
from .queue import broken_at, each_message, said

LOOKED_AT_AGAIN = timedelta(days=90)  # choice: a packet that was returned earlier than that waits for its applicant


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_message(event, context, record)


def record(message: SQSRecord) -> None:
    now = datetime.now(UTC)
    try:
        found = CreditRecord.model_validate_json(said(message.body))
    except ValidationError as error:
        where = broken_at(error)
        logger.warning("credit record refused", where=where)
        packets.record_refused("credit", message.message_id, "unreadable", now)
        return
    if why := untimely(found, now):
        logger.warning("credit record refused", where=[why])
        packets.record_refused("credit", message.message_id, why, now)
        return
    kept = credit.record(found, now)
    if kept:
        queues.look_at("advance", credit.recent_packets(found.uscc, now - LOOKED_AT_AGAIN))
    logger.info("credit record", kept=kept)
