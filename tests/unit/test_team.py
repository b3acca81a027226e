"""Who answers for what: the service team, the officer asked first, and an owner for every open point."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from kaigong.domain.flow import revocation
from kaigong.domain.flow.review import rests_for_correction
from kaigong.domain.model.arrivals import Refusal, RefusalReason
from kaigong.domain.model.catalogue import Catalogue, TeamRole
from kaigong.domain.model.clock import limit
from kaigong.domain.model.deadline import OwnerKind
from kaigong.domain.model.messages import Outcome, ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import ActKind, Packet, ReviewState, Status
from kaigong.domain.model.supervision import SupervisionEvent, SupervisionFact
from kaigong.views.team import OpenPoint, PointKind, open_points, responsibility, team

from .building import (
    CATALOGUE,
    EMPTY,
    MORNING,
    OFFICE,
    OTHER_ENTERPRISE,
    PACKET,
    SHANGHAI,
    Case,
    Chance,
    chances,
    named,
)
from .test_progress import Journey

VISIT = ProcedureKind.SITE_VISIT
AT_WORK = {PointKind.REVIEW, PointKind.PROCEDURE, PointKind.APPOINTMENT, PointKind.RECORD}
CHIEFS = ("reform", "housing", "resources", "urban", "water", "airdefence")


def with_roles(lead: str | None = "approvals", chiefs: tuple[str, ...] = CHIEFS) -> Catalogue:
    """The test catalogue with the city's lead and six chiefs; its matters are of three of them."""
    department = CATALOGUE.departments["housing"]
    roles = dict.fromkeys(chiefs, TeamRole.CHIEF) | ({lead: TeamRole.LEAD} if lead else {})
    added = {code: department.changed(code=code, name=named(code), role=roles[code]) for code in roles}
    return CATALOGUE.changed(departments=CATALOGUE.departments | added)


# the service team


@given(chances)
def test_all_six_chiefs_are_always_in_the_team_and_every_matter_has_one_member(chance: Chance) -> None:
    matters, chiefs = chance.some(CATALOGUE.matters), chance.some(CATALOGUE.departments)
    catalogue = with_roles(chiefs=("reform", "urban", *chiefs))
    found = team(matters, catalogue)
    assert found.lead is not None
    assert found.lead.department == "approvals"
    assert [m.department for m in found.chiefs] == [
        code for code, d in catalogue.departments.items() if d.role is TeamRole.CHIEF
    ]
    members = [found.lead, *found.chiefs, *found.services]
    assert len({m.department for m in members}) == len(members)
    for code in matters:
        responsible = [m.department for m in members if code in m.matters]
        assert responsible == [catalogue.matters[code].department]
    assert all(m.matters for m in found.services)


def test_the_departments_that_the_packet_needs_join_in_the_order_of_its_matters() -> None:
    found = team(["flood", "fire-review", "permit", "land-use"], with_roles(chiefs=("housing",)))
    assert [(m.department, m.matters) for m in found.chiefs] == [("housing", ("fire-review", "permit"))]
    assert [(m.department, m.matters) for m in found.services] == [
        ("water", ("flood",)),
        ("resources", ("land-use",)),
    ]
    assert found.text.zh == (
        "服务专班（1+1+2）：牵头 《approvals》；首席代表 《housing》；按需参加 《water》、《resources》"
    )
    assert found.text.en == (
        "Service team (1+1+2): lead: approvals; chief representative: housing; as needed: water, resources"
    )


def test_what_nobody_is_in_is_left_out_and_a_matter_that_left_the_catalogue_has_no_member() -> None:
    found = team(["gone"], with_roles(lead=None))
    assert found.lead is None
    assert not any(m.matters for m in found.chiefs)
    assert found.services == ()
    assert found.text.zh.startswith("服务专班（0+6+0）：首席代表 《")
    assert found.text.en.startswith("Service team (0+6+0): chief representative: ")
    for word in ("牵头", "按需参加", "lead", "as needed", " -"):
        assert word not in found.text.zh + found.text.en


# an owner for every open point


def points(case: Case, catalogue: Catalogue | None = None) -> tuple[OpenPoint, ...]:
    return open_points(case.packet, catalogue or case.catalogue, case.now, OFFICE)


