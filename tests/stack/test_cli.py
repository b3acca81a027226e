"""The `kaigong` command against a deployed stack: what an applicant, a department and operations do with it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from kaigong.store.keys import paper_place
from typer.testing import CliRunner, Result

from infra.command import app
from infra.command.client import Connection, departments, of_local, packets
from infra.command.client.api import Api
from infra.command.client.asking import QUESTIONS
from infra.command.client.folder import new_packet_id
from infra.local import Stack
from infra.samples import Case, city_case, draw, write_packet
from tests.patience import PATIENCE, eventually
from tests.rest import comes_to_rest

# One matter of one department, without prerequisites: the shortest road there is.
SMALL = replace(city_case(), matters=("soil-conservation",), promises=(), commitments=())
PLAN = "soil-plan.pdf"
LONG = f"{PATIENCE:.0f}"  # seconds that a department waits for a task


@pytest.fixture(autouse=True)
def named(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAIGONG_STACK", stack.stack)
    monkeypatch.delenv("KAIGONG_USER", raising=False)


@pytest.fixture
def api(stack: Stack) -> Api:
    return Api(Connection(of_local(stack)))


pytestmark = pytest.mark.usefixtures("desks")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def told(*arguments: object, exit_code: int = 0) -> Any:
    """The one JSON document that a command prints."""
    found = run(*arguments, "--json")
    assert found.exit_code == exit_code, found.output
    return json.loads(found.stdout)


def until(api: Api, packet: str, status: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        found = api.status(packet)
        return found if found["status"] == status else None

    return packets.wait(look, PATIENCE, packet)


def folder(path: Path, case: Case = SMALL, without: tuple[str, ...] = ()) -> Path:
    write_packet(case, path, without)
    return path


def plan(path: Path) -> Path:
    path.mkdir()
    (path / PLAN).write_bytes(draw("soil-plan", SMALL.enterprise, SMALL.project))
    return path


def test_a_packet_goes_all_the_way_by_commands_alone(tmp_path: Path, api: Api) -> None:
    handed_in = told("submit", folder(tmp_path / "packet"), "--wait")
    packet = handed_in["packet"]
    assert handed_in["status"] == "in-review"
    assert handed_in["reasons"] == []
    assert told("result", packet, "--out", tmp_path / "no.json", exit_code=1)["error"]["code"] == "no-result-yet"

    shown = told("review", "water", "--wait", LONG, "--max", "1")["tasks"]
    assert [(task["outcome"], task["task"]["packet"]) for task in shown] == [(None, packet)]
    assert "reply_token" not in shown[0]["task"]
    done = told("review", "water", "--approve", "--max", "1", "--wait", LONG)["tasks"]  # the look left it there
    assert [(task["outcome"], task["task"]["packet"]) for task in done] == [("approve", packet)]
    assert told("review", "water")["tasks"] == []

    until(api, packet, "issued")
    assert told("status", packet, "--watch")["result"]["code"] == "11"
    verdicts = {material["verdict"] for material in told("materials", packet)["materials"]}
    assert verdicts == {"valid"}
    written = told("result", packet, "--out", tmp_path / "out" / "result.json")
    assert json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))["packet"] == packet
    assert written["sha256"] == api.status(packet)["result"]["sha256"]
    for command in ("status", "materials"):
        assert packet in run(command, packet).stdout


def test_the_sample_is_accepted_as_it_is(tmp_path: Path) -> None:
    told("sample", tmp_path / "packet")
    handed_in = told("submit", tmp_path / "packet", "--wait")
    assert (handed_in["status"], handed_in["reasons"]) == ("in-review", [])


def test_a_returned_packet_says_why_and_is_accepted_once_supplemented(tmp_path: Path, api: Api) -> None:
    packet = new_packet_id(datetime.now(UTC))
    returned = told(
        "submit", folder(tmp_path / "packet", without=("soil-plan",)), "--packet", packet, "--wait", exit_code=1
    )
    assert returned["status"] == "returned"
    assert [(reason["where"], reason["code"]) for reason in returned["reasons"]] == [("soil-plan", "material-missing")]

    again = told("submit", tmp_path / "packet", "--packet", packet, "--wait", exit_code=1)
    assert (again["round"], again["status"]) == (2, "returned")  # this answer, not the one before

    added = told("supplement", packet, plan(tmp_path / "more"))
    assert added["submitted"] is True
    assert [(file["name"], file["becomes"]["code"]) for file in added["files"]] == [(PLAN, "answers-notice")]
    assert until(api, packet, "in-review")["round"] == 3


def test_a_correction_of_a_paper_goes_to_those_who_ask_for_it_and_comes_back(tmp_path: Path, api: Api) -> None:
    packet = told("submit", folder(tmp_path / "packet"), "--wait")["packet"]
    passed = told("review", "water", "--correct", "补图", "--slot", "drawings", "--wait", LONG, "--max", "1")["tasks"]
    assert [task["outcome"] for task in passed] == [None]  # its matter has no drawings, so it stays on the queue

    asked = told("review", "water", "--correct", "比例有误", "--slot", "soil-plan", "--max", "1", "--wait", LONG)[
        "tasks"
    ]
    assert [task["outcome"] for task in asked] == ["correct"]
    notice = until(api, packet, "correcting")["notices"][-1]
    assert [(item["slot"], "比例有误" in item["text"]["zh"]) for item in notice["items"]] == [("soil-plan", True)]

    corrected = told("supplement", packet, plan(tmp_path / "corrected"))
    assert corrected["submitted"] is True
    assert [file["becomes"]["code"] for file in corrected["files"]] == ["answers-correction"]
    assert "市水利局" in corrected["files"][0]["becomes"]["zh"]
    done = told("review", "water", "--reject", "与规划不符", "--max", "1", "--wait", LONG)["tasks"]
    assert [task["task"]["round"] for task in done] == [2]
    assert until(api, packet, "issued")["result"]["code"] == "13"


def test_what_nobody_would_see_is_refused_before_anything_is_uploaded(tmp_path: Path, api: Api, stack: Stack) -> None:
    promised = replace(city_case(), matters=("fire-design-review",), promises=("design-qualification",), commitments=())
    packet = told("submit", folder(tmp_path / "packet", promised), "--wait")["packet"]
    for name in ("drawings", "soil-plan", "design-qualification"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.pdf").write_bytes(draw(name, promised.enterprise, promised.project))
    prefix = f"packets/{packet}/"

    def lying() -> int:
        found = stack.client("s3").list_objects_v2(Bucket=stack.bucket, Prefix=prefix)["Contents"]
        return sum(paper_place(item["Key"]) is not None for item in found)

    before = lying()
    for name in ("drawings", "soil-plan"):  # under review; of no matter
        refused = run("supplement", packet, tmp_path / name)
        assert refused.exit_code == 1
        assert name in refused.stderr
    assert lying() == before
    added = told("supplement", packet, tmp_path / "design-qualification")
    assert (added["submitted"], [file["becomes"]["code"] for file in added["files"]]) == (False, ["closes-gap"])
    eventually(lambda: not api.status(packet)["gaps"][0]["open"])

    told("withdraw", packet, "--reason", "项目暂缓实施")
    until(api, packet, "withdrawn")
    assert run("supplement", packet, tmp_path / "design-qualification").exit_code == 1
    assert lying() == before + 1


def test_one_packet_is_decided_without_costing_another_a_delivery(tmp_path: Path, api: Api, stack: Stack) -> None:
    other, packet = (told("submit", folder(tmp_path / name), "--wait")["packet"] for name in ("other", "packet"))
    shown = told("review", "water", "--packet", packet, "--max", "1", "--wait", LONG)["tasks"]
    assert [(task["outcome"], task["task"]["packet"]) for task in shown] == [(None, packet)]
    done = told("review", "water", "--packet", packet, "--approve")["tasks"]
    assert [(task["outcome"], task["task"]["matter"]) for task in done] == [("approve", "soil-conservation")]
    assert until(api, packet, "issued")["result"]["code"] == "11"
    assert told("review", "water", "--packet", packet, "--approve")["tasks"] == []

    found: dict[str, str] = {}  # how often each packet's task was delivered, this time included

    def both_came() -> bool:
        for queue in departments.review_queues("water"):
            answer = stack.client("sqs").receive_message(
                QueueUrl=stack.queues[queue], MaxNumberOfMessages=10, AttributeNames=["ApproximateReceiveCount"]
            )
            for message in answer.get("Messages", ()):
                count = message["Attributes"]["ApproximateReceiveCount"]
                found[json.loads(message["Body"])["packet"]] = count
        return len(found) == 2

    eventually(both_came)
    assert found == {other: "1", packet: "1"}


def test_an_enterprise_sees_its_own_packets_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packet = told("submit", folder(tmp_path / "packet"), "--wait")["packet"]
    for name, exit_code in (("applicant", 0), ("stranger", 1)):
        monkeypatch.setenv("KAIGONG_USER", name)
        assert run("status", packet).exit_code == exit_code
    monkeypatch.setenv("KAIGONG_TOKEN", "made.up.token")
    assert told("status", packet, exit_code=1)["error"]["code"] == "sign-in-needed"


def test_a_packet_is_withdrawn_by_its_applicant_and_by_nobody_else(
    tmp_path: Path, api: Api, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = told("submit", folder(tmp_path / "packet"), "--wait")["packet"]
    asked = ("withdraw", packet, "--reason", "项目暂缓实施")
    for name, code in (("stranger", "not-found"), ("operations", "not-allowed")):
        with monkeypatch.context() as patch:
            patch.setenv("KAIGONG_USER", name)
            assert told(*asked, exit_code=1)["error"]["code"] == code
    assert {route["route"] for route in told("routes", packet)["matters"][0]["routes"] if route["open"]} >= {"approval"}

    recorded = told(*asked)
    assert (recorded["kind"], recorded["reason"]) == ("withdraw", "项目暂缓实施")
    assert told(*asked) == recorded
    assert until(api, packet, "withdrawn")["next"]["holder"] == "nobody"
    told("review", "water", "--approve", "--max", "1", "--wait", LONG)  # its task is still on the queue; too late
    comes_to_rest(stack)
    assert api.status(packet)["status"] == "withdrawn"


def test_a_redrive_moves_a_dead_letter_as_it_is(stack: Stack) -> None:
    sqs, attributes = stack.client("sqs"), {"source": {"DataType": "String", "StringValue": "a test"}}
    body = '{"schema": "kaigong/of-the-future/9"}'
    sqs.send_message(QueueUrl=stack.queues["review-water-dlq"], MessageBody=body, MessageAttributes=attributes)
    sqs.send_message(QueueUrl=stack.queues["review-water-dlq"], MessageBody='{"DDBStreamBatchInfo": {}}')

    found = {entry["queue"]: entry for entry in told("ops", "dead-letters")["queues"]}
    assert found["review-water"]["dead_letters"] == 2
    assert found["review-water"]["cause"]["zh"]
    assert found["uploads"] == {"queue": "uploads", "dead_letters": 0, "cause": None}

    done = told("ops", "dead-letters", "--redrive", "review-water-dlq")
    assert done == {"queue": "review-water", "redriven": 1, "left": 1}
    queue = stack.queues["review-water"]
    moved = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]  # it is there already
    assert [(message["Body"], message["MessageAttributes"]) for message in moved] == [(body, attributes)]
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=moved[0]["ReceiptHandle"], VisibilityTimeout=0)

    tasks = told("review", "water", "--approve")["tasks"]  # no task of ours: shown, and left where it is
    assert [(task["queue"], task["outcome"], "problem" in task) for task in tasks] == [("review-water", None, True)]
    assert told("ops", "dead-letters", "--redrive", "no-such-queue", exit_code=1)["error"]["zh"]


def test_operations_see_what_is_stuck_and_have_it_looked_at_again(tmp_path: Path, api: Api) -> None:
    assert told("ops", "stuck")["packets"] == []
    assert run("ops", "stuck").exit_code == 0
    packet = told("submit", folder(tmp_path / "packet"), "--wait")["packet"]
    before = api.status(packet)
    found = told("ops", "show", packet)
    assert {entry["kind"] for entry in found["items"]} >= {"HEADER", "PAPERS", "REVIEW", "UPLOAD", "LEDGER-OUTBOX"}
    assert (found["status"], found["examining"], found["last_error"]) == ("in-review", [], None)
    assert run("ops", "show", packet).exit_code == 0
    traced = told("ops", "trace", packet)
    moments = [event["at"] for event in traced["events"]]
    assert moments == sorted(moments)
    assert {"ledger", "log"} == {event["source"] for event in traced["events"]}
    assert {"validate", "advance", "dispatch", "portal"} <= {event["where"] for event in traced["events"]}
    assert [each["ours"] for each in traced["queues"] if each["queue"] == "review-water"] == [0]
    assert run("ops", "trace", packet).exit_code == 0
    assert told("ops", "replay", f"{packet}-typo", exit_code=1)["error"]["code"] == "not-found"
    assert told("ops", "replay", packet) == {"packet": packet, "queues": ["advance", "dispatch"]}
    done = told("review", "water", "--approve", "--wait", LONG, "--max", "1")["tasks"]
    assert done[0]["task"]["packet"] == packet
    assert until(api, packet, "issued")["notices"][: len(before["notices"])] == before["notices"]
    counted = {row[0]: row[1] for row in told("ask", QUESTIONS / "rounds.sql", "--fresh")["rows"]}
    assert counted["industrial"] >= 1


def test_a_packet_that_nobody_handed_in_is_a_refusal() -> None:
    for command in ("status", "materials"):
        assert told(command, "no-such-packet", exit_code=1)["error"]["code"] == "not-found"


def looked_over() -> tuple[int, dict[str, str]]:
    found = run("doctor", "--json")
    parts = json.loads(found.stdout)["parts"]
    by_date = "calendar"  # a year that is not published yet is asked for in December: tests/unit/test_doctor.py
    return found.exit_code, {each["part"]: each["state"] for each in parts if each["part"] != by_date}


def test_the_doctor_finds_the_stack_well_and_each_part_that_is_broken(stack: Stack) -> None:
    _, parts = looked_over()
    del parts["queues"], parts["anchors"]  # what other tests left there; nobody anchors where a stack was down at night
    assert set(parts.values()) == {"well"}
    ssm, kms, sqs = (stack.client(service) for service in ("ssm", "kms", "sqs"))
    place, key = f"/{stack.stack}/seal-certificate", f"alias/{stack.stack}-anchor"
    certificate = ssm.get_parameter(Name=place)["Parameter"]["Value"]
    key = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyId"]
    ssm.put_parameter(Name=place, Value="no certificate", Type="String", Overwrite=True)
    kms.disable_key(KeyId=key)
    sqs.send_message(QueueUrl=stack.queues["breaches-dlq"], MessageBody="{}")
    try:
        code, parts = looked_over()
    finally:
        ssm.put_parameter(Name=place, Value=certificate, Type="String", Overwrite=True)
        kms.enable_key(KeyId=key)
        sqs.purge_queue(QueueUrl=stack.queues["breaches-dlq"])
    assert code == 1
    del parts["anchors"]
    assert {part for part, state in parts.items() if state == "broken"} == {"certificate", "key-anchor", "queues"}
