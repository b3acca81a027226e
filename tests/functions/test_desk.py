"""The workbench: two officers and one task, a department's own system beside them, and what is refused in words."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from kaigong.contract import routes
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.packet import ReviewState
from kaigong.portal.desk import actions as desk
from kaigong.store import packets
from kaigong.store.clients import client
from moto.core.utils import unix_time_millis
from moto.sqs import models as sqs

from tests.bench import capacity
from tests.hours import ahead, when_open

from . import story
from .asking import (
    APPLICANT,
    HOUSING,
    NO_GROUP,
    OPERATIONS,
    STRANGER,
    SUPERVISOR,
    TELECOM,
    WATER,
    WINDOW,
    address,
    ask,
    logged,
    soil,
    valid,
)
from .world import ENVIRONMENT, QUEUE_URL_BASE, World, once, resources

LI = WATER | {"cognito:username": "li", "sub": "id-of-li", "name": "李四"}
WANG = WATER | {"cognito:username": "wang", "name": "王五"}
SOIL = "soil-conservation"
ROUTES = [route for route in routes.ROUTES if route.name.startswith("desk")]
PRIORITY, ORDINARY = "review-water-priority", "review-water"
MINUTE = timedelta(minutes=1)
FIRST = "20260306-desk-1"
_numbers = itertools.count(2)


def handed_in(world: World, **more: Any) -> str:
    """A packet that the water department has to review."""
    if not world.clock and not more:
        _first(world)
        return FIRST
    packet = f"20260306-desk-{next(_numbers)}"
    _handed_in(world, packet, **more)
    return packet


@once
def _first(world: World) -> None:
    _handed_in(world, FIRST)


def _handed_in(world: World, packet: str, **more: Any) -> None:
    world.submit(soil(world, packet, story.MANIFEST["enterprise"], **more))
    world.run()
    assert packets.load(packet).reviews[SOIL].pending


def asked(world: World, path: str, claims: dict[str, str], carries: Any = None, method: str = "") -> tuple[int, Any]:
    """Ask as the portal's function does: what it sends and writes wakes the others."""
    with world.inside("desk"):
        answer = ask(
            f"/api/desk/{path}", claims, method=method or ("GET" if carries is None else "POST"), carries=carries
        )
    return answer["statusCode"], json.loads(answer["body"])


def taken(world: World, claims: dict[str, str]) -> str | None:
    """The packet of the next task, or None where there is none."""
    status, found = asked(world, "next", claims, method="POST")
    if status == 404:
        assert found["code"] == "no-task"
        return None
    assert status == 200, found
    return found["packet"]


def opened(world: World, packet: str, claims: dict[str, str], action: str = "take") -> tuple[int, Any]:
    return asked(world, f"reviews/{packet}/{SOIL}/lease", claims, {"action": action})


def decided(
    world: World, packet: str, claims: dict[str, str], outcome: str = "approve", **more: Any
) -> tuple[int, Any]:
    said = {"round": packets.load(packet).reviews[SOIL].round, "outcome": outcome, **more}
    return asked(world, f"reviews/{packet}/{SOIL}/decision", claims, said)


def rows(world: World, claims: dict[str, str]) -> list[dict[str, Any]]:
    status, found = asked(world, "reviews", claims)
    assert status == 200
    return found["rows"]


def in_queue(queue: str) -> tuple[int, int]:
    """How many messages can be taken, and how many are hidden."""
    attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=QUEUE_URL_BASE + queue, AttributeNames=["All"])
    found = attributes["Attributes"]
    return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])


def own_system(world: World, packet: str, **changes: Any) -> None:
    """The department's own system answers by the queue."""
    task = next(t for t in reversed(world.tasks) if t["packet"] == packet)
    world.send("decisions", story.decision(task, reasons=[], outcome="approve", round=task["round"]) | changes)


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """It is later than it is, for the desk and for its queues."""
    monkeypatch.setattr(desk, "datetime", ahead(by))
    monkeypatch.setattr(sqs, "unix_time_millis", lambda: unix_time_millis() + by.total_seconds() * 1000)


# taking


