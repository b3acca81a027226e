"""One packet in order of time: what its ledger has, what functions said, what did not count, what failed for good; and
where its messages may wait now.
"""

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from kaigong import catalog
from kaigong.domain.flow.delivery import review_queue
from kaigong.domain.model.messages import Channel
from kaigong.domain.words.names import within
from kaigong.views.ledger_words import said

from . import deadletters, logs
from .api import Api
from .connection import Connection
from .faults import CallRefused, translated

BEFORE = timedelta(days=1)  # choice: how long before its first entry a packet's papers are looked for in the logs
UNKNOWN = timedelta(days=14)  # choice: how far back for one that has no ledger yet; queues keep messages as long
HIDDEN = 20  # seconds that a dead letter is hidden while it is looked at


class Source(StrEnum):
    """Where something is known from."""

    LEDGER = "ledger"
    LOG = "log"
    REFUSED = "refused"  # a message that did not count
    DEAD_LETTER = "dead-letter"


@dataclass(frozen=True)
class Event:
    """One thing that happened. `where`: the entry's number, the function, or the queue."""

    at: datetime
    source: Source
    where: str
    what: str
    more: dict[str, Any]


@dataclass(frozen=True)
class Queue:
    """A queue that messages of the packet pass, and how many of any packet lie in it."""

    queue: str
    waiting: int
    in_flight: int
    delayed: int
    dead_letters: int
    ours: int  # of the dead letters: those about the packet


def trace(connection: Connection, api: Api, packet: str) -> dict[str, Any]:
    """Everything that is known of what happened to a packet, and what it waits for. Raises CallRefused."""
    inside = api.inspect(packet)
    entries = _ledger(api, packet)
    queues, letters = _queues(connection, packet, _departments(api, packet))
    refused = [
        Event(datetime.fromisoformat(each["at"]), Source.REFUSED, each.get("department") or "", each["reason"], {})
        for each in inside["refused"]
    ]
    lines = [
        Event(line.at, Source.LOG, line.function, line.message, {"level": line.level} | line.more)
        for line in logs.of_packet(connection, packet, _since(entries))
    ]
    events = sorted([*entries, *refused, *letters, *lines], key=lambda event: event.at)
    waits = ("status", "next", "holder", "wake_at", "examining", "not_looked_at", "outbox")
    return {
        "packet": packet,
        **{name: inside[name] for name in waits},
        "events": [
            {"at": e.at.isoformat(), "source": e.source.value, "where": e.where, "what": e.what, "more": e.more}
            for e in events
        ],
        "queues": [vars(queue) for queue in queues],
    }


def looked_back(api: Api, packet: str) -> datetime:
    """From when on the logs are read for a packet. Raises CallRefused."""
    return _since(_ledger(api, packet))


def _since(entries: Iterable[Event]) -> datetime:
    first = min((event.at for event in entries), default=None)
    return first - BEFORE if first else datetime.now(UTC) - UNKNOWN


def _ledger(api: Api, packet: str) -> list[Event]:
    catalogue = catalog.load()
    found = []
    for entry in api.ledger(packet)["entries"]:
        told = [within(said(event, catalogue).text) for event in entry["events"]]
        what = "; ".join(f"{text.zh} {text.en}" for text in told)
        kinds = [str(event.get("event", "")) for event in entry["events"]]
        at = datetime.fromisoformat(entry["at"])
        found.append(Event(at, Source.LEDGER, f"#{entry['seq']}", what, {"events": kinds}))
    return found


def _departments(api: Api, packet: str) -> list[str]:
    """Who reviews it, by its status; nobody where nothing was handed in yet."""
    try:
        return sorted({matter["department"] for matter in api.status(packet)["matters"]})
    except CallRefused as error:
        if error.code != "not-found":
            raise
        return []


def _queues(connection: Connection, packet: str, departments: Iterable[str]) -> tuple[list[Queue], list[Event]]:
    """The queues that its messages pass, and its dead letters in them."""
    named = [(queue, f"{queue}-dlq") for queue in (*deadletters.FUNCTIONS, deadletters.BREACHES)]
    for department in departments:
        dead = f"{deadletters.REVIEW}{department}-dlq"
        named += [(review_queue(department, channel), dead) for channel in Channel]
        named.append((f"{deadletters.SUPERVISION}-{department}", f"{deadletters.SUPERVISION}-dlq"))
    with ThreadPoolExecutor(8) as pool:
        counted = dict(zip(named, pool.map(lambda pair: _counts(connection, pair[0]), named), strict=True))
        dead_queues = sorted({dead for _, dead in named})
        depths = dict(zip(dead_queues, pool.map(lambda dead: _counts(connection, dead), dead_queues), strict=True))
    letters = {dead: list(_letters(connection, dead, packet, sum(depths[dead].values()))) for dead in dead_queues}
    queues = [
        Queue(queue, **counts, dead_letters=sum(depths[dead].values()), ours=len(letters[dead]))
        for (queue, dead), counts in counted.items()
    ]
    return queues, [letter for some in letters.values() for letter in some]


def _counts(connection: Connection, queue: str) -> dict[str, int]:
    """What lies in a queue; nothing in one that this stack does not have."""
    return deadletters.counts(connection, queue) or dict.fromkeys(deadletters.COUNTS, 0)


def _letters(connection: Connection, queue: str, packet: str, depth: int) -> Iterator[Event]:
    """The dead letters about a packet. They are looked at, and lie there as before: nobody reads that queue."""
    sqs, url, about = connection.client("sqs"), connection.target.queue_url(queue), _about(packet)
    receipts: dict[str, str] = {}
    with translated("SQS"):
        while len(receipts) < depth:
            answer = sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=HIDDEN,
                WaitTimeSeconds=1,
                AttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
            )
            fresh = [m for m in answer.get("Messages", ()) if m["MessageId"] not in receipts]
            if not fresh:
                break
            for message in fresh:
                receipts[message["MessageId"]] = message["ReceiptHandle"]
                if about.search(message["Body"]):
                    sent = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
                    what = "消息多次失败，成为死信 a message failed for good"
                    yield Event(sent, Source.DEAD_LETTER, queue, what, {"message_id": message["MessageId"]})
        for receipt in receipts.values():
            sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)


def _about(packet: str) -> re.Pattern[str]:
    """The packet's id, and not one that holds it."""
    return re.compile(rf"(?<![A-Za-z0-9-]){re.escape(packet)}(?![A-Za-z0-9-])")
