"""What people do through the portal: who may, what is put on record, and what becomes of it."""

import base64
import itertools
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Key
from kaigong.contract.problems import BODY_LIMIT
from kaigong.domain.model.packet import Status
from kaigong.store import keys, packets, projects

from . import story
from .asking import (
    APPLICANT,
    DRAFT,
    FOREIGN,
    HOUSING,
    NEW,
    NO_GROUP,
    OPERATIONS,
    OTHER,
    OWN,
    STRANGER,
    SUPERVISOR,
    TELECOM,
    WATER,
    WINDOW,
    ask,
    bearer,
    body,
    logged,
    played,
    problem,
    soil,
    valid,
)
from .world import ENVIRONMENT, World

WITHDRAW = {"kind": "withdraw", "reason": "项目暂缓实施"}
OVERRIDE = {"kind": "override-doubt", "subject": "credit-code-check", "reason": "已核对营业执照原件"}
FIRST_ASKED = {"kind": "first-asked", "department": "water"}
BOTH = {"cognito:groups": "[applicant window]"}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with played() as world:
        yield world


@pytest.fixture
def reviewed(stage: World) -> str:
    """A packet of our enterprise that the water department reviews."""
    return _reviewed(stage)


@pytest.fixture(scope="module")
def untouched(stage: World) -> str:
    """Such a packet for all the tests whose requests leave nothing on record."""
    return _reviewed(stage)


def _reviewed(stage: World) -> str:
    packet = f"20260306-acts-{next(_numbers)}"
    stage.submit(soil(stage, packet, story.MANIFEST["enterprise"]))
    stage.run()
    assert body(f"/api/packets/{packet}", APPLICANT)["status"] == "in-review"
    return packet


def act(stage: World, packet: str, claims: dict[str, str] | None, asked: Any, **fields: Any) -> Any:
    """Ask for an act as the portal's function does: what it writes wakes the others."""
    with stage.inside("portal"):
        return ask(f"/api/packets/{packet}/acts", claims, method="POST", carries=asked, **fields)


def refused(stage: World, packet: str, claims: dict[str, str] | None, asked: Any, **fields: Any) -> tuple[int, str]:
    answer = act(stage, packet, claims, asked, **fields)
    return answer["statusCode"], json.loads(answer["body"])["code"]


def on_record(packet: str) -> list[dict[str, Any]]:
    """The items of acts, as they lie in the table."""
    condition = Key("pk").eq(keys.packet_pk(packet)) & Key("sk").begins_with("ACT#")
    table = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
    return list(table.query(KeyConditionExpression=condition)["Items"])


# who may do what


@pytest.mark.parametrize(
    ("claims", "withdraw", "override", "first_asked"),
    [
        # 202: done; 409: it may, but there is no such doubt
        (APPLICANT, 202, 403, 403),
        (STRANGER, 404, 404, 404),
        (WATER, 403, 403, 202),
        (HOUSING, 404, 404, 404),  # reviews nothing of this packet
        (TELECOM, 404, 404, 404),
        (WINDOW, 403, 409, 202),
        (OPERATIONS, 403, 403, 403),
        (SUPERVISOR, 403, 403, 403),
        (NO_GROUP, 403, 403, 403),
        (None, 401, 401, 401),
        (APPLICANT | BOTH, 202, 409, 202),
        (STRANGER | BOTH, 403, 409, 202),  # the window of another enterprise's making is still no applicant here
        (WATER | {"custom:uscc": OWN}, 403, 403, 202),  # no applicant without the group
        (APPLICANT | {"custom:department": "water"}, 202, 403, 403),  # no officer without the group
        (OPERATIONS | {"cognito:groups": "[operations applicant]", "custom:uscc": OTHER}, 404, 404, 404),
    ],
)
def test_each_group_does_what_is_its_own_to_do_and_nothing_else(
    stage: World, reviewed: str, claims: dict[str, str] | None, withdraw: int, override: int, first_asked: int
) -> None:
    for asked, expected in ((OVERRIDE, override), (FIRST_ASKED, first_asked), (WITHDRAW, withdraw)):
        before = len(on_record(reviewed))
        answer = act(stage, reviewed, claims, asked)
        assert answer["statusCode"] == expected, answer["body"]
        assert len(on_record(reviewed)) - before == (expected == 202)