def test_officers_who_take_at_once_never_get_the_same_task(world: World) -> None:
    handed = {handed_in(world) for _ in range(3)}
    officers = [WATER | {"cognito:username": f"officer-{n}"} for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda claims: taken(world, claims), officers))
    assert sorted(filter(None, found)) == sorted(handed)


def test_the_priority_queue_is_read_first_and_the_list_says_so(world: World) -> None:
    ordinary, green = handed_in(world, process="general"), handed_in(world)
    assert (in_queue(ORDINARY), in_queue(PRIORITY)) == ((1, 0), (1, 0))
    listed = rows(world, LI)
    assert [(row["packet"], row["channel"]) for row in listed] == [(green, "green"), (ordinary, "ordinary")]
    assert [row["project"] for row in listed] == [story.MANIFEST["project"]["name"]] * 2
    assert [taken(world, LI), taken(world, LI), taken(world, LI)] == [green, ordinary, None]
    assert [row["held"]["officer"] for row in rows(world, WANG)] == ["李四", "李四"]
    assert [row["held"]["mine"] for row in rows(world, WANG)] == [False, False]
    assert asked(world, "reviews", LI)[1]["mine"] == 2


def test_a_task_whose_officer_does_nothing_goes_to_the_next_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    packet = handed_in(world)
    assert taken(world, LI) == packet
    assert taken(world, WANG) is None
    later(monkeypatch, desk.LEASE + MINUTE)
    assert [row["held"] for row in rows(world, WANG)] == [None]
    assert taken(world, WANG) == packet
    status, found = decided(world, packet, LI)
    assert (status, found["code"]) == (409, "held-by-another")
    assert "王五" in found["zh"]
    assert decided(world, packet, WANG)[0] == 202


def test_a_lease_is_made_longer_by_its_officer_and_hidden_for_as_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet, began = handed_in(world), datetime.now(UTC)
    assert taken(world, LI) == packet
    later(monkeypatch, desk.LEASE - 5 * MINUTE)
    status, task = opened(world, packet, LI)
    assert status == 200
    assert datetime.fromisoformat(task["held"]["until"]) >= began.replace(microsecond=0) + 2 * desk.LEASE - 5 * MINUTE
    later(monkeypatch, desk.LEASE + 5 * MINUTE)
    assert taken(world, WANG) is None
    assert in_queue(PRIORITY) == (0, 1)


def test_a_task_that_is_given_back_is_there_for_others_at_once(world: World) -> None:
    packet = handed_in(world)
    assert taken(world, LI) == packet
    assert opened(world, packet, WANG, "give-back")[1]["held"]["officer"] == "李四"  # not the colleague's to give
    assert opened(world, packet, LI, "give-back")[1]["held"] is None
    assert opened(world, packet, LI, "give-back")[0] == 200  # once more changes nothing
    assert taken(world, WANG) == packet


def test_a_review_opened_from_the_list_is_not_given_to_another_by_its_message(world: World) -> None:
    packet = handed_in(world)
    status, task = opened(world, packet, LI)
    assert (status, task["held"]["mine"], task["why_not"]) == (200, True, None)
    assert opened(world, packet, WANG)[1]["code"] == "held-by-another"
    assert taken(world, WANG) is None
    assert in_queue(PRIORITY) == (0, 1)  # its message went with the lease
    assert decided(world, packet, LI)[0] == 202
    assert in_queue(PRIORITY) == (0, 0)


def test_taking_gives_an_officer_the_task_that_was_opened_before(world: World) -> None:
    packet = handed_in(world)
    opened(world, packet, LI)
    assert taken(world, LI) == packet
    opened(world, packet, LI, "give-back")
    assert in_queue(PRIORITY) == (1, 0)


# deciding


def test_a_decision_reaches_the_packet_with_the_officers_name_and_its_message_is_gone(world: World) -> None:
    packet = handed_in(world)
    taken(world, LI)
    status, sent = decided(world, packet, LI, conditions=["按方案施工"])
    assert (status, sent["round"]) == (202, 1)
    assert in_queue(PRIORITY) == (0, 0)
    world.run()
    found = packets.load(packet)
    fact = found.decisions[SOIL, 1]
    assert (fact.officer, fact.conditions, fact.message_id) == ("李四", ("按方案施工",), sent["id"])
    assert found.reviews[SOIL].state is ReviewState.APPROVED
    assert rows(world, LI) == []


