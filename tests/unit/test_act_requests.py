"""What may be asked of the portal beside handing in: which act it is, and when it comes to nothing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.contract.acts import ActRequest, act, recorded
from kaigong.domain.flow.acts import why_not
from kaigong.domain.model.packet import Act, ActKind, ActRefusal, Packet, Status
from kaigong.domain.model.states import can_withdraw
from kaigong.domain.words.acts import REFUSALS
from pydantic import ValidationError

from .building import MORNING, OTHER_ENTERPRISE, PACKET, Case

DOUBT = "credit-code-check"
WITHDRAW = Act(kind=ActKind.WITHDRAW, by="u", at=MORNING)
OVERRIDE = Act(kind=ActKind.OVERRIDE_DOUBT, subject=DOUBT, by="u", at=MORNING)
FIRST_ASKED = Act(kind=ActKind.FIRST_ASKED, by="u", officer="李四", department="water", at=MORNING)
DRAFT = Packet(packet=PACKET)


def at(status: Status, *doubts: str) -> Packet:
    """A packet in one status."""
    case = Case().accepted("soil")
    return case.packet.changed(header=case.header.changed(status=status, doubts=doubts))


def asked(**fields: str) -> Act:
    return act(ActRequest.model_validate(fields).root, "user-1", MORNING, DRAFT)


def test_an_act_is_known_by_its_kind_and_what_it_is_about() -> None:
    assert asked(kind="withdraw", reason=" 暂缓 ").name == "withdraw.packet"
    assert asked(kind="withdraw", reason=" 暂缓 ").reason == "暂缓"
    assert asked(kind="override-doubt", subject=DOUBT, reason="已核对").name == f"override-doubt.{DOUBT}"
    assert asked(kind="first-asked", officer="李四", department="water").name == "first-asked.packet"


def test_the_answer_to_an_act_does_not_say_which_user_did_it() -> None:
    done = asked(kind="first-asked", officer="李四", department="water")
    told = recorded(PACKET, done)
    assert done.by == "user-1"
    assert "user-1" not in told.model_dump_json()
    assert (told.officer, told.department, told.see) == ("李四", "water", f"/api/packets/{PACKET}")


@pytest.mark.parametrize("text", ["", " \n\t", "字" * 1001])
def test_an_act_without_a_reason_or_with_a_whole_essay_is_none(text: str) -> None:
    with pytest.raises(ValidationError):
        asked(kind="withdraw", reason=text)


def test_an_error_in_what_was_asked_does_not_repeat_it() -> None:
    with pytest.raises(ValidationError) as error:
        ActRequest.model_validate_json('{"kind": "first-asked", "officer": 7261, "department": "秘密"}')
    assert "7261" not in str(error.value)
    assert "秘密" not in str(error.value)


@pytest.mark.parametrize("status", Status)
def test_a_packet_can_be_withdrawn_exactly_until_it_is_decided(status: Status) -> None:
    refused = why_not(at(status), WITHDRAW)
    assert (refused is None) is can_withdraw(status)
    if status in (Status.DECIDED, Status.ISSUED):
        assert refused is ActRefusal.TOO_LATE
    if status is Status.WITHDRAWN:
        assert refused is ActRefusal.ALREADY_WITHDRAWN


def test_what_was_handed_in_and_not_looked_at_can_be_withdrawn() -> None:
    case = Case()
    case.submit("soil")
    assert why_not(case.packet, WITHDRAW) is None


@pytest.mark.parametrize("status", Status)
def test_a_doubt_is_settled_where_it_stands_and_the_packet_still_goes_on(status: Status) -> None:
    assert why_not(at(status), OVERRIDE) in (ActRefusal.NO_SUCH_DOUBT, ActRefusal.ALREADY_WITHDRAWN)
    assert (why_not(at(status, DOUBT), OVERRIDE) is None) is (status is not Status.WITHDRAWN)
    assert why_not(DRAFT, OVERRIDE) is ActRefusal.NO_SUCH_DOUBT


@pytest.mark.parametrize("status", Status)
def test_a_doubt_is_found_true_until_the_decision_and_is_the_departments_to_act_on_afterwards(status: Status) -> None:
    confirm = OVERRIDE.changed(kind=ActKind.CONFIRM_DOUBT)
    refused = why_not(at(status, DOUBT), confirm)
    assert (refused is None) is (status in (Status.IN_REVIEW, Status.CORRECTING))
    if status in (Status.DECIDED, Status.ISSUED):
        assert refused is ActRefusal.TOO_LATE_TO_CORRECT
    assert why_not(at(status), confirm) in (ActRefusal.NO_SUCH_DOUBT, ActRefusal.ALREADY_WITHDRAWN)


def test_what_was_found_true_is_on_record_once_until_new_data_make_it_doubtful_again() -> None:
    case = Case().accepted("soil", enterprise=OTHER_ENTERPRISE)
    fields = {"kind": "confirm-doubt", "subject": DOUBT, "reason": "不符"}
    first = act(ActRequest.model_validate(fields).root, "u", MORNING, case.packet)
    case.act(first.kind, DOUBT, reason="不符")
    case.advance()
    assert act(ActRequest.model_validate(fields).root, "u", MORNING, case.packet).name == first.name
    again = case.packet.changed(header=case.header.changed(confirmed={}))
    assert act(ActRequest.model_validate(fields).root, "u", MORNING, again).name == f"{first.name}.2"


@pytest.mark.parametrize("packet", [DRAFT, *map(at, Status)])
def test_who_was_asked_first_can_be_named_whatever_became_of_the_packet(packet: Packet) -> None:
    assert why_not(packet, FIRST_ASKED) is None


@pytest.mark.parametrize("refusal", ActRefusal)
def test_every_refusal_says_in_both_languages_what_to_do(refusal: ActRefusal) -> None:
    text = REFUSALS[refusal]
    assert len(text.zh) > 20
    assert len(text.en) > 40


@given(
    status=st.sampled_from([None, Status.IN_REVIEW, Status.ISSUED, Status.RETURNED]),
    acts=st.permutations(list(ActKind)),
    doubtful=st.booleans(),
)
def test_an_act_that_is_let_through_is_acted_on_and_one_that_is_refused_changes_no_state(
    status: Status | None, acts: list[ActKind], doubtful: bool
) -> None:
    """The portal's answer and what `advance` does come from the same rule."""
    more = {"enterprise": OTHER_ENTERPRISE} if doubtful else {}
    case = Case()
    if status is None or status is Status.RETURNED:
        case.submit("soil", **more)
    else:
        case.accepted("soil", **more)
    if status is Status.RETURNED:
        case.advance()
    if status is Status.ISSUED:
        case.decide("soil")
        case.advance()
        case.issue()
        case.advance()
    for kind in acts:
        case.now += timedelta(minutes=1)
        before = case.packet
        subject = DOUBT if kind is ActKind.OVERRIDE_DOUBT else "packet"
        done = Act(kind=kind, subject=subject, by="u", officer="李四", department="water", at=case.now)
        refused = why_not(before, done)
        case.act(kind, subject, officer="李四", department="water")
        case.advance()
        header = case.packet.header
        if kind is ActKind.WITHDRAW:
            assert (header is not None and header.status is Status.WITHDRAWN) is (
                refused in (None, ActRefusal.ALREADY_WITHDRAWN)
            )
        elif header and before.header:
            assert header.status is before.header.status
        if header and kind is ActKind.OVERRIDE_DOUBT and refused is None:
            assert DOUBT not in header.doubts
