"""What people are told of a packet's materials: what was uploaded and found, or what stands in its place.

Read only, and computed from the packet as it now is. Source: mission 8 (materials are submitted once).
"""

from collections.abc import Container
from datetime import date, datetime
from typing import Any

from pydantic import Field

from kaigong.domain.flow.step import author
from kaigong.domain.intake import form
from kaigong.domain.intake.finding import DEFAULT_MATERIAL, Finding, judge_all
from kaigong.domain.intake.intermediaries import judged, recorded
from kaigong.domain.model.arrivals import Examined
from kaigong.domain.model.catalogue import Catalogue, Code, Route, Source
from kaigong.domain.model.facts import Kind, Seal, ShownKind, Verdict
from kaigong.domain.model.manifest import Author, Enterprise
from kaigong.domain.model.messages import Replacement
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import Applied, Packet
from kaigong.domain.model.text import Model, Text


class Upload(Model):
    """The newest upload of a material."""

    key: str
    version: str
    size: int = Field(description="Bytes.")
    sha256: str | None = None
    uploaded_at: datetime
    reviewed: bool = Field(description="Whether this upload is the one that the departments review.")


class FindingReason(Model):
    """One thing that is wrong with a material, or worth a look."""

    code: str
    zh: str
    en: str


class FileStatus(Upload):
    """One file of a material."""

    id: str = Field(description="Of the file in its slot, in addresses.")
    name: str
    verdict: Verdict
    reasons: tuple[FindingReason, ...] = ()
    seals: tuple[Seal, ...] = Field(default=(), description="Electronic seals and signatures, with what each is worth.")


class EarlierUpload(Model):
    """A file that was replaced, or does not count any more."""

    id: str
    name: str
    uploaded_at: datetime


class Asker(Model):
    """A matter that asks for a material."""

    matter: Code
    name: Text
    main: bool


class MaterialStatus(Model):
    """One material of the packet: what was uploaded and found, or what stands in its place."""

    slot: Code
    name: Text
    main: bool
    needed_by: tuple[Asker, ...]
    uploaded: Upload | None = None
    author: Author | None = Field(default=None, description="The intermediary that is said to have drawn it up.")
    verdict: Verdict | None = None
    reasons: tuple[FindingReason, ...] = ()
    max_files: int = Field(default=1, description="How many files it may be handed in as.")
    max_pictures: int = Field(default=1, description="Of a paper of one file, how many photos may be its pages.")
    files: tuple[FileStatus, ...] = Field(default=(), description="Its files, in order.")
    earlier: tuple[EarlierUpload, ...] = Field(default=(), description="Some that it had before, newest first.")
    replaced_by: Replacement | None = None
    due: datetime | None = None  # for a gap: when the material must have followed


class Materials(Model):
    """The materials of a packet, in the order in which its matters ask for them."""

    packet: str
    materials: tuple[MaterialStatus, ...]


def materials(packet: Packet, catalogue: Catalogue, today: date) -> Materials:
    """Each material of the packet once, with the finding on its newest upload as the rules now judge it."""
    applied, enterprise = packet.applied_for, packet.applicant
    askers: dict[Code, list[Asker]] = {}
    for code in applied.routes if applied else ():
        matter = catalogue.matters.get(code)
        for entry in matter.materials if matter else ():
            askers.setdefault(entry.material, []).append(
                Asker(matter=code, name=name_of(catalogue.matters, code), main=entry.main)
            )
    shown = packet.shown(catalogue)
    slots = list(dict.fromkeys([*askers, *shown]))
    return Materials(
        packet=packet.packet,
        materials=tuple(
            _material(
                packet, code, tuple(askers.get(code, ())), shown.get(code, ()), applied, enterprise, catalogue, today
            )
            for code in slots
        ),
    )


def _material(
    packet: Packet,
    code: Code,
    askers: tuple[Asker, ...],
    files: tuple[Examined, ...],
    applied: Applied | None,
    enterprise: Enterprise | None,
    catalogue: Catalogue,
    today: date,
) -> MaterialStatus:
    row = MaterialStatus(
        slot=code,
        name=name_of(catalogue.materials, code),
        main=any(asker.main for asker in askers),
        needed_by=askers,
        max_files=catalogue.room(code).files,
        max_pictures=catalogue.room(code).pictures,
    )
    if files:
        return _uploaded(packet, row, files, enterprise, catalogue, today)
    return _in_its_place(packet, row, applied, catalogue)


