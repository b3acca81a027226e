"""When the deployed stack has come to rest: nothing is on its way of its own accord."""

from collections.abc import Iterator

from infra.local import Stack
from tests.patience import eventually

_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_READ = "No records processed"  # the mapping of a function that has read a stream to its end
_LOOKS = 2  # what is under way may pass from a place that is not yet looked at to one that was


def is_idle(stack: Stack, queue: str) -> bool:
    """Whether no message waits in a queue, and none is being worked on."""
    return not any(_messages(stack, queue))


def comes_to_rest(stack: Stack) -> None:
    """Wait until every function has done what it was told, and every review task has been sent to its department."""

    def is_at_rest() -> bool:
        return all(next(under_way(stack), None) is None for _ in range(_LOOKS))

    eventually(is_at_rest, lambda: dict(under_way(stack)), look_every=0.5)


def under_way(stack: Stack) -> Iterator[tuple[str, object]]:
    """What is still to be done: each function's records of the table's stream, each queue's messages that wait and that
    are worked on, and the number of orders.
    """
    yield from _streams(stack)
    for queue in stack.queues:
        if not is_read_by_others(queue) and not queue.endswith("-dlq") and any(found := _messages(stack, queue)):
            yield queue, found
    if orders := _orders(stack):
        yield "orders", orders


def _streams(stack: Stack) -> Iterator[tuple[str, str]]:
    """The functions that have not yet been told of everything that was written, and what is left to tell them of."""
    pages = stack.client("lambda").get_paginator("list_event_source_mappings").paginate()
    for mapping in (mapping for page in pages for mapping in page["EventSourceMappings"]):
        left = mapping["LastProcessingResult"]
        if f":table/{stack.table}/stream/" in mapping["EventSourceArn"] and left != _READ:
            yield mapping["FunctionArn"].rpartition(":")[2], left


def is_read_by_others(queue: str) -> bool:
    """Whether a queue is for a system that is none of ours: a department's, the credit platform's."""
    return queue.startswith(("review-", "supervision-")) or queue == "breaches"


def _messages(stack: Stack, queue: str) -> list[int]:
    """How many wait, and how many are hidden, mostly since they are worked on."""
    found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.queues[queue], AttributeNames=_COUNTS)
    return [int(found["Attributes"][name]) for name in _COUNTS]


def _orders(stack: Stack) -> int:
    """How many orders of packets have not been carried out yet: they are written with the state that gave them."""
    pages = (
        stack.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=stack.table,
            FilterExpression="begins_with(sk, :order) AND begins_with(gsi3pk, :due)",
            ExpressionAttributeValues={":order": {"S": "~LEDGER-OUTBOX#"}, ":due": {"S": "DUE#"}},
            Select="COUNT",
            ConsistentRead=True,
        )
    )
    return sum(page["Count"] for page in pages)
