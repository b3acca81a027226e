"""How often one caller may ask for what costs much."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from kaigong.contract import limits as rules
from kaigong.domain.model.limit import Limit
from kaigong.settings import settings
from kaigong.store import limits

from .asking import APPLICANT, OTHER, OWN, STRANGER, ask
from .world import ENVIRONMENT, World

NOW = datetime(2026, 3, 6, 1, 30, 20, tzinfo=UTC)
THREE = Limit(name="three", calls=3, seconds=60)
EVERY = [limit for limit in vars(rules).values() if isinstance(limit, Limit)]
LETTERS = {
    "enterprise": {"name": "商丘样例生物科技有限公司", "uscc": OWN},
    "project": {"name": "-"},
    "matters": ["drawing-review"],
}


@pytest.fixture(autouse=True)
def calls(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The calls that were made to AWS; limits are on, whatever the tests of others say."""
    monkeypatch.setenv("RATE_LIMITS", "true")
    settings.cache_clear()
    with world.inside("portal"):
        yield world.calls


def stored(world: World) -> list[dict[str, Any]]:
    with world.outside():
        found: list[dict[str, Any]] = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"]).scan()["Items"]
    return found


def test_the_calls_of_a_window_are_counted_and_those_beyond_are_not(world: World) -> None:
    told = [limits.taken(THREE, "user zhang-san", NOW) for _ in range(5)]
    assert told == [None, None, None, NOW + timedelta(seconds=40), NOW + timedelta(seconds=40)]
    [item] = stored(world)
    assert item["calls"] == 3
    assert item["expires_at"] == int((NOW + timedelta(seconds=40)).timestamp())


def test_in_the_next_window_and_for_another_caller_and_for_something_else_counting_begins_anew() -> None:
    for _ in range(4):
        limits.taken(THREE, "user zhang-san", NOW)
    assert limits.taken(THREE, "user zhang-san", NOW + timedelta(seconds=40)) is None
    assert limits.taken(THREE, "user li-si", NOW) is None
    assert limits.taken(THREE.changed(name="another"), "user zhang-san", NOW) is None


def test_calls_at_the_same_moment_are_all_counted(world: World) -> None:
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: limits.taken(THREE, "user zhang-san", NOW), range(6)))
    assert told.count(None) == 3
    [item] = stored(world)
    assert item["calls"] == 3


def test_a_limited_call_costs_one_small_read_and_write_and_names_nobody(calls: list[str], world: World) -> None:
    limits.taken(THREE, "user zhang-san", NOW)
    assert calls == ["portal:dynamodb.GetItem", "portal:dynamodb.PutItem"]
    assert "zhang-san" not in str(stored(world))


def test_where_limits_are_switched_off_nothing_is_counted(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMITS", "false")
    settings.cache_clear()
    assert [limits.taken(THREE, "user zhang-san", NOW) for _ in range(9)] == [None] * 9
    assert calls == []


@pytest.mark.parametrize("limit", EVERY, ids=lambda limit: limit.name)
def test_a_limit_is_wide_enough_for_people_and_its_window_short_enough_to_wait_for(limit: Limit) -> None:
    assert limit.calls / limit.seconds >= 1
    assert limit.seconds <= 600
    assert [other.name for other in EVERY].count(limit.name) == 1


def asked(claims: dict[str, str] | None, method: str, path: str, carries: Any = None) -> Any:
    return ask(path, claims, method=method, carries=carries)


def test_who_asks_too_often_is_told_when_to_come_again_and_others_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "taken", _only_once())
    zhang, li = APPLICANT | {"cognito:username": "zhang-san"}, APPLICANT | {"cognito:username": "li-si"}
    assert asked(zhang, "POST", "/api/letters", LETTERS)["statusCode"] == 200
    answer = asked(zhang, "POST", "/api/letters", LETTERS)
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (429, "too-many-requests")
    assert 0 < int(answer["headers"]["Retry-After"]) <= 60
    assert asked(li, "POST", "/api/letters", LETTERS)["statusCode"] == 200


def _only_once() -> Any:
    seen: set[str] = set()

    def taken(limit: Limit, who: str, now: datetime) -> datetime | None:
        if who in seen:
            return limit.ends_at(now)
        seen.add(who)
        return None

    return taken


def test_who_may_not_ask_at_all_is_not_counted(calls: list[str]) -> None:
    asked(None, "POST", "/api/letters", LETTERS)
    asked({"cognito:groups": "[supervisor]"}, "POST", "/api/letters", LETTERS)
    assert calls == []


def test_a_call_beyond_the_limit_reads_nothing(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "taken", lambda limit, _who, now: limit.ends_at(now))
    withdraw = {"kind": "withdraw", "reason": "不办了"}
    told = [asked(claims, "POST", "/api/packets/20260306-x/acts", withdraw) for claims in (APPLICANT, STRANGER)]
    assert [answer["statusCode"] for answer in told] == [429, 429]
    assert calls == []
    assert OTHER not in told[1]["body"]


def test_without_a_name_the_address_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    monkeypatch.setattr(limits, "taken", lambda _limit, who, _now: counted.append(who))
    asked(None, "GET", "/api/progress/" + "a" * 32)
    asked(APPLICANT | {"cognito:username": "zhang-san"}, "POST", "/api/letters", LETTERS)
    assert counted == ["address 192.0.2.1", "user zhang-san"]
