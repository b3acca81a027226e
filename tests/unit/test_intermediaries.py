"""Intermediaries answer for their papers: who is fit, what a paper itself says, and the record of each (mission 15)."""

from datetime import date, timedelta
from typing import Any

import pytest
from kaigong.domain.flow.intermediaries import ORDER, records
from kaigong.domain.intake import draft as drafts
from kaigong.domain.intake.acceptance import taken
from kaigong.domain.intake.intermediaries import judged
from kaigong.domain.model.catalogue import Intermediary, IntermediaryKind, Qualification, ShutOut, Source
from kaigong.domain.model.draft import AuthorTyped
from kaigong.domain.model.facts import Facts, Verdict
from kaigong.domain.model.manifest import Author
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import IntermediaryRecord, NoticeKind, Paper, Status
from kaigong.domain.model.text import Text

from .building import CATALOGUE, EMPTY, ENTERPRISE, GOOD, MORNING, Case, material
from .test_draft import draft

TODAY = MORNING.date()
HE, SHE, OTHER = "91411402MA0KG10132", "91411402MA0KG1021W", "91411402MA0KG103XL"
SOIL = IntermediaryKind.SOIL
PLAN = material("soil-plan", Source.INTERMEDIARY).changed(drawn_up_by=(SOIL, IntermediaryKind.WATER))
AUTHOR = Author(name="商丘样例水保有限公司", uscc=HE, certificate="SB-1", responsible="李工")


def listed(**more: Any) -> Intermediary:
    held = (Qualification(kind=SOIL, number="SB-1", valid_until=TODAY),)
    return Intermediary.model_validate({"code": HE, "name": AUTHOR.name, "qualifications": held, **more})


def found(author: Author | None = AUTHOR, facts: Facts = GOOD, **more: Any) -> dict[str, Verdict]:
    other = Intermediary(code=OTHER, name="商丘另一家测绘有限公司", qualifications=())
    known = {HE: listed(**more), OTHER: other}
    finding = judged([Case().announced("soil-plan", facts)], PLAN, ENTERPRISE, author, known, TODAY)
    return {reason.code: reason.verdict for reason in finding.reasons}


def page(text: str) -> Facts:
    return GOOD.changed(text=text, text_on_page_1=True)


def test_a_listed_intermediary_that_is_fit_is_nothing_to_speak_of_on_the_last_day_of_its_term_too() -> None:
    assert found() == {}
    assert found(qualifications=(Qualification(kind=SOIL),)) == {}  # a kind that needs no certificate


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("intermediary-ended", {"qualifications": (Qualification(kind=SOIL, valid_until=TODAY - timedelta(days=1)),)}),
        ("intermediary-unfit", {"qualifications": (Qualification(kind=IntermediaryKind.MAPPING),)}),
        ("intermediary-shut-out", {"shut_out": ShutOut(until=TODAY, reason=Text(zh="失信。", en="Dishonest."))}),
        ("intermediary-shut-out", {"shut_out": ShutOut(reason=Text(zh="暂停。", en="Suspended."))}),
    ],
)
def test_a_paper_of_one_that_is_not_fit_does_not_count(code: str, more: dict[str, Any]) -> None:
    assert found(**more) == {code: Verdict.DEFICIENT}


