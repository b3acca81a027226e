"""The public guide: first a choice of the project types, then the guide of one, of a stage or of all."""

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
        assert f'href="./guide/matters/{matter.code}?process={kind}"' in page
    for material in found.materials:
        assert f'href="./guide/samples/{material.code}" download' in page
        row = words(page[page.index(f'id="material-{material.code}"') :])
        assert all(said.zh in row for said in material.checks)
        assert material.why_first is None or material.why_first.zh in row
    for department in found.departments:
        assert department.name.zh in page[page.index('id="departments"') :]


ROUTE_NAMES = {route.code: route.name.zh for route in guide(CITY).routes}


@pytest.mark.parametrize("kind", KINDS)
def test_a_matter_has_a_page_with_its_ways_and_their_reasons_its_samples_and_its_letter(kind: str) -> None:
    for matter in guide(CITY, kind).matters:
        page = seen(f"/guide/matters/{matter.code}?process={kind}")
        said = words(page)
        for way in matter.ways:
            assert f"{'✓' if way.open else '✗'} {ROUTE_NAMES[way.route]} {way.why.zh}" in said
        for code in matter.materials:
            assert f'href="../../guide/samples/{code}" download' in page
        assert set(re.findall('href="#([^"]+)"', page)) <= {*re.findall(' id="([^"]+)"', page), "main"}
        letter = matter.letter.sections if matter.letter else ()
        assert all(point.zh in said for section in letter for point in section.points)
        assert CITY.departments[matter.department].telephone in said
        assert f'href="../../apply?process={kind}&matters={matter.code}"' in page


def test_a_matter_that_is_not_there_or_not_of_that_kind_of_project_is_not_found() -> None:
    for path in ("no-such-matter", "fire-acceptance?process=general", "heritage?process=no-such-process"):
        assert ask(f"/guide/matters/{path}")["statusCode"] == 404


# which matters do I need


def test_the_usual_case_is_one_press_away_nine_matters_and_fourteen_papers() -> None:
    assert 'href="./guide/questions?process=industrial"' in seen("/guide")
    page = seen("/guide/questions?process=industrial")
    assert "9 个事项，14 份材料" in page
    assert 'href="../guide/needed?process=industrial"' in page
    usual = seen("/guide/needed?process=industrial")
    listed = re.findall(r'href="\.\./guide/matters/([a-z0-9-]+)', usual)
    assert set(listed) == set(CITY.processes["industrial"].start_matters)
    assert len(re.findall(r'href="\.\./guide/samples/', usual)) == 14


def test_every_question_is_asked_and_what_was_ticked_stays_ticked() -> None:
    page = seen("/guide/questions?process=general&answers=river,fuel")
    for question in CITY.questions.asked:
        assert question.text.zh in page
    assert set(re.findall('value="([a-z-]+)" checked', page)) == {"river", "fuel"}


def test_what_is_needed_says_why_asks_for_papers_and_is_carried_into_the_application() -> None:
    page = seen("/guide/needed?process=general&answers=river,fuel,no-such-answer")
    listed = re.findall(r'href="\.\./guide/matters/([a-z0-9-]+)', page)
    assert {"flood-impact", "safety-design-review", "lightning-design-review"} < set(listed)
    assert "heritage" not in listed
    because = CITY.questions.asked[1].answers[1].reasons[0].because
    assert because.zh in page
    assert f'href="../apply?process=general&matters={",".join(listed)}"' in page
    assert 'href="../guide/questions?process=general&answers=river%2Cfuel%2Cno-such-answer"' in page


def test_who_asks_about_no_kind_of_project_chooses_one_first() -> None:
    for path in ("/guide/questions", "/guide/needed?answers=river"):
        answer = ask(path)
        assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "../guide")


# the search


@pytest.mark.parametrize(
    "typed", ["涉路施工", "ROAD-works", "Ｒｏａｄ－ｗｏｒｋｓ", "SQ-TRANSPORT-01", "交通 涉路", "traffic plan"]
)
def test_a_matter_is_found_by_words_of_its_names_codes_department_and_materials(typed: str) -> None:
    assert "guide/matters/road-works" in seen(f"/guide/search?q={typed}")


def test_nothing_found_says_what_may_be_looked_for_and_leads_to_all_kinds_of_project() -> None:
    page = seen("/guide/search?q=消防验收&process=general")
    assert "没有找到" in page
    assert 'href="../guide/search?q=%E6%B6%88%E9%98%B2%E9%AA%8C%E6%94%B6"' in page


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
