"""Every event may be lost; what lies in storage and in the table still moves on."""

from collections import Counter
from datetime import datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from kaigong.domain.flow.documents import missing
from kaigong.domain.flow.settled import KEPT_UPLOADS
from kaigong.domain.model.documents import DocumentKind, DocumentName, DocumentSet, MadeDocument
from kaigong.domain.model.packet import NoticeKind, Packet, ReviewState, Status
from kaigong.domain.model.waiting import StuckReason
from kaigong.handlers import advance, watch
from kaigong.store import credit, keys, lists, packets, projects

from tests.hours import HALL, LATER, standing

from .story import CREDIT, MANIFEST, PACKET, SLOTS, at_its_end, decision
from .world import ENVIRONMENT, QUEUE_URL_BASE, Context, World, end_of


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "datetime", LATER)


def _watch(world: World) -> None:
    with world.inside("watch"):
        watch.handler({}, Context())
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
    assert all(p.version for papers in packets.load(PACKET).papers.by_slot.values() for p in papers)


def test_a_packet_that_cannot_be_read_does_not_hide_those_behind_it(world: World) -> None:
    broken = "20260101-broken"
    assert broken < PACKET  # the sweep comes by it first
    world.upload(broken, "soil-plan", b"good")
    _handed_in(world)
    world.waiting = {"credit": world.waiting["credit"]}
    header = {"pk": {"S": keys.packet_pk(broken)}, "sk": {"S": keys.HEADER}, "status": {"S": "no such status"}}
    boto3.client("dynamodb").put_item(TableName=ENVIRONMENT["TABLE_NAME"], Item=header)
    _watch(world)
    assert _status() is Status.IN_REVIEW


def test_packets_that_the_table_does_not_give_out_just_now_are_not_passed_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _handed_in(world)
    world.waiting = {"credit": world.waiting["credit"]}

    def silent(_: str) -> Packet:
        raise ReadTimeoutError(endpoint_url="dynamodb")

    before = packets.watched()
    with monkeypatch.context() as patch:
        patch.setattr(packets, "load", silent)
        with pytest.raises(ReadTimeoutError):
            _watch(world)
    assert packets.watched() == before  # the next run goes on from there
    _watch(world)
    assert _status() is Status.IN_REVIEW


def test_an_upload_to_no_slot_of_the_catalogue_is_not_announced_again(world: World) -> None:
    world.upload(PACKET, "no-such-slot", b"good")
    world.run()
    with world.inside("watch"):
        assert watch.handler({}, Context()) == {"late": 0, "announced": 0}


def test_a_stream_event_that_never_came_is_made_up_for(world: World) -> None:
    _handed_in(world)
    world.deliver_to("credit", "validate")
    world.waiting.clear()
    _watch(world)
    assert _status() is Status.IN_REVIEW


def test_papers_that_pile_up_without_a_manifest_are_put_by(world: World) -> None:
    for n in range(KEPT_UPLOADS + 4):
        world.upload(PACKET, SLOTS[0], f"good {n}".encode())
    world.run()
    assert len(packets.load(PACKET).uploads) == KEPT_UPLOADS + 4
    _watch(world)
    assert len(packets.load(PACKET).uploads) == KEPT_UPLOADS


def test_a_paper_that_was_put_again_since_it_was_read_is_not_put_by(world: World) -> None:
    world.upload(PACKET, SLOTS[0], b"good", upload="same")
    world.run()
    [read] = packets.load(PACKET).uploads.values()
    world.upload(PACKET, SLOTS[0], b"good", upload="same")  # the same again: it counts from now on
    world.run()
    [renewed] = packets.load(PACKET).uploads.values()
    assert renewed.uploaded_at > read.uploaded_at
    for found in (read, read.changed(facts=read.facts.changed(text="", text_dropped=True))):
        packets.put_by(PACKET, [found])
        assert list(packets.load(PACKET).uploads.values()) == [renewed]
    packets.put_by(PACKET, [renewed])
    assert not packets.load(PACKET).uploads


def test_a_decision_that_nobody_acted_on_is_acted_on(world: World) -> None:
    _handed_in(world)
    world.run()
    task = next(task for task in world.tasks if task["matter"] == "land-use-permit")
    world.send("decisions", decision(task, outcome="approve", reasons=[]))
    world.deliver_to("decide")
    world.waiting.clear()
    _watch(world)
    assert packets.load(PACKET).reviews["land-use-permit"].state is ReviewState.APPROVED


def test_orders_that_nobody_delivered_are_delivered(world: World) -> None:
    _handed_in(world)
    world.deliver_to("credit", "validate", "advance")
    assert packets.load_shown(PACKET).outbox
    world.waiting.clear()
    _watch(world)
    assert packets.load_shown(PACKET).outbox == {}
    assert world.tasks


