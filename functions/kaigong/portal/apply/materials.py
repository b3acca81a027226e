"""Which materials one page of an application shows: all, or of many a page's worth, so that a page stays small.

What is on no page that is shown is told to the page all the same: promises go along in hidden fields, and a heap of
files is sorted to every material.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kaigong.domain.model.catalogue import Code

MANY = 24  # choice: materials up to which a page shows all of them
PART = 12  # choice: materials on a page of many


@dataclass(frozen=True)
class Part:
    """A page of an application's materials. `asked` is the one that its address names, whose fields are unfolded."""

    shown: tuple[Code, ...]
    elsewhere: tuple[Code, ...] = ()
    asked: Code | None = None
    page: int = 1
    pages: int = 1
    before: Code | None = None  # the first material of the page before
    after: Code | None = None


def part(codes: Sequence[Code], first: Collection[Code], asked: Code | None) -> Part:
    """The page that has the material `asked`, else the first one. Those in `first` come before the others."""
    if len(codes) <= MANY:
        return Part(tuple(codes), asked=asked)
    ordered = sorted(codes, key=lambda code: code not in first)
    start = ordered.index(asked) // PART * PART if asked in ordered else 0
    shown = tuple(ordered[start : start + PART])
    return Part(
        shown,
        elsewhere=tuple(code for code in ordered if code not in shown),
        asked=asked,
        page=start // PART + 1,
        pages=-(-len(ordered) // PART),
        before=ordered[start - PART] if start else None,
        after=ordered[start + PART] if start + PART < len(ordered) else None,
    )