def test_an_officer_names_who_was_asked_first_in_the_officers_own_department_alone(stage: World, reviewed: str) -> None:
    elsewhere = FIRST_ASKED | {"department": "housing"}
    assert refused(stage, reviewed, WATER, elsewhere) == (403, "not-allowed")
    assert act(stage, reviewed, WINDOW, elsewhere)["statusCode"] == 202


@pytest.mark.parametrize("asked", [WITHDRAW, OVERRIDE, FIRST_ASKED, {"kind": "nonsense"}, "{"])
def test_an_act_on_a_packet_of_others_is_answered_as_one_on_a_packet_that_is_not_there(
    stage: World, asked: Any
) -> None:
    not_there = act(stage, "20260306-nothing", APPLICANT, asked)
    assert not_there["statusCode"] == 404
    for packet in (FOREIGN, DRAFT, "a_b"):
        assert act(stage, packet, APPLICANT, asked) == not_there
    assert on_record(FOREIGN) == []


# withdrawing


def test_a_withdrawal_is_recorded_answered_and_acted_on(stage: World, reviewed: str) -> None:
    answer = act(stage, reviewed, APPLICANT | {"cognito:username": "zhang-san"}, WITHDRAW)
    told = json.loads(answer["body"])
    assert (told["kind"], told["subject"], told["reason"]) == ("withdraw", "packet", WITHDRAW["reason"])
    assert told["see"] == f"/api/packets/{reviewed}"
    assert "zhang-san" not in answer["body"]
    assert [(i["sk"], i["by"]) for i in on_record(reviewed)] == [("ACT#withdraw.packet", "zhang-san")]

    stage.run()
    found = body(told["see"], APPLICANT)
    assert (found["status"], found["next"]["holder"]) == ("withdrawn", "nobody")
    assert {m["state"] for m in found["matters"]} == {"withdrawn"}
    assert found["notices"][-1]["kind"] == "withdrawn"
    assert body(f"{told['see']}/ledger", APPLICANT)["holds"] is True


def test_the_department_hears_that_its_task_is_withdrawn_and_why_a_late_answer_does_not_count(
    stage: World, reviewed: str
) -> None:
    act(stage, reviewed, APPLICANT, WITHDRAW)
    stage.run()
    (gone,) = [task for task in stage.withdrawn if task["packet"] == reviewed]
    (task,) = [task for task in stage.tasks if task["packet"] == reviewed]
    assert (gone["review_id"], gone["round"], gone["withdrawn"]["by"]) == (task["review_id"], 1, "applicant")
    for answer in (story.decision(task), story._visit(task | {"visit": ["start"]})):
        stage.send("decisions", answer)
    stage.run()
    told = [notice for notice in stage.notices if notice["packet"] == reviewed and notice["kind"] == "message-refused"]
    assert [(notice["department"], "无须再发送" in notice["title"]["zh"]) for notice in told] == [("water", True)] * 2


def test_a_user_without_a_name_at_the_pool_is_recorded_by_its_subject(stage: World, reviewed: str) -> None:
    act(stage, reviewed, APPLICANT, WITHDRAW)
    assert [item["by"] for item in on_record(reviewed)] == ["7c1f"]


def test_withdrawing_again_shows_what_is_on_record_before_and_after_it_was_acted_on(
    stage: World, reviewed: str
) -> None:
    first = json.loads(act(stage, reviewed, APPLICANT, WITHDRAW)["body"])
    for _ in range(2):
        again = act(stage, reviewed, APPLICANT, WITHDRAW | {"reason": "另一个原因"})
        assert (again["statusCode"], json.loads(again["body"])) == (200, first)
        stage.run()
    assert len(on_record(reviewed)) == 1


