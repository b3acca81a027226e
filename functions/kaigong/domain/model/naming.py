"""Names of the catalogue's entries. What everything else is called: domain/words/names.py."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from .catalogue import Code
from .text import Model, Text


class Named(Model):
    """An entry of the catalogue by its code and name."""

    code: Code
    name: Text


class _HasName(Protocol):
    @property
    def name(self) -> Text: ...


def name_of(entries: Mapping[Code, _HasName], code: Code) -> Text:
    """An entry's name. A packet is read for years; an entry that has left the catalogue is shown by its code."""
    entry = entries.get(code)
    return entry.name if entry else Text(zh=code or "-", en=code or "-")


def named(entries: Mapping[Code, _HasName], code: Code) -> Named:
    return Named(code=code, name=name_of(entries, code))


def joined(names: Iterable[Text]) -> Text:
    listed = list(names)
    return Text(zh="、".join(n.zh for n in listed) or "-", en=", ".join(n.en for n in listed) or "-")
