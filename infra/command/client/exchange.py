"""The national exchange: have a day told, and fetch what was told. Its files lie in the bucket."""

import csv
import hashlib
import re
import time
from collections.abc import Sequence
from datetime import date, datetime
from itertools import batched
from pathlib import Path

from kaigong.domain.model.daily import PART, ROW_KEY, DayAsked, cut
from kaigong.errors import Refused, TryAgain
from kaigong.views.exchange import ExchangeManifest, packet_of

from infra import places

from .connection import Connection
from .faults import CallRefused, translated

POLL = 2.0  # seconds between two looks


class NotTold(TryAgain):
    """The day was not told in the time that was waited for."""


def manifest(connection: Connection, day: date, resent: str = "") -> ExchangeManifest | None:
    """What was told of a day, or sent again by a run; None: nothing yet."""
    content = _read(connection, places.exchange_manifest(day, resent))
    return ExchangeManifest.model_validate_json(content) if content is not None else None


def ask(connection: Connection, asked: DayAsked) -> None:
    """Have a day told."""
    body = asked.model_dump_json(exclude_defaults=True)
    with translated("SQS"):
        connection.client("sqs").send_message(QueueUrl=connection.target.queue_url("daily"), MessageBody=body)


def wait(
    connection: Connection, day: date, before: datetime | None, seconds: float, resent: str = ""
) -> ExchangeManifest:
    """Wait for a manifest that was made after a moment. Raises NotTold."""
    until = time.monotonic() + seconds
    while True:
        found = manifest(connection, day, resent)
        if found and (before is None or found.made_at > before):
            return found
        if time.monotonic() >= until:
            raise NotTold(
                f"{seconds:g} 秒内没有完成，仍在进行：请稍后用 kaigong exchange show --day {day} 查看；"
                "一直没有的，请查看函数 daily 的日志和死信。",
                f"It was not done within {seconds:g} seconds and goes on: look again with kaigong exchange show --day "
                f"{day}; if nothing comes, see the log and the dead letters of the function daily.",
            )
        time.sleep(POLL)


def fetch(connection: Connection, told: ExchangeManifest, folder: Path) -> list[Path]:
    """Put the files of a manifest into a folder, and the manifest beside them. Raises Refused for one that is not what
    the manifest says.
    """
    written = []
    for file in told.files:
        content = _read(connection, file.key)
        if content is None or hashlib.sha256(content).hexdigest() != file.sha256:
            raise Refused(
                f"{file.key} 与清单不符，可能正在重新导出：请稍后重试。",
                f"{file.key} is not what the manifest says; it may be written anew just now: try again later.",
            )
        path = folder / file.key.removeprefix(places.EXCHANGE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    name = f"resend-{told.run}.json" if told.resend else "manifest.json"
    path = folder / f"day={told.day.isoformat()}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(told.model_dump_json(by_alias=True, indent=1), "utf-8")
    return [*written, path]


def failures(file: Path) -> dict[str, str]:
    """What the other side refused, by the row's key, with why: of a table with the columns dfsjzj and sbyy. Raises
    Refused.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = {(row.get("dfsjzj") or "").strip(): (row.get("sbyy") or "").strip()[:500] for row in rows}
    wrong = next((key for key in found if not re.fullmatch(ROW_KEY, key)), "" if not found else None)
    if wrong is not None:
        raise Refused(
            f"{file} 须为有列 dfsjzj 和 sbyy 的 CSV，dfsjzj 按导出时的原样填写；这一个不是：“{wrong}”。",
            f"{file} must be CSV with the columns dfsjzj and sbyy, dfsjzj as it was written; this is none: “{wrong}”.",
        )
    return found


def resends(day: date, failed: dict[str, str]) -> Sequence[tuple[DayAsked, str]]:
    """What to ask for so that refused rows are sent again, and the run that each becomes."""
    asked = [DayAsked(day=day, failed=dict(some)) for some in batched(sorted(failed.items()), PART)]
    return [(each, cut(each, {packet_of(key) for key in each.failed})[0].run) for each in asked]


def _read(connection: Connection, key: str) -> bytes | None:
    try:
        with translated("S3"):
            answer = connection.client("s3").get_object(Bucket=connection.target.bucket, Key=key)
            return bytes(answer["Body"].read())
    except CallRefused as error:
        if error.code in ("NoSuchKey", "404"):
            return None
        raise
