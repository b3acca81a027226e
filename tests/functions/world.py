"""A small AWS round the handlers: moto holds the state, this module delivers events the way AWS does.

It knows the template's event sources (filters of the stream readers, which queue wakes which function) and can let a
function die just before or just after any of its calls, deliver every event twice, or deliver events in any order.
The people of the story (applicant, departments) act whenever nothing is left to deliver, and never die.
"""

import hashlib
import importlib
import json
import pickle
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import boto3
import botocore.client
import pytest
import yaml
from kaigong.domain.flow.intermediaries import records as by_packet
from kaigong.domain.model.facts import Facts, Kind, Opens, Seal, SealState
from kaigong.domain.model.packet import Act, Packet
from kaigong.domain.model.supervision import SupervisionRecord
from kaigong.examine.pipeline import CopyKind
from kaigong.store import acts, benefits, desk, intermediaries, keys, packets, supervision
from kaigong.store.items import to_attributes
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.s3.models import FakeKey, s3_backends
from moto.sqs.models import sqs_backends

from tests.rights import roles

from .figures import counters, miscounted
from .pool import POOL
from .quick import speed_up

ROOT = Path(__file__).parents[2]
STACK = "kaigong-moto"
REGION = "eu-west-1"
QUEUE_URL_BASE = f"https://sqs.{REGION}.amazonaws.com/123456789012/{STACK}-"
FUNCTIONS_OF_QUEUES = {
    "uploads": "validate",
    "decisions": "decide",
    "issue": "issue",
    "documents": "document",
    "credit": "credit",
    "findings": "supervise",
    "benefits": "benefit",
    "daily": "daily",
    "advance": "advance",
    "dispatch": "dispatch",
}
READS = ("GetItem", "BatchGetItem", "Query", "GetObject", "HeadObject", "ListObjectsV2", "ListObjectVersions")
DEPLOYED = roles.deployment(REGION, "123456789012", STACK)
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "TABLE_NAME": f"{STACK}-packets",
    "BUCKET_NAME": f"{STACK}-papers",
    "STACK_NAME": STACK,
    "QUEUE_URL_BASE": QUEUE_URL_BASE,
    "NOTICES_TOPIC_ARN": f"arn:aws:sns:{REGION}:123456789012:{STACK}-notices",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_LOG_LEVEL": "WARNING",
    **POOL,
    "DROPPERS": "*=*",  # whoever puts a manifest there; test_dropping.py has somebody be somebody
    "QUIET_SECONDS": "0",  # an incomplete folder is judged at once; test_folders.py waits
    "RATE_LIMITS": "false",  # tests ask faster than people; test_limits.py switches them on
}


# Whose role calls to AWS are held against while something is asked of the API: that of the function which answers.
asked: ContextVar[str] = ContextVar("asked", default="")


class Died(BaseException):
    """The function's process is gone: nothing in it can catch this."""


class _CloudFormation(yaml.CSafeLoader):
    """Reads the template, intrinsic functions and all."""