def test_who_decided_stays_on_record_by_the_account_and_the_ledger_covers_what_was_said(world: World) -> None:
    packet = handed_in(world)
    taken(world, LI)
    decided(world, packet, LI, conditions=["按方案施工"])
    world.run()
    fact = packets.load(packet).decisions[SOIL, 1]
    assert fact.by == "id-of-li"
    [event] = [e for entry in packets.ledger(packet) for e in entry.events if e["event"] == "decided"]
    assert event["fact"] == fingerprint(fact)
    altered = ({"officer": "王五"}, {"by": "other"}, {"conditions": ()}, {"message_id": "other"})
    assert event["fact"] not in {fingerprint(fact.model_copy(update=change)) for change in altered}


def test_a_department_s_own_system_that_names_an_officer_of_the_desk_is_no_account(world: World) -> None:
    packet = handed_in(world)
    own_system(world, packet, officer="李四", by="id-of-li", signer="id-of-li")
    world.run()
    fact = packets.load(packet).decisions[SOIL, 1]
    assert (fact.officer, fact.by, fact.signer) == ("李四", "department:water", "")


def test_until_it_is_on_record_an_answer_is_not_sent_twice(world: World) -> None:
    packet = handed_in(world)
    assert decided(world, packet, LI)[0] == 202
    assert asked(world, f"reviews/{packet}/{SOIL}", LI)[1]["sent"]
    status, found = decided(world, packet, LI, "reject", reasons=[{"text": "不符", "basis": "水土保持法"}])
    assert (status, found["code"]) == (409, "answer-sent")
    assert decided(world, packet, WANG)[1]["code"] == "held-by-another"
    assert opened(world, packet, LI, "give-back")[1]["held"]["mine"]
    world.run()
    status, found = decided(world, packet, LI)
    assert (status, found["code"]) == (409, "not-pending")
    assert "您的决定已于" in found["zh"]


def test_officers_who_decide_at_once_send_one_decision(world: World) -> None:
    packet = handed_in(world)
    officers = [WATER | {"cognito:username": f"officer-{n}"} for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda claims: decided(world, packet, claims), officers))
    assert sorted(status for status, _ in found) == [202, 409, 409, 409, 409, 409]
    assert world.queues_used["decisions"] == 1


def test_what_the_departments_own_system_decided_first_counts_and_the_officer_is_told(world: World) -> None:
    packet = handed_in(world)
    taken(world, LI)
    own_system(world, packet)
    world.run()
    status, found = decided(world, packet, LI, "reject", reasons=[{"text": "不符", "basis": "水土保持法"}])
    assert (status, found["code"]) == (409, "not-pending")
    assert "审查员" in found["zh"]
    assert "没有送出" in found["zh"]
    assert packets.load(packet).reviews[SOIL].state is ReviewState.APPROVED


def test_of_two_decisions_on_the_way_the_first_counts_and_the_officer_is_told(world: World) -> None:
    packet = handed_in(world)
    own_system(world, packet)  # on its way
    assert decided(world, packet, LI, "reject", reasons=[{"text": "不符", "basis": "水土保持法"}])[0] == 202
    world.run()
    task = asked(world, f"reviews/{packet}/{SOIL}", LI)[1]
    assert (task["decided"]["officer"], task["matter"]["state"], task["sent"]) == ("审查员", "approved", False)
    assert "没有采纳" in task["why_not"]["zh"]


def test_the_message_of_a_review_that_was_decided_elsewhere_is_cleared_away(world: World) -> None:
    done, left = handed_in(world), handed_in(world)
    own_system(world, done)
    world.run()
    assert taken(world, LI) == left
    assert in_queue(PRIORITY) == (0, 1)


