"""How a queue's messages are handled: one at a time, and those that fail come again alone."""

import json
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import ValidationError

from kaigong.domain.model.manifest import PACKET_PATTERN
from kaigong.errors import TryAgain

from .observe import logger


class NoTimeLeft(TryAgain):
    """A message is left for the next invocation: this one may end before it is done."""


def each_message(
    event: dict[str, Any], context: Any, handle: Callable[[SQSRecord], None], needs_ms: int = 0
) -> dict[str, Any]:
    """Handle every message; answer with those that failed (partial batch response), each with a line in the log.

    A message may take `needs_ms`: where less is left, it and those behind it come again, and no invocation is cut off.
    """

    def one(record: SQSRecord) -> None:  # Powertools passes it by this name
        if needs_ms and context.get_remaining_time_in_millis() < needs_ms:
            raise NoTimeLeft("留待下次处理。", "Left for the next invocation.")
        try:
            handle(record)
        except Exception as error:
            told = {"message_id": record.message_id} | about(record.body) | _where(error)
            logger.error("message failed", extra=told)
            raise

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event, one, processor, context))


def said(body: str) -> str:
    """What a message says: without the mark that some editors put before a text, and out of the envelope of SNS, whose
    subscribers forget to ask for raw delivery.
    """
    text = body.removeprefix("\ufeff")
    try:
        envelope = json.loads(text)
    except (ValueError, RecursionError):
        return text
    wrapped = isinstance(envelope, dict) and envelope.get("Type") == "Notification" and "schema" not in envelope
    inner = envelope.get("Message") if wrapped else None
    return inner.removeprefix("\ufeff") if isinstance(inner, str) else text


def broken_at(error: ValidationError) -> list[str]:
    """Where a message breaks its schema; nothing of what it says there, which may be anything."""
    return [".".join(map(str, e["loc"])) for e in error.errors(include_input=False, include_url=False)]


def about(body: str) -> dict[str, str]:
    """The packet that a message is about, where it says so."""
    try:
        packet = json.loads(said(body))["packet"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return {}
    return {"packet": packet} if isinstance(packet, str) and re.fullmatch(PACKET_PATTERN, packet) else {}


def _where(error: Exception) -> dict[str, str]:
    """Which error, and the place in our code that it came through last; not its text, which may quote the message."""
    frames = [(Path(frame.filename), frame) for frame in traceback.extract_tb(error.__traceback__)]
    file, ours = next((each for each in reversed(frames) if each[0].is_relative_to(_OURS)), frames[0])
    where = file.relative_to(_OURS) if file.is_relative_to(_OURS) else file.name
    return {"error": type(error).__name__, "at": f"{where}:{ours.lineno} {ours.name}"}


_OURS = Path(__file__).parents[1]
