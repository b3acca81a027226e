"""packets/<packet>/status.json: who applies by object storage alone follows by it alone."""

import json
from typing import Any

import boto3
import pytest
from jsonschema import Draft202012Validator
from kaigong.handlers import dispatch
from kaigong.store import files, keys, packets

from infra.schemas.files import json_schema

from .story import PACKET, play
from .world import ENVIRONMENT, World

SCHEMA = Draft202012Validator(json_schema("status"))


def lies_there() -> dict[str, Any]:
    found = boto3.client("s3").get_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key=keys.status_key(PACKET))
    document = json.load(found["Body"])
    SCHEMA.validate(document)
    return dict(document)


def test_each_notice_of_a_packet_s_whole_way_is_told_with_the_state_it_left(world: World) -> None:
    seen: list[dict[str, Any]] = []

    def look(_: World) -> None:
        if packets.load(PACKET).header:
            seen.append(lies_there())

    play(world, look)
    last = seen[-1]
    packet = packets.load_shown(PACKET)
    assert packet.header
    assert last["status"] == "issued" or last["status"] == "decided"
    assert [notice["number"] for notice in last["notices"]] == sorted(packet.notices)
    kinds = [notice["kind"] for notice in last["notices"]]
    assert {"accepted", "result"} <= set(kinds)
    assert [document["version"] for document in seen] == sorted(document["version"] for document in seen)
    assert last["result"]["code"] == packet.result.code.value if packet.result else False


def test_of_two_that_write_it_the_newest_state_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The packet goes on between one's look and its write."""
    play(world, lambda _: None)
    newest = packets.load_shown(PACKET)
    assert newest.header
    old = newest.changed(header=newest.header.changed(version=newest.header.version - 1))
    written: list[int] = []
    put = files.put_status

    def noted(packet: str, document: bytes) -> None:
        written.append(json.loads(document)["version"])
        put(packet, document)

    monkeypatch.setattr(files, "put_status", noted)
    dispatch._write_status(old)
    assert written == [old.header.version if old.header else 0, newest.header.version]
    assert lies_there()["version"] == newest.header.version