def test_the_message_of_an_old_round_is_cleared_away(world: World) -> None:
    packet = handed_in(world)
    own_system(world, packet, outcome="correct", reasons=[{"slot": "soil-plan", "text": "请补充"}])
    world.run()
    world.submit(soil(world, packet, story.MANIFEST["enterprise"]))
    world.run()
    assert packets.load(packet).reviews[SOIL].round == 2
    assert in_queue(PRIORITY) == (2, 0)
    assert taken(world, LI) == packet
    assert taken(world, LI) is None
    assert in_queue(PRIORITY) == (0, 1)
    task = asked(world, f"reviews/{packet}/{SOIL}", LI)[1]
    assert [(d["round"], d["outcome"], d["reasons"][0]["text"]) for d in task["earlier"]] == [(1, "correct", "请补充")]
    said = {"round": 1, "outcome": "approve"}
    assert asked(world, f"reviews/{packet}/{SOIL}/decision", LI, said)[1]["code"] == "old-round"


def test_a_withdrawn_packet_takes_no_decision_and_its_message_is_cleared_away(world: World) -> None:
    packet = handed_in(world)
    with world.inside("desk"):
        ask(f"/api/packets/{packet}/acts", APPLICANT, method="POST", carries={"kind": "withdraw", "reason": "暂缓"})
    world.run()
    status, found = decided(world, packet, LI)
    assert (status, found["code"]) == (409, "not-pending")
    assert "撤回" in found["zh"]
    assert taken(world, LI) is None
    assert (in_queue(PRIORITY), rows(world, LI)) == ((0, 0), [])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"outcome": "correct"}, "至少写明一项"),
        ({"outcome": "correct", "reasons": [{"slot": "drawings", "text": "请补充"}]}, "不属于该事项"),
        ({"outcome": "correct", "reasons": [{"text": "请补充"}], "conditions": ["x"]}, "附带条件"),
        ({"outcome": "reject"}, "理由和依据"),
        ({"outcome": "reject", "reasons": [{"text": "不符"}]}, "理由和依据"),
        ({"outcome": "approve", "reasons": [{"text": "不符"}]}, "附带条件"),
    ],
)
def test_a_decision_that_says_too_little_is_refused_in_words(world: World, said: dict[str, Any], told: str) -> None:
    packet = handed_in(world)
    status, found = decided(world, packet, LI, **said)
    assert (status, found["code"]) == (400, "invalid-body")
    assert told in found["zh"]
    assert world.queues_used["decisions"] == 0


def test_a_correction_names_papers_and_goes_into_the_one_notice(world: World) -> None:
    packet = handed_in(world)
    reasons = [{"slot": "soil-plan", "text": "缺少附图", "basis": "GB 50433-2018"}, {"text": "请核对项目名称"}]
    assert decided(world, packet, LI, "correct", reasons=reasons)[0] == 202
    world.run()
    assert packets.load(packet).reviews[SOIL].state is ReviewState.CORRECTION
    assert rows(world, LI) == []


