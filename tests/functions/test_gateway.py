"""Notices leave in a form that a city's message gateway sends as it is: retried until sent, and each sent once."""

from collections import Counter
from typing import Any

import boto3
import pytest
from jsonschema import Draft202012Validator
from kaigong.errors import DeliveryFailed
from kaigong.store import packets

from infra.schemas.files import json_schema
from tests.gateway import Gateway, Notice
from tests.hours import HALL

from .conftest import NewWorld
from .story import MANIFEST, PACKET, SLOTS
from .world import ENVIRONMENT, STACK, World

SCHEMA = Draft202012Validator(json_schema("notice"))


def _hand_in(world: World, *slots: str, **more: Any) -> None:
    for slot in slots:
        world.upload(PACKET, slot, b"good " + slot.encode())
    world.submit(MANIFEST | more)
    world.run()


@pytest.mark.parametrize("more", [{}, {"language": "en"}])
def test_a_gateway_sends_each_notice_once_though_it_comes_twice_and_the_provider_fails(
    more: dict[str, str], new_world: NewWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://{api}.example.cn")
    monkeypatch.setenv("API_ID", "abc")
    sent, tried, struck_off = list[Notice](), list[str](), packets.delivered

    def send(notice: Notice) -> None:
        tried.append(notice["id"])
        if len(tried) < 3:
            raise TimeoutError("the provider does not answer")
        sent.append(notice)

    def dies_once(*_: Any) -> None:
        """The function published, and its call to strike that off fails: it publishes again."""
        monkeypatch.setattr(packets, "delivered", struck_off)
        raise DeliveryFailed("没有登记。", "Not struck off.")

    with new_world() as world:
        topic = ENVIRONMENT["NOTICES_TOPIC_ARN"]
        gateway = Gateway(boto3.client("sns"), boto3.client("sqs"), topic, f"{STACK}-gateway", send)
        monkeypatch.setattr(packets, "delivered", dies_once)
        _hand_in(world, *(slot for slot in SLOTS if slot != "drawings"), **more)
        _hand_in(world, "drawings", **more)
        while gateway.work():
            pass
        due = min(gap.due.at for gap in packets.load(PACKET).gaps.values()).astimezone(HALL)
    published = Counter(notice["id"] for notice in world.notices)
    assert max(published.values()) == 2, "the topic carried one twice"
    assert len(tried) > len(sent), "the provider failed, and was asked again"
    assert Counter(notice["id"] for notice in sent) == {f"{PACKET}.notice.{n}": 1 for n in (1, 2)}
    sent.sort(key=lambda notice: str(notice["id"]))  # what failed at first went out after what came later
    for number, notice in enumerate(sent, start=1):
        SCHEMA.validate(notice)
        assert max(len(text) for text in notice["sms"].values()) <= 70
        assert notice["link"] == f"https://abc.example.cn/packets/{PACKET}/notices/{number}"
        assert notice["language"] == more.get("language", "zh")
        assert PACKET in notice["text"]["zh"]
    assert [notice["kind"] for notice in sent] == ["returned", "accepted"]
    assert f"{due.year}年{due.month}月{due.day}日" in sent[1]["text"]["zh"], "until when what was promised is due"
