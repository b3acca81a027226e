"""The structure of a PDF, by qpdf, in a limited child."""

import io
import os
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
from pikepdf import settings

from kaigong.domain.model.facts import Limit, Opens

from .child import Emit
from .content import BlankSearch, Survey, Undecodable, get
from .limits import Limits, OverLimit
from .revisions import count_updates
from .walk import Walk

_ENCRYPT = re.compile(rb"/Encrypt[\s/<\d]")


def warm_up() -> bytes:
    """Use qpdf once in the parent, so that each child inherits it ready. Returns the small document it was used on."""
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file)
    Walk(Limits(), lambda _: None).catalogue(pikepdf.open(file, attempt_recovery=False).Root)
    return file.getvalue()


def read_structure(stream: BinaryIO, emit: Emit, limits: Limits) -> None:
    """Report what the document is made of, most important first: whatever ends this, what was reported stays."""
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
    pdf = _open(stream, emit, limits)
    if pdf is None:
        return
    pdf.get_warnings()  # what was odd so far does not matter; from here on it tells what could not be read
    emit(opens=Opens.YES, encrypted=bool(pdf.is_encrypted))
    root = get(pdf.trailer, "/Root")
    declared = get(get(root, "/Pages"), "/Count")
    if isinstance(declared, int) and 0 < declared <= limits.pages:
        emit(pages=declared)
    emit(incremental_updates=count_updates(stream))
    pages = _walk(pdf, root, emit, limits)
    # In a file that is fetched by ranges each form or image may cost a request of its own.
    _blank_pages(pages, BlankSearch(limits, into_forms=isinstance(stream, io.BytesIO)), emit)


def _open(stream: BinaryIO, emit: Emit, limits: Limits) -> Any:
    """The document, or None after having reported why there is none.

    A file that needs repair is looked into as well, and reported as damaged: what it carries is told at once.
    """
    import pikepdf

    for repair in (False, True):
        try:
            pdf = pikepdf.open(stream, attempt_recovery=repair, inherit_page_attributes=False)
            emit(damaged=repair, strict=not repair)
            return pdf
        except pikepdf.PasswordError:
            emit(opens=Opens.LOCKED, encrypted=True)
            return None
        except MemoryError:
            raise
        except Exception:
            # qpdf's own errors, and whatever else a broken file makes the binding raise: all mean "not like this"
            emit(opens=Opens.NO)
            if settings.qpdf_limit_errors():
                emit(limits=[Limit.SYNTAX])
            if _length(stream) > limits.repair:
                break
    encrypted = _mentions_encryption(stream)
    emit(encrypted=encrypted, damaged=not encrypted)
    return None


def _length(stream: BinaryIO) -> int:
    return stream.seek(0, os.SEEK_END)


def _mentions_encryption(stream: BinaryIO) -> bool:
    """Whether a file that does not open says it is encrypted: by certificate, or a scheme that readers do not know."""
    size = _length(stream)
    stream.seek(max(0, size - 65536))
    tail = stream.read(65536)
    stream.seek(0)
    return bool(_ENCRYPT.search(tail) or _ENCRYPT.search(stream.read(65536)))


def _walk(pdf: Any, root: Any, emit: Emit, limits: Limits) -> list[Any]:
    """Report the pages and what the document carries. Returns the pages."""
    over: set[Limit] = set()

    def overrun(limit: Limit) -> None:
        over.add(limit)
        emit(limits=sorted(over))

    pages: list[Any] = []
    try:
        for page in _leaves(get(root, "/Pages"), limits):
            if isinstance(page, pikepdf.Dictionary) and get(page, "/Type") != pikepdf.Name.Pages:
                pages.append(page)
            else:
                emit(damaged=True)  # a page is listed and not there
    except OverLimit as too_many:
        overrun(too_many.limit)
    if not pages:
        emit(opens=Opens.NO, pages=0)
        _tell_damage(pdf, emit)
        return []
    first = Survey(pages[0], limits)
    emit(pages=len(pages), tame=first.tame, words=first.words, drawing=first.digest)

    told: set[str] = set()

    def found(what: str) -> None:
        if what not in told:
            told.add(what)
            emit(**{what: True})

    walk = Walk(limits, found)
    try:
        walk.catalogue(root)
        emit(signed=walk.signatures > 0, signatures=walk.signatures)
        for page in pages:
            walk.page(page)
    except OverLimit as too_many:
        overrun(too_many.limit)
    if settings.qpdf_limit_errors():
        overrun(Limit.SYNTAX)
    _tell_damage(pdf, emit)
    return pages


def _tell_damage(pdf: Any, emit: Emit) -> None:
    """Report when an object could not be read as it stands: another reader may see something there, even a script."""
    if pdf.get_warnings():
        emit(damaged=True, unreadable=True)


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


def _blank_pages(pages: list[Any], search: BlankSearch, emit: Emit) -> None:
    blank = unreadable = 0
    for page in pages:
        try:
            verdict = search.is_blank(page)
        except Undecodable:
            unreadable += 1
            emit(unreadable_pages=unreadable)
            continue
        if verdict is None:
            return  # not looked at to the end: unknown
        blank += verdict
    if pages:
        emit(blank_pages=blank, all_pages_blank=blank == len(pages))