def told(case: Case) -> list[tuple[PointKind, str, OwnerKind, str | None]]:
    return [(p.kind, p.subject, p.owner.kind, p.owner.department) for p in points(case)]


def every_open_point_has_one_owner(packet: Packet, catalogue: Catalogue, now: datetime) -> None:
    found = open_points(packet, catalogue, now, OFFICE)
    assert all(n == 1 for n in Counter((p.kind, p.subject, p.text.zh) for p in found).values())
    owners = {(p.kind, p.subject): p.owner.kind for p in found}
    for matter, review in packet.reviews.items():
        about = {kind for kind, subject in owners if subject == matter} - {PointKind.VERIFICATION}
        taken_back = matter in revocation.to_take(packet)
        if not (review.pending and rests_for_correction(review)):  # for a doubt: the applicant's, as one point
            assert bool(about) == (review.pending or taken_back)
        assert about <= ({PointKind.RECORD} if taken_back else AT_WORK)
        if review.state is ReviewState.PAUSED:
            assert PointKind.REVIEW not in about
    status = packet.header.status if packet.header else None
    for slot in packet.gaps:
        assert (owners.get((PointKind.GAP, slot)) is OwnerKind.APPLICANT) == (slot in packet.owed())
    kinds = {kind for kind, _ in owners}
    assert (PointKind.SUBMISSION in kinds) == (packet.untaken() is not None)
    assert (PointKind.ISSUE in kinds) == (status is Status.DECIDED)
    waits_for = {Status.RETURNED: PointKind.RETURNED, Status.CORRECTING: PointKind.CORRECTION}
    for waiting, kind in waits_for.items():
        assert (kind in kinds) == (status is waiting and packet.untaken() is None)
    if status in (Status.IN_REVIEW, *waits_for, Status.DECIDED):
        assert found
    for p in found:
        assert p.overdue == (p.by is not None and now > p.by.at)
        assert (p.owner.department is not None) == (p.owner.kind in (OwnerKind.DEPARTMENT, OwnerKind.SUPERVISOR))


@given(chances)
def test_whatever_happens_to_a_packet_everything_open_has_an_owner(chance: Chance) -> None:
    journey = Journey(chance)
    for _ in range(chance.between(5, 30)):
        journey.goes_on()
        every_open_point_has_one_owner(journey.case.packet, journey.case.catalogue, journey.case.now)


@pytest.mark.parametrize("case", [Case(), Case().accepted("soil")])
def test_a_packet_with_nothing_open_has_no_points(case: Case) -> None:
    if case.packet.header:
        case.decide("soil")
        case.advance()
        case.issue()
        case.advance()
        assert case.header.status is Status.ISSUED
    assert points(case) == ()


def test_a_submission_that_waits_is_the_systems_and_is_to_be_answered_in_five_working_days() -> None:
    case = Case()
    case.submit("soil")
    assert told(case) == [(PointKind.SUBMISSION, PACKET, OwnerKind.SYSTEM, None)]
    assert points(case)[0].by == limit(case.now, 5, OFFICE)


def test_a_refused_manifest_is_the_applicants() -> None:
    case = Case()
    reason = RefusalReason(code="unknown-matter", text=named("unknown"))
    refusal = Refusal(packet=PACKET, version="m1", reasons=(reason,), at=case.now)
    case.packet = case.packet.changed(refusal=refusal)
    assert told(case) == [(PointKind.REFUSED, PACKET, OwnerKind.APPLICANT, None)]
    case.submit("soil")
    assert told(case) == [(PointKind.SUBMISSION, PACKET, OwnerKind.SYSTEM, None)]


def test_a_notice_is_one_point_of_the_applicants_until_a_submission_answers_it() -> None:
    case = Case()
    case.upload("form", facts=EMPTY)
    case.submit("soil")
    case.advance()
    (notice,) = case.packet.notices.values()
    assert len(notice.items) == 2
    assert told(case) == [(PointKind.RETURNED, str(notice.number), OwnerKind.APPLICANT, None)]
    assert "全部 2 项" in points(case)[0].text.zh
    case.submit("soil")
    assert [kind for kind, *_ in told(case)] == [PointKind.SUBMISSION]


