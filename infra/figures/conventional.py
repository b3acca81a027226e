"""Reads `conventional.json`: the flow before the reform, which the city's figures are counted against."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kaigong.catalog.files import read
from kaigong.catalog.problem import CatalogueError, Problem
from kaigong.domain.model.catalogue import Catalogue, Code, Stage
from pydantic import TypeAdapter

from .figures import BEFORE_CONSTRUCTION, Conventional

FLOW = Path(__file__).parent  # the folder of the city's own
NAME = "conventional.json"
_CONVENTIONAL = TypeAdapter(Conventional)


def load_conventional(folder: Path, catalogue: Catalogue) -> Conventional:
    """The conventional flow beside the catalogue in `folder`. Raises CatalogueError where it does not fit to it."""
    found: list[Problem] = []
    conventional = read(_CONVENTIONAL, folder, NAME, found)
    if conventional is not None:
        found += _processes(conventional, catalogue) or [
            *_papers(conventional, catalogue),
            *_links(conventional, catalogue),
        ]
    if conventional is None or found:
        raise CatalogueError(found)
    return conventional


def _processes(conventional: Conventional, catalogue: Catalogue) -> list[Problem]:
    named = (conventional.process, conventional.start_process, conventional.acceptance_process)
    return [
        Problem(NAME, code, f"项目类型 {code} 不存在", f"unknown project type {code!r}")
        for code in named
        if code not in catalogue.processes
    ]


def _papers(conventional: Conventional, catalogue: Catalogue) -> Iterator[Problem]:
    """Former papers belong to a matter of the process, before construction, named once."""
    counted = catalogue.processes[conventional.process].matters
    for code, times in Counter(entry.matter for entry in conventional.papers).items():
        if code not in counted or catalogue.matters[code].stage not in BEFORE_CONSTRUCTION:
            yield Problem(
                NAME,
                code,
                "不是该项目类型开工前各阶段的事项",
                "no matter of the project type before construction",
            )
        if times > 1:
            yield Problem(NAME, code, "事项列出两次", "the matter is listed twice")


def _links(conventional: Conventional, catalogue: Catalogue) -> Iterator[Problem]:
    """Each matter of the process and of its acceptance is in one link, save those alongside, which are in none."""
    linked = Counter(code for link in conventional.links for code in link.matters)
    codes = dict.fromkeys(_flow(conventional, catalogue))
    for code in codes:
        if linked[code] != 1:
            yield Problem(
                NAME, code, f"应当列入一个环节，现列入 {linked[code]} 个", f"it is in {linked[code]} links, not in one"
            )
    for code in linked:
        if code not in codes:
            yield Problem(NAME, code, "不是全流程的事项", "it is no matter of the whole flow")


def _flow(conventional: Conventional, catalogue: Catalogue) -> Iterator[Code]:
    for process in (conventional.process, conventional.acceptance_process):
        for code in catalogue.processes[process].matters:
            if catalogue.matters[code].stage is not Stage.ALONGSIDE:
                yield code
