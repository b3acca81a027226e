"""From bytes to facts: what kind of file, then one limited reader after another.

The libraries are heavy, so this module imports without them. Each is loaded in the parent on first use, before the
fork: children inherit it ready.
"""

from functools import cache, partial
from typing import Any

from kaigong.domain.model.facts import TEXT_LIMIT, Difference, Facts, Kind, Limit, Opens

from .limits import Limits
from .report import Report, read
from .source import Blocks, RangeSource

_HEAD = 1024  # bytes within which readers look for a PDF's header (ISO 32000-1, annex H, note 13)
_TAIL = 2048  # bytes at the end within which a complete PDF says %%EOF
_BLANK = b"\x00\t\n\x0c\r \xef\xbb\xbf"  # what may harmlessly stand before the header


@cache
def warm_up() -> None:
    """Load what reads PDFs. `examine` does it when needed; a function may do it while it starts."""
    from . import structure, text

    text.warm_up(structure.warm_up())


def examine(source: RangeSource, *, limits: Limits | None = None) -> Facts:
    """The facts about one file. No file makes this hang, die or take more than the limits say.

    Raises only what `source.read` raises.
    """
    limits = limits or Limits()
    blocks = Blocks(source, limits)
    head = blocks.read(0, _HEAD)
    kind = _kind(head)
    found: dict[str, Any] = {}
    if kind is Kind.PDF:
        found = _examine_pdf(blocks, head, limits)
    elif kind in (Kind.JPEG, Kind.PNG):
        found = _examine_image(blocks, kind, limits)
    cost = {"bytes_read": blocks.bytes_read, "requests": blocks.requests}
    return Facts.model_validate({"opens": Opens.NO, **found, "kind": kind, "size": blocks.size, **cost})


def _kind(head: bytes) -> Kind:
    if not head:
        return Kind.EMPTY
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    return Kind.PDF if b"%PDF-" in head else Kind.OTHER


def _examine_image(blocks: Blocks, kind: Kind, limits: Limits) -> dict[str, Any]:
    from .image import read_image

    report = read(partial(read_image, kind=kind, limits=limits), blocks, limits)
    return _reported(report) | {"over_limits": report.limits, "text_on_page_1": False}


def _examine_pdf(blocks: Blocks, head: bytes, limits: Limits) -> dict[str, Any]:
    warm_up()
    from .structure import read_structure

    tail = blocks.read(blocks.size - _TAIL, blocks.size)
    blocks.share(limits.structure_share)
    structure = read(partial(read_structure, limits=limits), blocks, limits)
    blocks.share(1.0)
    found = _reported(structure) | {
        "truncated": structure.damaged and b"%%EOF" not in tail,
        "foreign_start": bool(head[: head.index(b"%PDF-")].strip(_BLANK)),
        "over_limits": structure.limits,
    }
    text, arbiter = _first_page(structure, blocks, limits)
    if arbiter is not None:
        found |= _arbitrate(structure, arbiter)
    if found.get("opens") is not Opens.YES:
        return found
    found |= {"text_on_page_1": None if text is None else bool(text), "text": (text or "")[:TEXT_LIMIT]}
    if structure.signed or structure.incremental_updates:
        found["second_reader"] = _second_reading(structure.changed(text=text), blocks, limits)
        if found["second_reader"] is None:
            found["over_limits"] = (*structure.limits, Limit.SECOND_READER)
    return found


def _reported(report: Report) -> dict[str, Any]:
    """The part of a report that is facts already."""
    return report.model_dump(include=set(Facts.model_fields), exclude_none=True)


def _first_page(structure: Report, blocks: Blocks, limits: Limits) -> tuple[str | None, Report | None]:
    """The first page's text, None where it is unknown; and the text reader's report where it has to say what opens."""
    lost = structure.pages == 0 and structure.unreadable
    as_it_is = (structure.strict and not lost) or structure.opens is Opens.LOCKED
    if not as_it_is and not structure.limits and blocks.size <= limits.repair:
        arbiter = _read_text(blocks, limits)
        return arbiter.text, arbiter
    if structure.opens is not Opens.YES or not structure.tame:
        return None, None
    if not structure.words and not structure.damaged:
        return "", None
    return _read_text(blocks, limits).text, None


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

    second = read(partial(read_second, limits=limits), blocks, limits)
    return None if second.limits else differences(first, second)
