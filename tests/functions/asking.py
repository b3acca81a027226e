"""Asking the portal as API Gateway would, about packets that the handlers themselves made."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from jsonschema import Draft202012Validator
from kaigong.contract import routes
from kaigong.contract.problems import Problem
from kaigong.portal import access
from kaigong.portal.web import session
from kaigong.settings import settings
from kaigong.store import progress_links
from kaigong.store.clients import client
from kaigong.store.items import queried
from moto import mock_aws

from tests.faces import function_of
from tests.hours import HALL

from . import story
from . import world as worlds
from .pool import Pool
from .world import Context, World

OWN, OTHER = "91411402MA0KG0002N", "91411402MA0KG0003M"
PROJECT_CODE = "2603-411400-04-01-123456"
DRAFT, FOREIGN, NEW = "20260306-draft", "20260306-other", "20260306-new"
ROOT = Path(__file__).parents[2]
HOST = "portal.example.test"
COMPONENTS = yaml.load((ROOT / "schemas" / "openapi.yaml").read_text("utf-8"), yaml.CSafeLoader)["components"]

APPLICANT = {"cognito:groups": "[applicant]", "custom:uscc": OWN, "name": "李四"}
STRANGER = {"cognito:groups": "[applicant]", "custom:uscc": OTHER}
HOUSING = {"cognito:groups": "[department]", "custom:department": "housing"}
WATER = {"cognito:groups": "[department]", "custom:department": "water"}
TELECOM = {"cognito:groups": "[department]", "custom:department": "telecom"}  # reviews nothing in the story
WINDOW = {"cognito:groups": "[window]"}
SUPERVISOR = {"cognito:groups": "[supervisor]"}
OPERATIONS = {"cognito:groups": "[operations]"}
NO_GROUP = {"custom:uscc": OWN, "custom:department": "housing"}


_played: dict[Callable[[World], None], bytes] = {}  # the world of each play, once it was played in this process


@contextmanager
def played(play: Callable[[World], None] | None = None) -> Iterator[World]:
    """A world in which something was played; else the story to its end, another enterprise's packet in review, a
    draft, and one submitted and not looked at yet.

    Each module has one of its own. It is played once a process, and then put back as it was: so what plays must not
    hang on what a test has changed.
    """
    play = play or _play
    with pytest.MonkeyPatch.context() as patch:
        worlds.prepare(patch)
        settings.cache_clear()
        client.cache_clear()
        with mock_aws():
            worlds.build()
            with worlds.watched(worlds.put_back(_played[play]) if play in _played else World()) as world:
                if play not in _played:
                    play(world)
                    _played[play] = worlds.kept(world)
                yield world


def _play(world: World) -> None:
    story.play(world)
    world.submit(soil(world, FOREIGN, {"name": "另一家有限公司", "uscc": OTHER}))
    world.run()
    world.upload(DRAFT, "soil-plan", b"good")
    world.run()
    world.submit(soil(world, NEW, story.MANIFEST["enterprise"]))
    while world.waiting["validate"]:
        delivery = world._next()
        assert delivery
        assert delivery.function == "validate"
        world.deliver(delivery)
        world.waiting["advance"] = []  # the events are lost


def soil(world: World, packet: str, enterprise: dict[str, str], **more: Any) -> dict[str, Any]:
    """The manifest of a small packet, one matter of the water department; its papers lie there already."""
    for slot in ("application-form", "business-licence", "authorisation", "project-filing-certificate", "soil-plan"):
        world.upload(packet, slot, b"good")
    kept = {"packet": packet, "enterprise": enterprise, "matters": ["soil-conservation"]}
    return story.MANIFEST | kept | {"promises": [], "commitments": []} | more


def ask(
    path: str,
    claims: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    method: str = "GET",
    carries: Any = None,
    **fields: Any,
) -> Any:
    """What API Gateway would answer; the claims are those of a bearer token, groups as `[a b]`. None: no token.

    `carries` is the request's body, sent as JSON unless it is text already; `fields` replace fields of the event.
    """
    function = function_of(path)
    handler = import_module(f"kaigong.handlers.{function}").handler
    context: dict[str, Any] = {
        "accountId": "123456789012",
        "apiId": "api",
        "domainName": "api.execute-api.eu-west-1.amazonaws.com",
        "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"},
        "requestId": "request",
        "routeKey": "$default",
        "stage": "$default",
        "time": "06/Mar/2026:01:30:00 +0000",
        "timeEpoch": 1772760600000,
    }
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "&".join(f"{k}={v}" for k, v in (query or {}).items()),
        "headers": {"accept": "application/json", **bearer(claims)},
        "requestContext": context,
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = query
    if carries is not None:
        event["headers"]["content-type"] = "application/json"
        event["body"] = carries if isinstance(carries, str) else json.dumps(carries, ensure_ascii=False)
    by = worlds.asked.set(function)
    try:
        return handler(event | fields, Context())
    finally:
        worlds.asked.reset(by)


def page_as(patch: pytest.MonkeyPatch, caller: access.Caller, path: str, form: Any = None, **more: Any) -> Any:
    """A page as somebody who is signed in gets it, or what comes of sending its form. How a session is checked is
    tested on its own. `more` is for `ask`.
    """
    patch.setattr(session, "of", lambda *_: session.Session(caller, form_key="key"))
    headers = {"accept": "text/html", "host": HOST, **more.pop("headers", {})}
    if form is not None:
        headers |= {"origin": f"https://{HOST}", "content-type": "application/x-www-form-urlencoded"}
        more["body"] = f"{form if isinstance(form, str) else urlencode(form)}&form-key=key"
    answer = ask(path, method="GET" if form is None else "POST", headers=headers, **more)
    if answer.get("isBase64Encoded"):
        answer["body"] = base64.b64decode(answer["body"]).decode()
    return answer


def bearer(claims: dict[str, str] | None) -> dict[str, str]:
    """The header by which an API client says who it is."""
    if claims is None:
        return {}
    groups = claims.get("cognito:groups", "").strip("[]").split()
    account = f"id-of-{claims['cognito:username']}" if "cognito:username" in claims else "7c1f"
    said = {"sub": account, "cognito:username": None, "custom:uscc": None, **claims, "cognito:groups": groups}
    return {"authorization": f"Bearer {Pool().token(**said)}"}


def body(path: str, claims: dict[str, str] | None = None, query: dict[str, str] | None = None) -> Any:
    answer = ask(path, claims, query)
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])


def valid(found: Any, schema: str) -> Any:
    """What was found, which keeps one of the API's published schemas."""
    Draft202012Validator({"$ref": f"#/components/schemas/{schema}", "components": COMPONENTS}).validate(found)
    return found


