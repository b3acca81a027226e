"""Which routes of a matter are open, which are not, and why."""

import pytest
from hypothesis import given
from kaigong.domain.intake.privileges import Privileges, privileges
from kaigong.domain.intake.routes import closed, routes
from kaigong.domain.model.catalogue import Matter, Route
from kaigong.domain.model.standing import ProjectStanding, Standing

from .building import CATALOGUE, MORNING, OFFICE, PROJECT, Chance, a_catalogue, a_credit, chances, credit


def rights(standing: Standing) -> Privileges:
    return privileges(
        CATALOGUE.processes["ordinary"], standing, ProjectStanding(), PROJECT, CATALOGUE.schemes, MORNING, OFFICE.zone
    )


TRUSTED, BROKEN = rights(Standing(record=credit("A"))), rights(Standing(record=credit("AAA", 1)))
SOIL, LAND, FLOOD = (
    CATALOGUE.matters[code] for code in ("soil", "land-use", "flood")
)  # tolerated, commitment, neither


@given(chances)
def test_every_route_is_answered_and_approval_is_always_open(chance: Chance) -> None:
    matter = chance.of(a_catalogue(chance).matters.values())
    own = rights(Standing(record=a_credit(chance)))
    answers = routes(matter, own)
    assert [answer.route for answer in answers] == list(Route)
    for answer in answers:
        assert answer.open == (closed(matter, answer.route, own) is None)
        assert answer.why.zh.endswith("。")
        assert (answer.number is None) == (answer.route is not Route.APPROVAL and answer.route not in matter.routes)
    assert answers[0].open
    offered = {Route.APPROVAL, *matter.routes}
    may = {Route.APPROVAL: True, Route.TOLERATED: own.tolerance, Route.COMMITMENT: own.commitment}
    assert {a.route for a in answers if a.open} == {route for route in offered if may[route]}


def test_a_matter_has_another_number_by_commitment() -> None:
    numbers = {answer.route: answer.number for answer in routes(LAND, TRUSTED)}
    assert numbers == {Route.APPROVAL: "N-land-use", Route.TOLERATED: None, Route.COMMITMENT: "C-land-use"}


@pytest.mark.parametrize("route", [Route.TOLERATED, Route.COMMITMENT])
def test_a_route_that_the_matter_does_not_have_is_closed_for_everyone_in_the_same_words(route: Route) -> None:
    reason = closed(FLOOD, route, TRUSTED)
    assert reason is not None
    assert "该事项不" in reason.zh
    assert closed(FLOOD, route, BROKEN) == reason


@pytest.mark.parametrize(("matter", "route"), [(SOIL, Route.TOLERATED), (LAND, Route.COMMITMENT)])
def test_a_route_closed_by_a_breach_says_so_and_when_it_can_be_repaired(matter: Matter, route: Route) -> None:
    assert closed(matter, route, TRUSTED) is None
    reason = closed(matter, route, BROKEN)
    assert reason is not None
    assert "未修复的失信记录" in reason.zh
    assert "申请修复" in reason.zh
