"""Which files of a slot count, and in which order: one for most materials, several for those that are many sheets.

Where a slot holds several, a file is known by its name: the same name again replaces that file and keeps the others.
Where it holds one, the newest counts. Sources: mission 8 (materials are submitted once); design.md, "Contracts".
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

MOST_FILES = 500  # of one packet; choice: what is told of them fits the manifest, the table and the notices
FILE_ID = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile("([0-9]+)")


def counting[F](files: Iterable[F], most: int, *, order: Callable[[F], Any], name: Callable[[F], str]) -> tuple[F, ...]:
    """Of all that came into a slot of `most` files those that count, by name. `order` tells which came later."""
    newest: dict[str, F] = {}
    for file in sorted(files, key=order):
        newest[unicodedata.normalize("NFC", name(file)) if most > 1 else ""] = file
    return tuple(sorted(newest.values(), key=lambda file: natural(name(file))))


def natural(name: str) -> tuple[Any, ...]:
    """By what people sort names: 2 before 10, capitals or not."""
    parts = _NUMBER.split(unicodedata.normalize("NFC", name).casefold())
    return (tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), name)


def file_id(mark: str) -> str:
    """What tells a file of a slot in an address: its name may say of whom it is."""
    return hashlib.sha256(mark.encode()).hexdigest()[:16]
