"""What is done with supervision records, for pages and for the API: by who supervises, and by the enterprise.

The rule decides (`domain/flow/supervision`), as for what departments' own systems send; a record is changed on the
version that the person saw.
"""

import re
import secrets
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.supervision import LARGEST_PHOTO, PhotoAddress, PhotoPermit, PhotoRequest
from kaigong.domain.flow import supervision
from kaigong.domain.intake.draft import safe_name, stored_as
from kaigong.domain.model.facts import Kind, ShownKind
from kaigong.domain.model.ids import new_upload_id
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.roster import Inspectors, Roster
from kaigong.domain.model.supervision import (
    RECORD_PATTERN,
    Photo,
    Recuse,
    Said,
    Seen,
    SupervisionRecord,
    SupervisionRefusal,
    SupervisionState,
    Who,
)
from kaigong.errors import NewerVersionExists
from kaigong.portal import access
from kaigong.portal.access import Caller
from kaigong.portal.observe import logger
from kaigong.portal.papers import SHOWN_FOR
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import anchors, catalogues, files, keys, packets, permits, photos, rosters
from kaigong.store import supervision as records
from kaigong.views import supervision as views

_SHOWN: dict[Kind, ShownKind] = {
    Kind.JPEG: "jpeg",
    Kind.PNG: "png",
    Kind.TIFF: "tiff",
    Kind.WEBP: "webp",
    Kind.HEIC: "heic",
}
_PHOTO = "photo"  # what a photo is called that a plain form sends: it is known by its upload
_CHANGED = problems.SUPERVISION[SupervisionRefusal.CHANGED]


def around() -> supervision.Around:
    return supervision.Around(
        now=datetime.now(UTC), office=catalog.with_calendar(settings().office), terms=catalog.load().supervision
    )


# who supervises


def supervised(caller: Caller, after: str | None = None) -> views.Supervised:
    """What the caller's department supervises and has not ended."""
    department, now, catalogue = caller.department or "", datetime.now(UTC), catalog.load()
    listed, more = records.waiting(department, views.PAGE_ROWS, after)
    return views.supervised(department, listed, catalogue, now, more)


def record_of(caller: Caller, name: str) -> SupervisionRecord:
    """The record of this name, where the caller's department supervises it. Raises Unanswered as for one that is not
    there.
    """
    packet, _, matter = name.rpartition(".")
    found = records.load(packet, matter) if re.fullmatch(RECORD_PATTERN, name) else None
    if found is None or not access.may_supervise(caller, found):
        raise Unanswered(problems.NOT_FOUND)
    return found


def task(record: SupervisionRecord) -> views.SupervisionTaskShown:
    """The record with what an inspector needs."""
    packet = packets.load_shown(record.packet)
    taken = photos.of(record.packet, record.matter)
    return views.task(record, taken, packet, catalogues.of(packet, catalog.load()), around())


def see(caller: Caller, record: SupervisionRecord) -> SupervisionRecord:
    """The record, on which it is noted that the department has it before it."""
    if record.state is not SupervisionState.PUSHED:
        return record
    try:
        return say(record, record.version, Seen(kind="seen"), _who(caller))
    except Unanswered:  # a colleague was faster
        return records.load(record.packet, record.matter) or record


def supervise(caller: Caller, record: SupervisionRecord, version: int, said: Said) -> SupervisionRecord:
    """Say something of a record, by the account's name. Raises Unanswered where nothing comes of it."""
    return say(record, version, said, _who(caller))


def _who(caller: Caller) -> Who:
    return Who(name=caller.called, by=caller.name)


def say(record: SupervisionRecord, version: int, said: Said, who: Who) -> SupervisionRecord:
    now = around()
    if record.version != version:
        raise Unanswered(_CHANGED)
    if isinstance(said, Recuse):
        seed, roster_ = rosters.drawn_from(record)
        now = now.changed(seed=seed, roster=roster_)
    try:
        after = supervision.say(record, said, who, now)
    except supervision.Refusal as refused:
        raise Unanswered(problems.SUPERVISION[refused.why]) from refused
    if after != record:
        try:
            records.save(record, after, supervision.wakes(after, now), supervision.fact(record, after))
        except NewerVersionExists as error:
            raise Unanswered(_CHANGED) from error
        logger.info("supervision", packet=after.packet, matter=after.matter, state=after.state)
    return after


# the enterprise, and whoever may read the packet


def of_packet(caller: Caller, packet: Packet) -> views.PacketSupervision:
    """What becomes of what was approved in a packet."""
    catalogue, now = catalogues.of(packet, catalog.load()), around()
    theirs = access.may_apply(caller, packet.owner)
    found, taken = records.of(packet.packet), _photos_by_matter(packet.packet)
    shown = (views.shown(found[m], taken[m], catalogue, now, theirs=theirs) for m in packet.routes if m in found)
    return views.PacketSupervision(packet=packet.packet, records=tuple(shown))


