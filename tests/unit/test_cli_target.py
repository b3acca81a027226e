"""Which stack the command talks to, as whom, and what happens when AWS does not answer."""

import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from kaigong.errors import KaigongError

from infra.command.client import Target, locate, of_local
from infra.command.client.faults import CallRefused, Unreachable, translated
from infra.command.client.target import NoSuchStack
from infra.local import Stack

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


class Session:
    """AWS with one stack, `prod`; its outputs are named as in our template."""

    region_name = "cn-north-1"

    def client(self, _: str) -> "Session":
        return self

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        if StackName != "prod":
            error = {"Code": "ValidationError", "Message": f"Stack with id {StackName} does not exist"}
            raise ClientError({"Error": error}, "DescribeStacks")
        outputs = re.findall(r"^  (\w+):$", TEMPLATE.read_text(encoding="utf-8").split("\nOutputs:\n")[1], re.M)
        told = [{"OutputKey": name, "OutputValue": f"<{name}>"} for name in outputs]
        given = [{"ParameterKey": "TimeZone", "ParameterValue": "Asia/Urumqi"}]
        return {"Stacks": [{"Outputs": told, "Parameters": given}]}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "Session", Session)


@pytest.mark.usefixtures("aws")
def test_a_stack_on_aws_is_read_from_the_outputs_and_parameters_of_the_template() -> None:
    assert locate("prod") == Target(
        stack="prod",
        region="cn-north-1",
        bucket="<BucketName>",
        queue_url_base="<QueueUrlBase>",
        portal_url="<PortalUrl>",
        metadata_url="<IdentityMetadataUrl>",
        command_client_id="<IdentityAudiences>",
        scopes="<IdentityScopes>",
        time_zone="Asia/Urumqi",
    )


@pytest.mark.usefixtures("aws")
def test_a_stack_that_is_neither_here_nor_on_aws_is_told_so() -> None:
    with pytest.raises(NoSuchStack, match="neither here nor on AWS"):
        locate("no-such-stack")


@pytest.fixture
def local() -> Target:
    users = [
        {"username": name, "password": f"Kg-of-{name}-1", "groups": (), "attributes": {}}
        for name in ("applicant", "stranger")
    ]
    stack = Stack.model_validate(
        dict.fromkeys(Stack.model_fields, "x")
        | {"queues": {"decisions": "decisions"}, "users": users, "droppers": (), "time_zone": "Asia/Urumqi"}
    )
    return of_local(stack)


def test_a_local_stack_acts_as_who_is_named_else_as_its_user_of_the_role(local: Target) -> None:
    assert local.user("applicant", "stranger") == ("stranger", "Kg-of-stranger-1")
    assert local.user("applicant") == ("applicant", "Kg-of-applicant-1")
    with pytest.raises(KaigongError, match=r"no account li.*--as: applicant, stranger"):
        local.user("applicant", "li")


def test_an_answer_that_says_no_keeps_its_code() -> None:
    refused = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PutObject")
    with pytest.raises(CallRefused, match="S3 refused PutObject") as caught, translated("S3"):
        raise refused
    assert caught.value.code == "AccessDenied"
    assert caught.value.__cause__ is refused


def test_no_answer_says_what_to_do_next() -> None:
    with pytest.raises(Unreachable, match="kaigong up") as caught, translated("SQS"):
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1/")
    assert "kaigong up" in caught.value.zh
    assert caught.value.exit_code == 1