def test_a_correction_notice_is_the_applicants() -> None:
    case = Case().accepted("soil")
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    assert told(case) == [(PointKind.CORRECTION, str(max(case.packet.notices)), OwnerKind.APPLICANT, None)]


def test_an_open_review_is_its_departments_until_it_decides_and_is_overdue_after_its_limit() -> None:
    case = Case().accepted("soil", "permit", promises=["soil-plan"])
    assert told(case) == [
        (PointKind.REVIEW, "soil", OwnerKind.DEPARTMENT, "water"),
        (PointKind.REVIEW, "permit", OwnerKind.DEPARTMENT, "housing"),
        (PointKind.GAP, "soil-plan", OwnerKind.APPLICANT, None),
    ]
    assert [p.by for p in points(case)] == [
        case.packet.reviews["soil"].due,
        case.packet.reviews["permit"].due,
        case.packet.gaps["soil-plan"].due,
    ]
    case.now = case.packet.reviews["permit"].due.at + timedelta(seconds=1)
    assert [p.overdue for p in points(case)] == [False, True, False]
    case.decide("soil")
    assert (PointKind.RECORD, "soil", OwnerKind.SYSTEM, None) in told(case)
    assert (PointKind.REVIEW, "soil", OwnerKind.DEPARTMENT, "water") not in told(case)


def test_a_special_procedure_is_its_departments() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", ProcedureKind.EXPERT_REVIEW)
    case.advance()
    assert case.states() == {"soil": ReviewState.PAUSED}
    assert told(case) == [(PointKind.PROCEDURE, "soil", OwnerKind.DEPARTMENT, "water")]
    assert "进行专家评审，" in points(case)[0].text.zh
    case.procedure("soil", ProcedureKind.EXPERT_REVIEW, number=2)
    case.advance()
    assert [kind for kind, *_ in told(case)] == [PointKind.PROCEDURE, PointKind.PROCEDURE]
    assert "进行专家评审（第2次），" in points(case)[1].text.zh


def test_a_site_visit_that_one_department_asked_for_twice_is_one_point() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", VISIT)
    case.procedure("soil", VISIT, number=2)
    case.advance()
    assert told(case) == [(PointKind.APPOINTMENT, "soil", OwnerKind.WINDOW, None)]


def test_a_site_visit_is_the_windows_until_it_has_a_date_and_then_the_departments() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", VISIT)
    case.advance()
    assert told(case) == [(PointKind.APPOINTMENT, "soil", OwnerKind.WINDOW, None)]
    on = MORNING + timedelta(days=4)
    case = Case().accepted("soil", "permit")
    case.procedure("soil", VISIT)
    case.procedure("permit", VISIT, appointment=on)
    case.advance()
    assert told(case) == [
        (PointKind.PROCEDURE, "soil", OwnerKind.DEPARTMENT, "water"),
        (PointKind.PROCEDURE, "permit", OwnerKind.DEPARTMENT, "housing"),
    ]
    assert {p.by and p.by.at for p in points(case)} == {on.astimezone(SHANGHAI)}
    case.now = on
    assert all("反馈联合踏勘情况" in point.text.zh and not point.overdue for point in points(case))
    case.procedure("permit", VISIT, ProcedureAction.END)
    case.advance()
    assert told(case) == [(PointKind.PROCEDURE, "soil", OwnerKind.DEPARTMENT, "water")]
    case.procedure("soil", VISIT, ProcedureAction.END)
    case.advance()
    assert [kind for kind, *_ in told(case)] == [PointKind.REVIEW, PointKind.REVIEW]


def test_a_doubt_about_an_identity_is_the_windows_until_it_is_settled() -> None:
    case = Case().accepted("soil", enterprise=OTHER_ENTERPRISE)
    doubts = case.header.doubts
    assert doubts
    assert told(case)[1:] == [(PointKind.DOUBT, doubt, OwnerKind.WINDOW, None) for doubt in doubts]
    for doubt in doubts:
        case.act(ActKind.OVERRIDE_DOUBT, doubt)
    case.advance()
    assert [kind for kind, *_ in told(case)] == [PointKind.REVIEW]


