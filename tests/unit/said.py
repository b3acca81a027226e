"""All that people read, for tests of its words."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
READ_BY_PEOPLE = (ROOT / "functions/kaigong", ROOT / "infra/command", ROOT / "infra/schemas")
_PAGES = ROOT / "functions/kaigong/portal/locale/en/LC_MESSAGES/portal.po"


@cache
def trees(folder: Path) -> tuple[tuple[Path, ast.Module], ...]:
    """Every module of a folder, parsed once."""
    return tuple((path, ast.parse(path.read_text("utf-8"))) for path in sorted(folder.rglob("*.py")))


def of_pages() -> list[Message]:
    """What pages say, each with its English."""
    with _PAGES.open("rb") as pages:
        return [message for message in read_po(pages) if message.id]


def forms(said: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


@cache
def said_to_people() -> tuple[tuple[str, str], ...]:
    """What pages say and rules tell, the command with its help, and the schemas, each with the file that says it."""
    return tuple(_said_to_people())


def _said_to_people() -> Iterator[tuple[str, str]]:
    for message in of_pages():
        yield from ((_PAGES.name, said) for both in (message.id, message.string) for said in forms(both))
    for folder in READ_BY_PEOPLE:
        for path, tree in trees(folder):
            helps = path.is_relative_to(ROOT / "infra/command")  # what a command is for is its docstring
            yield from ((str(path.relative_to(ROOT)), said) for said in _written(tree, docstrings=helps))
    for path in (*(ROOT / "schemas").glob("*.yaml"), ROOT / "template.yaml"):
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def _written(tree: ast.Module, *, docstrings: bool) -> Iterator[str]:
    """What a module has in quotes, but for codes; of docstrings none, or all but its own."""
    notes = [node for node in (tree.body[:1] if docstrings else ast.walk(tree)) if isinstance(node, ast.Expr)]
    silent = {id(note.value) for note in notes}
    quoted = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in silent)
    said = (node.value for node in quoted if isinstance(node.value, str))
    yield from (each for each in said if " " in each or not each.isascii())