def test_with_the_queue_down_nothing_is_sent_and_the_officer_still_has_the_review(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = handed_in(world)
    taken(world, LI)

    def down(*_: Any, **__: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="https://sqs")

    with monkeypatch.context() as patch:
        patch.setattr(client("sqs"), "send_message_batch", down)
        patch.setattr(client("sqs"), "receive_message", down)
        status, found = decided(world, packet, LI)
        assert (status, found["code"]) == (503, "unavailable")
        assert asked(world, "next", WANG, method="POST")[1]["code"] == "unavailable"
    assert rows(world, LI)[0]["held"]["mine"]
    assert decided(world, packet, LI)[0] == 202


# special procedures


def test_a_review_that_rests_comes_back_to_the_desk_when_its_procedure_is_over(world: World) -> None:
    packet = handed_in(world)
    assert taken(world, LI) == packet
    path, said = f"reviews/{packet}/{SOIL}/procedure", {"round": 1, "kind": "site-visit", "note": "现场踏勘"}
    start = said | {"action": "start", "appointment": when_open(3).isoformat()}
    for never in ("2026-03-09T14:00:00+08:00", (when_open(3) + timedelta(hours=10)).isoformat()):
        assert asked(world, path, LI, start | {"appointment": never})[1]["code"] == "bad-appointment"
    assert asked(world, path, LI, said | {"action": "end"})[1]["code"] == "no-procedure"
    assert asked(world, path, LI, start)[0] == 202
    assert in_queue(PRIORITY) == (0, 0)
    world.run()
    (row,) = rows(world, LI)
    assert ([rest["kind"] for rest in row["rests"]], row["held"], row["overdue"]) == (["site-visit"], None, False)
    assert taken(world, WANG) is None
    assert asked(world, path, WANG, start)[1]["code"] == "no-procedure"
    task = asked(world, f"reviews/{packet}/{SOIL}", WANG)[1]
    assert [(p["kind"], p["note"], p["until"]) for p in task["procedures"]] == [("site-visit", "现场踏勘", None)]
    assert task["procedures"][0]["appointment"] == start["appointment"]
    assert asked(world, path, WANG, said | {"action": "end", "note": "挡墙尚未建成"})[0] == 202
    opened(world, packet, WANG, "give-back")
    world.run()
    assert rows(world, LI)[0]["rests"] == []
    assert taken(world, LI) == packet
    assert taken(world, WANG) is None
    again = asked(world, path, LI, start)
    assert again[0] == 202  # the second one of its kind
    world.run()
    found = asked(world, f"reviews/{packet}/{SOIL}", LI)[1]
    assert [(p["number"], p["finding"]) for p in found["procedures"]] == [(1, "挡墙尚未建成"), (2, None)]
    assert [f["text"] for f in found["visits"][0]["findings"]] == ["挡墙尚未建成"]


def test_the_end_of_a_visit_that_comes_again_with_other_words_does_not_change_what_was_found(world: World) -> None:
    packet = handed_in(world)
    say = {"schema": "kaigong/procedure/1", "kind": "site-visit"}
    own_system(world, packet, **say, action="start", note="现场踏勘")
    for found in ("挡墙尚未建成", "没有问题"):
        world.run()
        own_system(world, packet, **say, action="end", note=found)
    world.run()
    (visit,) = asked(world, f"reviews/{packet}/{SOIL}", LI)[1]["visits"]
    assert [f["text"] for f in visit["findings"]] == ["挡墙尚未建成"]


def test_an_appointment_without_a_time_zone_is_refused(world: World) -> None:
    packet = handed_in(world)
    said = {"round": 1, "kind": "hearing", "action": "start", "note": "听证", "appointment": "2026-03-09T14:00:00"}
    status, found = asked(world, f"reviews/{packet}/{SOIL}/procedure", LI, said)
    assert (status, found["code"]) == (400, "invalid-body")


# looking


def test_a_paper_is_shown_for_a_while_in_the_version_that_was_taken_as_what_it_is(world: World) -> None:
    packet = handed_in(world)
    world.upload(packet, "soil-plan", b"good newer")
    world.run()
    status, found = asked(world, f"reviews/{packet}/{SOIL}/papers/soil-plan", LI)
    assert (status, found["kind"]) == (200, "pdf")
    told = {name: values[0] for name, values in parse_qs(urlsplit(found["address"]).query).items()}
    (paper,) = packets.load(packet).papers.by_slot["soil-plan"]
    assert told["versionId"] == paper.version != packets.load(packet).slots["soil-plan"].version
    assert told["response-content-type"] == "application/pdf"
    assert told["response-content-disposition"] == "inline"
    assert told["X-Amz-Expires"] == "600"


@pytest.mark.parametrize("slot", ["drawings", "authorisation-2", "nothing"])
def test_a_paper_that_is_not_of_the_review_is_not_shown(world: World, slot: str) -> None:
    packet = handed_in(world)
    world.upload(packet, "drawings", b"good")
    world.run()
    status, found = asked(world, f"reviews/{packet}/{SOIL}/papers/{slot}", LI)
    assert (status, found["code"]) == (404, "no-such-paper")


def test_what_is_answered_keeps_the_schema_and_never_shows_the_reply_token(world: World) -> None:
    packet = handed_in(world)
    for path, method, name in (
        ("next", "POST", "DeskTask"),
        ("reviews", "GET", "DeskQueue"),
        (f"reviews/{packet}/{SOIL}", "GET", "DeskTask"),
        (f"reviews/{packet}/{SOIL}/papers/soil-plan", "GET", "PaperAddress"),
    ):
        status, found = asked(world, path, LI, method=method)
        assert status == 200
        valid(found, name)
        assert packets.load(packet).reviews[SOIL].reply_token not in json.dumps(found)


def test_a_long_list_comes_in_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = {handed_in(world) for _ in range(3)}
    monkeypatch.setattr(desk.desk_queue, "PAGE_ROWS", 2)
    first = asked(world, "reviews", LI)[1]
    assert ask("/api/desk/reviews", LI, {"after": "x"})["statusCode"] == 400
    second = json.loads(ask("/api/desk/reviews", LI, {"after": first["next"]})["body"])
    assert len(first["rows"]) == 2
    assert {row["packet"] for row in first["rows"] + second["rows"]} == handed
    assert second["next"] is None


def test_the_indexes_here_and_those_that_the_bench_counts_are_the_templates(world: World) -> None:
    del world
    made = boto3.client("dynamodb").describe_table(TableName=ENVIRONMENT["TABLE_NAME"])["Table"]
    here = {index["IndexName"]: (index["KeySchema"], index["Projection"]) for index in made["GlobalSecondaryIndexes"]}
    written = resources()["Packets"]["Properties"]["GlobalSecondaryIndexes"]
    assert here == {index["IndexName"]: (index["KeySchema"], index["Projection"]) for index in written}
    assert list(capacity.SHOWN.values()) == [tuple(here["department"][1]["NonKeyAttributes"])]


# who may


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_department_sees_and_does_nothing_with_the_reviews_of_another(world: World, route: routes.Route) -> None:
    packet = handed_in(world)
    for claims in (APPLICANT, STRANGER, WINDOW, OPERATIONS, SUPERVISOR, NO_GROUP):
        answer = ask(address(route, packet), claims, method=route.method.value, carries=_sample(route))
        assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (403, "not-allowed")
    for claims in (HOUSING, TELECOM):
        answer = ask(address(route, packet), claims, method=route.method.value, carries=_sample(route))
        found = json.loads(answer["body"])
        if not route.of_packet:
            if route.name == "desk-work":
                assert not any(found[part] for part in ("first", "asked", "fresh", "waiting", "others"))
            else:
                assert found.get("rows") == [] or found["code"] in ("no-task", "no-such-colleague")
            continue
        assert found["code"] == "not-found"
        nothing = address(route, "20260306-nothing")
        assert answer == ask(nothing, claims, method=route.method.value, carries=_sample(route))


def test_an_officer_of_another_department_in_the_same_packet_gets_nothing_of_the_review(world: World) -> None:
    story.play(world)  # housing reviews other matters of it
    for route in ROUTES:
        if route.of_packet:
            answer = ask(address(route, story.PACKET), HOUSING, method=route.method.value, carries=_sample(route))
            assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "not-found")


