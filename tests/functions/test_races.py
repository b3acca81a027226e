"""Two workers at the same time on one packet, uploads in any order, and decisions that come too late."""

import itertools
import json
import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from kaigong.domain.flow import delivery
from kaigong.domain.flow.decision import DecisionRefusal
from kaigong.domain.flow.intermediaries import ORDER
from kaigong.domain.model.packet import IntermediaryRecord, Outbox, ReviewState
from kaigong.handlers import advance, decide, dispatch, queue
from kaigong.store import arrivals, intermediaries, keys, lists, packets

from .conftest import NewWorld
from .story import CREDIT, MANIFEST, PACKET, SLOTS, at_its_end, decision, play
from .world import ENVIRONMENT, Context, Died, World, end_of, once


@once
def _in_review(world: World) -> None:
    world.send("credit", CREDIT)
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(MANIFEST)
    world.run()


def _both(*work: Any) -> list[BaseException]:
    """Run at the same time, from one starting line."""
    line, failures = threading.Barrier(len(work)), []

    def run(job: Any) -> None:
        line.wait()
        try:
            job()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_two_workers_of_each_function_end_as_one_would(new_world: NewWorld) -> None:
    """Every batch goes to two workers at once: what they leave behind is what one leaves behind."""
    with new_world() as calm_world:
        play(calm_world)
        calm = end_of(calm_world, PACKET)
    with new_world() as world:
        world.workers = 2
        play(world)
        assert end_of(world, PACKET) == calm


def test_two_workers_that_read_the_same_packet_write_it_once(world: World) -> None:
    _in_review(world)
    before = packets.load(PACKET)
    for task in list(world.tasks):
        decide.handler({"Records": [_message(decision(task, outcome="approve", reasons=[]))]}, Context())
    failures = _both(lambda: advance.move_on(PACKET), lambda: advance.move_on(PACKET))
    after = packets.load(PACKET)
    assert failures == []
    assert before.header is not None
    assert after.header is not None
    assert after.header.version == before.header.version + 1


def test_what_counts_for_intermediaries_is_added_once_however_often_it_is_struck_off(world: World) -> None:
    who = [f"91411402MA0KG{number:05}" for number in range(2 * packets.MOST_WRITES)]  # more than one transaction takes
    outbox = Outbox(
        version=1, orders=(ORDER,), counted=dict.fromkeys(who, IntermediaryRecord(papers=1)), at=datetime.now(UTC)
    )
    table = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
    place = {"pk": keys.packet_pk(PACKET), "sk": keys.outbox_sk(outbox.version)}
    table.put_item(Item={**place, **keys.due_index(PACKET, outbox.at)})
    with world.inside("dispatch"):
        for passed_over in range(3):
            world.death = (len(world.calls) + passed_over, "after")
            with pytest.raises(Died):
                packets.delivered(PACKET, outbox)
        packets.delivered(PACKET, outbox)
    assert set(intermediaries.of(who[:100]).values()) == {IntermediaryRecord(papers=1)}
    assert set(intermediaries.of(who[100:]).values()) == {IntermediaryRecord(papers=1)}
    assert "gsi3pk" not in table.get_item(Key=place)["Item"]


def _deliver() -> None:
    dispatch.deliver(packets.load_shown(PACKET))


def test_two_dispatchers_at_once_leave_no_order_behind(world: World) -> None:
    world.send("credit", CREDIT)
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(MANIFEST)
    while world.waiting.get("validate") or world.waiting.get("advance") or world.waiting.get("credit"):
        world.deliver_to("validate", "advance", "credit")
    assert packets.load_shown(PACKET).outbox
    with world.inside("dispatch"):
        failures = _both(_deliver, _deliver)
    packet = packets.load_shown(PACKET)
    assert failures == []
    assert packet.outbox == {}
    opened = {matter for matter, r in packet.reviews.items() if r.state is ReviewState.OPEN}
    assert {task["matter"] for task in world.tasks} == opened


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_newest_upload_of_a_slot_wins_whatever_order_its_events_come_in(
    order: tuple[int, ...], world: World
) -> None:
    for upload in ("first", "second", "third"):
        world.upload(PACKET, "drawings", b"good " + upload.encode(), upload=upload)
    events = world.waiting["validate"]
    world.waiting["validate"] = [events[i] for i in order]
    world.run()
    slot = packets.load(PACKET).slots["drawings"]
    assert slot.key.split("/")[3] == "third"
    assert len(packets.load(PACKET).uploads) == 3


