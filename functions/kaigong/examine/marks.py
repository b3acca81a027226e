"""Whether a page shows anything, read from what it draws without drawing it.

A page is looked at as far as the first mark that a reader of it would see. White paint leaves none, nor does text that
is set to be invisible, nor what stands on a layer that is off.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import pikepdf

from kaigong.domain.model.features import Limit

from .content import UNREADABLE, TooLarge, decoded, get, inherited, items, name_of, named, raw_length, streams_of
from .glance import seen_at_once
from .limits import Limits, OverLimit

_TOKEN = re.compile(
    rb"(?:[\x00\t\n\x0c\r ]+|%[^\r\n]*)*+(?:(?P<number>[+-]?+(?:\d++\.?+\d*+|\.\d++)(?![^\x00\t\n\x0c\r ()<>\[\]{}/%]))"
    rb"|(?P<word>[^\x00\t\n\x0c\r ()<>\[\]{}/%]++)|(?P<name>/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*+)|(?P<string>\()"
    rb"|(?P<hex><[0-9A-Fa-f\x00\t\n\x0c\r ]*>)|(?P<mark><<|>>|[\[\]{}<>)]))"
)
# Operators that leave no mark by themselves, with the numbers and names before them: most of what a page begins with.
_SILENT = re.compile(
    rb"(?:(?:[\x00\t\n\x0c\r ]++(?:[+-]?+[\d.]++|/[^\x00\t\n\x0c\r ()<>\[\]{}/%]++))*+[\x00\t\n\x0c\r ]++"
    rb"(?:BT|ET|T[dDmLcwzsf*]|re|[mlcvyhnwWJjMi]|W\*|cm|gs|ri)(?=[\x00\t\n\x0c\r ]))*+"
)
_BRACKET = re.compile(rb"[()\\]")
_SKIPPED_ESCAPE = re.compile(rb"\\(?:\r\n|[\r\n])")  # a backslash before the line's end: the string goes on
_INLINE_END = re.compile(rb"[\x00\t\n\x0c\r ]EI(?=[\x00\t\n\x0c\r ]|$)")
_TEXT = frozenset((b"Tj", b"TJ", b"'", b'"'))
_FILLS = frozenset((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"))
_STROKES = frozenset((b"S", b"s", b"B", b"B*", b"b", b"b*"))
_DEPTH = 4  # forms in forms that are followed in search of a mark
_OPERANDS = 64  # that are kept of one operator: an array of text may be longer, and its start shows enough
_WHITE, _NO_INK = 0.999, 0.001  # of 1: nobody sees the difference
_COMPONENTS = {"/DeviceGray": 1, "/CalGray": 1, "/G": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/RGB": 3, "/DeviceCMYK": 4}
_INVISIBLE, _ONLY_CLIPS = 3, 7  # text rendering modes (ISO 32000-2, table 104)
# Annotations that viewers draw, also where no appearance was stored (ISO 32000-2, 12.5.6).
_DRAWN = frozenset((
    "/FreeText", "/Stamp", "/Ink", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Caret", "/Redact",
))  # fmt: skip
LEAVES_MARK = frozenset((*_DRAWN, "/AP", "/Widget"))  # none of these names stands in an annotation that shows nothing
_NOT_SHOWN = 0x22  # flags of an annotation: hidden, no view


class Shown(StrEnum):
    """What a page shows."""

    SOMETHING = "something"
    HIDDEN = "hidden"  # it has content, none of which is seen
    BROKEN = "broken"  # pictures that do not decode, and nothing else
    NOTHING = "nothing"


@dataclass
class _Ink:
    """The part of the graphics state that says whether painting leaves a mark."""

    fills: bool = True
    strokes: bool = True
    fill_space: int | None = 1  # components of the colour space; None: one in which no value is known to be white
    stroke_space: int | None = 1
    mode: int = 0  # text rendering mode

    def copy(self) -> Self:
        """For the graphics state that is put aside at each `q`: `dataclasses.replace` takes five times as long."""
        return type(self)(self.fills, self.strokes, self.fill_space, self.stroke_space, self.mode)


class Looking:
    """Looks at one page after another, within a bound on what is decoded for it."""

    def __init__(self, limits: Limits, off: frozenset[tuple[int, int]], *, closely: bool) -> None:
        """`off`: layers that are not shown. `closely`: look into forms and pictures too; else take it that they show
        something: in a file that is fetched by ranges each may cost a request of its own.
        """
        self._limits = limits
        self._off = off
        self._closely = closely
        self._left = limits.blank_decoded

    def at(self, page: Any, *, bare: bool = False) -> Shown | None:
        """What this page shows; None when the bound was reached before that was clear. Raises Undecodable.

        `bare`: nothing that hangs on it leaves a mark.

        A page that is a picture of white paper shows something here: only drawing it would tell.
        """
        if not bare and any(_leaves_mark(annotation) for annotation in items(get(page, "/Annots"))):
            return Shown.SOMETHING
        try:
            return self._drawing(streams_of(page), page, _Ink(), 0)
        except OverLimit:
            return None

    def _drawing(self, streams: list[Any], holder: Any, ink: _Ink, depth: int) -> Shown:
        """What these draw, with the resources of a page, or of the form itself where it has some."""
        if sum(raw_length(stream) for stream in streams) > self._limits.painted:
            return Shown.SOMETHING
        data = b""
        for stream in streams:
            try:
                data += decoded(stream, self._limits.decoded) + b"\n"
            except TooLarge:
                return Shown.SOMETHING
            self._left -= len(data)
            if self._left < 0:
                raise OverLimit(Limit.BYTES)
        if ink.fills and ink.strokes and not ink.mode and seen_at_once(data, layers=bool(self._off)):
            return Shown.SOMETHING
        resources = holder if depth else inherited(holder, "/Resources")
        return self._painted(data, resources, ink, depth)

    def _painted(self, data: bytes, resources: Any, ink: _Ink, depth: int) -> Shown:
        worst = Shown.NOTHING
        kept: list[_Ink] = []
        layers: list[bool] = []  # of each marked part that is open: whether its layer is off
        for operator, operands in _operations(data):
            if operator == b"q":
                kept.append(ink.copy())
            elif operator == b"Q":
                ink = kept.pop() if kept else ink
            elif operator in (b"BDC", b"BMC"):
                layers.append(operator == b"BDC" and self._is_off(operands, resources))
            elif operator == b"EMC":
                layers = layers[:-1]
            elif operator in _SETS:
                _SETS[operator](ink, operands, resources)
            else:
                seen = self._mark(operator, operands, resources, ink, depth)
                if seen is Shown.SOMETHING and not any(layers):
                    return seen
                if seen is not Shown.NOTHING and worst is not Shown.BROKEN:
                    worst = Shown.HIDDEN if any(layers) else seen
        return worst

    def _mark(self, operator: bytes, operands: list[Any], resources: Any, ink: _Ink, depth: int) -> Shown:
        """What this operator leaves on the page."""
        if operator in _TEXT:
            if not any(_shows(operand) for operand in operands):
                return Shown.NOTHING
            if ink.mode in (_INVISIBLE, _ONLY_CLIPS):
                return Shown.HIDDEN
            filled, stroked = ink.mode % 4 != 1, ink.mode % 4 in (1, 2)
            return Shown.SOMETHING if (filled and ink.fills) or (stroked and ink.strokes) else Shown.HIDDEN
        if operator == b"Do":
            return self._external(operands[-1] if operands else b"", resources, ink, depth)
        painted = (operator in _FILLS and ink.fills) or (operator in _STROKES and ink.strokes)
        return Shown.SOMETHING if painted or operator in (b"sh", b"EI") else Shown.NOTHING

    def _external(self, name: Any, resources: Any, ink: _Ink, depth: int) -> Shown:
        """What an external object leaves: a picture or a form."""
        if not self._closely and not self._off:
            return Shown.SOMETHING
        found = get(get(resources, "/XObject"), named(name)) if isinstance(name, bytes) else None
        if not isinstance(found, pikepdf.Stream):
            return Shown.BROKEN
        if self._layer_is_off(get(found, "/OC")):
            return Shown.HIDDEN
        if not self._closely:
            return Shown.SOMETHING
        if name_of(found, "/Subtype") != "/Form":
            return Shown.SOMETHING if _has_picture(found) else Shown.BROKEN
        if depth >= _DEPTH:
            return Shown.SOMETHING
        own = get(found, "/Resources")
        return self._drawing([found], resources if own is None else own, ink.copy(), depth + 1)

    def _is_off(self, operands: list[Any], resources: Any) -> bool:
        if len(operands) < 2 or operands[0] != b"/OC" or not isinstance(operands[1], bytes):
            return False
        return self._layer_is_off(get(get(resources, "/Properties"), named(operands[1])))

    def _layer_is_off(self, layer: Any) -> bool:
        """Whether a layer, or all those that a membership names, are off (ISO 32000-2, 8.11.2)."""
        if layer is None or not self._off:
            return False
        if name_of(layer, "/Type") != "/OCMD":
            return layer.objgen in self._off
        groups = get(layer, "/OCGs")
        listed = list(groups) if isinstance(groups, pikepdf.Array) else [groups]
        states = [group.objgen in self._off for group in listed if isinstance(group, pikepdf.Dictionary)]
        if not states:
            return False
        match name_of(layer, "/P"):
            case "/AllOn":
                return any(states)
            case "/AnyOff":
                return not any(states)
            case "/AllOff":
                return not all(states)
            case _:
                return all(states)


def layers_off(root: Any) -> frozenset[tuple[int, int]]:
    """The layers that a viewer does not show when it opens the document (8.11.4)."""
    properties = get(root, "/OCProperties")
    default = get(properties, "/D")
    off = {group.objgen for group in items(get(default, "/OFF"))}
    if name_of(default, "/BaseState") == "/OFF":
        on = {group.objgen for group in items(get(default, "/ON"))}
        off |= {group.objgen for group in items(get(properties, "/OCGs"))} - on
    return frozenset(off)


def _leaves_mark(annotation: Any) -> bool:
    """A filled form field, a stamp or a typed comment makes a page more than blank; a link or hidden note does not."""
    flags = get(annotation, "/F")
    if isinstance(flags, int) and flags & _NOT_SHOWN:
        return False
    kind = name_of(annotation, "/Subtype")
    if kind in ("/Link", "/Popup"):
        return False
    if get(get(annotation, "/AP"), "/N") is not None or kind in _DRAWN:
        return True
    return kind == "/Widget" and _has_value(annotation)


def _has_value(field: Any) -> bool:
    """Whether a form field, or the one above it, is filled in with something that is shown."""
    value = inherited(field, "/V")
    if isinstance(value, pikepdf.String):
        return bool(bytes(value).strip())
    return isinstance(value, pikepdf.Array) and len(value) > 0


def _has_picture(picture: Any) -> bool:
    """Whether a picture's data can be those of a picture: their start tells, at next to no cost."""
    filters = get(picture, "/Filter")
    names = [str(f) for f in (filters if isinstance(filters, pikepdf.Array) else [filters]) if f is not None]
    try:
        raw = bytes(picture.read_raw_bytes())
        if names == ["/DCTDecode"]:
            return raw.lstrip()[:2] == b"\xff\xd8" and b"\xff\xda" in raw
        return bool(zlib.decompressobj().decompress(raw, 1) if names == ["/FlateDecode"] else raw)
    except (zlib.error, *UNREADABLE):
        return False


