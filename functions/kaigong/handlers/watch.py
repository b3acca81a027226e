"""watch: looks after what did not move on by itself. Every event may be lost; nothing may stay behind for it.

- Packets with a submission that nobody looked at or with undelivered orders are put on the queues of `advance` and
  `dispatch`.
- Packets in which time alone changes something (a reminder, a gap or a review that becomes late) are put on the queue
  of `advance` when that time has come.
- Object storage is swept page by page. Uploads and manifests that no event announced are announced again; a packet
  that holds a fact nobody acted on is put on the queue of `advance`.
"""

import json
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote_plus

from kaigong import catalog
from kaigong.domain.flow.progress import left_behind
from kaigong.domain.model.packet import Packet
from kaigong.store import catalogues, files, keys, packets, queues

from .observe import logger
from .surroundings import surroundings

PAGES = 5  # of 1,000 objects a run: some 300 packets, so that a run every five minutes looks at 86,000 packets a day

OUTAGE_DAYS = 62  # of deadlines that one run catches up with


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - the schedule says nothing
    now, before = datetime.now(UTC), packets.watched()
    late = packets.overdue(now, _days(before, now))
    # `advance` looks once more at what its rules do not see yet: a limit that ends this second.
    queues.look_at("advance", _with(late, keys.SUBMISSION, keys.HEADER))
    queues.look_at("dispatch", _with(late, keys.OUTBOX))
    after, announced = _sweep(before.after, now)
    done = packets.Watched(after=after, day=now.date())
    if done != before:
        packets.record_watched(done)
    logger.info("watched", late=len(late), announced=announced)
    return {"late": len(late), "announced": announced}


def _with(late: list[tuple[str, str]], *kinds: str) -> list[str]:
    """The packets that are late with an item of one of these kinds, each once."""
    return sorted({packet for packet, sk in late if keys.kind_of(sk) in kinds})


def _days(before: packets.Watched, now: datetime) -> int:
    """How many days of deadlines are looked at: today's, yesterday's, and those of an outage before."""
    missed = (now.date() - before.day).days if before.day else 0
    return min(max(missed, 0) + 2, OUTAGE_DAYS)


def _sweep(start: str, now: datetime) -> tuple[str, int]:
    """Compare some pages of object storage with the table; the next run goes on behind them."""
    after, announced = start, 0
    for _ in range(PAGES):
        page = files.page_of_uploads(after)
        announced += _look_after(page, now)
        after = page[-1]["Key"] if len(page) == files.PAGE else ""
        if not after:
            break
    return after, announced


def _look_after(page: list[dict[str, Any]], now: datetime) -> int:
    lost, idle, around = [], [], surroundings(now)
    for packet_id, group in groupby(page, _packet):
        items = [item for item in group if item["LastModified"] < now - packets.PATIENCE]
        if not items:
            continue
        try:  # each apart: one that cannot be read must not hide those behind it
            packet = packets.load(packet_id)
            lost += _unseen(packet, items)
            about = around.changed(catalogue=catalogues.of(packet, catalog.load()))
            idle += [packet_id] if left_behind(packet, about) else []
        except Exception:
            logger.exception("packet cannot be looked after", packet=packet_id)
    queues.send_bodies("uploads", [_announcement(item) for item in lost])
    queues.look_at("advance", idle)
    return len(lost)


def _packet(item: dict[str, Any]) -> str:
    return str(item["Key"]).split("/", 2)[1]


def _unseen(packet: Packet, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Objects of one packet that no function has seen."""
    seen = {mark for _, mark in packet.uploads} | (packets.marks_put_by(packet.packet) if packet.put_by else set())
    refused = [packet.refusal.at] if packet.refusal else []
    answered = max(
        [s.received_at for s in packet.submissions.values()] + refused, default=datetime.min.replace(tzinfo=UTC)
    )
    return [item for item in items if _is_unseen(item, seen, answered)]


def _is_unseen(item: dict[str, Any], seen: set[str], answered: datetime) -> bool:
    key = str(item["Key"])
    if key.endswith("/manifest.json") and key.count("/") == 2:
        return bool(item["LastModified"] > answered)
    place = keys.paper_place(key)
    return place is not None and place[1] in catalog.load().slots and keys.mark(place[2], item["ETag"]) not in seen


def _announcement(item: dict[str, Any]) -> str:
    """A message like S3's own, without what a listing does not tell: sequencer and version."""
    found = {"key": quote_plus(item["Key"]), "eTag": item["ETag"].strip('"'), "size": item["Size"]}
    record = {"eventTime": item["LastModified"].isoformat(), "s3": {"object": found}}
    return json.dumps({"Records": [record]})
