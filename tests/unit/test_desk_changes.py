"""What changed in a review since its department last answered, and what did not."""

from datetime import timedelta

from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import Status
from kaigong.views.desk_changes import DeskChanges, changes, papers_before

from .building import Case

PLAN = DecisionReason(slot="soil-plan", text="缺图")


def seen(case: Case, matter: str) -> DeskChanges | None:
    return changes(case.packet, case.packet.reviews[matter], case.catalogue)


def corrected() -> Case:
    """The plan came again after the water department had asked for it."""
    case = Case().accepted("soil", "flood")
    case.decide("soil", Outcome.CORRECT, PLAN)
    case.decide("flood")
    case.advance()
    case.now += timedelta(hours=1)
    case.upload("soil-plan")
    case.submit("soil", "flood")
    case.advance()
    return case


def test_a_department_that_answers_first_sees_no_changes() -> None:
    assert seen(Case().accepted("soil"), "soil") is None


def test_the_replaced_paper_stands_beside_the_new_one_and_the_others_are_said_to_be_unchanged() -> None:
    case = corrected()
    found = seen(case, "soil")
    assert found
    assert found.since == case.packet.decisions["soil", 1].received_at
    [paper] = found.papers
    assert (paper.slot, paper.until) == ("soil-plan", 2)
    assert paper.before
    assert paper.before.at
    assert paper.now
    assert paper.now.at
    assert paper.before.at < paper.now.at
    assert paper.before.finding.verdict == "valid"
    names = [text.zh for text in found.unchanged]
    assert names == ["《form》", "企业和项目信息"]
    assert (found.data, found.gaps) == ((), ())
    [old] = papers_before(case.packet, "soil-plan", 2)
    assert old.key != case.packet.papers.by_slot["soil-plan"][0].key
    assert papers_before(case.packet, "form", 2) == ()
    assert papers_before(case.packet, "soil-plan", 1) == ()


def test_of_several_corrections_the_paper_that_the_department_saw_is_the_old_one() -> None:
    case = corrected()
    case.decide("soil", Outcome.CORRECT, PLAN)
    case.advance()
    assert case.header.status is Status.CORRECTING
    case.now += timedelta(hours=1)
    case.upload("soil-plan")
    case.submit("soil", "flood")
    case.advance()
    found = seen(case, "soil")
    assert found
    [paper] = found.papers
    assert paper.until == 3
    assert paper.before
    assert paper.before.id == papers_before(case.packet, "soil-plan", 3)[0].id


def test_data_that_the_applicant_says_otherwise_are_shown() -> None:
    case = Case().accepted("soil")
    case.decide("soil", Outcome.CORRECT, PLAN)
    case.advance()
    case.now += timedelta(hours=1)
    case.upload("soil-plan")
    newest = case.submit("soil")
    enterprise = newest.manifest.enterprise.changed(phone="0370-1234567")
    said = newest.changed(manifest=newest.manifest.changed(enterprise=enterprise))
    case._change(submissions={**case.packet.submissions, newest.version: said})
    case.advance()
    found = seen(case, "soil")
    assert found
    assert [(d.name.zh, d.now) for d in found.data] == [("联系电话", "0370-1234567")]
    assert "0370-1234567" not in repr(found)


def test_a_decision_that_was_taken_back_shows_that_nothing_changed() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil")
    case.advance()
    case.now += timedelta(hours=1)
    case.retract("soil")
    case.advance()
    found = seen(case, "soil")
    assert found
    assert (found.papers, found.data, found.gaps) == ((), (), ())
    assert len(found.unchanged) == 3


def test_of_several_files_those_that_changed_came_and_went_are_shown_each() -> None:
    several = Case().catalogue
    several = several.changed(
        materials={**several.materials, "soil-plan": several.materials["soil-plan"].changed(max_files=5)}
    )
    case = Case(several)
    for name in ("1.pdf", "2.pdf", "3.pdf"):
        case.upload("soil-plan", name=name)
    case.accepted("soil")
    case.decide("soil", Outcome.CORRECT, PLAN)
    case.advance()
    case.now += timedelta(hours=1)
    case.upload("soil-plan", name="2.pdf")
    case.upload("soil-plan", name="4.pdf")
    case.submit("soil")
    case.advance()
    found = seen(case, "soil")
    assert found
    told = [(p.before.file if p.before else None, p.now.file if p.now else None) for p in found.papers]
    assert told == [("2.pdf", "2.pdf"), (None, "4.pdf")]
