"""A department takes its decision back: while nobody acted on it, and never what others rely on."""

from datetime import timedelta

import pytest
from kaigong.domain.flow import delivery, retraction
from kaigong.domain.flow.decision import DecisionRefusal, clash
from kaigong.domain.flow.settled import settled
from kaigong.domain.model.clock import limit
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import Act, ActRefusal, NoticeKind, ReviewState, Status
from kaigong.views import desk_review, ledger_words

from .building import OFFICE, Case

HOUR = timedelta(hours=1)
PLAN = DecisionReason(slot="soil-plan", text="缺图")


def retract(case: Case, matter: str, reason: str = "误判") -> Act:
    """An hour later the portal records it, and it is looked at."""
    case.now += HOUR
    made = case.retract(matter, reason)
    assert made
    case.advance()
    return made


def refused(case: Case, matter: str) -> ActRefusal | None:
    return retraction.why_not(case.packet, case.packet.reviews[matter], case.catalogue)


def decided(*matters: str, outcome: Outcome = Outcome.APPROVE, reasons: tuple[DecisionReason, ...] = ()) -> Case:
    """A packet whose first matter is decided, and others are not."""
    case = Case().accepted(*matters)
    case.decide(matters[0], outcome, *reasons)
    case.advance()
    return case


@pytest.mark.parametrize("outcome", Outcome)
def test_a_decision_is_taken_back_and_its_task_is_open_again(outcome: Outcome) -> None:
    case = decided("soil", "land-use", outcome=outcome)
    before = case.packet.reviews["soil"]
    assert refused(case, "soil") is None
    retract(case, "soil")
    review = case.packet.reviews["soil"]
    assert (review.state, review.round, review.turn, review.decided_at) == (ReviewState.OPEN, 1, 2, None)
    assert review.reply_token != before.reply_token
    assert review.reasons == ()
    assert ("soil", 1) not in case.packet.decisions
    assert "review:soil" in case.orders()
    [task] = delivery.tasks(case.packet, tuple(case.orders()), case.catalogue, case.now)
    assert (task.id, task.turn, task.reply_token) == (f"{review.review_id}.1.2", 2, review.reply_token)


def test_a_reason_that_ends_with_a_full_stop_is_told_with_one() -> None:
    case = decided("soil", "land-use")
    retract(case, "soil", "看错了图。")
    told = max(case.packet.notices.values(), key=lambda notice: notice.number)
    assert told.items[0].text.zh.endswith("理由：看错了图。")


def test_the_time_between_decision_and_retraction_does_not_count() -> None:
    case = decided("soil", "land-use")
    at = case.packet.reviews["soil"].decided_at
    assert at
    case.now += timedelta(days=6)
    retract(case, "soil")
    review = case.packet.reviews["soil"]
    [pause] = review.pauses
    assert (pause.kind, pause.since, pause.until) == ("decided", at, case.now)
    assert review.due == limit(review.opened_at, review.working_days, OFFICE, review.pauses)
    assert review.due.at > limit(review.opened_at, review.working_days, OFFICE).at


def test_it_is_decided_anew_and_the_first_decision_stays_on_record_beside() -> None:
    case = decided("soil", "land-use")
    act = retract(case, "soil", "看错了图")
    case.decide("soil", Outcome.REJECT)
    case.advance()
    assert case.packet.reviews["soil"].state is ReviewState.REJECTED
    gone = case.packet.retracted["soil", 1, 1]
    assert (gone.outcome, case.packet.decisions["soil", 1].turn) == (Outcome.APPROVE, 2)
    assert gone in settled(case.packet, case.catalogue)
    [shown] = desk_review.task(
        case.packet, case.packet.reviews["soil"], case.catalogue, case.now, OFFICE, None, "user-1"
    ).earlier
    assert shown.retracted
    assert (shown.outcome, shown.retracted.reason, shown.retracted.officer) == ("approve", "看错了图", "审查员")
    assert act.name in case.header.acts


def test_a_repetition_of_what_was_taken_back_is_no_new_decision() -> None:
    case = decided("soil", "land-use")
    fact, token = case.packet.decisions["soil", 1], case.packet.reviews["soil"].reply_token
    retract(case, "soil")
    assert token != case.packet.reviews["soil"].reply_token  # so that the message is refused
    case._change(retracted={("soil", 1, 1): fact})  # and one that was just being recorded is the old turn's
    case.advance()
    assert case.packet.reviews["soil"].state is ReviewState.OPEN
    assert clash(fact.changed(outcome=Outcome.REJECT), fact) is DecisionRefusal.ALREADY_DECIDED


