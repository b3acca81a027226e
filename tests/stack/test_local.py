"""The local AWS itself: a stack comes up whole, and what must be refused is refused."""

import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from kaigong.catalog import load

from infra.command.client import Connection, of_local, packets
from infra.command.client.api import Api
from infra.command.client.faults import CallRefused
from infra.command.client.folder import new_packet_id
from infra.local import Stack, down, up
from infra.samples import city_case, write_packet
from tests.patience import PATIENCE, eventually


def handed_in(stack: Stack, folder: Path) -> str:
    """A packet with one matter, as it has just been put into storage."""
    packet = new_packet_id(datetime.now(UTC))
    write_packet(replace(city_case(), matters=("soil-conservation",), promises=(), commitments=()), folder / packet)
    packets.hand_in(Connection(of_local(stack)), packets.first(folder / packet, packet, {}))
    return packet


def is_in_review(stack: Stack, packet: str) -> bool:
    try:
        return bool(Api(Connection(of_local(stack))).status(packet)["status"] == "in-review")
    except CallRefused:  # nothing of it is known yet
        return False


def status(stack: Stack, path: str, token: str | None = None) -> int:
    request = urllib.request.Request(  # noqa: S310 - http, to this machine
        f"{stack.portal_url}{path}", headers={"Authorization": f"Bearer {token}"} if token else {}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - http, to this machine
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_every_department_has_its_two_queues_and_an_officer(stack: Stack) -> None:
    for department in load().departments:
        assert {f"review-{department}", f"review-{department}-priority"} <= set(stack.queues)
        assert stack.user(f"officer-{department}").attributes == {"department": department}


def test_bringing_up_a_stack_that_is_up_changes_nothing(stack: Stack) -> None:
    assert up(stack.stack) == stack


def test_a_stack_that_was_stopped_comes_back_with_its_data_and_its_packets_go_on(tmp_path: Path) -> None:
    name = "kaigong-test-stopped"
    down(name, forget=True)
    try:
        stack = up(name)
        stack.client("sqs").send_message(QueueUrl=stack.queues["review-housing"], MessageBody="left over")
        before = handed_in(stack, tmp_path)
        eventually(partial(is_in_review, stack, before))
        under_way = handed_in(stack, tmp_path)
        down(name)
        assert up(name) == stack
        after = handed_in(stack, tmp_path)
        for packet in (under_way, after):
            eventually(partial(is_in_review, stack, packet))
        (message,) = stack.client("sqs").receive_message(QueueUrl=stack.queues["review-housing"])["Messages"]
        assert message["Body"] == "left over"
        assert stack.token("applicant")
    finally:
        down(name, forget=True)


def test_nobody_reaches_the_api_without_a_valid_token(stack: Stack) -> None:
    token = stack.token("applicant")
    forged = token[:-8] + ("A" * 8 if not token.endswith("A" * 8) else "B" * 8)
    assert status(stack, "/api/packets") == 401
    assert status(stack, "/api/packets", forged) == 401
    assert status(stack, "/api/health") == 200


def test_a_wrong_password_gives_no_token(stack: Stack) -> None:
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        stack.client("cognito-idp").initiate_auth(
            ClientId=stack.user_pool_client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "applicant", "PASSWORD": "Not-the-password-1"},
        )
