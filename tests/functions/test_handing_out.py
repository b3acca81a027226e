"""From the decision to the enterprise's hands: chosen by the applicant, handed out by the window, seen by few."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kaigong.contract.routes import Group
from kaigong.domain.model.people import Granted, PersonRights
from kaigong.portal import access
from kaigong.store import addresses, keys, packets, people, waiting
from kaigong.store.clients import client

from . import story
from .asking import APPLICANT, HOUSING, OPERATIONS, OWN, STRANGER, WINDOW, ask, body, logged, page_as, played
from .world import ENVIRONMENT, World

HOME = {"contact": "刘芳芳", "telephone": "138 0000 0000", "address": "商丘市梁园区神火大道 1 号"}
MAIL = {"kind": "choose-hand-out", "way": "mail", "mail_to": HOME}
TRACKING = "EMS 1234567890"
WIDE = "ＥＭＳ　１２３４５６７８９０"  # as a Chinese keyboard may have it
PEOPLE = {
    Group.APPLICANT: access.Caller(name="a", account="a-1", called="申", groups=frozenset({Group.APPLICANT}), uscc=OWN),
    Group.WINDOW: access.Caller(name="c", called="赵窗口", groups=frozenset({Group.WINDOW})),
    Group.DEPARTMENT: access.Caller(name="d", called="李", groups=frozenset({Group.DEPARTMENT}), department="housing"),
}
Look = Callable[..., Any]


@pytest.fixture
def stage() -> Iterator[World]:
    with played() as world:
        yield world


def act(stage: World, asked: dict[str, Any], claims: dict[str, str]) -> tuple[int, Any]:
    with stage.inside("portal"):
        answer = ask(f"/api/packets/{story.PACKET}/acts", claims, method="POST", carries=asked)
    stage.run()
    return answer["statusCode"], json.loads(answer["body"])


def listed() -> list[tuple[str, str]]:
    return [(row["packet"], row["wait"]) for row in body("/api/hand-outs", WINDOW)["rows"]]


def test_a_result_is_mailed_tracked_and_delivered_and_each_step_is_told_once(stage: World) -> None:
    assert listed() == []
    assert act(stage, MAIL, WINDOW)[0] == 403
    assert act(stage, MAIL, HOUSING)[0] == 403
    assert act(stage, MAIL, APPLICANT)[0] == 202
    assert act(stage, MAIL, APPLICANT)[0] == 200
    assert listed() == [(story.PACKET, "mail")]
    assert act(stage, {"kind": "send-by-mail", "tracking": TRACKING}, APPLICANT)[0] == 403
    for status in (202, 200):
        assert act(stage, {"kind": "send-by-mail", "tracking": TRACKING}, WINDOW)[0] == status
    assert listed() == [(story.PACKET, "delivery")]
    assert act(stage, MAIL | {"way": "collect", "mail_to": None}, APPLICANT)[1]["code"] == "in-the-mail"
    at = datetime.now(UTC).isoformat()
    for status in (202, 200):
        assert act(stage, {"kind": "received", "received_at": at}, WINDOW)[0] == status
    assert listed() == []
    kinds = [n["kind"] for n in stage.notices if n["packet"] == story.PACKET and "department" not in n]
    assert (kinds.count("mailed"), kinds.count("handed-out")) == (1, 1)
    assert body(f"/api/packets/{story.PACKET}/ledger", APPLICANT)["holds"]


def test_the_address_is_for_the_applicant_and_the_window_alone_and_in_no_log(stage: World) -> None:
    path = f"/api/packets/{story.PACKET}/hand-out"
    with logged() as log:
        act(stage, MAIL, APPLICANT)
        act(stage, {"kind": "send-by-mail", "tracking": TRACKING}, WINDOW)
        act(stage, {"kind": "hand-over", "to": "张取件", "id_last": "002X"}, WINDOW)
        for claims in (APPLICANT, WINDOW):
            shown = body(path, claims)
            assert (shown["mail_to"], shown["tracking"], shown["to"]) == (HOME, TRACKING, "张取件")
    assert "answered" in log.getvalue()
    for claims, status in ((HOUSING, 403), (OPERATIONS, 403), (STRANGER, 404)):
        assert ask(path, claims)["statusCode"] == status
    seen = [log.getvalue(), json.dumps(stage.notices, ensure_ascii=False), str(stage.tasks)]
    for address in ("", "/ledger", "/materials"):
        seen.append(json.dumps(body(f"/api/packets/{story.PACKET}{address}", HOUSING), ensure_ascii=False))
    assert not [word for said in seen for word in (*HOME.values(), TRACKING, "张取件", "002X") if word in said]


def test_an_address_lies_where_no_rule_reads_it_and_goes_by_itself(stage: World) -> None:
    act(stage, MAIL, APPLICANT)
    packet = packets.load_shown(story.PACKET)
    assert HOME["contact"] not in packet.model_dump_json()
    assert packet.hand_out
    key = {"pk": {"S": keys.packet_pk(story.PACKET)}, "sk": {"S": keys.mail_to_sk(packet.hand_out.address)}}
    item = client("dynamodb").get_item(TableName=ENVIRONMENT["TABLE_NAME"], Key=key)["Item"]
    days = (datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC) - datetime.now(UTC)).days
    assert days == addresses.KEPT.days - 1
    client("dynamodb").delete_item(TableName=ENVIRONMENT["TABLE_NAME"], Key=key)
    shown = body(f"/api/packets/{story.PACKET}/hand-out", WINDOW)
    assert (shown["way"], shown["mail_to"]) == ("mail", None)


def test_the_list_goes_on_page_by_page_over_all_its_partitions(stage: World) -> None:
    since = datetime(2026, 3, 6, tzinfo=UTC)
    waits = {"M": {"mail": {"S": since.isoformat()}}}
    about = {"M": {"enterprise": {"S": "企"}, "project": {"S": "项"}, "waits": waits}}
    names = [f"20260306-list-{n:02}" for n in range(9)]
    for n, name in enumerate(names):
        place = keys.hand_out_index(name, since + timedelta(minutes=n))
        item = {"pk": {"S": keys.packet_pk(name)}, "sk": {"S": "HEADER"}, "gsi2about": about}
        item |= {part: {"S": value} for part, value in place.items()}
        client("dynamodb").put_item(TableName=ENVIRONMENT["TABLE_NAME"], Item=item)
    found, place_, before = [], "", len(stage.calls)
    while True:
        rows, more = waiting.to_hand_out(4, place_)
        found += [row.packet for row in rows]
        if more is None:
            break
        place_ = more
    assert found == names
    assert len(stage.calls) - before <= 3 * keys.DUE_BUCKETS
    assert ask("/api/hand-outs", WINDOW, {"after": "nonsense"})["statusCode"] == 400


@pytest.fixture
def look(stage: World, monkeypatch: pytest.MonkeyPatch) -> Look:
    def looked(group: Group, path: str, form: dict[str, str] | None = None, **query: str) -> Any:
        with stage.inside("portal"):
            answer = page_as(monkeypatch, PEOPLE[group], path, form, query=query or None)
        stage.run()
        return answer

    return looked


def test_people_do_the_same_on_pages(look: Look) -> None:
    follow, desk = f"/packets/{story.PACKET}", f"/window/packets/{story.PACKET}"
    assert f'href="../packets/{story.PACKET}/hand-out"' in look(Group.APPLICANT, follow)["body"]
    form = look(Group.APPLICANT, f"{follow}/hand-out")["body"]
    assert "各部门看不到" in form
    wrong = look(Group.APPLICANT, f"{follow}/hand-out", {"way": "mail", "contact": "刘芳芳"})
    assert (wrong["statusCode"], 'value="刘芳芳"' in wrong["body"]) == (422, True)
    nobody = look(Group.APPLICANT, f"{follow}/hand-out", {"way": "mail", **HOME, "telephone": "1234"})
    assert (nobody["statusCode"], "请核对联系电话" in nobody["body"]) == (422, True)
    agent = PEOPLE[Group.APPLICANT]
    people.grant(OWN, Granted(account=agent.account, rights=PersonRights.PREPARE, by="a", at=datetime.now(UTC)))
    refused = look(Group.APPLICANT, f"{follow}/hand-out", {"way": "mail", **HOME})
    assert (refused["statusCode"], f'value="{HOME["address"]}"' in refused["body"]) == (403, True)
    assert 'value="mail" required checked' in refused["body"]
    people.grant(OWN, Granted(account=agent.account, rights=PersonRights.ALL, by="a", at=datetime.now(UTC)))
    assert (
        look(Group.APPLICANT, f"{follow}/hand-out", {"way": "mail", **HOME, "telephone": "１３８ 0000 0000 转８"})[
            "statusCode"
        ]
        == 303
    )
    assert "待邮寄" in look(Group.WINDOW, "/window/hand-outs")["body"]
    assert HOME["address"] in look(Group.WINDOW, desk)["body"]
    assert look(Group.WINDOW, f"{desk}/acts", {"kind": "send-by-mail", "tracking": "？"})["statusCode"] == 422
    assert look(Group.WINDOW, f"{desk}/acts", {"kind": "send-by-mail", "tracking": WIDE})["statusCode"] == 303
    assert TRACKING in look(Group.APPLICANT, follow)["body"]
    assert TRACKING not in look(Group.DEPARTMENT, follow)["body"]
    assert "已经寄出" in look(Group.APPLICANT, f"{follow}/hand-out")["body"]
    collected = {"kind": "hand-over", "to": "张取件", "id_last": "１２３Ｘ"}
    assert look(Group.WINDOW, f"{desk}/acts", collected)["statusCode"] == 303
    assert "领取人：<bdi>张取件</bdi>" in look(Group.WINDOW, desk)["body"]
    assert "在综合窗口交付" in look(Group.APPLICANT, follow)["body"]
    assert "没有待出件" in look(Group.WINDOW, "/window/hand-outs")["body"]


def test_a_time_of_delivery_is_typed_in_the_halls_time(look: Look) -> None:
    desk = f"/window/packets/{story.PACKET}/acts"
    look(Group.APPLICANT, f"/packets/{story.PACKET}/hand-out", {"way": "mail", **HOME})
    look(Group.WINDOW, desk, {"kind": "send-by-mail", "tracking": TRACKING})
    assert look(Group.WINDOW, desk, {"kind": "received", "received_at": "昨天"})["statusCode"] == 422
    early = look(Group.WINDOW, desk, {"kind": "received", "received_at": "2026-01-01T10:00"})
    assert (early["statusCode"], "签收记录" in early["body"]) == (409, True)
