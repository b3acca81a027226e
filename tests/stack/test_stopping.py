"""A stack that is stopped and started again goes on with what it had."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from infra.command.client import Connection, of_local, packets
from infra.command.client.api import Api
from infra.command.client.faults import CallRefused
from infra.command.client.folder import new_packet_id
from infra.local import Stack, down, up
from infra.samples import city_case, write_packet
from tests.patience import eventually


def handed_in(stack: Stack, folder: Path) -> str:
    """A packet with one matter, as it has just been put into storage."""
    packet = new_packet_id(datetime.now(UTC))
    write_packet(replace(city_case(), matters=("soil-conservation",), promises=(), commitments=()), folder / packet)
    packets.hand_in(Connection(of_local(stack)), packets.first(folder / packet, packet, {}))
    return packet


def is_in_review(api: Api, packet: str) -> bool:
    try:
        return bool(api.status(packet)["status"] == "in-review")
    except CallRefused:  # nothing of it is known yet
        return False


@pytest.mark.usefixtures("desks")
def test_a_stack_that_was_stopped_comes_back_with_its_data_and_its_packets_go_on(stack: Stack, tmp_path: Path) -> None:
    stack.client("sqs").send_message(QueueUrl=stack.queues["review-housing"], MessageBody="left over")
    api = Api(Connection(of_local(stack)))
    before = handed_in(stack, tmp_path)
    eventually(partial(is_in_review, api, before))
    under_way = handed_in(stack, tmp_path)
    down(stack.stack)
    assert up(stack.stack) == stack
    after = handed_in(stack, tmp_path)
    for packet in (under_way, after):
        eventually(partial(is_in_review, api, packet))
    (message,) = stack.client("sqs").receive_message(QueueUrl=stack.queues["review-housing"])["Messages"]
    assert message["Body"] == "left over"
    assert stack.token("applicant")
