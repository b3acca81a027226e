"""Object storage alone is enough to apply: any S3 client, on the deployed stack, with real papers."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError
from kaigong.store.keys import is_due

from infra.local import Stack
from infra.local.paths import ROOT
from infra.samples import city_case, draw
from tests.gateway import Gateway, Notice
from tests.patience import eventually
from tests.rest import is_idle
from tests.unit.documents.raw import scan

CASE = city_case()


def _put(stack: Stack, key: str, content: bytes) -> None:
    stack.client("s3").put_object(Bucket=stack.bucket, Key=key, Body=content)


def _items(stack: Stack, packet: str, prefix: str) -> list[dict[str, Any]]:
    found = stack.client("dynamodb").query(
        TableName=stack.table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues={":pk": {"S": f"PACKET#{packet}"}, ":sk": {"S": prefix}},
        ConsistentRead=True,
    )
    return list(found["Items"])


def _manifest(packet: str, **changes: Any) -> bytes:
    content = {"schema": "kaigong/manifest/1", "packet": packet, **CASE.manifest()} | changes
    return json.dumps(content, ensure_ascii=False).encode()


def _topic(stack: Stack) -> str:
    topics = stack.client("sns").list_topics()["Topics"]
    return next(topic["TopicArn"] for topic in topics if topic["TopicArn"].endswith(f":{stack.stack}-notices"))


@pytest.fixture
def packet() -> str:
    return f"alone-{uuid4().hex[:12]}"


Client = Callable[[str], Any]


@pytest.fixture
def system(stack: Stack) -> Iterator[Callable[[str], Client]]:
    """A department's own system: clients with the rights that infra/partners gives, and no other."""
    iam, cloudformation = stack.client("iam"), stack.client("cloudformation")
    made: list[tuple[str, str, str]] = []

    def connected(department: str) -> Client:
        name = f"{stack.stack}-{department}-{uuid4().hex[:8]}"
        given = {"Stack": stack.stack, "Department": department}
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=(ROOT / "infra" / "partners" / "department.yaml").read_text(),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
        [policy] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
        iam.create_user(UserName=name)
        iam.attach_user_policy(UserName=name, PolicyArn=policy["OutputValue"])
        key = iam.create_access_key(UserName=name)["AccessKey"]
        made.append((name, policy["OutputValue"], key["AccessKeyId"]))
        session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=stack.region)
        return lambda service: session.client(service, endpoint_url=stack.endpoint_url)

    yield connected
    for name, policy, key in made:
        iam.delete_access_key(UserName=name, AccessKeyId=key)
        iam.detach_user_policy(UserName=name, PolicyArn=policy)
        iam.delete_user(UserName=name)
        cloudformation.delete_stack(StackName=name)


def _task(stack: Stack, sqs: Any, department: str, packet: str) -> tuple[dict[str, Any], Callable[[], None]] | None:
    """The department's task for this packet, and how it is taken off its queue."""
    for queue in (f"review-{department}-priority", f"review-{department}"):
        url = sqs.get_queue_url(QueueName=f"{stack.stack}-{queue}")["QueueUrl"]
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", ()):
            if (task := json.loads(message["Body"]))["packet"] == packet:
                return task, partial(sqs.delete_message, QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return None


def _answers(stack: Stack, client: Client, department: str, packet: str) -> None:
    """What README tells a department's system to do, with its own rights alone."""
    task, done = eventually(lambda: _task(stack, client("sqs"), department, packet))
    decision = {
        "schema": "kaigong/decision/1",
        "id": f"{task['review_id']}.{task['round']}",
        **{name: task[name] for name in ("packet", "review_id", "round", "reply_token")},
        "sent_at": datetime.now(UTC).isoformat(),
        "outcome": "approve",
        "officer": "部门业务系统",
    }
    client("sqs").send_message(QueueUrl=stack.queues["decisions"], MessageBody=json.dumps(decision))
    done()


def _may_nothing_else(stack: Stack, client: Client, department: str, packet: str) -> None:
    another = "water" if department == "telecom" else "telecom"
    paper = {"Bucket": stack.bucket, "Key": f"packets/{packet}/manifest.json"}
    key = {"pk": {"S": f"PACKET#{packet}"}, "sk": {"S": "HEADER"}}
    sqs = client("sqs")
    calls: tuple[Callable[[], Any], ...] = (
        lambda: client("s3").get_object(**paper),
        lambda: client("s3").put_object(**paper, Body=b"x"),
        lambda: client("dynamodb").get_item(TableName=stack.table, Key=key),
        lambda: client("sns").publish(TopicArn=_topic(stack), Message="x"),
        lambda: sqs.receive_message(QueueUrl=stack.queues[f"review-{another}"]),
        lambda: sqs.receive_message(QueueUrl=stack.queues["decisions"]),
        lambda: sqs.send_message(QueueUrl=stack.queues["credit"], MessageBody="{}"),
        lambda: sqs.send_message(QueueUrl=stack.queues["issue"], MessageBody="{}"),
    )
    for call in calls:
        with pytest.raises(ClientError, match=r"AccessDenied|AuthorizationError|not authorized"):
            call()


def test_nobody_but_the_functions_that_tell_people_publishes_a_notice(stack: Stack) -> None:
    with pytest.raises(ClientError, match="AuthorizationError"):
        stack.client("sns").publish(TopicArn=_topic(stack), Message="x")  # not even with every right of the account


@pytest.mark.usefixtures("desks")
def test_files_and_a_manifest_put_by_any_client_are_an_application_that_a_department_s_system_answers(
    stack: Stack, packet: str, system: Callable[[str], Client]
) -> None:
    sent: list[Notice] = []
    gateway = Gateway(stack.client("sns"), stack.client("sqs"), _topic(stack), f"{packet}-gateway", sent.append)
    for slot in CASE.materials:
        if slot not in CASE.promises:
            _put(stack, f"packets/{packet}/{slot}/1/我的+材料 100%.pdf", draw(slot, CASE.enterprise, CASE.project))
    _put(stack, f"packets/{packet}/manifest.json", _manifest(packet))
    [header] = eventually(lambda: _items(stack, packet, "HEADER"))
    assert header["status"]["S"] == "in-review"
    reviews = {item["matter"]["S"] for item in eventually(lambda: _items(stack, packet, "REVIEW#"))}
    assert reviews < set(CASE.matters)  # those with open prerequisites wait
    eventually(lambda: not any(is_due(item) for item in _items(stack, packet, "~LEDGER-OUTBOX#")))
    [told] = eventually(
        lambda: gateway.work() >= 0 and [notice for notice in sent if notice["packet"] == packet]  # others' as well
    )
    assert (told["kind"], told["link"].endswith(f"/packets/{packet}/notices/1")) == ("accepted", True)
    assert len(told["sms"]["zh"]) <= 70
    department = next(item["department"]["S"] for item in _items(stack, packet, "REVIEW#"))
    client = system(department)
    _answers(stack, client, department, packet)
    eventually(lambda: _items(stack, packet, "DECISION#") or _items(stack, packet, "~DECISION#"))
    _may_nothing_else(stack, client, department, packet)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"this is not JSON", "manifest-not-json"),
        (b'{"schema": "kaigong/manifest/1"}', "manifest-schema"),
    ],
)
def test_a_manifest_that_is_no_application_gets_a_written_refusal_beside_it(
    content: bytes, code: str, stack: Stack, packet: str
) -> None:
    _put(stack, f"packets/{packet}/manifest.json", content)
    [refusal] = eventually(lambda: _items(stack, packet, "REFUSAL#"))
    assert code in {reason["M"]["code"]["S"] for reason in refusal["reasons"]["L"]}
    written = stack.client("s3").get_object(Bucket=stack.bucket, Key=f"packets/{packet}/refusal.json")
    assert code in {reason["code"] for reason in json.loads(written["Body"].read())["reasons"]}


