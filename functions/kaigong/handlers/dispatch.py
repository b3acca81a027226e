"""dispatch: delivers what the table says is to be delivered, then strikes it off; and counts what changed, since it is
the one that hears of every change.

If it dies in between, the order stays in the outbox and goes out again: receivers know a task by `review_id` and
`round`, a notice by its `id`.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from kaigong import catalog
from kaigong.domain.flow import benefits, delivery, reminding, supervision, texts
from kaigong.domain.flow.step import ORDER_DOCUMENTS
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.figures import Change
from kaigong.domain.model.messages import ReviewTask, SupervisionTask
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.supervision import SupervisionRecord, SupervisionState
from kaigong.settings import settings
from kaigong.store import arrivals, catalogues, files, keys, lists, packets, people, queues, rosters
from kaigong.store import supervision as records
from kaigong.views import storage

from . import counting
from .observe import logger
from .surroundings import of_supervision
from .wake import each_packet, is_streamed, packets_of

TRIES = 3  # the next notice writes the document anyway


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    streamed = is_streamed(event)
    told = packets_of(event, keys.OUTBOX) if streamed else None
    changes: list[Change] = []

    def look(packet_id: str) -> None:
        if told is None or packet_id in told:
            packet = packets.load_shown(packet_id)
            deliver(packet)
        else:
            packet = packets.load_without_uploads(packet_id)  # it changed and sends nothing
        if found := counting.change(packet):
            changes.append(found)

    answer = each_packet(event, context, "dispatch", look)
    try:
        counting.count(changes)  # of all packets of the batch together
    except Exception:
        if not streamed:
            raise  # they come again
        logger.exception("packets put on the queue to be counted again")
        queues.look_at("dispatch", dict.fromkeys(change.packet for change in changes))
    return answer


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


def deliver(packet: Packet) -> None:
    packet_id, now = packet.packet, datetime.now(UTC)
    orders = tuple(order for outbox in packet.outbox.values() for order in outbox.orders)
    if not orders:
        return
    catalogue = catalogues.of(packet, catalog.load())
    by_queue: dict[str, list[ReviewTask]] = defaultdict(list)
    for task in delivery.tasks(packet, orders, catalogue, now):
        by_queue[delivery.review_queue(task.department, task.channel)].append(task)
    sends: list[Callable[[], None]] = [partial(queues.send, queue, tasks) for queue, tasks in by_queue.items()]
    told = [notice for outbox in packet.outbox.values() for notice in outbox.notices]
    notices = delivery.notices(packet, told, now)
    if notices and packet.applicant:
        notices = delivery.addressed(notices, people.of(packet.applicant.uscc)[0])
    asked = delivery.asked(packet, orders, catalogue, now)
    if messages := [*notices, *asked, *reminding.messages(packet, orders, catalogue, now)]:
        sends.append(partial(queues.publish, messages))
    if notices or "status" in orders:
        sends.append(partial(_write_status, packet))
    if "result" in orders:
        sends.append(partial(queues.send, "issue", [delivery.issue_request(packet, now)]))
    if ORDER_DOCUMENTS in orders:
        sends.append(partial(queues.send, "documents", [delivery.documents_request(packet, now)]))
    if texts.ORDER in orders:
        sends.append(partial(arrivals.drop_texts, packet_id))
    if supervision.ORDER in orders:
        sends.append(partial(_push, packet, catalogue, now))
    if benefits.ORDER in orders and benefits.concerns(packet, catalog.load().policies, settings().office.zone):
        sends.append(partial(queues.look_at, "benefits", [packet_id]))
    if breaches := delivery.breaches(packet, orders, catalogue, now):
        sends.append(partial(queues.send, "breaches", breaches))
    _all(sends)
    for outbox in packet.outbox.values():
        packets.delivered(packet_id, outbox)
    logger.info("delivered", packet=packet_id, orders=orders)


def _push(packet: Packet, catalogue: Catalogue, now: datetime) -> None:
    """Push each approved matter to who supervises it, and end what was taken back since.

    A record is put once; its department is told until it has seen it. Only who has the record knows its token.
    """
    around = of_supervision(now)
    seed, new_token = _seed(now.astimezone(around.office.zone).date()), partial(secrets.token_urlsafe, 32)
    found = {department: rosters.newest(department) for department in supervision.supervisors(packet, catalogue)}
    known = {department: roster for department, roster in found.items() if roster}
    by_queue: dict[str, list[SupervisionTask]] = defaultdict(list)
    ended = supervision.ended(packet)
    for record in supervision.records(packet, catalogue, around, seed, new_token, known):
        kept = records.push(record, supervision.wakes(record, around) or record.due.at)
        if record.matter in ended:
            _end(kept, around)
        elif kept.state is SupervisionState.PUSHED:
            task = delivery.supervision_task(packet, kept, catalogue, now)
            by_queue[delivery.supervision_queue(task)].append(task)
    _all([partial(queues.send, queue, tasks) for queue, tasks in by_queue.items()])


def _end(record: SupervisionRecord, around: supervision.Around) -> None:
    after = supervision.end(record, around)
    if after != record:
        records.save(record, after, None, None)


def _seed(day: date) -> str:
    """The seed of the day's draw; who needs it first draws it."""
    return records.known_seed(day) or records.seed(day, secrets.token_hex(16))


def _write_status(packet: Packet) -> None:
    """Beside the manifest, for who uses object storage alone. Written again where the packet went on meanwhile, so that
    of two at work the newest state stays.
    """
    for _ in range(TRIES):
        assert packet.header is not None  # noqa: S101 - notices are of packets that were looked at
        catalogue, office = catalogues.of(packet, catalog.load()), catalog.with_calendar(settings().office)
        files.put_status(packet.packet, storage.document(packet, catalogue, datetime.now(UTC), office))
        now = lists.header(packet.packet)
        if now is None or now.version <= packet.header.version:
            return
        packet = packets.load_shown(packet.packet)
