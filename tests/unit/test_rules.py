"""Rules that decide a matter at once: what each one asks for, and what it puts on record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.catalog import load
from kaigong.domain.flow import delivery
from kaigong.domain.flow.rules import BY_COMMITMENT, RULES, ask, decides
from kaigong.domain.model.catalogue import Catalogue, Route, Source
from kaigong.domain.model.facts import Facts
from kaigong.domain.model.manifest import Project
from kaigong.domain.model.packet import NoticeKind, Packet, RuleOutcome

from .building import (
    CATALOGUE,
    DOUBTFUL,
    EMPTY,
    ENTERPRISE,
    GOOD,
    MORNING,
    Case,
    Chance,
    a_catalogue,
    chances,
    credit,
    tolerable,
)
from .lettering import LETTERED, in_force, with_letters, without_letters

PERSON = ENTERPRISE.changed(legal_representative="王某某", phone="13800001111")
CODED = Project(name="某某项目", code="2603-411402-04-01-000001", address="某某路一号")
OF_PAPERS = tuple(code for code in RULES if code not in BY_COMMITMENT)


def ruled(catalogue: Catalogue, *rules: str) -> Catalogue:
    """The catalogue with these rules for every matter."""
    matters = {code: m.changed(rules=rules) for code, m in catalogue.matters.items()}
    return catalogue.changed(matters=matters)


def answers(packet: Packet, matter: str, catalogue: Catalogue) -> dict[str, RuleOutcome]:
    return {outcome.rule: outcome for outcome in ask(packet, matter, catalogue)}


def an_accepted_case(chance: Chance) -> Case:
    """Any packet that was accepted, of a catalogue whose matters all name every rule that may be named."""
    plain = a_catalogue(chance)
    case = Case(ruled(chance.of([with_letters, without_letters])(plain), *OF_PAPERS), chance.of([None, credit("B")]))
    matters = chance.some(plain.matters, min_size=1)
    promises = chance.some(tolerable(plain))
    for slot in sorted(plain.materials):
        if slot not in promises:
            case.upload(slot, facts=chance.of([GOOD, GOOD, DOUBTFUL]))
    project = chance.of([CODED, Project(name="未赋码项目")])
    open_to = [m for m in matters if plain.matters[m].takes_commitment]
    commitments = chance.some(open_to)
    case.submit(
        *matters, process="process", promises=promises, commitments=commitments, enterprise=PERSON, project=project
    )
    case.advance()
    assert case.header.accepted_at
    return case


accepted = chances.map(an_accepted_case)


@given(accepted, st.sampled_from([(), ("credit-code-check",)]))
def test_each_rule_holds_exactly_where_what_it_asks_for_is_so(case: Case, doubts: tuple[str, ...]) -> None:
    header = case.header.changed(doubts=doubts)
    packet = case.packet.changed(header=header)
    for code, route in case.packet.routes.items():
        asked = answers(packet, code, case.catalogue)
        holds = {rule: outcome.holds for rule, outcome in asked.items()}
        matter = case.catalogue.matters[code]
        there = packet.papers.by_slot
        if route is Route.COMMITMENT:
            assert holds == {"commitment-accepted": code in case.catalogue.letters and not doubts}
            continue
        assert holds == {
            "main-complete": all(
                e.material in there
                or (case.catalogue.materials[e.material].source is Source.SHARED and header.credit_at is not None)
                for e in matter.materials
                if e.main
            ),
            "papers-valid": all(p.verdict == "valid" for e in matter.materials for p in there.get(e.material, ())),
            "no-gap": not any(code in gap.matters for gap in packet.gaps.values()),
            "codes-hold": bool(case.header.project.code) and not doubts,
        }


@given(accepted)
def test_nothing_personal_is_among_what_a_rule_puts_on_record(case: Case) -> None:
    for code in case.packet.routes:
        for outcome in ask(case.packet, code, case.catalogue):
            said = outcome.model_dump_json()
            for personal in (PERSON.name, PERSON.uscc, "王某某", "13800001111", "某某路", "某某项目"):
                assert personal not in said


@given(accepted)
def test_the_same_packet_is_always_answered_alike(case: Case) -> None:
    for code in case.packet.routes:
        assert ask(case.packet, code, case.catalogue) == ask(case.packet, code, case.catalogue)


@given(st.lists(st.booleans()))
def test_rules_decide_where_there_are_some_and_all_of_them_hold(held: list[bool]) -> None:
    outcomes = [RuleOutcome(rule="no-gap", holds=holds, text=CATALOGUE.matters["soil"].name) for holds in held]
    assert decides(outcomes) == (held != [] and False not in held)


def test_a_matter_without_rules_is_left_to_its_department() -> None:
    case = Case().accepted("soil")
    assert ask(case.packet, "soil", CATALOGUE) == ()
    assert not decides(())


def one(case: Case, matter: str, rule: str) -> RuleOutcome:
    return answers(case.packet, matter, ruled(case.catalogue, rule))[rule]


def test_main_materials_are_put_on_record_with_the_version_that_was_looked_at() -> None:
    case = Case(credit=credit()).accepted("land-use")
    found = one(case, "land-use", "main-complete")
    versions = {slot: p.version for slot, (p,) in case.packet.papers.by_slot.items() if slot != "site-photo"}
    assert found.inputs == {**versions, "licence": "shared"}


def test_shared_data_that_are_not_there_are_a_missing_paper() -> None:
    case = Case().accepted("land-use")
    found = one(case, "land-use", "main-complete")
    assert (found.holds, found.inputs["licence"]) == (False, "missing")
    items = [(item.code, item.matter) for item in case.last_notice(NoticeKind.ACCEPTED).items]
    assert items == [("shared-data-missing", "land-use")]
    (task,) = delivery.tasks(case.packet, ("review:land-use",), CATALOGUE, MORNING)
    assert [caution.code for caution in task.cautions] == ["shared-data-missing"]


def test_a_main_material_that_is_not_there_is_named() -> None:
    case = Case().accepted("soil")
    case.packet = case.packet.changed(papers=case.packet.papers.changed(by_slot={}))
    found = one(case, "soil", "main-complete")
    assert (found.holds, found.inputs) == (False, {"form": "missing"})
    assert "《form》" in found.text.zh
    assert "form" in found.text.en


@pytest.mark.parametrize(("facts", "holds"), [(GOOD, True), (DOUBTFUL, False)])
def test_a_paper_with_a_warning_is_for_the_department(facts: Facts, holds: bool) -> None:
    case = Case()
    case.upload("form")
    case.upload("soil-plan", facts=facts)
    case.submit("soil")
    case.advance()
    found = one(case, "soil", "papers-valid")
    version = case.packet.papers.by_slot["soil-plan"][0].version
    assert found.holds is holds
    assert found.inputs["soil-plan"] == f"{version} valid" if holds else f"{version} warning embedded-files"
    assert ("《soil-plan》" in found.text.zh) is not holds


def test_a_promised_material_keeps_rules_from_deciding_until_it_came() -> None:
    case = Case().accepted("soil", promises=["soil-plan"])
    before = one(case, "soil", "no-gap")
    case.upload("soil-plan")
    case.advance()
    after = one(case, "soil", "no-gap")
    assert (before.holds, before.inputs) == (False, {"soil-plan": "open"})
    assert (after.holds, after.inputs) == (True, {"soil-plan": "closed"})


def test_a_gap_of_another_matter_does_not_count() -> None:
    case = Case().accepted("soil", "flood", promises=["soil-plan"])
    assert one(case, "flood", "no-gap").holds


def commit(catalogue: Catalogue) -> Case:
    case = Case(catalogue)
    case.submit("land-use", commitments=["land-use"])
    case.advance()
    return case


def test_a_commitment_is_on_record_with_its_letter_and_how_it_was_accepted() -> None:
    case = commit(LETTERED)
    (found,) = ask(case.packet, "land-use", LETTERED)
    letter = in_force(LETTERED, "land-use")
    assert found.holds
    assert found.inputs == {
        "letter": f"1 {letter.sha256}",
        "letter-in-force": f"1 {letter.sha256}",
        "signing": "manifest",
        "credit-grade": "",
        "doubts": "",
    }


def test_a_commitment_to_a_letter_that_is_no_longer_in_force_is_for_the_department() -> None:
    case = commit(LETTERED)
    (found,) = ask(case.packet, "land-use", with_letters(CATALOGUE, version=2))
    assert not found.holds
    assert "不是现行文本" in found.text.zh


def test_a_commitment_without_a_letter_to_compare_is_for_the_department() -> None:
    bare = without_letters(CATALOGUE)
    (found,) = ask(commit(bare).packet, "land-use", bare)
    assert not found.holds
    assert "没有可以核对的告知承诺书" in found.text.zh


def test_by_commitment_the_rules_of_the_other_routes_are_not_asked() -> None:
    catalogue = ruled(LETTERED, "main-complete")
    case = commit(catalogue)
    assert [outcome.rule for outcome in ask(case.packet, "land-use", catalogue)] == ["commitment-accepted"]


def test_a_rule_that_is_gone_since_leaves_the_matter_to_its_department() -> None:
    case = Case().accepted("soil")
    assert ask(case.packet, "soil", ruled(CATALOGUE, "main-complete", "no-such-rule")) == ()


def test_the_city_names_only_rules_that_there_are_and_never_those_of_commitments() -> None:
    named = {rule for matter in load().matters.values() for rule in matter.rules}
    assert named
    assert named <= set(OF_PAPERS)


def test_an_unusable_paper_is_never_asked_about() -> None:
    case = Case()
    case.upload("form")
    case.upload("soil-plan", facts=EMPTY)
    case.submit("soil", promises=["soil-plan"])
    case.advance()
    assert set(one(case, "soil", "papers-valid").inputs) == {"form"}
