"""Reads the catalogue's data files into one `Catalogue`.

The folder holds `catalogue.json` (version, choices), `departments.json`, `materials.json`, `processes.json`,
`letters.json` (commitment letters), `form.json` (what the one form may ask for; a catalogue without it asks for paper
alone), `schemes.json` (credit schemes), `calendar.json` (local days off), `questions.json` (which matters a project
needs), `intermediaries.json` (those on the city's list) and `policies.json` (which benefit enterprises without being
applied for; a city without these files has none), any number of files under
`matters/` (one per department reads best), and the sample of every material under `samples/`.

There are two readers. `load` is what functions use: it parses every file, and reads a matter or a material when it is
first asked for. `load_from` reads everything and checks that it fits together, as the tests, `kaigong catalog check`
and the build of the package do: what is deployed has passed it.
"""

import gc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, TypeAdapter

from kaigong.domain.model.catalogue import (
    Calendar,
    Catalogue,
    Code,
    Department,
    Intermediary,
    Letter,
    Material,
    Matter,
    Process,
    Questions,
    Scheme,
    Supervision,
)
from kaigong.domain.model.clock import Office
from kaigong.domain.model.form import Form
from kaigong.domain.model.policy import Policy
from kaigong.domain.model.text import BUILT_LATER, Model, Text

from .files import entry_of, read, read_if_there, read_raw
from .lazy import Lazy
from .problem import CatalogueError, Located, Problem

DATA = Path(__file__).parent / "data"
SAMPLES = DATA / "samples"
POLICIES = "policies.json"


class _About(Model):
    version: str
    region: str = Field(default="", pattern=r"^[0-9]{0,6}$")
    choices: tuple[Text, ...] = ()
    supervision: Supervision = Field(default_factory=Supervision)


_ABOUT = TypeAdapter(_About)
_DEPARTMENTS = TypeAdapter(tuple[Department, ...], config=BUILT_LATER)
_PROCESSES = TypeAdapter(tuple[Process, ...], config=BUILT_LATER)
_FORM = TypeAdapter(Form)
_LETTERS = TypeAdapter(tuple[Letter, ...], config=BUILT_LATER)
_SCHEMES = TypeAdapter(tuple[Scheme, ...], config=BUILT_LATER)
_CALENDAR = TypeAdapter(Calendar)
_QUESTIONS = TypeAdapter(Questions)
_POLICIES = TypeAdapter(tuple[Policy, ...], config=BUILT_LATER)
_MATERIAL = TypeAdapter(Material)
_MATERIALS = TypeAdapter(tuple[Material, ...], config=BUILT_LATER)
_MATTER = TypeAdapter(Matter)
_INTERMEDIARY = TypeAdapter(Intermediary)
_INTERMEDIARIES = TypeAdapter(tuple[Intermediary, ...], config=BUILT_LATER)
_MATTERS = TypeAdapter(tuple[Matter, ...], config=BUILT_LATER)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: what is read here stays, and looking it through takes a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@cache
def load() -> Catalogue:
    """The city's catalogue, read once per process. Raises CatalogueError as `open_folder` does."""
    return open_folder(DATA)


def with_calendar(office: Office) -> Office:
    """The hall's hours, with the days off and the working days of the city's own calendar."""
    return office.changed(calendar=load().calendar)


@_uncollected()
def open_folder(folder: Path) -> Catalogue:
    """The catalogue in `folder` as functions use it; what must hold between its entries is not checked.

    Raises CatalogueError when a file is missing or does not parse, or when a department, process, letter, scheme or the
    calendar has a wrong shape; a matter or a material of a wrong shape raises it when it is first asked for.
    """
    found: list[Problem] = []
    head = _head(folder, found)
    materials = _lazy(_MATERIAL, folder, ["materials.json"], found)
    matters = _lazy(_MATTER, folder, _matter_files(folder), found)
    listed = _lazy(_INTERMEDIARY, folder, _listed(folder), found)
    if head is None or found:
        raise CatalogueError(found)
    return _catalogue(head, materials, matters, listed)


