"""`kaigong ops trace`: what is known of one packet, from four places, in order of time, and of no other packet."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console

from infra.command import show
from infra.command.client import Connection, Target, logs, tracing
from infra.command.client.faults import CallRefused

TARGET = Target("s", "cn-north-1", "b", "https://sqs.test/s-", "https://portal.test", "c", "d")
PACKET, OTHER = "P-1", "P-12"
BEGAN = datetime(2026, 3, 6, 1, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


class Logs:
    """Log groups in memory, which match a phrase anywhere in a line, as CloudWatch does."""

    class exceptions:
        ResourceNotFoundException = KeyError

    def __init__(self, **lines: list[tuple[float, dict[str, Any] | str]]) -> None:
        self.lines = lines
        self.since: set[int | None] = set()

    def get_paginator(self, _: str) -> "Logs":
        return self

    def paginate(self, logGroupName: str, filterPattern: str, startTime: int | None = None) -> Iterator[dict[str, Any]]:
        self.since.add(startTime)
        phrase = filterPattern.strip('"')
        said = [(minutes, json.dumps(line)) for minutes, line in self.lines[logGroupName.rpartition("s-")[2]]]
        found = [
            {"message": line, "timestamp": int(after(minutes).timestamp() * 1000)}
            for minutes, line in said
            if phrase in line
        ]
        yield {"events": found[:1]}
        yield {"events": found[1:]}


class Sqs:
    """Queues in memory that hide what was received."""

    def __init__(self, **letters: list[str]) -> None:
        self.letters = {name.replace("_", "-"): bodies for name, bodies in letters.items()}
        self.hidden: set[str] = set()
        self.asked: list[str] = []

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        name = QueueUrl.removeprefix(TARGET.queue_url_base)
        self.asked.append(name)
        return {"Attributes": dict.fromkeys(AttributeNames, "0") | {AttributeNames[0]: len(self.letters.get(name, ()))}}

    def receive_message(self, QueueUrl: str, **_: Any) -> dict[str, Any]:
        name = QueueUrl.removeprefix(TARGET.queue_url_base)
        found = [f"{name}/{number}" for number in range(len(self.letters[name]))]
        fresh = [each for each in found if each not in self.hidden][:2]
        self.hidden.update(fresh)
        sent = str(int(after(3).timestamp() * 1000))
        return {
            "Messages": [
                {
                    "MessageId": each,
                    "ReceiptHandle": each,
                    "Body": self.letters[name][int(each.rpartition("/")[2])],
                    "Attributes": {"SentTimestamp": sent},
                }
                for each in fresh
            ]
        }

    def change_message_visibility(self, ReceiptHandle: str, VisibilityTimeout: int, **_: Any) -> None:
        assert VisibilityTimeout == 0
        self.hidden.remove(ReceiptHandle)


class Api:
    def __init__(self, *, handed_in: bool = True) -> None:
        self.handed_in = handed_in

    def inspect(self, _: str) -> dict[str, Any]:
        named = {"zh": "某", "en": "some"}
        refused = [{"at": after(2).isoformat(), "department": "water", "reason": "wrong-token"}]
        waits: dict[str, Any] = {"status": "in-review", "next": named, "holder": named, "wake_at": None, "outbox": []}
        return {**waits, "examining": [], "not_looked_at": 0, "refused": refused if self.handed_in else []}

    def ledger(self, _: str) -> dict[str, Any]:
        entry = {"seq": 1, "at": after(1).isoformat(), "events": [{"event": "texts-dropped"}]}
        return {"entries": [entry] if self.handed_in else []}

    def status(self, _: str) -> dict[str, Any]:
        if not self.handed_in:
            raise CallRefused("not-found", "没有", "none")
        return {"matters": [{"department": "water"}, {"department": "water"}]}


def connection(**clients: Any) -> Connection:
    found = Connection(TARGET)
    found._clients = clients
    return found


LINES = Logs(
    portal=[
        (minute / 10, {"packet": PACKET, "message": "answered", "level": "INFO", "route": "act", "service": "kaigong"})
        for minute in range(3)
    ],
    advance=[
        (4, {"packet": PACKET, "message": "advanced", "level": "INFO", "events": ["accepted"]}),
        (5, {"packet": OTHER, "message": "advanced", "level": "INFO"}),
        (
            6,
            {
                "packet": PACKET,
                "message": "failed",
                "level": "ERROR",
                "exception": "text of somebody",
                "location": "x:1",
            },
        ),
    ],
    dispatch=[(7, f"no JSON, and names {PACKET}")],
    **{name: [] for name in logs.FUNCTIONS if name not in ("portal", "advance", "dispatch", "watch")},
)  # the group of `watch` is not there


def test_a_packet_is_told_in_order_of_time_from_everywhere_it_is_known() -> None:
    about, foreign = json.dumps({"packet": PACKET}), json.dumps({"packet": OTHER})
    announced = json.dumps({"Records": [{"s3": {"object": {"key": f"packets/{PACKET}/soil-plan/u/a.pdf"}}}]})
    sqs = Sqs(advance_dlq=[foreign, about, foreign], uploads_dlq=[announced], review_water=["x"])
    found = tracing.trace(connection(logs=LINES, sqs=sqs), Api(), PACKET)  # type: ignore[arg-type]  # a stand-in
    told = [(event["source"], event["where"]) for event in found["events"]]
    assert told == [
        *[("log", "portal")] * 3,
        ("ledger", "#1"),
        ("refused", "water"),
        ("dead-letter", "advance-dlq"),
        ("dead-letter", "uploads-dlq"),
        ("log", "advance"),
        ("log", "advance"),
    ]
    queues = {each["queue"]: each for each in found["queues"]}
    assert {"review-water", "review-water-priority", "supervision-water", "advance", "breaches"} <= set(queues)
    assert (queues["advance"]["dead_letters"], queues["advance"]["ours"]) == (3, 1)
    assert (queues["review-water"]["waiting"], queues["review-water"]["dead_letters"]) == (1, 0)
    assert not sqs.hidden  # what was looked at lies there as before
    assert "text of somebody" not in json.dumps(found)
    console = Console(width=200, record=True)
    show.traced(console, found)
    shown = console.export_text()
    assert "advanced" in shown
    assert "route=act ×3" in shown  # one row


def test_logs_are_read_from_the_day_before_its_first_entry_on() -> None:
    lines = Logs(**{name: [] for name in logs.FUNCTIONS})
    tracing.trace(connection(logs=lines, sqs=Sqs()), Api(), PACKET)  # type: ignore[arg-type]  # a stand-in
    assert lines.since == {int((after(1) - tracing.BEFORE).timestamp() * 1000)}


def test_what_was_never_handed_in_is_traced_by_its_uploads() -> None:
    sqs = Sqs()
    found = tracing.trace(connection(logs=LINES, sqs=sqs), Api(handed_in=False), PACKET)  # type: ignore[arg-type]  # a stand-in
    assert {event["source"] for event in found["events"]} == {"log"}
    assert not [queue for queue in sqs.asked if queue.startswith("review-")]


def test_the_last_error_is_the_newest_of_the_packet_without_its_text() -> None:
    found = logs.last_error(connection(logs=LINES), PACKET, BEGAN)
    assert found == {
        "function": "advance",
        "at": after(6).isoformat(),
        "message": "failed",
        "error": "",
        "where": "x:1",
    }
    assert logs.last_error(connection(logs=LINES), "P-2", BEGAN) is None


def test_an_error_is_looked_for_as_far_back_as_a_trace_goes_and_the_answer_says_so() -> None:
    since = tracing.looked_back(Api(), PACKET)  # type: ignore[arg-type]  # a stand-in
    assert since == after(1) - tracing.BEFORE
    lines = Logs(**{name: [] for name in logs.FUNCTIONS})
    logs.last_error(connection(logs=lines), PACKET, since)
    assert lines.since == {int(since.timestamp() * 1000)}
    nothing: dict[str, Any] = {"packet": PACKET, "items": [], "last_error": None, "logs_since": since.isoformat()}
    console = Console(width=200, record=True)
    show.inspected(console, nothing | Api().inspect(PACKET))
    assert "last error: — （2026-03-05 09:01 起 since）" in console.export_text()
