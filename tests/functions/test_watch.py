"""Every event may be lost; what lies in storage and in the table still moves on."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from kaigong.domain.packet import ReviewState, Status
from kaigong.handlers import watch
from kaigong.store import packets

from .story import CREDIT, MANIFEST, PACKET, SLOTS, decision, play
from .world import QUEUE_URL_BASE, Context, World, end_of


class LaterClock(datetime):
    """A clock that is a quarter of an hour ahead: events still on their way would be old by then."""

    @classmethod
    def now(cls, tz: object = None) -> "LaterClock":  # noqa: ARG003 - the signature is datetime's
        return cls.fromtimestamp((datetime.now(UTC) + timedelta(minutes=15)).timestamp(), UTC)


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "datetime", LaterClock)


def _watch(world: World) -> None:
    world.running = "watch"
    watch.handler({}, Context())
    world.running = None
    world.run()


def _handed_in(world: World) -> None:
    world.send("credit", CREDIT)
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(MANIFEST)


def _status() -> Status | None:
    header = packets.load(PACKET).header
    return header.status if header else None


def test_uploads_and_a_manifest_that_no_event_announced_are_found(world: World) -> None:
    _handed_in(world)
    world.waiting = {"credit": world.waiting["credit"]}
    _watch(world)
    assert _status() is Status.IN_REVIEW
    assert all(paper.version for paper in packets.load(PACKET).papers.by_slot.values())


def test_an_upload_to_no_slot_of_the_catalogue_is_not_announced_again(world: World) -> None:
    world.upload(PACKET, "no-such-slot", b"good")
    world.run()
    world.running = "watch"
    assert watch.handler({}, Context()) == {"late": 0, "announced": 0}


def test_a_stream_event_that_never_came_is_made_up_for(world: World) -> None:
    _handed_in(world)
    world.deliver_to("credit", "validate")
    world.waiting.clear()
    _watch(world)
    assert _status() is Status.IN_REVIEW


def test_a_decision_that_nobody_acted_on_is_acted_on(world: World) -> None:
    _handed_in(world)
    world.run()
    task = next(task for task in world.tasks if task["matter"] == "power-connection")
    world.send("decisions", decision(task, outcome="approve", reasons=[]))
    world.deliver_to("decide")
    world.waiting.clear()
    _watch(world)
    assert packets.load(PACKET).reviews["power-connection"].state is ReviewState.APPROVED


def test_orders_that_nobody_delivered_are_delivered(world: World) -> None:
    _handed_in(world)
    world.deliver_to("credit", "validate", "advance")
    assert packets.load(PACKET).outbox
    world.waiting.clear()
    _watch(world)
    assert packets.load(PACKET).outbox == {}
    assert world.tasks


def test_a_department_whose_queue_is_gone_does_not_hold_up_the_others(world: World) -> None:
    sqs, lost = boto3.client("sqs"), f"{QUEUE_URL_BASE}review-water-priority"
    _handed_in(world)
    world.deliver_to("credit", "validate", "advance")
    sqs.delete_queue(QueueUrl=lost)
    world.deliver_to("dispatch")
    assert {task["department"] for task in world.tasks} == {"resources", "power"}
    assert packets.load(PACKET).outbox
    sqs.create_queue(QueueName=lost.rpartition("/")[2])
    world.run()
    assert {task["department"] for task in world.tasks} == {"resources", "power", "water"}
    assert packets.load(PACKET).outbox == {}


def test_watching_a_packet_that_is_at_its_end_changes_nothing(world: World) -> None:
    play(world)
    before, end = packets.load(PACKET), end_of(world, PACKET)
    _watch(world)
    assert packets.load(PACKET) == before
    assert end_of(world, PACKET) == end
