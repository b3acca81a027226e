"""Reviews: when they open, when they never can, what a decision does to them."""

from datetime import timedelta

import pytest
from hypothesis import given
from kaigong.domain.model.catalogue import Route
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import NoticeKind, ResultCode, ReviewState

from .building import CATALOGUE, DOUBTFUL, OTHER_ENTERPRISE, Case, Chance, a_catalogue, chances

FOUR = ("land-use", "planning", "fire-review", "permit")


def test_reviews_without_prerequisites_open_at_once_and_in_parallel() -> None:
    case = Case().accepted("fire-review", "soil", "flood", "land-use")
    assert case.open() == ["fire-review", "soil", "flood", "land-use"]
    assert {f"review:{m}" for m in case.open()} <= set(case.orders())


def test_a_review_opens_when_the_last_of_its_prerequisites_is_approved() -> None:
    case = Case().accepted(*FOUR)
    assert case.open() == ["land-use", "fire-review"]
    case.decide("fire-review")
    case.decide("land-use")
    case.advance()
    assert case.open() == ["planning"]
    case.decide("planning")
    case.advance()
    assert case.open() == ["permit"]


def test_a_matter_whose_whole_basis_is_a_commitment_is_decided_by_rules_at_once_and_holds_nothing_up() -> None:
    case = Case().accepted("land-use", "planning", commitments=["land-use"])
    review = case.packet.reviews["land-use"]
    assert (review.state, review.by_rules, review.decided_at) == (ReviewState.APPROVED, True, case.now)
    [rule] = review.rules
    assert rule.holds
    assert rule.inputs["letter"] == rule.inputs["letter-in-force"]
    assert case.open() == ["planning"]
    assert "review:land-use" not in case.orders()
    [event] = [e for e in case.entries[-1].events if e["event"] == "decided-by-rules"]
    assert event["rules"] == [{"rule": rule.rule, "inputs": rule.inputs}]


def test_a_commitment_of_an_enterprise_in_doubt_goes_to_the_department_which_may_reject_it() -> None:
    case = Case().accepted("land-use", "planning", commitments=["land-use"], enterprise=OTHER_ENTERPRISE)
    review = case.packet.reviews["land-use"]
    assert (review.state, review.by_rules, [r.holds for r in review.rules]) == (ReviewState.OPEN, False, [False])
    assert case.open() == ["land-use"]
    case.decide("land-use", Outcome.REJECT)
    case.advance()
    assert case.states() == {"land-use": ReviewState.REJECTED, "planning": ReviewState.UNOPENED}


def test_a_matter_whose_rule_set_holds_is_decided_at_once_and_one_whose_does_not_is_reviewed() -> None:
    ruled = CATALOGUE.matters["soil"].changed(rules=("main-complete", "papers-valid"))
    catalogue = CATALOGUE.changed(matters={**CATALOGUE.matters, "soil": ruled})
    case = Case(catalogue).accepted("soil")
    assert case.packet.reviews["soil"].by_rules
    assert case.packet.result
    assert [m.by_rules for m in case.packet.result.matters] == [True]
    doubtful = Case(catalogue)
    doubtful.upload("form", "soil-plan", facts=DOUBTFUL)
    doubtful.submit("soil")
    doubtful.advance()
    assert doubtful.open() == ["soil"]
    assert [r.holds for r in doubtful.packet.reviews["soil"].rules] == [True, False]


def test_a_prerequisite_that_is_not_applied_for_here_does_not_count() -> None:
    assert Case().accepted("permit").open() == ["permit"]


def test_a_refused_matter_closes_every_matter_behind_it_and_says_why() -> None:
    case = Case().accepted(*FOUR)
    case.decide("land-use", Outcome.REJECT)
    case.advance()
    assert case.states() == {
        "land-use": ReviewState.REJECTED,
        "fire-review": ReviewState.OPEN,
        "planning": ReviewState.UNOPENED,
        "permit": ReviewState.UNOPENED,
    }
    assert "《land-use》" in case.packet.reviews["planning"].reasons[0].text
    assert "planning" in case.packet.reviews["permit"].reasons[0].text
    assert not [order for order in case.orders() if order.startswith("review:")]