@_uncollected()
def load_from(folder: Path, samples: Collection[str] | None = None) -> Catalogue:
    """The catalogue in `folder`, checked. `samples`: file names to take for those in its folder `samples`.

    Raises CatalogueError with every problem: first those of shape, file by file; when there are none, those between
    the entries.
    """
    from .checks import Entries, problems  # the checks know the rules; functions that only read need not import those

    found: list[Problem] = []
    head = _head(folder, found)
    materials = _located(_MATERIALS, folder, ["materials.json"], found)
    matters = _located(_MATTERS, folder, _matter_files(folder), found)
    listed = _located(_INTERMEDIARIES, folder, _listed(folder), found)
    if head is None or found:
        raise CatalogueError(found)
    entries = Entries(
        departments=tuple(Located("departments.json", value) for value in head.departments),
        materials=materials,
        matters=matters,
        processes=tuple(Located("processes.json", value) for value in head.processes),
        form=head.form,
        letters=tuple(Located("letters.json", value) for value in head.letters),
        schemes=tuple(Located("schemes.json", value) for value in head.schemes),
        intermediaries=listed,
        questions=head.questions,
        policies=tuple(Located(POLICIES, value) for value in head.policies),
        samples=frozenset(path.name for path in (folder / "samples").glob("*")) if samples is None else samples,
    )
    if wrong := problems(entries):
        raise CatalogueError(wrong)
    return _catalogue(
        head,
        {entry.value.code: entry.value for entry in materials},
        {entry.value.code: entry.value for entry in matters},
        {entry.value.code: entry.value for entry in listed},
    )


def policies_from(file: Path, catalogue: Catalogue) -> tuple[Policy, ...]:
    """The policies in a file, checked against a catalogue. Raises CatalogueError with every problem."""
    from . import policy_checks

    found: list[Problem] = []
    entries = tuple(Located(file.name, value) for value in read(_POLICIES, file.parent, file.name, found) or ())
    if wrong := found or list(policy_checks.problems(entries, policy_checks.of(catalogue))):
        raise CatalogueError(wrong)
    return tuple(entry.value for entry in entries)


class _Head(NamedTuple):
    """What is read whole by either reader; it stays small in the largest city."""

    about: _About
    calendar: Calendar
    departments: tuple[Department, ...]
    processes: tuple[Process, ...]
    form: Form
    letters: tuple[Letter, ...]
    schemes: tuple[Scheme, ...]
    questions: Questions
    policies: tuple[Policy, ...]


def _head(folder: Path, found: list[Problem]) -> _Head | None:
    about = read(_ABOUT, folder, "catalogue.json", found)
    calendar = read(_CALENDAR, folder, "calendar.json", found)
    departments = read(_DEPARTMENTS, folder, "departments.json", found) or ()
    processes = read(_PROCESSES, folder, "processes.json", found) or ()
    form = read_if_there(_FORM, folder, "form.json", found) or Form()
    letters = read(_LETTERS, folder, "letters.json", found) or ()
    schemes = read(_SCHEMES, folder, "schemes.json", found) or ()
    questions = read(_QUESTIONS, folder, "questions.json", found)
    policies = read_if_there(_POLICIES, folder, POLICIES, found) or ()
    if about is None or calendar is None or questions is None:
        return None
    return _Head(about, calendar, departments, processes, form, letters, schemes, questions, policies)


def _matter_files(folder: Path) -> list[str]:
    return [f"matters/{path.name}" for path in sorted((folder / "matters").glob("*.json"))]


def _listed(folder: Path) -> list[str]:
    return [name for name in ("intermediaries.json",) if (folder / name).exists()]


def _located[T](
    kind: TypeAdapter[tuple[T, ...]], folder: Path, names: list[str], found: list[Problem]
) -> tuple[Located[T], ...]:
    return tuple(Located(name, value) for name in names for value in read(kind, folder, name, found) or ())


def _lazy[T](kind: TypeAdapter[T], folder: Path, names: list[str], found: list[Problem]) -> Mapping[Code, T]:
    raw = {code: (name, value) for name in names for code, value in read_raw(folder, name, found).items()}
    return Lazy(raw, lambda code, place: entry_of(kind, place[0], code, place[1]))


def _catalogue(
    head: _Head,
    materials: Mapping[Code, Material],
    matters: Mapping[Code, Matter],
    intermediaries: Mapping[str, Intermediary],
) -> Catalogue:
    # Without validation: each value is an entry already, and validating the mappings would read what is lazy.
    return Catalogue.model_construct(
        version=head.about.version,
        region=head.about.region,
        choices=head.about.choices,
        departments={entry.code: entry for entry in head.departments},
        materials=materials,
        matters=matters,
        processes={entry.code: entry for entry in head.processes},
        form=head.form,
        letters={entry.matter: entry for entry in head.letters},
        schemes={entry.code: entry for entry in head.schemes},
        calendar=head.calendar,
        intermediaries=intermediaries,
        questions=head.questions,
        supervision=head.about.supervision,
        policies={entry.code: entry for entry in head.policies},
    )
