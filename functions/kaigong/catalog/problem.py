"""What is wrong with a catalogue, in words that name the place; and the place of an entry."""

from dataclasses import dataclass

from kaigong.errors import Refused


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the file (relative to the catalogue's folder), the entry's code, and why, in both languages."""

    file: str
    entry: str
    zh: str
    en: str


@dataclass(frozen=True)
class Located[T]:
    """An entry and the file that it was read from."""

    file: str
    value: T


class CatalogueError(Refused):
    """The catalogue does not fit together. `problems` names every file, entry and reason: correct them, load again."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(
            "事项清单有误：" + "；".join(f"{p.file}：{p.entry}：{p.zh}" for p in found),
            "the catalogue is wrong: " + "; ".join(f"{p.file}: {p.entry}: {p.en}" for p in found),
        )
        self.problems = tuple(found)
