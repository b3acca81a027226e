"""watch: looks after what did not move on by itself. Every event may be lost; nothing may stay behind for it.

- Packets past a deadline of theirs, with undelivered orders or with a submission that nobody looked at, are put on the
  queues of `advance` and `dispatch`.
- Object storage is swept page by page for uploads and manifests that no event announced; they are announced again.
"""

import json
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import quote_plus

from kaigong.store import files, keys, packets, queues

from .observe import logger

PATIENCE = timedelta(minutes=5)  # an event younger than this may still be on its way


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - the schedule says nothing
    now = datetime.now(UTC)
    late = packets.overdue(now)
    queues.look_at("advance", sorted({packet for packet, _ in late}))
    queues.look_at("dispatch", sorted({packet for packet, sk in late if sk.startswith("OUTBOX#")}))
    announced = _sweep(now)
    logger.info("watched", late=len(late), announced=announced)
    return {"late": len(late), "announced": announced}


def _sweep(now: datetime) -> int:
    """Compare one page of object storage with the table; the next run goes on behind it."""
    after = packets.sweep_cursor()
    page = files.page_of_uploads(after)
    lost = [item for _, group in groupby(page, _packet) for item in _unseen(list(group), now)]
    queues.send_bodies("uploads", [_announcement(item) for item in lost])
    end = page[-1]["Key"] if len(page) == files.PAGE else ""
    if end != after:
        packets.move_sweep_cursor(end)
    return len(lost)


def _packet(item: dict[str, Any]) -> str:
    return str(item["Key"]).split("/", 2)[1]


def _unseen(items: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Objects of one packet that no function has seen, though there was time enough."""
    old = [item for item in items if item["LastModified"] < now - PATIENCE]
    if not old:
        return []
    packet = packets.load(_packet(items[0]))
    seen = {mark for slot in packet.slots.values() for mark in slot.seen}
    answered = max(
        [s.received_at for s in packet.submissions.values()] + [r.at for r in packet.refusals.values()],
        default=datetime.min.replace(tzinfo=UTC),
    )
    return [item for item in old if _is_unseen(item, seen, answered)]


def _is_unseen(item: dict[str, Any], seen: set[str], answered: datetime) -> bool:
    parts = str(item["Key"]).split("/", 4)
    if parts[2:] == ["manifest.json"]:
        return bool(item["LastModified"] > answered)
    return len(parts) == 5 and keys.mark(parts[3], item["ETag"]) not in seen


def _announcement(item: dict[str, Any]) -> str:
    """A message like S3's own, without the sequencer that only S3 knows."""
    found = {"key": quote_plus(item["Key"]), "eTag": item["ETag"].strip('"'), "size": item["Size"]}
    record = {"eventTime": item["LastModified"].isoformat(), "s3": {"object": found}}
    return json.dumps({"Records": [record]})
