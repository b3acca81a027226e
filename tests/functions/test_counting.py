"""Counters that many add to at once: each packet is counted once, and their sum is what counting anew gives."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from kaigong.domain.model.figures import Change, Counted
from kaigong.errors import NewerVersionExists
from kaigong.handlers import counting, dispatch
from kaigong.store import clients, figures, keys, packets

from .asking import FOREIGN, played
from .figures import counters, miscounted
from .story import PACKET
from .world import ENVIRONMENT, Context, World

WRITERS, PLACE = 200, "2026-11-27#industrial"


def change(packet: str, *, turn: int = 1, taken: int = 1) -> Change:
    before = Counted(turn=turn - 1, version=1, sums={PLACE: {"taken": taken}}) if turn > 1 else None
    return Change(packet=packet, before=before, after=Counted(turn=turn, version=turn, sums={PLACE: {"taken": taken}}))


def shards() -> list[dict[str, Any]]:
    table = boto3.client("dynamodb").scan(TableName=ENVIRONMENT["TABLE_NAME"])["Items"]
    return [item for item in table if item["pk"]["S"].startswith(keys.figures_pk(0)[:-1])]


class Contended:
    """The client of the table; a transaction that wants a counter that another one is just changing is cancelled, as
    DynamoDB does it.
    """

    def __init__(self, real: Any) -> None:
        self._real, self._lock = real, threading.Lock()
        self._busy: Counter[str] = Counter()
        self.cancelled = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def transact_write_items(self, TransactItems: list[dict[str, Any]]) -> Any:
        wanted = [str(item["Update"]["Key"]) for item in TransactItems]
        with self._lock:
            conflict = any(self._busy[key] for key in wanted)
            self._busy.update(wanted)
            self.cancelled += conflict
        try:
            if conflict:
                reasons = [{"Code": "TransactionConflict"}]
                said = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
                raise ClientError(said, "TransactWriteItems")
            with self._lock:  # moto is not made for threads
                return self._real.transact_write_items(TransactItems=TransactItems)
        finally:
            with self._lock:
                self._busy.subtract(wanted)


def test_two_hundred_writers_at_once_count_each_packet_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each packet has two writers, who wait for each other at the start; whoever is cancelled takes another shard."""
    table = Contended(clients.client("dynamodb"))
    monkeypatch.setattr(figures, "client", lambda _: table)
    line = threading.Barrier(WRITERS)

    def writes(number: int) -> bool:
        name = f"20261127-{number // 2:04}"
        line.wait()
        for attempt in range(1000):
            try:
                figures.count([change(name)], attempt)
            except NewerVersionExists:
                with world.lock:
                    if packets.load_without_uploads(name).counted:
                        return False
            else:
                return True
        raise AssertionError("it is cancelled for ever")

    with ThreadPoolExecutor(WRITERS) as pool:
        counted = sum(pool.map(writes, range(WRITERS)))
    assert counted == WRITERS // 2
    assert counters() == {PLACE: {"taken": WRITERS // 2}}
    assert len(shards()) == keys.FIGURES_SHARDS


@pytest.mark.usefixtures("world")
def test_what_somebody_else_counted_meanwhile_is_counted_by_nobody_else() -> None:
    figures.count([change("20261127-a")])
    for late in (change("20261127-a"), change("20261127-a", turn=3)):
        with pytest.raises(NewerVersionExists):
            figures.count([change("20261127-b"), late])  # all of a transaction or nothing
    assert counters() == {PLACE: {"taken": 1}}


@pytest.fixture
def stage() -> Iterator[World]:
    """Two packets that moved, counted."""
    with played() as world:
        yield world


def uncounted(*names: str) -> None:
    """As if nothing had ever been counted."""
    table = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
    for item in shards():
        table.delete_item(Key={"pk": item["pk"]["S"], "sk": item["sk"]["S"]})
    for name in names:
        table.delete_item(Key={"pk": keys.packet_pk(name), "sk": keys.COUNTED})


def moved(*names: str) -> dict[str, Any]:
    """The stream's event that packets changed."""
    told = [{"pk": {"S": keys.packet_pk(name)}, "sk": {"S": keys.HEADER}} for name in names]
    return {
        "Records": [{"eventName": "MODIFY", "eventSource": "aws:dynamodb", "dynamodb": {"Keys": key}} for key in told]
    }


def test_the_packets_of_a_batch_are_counted_in_one_transaction(stage: World) -> None:
    was = counters()
    assert miscounted() == {}
    uncounted(PACKET, FOREIGN)
    stage.calls.clear()
    with stage.inside("dispatch"):
        dispatch.handler(moved(PACKET, FOREIGN, PACKET), Context())
    told = Counter(call.rpartition(".")[2] for call in stage.calls)
    assert counters() == was
    assert told == {"Query": 3, "TransactWriteItems": 1}  # of each packet one; supervision of one that was decided
    stage.calls.clear()
    with stage.inside("dispatch"):
        dispatch.handler(moved(PACKET, FOREIGN), Context())
    assert "TransactWriteItems" not in str(stage.calls)


def test_who_loses_looks_again_and_counts_what_is_left(stage: World, monkeypatch: pytest.MonkeyPatch) -> None:
    was, real, tries = counters(), figures.count, [NewerVersionExists("忙", "busy")] * 3
    packet = packets.load_without_uploads(PACKET)
    assert packet.counted
    stale = Change(packet=PACKET, before=None, after=packet.counted.changed(turn=1))

    def cancelled(changes: Any, attempt: int = 0) -> None:
        if tries:
            raise tries.pop()
        real(changes, attempt)

    monkeypatch.setattr(figures, "count", cancelled)
    with stage.inside("dispatch"):
        counting.count([stale])
    assert counters() == was
    uncounted(PACKET, FOREIGN)
    with stage.inside("dispatch"):
        dispatch.handler(moved(PACKET, FOREIGN), Context())
    assert counters() == was


def test_a_packet_that_two_messages_of_a_batch_name_is_counted_once(stage: World) -> None:
    was = counters()
    uncounted(PACKET, FOREIGN)
    bodies = [json.dumps({"packet": name}) for name in (PACKET, FOREIGN, PACKET)]
    records = [{"messageId": body, "body": body, "eventSource": "aws:sqs", "receiptHandle": "r"} for body in bodies]
    with stage.inside("dispatch"):
        assert dispatch.handler({"Records": records}, Context()) == {"batchItemFailures": []}
    assert counters() == was


def test_what_cannot_be_counted_now_is_counted_by_the_queue(stage: World, monkeypatch: pytest.MonkeyPatch) -> None:
    was = counters()
    uncounted(PACKET, FOREIGN)
    with monkeypatch.context() as busy:

        def cancelled(*_: Any) -> None:
            raise NewerVersionExists("忙", "busy")

        busy.setattr(figures, "count", cancelled)
        with stage.inside("dispatch"):
            assert dispatch.handler(moved(PACKET, FOREIGN), Context()) == {"batchItemFailures": []}
        assert counters() == {}
        [first, second] = stage.waiting["dispatch"]
        with stage.inside("dispatch"), pytest.raises(NewerVersionExists):
            dispatch.handler({"Records": [first, second]}, Context())  # they come again, and then are dead letters
    stage.deliver_to("dispatch")
    assert counters() == was


def test_a_change_of_many_counters_is_counted_in_parts(monkeypatch: pytest.MonkeyPatch, stage: World) -> None:
    was = counters()
    uncounted(PACKET, FOREIGN)
    monkeypatch.setattr(figures, "MOST_COUNTERS", 20)
    with stage.inside("dispatch"):
        dispatch.handler(moved(PACKET, FOREIGN), Context())
    assert counters() == was
    monkeypatch.setattr(figures, "MOST_COUNTERS", 4)
    uncounted(PACKET, FOREIGN)
    with stage.inside("dispatch"):
        for _ in range(10):
            dispatch.handler(moved(PACKET, FOREIGN), Context())
            stage.waiting.clear()
    assert counters() == was  # each look counts some more
