"""What functions said of one packet: every line of their logs names the packet that it is about."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import deadletters
from .connection import Connection
from .faults import translated

FUNCTIONS = (
    "portal",
    "desk",
    *sorted(set(deadletters.FUNCTIONS.values())),
    "survey",
    "watch",
    "anchor",
    "export",
)
_OURS = {"level", "location", "message", "timestamp", "service", "packet", "sampling_rate", "correlation_id"}
_QUOTES = {"exception", "stack_trace"}  # the text of an error may quote what people said


@dataclass(frozen=True)
class Line:
    """One line of a function's log. `more` is what else it says: ids, codes and outcomes."""

    at: datetime
    function: str
    level: str
    message: str
    more: dict[str, Any]


def of_packet(connection: Connection, packet: str, since: datetime) -> list[Line]:
    """What all functions said of a packet since then, in order of time: a year of logs takes long to read."""
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda function: list(_said(connection, function, packet, since)), FUNCTIONS)
        return sorted((line for lines in found for line in lines), key=lambda line: line.at)


def last_error(connection: Connection, packet: str, since: datetime) -> dict[str, Any] | None:
    """The newest line since then in which a function says that it failed for a packet; None: there is none."""
    failed = [line for line in of_packet(connection, packet, since) if line.level == "ERROR"]
    if not failed:
        return None
    last = failed[-1]
    kind, where = last.more.get("error", ""), last.more.get("at")
    at = last.at.isoformat()
    return {"function": last.function, "at": at, "message": last.message, "error": kind, "where": where}


def _said(connection: Connection, function: str, packet: str, since: datetime) -> Iterator[Line]:
    group, start = f"/aws/lambda/{connection.target.stack}-{function}", int(since.timestamp() * 1000)
    asked: dict[str, Any] = {"logGroupName": group, "filterPattern": f'"{packet}"', "startTime": start}
    logs = connection.client("logs")
    with translated("CloudWatch Logs"), suppress(logs.exceptions.ResourceNotFoundException):
        for page in logs.get_paginator("filter_log_events").paginate(**asked):
            for event in page["events"]:
                if line := _read(event, function, packet):
                    yield line


def _read(event: dict[str, Any], function: str, packet: str) -> Line | None:
    """A line that is about the packet, and not about one whose name holds this one's."""
    try:
        told = json.loads(event["message"])
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("packet") != packet:
        return None
    more = {name: value for name, value in told.items() if name not in _OURS | _QUOTES}
    if told.get("location") and told.get("level") == "ERROR":
        more.setdefault("at", told["location"])
    if told.get("exception_name"):
        more.setdefault("error", more.pop("exception_name"))
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return Line(at, function, str(told.get("level", "")), str(told.get("message", "")), more)
