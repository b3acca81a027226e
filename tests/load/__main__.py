"""Hands in packets through object storage alone while departments answer twice or forget to delete, manifests come
before their papers, and for the first minute workers of functions are killed. Ends when every packet is issued, and
looks whether each was decided exactly once. Prints what it saw; exit code 1 where a packet was not.
"""

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from kaigong import catalog
from kaigong.domain.model.catalogue import Source
from kaigong.store.items import unpacked

from infra.local import Stack, down, paths, up
from infra.samples import city_case, draw
from tests.rest import comes_to_rest

STACK = "kaigong-load"
PROCESS, MATTERS = "general", ("soil-conservation", "drawing-review")
KILLING = 60.0  # seconds, from the first packet on
WITHIN = 20 * 60.0  # seconds without any packet getting further, after which it is given up
OWN = ("uploads", "advance", "dispatch", "decisions", "issue", "credit")


@dataclass
class Seen:
    """What happened on the way."""

    tasks: Counter[str] = field(default_factory=Counter)  # review and round: how often it was received
    answered_twice: int = 0
    left_undeleted: int = 0
    manifests_first: int = 0
    killed: Counter[str] = field(default_factory=Counter)


class Load:
    """A number of packets, the people round them, and what goes wrong."""

    def __init__(self, stack: Stack, number: int, seed: int, killing: float = KILLING) -> None:
        self.killing = killing
        self.stack, self.chance, self.seen = stack, random.Random(seed), Seen()  # noqa: S311 - a repeatable load
        self.names = [f"load-{uuid4().hex[:8]}-{n:05}" for n in range(number)]
        self.over = threading.Event()
        case, known = city_case(), catalog.load()
        self.case, self.departments = case, {known.matters[m].department for m in MATTERS}
        slots = {entry.material for m in MATTERS for entry in known.matters[m].materials}
        self.papers = {
            slot: draw(slot, case.enterprise, case.project)
            for slot in sorted(slots)
            if known.materials[slot].source is not Source.SHARED
        }

    # people

    def hand_in(self, packet: str) -> None:
        manifest = {
            "schema": "kaigong/manifest/1",
            "packet": packet,
            "process": PROCESS,
            "matters": MATTERS,
            "enterprise": self.case.enterprise.model_dump(mode="json", exclude_none=True),
            "project": self.case.project.model_dump(mode="json", exclude_none=True),
        }
        puts = [(f"{slot}/1/{slot}.pdf", content) for slot, content in self.papers.items()]
        self.chance.shuffle(puts)
        first = self.chance.random() < 0.3
        self.seen.manifests_first += first
        puts.insert(0 if first else len(puts), ("manifest.json", json.dumps(manifest, ensure_ascii=False).encode()))
        s3 = self.stack.client("s3")
        for name, content in puts:
            s3.put_object(Bucket=self.stack.bucket, Key=f"packets/{packet}/{name}", Body=content)

    def review(self, department: str) -> None:
        """A department's system, as careless as some are."""
        sqs = self.stack.client("sqs")
        while not self.over.is_set():
            for queue in (f"review-{department}-priority", f"review-{department}"):
                url = self.stack.queues[queue]
                got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=15)
                for message in got.get("Messages", ()):
                    task = json.loads(message["Body"])
                    if "withdrawn" not in task:
                        self._answer(task)
                    if self.chance.random() < 0.2:
                        self.seen.left_undeleted += 1  # it comes again, and is answered again
                    else:
                        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _answer(self, task: dict[str, Any]) -> None:
        self.seen.tasks[f"{task['review_id']}.{task['round']}"] += 1
        twice = self.chance.random() < 0.3
        self.seen.answered_twice += twice
        for _ in range(1 + twice):
            said = {
                "schema": "kaigong/decision/1",
                "id": uuid4().hex,
                "packet": task["packet"],
                "sent_at": datetime.now(UTC).isoformat(),
                "review_id": task["review_id"],
                "round": task["round"],
                "reply_token": task["reply_token"],
                "outcome": "approve",
                "officer": "审查员",
            }
            queue = self.stack.queues["decisions"]
            self.stack.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(said, ensure_ascii=False))

    # what goes wrong

    def kill(self) -> None:
        """Kill a worker of a function every second or two, for the first minute or as long as was asked."""
        end, folder = time.monotonic() + self.killing, str(paths.RUNS / self.stack.stack)
        while time.monotonic() < end and not self.over.is_set():
            time.sleep(self.chance.uniform(1, 2))
            workers = [
                (int(entry.name), line)
                for entry in Path("/proc").iterdir()
                if entry.name.isdigit() and folder in (line := _command(entry)) and "_worker.py" in line
            ]
            if workers:
                pid, line = self.chance.choice(workers)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.seen.killed[line.split(f"{self.stack.stack}-")[-1].split("-")[0]] += 1

    # the end

    def run(self) -> dict[str, Any]:
        """What was seen, once every packet is issued and no message is left."""
        began = time.monotonic()
        with ThreadPoolExecutor(4 + len(self.departments) + 1) as pool:
            around = [*(pool.submit(self.review, d) for d in sorted(self.departments)), pool.submit(self.kill)]
            try:
                list(pool.map(self.hand_in, self.names))
                handed_in = time.monotonic() - began
                self._until_issued()
                took = time.monotonic() - began
                comes_to_rest(self.stack)
            finally:
                self.over.set()
            for person in around:
                person.result()
        wrong = {packet: why for packet in self.names if (why := self._wrong(packet))}
        return {
            "packets": len(self.names),
            "papers": len(self.names) * len(self.papers),
            "seconds_handing_in": round(handed_in, 1),
            "seconds": round(took, 1),
            "tasks": len(self.seen.tasks),
            "tasks_received": sum(self.seen.tasks.values()),
            "answered_twice": self.seen.answered_twice,
            "left_undeleted": self.seen.left_undeleted,
            "manifests_first": self.seen.manifests_first,
            "killed": dict(self.seen.killed),
            "dead_letters": {queue: n for queue in OWN if (n := self.dead_letters(queue))},
            "wrong": wrong,
        }

    def _until_issued(self) -> None:
        left, last = set(self.names), time.monotonic()
        while left:
            time.sleep(2)
            done = {packet for packet in left if self._status(packet) == "issued"}
            if done:
                left, last = left - done, time.monotonic()
                print(f"{len(self.names) - len(left)} / {len(self.names)}", file=sys.stderr)
            if time.monotonic() > last + WITHIN:
                print(f"没有进展 / no progress: {sorted(left)[:10]}", file=sys.stderr)
                return

    def _status(self, packet: str) -> str:
        found = self.stack.client("dynamodb").get_item(TableName=self.stack.table, Key=_key(packet, "HEADER"))
        return str(found["Item"]["status"]["S"]) if "Item" in found else ""

    def dead_letters(self, queue: str) -> int:
        name = "ApproximateNumberOfMessages"
        url = self.stack.queues[f"{queue}-dlq"]
        found = self.stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])
        return int(found["Attributes"][name])

    def _wrong(self, packet: str) -> str:
        """Why a packet was not decided exactly once; empty: it was."""
        entries = self.stack.client("dynamodb").query(
            TableName=self.stack.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :ledger)",
            ExpressionAttributeValues={":pk": _key(packet, "")["pk"], ":ledger": {"S": "~LEDGER"}},
            ConsistentRead=True,
        )["Items"]
        changes = [json.loads(unpacked(entry["content"]["B"])) for entry in entries]
        events = [event for change in changes for event in change["entry"]["events"]]
        told = Counter(event["event"] for event in events)
        decided = Counter(event["matter"] for event in events if event["event"] == "decided")
        prefix = f"issued/{packet}/"
        versions = self.stack.client("s3").list_object_versions(Bucket=self.stack.bucket, Prefix=prefix)
        stored = Counter(version["Key"] for version in versions.get("Versions", ()))
        again = [key for key, times in stored.items() if times > 1]
        if self._status(packet) != "issued":
            return f"status {self._status(packet) or 'none'}"
        if decided != Counter(MATTERS) or told["result"] != 1 or told["issued"] != 1 or again:
            return f"decided {dict(decided)}, results {told['result']}, issued {told['issued']}, twice {again}"
        return ""


def _key(packet: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": f"PACKET#{packet}"}, "sk": {"S": sk}}


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_text()
    except OSError:
        return ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.load", description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=60, help="how many packets; 60")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    down(STACK, forget=True)
    try:
        found = Load(up(STACK, lambda line: print(line, file=sys.stderr)), asked.number, asked.seed).run()
    finally:
        down(STACK, forget=True)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 1 if found["wrong"] or found["dead_letters"] else 0


if __name__ == "__main__":
    sys.exit(main())
