"""watch: looks after what did not move on by itself. Every event may be lost; nothing may stay behind for it.

- Packets with a submission that nobody looked at or with undelivered orders are put on the queues of `advance` and
  `dispatch`.
- Object storage is swept page by page. Uploads and manifests that no event announced are announced again; a packet
  whose decisions nobody acted on is put on the queue of `advance`.
"""

import json
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote_plus

from kaigong.catalog import load as catalogue
from kaigong.domain import review
from kaigong.domain.packet import Packet
from kaigong.store import files, keys, packets, queues

from .observe import logger

PAGES = 5  # of 1,000 objects a run: some 300 packets, so that a run every five minutes looks at 86,000 packets a day


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - the schedule says nothing
    now = datetime.now(UTC)
    late = packets.overdue(now)
    queues.look_at("advance", sorted({packet for packet, sk in late if sk.startswith("SUBMISSION#")}))
    queues.look_at("dispatch", sorted({packet for packet, sk in late if sk.startswith("OUTBOX#")}))
    announced = _sweep(now)
    logger.info("watched", late=len(late), announced=announced)
    return {"late": len(late), "announced": announced}


def _sweep(now: datetime) -> int:
    """Compare some pages of object storage with the table; the next run goes on behind them."""
    start = after = packets.sweep_cursor()
    announced = 0
    for _ in range(PAGES):
        page = files.page_of_uploads(after)
        announced += _look_after(page, now)
        after = page[-1]["Key"] if len(page) == files.PAGE else ""
        if not after:
            break
    if after != start:
        packets.move_sweep_cursor(after)
    return announced


def _look_after(page: list[dict[str, Any]], now: datetime) -> int:
    lost, idle = [], []
    for packet_id, group in groupby(page, _packet):
        items = [item for item in group if item["LastModified"] < now - packets.PATIENCE]
        if items:
            packet = packets.load(packet_id)
            lost += _unseen(packet, items)
            idle += [packet_id] if review.decided(packet) else []
    queues.send_bodies("uploads", [_announcement(item) for item in lost])
    queues.look_at("advance", idle)
    return len(lost)


def _packet(item: dict[str, Any]) -> str:
    return str(item["Key"]).split("/", 2)[1]


def _unseen(packet: Packet, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Objects of one packet that no function has seen."""
    seen = {mark for slot in packet.slots.values() for mark in slot.seen}
    answered = max(
        [s.received_at for s in packet.submissions.values()] + [r.at for r in packet.refusals.values()],
        default=datetime.min.replace(tzinfo=UTC),
    )
    return [item for item in items if _is_unseen(item, seen, answered)]


def _is_unseen(item: dict[str, Any], seen: set[str], answered: datetime) -> bool:
    parts = str(item["Key"]).split("/", 4)
    if parts[2:] == ["manifest.json"]:
        return bool(item["LastModified"] > answered)
    return len(parts) == 5 and parts[2] in catalogue().slots and keys.mark(parts[3], item["ETag"]) not in seen


def _announcement(item: dict[str, Any]) -> str:
    """A message like S3's own, without what a listing does not tell: sequencer and version."""
    found = {"key": quote_plus(item["Key"]), "eTag": item["ETag"].strip('"'), "size": item["Size"]}
    record = {"eventTime": item["LastModified"].isoformat(), "s3": {"object": found}}
    return json.dumps({"Records": [record]})
