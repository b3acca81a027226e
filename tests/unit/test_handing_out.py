"""How a decided packet's result reaches the enterprise: electronic, collected at the window, or by mail."""

from datetime import timedelta
from typing import Any

import pytest
from kaigong.contract.acts import ActRequest
from kaigong.domain.flow.acts import why_not
from kaigong.domain.flow.handing_out import waits
from kaigong.domain.model.deadline import OwnerKind
from kaigong.domain.model.hand_out import HandOut, MailAddress, Way
from kaigong.domain.model.packet import ActRefusal, NoticeKind
from kaigong.domain.model.waiting import Wait
from kaigong.views.handing_out import hand_out_shown
from kaigong.views.packet import status
from kaigong.views.team import PointKind, open_points
from pydantic import ValidationError

from .building import CATALOGUE, OFFICE, Case
from .test_window import asked, do

HOME = {"contact": "刘芳", "telephone": "138 0000 0000", "address": "商丘市梁园区神火大道 1 号"}


def issued() -> Case:
    case = Case().accepted("soil")
    case.decide("soil")
    case.advance()
    case.issue()
    case.advance()
    return case


def choose(case: Case, way: str, **more: Any) -> None:
    do(case, kind="choose-hand-out", way=way, **more)


def refused(case: Case, **fields: Any) -> ActRefusal | None:
    return why_not(case.packet, asked(case, **fields))


def test_an_address_is_asked_for_where_the_result_is_mailed_and_nowhere_else() -> None:
    ActRequest.model_validate({"kind": "choose-hand-out", "way": "mail", "mail_to": HOME})
    for wrong in ({"way": "mail"}, {"way": "collect", "mail_to": HOME}, {"way": "pigeon"}):
        with pytest.raises(ValidationError):
            ActRequest.model_validate({"kind": "choose-hand-out", **wrong})


@pytest.mark.parametrize(
    "number",
    ["12345", "138 0000 0000", "0370-3289999 转 8001", "0370—3289999", "0370–3289999分机8001", "(0370) 3289999 ext. 8",
     "+86 370 3289999 x8001", "3289999#8001", "0370-3289999,8001"],
)  # fmt: skip
def test_a_telephone_may_have_an_extension(number: str) -> None:
    said = ActRequest.model_validate(
        {"kind": "choose-hand-out", "way": "mail", "mail_to": HOME | {"telephone": number}}
    )
    assert number in said.model_dump_json()


@pytest.mark.parametrize("number", ["1234", "转 8001", "(---)", "无电话 12345", "1" * 31, "电话 0370-3289999"])
def test_what_nobody_can_call_is_no_telephone(number: str) -> None:
    with pytest.raises(ValidationError):
        ActRequest.model_validate({"kind": "choose-hand-out", "way": "mail", "mail_to": HOME | {"telephone": number}})


def test_a_number_that_was_stored_before_is_still_read() -> None:
    assert MailAddress.model_validate(HOME | {"telephone": "(1234)"}).telephone == "(1234)"


def test_nothing_is_chosen_or_handed_out_before_there_is_a_result() -> None:
    case = Case().accepted("soil")
    assert refused(case, kind="choose-hand-out", way="collect") is ActRefusal.NOT_ISSUED
    assert refused(case, kind="hand-over", to="刘芳") is ActRefusal.NOT_ISSUED


def test_the_way_may_be_changed_until_the_result_is_on_its_way() -> None:
    case = issued()
    choose(case, "collect")
    assert waits(case.packet) == {Wait.COLLECT: case.header.decided_at}
    choose(case, "mail", mail_to=HOME)
    assert waits(case.packet) == {Wait.MAIL: case.header.decided_at}
    again = asked(case, kind="choose-hand-out", way="mail", mail_to=HOME)
    assert again.name in case.packet.acts  # it says nothing new
    choose(case, "mail", mail_to=HOME | {"contact": "王丽"})
    assert len(case.packet.acts) == 3
    do(case, kind="send-by-mail", tracking="EMS 1234567890")
    assert refused(case, kind="choose-hand-out", way="electronic") is ActRefusal.IN_THE_MAIL


def test_what_is_mailed_is_told_once_and_ends_with_its_delivery() -> None:
    case = issued()
    assert refused(case, kind="send-by-mail", tracking="EMS 1234567890") is ActRefusal.NOT_BY_MAIL
    choose(case, "mail", mail_to=HOME)
    assert refused(case, kind="received", received_at=case.now) is ActRefusal.NOT_MAILED
    do(case, kind="send-by-mail", tracking="EMS 1234567890")
    assert len(case.notices(NoticeKind.MAILED)) == 1
    assert case.packet.hand_out
    assert waits(case.packet) == {Wait.DELIVERY: case.packet.hand_out.mailed_at}
    case.now += timedelta(days=2)
    for wrong in (timedelta(days=-3), timedelta(minutes=1)):
        assert refused(case, kind="received", received_at=case.now + wrong) is ActRefusal.NOT_THEN
    do(case, kind="received", received_at=case.now)
    assert waits(case.packet) == {}
    assert len(case.notices(NoticeKind.HANDED_OUT)) == 1
    assert refused(case, kind="hand-over", to="刘芳") is ActRefusal.RECEIVED_ALREADY
    assert case.advance() is None


def test_who_comes_to_the_window_is_given_the_result_whatever_was_chosen() -> None:
    case = issued()
    given = do(case, kind="hand-over", to="刘芳", id_last="002x")
    assert case.packet.hand_out == HandOut(to="刘芳", id_last="002X", received_at=given.at)
    assert [n.items[0].code for n in case.notices(NoticeKind.HANDED_OUT)] == ["handed-over"]


def test_neither_ledger_nor_notices_nor_what_departments_read_say_where_to_or_to_whom() -> None:
    case = issued()
    choose(case, "mail", mail_to=HOME)
    do(case, kind="send-by-mail", tracking="EMS 1234567890")
    do(case, kind="hand-over", to="刘芳", id_last="1234")  # it came back, and was fetched
    told = status(case.packet, CATALOGUE, case.now, OFFICE)
    for said in (str(case.entries), str(case.packet.notices), told.model_dump_json(), repr(case.packet.acts)):
        assert not any(personal in said for personal in (*HOME.values(), "1234567890", "刘芳", "1234'"))
    assert told.hand_out
    assert (told.hand_out.way, bool(told.hand_out.received_at)) == (Way.MAIL, True)
    assert hand_out_shown(case.packet, None).tracking == "EMS 1234567890"


@pytest.mark.parametrize(("way", "owner"), [("collect", OwnerKind.APPLICANT), ("mail", OwnerKind.WINDOW)])
def test_a_result_to_be_handed_out_is_an_open_point_with_the_laws_days(way: str, owner: OwnerKind) -> None:
    case = issued()
    assert not open_points(case.packet, CATALOGUE, case.now, OFFICE)
    choose(case, way, **({"mail_to": HOME} if way == "mail" else {}))
    [point] = open_points(case.packet, CATALOGUE, case.now, OFFICE)
    assert (point.kind, point.owner.kind) == (PointKind.HAND_OUT, owner)
    assert point.by
    assert point.by.at.date().isoformat() == "2026-03-20"  # ten working days from 6 March (行政许可法 §44)