def _intrinsic(loader: yaml.CSafeLoader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


_CloudFormation.add_multi_constructor("!", _intrinsic)


@cache
def resources() -> dict[str, Any]:
    """The template's resources, as they are written."""
    return dict(yaml.load((ROOT / "template.yaml").read_text(), _CloudFormation)["Resources"])  # noqa: S506 - a SafeLoader


@cache
def stream_filters() -> dict[str, list[dict[str, Any]]]:
    """The stream readers of the template and the records that wake them."""
    found = {}
    for resource in resources().values():
        if not isinstance(resource, dict) or resource.get("Type") != "AWS::Serverless::Function":
            continue
        for event in resource["Properties"].get("Events", {}).values():
            if event["Type"] == "DynamoDB":
                name = resource["Properties"]["Handler"].split(".")[-2]
                patterns = event["Properties"]["FilterCriteria"]["Filters"]
                found[name] = [json.loads(p["Pattern"]) for p in patterns]
    return found


def _wakes(record: dict[str, Any], pattern: dict[str, Any]) -> bool:
    prefixes = [rule["prefix"] for rule in pattern["dynamodb"]["Keys"]["sk"]["S"]]
    sk = record["dynamodb"]["Keys"]["sk"]["S"]
    return record["eventName"] in pattern["eventName"] and any(sk.startswith(p) for p in prefixes)


@dataclass
class Delivery:
    """One batch on its way to a function."""

    function: str
    records: list[dict[str, Any]]


@dataclass
class Faults:
    """What goes wrong. `fork` is told of every AWS call of a function, before and after it takes effect, and whether
    it was one that changes anything. `lose` is told of every new item by its sort key, and says whether the stream's
    event of it is lost.
    """

    fork: Callable[[str, int, bool], None] | None = None
    lose: Callable[[str], bool] | None = None
    twice: bool = False
    shuffle: random.Random | None = None


@dataclass
class World:
    """State lives in moto; this holds what is in flight, and what came out."""

    faults: Faults = field(default_factory=Faults)
    waiting: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # function: records not delivered yet
    tasks: list[dict[str, Any]] = field(default_factory=list)  # review tasks as departments received them
    withdrawn: list[dict[str, Any]] = field(default_factory=list)  # tasks that were taken back, likewise
    supervised: list[dict[str, Any]] = field(default_factory=list)  # supervision tasks, likewise
    breaches: list[dict[str, Any]] = field(default_factory=list)  # what the credit platform was told
    queues_used: Counter[str] = field(default_factory=Counter)
    notices: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)  # messages that ask for them
    calls: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)  # the functions that run, the one that began last at the end
    clock: int = 0
    uploads: int = 0
    puts: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    death: tuple[int, str] | None = None
    again: list[str] = field(default_factory=list)  # functions whose messages came again: they died, or failed
    workers: int = 1  # how many get each batch, at the same time

    @contextmanager
    def inside(self, function: str) -> Iterator[None]:
        """Meanwhile calls to AWS are this function's: they are counted, and what they write wakes others. Several
        threads may be inside at once: what one of them leaves does not end for the others.
        """
        with self.lock:
            self.within.append(function)
        try:
            yield
        finally:
            with self.lock:
                last = len(self.within) - 1 - self.within[::-1].index(function)
                del self.within[last]

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Meanwhile calls to AWS are the test's own: inside a function, too, it may look at everything."""
        within, self.within = self.within, []
        try:
            yield
        finally:
            self.within = within

    # what people do

    def upload(self, packet: str, slot: str, content: bytes, name: str = "材料 +1%.pdf", upload: str = "") -> None:
        self.uploads += 1
        self._put(f"packets/{packet}/{slot}/{upload or f'u{self.uploads}'}/{name}", content)

    def submit(self, manifest: dict[str, Any]) -> None:
        body = json.dumps(manifest, ensure_ascii=False).encode()
        self._put(f"packets/{manifest['packet']}/manifest.json", body)

    def send(self, queue: str, body: dict[str, Any]) -> None:
        self._arrived(queue, json.dumps(body))

    def record(self, packet: str, act: Act) -> None:
        """What the portal records when a person does something; the table's stream tells of it."""
        if acts.record(packet, act) is None:
            self._streamed("INSERT", to_attributes({"pk": keys.packet_pk(packet), "sk": keys.act_sk(act.name)}))

    def _put(self, key: str, content: bytes) -> None:
        self.puts += 1
        self.passes(timedelta(seconds=1))  # storage tells whole seconds: what comes later is so there too
        put = boto3.client("s3").put_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key=key, Body=content)
        self.announce(key, put["VersionId"], put["ETag"].strip('"'), len(content), f"{self.puts:016X}")

    def passes(self, time: timedelta) -> None:
        """Every version that lies in object storage is older by `time`."""
        keys_of = s3_backends["123456789012"]["aws"].buckets[ENVIRONMENT["BUCKET_NAME"]].keys
        for version in [each for _, versions in keys_of.lists() for each in versions]:
            version.last_modified -= time

    def announce(self, key: str, version: str, etag: str, size: int, time: str, sequencer: str | None = None) -> None:
        """S3's message on an object. `time` orders uploads; another sequencer is given for one found much later."""
        obj = {"key": quote_plus(key), "size": size, "eTag": etag, "versionId": version}
        obj["sequencer"] = time if sequencer is None else sequencer
        at = datetime.now(UTC) if sequencer is None else datetime(2026, 3, 6, tzinfo=UTC)
        record = {"eventName": "ObjectCreated:Put", "eventTime": at.isoformat(), "s3": {"object": obj}}
        self._arrived("uploads", json.dumps({"Records": [record]}))

    # what AWS does

    def _arrived(self, queue: str, body: str) -> None:
        """A message on one of the system's own queues, or on a department's."""
        self.queues_used[queue] += 1
        if queue.startswith("review-"):
            task = json.loads(body)
            (self.withdrawn if "withdrawn" in task else self.tasks).append(task)
            return
        if queue.startswith("supervision-") or queue == "breaches":
            (self.breaches if queue == "breaches" else self.supervised).append(json.loads(body))
            return
        with self.lock:
            self.clock += 1
            record = {
                "messageId": f"m-{self.clock}",
                "receiptHandle": "r",
                "body": body,
                "attributes": {},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:{STACK}-{queue}",
                "awsRegion": REGION,
            }
            if queue == "documents":  # a second each: only those who ask for them have documents made
                self.documents.append(record)
                return
            self.waiting.setdefault(FUNCTIONS_OF_QUEUES[queue], []).append(record)

    def make_documents(self) -> None:
        """Deliver what asks for documents, and what comes of that."""
        ordered, self.documents = self.documents, []
        for record in ordered:
            self.deliver(Delivery("document", [record]))
        self.run()

    def _streamed(self, event_name: str, key: dict[str, Any]) -> None:
        record = {"eventName": event_name, "eventSource": "aws:dynamodb", "dynamodb": {"Keys": key}}
        if self.faults.lose and event_name != "REMOVE" and self.faults.lose(key["sk"]["S"]):
            return
        with self.lock:
            for function, patterns in stream_filters().items():
                if any(_wakes(record, pattern) for pattern in patterns):
                    self.waiting.setdefault(function, []).append(record)

    def call(self, original: Callable[..., Any], api: Any, operation: str, request: dict[str, Any]) -> Any:
        """Every AWS call of a function goes through here; its effects are seen and its moments of death are offered."""
        with self.lock:  # moto itself is not made for threads
            if function := asked.get() or (self.within[-1] if self.within else ""):
                roles.check(function, api.meta.service_model.service_name, operation, request, DEPLOYED)
            if not self.within:
                return original(api, operation, request)
            number = len(self.calls)
            self.calls.append(f"{self.within[-1]}:{api.meta.service_model.service_name}.{operation}")
        self._moment("before", number, operation)
        with self.lock:
            before = _items(operation, request)
            answer = original(api, operation, request)
            self._effects(operation, request, before)
        self._moment("after", number, operation)
        return answer

    def _moment(self, moment: str, number: int, operation: str) -> None:
        if self.faults.fork:
            self.faults.fork(moment, number, operation not in READS)
        if self.death == (number, moment):
            self.death = None
            raise Died

    def _effects(self, operation: str, request: dict[str, Any], before: dict[str, Any]) -> None:
        if operation in WRITES:
            after = _items(operation, request)
            for name, (key, item) in after.items():
                old = before[name][1]
                if item != old:
                    self._streamed("INSERT" if old is None else "MODIFY" if item else "REMOVE", key)
        elif operation == "SendMessageBatch":
            for entry in request["Entries"]:
                self._arrived(request["QueueUrl"].removeprefix(QUEUE_URL_BASE), entry["MessageBody"])
        elif operation == "PublishBatch":
            self.notices += [json.loads(entry["Message"]) for entry in request["PublishBatchRequestEntries"]]
        elif operation == "PutObject" and request["Key"].startswith("packets/"):
            self._arrived("uploads", json.dumps({"Records": [_refusal_announced(request["Key"])]}))

    def run(self, limit: int = 2000) -> None:
        """Deliver until nothing is left."""
        for _ in range(limit):
            delivery = self._next()
            if delivery is None:
                return
            self.deliver(delivery)
        raise AssertionError("events go on for ever")

    def deliver_to(self, *functions: str) -> None:
        """Deliver what waits for these functions now, and nothing else."""
        for function in functions:
            records, self.waiting[function] = self.waiting.get(function, []), []
            for record in records:
                self.deliver(Delivery(function, [record]))

    def _next(self) -> Delivery | None:
        functions = [name for name, records in self.waiting.items() if records]
        if not functions:
            return None
        chance = self.faults.shuffle
        if chance is None:
            function = functions[0]
            size = 10
        else:
            function = chance.choice(functions)
            size = chance.randint(1, 10)
            if not self._is_stream(function):
                chance.shuffle(self.waiting[function])
        records = self.waiting[function]
        source = records[0]["eventSource"]  # a batch comes from one event source
        batch = [r for r in records if r["eventSource"] == source][:size]
        self.waiting[function] = [r for r in records if not any(r is b for b in batch)]
        return Delivery(function, batch)

    def _is_stream(self, function: str) -> bool:
        return function in stream_filters()

    def deliver(self, delivery: Delivery) -> None:
        """Invoke a function; what it did not finish comes again, as AWS would bring it."""
        for _ in range(2 if self.faults.twice else 1):
            again = self._invoke(delivery)
            if again:
                self.again.append(delivery.function)
                self.waiting.setdefault(delivery.function, []).extend(again)
                return

    def _invoke(self, delivery: Delivery) -> list[dict[str, Any]]:
        handler = importlib.import_module(f"kaigong.handlers.{delivery.function}").handler
        event = json.dumps({"Records": delivery.records})
        try:
            with self.inside(delivery.function):
                answers = self._answers(handler, event)
        except Died:
            return delivery.records
        failed = {failure["itemIdentifier"] for answer in answers for failure in answer["batchItemFailures"]}
        return [r for r in delivery.records if r.get("messageId") in failed]

    def _answers(self, handler: Callable[..., dict[str, Any]], event: str) -> list[dict[str, Any]]:
        """What each worker answers. A single one stays in this thread, so that its death is seen here."""
        if self.workers == 1:
            return [handler(json.loads(event), Context())]
        with ThreadPoolExecutor(self.workers) as pool:
            running = [pool.submit(handler, json.loads(event), Context()) for _ in range(self.workers)]
            return [worker.result() for worker in running]


