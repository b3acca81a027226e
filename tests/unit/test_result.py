"""The joint result and its document."""

import json

import pytest
from kaigong.domain.flow.result import document, joint_result, outcome_now
from kaigong.domain.model.catalogue import Route
from kaigong.domain.model.messages import DecisionReason, Outcome, RevocationKind
from kaigong.domain.model.packet import NoticeKind, ResultCode, Status
from kaigong.domain.words import names

from .building import CATALOGUE, ENTERPRISE, Case

APPROVE, REJECT = Outcome.APPROVE, Outcome.REJECT


def decided(**outcomes: Outcome) -> Case:
    """Both matters with their plans promised, decided."""
    case = Case().accepted("soil", "fire-review", promises=["soil-plan"])
    for matter, outcome in outcomes.items():
        case.decide(matter.replace("_", "-"), outcome)
    case.advance()
    return case


@pytest.mark.parametrize(
    ("soil", "fire_review", "whole", "codes"),
    [
        (APPROVE, APPROVE, "12", ["12", "11"]),  # the soil plan is still missing
        (REJECT, APPROVE, "13", ["13", "11"]),
        (APPROVE, REJECT, "13", ["12", "13"]),
        (REJECT, REJECT, "13", ["13", "13"]),
    ],
)
def test_the_whole_is_as_good_as_its_worst_matter(
    soil: Outcome, fire_review: Outcome, whole: str, codes: list[str]
) -> None:
    result = decided(soil=soil, fire_review=fire_review).packet.result
    assert result
    assert (result.code, [m.code for m in result.matters]) == (whole, codes)


def test_there_is_no_result_while_a_matter_is_undecided() -> None:
    case = decided(soil=APPROVE)
    assert case.packet.result is None
    assert joint_result(case.packet, CATALOGUE, case.now) is None
    assert case.header.status is Status.IN_REVIEW


def test_the_result_goes_out_to_be_written_and_the_applicant_is_told() -> None:
    case = decided(soil=APPROVE, fire_review=APPROVE)
    assert case.orders() == ["result", f"notice:{case.last_notice(NoticeKind.RESULT).number}", "supervise", "benefits"]


AGENT = {"name": "李四", "role": "authorised-agent"}


def test_a_matter_done_by_commitment_has_its_other_number() -> None:
    case = Case().accepted("land-use", "planning", commitments=["planning"], signer=AGENT)
    for _ in range(2):
        for matter in case.open():
            case.decide(matter)
        case.advance()
    assert case.packet.result
    assert {m.matter: m.number for m in case.packet.result.matters} == {
        "land-use": "N-land-use",
        "planning": "C-planning",
    }
    (made,) = json.loads(document(case.packet, CATALOGUE))["commitments"]
    assert (made["matter"], made["signing"], made["level"]) == ("planning", "manifest", "stated")
    assert made["signer"] == {"name": "李四", "role": "authorised-agent"}


def test_the_document_says_what_became_of_every_matter_and_what_is_still_missing() -> None:
    case = Case().accepted("soil", "fire-review", promises=["soil-plan"])
    case.decide("soil", conditions=("雨季前完工",))
    case.decide("fire-review", REJECT, DecisionReason(slot="drawings", text="疏散距离超限", basis="GB 55037-2022"))
    case.advance()
    content = json.loads(document(case.packet, CATALOGUE))
    assert (content["schema"], content["packet"]) == ("kaigong/joint-result/1", case.packet.packet)
    assert content["code"] == "13"
    assert (content["outcome"]["zh"], content["partial"]) == ("办结（部分事项通过）", True)
    soil, fire = content["matters"]
    assert (soil["code"], soil["route"], soil["conditions"]) == ("12", Route.TOLERATED, ["雨季前完工"])
    assert soil["open_gaps"] == ["soil-plan"]
    assert fire["reasons"] == [{"slot": "drawings", "text": "疏散距离超限", "basis": "GB 55037-2022"}]
    [gap] = content["gaps"]
    assert (gap["slot"], gap["due"], gap["due_certain"]) == ("soil-plan", "2026-04-03T17:30:00+08:00", True)
    assert content["ledger"] == {"entries": len(case.entries), "head": case.entries[-1].hash}


def test_the_document_is_the_same_whenever_it_is_written() -> None:
    case = decided(soil=APPROVE, fire_review=APPROVE)
    first = document(case.packet, CATALOGUE)
    case.upload("soil-plan")
    case.issue()
    case.advance()
    assert case.header.status is Status.ISSUED
    assert not case.packet.gaps["soil-plan"].open
    assert document(case.packet, CATALOGUE) == first


def test_the_document_is_readable_chinese_and_names_no_person() -> None:
    enterprise = ENTERPRISE.changed(legal_representative="张三丰", phone="13800000000")
    case = Case().accepted("soil", enterprise=enterprise)
    case.decide("soil")
    case.advance()
    text = document(case.packet, CATALOGUE).decode()
    assert "商丘样例生物科技有限公司" in text
    assert not [secret for secret in ("张三丰", "13800000000", "审查员", "token") if secret in text]


def test_a_matter_that_was_not_approved_has_no_gaps_to_close() -> None:
    result = decided(soil=REJECT, fire_review=APPROVE).packet.result
    assert result
    assert result.matters[0].open_gaps == ()
    assert result.matters[0].code is ResultCode.NOT_APPROVED


def test_what_was_taken_back_before_the_result_is_never_stated_as_approved() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil")
    case.advance()
    case.revoke("soil", RevocationKind.RECALL)
    case.decide("flood")
    case.advance()
    result = case.packet.result
    assert result is not None
    assert {m.matter: m.code for m in result.matters} == {"soil": ResultCode.RECALLED, "flood": ResultCode.APPROVED}
    assert result.matters[0].decided_at == case.packet.revocations["soil"].received_at  # what it came to, and when
    assert (result.code, result.partial) == (ResultCode.NOT_APPROVED, True)


def test_an_approval_and_its_recall_may_be_looked_at_together() -> None:
    case = Case().accepted("soil")
    case.decide("soil")
    case.revoke("soil")
    case.advance()
    assert case.packet.result is not None
    assert [m.code for m in case.packet.result.matters] == [ResultCode.REVOKED]


def test_what_is_taken_back_after_it_changes_what_the_packet_is_called() -> None:
    case = Case().accepted("soil", "flood")
    for matter in ("soil", "flood"):
        case.decide(matter)
    case.advance()
    result = case.packet.result
    assert result is not None
    assert outcome_now(case.packet, result) == names.RESULTS[ResultCode.APPROVED]
    for matter, said in (("soil", names.SOME_STAND), ("flood", names.NONE_STANDS)):
        case.revoke(matter)
        case.advance()
        assert outcome_now(case.packet, result) == said
    assert case.packet.result == result


def test_a_refusal_names_the_remedies_with_their_terms_in_notice_and_document() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil", Outcome.REJECT)
    case.decide("flood")
    case.advance()
    (item,) = case.last_notice(NoticeKind.RESULT).items
    assert item.matter == "soil"
    assert "六十日" in item.text.zh
    assert "六个月" in item.text.zh
    told = json.loads(document(case.packet, case.catalogue))
    assert {m["matter"]: "remedy" in m for m in told["matters"]} == {"soil": True, "flood": False}
