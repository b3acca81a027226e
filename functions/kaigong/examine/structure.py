"""The structure of a PDF, by qpdf, in a limited child."""

import io
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any, BinaryIO

import pikepdf
from pikepdf import settings

from kaigong.domain.model.features import Found, Limit, Opens, Unseen

from .child import Emit
from .content import Survey, Undecodable, fonts_of, get, items, name_of
from .inmemory import mapped
from .limits import Limits, OverLimit
from .marks import Looking, Shown, layers_off
from .places import Places
from .revisions import count_updates
from .sample import document
from .walk import Walk

_ENCRYPT = re.compile(rb"/Encrypt[\s/<\d]")
# What qpdf remarks on, and every reader takes: writers in wide use make such files.
_COSMETIC = re.compile(
    r"treating bad indirect reference \(0 0 R\) as null|stream keyword followed by|dictionary has duplicated key"
    r"|expected endobj|extraneous whitespace|extra whitespace|reported number of objects"
)
# What it mends, and others do too. Two readers must then agree on what is left.
_MENDED = re.compile(
    r"file is damaged|xref not found|can't find startxref|[Aa]ttempting to reconstruct|expected n n obj"
    r"|expected endstream|attempting to recover stream length|recovered stream length|unable to find trailer"
    r"|invalid object stream offset"
)
_TOO_LARGE = "limit exceeded"
_UNDECODED = re.compile(
    r"error decoding stream data for object (\d+) (\d+)|getStreamData called on unfilterable stream"
)


def warm_up() -> None:
    """Use qpdf once, so that each child inherits it ready."""
    read_structure(io.BytesIO(document(4)), lambda **_: None, Limits())


def read_structure(stream: BinaryIO, emit: Emit, limits: Limits) -> object:
    """Report what the document is made of, most important first: whatever ends this, what was reported stays.

    Returns the open document.
    """
    settings.set_qpdf_limits(
        parser_max_nesting=limits.nesting,
        parser_max_container_size=limits.container,
        max_stream_filters=limits.filters,
        dct_max_memory=limits.decoded,
        flate_max_memory=limits.decoded,
        png_max_memory=limits.decoded,
        run_length_max_memory=limits.decoded,
        tiff_max_memory=limits.decoded,
    )
    for repair in (False, True):
        pdf, again = _open(stream, emit, repair=repair)
        if pdf is not None:
            again = _Reading(pdf, stream, emit, limits, repaired=repair).report()
        if not again or _length(stream) > limits.repair:
            break
    if again and pdf is None:
        _tell_closed(stream, emit)
    elif again:
        emit(damaged=True, unreadable=True)
    return pdf


def _open(stream: BinaryIO, emit: Emit, *, repair: bool) -> tuple[Any, bool]:
    """The document, None after having reported why there is none; and whether repair may help.

    A file that needs repair is looked into as well, and reported as damaged: what it carries is told at once.
    """
    try:
        with mapped(stream) as (source, access):
            pdf = pikepdf.open(source, attempt_recovery=repair, inherit_page_attributes=False, access_mode=access)
    except pikepdf.PasswordError:
        emit(opens=Opens.LOCKED, encrypted=True)
        return None, False
    except MemoryError:
        raise
    except Exception:
        # qpdf's own errors, and whatever else a broken file makes the binding raise: all mean "not like this"
        emit(opens=Opens.NO)
        if settings.qpdf_limit_errors():
            emit(limits=[Limit.SYNTAX])
        return None, True
    emit(opens=Opens.YES, encrypted=bool(pdf.is_encrypted), damaged=repair, strict=not repair)
    pdf.get_warnings()  # what was odd so far does not matter; from here on it tells what could not be read
    return pdf, False


def _tell_closed(stream: BinaryIO, emit: Emit) -> None:
    encrypted = _mentions_encryption(stream)
    emit(encrypted=encrypted, damaged=not encrypted)


def _length(stream: BinaryIO) -> int:
    return stream.seek(0, os.SEEK_END)


def _mentions_encryption(stream: BinaryIO) -> bool:
    """Whether a file that does not open says it is encrypted: by certificate, or a scheme that readers do not know."""
    size = _length(stream)
    stream.seek(max(0, size - 65536))
    tail = stream.read(65536)
    stream.seek(0)
    return bool(_ENCRYPT.search(tail) or _ENCRYPT.search(stream.read(65536)))