def _shows(operand: Any) -> bool:
    """Whether a string is more than blanks. Word processors put a single space on an empty page."""
    return isinstance(operand, bytearray) and bool(operand.strip(b" \x00\t\r\n"))


def _operations(data: bytes) -> Iterator[tuple[bytes, list[Any]]]:
    """Each operator that tells something, with its operands: names as bytes, strings as bytearrays, numbers as floats.

    Most of a drawing is lines from one point to the next, which show nothing until they are painted.
    """
    at = 0
    operands: list[Any] = []
    while match := _TOKEN.match(data, at):
        at = match.end()
        match match.lastgroup:
            case "number":
                operands.append(float(match["number"]))
            case "name":
                operands.append(match["name"])
            case "string":
                at, string = _string(data, at)
                operands.append(string)
            case "hex":
                digits = re.sub(rb"[^0-9A-Fa-f]", b"", match["hex"])
                operands.append(bytearray.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
            case "word":
                word = match["word"]
                if word == b"ID":  # a picture in line: what follows are its data
                    end = _INLINE_END.search(data, at)
                    at, word = (end.end() if end else len(data)), b"EI"
                if word in _TELLING:
                    yield word, operands
                operands = []
                if silent := _SILENT.match(data, at):
                    at = silent.end()
        if len(operands) > _OPERANDS:
            del operands[_OPERANDS // 2]


def _string(data: bytes, at: int) -> tuple[int, bytearray]:
    """A string that was opened before `at`: where it ends, and what it says, escapes left as they are."""
    depth, start = 1, at
    while match := _BRACKET.search(data, at):
        at = match.end()
        if match.group() == b"\\":
            at += 1
        else:
            depth += 1 if match.group() == b"(" else -1
            if not depth:
                return at, bytearray(_SKIPPED_ESCAPE.sub(b"", data[start : at - 1]))
    return len(data), bytearray(data[start:])


def _colour(operands: list[Any], components: int | None) -> bool:
    """Whether this colour is seen on white paper."""
    numbers = [value for value in operands if isinstance(value, float)]
    if components is None or len(numbers) != components:
        return True
    return max(numbers) > _NO_INK if components == 4 else min(numbers) < _WHITE


def _space(operands: list[Any], resources: Any) -> int | None:
    name = operands[-1] if operands and isinstance(operands[-1], bytes) else b""
    if known := _COMPONENTS.get(named(name)):
        return known
    space = get(get(resources, "/ColorSpace"), named(name))
    if isinstance(space, pikepdf.Array) and len(space) > 1 and isinstance(space[0], pikepdf.Name):
        if str(space[0]) == "/ICCBased":
            return {1: 1, 3: 3, 4: 4}.get(get(space[1], "/N"))
        return _COMPONENTS.get(str(space[0]))
    return None


def _set_fill(components: int) -> Any:
    def set_(ink: _Ink, operands: list[Any], _: Any) -> None:
        ink.fills, ink.fill_space = _colour(operands, components), components

    return set_


def _set_stroke(components: int) -> Any:
    def set_(ink: _Ink, operands: list[Any], _: Any) -> None:
        ink.strokes, ink.stroke_space = _colour(operands, components), components

    return set_


def _fill_space(ink: _Ink, operands: list[Any], resources: Any) -> None:
    ink.fills, ink.fill_space = True, _space(operands, resources)


def _stroke_space(ink: _Ink, operands: list[Any], resources: Any) -> None:
    ink.strokes, ink.stroke_space = True, _space(operands, resources)


def _fill_colour(ink: _Ink, operands: list[Any], _: Any) -> None:
    ink.fills = _colour(operands, ink.fill_space)


def _stroke_colour(ink: _Ink, operands: list[Any], _: Any) -> None:
    ink.strokes = _colour(operands, ink.stroke_space)


def _mode(ink: _Ink, operands: list[Any], _: Any) -> None:
    if operands and isinstance(operands[-1], float):
        ink.mode = int(operands[-1])


_SETS: dict[bytes, Any] = {
    b"g": _set_fill(1),
    b"rg": _set_fill(3),
    b"k": _set_fill(4),
    b"G": _set_stroke(1),
    b"RG": _set_stroke(3),
    b"K": _set_stroke(4),
    b"cs": _fill_space,
    b"CS": _stroke_space,
    b"sc": _fill_colour,
    b"scn": _fill_colour,
    b"SC": _stroke_colour,
    b"SCN": _stroke_colour,
    b"Tr": _mode,
}
_TELLING = frozenset((*_SETS, *_TEXT, *_FILLS, *_STROKES, b"q", b"Q", b"BDC", b"BMC", b"EMC", b"Do", b"sh", b"EI"))
