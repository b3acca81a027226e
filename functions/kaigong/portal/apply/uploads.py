"""Leave to upload papers, which go straight to object storage: whole, or in parts that go on where a line broke.

Each function raises Unanswered, with the reason, where the file may not come.
"""

import math
import secrets
from datetime import UTC, datetime
from typing import NamedTuple

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.application import (
    PartCame,
    PartPermit,
    PartRequest,
    PartsCame,
    PartsRequest,
    Permit,
    PermitRequest,
    SortedFile,
    SortedFiles,
    SortRequest,
    UploadDone,
    accepted_by_choosers,
    why_no_file,
)
from kaigong.domain.intake.draft import MEDIA_TYPES, safe_name, stored_as, why_no_more, why_no_paper
from kaigong.domain.intake.sorting import proposed
from kaigong.domain.model.catalogue import Catalogue, Material, Source
from kaigong.domain.model.ids import new_upload_id
from kaigong.portal import access
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import catalogues, keys, permits

from .actions import found, lying, of

_PHOTO = ".jpg"  # what a photo's name ends in that a plain form sends, whichever format it has


def permit(packet_id: str, caller: access.Caller, asked: PermitRequest) -> Permit:
    """Leave to upload one file. Raises Unanswered with the reason where it may not come."""
    catalogue = _may_come(packet_id, caller, asked.slot)
    why = why_no_file(catalogue.materials.get(asked.slot), asked.media_type, asked.size, settings().upload_megabytes)
    if why is not None:
        raise Unanswered(problems.UPLOAD_REFUSED, why)
    upload, name = new_upload_id(datetime.now(UTC), secrets.choice), safe_name(asked.name)
    material = catalogue.materials[asked.slot]
    there = lying(packet_id, asked.slot, caller) if material.room.most > 1 else ()
    why = why_no_more(there, name, asked.size, material)
    if why is not None:
        raise Unanswered(problems.UPLOAD_REFUSED, why)
    media_type = stored_as(asked.media_type)
    place = {"slot": asked.slot, "upload": upload, "name": name, "media_type": media_type}
    key = keys.upload_key(packet_id, asked.slot, upload, name)
    if asked.size <= permits.PLAIN:
        url = permits.put(key, asked.size, media_type)
        return Permit(**place, url=url, headers=permits.put_headers(media_type))
    return Permit(**place, url=None, parts=permits.begin(key, media_type), part_size=permits.PART)


def sort(packet_id: str, caller: access.Caller, asked: SortRequest) -> SortedFiles:
    """Which material of the application each file may be, by its name."""
    what = of(packet_id, caller)
    catalogue, draft = catalogues.of(what.packet, catalog.load()), what.draft
    matters = [catalogue.matters[code] for code in draft.matters if code in catalogue.matters]
    wanted = dict.fromkeys(entry.material for matter in matters for entry in matter.materials)
    materials = [
        material
        for code, material in catalogue.materials.items()
        if code in wanted or (material.letters and draft.commitments)
    ]
    offered = [m for m in materials if m.source is not Source.SHARED and why_no_paper(what.packet, m.code) is None]
    found = zip(asked.names, proposed(asked.names, offered), strict=True)
    return SortedFiles(files=tuple(SortedFile(name=name, slot=slot) for name, slot in found))


def part(packet_id: str, caller: access.Caller, asked: PartRequest) -> PartPermit:
    """Where one part goes. However many parts are asked for, together they are no larger than a file may be."""
    catalogue = _may_come(packet_id, caller, asked.slot)
    most = math.ceil(settings().upload_megabytes * 1024 * 1024 / permits.PART)
    if asked.size > permits.PART or asked.number > most:
        raise Unanswered(problems.UPLOAD_REFUSED)
    return PartPermit(url=permits.part(_key(packet_id, asked, catalogue), asked.parts, asked.number, asked.size))


