"""Everything of one packet in one archive, and what of it may be erased; with the operator's own rights."""

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from boto3.dynamodb.types import Binary, TypeDeserializer
from kaigong.errors import Refused

from infra import places

from .connection import Connection
from .faults import translated

_AT_ONCE = 1000  # objects that S3 deletes at once
# Items about people alone, beside the papers: where a result was mailed, who had and answered a review, and what
# officers noted of people and of calls. What they decided is the case file's.
PERSONAL = (places.MAIL_TO, places.LEASE, places.ANSWERING, places.REMARK)
# What was read of a paper's first page: store/arrivals.
_TEXTS = {places.UPLOAD: "text", places.OLD_UPLOAD: "first_page"}
_NO_TEXT = zlib.compress(b"")


@dataclass(frozen=True)
class Erased:
    """What was erased: versions of files, first pages' texts, items about people."""

    files: int
    texts: int
    items: int


def export(connection: Connection, packet: str, proof: dict[str, Any], path: Path) -> list[str]:
    """Write every item and every file of a packet, and its ledger's proof, into a zip. Returns the names in it.

    Raises Refused where there is nothing of it.
    """
    items = [item for kind in places.OF_PACKET for item in _items(connection, f"{kind}{packet}")]
    objects = [
        (v["Key"], v["VersionId"])
        for prefix in (places.PAPERS, places.ISSUED)
        for v in _files(connection, prefix, packet)
    ]
    objects += _photos(items)
    if not items and not objects:
        raise Refused(f"没有材料包 {packet}。", f"There is no packet {packet}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("items.json", json.dumps([_plain(item) for item in items], ensure_ascii=False, indent=1))
        archive.writestr("proof.json", json.dumps(proof, ensure_ascii=False, indent=1))
        for key, version in objects:
            with translated("S3"):
                found = connection.client("s3").get_object(Bucket=connection.target.bucket, Key=key, VersionId=version)
                archive.writestr(f"{key}@{version}", found["Body"].read())
        return archive.namelist()


def erase(connection: Connection, packet: str) -> Erased:
    """Erase the papers of a packet in every version, the photos of its inspections, what was read of them, and what is
    about people alone.

    What was decided, the ledger, and what was issued stay. May be done again at any time.
    """
    versions = [
        {"Key": v["Key"], "VersionId": v["VersionId"]}
        for prefix in (places.PAPERS, places.COPIES)  # the papers, and their copies for browsers
        for v in _files(connection, prefix, packet, gone=True)
    ]
    taken = list(_items(connection, f"{places.PHOTOS}{packet}"))
    versions += [{"Key": key, "VersionId": version} for key, version in _photos(taken)]
    for some in batched(versions, _AT_ONCE):
        with translated("S3"):
            answer = connection.client("s3").delete_objects(
                Bucket=connection.target.bucket, Delete={"Objects": some, "Quiet": True}
            )
        if kept := answer.get("Errors"):
            raise Refused(
                f"有 {len(kept)} 个文件未能删除（{kept[0]['Code']}），请核对权限后重新执行。",
                f"{len(kept)} files could not be erased ({kept[0]['Code']}); check your rights and run this again.",
            )
    table, texts, items = connection.client("dynamodb"), 0, 0
    name = f"{connection.target.stack}-packets"
    of_it = (item for kind in (places.PACKET, places.DRAFT) for item in _items(connection, f"{kind}{packet}"))
    for item in (*of_it, *taken):
        key, sk = {"pk": item["pk"], "sk": item["sk"]}, item["sk"]["S"]
        text = next((name for start, name in _TEXTS.items() if sk.startswith(start)), "")
        with translated("DynamoDB"):
            if sk.startswith(PERSONAL) or item["pk"]["S"].startswith((places.DRAFT, places.PHOTOS)):
                table.delete_item(TableName=name, Key=key)
                items += 1
            elif item.get(text, {"B": _NO_TEXT})["B"] != _NO_TEXT:
                table.update_item(
                    TableName=name,
                    Key=key,
                    UpdateExpression="REMOVE #text",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeNames={"#text": text},
                )
                texts += 1
    return Erased(files=len(versions), texts=texts, items=items)


def never_handed_in(connection: Connection) -> Iterator[str]:
    """The packets that have papers in storage and were never looked at: drafts, and what became of them."""
    table, name = connection.client("dynamodb"), f"{connection.target.stack}-packets"
    with translated("S3"):
        pages = connection.client("s3").get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=connection.target.bucket, Prefix=places.PAPERS, Delimiter="/"):
            for folder in page.get("CommonPrefixes", ()):
                packet = folder["Prefix"].split("/")[1]
                key = {"pk": {"S": f"{places.PACKET}{packet}"}, "sk": {"S": places.HEADER}}
                with translated("DynamoDB"):
                    if "Item" not in table.get_item(TableName=name, Key=key, ProjectionExpression="pk"):
                        yield packet


def _photos(items: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Key and version of the photos of a packet's inspections, which lie by the time of their upload."""
    taken = (item for item in items if item["pk"]["S"].startswith(places.PHOTOS))
    return [(item["key"]["S"], item["version"]["S"]) for item in taken]


def _items(connection: Connection, pk: str) -> Iterator[dict[str, Any]]:
    with translated("DynamoDB"):
        pages = (
            connection.client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=f"{connection.target.stack}-packets",
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": pk}},
                ConsistentRead=True,
            )
        )
        for page in pages:
            yield from page["Items"]


def _files(connection: Connection, prefix: str, packet: str, *, gone: bool = False) -> Iterator[dict[str, Any]]:
    """Every version of every file; with what marks one as deleted, where that is asked for."""
    with translated("S3"):
        pages = (
            connection.client("s3")
            .get_paginator("list_object_versions")
            .paginate(Bucket=connection.target.bucket, Prefix=f"{prefix}{packet}/")
        )
        for page in pages:
            yield from page.get("Versions", ())
            yield from page.get("DeleteMarkers", ()) if gone else ()


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    read = TypeDeserializer()
    return {name: _json(read.deserialize(value)) for name, value in item.items()}


def _json(value: Any) -> Any:
    match value:
        case Binary():
            try:
                return zlib.decompress(value.value).decode()
            except (zlib.error, UnicodeDecodeError):
                return value.value.hex()
        case dict():
            return {name: _json(part) for name, part in value.items()}
        case list():
            return [_json(part) for part in value]
        case str() | bool() | None:
            return value
        case _:
            return int(value) if value == int(value) else float(value)
