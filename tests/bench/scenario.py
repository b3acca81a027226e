"""The packet that is measured: the city's case with nothing promised and nothing committed to, and no correction.

Every paper is uploaded, every matter goes to its department, every department approves. The papers come side by side,
the manifest right behind them, as `kaigong submit` does it. The departments answer one after another, each when all is
quiet: people decide hours apart, so no two of their decisions ever share a batch. That is the dearer case.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from botocore.exceptions import ClientError
from kaigong import catalog
from kaigong.domain.model.messages import CreditRecord, Outcome
from kaigong.domain.model.packet import JointResult
from kaigong.errors import KaigongError
from kaigong.store.items import unpacked
from kaigong.store.keys import is_due

from infra.command.client import Connection, departments, of_local, packets
from infra.local import Stack
from infra.samples import Case, city_case, write_packet

from .counting import APPLICANT, DEPARTMENT, Counter
from .scans import make_heavy

PATIENCE = 60.0  # seconds for any one step
QUIET = 0.5  # seconds without a request after which nothing more is expected
LOOK_EVERY = 0.05


class Wrong(KaigongError):
    """The packet did not become what it should have; what was measured is not what is claimed."""


@dataclass(frozen=True)
class Played:
    """What became of the packet."""

    packet: str
    papers: int
    bytes_uploaded: int
    matters: int
    tasks: int  # review tasks that departments received
    findings: int  # papers that were examined
    result: str  # code of the joint result
    seconds: float


def case() -> Case:
    return replace(city_case(), promises=(), commitments=())


def publish_credit(stack: Stack, counter: Counter) -> None:
    """The enterprise's rating is known before its packet comes: credit comes once for each enterprise, not packet."""
    now = datetime.now(UTC)
    record = CreditRecord(
        schema_="kaigong/credit/1",
        id=f"bench.{now:%Y%m%dT%H%M%S%f}",
        uscc=case().enterprise.uscc,
        grade="AAA",
        valid_from=now - timedelta(days=30),
        valid_until=now + timedelta(days=335),
        published_at=now,
    )
    body = record.model_dump_json(by_alias=True)
    stack.client("sqs").send_message(QueueUrl=stack.queues["credit"], MessageBody=body)
    key = {"pk": {"S": f"CREDIT#{record.uscc}"}, "sk": {"S": "RECORD"}}
    table = stack.client("dynamodb")
    _until("the credit record", lambda: "Item" in table.get_item(TableName=stack.table, Key=key))
    _quiet(counter)


def play(stack: Stack, counter: Counter, *, scanned: bool = False) -> Played:
    """One packet from its papers to its joint result; `scanned`: with papers as heavy as scans. Raises Wrong."""
    began = time.monotonic()
    asked, table = case(), _Table(stack)
    applicant, department = (_at(stack, counter.doors[caller]) for caller in (APPLICANT, DEPARTMENT))
    with TemporaryDirectory(prefix="kaigong-bench-") as folder:
        papers = write_packet(asked, Path(folder))
        if scanned:
            make_heavy(papers)
        prepared = packets.first(Path(folder), None, {})
        table.packet, size = prepared.packet, prepared.size
        packets.hand_in(applicant, prepared)
        _until("acceptance", lambda: table.status() is not None and table.delivered())
    tasks = 0
    while matters := table.open_reviews():
        for matter in matters:
            _quiet(counter)
            _approve(department, table, matter)
            tasks += 1
    _until("the joint result", lambda: table.status() == "issued" and table.delivered())
    _quiet(counter)
    played = Played(
        packet=prepared.packet,
        papers=len(prepared.papers),
        bytes_uploaded=size,
        matters=len(asked.matters),
        tasks=tasks,
        findings=len(table.named("UPLOAD#")),
        result=JointResult.model_validate_json(unpacked(table.named("RESULT")["RESULT"]["content"]["B"])).code,
        seconds=time.monotonic() - began,
    )
    _check(played)
    return played


def _check(played: Played) -> None:
    """Source: mission, "Facts from law and standards": code 11 is done (approved)."""
    found = (played.papers, played.findings, played.matters, played.tasks, played.result)
    if found != (14, 14, 9, 9, "11"):
        raise Wrong(
            f"测得的不是 14 份材料、9 个事项、结果 11：{found}",
            f"Not 14 papers examined for 9 matters with result 11, but {found}.",
        )


def _approve(connection: Connection, table: "_Table", matter: str) -> None:
    office, review = catalog.load().matters[matter].department, f"REVIEW#{matter}"
    received = next(departments.receive(connection, office, 1, wait=0), None)
    if received is None or received.task is None:
        raise Wrong(f"{office} 没有收到 {matter}。", f"{office} did not receive {matter}.")
    if (received.task.packet, received.task.matter) != (table.packet, matter):
        raise Wrong(f"{office} 的队列中不是 {matter}。", f"The queue of {office} holds another task than {matter}.")
    departments.decide(connection, received, departments.decision(received.task, Outcome.APPROVE, "性能测量"))
    _until(matter, lambda: table.named(review)[review]["state"]["S"] == "approved" and table.delivered())


def _at(stack: Stack, door: str) -> Connection:
    return Connection(of_local(stack.model_copy(update={"endpoint_url": door})))


class _Table:
    """Looks at the packet past the doors, so that looking is not counted."""

    def __init__(self, stack: Stack) -> None:
        self.packet = ""
        self._stack = stack

    def named(self, prefix: str) -> dict[str, dict[str, Any]]:
        """The packet's items whose sort key begins so, by it."""
        found = self._stack.client("dynamodb").query(
            TableName=self._stack.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": f"PACKET#{self.packet}"}, ":sk": {"S": prefix}},
        )
        return {item["sk"]["S"]: item for item in found["Items"]}

    def status(self) -> str | None:
        header = self.named("HEADER").get("HEADER")
        return header["status"]["S"] if header else None

    def delivered(self) -> bool:
        """Whether nothing waits to be delivered."""
        return not any(is_due(item) for item in self.named("~LEDGER-OUTBOX#").values())

    def open_reviews(self) -> list[str]:
        return [sk.partition("#")[2] for sk, item in self.named("REVIEW#").items() if item["state"]["S"] == "open"]


def _quiet(counter: Counter) -> None:
    seen, since = len(counter.requests()), time.monotonic()
    while time.monotonic() - since < QUIET:
        time.sleep(LOOK_EVERY)
        if (now := len(counter.requests())) != seen:
            seen, since = now, time.monotonic()


def _until(what: str, reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with suppress(ClientError):  # the emulator is busy; the deadline holds
            if reached():
                return
        if time.monotonic() > deadline:
            raise Wrong(f"等了 {PATIENCE:.0f} 秒仍没有：{what}", f"Not there after {PATIENCE:.0f} seconds: {what}")
        time.sleep(LOOK_EVERY)