def test_the_applicant_and_the_ledger_are_told() -> None:
    case = decided("soil", "land-use")
    retract(case, "soil", "看错了图")
    [item] = case.last_notice(NoticeKind.RETRACTED).items
    assert "看错了图" in item.text.zh
    assert "taken back its decision" in item.text.en
    [event] = [e for e in case.entries[-1].events if e["event"] == "retracted"]
    assert "看错了图" not in str(case.entries)
    line = ledger_words.said(event, case.catalogue)
    assert "收回第 1 轮的决定" in line.text.zh


# what it ends, and what ends it


def test_what_comes_next_ends_the_time_for_it_while_it_is_reviewed() -> None:
    case = decided("land-use", "planning", "soil")
    assert case.states()["planning"] is ReviewState.OPEN
    assert refused(case, "land-use") is ActRefusal.NEXT_OPENED
    retract(case, "land-use")
    assert case.states()["land-use"] is ReviewState.APPROVED
    assert [e["refused"] for e in case.entries[-1].events if e["event"] == "retracted"] == ["next-opened"]


def test_what_never_opened_for_it_may_open_again() -> None:
    case = decided("land-use", "planning", "soil", outcome=Outcome.REJECT)
    assert case.states()["planning"] is ReviewState.UNOPENED
    retract(case, "land-use")
    assert "planning" not in case.states()
    case.decide("land-use")
    case.advance()
    assert case.states() | {"soil": None} == {
        "land-use": ReviewState.APPROVED, "planning": ReviewState.OPEN, "soil": None
    }  # fmt: skip


def test_the_joint_result_stands() -> None:
    case = decided("soil")
    assert case.header.status is Status.DECIDED
    assert refused(case, "soil") is ActRefusal.RESULT_DECIDED
    retract(case, "soil")
    assert case.header.status is Status.DECIDED
    assert case.states() == {"soil": ReviewState.APPROVED}
    assert case.advance() is None


def test_a_decision_taken_back_before_it_was_looked_at_concludes_nothing() -> None:
    case = Case().accepted("soil")
    case.decide("soil")
    retract(case, "soil")
    assert case.packet.result is None
    assert case.states() == {"soil": ReviewState.OPEN}


def test_there_is_nothing_to_take_back_before_a_decision_and_after_a_retraction() -> None:
    case = Case().accepted("soil")
    assert refused(case, "soil") is ActRefusal.NO_DECISION
    case = decided("soil", "land-use")
    retract(case, "soil")
    assert refused(case, "soil") is ActRefusal.NO_DECISION


def test_a_decision_is_taken_back_twice_a_round_at_most() -> None:
    case = decided("soil", "land-use")
    for _ in range(2):
        retract(case, "soil")
        case.decide("soil")
        case.advance()
    assert refused(case, "soil") is ActRefusal.TOO_OFTEN


# a correction that the applicant was told of


def asked_to_correct() -> Case:
    case = decided("soil", outcome=Outcome.CORRECT, reasons=(PLAN,))
    assert case.header.status is Status.CORRECTING
    return case


def test_a_correction_that_was_told_is_taken_back_and_may_be_asked_for_anew_in_one_notice() -> None:
    case = asked_to_correct()
    retract(case, "soil")
    assert (case.header.status, case.header.correct_by) == (Status.IN_REVIEW, None)
    assert "不必补正" in case.last_notice(NoticeKind.RETRACTED).items[0].text.zh
    case.decide("soil", Outcome.CORRECT, PLAN)
    case.advance()
    assert case.header.status is Status.CORRECTING
    assert len(case.notices(NoticeKind.CORRECTION)) == 2


def test_other_departments_corrections_stay_as_they_were_told() -> None:
    case = Case().accepted("soil", "land-use")
    for matter in ("soil", "land-use"):
        case.decide(matter, Outcome.CORRECT)
    case.advance()
    retract(case, "soil")
    assert case.header.status is Status.CORRECTING
    assert case.header.correct_by
    assert case.states() == {"soil": ReviewState.OPEN, "land-use": ReviewState.CORRECTION}


def test_once_the_applicant_answers_the_correction_it_stays() -> None:
    case = asked_to_correct()
    case.now += HOUR
    case.upload("form")  # not what was asked for
    assert refused(case, "soil") is None
    case.upload("soil-plan")
    assert refused(case, "soil") is ActRefusal.ACTED_ON
    whole = decided("soil", outcome=Outcome.CORRECT)
    whole.now += HOUR
    whole.upload("form")  # the whole application was to be corrected
    assert refused(whole, "soil") is ActRefusal.ACTED_ON
    submitted = asked_to_correct()
    submitted.submit("soil")
    assert refused(submitted, "soil") is ActRefusal.ACTED_ON
