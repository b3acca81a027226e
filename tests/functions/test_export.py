"""What happened leaves for analysis: every entry of every ledger, once, with codes alone; questions are answered."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError
from kaigong.domain.model.codes import CREDIT_CODE
from kaigong.handlers import export
from kaigong.settings import settings
from kaigong.store import events, keys, packets
from kaigong.views.events import Event, columns

from infra.command.client import asking

from . import story
from .asking import FOREIGN, played
from .world import REGION, STACK, Context, World

BUCKET = f"{STACK}-events"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """The story to its end, and another enterprise's packet in review."""
    with played() as world, pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENTS_BUCKET", BUCKET)
        settings.cache_clear()
        boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield world


def exported(world: World, **asked: str) -> dict[str, Any]:
    today = datetime.now(UTC).astimezone(settings().office.zone).date()  # the story may begin before midnight
    with world.inside("export"):
        return export.handler({"since": str(today - DAY), "until": str(today)} | asked, Context())


def files() -> dict[str, bytes]:
    s3 = boto3.client("s3")
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=keys.EVENTS).get("Contents", ())
    return {item["Key"]: s3.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read() for item in found}


def rows() -> list[Event]:
    lines = [line for content in files().values() for line in gzip.decompress(content).decode().splitlines()]
    return [Event.model_validate_json(line) for line in lines]


def test_every_entry_of_every_ledger_is_there_once_and_stays_so_when_it_is_written_again(world: World) -> None:
    exported(world)
    before, found = files(), rows()
    assert len({row.id for row in found}) == len(found)
    there = {(row.packet, row.entry) for row in found}
    entries = {(packet, entry.seq) for packet in (story.PACKET, FOREIGN) for entry in packets.ledger(packet)}
    assert len(entries) > 10
    assert entries <= there
    assert {row.process for row in found} == {"industrial"}
    assert exported(world)["rows"] == len(found)
    assert files() == before


def test_no_row_has_a_name_a_credit_code_or_anybody_s_words(world: World) -> None:
    exported(world)
    text = "\n".join(gzip.decompress(content).decode() for content in files().values())
    assert not re.search(r"[^\x00-\x7f]", text)  # everything that people say in the story is Chinese
    assert not re.search(CREDIT_CODE, text)
    assert len(text) > 1000


def test_a_run_begins_with_the_last_day_that_was_written_and_ends_with_yesterday(world: World) -> None:
    today = datetime.now(UTC).astimezone(settings().office.zone).date()
    events.write(today - 3 * DAY, 0, ["{}"])
    events.write(today - 2 * DAY, 3, ["{}"])
    for key in files():
        if keys.events_day(key.rpartition("part")[0]) > today - 2 * DAY:
            boto3.client("s3").delete_object(Bucket=BUCKET, Key=key)
    with world.inside("export"):
        found = export.handler({}, Context())
    assert (found["since"], found["until"]) == (str(today - 2 * DAY), str(today - DAY))
    newest = events.newest()
    with world.inside("export"):
        fresh = export.handler({"until": str(today)}, Context())
    assert (fresh["since"], fresh["until"]) == (str(newest), str(today))  # without a gap
    for days, part in ((3, 0), (2, 3)):  # what was put there is no event
        boto3.client("s3").delete_object(Bucket=BUCKET, Key=keys.events_key(today - days * DAY, part))


def test_a_ledger_that_cannot_be_read_does_not_hide_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read = packets.ledger

    def broken(packet: str) -> Any:
        if packet == FOREIGN:
            raise ValueError("unreadable")
        return read(packet)

    for key in files():  # of runs before
        boto3.client("s3").delete_object(Bucket=BUCKET, Key=key)
    monkeypatch.setattr(packets, "ledger", broken)
    exported(world)
    found = {row.packet for row in rows()}
    assert story.PACKET in found
    assert FOREIGN not in found
    monkeypatch.undo()
    exported(world)


def test_a_ledger_that_storage_does_not_give_out_just_now_is_not_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_: str) -> Any:
        raise ConnectTimeoutError(endpoint_url="dynamodb")

    monkeypatch.setattr(packets, "ledger", silent)
    with pytest.raises(ConnectTimeoutError):
        exported(world)


@pytest.fixture(scope="module")
def folder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The events of the story as `kaigong ask` downloads them."""
    exported(world)
    folder = tmp_path_factory.mktemp("events")
    for key, content in files().items():
        file = folder / key.removeprefix(keys.EVENTS)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    return folder


def asked(folder: Path, question: str) -> list[dict[str, Any]]:
    found = asking.answered(folder, (asking.QUESTIONS / f"{question}.sql").read_text("utf-8"))
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def test_questions_are_answered_from_the_story(folder: Path) -> None:
    assert ("drawings", 1) in {(row["material"], row["packets"]) for row in asked(folder, "papers-returned")}
    corrected = {(row["material"], row["matter"], row["department"]) for row in asked(folder, "papers-corrected")}
    assert ("soil-plan", "soil-conservation", "water") in corrected
    gaps = {row["material"]: row for row in asked(folder, "gaps")}
    assert {name: row["in_time"] for name, row in gaps.items()} == {"design-qualification": 1, "wage-security": 1}
    [channel] = [row for row in asked(folder, "green-channel") if row["ended"]]
    assert (channel["channel"], channel["ended"], channel["approved"]) == ("green", 1, 1)
    waits = {row["matter"]: row for row in asked(folder, "where-packets-wait")}
    assert (waits["soil-conservation"]["opened"], waits["soil-conservation"]["decided"]) == (2, 1)
    [tries] = asked(folder, "rounds")
    assert (tries["packets"], tries["accepted"], tries["at_once"]) == (2, 2, 1)
    assert sum(row["times_last"] for row in asked(folder, "critical-path")) == 1
    ways = {row["way"]: row for row in asked(folder, "by-rules")}
    assert (ways["officer"]["taken_back"], ways["commitment"]["matters"]) == (1, 1)


QUESTIONS = sorted(file for file in asking.QUESTIONS.glob("*.sql") if file != asking.VIEW)


@pytest.mark.parametrize("file", QUESTIONS, ids=lambda file: file.stem)
def test_every_question_has_an_answer(folder: Path, file: Path) -> None:
    assert asked(folder, file.stem)


def test_what_was_written_twice_counts_once(folder: Path, tmp_path: Path) -> None:
    for file in folder.glob("day=*/*"):
        for copy in ("part-0", "part-9"):
            there = tmp_path / file.parent.name / f"{copy}-{file.name}"
            there.parent.mkdir(exist_ok=True)
            there.write_bytes(file.read_bytes())
    once, twice = (asking.answered(each, "SELECT count(*) FROM events").rows for each in (folder, tmp_path))
    assert once == twice
    raw = asking.answered(tmp_path, "SELECT count(*) FROM events_raw").rows
    assert raw == ((2 * once[0][0],),)


def test_a_line_is_json_of_the_columns(world: World) -> None:
    exported(world)
    content = next(iter(files().values()))
    line = json.loads(gzip.decompress(content).splitlines()[0])
    assert set(line) <= set(columns())
    assert line["schema"] == "kaigong/event/1"
