"""What was never handed in goes by itself after the days of the catalogue, all of it; what is worked on stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import boto3
import pytest
from kaigong.domain.model.draft import Draft
from kaigong.domain.model.packet import Act, ActKind
from kaigong.handlers import watch
from kaigong.store import drafts, erasing, files, keys, packets

from tests.hours import ahead

from .story import MANIFEST, PACKET, SLOTS
from .world import ENVIRONMENT, Context, Died, World

DAYS = timedelta(days=90)  # of every process, in the catalogue that ships
CHANGES = ("TransactWriteItems", "DeleteObjects")


@pytest.fixture
def worked_on(world: World, monkeypatch: pytest.MonkeyPatch) -> Draft:
    """A draft with papers, one of them put by and one with a copy for browsers, and a letter that was accepted."""
    monkeypatch.setattr(watch, "OUTAGE_DAYS", 1)  # months pass here, and nothing was missed
    for slot in SLOTS[:3]:
        world.upload(PACKET, slot, b"good " + slot.encode())
    for n in range(5):
        world.upload(PACKET, SLOTS[0], f"good {n}".encode())
    world.run()
    _later(monkeypatch, timedelta(minutes=15))
    _watch(world)  # puts by
    files.put_copy(PACKET, SLOTS[0], "u1-0123456789abcdef", "jpeg", b"copy")
    made = Draft(
        packet=PACKET,
        owner=MANIFEST["enterprise"]["uscc"],
        by="applicant",
        process="industrial",
        matters=("land-use-permit",),
        updated_at=datetime.now(UTC),
    ).changed(version=1)
    drafts.put(made)
    return made


def _watch(world: World) -> None:
    with world.inside("watch"):
        watch.handler({}, Context())
    world.run()


def _later(monkeypatch: pytest.MonkeyPatch, after: timedelta) -> None:
    monkeypatch.setattr(watch, "datetime", ahead(after))


def left() -> list[str]:
    """All there is of the packet: items, and versions of files."""
    return sorted([*(f"{item['pk']['S']} {item['sk']['S']}" for item in _items()), *_versions()])


def _items() -> Iterator[dict[str, Any]]:
    found = boto3.client("dynamodb").scan(TableName=ENVIRONMENT["TABLE_NAME"])["Items"]
    yield from (item for item in found if item["pk"]["S"] in (f"PACKET#{PACKET}", f"DRAFT#{PACKET}"))


def _versions() -> list[str]:
    found = boto3.client("s3").list_object_versions(Bucket=ENVIRONMENT["BUCKET_NAME"]).get("Versions", [])
    return [each["Key"] for each in found if PACKET in each["Key"]]


@pytest.mark.usefixtures("worked_on")
def test_what_was_never_handed_in_goes_with_draft_papers_copies_and_all_that_was_found_in_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = left()
    assert {entry.split()[1].split("#")[0] for entry in before if entry.startswith("PACKET")} >= {"UPLOAD", "~OLD"}
    assert any(entry.startswith("shown/") for entry in before)
    _later(monkeypatch, DAYS - timedelta(hours=1))
    _watch(world)
    assert left() == before
    _later(monkeypatch, DAYS + timedelta(minutes=1))
    calls = len(world.calls)
    _watch(world)
    assert left() == []
    assert not any(world.waiting.values())
    more = [call for call in world.calls[calls:] if call.endswith(("ListObjectVersions", *CHANGES))]
    assert len(more) == 4, "two listings, one transaction, one deletion"
    calls = len(world.calls)
    _watch(world)  # comes by again
    assert not [call for call in world.calls[calls:] if call.endswith(CHANGES)]


def test_a_draft_that_is_worked_on_keeps_its_old_papers(
    world: World, worked_on: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts.put(worked_on.changed(version=2, updated_at=datetime.now(UTC) + timedelta(days=50)))
    before = left()
    _later(monkeypatch, DAYS + timedelta(days=49))
    _watch(world)
    assert left() == before
    _later(monkeypatch, DAYS + timedelta(days=51))
    _watch(world)
    assert left() == []


@pytest.mark.usefixtures("worked_on")
def test_papers_whose_draft_is_gone_go_after_the_longest_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("dynamodb").delete_item(
        TableName=ENVIRONMENT["TABLE_NAME"], Key={"pk": {"S": f"DRAFT#{PACKET}"}, "sk": {"S": "DRAFT"}}
    )
    _later(monkeypatch, DAYS + timedelta(minutes=1))
    _watch(world)
    assert left() == []


@pytest.mark.usefixtures("worked_on")
@pytest.mark.parametrize("so_far", ["looked at", "announced by nobody", "the table is lost"])
def test_what_was_handed_in_stays(world: World, monkeypatch: pytest.MonkeyPatch, so_far: str) -> None:
    world.submit(MANIFEST)
    if so_far != "announced by nobody":
        world.run()
    if so_far == "the table is lost":
        for item in list(_items()):
            place = {"pk": item["pk"], "sk": item["sk"]}
            boto3.client("dynamodb").delete_item(TableName=ENVIRONMENT["TABLE_NAME"], Key=place)
    world.waiting.clear()
    before = _versions()
    _later(monkeypatch, DAYS + timedelta(minutes=1))
    _watch(world)
    assert set(before) <= set(_versions())
    assert packets.load(PACKET).header, "it is looked at"


def test_who_saves_or_hands_in_at_the_very_moment_keeps_all(world: World, worked_on: Draft) -> None:
    before, now = left(), datetime.now(UTC) + timedelta(minutes=1)
    with world.inside("watch"):
        assert not erasing.erase(PACKET, worked_on, now - timedelta(days=1)), "a file came meanwhile"
        with world.outside():
            drafts.put(worked_on.changed(version=2))
        assert not erasing.erase(PACKET, worked_on, now), "the draft was saved meanwhile"
    assert left() == before
    world.submit(MANIFEST)
    world.deliver_to("validate")
    assert any(keys.SUBMISSION in entry for entry in left())
    with world.inside("watch"):
        assert not erasing.erase(PACKET, worked_on.changed(version=2), now), "it was handed in meanwhile"
    assert set(before) <= set(left())


@pytest.mark.usefixtures("worked_on")
def test_wherever_it_dies_it_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before and after each call that erases; as long as a file lies there, the next sweep finds it."""
    monkeypatch.setattr(erasing, "_AT_ONCE", 3)  # several transactions
    _later(monkeypatch, DAYS + timedelta(minutes=1))
    deaths, calls = 0, len(world.calls)
    while left():
        deaths += 1
        world.faults.fork = partial(_dying, world, "before" if deaths % 2 else "after")
        with world.inside("watch"), pytest.raises(Died):
            watch.handler({}, Context())
        world.faults.fork = None
        world.run()
        assert _versions() or not left()
    assert deaths >= 2 * 4
    _watch(world)
    assert left() == []
    assert not any(call.startswith("validate") for call in world.calls[calls:]), "its papers are not announced again"


def _dying(world: World, wanted: str, moment: str, call: int, _changes: bool) -> None:
    if moment == wanted and world.calls[call].endswith(CHANGES):
        raise Died


def test_acts_beside_it_go_too(world: World, worked_on: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    world.record(PACKET, Act(kind=ActKind.PICK_UP, by="clerk", at=datetime.now(UTC)))
    _later(monkeypatch, DAYS + timedelta(minutes=1))
    _watch(world)
    assert left() == [], worked_on.packet