def parts(packet_id: str, caller: access.Caller, asked: PartsRequest) -> PartsCame:
    """The parts that came, to go on where a line broke."""
    catalogue = _may_come(packet_id, caller, asked.slot)
    try:
        came = permits.parts(_key(packet_id, asked, catalogue), asked.parts)
    except permits.NoSuchUpload as error:
        raise Unanswered(problems.NO_SUCH_UPLOAD) from error
    return PartsCame(parts=tuple(PartCame(number=p["PartNumber"], size=p["Size"], etag=p["ETag"]) for p in came))


def finish(packet_id: str, caller: access.Caller, asked: PartsRequest) -> UploadDone:
    """Make one file of the parts."""
    catalogue = _may_come(packet_id, caller, asked.slot)
    try:
        size = permits.finish(_key(packet_id, asked, catalogue), asked.parts)
    except permits.NoSuchUpload as error:
        raise Unanswered(problems.NO_SUCH_UPLOAD) from error
    except permits.PartsIncomplete as error:
        raise Unanswered(problems.PARTS_INCOMPLETE) from error
    return UploadDone(slot=asked.slot, upload=asked.upload, name=asked.name, size=size)


def give_up(packet_id: str, caller: access.Caller, asked: PartsRequest) -> UploadDone:
    """Drop the parts; also where no paper may come any more."""
    catalogue = catalogues.of(found(packet_id, caller).packet, catalog.load())
    permits.give_up(_key(packet_id, asked, catalogue), asked.parts)
    return UploadDone(slot=asked.slot, upload=asked.upload, name=asked.name, size=0)


def _may_come(packet_id: str, caller: access.Caller, slot: str) -> Catalogue:
    """The catalogue that the packet goes by. Raises Unanswered where no paper may come."""
    packet = found(packet_id, caller).packet
    why_not = why_no_paper(packet, slot)
    if why_not is not None:
        raise Unanswered(problems.NOT_AWAITED, why_not)
    return catalogues.of(packet, catalog.load())


def _key(packet_id: str, asked: PartsRequest, catalogue: Catalogue) -> str:
    """Where an upload lies. Raises Unanswered for a place that no permit was ever for."""
    if asked.slot not in catalogue.slots or safe_name(asked.name) != asked.name:
        raise Unanswered(problems.UPLOAD_REFUSED)
    return keys.upload_key(packet_id, asked.slot, asked.upload, asked.name)


class PlainForm(NamedTuple):
    """A plain HTML form that sends one file straight to object storage."""

    url: str
    fields: dict[str, str]
    accept: str  # what its chooser offers
    pages: bool  # whether each file is a photo of one page


def forms(packet_id: str, material: Material, back: str) -> tuple[PlainForm, ...]:
    """The forms for a file of this material, for who has no scripts. Each is good for one file: `back`, the address of
    their page, comes next, with others.

    A paper of one file that may be photos has one for a photo and one for a document: storage names no file as it is
    called, and by its name it is a page beside others or takes their place (model/files).
    """
    room, pictures = material.room, tuple(f for f in material.formats if MEDIA_TYPES[f].startswith("image/"))
    if room.files > 1 or room.pictures == 1 or not pictures:
        return (_form(packet_id, material, back, pages=False),)
    documents = tuple(f for f in material.formats if f not in pictures)
    kinds = filter(None, (pictures, documents))
    return tuple(_form(packet_id, material.changed(formats=kind), back, pages=kind is pictures) for kind in kinds)


def _form(packet_id: str, material: Material, back: str, *, pages: bool) -> PlainForm:
    """The file gets the material's name, and where several make one paper the moment's, which keeps their order:
    examination decides by content alone.
    """
    upload = new_upload_id(datetime.now(UTC), secrets.choice)
    ending = _PHOTO if pages else ""
    alone = material.room.files == 1 and not pages
    name = material.name.zh if alone else f"{material.name.zh} {upload}{ending}"
    key = keys.upload_key(packet_id, material.code, upload, safe_name(name))
    url, fields = permits.form(key, settings().upload_megabytes * 1024 * 1024, back)
    return PlainForm(url, fields, accepted_by_choosers(material), pages)
