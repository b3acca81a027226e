"""The states of a packet and of a review: every way that the table has is walked, and every other one is refused."""

from itertools import product

import pytest
from kaigong.domain.model.messages import Outcome, ProcedureAction, RevocationKind
from kaigong.domain.model.packet import ActKind, ResultCode, ReviewState, Status
from kaigong.domain.model.states import (
    PACKET,
    REVIEW,
    PacketEvent,
    ReviewEvent,
    can_withdraw,
    packet_after,
    review_after,
)
from kaigong.domain.model.ways import Impossible
from kaigong.views import national

from .building import Case

# How a case gets to each state, by what people do.


def draft() -> Case:
    case = Case()
    case.upload("form", "soil-plan", "flood-report", "survey")
    case.submit("soil", "flood")
    return case


def returned() -> Case:
    case = Case()
    case.upload("form", "soil-plan", "survey")
    case.submit("soil", "flood")
    case.advance()
    return case


def in_review() -> Case:
    case = draft()
    case.advance()
    return case


def correcting() -> Case:
    case = in_review()
    case.decide("soil", Outcome.CORRECT)
    case.decide("flood")
    case.advance()
    return case


def decided() -> Case:
    case = in_review()
    case.decide("soil")
    case.decide("flood", Outcome.REJECT)
    case.advance()
    return case


def issued() -> Case:
    case = decided()
    case.issue()
    case.advance()
    return case


def withdrawn() -> Case:
    case = in_review()
    case.act(ActKind.WITHDRAW)
    case.advance()
    return case


PACKETS = {
    None: draft,
    Status.RETURNED: returned,
    Status.IN_REVIEW: in_review,
    Status.CORRECTING: correcting,
    Status.DECIDED: decided,
    Status.ISSUED: issued,
    Status.WITHDRAWN: withdrawn,
}


def hand_in(case: Case, complete: bool = True) -> None:
    if complete:
        case.upload("form", "soil-plan", "flood-report", "survey")
    else:
        case.packet = case.packet.changed(
            uploads={place: upload for place, upload in case.packet.uploads.items() if place[0] != "flood-report"}
        )
    case.submit("soil", "flood")


def everybody_decides(case: Case, outcome: Outcome = Outcome.APPROVE) -> None:
    for matter in case.open():
        case.decide(matter, outcome)


DO = {
    PacketEvent.RETURNED: lambda case: hand_in(case, complete=False),
    PacketEvent.ACCEPTED: hand_in,
    PacketEvent.CORRECTIONS_ASKED: lambda case: everybody_decides(case, Outcome.CORRECT),
    PacketEvent.CORRECTED: hand_in,
    PacketEvent.WITHDRAWN: lambda case: case.act(ActKind.WITHDRAW),
    PacketEvent.DECIDED: everybody_decides,
    PacketEvent.ISSUED: lambda case: case.issue(),
    PacketEvent.CORRECTIONS_RETRACTED: lambda case: case.retract("soil"),
}


@pytest.mark.parametrize(("status", "event"), list(product(PACKETS, PacketEvent)))
def test_a_packet_goes_the_ways_of_the_table_and_no_other(status: Status | None, event: PacketEvent) -> None:
    case = PACKETS[status]()
    assert (case.packet.header.status if case.packet.header else None) == status
    if (status, event) not in PACKET:
        with pytest.raises(Impossible):
            packet_after(status, event)
    DO[event](case)
    case.advance()
    ways = {after for (before, _), after in PACKET.items() if before == status}
    now = case.packet.header.status if case.packet.header else None
    if (status, event) in PACKET:
        assert now is packet_after(status, event)
    else:  # whatever people do, the packet stays, or goes a way that the table has from here
        assert now in {status, *ways}


def paused() -> Case:
    case = in_review()
    case.procedure("soil")
    case.advance()
    return case


def answered(matter: str, outcome: Outcome) -> Case:
    """One department decided, another one still reviews."""
    case = in_review()
    case.decide(matter, outcome)
    case.advance()
    return case


def unopened() -> Case:
    case = Case().accepted("land-use", "planning")
    case.decide("land-use", Outcome.REJECT)
    case.advance()
    return case


def revoked(kind: RevocationKind) -> Case:
    case = decided()
    case.revoke("soil", kind)
    case.advance()
    return case


REVIEWS = {
    ReviewState.OPEN: (in_review, "soil"),
    ReviewState.PAUSED: (paused, "soil"),
    ReviewState.APPROVED: (lambda: answered("soil", Outcome.APPROVE), "soil"),
    ReviewState.CORRECTION: (correcting, "soil"),
    ReviewState.REJECTED: (lambda: answered("flood", Outcome.REJECT), "flood"),
    ReviewState.UNOPENED: (unopened, "planning"),
    ReviewState.WITHDRAWN: (withdrawn, "soil"),
    ReviewState.RECALLED: (lambda: revoked(RevocationKind.RECALL), "soil"),
    ReviewState.REVOKED: (lambda: revoked(RevocationKind.REVOKE), "soil"),
}


def resubmit(case: Case, matter: str) -> None:
    case.upload(*(entry.material for entry in case.catalogue.matters[matter].materials))
    case.submit(*case.packet.routes)


