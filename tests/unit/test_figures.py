"""The city's figures: each is counted from the catalogue's entries, and moves with them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.catalog import CatalogueError, load
from kaigong.catalog.conventional import conventional as ships
from kaigong.catalog.reform import reform
from kaigong.domain.model.catalogue import Catalogue, MatterMaterial, Route, Source

from infra.figures.conventional import FLOW, load_conventional
from infra.figures.figures import BEFORE_CONSTRUCTION, Fate, Figures, figures, working_days

CITY = load()
BEFORE = load_conventional(FLOW, CITY)
FOUND = figures(CITY, BEFORE)
NAMES = (
    "materials",
    "reduction",
    "links",
    "whole_flow",
    "before_start",
    "necessary",
    "commitment",
    "tolerated",
)
EARLY = [code for code in CITY.processes["general"].matters if CITY.matters[code].stage in BEFORE_CONSTRUCTION]


def with_matter(code: str, **fields: object) -> Catalogue:
    """The city with other fields in one matter."""
    matters = {**CITY.matters, code: CITY.matters[code].changed(**fields)}
    return CITY.changed(matters=matters)


def with_process(code: str, **fields: object) -> Catalogue:
    """The city with other fields in one process."""
    processes = {**CITY.processes, code: CITY.processes[code].changed(**fields)}
    return CITY.changed(processes=processes)


def without(code: str, process: str) -> Catalogue:
    """The city with one matter fewer in a process."""
    return with_process(process, matters=tuple(c for c in CITY.processes[process].matters if c != code))


def pair(found: Figures, name: str) -> tuple[int | None, int]:
    figure = getattr(found, name)
    return figure.conventional, figure.reformed


def test_the_home_page_tells_the_figures_that_are_counted() -> None:
    told = {figure.code: (figure.before, figure.after) for figure in reform()}
    assert told == {name: pair(FOUND, name) for name in ("materials", "links", "whole_flow", "before_start")}


def test_packets_are_compared_with_the_flow_that_the_figures_are_counted_against() -> None:
    flow = ships()
    assert flow.papers == {entry.matter: len(entry.papers) for entry in BEFORE.papers}
    assert [(link.matters, link.working_days) for link in flow.links] == [
        (link.matters, link.working_days) for link in BEFORE.links
    ]
    process = CITY.processes[BEFORE.process].matters
    assert flow.papers_of(EARLY, CITY) == FOUND.materials.conventional
    assert flow.days([*process, *CITY.processes[BEFORE.acceptance_process].matters]) == FOUND.whole_flow.conventional


def test_the_figures_are_those_of_the_report() -> None:
    assert {name: pair(FOUND, name) for name in NAMES} == {
        "materials": (81, 35),  # mission 10, as are the four below
        "reduction": (None, 57),
        "links": (7, 4),
        "whole_flow": (7, 3),
        "before_start": (None, 1),
        "necessary": (None, 6),  # mission 1
        "commitment": (None, 7),  # mission 5
        "tolerated": (None, 20),  # mission 6
    }


def test_every_figure_says_in_both_languages_how_it_is_counted() -> None:
    assert [figure.name for figure in FOUND.each()] == [getattr(FOUND, name).name for name in NAMES]
    assert all(figure.how.zh != figure.how.en for figure in FOUND.each())
    assert "总数" in FOUND.choice.zh
    assert "totals only" in FOUND.choice.en


def test_the_papers_of_each_matter_add_up_to_the_total() -> None:
    assert sum(entry.conventional for entry in FOUND.papers) == FOUND.materials.conventional
    assert [entry.matter for entry in FOUND.papers] == EARLY
    assert all(entry.reformed == len(CITY.matters[entry.matter].materials) for entry in FOUND.papers)


def test_papers_fell_away_in_each_of_the_three_ways() -> None:
    assert {paper.fate for entry in BEFORE.papers for paper in entry.papers} == set(Fate)


@given(data=st.data())
def test_a_paper_less_in_one_matter_is_one_less_before_and_after_only_where_no_other_matter_asks_for_it(
    data: st.DataObject,
) -> None:
    code = data.draw(st.sampled_from(EARLY))
    gone = data.draw(st.sampled_from(CITY.matters[code].materials))
    kept = tuple(item for item in CITY.matters[code].materials if item != gone)
    elsewhere = any(gone.material == item.material for o in EARLY if o != code for item in CITY.matters[o].materials)
    assert pair(figures(with_matter(code, materials=kept), BEFORE), "materials") == (80, 35 if elsewhere else 34)


@given(code=st.sampled_from(EARLY))
def test_a_matter_less_takes_all_of_its_papers_away(code: str) -> None:
    gone = next(entry for entry in FOUND.papers if entry.matter == code)
    others = {item.material for o in EARLY if o != code for item in CITY.matters[o].materials}
    found = figures(without(code, "general"), BEFORE)
    assert pair(found, "materials") == (81 - gone.conventional, len(others))
    assert code not in {entry.matter for entry in found.papers}


@given(place=st.integers(0, len(BEFORE.papers) - 1))
def test_without_a_former_paper_the_conventional_flow_asked_for_one_less(place: int) -> None:
    entry = BEFORE.papers[place]
    fewer = entry.changed(papers=entry.papers[1:])
    papers = (*BEFORE.papers[:place], fewer, *BEFORE.papers[place + 1 :])
    found = figures(CITY, BEFORE.changed(papers=papers))
    assert pair(found, "materials") == (80, 35)
    assert found.reduction.reformed == 56


def test_a_material_that_becomes_shared_data_is_no_longer_handed_in() -> None:
    shared = CITY.materials["business-licence"].changed(source=Source.SHARED)
    city = CITY.changed(materials={**CITY.materials, shared.code: shared})
    assert pair(figures(city, BEFORE), "materials") == (81, 34)


def test_a_matter_alongside_brings_no_paper_into_the_stages_before_construction() -> None:
    asked = (*CITY.matters["energy-review"].materials, MatterMaterial(material="tree-list"))
    assert pair(figures(with_matter("energy-review", materials=asked), BEFORE), "materials") == (81, 35)


def test_a_link_less_before_is_a_link_and_a_day_less() -> None:
    found = figures(CITY, BEFORE.changed(links=BEFORE.links[1:]))
    assert (pair(found, "links"), pair(found, "whole_flow")) == ((6, 4), (6, 3))


def test_without_joint_acceptance_the_flow_has_a_stage_less() -> None:
    city = with_process("joint-acceptance", matters=("energy-review",))
    assert pair(figures(city, BEFORE), "links") == (7, 3)


@pytest.mark.parametrize(
    ("code", "fields", "figure", "expected"),
    [
        ("fire-acceptance", {"promised_days": 2}, "whole_flow", 4),
        ("completion-filing", {"prerequisites": ()}, "whole_flow", 2),
        ("construction-permit", {"necessary": False}, "necessary", 5),
        ("power-connection", {"routes": (Route.APPROVAL,)}, "commitment", 6),
        ("heritage", {"routes": (Route.APPROVAL,)}, "tolerated", 19),
    ],
)
def test_a_figure_moves_with_the_entry_that_it_is_counted_from(
    code: str, fields: dict[str, Any], figure: str, expected: int
) -> None:
    assert pair(figures(with_matter(code, **fields), BEFORE), figure)[1] == expected


def test_an_instant_process_takes_one_working_day_and_an_ordinary_one_its_longest_chain() -> None:
    assert working_days(CITY, "industrial") == 1
    ordinary = with_process("industrial", instant=False)
    # land, planning, fire design, construction permit: each waits for the one before, and each promises a day
    assert working_days(ordinary, "industrial") == 4
    assert figures(ordinary, BEFORE).before_start.reformed == 4
    assert figures(ordinary, BEFORE).whole_flow.reformed == 6


def test_a_process_without_matters_still_takes_the_day_it_is_applied_for() -> None:
    assert working_days(with_process("joint-acceptance", matters=()), "joint-acceptance") == 1


def conventional(change: Callable[[Any], object]) -> Callable[[Path], Path]:
    """The shipped conventional flow with a change, in a folder."""

    def written(folder: Path) -> Path:
        content = json.loads((FLOW / "conventional.json").read_text(encoding="utf-8"))
        change(content)
        (folder / "conventional.json").write_text(json.dumps(content), encoding="utf-8")
        return folder

    return written


@pytest.mark.parametrize(
    ("change", "entry", "reason"),
    [
        (lambda c: c.update(process="party"), "party", "unknown project type 'party'"),
        (lambda c: c.update(acceptance_process="party"), "party", "unknown project type 'party'"),
        (
            lambda c: c["papers"][0].update(matter="sun"),
            "sun",
            "no matter of the project type before construction",
        ),
        (
            lambda c: c["papers"][0].update(matter="energy-review"),
            "energy-review",
            "no matter of the project type before construction",
        ),
        (lambda c: c["papers"].append(c["papers"][0]), "site-opinion", "the matter is listed twice"),
        (lambda c: c["links"].pop(0), "project-filing", "it is in 0 links, not in one"),
        (lambda c: c["links"][1]["matters"].append("project-filing"), "project-filing", "it is in 2 links, not in one"),
        (
            lambda c: c["links"][1]["matters"].append("energy-review"),
            "energy-review",
            "it is no matter of the whole flow",
        ),
        (lambda c: c["links"][1].update(working_days=0), "-", "links.1.working_days: Input should be greater than"),
        (lambda c: c["papers"][0].update(papers=[]), "-", "papers.0.papers: Tuple should have at least 1 item"),
    ],
)
def test_a_conventional_flow_that_does_not_fit_the_catalogue_is_refused_by_entry_and_reason(
    tmp_path: Path, change: Callable[[Any], object], entry: str, reason: str
) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_conventional(conventional(change)(tmp_path), CITY)
    assert {(p.file, p.entry) for p in caught.value.problems} == {("conventional.json", entry)}
    assert caught.value.problems[0].en.startswith(reason)


def test_a_folder_without_a_conventional_flow_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"conventional\.json: -: the file does not exist"):
        load_conventional(tmp_path, CITY)


def test_the_copy_of_the_shipped_flow_is_the_shipped_one(tmp_path: Path) -> None:
    shutil.copy(FLOW / "conventional.json", tmp_path)
    assert load_conventional(tmp_path, CITY) == BEFORE
