"""The pages of an OFD document as a PDF to look at: pictures, lines and text where the document has them.

Not the paper itself: letters are drawn in what Chinese font the reader's viewer has, and what is not drawn (seals,
patterns, pictures of rare kinds) is missing. GB/T 33190: millimetres, from the upper left corner.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image

from .limits import Limits
from .ofd import Archive, Layout, Node
from .raster import MOST_PAGES, drawable, reduced, too_large

_DRAWN = 4 * 1024 * 1024  # bytes of what all pages draw
_DEEPEST = 8  # blocks in blocks, and graphics in graphics
_POINTS = 72 / 25.4  # in a millimetre
_PICTURES = ["JPEG", "PNG", "BMP", "GIF", "TIFF"]
_A4 = (0.0, 0.0, 210.0, 297.0)
_OBJECTS = frozenset(("ImageObject", "TextObject", "PathObject", "CompositeObject"))
_LINE = 0.353  # width of one that states none
_BLACK = (0.0, 0.0, 0.0)
_COLOURS = {1: "g", 3: "rg", 4: "k"}  # operators, by how many parts a colour has
_PATHS = {"M": (2, "m"), "S": (2, "m"), "L": (2, "l"), "B": (6, "c"), "C": (0, "h"), "Q": (4, ""), "A": (7, "")}


def pages_of_ofd(stream: BinaryIO, limits: Limits) -> bytes | None:
    """The PDF; None for a document that is too large for one. Raises whatever a broken document makes readers raise."""
    archive, out = Archive(stream), io.BytesIO()
    layout = Layout(archive)
    if len(layout.listed) > MOST_PAGES:
        return None
    left = _DRAWN
    with pikepdf.new() as pdf:
        pictures: dict[str, _Picture | None] = {}  # by part: a letterhead is on each page
        font = pdf.make_indirect(_font(pdf))
        for page in layout.listed:
            sheet = _Sheet(pdf, archive, layout, pictures, limits)
            place = layout.place(page)
            if place is not None:
                sheet.draw(archive.xml(place), place)
            left -= len(sheet.content)
            if left < 0:
                return None
            width, height = sheet.box[2] * _POINTS, sheet.box[3] * _POINTS
            made = pdf.add_blank_page(page_size=(width, height))
            made.Resources = Dictionary(Font=Dictionary(T=font), XObject=Dictionary(sheet.used))
            down = (_POINTS, 0, 0, -_POINTS, -sheet.box[0] * _POINTS, height + sheet.box[1] * _POINTS)
            made.Contents = pdf.make_stream(f"{_matrix(down)}\n".encode() + sheet.content)
        pdf.save(out)
    return out.getvalue()


def _font(pdf: Any) -> Any:
    """A font that viewers have for Chinese without one being in the file (ISO 32000-2, 9.7.5.2)."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/STSong-Light"), Flags=6, FontBBox=[-25, -254, 1000, 880],
        ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=880, StemV=93,
    )  # fmt: skip
    below = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"), DW=1000,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("GB1"), Supplement=4),
        FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/STSong-Light-UniGB-UTF16-H"),
        Encoding=Name("/UniGB-UTF16-H"), DescendantFonts=[pdf.make_indirect(below)],
    )  # fmt: skip


class _Picture(NamedTuple):
    """A picture as pages draw it."""

    name: str
    object: Any


class _Sheet:
    """One page as it is drawn. `pictures`: those that pages have drawn so far; None for what is no picture."""

    def __init__(
        self, pdf: Any, archive: Archive, layout: Layout, pictures: dict[str, _Picture | None], limits: Limits
    ) -> None:
        self._pdf = pdf
        self._archive = archive
        self._layout = layout
        self._pictures = pictures
        self._limits = limits
        self._media: Mapping[str, str] = {}  # parts of pictures, by what pages call them
        self._composites: Mapping[str, Node] = {}
        self.box = _box(layout.common.first("PageArea")) or _A4
        self.content = b""
        self.used: dict[str, Any] = {}  # pictures that are drawn, by name

    def draw(self, content: Node, place: str) -> None:
        self.box = _box(content.first("Area")) or self.box
        resources = self._layout.resources(content, place)
        self._media, self._composites = resources.media, resources.composites
        layers = (part.first("Content") for part in self._layout.with_templates(content))
        self.content = "\n".join(line for each in layers if each for line in self._block(each, 0)).encode()

    def _block(self, block: Node, depth: int) -> Iterator[str]:
        for node in block.children if depth < _DEEPEST else ():
            if node.name in ("Layer", "PageBlock"):
                yield from self._block(node, depth + 1)
            elif node.name in _OBJECTS:
                with suppress(ValueError):  # a number that is none: the page is drawn without the object
                    yield "\n".join(["q " + _placed(node), *self._object(node, depth), "Q"])

    def _object(self, node: Node, depth: int) -> Iterator[str]:
        match node.name:
            case "ImageObject":
                yield from self._picture(node)
            case "TextObject":
                yield from _text(node)
            case "PathObject":
                yield _path(node)
            case _:
                if unit := self._composites.get(node.attributes.get("ResourceID", "")):
                    yield from self._block(unit.first("Content") or unit, depth + 1)

    def _picture(self, node: Node) -> Iterator[str]:
        part = self._media.get(node.attributes.get("ResourceID", ""))
        if part is None:
            return
        if part not in self._pictures:
            made = self._made(self._archive.data(part))
            self._pictures[part] = _Picture(f"/P{len(self._pictures)}", made) if made is not None else None
        if (picture := self._pictures[part]) is None:
            return
        self.used[picture.name] = picture.object
        _, _, width, height = _numbers(node, "Boundary", 4) or _A4
        size = "" if _numbers(node, "CTM", 6) else f"{width:.3f} 0 0 {height:.3f} 0 0 cm "
        yield f"{size}1 0 0 -1 0 1 cm {picture.name} Do"

    def _made(self, data: bytes) -> Any:
        """A picture as a PDF has it; None for one that is too large or does not decode."""
        try:
            with Image.open(io.BytesIO(data), formats=_PICTURES) as image:
                if too_large(image, self._limits):
                    return None
                seen = image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
        except MemoryError:
            raise
        except Exception:  # of whatever kind: the page is drawn without it
            return None
        seen = reduced(seen)
        # A photograph stays one; of what has few colours, and of what shines through, each pixel is kept.
        flat = seen.convert("RGB")
        picture = drawable(self._pdf, flat, photo=flat.getcolors(256) is None)
        if seen.mode == "RGBA":
            picture.SMask = drawable(self._pdf, seen.getchannel("A"), photo=False)
        return picture