ON_REVIEW = {
    ReviewEvent.APPROVED: lambda case, matter: case.decide(matter),
    ReviewEvent.CORRECTION_ASKED: lambda case, matter: case.decide(matter, Outcome.CORRECT),
    ReviewEvent.REJECTED: lambda case, matter: case.decide(matter, Outcome.REJECT),
    ReviewEvent.PROCEDURE_STARTED: lambda case, matter: case.procedure(matter, number=2),
    ReviewEvent.PROCEDURES_ENDED: lambda case, matter: case.procedure(matter, action=ProcedureAction.END),
    ReviewEvent.CORRECTED: resubmit,
    ReviewEvent.WITHDRAWN: lambda case, _: case.act(ActKind.WITHDRAW),
    ReviewEvent.RECALLED: lambda case, matter: case.revoke(matter, RevocationKind.RECALL),
    ReviewEvent.REVOKED: lambda case, matter: case.revoke(matter, RevocationKind.REVOKE),
    ReviewEvent.RETRACTED: lambda case, matter: case.retract(matter),
}


@pytest.mark.parametrize(("state", "event"), list(product(REVIEWS, ON_REVIEW)))
def test_a_review_goes_the_ways_of_the_table_and_no_other(state: ReviewState, event: ReviewEvent) -> None:
    make, matter = REVIEWS[state]
    case = make()
    before = case.packet.reviews[matter]
    assert before.state is state
    ON_REVIEW[event](case, matter)
    case.advance()
    after = case.packet.reviews[matter]
    if (state, event) in REVIEW:
        assert after.state is review_after(state, event)
    else:
        assert after == before
        with pytest.raises(Impossible):
            review_after(state, event)


@pytest.mark.parametrize(
    ("event", "make", "matter"),
    [
        (ReviewEvent.OPENED, in_review, "soil"),
        (ReviewEvent.DECIDED_BY_RULES, lambda: Case().accepted("land-use", commitments=["land-use"]), "land-use"),
        (ReviewEvent.NEVER_OPENS, unopened, "planning"),
    ],
)
def test_a_review_begins_in_one_of_three_ways(event: ReviewEvent, make: object, matter: str) -> None:
    assert callable(make)
    assert make().packet.reviews[matter].state is review_after(None, event)
    assert {e for (before, e) in REVIEW if before is None} == {
        ReviewEvent.OPENED,
        ReviewEvent.DECIDED_BY_RULES,
        ReviewEvent.NEVER_OPENS,
    }


def test_every_state_and_every_event_is_reached() -> None:
    assert set(PACKET.values()) == set(Status)
    assert {event for _, event in PACKET} == set(PacketEvent)
    assert set(REVIEW.values()) == set(ReviewState)
    assert {event for _, event in REVIEW} == set(ReviewEvent)


@pytest.mark.parametrize("status", PACKETS)
def test_a_withdrawal_has_a_clear_answer_at_every_state(status: Status | None) -> None:
    case = PACKETS[status]()
    if status is Status.WITHDRAWN:
        assert not can_withdraw(status)
        return
    before = case.packet
    case.act(ActKind.WITHDRAW)
    case.advance()
    if can_withdraw(status):
        assert case.header.status is Status.WITHDRAWN
        assert not case.open()
        assert case.header.withdrawn_at
    else:
        assert case.header.status is status
        assert case.packet.result == before.result
    told = case.packet.notices[max(case.packet.notices)]
    assert told.kind.value == ("withdrawn" if can_withdraw(status) else "not-withdrawn")
    assert case.advance() is None


# the codes of the national standard


def test_the_national_codes_are_one_table_of_fifteen() -> None:
    assert [row.code.value for row in national.TABLE] == [str(n) for n in range(1, 16)]
    assert all(national.NAMES[code].zh for code in national.NationalCode)
    assert {code.value for code in ResultCode} <= {code.value for code in national.NationalCode}


@pytest.mark.parametrize(
    ("make", "matter", "code"),
    [
        (in_review, "soil", "8"),
        (paused, "soil", "9"),
        (correcting, "soil", "6"),
        (withdrawn, "soil", "2"),
        (decided, "soil", "11"),
        (decided, "flood", "13"),
        (unopened, "planning", "13"),
        (lambda: revoked(RevocationKind.RECALL), "soil", "14"),
        (lambda: revoked(RevocationKind.REVOKE), "soil", "15"),
    ],
)
def test_a_matters_code_says_where_it_is(make: object, matter: str, code: str) -> None:
    assert callable(make)
    case = make()
    result = (
        next((m.code for m in case.packet.result.matters if m.matter == matter), None) if case.packet.result else None
    )
    assert national.of_matter(case.header.status, case.packet.reviews[matter].state, result).value == code


def test_a_matter_that_is_not_reviewed_yet_has_the_packets_code() -> None:
    assert national.of_matter(None, None, None) is national.NationalCode.RECEIVED
    assert national.of_matter(Status.RETURNED, None, None) is national.NationalCode.CORRECTION_STARTED
    assert national.of_matter(Status.IN_REVIEW, None, None) is national.NationalCode.ACCEPTED
    assert national.of_matter(Status.WITHDRAWN, None, None) is national.NationalCode.WITHDRAWN
