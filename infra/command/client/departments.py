"""A department's side of the queues: take review tasks, answer with decisions, and only then delete the tasks."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kaigong.domain.flow.delivery import review_queue
from kaigong.domain.model.messages import (
    Channel,
    Decision,
    DecisionReason,
    Message,
    Outcome,
    Procedure,
    ProcedureAction,
    ProcedureKind,
    ReviewTask,
)
from pydantic import ValidationError

from .connection import Connection
from .faults import translated

_BATCH = 10  # messages that SQS gives at a time
_LONG_POLL = 1  # seconds; an empty short poll asks only some of SQS's servers
_HIDDEN = 300  # seconds that a task is hidden from others while it is worked on


@dataclass(frozen=True)
class Received:
    """A message taken from a review queue. `task` is None where it breaks the contract; `problem` says how."""

    queue: str  # short name
    receipt: str
    task: ReviewTask | None
    problem: str = ""

    @property
    def withdrawn(self) -> bool:
        """Whether it says that a task is taken back."""
        return self.task is not None and self.task.withdrawn is not None


def review_queues(department: str) -> tuple[str, str]:
    """Short names of a department's queues, the one to read first at the front."""
    return review_queue(department, Channel.GREEN), review_queue(department, Channel.ORDINARY)


def receive(connection: Connection, department: str, most: int, wait: float) -> Iterator[Received]:
    """Up to `most` messages, the priority queue's first; ends when there were none for `wait` seconds."""
    left, until = most, time.monotonic() + wait
    while left > 0:
        found = _next(connection, department, min(left, _BATCH), _HIDDEN + int(wait))
        yield from sorted(found, key=lambda received: not received.withdrawn)  # before the tasks that they are about
        left -= len(found)
        if found:
            until = time.monotonic() + wait
        elif time.monotonic() >= until:
            return


def _next(connection: Connection, department: str, most: int, hidden: int) -> list[Received]:
    """What the priority queue gives, and only if it gives nothing, what the ordinary one gives."""
    for queue in review_queues(department):
        with translated("SQS"):
            answer = connection.client("sqs").receive_message(
                QueueUrl=connection.target.queue_url(queue),
                MaxNumberOfMessages=most,
                WaitTimeSeconds=_LONG_POLL,
                VisibilityTimeout=hidden,
            )
        if answer.get("Messages"):
            return [_received(queue, m["ReceiptHandle"], m["Body"]) for m in answer["Messages"]]
    return []


def _received(queue: str, receipt: str, body: str) -> Received:
    try:
        return Received(queue, receipt, ReviewTask.model_validate_json(body))
    except ValidationError as error:
        where = ", ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False, include_url=False))
        return Received(queue, receipt, None, problem=where or "?")


def decision(
    task: ReviewTask,
    outcome: Outcome,
    officer: str,
    reasons: tuple[DecisionReason, ...] = (),
    conditions: tuple[str, ...] = (),
) -> Decision:
    """The decision on a task. Its id is the task's own, so that sending it twice is one decision."""
    return Decision(
        schema_="kaigong/decision/1",
        id=f"{task.review_id}.{task.round}.decision",
        packet=task.packet,
        sent_at=datetime.now(UTC),
        review_id=task.review_id,
        round=task.round,
        reply_token=task.reply_token,
        outcome=outcome,
        reasons=reasons,
        conditions=conditions,
        officer=officer,
    )


def procedure(
    task: ReviewTask,
    kind: ProcedureKind,
    action: ProcedureAction,
    note: str,
    officer: str,
    appointment: datetime | None = None,
) -> Procedure:
    """The start or end of a special procedure in a task's review. Sending it twice is one start, or one end."""
    return Procedure(
        schema_="kaigong/procedure/1",
        id=f"{task.review_id}.{task.round}.{kind.value}.{action.value}",
        packet=task.packet,
        sent_at=datetime.now(UTC),
        review_id=task.review_id,
        round=task.round,
        reply_token=task.reply_token,
        kind=kind,
        action=action,
        note=note,
        appointment=appointment,
        officer=officer,
    )


def decide(connection: Connection, received: Received, decided: Decision) -> None:
    """Send the decision, then delete the task: if the second fails, the task comes again and the answer is the same."""
    tell(connection, decided)
    acknowledge(connection, received)


def acknowledge(connection: Connection, received: Received) -> None:
    """A message is dealt with: it leaves its queue."""
    with translated("SQS"):
        connection.client("sqs").delete_message(
            QueueUrl=connection.target.queue_url(received.queue), ReceiptHandle=received.receipt
        )


def tell(connection: Connection, message: Message) -> None:
    """Send what a department says of a review."""
    with translated("SQS"):
        connection.client("sqs").send_message(
            QueueUrl=connection.target.queue_url("decisions"),
            MessageBody=message.model_dump_json(by_alias=True, exclude_none=True),
        )


def release(connection: Connection, received: Received) -> None:
    """Give a task back: it is visible to others at once."""
    with translated("SQS"):
        connection.client("sqs").change_message_visibility(
            QueueUrl=connection.target.queue_url(received.queue), ReceiptHandle=received.receipt, VisibilityTimeout=0
        )
