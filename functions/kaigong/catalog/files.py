"""One data file of a catalogue: its bytes, its shape, and what is wrong with it by entry and field."""

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from .problem import CatalogueError, Problem

Where = tuple[int | str, ...]


def read[T](kind: TypeAdapter[T], folder: Path, name: str, found: list[Problem]) -> T | None:
    """What the file holds; None, and the problems added to `found`, when it cannot be read or has another shape."""
    content = _bytes(folder, name, found)
    if content is None:
        return None
    try:
        return kind.validate_json(content)
    except ValidationError as error:
        found += [_shape(name, content, problem["loc"], problem["msg"]) for problem in error.errors()]
        return None


def read_if_there[T](kind: TypeAdapter[T], folder: Path, name: str, found: list[Problem]) -> T | None:
    """The same of a file that a catalogue may do without."""
    return read(kind, folder, name, found) if (folder / name).exists() else None


def read_raw(folder: Path, name: str, found: list[Problem]) -> dict[str, object]:
    """The file's entries by code, parsed and not yet looked at; the problems are added to `found`."""
    content = _bytes(folder, name, found)
    if content is None:
        return {}
    try:
        entries = from_json(content)
    except ValueError as error:
        found.append(_problem(name, "-", (), f"Invalid JSON: {error}"))
        return {}
    try:
        return {entry["code"]: entry for entry in entries}
    except (TypeError, KeyError):
        found.append(_problem(name, "-", (), "Input should be a list of objects, each with its code"))
        return {}


def entry_of[T](kind: TypeAdapter[T], name: str, code: str, value: object) -> T:
    """The entry that the raw value is. Raises CatalogueError when it has another shape."""
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        raise CatalogueError([_problem(name, code, p["loc"], p["msg"]) for p in error.errors()]) from error


def _bytes(folder: Path, name: str, found: list[Problem]) -> bytes | None:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        found.append(Problem(name, "-", "文件不存在", "the file does not exist"))
        return None


def _shape(name: str, content: bytes, where: Where, message: str) -> Problem:
    """A problem of shape. `where` is pydantic's path: the place in the file's list, then the field."""
    if not where or isinstance(where[0], str):
        return _problem(name, "-", where, message)
    entry = _entry_name(from_json(content)[where[0]], where[0])
    return _problem(name, entry, where[1:] or ("entry",), message)


def _problem(name: str, entry: str, field: Where, message: str) -> Problem:
    if not field:
        return Problem(name, entry, f"格式错误：{message}", message)
    path = ".".join(map(str, field))
    return Problem(name, entry, f"字段 {path} 有误：{message}", f"{path}: {message}")


def _entry_name(value: Any, place: int) -> str:
    """The entry's code (a letter's matter), or its place in the file (from 1) when it has none."""
    code = (value.get("code") or value.get("matter")) if isinstance(value, dict) else None
    return code if isinstance(code, str) and code else f"#{place + 1}"
