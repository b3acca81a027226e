"""watch: looks after what did not move on by itself. Every event may be lost; nothing may stay behind for it.

- Packets with a submission that nobody looked at or with undelivered orders are put on the queues of `advance` and
  `dispatch`.
- Packets in which time alone changes something (a reminder, a gap or a review that becomes late) are put on the queue
  of `advance` when that time has come; those whose supervision is late, on the queue `findings`.
- Object storage is compared with the table: what came in the last half hour at every run, as far as ids begin with
  their day; everything page by page, in some runs on end. Uploads and manifests that no event announced are announced
  again; a packet that holds a fact nobody acted on, or more than its state needs, is put on the queue of `advance`,
  one that the figures do not have as it is on that of `dispatch`.
  Finished packets, which are almost all, are looked at in one sweep of eight. Photos of inspections likewise, of the
  last two hours.
- Applications that were never handed in, and lay for the days of the catalogue, are erased when the sweep comes by.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched, groupby
from typing import Any
from urllib.parse import quote_plus

from kaigong import catalog
from kaigong.domain.flow.progress import left_behind
from kaigong.domain.flow.settled import settled
from kaigong.domain.intake import retention
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.clock import missing_years
from kaigong.domain.model.files import file_id
from kaigong.domain.model.ids import packets_of_day, uploads_since
from kaigong.domain.model.packet import Header, Packet, Status
from kaigong.settings import settings
from kaigong.store import arrivals, catalogues, drafts, erasing, files, keys, lists, packets, photos, queues

from . import counting
from .apart import apart
from .observe import logger, measure
from .surroundings import surroundings

PAGES = 20  # of 1,000 objects a run: some 1,200 packets, so that a run every five minutes looks at 350,000 a day
RECENT_PAGES = 100  # a day's objects, at most
RECENT = timedelta(minutes=30)
FINISHED_EVERY = 8  # sweeps
STUCK = timedelta(minutes=15)  # choice: three runs put a packet on a queue, and it still stands
PHOTO_LEAVE = timedelta(hours=2)  # how long ago leave for a photo was given that may still have come lately
LEFT_MS = 15_000  # when so little of its time is left, a run leaves the rest to the next

OUTAGE_DAYS = 62  # of deadlines that one run catches up with


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - the schedule says nothing
    now, before = datetime.now(UTC), packets.watched()
    due = list(packets.coming(now - timedelta(days=_days(before, now) - 1), now))
    late = [(found.packet, found.sk) for found in due]
    # `advance` looks once more at what its rules do not see yet: a limit that ends this second.
    queues.look_at("advance", _with(late, keys.SUBMISSION, keys.HEADER))
    queues.look_at("dispatch", _with(late, keys.OUTBOX))
    queues.look_at("findings", _with(late, keys.SUPERVISION))
    announced = _look_after(_recent(now), now)
    announced += _lost_photos(now)
    after, swept, more = _sweep(before, now, context)
    done = packets.Watched(after=after, day=now.date(), sweeps=swept)
    if done != before:
        packets.record_watched(done)
    logger.info("watched", late=len(late), announced=announced + more)
    stuck = {found.packet for found in due if found.at < keys.utc(now - STUCK)}
    unknown = missing_years(now.astimezone(settings().office.zone).date(), catalog.load().calendar)
    measure(Stuck=len(stuck), CalendarYearsMissing=len(unknown))
    return {"late": len(late), "announced": announced + more}


def _with(late: list[tuple[str, str]], *kinds: str) -> list[str]:
    """The packets that are late with an item of one of these kinds, each once."""
    return sorted({packet for packet, sk in late if keys.kind_of(sk) in kinds})


def _days(before: packets.Watched, now: datetime) -> int:
    """How many days of deadlines are looked at: today's, yesterday's, and those of an outage before."""
    missed = (now.date() - before.day).days if before.day else 0
    return min(max(missed, 0) + 2, OUTAGE_DAYS)


def _recent(now: datetime) -> list[dict[str, Any]]:
    """What came in the last half hour, of packets whose ids say that they are of today or yesterday."""
    found: list[dict[str, Any]] = []
    for day in (now, now - timedelta(days=1)):
        after, prefix = "", f"{keys.UPLOADS}{packets_of_day(day)}"
        for _ in range(RECENT_PAGES):
            page = files.page_of_uploads(after, prefix=prefix)
            found += [item for item in page if item["LastModified"] > now - RECENT]
            if len(page) < files.PAGE:
                break
            after = page[-1]["Key"]
    return found


def _lost_photos(now: datetime) -> int:
    """Announce again what photos of inspections came lately and no function has seen; their keys begin with the time at
    which leave was given, so that these alone are listed. Returns how many.
    """
    after, lost = keys.PHOTOS + uploads_since(now - PHOTO_LEAVE), []
    for _ in range(RECENT_PAGES):
        page = files.page_of_uploads(after, prefix=keys.PHOTOS)
        old = [item for item in page if item["LastModified"] < now - arrivals.PATIENCE]
        for some in batched(old, 100):
            known = {place: item for item in some if (place := _photo(item))}
            seen = photos.seen(known)
            lost += [item for place, item in known.items() if place not in seen]
        if len(page) < files.PAGE:
            break
        after = page[-1]["Key"]
    queues.send_bodies("uploads", [_announcement(item) for item in lost])
    return len(lost)


def _photo(item: dict[str, Any]) -> tuple[str, str, str] | None:
    """Packet, matter and id of a photo that lies in object storage."""
    place = keys.photo_place(item["Key"])
    return (place[0], place[1], file_id(keys.mark(place[2], item["ETag"]))) if place else None


def _sweep(before: packets.Watched, now: datetime, context: Any) -> tuple[str, int, int]:
    """Compare some pages of object storage with the table; the next run goes on behind them.

    Returns where, how many sweeps there were, and how many objects were announced again.
    """
    after, swept, announced = before.after, before.sweeps, 0
    for _ in range(PAGES):
        page = files.page_of_uploads(after)
        announced += _look_after(_worth_a_look(page, swept), now)
        after = page[-1]["Key"] if len(page) == files.PAGE else ""
        if not after:
            return after, swept + 1, announced
        if context is not None and context.get_remaining_time_in_millis() < LEFT_MS:
            break
    return after, swept, announced


def _worth_a_look(page: list[dict[str, Any]], swept: int) -> Iterator[dict[str, Any]]:
    """The objects of packets that are under way, and of some that are finished."""
    headers = lists.headers(dict.fromkeys(map(_packet, page)), readable=True)
    for packet, group in groupby(page, _packet):
        turn = zlib.crc32(packet.encode()) % FINISHED_EVERY == swept % FINISHED_EVERY
        if turn or not _is_finished(headers.get(packet)):
            yield from group


def _is_finished(header: Header | None) -> bool:
    """Whether nothing is awaited of a packet any more: neither a paper nor a moment."""
    ended = header is not None and header.status in (Status.ISSUED, Status.WITHDRAWN)
    return ended and header is not None and header.wake_at is None and header.late_since is None


def _look_after(found: Iterable[dict[str, Any]], now: datetime) -> int:
    lost, idle, uncounted, around = [], [], [], surroundings(now)
    for packet_id, group in groupby(found, _packet):
        items = [item for item in group if item["LastModified"] < now - arrivals.PATIENCE]
        if not items:
            continue
        with apart("packet cannot be looked after", packet=packet_id):
            packet = packets.load(packet_id)
            if _erased(packet, items, now):
                continue
            about = around.changed(catalogue=catalogues.of(packet, catalog.load()))
            lost += _unseen(packet, items, about.catalogue)
            idle += [packet_id] if left_behind(packet, about) or settled(packet, about.catalogue) else []
            uncounted += [packet_id] if counting.change(packet) else []
    queues.send_bodies("uploads", [_announcement(item) for item in lost])
    queues.look_at("advance", idle)
    queues.look_at("dispatch", uncounted)
    return len(lost)


def _erased(packet: Packet, items: list[dict[str, Any]], now: datetime) -> bool:
    """Whether it was an application that is over, and is gone now."""
    today, newest = catalog.load(), max(item["LastModified"] for item in items)
    if not retention.may_have_ended(packet, today, newest, now):
        return False
    draft = drafts.load(packet.packet)
    days = retention.ended(packet, draft, today, newest, now)
    gone = days is not None and erasing.erase(packet.packet, draft, now - days)
    if gone:
        logger.info("erased", packet=packet.packet)
    return gone


def _packet(item: dict[str, Any]) -> str:
    return str(item["Key"]).split("/", 2)[1]


def _unseen(packet: Packet, items: list[dict[str, Any]], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Objects of one packet that no function has seen; `catalogue`: what it goes by, which may be an earlier one."""
    seen = {mark for _, mark in packet.uploads} | (arrivals.marks_put_by(packet.packet) if packet.put_by else set())
    refused = [packet.refusal.at] if packet.refusal else []
    answered = max(
        [s.received_at for s in packet.submissions.values()] + refused, default=datetime.min.replace(tzinfo=UTC)
    )
    slots = {*catalog.load().slots, *catalogue.slots}
    return [item for item in items if _is_unseen(item, slots, seen, answered)]


def _is_unseen(item: dict[str, Any], slots: set[Code], seen: set[str], answered: datetime) -> bool:
    key = str(item["Key"])
    if key.endswith("/manifest.json") and key.count("/") == 2:
        return bool(item["LastModified"] > answered)
    place = keys.paper_place(key)
    return place is not None and place[1] in slots and keys.mark(place[2], item["ETag"]) not in seen


def _announcement(item: dict[str, Any]) -> str:
    """A message like S3's own, without what a listing does not tell: sequencer and version."""
    found = {"key": quote_plus(item["Key"]), "eTag": item["ETag"].strip('"'), "size": item["Size"]}
    record = {"eventTime": item["LastModified"].isoformat(), "s3": {"object": found}}
    return json.dumps({"Records": [record]})
