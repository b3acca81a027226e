"""From bytes to facts: what kind of file, then one limited reader after another.

The libraries are heavy, so this module imports without them. Each is loaded in the parent on first use, before the
fork: children inherit it ready.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any, Literal

from kaigong.domain.model.facts import (
    PICTURES,
    SEALS,
    Difference,
    Facts,
    Kind,
    Limit,
    Opens,
    Seal,
    SealState,
    Unseen,
)

from .ending import find_end
from .kinds import HEAD, is_ofd, kind_of, other_of
from .limits import Limits
from .report import Fonts, Report, read
from .source import Blocks, RangeSource
from .wording import excerpt

_BLANK = b"\x00\t\n\x0c\r \xef\xbb\xbf"  # what may harmlessly stand before the header
_PLACEHOLDERS = ("pleasewait", "请稍候", "请等待")  # what the page of a form says that only one reader draws


@cache
def warm_up() -> bytes:
    """Load what reads PDFs. `examine` does it when needed; a function may do it while it starts. Returns the small
    document, encrypted, on which the readers were used.
    """
    from . import structure, text

    document = structure.warm_up()
    text.warm_up(document)
    return document


@cache
def _warm_up_second() -> None:
    from . import second

    second.warm_up(warm_up())


@cache
def _warm_up_signatures() -> None:
    from . import signatures

    signatures.warm_up(warm_up())


def examine(source: RangeSource, *, trust_list: Callable[[], bytes] = bytes, limits: Limits | None = None) -> Facts:
    """The facts about one file. No file makes this hang, die or take more than the limits say.

    `trust_list`: certificates in PEM, by which it is known who signed; asked for only where something is signed.
    Raises only what `source.read` and `trust_list` raise, and ValueError for a trust list that is none.
    """
    limits = limits or Limits()
    blocks = Blocks(source, limits)
    head = blocks.read(0, HEAD)
    kind = kind_of(head)
    found: dict[str, Any] = {}
    if kind is Kind.PDF:
        found = _examine_pdf(blocks, head, trust_list, limits)
    elif kind in PICTURES:
        found = _examine_image(blocks, kind, limits)
    elif kind is Kind.OTHER and is_ofd(head, blocks):
        kind = Kind.OFD
        found = _examine_ofd(blocks, limits)
    elif kind is Kind.OTHER:
        found = {"other": other_of(head, blocks)}
    cost = {"bytes_read": blocks.bytes_read, "requests": blocks.requests}
    return Facts.model_validate({"opens": Opens.NO, **found, "kind": kind, "size": source.size, **cost})


def copy_of(source: RangeSource, facts: Facts) -> tuple[Literal["jpeg", "pdf"], bytes] | None:
    """A copy that browsers can draw of a TIFF or HEIC that opens, and what it is; None where none is needed or none can
    be made within the limits. Raises only what `source.read` raises.
    """
    if facts.opens is not Opens.YES or facts.kind not in (Kind.TIFF, Kind.HEIC):
        return None
    from .copy import drawn

    return drawn(source, facts, Limits())


def _examine_image(blocks: Blocks, kind: Kind, limits: Limits) -> dict[str, Any]:
    from .image import read_image

    if kind is Kind.HEIC:
        from . import heic  # noqa: F401 - before the fork

        limits = replace(limits, threads=True)  # its codec decodes in one
    report = read(partial(read_image, kind=kind, limits=limits), blocks, limits)
    return _reported(report) | {"over_limits": report.limits, "text_on_page_1": False}


def _examine_ofd(blocks: Blocks, limits: Limits) -> dict[str, Any]:
    from .ofd import read_ofd

    report = read(partial(read_ofd, limits=limits), blocks, limits)
    found = _reported(report) | {"over_limits": report.limits, "signed": bool(report.seals)}
    if report.opens is Opens.YES:
        text = report.text or ""
        found |= {"text": excerpt("", text), "text_on_page_1": bool(text)}
    return found


def _examine_pdf(blocks: Blocks, head: bytes, trust_list: Callable[[], bytes], limits: Limits) -> dict[str, Any]:
    warm_up()
    from .structure import read_structure, without_locked_files

    end = find_end(blocks, limits)
    whole = end is not None and not end.cut_off
    if end is not None and whole:
        blocks.cut(end.at)
    blocks.share(limits.structure_share)
    structure = read(partial(read_structure, limits=limits), blocks, limits)
    if structure.opens is Opens.LOCKED and (plain := without_locked_files(blocks.whole)):
        blocks.whole = plain
        structure = read(partial(read_structure, limits=limits), blocks, limits)
    blocks.share(1.0)
    found = _reported(structure) | {
        "truncated": (structure.damaged and not whole) or (end is not None and end.cut_off),
        "trailing": end is not None and whole and end.trailing,
        "foreign_start": bool(head[: head.index(b"%PDF-")].strip(_BLANK)),
        "over_limits": structure.limits,
    }
    page, arbitrates = _first_page(structure, blocks, limits)
    if page is not None and arbitrates:
        found |= _arbitrate(structure, page)
    if found.get("opens") is not Opens.YES:
        return found
    text = page.text if page is not None else None
    if page is None and structure.tame:
        text = ""  # nothing shows text
    found |= _worded(structure, page, text)
    found["damaged"] = structure.damaged or found["truncated"]
    found["mended"] = structure.damaged and whole and _is_mended(structure, page)
    if structure.signed or structure.incremental_updates:
        compared = None if Fonts.BY_CMAP in structure.fonts else text
        found["second_reader"] = _second_reading(structure.changed(text=compared), blocks, limits)
        if found["second_reader"] is None:
            found["over_limits"] = (*structure.limits, Limit.SECOND_READER)
    if structure.signatures:
        blocks.cut(max(blocks.size, structure.covered))  # what is signed may end behind the document: with its line
        found["seals"] = _signatures(structure.signatures, blocks, trust_list, limits)
    return found


def _signatures(count: int, blocks: Blocks, trust_list: Callable[[], bytes], limits: Limits) -> tuple[Seal, ...]:
    """What the signatures are worth, of which the structure has so many; those that were not looked at are unknown."""
    from .signatures import read_signatures, roots_in

    _warm_up_signatures()
    checked = read(partial(read_signatures, roots=roots_in(trust_list())), blocks, limits)
    unchecked = (Seal(state=SealState.UNKNOWN),) * (count - (checked.signatures or 0))
    return (*checked.seals, *unchecked)[:SEALS]


def _worded(structure: Report, page: Report | None, text: str | None) -> dict[str, Any]:
    """What the words of the first page are worth, and what they say of the rest."""
    drawn = (page and page.drawn) or text or ""
    unreliable = bool(text) and ((page is not None and page.rubbish) or Fonts.UNMAPPED in structure.fonts)
    found: dict[str, Any] = {
        "text": excerpt(structure.notes, drawn),
        "text_on_page_1": None if text is None else bool(text),
        "text_unreliable": unreliable,
    }
    if structure.xfa and any(placeholder in drawn for placeholder in _PLACEHOLDERS):
        found["unseen"] = Unseen.FORM
    if text and structure.unseen is None and structure.all_pages_blank:
        found["all_pages_blank"] = False  # somebody reads text there
    return found


def _is_mended(structure: Report, page: Report | None) -> bool:
    """Whether two readers that had to mend a document see the same one: as many pages, and a first page that draws."""
    return (
        page is not None
        and page.opens is Opens.YES
        and page.pages == structure.pages
        and page.objects is not None
        and structure.drawing is not None
        and not structure.unreadable
        and not structure.limits
        and (page.objects > 0 or bool(structure.blank_pages))
    )


def _reported(report: Report) -> dict[str, Any]:
    """The part of a report that is facts already."""
    return report.model_dump(include=set(Facts.model_fields), exclude_none=True)


def _first_page(structure: Report, blocks: Blocks, limits: Limits) -> tuple[Report | None, bool]:
    """What the text reader says of the first page; None where it shows no text or may not be read. And whether it has
    to say what opens.
    """
    lost = structure.pages == 0 and structure.unreadable
    as_it_is = (structure.strict and not lost) or structure.opens is Opens.LOCKED
    if not as_it_is and not structure.limits and blocks.size <= limits.repair:
        return _read_text(blocks, limits), True
    if structure.opens is not Opens.YES or not structure.tame:
        return None, False
    if not structure.words and not structure.damaged and not structure.annotated:
        return None, False
    return _read_text(blocks, limits), False


def _read_text(blocks: Blocks, limits: Limits) -> Report:
    """What the text reader reports; whatever it dies of, what it has not reported is unknown."""
    from .text import read_text

    return read(partial(read_text, limits=limits), blocks, limits)


def _arbitrate(structure: Report, arbiter: Report) -> dict[str, Any]:
    """Whether a file opens that is not as it should be: pdfium decides, for it is what people will look at it with.

    qpdf repairs so well that it makes documents of fragments, and asks for no password when the key is lost.
    """
    if arbiter.opens is None:
        return {}
    if arbiter.opens is Opens.YES:
        return {"opens": Opens.YES, "pages": structure.pages or arbiter.pages}
    pages = 0 if structure.pages == 0 else None
    encrypted = structure.encrypted or arbiter.opens is Opens.LOCKED
    return {"opens": arbiter.opens, "pages": pages, "encrypted": encrypted}


def _second_reading(first: Report, blocks: Blocks, limits: Limits) -> tuple[Difference, ...] | None:
    """The differences that another reader sees; None where it did not come to an end."""
    from .second import differences, read_second

    _warm_up_second()
    second = read(partial(read_second, limits=limits), blocks, limits)
    return None if second.limits else differences(first, second)
