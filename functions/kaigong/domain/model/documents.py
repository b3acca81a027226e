"""The documents (文书) that the city issues: which kinds there are, how one is named, and what is on record of it."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from .codes import Code
from .text import Model


class DocumentKind(StrEnum):
    """What kind of document. The value is the beginning of its file's name."""

    RECEIPT = "receipt"  # 项目受理单
    FORM = "application-form"  # 申请表, where it was filled in as data
    GAP_NOTICE = "gap-notice"  # 容缺受理告知书
    LETTER = "commitment"  # 告知承诺书, as it was accepted: one a matter
    ONE_TIME_NOTICE = "one-time-notice"  # 一次性告知书
    CORRECTION_NOTICE = "correction-notice"  # 补正通知书
    RESULT = "joint-result"  # 联合审批结果
    CERTIFICATE = "certificate"  # 批准文书, of a matter that was approved
    REFUSAL = "refusal"  # 不予许可决定书, of a matter that was not


class DocumentName(Model):
    """Which document of a packet: its kind, and the matter or the number of the notice where there are several."""

    kind: DocumentKind
    subject: str = ""

    @property
    def code(self) -> str:
        """What names it in addresses and in storage."""
        return f"{self.kind.value}-{self.subject}" if self.subject else self.kind.value


class MadeDocument(Model):
    """A document that was issued: what it is, and the SHA-256 of its file."""

    name: DocumentName
    sha256: str
    size: int  # bytes
    replaced: tuple[str, ...] = ()  # characters that no font has, as code points: the document shows 〔U+30EDE〕


JOINT_RESULT, RESULT_ARCHIVE = "joint-result", "result-archive"
"""Kinds of issued files that are no sealed document: the result as data, and all of it in one archive."""


def pdf(kind: DocumentKind) -> Code:
    """What a sealed document is called among issued files: the joint result is issued as data too."""
    return f"{kind.value}-pdf"


class IssuedDocument(Model):
    """One file that went out. Its record is written once, before anybody gets the file."""

    sha256: str
    packet: str
    kind: Code
    key: str  # in object storage
    matter: Code | None = None  # that it is about; None: the whole packet
    notice: int | None = None  # the number of the notice that it gives in full
    issued_at: datetime


ACCEPTED, RESULT = "accepted", "result"
"""Occasions on which documents are due; a notice is the third, `notice-<number>`."""


def notice_occasion(number: int) -> Code:
    return f"notice-{number}"


def noticed(occasion: Code) -> int | None:
    """The number of the notice whose document is due; None: it is another occasion."""
    kind, _, number = occasion.partition("-")
    return int(number) if kind == "notice" else None


class Ordered(Model):
    """The documents of an occasion are to be made: since when, and how far the packet's ledger had come."""

    at: datetime  # when they were asked for last
    first_at: datetime | None = None  # and first, where that is not the same
    seq: int = 0
    hash: str = ""


class DocumentSet(Model):
    """The documents of one occasion, issued together: a fact, put on record once all of them are in storage."""

    occasion: Code
    documents: tuple[MadeDocument, ...] = Field(min_length=1)
    at: datetime
