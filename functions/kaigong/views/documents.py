"""The documents that were issued to a packet, as applicant and window see them: what each is, and its SHA-256."""

from datetime import datetime

from pydantic import Field

from kaigong.domain.flow.documents import missing
from kaigong.domain.flow.result import APPROVALS
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.documents import RESULT, RESULT_ARCHIVE, DocumentKind, DocumentName
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import documents as words

ARCHIVE = RESULT_ARCHIVE
"""What stands in the place of a document's code for all documents of the result at once."""


class IssuedDocumentShown(Model):
    """A document that was issued, sealed, as a PDF."""

    document: str = Field(description="Its code: `GET /api/packets/{packet}/documents/{document}` says where it lies.")
    kind: DocumentKind
    title: Text
    sha256: str
    size: int = Field(description="Bytes.")
    issued_at: datetime
    replaced: tuple[str, ...] = Field(
        default=(), description="Characters that no font has: the document shows their code points."
    )


class IssuedDocuments(Model):
    """What was issued to a packet, in the order of its occasions."""

    packet: str
    documents: tuple[IssuedDocumentShown, ...]
    archive: bool = Field(description="Whether all documents of the result can be had at once, as `result-archive`.")
    pending: bool = Field(description="Whether some are still being made; nothing waits for them.")


def issued_documents(packet: Packet, catalogue: Catalogue) -> IssuedDocuments:
    made = sorted(packet.documents.values(), key=lambda entry: entry.at)
    return IssuedDocuments(
        packet=packet.packet,
        documents=tuple(
            IssuedDocumentShown(
                document=document.name.code,
                kind=document.name.kind,
                title=_title(document.name, packet, catalogue),
                sha256=document.sha256,
                size=document.size,
                issued_at=entry.at,
                replaced=document.replaced,
            )
            for entry in made
            for document in entry.documents
        ),
        archive=RESULT in packet.documents,
        pending=bool(missing(packet)),
    )


def _title(name: DocumentName, packet: Packet, catalogue: Catalogue) -> Text:
    """What it is, and of which matter."""
    kind = words.KINDS[name.kind]
    if name.kind is DocumentKind.REFUSAL and packet.result:
        code = next((m.code for m in packet.result.matters if m.matter == name.subject), None)
        kind = words.ending(code) if code and code not in APPROVALS else kind
    if name.kind not in (DocumentKind.CERTIFICATE, DocumentKind.REFUSAL, DocumentKind.LETTER):
        return kind
    return words.of_matter(kind, name_of(catalogue.matters, name.subject))