def test_a_withdrawal_is_the_systems_and_afterwards_nobody_has_anything() -> None:
    case = Case().accepted("soil", promises=["soil-plan"])
    case.act(ActKind.WITHDRAW)
    assert (PointKind.RECORD, "withdraw", OwnerKind.SYSTEM, None) in told(case)
    case.advance()
    assert case.header.status is Status.WITHDRAWN
    assert points(case) == ()


def committed() -> Case:
    case = Case().accepted("land-use", commitments=["land-use"])
    for matter in case.open():
        case.decide(matter)
    case.advance()
    return case


def test_a_result_is_the_systems_until_it_is_issued() -> None:
    case = committed()
    assert told(case)[0] == (PointKind.ISSUE, PACKET, OwnerKind.SYSTEM, None)
    assert points(case)[0].by == limit(case.now, 10, OFFICE)
    case.issue()
    case.advance()
    assert [kind for kind, *_ in told(case)] == [PointKind.VERIFICATION]


def test_a_commitment_is_its_supervisors_to_verify_once_the_matter_is_approved() -> None:
    case = committed()
    assert told(case)[1:] == [(PointKind.VERIFICATION, "land-use", OwnerKind.SUPERVISOR, "resources")]
    assert points(case)[1].by == case.packet.commitments["land-use"].verify_by
    supervised = CATALOGUE.matters["land-use"].changed(supervisor="housing")
    matched = CATALOGUE.changed(matters=CATALOGUE.matters | {"land-use": supervised})
    assert points(case, matched)[1].owner.department == "housing"


def test_a_commitment_whose_approval_was_taken_back_is_not_verified_any_more() -> None:
    case = committed()
    case.issue()
    case.advance()
    case.revoke("land-use")
    assert told(case) == [(PointKind.RECORD, "land-use", OwnerKind.SYSTEM, None)]
    case.advance()
    assert points(case) == ()


@pytest.mark.parametrize("found", SupervisionEvent)
def test_a_commitment_is_not_to_be_verified_any_more_once_its_supervision_ended(found: SupervisionEvent) -> None:
    case = committed()
    case.issue()
    case.advance()
    fact = SupervisionFact(matter="land-use", version=3, event=found, at=case.now)
    case._change(supervised={fact.name: fact})
    over = found in (SupervisionEvent.FULFILLED, SupervisionEvent.BREACH)
    assert [point.kind for point in points(case)] == ([] if over else [PointKind.VERIFICATION])


def test_a_packet_is_shown_by_its_codes_where_its_matters_have_left_the_catalogue() -> None:
    case = committed()
    emptied = CATALOGUE.changed(matters={}, materials={}, departments={})
    assert "land-use" in points(case, emptied)[1].text.zh
    assert points(case, emptied)[1].owner.department == "resources"


# the officer asked first


def test_the_officer_asked_first_stays_responsible() -> None:
    case = Case().accepted("soil")
    case.act(ActKind.FIRST_ASKED, officer="李华", department="water")
    found = responsibility(case.packet, CATALOGUE, case.now, OFFICE)
    assert (found.first_asked.officer, found.first_asked.owner.department) == ("李华", "water")
    assert found.first_asked.text.zh == "首问责任人：《water》 李华，对本项目负责到底。"
    assert "李华" not in repr(found)
    assert found.points == points(case)
    assert [m.matters for m in found.team.services] == [("soil",)]


def test_a_department_that_was_asked_first_is_named_without_a_person() -> None:
    case = Case().accepted("soil")
    case.act(ActKind.FIRST_ASKED, department="water")
    found = responsibility(case.packet, CATALOGUE, case.now, OFFICE).first_asked
    assert found.officer is None
    assert found.text.zh == "首问责任部门：《water》，对本项目负责到底。"


def test_where_nobody_is_on_record_the_window_answers() -> None:
    found = responsibility(Packet(packet=PACKET), CATALOGUE, MORNING, OFFICE)
    assert found.first_asked.owner.kind is OwnerKind.WINDOW
    assert "综合窗口" in found.first_asked.text.zh
    assert found.team.services == ()


def test_before_acceptance_the_team_is_that_of_what_was_last_applied_for() -> None:
    case = Case()
    case.submit("soil")
    case.submit("permit", at=case.now + timedelta(minutes=1))
    found = responsibility(case.packet, CATALOGUE, case.now, OFFICE)
    assert [m.department for m in found.team.services] == ["housing"]