def test_a_correction_holds_up_what_is_behind_it_but_does_not_close_it() -> None:
    case = Case().accepted("land-use", "planning")
    case.decide("land-use", Outcome.CORRECT)
    case.advance()
    assert case.states() == {"land-use": ReviewState.CORRECTION}
    assert [i.matter for i in case.last_notice(NoticeKind.CORRECTION).items] == ["land-use"]
    case.submit("land-use", "planning")
    case.advance()
    case.decide("land-use")
    case.advance()
    assert case.open() == ["planning"]
    assert case.packet.reviews["planning"].round == 2


@given(chances)
def test_every_accepted_matter_ends_in_exactly_one_code(chance: Chance) -> None:
    catalogue = a_catalogue(chance)
    matters = list(catalogue.matters)
    committed = chance.some(matters)
    committed = [m for m in committed if catalogue.matters[m].takes_commitment]
    case = Case(catalogue).accepted(*matters, process="process", commitments=committed)
    while case.open():
        case.decide(chance.of(case.open()), chance.of(Outcome))
        case.advance()
        if case.notices(NoticeKind.CORRECTION) and not case.open() and not case.packet.result:
            case.submit(*matters, process="process")
            case.advance()
    assert case.packet.result
    assert sorted(m.matter for m in case.packet.result.matters) == sorted(matters)
    for m in case.packet.result.matters:
        state = case.packet.reviews[m.matter].state
        assert (m.code is ResultCode.NOT_APPROVED) == (state in (ReviewState.REJECTED, ReviewState.UNOPENED))


@pytest.mark.parametrize(
    ("process", "matter", "due"),
    [
        ("ordinary", "soil", "2026-03-11T17:30:00+08:00"),  # 3 working days
        ("ordinary", "permit", "2026-03-09T17:30:00+08:00"),  # 1 working day
        ("industrial", "soil", "2026-03-06T17:30:00+08:00"),  # an instant matter
    ],
)
def test_a_review_is_due_as_promised_and_in_an_instant_process_the_same_day(
    process: str, matter: str, due: str
) -> None:
    case = Case().accepted(matter, process=process)
    assert case.packet.reviews[matter].due.at.isoformat() == due


def test_a_reopened_review_goes_on_with_what_was_left_of_its_limit() -> None:
    case = Case().accepted("soil")  # on Friday the 6th, 3 working days: until Wednesday the 11th
    case.now += timedelta(days=4)
    case.decide("soil", Outcome.CORRECT)  # on Tuesday: Monday is used, that day is not counted
    case.advance()
    case.now += timedelta(days=7)
    case.submit("soil")
    case.advance()  # on the next Tuesday
    review = case.packet.reviews["soil"]
    assert [(p.kind, p.until is None) for p in review.pauses] == [("correction", False)]
    assert review.due.at.isoformat() == "2026-03-19T17:30:00+08:00"


def test_what_the_department_said_stays_with_its_review() -> None:
    case = Case().accepted("soil")
    decided_at = case.now
    reason = DecisionReason(slot="soil-plan", text="措施得当", basis="GB 50433-2018")
    case.decide("soil", Outcome.APPROVE, reason, conditions=("雨季前完工",))
    case.advance()
    review = case.packet.reviews["soil"]
    assert (review.reasons, review.conditions, review.decided_at) == ((reason,), ("雨季前完工",), decided_at)


def test_no_two_reviews_of_a_packet_share_an_id_or_a_token() -> None:
    reviews = Case().accepted("soil", "flood", "fire-review").packet.reviews.values()
    assert len({r.review_id for r in reviews}) == len({r.reply_token for r in reviews}) == 3
    assert {r.department for r in reviews} == {CATALOGUE.matters[r.matter].department for r in reviews}
    assert {r.route for r in reviews} == {Route.APPROVAL}
