"""issue: writes the joint result's document, once."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kaigong import catalog
from kaigong.domain.flow.result import document
from kaigong.domain.model.documents import JOINT_RESULT, IssuedDocument
from kaigong.domain.model.messages import IssueRequest
from kaigong.domain.model.packet import Issued
from kaigong.store import catalogues, documents, files, keys, packets

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
    key, sha256, now = keys.result_key(packet.packet), hashlib.sha256(written).hexdigest(), datetime.now(UTC)
    documents.record(IssuedDocument(sha256=sha256, packet=packet.packet, kind=JOINT_RESULT, key=key, issued_at=now))
    packets.record_issued(packet.packet, Issued(key=key, sha256=sha256, issued_at=now))
    logger.info("issued", packet=packet.packet)
