"""The one guide: its own rules on a small catalogue, and that the city's catalogue makes one."""

import pytest
from kaigong.catalog import load
from kaigong.domain.flow.rules import RULES
from kaigong.domain.intake.acceptance import needs
from kaigong.domain.model.catalogue import Catalogue, Checks, Route, Source, Stage
from kaigong.views.guide import Guide, GuideMaterial, GuideMatter, guide
from kaigong.views.schedule import plan
from kaigong.views.words.guide import MEANINGS, WHO

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
    process = CATALOGUE.processes["ordinary"].changed(matters=("permit", "planning"))
    found = guide(CATALOGUE.changed(processes={"ordinary": process}), "ordinary")
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
    soil = CATALOGUE.matters["soil"].changed(rules=("main-complete", "no-gap"))
    found = guide(CATALOGUE.changed(matters={**CATALOGUE.matters, "soil": soil}))
    assert matter_of(found, "soil").by_rules == (RULES["main-complete"].name, RULES["no-gap"].name)
    assert matter_of(found, "flood").by_rules == ()


def test_a_matter_says_who_supervises_it_what_it_ends_in_and_whether_it_is_necessary() -> None:
    more = {"supervisor": "water", "certificate": named("certificate"), "necessary": True}
    flood = CATALOGUE.matters["flood"].changed(**more)
    found = guide(CATALOGUE.changed(matters={**CATALOGUE.matters, "flood": flood}))
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
    assert set(MEANINGS) == set(WHO) == set(Route)


@pytest.mark.parametrize("code", ["industrial", "general", "joint-acceptance"])
def test_a_kind_of_project_tells_beforehand_what_its_guide_then_holds(code: str) -> None:
    kind = next(p for p in guide(load()).processes if p.code == code)
    found = guide(load(), code)
    assert kind == found.process
    assert kind.summary
    assert kind.matters == len(found.matters)
    assert kind.materials == len([m for m in found.materials if m.handed_in])
    assert kind.stages == tuple(s for s in Stage if s in {m.stage for m in found.matters})
    assert kind.links == len(set(kind.stages) - {Stage.ALONGSIDE})
    assert found.schedule
    assert kind.working_days == found.schedule.parallel_days
    assert found.schedule.serial_days > kind.working_days


def test_every_route_of_a_matter_is_told_with_its_reason_whether_it_is_offered_or_not() -> None:
    for matter in guide(load(), "general").matters:
        assert [way.route for way in matter.ways] == list(Route)
        assert {way.route for way in matter.ways if way.open} == {Route.APPROVAL, *matter.routes}
        assert all(way.why.zh and way.why.en for way in matter.ways)
    soil = {way.route: way for way in matter_of(guide(CATALOGUE), "soil").ways}
    assert soil[Route.TOLERATED].why.zh == "主要材料齐全即可受理，非主要材料可以承诺后补。"
    assert soil[Route.COMMITMENT].why.zh == "该事项不适用告知承诺。"


def without(*matters: str) -> Catalogue:
    """The small catalogue with a process that lacks these matters."""
    left = tuple(code for code in CATALOGUE.matters if code not in matters)
    process = CATALOGUE.processes["ordinary"].changed(matters=left)
    return CATALOGUE.changed(processes={"ordinary": process})


def test_a_commitment_says_which_papers_nobody_needs_any_more_and_which_others_still_ask_for() -> None:
    planning = matter_of(guide(CATALOGUE, "ordinary"), "planning")
    assert (planning.replaced, planning.still_asked) == ((), ("form", "drawings"))
    land = matter_of(guide(CATALOGUE, "ordinary"), "land-use")
    assert (land.replaced, land.still_asked) == (("land-contract", "site-photo"), ("form",))  # the licence is shared
    alone = matter_of(guide(without("fire-review"), "ordinary"), "planning")
    assert (alone.replaced, alone.still_asked) == (("drawings",), ("form",))
    assert (matter_of(guide(CATALOGUE), "soil").replaced, matter_of(guide(CATALOGUE), "soil").still_asked) == ((), ())


def test_a_material_that_may_not_follow_says_why_and_any_other_says_nothing() -> None:
    found = guide(CATALOGUE, "ordinary")
    for material in found.materials:
        assert (material.why_first is None) == (material.may_follow or not material.handed_in)
    assert "不得容缺" in str(paper(found, "form").why_first)
    assert "承诺书代替" in str(paper(found, "land-contract").why_first)
    assert "“《flood》”不能容缺受理" in str(paper(found, "survey").why_first)


def test_a_material_says_what_is_checked_when_it_is_uploaded() -> None:
    checks = Checks(names_enterprise=True, signed=True, min_pages=2, max_pages=9)
    form = CATALOGUE.materials["form"].changed(checks=checks, formats=("pdf", "png"))
    found = guide(CATALOGUE.changed(materials={**CATALOGUE.materials, "form": form}))
    assert [said.zh for said in paper(found, "form").checks] == [
        "能打开、内容完整、没有密码，格式为 PDF、PNG",
        "2 至 9 页",
        "首页有企业名称或统一社会信用代码",
        "有电子签章",
    ]
    assert len(paper(found, "soil-plan").checks) == 1
    assert [m.checks for m in found.materials if m.source is Source.SHARED] == [()]
