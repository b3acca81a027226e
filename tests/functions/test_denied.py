"""What is not there, where S3 answers "denied": so it does for who may list names of some beginning alone."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from kaigong.errors import Bug
from kaigong.handlers import validate
from kaigong.settings import settings
from kaigong.store import files, keys, packets
from kaigong.store.clients import client

from infra.command.client import storage
from infra.command.client.faults import CallRefused

from .operating import operator
from .story import PACKET, SLOTS
from .world import ENVIRONMENT, Context, World

BUCKET = ENVIRONMENT["BUCKET_NAME"]
WHERE = keys.upload_key(PACKET, SLOTS[0], "u", "a.pdf")


def clients() -> tuple[Any, Any]:
    """The functions' own client, and the operator's."""
    return client("s3"), boto3.client("s3")


@pytest.fixture
def denying(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """S3 as it answers roles whose right to list hangs on a prefix."""
    for s3 in clients():
        for name, code in (("get_object", "AccessDenied"), ("head_object", "403"), ("copy_object", "AccessDenied")):
            monkeypatch.setattr(s3, name, _denied(getattr(s3, name), code))
    return world


def _denied(call: Callable[..., Any], code: str) -> Callable[..., Any]:
    def asked(**request: Any) -> Any:
        try:
            return call(**request)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            raise _error(code, error.operation_name) from error

    return asked


def _error(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "Access Denied"}}, operation)


def _erase(key: str) -> None:
    s3 = boto3.client("s3")
    for found in s3.list_object_versions(Bucket=BUCKET, Prefix=key)["Versions"]:
        s3.delete_object(Bucket=BUCKET, Key=key, VersionId=found["VersionId"])


@pytest.mark.parametrize("told", [True, False])
def test_an_upload_that_was_erased_before_its_message_came_is_gone_and_no_dead_letter(
    denying: World, *, told: bool
) -> None:
    """By its event, and as `watch` announces it, without a version."""
    denying.upload(PACKET, SLOTS[0], b"good")
    [record] = denying.waiting.pop("validate")
    event = json.loads(record["body"])
    if not told:
        del event["Records"][0]["s3"]["object"]["versionId"]
    _erase(files.created(record["body"])[0].key)
    answer = validate.handler({"Records": [record | {"body": json.dumps(event)}]}, Context())
    assert answer == {"batchItemFailures": []}
    assert not packets.load(PACKET).slots


@pytest.mark.usefixtures("denying")
def test_a_paper_that_was_erased_is_not_copied() -> None:
    with pytest.raises(files.Gone):
        files.copy(WHERE, "", keys.upload_key(PACKET, SLOTS[0], "v", "a.pdf"))


@pytest.mark.usefixtures("denying")
def test_a_trust_list_that_is_not_there_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "settings", lambda: settings().model_copy(update={"trust_list_key": "trust/cas.pem"}))
    with pytest.raises(Bug, match="no trust list"):
        files.trust_list()


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("lists", [True, False])
def test_what_is_there_and_may_not_be_read_is_no_missing_object(
    monkeypatch: pytest.MonkeyPatch, *, lists: bool
) -> None:
    """Nor is what cannot be looked for by name."""
    for key in (keys.result_key(PACKET), keys.manifest_key(PACKET)) if lists else ():
        boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"{}")
    for s3 in clients():
        monkeypatch.setattr(s3, "get_object", _raising(_error("AccessDenied", "GetObject")))
        if not lists:
            monkeypatch.setattr(s3, "list_objects_v2", _raising(_error("AccessDenied", "ListObjectsV2")))
    with pytest.raises(ClientError, match="AccessDenied"):
        files.read_result(PACKET)
    with pytest.raises(CallRefused, match="AccessDenied"):
        storage.last_manifest(operator(), PACKET)


def _raising(error: ClientError) -> Callable[..., Any]:
    def asked(**_: Any) -> Any:
        raise error

    return asked


@pytest.mark.usefixtures("denying")
def test_who_never_handed_in_has_no_last_manifest() -> None:
    assert storage.last_manifest(operator(), PACKET) is None