def test_a_department_whose_queue_is_gone_does_not_hold_up_the_others(world: World) -> None:
    sqs, lost = boto3.client("sqs"), f"{QUEUE_URL_BASE}review-water-priority"
    _handed_in(world)
    world.deliver_to("credit", "validate", "advance")
    sqs.delete_queue(QueueUrl=lost)
    world.deliver_to("dispatch")
    assert {task["department"] for task in world.tasks} == {"resources"}
    assert packets.load_shown(PACKET).outbox
    sqs.create_queue(QueueName=lost.rpartition("/")[2])
    world.run()
    assert {task["department"] for task in world.tasks} == {"resources", "water"}
    assert packets.load_shown(PACKET).outbox == {}


def _documents_on_record(world: World) -> None:
    """As if `document` had made those that are due: nothing else is waited for then."""
    world.documents.clear()
    for occasion in missing(packets.load(PACKET)):
        made = MadeDocument(name=DocumentName(kind=DocumentKind.RECEIPT), sha256="5" * 64, size=1)
        packets.record_documents(PACKET, DocumentSet(occasion=occasion, documents=(made,), at=datetime.now(HALL)))
    world.run()


def test_watching_a_packet_that_is_at_its_end_changes_nothing(world: World) -> None:
    at_its_end(world)
    before, end = packets.load(PACKET), end_of(world, PACKET)
    _watch(world)
    assert packets.load(PACKET) == before
    assert end_of(world, PACKET) == end


def test_reminders_and_late_promises_are_put_on_record_when_their_time_has_come(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _promising(world)
    _documents_on_record(world)
    for _ in range(12):
        header = packets.load(PACKET).header
        assert header
        if header.wake_at is None:
            break
        _clock(monkeypatch, header.wake_at + timedelta(seconds=1))
        _watch(world)
    packet = packets.load_shown(PACKET)
    kinds = Counter(notice.kind for notice in packet.notices.values())
    assert (kinds[NoticeKind.GAP_REMINDER], kinds[NoticeKind.GAP_OVERDUE]) == (2, 1)
    assert set(packet.breaches) == {"design-qualification", "wage-security"}
    uscc = MANIFEST["enterprise"]["uscc"]
    assert {breach.subject for breach in credit.standing(uscc).breaches} == set(packet.breaches)
    late = lists.stuck(packet.breaches["wage-security"].at, 60)
    assert StuckReason.DEADLINE in late[PACKET]


def test_the_open_gaps_of_a_project_bar_its_joint_acceptance_until_they_are_closed(world: World) -> None:
    _promising(world)
    code = _CODED["project"]["code"]
    owed = projects.standing(code, except_packet="another").open_gaps
    assert {(gap.packet, gap.slot) for gap in owed} == {(PACKET, "design-qualification"), (PACKET, "wage-security")}
    assert projects.standing(code, except_packet=PACKET).open_gaps == ()
    for slot in ("design-qualification", "wage-security"):
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.run()
    assert projects.standing(code, except_packet="another").open_gaps == ()


_CODED = {**MANIFEST, "project": {**MANIFEST["project"], "code": "2602-411402-04-01-380164"}}


def _promising(world: World) -> None:
    """The packet of the story, accepted at once with its two gaps."""
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(_CODED)
    world.run()
    assert all(gap.open for gap in packets.load(PACKET).gaps.values())


def _clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for handler in (watch, advance):
        monkeypatch.setattr(handler, "datetime", standing(moment))


def test_what_came_just_now_is_found_however_far_the_sweep_is_from_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep is stuck in front of other packets; ids that begin with their day are looked at first."""
    monkeypatch.setattr(watch, "PAGES", 0)
    fresh = f"{datetime.now(HALL):%Y%m%d}-fresh"
    world.upload(fresh, "soil-plan", b"good")
    world.upload("20200101-old", "soil-plan", b"good")
    world.waiting.clear()
    _watch(world)
    assert packets.load(fresh).uploads
    assert not packets.load("20200101-old").uploads


def test_finished_packets_are_loaded_in_one_sweep_of_eight(world: World) -> None:
    at_its_end(world)
    _documents_on_record(world)
    _watch(world)  # sees to what the story left behind
    loads = []
    for _ in range(watch.FINISHED_EVERY):
        before = len(world.calls)
        _watch(world)
        loads.append(world.calls[before:].count("watch:dynamodb.Query"))
    assert sorted(load - min(loads) for load in loads) == [0] * 7 + [2], loads  # the packet, and its supervision


def test_a_page_of_packets_is_one_request_for_their_headers(world: World) -> None:
    at_its_end(world)
    before = len(world.calls)
    with world.inside("watch"):
        watch.handler({}, Context())
    assert world.calls[before:].count("watch:dynamodb.BatchGetItem") == 1


def test_what_still_stands_after_three_runs_is_told_as_stuck(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, float]] = []
    monkeypatch.setattr(watch, "measure", lambda **counts: told.append(counts))
    _handed_in(world)
    world.deliver_to("credit", "validate")
    world.waiting.clear()  # `advance` never hears of it; by the later clock it was due ten minutes ago
    with world.inside("watch"):
        watch.handler({}, Context())
        world.waiting.clear()
        monkeypatch.setattr(watch, "STUCK", timedelta(minutes=5))
        watch.handler({}, Context())
    world.run()
    _watch(world)
    assert [counts["Stuck"] for counts in told] == [0, 1, 0]
    assert _status() is Status.IN_REVIEW