def test_of_two_who_withdraw_at_once_the_first_is_on_record(
    stage: World, reviewed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = packets.load(reviewed)
    first = json.loads(act(stage, reviewed, APPLICANT, WITHDRAW)["body"])
    monkeypatch.setattr(
        packets, "load_shown", lambda _: before
    )  # the second one read the packet before the first one wrote
    second = act(stage, reviewed, APPLICANT, WITHDRAW | {"reason": "另一个原因"})
    assert (second["statusCode"], json.loads(second["body"])) == (200, first)
    assert [item["reason"] for item in on_record(reviewed)] == [WITHDRAW["reason"]]


def test_a_packet_that_was_not_looked_at_yet_can_be_withdrawn(stage: World) -> None:
    assert act(stage, NEW, APPLICANT, WITHDRAW)["statusCode"] == 202
    stage.run()
    assert body(f"/api/packets/{NEW}", APPLICANT)["status"] == "withdrawn"


def test_after_the_joint_result_withdrawing_is_refused_and_the_answer_says_what_to_do(stage: World) -> None:
    assert packets.load(story.PACKET).header.status is Status.ISSUED  # type: ignore[union-attr]  # the story's end
    answer = act(stage, story.PACKET, APPLICANT, WITHDRAW)
    told = json.loads(answer["body"])
    assert (answer["statusCode"], told["code"]) == (409, "too-late")
    assert "注销" in told["zh"]
    assert "cancel" in told["en"]
    assert [item["kind"] for item in on_record(story.PACKET) if item["kind"] == "withdraw"] == []


# the window


def test_a_doubt_is_settled_by_the_window_once_and_then_gone(stage: World) -> None:
    packet, doubtful = f"20260306-acts-{next(_numbers)}", "91411402MA0KG0002A"  # its check character does not hold
    stage.submit(soil(stage, packet, {"name": "商丘样例生物科技有限公司", "uscc": doubtful}))
    stage.run()
    assert [doubt["code"] for doubt in body(f"/api/packets/{packet}", WINDOW)["doubts"]] == ["credit-code-check"]
    assert act(stage, packet, WINDOW, OVERRIDE)["statusCode"] == 202
    assert refused(stage, packet, WINDOW, OVERRIDE | {"subject": "another-doubt"}) == (409, "no-such-doubt")
    stage.run()
    found = body(f"/api/packets/{packet}", WINDOW)
    assert (found["doubts"], found["notices"][-1]["kind"]) == ([], "settled")
    assert act(stage, packet, WINDOW, OVERRIDE)["statusCode"] == 200  # what is on record


def test_a_doubt_found_true_comes_back_corrected_and_the_project_learns_of_it(stage: World) -> None:
    packet, wrong, right = f"20260306-acts-{next(_numbers)}", "2603-410102-04-01-123456", "2603-411402-04-01-123457"
    manifest = soil(stage, packet, story.MANIFEST["enterprise"], project={"name": "项目", "code": wrong})
    stage.submit(manifest)
    stage.run()
    confirm = OVERRIDE | {"kind": "confirm-doubt", "subject": "project-code-region", "reason": "备案证明是另一代码"}
    assert act(stage, packet, WINDOW, confirm)["statusCode"] == 202
    stage.run()
    found = body(f"/api/packets/{packet}", APPLICANT)
    assert (found["status"], found["doubts"][0]["confirmed"], found["next"]["holder"]) == (
        "correcting",
        True,
        "applicant",
    )
    assert "备案证明是另一代码" in found["notices"][-1]["items"][0]["text"]["zh"]
    document = boto3.client("s3").get_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key=f"packets/{packet}/status.json")
    assert "备案证明是另一代码" in document["Body"].read().decode()
    assert act(stage, packet, WINDOW, confirm)["statusCode"] == 200  # what is on record
    stage.submit({**manifest, "project": {"name": "项目", "code": right}})
    stage.run()
    found = body(f"/api/packets/{packet}", APPLICANT)
    assert (found["status"], found["doubts"], found["project"]["code"]) == ("in-review", [], right)
    assert packet in projects.packets_of(right)
    assert [o.under_review for o in projects.standing(wrong, "").others if o.packet == packet] == [()]


def test_a_withdrawn_packet_has_no_doubts_to_settle(stage: World, reviewed: str) -> None:
    act(stage, reviewed, APPLICANT, WITHDRAW)
    stage.run()
    assert refused(stage, reviewed, WINDOW, OVERRIDE) == (409, "already-withdrawn")


def test_the_officer_asked_first_stays_the_one_and_the_applicant_is_told(stage: World, reviewed: str) -> None:
    typed = json.loads(act(stage, reviewed, WATER, FIRST_ASKED | {"officer": "王五"})["body"])
    assert (typed["code"], "登录账号" in typed["zh"]) == ("invalid-body", True)
    assert act(stage, reviewed, WATER | {"name": "李四"}, FIRST_ASKED)["statusCode"] == 202
    later = act(stage, reviewed, WINDOW, {"kind": "first-asked"})
    assert (later["statusCode"], json.loads(later["body"])["officer"]) == (200, "李四")
    stage.run()
    found = body(f"/api/packets/{reviewed}", APPLICANT)["responsibility"]["first_asked"]
    assert (found["officer"], found["owner"]["department"]) == ("李四", "water")


