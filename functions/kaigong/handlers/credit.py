"""credit: keeps the newest credit record of an enterprise, as the city's platform publishes it (mission 2)."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import ValidationError

from kaigong.domain.messages import CreditRecord
from kaigong.store import credit, packets

from .observe import logger
from .queue import each_message


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_message(event, context, record)


def record(message: SQSRecord) -> None:
    try:
        kept = credit.record(CreditRecord.model_validate_json(message.body))
    except ValidationError as error:
        where = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False, include_url=False)]
        logger.warning("credit record refused", where=where)
        packets.record_refused("credit", message.message_id, "unreadable", datetime.now(UTC))
    else:
        logger.info("credit record", kept=kept)
