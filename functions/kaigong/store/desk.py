"""A department's desk: what waits, who has what, and the messages of its two queues.

A lease is an item of its own beside the packet, written whole and always on a condition, so that two officers never
have the same review. `advance` alone changes the review itself.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, ValidationError

from kaigong.domain.model.messages import Channel, Decision, Procedure, ReviewTask
from kaigong.domain.model.packet import Proposal
from kaigong.domain.model.text import Model
from kaigong.domain.model.waiting import Lease, Waiting
from kaigong.errors import DeliveryFailed
from kaigong.settings import settings

from . import keys, queues
from .clients import client
from .items import (
    LATER,
    all_of,
    by_department,
    dump,
    fields,
    from_attributes,
    item_at,
    key,
    list_of,
    put_once,
    to_attributes,
)

KEPT = timedelta(days=7)  # after its end, for who asks what became of an answer
ON_ITS_WAY = timedelta(days=60)  # longer than queue and dead letters keep a message: then its fact says who it was
_FROM_THE_DESK = "desk-"
LONG_POLL = 1  # seconds; an empty short poll asks only some of SQS's servers
_MESSAGE_GONE = (
    "ReceiptHandleIsInvalid",
    "InvalidParameterValue",  # AWS says so of a receipt that expired, and past twelve hours
    "AWS.SimpleQueueService.MessageNotInflight",
    "MessageNotInflight",
)


# what waits


def waiting(department: str, limit: int, after: str | None = None) -> tuple[list[Waiting], str | None]:
    """The pending reviews of a department, priority first, then by due date; and where to go on, if there are more."""
    found, more = list_of(keys.department_pk(department), limit, after)
    return [_waiting(item) for item in found], more


def correcting(department: str, limit: int) -> tuple[list[Waiting], bool]:
    """What applicants correct of a department, the oldest first, and whether there is more."""
    found, more = list_of(keys.correcting_pk(department), limit)
    return [_waiting(item) for item in found], more is not None


def leases(department: str, now: datetime) -> list[Lease]:
    """The leases of a department that have not ended."""
    bound = {":pk": keys.leases_pk(department), ":now": keys.utc(now)}
    page = by_department("gsi2pk = :pk AND gsi2sk > :now", bound)
    return [_listed_lease(department, item) for item in page["Items"]]


def _waiting(item: dict[str, Any]) -> Waiting:
    plain = from_attributes(item)
    return Waiting(
        packet=keys.packet_of(plain["pk"]),
        matter=keys.name_in(plain["sk"]),
        channel=Channel.GREEN if keys.has_priority(plain["gsi2sk"]) else Channel.ORDINARY,
        **{name: plain[name] for name in ("round", "state", "due", "pauses") if name in plain},
        **plain["gsi2about"],
    )


def _listed_lease(department: str, item: dict[str, Any]) -> Lease:
    plain = from_attributes(item)
    matter, round_ = keys.name_in(plain["sk"]).split("#")
    return Lease(
        packet=keys.packet_of(plain["pk"]),
        matter=matter,
        round=int(round_),
        department=department,
        **{name: plain[name] for name in ("officer", "by", "until")},
    )


# who has it


def lease(packet: str, matter: str, round_: int) -> Lease | None:
    """The newest lease of a review's round, ended or not. Strongly consistent."""
    item = item_at(key(packet, keys.lease_sk(matter, round_)))
    return _lease(item) if item else None


def take(wanted: Lease, now: datetime) -> Lease | None:
    """Write a lease unless another officer has the review now. Returns the one that is in the way, if any."""
    bound = {":now": keys.utc(now), ":by": wanted.by}
    return _put(wanted, "attribute_not_exists(pk) OR #until <= :now OR #by = :by", bound, now)


def claim(wanted: Lease, now: datetime) -> Lease | None:
    """The same for a lease that says that an answer goes out: one at a time, even from two pages of one officer."""
    bound = {":now": keys.utc(now), ":by": wanted.by}
    free = "attribute_not_exists(pk) OR #until <= :now OR (#by = :by AND attribute_not_exists(answer))"
    return _put(wanted, free, bound, now)


def replace(before: Lease, after: Lease, now: datetime) -> bool:
    """Write a lease over one that is still as it was read. Returns whether it was."""
    bound = {":by": before.by, ":until": keys.utc(before.until)}
    return _put(after, "#by = :by AND #until = :until", bound, now) is None


def _put(wanted: Lease, condition: str, bound: dict[str, str], now: datetime) -> Lease | None:
    values = dump(wanted) | {"until": keys.utc(wanted.until), "expires_at": int((wanted.until + KEPT).timestamp())}
    del values["packet"]
    if wanted.holds(now):
        values |= keys.lease_index(wanted.packet, wanted.matter, wanted.department, wanted.until)
    try:
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=key(wanted.packet, keys.lease_sk(wanted.matter, wanted.round)) | to_attributes(values),
            ConditionExpression=condition,
            ExpressionAttributeNames={"#until": "until", "#by": "by"},
            ExpressionAttributeValues=to_attributes(bound),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        return None
    except client("dynamodb").exceptions.ConditionalCheckFailedException as error:
        return _lease(error.response["Item"])