def test_one_that_was_shut_out_until_yesterday_is_fit_again() -> None:
    assert found(shut_out=ShutOut(until=TODAY - timedelta(days=1), reason=Text(zh="暂停。", en="Suspended."))) == {}


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        (None, {"intermediary-not-named": Verdict.WARNING}),
        (Author(name="某公司"), {"intermediary-no-code": Verdict.WARNING}),
        (Author(name="某公司", uscc=SHE), {"intermediary-not-listed": Verdict.WARNING}),
        (
            Author(name="某公司", uscc=SHE, valid_until=TODAY - timedelta(days=1)),
            {"intermediary-not-listed": Verdict.WARNING, "intermediary-ended": Verdict.DEFICIENT},
        ),
        (AUTHOR.changed(name="改了名的公司"), {"intermediary-name": Verdict.WARNING}),
        (AUTHOR.changed(certificate="SB-9"), {"intermediary-certificate": Verdict.WARNING}),
    ],
)
def test_what_the_list_cannot_say_or_says_otherwise_is_a_warning(
    author: Author | None, expected: dict[str, Verdict]
) -> None:
    assert found(author) == expected


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("编制单位:商丘样例水保有限公司", False),
        ("编制单位:商丘别家咨询有限公司2026年3月", True),
        (f"水土保持方案{OTHER.lower()}", True),
        (f"水土保持方案{HE.lower()}{OTHER.lower()}", False),
        (f"建设单位代码{ENTERPRISE.uscc.lower()}", False),
        ("水土保持方案报告书", False),
        ("", False),
    ],
)
def test_a_first_page_that_names_another_than_was_given_is_a_doubt(text: str, doubtful: bool) -> None:
    assert found(facts=page(text)) == ({"intermediary-other": Verdict.WARNING} if doubtful else {})


def test_of_several_files_one_first_page_that_names_the_author_is_enough_and_all_is_said_once() -> None:
    case, many, other = Case(), PLAN.changed(max_files=3), page("编制单位:商丘别家咨询有限公司")
    pages = [other, other, page("编制单位:商丘样例水保有限公司")]
    files = [case.announced("soil-plan", facts) for facts in pages]
    assert not judged(files, many, ENTERPRISE, AUTHOR, {HE: listed()}, TODAY).reasons
    told = judged(files[:2], many, ENTERPRISE, AUTHOR, {HE: listed()}, TODAY)
    assert [reason.code for reason in told.reasons] == ["intermediary-other"]
    papers = taken(files[:2], told, 1, author=AUTHOR)
    assert [[code for code, _ in paper.reasons] for paper in papers] == [["intermediary-other"], []]
    assert [paper.verdict for paper in papers] == ["warning", "valid"]


def test_nothing_is_said_of_who_drew_up_a_paper_that_does_not_open_or_is_the_applicants_own() -> None:
    own = PLAN.changed(drawn_up_by=())
    for upload, kind in ((Case().announced("soil-plan", EMPTY), PLAN), (Case().announced("soil-plan"), own)):
        codes = [r.code for r in judged([upload], kind, ENTERPRISE, None, {}, TODAY).reasons]
        assert not [code for code in codes if code.startswith("intermediary")]


# in a packet

CITY = CATALOGUE.changed(materials={**CATALOGUE.materials, "soil-plan": PLAN}, intermediaries={HE: listed()})
NAMED = [{"slot": "soil-plan", **AUTHOR.model_dump(exclude_none=True)}]


def submitted(case: Case, **more: Any) -> Case:
    case.upload("form", "soil-plan")
    case.submit("soil", **{"drawn_up": NAMED, **more})
    case.advance()
    return case


def paper(case: Case) -> Paper:
    (found,) = case.packet.papers.by_slot["soil-plan"]
    return found


def test_an_old_manifest_that_names_nobody_is_accepted_and_the_officer_is_told() -> None:
    case = submitted(Case(CITY), drawn_up=())
    assert case.header.status is Status.IN_REVIEW
    assert (paper(case).author, paper(case).verdict) == (None, "warning")
    assert [code for code, _ in paper(case).reasons] == ["intermediary-not-named"]
    assert ORDER not in case.orders()


def test_who_drew_a_paper_up_goes_with_it_and_into_its_record() -> None:
    case = submitted(Case(CITY))
    assert (paper(case).author, paper(case).verdict) == (AUTHOR, "valid")
    assert ORDER in case.orders()
    assert records(case.packet) == {HE: IntermediaryRecord(papers=1)}
    accepted = next(e for entry in case.entries for e in entry.events if e["event"] == "accepted")
    assert accepted["drawn_up"] == {"soil-plan": HE}