def test_a_newer_upload_without_a_checksum_does_not_keep_the_older_ones(world: World) -> None:
    world.upload(PACKET, "drawings", b"good drawings")
    world.run()
    old = packets.load(PACKET).slots["drawings"]
    assert old.sha256
    newer = old.changed(uploaded_at=old.uploaded_at + timedelta(seconds=1), mark="newer/0", sha256=None)
    assert arrivals.record_upload(PACKET, newer)
    assert packets.load(PACKET).slots["drawings"].sha256 is None


def test_an_upload_whose_event_was_lost_does_not_hide_a_newer_one(world: World) -> None:
    world.upload(PACKET, "drawings", b"good old", upload="old")
    world.waiting.clear()  # the event never comes
    world.upload(PACKET, "drawings", b"good new", upload="new")
    world.run()
    old = boto3.client("s3").head_object(
        Bucket=ENVIRONMENT["BUCKET_NAME"], Key=keys.upload_key(PACKET, "drawings", "old", "材料 +1%.pdf")
    )
    world.announce(
        keys.upload_key(PACKET, "drawings", "old", "材料 +1%.pdf"), "", old["ETag"].strip('"'), 8, "0", sequencer=""
    )
    world.run()
    assert packets.load(PACKET).slots["drawings"].key.split("/")[3] == "new"


def _message(body: dict[str, Any], message_id: str = "m-1") -> dict[str, Any]:
    return {"messageId": message_id, "body": json.dumps(body), "eventSource": "aws:sqs", "receiptHandle": "r"}


def _refusals(packet: str) -> list[str]:
    """Why messages about a packet were refused, as operations are told."""
    return [refused.reason for refused in lists.refused(datetime.now(UTC), 2) if refused.about == packet]


def _decide(world: World, body: dict[str, Any]) -> None:
    world.send("decisions", body)
    world.run()


def test_a_decision_with_a_wrong_token_is_refused_and_recorded(world: World) -> None:
    _in_review(world)
    before = packets.load(PACKET)
    _decide(world, decision(world.tasks[0], reply_token="guessed"))
    assert packets.load(PACKET) == before
    assert _refusals(PACKET) == [DecisionRefusal.WRONG_TOKEN]


def test_a_second_different_decision_is_refused_and_the_first_stands(world: World) -> None:
    _in_review(world)
    task = next(task for task in world.tasks if task["matter"] == "land-use-permit")
    _decide(world, decision(task, outcome="approve", reasons=[]))
    before = packets.load(PACKET)
    _decide(world, decision(task, outcome="reject", reasons=[{"text": "不同意", "basis": "x"}], id="second"))
    assert packets.load(PACKET) == before
    assert _refusals(PACKET) == [DecisionRefusal.ALREADY_DECIDED]


def test_the_same_decision_sent_again_is_harmless(world: World) -> None:
    _in_review(world)
    task, begun = world.tasks[0], len(world.calls)
    _decide(world, decision(task))
    mine = [call for call in world.calls[begun:] if call.startswith("decide:dynamodb")]
    assert mine == ["decide:dynamodb.GetItem", "decide:dynamodb.PutItem"], "whose account is asked of the desk's alone"
    before = packets.load(PACKET)
    _decide(world, decision(task))
    assert packets.load(PACKET) == before
    assert _refusals(PACKET) == []


def test_a_late_decision_never_changes_a_decided_outcome(world: World) -> None:
    at_its_end(world)
    before = packets.load(PACKET)
    for task in list(world.tasks):
        _decide(world, decision(task, outcome="reject", reasons=[{"text": "迟到", "basis": "x"}], id="late"))
    assert packets.load(PACKET) == before
    assert set(_refusals(PACKET)) == {DecisionRefusal.ALREADY_DECIDED, DecisionRefusal.OLD_ROUND}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("body", ["", "{", "[]", '{"schema": "kaigong/decision/1"}', "null"])