class Context:
    function_name = "test"
    memory_limit_in_mb = 256
    invoked_function_arn = f"arn:aws:lambda:{REGION}:123456789012:function:test"
    aws_request_id = "test"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def _refusal_announced(key: str) -> dict[str, Any]:
    obj = {"key": quote_plus(key), "size": 1, "eTag": "e", "versionId": "v", "sequencer": "0F"}
    return {"eventName": "ObjectCreated:Put", "eventTime": "2026-03-06T01:00:00+00:00", "s3": {"object": obj}}


def _items(operation: str, request: dict[str, Any]) -> dict[str, Any]:
    """The items that a write touches, as they are now: {name: (key, item or None)}."""
    if operation not in WRITES:
        return {}
    writes = [next(iter(w.values())) for w in request["TransactItems"]] if "TransactItems" in request else [request]
    found = {}
    for write in writes:
        source = write.get("Key") or write["Item"]
        key = {"pk": source["pk"], "sk": source["sk"]}
        found[json.dumps(key)] = (key, _table_item(write["TableName"], key))
    return found


def _table_item(table: str, key: dict[str, Any]) -> str | None:
    items = dynamodb_backends["123456789012"][REGION].tables[table].items
    item = items.get(DynamoType(key["pk"]), {}).get(DynamoType(key["sk"]))
    return json.dumps(item.to_json(), sort_keys=True, default=str) if item else None


