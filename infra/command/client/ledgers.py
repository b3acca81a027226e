"""The ledgers of all packets against all anchors: what was done to any of them since it was signed, found and named.

Reads the write-once bucket and the table with the operator's own rights, and asks none of our functions. One packet,
and what its departments said, is `kaigong verify PACKET`.
"""

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from kaigong.contract.verification import signature_holds
from kaigong.domain.flow.verification import anchor_faults, compared, not_anchored
from kaigong.domain.model.anchor import COMMITTED, Head, SignedAnchor, leaf, root
from kaigong.domain.model.ledger import Fault, Found
from kaigong.domain.model.packet import LedgerEntry

from infra import places

from .connection import Connection
from .faults import CallRefused, translated

_AT_ONCE = 16  # packets whose ledgers are read side by side


@dataclass(frozen=True)
class Audit:
    """What was compared, and what is wrong: of a packet, or (None) of an anchor."""

    anchors: int
    heads: int
    packets: int
    faults: tuple[tuple[str | None, Found], ...]


def signing_key(parameters: Mapping[str, str], stack: str) -> str:
    """What KMS knows the key by that signs anchors: the city's own, which a parameter names, else the stack's."""
    return parameters.get("AnchorKeyArn") or f"alias/{stack}-anchor"


def public_key(connection: Connection) -> str:
    """The key that signs the stack's anchors: DER in base64. Raises CallRefused, Unreachable."""
    stack = connection.target.stack
    with translated("CloudFormation"):
        [found] = connection.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    told = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())}
    with translated("KMS"):
        key = connection.client("kms").get_public_key(KeyId=signing_key(told, stack))
    return base64.b64encode(key["PublicKey"]).decode()


def in_base64(pem: bytes) -> str:
    """A key that was published as PEM, as anchors say it."""
    return "".join(line for line in pem.decode("ascii", "replace").splitlines() if not line.startswith("-----"))


def anchors_bucket(connection: Connection) -> str:
    """By the names that the template gives: beside the one of the papers."""
    stack = connection.target.stack
    return connection.target.bucket.replace(f"{stack}-packets-", f"{stack}-anchors-", 1)


def anchored(connection: Connection) -> datetime | None:
    """When the newest anchor was put; None: there is none. Raises CallRefused, Unreachable."""
    with translated("S3"):
        pages = connection.client("s3").get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=anchors_bucket(connection), Prefix=places.ANCHORS)
        return max((item["LastModified"] for page in found for item in page.get("Contents", ())), default=None)


def audit(connection: Connection, bucket: str, key: str) -> Audit:
    """Compare every anchored head with its packet's ledger as the table has it now."""
    wrong, signed = list[tuple[str | None, Found]](), list[SignedAnchor]()
    for number, name in _names(connection, bucket):
        try:
            signed.append(SignedAnchor.model_validate_json(_object(connection, bucket, name)))
        except ValueError:
            wrong.append((None, Found(fault=Fault.ANCHOR_CHANGED, number=number)))
    wrong += [(None, fault) for fault in anchor_faults(signed, [signature_holds(each, key) for each in signed])]
    by_packet: dict[str, dict[int, Head]] = defaultdict(dict)
    count = 0
    for each in signed:
        number = each.anchor.number
        for index, expected in enumerate(each.parts):
            heads = _part(connection, bucket, number, index, expected)
            if heads is None or root([leaf(head) for head in heads]) != expected:
                wrong.append((None, Found(fault=Fault.ANCHOR_CHANGED, number=number)))
                continue
            count += len(heads)
            for head in heads:
                by_packet[head.packet][number] = head
    with ThreadPoolExecutor(_AT_ONCE) as side_by_side:
        looked_at = side_by_side.map(lambda packet: _faults(connection, packet, by_packet[packet], signed), by_packet)
        wrong += [(packet, fault) for packet, found in zip(by_packet, looked_at, strict=True) for fault in found]
    return Audit(anchors=len(signed), heads=count, packets=len(by_packet), faults=tuple(dict.fromkeys(wrong)))


def _faults(connection: Connection, packet: str, heads: dict[int, Head], signed: Iterable[SignedAnchor]) -> list[Found]:
    entries, noted = _ledger(connection, packet)
    covering = {}
    for entry in entries:
        ends = (each.anchor for each in signed if each.anchor.until >= entry.at + COMMITTED)
        if anchor := next(ends, None):
            covering[entry.seq] = heads.get(anchor.number)
    found = compared(entries, noted, [(head.seq, head.hash) for head in heads.values()])
    return found or not_anchored(entries, covering)


def _ledger(connection: Connection, packet: str) -> tuple[list[LedgerEntry], tuple[int, str]]:
    """The entries of a packet in the order of their keys, and what its header says of the newest."""
    table, name = connection.client("dynamodb"), f"{connection.target.stack}-packets"
    pk = {"S": f"{places.PACKET}{packet}"}
    with translated("DynamoDB"):
        pages = table.get_paginator("query").paginate(
            TableName=name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :ledger)",
            ExpressionAttributeValues={":pk": pk, ":ledger": {"S": places.LEDGER}},
            ConsistentRead=True,
        )
        items = [item for page in pages for item in page["Items"]]
        header = table.get_item(
            TableName=name,
            Key={"pk": pk, "sk": {"S": places.HEADER}},
            ProjectionExpression="ledger_seq, ledger_hash",
            ConsistentRead=True,
        ).get("Item")
    items.sort(key=lambda item: item["sk"]["S"].rpartition("#")[2])  # of those with orders and those without
    changes = (json.loads(zlib.decompress(item["content"]["B"])) for item in items)
    noted = (int(header["ledger_seq"]["N"]), header["ledger_hash"]["S"]) if header else (0, "")
    return [LedgerEntry.model_validate(change["entry"]) for change in changes], noted


def _names(connection: Connection, bucket: str) -> list[tuple[int, str]]:
    """The anchors by their numbers, in order."""
    with translated("S3"):
        pages = connection.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=places.ANCHORS)
        names = [item["Key"] for page in pages for item in page.get("Contents", ())]
    return sorted((int(name.removeprefix(places.ANCHORS).partition(".")[0]), name) for name in names)


def _part(connection: Connection, bucket: str, number: int, index: int, expected: str) -> list[Head] | None:
    """The heads of a part; None: it is not there, or cannot be read."""
    try:
        content = _object(connection, bucket, places.anchor_part(number, index, expected))
        return [Head(*entry) for entry in json.loads(content)]
    except (ValueError, TypeError):
        return None
    except CallRefused as error:
        if error.code != "NoSuchKey":
            raise
        return None


def _object(connection: Connection, bucket: str, key: str) -> bytes:
    with translated("S3"):
        return bytes(connection.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
