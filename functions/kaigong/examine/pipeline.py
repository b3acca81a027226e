"""From bytes to facts: what kind of file, then one limited reader after another.

No reader's library is loaded here: readers work in processes of their own (`parent`).
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

from kaigong.domain.model.facts import (
    PICTURES,
    SEALS,
    Facts,
    Fonts,
    Kind,
    Limit,
    Opens,
    Seal,
    SealState,
    Unseen,
)

from .differences import differences
from .ending import find_end
from .kinds import HEAD, is_ofd, kind_of, other_of
from .limits import Limits
from .parent import Child, Outcome, Readers, ready
from .report import Report, believed
from .source import Blocks, RangeSource
from .unlocked import without_locked_files
from .wording import excerpt

# Readers, as `module:function`, and what their children have loaded. Those of PDFs, and of PDFs that were changed, have
# a process each; what few files need shares one, comes into it as it is needed, and leaves the others small.
_STRUCTURE, _TEXT = "kaigong.examine.structure:read_structure", "kaigong.examine.text:read_text"
_SECOND, _SIGNATURES = "kaigong.examine.second:read_second", "kaigong.examine.signatures:read_signatures"
_IMAGE, _OFD, _COPY = (
    "kaigong.examine.image:read_image",
    "kaigong.examine.ofd:read_ofd",
    "kaigong.examine.copy:draw",
)
PDF = Readers("pdf", ("kaigong.examine.structure", "kaigong.examine.text"))
CHANGED = Readers("changed", ("kaigong.examine.encodings", "kaigong.examine.second"))
SIGNED = Readers("others", ("kaigong.examine.encodings", "kaigong.examine.second", "kaigong.examine.signatures"))
PICTURE = Readers("others", ("kaigong.examine.image",))
PHOTO = Readers("others", ("kaigong.examine.image", "kaigong.examine.heic"))
DOCUMENT = Readers("others", ("kaigong.examine.encodings", "kaigong.examine.ofd"))
COPYIST = Readers("others", ("kaigong.examine.encodings", "kaigong.examine.copy"))

CopyKind = Literal["jpeg", "pdf"]

_BLANK = b"\x00\t\n\x0c\r \xef\xbb\xbf"  # what may harmlessly stand before the header
_PLACEHOLDERS = ("pleasewait", "请稍候", "请等待")  # what the page of a form says that only one reader draws


def warm_up() -> bool:
    """Start what reads PDFs. `examine` does it when needed; a function may do it while it starts. Returns whether
    readers can be confined on this machine.
    """
    return ready(PDF)


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
    cost = {"bytes_read": blocks.bytes_read + blocks.hashed, "requests": blocks.requests}
    return Facts.model_validate({"opens": Opens.NO, **found, "kind": kind, "size": source.size, **cost})


def copy_of(source: RangeSource, facts: Facts) -> tuple[CopyKind, bytes] | None:
    """A copy that browsers can draw of a TIFF, HEIC or OFD that opens, and what it is; None where none is needed or
    can be made within the limits. Raises only what `source.read` raises.
    """
    if facts.opens is not Opens.YES or facts.kind not in (Kind.TIFF, Kind.HEIC, Kind.OFD):
        return None
    kind: CopyKind = "jpeg" if facts.kind is Kind.HEIC else "pdf"
    limits = Limits()
    limits = replace(limits, cpu=8, wall=15.0, answer=2 * limits.copy, threads=facts.kind is Kind.HEIC)
    outcome = _read_alone(COPYIST, _COPY, Blocks(source, limits), limits, kind=facts.kind)
    said = outcome.facts.get("copy")
    if outcome.limit is not None or not isinstance(said, str):
        return None
    with suppress(NotBase64):
        return kind, b64decode(said, validate=True)
    return None


def _read_alone(readers: Readers, reader: str, blocks: Blocks, limits: Limits, **arguments: Any) -> Outcome:
    """What one reader reports, in a child of its own."""
    with Child(readers, blocks, limits) as child:
        return child.read(reader, **arguments)


def _examine_image(blocks: Blocks, kind: Kind, limits: Limits) -> dict[str, Any]:
    photo = kind is Kind.HEIC  # its codec decodes in a thread
    limits = replace(limits, threads=photo)
    report = believed(_read_alone(PHOTO if photo else PICTURE, _IMAGE, blocks, limits, kind=kind))
    return _reported(report) | {"over_limits": report.limits, "text_on_page_1": False}


def _examine_ofd(blocks: Blocks, limits: Limits) -> dict[str, Any]:
    report = believed(_read_alone(DOCUMENT, _OFD, blocks, limits))
    found = _reported(report) | {"over_limits": report.limits, "signed": bool(report.seals)}
    if report.opens is Opens.YES:
        text = report.text or ""
        found |= {"text": excerpt("", text), "text_on_page_1": bool(text)}
    return found


def _examine_pdf(blocks: Blocks, head: bytes, trust_list: Callable[[], bytes], limits: Limits) -> dict[str, Any]:
    end = find_end(blocks, limits)
    whole = end is not None and not end.cut_off
    if end is not None and whole:
        blocks.cut(end.at)
    with Child(PDF, blocks, limits) as child:
        blocks.share(limits.structure_share)
        structure = believed(child.read(_STRUCTURE))
        if structure.opens is Opens.LOCKED and (plain := without_locked_files(blocks.whole)):
            blocks.whole = plain
            structure = believed(child.read(_STRUCTURE))
        blocks.share(1.0)
        page, arbitrates = _first_page(structure, child, blocks.size, limits)
    found = _reported(structure) | {
        "truncated": (structure.damaged and not whole) or (end is not None and end.cut_off),
        "trailing": end is not None and whole and end.trailing,
        "foreign_start": bool(head[: head.index(b"%PDF-")].strip(_BLANK)),
        "over_limits": structure.limits,
    }
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
        found |= _looked_at_twice(structure.changed(text=compared), blocks, trust_list, limits)
    return found


def _looked_at_twice(first: Report, blocks: Blocks, trust_list: Callable[[], bytes], limits: Limits) -> dict[str, Any]:
    """What another reader sees otherwise (None where it did not come to an end), and what signatures are worth."""
    with Child(SIGNED if first.signatures else CHANGED, blocks, limits) as child:
        second = believed(child.read(_SECOND))
        found: dict[str, Any] = {"second_reader": None if second.limits else differences(first, second)}
        if second.limits:
            found["over_limits"] = (*first.limits, Limit.SECOND_READER)
        if first.signatures:
            blocks.cut(max(blocks.size, first.covered))  # what is signed may end behind the document: with its line
            found["seals"] = _signatures(first.signatures, child, trust_list())
    return found


def _signatures(count: int, child: Child, trust_list: bytes) -> tuple[Seal, ...]:
    """What the signatures are worth, of which the structure has so many; those that were not looked at are unknown."""
    from .trust import roots_in  # few papers are signed

    roots_in(trust_list)  # one that is none is our own fault, not the file's
    checked = believed(child.read(_SIGNATURES, trust_list=trust_list.decode()))
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


def _first_page(structure: Report, child: Child, size: int, limits: Limits) -> tuple[Report | None, bool]:
    """What the text reader says of the first page; None where it shows no text or may not be read. And whether it has
    to say what opens. Whatever it dies of, what it has not reported is unknown.
    """
    lost = structure.pages == 0 and structure.unreadable
    as_it_is = (structure.strict and not lost) or structure.opens is Opens.LOCKED
    if not as_it_is and not structure.limits and size <= limits.repair:
        return believed(child.read(_TEXT)), True
    if structure.opens is not Opens.YES or not structure.tame:
        return None, False
    if not structure.words and not structure.damaged and not structure.annotated:
        return None, False
    return believed(child.read(_TEXT)), False


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
