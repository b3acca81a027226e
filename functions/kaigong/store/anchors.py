"""The anchors of the ledgers: which heads moved, from the table; what is signed, into the bucket that is written once.

`anchors/<number>.json` is an anchor with its signature, `parts/<number>/<part>-<root>.json` the heads of one of its
parts. A part's name has its root: a run that died and comes again writes others beside it, and the anchor names its
own.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

from kaigong.domain.model.anchor import COMMITTED, Anchor, Head, SignedAnchor
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import all_of, key, to_attributes
from .signing import signature


def moved(since: datetime, until: datetime) -> set[str]:
    """The packets whose ledgers got entries between two moments, and maybe some more: by whole days.

    A change that sends something has the mark of its day once that is delivered. Before, it stands among what is to be
    looked after, and there is asked first: what is delivered meanwhile is found in one of the two.
    """
    found = set[str]()
    for marks in (keys.due_pk, keys.moved_pk):
        day = (since - COMMITTED).astimezone(UTC).date()
        while day <= (until + timedelta(days=1)).astimezone(UTC).date():
            for bucket in range(keys.DUE_BUCKETS):
                found.update(_marked(marks(day, bucket)))
            day += timedelta(days=1)
    return found


def _marked(pk: str) -> Iterator[str]:
    """Whose ledgers have entries in a partition of the index."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().table_name,
            IndexName="due",
            KeyConditionExpression="gsi3pk = :pk",
            FilterExpression="begins_with(sk, :ledger)",
            ExpressionAttributeValues=to_attributes({":pk": pk, ":ledger": keys.LEDGER}),
        )
    )
    return (keys.packet_of(item["pk"]["S"]) for page in pages for item in page["Items"])


def heads(packets: Iterable[str]) -> list[Head]:
    """How far the ledgers of these packets have come. Consistent: an entry that was told of is in it."""
    return [
        Head(keys.packet_of(item["pk"]["S"]), int(item["ledger_seq"]["N"]), item["ledger_hash"]["S"])
        for item in all_of(key(packet, keys.HEADER) for packet in packets)
    ]


def newest() -> SignedAnchor | None:
    """The anchor that was made last, as the bucket has it."""
    listed = _listed()
    return read(listed[-1][0]) if listed else None


def after(moments: Iterable[datetime]) -> tuple[dict[datetime, SignedAnchor], SignedAnchor | None]:
    """For each moment the anchor that covers it, where there is one yet: the first that ended well after it. And the
    newest of all.
    """
    listed, known, found = _listed(), dict[int, SignedAnchor](), dict[datetime, SignedAnchor]()
    for moment in moments:
        for number, made_at in listed:
            if made_at < moment + COMMITTED:  # an anchor is put after it ended
                continue
            if number not in known:
                known[number] = read(number)
            if known[number].anchor.until >= moment + COMMITTED:
                found[moment] = known[number]
                break
    last = listed[-1][0] if listed else 0
    return found, known.get(last) or (read(last) if last else None)


def _listed() -> list[tuple[int, datetime]]:
    """The numbers of the anchors and when each was put, in order."""
    if not settings().anchor_bucket:
        return []
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=settings().anchor_bucket, Prefix=keys.ANCHORS)
    found = ((keys.anchor_number(i["Key"]), i["LastModified"]) for page in pages for i in page.get("Contents", ()))
    return sorted(found)


def read(number: int) -> SignedAnchor:
    return SignedAnchor.model_validate_json(_object(keys.anchor_key(number)))


def part(number: int, index: int, root: str) -> list[Head]:
    """The heads of one part of an anchor, in the order of its tree."""
    return [Head(*entry) for entry in json.loads(_object(keys.anchor_part_key(number, index, root)))]


def _object(name: str) -> bytes:
    return bytes(client("s3").get_object(Bucket=settings().anchor_bucket, Key=name)["Body"].read())


def put_part(number: int, index: int, root: str, heads: Iterable[Head]) -> None:
    _put_once(keys.anchor_part_key(number, index, root), json.dumps(list(heads), separators=(",", ":")).encode())


def put(signed: SignedAnchor) -> bool:
    """Keep an anchor. Returns whether it is the first of its number: another run may have been faster."""
    return _put_once(keys.anchor_key(signed.anchor.number), signed.model_dump_json(by_alias=True, indent=1).encode())


def _put_once(name: str, content: bytes) -> bool:
    try:
        client("s3").put_object(
            Bucket=settings().anchor_bucket,
            Key=name,
            Body=content,
            ContentType="application/json",
            ChecksumAlgorithm="SHA256",  # a bucket with Object Lock wants one
            IfNoneMatch="*",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
        return False
    return True


def public_key() -> str:
    """The public half of the city's key, in base64."""
    return base64.b64encode(client("kms").get_public_key(KeyId=settings().anchor_key)["PublicKey"]).decode()


def sign(anchor: Anchor) -> str:
    """The signature of an anchor by the city's key, in base64."""
    digest = hashlib.sha256(anchor.content).digest()
    return base64.b64encode(signature(settings().anchor_key, digest, "ECDSA_SHA_256")).decode()
