"""The restore drill of docs/runbook.md: a backup, the packet lost, restored, and its ledger verified by the anchor."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from kaigong.domain.flow.verification import Anchored, Fault, faults
from kaigong.domain.model.anchor import Head, SignedAnchor, part_of, place
from kaigong.domain.model.ledger import GENESIS, chain
from kaigong.domain.model.packet import LedgerEntry
from kaigong.store import keys
from kaigong.store.items import dump, fields, packed, to_attributes, unpacked

from infra.local import Stack
from tests.patience import eventually
from tests.unit.building import Case


def test_a_table_that_is_lost_comes_back_from_its_backup_and_its_ledgers_hold(stack: Stack) -> None:
    packet, dynamodb = f"drill-{uuid4().hex[:8]}", stack.client("dynamodb")
    entries = _ledger(packet, dynamodb, stack.table)
    anchored = _anchored(stack, packet)
    drill = f"{stack.table}-drill-{uuid4().hex[:6]}"
    backup = dynamodb.create_backup(TableName=stack.table, BackupName="drill")["BackupDetails"]["BackupArn"]
    try:
        for entry in entries:  # the loss
            place = {"pk": keys.packet_pk(packet), "sk": keys.ledger_sk(entry.seq)}
            dynamodb.delete_item(TableName=stack.table, Key=to_attributes(place))
        assert [f.fault for f in _verified(dynamodb, stack.table, packet, anchored)] == [Fault.CUT_OFF]
        dynamodb.restore_table_from_backup(TargetTableName=drill, BackupArn=backup)
        eventually(lambda: dynamodb.describe_table(TableName=drill)["Table"]["TableStatus"] == "ACTIVE")
        assert _verified(dynamodb, drill, packet, anchored) == []
    finally:
        dynamodb.delete_backup(BackupArn=backup)
        if drill in dynamodb.list_tables()["TableNames"]:
            dynamodb.delete_table(TableName=drill)
        # A header alone is no packet that could be looked at.
        dynamodb.delete_item(
            TableName=stack.table, Key=to_attributes({"pk": keys.packet_pk(packet), "sk": keys.HEADER})
        )


def _ledger(packet: str, dynamodb: Any, table: str) -> list[LedgerEntry]:
    """A packet of which the table has a ledger, with its note and its mark."""
    made: list[LedgerEntry] = []
    for seq in range(1, 4):
        at = datetime.now(UTC)
        made.append(chain(seq, made[-1].hash if made else GENESIS, ({"event": f"drill {seq}"},), at))
    pk = keys.packet_pk(packet)
    for entry in made:
        mark = keys.moved_index(packet, entry.at) if entry.seq == 1 else {}
        item = {"pk": pk, "sk": keys.ledger_sk(entry.seq), **_stored(entry), **mark}
        dynamodb.put_item(TableName=table, Item=to_attributes(item))
    # A whole one, since it is counted as any other; of a process that there is.
    header = Case().accepted("soil").header.changed(process="general", catalogue="")
    head = {"pk": pk, "sk": keys.HEADER, **dump(header), "ledger_seq": 3, "ledger_hash": made[-1].hash}
    dynamodb.put_item(TableName=table, Item=to_attributes(head))
    return made


def _anchored(stack: Stack, packet: str) -> Anchored:
    """The night's run, now; and the packet's place in what it made."""
    stack.client("lambda").invoke(FunctionName=f"{stack.stack}-anchor", Payload=b"{}")
    s3, bucket = stack.client("s3"), f"{stack.stack}-anchors-000000000000-{stack.region}"
    newest = max(item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix=keys.ANCHORS)["Contents"])
    signed = SignedAnchor.model_validate_json(s3.get_object(Bucket=bucket, Key=newest)["Body"].read())
    index = part_of(packet, len(signed.parts))
    part = keys.anchor_part_key(signed.anchor.number, index, signed.parts[index])
    heads = [Head(*each) for each in json.loads(s3.get_object(Bucket=bucket, Key=part)["Body"].read())]
    found = place(packet, heads, signed.parts)
    assert found
    return Anchored(anchor=signed.anchor, place=found)


def _verified(dynamodb: Any, table: str, packet: str, anchored: Anchored) -> Any:
    bound = {":pk": keys.packet_pk(packet), ":ledger": keys.LEDGER}
    found = dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :ledger)",
        ExpressionAttributeValues=to_attributes(bound),
    )["Items"]
    stored = [json.loads(unpacked(fields(item)["content"]))["entry"] for item in found]
    return faults([LedgerEntry.model_validate(each) for each in stored], (0, ""), [anchored])


def _stored(entry: LedgerEntry) -> dict[str, bytes]:
    """As `store/packets` keeps it: compressed, with what else belongs to the change."""
    return {"content": packed(json.dumps({"entry": dump(entry)}))}
