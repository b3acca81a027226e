"""What a later release wrote is read by the one before: a deploy may be taken back while packets are under way."""

import json
from typing import Any

import boto3
from kaigong.domain.model.packet import Status
from kaigong.store import keys, packets
from kaigong.store.items import from_attributes, packed, to_attributes, unpacked

from .story import CREDIT, MANIFEST, PACKET, SLOTS, decision
from .world import ENVIRONMENT, World

ADDED = "added_by_a_later_release"


def of_a_later_release(item: dict[str, Any]) -> dict[str, Any]:
    """The item with one field more: beside its fields, and within what is packed."""
    plain = from_attributes(item)
    if "content" in plain and not item["sk"]["S"].startswith(keys.LEDGER):  # the hash covers an entry as it is
        plain["content"] = packed(json.dumps(json.loads(unpacked(plain["content"])) | {ADDED: {"any": "thing"}}))
    elif set(plain) - {"pk", "sk"}:
        plain[ADDED] = "anything"
    return to_attributes(plain)


def test_a_packet_that_a_later_release_wrote_is_read_and_goes_on(world: World) -> None:
    world.send("credit", CREDIT)
    for slot in SLOTS:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(MANIFEST)
    world.run()
    before, dynamodb, table = packets.load_shown(PACKET), boto3.client("dynamodb"), ENVIRONMENT["TABLE_NAME"]
    assert before.header
    items = dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=to_attributes({":pk": keys.packet_pk(PACKET)}),
    )["Items"]
    assert len(items) > 10
    for item in items:
        dynamodb.put_item(TableName=table, Item=of_a_later_release(item))
    assert packets.load_shown(PACKET) == before
    world.send("decisions", decision(world.tasks[0]))
    world.run()
    after = packets.load(PACKET)
    assert after.header
    assert after.header.version > before.header.version
    assert after.header.status is Status.IN_REVIEW