def _uploaded(
    packet: Packet,
    row: MaterialStatus,
    files: tuple[Examined, ...],
    enterprise: Enterprise | None,
    catalogue: Catalogue,
    today: date,
) -> MaterialStatus:
    """The row of a material with its files and what was found in them."""
    material, papers = catalogue.materials.get(row.slot, DEFAULT_MATERIAL), packet.papers.by_slot.get(row.slot, ())
    reviewed = {paper.mark for paper in papers}
    if papers and reviewed >= {file.mark for file in files}:
        by, finding = papers[0].author, recorded(judge_all(files, material, enterprise), papers)
    else:
        by = author(packet, material)
        finding = judged(files, material, enterprise, by, catalogue.intermediaries, today)
    newest = max(files, key=lambda file: file.order)
    there = {file.mark for file in files}
    before = (u for u in packet.uploads.values() if u.slot == row.slot and u.mark not in there)
    return row.changed(
        uploaded=Upload(**_upload(newest, reviewed)),
        author=by,
        verdict=finding.verdict,
        reasons=_told(finding),
        files=tuple(
            FileStatus(
                **_upload(file, reviewed),
                id=file.id,
                name=file.name,
                verdict=found.verdict,
                reasons=_told(found),
                seals=file.facts.seals,
            )
            for file, found in zip(files, finding.files, strict=True)
        ),
        earlier=tuple(
            EarlierUpload(id=upload.id, name=upload.name, uploaded_at=upload.uploaded_at)
            for upload in sorted(before, key=lambda upload: upload.order, reverse=True)
        ),
    )


def _upload(file: Examined, reviewed: Container[str]) -> dict[str, Any]:
    return {
        "key": file.key,
        "version": file.version,
        "size": file.size,
        "sha256": file.sha256,
        "uploaded_at": file.uploaded_at,
        "reviewed": file.mark in reviewed,
    }


def _told(finding: Finding) -> tuple[FindingReason, ...]:
    return tuple(FindingReason(code=r.code, zh=r.text.zh, en=r.text.en) for r in finding.reasons)


def _in_its_place(packet: Packet, row: MaterialStatus, applied: Applied | None, catalogue: Catalogue) -> MaterialStatus:
    """With what stands in for a paper that was not uploaded: data, a promise, the commitment of all who ask for it."""
    entry, gap = catalogue.materials.get(row.slot), packet.gaps.get(row.slot)
    if entry and entry.source is Source.SHARED:
        return row.changed(replaced_by=Replacement.SHARED)
    if entry and entry.result_of in {*packet.priors, *(applied.routes if applied else ())}:
        return row.changed(replaced_by=Replacement.RESULT)
    if gap:
        return row.changed(replaced_by=Replacement.GAP, due=gap.due.at)
    if applied and all(applied.routes[asker.matter] is Route.COMMITMENT for asker in row.needed_by):
        return row.changed(replaced_by=Replacement.COMMITMENT)
    if entry and entry.by_form and applied and _filled(packet, applied, catalogue):
        return row.changed(replaced_by=Replacement.FORM)
    return row


def _filled(packet: Packet, applied: Applied, catalogue: Catalogue) -> bool:
    """Whether the form stands in its paper's place: as it was taken, before that as the newest manifest has it."""
    newest = packet.newest_submission()
    if packet.accepted or newest is None:
        return packet.form is not None and packet.form.complete
    committed = [code for code, route in applied.routes.items() if route is Route.COMMITMENT]
    return form.applied(newest.manifest.form, applied.routes, committed, catalogue).complete


_ENDINGS: dict[str, ShownKind] = {
    "pdf": "pdf",
    "ofd": "ofd",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "jfif": "jpeg",
    "png": "png",
    "tif": "tiff",
    "tiff": "tiff",
    "webp": "webp",
    "heic": "heic",
    "heif": "heic",
}


def shown_as(packet: Packet, slot: Code, mark: str, name: str) -> ShownKind | None:
    """What an upload is given out as: what its first bytes said, or, of one that is not known, what its name says.

    None where no page can show it.
    """
    examined = packet.uploads.get((slot, mark))
    if examined is not None:
        match examined.facts.kind:
            case Kind.PDF:
                return "pdf"
            case Kind.OFD:
                return "ofd"
            case Kind.JPEG:
                return "jpeg"
            case Kind.PNG:
                return "png"
            case Kind.TIFF:
                return "tiff"
            case Kind.WEBP:
                return "webp"
            case Kind.HEIC:
                return "heic"
        return None
    return _ENDINGS.get(name.rpartition(".")[2].lower())
