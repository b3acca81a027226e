"""The one guide: its own rules on a small catalogue, and that the city's catalogue makes one."""

import pytest
from kaigong.catalog import load
from kaigong.domain.flow.rules import RULES
from kaigong.domain.flow.schedule import plan
from kaigong.domain.intake.acceptance import needs
from kaigong.domain.model.catalogue import Route, Stage
from kaigong.domain.views.guide import ROUTES, STAGES, Guide, GuideMaterial, GuideMatter, guide

from .building import CATALOGUE, named
from .lettering import LETTERED, in_force


def paper(found: Guide, code: str) -> GuideMaterial:
    return next(m for m in found.materials if m.code == code)


def test_every_material_is_listed_once_with_all_the_matters_that_ask_for_it() -> None:
    found = guide(CATALOGUE, "ordinary")
    codes = [m.code for m in found.materials]
    assert len(codes) == len(set(codes))
    assert [a.matter for a in paper(found, "form").asked_by] == [
        "land-use",
        "planning",
        "fire-review",
        "permit",
        "soil",
    ]
    assert [(a.matter, a.main) for a in paper(found, "fire-plan").asked_by] == [
        ("fire-review", False),
        ("permit", False),
    ]


def test_a_material_may_follow_only_where_acceptance_would_tolerate_it() -> None:
    found = guide(CATALOGUE, "ordinary")
    by_rule = needs(list(CATALOGUE.matters.values()), CATALOGUE)
    assert {m.code for m in found.materials if m.may_follow} == {c for c, need in by_rule.items() if need.tolerable}
    assert paper(found, "soil-plan").may_follow
    assert not paper(found, "survey").may_follow  # non-main, but its matter tolerates no gap


def test_shared_data_is_not_to_be_handed_in_and_neither_follows_nor_is_replaced() -> None:
    licence = paper(guide(CATALOGUE), "licence")
    assert not licence.handed_in
    assert [(a.may_follow, a.replaced_by_commitment) for a in licence.asked_by] == [(False, False)]


def test_a_commitment_replaces_the_papers_of_its_own_matter_alone() -> None:
    drawings = paper(guide(CATALOGUE), "drawings")
    assert {a.matter: a.replaced_by_commitment for a in drawings.asked_by} == {"planning": True, "fire-review": False}


def test_in_an_instant_process_every_matter_ends_the_day_it_is_accepted() -> None:
    assert {m.promised_days for m in guide(CATALOGUE, "industrial").matters} == {0}
    assert {m.promised_days for m in guide(CATALOGUE, "ordinary").matters} == {1, 3}


def test_a_prerequisite_that_the_process_does_not_have_is_not_asked_for() -> None:
    process = CATALOGUE.processes["ordinary"].model_copy(update={"matters": ("permit", "planning")})
    found = guide(CATALOGUE.model_copy(update={"processes": {"ordinary": process}}), "ordinary")
    assert {m.code: m.prerequisites for m in found.matters} == {"permit": ("planning",), "planning": ()}


def test_a_stage_shows_its_own_matters_and_what_they_ask_for_alone() -> None:
    city = load()
    for stage in Stage:
        found = guide(city, stage=stage.value)
        assert found.matters
        assert {m.stage for m in found.matters} == {stage}
        assert {m.code for m in found.materials} == {code for m in found.matters for code in m.materials}
        assert {d.code for d in found.departments} == {m.department for m in found.matters}


def test_without_a_process_the_guide_holds_the_whole_catalogue() -> None:
    city = load()
    found = guide(city)
    assert {m.code for m in found.matters} == set(city.matters)
    assert found.process is None
    assert [p.code for p in found.processes] == list(city.processes)


def test_a_process_or_stage_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        guide(CATALOGUE, "no-such-process")
    with pytest.raises(ValueError, match="no-such-stage"):
        guide(CATALOGUE, "ordinary", "no-such-stage")


def matter_of(found: Guide, code: str) -> GuideMatter:
    return next(m for m in found.matters if m.code == code)


def test_a_matter_by_commitment_shows_its_letter_blank_and_no_other_matter_has_one() -> None:
    found = guide(LETTERED)
    assert {m.code for m in found.matters if m.letter} == {"land-use", "planning"}
    letter, blank = matter_of(found, "land-use").letter, in_force(LETTERED, "land-use", None, None)
    assert letter is not None
    assert (letter.version, letter.title, letter.sections) == (blank.version, blank.title, blank.sections)


def test_a_matter_says_which_rules_decide_it() -> None:
    soil = CATALOGUE.matters["soil"].model_copy(update={"rules": ("main-complete", "no-gap")})
    found = guide(CATALOGUE.model_copy(update={"matters": {**CATALOGUE.matters, "soil": soil}}))
    assert matter_of(found, "soil").by_rules == (RULES["main-complete"].name, RULES["no-gap"].name)
    assert matter_of(found, "flood").by_rules == ()


def test_a_matter_says_who_supervises_it_what_it_ends_in_and_whether_it_is_necessary() -> None:
    more = {"supervisor": "water", "certificate": named("certificate"), "necessary": True}
    flood = CATALOGUE.matters["flood"].model_copy(update=more)
    found = guide(CATALOGUE.model_copy(update={"matters": {**CATALOGUE.matters, "flood": flood}}))
    shown = matter_of(found, "flood")
    assert (shown.supervisor, shown.certificate, shown.necessary) == ("water", named("certificate"), True)
    assert not matter_of(found, "soil").necessary


def test_a_department_shows_its_place_in_the_team() -> None:
    city = load()
    assert {d.code: d.role for d in guide(city).departments} == {
        m.department: city.departments[m.department].role for m in city.matters.values()
    }


def test_the_guide_of_a_process_gives_the_schedule_of_the_matters_it_shows() -> None:
    found = guide(CATALOGUE, "ordinary")
    assert found.schedule == plan([m.code for m in found.matters], "ordinary", CATALOGUE)
    assert found.schedule is not None
    assert set(found.schedule.days) == {m.code for m in found.matters}
    planning = guide(load(), "general", "planning").schedule
    assert planning is not None
    assert set(planning.days) == {m.code for m in guide(load(), "general", "planning").matters}


def test_without_a_process_there_is_no_schedule() -> None:
    assert guide(CATALOGUE).schedule is None


def test_every_route_and_stage_says_in_both_languages_what_it_means() -> None:
    assert set(ROUTES) == set(Route)
    assert set(STAGES) == set(Stage)
