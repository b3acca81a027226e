"""From bytes to facts: what kind of file, then one limited reader after another.

The libraries are heavy, so this module imports without them. Each is loaded in the parent on first use, before the
fork: children inherit it ready.
"""

from functools import cache, partial
from typing import Any

from ..domain.facts import TEXT_LIMIT, Difference, Facts, Kind, Limit, Opens
from .child import Outcome, run_limited
from .limits import Limits
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
    known = {key: value for key, value in found.items() if key in Facts.model_fields}
    cost = {"bytes_read": blocks.bytes_read, "requests": blocks.requests}
    return Facts.model_validate({"opens": Opens.NO, **known, "kind": kind, "size": blocks.size, **cost})


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

    outcome = run_limited(partial(read_image, kind=kind, limits=limits), blocks, limits)
    return outcome.facts | {"over_limits": _limits(outcome), "text_on_page_1": False}


def _examine_pdf(blocks: Blocks, head: bytes, limits: Limits) -> dict[str, Any]:
    warm_up()
    from .structure import read_structure

    tail = blocks.read(blocks.size - _TAIL, blocks.size)
    blocks.share(limits.structure_share)
    outcome = run_limited(partial(read_structure, limits=limits), blocks, limits)
    blocks.share(1.0)
    found = outcome.facts
    over = list(_limits(outcome))
    lost = found.get("pages") == 0 and found.get("unreadable")
    as_it_is = (found.get("strict") and not lost) or found.get("opens") == Opens.LOCKED
    broken = not as_it_is and not over and blocks.size <= limits.repair
    found["truncated"] = bool(found.get("damaged")) and b"%%EOF" not in tail
    found["foreign_start"] = bool(head[: head.index(b"%PDF-")].strip(_BLANK))
    text = None
    wordless = found.get("tame") and not found.get("words") and not found.get("damaged")
    if wordless:
        text = ""
    elif broken or (found.get("opens") == Opens.YES and found.get("tame")):
        seen = _read_text(blocks, limits)
        text = seen.get("text")
        if broken:
            found |= _arbitrate(found, seen)
    if found.get("opens") == Opens.YES:
        found["text_on_page_1"] = None if text is None else bool(text)
        found["text"] = (text or "")[:TEXT_LIMIT]
        if found.get("signed") or found.get("incremental_updates"):
            second = _second_reading(found | {"text": text}, blocks, limits)
            found["second_reader"] = second
            if second is None:
                over.append(Limit.SECOND_READER)
    found["over_limits"] = tuple(over)
    return found


def _arbitrate(found: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    """Whether a file opens that is not as it should be: pdfium decides, for it is what people will look at it with.

    qpdf repairs so well that it makes documents of fragments, and asks for no password when the key is lost.
    """
    if "opens" not in seen:
        return {}
    if seen["opens"] == Opens.YES:
        return {"opens": Opens.YES, "pages": found.get("pages") or seen["pages"]}
    locked = seen["opens"] == Opens.LOCKED
    pages = 0 if found.get("pages") == 0 else None
    return {"opens": seen["opens"], "pages": pages, "encrypted": locked or found.get("encrypted", False)}


def _limits(outcome: Outcome) -> tuple[Limit, ...]:
    """The limits that a reader reported, and the one that ended it."""
    reported = [Limit(name) for name in outcome.facts.get("limits", ())]
    return tuple(dict.fromkeys([*reported, *([outcome.limit] if outcome.limit else [])]))


def _read_text(blocks: Blocks, limits: Limits) -> dict[str, Any]:
    """What the text reader reports; whatever it dies of, what it has not reported is unknown."""
    from .text import read_text

    return run_limited(partial(read_text, limits=limits), blocks, limits).facts


def _second_reading(first: dict[str, Any], blocks: Blocks, limits: Limits) -> tuple[Difference, ...] | None:
    """The differences that another reader sees; None where it did not come to an end."""
    from .second import differences, read_second

    outcome = run_limited(partial(read_second, limits=limits), blocks, limits)
    return None if outcome.limit else differences(first, outcome.facts)
