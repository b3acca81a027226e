"""The public face and the desk are apart: each address is answered by one of two functions, which have other rights."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from kaigong.contract.routes import ROUTES
from kaigong.portal import app, desk_app
from kaigong.portal.web.serving import Answer
from kaigong.settings import settings
from kaigong.store import keys
from kaigong.store.clients import client

from tests.faces import PAGES, function_of
from tests.rights import items, roles

PORTAL = Path(app.__file__).parent
HERE = roles.deployment("eu-west-1", "123456789012", "kaigong")
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:kaigong-"


@pytest.fixture(autouse=True)
def a_function(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What any function is told of its stack: a page says where it may load pictures from."""
    for name in ("TABLE_NAME", "BUCKET_NAME", "STACK_NAME", "QUEUE_URL_BASE", "NOTICES_TOPIC_ARN"):
        monkeypatch.setenv(name, "x")
    own = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    client.cache_clear()
    yield
    settings.cache_clear()
    client.cache_clear()


def example(path: str) -> str:
    """An address of this path: anything stands where it names something."""
    return "/".join("x" if part.startswith("{") else part for part in path.split("/"))


def test_every_route_and_page_is_answered_by_the_one_function_that_has_it() -> None:
    assert set(app.ANSWERS) | set(desk_app.ANSWERS) == {route.name for route in ROUTES}
    assert not set(app.ANSWERS) & set(desk_app.ANSWERS)
    wrong = [
        (what.path, function_of(example(what.path)))
        for what, at_desk in (
            *((route, route.name in desk_app.ANSWERS) for route in ROUTES),
            *((page, page in desk_app.PAGES) for page in PAGES),
        )
        if function_of(example(what.path)) != ("desk" if at_desk else "portal")
    ]
    assert not wrong


def status(answer: Answer, path: str) -> int:
    """What one of the two answers, were it asked for this path."""
    http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    context = {"http": http, "requestId": "r", "stage": "$default", "domainName": "x", "apiId": "a", "timeEpoch": 0}
    event = {"version": "2.0", "rawPath": path, "rawQueryString": "", "headers": {}, "requestContext": context}
    return int(answer(event | {"isBase64Encoded": False})["statusCode"])


@pytest.mark.parametrize("path", ["/desk", "/desk/p/soil", "/work", "/api/desk/reviews", "/api/desk/next"])
def test_an_address_of_the_desk_that_comes_to_the_public_face_is_not_there(path: str) -> None:
    assert function_of(path) == "desk"
    assert status(app.answer, path) == 404


@pytest.mark.parametrize("path", ["/", "/packets", "/guide", "/window", "/api/packets", "/api/health", "/sign-in"])
def test_the_desk_has_nothing_of_the_public_face(path: str) -> None:
    assert function_of(path) == "portal"
    assert status(desk_app.answer, path) == 404


@pytest.mark.parametrize("path", ["/DESK", "/%64esk", "/desks", "/api/desk", "//desk", "/x/desk/next", "/works"])
def test_an_address_that_only_looks_like_the_desk_s_comes_to_the_public_face(path: str) -> None:
    assert function_of(path) == "portal"


def test_the_public_face_imports_nothing_that_takes_tasks_or_answers_them() -> None:
    """Nor may it: the role has none of these rights, and writes none of these items."""
    taking = {"receive", "hide", "delete", "answer", "take", "claim", "replace", "propose", "send_back"}
    for source in PORTAL.rglob("*.py"):
        if source.is_relative_to(PORTAL / "desk") or source.name == "desk_app.py":
            continue
        tree = ast.parse(source.read_text("utf-8"))
        imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        named = {(node.module, alias.name) for node in imported for alias in node.names}
        assert ("kaigong.store", "desk") not in named, source
        assert not [name for module, name in named if module == "kaigong.store.desk" and name in taking], source


@pytest.mark.parametrize(
    ("action", "queue"),
    [
        ("SendMessage", "decisions"),
        ("ReceiveMessage", "review-water"),
        ("ReceiveMessage", "review-water-priority"),
        ("DeleteMessage", "review-water"),
        ("ChangeMessageVisibility", "review-water"),
    ],
)
def test_what_the_desk_does_with_queues_the_public_face_may_not(action: str, queue: str) -> None:
    call = roles.Call(f"sqs:{action}", f"{QUEUE}{queue}", {})
    assert roles.allows("desk", HERE, call)
    assert not roles.allows("portal", HERE, call)


@pytest.mark.parametrize("kind", [keys.LEASE, keys.PROPOSAL, keys.ANSWERING])
def test_what_the_desk_keeps_the_public_face_cannot_write(kind: str) -> None:
    assert not items.PACKET[kind] <= items.attributes("portal")


def test_the_desk_reads_no_result_and_puts_no_paper() -> None:
    bucket = "arn:aws:s3:::kaigong-packets-123456789012-eu-west-1"
    issued = ("GetObject", "issued/p/joint-result.json"), ("PutObject", "issued/p/x.pdf")
    for action, key in (*issued, ("PutObject", "packets/p/s/u/n")):
        assert not roles.allows("desk", HERE, roles.Call(f"s3:{action}", f"{bucket}/{key}", {}))
