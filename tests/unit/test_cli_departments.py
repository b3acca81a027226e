"""A department's queue consumer: what it reads first, and what it does when something fails between two calls."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.messages import Channel, Decision, Outcome, Procedure, ReviewTask, TaskWithdrawn, WithdrawnBy
from kaigong.domain.model.text import Text
from typer.testing import CliRunner

from infra.command import app, client
from infra.command.client import Connection, Target, departments

TARGET = Target("s", "cn-north-1", "b", "https://sqs.test/s-", "https://portal.test", "https://issuer.test/", "c")
TASK = ReviewTask(
    id="P-1.soil-conservation.1",
    packet="P-1",
    sent_at=datetime(2026, 3, 6, 9, tzinfo=UTC),
    review_id="P-1.soil-conservation",
    round=1,
    matter="soil-conservation",
    matter_name=Text(zh="水土保持", en="Soil conservation"),
    department="water",
    channel=Channel.GREEN,
    due=datetime(2026, 3, 6, 17, tzinfo=UTC),
    enterprise=Enterprise(name="某公司", uscc="91411402MA0KG0002N"),
    project=Project(name="某项目"),
    materials=(),
    reply_token="token-of-the-queue",
)


class Sqs:
    """Queues in memory that note every call. `fails` names a call that finds no network."""

    def __init__(self, fails: str = "", **queues: list[str]) -> None:
        self.queues = {name.replace("_", "-"): bodies for name, bodies in queues.items()}
        self.calls: list[tuple[str, str]] = []
        self.sent: list[str] = []
        self.fails = fails

    def receive_message(self, QueueUrl: str, MaxNumberOfMessages: int, **_: Any) -> dict[str, Any]:
        queue = self._note("receive", QueueUrl)
        waiting = self.queues.get(queue, [])
        taken, self.queues[queue] = waiting[:MaxNumberOfMessages], waiting[MaxNumberOfMessages:]
        return {"Messages": [{"Body": body, "ReceiptHandle": f"{queue}/{body[:20]}"} for body in taken]}

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:
        self._note("send", QueueUrl)
        self.sent.append(MessageBody)

    def delete_message(self, QueueUrl: str, **_: Any) -> None:
        self._note("delete", QueueUrl)

    def change_message_visibility(self, QueueUrl: str, VisibilityTimeout: int, **_: Any) -> None:
        assert VisibilityTimeout == 0
        self._note("release", QueueUrl)

    def _note(self, call: str, url: str) -> str:
        queue = url.removeprefix(TARGET.queue_url_base)
        self.calls.append((call, queue))
        if call == self.fails:
            raise ConnectionError(call)
        return queue


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Any:
    def connect(sqs: Sqs) -> Connection:
        monkeypatch.setattr(Connection, "client", lambda *_: sqs)
        return Connection(TARGET)

    return connect


def task(packet: str) -> str:
    changed = TASK.changed(packet=packet, review_id=f"{packet}.soil-conservation")
    return changed.model_dump_json(by_alias=True)


def test_the_priority_queue_is_empty_before_the_ordinary_one_is_read(connected: Any) -> None:
    sqs = Sqs(review_water=[task("P-9")], review_water_priority=[task(f"P-{n}") for n in range(12)])
    found = list(departments.receive(connected(sqs), "water", 100, wait=0))
    assert [received.queue for received in found] == ["review-water-priority"] * 12 + ["review-water"]
    assert [received.task.packet for received in found if received.task][-1] == "P-9"


def test_no_more_are_taken_than_were_asked_for(connected: Any) -> None:
    sqs = Sqs(review_water_priority=[task(f"P-{n}") for n in range(12)])
    assert len(list(departments.receive(connected(sqs), "water", 11, wait=0))) == 11
    assert len(sqs.queues["review-water-priority"]) == 1


def test_a_message_that_breaks_the_contract_is_told_and_not_lost(connected: Any) -> None:
    (found,) = departments.receive(connected(Sqs(review_water=["{}"])), "water", 10, wait=0)
    assert found.task is None
    assert "reply_token" in found.problem


def test_a_task_is_deleted_only_after_its_decision_was_sent(connected: Any) -> None:
    sqs = Sqs()
    received = departments.Received("review-water-priority", "r", TASK)
    departments.decide(connected(sqs), received, departments.decision(TASK, Outcome.APPROVE, "李四"))
    assert sqs.calls == [("send", "decisions"), ("delete", "review-water-priority")]
    sent = Decision.model_validate_json(sqs.sent[0])
    assert (sent.review_id, sent.round, sent.reply_token) == (TASK.review_id, 1, "token-of-the-queue")

    failing = Sqs(fails="send")
    with pytest.raises(ConnectionError):
        departments.decide(connected(failing), received, departments.decision(TASK, Outcome.APPROVE, "李四"))
    assert failing.calls == [("send", "decisions")]


def test_deciding_a_task_twice_is_one_decision(connected: Any) -> None:
    sqs = Sqs()
    received = departments.Received("review-water", "r", TASK)
    for _ in range(2):
        departments.decide(connected(sqs), received, departments.decision(TASK, Outcome.APPROVE, "李四"))
    first, second = (Decision.model_validate_json(body) for body in sqs.sent)
    assert first.changed(sent_at=second.sent_at) == second


# special procedures, by the command


@pytest.fixture
def command(connected: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `kaigong review water` on queues in memory; gives the tasks that it tells of."""

    def run(sqs: Sqs, *options: str, exit_code: int = 0) -> list[dict[str, Any]]:
        monkeypatch.setattr(client, "connect", lambda _: connected(sqs))
        found = CliRunner().invoke(app, ["review", "water", *options, "--json"])
        assert found.exit_code == exit_code, found.output
        return list(json.loads(found.stdout)["tasks"]) if exit_code == 0 else []

    return run


