"""What the nightly run leaves in object storage: its parts, and the files of the exchange with their manifest."""

import hashlib
from datetime import date

from kaigong.domain.model.daily import ExchangeFile, PartAsked, PartDone
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER


def put_file(asked: PartAsked, table: str, content: bytes, rows: int, held: int) -> ExchangeFile:
    """Put a part's rows of one table. Returns what the manifest says of the file."""
    key = keys.exchange_file_key(asked.day, asked.run, table, asked.index)
    _put(key, content, "application/x-ndjson")
    sha256 = hashlib.sha256(content).hexdigest()
    return ExchangeFile(table=table, key=key, rows=rows, held=held, size=len(content), sha256=sha256)


def put_part(asked: PartAsked, done: PartDone) -> None:
    key = keys.daily_part_key(asked.day, asked.run, asked.index)
    _put(key, done.model_dump_json().encode(), "application/json")


def parts(asked: PartAsked) -> list[PartDone] | None:
    """What every part of a run came to; None while one is still to come."""
    pages = client("s3").get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=settings().bucket_name, Prefix=keys.daily_parts(asked.day, asked.run))
    names = sorted(item["Key"] for page in found for item in page.get("Contents", ()))
    if len(names) < asked.parts:
        return None
    return [PartDone.model_validate_json(_read(name), extra=LATER) for name in names]


def put_manifest(day: date, content: bytes, resent: str = "") -> None:
    """`resent`: the run, where rows are sent again."""
    _put(keys.exchange_manifest_key(day, resent), content, "application/json")


def _put(key: str, content: bytes, kind: str) -> None:
    client("s3").put_object(Bucket=settings().bucket_name, Key=key, Body=content, ContentType=kind)


def _read(key: str) -> bytes:
    return bytes(client("s3").get_object(Bucket=settings().bucket_name, Key=key)["Body"].read())
