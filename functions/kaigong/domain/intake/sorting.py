"""To which material a file belongs, by its name alone: a proposal that the applicant looks at before anything is sent.

Source: mission 8 (one form, guidance before submission).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from kaigong.domain.model.catalogue import Code, Material

_APART = re.compile(r"[\W_]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_HAN = re.compile("[\u4e00-\u9fff]")
_FEW = 2  # signs; a word as short as that says nothing
_ALIKE = 0.6  # choice: of the pairs of characters of a material's Chinese name, so many are in the file's


def proposed(names: Iterable[str], materials: Iterable[Material]) -> tuple[Code | None, ...]:
    """The material of each file, by its path as the applicant has it; None: it is to be chosen by hand.

    A file's own name goes before that of its folder. What fits two materials equally well fits none.
    """
    known = tuple(materials)
    return tuple(_of(name, known) for name in names)


def _of(path: str, materials: tuple[Material, ...]) -> Code | None:
    parts = [part for part in _ENDING.sub("", path).split("/") if part]
    return next((found for part in reversed(parts) if (found := _best(_plain(part), materials))), None)


def _best(name: str, materials: tuple[Material, ...]) -> Code | None:
    for weigh in (_named, _alike):
        weights = sorted(((weigh(name, material), material.code) for material in materials), reverse=True)
        if weights and weights[0][0] and (len(weights) == 1 or weights[0][0] > weights[1][0]):
            return weights[0][1]
        if weights and weights[0][0]:
            return None
    return None


def _named(name: str, material: Material) -> float:
    """How much of the file's name is a name of the material: its code, Chinese or English name, or a common word."""
    words = (_plain(word) for word in (material.code, material.name.zh, material.name.en, *material.also_called))
    return max((_signs(word) for word in words if _signs(word) > _FEW and word in name), default=0)


def _signs(word: str) -> int:
    """How much a word says: a Chinese character as much as three letters."""
    return len(word) + 2 * len(_HAN.findall(word))


def _alike(name: str, material: Material) -> float:
    pairs, there = set(_pairs(material.name.zh)), set(_pairs(name))
    share = len(pairs & there) / len(pairs) if pairs else 0
    return share if share >= _ALIKE else 0


def _pairs(text: str) -> Iterator[str]:
    han = "".join(_HAN.findall(text))
    return (han[place : place + 2] for place in range(len(han) - 1))


def _plain(text: str) -> str:
    return _APART.sub("", unicodedata.normalize("NFKC", text).casefold())
