"""Reads the catalogue's data files into one `Catalogue`.

The folder holds `catalogue.json` (version, choices), `departments.json`, `materials.json`, `processes.json`, any number
of files under `matters/` (one per department reads best), and the sample of every material under `samples/`.
JSON, because a function loads it at cold start: pydantic validates the bytes in compiled code.
"""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from kaigong.domain.catalogue import Catalogue, Department, Material, Matter, Process
from kaigong.domain.text import Model, Text
from kaigong.errors import KaigongError

from .checks import Entries, Located, Problem, problems

DATA = Path(__file__).parent / "data"
SAMPLES = DATA / "samples"


class CatalogueError(KaigongError):
    """The catalogue does not fit together. `problems` names every file, entry and reason: correct them, load again."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(
            "事项清单有误：" + "；".join(f"{p.file}：{p.entry}：{p.zh}" for p in found),
            "the catalogue is wrong: " + "; ".join(f"{p.file}: {p.entry}: {p.en}" for p in found),
        )
        self.problems = tuple(found)


class _About(Model):
    version: str
    choices: tuple[Text, ...] = ()


_ABOUT = TypeAdapter(_About)
_DEPARTMENTS = TypeAdapter(tuple[Department, ...])
_MATERIALS = TypeAdapter(tuple[Material, ...])
_MATTERS = TypeAdapter(tuple[Matter, ...])
_PROCESSES = TypeAdapter(tuple[Process, ...])


@cache
def load() -> Catalogue:
    """The city's catalogue, read once per process.

    Raises CatalogueError when the files do not fit together.
    """
    return load_from(DATA)


def load_from(folder: Path, samples: Collection[str] | None = None) -> Catalogue:
    """The catalogue in `folder`, checked. `samples`: file names to take for those in its folder `samples`.

    Raises CatalogueError with every problem: first those of shape, file by file; when there are none, those between
    the entries.
    """
    found: list[Problem] = []
    about = _read(_ABOUT, folder, "catalogue.json", found)
    entries = Entries(
        departments=_located(_DEPARTMENTS, folder, "departments.json", found),
        materials=_located(_MATERIALS, folder, "materials.json", found),
        matters=tuple(
            entry
            for path in sorted((folder / "matters").glob("*.json"))
            for entry in _located(_MATTERS, folder, f"matters/{path.name}", found)
        ),
        processes=_located(_PROCESSES, folder, "processes.json", found),
        samples=frozenset(path.name for path in (folder / "samples").glob("*")) if samples is None else samples,
    )
    if about is None or found:
        raise CatalogueError(found)
    if wrong := problems(entries):
        raise CatalogueError(wrong)
    return Catalogue(
        version=about.version,
        choices=about.choices,
        departments={entry.value.code: entry.value for entry in entries.departments},
        materials={entry.value.code: entry.value for entry in entries.materials},
        matters={entry.value.code: entry.value for entry in entries.matters},
        processes={entry.value.code: entry.value for entry in entries.processes},
    )


def _located[T](
    kind: TypeAdapter[tuple[T, ...]], folder: Path, name: str, found: list[Problem]
) -> tuple[Located[T], ...]:
    return tuple(Located(name, value) for value in _read(kind, folder, name, found) or ())


def _read[T](kind: TypeAdapter[T], folder: Path, name: str, found: list[Problem]) -> T | None:
    """What the file holds; None, and the problems added to `found`, when it cannot be read or has another shape."""
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        found.append(Problem(name, "-", "文件不存在", "the file does not exist"))
        return None
    try:
        return kind.validate_json(content)
    except ValidationError as error:
        found += [_shape(name, content, problem["loc"], problem["msg"]) for problem in error.errors()]
        return None


def _shape(name: str, content: bytes, where: tuple[int | str, ...], message: str) -> Problem:
    """A problem of shape. `where` is pydantic's path: the place in the file's list, then the field."""
    if not where:
        return Problem(name, "-", f"格式错误：{message}", message)
    if isinstance(where[0], str):
        entry, field = "-", where
    else:
        entry, field = _entry_name(from_json(content)[where[0]], where[0]), where[1:]
    path = ".".join(map(str, field)) or "entry"
    return Problem(name, entry, f"字段 {path} 有误：{message}", f"{path}: {message}")


def _entry_name(value: Any, place: int) -> str:
    """The entry's code, or its place in the file (from 1) when it has none."""
    code = value.get("code") if isinstance(value, dict) else None
    return code if isinstance(code, str) and code else f"#{place + 1}"