def prepare(patch: pytest.MonkeyPatch) -> None:
    """What every world needs of this process, before it is built."""
    from kaigong.handlers import validate

    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)
    patch.setattr(validate, "examine", canned)
    patch.setattr(validate, "copy_of", canned_copy)
    patch.setattr(desk, "LONG_POLL", 0)  # moto asks all of its one server at once
    patch.setattr("secrets.token_hex", lambda size: "5eed" * (size // 2))  # whom a day's draw meets is always the same
    speed_up()


def encrypted(patch: pytest.MonkeyPatch) -> None:
    """S3 as with a key of the city's (SSE-KMS): what it calls an object by tells nothing of its bytes."""

    def called(key: FakeKey) -> str:
        return f'"{hashlib.sha256(str(key.version_id).encode()).hexdigest()[:32]}"'

    patch.setattr(FakeKey, "etag", property(called))


@contextmanager
def watched(world: World) -> Iterator[World]:
    """Route every boto3 call through the world."""
    original = botocore.client.BaseClient._make_api_call

    def call(api: Any, operation: str, request: dict[str, Any]) -> Any:
        return world.call(original, api, operation, request)

    botocore.client.BaseClient._make_api_call = call
    try:
        yield world
    finally:
        botocore.client.BaseClient._make_api_call = original


def kept(world: World) -> bytes:
    """A world and what moto holds for it, to be had again by `put_back` in a stack that was just built."""
    ours = {name: value for name, value in vars(world).items() if name != "lock"}
    messages = {name: queue._messages for name, queue in _backend(sqs_backends).queues.items()}
    s3 = s3_backends["123456789012"]["aws"]
    return pickle.dumps((ours, messages, _backend(dynamodb_backends).tables, s3.buckets, s3.tagger))


def put_back(state: bytes) -> World:
    ours, messages, tables, buckets, tagger = pickle.loads(state)  # noqa: S301 - of this process
    for name, queue in _backend(sqs_backends).queues.items():
        queue._messages = messages[name]
    s3 = s3_backends["123456789012"]["aws"]
    _backend(dynamodb_backends).tables, s3.buckets, s3.tagger = tables, buckets, tagger
    return World(**ours)


def once(play: Callable[[World], None]) -> Callable[[World], None]:
    """A play whose end an empty world gets: it is played once a process, and then put back. So it must not hang on what
    a test has changed.
    """
    states: list[bytes] = []

    @wraps(play)
    def played(world: World) -> None:
        assert not world.clock, "this world is not empty: put back, the play would end what is in it"
        if states:
            back = vars(put_back(states[0]))
            vars(world).update({name: value for name, value in back.items() if name not in ("faults", "lock")})
        else:
            play(world)
            states.append(kept(world))

    return played


def _backend(backends: Any) -> Any:
    return backends["123456789012"][REGION]


def build() -> None:
    """The stack's stateful parts, in moto."""
    s3, ddb, sns = (boto3.client(name) for name in ("s3", "dynamodb", "sns"))
    bucket = ENVIRONMENT["BUCKET_NAME"]
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    indexes = {"applicant": "gsi1", "department": "gsi2", "due": "gsi3"}
    desk = ["round", "state", "due", "pauses", "until", "officer", "by", "gsi2about"]
    included = {"department": {"ProjectionType": "INCLUDE", "NonKeyAttributes": desk}}
    ddb.create_table(
        TableName=ENVIRONMENT["TABLE_NAME"],
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema("pk", "sk"),
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("pk", "sk", *(f"{i}{part}" for i in indexes.values() for part in ("pk", "sk")))
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": name,
                "KeySchema": _schema(f"{prefix}pk", f"{prefix}sk"),
                "Projection": included.get(name, {"ProjectionType": "KEYS_ONLY"}),
            }
            for name, prefix in indexes.items()
        ],
    )
    from kaigong.catalog import load

    departments = [f"review-{d}{p}" for d in load().departments for p in ("", "-priority")]
    departments += ["breaches", *(f"supervision-{d}" for d in load().departments)]
    queues = sqs_backends["123456789012"][REGION]  # asked directly: by requests they take longer than most tests
    for queue in (*FUNCTIONS_OF_QUEUES, *departments):
        queues.create_queue(f"{STACK}-{queue}")
    sns.create_topic(Name=f"{STACK}-notices")


