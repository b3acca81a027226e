"""No character of a document is lost: what no font has is shown by its code point, and told.

Without this a typesetter leaves a gap or a box where the name of a person has a rare character, and nobody notices.
"""

import struct
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pylopdf_fonts_zh_cn

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
# Read aloud or pasted, these turn text round or hide in it: U+202E makes "gnp.exe" of "exe.png".
_HIDDEN = frozenset((*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF))


class Lettered(NamedTuple):
    text: str
    replaced: frozenset[str]  # code points, as U+30EDE


def lettered(text: str) -> Lettered:
    """The text as it can be set: code points in the place of what no font has, nothing that hides or turns round."""
    known, replaced, found = _known(), set[str](), []
    for character in text:
        code = ord(character)
        if code in _HIDDEN or (code < 0x20 and character not in "\n\t") or 0x7F <= code < 0xA0:
            continue
        if code in known or character in "\n\t":
            found.append(character)
        else:
            point = f"U+{code:04X}"
            replaced.add(point)
            found.append(f"〔{point}〕")
    return Lettered("".join(found), frozenset(replaced))


@cache
def _known() -> frozenset[int]:
    """What the body's Chinese font has: it is whole, so the Latin one beside it is not asked."""
    return frozenset(_covered((FONTS / "NotoSerifSC-Regular.otf").read_bytes()))


def _covered(font: bytes) -> set[int]:
    """The characters of an OpenType font: its `cmap`, format 12 (OpenType 1.9, "cmap")."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    cmap = tables[b"cmap"]
    (encodings,) = struct.unpack_from(">H", font, cmap + 2)
    found: set[int] = set()
    for at in range(cmap + 4, cmap + 4 + 8 * encodings, 8):
        platform, encoding, offset = struct.unpack_from(">HHI", font, at)
        if (platform, encoding) == (3, 10):
            (groups,) = struct.unpack_from(">I", font, cmap + offset + 12)
            for first, last, _ in struct.iter_unpack(">III", font[cmap + offset + 16 :][: 12 * groups]):
                found.update(range(first, last + 1))
    return found