def test_nothing_personal_is_logged(world: World) -> None:
    packet = handed_in(world)
    with logged() as log:
        taken(world, LI)
        decided(world, packet, LI, conditions=["按方案施工"])
        decided(world, packet, WANG)
    for said in ("李四", "王五", "按方案施工", packets.load(packet).reviews[SOIL].reply_token, '"li"'):
        assert said not in log.getvalue()
    assert packet in log.getvalue()


def _sample(route: routes.Route) -> Any:
    bodies = {
        "desk-lease": {"action": "take"},
        "desk-decision": {"round": 1, "outcome": "approve"},
        "desk-signature": {"round": 1, "proposal": "x", "action": "sign"},
        "desk-retraction": {"round": 1, "reason": "误判"},
        "desk-officer": {"to": "nobody"},
        "desk-absence": {"stand_in": "nobody", "since": "2026-03-06", "until": "2026-03-09"},
        "desk-procedure": {"round": 1, "kind": "hearing", "action": "start", "note": "听证"},
    }
    return bodies.get(route.name)


# taking a decision back


def retract(world: World, packet: str, claims: dict[str, str], reason: str = "看错了图") -> tuple[int, Any]:
    review = packets.load(packet).reviews[SOIL]
    said = {"round": review.round, "turn": review.turn, "reason": reason}
    return asked(world, f"reviews/{packet}/{SOIL}/retraction", claims, said)


