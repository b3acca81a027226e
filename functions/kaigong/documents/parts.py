"""What a document consists of, before it is laid out: its head, parts in order, and its end."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import Field

from kaigong.domain.model.documents import DocumentName
from kaigong.domain.model.text import Model, Text


def same(value: str) -> Text:
    """What people wrote, or a code: it is the same in both languages, and printed once."""
    return Text(zh=value or "-", en=value or "-")


class Heading(Model):
    """Begins a section; `page`: on a page of its own."""

    part: Literal["heading"] = "heading"
    text: Text
    level: int = Field(default=1, ge=1, le=2)
    page: bool = False


class Prose(Model):
    """A paragraph."""

    part: Literal["prose"] = "prose"
    text: Text


class Points(Model):
    """A list, numbered or not."""

    part: Literal["points"] = "points"
    points: tuple[Text, ...]
    numbered: bool = True


class Facts(Model):
    """What is what: labels, each with its value."""

    part: Literal["facts"] = "facts"
    rows: tuple[tuple[Text, Text], ...]


class Table(Model):
    """Rows under a head that every page repeats. `widths`: of the columns, beside each other; 0: as wide as needed."""

    part: Literal["table"] = "table"
    columns: tuple[Text, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Text, ...], ...]


Part = Heading | Prose | Points | Facts | Table


class Check(Model):
    """How a reader finds out whether the document still holds: where the code leads, and what the ledger says."""

    address: str
    public: bool = True  # False: whoever follows it signs in first
    ledger: Text | None = None


class Document(Model):
    """A document as it is laid out. `look`: with a red head as official papers have, framed as a certificate, or plain,
    where it is the applicant's own paper.
    """

    name: DocumentName
    look: Literal["official", "certificate", "plain"] = "official"
    title: Text
    number: str
    issuer: Text  # whose head it carries and whose seal
    signed: Text  # who decides, above the date
    at: datetime  # in the city's zone: the day below the signature, and the file's own time
    parts: tuple[Part, ...]
    check: Check
    notes: tuple[Text, ...] = ()  # below the line: what every document says
    attachment: bytes | None = Field(default=None, repr=False)  # the same as data


def facts(rows: Iterable[tuple[Text, Text | None]]) -> Facts:
    """Those of the rows that have a value."""
    return Facts(rows=tuple((label, value) for label, value in rows if value is not None))
