"""The audit log: whoever signs in or out, is refused something or looks at a paper is in it, by ids alone."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from kaigong.contract.routes import Group
from kaigong.portal import access
from kaigong.settings import settings
from kaigong.store import audit

from . import story
from .asking import OTHER, logged, page_as, played
from .pool import OWN, Pool
from .test_sign_in import Browser
from .world import STACK, World

GROUP = f"/kaigong/{STACK}/audit"
LI = access.Caller(name="li", account="sub-li", called="李四", groups=frozenset({Group.DEPARTMENT}), department="water")
OWNER = access.Caller(name="own", account="sub-own", called="张三", groups=frozenset({Group.APPLICANT}), uscc=OWN)
PAPER = f"/desk/{story.PACKET}/soil-conservation/papers/soil-plan"

Entries = Callable[[], list[dict[str, str]]]


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with played() as world:
        yield world


@pytest.fixture
def entries(stage: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Entries]:
    """What is kept, taken out."""
    monkeypatch.setenv("AUDIT_LOG", GROUP)
    settings.cache_clear()
    audit._stream.cache_clear()
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName=GROUP)

    def kept() -> list[dict[str, str]]:
        with stage.outside():
            return [json.loads(event["message"]) for event in logs.filter_log_events(logGroupName=GROUP)["events"]]

    with stage.inside("portal"):
        yield kept
    logs.delete_log_group(logGroupName=GROUP)


def said(entry: dict[str, str]) -> tuple[str, str, str, str]:
    assert set(entry) == {"event", "by", "about", "outcome", "at"}
    return entry["event"], entry["by"], entry["about"], entry["outcome"]


def test_signing_in_failing_to_and_signing_out_are_kept(entries: Entries, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(Pool().patch(monkeypatch))
    browser.signs_in()
    Browser(browser.pool).comes_back(code="made-up", state="made-up")
    browser.signs_out()
    found = entries()
    assert [said(entry)[:1] + said(entry)[3:] for entry in found] == [
        ("sign-in", "done"),
        ("sign-in", "not-begun-here"),
        ("sign-out", "done"),
    ]
    assert found[0]["by"]
    assert not found[1]["by"], "who tries is nobody"
    assert found[2]["by"] == found[0]["by"]
    assert "李四" not in json.dumps(found, ensure_ascii=False)


def test_an_officers_look_at_a_paper_is_kept_and_an_applicants_own_is_not(
    entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page_as(monkeypatch, LI, PAPER)["statusCode"] == 303
    page_as(monkeypatch, LI, f"/desk/{story.PACKET}/soil-conservation")  # with the paper beside the form
    assert page_as(monkeypatch, OWNER, f"/packets/{story.PACKET}/papers/soil-plan")["statusCode"] == 303
    found = entries()
    assert {said(entry)[:2] for entry in found} == {("paper", "sub-li")}
    assert len(found) == 2
    assert all(entry["about"].startswith(f"{story.PACKET}/soil-plan/") for entry in found)


@pytest.mark.parametrize(
    ("group", "department", "path"),
    [
        (Group.WINDOW, None, f"/packets/{story.PACKET}/papers/soil-plan"),
        (Group.DEPARTMENT, "water", PAPER),
    ],
)
def test_who_is_also_an_applicant_of_another_enterprise_is_kept_all_the_same(
    entries: Entries, monkeypatch: pytest.MonkeyPatch, group: Group, department: str | None, path: str
) -> None:
    both = frozenset({group, Group.APPLICANT})
    clerk = OWNER.changed(account="sub-both", groups=both, department=department, uscc=OTHER)
    assert page_as(monkeypatch, clerk, path)["statusCode"] == 303
    assert [said(entry)[:2] for entry in entries()] == [("paper", "sub-both")]


def test_a_refusal_is_kept_with_what_was_asked_for(entries: Entries, monkeypatch: pytest.MonkeyPatch) -> None:
    other = LI.changed(account="sub-other", department="power")
    page_as(monkeypatch, other, PAPER)
    page_as(monkeypatch, OWNER, "/window")
    page_as(monkeypatch, access.NOBODY, "/window")  # anybody on the internet may ask: that is no news
    refused = [said(entry) for entry in entries()]
    assert refused == [
        ("refused", "sub-other", f"desk-paper {story.PACKET}", "not-found"),
        ("refused", "sub-own", "window", "not-allowed"),
    ]


def test_an_outage_of_the_log_stops_nobody_and_the_entry_is_in_the_portals_own(
    entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://logs")

    monkeypatch.setattr(audit, "keep", down)
    with logged() as log:
        assert page_as(monkeypatch, LI, PAPER)["statusCode"] == 303
    [line] = [line for line in map(json.loads, log.getvalue().splitlines()) if line["message"] == "not audited"]
    assert (line["level"], line["entry"]["by"]) == ("ERROR", "sub-li")
    assert not entries()
