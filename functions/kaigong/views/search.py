"""A page of the matters that were searched for, in a project type and a stage or in all: never more than a page."""

from collections import Counter
from collections.abc import Iterable

from pydantic import Field

from kaigong.domain.intake.search import LONGEST, search
from kaigong.domain.model.catalogue import Catalogue, Code, Matter, Stage
from kaigong.domain.model.text import Model, Text

PAGE = 20  # choice: matters that one page lists
MANY = 40  # choice: matters up to which all of a project type are shown at once; an application has no more


class FoundMatter(Model):
    """A matter as a list shows it. Days are working days; 0: finished on the working day it is accepted."""

    code: Code
    name: Text
    number: str
    stage: Stage
    department: Code
    department_name: Text
    promised_days: int
    materials: int = Field(description="How many materials it asks for.")


class FoundMatters(Model):
    """One page of those found. Without words all are, stage by stage; else the likeliest come first."""

    q: str
    process: Code | None
    stage: Stage | None
    found: int = Field(description="How many were found, on all pages.")
    by_stage: dict[Stage, int] = Field(description="How many were found in each stage, whichever is asked for.")
    page: int
    pages: int
    matters: tuple[FoundMatter, ...]


def listed(
    catalogue: Catalogue, asked: str, process: Code | None = None, stage: Stage | None = None, page: int = 1
) -> FoundMatters:
    """Raises KeyError for a process that there is not. A page that there is not is the last."""
    kind = catalogue.processes[process] if process is not None else None
    codes = search(asked, kind.matters if kind else catalogue.matters, catalogue)
    stages = {code: catalogue.matters[code].stage for code in codes}
    if not asked.split():
        order = {of: place for place, of in enumerate(Stage)}
        codes.sort(key=lambda code: order[stages[code]])
    here = [code for code in codes if stage is None or stages[code] is stage]
    pages = max(1, -(-len(here) // PAGE))
    page = min(max(page, 1), pages)
    instant = kind is not None and kind.instant
    return FoundMatters(
        q=asked[:LONGEST],
        process=process,
        stage=stage,
        found=len(here),
        by_stage=dict(Counter(stages.values())),
        page=page,
        pages=pages,
        matters=tuple(
            _row(catalogue.matters[code], catalogue, instant=instant) for code in here[(page - 1) * PAGE : page * PAGE]
        ),
    )


def rows(catalogue: Catalogue, codes: Iterable[Code], process: Code) -> tuple[FoundMatter, ...]:
    """These matters of a project type as a list shows them. Raises KeyError for a code that there is not."""
    instant = catalogue.processes[process].instant
    return tuple(_row(catalogue.matters[code], catalogue, instant=instant) for code in codes)


def _row(matter: Matter, catalogue: Catalogue, *, instant: bool) -> FoundMatter:
    return FoundMatter(
        code=matter.code,
        name=matter.name,
        number=matter.number,
        stage=matter.stage,
        department=matter.department,
        department_name=catalogue.departments[matter.department].name,
        promised_days=0 if instant else matter.promised_days,
        materials=len(matter.materials),
    )
