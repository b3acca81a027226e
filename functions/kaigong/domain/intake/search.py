"""Finding a matter by words: of its names and codes, of its department, of the materials that it asks for.

Every word has to be found somewhere; what a matter is itself called counts for more than whom and what it concerns.
Words are compared as people mean them: full width or not, upper case or not. No pinyin: what knows which reading a sign
has in a name is a dictionary larger than the catalogue. Source: mission 8 (one guide).
"""

import re
from collections.abc import Iterable, Mapping

from kaigong.domain.model.catalogue import Catalogue, Code, Matter
from kaigong.domain.model.text import folded

MOST_WORDS = 8  # choice: further words are left out
LONGEST = 100  # characters that are looked for
Known = Mapping[Code, tuple[str, str, str]]  # by matter: what it is found by, the first counting for most


def known(catalogue: Catalogue) -> Known:
    """What every matter is found by. This reads the whole catalogue, so it is kept with it."""
    if not catalogue.known_by:
        departments = {code: _of([entry.name.zh, entry.name.en, code]) for code, entry in catalogue.departments.items()}
        catalogue.known_by.update((m.code, _known(m, departments, catalogue)) for m in catalogue.matters.values())
    return catalogue.known_by


def _known(matter: Matter, departments: Mapping[Code, str], catalogue: Catalogue) -> tuple[str, str, str]:
    papers = [catalogue.materials[entry.material] for entry in matter.materials]
    return (
        _of([matter.name.zh, matter.name.en, matter.code, matter.number, matter.commitment_number or ""]),
        departments[matter.department],
        _of(part for paper in papers for part in (paper.name.zh, paper.name.en, paper.code)),
    )


def _of(parts: Iterable[str]) -> str:
    return folded("\n".join(parts))


def words(asked: str) -> tuple[str, ...]:
    """What is looked for, each word once."""
    return tuple(dict.fromkeys(folded(asked[:LONGEST]).split()))[:MOST_WORDS]


def spellings(word: str) -> tuple[str, ...]:
    """How a word may be on record: of what looks like a telephone number, the digits alone too."""
    digits = re.sub("[+()-]", "", word)
    return (word, digits) if digits != word and digits.isdigit() else (word,)


def search(asked: str, among: Iterable[Code], catalogue: Catalogue) -> list[Code]:
    """Those of the matters in which every word is found, the likeliest first; without a word: all, in their order."""
    wanted = words(asked)
    if not wanted:
        return list(among)
    by = known(catalogue)
    ranked = [(rank, code) for code in among if (rank := _rank(wanted, by[code])) is not None]
    return [code for _, code in sorted(ranked, key=lambda found: found[0])]


def _rank(wanted: tuple[str, ...], by: tuple[str, str, str]) -> int | None:
    """How far one has to look until every word is found: in the first part alone, in two, in all; None: it is not."""
    return next((n for n in range(len(by)) if all(any(word in part for part in by[: n + 1]) for word in wanted)), None)
