"""What the window does to a packet, and what of a packet waits for it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.contract.acts import ActRequest, act
from kaigong.domain.flow import delivery
from kaigong.domain.flow.acts import why_not
from kaigong.domain.flow.window import waits
from kaigong.domain.model.messages import Channel, ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import Act, ActKind, ActRefusal, NoticeKind, Packet
from kaigong.domain.model.waiting import RETURNED_DAYS, Wait
from kaigong.views.team import responsibility
from pydantic import ValidationError

from .building import CATALOGUE, EMPTY, OFFICE, OTHER_ENTERPRISE, SHANGHAI, Case, credit

VISIT, END = ProcedureKind.SITE_VISIT, ProcedureAction.END
WHEN = datetime(2026, 3, 10, 14, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)


def visited() -> Case:
    """A packet for which two departments asked for a joint site visit, without a date."""
    case = Case().accepted("soil", "fire-review")
    case.procedure("soil", VISIT)
    case.procedure("fire-review", VISIT)
    case.advance()
    return case


def asked(case: Case, **fields: Any) -> Act:
    """What the portal would put on record."""
    request = ActRequest.model_validate_json(ActRequest.model_validate(fields).model_dump_json())
    return act(request.root, "user-1", case.now, case.packet)


def do(case: Case, **fields: Any) -> Act:
    """Put it on record as the portal does, and look at it."""
    said = asked(case, **fields)
    assert why_not(case.packet, said) is None
    case._change(acts={said.name: said, **case.packet.acts})
    case.advance()
    return said


def appoint(case: Case, at: datetime = WHEN, note: str = "") -> Act:
    return do(case, kind="appoint-visit", visit=1, appointment=at, note=note)


# a joint site visit


def test_the_date_of_a_joint_site_visit_is_told_to_the_applicant_and_to_all_who_take_part() -> None:
    case = visited()
    appoint(case, note="东门集合")
    assert case.packet.visits[1].appointment == WHEN
    [item] = case.last_notice(NoticeKind.PROCEDURE).items
    assert "2026年3月10日14:00" in item.text.zh
    assert "东门集合" in item.text.zh
    assert "10 March 2026, 14:00" in item.text.en
    messages = delivery.notices(case.packet, case.told(), case.now)
    assert {m.department for m in messages} == {None, "water", "housing"}
    assert case.advance() is None


def test_a_date_may_be_changed_and_changed_back_and_each_stays_on_record() -> None:
    case = visited()
    names = [appoint(case, at).name for at in (WHEN, WHEN + timedelta(days=1), WHEN)]
    assert names == ["appoint-visit.1", "appoint-visit.1.2", "appoint-visit.1.3"]
    assert case.packet.visits[1].appointment == WHEN
    assert len(case.notices(NoticeKind.PROCEDURE)) == 4


def test_the_same_date_again_is_the_act_that_is_on_record() -> None:
    case = visited()
    first = appoint(case)
    assert asked(case, kind="appoint-visit", visit=1, appointment=WHEN).name == first.name


def test_a_date_that_has_passed_or_a_visit_that_nobody_waits_for_is_refused() -> None:
    case = visited()
    late = asked(case, kind="appoint-visit", visit=1, appointment=case.now)
    assert why_not(case.packet, late) is ActRefusal.DATE_PASSED
    other = asked(case, kind="appoint-visit", visit=2, appointment=WHEN)
    assert why_not(case.packet, other) is ActRefusal.NO_SUCH_VISIT
    early = asked(case, kind="appoint-visit", visit=1, appointment=WHEN)
    for matter in ("soil", "fire-review"):
        case.procedure(matter, VISIT, END)
    case.advance()
    assert why_not(case.packet, early) is ActRefusal.NO_SUCH_VISIT


def test_a_visit_that_ended_before_its_date_was_looked_at_keeps_no_date_and_nobody_is_told() -> None:
    case = visited()
    late = asked(case, kind="appoint-visit", visit=1, appointment=WHEN)
    for matter in ("soil", "fire-review"):
        case.procedure(matter, VISIT, END)
    case.advance()
    told = len(case.packet.notices)
    case._change(acts={late.name: late})
    case.advance()
    assert case.packet.visits[1].appointment is None
    assert len(case.packet.notices) == told
    assert case.entries[-1].events[0]["refused"] == "no-such-visit"


def test_a_date_without_a_time_zone_is_none() -> None:
    with pytest.raises(ValidationError):
        ActRequest.model_validate_json('{"kind": "appoint-visit", "visit": 1, "appointment": "2026-03-10T14:00:00"}')


# picking up


def test_who_picked_a_packet_up_first_helps_until_it_is_handed_over() -> None:
    case = Case().accepted("soil")
    do(case, kind="pick-up", officer="王工")
    later = asked(case, kind="pick-up", officer="李工")
    assert later.name == "pick-up.packet"  # that of the one on record
    over = do(case, kind="pick-up", officer="李工", hand_over=True)
    assert over.name == "pick-up.packet.2"
    assert asked(case, kind="pick-up", officer="李工", hand_over=True).name == over.name
    helper = responsibility(case.packet, CATALOGUE, case.now, OFFICE).helper
    assert helper
    assert (helper.officer, helper.at) == ("李工", over.at)
    assert "李工" not in repr(helper)
    assert "李工" not in str(case.entries)


def test_nobody_helps_until_somebody_picked_it_up_and_nobody_picks_up_what_was_withdrawn() -> None:
    case = Case().accepted("soil")
    assert responsibility(case.packet, CATALOGUE, case.now, OFFICE).helper is None
    case.act(ActKind.WITHDRAW)
    case.advance()
    assert why_not(case.packet, asked(case, kind="pick-up", officer="王工")) is ActRefusal.ALREADY_WITHDRAWN


# what waits


def test_a_doubt_waits_until_it_is_settled() -> None:
    case = Case().accepted("soil", enterprise=OTHER_ENTERPRISE)
    assert waits(case.packet) == {Wait.DOUBT: case.header.submitted_at}
    do(case, kind="override-doubt", subject="credit-code-check", reason="已核对原件")
    assert waits(case.packet) == {}


def test_a_joint_site_visit_waits_until_it_has_a_date() -> None:
    case = visited()
    assert waits(case.packet) == {Wait.VISIT: min(case.packet.visits[1].asked.values())}
    appoint(case)
    assert waits(case.packet) == {}


def test_a_visit_that_no_review_waits_for_any_more_does_not_wait() -> None:
    case = visited()
    case.procedure("soil", VISIT, END)
    case.decide("fire-review")
    case.advance()
    assert waits(case.packet) == {}


def test_a_returned_packet_waits_from_some_days_after_it_was_returned_until_it_comes_again() -> None:
    case = Case()
    case.upload("form", facts=EMPTY)
    case.submit("soil")
    case.advance()
    told = case.last_notice(NoticeKind.RETURNED).at
    assert waits(case.packet) == {Wait.RETURNED: told + timedelta(days=RETURNED_DAYS)}
    case.submit("soil")
    assert waits(case.packet) == {}


def test_a_packet_that_may_use_the_service_team_waits_until_somebody_picks_it_up() -> None:
    case = Case(credit=credit("AAA")).accepted("soil")
    assert case.header.channel is Channel.GREEN
    assert waits(case.packet) == {Wait.HELPER: case.header.submitted_at}
    do(case, kind="pick-up", officer="王工")
    assert waits(case.packet) == {}


def test_a_packet_that_is_over_or_not_there_waits_for_nobody() -> None:
    case = Case(credit=credit("AAA")).accepted("soil", enterprise=OTHER_ENTERPRISE)
    case.decide("soil")
    case.advance()
    assert waits(case.packet) == {}
    assert waits(Packet(packet="draft")) == {}


@given(st.permutations(["doubt", "helper", "visit"]))
def test_in_whatever_order_the_window_works_nothing_waits_in_the_end(order: list[str]) -> None:
    case = Case(credit=credit("AAA", uscc=OTHER_ENTERPRISE.uscc)).accepted(
        "soil", process="industrial", enterprise=OTHER_ENTERPRISE
    )
    case.procedure("soil", VISIT)
    case.advance()
    assert set(waits(case.packet)) == {Wait.DOUBT, Wait.HELPER, Wait.VISIT}
    for count, work in enumerate(order, start=1):
        match work:
            case "doubt":
                do(case, kind="override-doubt", subject="credit-code-check", reason="已核对原件")
            case "helper":
                do(case, kind="pick-up", officer="王工")
            case _:
                appoint(case)
        assert len(waits(case.packet)) == 3 - count
