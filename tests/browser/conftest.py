"""A real browser on the deployed stack.

A page fails its test, at the latest at the end, by what a visitor would not see: an error in the console (a breach of
the content security policy is one), a request to anywhere but the portal and the papers' bucket, a script, style or
picture that is not there, an answer of 500 and above.

The browser lives as long as this folder's tests: Playwright keeps an event loop running in the thread.
"""

import re
import subprocess
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from kaigong.catalog import load
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)

from infra.command.client import Connection, departments, of_local
from infra.command.client.api import Api
from infra.local import Stack, paths
from tests.patience import MILLISECONDS, PATIENCE
from tests.rest import comes_to_rest

from .looking import SCREENS, WINDOWS, Sign, Size, signed_in_by_form

FLAGS = (
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--renderer-process-limit=1",  # pages share one, which takes a tenth off the browser's time
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",  # pictures are alike on every machine
)
KINDS: dict[Size, dict[str, Any]] = {"phone": {"is_mobile": True, "has_touch": True}, "desktop": {}}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
expect.set_options(timeout=MILLISECONDS)
PARTS = {"stylesheet", "script", "image", "font"}  # what a page is made of: all of it must be there
# The pages' script gives a question up that is not answered within a minute: of a busy machine's, or of the time that a
# test lets pass at once by the page's clock.
PATIENT = "addEventListener('DOMContentLoaded', () => { if (window.htmx) htmx.config.defaultTimeout = 0; });"
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test's fixtures know that it failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The machine's Chromium, without windows of its own if there is such a one: that takes a quarter of the time."""
    with _launched(playwright, "shell") as browser:
        yield browser


@pytest.fixture
def draws_pdf(playwright: Playwright) -> Iterator[Browser]:
    """The whole Chromium, which shows PDFs too: what `page_at` opens in a test that uses this."""
    with _launched(playwright) as browser:
        yield browser


@contextmanager
def _launched(playwright: Playwright, *kind: str) -> Iterator[Browser]:
    """A browser as `infra/browser` finds it."""
    command = [paths.ROOT / "infra" / "browser", *kind]
    path = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def portal(stack: Stack) -> str:
    """The portal's address, with a slash at its end; asked once, so that no test waits for the first start."""
    address = stack.portal_url + "/"
    assert urllib3.PoolManager().request("GET", address + "guide", timeout=PATIENCE).status == 200
    return address


@pytest.fixture
def page_at(stack: Stack, portal: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`page_at("phone" | "desktop", lang="zh", forgiven=())`: a fresh visitor's page; `page.goto("guide")` opens one.

    `forgiven` are patterns of what the page may say against itself, for tests of outages. A test that fails leaves a
    picture of each of its pages beside the others.
    """
    browser: Browser = request.getfixturevalue("draws_pdf" if "draws_pdf" in request.fixturenames else "browser")
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    watched = (_origin(portal), _origin(stack.endpoint_url), f"{_origin(stack.endpoint_url)}/{stack.bucket}")

    def opened(
        size: Size = "desktop", lang: str = "zh", forgiven: tuple[str, ...] = (), javascript: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport=WINDOWS[size],
            **KINDS[size],
            base_url=portal,
            locale=LOCALES[lang],
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(MILLISECONDS)
        context.add_init_script(PATIENT)
        contexts.append(context)
        _watch(context, watched, lambda fault: None if _any(forgiven, fault) else faults.append(fault))
        page = context.new_page()
        if lang == "en":
            context.add_cookies([{"name": "lang", "value": "en", "url": portal}])
        return page

    yield opened
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False):
            _keep(context, f"failed-{request.node.name}-{number}")
        context.close()
    assert faults == []


@pytest.fixture
def signed_in(stack: Stack, page_at: Callable[..., Page], sessions: dict[str, Any]) -> Sign:
    """`signed_in("applicant", "phone")`: a page of that user of the stack, signed in, at the portal's start.

    A user signs in by the form once, and again in a fresh page with the cookies that this gave.
    """

    def signed(username: str, size: Size = "desktop", lang: str = "zh", **options: Any) -> Page:
        page = page_at(size, lang, **options)
        if username in sessions:
            page.context.add_cookies(sessions[username])
            page.goto("./")
        else:
            signed_in_by_form(page, stack.user(username))
            sessions[username] = [c for c in page.context.cookies() if c.get("name") != "lang"]
        return page

    return signed


@pytest.fixture
def desks(stack: Stack) -> Iterator[None]:
    """The desks of the departments that have been asked: most are not here, and nothing here makes dead letters."""
    yield
    comes_to_rest(stack)
    reviews = (
        stack.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=stack.table,
            FilterExpression="begins_with(sk, :review)",
            ExpressionAttributeValues={":review": {"S": "REVIEW#"}},
            ProjectionExpression="sk",
            ConsistentRead=True,
        )
    )
    matters = {item["sk"]["S"].split("#")[1] for page in reviews for item in page["Items"]}
    for department in {load().matters[matter].department for matter in matters}:
        for queue in departments.review_queues(department):
            stack.client("sqs").purge_queue(QueueUrl=stack.queues[queue])


@pytest.fixture
def handed(stack: Stack, desks: None) -> Iterator[list[str]]:  # noqa: ARG001 - departments get these packets
    """The packets that a test hands in. What is in review at its end is withdrawn: the desks are empty again."""
    found: list[str] = []
    yield found
    comes_to_rest(stack)
    api = Api(Connection(of_local(stack)), role="applicant")
    for packet in found:
        if api.status(packet)["status"] == "in-review":
            api.act(packet, {"kind": "withdraw", "reason": "测试结束"})


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Cookies of the users who signed in, by user name. Whoever tests signing out signs in by the form."""
    return {}


def _keep(context: BrowserContext, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    for page in context.pages:
        with suppress(Error):  # a page that does not answer has no picture
            page.screenshot(path=SCREENS / f"{re.sub(r'[^A-Za-z0-9-]+', '-', name)[:150]}.png", full_page=True)


def _watch(context: BrowserContext, origins: tuple[str, ...], note: Callable[[str], None]) -> None:
    def said(message: ConsoleMessage) -> None:
        # What did not load is looked at by its response: a page that answers 404 is often what a test is about.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            note(f"console: {message.text} ({_bare(message.location.get('url', ''))})")

    def asked(request: Request) -> None:
        origin = _origin(request.url)
        inside = request.url.startswith(("data:", "blob:", "about:", "chrome-extension:", "chrome:"))
        if not inside and origin not in origins:
            note(f"request to {origin}")

    def answered(response: Response) -> None:
        missing = response.status >= 400 and response.request.resource_type in PARTS
        if missing or response.status >= 500:
            note(f"{response.status}: {response.request.method} {_bare(response.url)}")

    context.on("console", said)
    context.on("weberror", lambda error: note(f"script: {error.error}"))
    context.on("request", asked)
    context.on("response", answered)


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _bare(url: str) -> str:
    """An address without its query, which may hold a signature."""
    return urlsplit(url)._replace(query="", fragment="").geturl()
