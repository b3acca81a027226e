"""What a page draws, read from its content streams without drawing it."""

import hashlib
import re
import zlib
from collections.abc import Collection, Iterator
from typing import Any

import pikepdf

from kaigong.domain.model.features import Fonts
from kaigong.errors import Refused

from .limits import Limits

_EDGE = rb"[\s\x00()<>\[\]{}/%]"
_EDGES = b"\x00\t\n\x0b\x0c\r ()<>[]{}/%"
_TEXT = (b"Tj", b"TJ", b"'", b'"')  # operators
_DRAWS = re.compile(rb"/([^\s\x00()<>\[\]{}/%]+)\s+Do(?=" + _EDGE + rb"|$)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
# What pikepdf raises where qpdf cannot make sense of an object or a stream.
UNREADABLE = (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, RuntimeError)
_SPACE = b" \t\n\r\x0b\x0c"


class Undecodable(Refused):
    """A page's content streams cannot be decoded."""

    def __init__(self) -> None:
        super().__init__("页面内容无法解码。", "What the page draws cannot be decoded.")


class TooLarge(Undecodable):
    """They can, and are more than we decode."""


def streams_of(page: Any) -> list[Any]:
    """The content streams of a page, in drawing order."""
    contents = get(page, "/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def get(holder: Any, key: str) -> Any:
    """An entry of a dictionary or stream; None where there is none or it cannot be read.

    Nine of ten are not there; to find that out by `get` alone costs the binding an exception, ten times as much.
    """
    try:
        return holder.get(key) if key in holder else None
    except (AttributeError, TypeError, *UNREADABLE):
        return None  # not a dictionary, or one that qpdf cannot read


def entries(holder: Any) -> Collection[str]:
    """What a dictionary has entries for; nothing where it is none or cannot be read."""
    try:
        keys: set[str] = holder.keys()
    except (AttributeError, TypeError, *UNREADABLE):
        return ()
    return keys


def as_written(item: Any) -> bytes:
    """An object as qpdf would write it: names spelled without needless escapes, references left as they are. One call
    instead of one for each entry. Nothing where it cannot be read.
    """
    try:
        written: bytes = item.unparse(resolved=True)
    except (AttributeError, *UNREADABLE):
        return b""
    return written


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


def named(raw: bytes) -> str:
    """A name as it stands in content, as dictionaries spell it."""
    name = _ESCAPE.sub(lambda hexadecimal: bytes.fromhex(hexadecimal.group(1).decode()), raw)
    return name.decode("utf-8", "replace")


def items(array: Any) -> Iterator[Any]:
    """What an array holds; nothing where it is none."""
    if isinstance(array, pikepdf.Array):
        yield from array


def decoded(stream: Any, most: int) -> bytes:
    """A stream's data. Raises Undecodable, TooLarge where they are more than `most` bytes.

    Compressed data, nearly all there are, are not left to qpdf: it calls broken what is only large.
    """
    try:
        if name_of(stream, "/Filter") == "/FlateDecode" and get(stream, "/DecodeParms") is None:
            inflater = zlib.decompressobj()
            data = inflater.decompress(bytes(stream.read_raw_bytes()), most + 1)
            if len(data) > most:
                raise TooLarge
            if inflater.eof:
                return data
        return bytes(stream.read_bytes())
    except (zlib.error, *UNREADABLE) as error:
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


def _drawn(data: bytes, resources: Any) -> Iterator[Any]:
    """The external objects that content draws, once for each time it does; None for one that cannot be found."""
    objects = get(resources, "/XObject")
    for match in () if b"Do" not in data else _DRAWS.finditer(data):
        form = get(objects, "/" + named(match.group(1)))
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
            data = b"\n".join(decoded(stream, limits.decoded) for stream in streams)
            if len(data) > limits.decoded:
                return False
            self.digest = digest(data)
            return self._count(data, inherited(page, "/Resources")) <= limits.draws
        except TooLarge:
            return False
        except Undecodable:
            self.words = True  # perhaps: pdfium makes something of what qpdf refuses
            return True  # broken is harmless, huge is not

    def _count(self, data: bytes, resources: Any) -> int:
        """How many times forms are drawn by this content; counted no further than where it is clearly too many."""
        self.words = self.words or _shows_text(data)
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
                self._draws[key] = self._count(decoded(form, self._limits.decoded), resources if own is None else own)
                self._open.remove(key)
            total += 1 + self._draws[key]
            if total > self._limits.draws:
                break
        return total


def fonts_of(page: Any) -> set[Fonts]:
    """What makes the text of a page hard to read: fonts of which readers cannot tell the characters for certain."""
    found = set()
    fonts = get(inherited(page, "/Resources"), "/Font")
    for key in list(fonts.keys()) if isinstance(fonts, pikepdf.Dictionary) else ():
        font = get(fonts, key)
        if name_of(font, "/Subtype") != "/Type0" or get(font, "/ToUnicode") is not None:
            continue
        encoding = name_of(font, "/Encoding")
        if encoding.startswith("/Identity"):
            (descendant, *_) = [*items(get(font, "/DescendantFonts")), None]
            ordering = get(get(descendant, "/CIDSystemInfo"), "/Ordering")
            if ordering is None or bytes(ordering) in (b"Identity", b"UCS"):
                found.add(Fonts.UNMAPPED)
        elif encoding:
            found.add(Fonts.BY_CMAP)
    return found


def _shows_text(data: bytes) -> bool:
    """Whether content shows text. Drawings are many megabytes of lines, which a plain search passes over fastest."""
    for operator in _TEXT:
        at = data.find(operator)
        while at >= 0:
            end = at + len(operator)
            if (not at or data[at - 1] in _EDGES) and (end == len(data) or data[end] in _EDGES):
                return True
            at = data.find(operator, at + 1)
    return False


def digest(content: bytes) -> str:
    """A digest of content that does not depend on how its parts were joined."""
    return hashlib.sha256(content.translate(None, _SPACE)).hexdigest()
