"""The pages of a city with 2,147 matters (mission 1): small, paged, and from one reading of the catalogue."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from kaigong import catalog
from kaigong.catalog import open_folder
from kaigong.domain.model.catalogue import Catalogue, Source
from kaigong.views.guide import MATTERS as GUIDE_PAGE
from kaigong.views.search import PAGE

from tests.city import MATTERS, write_city

from .test_apply_pages import Applicant, pool  # noqa: F401 - the fixture
from .test_pages import Pool, ask, html
from .world import World

LARGEST = 100_000  # bytes of a page's HTML


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("many") / "city"
    write_city(made)
    return made


@pytest.fixture(autouse=True)
def city(folder: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:  # noqa: ARG001 - the table
    """The large catalogue in the place of the shipped one, read as a function reads it."""
    monkeypatch.setattr(catalog.loader, "DATA", folder)
    catalog.load.cache_clear()
    yield catalog.load()
    catalog.load.cache_clear()


@pytest.fixture
def applicant(pool: Pool) -> Applicant:  # noqa: F811 - the fixture
    return Applicant(pool)


def seen(path: str) -> str:
    answer = ask(path)
    assert answer["statusCode"] == 200
    page = html(answer)
    assert len(page.encode()) <= LARGEST, f"{path} is {len(page.encode())} bytes"
    return unescape(page)


def found_in(page: str) -> list[str]:
    return re.findall(r'href="[./]*guide/matters/([a-z0-9-]+)', page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_the_guide_is_small_and_the_catalogue_is_read_once(
    lang: str, city: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.load.cache_clear()
    read: list[Path] = []
    monkeypatch.setattr(catalog.loader, "open_folder", lambda path: read.append(path) or open_folder(path))
    for process in city.processes:
        for path in ("guide?", "guide/search?", "guide/questions?", "guide/needed?"):
            page = seen(f"/{path}process={process}&lang={lang}")
            assert len(set(found_in(page))) <= 40
    every = ",".join(a.code for question in city.questions.asked for a in question.answers)
    seen(f"/guide/needed?process=general&answers={every}&lang={lang}")
    for path in ("/", "/guide", "/guide/search", "/guide/matters/construction-permit?process=general"):
        seen(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    assert len(read) == 1


def test_the_guide_of_one_kind_of_project_reads_no_matters_of_the_others(city: Catalogue) -> None:
    seen("/guide?process=general&stage=construction")
    made = vars(city.matters)["_made"]
    assert set(made) <= set(city.processes["general"].matters)


def test_the_guide_as_data_comes_in_pages_of_which_each_says_what_holds_beside_all_others(city: Catalogue) -> None:
    wanted, found = city.processes["others"].matters, []
    for page in (1, 2, -(-len(wanted) // GUIDE_PAGE)):
        answer = ask(f"/api/guide?process=others&page={page}")
        body = json.loads(html(answer))
        assert (body["page"], body["pages"]) == (page, -(-len(wanted) // GUIDE_PAGE))
        codes = [matter["code"] for matter in body["matters"]]
        assert {asker["matter"] for material in body["materials"] for asker in material["asked_by"]} <= set(codes)
        assert len(html(answer).encode()) < 6 * LARGEST
        found += codes
    assert found[: 2 * GUIDE_PAGE] == list(wanted[: 2 * GUIDE_PAGE])
    assert found[2 * GUIDE_PAGE :] == list(wanted[-len(found) + 2 * GUIDE_PAGE :])


def test_every_matter_of_a_large_kind_of_project_is_on_one_page_of_its_list_stage_by_stage(city: Catalogue) -> None:
    listed: list[str] = []
    wanted = city.processes["others"].matters
    for number in range(1, -(-len(wanted) // PAGE) + 1):
        found = found_in(seen(f"/guide/search?process=others&page={number}"))
        assert len(found) <= PAGE
        listed += found
    assert sorted(listed) == sorted(wanted)
    stages = [city.matters[code].stage for code in listed]
    assert [stage for stage, before in zip(stages, [None, *stages], strict=False) if stage != before] == list(
        dict.fromkeys(stages)
    )


def test_a_search_through_all_matters_is_paged_and_says_how_many_there_are() -> None:
    page = seen("/guide/search?q=消防")
    assert len(found_in(page)) == PAGE
    total = re.search("找到 ([0-9]+) 个事项", page)
    assert total
    assert PAGE < int(total[1]) < MATTERS
    assert 'rel="next"' in page
    assert found_in(seen("/guide/search?q=消防&page=2"))[0] not in found_in(page)


def ticked(page: str) -> set[str]:
    return set(re.findall('name="matters" value="([a-z0-9-]+)" checked', page))


def offered(page: str) -> list[str]:
    return re.findall('name="matters" value="([a-z0-9-]+)">', page)


def test_the_form_of_a_large_kind_of_project_shows_what_is_chosen_and_a_page_of_what_was_searched_for(
    applicant: Applicant, city: Catalogue
) -> None:
    first = applicant.sees("/apply?process=others")
    assert len(first.encode()) <= LARGEST
    assert not ticked(first)
    assert 0 < len(offered(first)) <= PAGE
    one = offered(first)[0]
    page = applicant.sees(f"/apply?process=others&matters={one}&q=消防设计&page=1")
    assert ticked(page) == {one}
    two = offered(page)[0]
    assert "消防设计" in city.matters[two].name.zh
    packet = applicant.sent_on(applicant.post("/apply", process="others", matters=[one, two])).removeprefix("apply/")
    application = applicant.sees(f"/apply/{packet}")
    assert len(application.encode()) <= LARGEST
    assert set(re.findall('name="matters" value="([a-z0-9-]+)"', application)) == {one, two}
    # from the form to a page of its own, and back with one more
    answer = applicant.saves(packet, process="others", matters=[one, two], then="matters", **{"project.name": "某项目"})
    assert applicant.sent_on(answer) == f"apply/{packet}/matters"
    more = applicant.sees(f"/apply/{packet}/matters?matters={one},{two}&q=绿地")
    assert len(more.encode()) <= LARGEST
    assert ticked(more) == {one, two}
    three = offered(more)[0]
    version = re.search('name="version" value="([0-9]+)"', more)
    assert version
    sent = applicant.post(f"/apply/{packet}/matters", version=version[1], matters=[one, two, three])
    assert applicant.sent_on(sent) == f"apply/{packet}#h-matters"
    again = applicant.sees(f"/apply/{packet}")
    assert set(re.findall('name="matters" value="([a-z0-9-]+)"', again)) == {one, two, three}
    assert 'value="某项目"' in again


def test_an_application_with_many_materials_is_small_and_goes_through_them_by_parts(
    applicant: Applicant, city: Catalogue
) -> None:
    many = list(city.processes["others"].matters[:40])
    packet = applicant.sent_on(applicant.post("/apply", process="others", matters=many)).removeprefix("apply/")
    for lang in ("en", "zh"):
        assert len(html(applicant.get(f"/apply/{packet}?lang={lang}")).encode()) <= LARGEST
    seen_slots, at = [], ""
    while True:
        page = applicant.sees(f"/apply/{packet}{at}")
        assert len(page.encode()) <= LARGEST
        here = re.findall('<article class="slot[^>]* id="slot-([a-z0-9-]+)"', page)
        seen_slots += here
        elsewhere = re.findall('data-upload="([a-z0-9-]+)"[^>]* data-elsewhere', page)
        assert not set(here) & set(elsewhere)  # a heap of files goes to those as well
        missing = re.findall(r'href="[^"]*\?slot=([a-z0-9-]+)#slot-', page)
        assert set(missing) <= set(elsewhere)  # told here, and leading there
        assert missing or at
        live = applicant.sees(f"/apply/{packet}/state{at}")
        assert set(re.findall('id="state-([a-z0-9-]+)"', live)) == set(here)
        later = re.search('value="(slot/[a-z0-9-]+)">保存，看下一页材料', page)
        if not later:
            break
        answer = applicant.saves(packet, process="others", matters=many, then=later[1])
        at = applicant.sent_on(answer).removeprefix(f"apply/{packet}").partition("#")[0]
    asked = {entry.material for code in many for entry in city.matters[code].materials}
    handed_in = {code for code in asked if city.materials[code].source is not Source.SHARED}
    assert len(seen_slots) == len(set(seen_slots))
    assert handed_in <= set(seen_slots) | {"commitment-letters"}


def test_what_stands_on_another_page_of_the_materials_is_kept(applicant: Applicant, city: Catalogue) -> None:
    many = list(city.processes["others"].matters[:40])
    packet = applicant.sent_on(applicant.post("/apply", process="others", matters=many)).removeprefix("apply/")
    last = re.findall('data-upload="([a-z0-9-]+)"[^>]* data-elsewhere', applicant.sees(f"/apply/{packet}"))[-1]
    there = applicant.sees(f"/apply/{packet}?slot={last}")
    promised = re.findall('name="promises" value="([a-z0-9-]+)"', there)[0]
    drawn = re.findall('value="slot/([a-z0-9-]+)">填写编制机构', there)[0]
    fields = applicant.sees(f"/apply/{packet}?slot={drawn}")
    assert f'name="drawn_up.{drawn}.name"' in fields
    assert "drawn_up." not in there  # asked for one by one
    said = {f"drawn_up.{drawn}.name": "某设计院", f"drawn_up.{drawn}.valid_until": "明年", "promises": promised}
    applicant.saves(packet, process="others", matters=many, **said)
    first = applicant.sees(f"/apply/{packet}")
    assert f'<input type="hidden" name="promises" value="{promised}">' in first
    assert f'?slot={drawn}#drawn_up-{drawn}-valid_until"' in first
    applicant.saves(packet, process="others", matters=many, promises=promised)
    assert "编制机构：<bdi>某设计院</bdi>" in applicant.sees(f"/apply/{packet}?slot={last}")
    # and while matters are added
    more = applicant.sees(f"/apply/{packet}/matters")
    version = re.search('name="version" value="([0-9]+)"', more)
    assert version
    applicant.post(f"/apply/{packet}/matters", version=version[1], matters=many[:39])
    assert 'value="某设计院"' in applicant.sees(f"/apply/{packet}?slot={drawn}")


def test_more_matters_than_an_application_takes_are_refused_with_what_was_ticked_still_there(
    applicant: Applicant, city: Catalogue
) -> None:
    many = list(city.processes["others"].matters[:41])
    answer = applicant.post("/apply", process="others", matters=many)
    assert answer["statusCode"] == 422
    assert "最多 40 个事项" in html(answer)
    assert ticked(html(answer)) == set(many[:40])
    packet = applicant.sent_on(applicant.post("/apply", process="others", matters=many[:40])).removeprefix("apply/")
    refused = applicant.post(f"/apply/{packet}/matters", version="1", matters=many)
    assert (refused["statusCode"], "最多 40 个事项" in html(refused)) == (422, True)
    other = many[40]
    outrun = applicant.post(f"/apply/{packet}/matters", version="0", matters=[*many[:2], other])
    assert (outrun["statusCode"], ticked(html(outrun))) == (409, {*many[:2], other})
    version = re.search('name="version" value="([0-9]+)"', html(outrun))
    assert version
    nonsense = applicant.post(f"/apply/{packet}/matters", version=version[1], matters=["A!", many[0]])
    assert (nonsense["statusCode"], ticked(html(nonsense))) == (422, {many[0]})
    applicant.sent_on(applicant.post(f"/apply/{packet}/matters", version=version[1], matters=[*many[:2], other]))


def test_the_window_puts_an_approval_from_elsewhere_on_record_by_the_matters_number(
    pool: Pool,  # noqa: F811 - the fixture
    city: Catalogue,
) -> None:
    window = Applicant(pool, **{"cognito:groups": ["window"]})
    path, matter = "/window/projects/2603-411400-04-01-123456", city.matters[city.processes["others"].matters[7]]
    page = window.sees(path)
    assert len(page.encode()) <= LARGEST
    assert "<option" not in page
    sent = window.post(path, serviced="", matter=matter.number.lower(), number="许 1 号", on="2026-01-05")
    assert window.sent_on(sent).endswith("saved=1")
    assert matter.name.zh in window.sees(path)
