"""What happened on a day, as files for analysis: a day is a few compressed files of one JSON document a line, each put
whole, so that writing a day again changes nothing.
"""

import gzip
from collections.abc import Iterable
from datetime import date

from kaigong.settings import settings

from . import keys
from .clients import client


def write(day: date, part: int, lines: Iterable[str]) -> None:
    """Put one part of a day in the place of what was written of it before. The same lines are the same bytes."""
    content = gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)
    client("s3").put_object(
        Bucket=settings().events_bucket,
        Key=keys.events_key(day, part),
        Body=content,
        ContentType="application/gzip",  # of what it is, not how it comes: it stays compressed for who fetches it
    )


def newest() -> date | None:
    """The last day of which anything was written."""
    found, bucket = None, settings().events_bucket
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=keys.EVENTS, Delimiter="/")
    for page in pages:
        for folder in page.get("CommonPrefixes", ()):
            found = keys.events_day(folder["Prefix"])  # in order
    return found