def _numbers(node: Node, name: str, count: int) -> tuple[float, ...] | None:
    """So many numbers of an attribute; None where it has others. Raises ValueError for what is none."""
    found = tuple(float(word) for word in node.attributes.get(name, "").split())
    return found if len(found) == count else None


def _box(area: Node | None) -> tuple[float, ...] | None:
    """A page's size, of which a viewer makes something."""
    words = area.said("PhysicalBox").split() if area else []
    found = tuple(float(word) for word in words)
    return found if len(found) == 4 and min(found[2:]) >= 10 and max(found[2:]) <= 5000 else None


def _placed(node: Node) -> str:
    """From the page's coordinates to those of an object on it, which is seen within its bounds alone."""
    x, y, width, height = _numbers(node, "Boundary", 4) or _A4
    clip = f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re W n " if node.name == "ImageObject" else ""
    matrix = _numbers(node, "CTM", 6)
    return f"{clip}{_matrix((1, 0, 0, 1, x, y))} {_matrix(matrix) if matrix else ''}"


def _matrix(numbers: tuple[float, ...]) -> str:
    return " ".join(f"{number:.5f}" for number in numbers) + " cm"


def _colour(node: Node, kind: str, *, filling: bool) -> str:
    """A colour of one, three or four parts; black where none is stated."""
    found = node.first(kind)
    parts: tuple[float, ...] = _BLACK
    with suppress(ValueError):  # some are written as on web pages
        said = tuple(float(word) for word in (found.attributes.get("Value", "").split() if found else ()))
        parts = said if len(said) in _COLOURS else _BLACK
    own = _COLOURS[len(parts)]
    most = 100 if len(parts) == 4 and max(parts) <= 100 else 255
    return " ".join(f"{part / most:.3f}" for part in parts) + " " + (own if filling else own.upper())


def _text(node: Node) -> Iterator[str]:
    """Each letter where the document has it. Letters' shapes are the viewer's."""
    size = float(node.attributes.get("Size", "4"))
    if node.attributes.get("Fill") == "false" and node.attributes.get("Stroke") != "true":
        return
    yield f"{_colour(node, 'FillColor', filling=True)} BT /T {size:.3f} Tf"
    x = y = 0.0
    for code in (child for child in node.children if child.name == "TextCode"):
        x, y = float(code.attributes.get("X", x)), float(code.attributes.get("Y", y))
        right, down = (_steps(code.attributes.get(name, "")) for name in ("DeltaX", "DeltaY"))
        at_x, at_y = x, y
        for letter in code.text.strip("\r\n"):
            yield f"1 0 0 -1 {at_x:.3f} {at_y:.3f} Tm <{letter.encode('utf-16-be').hex()}> Tj"
            across, below = next(right, None), next(down, None)
            at_x += (across or 0.0) if across is not None or below is not None else size / (1 + letter.isascii())
            at_y += below or 0.0
    yield "ET"


def _steps(said: str) -> Iterator[float]:
    """From one letter to the next: numbers, of which `g 3 2.5` is 2.5 three times."""
    words = iter(said.split())
    for word in words:
        if word == "g":
            count, step = int(next(words, "0")), float(next(words, "0"))
            yield from [step] * min(count, 10_000)
        else:
            yield float(word)


def _path(node: Node) -> str:
    """Lines and areas; an arc is drawn as the line between its ends."""
    filled, stroked = node.attributes.get("Fill") == "true", node.attributes.get("Stroke") != "false"
    width = float(node.attributes.get("LineWidth", _LINE))
    parts = [f"{width:.3f} w", _colour(node, "FillColor", filling=True), _colour(node, "StrokeColor", filling=False)]
    words = node.said("AbbreviatedData").split()
    at = 0
    x = y = 0.0
    while at < len(words):
        count, operator = _PATHS.get(words[at], (0, ""))
        numbers = [float(word) for word in words[at + 1 : at + 1 + count]]
        if words[at] == "Q":  # of the second degree; PDF has those of the third
            x1, y1, x2, y2 = numbers
            thirds = (x + 2 * (x1 - x) / 3, y + 2 * (y1 - y) / 3, x2 + 2 * (x1 - x2) / 3, y2 + 2 * (y1 - y2) / 3)
            numbers, operator = [*thirds, x2, y2], "c"
        elif words[at] == "A":
            numbers, operator = numbers[-2:], "l"
        if operator:
            parts.append(" ".join(f"{number:.3f}" for number in numbers) + " " + operator)
        if numbers:
            x, y = numbers[-2:]
        at += 1 + count
    even = "*" if node.attributes.get("Rule") == "Even-Odd" else ""
    parts.append({(True, True): "B" + even, (True, False): "f" + even, (False, True): "S"}.get((filled, stroked), "n"))
    return " ".join(parts)
