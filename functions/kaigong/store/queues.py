"""Sending: every batch call can fail inside a 200, so every answer is looked at."""

import json
import math
from collections.abc import Iterable, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from kaigong.errors import DeliveryFailed
from kaigong.settings import settings

from .clients import client

if TYPE_CHECKING:  # who only has a packet looked at needs no message
    from kaigong.domain.model.messages import NoticeMessage

BATCH = 10  # messages a request
BATCH_BYTES = 900_000  # SQS takes 1 MiB a request
LONGEST_DELAY = 900  # seconds
APPLICANT = "applicant"  # whom a notice is for, where nobody else is named


def send(queue: str, messages: Sequence[BaseModel]) -> None:
    """Put messages on a queue, named as in the design (`review-water`). Raises DeliveryFailed if any was not taken."""
    bodies = [message.model_dump_json(by_alias=True, exclude_none=True) for message in messages]
    send_bodies(queue, bodies)


def send_bodies(queue: str, bodies: Iterable[str], after: float = 0) -> None:
    """`after`: seconds that the messages wait before anybody gets them."""
    wait = {"DelaySeconds": min(math.ceil(after), LONGEST_DELAY)} if after > 0 else {}
    for batch in _batches(bodies):
        entries = [{"Id": str(i), "MessageBody": body, **wait} for i, body in enumerate(batch)]
        answer = client("sqs").send_message_batch(QueueUrl=settings().queue_url(queue), Entries=entries)
        _check(answer, queue)


def publish(messages: Sequence["NoticeMessage"]) -> None:
    """Publish notices. Raises DeliveryFailed if any was not taken."""
    for batch in batched(map(_with_whole_link, messages), BATCH):
        entries = [
            {
                "Id": str(i),
                "Message": message.model_dump_json(by_alias=True, exclude_none=True),
                "MessageAttributes": {
                    "kind": {"DataType": "String", "StringValue": message.kind},
                    "for": {"DataType": "String", "StringValue": message.department or message.to or APPLICANT},
                    **({"officer": {"DataType": "String", "StringValue": message.officer}} if message.officer else {}),
                },
            }
            for i, message in enumerate(batch)
        ]
        answer = client("sns").publish_batch(TopicArn=settings().notices_topic_arn, PublishBatchRequestEntries=entries)
        _check(answer, "notices")


def _with_whole_link(message: "NoticeMessage") -> "NoticeMessage":
    """The same for who reads it outside the portal: rules know its pages, and not where it is."""
    portal = settings().portal
    return message.changed(link=f"{portal}{message.link}" if portal and message.link else None)


def look_at(queue: str, packets: Iterable[str], after: float = 0) -> None:
    """Ask a function (`advance`, `dispatch`) to look at packets, through its own queue; `after` so many seconds."""
    send_bodies(queue, [json.dumps({"packet": packet}) for packet in packets], after)


def _batches(bodies: Iterable[str]) -> Iterable[list[str]]:
    batch: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if batch and (len(batch) == BATCH or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += length
    if batch:
        yield batch


def _check(answer: dict[str, Any], target: str) -> None:
    if answer.get("Failed"):
        codes = sorted({entry.get("Code", "?") for entry in answer["Failed"]})
        raise DeliveryFailed(f"消息未能送达 {target}：{codes}", f"Messages were not taken by {target}: {codes}")