def _photos_by_matter(packet: str) -> dict[str, list[Photo]]:
    found = defaultdict[str, list[Photo]](list)
    for photo in photos.of(packet):
        found[photo.matter].append(photo)
    return found


def answer(packet: Packet, matter: str, version: int, said: Said) -> None:
    """What the enterprise says of a finding. Raises Unanswered where nothing comes of it."""
    record = records.load(packet.packet, matter) if matter in packet.routes else None
    if record is None:
        raise Unanswered(problems.NOT_FOUND)
    say(record, version, said, Who(name=""))


# photos


def permit(record: SupervisionRecord, asked: PhotoRequest) -> PhotoPermit:
    """Leave to upload one photo. Raises Unanswered where it may not come."""
    _check_photo(record)
    upload, name = new_upload_id(datetime.now(UTC), secrets.choice), safe_name(asked.name)
    media_type = stored_as(asked.media_type)
    url = permits.put(keys.photo_key(record.packet, record.matter, upload, name), asked.size, media_type)
    return PhotoPermit(upload=upload, name=name, headers=permits.put_headers(media_type), url=url)


def photo_form(record: SupervisionRecord) -> tuple[str, dict[str, str]]:
    """Where a plain HTML form sends photos, and its hidden fields. Raises Unanswered where none may come."""
    _check_photo(record)
    upload = new_upload_id(datetime.now(UTC), secrets.choice)
    return permits.form(keys.photo_key(record.packet, record.matter, upload, _PHOTO), LARGEST_PHOTO)


def _check_photo(record: SupervisionRecord) -> None:
    try:
        supervision.check_photo(record, photos.of(record.packet, record.matter))
    except supervision.Refusal as refused:
        raise Unanswered(problems.SUPERVISION[refused.why]) from refused


def own_photo(record: SupervisionRecord, id_: str) -> PhotoAddress:
    """Where a browser of the department finds a photo. Raises Unanswered where there is none."""
    return _address(next((photo for photo in photos.of(record.packet, record.matter) if photo.id == id_), None))


def told_photo(packet: Packet, matter: str, id_: str) -> PhotoAddress:
    """The same for whoever reads the packet: of photos that a finding has. Raises Unanswered."""
    record = records.load(packet.packet, matter) if matter in packet.routes else None
    taken = photos.of(packet.packet, matter) if record else ()
    return _address(views.told_photo(record, taken, id_) if record else None)


def _address(photo: Photo | None) -> PhotoAddress:
    if photo is None or not photo.opens:
        raise Unanswered(problems.NO_SUCH_ADDRESS)
    key, version, kind = photo.key, photo.version, _SHOWN[photo.kind]
    if photo.copy_kind:
        key, version, kind = keys.photo_copy_key(photo.packet, photo.matter, photo.id), "", photo.copy_kind
    until, seconds = datetime.now(UTC) + SHOWN_FOR, int(SHOWN_FOR.total_seconds())
    return PhotoAddress(address=files.shown_address(key, version, kind, seconds), kind=kind, until=until)


# the draw


def draw(day: date) -> views.DrawShown | None:
    """The draw of a day, with the anchors that told its seed before and after; None: nothing was drawn."""
    zone = settings().office.zone
    seed, today = records.known_seed(day), datetime.now(zone).date()
    if not seed or day > today:
        return None
    eve, begins, end = (datetime.combine(day + timedelta(days=shift), time(), zone) for shift in (-1, 0, 1))
    covering, _ = anchors.after((eve, end))
    return views.draw(day, begins, seed, covering.get(eve), covering.get(end), over=day < today)


def roster(caller: Caller) -> Roster:
    """The roster that the inspectors of the caller's department are drawn from; an empty one where there is none."""
    department = caller.department or ""
    nobody = Roster(department=department, version=0, inspectors=(), at=datetime.now(UTC), by="")
    return rosters.newest(department) or nobody


def save_roster(caller: Caller, version: int, found: Inspectors) -> Roster:
    """Put a new version in the place of the one that the caller saw. Raises Unanswered where somebody was faster."""
    before = roster(caller)
    if before.version != version:
        raise Unanswered(problems.ROSTER_CHANGED)
    if before.inspectors == found.inspectors:
        return before
    after = Roster(
        department=before.department,
        version=version + 1,
        inspectors=found.inspectors,
        at=datetime.now(UTC),
        by=caller.name,
    )
    try:
        rosters.put(after)
    except NewerVersionExists as error:
        raise Unanswered(problems.ROSTER_CHANGED) from error
    logger.info("roster", department=after.department, version=after.version, inspectors=len(after.inspectors))
    return after


def numbers(department: str, version: int) -> views.RosterNumbers | None:
    """The certificates of a version of a roster; None: there is none."""
    found = rosters.of(department, version)
    return views.numbers(found) if found else None
