"""What a page draws, read from its content streams without drawing it."""

import hashlib
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from kaigong.errors import Refused

from .limits import Limits

_EDGE = rb"[\s\x00()<>\[\]{}/%]"
# Operators that leave a mark: show text, fill or stroke a path, shade, place an inline image or an external object.
_PAINTS = re.compile(
    rb"(?:(?<=" + _EDGE + rb")|^)(Tj|TJ|'|\"|f\*?|F|S|s|B\*?|b\*?|sh|EI|Do)(?=" + _EDGE + rb"|$)",
)
_DRAWS = re.compile(rb"/([^\s\x00()<>\[\]{}/%]+)\s+Do(?=" + _EDGE + rb"|$)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRING = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]+)>")
_TEXT = frozenset((b"Tj", b"TJ", b"'", b'"'))
# What pikepdf raises where qpdf cannot make sense of an object or a stream.
_UNREADABLE = (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, RuntimeError)
_DEPTH = 4  # forms in forms that are followed in search of a mark


class Undecodable(Refused):
    """A page's content streams cannot be decoded."""

    def __init__(self) -> None:
        super().__init__("页面内容无法解码。", "What the page draws cannot be decoded.")


def streams_of(page: Any) -> list[Any]:
    """The content streams of a page, in drawing order."""
    contents = get(page, "/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def get(holder: Any, key: str) -> Any:
    """An entry of a dictionary or stream; None where there is none or it cannot be read."""
    try:
        return holder.get(key)
    except (AttributeError, TypeError, *_UNREADABLE):
        return None  # not a dictionary, or one that qpdf cannot read


def name_of(holder: Any, key: str) -> str:
    """A name that stands as an entry of a dictionary or stream; empty where there is none that can be read."""
    value = get(holder, key)
    try:
        return str(value) if isinstance(value, pikepdf.Name) else ""
    except ValueError:  # not UTF-8
        return ""


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
    """A stream's data. Raises Undecodable."""
    try:
        return bytes(stream.read_bytes())
    except _UNREADABLE as error:
        raise Undecodable from error


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

    def __init__(self, limits: Limits, *, into_forms: bool) -> None:
        """`into_forms`: look whether a form that a page draws leaves a mark itself; else take it that it does."""
        self._limits = limits
        self._into_forms = into_forms
        self._left = limits.blank_decoded

    def is_blank(self, page: Any) -> bool | None:
        """True when nothing on the page leaves a mark; None when the bound was reached before that was clear.

        Raises Undecodable. A page that is a picture of white paper is not blank here: only drawing it would tell.
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
        if not draws or not self._into_forms:
            return draws
        return any(self._object_paints(form, depth) for form in _drawn(data, resources))

    def _object_paints(self, form: Any, depth: int) -> bool:
        if name_of(form, "/Subtype") != "/Form" or depth >= _DEPTH:
            return True
        return self._nothing_painted([form], get(form, "/Resources"), depth + 1) is not True


def _shows_something(data: bytes) -> bool:
    """Whether any string is more than blanks. Word processors put a single space on an empty page."""
    return any(match.group(2) or match.group(1).strip() for match in _STRING.finditer(data))


def _leaves_mark(annotation: Any) -> bool:
    """A filled form field or a stamp makes a page more than blank; a link or a hidden note does not."""
    flags = get(annotation, "/F")
    hidden = isinstance(flags, int) and flags & 0x22
    unseen = name_of(annotation, "/Subtype") in ("/Link", "/Popup")
    return not hidden and not unseen and get(get(annotation, "/AP"), "/N") is not None


def _items(array: Any) -> Iterator[Any]:
    if isinstance(array, pikepdf.Array):
        yield from array


def _drawn(data: bytes, resources: Any) -> Iterator[Any]:
    """The external objects that content draws, once for each time it does; None for one that cannot be found."""
    objects = get(resources, "/XObject")
    for match in _DRAWS.finditer(data):
        name = _ESCAPE.sub(lambda hexadecimal: bytes.fromhex(hexadecimal.group(1).decode()), match.group(1))
        form = get(objects, "/" + name.decode("utf-8", "replace"))
        yield form if isinstance(form, pikepdf.Stream) else None


class Survey:
    """What the first page's content says before another library is let near it.

    `tame`: the text reader may have it. pdfium dies of forms that draw themselves, and takes very long over forms that
    multiply and over huge content. `words`: it shows text at all, which a scan does not: then nobody need look for any,
    and the scanned picture is not fetched.
    """

    def __init__(self, page: Any, limits: Limits) -> None:
        self._limits = limits
        self._draws: dict[tuple[int, int], int] = {}  # by form: how many forms it draws, through forms in forms
        self._open: set[tuple[int, int]] = set()
        self.words = False
        self.digest: str | None = None  # of what is drawn, for the second reader to compare
        self.tame = self._survey(page)

    def _survey(self, page: Any) -> bool:
        limits = self._limits
        streams = streams_of(page)
        stored = sum(raw_length(stream) for stream in streams)
        lzw = sum(raw_length(stream) for stream in streams if has_filter(stream, "/LZWDecode"))
        if len(streams) > limits.content_streams or stored > limits.decoded or lzw > limits.lzw:
            return False
        try:
            data = b"\n".join(decoded(stream) for stream in streams)
            if len(data) > limits.decoded:
                return False
            self.digest = digest(data)
            return self._count(data, inherited(page, "/Resources")) <= limits.draws
        except Undecodable:
            self.words = True  # perhaps: pdfium makes something of what qpdf refuses
            return not any(_is_huge(stream, limits) for stream in streams)  # broken is harmless, huge is not

    def _count(self, data: bytes, resources: Any) -> int:
        """How many times forms are drawn by this content; counted no further than where it is clearly too many."""
        self.words = self.words or any(match.group(1) in _TEXT for match in _PAINTS.finditer(data))
        total = 0
        for form in _drawn(data, resources):
            if form is None:
                self.words = True  # perhaps
            if name_of(form, "/Subtype") != "/Form":
                continue
            key = form.objgen
            if key in self._open or len(self._open) > 50:
                return self._limits.draws + 1  # forms that draw themselves know no end
            if key not in self._draws:
                self._open.add(key)
                own = get(form, "/Resources")
                self._draws[key] = self._count(decoded(form), resources if own is None else own)
                self._open.remove(key)
            total += 1 + self._draws[key]
            if total > self._limits.draws:
                break
        return total


def digest(content: bytes) -> str:
    """A digest of content that does not depend on how its parts were joined."""
    return hashlib.sha256(b"".join(content.split())).hexdigest()


def _is_huge(stream: Any, limits: Limits) -> bool:
    """Whether compressed data grows beyond what qpdf may decode."""
    if not has_filter(stream, "/FlateDecode"):
        return False
    inflated = 0
    inflater = zlib.decompressobj()
    try:
        data = bytes(stream.read_raw_bytes())
        while data and inflated <= limits.decoded:
            inflated += len(inflater.decompress(data, 1024 * 1024))
            data = inflater.unconsumed_tail
    except (zlib.error, *_UNREADABLE):
        return False
    return inflated > limits.decoded
