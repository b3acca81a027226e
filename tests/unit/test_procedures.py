"""Special procedures: their time does not count."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.model.clock import limit
from kaigong.domain.model.messages import Outcome, ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import NoticeKind, ReviewState

from .building import OFFICE, Case

EXPERTS = ProcedureKind.EXPERT_REVIEW
START, END = ProcedureAction.START, ProcedureAction.END


def test_the_limit_rests_from_the_start_of_a_procedure_to_its_end() -> None:
    case = Case().accepted("soil")  # until Wednesday, 11 March
    case.now += timedelta(days=3)
    case.procedure("soil", note="组织专家评审")  # on Monday
    case.advance()
    review = case.packet.reviews["soil"]
    assert review.state is ReviewState.PAUSED
    [item] = case.last_notice(NoticeKind.PROCEDURE).items
    assert "专家评审开始，办理时限暂停计算" in item.text.zh
    assert "组织专家评审" in item.text.zh
    case.now += timedelta(days=30)
    case.advance()
    assert case.packet.reviews["soil"].overdue_at is None  # a limit that rests is not late
    case.procedure("soil", action=END)
    case.advance()
    after = case.packet.reviews["soil"]
    assert after.state is ReviewState.OPEN
    assert after.due == limit(after.opened_at, 3, OFFICE, after.pauses)
    assert after.due.at > case.now


def test_two_procedures_at_once_rest_until_the_last_has_ended() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", EXPERTS)
    case.procedure("soil", ProcedureKind.TEST)
    case.advance()
    case.procedure("soil", EXPERTS, END)
    case.advance()
    assert case.states() == {"soil": ReviewState.PAUSED}
    case.procedure("soil", ProcedureKind.TEST, END)
    case.advance()
    assert case.states() == {"soil": ReviewState.OPEN}


def test_an_end_that_comes_before_its_start_leaves_nothing_resting() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", action=END)
    assert case.advance() is None
    case.procedure("soil", action=START)
    case.advance()
    assert case.states() == {"soil": ReviewState.OPEN}


@pytest.mark.parametrize("outcome", [Outcome.APPROVE, Outcome.REJECT, Outcome.CORRECT])
def test_a_department_may_decide_while_its_limit_rests(outcome: Outcome) -> None:
    case = Case().accepted("soil", "flood")
    case.procedure("soil")
    case.advance()
    case.decide("soil", outcome)
    case.advance()
    resting = [p.kind for p in case.packet.reviews["soil"].pauses if p.until is None]
    assert resting == []
    before = case.packet
    case.procedure("soil", number=2)
    assert case.advance() is None  # it comes too late
    assert case.packet.reviews == before.reviews


@given(st.lists(st.tuples(st.sampled_from(ProcedureKind), st.integers(1, 3), st.booleans()), max_size=12), st.data())
def test_whatever_is_started_and_ended_in_any_order_the_limit_never_gets_shorter(
    facts: list[tuple[ProcedureKind, int, bool]], data: st.DataObject
) -> None:
    case = Case().accepted("soil", "flood")
    first = case.packet.reviews["soil"].due.at
    for kind, number, start in facts:
        case.now += timedelta(hours=data.draw(st.integers(0, 30)))
        case.procedure(data.draw(st.sampled_from(["soil", "flood"])), kind, START if start else END, number=number)
        if data.draw(st.booleans()):
            case.advance()
    case.advance()
    review = case.packet.reviews["soil"]
    resting = [p for p in review.pauses if p.until is None]
    assert (review.state is ReviewState.PAUSED) == bool(resting)
    assert review.due.at >= first
