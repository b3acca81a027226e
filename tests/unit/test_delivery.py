"""What goes out: review tasks, notices, the request to write the result."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from kaigong.domain.flow.delivery import addressed, issue_request, notices, review_queue, tasks
from kaigong.domain.model.catalogue import MatterMaterial, Source
from kaigong.domain.model.messages import Outcome, ProcedureKind, Replacement, ReviewTask, WithdrawnBy
from kaigong.domain.model.packet import ActKind, NoticeKind
from kaigong.domain.model.people import Person, Wanted
from kaigong.domain.model.signature import SignatureLevel, Signer, Signing

from .building import (
    CATALOGUE,
    DOUBTFUL,
    MORNING,
    OTHER_ENTERPRISE,
    PACKET,
    Case,
    Chance,
    a_catalogue,
    chances,
    credit,
    tolerable,
)


def sent(case: Case) -> dict[str, ReviewTask]:
    """The review tasks of the last change, by matter."""
    found = tasks(case.packet, tuple(case.orders()), case.catalogue, case.now)
    return {task.matter: task for task in found}


def withdrawn() -> Case:
    """A packet with an open task, one that rests, and one whose department answered, taken back by its applicant."""
    case = Case().accepted("soil", "fire-review", "land-use")
    case.procedure("fire-review", ProcedureKind.HEARING)
    case.decide("land-use", Outcome.CORRECT)
    case.advance()
    case.act(ActKind.WITHDRAW, reason="不办了")
    case.advance()
    return case


def test_each_department_that_had_a_task_hears_that_it_is_withdrawn() -> None:
    case = withdrawn()
    assert [order for order in case.orders() if order.startswith("withdrawn")] == [
        "withdrawn:soil",
        "withdrawn:fire-review",
    ]
    soil = sent(case)["soil"]
    assert (soil.id, soil.review_id, soil.round) == (f"{PACKET}.soil.1.withdrawn", f"{PACKET}.soil", 1)
    assert soil.withdrawn
    assert (soil.withdrawn.by, soil.withdrawn.at) == (WithdrawnBy.APPLICANT, case.header.withdrawn_at)
    assert review_queue(soil.department, soil.channel) == "review-water"
    assert case.advance() is None  # once


def test_a_task_that_was_withdrawn_before_it_went_out_is_not_asked_for_and_yet_taken_back() -> None:
    case = withdrawn()
    (task,) = tasks(case.packet, ("review:soil", "withdrawn:soil"), case.catalogue, case.now)
    assert task.withdrawn


def test_an_ordinary_task_looks_as_it_did() -> None:
    task = sent(Case().accepted("soil"))["soil"]
    assert "withdrawn" not in task.model_dump_json(by_alias=True, exclude_none=True)


@given(chances)
def test_every_material_of_a_task_has_a_file_or_says_what_replaces_it(chance: Chance) -> None:
    catalogue = a_catalogue(chance)
    matters = list(catalogue.matters)
    committed = chance.some(m for m in matters if catalogue.matters[m].takes_commitment)
    promises = tolerable(catalogue)
    case = Case(catalogue).accepted(*matters, process="process", commitments=committed, promises=promises)
    for matter, task in sent(case).items():
        asked = catalogue.matters[matter].materials
        assert [(m.slot, m.main) for m in task.materials] == [(e.material, e.main) for e in asked]
        for m in task.materials:
            if papers := case.packet.papers.by_slot.get(m.slot):
                paper = papers[0]
                assert [(f.key, f.version, f.sha256) for f in m.files] == [(p.key, p.version, p.sha256) for p in papers]
                assert (m.key, m.version, m.sha256, m.replaced_by) == (paper.key, paper.version, paper.sha256, None)
            elif catalogue.materials[m.slot].source is Source.SHARED:
                assert (m.key, m.replaced_by) == (None, Replacement.SHARED)
            elif matter in committed:
                assert (m.key, m.replaced_by) == (None, Replacement.COMMITMENT)
            else:
                assert (m.key, m.replaced_by) == (None, Replacement.GAP)
                assert m.due == case.packet.gaps[m.slot].due.at


def test_a_task_says_how_each_paper_is_replaced() -> None:
    case = Case().accepted(
        "land-use", "soil", "fire-review", commitments=["land-use"], promises=["soil-plan"], enterprise=OTHER_ENTERPRISE
    )  # there is a doubt about the enterprise, so that a department looks at the commitment
    task = sent(case)
    assert {m.slot: m.replaced_by for m in task["land-use"].materials} == {
        "form": None,  # handed in for the other matters
        "licence": Replacement.SHARED,
        "land-contract": Replacement.COMMITMENT,
        "site-photo": Replacement.COMMITMENT,
    }
    assert {m.slot: m.replaced_by for m in task["soil"].materials} == {"form": None, "soil-plan": Replacement.GAP}
    assert task["soil"].materials[1].due == datetime.fromisoformat("2026-04-03T17:30:00+08:00")


def test_a_task_of_a_matter_done_by_commitment_says_who_signed_and_what_that_is_worth() -> None:
    who = {"name": "李四", "role": "authorised-agent"}
    case = Case().accepted("land-use", "soil", commitments=["land-use"], signer=who, enterprise=OTHER_ENTERPRISE)
    made = sent(case)["land-use"].commitment
    assert made
    assert (made.signer, made.level) == (Signer.model_validate(who), SignatureLevel.STATED)
    assert (made.signing, made.accepted_at) == (Signing.MANIFEST, case.packet.commitments["land-use"].accepted_at)
    assert sent(case)["soil"].commitment is None


def test_a_gap_of_one_matter_is_no_gap_of_another_that_is_committed_to() -> None:
    planning = CATALOGUE.matters["planning"]
    asked = (*planning.materials, MatterMaterial(material="soil-plan", main=False))
    matters = {**CATALOGUE.matters, "planning": planning.changed(materials=asked)}
    case = Case(CATALOGUE.changed(matters=matters))
    task = sent(
        case.accepted("soil", "planning", commitments=["planning"], promises=["soil-plan"], enterprise=OTHER_ENTERPRISE)
    )
    assert task["soil"].materials[-1].replaced_by is Replacement.GAP
    assert task["planning"].materials[-1].replaced_by is Replacement.COMMITMENT
    assert task["planning"].materials[-1].due is None


def test_a_task_carries_what_the_examination_found() -> None:
    case = Case()
    case.upload("form")
    case.upload("soil-plan", facts=DOUBTFUL)
    case.submit("soil")
    case.advance()
    form, plan = sent(case)["soil"].materials
    assert form.finding
    assert (form.finding.verdict, form.finding.codes) == ("valid", ())
    assert plan.finding
    assert (plan.finding.verdict, plan.finding.codes) == ("warning", ("embedded-files",))
    assert len(plan.finding.reasons) == 1


def test_a_task_shows_a_gap_as_closed_once_its_paper_is_there() -> None:
    case = Case().accepted("soil", promises=["soil-plan"])
    order = tuple(case.orders())
    case.upload("soil-plan")
    case.advance()
    [task] = tasks(case.packet, order, case.catalogue, case.now)
    assert [m.replaced_by for m in task.materials] == [None, None]


def test_the_same_review_gives_the_same_id_and_key_however_often_it_goes_out() -> None:
    case = Case().accepted("soil")
    one = sent(case)["soil"]
    again = sent(case)["soil"]
    assert (one.id, one.review_id, one.round, one.reply_token) == (
        again.id,
        again.review_id,
        again.round,
        again.reply_token,
    )
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    case.submit("soil")
    case.advance()
    corrected = sent(case)["soil"]
    assert corrected.review_id == one.review_id
    assert (corrected.round, corrected.id) == (2, "20260306-test.soil.2")
    assert corrected.reply_token != one.reply_token


def test_the_green_channel_has_its_own_queue() -> None:
    ordinary = sent(Case().accepted("soil"))["soil"]
    assert review_queue(ordinary.department, ordinary.channel) == "review-water"
    green = sent(Case(credit=credit("AAA")).accepted("soil"))["soil"]
    assert review_queue(green.department, green.channel) == "review-water-priority"


def test_a_notice_that_goes_out_names_nobody() -> None:
    case = Case().accepted("soil", "flood", promises=["soil-plan"])
    [message] = notices(case.packet, case.told(), case.now)
    number = case.last_notice(NoticeKind.ACCEPTED).number
    assert (message.id, message.kind, message.round) == (f"20260306-test.notice.{number}", "accepted", 1)
    assert case.header.enterprise.name not in message.model_dump_json()
    assert case.header.enterprise.uscc not in message.model_dump_json()


def test_the_request_to_write_the_result_is_the_same_however_often_it_goes_out() -> None:
    case = Case().accepted("soil")
    first = issue_request(case.packet, case.now)
    again = issue_request(case.packet, case.now.replace(hour=17))
    assert (first.id, first.packet) == (again.id, case.packet.packet)


def _person(account: str, wants: Wanted, **more: Any) -> Person:
    return Person(account=account, called=account, wants=wants, seen_at=MORNING, **more)


@pytest.mark.parametrize(
    ("kind", "whom"),
    [("result", ["all"]), ("correction", ["all", "asks"]), ("supervision-soon", ["all", "asks"])],
)
def test_a_message_names_who_of_the_enterprise_wants_it(kind: str, whom: list[str]) -> None:
    case = Case().accepted("soil")
    [message] = notices(case.packet, case.told(), case.now)[:1]
    people = [_person(wants.value, wants, chosen=wants is Wanted.NONE) for wants in Wanted]
    [found] = addressed([message.changed(kind=kind)], people)
    assert [one.account for one in found.people] == whom
    unchosen = [person.changed(chosen=False) for person in people]
    assert addressed([message], unchosen) == [message], "nobody chose: as before"
    to_department = message.changed(department="water")
    assert addressed([to_department], people) == [to_department]
