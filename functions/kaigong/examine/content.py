"""What a page draws, read from its content streams without drawing it."""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import settings

from .limits import Limits

_EDGE = rb"[\s\x00()<>\[\]{}/%]"
# Operators that leave a mark: show text, fill or stroke a path, shade, place an inline image or an external object.
_PAINTS = re.compile(
    rb"(?:(?<=" + _EDGE + rb")|^)(Tj|TJ|'|\"|f\*?|F|S|s|B\*?|b\*?|sh|EI|Do)(?=" + _EDGE + rb"|$)",
)
_DRAWS = re.compile(rb"/([^\s\x00()<>\[\]{}/%]+)\s+Do(?=" + _EDGE + rb"|$)")
_STRING = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]+)>")
_TEXT = frozenset((b"Tj", b"TJ", b"'", b'"'))
_DEPTH = 4  # forms in forms that are followed in search of a mark


class UndecodableError(Exception):
    """A page's content streams cannot be decoded."""


def streams_of(page: Any) -> list[Any]:
    """The content streams of a page, in drawing order."""
    contents = get(page, "/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def get(holder: Any, key: str) -> Any:
    """An entry of a dictionary or stream; None where there is none or it cannot be read."""
    try:
        return holder.get(key)
    except (AttributeError, TypeError, ValueError, RuntimeError, pikepdf.PdfError):
        return None  # not a dictionary, or one that qpdf cannot read


def inherited(page: Any, key: str) -> Any:
    """An entry that a page may take over from the nodes above it."""
    for _ in range(50):
        value = get(page, key)
        if value is not None:
            return value
        page = get(page, "/Parent")
        if page is None:
            return None
    return None


def decoded(stream: Any) -> bytes:
    """A stream's data. Raises UndecodableError."""
    try:
        return bytes(stream.read_bytes())
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, RuntimeError) as error:
        raise UndecodableError from error


def raw_length(stream: Any) -> int:
    """The stored length of a stream, as it says itself."""
    length = get(stream, "/Length")
    return length if isinstance(length, int) else 0


def has_filter(stream: Any, name: str) -> bool:
    """Whether a stream is stored with this filter, alone or among others."""
    filters = get(stream, "/Filter")
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
    return any(isinstance(f, pikepdf.Name) and str(f) == name for f in names)


class BlankSearch:
    """Tells blank pages from others, within a bound on what is decoded for it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.blank_decoded

    def is_blank(self, page: Any) -> bool | None:
        """True when nothing on the page leaves a mark; None when the bound was reached before that was clear.

        Raises UndecodableError. A page that is a picture of white paper is not blank here: only drawing it would tell.
        """
        if any(_leaves_mark(annotation) for annotation in _items(get(page, "/Annots"))):
            return False
        return self._nothing_painted(streams_of(page), inherited(page, "/Resources"), 0)

    def _nothing_painted(self, streams: list[Any], resources: Any, depth: int) -> bool | None:
        if sum(raw_length(stream) for stream in streams) > self._limits.painted:
            return False
        data = b""
        for stream in streams:
            data += decoded(stream) + b"\n"
            self._left -= len(data)
            if self._left < 0:
                return None
        return not self._paints(data, resources, depth)

    def _paints(self, data: bytes, resources: Any, depth: int) -> bool:
        draws = blank_text = False
        for match in _PAINTS.finditer(data):
            operator = match.group(1)
            if operator == b"Do":
                draws = True
            elif operator not in _TEXT or (not blank_text and _shows_something(data)):
                return True
            else:
                blank_text = True
        return draws and any(self._object_paints(form, depth) for _, form in _drawn(data, resources))

    def _object_paints(self, form: Any, depth: int) -> bool:
        if str(get(form, "/Subtype")) != "/Form" or depth >= _DEPTH:
            return True
        return self._nothing_painted([form], get(form, "/Resources"), depth + 1) is not True


def _shows_something(data: bytes) -> bool:
    """Whether any string is more than blanks. Word processors put a single space on an empty page."""
    return any(match.group(2) or match.group(1).strip() for match in _STRING.finditer(data))


def _leaves_mark(annotation: Any) -> bool:
    """A filled form field or a stamp makes a page more than blank; a link or a hidden note does not."""
    flags = get(annotation, "/F")
    hidden = isinstance(flags, int) and flags & 0x22
    unseen = str(get(annotation, "/Subtype")) in ("/Link", "/Popup")
    return not hidden and not unseen and get(get(annotation, "/AP"), "/N") is not None


def _items(array: Any) -> Iterator[Any]:
    if isinstance(array, pikepdf.Array):
        yield from array


def _drawn(data: bytes, resources: Any) -> Iterator[tuple[str, Any]]:
    """The external objects that content draws, once for each time it does."""
    objects = get(resources, "/XObject")
    for match in _DRAWS.finditer(data):
        name = "/" + match.group(1).decode("latin-1")
        form = get(objects, name)
        if isinstance(form, pikepdf.Stream):
            yield name, form


def is_tame(page: Any, limits: Limits) -> bool:
    """Whether the page may be given to the text reader without it choking.

    pdfium dies of forms that draw themselves, and takes very long over forms that multiply and over huge content.
    """
    streams = streams_of(page)
    if len(streams) > limits.content_streams:
        return False
    if sum(raw_length(s) for s in streams if has_filter(s, "/LZWDecode")) > limits.lzw:
        return False
    if sum(raw_length(s) for s in streams) > limits.decoded:
        return False
    bounded = settings.qpdf_limit_errors()
    try:
        data = b"\n".join(decoded(stream) for stream in streams)
        if len(data) > limits.decoded:
            return False
        _count_draws(data, inherited(page, "/Resources"), {}, set(), limits)
    except _WildError:
        return False
    except UndecodableError:
        return settings.qpdf_limit_errors() == bounded  # broken content is harmless, huge content is not
    return True


class _WildError(Exception):
    """Forms draw themselves, or multiply beyond the bound."""


def _count_draws(
    data: bytes, resources: Any, known: dict[tuple[int, int], int], open_forms: set[tuple[int, int]], limits: Limits
) -> int:
    """How many times forms are drawn by this content, through forms in forms."""
    total = 0
    for _, form in _drawn(data, resources):
        if str(get(form, "/Subtype")) != "/Form":
            continue
        key = form.objgen
        if key in open_forms or len(open_forms) > 50:
            raise _WildError
        if key not in known:
            open_forms.add(key)
            own = get(form, "/Resources")
            known[key] = _count_draws(decoded(form), resources if own is None else own, known, open_forms, limits)
            open_forms.remove(key)
        total += 1 + known[key]
        if total > limits.draws:
            raise _WildError
    return total
