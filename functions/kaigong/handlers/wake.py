"""How `advance` and `dispatch` are woken: by the table's stream, or through their own queue.

Each packet of a stream batch is handled apart. One that fails goes, by its id, to the function's own queue, which
retries it and in the end dead-letters it: so a poisoned packet never holds up its shard. The local AWS would lose what
a reader of the stream reports as failed (local-aws.md, "Differences").
"""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kaigong.store import keys, queues

from .observe import logger
from .queue import each_message

Handle = Callable[[str], float | None]
"""Handles a packet; returns after how many seconds it is to be looked at again, if that is so."""


def each_packet(
    event: dict[str, Any], context: Any, queue: str, streamed: Handle, asked: Handle | None = None
) -> dict[str, Any]:
    """Handle every packet that the event speaks of: that the stream tells of, or that somebody asks to be looked at."""
    if not is_streamed(event):
        return each_message(event, context, lambda record: _asked(record, queue, asked or streamed))
    failed = []
    for packet in packets_of(event):
        try:
            streamed(packet)
        except Exception:
            logger.exception("packet put on the queue to be tried again", packet=packet)
            failed.append(packet)
    if failed:
        queues.look_at(queue, failed)  # if this fails too, the whole batch comes again
    return {"batchItemFailures": []}


def _asked(record: SQSRecord, queue: str, handle: Handle) -> None:
    """Handle the packet that a message names. One without is AWS's note on a stream batch given up, redriven from the
    dead letters: it names no packet, and `watch` looks after those.
    """
    packet = record.json_body.get("packet")
    if packet is None:
        logger.warning("message names no packet", message_id=record.message_id)
        return
    later = handle(packet)
    if later is not None:
        queues.look_at(queue, [packet], later)


def packets_of(event: dict[str, Any], kind: str = "") -> list[str]:
    """The packets of a stream batch, each once, in order; of one kind of items, where that is asked for."""
    names = [record["dynamodb"]["Keys"] for record in event["Records"]]
    found = (
        keys.packet_of(name["pk"]["S"]) or keys.supervised_of(name["pk"]["S"])
        for name in names
        if not kind or keys.kind_of(name["sk"]["S"]) == kind
    )
    return list(dict.fromkeys(filter(None, found)))


def is_streamed(event: dict[str, Any]) -> bool:
    """Whether the table's stream tells it; else a queue does."""
    return bool(event["Records"][0]["eventSource"] != "aws:sqs")