class _Reading:
    """One look at an open document. What it finds it reports at once, the gravest first: active content, which hangs on
    the document as a whole; then its pages; then what hangs on each of them.
    """

    def __init__(self, pdf: Any, stream: BinaryIO, emit: Emit, limits: Limits, *, repaired: bool) -> None:
        self._repaired = repaired
        self._pdf = pdf
        self._stream = stream
        self._emit = emit
        self._limits = limits
        self._root = get(pdf.trailer, "/Root")
        self._over: set[Limit] = set()
        self._places = Places(emit)
        self._walk = Walk(limits, emit, self._places)

    def report(self) -> bool:
        """Returns whether it has to be looked at again after repair."""
        declared = get(get(self._root, "/Pages"), "/Count")
        if isinstance(declared, int) and 0 < declared <= self._limits.pages:
            self._emit(pages=declared)
        self._emit(incremental_updates=count_updates(self._stream))
        self._within(partial(self._walk.catalogue, self._root))
        pages = self._pages()
        if not pages:
            self._emit(opens=Opens.NO, pages=0)
            return self._damage()
        first = Survey(pages[0], self._limits)
        self._emit(
            pages=len(pages),
            tame=first.tame,
            words=first.words,
            drawing=first.digest,
            fonts=sorted(fonts_of(pages[0])),
            annotated=any(name_of(item, "/Subtype") != "/Link" for item in items(get(pages[0], "/Annots"))),
        )
        self._within(partial(self._walk.page, pages[0], 1))
        self._emit(notes=self._walk.notes)
        for number, page in enumerate(pages[1:], 2):
            if not self._within(partial(self._walk.page, page, number)):
                break
        if settings.qpdf_limit_errors():
            self._overrun(Limit.SYNTAX)
        if again := self._damage():
            return again
        # In a file that is fetched by ranges each form or picture may cost a request of its own.
        closely = isinstance(self._stream, io.BytesIO)
        looking = Looking(self._limits, layers_off(self._root), closely=closely)
        _look_at(pages, self._walk.bare, looking, self._emit, self._places)
        return False

    def _within(self, look: Callable[[], None]) -> bool:
        try:
            look()
        except OverLimit as too_many:
            self._overrun(too_many.limit)
            return False
        return True

    def _overrun(self, limit: Limit) -> None:
        self._over.add(limit)
        self._emit(limits=sorted(self._over))

    def _pages(self) -> list[Any]:
        pages: list[Any] = []

        def look() -> None:
            for page in _leaves(get(self._root, "/Pages"), self._limits):
                if isinstance(page, pikepdf.Dictionary) and get(page, "/Type") != pikepdf.Name.Pages:
                    pages.append(page)
                else:
                    self._emit(damaged=True, unreadable=True)  # a page is listed and not there

        self._within(look)
        return pages

    def _damage(self) -> bool:
        """Report objects that could not be read as they stand: another reader may see something there, even a script.

        Returns whether repair may bring them.
        """
        remarks = [text for text in map(str, self._pdf.get_warnings()) if not _COSMETIC.search(text)]
        if any(_TOO_LARGE in text and self._is_structure(text) for text in remarks):
            self._overrun(Limit.SYNTAX)
        lost = [text for text in remarks if _TOO_LARGE not in text and self._is_structure(text)]
        if lost and all(_MENDED.search(text) for text in lost):
            return not self._repaired
        if lost:
            self._emit(damaged=True, unreadable=True)
        return False

    def _is_structure(self, text: str) -> bool:
        """Whether a remark is about objects, not about what a page draws: of that, pages tell by themselves."""
        undecoded = _UNDECODED.search(text)
        if undecoded is None:
            return True
        if undecoded.group(1) is None:
            return False
        found = self._pdf.get_object(int(undecoded.group(1)), int(undecoded.group(2)))
        return name_of(found, "/Type") in ("/ObjStm", "/XRef")


def _leaves(root: Any, limits: Limits) -> Iterator[Any]:
    """The pages, in order. A node is what has kids, a page anything else: this is how every reader counts.

    Raises OverLimit for more pages than are looked at.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    visited = 0
    while waiting:
        node = waiting.pop()
        visited += 1
        if visited > 2 * limits.pages:
            raise OverLimit(Limit.PAGES)
        kids = get(node, "/Kids")
        if isinstance(kids, pikepdf.Array):
            if node.is_indirect:
                if node.objgen in seen:
                    continue
                seen.add(node.objgen)
            if len(kids) > limits.pages:
                raise OverLimit(Limit.PAGES)
            waiting.extend(reversed(list(kids)))
        else:
            yield node


def _look_at(pages: list[Any], bare: Collection[int], looking: Looking, emit: Emit, places: Places) -> None:
    """Report which pages are blank, and whether none of them shows anything. `bare`: those with links alone on them."""
    seen: Counter[Shown] = Counter()
    unreadable = 0
    for number, page in enumerate(pages, 1):
        try:
            shown = looking.at(page, bare=number in bare)
        except Undecodable:
            unreadable += 1
            emit(unreadable_pages=unreadable)
            places.note(Found.UNREADABLE_PAGES, number)
            continue
        if shown is None:
            return  # not looked at to the end: unknown
        seen[shown] += 1
        if shown is Shown.NOTHING:
            places.note(Found.BLANK_PAGES, number)
    blank = seen[Shown.NOTHING]
    emit(blank_pages=blank, all_pages_blank=blank == len(pages))
    if not unreadable and not seen[Shown.SOMETHING] and blank < len(pages):
        emit(unseen=Unseen.PICTURES if seen[Shown.BROKEN] else Unseen.HIDDEN)
