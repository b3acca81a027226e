"""Which files of a slot count, and in which order: one for most materials, several for those that are many sheets.

Where a slot holds several, a file is known by its name: the same name again replaces that file and keeps the others.
Where it holds one, the newest counts; where that may be photos, several of them are the pages of one paper, until a
document comes. Sources: mission 8 (materials are submitted once); design.md, "Contracts".
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

MOST_FILES = 500  # of one packet; choice: what is told of them fits the manifest, the table and the notices
FILE_ID = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile("([0-9]+)")
_PICTURE = re.compile(r"\.(jpe?g|jfif|png|tiff?|webp|hei[cf])", re.IGNORECASE)


class Room(NamedTuple):
    """How many files a slot has room for: of any kind, and photos that may be the pages of a paper of one file."""

    files: int = 1
    pictures: int = 1

    @property
    def most(self) -> int:
        """How many may count at the same time."""
        return max(self)


def counting[F](
    files: Iterable[F], room: Room, *, order: Callable[[F], Any], name: Callable[[F], str]
) -> tuple[F, ...]:
    """Of all that came into a slot those that count, by name. `order` tells which came later."""
    newest: dict[str, F] = {}
    for file in sorted(files, key=order):
        known = unicodedata.normalize("NFC", name(file))
        pages = room.pictures > 1 and is_picture(known) and all(map(is_picture, newest))
        if room.files == 1 and not pages:
            newest.clear()
        newest[known] = file
    return tuple(sorted(newest.values(), key=lambda file: natural(name(file))))


def is_picture(name: str) -> bool:
    """Whether a file is called as photos and scans are. What it is says its examination, which may come later."""
    return _PICTURE.fullmatch(name[name.rfind(".") :]) is not None if "." in name else False


def natural(name: str) -> tuple[Any, ...]:
    """By what people sort names: 2 before 10, capitals or not."""
    parts = _NUMBER.split(unicodedata.normalize("NFC", name).casefold())
    return (tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), name)


def file_id(mark: str) -> str:
    """What tells a file of a slot in an address: its name may say of whom it is."""
    return hashlib.sha256(mark.encode()).hexdigest()[:16]
