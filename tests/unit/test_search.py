"""Searching matters: every word counts, wherever it stands, however it is typed; and a page is never longer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.catalog import load
from kaigong.domain.intake.search import LONGEST, search
from kaigong.domain.model.catalogue import Stage
from kaigong.domain.model.text import folded
from kaigong.views.search import PAGE, listed

CITY = load()
ALL = list(CITY.matters)


def called(code: str) -> str:
    matter = CITY.matters[code]
    return folded(f"{matter.name.zh}\n{matter.name.en}\n{code}\n{matter.number}\n{matter.commitment_number}")


@pytest.mark.parametrize("code", ALL)
def test_a_matter_is_found_by_each_of_its_names_and_codes_and_comes_before_those_that_only_concern_it(
    code: str,
) -> None:
    matter = CITY.matters[code]
    for typed in (matter.name.zh, matter.name.en.upper(), code, matter.number.lower()):
        found = search(typed, ALL, CITY)
        assert code in found
        own = [c for c in found if all(word in called(c) for word in folded(typed).split())]
        assert found[: len(own)] == own
        assert code in own


def test_full_width_and_case_make_no_difference() -> None:
    for typed in ("gas connection", "ＧＡＳ　Connection", "Gas\tconnection"):
        assert search(typed, ALL, CITY)[0] == "gas-connection"


def test_a_department_and_a_material_lead_to_their_matters() -> None:
    assert set(search("water", [c for c in ALL if CITY.matters[c].department == "water"], CITY)) == {
        c for c in ALL if CITY.matters[c].department == "water"
    }
    assert {c for c in ALL if any(m.material == "tree-list" for m in CITY.matters[c].materials)} <= set(
        search("tree-list", ALL, CITY)
    )


@given(st.text(max_size=2 * LONGEST))
def test_whatever_is_typed_every_word_is_found_in_what_is_listed_and_pages_are_bounded(typed: str) -> None:
    found = search(typed, ALL, CITY)
    assert len(set(found)) == len(found)
    for word in folded(typed[:LONGEST]).split()[:8]:
        assert set(found) <= set(search(word, ALL, CITY))
    assert len(listed(CITY, typed).matters) <= PAGE


@given(st.sampled_from(Stage), st.integers(-3, 9999))
def test_a_page_that_is_not_there_is_the_last_and_a_stage_lists_its_own(stage: Stage, page: int) -> None:
    found = listed(CITY, "", "general", stage, page)
    assert {m.stage for m in found.matters} <= {stage}
    assert 1 <= found.page <= found.pages
    assert found.found == found.by_stage.get(stage, 0)
    every = [m for n in range(1, found.pages + 1) for m in listed(CITY, "", "general", stage, n).matters]
    assert len(every) == found.found
