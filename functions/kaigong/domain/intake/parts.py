"""What of a manifest can be read though not all of it keeps the schema, so that one refusal tells everything.

Each part that keeps its own shape is looked at; where a list has an item that does not, the others are.
Source: mission 7.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from kaigong.domain.model.arrivals import Stored
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.manifest import CodeRef, Manifest, ManifestFile
from kaigong.domain.model.text import BUILT_LATER

_CODE, _FILE = TypeAdapter(CodeRef, config=BUILT_LATER), TypeAdapter(ManifestFile)


@dataclass(frozen=True)
class Parts:
    """A manifest's parts, each item by its place in its list. `whole`: the lists of which every item could be read."""

    packet: str | None
    process: Code | None
    matters: Mapping[int, Code]
    promises: Mapping[int, Code]
    commitments: Mapping[int, Code]
    letters: Mapping[int, Code]
    drawn_up: Mapping[int, Code]
    form: tuple[str, ...]  # the fields that are filled in
    files: Mapping[int, ManifestFile | Stored] | None
    whole: frozenset[str]


def of(manifest: Manifest) -> Parts:
    """The parts of a manifest that keeps its schema."""
    return Parts(
        packet=manifest.packet,
        process=manifest.process,
        matters=dict(enumerate(manifest.matters)),
        promises=dict(enumerate(manifest.promises)),
        commitments=dict(enumerate(manifest.commitments)),
        letters=dict(enumerate(letter.matter for letter in manifest.letters)),
        drawn_up=dict(enumerate(entry.slot for entry in manifest.drawn_up)),
        form=tuple(manifest.form or ()),
        files=None if manifest.files is None else dict(enumerate(manifest.files)),
        whole=frozenset(("matters", "promises", "commitments", "letters", "drawn_up", "files")),
    )


def legible(content: Mapping[str, Any]) -> Parts:
    """The parts of one that does not."""
    lists = {name: _list(content.get(name)) for name in ("matters", "promises", "commitments")}
    for name, key in (("letters", "matter"), ("drawn_up", "slot")):
        lists[name] = [entry.get(key) if isinstance(entry, dict) else None for entry in _list(content.get(name))]
    codes = {name: _each(_CODE, items) for name, items in lists.items()}
    files = None if content.get("files") is None else _each(_FILE, _list(content["files"]))
    return Parts(
        packet=content["packet"] if isinstance(content.get("packet"), str) else None,
        process=next(iter(_each(_CODE, [content.get("process")]).values()), None),
        form=tuple(_each(_CODE, content["form"]).values()) if isinstance(content.get("form"), dict) else (),
        files=files,
        whole=frozenset(name for name, items in lists.items() if len(codes[name]) == len(items)),
        **codes,
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _each[T](kind: TypeAdapter[T], items: Iterable[object]) -> dict[int, T]:
    found = {}
    for place, item in enumerate(items):
        try:
            found[place] = kind.validate_python(item)
        except ValidationError:
            continue  # the refusal says what is wrong with it
    return found