def test_a_decision_that_nobody_can_read_is_refused_and_never_poisons_the_queue(body: str) -> None:
    record = {"messageId": "m-9", "body": body, "eventSource": "aws:sqs", "receiptHandle": "r"}
    assert decide.handler({"Records": [record]}, Context()) == {"batchItemFailures": []}
    assert _refusals(decide.NO_PACKET) == [DecisionRefusal.UNREADABLE]


def test_an_unknown_review_is_refused(world: World) -> None:
    _in_review(world)
    _decide(world, decision(world.tasks[0], review_id=f"{PACKET}.no-such-matter"))
    assert _refusals(PACKET) == [DecisionRefusal.UNKNOWN_REVIEW]


def test_who_answered_wrongly_is_told_to_operations(world: World) -> None:
    _in_review(world)
    task = world.tasks[0]
    _decide(world, decision(task, reply_token="guessed"))
    [refused] = lists.refused(datetime.now(UTC), 2)
    assert (refused.about, refused.department) == (PACKET, task["department"])
    assert refused.message_id.startswith("m-")
    [told] = [notice for notice in world.notices if notice["kind"] == delivery.REFUSED]
    assert (told["packet"], told["department"]) == (PACKET, task["department"])
    assert "回复令牌与任务不符" in told["title"]["zh"]
    assert lists.refused(datetime.now(UTC) - timedelta(days=3), 2) == []


def test_a_department_whose_answer_breaks_the_schema_is_told_where_its_token_says_who_it_is(world: World) -> None:
    _in_review(world)
    task = world.tasks[0]
    long = decision(task, outcome="reject", reasons=[{"text": "长" * 2000, "basis": "法"}] * 2)
    _decide(world, long)
    _decide(world, long | {"reply_token": "guessed", "id": "d-2"})
    assert _refusals(PACKET) == _refusals(decide.NO_PACKET) == [DecisionRefusal.UNREADABLE]
    [told] = [notice for notice in world.notices if notice["kind"] == delivery.REFUSED]
    assert told["department"] == task["department"]


@pytest.mark.parametrize("outcome", ["APPROVE", " approve ", "Approve"])
def test_an_outcome_counts_however_it_is_spelled(outcome: str, world: World) -> None:
    _in_review(world)
    task = next(task for task in world.tasks if task["matter"] == "land-use-permit")
    _decide(world, decision(task, outcome=outcome, reasons=[]))
    world.run()
    assert packets.load(PACKET).reviews["land-use-permit"].state is ReviewState.APPROVED


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_decision_in_the_envelope_of_a_topic_or_behind_a_byte_order_mark_counts(mark: str, world: World) -> None:
    _in_review(world)
    for task in world.tasks:
        said = mark + json.dumps(decision(task, outcome="approve", reasons=[]), ensure_ascii=False)
        envelope = {"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:x", "Message": said}
        world._arrived("decisions", said if task["matter"] == "land-use-permit" else mark + json.dumps(envelope))
    opened = [task["matter"] for task in world.tasks]
    world.run()
    assert lists.refused(datetime.now(UTC), 2) == []
    assert {packets.load(PACKET).reviews[matter].state for matter in opened} == {ReviewState.APPROVED}


def test_a_message_that_fails_leaves_a_line_that_says_where_and_nothing_of_what_it_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_review(world)
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(queue.logger, "error", lambda message, extra: lines.append({"message": message, **extra}))
    monkeypatch.setattr(packets, "record_decision", lambda *_: {}["张三"])
    world.send("decisions", decision(world.tasks[0]))
    world.deliver_to("decide")
    [line] = lines
    assert line.pop("message_id").startswith("m-")
    assert re.fullmatch(r"handlers/decide\.py:\d+ _decision", line.pop("at"))
    assert line == {"message": "message failed", "packet": PACKET, "error": "KeyError"}
