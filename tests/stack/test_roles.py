"""Each function can do what it must, and not what it must not: its role's own policy, enforced by local AWS."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local import Stack

FUNCTIONS = (
    "portal",
    "validate",
    "advance",
    "dispatch",
    "decide",
    "issue",
    "document",
    "credit",
    "supervise",
    "benefit",
)
FUNCTIONS += ("survey", "watch", "anchor", "daily", "export", "desk")
KEY = {"pk": {"S": "PACKET#role-test"}, "sk": {"S": "ROLE-TEST"}}  # of no kind: nothing wakes for it


@dataclass(frozen=True)
class Acting:
    """A client maker with the rights of one function's role, and nothing more."""

    stack: Stack
    session: boto3.Session

    def __call__(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.stack.endpoint_url, region_name=self.stack.region)


def _policies(stack: Stack, role: str) -> list[dict[str, Any]]:
    iam = stack.client("iam")
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn, ours = attached["PolicyArn"], attached["PolicyName"].startswith(f"{stack.stack}-SubnetRights-")
        assert ours, arn  # AWS's own would name every queue
        newest = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        documents.append(iam.get_policy_version(PolicyArn=arn, VersionId=newest)["PolicyVersion"]["Document"])
    return [json.loads(d) if isinstance(d, str) else d for d in documents]


@pytest.fixture(scope="module")
def acting(stack: Stack) -> Iterator[Callable[[str], Acting]]:
    """A user for each function, with the very policies of the function's role: roles can be assumed by Lambda alone."""
    iam, functions = stack.client("iam"), stack.client("lambda")
    users: dict[str, tuple[str, str, Acting]] = {}

    def act(function: str) -> Acting:
        if function not in users:
            found = functions.get_function_configuration(FunctionName=f"{stack.stack}-{function}")
            user = f"{stack.stack}-as-{function}-{uuid4().hex[:8]}"
            iam.create_user(UserName=user)
            for number, document in enumerate(_policies(stack, found["Role"].rpartition("/")[2])):
                iam.put_user_policy(UserName=user, PolicyName=f"p{number}", PolicyDocument=json.dumps(document))
            made = iam.create_access_key(UserName=user)["AccessKey"]
            session = boto3.Session(made["AccessKeyId"], made["SecretAccessKey"], region_name=stack.region)
            users[function] = (user, made["AccessKeyId"], Acting(stack, session))
        return users[function][2]

    yield act
    for user, access_key, _ in users.values():
        iam.delete_access_key(UserName=user, AccessKeyId=access_key)
        for name in iam.list_user_policies(UserName=user)["PolicyNames"]:
            iam.delete_user_policy(UserName=user, PolicyName=name)
        iam.delete_user(UserName=user)


Call = Callable[[Acting], Any]


def _get_paper(act: Acting) -> Any:
    return act("s3").get_object(Bucket=act.stack.bucket, Key="packets/role-test/drawings/u/x.pdf")


def _put_paper(act: Acting) -> Any:
    return act("s3").put_object(Bucket=act.stack.bucket, Key="packets/role-test/drawings/u/x.pdf", Body=b"x")


def _put_result(act: Acting) -> Any:
    return act("s3").put_object(Bucket=act.stack.bucket, Key="issued/role-test/joint-result.json", Body=b"x")


def _get_result(act: Acting) -> Any:
    return act("s3").get_object(Bucket=act.stack.bucket, Key="issued/role-test/joint-result.json")


