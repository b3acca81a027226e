"""document: makes the documents that are due, seals them, stores each once, and says so.

It may die anywhere: what lies in storage is not made again, and the set is put on record once all of it is there.
"""

import hashlib
import io
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kaigong import catalog
from kaigong.documents.about import About
from kaigong.documents.due import due
from kaigong.documents.parts import Check, Document
from kaigong.documents.seal import in_force, sealed, valid_until
from kaigong.documents.typeset import replaced, typeset
from kaigong.domain.flow.documents import missing
from kaigong.domain.model.documents import (
    RESULT,
    RESULT_ARCHIVE,
    DocumentKind,
    DocumentSet,
    IssuedDocument,
    MadeDocument,
    pdf,
)
from kaigong.domain.model.messages import DocumentsRequest
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.text import Text
from kaigong.domain.words import documents as words
from kaigong.settings import settings
from kaigong.store import catalogues, documents, files, keys, packets, progress_links, sealing

from .observe import logger, measure
from .queue import each_message

PDF, ZIP = "application/pdf", "application/zip"
NEEDS_MS = 30_000  # of a message's first documents; those that are stored then are not made again


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_message(event, context, document, NEEDS_MS)


def document(message: SQSRecord) -> None:
    request = DocumentsRequest.model_validate_json(message.body)
    packet = packets.load_shown(request.packet)
    for occasion in missing(packet):
        about = _about(packet, occasion)
        issued = files.read_result(packet.packet) if occasion == RESULT else b""
        there, chain = set() if _is_first(message) else files.issued(packet.packet), sealing.certificates()
        measure(SealCertificateDays=(valid_until(chain) - _now()).days)
        contents: dict[str, bytes] = {}
        made = [_made(paper, packet.packet, there, chain, contents) for paper in due(occasion, packet, about, issued)]
        if occasion == RESULT:
            _archive(packet.packet, contents | {"joint-result.json": issued}, there)
        packets.record_documents(packet.packet, DocumentSet(occasion=occasion, documents=tuple(made), at=_now()))
        logger.info("documents", packet=packet.packet, occasion=occasion, number=len(made))


def _is_first(message: SQSRecord) -> bool:
    """Whether nobody tried before, so that it is not worth a listing: what should lie there all the same stays."""
    return bool(message.raw_event.get("attributes", {}).get("ApproximateReceiveCount") == "1")


def _made(paper: Document, packet: str, there: set[str], chain: bytes, contents: dict[str, bytes]) -> MadeDocument:
    """The document in storage: as an earlier run stored it, or made and sealed now. The first one stored stays.

    What it holds is put into `contents`, so that the archive need not read it again.
    """
    key = keys.issued_key(packet, paper.name.code)
    content = None
    if key not in there:
        in_force(chain, _now())
        drawn, place = typeset(paper)
        content = sealed(drawn, place, paper.issuer, chain, sealing.sign, sealing.stamp, _now)
        if not files.put_issued_once(key, content, PDF):
            content = None
    content = contents[f"{paper.name.code}.pdf"] = content or files.read_issued(key)
    _findable(paper, packet, key, content)
    return MadeDocument(
        name=paper.name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), replaced=replaced(paper)
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _findable(paper: Document, packet: str, key: str, content: bytes) -> None:
    """Before anybody gets the file: who holds it can ask whether it is ours, and whether it still stands."""
    kind, subject = paper.name.kind, paper.name.subject
    of_matter = kind in (DocumentKind.CERTIFICATE, DocumentKind.REFUSAL, DocumentKind.LETTER)
    of_notice = kind in (DocumentKind.ONE_TIME_NOTICE, DocumentKind.CORRECTION_NOTICE)
    documents.record(
        IssuedDocument(
            sha256=hashlib.sha256(content).hexdigest(),
            packet=packet,
            kind=pdf(kind),
            key=key,
            matter=subject if of_matter else None,
            notice=int(subject) if of_notice else None,
            issued_at=_now(),
        )
    )


def _archive(packet: str, contents: dict[str, bytes], there: set[str]) -> None:
    """All documents of the result at once, with the same as data. It is found as its parts are: some verify it as it
    came.
    """
    key, packed = keys.archive_key(packet), _packed(contents)
    if key in there or not files.put_issued_once(key, packed, ZIP):
        packed = files.read_issued(key)
    sha256 = hashlib.sha256(packed).hexdigest()
    now = _now()
    documents.record(IssuedDocument(sha256=sha256, packet=packet, kind=RESULT_ARCHIVE, key=key, issued_at=now))


def _packed(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, content in contents.items():
            archive.writestr(ZipInfo(name), content)
    return packed.getvalue()


def _about(packet: Packet, occasion: str) -> About:
    assert packet.header is not None  # noqa: S101 - documents are due of packets that were looked at
    ordered = packet.header.documents[occasion]
    link, portal = progress_links.of(packet.packet), settings().portal
    return About(
        header=packet.header,
        catalogue=catalogues.of(packet, catalog.load()),
        issuer=_issuer(),
        zone=settings().office.zone,
        check=Check(
            address=f"{portal}/p/{link.token}" if link else f"{portal}/packets/{packet.packet}",
            public=link is not None,
            ledger=words.head(ordered.seq, ordered.hash),
        ),
    )


def _issuer() -> Text:
    """The department that leads: its head and its seal are on all documents."""
    lead = catalog.load().lead
    assert lead is not None  # noqa: S101 - the catalogue that ships names one
    return lead.name
