"""A department's queue consumer: what it reads first, and what it does when something fails between two calls."""

from datetime import UTC, datetime
from typing import Any

import pytest
from kaigong.domain.manifest import Enterprise, Project
from kaigong.domain.messages import Channel, Decision, Outcome, ReviewTask
from kaigong.domain.text import Text

from infra.client import Connection, Target, departments

TARGET = Target("s", "cn-north-1", "b", "https://sqs.test/s-", "https://portal.test", "c")
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
    changed = TASK.model_copy(update={"packet": packet, "review_id": f"{packet}.soil-conservation"})
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
    assert first.model_copy(update={"sent_at": second.sent_at}) == second
