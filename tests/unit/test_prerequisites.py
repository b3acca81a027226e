"""What a matter rests on beyond its packet: approvals that come first, earlier ones; and what is applied for twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong import catalog
from kaigong.domain.flow import delivery
from kaigong.domain.flow.rules import RULES
from kaigong.domain.model.catalogue import Absence, Code, Process
from kaigong.domain.model.messages import Outcome, Replacement
from kaigong.domain.model.packet import NoticeKind, ReviewState, Status
from kaigong.domain.model.standing import EarlierApproval, OtherPacket, ProjectStanding

from .building import ENTERPRISE, MORNING, OTHER_ENTERPRISE, PROJECT, Case, catalogue_of, material, matter

FILED = catalogue_of(
    [material("form"), material("certificate").changed(result_of="filing"), material("plan")],
    [
        matter("filing", "reform", "form"),
        matter("planning", "resources", "form certificate", prerequisites=("filing",)),
        matter("soil", "water", "form certificate plan"),
        matter(
            "permit",
            "housing",
            "form",
            prerequisites=("planning", "contract"),
            absence={"planning": Absence.REFUSED, "contract": Absence.PASSED},
        ),
        matter("contract", "housing", "form"),
        matter("road", "urban", "form", prerequisites=("planning",), valid_years=2),
    ],
    [Process(code="ordinary", name=material("form").name, matters=("filing", "planning", "soil", "permit", "road"))],
)
EARLIER = OtherPacket(packet="20260101-first", uscc=ENTERPRISE.uscc, approved={"planning": MORNING, "road": MORNING})


def case(**project: object) -> Case:
    made = Case(FILED)
    made.project = ProjectStanding.model_validate(project)
    return made


def handed_in(made: Case, *matters: Code, slots: tuple[str, ...] = ("form", "plan")) -> Case:
    made.upload(*slots)
    made.submit(*matters)
    made.advance()
    return made


def codes(made: Case, kind: NoticeKind) -> list[tuple[str, Code | None]]:
    return [(item.code, item.matter) for item in made.last_notice(kind).items]


# the result of a matter stands for its certificate


def test_a_paper_that_a_matter_of_the_packet_ends_in_need_not_be_there_and_is_waited_for() -> None:
    made = handed_in(case(), "filing", "planning", "soil")
    assert made.header.status is Status.IN_REVIEW
    assert made.open() == ["filing"]
    made.decide("filing", Outcome.APPROVE)
    made.advance()
    assert made.open() == ["planning", "soil"]  # also the one that does not name it among its prerequisites
    (task,) = delivery.tasks(made.packet, ("review:soil",), FILED, MORNING)
    certificate = next(m for m in task.materials if m.slot == "certificate")
    assert certificate.replaced_by is Replacement.RESULT
    assert certificate.result is not None
    assert certificate.result.packet == made.packet.packet
    assert [result.matter for result in task.rests_on] == ["filing"]


def test_where_that_matter_is_refused_those_that_wait_for_it_never_open() -> None:
    made = handed_in(case(), "filing", "soil")
    made.decide("filing", Outcome.REJECT)
    made.advance()
    assert made.states()["soil"] is ReviewState.UNOPENED


def test_the_paper_may_be_handed_in_all_the_same() -> None:
    made = handed_in(case(), "filing", "soil", slots=("form", "plan", "certificate"))
    assert "certificate" in made.packet.papers.by_slot


def test_without_either_the_paper_is_missing() -> None:
    made = handed_in(case(), "soil")
    assert ("material-missing", None) in codes(made, NoticeKind.RETURNED)


def test_an_earlier_result_of_the_project_stands_for_it_too() -> None:
    filed = OtherPacket(packet="20260101-first", uscc=ENTERPRISE.uscc, approved={"filing": MORNING})
    made = handed_in(case(others=(filed,)), "soil")
    assert made.open() == ["soil"]
    (task,) = delivery.tasks(made.packet, ("review:soil",), FILED, MORNING)
    assert [(r.matter, r.packet) for r in task.rests_on] == [("filing", "20260101-first")]


def test_the_rule_that_asks_for_the_main_papers_counts_the_result() -> None:
    made = handed_in(case(), "filing", "soil")
    asked = RULES["main-complete"].ask(made.packet, made.header, FILED.matters["soil"], FILED)
    assert asked.holds
    assert asked.inputs["certificate"] == "result filing"


# prerequisites elsewhere


def test_what_the_law_wants_first_refuses_the_application() -> None:
    made = handed_in(case(), "permit")
    assert made.header.status is Status.RETURNED
    assert codes(made, NoticeKind.RETURNED) == [("prerequisite-missing", "permit")]


def test_what_usually_comes_first_is_told_to_applicant_and_officer() -> None:
    made = handed_in(case(), "road")
    assert made.open() == ["road"]
    assert codes(made, NoticeKind.ACCEPTED) == [("prerequisite-unseen", "road")]
    (task,) = delivery.tasks(made.packet, ("review:road",), FILED, MORNING)
    assert [caution.code for caution in task.cautions] == ["prerequisite-unseen"]


@pytest.mark.parametrize("asked", ["permit", "road"])
def test_an_earlier_approval_of_the_project_counts(asked: Code) -> None:
    made = handed_in(case(others=(EARLIER,)), asked)
    assert made.open() == [asked]
    assert codes(made, NoticeKind.ACCEPTED) == []
    assert made.packet.priors["planning"].packet == EARLIER.packet


def test_what_another_enterprise_got_for_the_project_does_not_count() -> None:
    made = handed_in(case(others=(EARLIER.changed(uscc=OTHER_ENTERPRISE.uscc),)), "permit")
    assert made.header.status is Status.RETURNED


def test_what_the_window_put_on_record_counts_until_it_ends() -> None:
    known = EarlierApproval(matter="planning", number="地字第 1 号", on=date(2020, 5, 1), until=MORNING.date())
    made = handed_in(case(approvals=(known,)), "permit")
    assert made.open() == ["permit"]
    (task,) = delivery.tasks(made.packet, ("review:permit",), FILED, MORNING)
    assert [(r.number, r.packet) for r in task.rests_on] == [("地字第 1 号", None)]
    over = known.changed(until=MORNING.date() - timedelta(days=1))
    made = handed_in(case(approvals=(over,)), "permit")
    (item,) = made.last_notice(NoticeKind.RETURNED).items
    assert "已过有效期" in item.text.zh


@given(days=st.integers(0, 1200))
def test_an_approval_counts_to_the_end_of_its_term(days: int) -> None:
    """Of two years, told by the day of the approval."""
    at = MORNING - timedelta(days=days)
    catalogue = FILED.changed(matters={**FILED.matters, "planning": FILED.matters["planning"].changed(valid_years=2)})
    made = Case(catalogue)
    made.project = ProjectStanding(others=(EARLIER.changed(approved={"planning": at}),))
    handed_in(made, "permit")
    counts = at.date() >= MORNING.date().replace(year=MORNING.year - 2)
    assert (made.header.status is Status.IN_REVIEW) == counts


# twice


def test_what_is_under_review_in_another_packet_is_told() -> None:
    other = OtherPacket(packet="20260102-twice", uscc=ENTERPRISE.uscc, under_review=("filing",))
    made = handed_in(case(others=(other,)), "filing")
    assert codes(made, NoticeKind.ACCEPTED) == [("applied-for-elsewhere", "filing")]
    (item,) = made.last_notice(NoticeKind.ACCEPTED).items
    assert other.packet in item.text.zh
    assert other.packet in item.text.en
    (task,) = delivery.tasks(made.packet, ("review:filing",), FILED, MORNING)
    assert [caution.code for caution in task.cautions] == ["applied-for-elsewhere"]


def test_of_another_enterprise_it_is_not() -> None:
    other = OtherPacket(packet="20260102-twice", uscc=OTHER_ENTERPRISE.uscc, under_review=("filing",))
    assert codes(handed_in(case(others=(other,)), "filing"), NoticeKind.ACCEPTED) == []


# what a packet leaves for others


def test_a_packet_has_its_matters_under_review_until_it_ends_and_then_what_was_approved() -> None:
    made = handed_in(case(), "filing", "contract")
    assert (made.packet.under_review(), made.packet.approvals()) == (("filing", "contract"), {})
    made.decide("filing", Outcome.APPROVE)
    made.advance()
    assert made.packet.approvals() == {}
    made.decide("contract", Outcome.REJECT)
    made.advance()
    assert made.packet.under_review() == ()
    assert list(made.packet.approvals()) == ["filing"]
    made.revoke("filing")
    made.advance()
    assert made.packet.approvals() == {}


# the shipped catalogue


BEGINNINGS = [(p.code, p.start_matters) for p in catalog.load().processes.values() if p.start_matters]
ALL = [(p.code, p.matters) for p in catalog.load().processes.values()]
FROM_FILING = ("project-filing", "land-use-permit", "planning-permit", "environment-impact", "soil-conservation")


@pytest.mark.parametrize(("process", "begins"), [*BEGINNINGS, ("general", FROM_FILING), *ALL])
def test_what_a_process_begins_with_is_accepted_at_once_and_its_first_wave_opens(
    process: Code, begins: tuple[Code, ...]
) -> None:
    """With every paper that the packet itself cannot end in."""
    catalogue = catalog.load()
    made = Case(catalogue)
    asked = {m.material for code in begins for m in catalogue.matters[code].materials}
    slots = [s for s in asked if catalogue.materials[s].result_of not in begins]
    made.upload(*(s for s in slots if catalogue.materials[s].source.value != "shared"))
    made.submit(*begins, process=process, project=PROJECT.changed(code="2603-411400-04-01-123456"))
    made.advance()
    assert made.header.status is Status.IN_REVIEW, made.last_notice(NoticeKind.RETURNED)
    assert set(made.states()) >= {m for m in begins if not set(catalogue.before(m)) & {*begins}}
    for _ in begins:
        for code in made.open():
            made.decide(code, Outcome.APPROVE)
        made.advance()
    assert set(made.states().values()) == {ReviewState.APPROVED}
