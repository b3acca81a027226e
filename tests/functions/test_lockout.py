"""Counting failed sign-ins in the table."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from kaigong.settings import settings
from kaigong.store import lockout, users
from kaigong.store.lockout import Tries

from . import test_pages
from .pool import POOL, Pool
from .test_pages import html
from .world import ENVIRONMENT

NOW = datetime(2026, 3, 6, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADDRESS = "192.0.2.1"

pytestmark = pytest.mark.usefixtures("world")


def fail(times: int, name: str = "zhang-san", address: str = ADDRESS, at: datetime = NOW) -> list[datetime | None]:
    """Try a wrong password so many times; until when nobody may try, as told at each."""
    return [lockout.check(name, address, at) for _ in range(times)]


def items() -> list[dict[str, Any]]:
    return list(boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"]).scan()["Items"])


def test_five_failures_lock_a_name_out_from_everywhere_and_no_other_name() -> None:
    assert fail(7) == [None] * 5 + [NOW + 15 * MINUTE] * 2
    assert lockout.check("zhang-san", "198.51.100.7", NOW + 14 * MINUTE) == NOW + 15 * MINUTE
    assert lockout.check("li-si", ADDRESS, NOW) is None
    assert lockout.check("zhang-san", ADDRESS, NOW + 15 * MINUTE) is None


def test_a_name_is_the_same_however_it_is_typed() -> None:
    fail(5)
    assert lockout.check(" ZHANG-SAN ", ADDRESS, NOW)
    assert lockout.check("ｚｈａｎｇ－ｓａｎ", ADDRESS, NOW)


def test_an_address_that_fails_for_many_names_is_locked_out_and_no_other_address() -> None:
    for number in range(20):
        assert lockout.check(f"user-{number}", ADDRESS, NOW) is None
    assert lockout.check("somebody-else", ADDRESS, NOW) == NOW + 15 * MINUTE
    assert lockout.check("somebody-else", "198.51.100.7", NOW) is None


def test_a_good_sign_in_forgets_the_names_failures_and_gives_the_address_its_try_back() -> None:
    for _ in range(6):
        fail(3)
        assert lockout.check("zhang-san", ADDRESS, NOW) is None
        lockout.succeeded("zhang-san", ADDRESS, NOW)
    fail(2, "li-si")
    assert lockout.check("zhang-san", ADDRESS, NOW) == NOW + 15 * MINUTE  # twenty failures came from this address


def test_an_outage_of_the_pool_is_nobodys_failure() -> None:
    for _ in range(30):
        assert lockout.check("zhang-san", ADDRESS, NOW) is None
        lockout.unanswered("zhang-san", ADDRESS, NOW)


def test_tries_at_the_same_time_are_no_more_than_tries_one_after_another() -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: lockout.check("zhang-san", ADDRESS, NOW), range(40)))
    assert 1 <= told.count(None) <= 5


def test_somebody_who_gets_in_between_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(3)
    honest, others = lockout._read, [None, None]

    def read(name: str, address: str, browser: str) -> dict[tuple[str, str], Tries | None]:
        seen = honest(name, address, browser)
        if others:
            others.pop()
            monkeypatch.setattr(lockout, "_read", honest)
            lockout.check(name, address, NOW)
            monkeypatch.setattr(lockout, "_read", read)
        return seen

    monkeypatch.setattr(lockout, "_read", read)
    assert lockout.check("zhang-san", ADDRESS, NOW) == NOW + 15 * MINUTE  # the others had the last two tries


def test_what_is_kept_names_nobody_and_goes_by_itself() -> None:
    fail(1)
    assert "zhang-san" not in str(items())
    assert ADDRESS not in str(items())
    assert {item["expires_at"] for item in items()} == {int((NOW + 15 * MINUTE).timestamp()) + 1}


def test_a_name_that_belongs_to_nobody_is_counted_and_answered_alike() -> None:
    assert fail(6, "zhang-san", "192.0.2.1") == fail(6, "no-such-user", "192.0.2.2")


def test_how_many_and_how_long_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGN_IN_FAILURES", "2")
    monkeypatch.setenv("SIGN_IN_REST_MINUTES", "1")
    settings.cache_clear()
    assert fail(4) == [None, None, NOW + MINUTE, NOW + MINUTE]
    assert lockout.check("zhang-san", ADDRESS, NOW + MINUTE) is None


# at the sign-in


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    """The user pool's stand-in."""
    for name, value in POOL.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    made = Pool()
    for call in ("sign_in", "own_password"):
        monkeypatch.setattr(users, call, getattr(made, call))
    return made


def sign_in(password: str, name: str = "user-1", page: str = "/sign-in") -> Any:
    return test_pages.ask(page, "POST", f"name={name}&password={password}&session=s")


@pytest.mark.usefixtures("pool")
def test_who_is_locked_out_is_told_until_when_whether_or_not_there_is_such_a_user() -> None:
    told = []
    for name in ("user-1", "no-such-user"):
        assert [sign_in("wrong", name)["statusCode"] for _ in range(6)] == [401] * 5 + [429]
        told.append(sign_in("right", name))
    assert [answer["statusCode"] for answer in told] == [429, 429]
    assert 0 < int(told[0]["headers"]["Retry-After"]) <= 15 * 60
    assert "后再试" in html(told[0])
    assert told[0]["headers"].keys() == told[1]["headers"].keys()


def test_an_outage_of_the_pool_locks_nobody_out(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: str) -> None:
        raise users.PoolSilent("没有应答", "silent")

    monkeypatch.setattr(users, "sign_in", silent)
    assert all(sign_in("right")["statusCode"] >= 500 for _ in range(8))
    monkeypatch.setattr(users, "sign_in", pool.sign_in)
    assert sign_in("right")["statusCode"] == 303


@pytest.mark.usefixtures("pool")
def test_a_password_that_is_too_weak_is_no_failure() -> None:
    assert [sign_in("short", page="/own-password")["statusCode"] for _ in range(8)] == [422] * 8


@pytest.mark.usefixtures("pool")
def test_a_first_sign_in_uses_up_no_tries() -> None:
    assert [sign_in("first-time")["statusCode"] for _ in range(8)] == [200] * 8