def _sign_with_the_seal(act: Acting) -> Any:
    environment = act.stack.client("lambda").get_function_configuration(FunctionName=f"{act.stack.stack}-document")
    key = environment["Environment"]["Variables"]["SEAL_KEY_ID"]
    return act("kms").sign(KeyId=key, Message=b"0" * 32, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256")


def _query(act: Acting) -> Any:
    values = {":pk": KEY["pk"]}
    return act("dynamodb").query(
        TableName=act.stack.table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values
    )


def _get_item(act: Acting) -> Any:
    return act("dynamodb").get_item(TableName=act.stack.table, Key=KEY)


def _batch_get(act: Acting) -> Any:
    return act("dynamodb").batch_get_item(RequestItems={act.stack.table: {"Keys": [KEY]}})


def _put_item(act: Acting) -> Any:
    return act("dynamodb").put_item(TableName=act.stack.table, Item=KEY)


def _update_item(act: Acting) -> Any:
    return act("dynamodb").update_item(TableName=act.stack.table, Key=KEY)


def _delete_item(act: Acting) -> Any:
    return act("dynamodb").delete_item(TableName=act.stack.table, Key=KEY)


def _scan(act: Acting) -> Any:
    return act("dynamodb").scan(TableName=act.stack.table)


def _send(queue: str) -> Call:
    def send(act: Acting) -> Any:
        return act("sqs").send_message(QueueUrl=act.stack.queues[queue], MessageBody='{"packet": "role-test"}')

    send.__name__ = f"_send_to_{queue}"
    return send


def _receive(queue: str) -> Call:
    def receive(act: Acting) -> Any:
        return act("sqs").receive_message(QueueUrl=act.stack.queues[queue])

    receive.__name__ = f"_receive_from_{queue}"
    return receive


REFUSED: dict[str, list[Call]] = {
    "portal": [
        _update_item,
        _delete_item,
        _scan,
        _put_result,
        _send("issue"),
        _send("decisions"),  # the desk alone sends what officers decide, and takes what they are to decide
        _send("review-water"),
        _receive("decisions"),
        _receive("review-water"),
        _receive("review-water-priority"),
    ],
    "desk": [
        _update_item,
        _delete_item,
        _scan,
        _put_paper,
        _put_result,
        _get_result,
        _send("issue"),
        _send("review-water"),
        _receive("decisions"),
    ],
    "validate": [_update_item, _delete_item, _scan, _put_paper, _put_result, _send("review-water")],
    "advance": [_scan, _get_paper, _put_result, _send("review-water"), _send("decisions")],
    # It writes records beside packets alone, by a condition that the emulator does not know, as `anchor` writes seeds
    # and `watch` deletes drafts; `decide` counts officers' figures by one alike: test_function_rights.py.
    "dispatch": [_scan, _get_paper, _send("decisions"), _send("uploads")],
    "decide": [_query, _delete_item, _scan, _get_paper, _send("issue")],
    "issue": [_update_item, _delete_item, _scan, _get_paper, _put_paper, _send("issue")],
    "document": [_update_item, _delete_item, _scan, _get_paper, _put_paper, _send("decisions")],
    "credit": [_query, _get_item, _delete_item, _scan, _get_paper, _send("decisions")],
    "supervise": [
        _update_item,
        _delete_item,
        _scan,
        _get_paper,
        _put_result,
        _send("decisions"),
        _receive("decisions"),
    ],
    "benefit": [_update_item, _scan, _get_paper, _put_result, _send("decisions"), _send("advance")],
    "anchor": [_update_item, _delete_item, _scan, _get_paper, _put_result, _send("decisions")],
    "daily": [
        _update_item,
        _delete_item,
        _scan,
        _get_paper,
        _put_paper,
        _put_result,
        _send("decisions"),
        _send("advance"),
    ],
    "export": [_put_item, _update_item, _delete_item, _scan, _get_paper, _put_result, _send("decisions")],
    "survey": [_update_item, _delete_item, _scan, _get_paper, _put_result, _send("decisions")],
    "watch": [_update_item, _scan, _get_paper, _put_result, _send("review-water"), _send("decisions")],
}
OWN_QUEUE = {
    "validate": "uploads",
    "advance": "advance",
    "dispatch": "dispatch",
    "decide": "decisions",
    "issue": "issue",
    "document": "documents",
    "credit": "credit",
    "supervise": "findings",
    "benefit": "benefits",
    "daily": "daily",
}
for function, calls in REFUSED.items():
    calls += [_receive(queue) for queue in OWN_QUEUE.values() if queue != OWN_QUEUE.get(function)]
    calls += [_receive("review-water")] if function not in ("portal", "desk") else []
    calls += [_sign_with_the_seal] if function != "document" else []
ALLOWED: dict[str, Call] = {
    "portal": _put_item,
    "desk": _send("decisions"),
    "validate": _put_item,
    "advance": _query,
    "dispatch": _query,
    "decide": _get_item,
    "issue": _query,
    "document": _query,
    "credit": _put_item,
    "supervise": _put_item,
    "benefit": _put_item,
    "survey": _query,
    "watch": _query,
    "anchor": _batch_get,
    "daily": _query,
    "export": _query,
}


def test_every_function_of_the_template_is_tried(stack: Stack) -> None:
    found = stack.client("lambda").list_functions()["Functions"]
    names = {f["FunctionName"].removeprefix(f"{stack.stack}-") for f in found if stack.stack in f["FunctionName"]}
    assert names == set(FUNCTIONS) == set(REFUSED) == set(ALLOWED)


@pytest.mark.parametrize(
    ("function", "call"),
    [(f, call) for f, calls in REFUSED.items() for call in calls],
    ids=lambda v: getattr(v, "__name__", v),
)
def test_a_role_refuses_what_its_function_should_not_do(
    function: str, call: Call, acting: Callable[[str], Acting]
) -> None:
    with pytest.raises(ClientError) as refused:
        call(acting(function))
    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


def test_what_is_issued_or_anchored_is_deleted_by_nobody_and_overwritten_by_no_other_role(
    stack: Stack, acting: Callable[[str], Acting]
) -> None:
    """Not even by somebody with every right: the buckets' own policies deny it."""
    s3, iam, user = stack.client("s3"), stack.client("iam"), f"{stack.stack}-mighty-{uuid4().hex[:8]}"
    anchors = f"{stack.stack}-anchors-000000000000-{stack.region}"
    iam.create_user(UserName=user)
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=json.dumps(everything))
    made = iam.create_access_key(UserName=user)["AccessKey"]
    session = boto3.Session(made["AccessKeyId"], made["SecretAccessKey"], region_name=stack.region)
    mighty = session.client("s3", endpoint_url=stack.endpoint_url)
    try:
        for bucket, key in ((stack.bucket, "issued/role-test/joint-result.json"), (anchors, "parts/role-test.json")):
            kept = s3.put_object(Bucket=bucket, Key=key, Body=b"kept", ChecksumAlgorithm="SHA256")["VersionId"]
            for version in ({}, {"VersionId": kept}):
                with pytest.raises(ClientError) as refused:
                    mighty.delete_object(Bucket=bucket, Key=key, **version)
                assert refused.value.response["Error"]["Code"] == "AccessDenied"
            for function in set(FUNCTIONS) - {"issue", "anchor"}:
                with pytest.raises(ClientError) as refused:
                    acting(function)("s3").put_object(Bucket=bucket, Key=key, Body=b"other")
                assert refused.value.response["Error"]["Code"] == "AccessDenied"
            assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"kept"
    finally:
        iam.delete_access_key(UserName=user, AccessKeyId=made["AccessKeyId"])
        iam.delete_user_policy(UserName=user, PolicyName="all")
        iam.delete_user(UserName=user)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_what_its_function_does(function: str, acting: Callable[[str], Acting]) -> None:
    assert ALLOWED[function](acting(function))["ResponseMetadata"]["HTTPStatusCode"] == 200
