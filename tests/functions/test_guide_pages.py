"""The public guide: first a choice of the kinds of project, then the guide of one, of a stage or of all."""

import re
from html import unescape

import pytest
from kaigong.catalog import load
from kaigong.views.guide import guide

from .test_pages import ask, html

pytestmark = pytest.mark.usefixtures("world")
CITY = load()
KINDS = list(CITY.processes)


def seen(path: str) -> str:
    answer = ask(path)
    assert answer["statusCode"] == 200
    return unescape(html(answer))


def words(page: str) -> str:
    """What is read: without markup, a space for each run of spaces."""
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", page))


def test_with_nothing_chosen_the_guide_is_a_choice_and_shows_no_matter_yet() -> None:
    page = seen("/guide")
    for kind in guide(CITY).processes:
        assert f'href="./guide?process={kind.code}"' in page
        assert kind.name.zh in page
        assert kind.summary
        assert kind.summary.zh in page
        numbers = (kind.matters, kind.materials, kind.links, kind.working_days)
        cards = page[page.index(f"process={kind.code}") :]
        assert tuple(map(int, re.findall("<dd>([0-9]+)</dd>", cards)[:4])) == numbers
    assert "guide/samples/" not in page
    assert len(page) < 10_000


def test_a_stage_that_is_named_before_the_kind_of_project_goes_along_where_there_is_such_a_stage() -> None:
    page = seen("/guide?stage=acceptance")
    assert 'href="./guide?process=joint-acceptance&stage=acceptance"' in page
    assert 'href="./guide?process=industrial"' in page


@pytest.mark.parametrize("kind", KINDS)
def test_the_guide_of_a_kind_of_project_has_all_that_an_applicant_asks_about(kind: str) -> None:
    page, found = seen(f"/guide?process={kind}"), guide(CITY, kind)
    said = words(page)
    assert found.schedule
    assert f"逐个部门办 {found.schedule.serial_days} 个工作日" in said
    assert f"并联审批 {found.schedule.parallel_days} 个工作日" in said
    for matter in found.matters:
        assert f'id="matter-{matter.code}"' in page
        row = words(page[page.index(f'id="matter-{matter.code}"') :])
        assert matter.department_name.zh in row
        for way in matter.ways:
            assert f"{'✓' if way.open else '✗'} {ROUTE_NAMES[way.route]} {way.why.zh}" in row
    for material in found.materials:
        assert f'href="./guide/samples/{material.code}" download' in page
        row = words(page[page.index(f'id="material-{material.code}"') :])
        assert all(said.zh in row for said in material.checks)
        assert material.why_first is None or material.why_first.zh in row
    for department in found.departments:
        assert department.name.zh in page[page.index('id="departments"') :]


ROUTE_NAMES = {route.code: route.name.zh for route in guide(CITY).routes}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stage", ["", "&stage=construction", "&stage=alongside", "&stage=acceptance"])
def test_every_link_within_the_page_leads_somewhere_and_no_place_is_there_twice(kind: str, stage: str) -> None:
    page = seen(f"/guide?process={kind}{stage}")
    places = re.findall(' id="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall('href="#([^"]+)"', page)) <= {*places, "main"}


def test_one_place_says_what_may_follow_and_what_a_commitment_replaces() -> None:
    page, found = seen("/guide?process=general"), guide(CITY, "general")
    tolerated = page[page.index('id="tolerated"') : page.index('id="commitment"')]
    committed = page[page.index('id="commitment"') : page.index('id="matters"')]
    following = [m.code for m in found.materials if m.may_follow]
    assert following
    assert re.findall("#material-([a-z0-9-]+)", tolerated) == following
    assert "20 个工作日内、申请联合验收前补齐" in words(tolerated)
    for matter in found.matters:
        assert (f"<summary>{matter.name.zh}</summary>" in committed) == bool(matter.letter)
    replaced = {code for m in found.matters for code in (*m.replaced, *m.still_asked)}
    assert set(re.findall("#material-([a-z0-9-]+)", committed)) == replaced
    assert all(route.who.zh in page and route.meaning.zh in page for route in found.routes)


def test_where_nothing_may_follow_and_nothing_can_be_committed_to_the_guide_says_so() -> None:
    page = seen("/guide?process=joint-acceptance")
    assert "没有可以后补的" in page
    assert "没有可以承诺办理的事项" in page


def test_a_stage_is_chosen_by_links_that_say_how_many_matters_it_has() -> None:
    page = words(seen("/guide?process=general"))
    for stage in guide(CITY).stages:
        matters = guide(CITY, "general", stage.code.value).matters
        assert (f"{stage.name.zh} {len(matters)} " in page) == bool(matters)
    one = seen("/guide?process=general&stage=land")
    assert 'href="./guide?process=general&stage=land" aria-current="true"' in one
    assert 'id="matter-construction-permit"' not in one


def test_a_stage_without_matters_leads_back_to_all_of_them() -> None:
    page = seen("/guide?process=joint-acceptance&stage=land")
    assert "没有要办的事项" in page
    assert "查看全部阶段" in page
    assert 'id="materials"' not in page
