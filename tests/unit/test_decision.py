"""Whether a department's decision counts."""

from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.flow.decision import DecisionRefusal, clash, matter_of, refusal
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import DecisionFact
from pydantic import ValidationError

from .building import CATALOGUE, MORNING, Case, answer

SOIL = CATALOGUE.matters["soil"]


def corrected() -> Case:
    """A case whose review of `soil` is in its second round."""
    case = Case().accepted("soil")
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    case.submit("soil")
    case.advance()
    return case


@pytest.mark.parametrize("outcome", Outcome)
def test_a_decision_with_its_reviews_token_and_round_counts(outcome: Outcome) -> None:
    review = corrected().packet.reviews["soil"]
    assert refusal(answer(review, outcome), review, SOIL) is None


@given(st.text(min_size=1, max_size=60))
def test_no_other_token_counts(token: str) -> None:
    review = Case().accepted("soil").packet.reviews["soil"]
    expected = None if token == review.reply_token else DecisionRefusal.WRONG_TOKEN
    assert refusal(answer(review, reply_token=token), review, SOIL) is expected


def test_a_token_of_another_review_does_not_count() -> None:
    reviews = Case().accepted("soil", "flood").packet.reviews
    decision = answer(reviews["soil"], reply_token=reviews["flood"].reply_token)
    assert refusal(decision, reviews["soil"], SOIL) is DecisionRefusal.WRONG_TOKEN


def test_the_token_is_looked_at_before_anything_else() -> None:
    review = corrected().packet.reviews["soil"]
    reasons = [{"slot": "novel", "text": "x"}]
    decision = answer(review, reply_token="guess", reasons=reasons)
    assert refusal(decision, review, SOIL) is DecisionRefusal.WRONG_TOKEN


def test_a_decision_of_an_old_round_is_refused_whichever_token_it_has() -> None:
    case = Case().accepted("soil")
    first = case.packet.reviews["soil"]
    second = corrected().packet.reviews["soil"]
    assert refusal(answer(first), second, SOIL) is DecisionRefusal.OLD_ROUND
    assert refusal(answer(second, round=1), second, SOIL) is DecisionRefusal.OLD_ROUND
    assert refusal(answer(second, round=3), second, SOIL) is DecisionRefusal.OLD_ROUND


def test_a_decision_on_no_review_is_refused() -> None:
    review = Case().accepted("soil").packet.reviews["soil"]
    assert refusal(answer(review), None, SOIL) is DecisionRefusal.UNKNOWN_REVIEW
    assert refusal(answer(review), review, None) is DecisionRefusal.UNKNOWN_REVIEW


def test_a_review_that_never_opened_takes_no_decision() -> None:
    case = Case().accepted("land-use", "planning")
    case.decide("land-use", Outcome.REJECT)
    case.advance()
    review = case.packet.reviews["planning"]
    assert refusal(answer(review), review, CATALOGUE.matters["planning"]) is DecisionRefusal.UNKNOWN_REVIEW


@pytest.mark.parametrize(("slot", "refused"), [("form", False), ("soil-plan", False), ("survey", True), (None, False)])
def test_a_reason_may_name_only_a_material_of_the_matter(slot: str | None, refused: bool) -> None:
    review = Case().accepted("soil").packet.reviews["soil"]
    decision = answer(review, Outcome.CORRECT, reasons=[{"text": "不符", "slot": slot}])
    assert (refusal(decision, review, SOIL) is DecisionRefusal.UNKNOWN_SLOT) == refused


@pytest.mark.parametrize("outcome", [Outcome.CORRECT, Outcome.REJECT])
def test_a_correction_or_a_rejection_says_why(outcome: Outcome) -> None:
    review = Case().accepted("soil").packet.reviews["soil"]
    with pytest.raises(ValidationError, match="at least one reason"):
        answer(review, outcome, reasons=[])


def test_a_field_that_we_do_not_know_is_passed_over() -> None:
    review = Case().accepted("soil").packet.reviews["soil"]
    assert refusal(answer(review, department_reference="2026-17"), review, SOIL) is None


@pytest.mark.parametrize(
    ("review_id", "matter"),
    [("20260306-test.soil", "soil"), ("another.soil", None), ("soil", None), ("", None), ("20260306-test.", "")],
)
def test_a_review_id_names_a_matter_of_its_own_packet_alone(review_id: str, matter: str | None) -> None:
    review = Case().accepted("soil").packet.reviews["soil"]
    decision = answer(review).changed(review_id=review_id)
    assert matter_of(decision) == matter


FACT = DecisionFact(
    matter="soil", round=1, outcome=Outcome.APPROVE, officer="审查员", message_id="d-1", received_at=MORNING
)


def test_the_first_decision_and_its_repetition_do_no_harm() -> None:
    assert clash(FACT, None) is None
    assert clash(FACT.changed(message_id="d-2", received_at=MORNING.replace(hour=11)), FACT) is None


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": Outcome.REJECT},
        {"reasons": (DecisionReason(text="补充说明"),)},
        {"conditions": ("雨季前完工",)},
        {"officer": "另一审查员"},
        {"signed_by": "另一签批人"},
    ],
)
def test_a_second_different_decision_is_refused(change: dict[str, Any]) -> None:
    assert clash(FACT.changed(**change), FACT) is DecisionRefusal.ALREADY_DECIDED


def test_a_second_different_decision_leaves_the_packet_as_it_was() -> None:
    case = Case().accepted("soil")
    case.decide("soil")
    case.decide("soil", Outcome.REJECT)
    case.advance()
    assert case.packet.result
    assert case.packet.result.code == "11"


@pytest.mark.parametrize(("signs", "fits"), [(3000, True), (3001, False)])
def test_the_words_of_an_answer_have_a_limit_all_together(signs: int, fits: bool) -> None:
    """So that the answers of all departments fit into one notice."""
    reasons = [{"text": "字" * 1000, "basis": "法" * 400}, {"text": "字" * (signs - 1400)}]
    made = {"reasons": reasons}
    with nullcontext() if fits else pytest.raises(ValidationError, match="3000 characters"):
        answer(corrected().packet.reviews["soil"], Outcome.CORRECT, **made)
