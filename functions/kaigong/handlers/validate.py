"""validate: examines one uploaded material and writes its finding; a manifest dropped with the papers submits. Photos
of inspections are examined likewise.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any, Literal

import aws_lambda_powertools.utilities.batch  # noqa: F401 - before pydantic, of which it makes models of every event
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kaigong import catalog
from kaigong.domain.intake import application, dropping
from kaigong.domain.model.arrivals import Awaited, Examined, Refusal, RefusalReason, Stored, Submission
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.facts import PICTURES, Facts, Kind, Opens
from kaigong.domain.model.files import file_id
from kaigong.domain.model.manifest import PACKET_PATTERN, Manifest
from kaigong.domain.model.text import Text
from kaigong.domain.words.finding import DEFICIENCIES
from kaigong.examine import copy_of, examine, warm_up
from kaigong.settings import settings
from kaigong.store import arrivals, drafts, files, keys, queues

from .observe import logger
from .queue import each_message

# A starting function has a whole core, later a third of one: what reads papers starts now.
if not warm_up():
    logger.error("readers are not confined")  # an alarm looks for these words; papers are read all the same


LONGEST_MS = 45_000  # one file, with all its readers, a copy of it, and all that may be fetched of it


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_message(event, context, announced, LONGEST_MS)


def announced(message: SQSRecord) -> None:
    for upload in files.created(message.body):
        try:
            _created(upload if upload.version else files.identified(upload))
        except files.Gone:
            logger.info("upload is gone", packet=_packet(upload), version=upload.version)


def _packet(upload: files.Created) -> str:
    """The packet that a file lies in the folder of; a photo's stands behind the id of its upload."""
    photo = keys.photo_place(upload.key)
    return photo[0] if photo else upload.path[0]


def _created(upload: files.Created) -> None:
    packet, *rest = upload.path
    if photo := keys.photo_place(upload.key):
        _photographed(*photo[:3], upload)
    elif not _PACKET.fullmatch(packet):
        logger.warning("not the folder of a packet")
    elif rest == ["manifest.json"]:
        _submitted(packet, upload)
    elif (place := keys.paper_place(upload.key)) and _is_slot(packet, place[1]):
        _uploaded(packet, place[1], place[2], upload)
    elif place:
        logger.warning("upload to no slot of the catalogue", packet=packet)  # a manifest that lists it is refused


def _is_slot(packet: str, slot: str) -> bool:
    """Whether there is such a material; an accepted packet may go by an earlier catalogue than today's."""
    if slot in catalog.load().slots:
        return True
    return slot in _gone_by(packet).slots


def _gone_by(packet: str) -> Catalogue:
    """The catalogue that a packet goes by."""
    from kaigong.store import catalogues, lists  # few are asked, and what a packet is takes a tenth of the start

    return catalogues.of_header(lists.header(packet), catalog.load())


def _examined(upload: files.Created) -> tuple[Facts, files.S3Source, tuple[Literal["jpeg", "pdf"], bytes] | None]:
    """What was found in one file, and a copy of it for browsers where they need one."""
    source = files.S3Source(upload)
    try:
        facts = examine(source, trust_list=files.trust_list)
        copy = copy_of(source, facts)
    except files.Archived:
        return Facts(kind=Kind.OTHER, size=upload.size, opens=Opens.NO, archived=True), source, None
    return facts.changed(copy_kind=copy[0]) if copy else facts, source, copy


def _uploaded(packet: str, slot: str, upload_id: str, upload: files.Created) -> None:
    facts, source, copy = _examined(upload)
    mark = keys.mark(upload_id, upload.etag)
    if copy is not None:
        files.put_copy(packet, slot, mark, *copy)
    news = arrivals.record_upload(
        packet,
        Examined(
            slot=slot,
            key=upload.key,
            version=upload.version,
            mark=mark,
            sequencer=upload.sequencer,
            size=upload.size,
            sha256=source.sha256(),
            uploaded_at=upload.at,
            facts=facts,
        ),
    )
    if arrivals.is_awaited(packet):  # papers come before their manifest: until then nobody need look at the packet
        queues.look_at("advance", [packet])
    logger.info("examined", packet=packet, slot=slot, news=news, bytes_read=facts.bytes_read)