def test_unknown_codes_and_files_that_never_came_are_all_told_at_once(stack: Stack, packet: str) -> None:
    files = [
        {"slot": "drawings", "upload": "1", "name": "never.pdf"},
        {"slot": "no-slot", "upload": "1", "name": "x.pdf"},
    ]
    changes = {"matters": ["no-matter"], "promises": ["no-promise"], "commitments": [], "files": files}
    _put(stack, f"packets/{packet}/manifest.json", _manifest(packet, **changes))
    [refusal] = eventually(lambda: _items(stack, packet, "REFUSAL#"))
    codes = {reason["M"]["code"]["S"] for reason in refusal["reasons"]["L"]}
    assert codes == {"unknown-matter", "unknown-slot", "file-missing"}


def test_a_scan_of_200_megabytes_passes_without_being_read_whole(stack: Stack, packet: str, tmp_path: Path) -> None:
    scan(tmp_path / "scan.pdf", 400, 512 * 1024, together=True)
    stack.client("s3").upload_file(str(tmp_path / "scan.pdf"), stack.bucket, f"packets/{packet}/drawings/1/scan.pdf")
    [slot] = eventually(lambda: _items(stack, packet, "UPLOAD#drawings"))
    facts = slot["facts"]["M"]
    assert facts["opens"]["S"] == "yes"
    assert int(facts["bytes_read"]["N"]) < 8 * 1024 * 1024


def test_a_hostile_upload_gets_a_finding_and_no_dead_letter(stack: Stack, packet: str) -> None:
    _put(stack, f"packets/{packet}/drawings/1/..%2F..%2F%00.pdf", b"%PDF-1.7\n" + b"[" * 100_000)
    [slot] = eventually(lambda: _items(stack, packet, "UPLOAD#drawings"))
    assert slot["facts"]["M"]["opens"]["S"] == "no"


def test_the_watch_runs_under_its_own_role(stack: Stack) -> None:
    answer = stack.client("lambda").invoke(FunctionName=f"{stack.stack}-watch", Payload=b"{}")
    assert "FunctionError" not in answer
    assert set(json.loads(answer["Payload"].read())) == {"late", "announced"}


def test_credit_records_come_by_message_and_the_newest_published_counts(stack: Stack) -> None:
    uscc = "91411402MA" + uuid4().hex[:8].upper().translate(str.maketrans("IOSVZ", "12345"))

    def send(grade: str, published_at: str) -> None:
        body = {
            "schema": "kaigong/credit/1", "id": uuid4().hex, "uscc": uscc, "grade": grade,
            "valid_from": "2026-01-01T00:00:00+08:00", "valid_until": "2027-01-01T00:00:00+08:00",
            "published_at": published_at,
        }  # fmt: skip
        stack.client("sqs").send_message(QueueUrl=stack.queues["credit"], MessageBody=json.dumps(body))

    def grade() -> str | None:
        key = {"pk": {"S": f"CREDIT#{uscc}"}, "sk": {"S": "RECORD"}}
        item = stack.client("dynamodb").get_item(TableName=stack.table, Key=key, ConsistentRead=True).get("Item")
        return str(item["grade"]["S"]) if item else None

    send("AAA", "2026-02-01T00:00:00+08:00")
    eventually(lambda: grade() == "AAA")
    send("B", "2026-03-01T00:00:00+08:00")
    eventually(lambda: grade() == "B")
    send("AAA", "2026-02-01T00:00:00+08:00")  # late
    eventually(lambda: is_idle(stack, "credit"))
    assert grade() == "B"
