"""Whether a submission can be accepted, and that the one notice says everything that is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.acceptance import needs
from kaigong.domain.catalogue import Catalogue, Checks, Route, Source
from kaigong.domain.facts import Facts
from kaigong.domain.finding import Verdict, judge
from kaigong.domain.messages import CreditRecord
from kaigong.domain.packet import NoticeItem, NoticeKind, Status
from kaigong.domain.text import Text

from .building import (
    CATALOGUE,
    DOUBTFUL,
    EMPTY,
    ENTERPRISE,
    SCRIPTED,
    Case,
    any_facts,
    catalogues,
    credit,
    credits_,
    material,
    papers,
    some,
    tolerable,
)


def told(case: Case) -> list[NoticeItem]:
    """What the applicant is told is wrong; nothing where the packet is accepted."""
    if case.header.status is Status.RETURNED:
        return list(case.last_notice(NoticeKind.RETURNED).items)
    return []


def returned(case: Case) -> list[tuple[str, str | None]]:
    return [(item.code, item.slot or item.matter) for item in told(case)]


@st.composite
def handed_in(draw: st.DrawFn) -> tuple[Case, list[str], list[str], list[str]]:
    """Any submission with any papers, promises and commitments: the case, matters, promises, commitments."""
    catalogue = draw(catalogues())
    case = Case(catalogue, draw(credits_()))
    for slot in draw(some(catalogue.materials)):
        case.upload(slot, facts=draw(papers))
    matters = draw(some(catalogue.matters, min_size=1))
    promises, commitments = draw(some(catalogue.materials)), draw(some(matters))
    case.submit(*matters, process="process", promises=promises, commitments=commitments)
    case.advance()
    return case, matters, promises, commitments


@given(handed_in())
def test_a_missing_main_material_is_never_tolerated(what: tuple[Case, list[str], list[str], list[str]]) -> None:
    case, matters, _, commitments = what
    for code in set(matters).difference(commitments):
        for entry in case.catalogue.matters[code].materials:
            shared = case.catalogue.materials[entry.material].source is Source.SHARED
            if entry.main and not shared and entry.material not in case.packet.slots:
                assert ("material-missing", entry.material) in returned(case)


@given(handed_in())
def test_fixing_exactly_what_the_notice_lists_makes_the_packet_acceptable(
    what: tuple[Case, list[str], list[str], list[str]],
) -> None:
    case, matters, promises, commitments = what
    items = told(case)
    case.upload(*{item.slot for item in items if item.slot})
    closed = {item.matter for item in items if item.code == "commitment-not-open"}
    kept = [m for m in commitments if m not in closed]
    case.submit(*matters, process="process", promises=promises, commitments=kept)
    case.advance()
    assert not returned(case)


@given(handed_in())
def test_a_promise_gives_a_gap_only_where_it_is_rightly_made(
    what: tuple[Case, list[str], list[str], list[str]],
) -> None:
    case, matters, promises, commitments = what
    on_paper = [case.catalogue.matters[m] for m in matters if m not in commitments]
    for slot in case.packet.gaps:
        assert slot in promises
        assert needs(on_paper, case.catalogue)[slot].tolerable
        assert case.credit is None or not case.credit.unrepaired_breaches


@given(handed_in())
def test_the_routes_stand_in_the_applicants_order(what: tuple[Case, list[str], list[str], list[str]]) -> None:
    case, matters, _, commitments = what
    if case.header.accepted_at:
        assert list(case.header.routes) == matters
        assert [m for m, r in case.header.routes.items() if r is Route.COMMITMENT] == [
            m for m in matters if m in commitments
        ]


@given(any_facts())
def test_a_deficient_paper_is_always_named_in_the_notice_and_any_other_one_is_taken(facts: Facts) -> None:
    case = Case()
    case.upload("form")
    case.upload("soil-plan", facts=facts)
    case.submit("soil")
    case.advance()
    verdict = judge(facts, CATALOGUE.materials["soil-plan"], ENTERPRISE).verdict
    slots = {slot for _, slot in returned(case)}
    assert slots == ({"soil-plan"} if verdict is Verdict.DEFICIENT else set())
    if verdict is not Verdict.DEFICIENT:
        assert case.packet.papers.by_slot["soil-plan"].verdict == verdict.value


@given(catalogues())
def test_a_material_that_several_matters_ask_for_is_needed_once_and_shared_data_never(catalogue: Catalogue) -> None:
    found = needs(list(catalogue.matters.values()), catalogue)
    for code, need in found.items():
        asked = {m.code: e.main for m in catalogue.matters.values() for e in m.materials if e.material == code}
        assert set(need.matters) == set(asked)
        assert need.main == any(asked.values())
        assert need.tolerable == (code in tolerable(catalogue))
        assert need.material.source is not Source.SHARED


def test_everything_wrong_is_told_in_one_notice() -> None:
    case = Case()
    case.upload("form", facts=SCRIPTED)
    case.upload("survey", facts=EMPTY)
    case.submit("flood", "soil", commitments=["soil"])
    case.advance()
    assert sorted(returned(case)) == [
        ("commitment-not-open", "soil"),
        ("empty", "survey"),
        ("javascript", "form"),
        ("launch", "form"),
        ("material-missing", "flood-report"),
        ("material-missing", "soil-plan"),
    ]
    assert case.orders() == [f"notice:{case.last_notice(NoticeKind.RETURNED).number}"]


def text_of(case: Case, slot: str) -> Text:
    return next(item.text for item in told(case) if item.slot == slot)


def test_the_notice_says_for_each_missing_material_whether_it_may_follow_later() -> None:
    case = Case()
    case.submit("soil", "flood", promises=["form"])
    case.advance()
    assert "主要材料不得容缺，承诺后补无效" in text_of(case, "form").zh
    assert "promise to hand it in later" in text_of(case, "soil-plan").en
    assert "promise" not in text_of(case, "survey").en  # a non-main one, but its matter tolerates no gaps


def test_a_promise_that_a_breach_closes_is_refused_with_the_reason() -> None:
    case = Case(credit=credit("AAA", breaches=1))
    case.upload("form")
    case.submit("soil", promises=["soil-plan"])
    case.advance()
    assert "失信记录" in text_of(case, "soil-plan").zh
    assert "unrepaired breach" in text_of(case, "soil-plan").en


@pytest.mark.parametrize(
    ("record", "why"), [(None, "not open to commitment"), (credit("A", breaches=1), "unrepaired breach")]
)
def test_a_commitment_that_is_not_open_is_refused_with_the_reason(record: CreditRecord | None, why: str) -> None:
    code = "soil" if record is None else "land-use"
    case = Case(credit=record)
    case.submit(code, commitments=[code])
    case.advance()
    assert why in next(item.text.en for item in told(case) if item.matter == code)


def test_a_commitment_stands_in_place_of_the_papers() -> None:
    case = Case()
    case.submit("land-use", "planning", commitments=["land-use", "planning"])
    case.advance()
    assert not returned(case)
    assert set(case.packet.commitments) == {"land-use", "planning"}
    assert not case.packet.papers.by_slot


def test_a_promise_for_a_paper_that_is_there_leaves_no_gap() -> None:
    case = Case()
    case.upload("form")
    case.upload("soil-plan", facts=DOUBTFUL)
    case.submit("soil", promises=["soil-plan"])
    case.advance()
    assert not case.packet.gaps
    assert case.packet.papers.by_slot["soil-plan"].verdict == "warning"
    assert [code for code, _ in case.packet.papers.by_slot["soil-plan"].reasons] == ["embedded-files"]


def test_a_promised_paper_whose_upload_is_deficient_is_a_gap() -> None:
    case = Case()
    case.upload("form")
    case.upload("soil-plan", facts=EMPTY)
    case.submit("soil", promises=["soil-plan"])
    case.advance()
    assert case.header.status is Status.IN_REVIEW
    assert case.packet.gaps["soil-plan"].open


def test_a_paper_is_judged_by_what_its_own_material_asks_for() -> None:
    strict = material("soil-plan", checks=Checks(min_pages=5))
    case = Case(CATALOGUE.model_copy(update={"materials": {**CATALOGUE.materials, "soil-plan": strict}}))
    case.upload("form", "soil-plan")
    case.submit("soil")
    case.advance()
    assert returned(case) == [("too-few-pages", "soil-plan")]