def _photographed(packet: str, matter: str, upload_id: str, upload: files.Created) -> None:
    """A photo of an inspection: examined as papers are, kept beside the supervision records."""
    from kaigong.domain.model.supervision import RECORD_PATTERN, Photo  # few files are photos
    from kaigong.store import photos

    if not re.fullmatch(RECORD_PATTERN, f"{packet}.{matter}"):
        logger.warning("not a photo of a record")
        return
    facts, source, copy = _examined(upload)
    mark = keys.mark(upload_id, upload.etag)
    if copy is not None:
        files.put_copy(packet, f"{keys.PHOTOS}{matter}", mark, *copy)
    photos.put(
        Photo(
            packet=packet,
            matter=matter,
            id=file_id(mark),
            key=upload.key,
            version=upload.version,
            at=upload.at,
            sha256=source.sha256(),
            kind=facts.kind,
            opens=facts.kind in PICTURES and facts.opens is Opens.YES,
            copy_kind=facts.copy_kind,
        )
    )
    logger.info("photo examined", packet=packet, matter=matter, bytes_read=facts.bytes_read)


def _submitted(packet: str, upload: files.Created) -> None:
    try:
        content = files.read_manifest(upload)
    except files.Archived:
        _refuse(packet, upload, (_ARCHIVED,), files.manifest_mark(packet))
        return
    put = dropping.Put(upload.by, hashlib.md5(content, usedforsecurity=False).hexdigest())
    draft = drafts.load(packet)
    who = dropping.dropper(put, draft, settings().speaking_for, settings().portal_principal)
    if who is None:
        _refuse(packet, upload, (dropping.unknown(put),), files.manifest_mark(packet))
        return
    stored, refused_before, newest = files.lying(packet)
    manifest, awaited, reasons = _looked_at(content, packet, stored)
    if manifest and (foreign := dropping.foreign(who[1], manifest.enterprise.uscc, draft)):
        reasons = (foreign,)
    if reasons or manifest is None:
        _refuse(packet, upload, reasons, newest)
        return
    if refused_before and newest == upload.etag:  # else it is about a newer one
        files.delete_refusal(packet)
    arrivals.record_submission(
        packet,
        Submission(
            version=upload.version,
            sequencer=upload.sequencer,
            manifest=manifest.changed(files=None),
            awaited=awaited,
            whole_folder=manifest.files is None,
            received_at=upload.at,
            dropped_by=who[0],
        ),
    )
    if manifest.files is None:
        queues.look_at("advance", [packet], settings().quiet_seconds + 1)
    logger.info("submitted", packet=packet, matters=len(manifest.matters), papers=len(awaited))


def _looked_at(
    content: bytes, packet: str, stored: Sequence[Stored]
) -> tuple[Manifest | None, tuple[Awaited, ...], tuple[RefusalReason, ...]]:
    """The manifest by today's catalogue; where that refuses it, by the one that the packet goes by."""
    if len(content) > files.MANIFEST_LIMIT:
        return None, (), (_TOO_LARGE,)
    found = application.look(content, packet, catalog.load(), stored)
    if found[2] and (earlier := _gone_by(packet)) is not catalog.load():
        found = application.look(content, packet, earlier, stored)
    return found


def _refuse(packet: str, upload: files.Created, reasons: tuple[RefusalReason, ...], newest: str | None) -> None:
    """Written beside the manifest for who uses object storage alone, and in the table for the portal. Where a newer
    manifest lies there (`newest`: its ETag), its event may have come before: what is beside it is about that one.
    """
    refusal = Refusal(packet=packet, version=upload.version, reasons=reasons, at=upload.at)
    if newest in (None, upload.etag):
        files.put_refusal(packet, refusal.model_dump_json(by_alias=True, indent=2).encode())
    arrivals.record_refusal(refusal)
    logger.info("manifest refused", packet=packet, codes=[reason.code for reason in reasons])


_PACKET = re.compile(PACKET_PATTERN)
_ARCHIVED = RefusalReason(code="archived", text=DEFICIENCIES["archived"])
_TOO_LARGE = RefusalReason(
    code="manifest-too-large",
    text=Text(
        zh=f"manifest.json 超过 {files.MANIFEST_LIMIT // 1024} KB。请只保留申报信息，材料另行上传。",
        en=f"manifest.json is larger than {files.MANIFEST_LIMIT // 1024} KB. It holds the application, not papers.",
    ),
)
