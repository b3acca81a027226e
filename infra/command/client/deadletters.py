"""What failed for good: how much lies in each dead-letter queue, and how it is given another try."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from kaigong.domain.flow.delivery import review_queue
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.text import Text
from kaigong.errors import Refused

from .connection import Connection
from .faults import CallRefused, translated

FUNCTIONS = {  # queue by short name: the function that reads it
    "uploads": "validate",
    "advance": "advance",
    "dispatch": "dispatch",
    "decisions": "decide",
    "issue": "issue",
    "documents": "document",
    "credit": "credit",
    "findings": "supervise",
    "benefits": "benefit",
    "daily": "daily",
}
BREACHES = "breaches"  # the credit platform reads it
REVIEW = "review-"  # and a department: dead letters of both its queues of review tasks
SUPERVISION = "supervision"  # dead letters of every department's queue of supervision tasks
PRIORITY = "-priority"
COUNTS = {  # of a queue's messages, by SQS's names
    "waiting": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}
_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


class NotAQueue(Refused):
    """A queue that was named is none of this stack's, or has no dead letters of its own."""


@dataclass(frozen=True)
class Depth:
    """A dead-letter queue and how many messages lie in it."""

    queue: str  # short name of the queue that the messages failed in
    messages: int


@dataclass(frozen=True)
class Redriven:
    """What became of a redrive. `left` are reports of the stream, which are no messages of the queue, and what says
    nothing of where it belongs.
    """

    moved: int
    left: int


def queues(departments: Iterable[str]) -> list[str]:
    """Short names of all queues that have dead letters."""
    return [
        *FUNCTIONS,
        BREACHES,
        SUPERVISION,
        *(f"{REVIEW}{department}" for department in departments),
    ]


def depths(connection: Connection, departments: Iterable[str]) -> list[Depth]:
    """The dead letters of every queue that this stack has."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda queue: _depth(connection, queue), queues(departments)))
    return [depth for depth in found if depth is not None]


def _depth(connection: Connection, queue: str) -> Depth | None:
    """None for a queue that this stack does not have: a department of a later catalogue."""
    found = counts(connection, f"{queue}-dlq")
    return Depth(queue, found["waiting"]) if found else None


def counts(connection: Connection, queue: str) -> dict[str, int] | None:
    """How many messages lie in a queue, by `COUNTS`. None for a queue that this stack does not have."""
    try:
        with translated("SQS"):
            answer = connection.client("sqs").get_queue_attributes(
                QueueUrl=connection.target.queue_url(queue), AttributeNames=[*COUNTS.values()]
            )
    except CallRefused as error:
        if error.code in _GONE:
            return None
        raise
    return {name: int(answer["Attributes"].get(attribute, 0)) for name, attribute in COUNTS.items()}


def cause(queue: str, stack: str) -> Text:
    """What is most likely wrong, and where to look before anything is sent again."""
    function = FUNCTIONS.get(queue)
    if function:
        log = f"/aws/lambda/{stack}-{function}"
        return Text(
            zh=f"函数 {function} 每次处理都失败：程序缺陷，或所依赖的服务中断。先看日志 {log}，修复后再重投。",
            en=f"Function {function} failed at every try: a bug, or an outage of what it needs. "
            f"Read its log {log} and mend that first.",
        )
    if queue == BREACHES:
        return Text(
            zh="信用平台十次取走失信消息而没有删除：对方系统出错。先与信用平台确认，再重投。",
            en="The credit platform took the message ten times and never deleted it: ask it first.",
        )
    return Text(
        zh="部门系统十次取走任务而没有删除：对方系统出错，或有人反复查看而未办理。先与该部门确认，再重投。",
        en="The department's system took the task ten times and never deleted it: its system fails, or somebody looked "
        "and never decided. Ask the department first.",
    )


def redrive(connection: Connection, queue: str) -> Redriven:
    """Send every dead letter of a queue to that queue again, body and attributes unchanged; each is deleted once sent.

    A letter is sent at most once by one call, even if it fails again meanwhile: only as many are taken as lay there.
    Raises NotAQueue.
    """
    queue = queue.removesuffix("-dlq")
    queue = queue.removesuffix(PRIORITY) if queue.startswith(REVIEW) else queue
    depth = _depth(connection, queue)
    if depth is None:
        raise NotAQueue(
            f"没有队列 {queue}。名称见 kaigong ops dead-letters。",
            f"There is no queue {queue}; see kaigong ops dead-letters for the names.",
        )
    sqs, source = connection.client("sqs"), connection.target.queue_url(f"{queue}-dlq")
    moved, left = 0, 0
    while moved + left < depth.messages:
        with translated("SQS"):
            answer = sqs.receive_message(
                QueueUrl=source,
                MaxNumberOfMessages=min(10, depth.messages - moved - left),
                WaitTimeSeconds=1,
                MessageAttributeNames=["All"],
            )
            for message in answer.get("Messages", ()):
                target = _queue_of(queue, message["Body"])
                if target is None:
                    left += 1
                    continue
                sqs.send_message(QueueUrl=connection.target.queue_url(target), **_content(message))
                sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
                moved += 1
        if not answer.get("Messages"):
            break
    return Redriven(moved, left)


def _queue_of(queue: str, body: str) -> str | None:
    """The queue that a dead letter came from: of supervision tasks, that of the department that it names; of review
    tasks, that of the channel. None for Lambda's report of a stream batch that failed for good, which no function
    reads: its packets are found by `watch` and by `kaigong ops stuck`.
    """
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    told = said if isinstance(said, dict) else {}
    if "DDBStreamBatchInfo" in told:
        return None
    if queue == SUPERVISION:
        return f"{queue}-{told['department']}" if "department" in told else None
    if queue.startswith(REVIEW) and told.get("channel") == Channel.GREEN:
        return review_queue(queue.removeprefix(REVIEW), Channel.GREEN)
    return queue


def _content(message: dict[str, Any]) -> dict[str, Any]:
    attributes = message.get("MessageAttributes")
    return {"MessageBody": message["Body"]} | ({"MessageAttributes": attributes} if attributes else {})


def look_at(connection: Connection, packet: str) -> None:
    """Have `advance` and `dispatch` look at a packet as it now is; harmless at any time."""
    for queue in ("advance", "dispatch"):
        with translated("SQS"):
            connection.client("sqs").send_message(
                QueueUrl=connection.target.queue_url(queue), MessageBody=json.dumps({"packet": packet})
            )
