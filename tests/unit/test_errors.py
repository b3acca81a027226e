"""One error tree: every error of ours is told to people, worth another try, or a bug; nothing beside."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kaigong
import mypy.build  # noqa: F401 - infra.checks imports parts of it, which cannot be the first to be imported
import pytest
from botocore.exceptions import ClientError
from kaigong.domain.model.ways import Impossible
from kaigong.errors import Bug, DeliveryFailed, ExitCode, KaigongError, NewerVersionExists, Refused, TryAgain
from kaigong.examine.limits import OverLimit
from kaigong.store import breaker, credit_platform, issuer
from kaigong.store.clients import is_outage
from kaigong.store.files import Gone
from kaigong.store.lists import NotACursor
from kaigong.store.permits import NoSuchUpload

import infra

ROOT = Path(__file__).parents[2]
KINDS = (Refused, TryAgain, Bug)


def known(base: type[BaseException]) -> Iterator[type[BaseException]]:
    """Every exception of ours that a module defines, wherever in it."""
    for error in base.__subclasses__():
        if error.__module__.partition(".")[0] in ("kaigong", "infra"):
            yield error
        yield from known(error)


def test_every_error_is_of_one_kind() -> None:
    for package in (kaigong, infra):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found = set(known(BaseException)) - {KaigongError, *KINDS}
    assert {Gone, NoSuchUpload, NotACursor, OverLimit, Impossible, credit_platform.NoAnswer} <= found
    astray = {error for error in found if sum(issubclass(error, kind) for kind in KINDS) != 1}
    assert astray == set()


def test_what_is_raised_says_of_which_kind_it_is() -> None:
    sources = [path for folder in ("functions", "infra") for path in (ROOT / folder).rglob("*.py")]
    vague = re.compile(r"raise (KaigongError|Exception|RuntimeError)\b|= KaigongError\(")
    assert [path for path in sources if vague.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("error", [Gone(), NoSuchUpload(), NotACursor(), breaker.Resting(), Refused("不行", "no")])
def test_an_error_speaks_both_languages(error: KaigongError) -> None:
    assert error.zh
    assert error.en
    assert str(error) == f"{error.zh} / {error.en}"
    assert error.exit_code is ExitCode.REFUSED


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (NewerVersionExists("别人先改了。", "Somebody was faster."), True),
        (DeliveryFailed("未送达。", "Not taken."), True),
        (issuer.IssuerSilent("没有应答。", "It does not answer."), True),
        (credit_platform.NoAnswer("slow"), True),
        (Gone(), False),
        (Impossible("a draft cannot be issued"), False),
    ],
)
def test_another_try_helps_where_the_kind_says_so(error: KaigongError, again: bool) -> None:
    assert is_outage(error) is again


@pytest.mark.parametrize(
    ("code", "status", "again"),
    [
        ("ThrottlingException", 400, True),
        ("RequestLimitExceeded", 400, True),  # an account's limit, not a table's
        ("SlowDown", 503, True),
        ("InternalServerError", 500, True),
        ("ValidationException", 400, False),
        ("AccessDeniedException", 400, False),
    ],
)
def test_what_aws_could_not_answer_is_asked_again(code: str, status: int, again: bool) -> None:
    told: Any = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
    assert is_outage(ClientError(told, "Query")) is again