def test_a_paper_of_one_that_is_shut_out_is_returned_with_the_reason_and_the_way_out_and_counts() -> None:
    out = listed(shut_out=ShutOut(reason=Text(zh="报告弄虚作假。", en="It falsified a report.")))
    case = submitted(Case(CITY.changed(intermediaries={HE: out})))
    assert case.header.status is Status.RETURNED
    (item,) = case.last_notice(NoticeKind.RETURNED).items
    assert (item.code, item.slot) == ("intermediary-shut-out", "soil-plan")
    assert "报告弄虚作假" in item.text.zh
    assert "重新编制" in item.text.zh
    assert records(case.packet) == {HE: IntermediaryRecord(returned=1)}
    case.catalogue = CITY  # repaired
    submitted(case)
    assert records(case.packet) == {HE: IntermediaryRecord(papers=1, returned=1)}


def test_a_correction_of_its_paper_counts_once_and_a_new_paper_may_be_anothers() -> None:
    case = submitted(Case(CITY))
    twice = [DecisionReason(slot="soil-plan", text=text) for text in ("面积不符", "缺少附图")]
    case.decide("soil", Outcome.CORRECT, *twice)
    case.advance()
    assert records(case.packet) == {HE: IntermediaryRecord(papers=1, corrected=1)}
    case.upload("soil-plan")
    case.submit("soil", drawn_up=[{"slot": "soil-plan", "name": "另一家公司", "uscc": SHE}])
    case.advance()
    assert paper(case).author == Author(name="另一家公司", uscc=SHE)
    assert records(case.packet) == {HE: IntermediaryRecord(corrected=1), SHE: IntermediaryRecord(papers=1)}
    counted = [outbox.counted for outbox in case.packet.outbox.values() if outbox.counted]
    assert counted == [
        {HE: IntermediaryRecord(papers=1)},
        {HE: IntermediaryRecord(corrected=1)},
        {HE: IntermediaryRecord(papers=-1), SHE: IntermediaryRecord(papers=1)},
    ]


def test_a_paper_that_was_promised_and_does_not_come_counts_as_broken() -> None:
    case = Case(CITY)
    case.upload("form")
    case.submit("soil", promises=["soil-plan"], drawn_up=NAMED)
    case.advance()
    case.now += timedelta(days=90)
    case.advance()
    assert case.packet.breaches
    assert records(case.packet) == {HE: IntermediaryRecord(broken=1)}


# on the form


def test_what_is_typed_of_an_intermediary_becomes_the_manifests_and_comes_back() -> None:
    typed = AuthorTyped(slot="soil-plan", name="商丘样例水保有限公司", uscc=HE.lower(), valid_until="2027-06-30")
    made, wanting = drafts.manifest(draft("soil", drawn_up=(typed,)), [], CITY)
    assert not wanting
    named = made.author("soil-plan")
    assert named == Author(name="商丘样例水保有限公司", uscc=HE, valid_until=date(2027, 6, 30))
    again = drafts.taken_up(made, ENTERPRISE.uscc, "user-1", MORNING)
    assert again.drawn_up == (typed.changed(uscc=HE),)


def test_what_cannot_be_right_of_an_intermediary_is_named_field_by_field() -> None:
    typed = AuthorTyped(slot="soil-plan", uscc="9141", valid_until="明年")
    _, wanting = drafts.manifest(draft("soil", drawn_up=(typed,)), [], CITY)
    assert [w.field for w in wanting] == [f"drawn_up.soil-plan.{name}" for name in ("name", "uscc", "valid_until")]
    empty = AuthorTyped(slot="soil-plan")
    elsewhere = typed.changed(slot="survey")  # no matter here asks for it
    assert drafts.manifest(draft("soil", drawn_up=(empty, elsewhere)), [], CITY)[1] == ()
