"""How long a packet's matters take, one after another and side by side."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.model.catalogue import Catalogue, Matter, Process
from kaigong.views.schedule import Plan, plan

from .building import Chance, a_catalogue, catalogue_of, chances, matter, named


def a_plan(chance: Chance) -> tuple[Plan, Catalogue, list[str], list[str]]:
    """A plan, with its catalogue, its matters and those decided at once."""
    catalogue = a_catalogue(chance)
    matters, at_once = chance.some(catalogue.matters), chance.some(catalogue.matters)
    return plan(matters, "process", catalogue, at_once), catalogue, matters, at_once


plans = chances.map(a_plan)


@given(plans)
def test_every_matter_is_in_exactly_one_wave(drawn: tuple[Plan, Catalogue, list[str], list[str]]) -> None:
    found, _, matters, _ = drawn
    assert sorted(c for wave in found.waves for c in wave) == sorted(matters)
    assert all(found.waves)


@given(plans)
def test_a_matter_is_in_the_first_wave_after_all_its_prerequisites(
    drawn: tuple[Plan, Catalogue, list[str], list[str]],
) -> None:
    found, catalogue, matters, _ = drawn
    number = {c: i for i, wave in enumerate(found.waves) for c in wave}
    for code in matters:
        wanted = [number[p] for p in catalogue.matters[code].prerequisites if p in matters]
        assert number[code] == max(wanted, default=-1) + 1


@given(plans)
def test_in_parallel_it_never_takes_longer_than_one_after_another(
    drawn: tuple[Plan, Catalogue, list[str], list[str]],
) -> None:
    found, _, _, _ = drawn
    assert found.parallel_days <= found.serial_days


@given(plans)
def test_the_critical_path_is_a_chain_of_prerequisites_and_takes_as_long_as_the_whole(
    drawn: tuple[Plan, Catalogue, list[str], list[str]],
) -> None:
    found, catalogue, matters, at_once = drawn
    path = found.critical_path
    assert set(path) <= set(matters)
    for earlier, later in pairwise(path):
        assert earlier in catalogue.matters[later].prerequisites
    at_least = 1 if set(matters) - set(at_once) else 0  # an instant matter still has its working day
    assert found.parallel_days == max(sum(found.days[c] for c in path), at_least)


@given(plans)
def test_no_chain_of_prerequisites_takes_longer_than_the_critical_path(
    drawn: tuple[Plan, Catalogue, list[str], list[str]],
) -> None:
    found, catalogue, matters, _ = drawn

    def longest(code: str) -> int:
        before = [p for p in catalogue.matters[code].prerequisites if p in matters]
        return found.days[code] + max((longest(p) for p in before), default=0)

    assert sum(found.days[c] for c in found.critical_path) == max((longest(c) for c in matters), default=0)


@given(plans, st.data())
def test_the_order_in_which_matters_are_named_does_not_matter(
    drawn: tuple[Plan, Catalogue, list[str], list[str]], data: st.DataObject
) -> None:
    found, catalogue, matters, at_once = drawn
    assert plan(data.draw(st.permutations(matters)), "process", catalogue, at_once) == found
    assert plan([*matters, *matters], "process", catalogue, set(at_once)) == found


@given(plans)
def test_what_is_decided_at_once_takes_no_time_and_no_other_matter_less_than_promised(
    drawn: tuple[Plan, Catalogue, list[str], list[str]],
) -> None:
    found, catalogue, matters, at_once = drawn
    instant = catalogue.processes["process"].instant
    for code in matters:
        promised = 0 if instant or code in at_once else catalogue.matters[code].promised_days
        assert found.days[code] == promised
    assert found.serial_days == sum(max(found.days[c], 1) for c in matters if c not in at_once)


def city(*matters: Matter, instant: bool = False) -> Catalogue:
    codes = tuple(m.code for m in matters)
    return catalogue_of([], matters, [Process(code="process", name=named("process"), matters=codes, instant=instant)])


CHAIN = (
    matter("land", "resources", "form", promised_days=3),
    matter("planning", "resources", "form", promised_days=2, prerequisites=("land",)),
    matter("fire", "housing", "form", promised_days=4),
    matter("permit", "housing", "form", promised_days=1, prerequisites=("planning", "fire")),
    matter("water", "water", "form", promised_days=0),
)
ALL = [m.code for m in CHAIN]


def test_matters_run_side_by_side_and_the_longest_chain_sets_the_time() -> None:
    found = plan(ALL, "process", city(*CHAIN))
    assert found.waves == (("land", "fire", "water"), ("planning",), ("permit",))
    assert found.critical_path == ("land", "planning", "permit")
    assert (found.serial_days, found.parallel_days) == (11, 6)
    assert found.text.zh == "逐项办理约需 11 个工作日，并联办理 6 个工作日"
    assert found.text.en == "About 11 working days one after another, 6 working days in parallel"


def test_a_committed_matter_takes_no_time_but_keeps_its_place() -> None:
    found = plan(ALL, "process", city(*CHAIN), at_once={"land", "planning"})
    assert found.waves == (("land", "fire", "water"), ("planning",), ("permit",))
    assert found.critical_path == ("fire", "permit")
    assert (found.serial_days, found.parallel_days) == (6, 5)


def test_all_matters_of_an_instant_process_take_one_working_day_together() -> None:
    """Mission 10: matters before construction start, 1 working day."""
    found = plan(ALL, "process", city(*CHAIN, instant=True))
    assert (found.serial_days, found.parallel_days) == (5, 1)
    assert found.critical_path == ("land", "planning", "permit")
    assert found.text.en == "About 5 working days one after another, 1 working day in parallel"


def test_where_everything_is_decided_at_once_no_working_day_is_needed() -> None:
    found = plan(ALL, "process", city(*CHAIN), at_once=ALL)
    assert (found.serial_days, found.parallel_days) == (0, 0)
    assert "当场决定" in found.text.zh


def test_nothing_takes_no_time() -> None:
    found = plan([], "process", city(*CHAIN))
    assert (found.waves, found.critical_path, found.serial_days, found.parallel_days) == ((), (), 0, 0)


def test_of_chains_equally_long_the_one_that_the_process_names_first_is_told() -> None:
    even = (matter("b", "housing", "form"), matter("a", "water", "form"))
    assert plan(["a", "b"], "process", city(*even)).critical_path == ("b",)
    assert plan(["a", "b"], "process", city(*reversed(even))).critical_path == ("a",)


@pytest.mark.parametrize("process", ["process", "gone"])
def test_what_has_left_the_catalogue_is_left_out(process: str) -> None:
    found = plan(["land", "gone"], process, city(*CHAIN))
    assert (found.waves, found.parallel_days) == ((("land",),), 3)
