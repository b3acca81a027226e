"""What every document of one packet has in common: whose it is, who issues it, when, and how it is checked."""

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Literal

from pydantic import ConfigDict

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.documents import DocumentKind, DocumentName
from kaigong.domain.model.packet import Header
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import documents as words

from .parts import Check, Document, Part, same


class About(Model):
    """The packet's header, the catalogue that it goes by, and what the documents of one occasion share."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    header: Header
    catalogue: Catalogue
    issuer: Text  # the lead department: its head, its seal
    zone: tzinfo
    check: Check

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    @property
    def accepted_at(self) -> datetime:
        assert self.header.accepted_at is not None  # noqa: S101 - only accepted packets have these documents
        return self.local(self.header.accepted_at)

    def applicant(self, label: Text = words.ENTERPRISE) -> Iterator[tuple[Text, Text | None]]:
        """Who applies, for which project."""
        enterprise, project = self.header.enterprise, self.header.project
        yield label, same(enterprise.name)
        yield words.USCC, same(enterprise.uscc)
        yield words.PROJECT, same(project.name)
        yield words.PROJECT_CODE, same(project.code) if project.code else words.NO_CODE
        yield words.SITE, same(project.address) if project.address else None
        yield words.PACKET, same(self.header.packet)

    def document(
        self,
        kind: DocumentKind,
        at: datetime,
        parts: Iterable[Part],
        *,
        subject: str = "",
        number: str = "",
        title: Text | None = None,
        signed: Text | None = None,
        look: Literal["official", "certificate", "plain"] = "official",
        attachment: bytes | None = None,
    ) -> Document:
        return Document(
            name=DocumentName(kind=kind, subject=subject),
            look=look,
            title=title or words.KINDS[kind],
            number=number or words.number(self.header.packet, kind, subject),
            issuer=self.issuer,
            signed=signed or self.issuer,
            at=self.local(at),
            parts=tuple(parts),
            check=self.check,
            notes=(words.SEALED,),
            attachment=attachment,
        )
