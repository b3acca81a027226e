"""A document as a PDF/A that is also PDF/UA: archives keep it, and people who do not see can have it read to them.

The same document gives the same bytes, whoever makes it. Standards: ISO 19005-2 level A and ISO 14289-1; with the data
attached ISO 19005-3, since PDF/A-2 takes no attachments.
"""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import segno
import typst

from kaigong.domain.words import documents as words

from .lettering import FONTS, lettered
from .parts import Document

_TEMPLATE = Path(__file__).with_name("paper.typ")


class Place(NamedTuple):
    """Where the seal goes: the page, from 0, and the middle of it in points from the page's upper left corner."""

    page: int
    x: float
    y: float


class Typeset(NamedTuple):
    pdf: bytes
    place: Place


def replaced(document: Document) -> tuple[str, ...]:
    """The characters that are shown by their code points."""
    return tuple(sorted(_said(document)[1]))


def _said(document: Document) -> tuple[Any, set[str]]:
    return _settable(document.model_dump(mode="json", exclude={"attachment"}))


def typeset(document: Document) -> Typeset:
    """The document as a PDF. Raises typst.TypstError where it cannot be made, as by a character that no font has."""
    said, lost = _said(document)
    notes = [words.lost(tuple(sorted(lost)))] if lost else []
    said["notes"] = [*said["notes"], *(note.model_dump() for note in notes)]
    said["day"] = words.made_on(document.at).model_dump()
    said["scan"] = (words.SCAN if document.check.public else words.SIGN_IN).model_dump()
    inputs = {"document": json.dumps(said, ensure_ascii=False), "qr": _qr(document.check.address)}
    if document.attachment is not None:
        inputs["attachment"] = document.attachment.decode()
    setter = compiler(_TEMPLATE)
    pdf = setter.compile(
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["a-3a" if document.attachment is not None else "a-2a", "ua-1"],
        timestamp=int(document.at.timestamp()),
    )
    assert isinstance(pdf, bytes)  # noqa: S101 - a list comes of pictures alone
    at = json.loads(setter.query("<seal>", field="value", one=True))
    # Typst's file ends without a line feed; appended to as it is, the signature's update would break PDF/A.
    return Typeset(pdf + b"\n", Place(at["page"] - 1, at["x"], at["y"]))


def _settable(value: Any) -> tuple[Any, set[str]]:
    """The same with every text as it can be set."""
    if isinstance(value, str):
        text, replaced = lettered(value)
        return text, set(replaced)
    if isinstance(value, dict):
        parts = {name: _settable(part) for name, part in value.items()}
        return {name: part for name, (part, _) in parts.items()}, set().union(*(lost for _, lost in parts.values()))
    if isinstance(value, list):
        items = [_settable(part) for part in value]
        return [part for part, _ in items], set().union(*(lost for _, lost in items))
    return value, set()


def _qr(address: str) -> str:
    """Level M, as codes on paper are wanted: a sixth of it may be unreadable."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None
    )
    return drawn.getvalue().decode()


@cache
def compiler(template: Path) -> typst.Compiler:
    """One a process for each template beside this file: it keeps that and the fonts. None of the machine's fonts, or
    documents would differ by machine.
    """
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(str(template), root=str(template.parent), font_paths=fonts)