def test_a_decision_is_taken_back_by_the_department_and_decided_anew(world: World) -> None:
    packet = handed_in(world)
    assert retract(world, packet, LI)[1]["code"] == "no-decision"
    decided(world, packet, LI, "correct", reasons=[{"slot": "soil-plan", "text": "缺图"}])
    world.run()
    first = next(t for t in reversed(world.tasks) if t["packet"] == packet)
    assert retract(world, packet, WANG)[0] == 202
    assert retract(world, packet, LI)[0] == 202  # it is on record already
    assert asked(world, f"reviews/{packet}/{SOIL}", LI)[1]["retracting"]
    world.run()
    task = asked(world, f"reviews/{packet}/{SOIL}", LI)[1]
    assert (task["matter"]["state"], task["why_not"], task["retracting"]) == ("open", None, False)
    [gone] = task["earlier"]
    assert gone["outcome"] == "correct"
    assert (gone["retracted"]["officer"], gone["retracted"]["reason"]) == ("王五", "看错了图")
    again = next(t for t in reversed(world.tasks) if t["packet"] == packet)
    assert (again["turn"], again["reply_token"] != first["reply_token"]) == (2, True)

    world.send("decisions", story.decision(first, outcome="approve", reasons=[]))  # what was sent on the first task
    world.run()
    assert packets.load(packet).reviews[SOIL].pending
    assert [n["kind"] for n in world.notices if n["packet"] == packet][-2:] == ["retracted", "message-refused"]
    assert decided(world, packet, LI)[0] == 202
    world.run()
    found = packets.load_shown(packet)
    assert found.reviews[SOIL].state is ReviewState.APPROVED
    assert [(fact.turn, fact.outcome) for fact in found.retracted.values()] == [(1, "correct")]
    assert not packets.load(packet).retracted  # history
    status, refused = retract(world, packet, LI)
    assert (status, refused["code"]) == (409, "result-decided")
    assert "撤销" in refused["zh"]
    assert asked(world, f"reviews/{packet}/{SOIL}", LI)[1]["stands"] == {"zh": refused["zh"], "en": refused["en"]}


def test_a_decision_that_an_officer_did_not_see_is_not_taken_back(world: World) -> None:
    packet = handed_in(world)
    corrects = {"outcome": "correct", "reasons": [{"slot": "soil-plan", "text": "缺图"}]}
    decided(world, packet, LI, **corrects)
    world.run()
    assert asked(world, f"reviews/{packet}/{SOIL}", WANG)[1]["decided"]["turn"] == 1
    assert retract(world, packet, LI)[0] == 202
    world.run()
    decided(world, packet, LI, **corrects)
    world.run()
    assert asked(world, f"reviews/{packet}/{SOIL}", LI)[1]["decided"]["turn"] == 2
    for seen in ({"turn": 1}, {}, {"turn": 3}):
        status, told = asked(world, f"reviews/{packet}/{SOIL}/retraction", WANG, {"round": 1, "reason": "误判", **seen})
        assert (status, told["code"]) == (409, "old-round")
    assert "已经收回" in told["zh"]
    world.run()
    assert packets.load(packet).decisions[SOIL, 1].turn == 2
    assert retract(world, packet, WANG)[0] == 202


def test_what_never_opened_for_a_rejection_is_gone_from_the_table_once_that_is_taken_back(world: World) -> None:
    packet = f"20260306-desk-{next(_numbers)}"
    manifest = soil(world, packet, story.MANIFEST["enterprise"], matters=["land-use-permit", "planning-permit", SOIL])
    for slot in story.SLOTS:
        world.upload(packet, slot, b"good " + slot.encode())
    world.submit(manifest | {"process": "industrial"})
    world.run()
    task = next(t for t in world.tasks if t["packet"] == packet and t["matter"] == "land-use-permit")
    world.send("decisions", story.decision(task, outcome="reject", reasons=[{"text": "不符", "basis": "土地管理法"}]))
    world.run()
    assert packets.load(packet).reviews["planning-permit"].state is ReviewState.UNOPENED
    with world.inside("desk"):
        said = {"round": 1, "reason": "看错了图"}
        claims = WATER | {"custom:department": task["department"], "cognito:username": "zhao"}
        ask(f"/api/desk/reviews/{packet}/land-use-permit/retraction", claims, method="POST", carries=said)
    world.run()
    found = packets.load(packet).reviews
    assert (found["land-use-permit"].state, "planning-permit" in found) == (ReviewState.OPEN, False)