def test_a_task_that_was_taken_back_is_passed_over_with_the_word_that_says_so(command: Any) -> None:
    by, text = WithdrawnBy.APPLICANT, Text(zh="已撤回", en="withdrawn")
    gone = TASK.changed(withdrawn=TaskWithdrawn(at=TASK.sent_at, by=by, text=text), review_id="P-1.soil-conservation")
    both = [task("P-1"), gone.model_dump_json(by_alias=True), task("P-2")]
    sqs = Sqs(review_water=list(both))
    done = command(sqs, "--approve")
    assert [(entry["task"]["review_id"][:3], entry["outcome"]) for entry in done] == [
        ("P-1", "withdrawn"), ("P-1", "withdrawn"), ("P-2", "approve")
    ]  # fmt: skip
    assert [Decision.model_validate_json(body).packet for body in sqs.sent] == ["P-2"]
    assert sqs.calls.count(("delete", "review-water")) == 3
    looked_at = Sqs(review_water=list(both))
    command(looked_at)
    assert looked_at.calls.count(("release", "review-water")) == 3


HEARING = ("--procedure", "hearing", "--note", "依申请举行听证")


def test_a_procedure_starts_in_each_task_and_the_tasks_are_on_the_queue_again_only_at_the_end(command: Any) -> None:
    sqs = Sqs(review_water=[task("P-1"), task("P-2")])
    done = command(sqs, *HEARING, "--at", "2026-03-09T14:00")
    assert [(entry["task"]["packet"], entry["outcome"]) for entry in done] == [
        ("P-1", "hearing-start"), ("P-2", "hearing-start")
    ]  # fmt: skip
    calls = [call for call in sqs.calls if call[0] != "receive"]
    assert calls == [("send", "decisions")] * 2 + [("release", "review-water")] * 2
    first = Procedure.model_validate_json(sqs.sent[0])
    assert (first.review_id, first.round, first.reply_token) == ("P-1.soil-conservation", 1, "token-of-the-queue")
    assert (first.action, first.note) == ("start", "依申请举行听证")
    assert first.appointment
    assert first.appointment.isoformat() == "2026-03-09T14:00:00+08:00"


def test_the_same_procedure_ends_by_a_message_of_its_own(command: Any) -> None:
    sqs = Sqs(review_water=[task("P-1")])
    assert [entry["outcome"] for entry in command(sqs, *HEARING, "--end")] == ["hearing-end"]
    ended = Procedure.model_validate_json(sqs.sent[0])
    assert (ended.action, ended.kind, ended.appointment) == ("end", "hearing", None)
    assert ended.id == "P-1.soil-conservation.1.hearing.end"


def test_a_task_whose_answer_did_not_get_through_is_given_back_at_once(command: Any) -> None:
    failing = Sqs(fails="send", review_water=[task("P-1")])
    command(failing, *HEARING, exit_code=1)
    assert failing.calls[-1] == ("release", "review-water")


def test_what_is_told_of_a_task_never_holds_its_token(command: Any) -> None:
    assert "token-of-the-queue" not in json.dumps(command(Sqs(review_water=[task("P-1")]), *HEARING))
