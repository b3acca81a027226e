"""Whether a submission can be accepted, and that the one notice says everything that is wrong with it."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from kaigong.domain.intake.acceptance import needs
from kaigong.domain.intake.finding import judge
from kaigong.domain.intake.signing import CLOCK_SKEW, represents, signer
from kaigong.domain.model.catalogue import Catalogue, Checks, Route, Source
from kaigong.domain.model.facts import Facts, Verdict
from kaigong.domain.model.messages import CreditRecord
from kaigong.domain.model.packet import Commitment, NoticeItem, NoticeKind, Signature, Status
from kaigong.domain.model.signature import Role, SignatureLevel, Signer, Signing
from kaigong.domain.model.text import Text

from .building import (
    CATALOGUE,
    DOUBTFUL,
    EMPTY,
    ENTERPRISE,
    MORNING,
    PROJECT,
    SCRIPTED,
    Case,
    Chance,
    a_catalogue,
    a_credit,
    a_paper,
    any_facts,
    catalogues,
    chances,
    credit,
    material,
    tolerable,
)
from .lettering import LETTERED, SLOT, in_force, signed, with_letters, without_letters

LATER = MORNING + timedelta(days=1)  # than anything here is handed in


def told(case: Case) -> list[NoticeItem]:
    """What the applicant is told is wrong; nothing where the packet is accepted."""
    if case.header.status is Status.RETURNED:
        return list(case.last_notice(NoticeKind.RETURNED).items)
    return []


def returned(case: Case) -> list[tuple[str, str | None]]:
    return [(item.code, item.slot or item.matter) for item in told(case)]


class HandedIn(NamedTuple):
    """A submission as it was looked at."""

    case: Case
    matters: list[str]
    promises: list[str]
    commitments: list[str]
    letters: list[dict[str, Any]]


def acceptances(chance: Chance, catalogue: Catalogue, matters: list[str]) -> list[dict[str, Any]]:
    """Letters accepted in the manifest: some of them not the text in force, or later than they were handed in."""
    entries: list[dict[str, Any]] = []
    for code in matters:
        entry = {"matter": code, "version": 1, "sha256": "0" * 64, "by": "经办人", "at": MORNING}
        if code in catalogue.letters:
            (entry,) = signed(catalogue, code)
        wrong = chance.of([{}, {}, {"version": 9}, {"sha256": "f" * 64}, {"at": LATER}])
        entries.append(entry | wrong)
    return entries


def a_submission(chance: Chance) -> HandedIn:
    """Any submission with any papers, promises, commitments and acceptances of their letters."""
    catalogue = chance.of([with_letters, without_letters])(a_catalogue(chance))
    case = Case(catalogue, a_credit(chance))
    for slot in chance.some(catalogue.materials):
        case.upload(slot, facts=a_paper(chance))
    matters = chance.some(catalogue.matters, min_size=1)
    promises, commitments = chance.some(catalogue.materials), chance.some(matters)
    letters = acceptances(chance, catalogue, chance.some(commitments))
    case.submit(*matters, process="process", promises=promises, commitments=commitments, letters=letters)
    case.advance()
    return HandedIn(case, matters, promises, commitments, letters)


handed_in = chances.map(a_submission)


@given(handed_in)
def test_a_missing_main_material_is_never_tolerated(what: HandedIn) -> None:
    case = what.case
    for code in set(what.matters).difference(what.commitments):
        for entry in case.catalogue.matters[code].materials:
            shared = case.catalogue.materials[entry.material].source is Source.SHARED
            if entry.main and not shared and entry.material not in case.packet.slots:
                assert ("material-missing", entry.material) in returned(case)


@given(handed_in)
def test_fixing_exactly_what_the_notice_lists_makes_the_packet_acceptable(what: HandedIn) -> None:
    case, items = what.case, told(what.case)
    case.upload(*{item.slot for item in items if item.slot})
    closed = {item.matter for item in items if item.code == "commitment-not-open"}
    wrong = {item.matter for item in items if item.code in ("letter-changed", "letter-date")}
    kept = [m for m in what.commitments if m not in closed]
    letters = [entry for entry in what.letters if entry["matter"] not in closed | wrong]
    again = [code for code in kept if code in wrong and code in case.catalogue.letters]
    letters += signed(case.catalogue, *again)
    case.submit(*what.matters, process="process", promises=what.promises, commitments=kept, letters=letters)
    case.advance()
    assert not returned(case)


@given(handed_in)
def test_an_acceptance_that_the_notice_complains_of_may_as_well_be_taken_out(what: HandedIn) -> None:
    case, items = what.case, told(what.case)
    case.upload(*{item.slot for item in items if item.slot})
    closed = {item.matter for item in items if item.code == "commitment-not-open"}
    wrong = {item.matter for item in items if item.code in ("letter-changed", "letter-date")}
    kept = [m for m in what.commitments if m not in closed]
    letters = [entry for entry in what.letters if entry["matter"] not in closed | wrong]
    case.submit(*what.matters, process="process", promises=what.promises, commitments=kept, letters=letters)
    case.advance()
    assert not returned(case)


@given(handed_in)
def test_a_promise_gives_a_gap_only_where_it_is_rightly_made(what: HandedIn) -> None:
    case = what.case
    on_paper = [case.catalogue.matters[m] for m in what.matters if m not in what.commitments]
    for slot in case.packet.gaps:
        assert slot in what.promises
        assert needs(on_paper, case.catalogue)[slot].tolerable
        assert case.credit is None or not case.credit.unrepaired_breaches


@given(handed_in)
def test_the_routes_stand_in_the_applicants_order(what: HandedIn) -> None:
    case = what.case
    if case.header.accepted_at:
        assert list(case.packet.routes) == what.matters
        assert [m for m, r in case.packet.routes.items() if r is Route.COMMITMENT] == [
            m for m in what.matters if m in what.commitments
        ]


@given(handed_in)
def test_what_is_accepted_keeps_the_letter_in_force_of_every_commitment_and_how_it_was_accepted(
    what: HandedIn,
) -> None:
    case = what.case
    if not case.header.accepted_at:
        return
    assert set(case.packet.commitments) == set(what.commitments)
    electronic = {entry["matter"] for entry in what.letters}
    for code, commitment in case.packet.commitments.items():
        held = in_force(case.catalogue, code) if code in case.catalogue.letters else None
        assert (commitment.version, commitment.sha256) == ((held.version, held.sha256) if held else (0, ""))
        on_paper = Signing.UPLOADED if SLOT in case.packet.papers.by_slot else Signing.MANIFEST
        assert commitment.signing is (Signing.ELECTRONIC if code in electronic else on_paper)


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
        assert [p.verdict for p in case.packet.papers.by_slot["soil-plan"]] == [verdict.value]


@given(catalogues)
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
    assert "promise to supply it later" in text_of(case, "soil-plan").en
    assert "promise" not in text_of(case, "survey").en  # a non-main one, but its matter tolerates no gaps


def test_a_promise_that_a_matter_does_not_tolerate_is_refused_with_the_reason() -> None:
    case = Case()
    case.upload("flood-report")
    case.submit("flood", promises=["survey"])
    case.advance()
    assert "“《flood》”不能容缺受理" in text_of(case, "survey").zh
    assert "flood tolerates no gap" in text_of(case, "survey").en


def test_a_promise_that_a_breach_closes_is_refused_with_the_reason() -> None:
    case = Case(credit=credit("AAA", breaches=1))
    case.upload("form")
    case.submit("soil", promises=["soil-plan"])
    case.advance()
    assert "失信记录" in text_of(case, "soil-plan").zh
    assert "unrepaired breach" in text_of(case, "soil-plan").en


@pytest.mark.parametrize(
    ("record", "why"), [(None, "not available by commitment"), (credit("A", breaches=1), "unrepaired breach")]
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


def committed(case: Case, *matters: str, **more: Any) -> Case:
    """These matters, all of them by commitment, and looked at."""
    case.submit(*matters, commitments=matters, **more)
    case.advance()
    return case


def test_handing_in_the_manifest_accepts_the_letter_of_that_day() -> None:
    case = committed(Case(LETTERED), "land-use")
    held = in_force(LETTERED, "land-use")
    assert case.packet.commitments["land-use"].changed(verify_by=None) == Commitment(
        matter="land-use",
        accepted_at=case.packet.submissions[max(case.packet.submissions)].received_at,
        version=held.version,
        sha256=held.sha256,
        signing=Signing.MANIFEST,
        level=SignatureLevel.STATED,
    )


def test_an_electronic_acceptance_says_who_and_when() -> None:
    case = committed(Case(LETTERED), "land-use", letters=signed(LETTERED, "land-use"))
    found = case.packet.commitments["land-use"]
    assert (found.signing, found.signer) == (Signing.ELECTRONIC, Signer(name="经办人"))
    assert found.level is SignatureLevel.STATED  # nobody vouches for what a manifest says
    assert found.accepted_at == MORNING - timedelta(minutes=1)


LI = Signer(name="李四", role=Role.AUTHORISED_AGENT)


def pressed(matter: str, who: Signer = LI, **more: Any) -> Signature:
    """What the portal puts on record where a person accepts the letter of a matter."""
    held, at = in_force(LETTERED, matter), MORNING - timedelta(minutes=2)
    said = {"version": held.version, "sha256": held.sha256, "signer": who, "by": "user-1", "at": at, **more}
    return Signature(matter=matter, **said)


def test_a_letter_accepted_at_the_portal_is_signed_by_a_person_who_is_vouched_for() -> None:
    case = Case(LETTERED)
    case._change(signatures={"land-use": pressed("land-use")})
    committed(case, "land-use", letters=signed(LETTERED, "land-use", by=LI.name, signer=LI))
    found = case.packet.commitments["land-use"]
    assert (found.signer, found.level, found.signing) == (LI, SignatureLevel.CONFIRMED, Signing.ELECTRONIC)
    assert found.accepted_at == MORNING - timedelta(minutes=2)  # when it was pressed
    accepted = next(e for entry in case.entries for e in entry.events if e["event"] == "accepted")
    (entry,) = accepted["commitments"]
    assert (entry["level"], entry["role"]) == ("confirmed", "authorised-agent")
    assert LI.name not in str(accepted)  # the ledger proves who it was, and names nobody


@pytest.mark.parametrize(
    "seen",
    [
        pressed("land-use", Signer(name="王五", role=Role.AUTHORISED_AGENT)),
        pressed("land-use", Signer(name="李四", role=Role.LEGAL_REPRESENTATIVE)),
        pressed("land-use", sha256="0" * 64),
        pressed("land-use", version=7),
    ],
)
def test_a_manifest_that_says_something_else_than_was_pressed_is_not_vouched_for(seen: Signature) -> None:
    case = Case(LETTERED)
    case._change(signatures={"land-use": seen})
    committed(case, "land-use", letters=signed(LETTERED, "land-use", by=LI.name, signer=LI))
    found = case.packet.commitments["land-use"]
    assert (found.signer, found.level) == (LI, SignatureLevel.STATED)


def test_who_commits_by_the_manifest_alone_or_on_paper_is_as_the_manifest_states() -> None:
    who = {"name": "李四", "role": "authorised-agent"}
    found = committed(Case(LETTERED), "land-use", signer=who).packet.commitments["land-use"]
    assert (found.signer, found.level) == (LI, SignatureLevel.STATED)
    case = Case(LETTERED)
    case.upload(SLOT, facts=DOUBTFUL)
    found = committed(case, "land-use", signer=who).packet.commitments["land-use"]
    assert (found.signer, found.level, found.signing) == (LI, SignatureLevel.PAPER, Signing.UPLOADED)


@pytest.mark.parametrize("place", ["signer", "letters"])
def test_nobody_signs_as_the_legal_representative_but_who_is_named_so(place: str) -> None:
    named = ENTERPRISE.changed(legal_representative="张三")
    for name, wrong in (("张 三", []), ("李四", ["letter-signer"])):
        who = Signer(name=name, role=Role.LEGAL_REPRESENTATIVE)
        said = who if place == "signer" else signed(LETTERED, "land-use", signer=who)
        case = committed(Case(LETTERED), "land-use", enterprise=named, **{place: said})
        assert [item.code for item in told(case)] == wrong
        assert wrong or case.packet.commitments["land-use"].signer == who


def test_who_is_named_with_another_dot_signs_as_the_legal_representative() -> None:
    who = Signer(name="买买提.艾力", role=Role.LEGAL_REPRESENTATIVE)
    assert represents(who, "买买提·艾力")
    assert not represents(who, "买买提·艾山")


def test_the_role_of_who_signs_at_the_portal_follows_from_the_form() -> None:
    assert signer("张三", "张 三").role is Role.LEGAL_REPRESENTATIVE
    assert signer("买买提•艾力", "买买提·艾力").role is Role.LEGAL_REPRESENTATIVE
    assert signer("张三", "李四").role is Role.AUTHORISED_AGENT
    assert signer("张三", "").role is Role.AUTHORISED_AGENT  # nobody is named as that


def test_a_signed_letter_that_is_uploaded_is_kept_as_a_paper() -> None:
    case = Case(LETTERED)
    case.upload(SLOT, facts=DOUBTFUL)
    committed(case, "land-use", "planning", letters=signed(LETTERED, "planning"))
    assert case.packet.papers.by_slot[SLOT][0].version == case.packet.slots[SLOT].version
    assert {m: c.signing for m, c in case.packet.commitments.items()} == {
        "land-use": Signing.UPLOADED,
        "planning": Signing.ELECTRONIC,
    }


def test_a_signed_letter_that_cannot_be_used_is_told_unless_every_letter_is_accepted_electronically() -> None:
    case = Case(LETTERED)
    case.upload(SLOT, facts=EMPTY)
    committed(case, "land-use", "planning", letters=signed(LETTERED, "planning"))
    assert returned(case) == [("empty", SLOT)]
    committed(case, "land-use", "planning", letters=signed(LETTERED, "land-use", "planning"))
    assert not returned(case)
    assert SLOT not in case.packet.papers.by_slot


def test_a_signed_letter_is_not_looked_at_where_nothing_is_committed_to() -> None:
    case = Case(LETTERED)
    case.upload(SLOT, facts=EMPTY)
    case.accepted("soil")
    assert SLOT not in case.packet.papers.by_slot


def test_a_letter_that_changed_since_it_was_accepted_is_told_with_the_text_in_force() -> None:
    old = list(signed(LETTERED, "land-use"))
    changed = with_letters(CATALOGUE, version=2)
    case = committed(Case(changed), "land-use", letters=old)
    (item,) = told(case)
    assert (item.code, item.matter) == ("letter-changed", "land-use")
    held = in_force(changed, "land-use")
    for words in (item.text.zh, item.text.en):
        assert held.sha256 in words
        assert "POST /api/letters" in words
        assert "kaigong letter" in words
    assert "第2版" in item.text.zh
    assert "version 2" in item.text.en


@pytest.mark.parametrize(
    "other",
    [
        {"project": PROJECT.changed(name="另一项目")},
        {"project": PROJECT.changed(code="2603-411402-04-01-000001")},
        {"enterprise": ENTERPRISE.changed(name="改名有限公司")},
    ],
)
def test_a_letter_accepted_for_another_applicant_or_project_is_not_this_one(other: dict[str, Any]) -> None:
    case = committed(Case(LETTERED), "land-use", letters=signed(LETTERED, "land-use"), **other)
    assert returned(case) == [("letter-changed", "land-use")]


@pytest.mark.parametrize(("ahead", "found"), [(CLOCK_SKEW, []), (CLOCK_SKEW * 1.01, [("letter-date", "land-use")])])
def test_a_letter_is_not_accepted_later_than_it_was_handed_in(
    ahead: timedelta, found: list[tuple[str, str | None]]
) -> None:
    case = committed(Case(LETTERED), "land-use", letters=signed(LETTERED, "land-use", at=MORNING + ahead))
    assert returned(case) == found


def test_an_acceptance_of_a_letter_that_the_catalogue_does_not_have_is_told() -> None:
    case = committed(Case(without_letters(CATALOGUE)), "land-use", letters=signed(LETTERED, "land-use"))
    assert returned(case) == [("letter-changed", "land-use")]
    assert "没有该事项的承诺书文本" in told(case)[0].text.zh


def test_a_promise_for_a_paper_that_is_there_leaves_no_gap() -> None:
    case = Case()
    case.upload("form")
    case.upload("soil-plan", facts=DOUBTFUL)
    case.submit("soil", promises=["soil-plan"])
    case.advance()
    assert not case.packet.gaps
    (paper,) = case.packet.papers.by_slot["soil-plan"]
    assert paper.verdict == "warning"
    assert [code for code, _ in paper.reasons] == ["embedded-files"]


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
    case = Case(CATALOGUE.changed(materials={**CATALOGUE.materials, "soil-plan": strict}))
    case.upload("form", "soil-plan")
    case.submit("soil")
    case.advance()
    assert returned(case) == [("too-few-pages", "soil-plan")]
