"""The commands that ask the portal for something: what they send, and what they say of the answer."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from typer.testing import CliRunner, Result

from infra import client
from infra.cli import app
from infra.client import Connection, Target
from infra.client.api import Api

TARGET = Target("s", "cn-north-1", "b", "https://sqs.test/s-", "https://portal.test/", "c")
ACT = {
    "packet": "P-1", "kind": "withdraw", "subject": "packet", "officer": None, "department": None, "reason": "暂缓",
    "at": "2026-03-06T01:30:00Z", "see": "/api/packets/P-1",
}  # fmt: skip
_OPEN = {"zh": "提交全部材料即可申请。", "en": "Hand in every paper."}
_CLOSED = {"zh": "该事项不适用告知承诺。", "en": "Not open to commitment."}
ROUTES = {
    "packet": "P-1",
    "process": {"code": "general", "name": {"zh": "一般项目", "en": "General"}},
    "rights": {
        "channel": "ordinary",
        "why": {"zh": "按普通通道办理。", "en": "Ordinary channel."},
        "granted": [{"privilege": "tolerance", "name": {"zh": "容缺受理", "en": "tolerated gaps"}}],
        "closed": [{"privilege": "team", "name": {"zh": "服务团队", "en": "the service team"}, "why": _CLOSED}],
    },
    "matters": [
        {
            "matter": "soil-conservation",
            "name": {"zh": "水土保持", "en": "Soil conservation"},
            "routes": [
                {"route": "approval", "open": True, "why": _OPEN, "number": "1"},
                {"route": "commitment", "open": False, "why": _CLOSED, "number": None},
            ],
        }
    ],
}


class Portal:
    """Answers one request after another, and notes what was asked."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, Any]] = []
        self.roles: list[str] = []

    def request(self, method: str, url: str, headers: dict[str, str], json: Any = None) -> Any:
        assert headers["Authorization"] == "Bearer token-of-the-pool"
        self.asked.append((method, urlsplit(url).path, json))
        status, content = self.answers.pop(0)
        return urllib3.HTTPResponse(body=_bytes(content), status=status, preload_content=True)


def _bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode()


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Any:
    def make(*answers: tuple[int, Any]) -> Portal:
        made = Portal(*answers)

        def sign_in(api: Api) -> str:
            made.roles.append(api._role)
            return "token-of-the-pool"

        monkeypatch.setattr(client, "connect", lambda _: Connection(TARGET))
        monkeypatch.setattr(Api, "_signed_in", sign_in)
        monkeypatch.setattr(urllib3, "PoolManager", lambda **_: made)
        return made

    return make


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_withdrawing_asks_as_the_applicant_and_shows_what_is_on_record(portal: Any) -> None:
    asked = portal((202, ACT), (200, ACT))
    for _ in range(2):  # the second time it is on record already
        found = run("withdraw", "P-1", "--reason", "暂缓", "--json")
        assert (found.exit_code, json.loads(found.stdout)) == (0, ACT)
    assert asked.asked == [("POST", "/api/packets/P-1/acts", {"kind": "withdraw", "reason": "暂缓"})] * 2
    assert asked.roles == ["applicant"] * 2


def test_withdrawing_tells_people_where_to_look(portal: Any) -> None:
    portal((202, ACT))
    found = run("withdraw", "P-1", "--reason", "暂缓")
    assert "2026-03-06 09:30" in found.stdout
    assert "kaigong status P-1" in found.stdout


def test_a_withdrawal_that_comes_too_late_is_a_refusal_with_its_reason(portal: Any) -> None:
    portal((409, {"code": "too-late", "zh": "已不能撤回。", "en": "Too late."}))
    found = run("withdraw", "P-1", "--reason", "暂缓", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["error"] == {"code": "too-late", "zh": "已不能撤回。", "en": "Too late."}
    assert "已不能撤回。" in found.stderr


def test_the_routes_are_one_document_or_a_table_with_every_reason(portal: Any) -> None:
    asked = portal((200, ROUTES), (200, ROUTES))
    assert json.loads(run("routes", "P-1", "--json").stdout) == ROUTES
    shown = run("routes", "P-1")
    assert shown.exit_code == 0
    for words in ("soil-conservation", "容缺受理", "服务团队", "按普通通道办理。", "Ordinary channel."):
        assert words in shown.stdout
    assert [method for method, _, _ in asked.asked] == ["GET", "GET"]


@pytest.mark.parametrize(
    ("status", "content", "code"),
    [(302, b"", "http-302"), (403, {"message": "Forbidden"}, "http-403"), (500, b"<html>", "http-500")],
)
def test_an_answer_that_is_none_of_ours_is_a_refusal_too(portal: Any, status: int, content: Any, code: str) -> None:
    portal((status, content))
    found = run("withdraw", "P-1", "--reason", "暂缓", "--json")
    assert (found.exit_code, json.loads(found.stdout)["error"]["code"]) == (1, code)


def test_a_packet_name_cannot_lead_to_another_address(portal: Any) -> None:
    asked = portal((404, {"code": "not-found", "zh": "没有。", "en": "No."}))
    run("withdraw", "../ops?x=1", "--reason", "暂缓")
    assert asked.asked[0][1] == "/api/packets/..%2Fops%3Fx%3D1/acts"
