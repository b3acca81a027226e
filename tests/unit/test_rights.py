"""What an enterprise may use, as it is told: nothing left out, nothing that the rules do not say."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.intake.privileges import privileges
from kaigong.domain.model.catalogue import Route
from kaigong.domain.model.messages import BasicData
from kaigong.domain.model.packet import Applied, Breach
from kaigong.domain.model.standing import Missing, Privilege, ProjectStanding, Standing
from kaigong.views.rights import Rights, enterprise, packet_routes

from .building import CATALOGUE, ENTERPRISE, MORNING, OFFICE, PACKET, PROJECT, Case, credit, credits_

ROUTES = {"soil": Route.APPROVAL, "land-use": Route.COMMITMENT}
BREACH = Breach(packet="P-1", subject="soil-plan", at=MORNING, repairable_from=MORNING + timedelta(days=90))


def names(rights: Rights) -> list[Privilege]:
    return [granted.privilege for granted in rights.granted] + [closed.privilege for closed in rights.closed]


@given(record=credits_, breached=st.booleans(), process=st.sampled_from(["ordinary", "industrial"]))
def test_every_privilege_is_told_once_as_granted_or_as_closed_with_its_reason(
    record: object, breached: bool, process: str
) -> None:
    standing = Standing(
        record=record, missing=None if record else Missing.UNKNOWN, breaches=(BREACH,) if breached else ()
    )
    found = packet_routes(
        PACKET,
        Applied(process=process, routes=ROUTES, project=PROJECT),
        standing,
        ProjectStanding(),
        CATALOGUE,
        MORNING,
        OFFICE,
    )
    ruled = privileges(
        CATALOGUE.processes[process], standing, ProjectStanding(), PROJECT, CATALOGUE.schemes, MORNING, OFFICE.zone
    )
    assert sorted(names(found.rights)) == sorted(Privilege)
    assert {granted.privilege for granted in found.rights.granted} == ruled.granted
    assert [(m.matter, [r.route for r in m.routes]) for m in found.matters] == [(code, [*Route]) for code in ROUTES]
    told = {
        p.process.code: p.rights for p in enterprise(ENTERPRISE.uscc, standing, CATALOGUE, MORNING, OFFICE).processes
    }
    assert set(told) == set(CATALOGUE.processes)
    assert told[process] == found.rights


def test_what_has_left_the_catalogue_is_named_by_its_code_and_opens_nothing() -> None:
    applied = Applied(process="gone", routes={"gone-matter": Route.APPROVAL}, project=PROJECT)
    found = packet_routes(
        PACKET, applied, Standing(missing=Missing.UNKNOWN), ProjectStanding(), CATALOGUE, MORNING, OFFICE
    )
    assert (found.process.code, found.process.name.zh) == ("gone", "gone")
    assert [(m.matter, m.routes) for m in found.matters] == [("gone-matter", ())]
    assert Privilege.PRIORITY not in [granted.privilege for granted in found.rights.granted]


def test_what_is_applied_for_is_what_was_accepted_and_before_that_the_newest_manifest() -> None:
    case = Case().accepted("soil")
    case.submit("flood")
    found = case.packet.applied_for
    assert found
    assert [*found.routes] == ["soil"]
    draft = Case()
    assert draft.packet.applied_for is None
    draft.submit("soil", "land-use", commitments=["land-use"])
    assert (draft.packet.applied_for or found).routes == ROUTES


def test_an_enterprise_is_shown_what_fills_the_form_and_the_names_of_what_it_owes() -> None:
    record = credit("AA", basic=BasicData(name=ENTERPRISE.name))
    found = enterprise(ENTERPRISE.uscc, Standing(record=record, breaches=(BREACH,)), CATALOGUE, MORNING, OFFICE)
    assert found.basic == record.basic
    assert found.credit
    assert (found.credit.grade, found.credit.valid_until) == ("AA", record.valid_until)
    assert [(b.packet, b.name.en, b.repairable_from) for b in found.breaches] == [
        ("P-1", "soil-plan", BREACH.repairable_from)
    ]
