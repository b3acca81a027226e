"""issue: writes the joint result's document, once."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kaigong import catalog
from kaigong.domain.flow.result import document
from kaigong.domain.model.messages import IssueRequest
from kaigong.domain.model.packet import Issued
from kaigong.store import catalogues, files, keys, packets

from .observe import logger
from .queue import each_message


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_message(event, context, issue)


def issue(message: SQSRecord) -> None:
    request = IssueRequest.model_validate_json(message.body)
    packet = packets.load_without_uploads(request.packet)
    if packet.issued:
        return
    written = document(packet, catalogues.of(packet, catalog.load()))
    if not files.put_result_once(packet.packet, written):
        written = files.read_result(packet.packet)  # an earlier run stored it and died before it said so
    packets.record_issued(
        packet.packet,
        Issued(
            key=keys.result_key(packet.packet),
            sha256=hashlib.sha256(written).hexdigest(),
            issued_at=datetime.now(UTC),
        ),
    )
    logger.info("issued", packet=packet.packet)
