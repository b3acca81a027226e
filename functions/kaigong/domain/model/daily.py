"""The nightly run over a day's packets: how it is cut into parts, and what each part came to.

A run is named by what it is about, so that the same one again writes the same files; its last part to end sums up. Who
asks for a day once more begins a run of its own, since what the parts of an earlier one came to still lies there.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated

from pydantic import Field

from .catalogue import Code
from .manifest import PACKET_PATTERN, PacketId
from .problems import Cell, Counted, Risky
from .text import Model

PART = 500  # choice: packets of one part: some seconds of work, and a message far below SQS's limit

# The packet, and what else tells rows apart.
ROW_KEY = rf"{PACKET_PATTERN.removesuffix('$')}(\.[A-Za-z0-9.-]{{1,120}})?$"
RowKey = Annotated[str, Field(pattern=ROW_KEY)]
Why = Annotated[str, Field(max_length=500)]


class DayAsked(Model):
    """A message: the day is to be counted and exported. `again`: also where that was done; `failed`: of the exchange
    alone, rows that the other side refused, each with why.
    """

    day: date
    again: bool = False
    failed: dict[RowKey, Why] = Field(default_factory=dict, max_length=PART)


class PartAsked(Model):
    """A message: one part of a run over a day."""

    day: date
    run: str
    index: int
    parts: int
    packets: tuple[PacketId, ...]
    failed: dict[RowKey, Why] = Field(default_factory=dict)


class ExchangeFile(Model):
    """A file of the exchange: rows of one table, each a line of JSON."""

    table: str
    key: str = Field(description="Where it lies in the bucket.")
    rows: int
    held: int = Field(default=0, description="Of these, rows that lack what the standard wants: state -1, with why.")
    size: int = Field(description="In bytes.")
    sha256: str


class PartDone(Model):
    """What one part came to."""

    packets: int
    cells: tuple[tuple[str, str, Counted, str, str, int], ...] = ()  # as `Cell`, and how many
    risky: dict[Code, tuple[Risky, ...]] = Field(default_factory=dict)  # by department
    files: tuple[ExchangeFile, ...] = ()


def run_of(packets: Iterable[str], failed: Mapping[str, str], request: str = "") -> str:
    """The name of a run over these packets; of one that was asked for again, by the request."""
    about = [sorted(packets), sorted(failed.items()), *([request] if request else ())]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]


def cut(asked: DayAsked, packets: Iterable[str], request: str = "") -> Sequence[PartAsked]:
    """The parts of a run, each for so many packets; one that is empty where there are none, since a day on which
    nothing moved is on record too. `request`: what tells one request from another, and stays where it comes twice.
    """
    names = sorted(packets)
    run = run_of(names, asked.failed, request if asked.again and not asked.failed else "")
    groups = [names[at : at + PART] for at in range(0, len(names), PART)] or [[]]
    return [
        PartAsked(day=asked.day, run=run, index=index, parts=len(groups), packets=tuple(group), failed=asked.failed)
        for index, group in enumerate(groups)
    ]


def cells_of(done: Iterable[PartDone]) -> dict[Cell, int]:
    """The numbers of all parts together."""
    found: dict[Cell, int] = {}
    for part in done:
        for department, matter, what, reason, grade, count in part.cells:
            cell = Cell(department, matter, what, reason, grade)
            found[cell] = found.get(cell, 0) + count
    return found
