"""What the deployed functions did: their invocations, batches, time, processor time and logs."""

import os
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local import Stack
from infra.local.emulator import Emulator

_BATCH = re.compile(r"ESM: Lambda (?P<function>\S+) processed (?P<size>\d+) (?P<kind>SQS|DynamoDB)")
_FAILED = re.compile(r"ESM: Lambda (?P<function>\S+) failed|partial failures|put on the queue to be tried again")
_TOOK = re.compile(r"^REPORT .*?Duration: (?P<ms>[\d.]+) ms")
_TICK = os.sysconf("SC_CLK_TCK")
_HELD: list[Any] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
LOOK_EVERY = 0.2  # seconds
SHOWN = 400  # characters of a failure: its kind, not its whole trace


@dataclass
class Work:
    """What one function did during a measurement."""

    name: str
    memory: int  # MB
    from_queue: list[int] = field(default_factory=list)  # messages of each batch
    from_stream: list[int] = field(default_factory=list)
    took: list[float] = field(default_factory=list)  # ms of each invocation, here
    cpu: float = 0.0  # seconds of processor time, children included
    log_bytes: int = 0

    @property
    def invocations(self) -> int:
        """Those that an event source made are counted one by one; a direct call leaves its report alone."""
        return len(self.from_queue) + len(self.from_stream) or len(self.took)


class Functions:
    """The functions of a stack. `mark` begins a measurement, `since_mark` ends it."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._lambda = stack.client("lambda")
        configurations = self._lambda.list_functions()["Functions"]
        self.configurations = {
            c["FunctionName"].removeprefix(f"{stack.stack}-"): c
            for c in configurations
            if c["FunctionName"].startswith(f"{stack.stack}-")
        }
        self._log = Emulator(stack.stack).log
        self._at, self._cpu, self._seen = 0, dict[str, float](), dict[str, int]()

    def go_through(self, doors: dict[str, str]) -> None:
        """Have each function find AWS at its own door.

        S3's test event is under way behind a deployment; a change of the configuration would kill the process that
        starts for it.
        """
        self._idle()
        for name, configuration in self.configurations.items():
            variables = configuration["Environment"]["Variables"] | {"AWS_ENDPOINT_URL": doors[name]}
            self._lambda.update_function_configuration(
                FunctionName=configuration["FunctionName"], Environment={"Variables": variables}
            )

    def _idle(self) -> None:
        sqs = self._stack.client("sqs")
        for url in sqs.list_queues(QueueNamePrefix=f"{self._stack.stack}-uploads").get("QueueUrls", ()):
            while any(map(int, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=_HELD)["Attributes"].values())):
                time.sleep(LOOK_EVERY)

    def run(self, name: str) -> None:
        """Call a function as the schedule does."""
        self._lambda.invoke(FunctionName=self.configurations[name]["FunctionName"], Payload=b"{}")

    def mark(self) -> None:
        self._at = self._log.stat().st_size
        self._cpu = self._processor_time()
        self._seen = {name: len(self._events(name)) for name in self.configurations}

    def since_mark(self) -> dict[str, Work]:
        """What every function did since the mark, by its short name."""
        works = {name: Work(name, c["MemorySize"]) for name, c in self.configurations.items()}
        cpu = self._processor_time()
        for name, work in works.items():
            work.cpu = cpu.get(name, 0.0) - self._cpu.get(name, 0.0)
            messages = [str(event["message"]) for event in self._events(name)[self._seen[name] :]]
            work.log_bytes = sum(len(message.encode()) for message in messages)
            work.took = [float(found["ms"]) for found in map(_TOOK.match, messages) if found]
        for found in _BATCH.finditer(self._log_since_mark()):
            if work_ := works.get(found["function"].removeprefix(f"{self._stack.stack}-")):
                batches = work_.from_queue if found["kind"] == "SQS" else work_.from_stream
                batches.append(int(found["size"]))
        return works

    def failures(self) -> list[str]:
        """What the emulator's log says since the mark of batches that failed; the start of each line."""
        return [line[:SHOWN] for line in self._log_since_mark().splitlines() if _FAILED.search(line)]

    def _log_since_mark(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._at)
            return log.read().decode(errors="replace")

    def _events(self, name: str) -> list[dict[str, Any]]:
        logs, group = self._stack.client("logs"), f"/aws/lambda/{self._stack.stack}-{name}"
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event for page in pages for event in page["events"]]

    def _processor_time(self) -> dict[str, float]:
        """Seconds of each function's processes so far, with those of the children that have ended. Linux only."""
        parents, functions = {}, {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environment = (process / "environ").read_bytes().split(b"\0")
                values = (process / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended, or is somebody else's
                continue
            variables = dict(entry.partition(b"=")[::2] for entry in environment)
            if variables.get(b"STACK_NAME", b"").decode() == self._stack.stack:
                name = variables.get(b"AWS_LAMBDA_FUNCTION_NAME", b"").decode()
                functions[process.name] = name.removeprefix(f"{self._stack.stack}-")
                parents[process.name] = (values[1], sum(map(int, values[11:15])) / _TICK)
        seconds: dict[str, float] = defaultdict(float)
        for process_id, name in functions.items():
            parent, used = parents[process_id]
            if parent not in functions:  # a child of a worker is counted by the worker when it ends
                seconds[name] += used
        return dict(seconds)