def _lease(item: dict[str, Any]) -> Lease:
    return Lease.model_validate({"packet": keys.packet_of(item["pk"]["S"]), **fields(item)}, extra=LATER)


# what waits for a second signature


def proposals(places: Iterable[tuple[str, str, int]]) -> list[Proposal]:
    """The newest proposals of these packets, matters and rounds, as far as there are any, by one request a hundred."""
    found = all_of(key(packet, keys.proposal_sk(matter, round_)) for packet, matter, round_ in places)
    return [_proposal(item) for item in found]


def propose(proposal: Proposal, void: Proposal | None = None) -> bool:
    """Keep a proposal, unless one waits already that is not the void one. Returns whether it is kept."""
    free = "attribute_not_exists(pk) OR attribute_exists(sent_back)"
    if void is None:
        return _put_proposal(proposal, free, {})
    return _put_proposal(proposal, f"{free} OR id = :void", {":void": void.id})


def send_back(proposal: Proposal) -> bool:
    """Keep that a proposal was sent back, unless it is another one by now, or was sent back. Returns whether it is."""
    return _put_proposal(proposal, "id = :id AND attribute_not_exists(sent_back)", {":id": proposal.id})


def _put_proposal(proposal: Proposal, condition: str, bound: dict[str, str]) -> bool:
    values = dump(proposal)
    del values["packet"]  # the key says it
    try:
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=key(proposal.packet, keys.proposal_sk(proposal.matter, proposal.round)) | to_attributes(values),
            ConditionExpression=condition,
            **({"ExpressionAttributeValues": to_attributes(bound)} if bound else {}),
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False
    return True


def _proposal(item: dict[str, Any]) -> Proposal:
    return Proposal.model_validate({"packet": keys.packet_of(item["pk"]["S"]), **fields(item)}, extra=LATER)


# the queues


@dataclass(frozen=True)
class Message:
    """A message taken from a department's queue and hidden there. `task` is None where it breaks the schema."""

    queue: str
    receipt: str
    task: ReviewTask | None


def receive(queue: str, hidden: timedelta) -> Message | None:
    """The next message of a queue, if there is one; nobody else gets it for so long. Raises DeliveryFailed."""
    with _sqs(queue):
        answer = client("sqs").receive_message(
            QueueUrl=settings().queue_url(queue),
            MaxNumberOfMessages=1,
            WaitTimeSeconds=LONG_POLL,
            VisibilityTimeout=int(hidden.total_seconds()),
        )
    for message in answer.get("Messages", ()):
        try:
            task = ReviewTask.model_validate_json(message["Body"])
        except ValidationError:
            task = None
        return Message(queue, message["ReceiptHandle"], task)
    return None


def hide(queue: str, receipt: str, seconds: int) -> bool:
    """Hide a message from now on for so long; 0: it is there for everybody again. Returns whether it still was ours."""
    return _message(queue, "change_message_visibility", ReceiptHandle=receipt, VisibilityTimeout=seconds)


def delete(queue: str, receipt: str) -> bool:
    """The message is dealt with. Returns whether it still was ours: if not, it comes again."""
    return _message(queue, "delete_message", ReceiptHandle=receipt)


def _message(queue: str, operation: str, **request: Any) -> bool:
    with _sqs(queue):
        try:
            getattr(client("sqs"), operation)(QueueUrl=settings().queue_url(queue), **request)
        except ClientError as error:
            if error.response["Error"]["Code"] in _MESSAGE_GONE:
                return False
            raise
    return True


class Answering(Model):
    """Whose answer it is, by the accounts' stable ids: the portal says so to the table, as no message can."""

    answered_by: str = Field(repr=False)  # a name of its own: the public face may write none that has it
    signer: str = Field(default="", repr=False)  # who signed what another one proposed


def answer_id() -> str:
    """The id of a message that is an answer at the desk: it bears the desk's mark."""
    return f"{_FROM_THE_DESK}{uuid4().hex}"


def answer(message: Decision | Procedure, who: Answering) -> None:
    """Send an answer to the queue of decisions, having noted whose it is. Raises DeliveryFailed when it was not taken.

    The queue takes messages of departments' own systems too, so that a name in a message proves nobody.
    """
    ends = {"expires_at": int((message.sent_at + ON_ITS_WAY).timestamp())}
    put_once(message.packet, keys.answering_sk(message.id), dump(who) | ends)
    with _sqs("decisions"):
        queues.send("decisions", [message])


def answering(packet: str, message_id: str) -> Answering | None:
    """Who answered at the desk by this message; None: it is of a department's own system.

    Without the desk's mark it is not looked for. The mark itself proves nothing: what the table has does.
    """
    if not message_id.startswith(_FROM_THE_DESK):
        return None
    item = item_at(key(packet, keys.answering_sk(message_id)))
    return Answering.model_validate(fields(item), extra=LATER) if item else None


@contextmanager
def _sqs(queue: str) -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise DeliveryFailed(f"暂时不能使用队列 {queue}。", f"The queue {queue} does not answer.") from error