def _schema(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


SIGNED = Seal(state=SealState.UNTRUSTED, signer="样例测绘院", signed_at=datetime(2026, 3, 5, 8, tzinfo=UTC))


def canned(source: Any, **_: Any) -> Facts:
    """Examination by the content's first word: the real one has its own tests, and takes a process each."""
    content = source.read(0, source.size)
    if content.startswith((b"good", b"signed")):
        text = "商丘样例生物科技有限公司91411402ma0kg0002n"
        return Facts(
            kind=Kind.PDF,
            size=source.size,
            opens=Opens.YES,
            pages=1,
            text_on_page_1=True,
            text=text,
            blank_pages=0,
            all_pages_blank=False,
            seals=(SIGNED,) if content.startswith(b"signed") else (),
            bytes_read=len(content),
            requests=1,
        )
    if content.startswith(b"ofd"):
        seal = Seal(state=SealState.UNKNOWN, signer="样例规划设计院")
        text = "水土保持方案"
        return Facts(
            kind=Kind.OFD, size=source.size, opens=Opens.YES, pages=1, text_on_page_1=True, text=text, seals=(seal,)
        )
    return Facts(kind=Kind.PDF, size=source.size, opens=Opens.NO, damaged=True, bytes_read=len(content), requests=1)


def canned_copy(source: Any, _: Facts) -> tuple[CopyKind, bytes] | None:
    return ("pdf", b"%PDF-1.7 a copy") if source.read(0, source.size).startswith(b"ofd to be drawn") else None


def end_of(world: World, packet_id: str) -> dict[str, Any]:
    """What must be the same however the run went: the packet's state and what went out, without times and tokens."""
    packet = packets.load_shown(packet_id)
    return {
        "header": _header(packet),
        "reviews": {m: (r.state.value, r.round) for m, r in sorted(packet.reviews.items())},
        "papers": {s: [(p.key, p.round) for p in found] for s, found in sorted(packet.papers.by_slot.items())},
        "gaps": {s: g.open for s, g in sorted(packet.gaps.items())},
        "commitments": sorted(packet.commitments),
        "pauses": {m: [(p.kind, p.until is None) for p in r.pauses] for m, r in sorted(packet.reviews.items())},
        "visits": {n: (sorted(v.asked), v.held_at is None) for n, v in sorted(packet.visits.items())},
        "acts": sorted(packet.acts) and sorted(packet.header.acts if packet.header else ()),
        "decisions": {f"{m}#{r}": d.outcome.value for (m, r), d in sorted(packet.decisions.items())},
        "notices": sorted((n.kind.value, n.round, len(n.items)) for n in packet.notices.values()),
        "result": packet.result and [(m.matter, m.code.value) for m in packet.result.matters],
        "issued": packet.issued is not None,
        "intermediaries": intermediaries.of(by_packet(packet)),
        "outbox": sorted(packet.outbox),
        "benefits": {p: (b.state.value, b.worth) for p, b in sorted(benefits.of(packet_id).items())},
        "supervision": {m: _supervised(r) for m, r in sorted(supervision.of(packet_id).items())},
        "breaches": sorted({b["id"] for b in world.breaches}),
        "tasks": sorted({(t["review_id"], t["round"]) for t in world.tasks}),
        "notices sent": sorted(Counter(kind for _, kind in {(n["id"], n["kind"]) for n in world.notices}).items()),
        "documents": _issued_documents(packet_id),
        "figures": {name: n for one in counters().values() for name, n in one.items() if not name.count(":")},
        "miscounted": miscounted(),
    }


def _supervised(record: SupervisionRecord) -> Any:
    """A record without times and tokens, and what its chance was."""
    found = [(f.outcome.value, f.heard and f.heard.stands) for f in record.findings]
    return record.state.value, record.ending and record.ending.value, found


def _header(packet: Packet) -> Any:
    h = packet.header
    return h and (h.status.value, h.round, h.channel.value, {m: r.value for m, r in packet.routes.items()})


def _issued_documents(packet_id: str) -> list[tuple[str, int]]:
    listed = boto3.client("s3").list_object_versions(Bucket=ENVIRONMENT["BUCKET_NAME"], Prefix=f"issued/{packet_id}/")
    return sorted(Counter(version["Key"] for version in listed.get("Versions", ())).items())
