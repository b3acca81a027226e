"""Manifests that cannot be an application, odd names, and everything S3 may announce."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from kaigong.domain.flow.settled import KEPT_UPLOADS
from kaigong.domain.intake import dropping
from kaigong.domain.intake.application import SAME_SECOND
from kaigong.domain.intake.finding import DEFAULT_MATERIAL, judge
from kaigong.domain.model.packet import Status
from kaigong.errors import Bug
from kaigong.handlers import validate
from kaigong.settings import settings
from kaigong.store import files, keys, packets
from kaigong.store.items import from_attributes, queried, size

from .story import MANIFEST, PACKET, SLOTS
from .world import ENVIRONMENT, Context, Delivery, World, canned


def _refusal(packet: str = PACKET) -> dict[str, Any] | None:
    s3 = boto3.client("s3")
    try:
        found = s3.get_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key=keys.refusal_key(packet))
    except s3.exceptions.NoSuchKey:
        return None
    return dict(json.loads(found["Body"].read()))


def _submit(world: World, **changes: Any) -> dict[str, Any]:
    world.submit(MANIFEST | changes)
    world.run()
    refusal = _refusal()
    assert refusal is not None
    recorded = packets.load(PACKET).refusal
    assert recorded
    assert [r.code for r in recorded.reasons] == [r["code"] for r in refusal["reasons"]]
    assert all(reason["text"]["zh"] and reason["text"]["en"] for reason in refusal["reasons"])
    assert packets.load(PACKET).header is None
    return refusal


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"matters": ["no-such-matter"]}, "unknown-matter", "matters.0"),
        ({"process": "no-such-process"}, "unknown-process", "process"),
        ({"promises": ["no-such-slot"]}, "unknown-slot", "promises.0"),
        ({"files": [{"slot": "no-such-slot", "upload": "u", "name": "x.pdf"}]}, "unknown-slot", "files.0"),
        ({"files": [{"slot": "drawings", "upload": "u", "name": "never.pdf"}]}, "file-missing", "files.0"),
        ({"commitments": ["drawing-review"]}, "unknown-matter", "commitments.0"),
        ({"matters": []}, "manifest-schema", "matters"),
        ({"surprise": 1}, "manifest-schema", "surprise"),
        ({"enterprise": {"name": "x", "uscc": "123"}}, "manifest-schema", "enterprise.uscc"),
    ],
)
def test_a_manifest_that_cannot_be_an_application_is_refused_in_writing_and_in_the_table(
    changes: dict[str, Any], code: str, where: str, world: World
) -> None:
    reasons = _submit(world, **changes)["reasons"]
    assert (code, where) in [(reason["code"], reason["where"]) for reason in reasons]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'"text"', b"{" * 5000])
def test_a_manifest_that_is_not_json_is_refused(content: bytes, world: World) -> None:
    world._put(keys.manifest_key(PACKET), content)
    world.run()
    refusal = _refusal()
    assert refusal is not None
    assert {reason["code"] for reason in refusal["reasons"]} <= {
        "manifest-not-json",
        "manifest-schema",
        "manifest-encoding",
    }


def test_a_manifest_as_large_as_a_scan_is_refused_without_being_read_whole(world: World) -> None:
    world._put(keys.manifest_key(PACKET), b" " * 300_000)
    world.run()
    refusal = _refusal()
    assert refusal is not None
    assert [reason["code"] for reason in refusal["reasons"]] == ["manifest-too-large"]


def test_a_refusal_is_taken_away_when_a_good_manifest_follows(world: World) -> None:
    _submit(world, matters=["no-such-matter"])
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(MANIFEST)
    world.run()
    header = packets.load(PACKET).header
    assert header is not None
    assert header.status is Status.IN_REVIEW
    assert _refusal() is None


def _once_more(world: World, act: Callable[[], None]) -> dict[str, Any]:
    """What S3 announces of what is done now, to be delivered again later; it is delivered now as well."""
    act()
    message = world.waiting["validate"][-1]
    world.run()
    return message


def test_a_bad_manifest_s_event_that_comes_again_after_a_good_one_puts_no_refusal_back(world: World) -> None:
    bad = _once_more(world, lambda: world.submit(MANIFEST | {"matters": ["no-such-matter"]}))
    assert _refusal()
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(MANIFEST)
    world.run()
    world.deliver(Delivery("validate", [bad]))
    world.run()
    assert _refusal() is None
    recorded = packets.load(PACKET).refusal
    assert recorded
    assert recorded.reasons[0].code == "unknown-matter"  # it stays on record


def test_a_good_manifest_s_late_event_does_not_take_away_the_refusal_of_a_newer_one(world: World) -> None:
    good = _once_more(world, lambda: world.submit(MANIFEST))
    _submit_again(world, matters=["no-such-matter"])
    told = _refusal()
    world.deliver(Delivery("validate", [good]))
    world.run()
    assert _refusal() == told


def test_an_unknown_s_manifest_that_was_replaced_is_refused_in_the_table_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = _once_more(world, lambda: world.submit(MANIFEST | {"matters": ["no-such-matter"]}))
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(MANIFEST)
    world.run()
    monkeypatch.setattr(dropping, "dropper", lambda *_: None)
    world.deliver(Delivery("validate", [strange]))
    assert _refusal() is None


def _submit_again(world: World, **changes: Any) -> None:
    world.submit(MANIFEST | changes)
    world.run()
    assert _refusal()


@pytest.mark.parametrize(
    "name",
    ["材料 申请表.pdf", "my+file 申请表.pdf", "100%.pdf", "%2F%2e.pdf", "..", "a b  c.pdf", "引号\"'.pdf", "长" * 300],
)
def test_a_file_may_have_any_name(name: str, world: World) -> None:
    world.upload(PACKET, "drawings", b"good drawings", name=name)
    world.run()
    assert packets.load(PACKET).slots["drawings"].key.endswith(f"/{name}")


def test_a_name_with_a_slash_stays_in_its_slot(world: World) -> None:
    world.upload(PACKET, "drawings", b"good drawings", name="../../other-packet/manifest.json")
    world.run()
    assert set(packets.load(PACKET).slots) == {"drawings"}
    assert packets.load("other-packet").slots == {}


@pytest.mark.usefixtures("world")
def test_what_s3_sends_when_notifications_are_set_up_is_dropped() -> None:
    from kaigong.handlers import validate

    record = {"messageId": "m", "body": '{"Event": "s3:TestEvent"}', "eventSource": "aws:sqs", "receiptHandle": "r"}
    assert validate.handler({"Records": [record]}, Context()) == {"batchItemFailures": []}


def test_an_upload_that_is_gone_is_passed_over(world: World) -> None:
    world.announce(keys.upload_key(PACKET, "drawings", "u", "gone.pdf"), "no-such-version", "e", 10, "1")
    world.run()
    assert packets.load(PACKET).slots == {}


def test_a_submission_waits_for_the_examination_of_every_paper_it_counts_on(world: World) -> None:
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    late = world.waiting["validate"].pop(3)
    world.submit(MANIFEST)
    world.run()
    assert packets.load(PACKET).header is None
    world.waiting["validate"] = [late]
    world.run()
    header = packets.load(PACKET).header
    assert header is not None
    assert header.status is Status.IN_REVIEW


@pytest.mark.parametrize("storage_class", ["GLACIER", "DEEP_ARCHIVE"])
def test_what_lies_in_an_archive_is_told_and_fails_no_message(storage_class: str, world: World) -> None:
    for key in (keys.upload_key(PACKET, "soil-plan", "u1", "f.pdf"), keys.manifest_key(PACKET)):
        where = {"Bucket": ENVIRONMENT["BUCKET_NAME"], "Key": key}
        put = boto3.client("s3").put_object(**where, Body=b"good", StorageClass=storage_class)
        world.announce(key, put["VersionId"], put["ETag"].strip('"'), 4, "0A")
    world.run()
    assert world.again == []
    facts = packets.load(PACKET).slots["soil-plan"].facts
    assert [reason.code for reason in judge(facts, DEFAULT_MATERIAL, None).reasons] == ["archived"]
    refusal = _refusal()
    assert refusal is not None
    assert [reason["code"] for reason in refusal["reasons"]] == ["archived"]


def test_what_comes_again_and_again_does_not_make_the_state_larger(world: World) -> None:
    """Every look at a packet reads its state: bad manifests, replaced papers and manifests nobody awaits leave it."""
    sizes = []
    for _ in range(3):
        for n in range(8):
            world.submit({**MANIFEST, "matters": ["no-such-matter"]})
            world.upload(PACKET, "soil-plan", f"bad {n}".encode())
            world.submit(MANIFEST)
            world.run()
        sizes.append(sum(size(item) for item in _state()))
    assert packets.load(PACKET).refusal
    uploads = sum(item["sk"].startswith(keys.UPLOAD) for item in _state())
    assert uploads <= KEPT_UPLOADS + SAME_SECOND  # of 24; the newest manifest names those of its second
    assert sizes[2] < 2 * sizes[0]


def _state() -> list[dict[str, Any]]:
    """What `load` reads."""
    bound = {":pk": keys.packet_pk(PACKET), ":end": keys.AFTER_PACKET}
    return [from_attributes(item) for item in queried("pk = :pk AND sk < :end", bound)]


def test_an_upload_that_was_put_by_is_reviewed_where_the_manifest_names_it(world: World) -> None:
    for n in range(8):
        world.upload(PACKET, "soil-plan", f"good {n}".encode(), upload=f"v{n}", name="f.pdf")
    world.run()
    world.send("advance", {"packet": PACKET})
    world.run()
    assert len(packets.load(PACKET).uploads) == 3
    files = [{"slot": "soil-plan", "upload": "v0", "name": "f.pdf"}]
    for slot in SLOTS:
        if slot != "soil-plan":
            world.upload(PACKET, slot, b"good", upload="1", name="f.pdf")
            files.append({"slot": slot, "upload": "1", "name": "f.pdf"})
    world.submit({**MANIFEST, "files": files})
    world.run()
    packet = packets.load(PACKET)
    assert packet.header
    assert packet.header.accepted_at
    assert packet.papers.by_slot["soil-plan"][0].key.endswith("/soil-plan/v0/f.pdf")


def test_nobody_looks_at_a_packet_before_its_manifest_comes(world: World) -> None:
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good")
    world.run()
    assert {call.partition(":")[0] for call in world.calls} == {"validate"}
    world.submit(MANIFEST)
    late = world.waiting.pop("validate")
    world.upload(PACKET, SLOTS[0], b"better")
    world.waiting["validate"] = [*late, *world.waiting["validate"]]
    world.run()
    assert packets.load(PACKET).header


def test_who_signed_is_known_by_the_list_that_lies_where_the_parameter_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def examined(source: Any, trust_list: Any) -> Any:
        asked.append(trust_list())
        return canned(source)

    monkeypatch.setattr(validate, "examine", examined)
    world.upload(PACKET, SLOTS[0], b"signed")
    world.run()
    monkeypatch.setattr(files, "settings", lambda: settings().model_copy(update={"trust_list_key": "trust/cas.pem"}))
    with pytest.raises(Bug):  # a list that is not there is our fault, not the paper's: it comes again
        files.trust_list()
    boto3.client("s3").put_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key="trust/cas.pem", Body=b"certificates")
    world.upload(PACKET, SLOTS[1], b"signed")
    world.run()
    assert asked == [b"", b"certificates"]


def test_papers_for_which_too_little_time_is_left_are_handed_back(world: World) -> None:
    for slot in SLOTS[:3]:
        world.upload(PACKET, slot, b"good")
    records, left = world.waiting.pop("validate"), iter((60_000, 30_000, 30_000))
    context = Context()
    context.get_remaining_time_in_millis = lambda: next(left)  # type: ignore[method-assign] # a clock of the test
    with world.inside("validate"):
        answer = validate.handler({"Records": records}, context)
    assert [f["itemIdentifier"] for f in answer["batchItemFailures"]] == [r["messageId"] for r in records[1:]]
    assert list(packets.load(PACKET).slots) == SLOTS[:1]