def problem(*asked: Any, **more: Any) -> tuple[int, str]:
    """The problem that a request ends in; asked as `ask` is."""
    answer = ask(*asked, **more)
    found = Problem.model_validate_json(answer["body"])
    assert answer["headers"]["Content-Type"].startswith("application/problem+json")
    assert (found.status, found.detail) == (answer["statusCode"], f"{found.zh} / {found.en}")
    return found.status, found.code


def address(route: routes.Route, packet: str) -> str:
    path = route.path.replace("{packet}", packet).replace("{draft}", packet).replace("{code}", PROJECT_CODE)
    path = path.replace("{matter}", "soil-conservation").replace("{slot}", "soil-plan")
    if "{day}" in path:
        path = path.replace("{day}", day_of_draw())
    if "{token}" in path:
        path = path.replace("{token}", progress_links.create(packet, datetime.now(UTC)).token)
    return path


def day_of_draw() -> str:
    """The newest day on which something was drawn: at midnight, the story is of the day before."""
    today = f"{datetime.now(HALL):%Y-%m-%d}"
    return max(day for item in queried("pk = :pk", {":pk": "DRAW"}) if (day := str(item["sk"]["S"])) <= today)


@contextmanager
def logged() -> Iterator[StringIO]:
    """What the portal writes into its log."""
    from kaigong.portal.observe import logger

    log, level = StringIO(), logger.log_level
    before = logger.registered_handler.setStream(log)
    logger.setLevel("INFO")
    try:
        yield log
    finally:
        logger.setLevel(level)
        logger.registered_handler.setStream(before)
