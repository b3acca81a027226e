"""Progress links: who gives them out, what they open, and that a withdrawn one opens nothing."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from kaigong.contract.links import TOKEN_PATTERN
from kaigong.store import keys, packets, progress_links

from . import story
from .asking import (
    APPLICANT,
    DRAFT,
    FOREIGN,
    HOUSING,
    NO_GROUP,
    OPERATIONS,
    STRANGER,
    SUPERVISOR,
    WINDOW,
    ask,
    body,
    logged,
    played,
    problem,
)
from .world import ENVIRONMENT

PATH = f"/api/packets/{story.PACKET}/progress-link"
NOW = datetime(2026, 3, 6, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture(scope="module")
def stage() -> Iterator[None]:
    with played():
        yield


def link(claims: dict[str, str] = APPLICANT, path: str = PATH, *, renew: bool = False) -> dict[str, Any]:
    answer = ask(path, claims, method="POST", carries={"renew": renew})
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])


def token(claims: dict[str, str] = APPLICANT, **more: Any) -> str:
    return link(claims, **more)["path"].removeprefix("/p/")


def opened(token: str) -> Any:
    return ask(f"/api/progress/{token}")


def test_a_link_made_twice_is_one_whoever_asks() -> None:
    first = link()
    assert link() == first
    assert link(WINDOW) == first
    assert first["packet"] == story.PACKET


def test_links_made_at_the_same_time_are_one() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: progress_links.create("packet-at-once", NOW).token, range(8)))
    assert len(set(made)) == 1
    assert progress_links.packet_of(made[0]) == "packet-at-once"


def test_a_link_opens_the_progress_without_signing_in() -> None:
    answer = opened(token())
    assert answer["statusCode"] == 200
    assert answer["headers"]["Cache-Control"] == "no-store"
    found = json.loads(answer["body"])
    assert (found["project"], found["status"]) == (story.MANIFEST["project"]["name"], "issued")
    assert found["matters"]
    assert found["timeline"]["rows"]


def test_what_a_link_opens_names_no_enterprise_no_officer_and_no_paper() -> None:
    told, packet = opened(token())["body"], packets.load(story.PACKET)
    enterprise = story.MANIFEST["enterprise"]
    hidden = {story.PACKET, enterprise["name"], enterprise["uscc"], "审查员", "王工", "现场踏勘", "请补充", "packets/"}
    hidden |= {review.reply_token for review in packet.reviews.values()}
    hidden |= {slot.sha256 for slot in packet.slots.values() if slot.sha256}
    for secret in hidden:
        assert secret not in told


def test_a_withdrawn_link_opens_nothing_and_a_new_one_is_another() -> None:
    old = token()
    answer = ask(PATH, APPLICANT, method="DELETE")
    assert (answer["statusCode"], json.loads(answer["body"])["path"]) == (200, None)
    assert opened(old)["statusCode"] == 404
    assert ask(PATH, APPLICANT, method="DELETE")["statusCode"] == 200  # already done
    new = token()
    assert new != old
    assert opened(new)["statusCode"] == 200
    assert opened(old)["statusCode"] == 404


def test_a_renewed_link_takes_the_old_ones_place() -> None:
    old = token()
    new = token(WINDOW, renew=True)
    assert new != old
    assert token() == new
    assert [opened(old)["statusCode"], opened(new)["statusCode"]] == [404, 200]


def test_a_link_whose_withdrawal_died_half_way_opens_nothing_and_can_be_withdrawn_again() -> None:
    made = progress_links.create("packet-half-way", NOW)
    table = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
    table.put_item(Item={**keys.progress_key(made.token), "withdrawn": True})
    assert progress_links.packet_of(made.token) is None
    progress_links.withdraw("packet-half-way", NOW)
    assert progress_links.of("packet-half-way") is None
    again = progress_links.create("packet-half-way", NOW)
    assert progress_links.packet_of(again.token) == "packet-half-way"


def test_every_token_that_opens_nothing_is_answered_alike() -> None:
    withdrawn = progress_links.create(DRAFT, NOW).token
    progress_links.withdraw(DRAFT, NOW)
    of_nothing = progress_links.create("20260306-nothing", NOW).token
    unknown = opened("A" * 32)
    assert unknown["statusCode"] == 404
    assert json.loads(unknown["body"])["code"] == "no-such-link"
    for wrong in (withdrawn, of_nothing, "short", "A" * 33, token()[:-1] + "!", story.PACKET):
        assert opened(wrong) == unknown


@pytest.mark.parametrize(
    ("claims", "own", "foreign"),
    [
        (APPLICANT, 200, 404),
        (STRANGER, 404, 200),
        (WINDOW, 200, 200),
        (OPERATIONS, 403, 403),
        (HOUSING, 403, 403),
        (SUPERVISOR, 403, 403),
        (NO_GROUP, 403, 403),
        (None, 401, 401),
    ],
)
def test_only_the_applicant_and_the_window_give_out_and_withdraw_links(
    claims: dict[str, str] | None, own: int, foreign: int
) -> None:
    for packet, expected in ((story.PACKET, own), (FOREIGN, foreign)):
        path = f"/api/packets/{packet}/progress-link"
        assert ask(path, claims, method="POST", carries={})["statusCode"] == expected
        assert ask(path, claims, method="DELETE")["statusCode"] == expected


def test_a_foreign_packets_link_answers_as_one_that_is_not_there() -> None:
    nothing = "/api/packets/20260306-nothing/progress-link"
    for method, carries in (("POST", {}), ("DELETE", None)):
        asked = {"method": method, "carries": carries}
        assert ask(f"/api/packets/{FOREIGN}/progress-link", APPLICANT, **asked) == ask(nothing, APPLICANT, **asked)
    assert problem(nothing, APPLICANT, method="DELETE") == (404, "not-found")


def test_the_token_is_kept_by_its_hash_where_it_is_looked_up() -> None:
    made = token()
    table = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
    holding = [item["pk"] for item in table.scan()["Items"] if made in json.dumps(item, default=repr)]
    assert holding == [keys.packet_pk(story.PACKET)]


def test_no_token_is_logged() -> None:
    made = token()
    with logged() as log:
        opened(made)
        link()
    assert made not in log.getvalue()


def test_a_token_has_the_form_that_the_contract_names() -> None:
    import re

    assert re.fullmatch(TOKEN_PATTERN, token())
    assert body(f"/api/progress/{token()}")["status"] == "issued"