def test_an_officer_of_no_department_that_there_is_cannot_be_the_one(stage: World, untouched: str) -> None:
    answer = act(stage, untouched, WINDOW, FIRST_ASKED | {"department": "no-such-department"})
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (400, "invalid-body")
    assert "water" in json.loads(answer["body"])["zh"]


# what a request carries


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("", "-"),
        ("{", "-"),
        ("[]", "-"),
        ("null", "-"),
        ('"withdraw"', "-"),
        ({}, "-"),
        ({"kind": "approve", "reason": "x"}, "-"),
        ({"kind": "withdraw"}, "withdraw.reason"),
        ({"kind": "withdraw", "reason": "  "}, "withdraw.reason"),
        ({"kind": "withdraw", "reason": 1}, "withdraw.reason"),
        ({"kind": "withdraw", "reason": "字" * 1001}, "withdraw.reason"),
        (WITHDRAW | {"subject": "x"}, "withdraw.subject"),
        (WITHDRAW | {"by": "王五"}, "withdraw.by"),
        (WITHDRAW | {"x" * 200: "y"}, "withdraw.x"),
        ('{"kind": "withdraw", "reason": "\\ud800"}', "-"),
        ("\ud800", "JSON"),
        ("[" * 5000, "-"),
    ],
)
def test_a_body_that_is_not_what_is_asked_for_is_a_problem_that_says_where(
    stage: World, untouched: str, asked: Any, where: str
) -> None:
    answer = act(stage, untouched, APPLICANT, asked)
    told = json.loads(answer["body"])
    assert (answer["statusCode"], told["code"]) == (400, "invalid-body"), told
    assert where in told["en"]
    assert len(told["en"]) < 600
    assert on_record(untouched) == []


def test_a_body_is_bounded_and_the_longest_right_one_fits(stage: World, reviewed: str) -> None:
    assert refused(stage, reviewed, APPLICANT, " " * BODY_LIMIT + "{}") == (413, "body-too-large")
    longest = json.dumps(WITHDRAW | {"reason": "𠀀" * 1000})  # each is twelve signs in this notation
    assert act(stage, reviewed, APPLICANT, longest)["statusCode"] == 202


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_on_another_site_can_send_is_no_act(stage: World, untouched: str, kind: str) -> None:
    headers = {"headers": {**bearer(APPLICANT), "content-type": kind}}
    assert refused(stage, untouched, APPLICANT, WITHDRAW, **headers) == (415, "not-json")
    assert on_record(untouched) == []


def test_a_body_in_base64_and_a_named_charset_are_read(stage: World, reviewed: str) -> None:
    fields = {
        "headers": {**bearer(APPLICANT), "Content-Type": "Application/JSON; charset=utf-8"},
        "body": base64.b64encode(json.dumps(WITHDRAW, ensure_ascii=False).encode()).decode(),
        "isBase64Encoded": True,
    }
    assert act(stage, reviewed, APPLICANT, None, **fields)["statusCode"] == 202
    not_text = fields | {"body": base64.b64encode(b"\xff\xfe").decode()}
    assert refused(stage, reviewed, APPLICANT, None, **not_text) == (400, "invalid-body")


def test_nothing_of_an_act_or_of_who_did_it_is_logged(stage: World, reviewed: str) -> None:
    claims = WINDOW | BOTH | {"custom:uscc": OWN, "cognito:username": "zhang-san", "name": "王五"}
    with logged() as log:
        for asked in (WITHDRAW, FIRST_ASKED, OVERRIDE, WITHDRAW | {"secret-field": "秘密"}, '{"秘密'):
            act(stage, reviewed, claims, asked)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("act", 202), ("act", 202), ("act", 409), ("act", 400), ("act", 400)
    ]  # fmt: skip
    for hidden in ("zhang-san", "王五", WITHDRAW["reason"], OVERRIDE["reason"], "秘密", "secret-field", OWN):
        assert hidden not in json.dumps(lines, ensure_ascii=False)


def test_what_is_answered_keeps_its_published_schema(stage: World, reviewed: str) -> None:
    for claims, asked in ((WINDOW, FIRST_ASKED), (APPLICANT, WITHDRAW)):
        valid(json.loads(act(stage, reviewed, claims, asked)["body"]), "ActRecorded")


def test_a_path_that_holds_no_packet_name_is_not_there_to_act_on() -> None:
    assert problem(f"/api/packets/{'x' * 65}/acts", WINDOW, method="POST", carries=WITHDRAW) == (404, "not-found")
