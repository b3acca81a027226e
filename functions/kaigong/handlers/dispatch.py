"""dispatch: delivers what the table says is to be delivered, then strikes it off.

If it dies in between, the order stays in the outbox and goes out again: receivers know a task by `review_id` and
`round`, a notice by its `id`.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from kaigong import catalog
from kaigong.domain.flow import delivery
from kaigong.domain.model.messages import ReviewTask
from kaigong.store import catalogues, packets, queues

from .observe import logger
from .wake import each_packet


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_packet(event, context, "dispatch", deliver)


def _all(sends: list[Callable[[], None]]) -> None:
    """Send everything: a department whose queue fails does not hold up the others. Raises the first failure, last."""
    failures: list[Exception] = []
    for send in sends:
        try:
            send()
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def deliver(packet_id: str) -> None:
    packet, now = packets.load(packet_id), datetime.now(UTC)
    orders = tuple(order for outbox in packet.outbox.values() for order in outbox.orders)
    if not orders:
        return
    by_queue: dict[str, list[ReviewTask]] = defaultdict(list)
    for task in delivery.tasks(packet, orders, catalogues.of(packet, catalog.load()), now):
        by_queue[delivery.review_queue(task)].append(task)
    sends: list[Callable[[], None]] = [partial(queues.send, queue, tasks) for queue, tasks in by_queue.items()]
    told = [notice for outbox in packet.outbox.values() for notice in outbox.notices]
    if notices := delivery.notices(packet, told, now):
        sends.append(partial(queues.publish, notices))
    if "result" in orders:
        sends.append(partial(queues.send, "issue", [delivery.issue_request(packet, now)]))
    _all(sends)
    for version in packet.outbox:
        packets.delete_outbox(packet_id, version)
    logger.info("delivered", packet=packet_id, orders=orders)
