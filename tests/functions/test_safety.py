"""What an attacker, or a broken client, sends: every answer is a clear page, says nothing that it should not, and costs
little. Who may have what is held by test_access_matrix.py, signing in by test_sign_in.py.
"""

import base64
import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from cryptography.hazmat.primitives import serialization
from kaigong.contract import desk as answers
from kaigong.contract import problems, routes
from kaigong.contract.acts import ActRequest
from kaigong.contract.routes import Group
from kaigong.domain.model.facts import ShownKind
from kaigong.domain.model.limit import counted_address
from kaigong.domain.model.messages import LONGEST_ANSWER, Procedure
from kaigong.portal.account import pages as account
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web import rendering, session, tokens
from kaigong.portal.web.api import body_of
from kaigong.portal.web.pages import FORM_LIMIT
from kaigong.portal.web.request import Request
from kaigong.settings import settings
from kaigong.store import files, issuer, limits, packets
from kaigong.store.clients import client
from pydantic import ValidationError

from tests.faces import PAGES
from tests.hours import standing

from . import test_pages
from .asking import ask as asked
from .asking import logged
from .pool import KEY, OTHER_KEY, OWN, Pool, settled
from .test_pages import HOST, ask, html, signed_in
from .test_sign_in import Browser
from .world import Context

pool = test_pages.pool  # the fixture
pytestmark = pytest.mark.usefixtures("world")

FORM = "application/x-www-form-urlencoded"
OFFICER = {"cognito:groups": ["window"], "cognito:username": "window-1"}


def sent(method: str = "GET", path: str = "/", kind: str = "", headers: Any = None, **fields: Any) -> dict[str, Any]:
    """An event as it came, however odd."""
    from kaigong.handlers import portal

    event = {
        "version": "2.0",
        "rawPath": path,
        "headers": {"host": HOST, "origin": f"https://{HOST}", "content-type": kind, **(headers or {})},
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": "203.0.113.9"}, "stage": "$default"},
        "isBase64Encoded": False,
    }
    return dict(portal.handler(event | fields, Context()))


# what no browser sends


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize("path", ["/backchannel-logout", "/nowhere", "/apply/20260306-x/save"])
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"body": "@@@@x", "isBase64Encoded": True}, 400),
        ({"body": base64.b64encode(b"name=\xff\xfe").decode(), "isBase64Encoded": True}, 400),
        ({"body": "&".join(f"a{n}=1" for n in range(600))}, 400),
        ({"body": "name=" + "x" * (FORM_LIMIT + 1)}, 413),
        ({"body": '{"name": "x"}', "kind": "application/json"}, 400),
        ({"body": "--x\r\n", "kind": "multipart/form-data; boundary=x"}, 400),
    ],
    ids=["no base64", "no text", "600 fields", "too long", "json", "multipart"],
)
def test_a_form_that_cannot_be_read_is_a_page_that_says_so(path: str, fields: dict[str, Any], status: int) -> None:
    answer = sent("POST", path, **{"kind": FORM, **fields})
    expected = {"/nowhere": 404, "/apply/20260306-x/save": status}.get(path, status)
    assert answer["statusCode"] == expected
    assert "<h1>" in html(answer)


@pytest.mark.usefixtures("pool")
def test_percent_signs_and_bytes_that_mean_nothing_are_read_as_they_can_be() -> None:
    assert sent("POST", "/backchannel-logout", FORM, body="logout_token=%zz&x=%E4%")["statusCode"] == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"cookies": ["abc", ";;", "=", "a", "lang"]},
        {"headers": {"cookie": "=;;==; lang=en=x; __Host-session"}},
        {"cookies": [f"{session.SESSION}={'x' * 9000}", f"{session.SESSION}=a.b.c"]},
        {"headers": {"host": "", "origin": ""}},
        {"queryStringParameters": {"lang": "en,zh", "": ""}},
    ],
    ids=["cookies", "cookie header", "long cookies", "no host", "query"],
)
def test_a_request_that_lacks_what_every_browser_sends_is_answered_all_the_same(fields: dict[str, Any]) -> None:
    assert sent(**fields)["statusCode"] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/a\x00.css",
        f"/static/{'a' * 300}.css",
        f"/static/{'a/' * 3000}x.css",
        "/static/\ud800.css",
        "/static//etc/passwd.css",
        "/static/../portal/static/portal.css",
        "/static/vendor/../portal.css",
        "/packets/\ud800",
    ],
)
def test_no_path_of_a_request_becomes_one_of_the_file_system(path: str) -> None:
    assert sent(path=path)["statusCode"] == 404


@pytest.mark.parametrize(
    ("path", "onward"),
    [
        ("/packets/中", "../sign-in?next=packets/%E4%B8%AD"),
        ("/packets/a&lang=en", "../sign-in?next=packets/a%26lang%3Den"),
        ("/packets/a<b> c", "../sign-in?next=packets/a%3Cb%3E%20c"),
    ],
)
def test_what_stands_in_an_address_cannot_add_to_a_header_or_a_query(path: str, onward: str) -> None:
    assert sent(path=path)["headers"]["Location"] == onward


def test_an_address_with_a_line_break_at_its_end_is_another_one() -> None:
    answer = sent(path="/me\n")
    assert answer["statusCode"] == 404
    assert "Location" not in answer["headers"]


def test_a_method_that_an_address_does_not_take_is_named_and_head_is_get_without_its_body() -> None:
    told = sent("DELETE", "/sign-in")
    assert (told["statusCode"], told["headers"]["Allow"]) == (405, "GET, HEAD")
    assert "从首页重新进入" in html(told)
    assert sent("GET", "/sign-out")["headers"]["Allow"] == "POST"
    assert sent("OPTIONS", "/")["statusCode"] == 405
    for path in ("/", "/static/portal.css", "/guide"):
        got, head = sent("GET", path), sent("HEAD", path)
        assert (head["statusCode"], head["body"]) == (200, "")
        assert head["headers"] == got["headers"]


def test_every_page_has_its_address_and_method_to_itself() -> None:
    taken = [(page.method, page.path) for page in PAGES]
    assert len(set(taken)) == len(taken)


# cross-site requests


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://["},
        {"origin": "", "host": ""},
        {"origin": "null"},
        {"origin": f"https://{HOST}@evil.example"},
        {"origin": f"https://{HOST}:444"},
        {"origin": f"https://{HOST}", "sec-fetch-site": "same-site"},
        {"origin": f"https://{HOST}", "sec-fetch-site": "none"},
    ],
)
def test_nothing_is_done_for_a_form_whose_origin_is_not_plainly_ours(pool: Pool, headers: dict[str, str]) -> None:
    cookies = [*signed_in(pool)]
    assert sent("POST", "/sign-out", FORM, headers, body="x=1", cookies=cookies)["statusCode"] == 403
    assert pool.revoked == []


def test_behind_a_name_of_its_own_the_portals_forms_are_its_own(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://start.example/portal")
    settings.cache_clear()
    for origin, status in (("https://start.example", 200), ("https://start.example.evil.example", 403)):
        headers = {"origin": origin, "host": "api.execute-api.example"}
        assert sent("POST", "/sign-out", FORM, headers, cookies=list(signed_in(pool)))["statusCode"] == status


def test_the_api_takes_no_session_from_a_cookie(pool: Pool) -> None:
    answer = ask("/api/drafts", "POST", cookies=signed_in(pool))
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (401, "sign-in-needed")


# tokens, which API clients bring


def as_client(token: str) -> dict[str, Any]:
    return dict(asked("/api/packets", query={"uscc": OWN}, headers={"authorization": f"Bearer {token}"}))


def _hs256(pool: Pool) -> str:
    """A token signed with the issuer's public key, as if that were a secret."""
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public = KEY.public_key().public_bytes(serialization.Encoding.PEM, spki)
    parts = [_part({"alg": "HS256", "kid": "key-1"}), _part(pool.claims())]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(b".".join(parts), public)
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def _part(part: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


def test_a_token_signed_with_the_public_key_as_a_secret_or_with_nothing_is_nobodys(pool: Pool) -> None:
    unsigned = jwt.encode(pool.claims(), key="", algorithm="none", headers={"kid": "key-1"})
    assert [as_client(token)["statusCode"] for token in (_hs256(pool), unsigned, pool.token())] == [401, 401, 200]


@pytest.mark.parametrize("missing", ["exp", "iat", "sub", "aud", "iss"])
def test_a_token_that_lacks_a_claim_is_nobodys(pool: Pool, missing: str) -> None:
    assert as_client(pool.token(**{missing: None}))["statusCode"] == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another-client"},
        {"aud": ["client-12"]},
        {"iss": "https://issuer.example/another"},
        {"token_use": "access"},
        {"expires": timedelta(minutes=-10)},
        {"key": OTHER_KEY},
        {"events": {tokens.LOGOUT: {}}},
        {"sub": ["user-1"]},
    ],
    ids=["client", "clients", "issuer", "access token", "expired", "key", "logout token", "two subjects"],
)
def test_a_token_that_is_not_the_issuers_for_us_now_is_nobodys(pool: Pool, wrong: dict[str, Any]) -> None:
    assert as_client(pool.token(**wrong))["statusCode"] == 401


def test_the_api_takes_tokens_for_the_audiences_that_it_was_told(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    token = pool.token(aud=["api", "other"])
    assert as_client(token)["statusCode"] == 401
    settled(monkeypatch, IDENTITY_AUDIENCES="command,api")
    assert as_client(token)["statusCode"] == 200


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"aud": None, "client_id": "water-system"}, 200),  # as Cognito makes them
        ({"aud": "api", "client_id": "water-system"}, 200),  # RFC 9068
        ({"aud": "another-api", "client_id": "water-system"}, 401),
        ({"aud": None, "client_id": "somebody"}, 401),  # a user's, who came by another client
        ({"aud": None, "client_id": "water-system", "sub": "power-system"}, 401),
        ({"aud": None, "client_id": "water-system", "sub": "user-1"}, 401),
    ],
)
def test_a_department_s_system_is_whom_a_parameter_names_by_a_token_of_its_own(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, claims: dict[str, Any], status: int
) -> None:
    settled(monkeypatch, IDENTITY_AUDIENCES="api", IDENTITY_PROGRAMS="water-system=water,gas-system=utilities")
    bare = {"cognito:groups": None, "cognito:username": None, "custom:uscc": None, "name": None, "token_use": "access"}
    found = tokens.bearer(pool.token(**bare | {"sub": "water-system"} | claims))
    assert (found is not None) is (status == 200)
    if found:
        assert (found.groups, found.department, found.account) == ({Group.DEPARTMENT}, "water", "water-system")


def test_an_officers_token_without_a_second_factor_is_no_officers(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(monkeypatch, IDENTITY_OFFICER_FACTORS="mfa,urn:city:strong")
    said = {"cognito:groups": ["window"]}
    told = [pool.token(**said), pool.token(**said, amr=["pwd", "mfa"]), pool.token(**said, acr="urn:city:strong")]
    assert [as_client(token)["statusCode"] for token in told] == [403, 200, 200]


def test_a_key_that_the_issuer_has_not_is_looked_up_once_a_minute_at_most(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    keys = pool.keys()
    monkeypatch.setattr(tokens, "datetime", standing(datetime.now(UTC)))
    monkeypatch.setattr(issuer, "keys", lambda: looked.append(1) or keys)
    for number in range(20):
        token = jwt.encode(pool.claims(), KEY, algorithm="RS256", headers={"kid": f"key-{number + 2}"})
        assert as_client(token)["statusCode"] == 401
    assert len(looked) == 1


def test_an_issuer_that_fails_is_not_asked_for_its_keys_at_every_token(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def silent() -> None:
        looked.append(1)
        raise issuer.silent()

    monkeypatch.setattr(issuer, "keys", silent)
    monkeypatch.setattr(tokens, "datetime", standing(datetime.now(UTC)))
    for _ in range(20):
        assert as_client(pool.token())["statusCode"] == 503
    assert len(looked) == 1


@pytest.mark.parametrize(("ahead", "status"), [(110, 200), (600, 401)])
def test_clocks_may_differ_by_two_minutes(pool: Pool, ahead: int, status: int) -> None:
    assert as_client(pool.token(iat=int(time.time()) + ahead))["statusCode"] == status


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "ofd"])
def test_no_cache_keeps_a_paper_that_is_shown(kind: ShownKind) -> None:
    assert "response-cache-control=no-store" in files.shown_address("packets/p/drawings/1/x", "v", kind, 60)


# nothing that was typed is lost


def test_a_form_sent_after_the_session_ended_comes_back_to_be_sent_again() -> None:
    answer = ask("/apply/20260306-x/save", "POST", "version=3&project.name=%3Cb%3E")
    page = html(answer)
    assert answer["statusCode"] == 401
    assert 'name="project.name" value="&lt;b&gt;"' in page
    assert 'action="../../apply/20260306-x/save"' in page
    assert "请先在新窗口登录" in page
    assert ask("/desk/next", "POST")["statusCode"] == 401


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/window/packets/20260306-x/acts", "kind=pick-up"),
        ("/window/projects/2603-411400-04-01-123456", "key=yes"),
    ],
)
def test_with_the_table_down_every_form_comes_back(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, path: str, form: str
) -> None:
    def down(*_: Any, **__: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="https://dynamodb")

    mine = signed_in(pool, **OFFICER)
    for call in ("query", "get_item", "put_item"):
        monkeypatch.setattr(client("dynamodb"), call, down)
    assert ask(path, "POST", form, mine, origin="https://evil.example")["statusCode"] == 503
    assert "name=" not in html(ask(path, "POST", form, mine, origin="https://evil.example")).partition("<main")[2]
    answer = ask(path, "POST", form, mine)
    assert answer["statusCode"] == 503
    assert "没有丢失" in html(answer)
    assert html(answer).count('type="hidden"') == form.count("=")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ClientError({"Error": {"Code": "ThrottlingException"}}, "Query"), 503),
        (ClientError({"Error": {"Code": "X"}, "ResponseMetadata": {"HTTPStatusCode": 500}}, "Query"), 503),
        (ClientError({"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}, "Query"), 500),
        (ValueError("91411402MA0KG0002N"), 500),
    ],
)
def test_a_page_tells_an_outage_from_an_error(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fails(_: str) -> None:
        raise error

    monkeypatch.setattr(packets, "load_shown", fails)
    with logged() as log:
        answer = ask("/packets/20260306-x", cookies=signed_in(pool))
    assert answer["statusCode"] == status
    shown = html(answer).partition("<main")[2]  # the head says whose page it is, error or not
    assert shown
    assert OWN not in shown + log.getvalue()


def test_a_page_that_cannot_be_shown_is_a_page_that_says_so(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    real = rendering.render

    def broken(template: str, *more: Any) -> str:
        if template != "problem.html":
            raise OverflowError("91411402MA0KG0002N")
        return real(template, *more)

    monkeypatch.setattr(rendering, "render", broken)
    answer = ask("/guide", cookies=signed_in(pool))
    assert answer["statusCode"] == 500
    assert "系统故障" in html(answer)


# limits


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
    ],
)
def test_whoever_has_a_whole_ipv6_network_is_one_client(address: str, other: str, same: bool) -> None:
    assert (counted_address(address) == counted_address(other)) is same


def test_the_public_progress_page_is_limited_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        limits, "taken", lambda limit, who, now: seen.append(f"{limit.name} {who}") or limit.ends_at(now)
    )
    for path in ("/p/" + "a" * 32, "/p/" + "a" * 32 + "/live"):
        answer = ask(path)
        assert (answer["statusCode"], "Retry-After" in answer["headers"]) == (429, True)
    assert seen == ["progress address 203.0.113.9"] * 2


def test_what_makes_new_things_is_limited() -> None:
    free = {
        "save",
        "accept",
        "take-out",
        "choose-matters",
        "hand-in",
        "desk-next",
        "desk-take",
        "desk-extend",
        "desk-give-back",
        "desk-decide",
    }
    free |= {
        "desk-sign",
        "desk-procedure",
        "window-record-project",
        "sign-out",
    }  # each changes what is there, by people with a name
    assert {page.name for page in PAGES if page.method == "POST" and page.limit is None} <= free


# what an answer gives away


def test_nothing_that_names_somebody_or_opens_something_is_logged(pool: Pool) -> None:
    browser = Browser(pool)
    with logged() as log:
        browser.signs_in()
        Browser(pool).comes_back(code="secret-code", state="secret-state", error="zhang-san")
        browser.opens("/packets")
        ask(f"/window/enterprises/{OWN}", cookies=signed_in(pool, **OFFICER))
        ask("/window/search", "POST", "q=91411402MA0KG0002N", signed_in(pool, **OFFICER))
        ask("/window/search", "POST", "q=zhang-san", signed_in(pool, **OFFICER))
        ask("/p/" + "t" * 32)
        mark = browser.cookies[session.SESSION]
        browser.signs_out()
    told = log.getvalue()
    assert '"signed-in"' in told
    for secret in ("user-1", "zhang-san", "secret", "code-1", mark, "again-1", OWN, "t" * 32, "eyJ", "203.0."):
        assert secret not in told, secret


def test_the_progress_page_is_for_no_search_engine_and_no_cache_and_tells_no_other_site_its_address() -> None:
    for path in ("/p/" + "a" * 32, "/p/" + "a" * 32 + "/live", "/p/short"):
        headers = ask(path)["headers"]
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
    assert "X-Robots-Tag" not in ask("/guide")["headers"]


def test_only_what_is_everybodys_may_be_kept_by_caches(pool: Pool) -> None:
    for path in ("/", "/guide", "/sign-in", "/signed-in", "/me", "/packets", "/nothing", "/static/nothing.css"):
        assert ask(path, cookies=signed_in(pool))["headers"]["Cache-Control"] == "no-store"
    mark = rendering.mark("portal.css")
    assert "immutable" in ask(f"/static/portal.css?v={mark}")["headers"]["Cache-Control"]
    # another deployment's file must not be kept for ever by this one's mark
    assert "immutable" not in ask("/static/portal.css?v=other")["headers"]["Cache-Control"]


def test_an_answer_that_another_site_asked_for_tells_nothing_by_its_length(pool: Pool) -> None:
    more = {"cookies": signed_in(pool), "accept_encoding": "gzip"}
    for site_, squeezed in ((None, True), ("none", True), ("same-origin", True), ("cross-site", False)):
        answer = ask("/guide?x=guess", **more, **({"sec_fetch_site": site_} if site_ else {}))
        assert ("Content-Encoding" in answer["headers"]) is squeezed
    assert "Content-Encoding" in ask("/guide", accept_encoding="gzip", sec_fetch_site="cross-site")["headers"]


def test_no_page_shows_what_a_form_or_an_address_says_as_markup(pool: Pool) -> None:
    hostile = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    seen = [
        ask(f"/guide?x={hostile}&{hostile}=1"),
        ask(f"/sign-in?next={hostile}"),
        ask(f"/signed-in?code={hostile}&state={hostile}&error={hostile}&error_description={hostile}"),
        ask("/backchannel-logout", "POST", f"logout_token={hostile}"),
        ask("/apply/20260306-x/save", "POST", f"{hostile}={hostile}"),
        ask("/window/search", "POST", f"q={hostile}", signed_in(pool, **OFFICER)),
    ]
    for answer in seen:
        assert "<script>alert" not in html(answer)


@pytest.mark.parametrize("group", list(Group))
def test_everybody_lands_on_a_page_that_is_for_him(pool: Pool, group: Group) -> None:
    answer = ask("/me", cookies=signed_in(pool, **{"cognito:groups": [group.value], "custom:department": "water"}))
    if group in account.START:
        page = next(p for p in PAGES if p.path == f"/{account.START[group]}" and p.method == "GET")
        assert group in page.groups
        assert answer["headers"]["Location"] == f"./{account.START[group]}"
    else:
        assert answer["statusCode"] == 200


@pytest.mark.parametrize("path", ["/packets/20260306-x", "/apply/20260306-x", "/api/packets/20260306-x"])
def test_how_long_an_answer_takes_does_not_tell_whether_a_packet_is_there(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("NOT_FOUND_SECONDS", "0.5")
    settings.cache_clear()
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    claims = {"cognito:groups": "[applicant]", "custom:uscc": OWN}
    answer = asked(path, claims) if path.startswith("/api/") else ask(path, cookies=signed_in(pool))
    assert answer["statusCode"] == 404
    [waited] = slept
    assert 0 < waited < 0.5
    assert ask("/guide")["statusCode"] == 200
    assert ask("/nothing")["statusCode"] == 404
    assert len(slept) == 1


# bounds


RAREST = "𠀀"  # twelve signs in JSON as most programs write it, twelve in a form


def _longest_decision() -> dict[str, Any]:
    """All that a decision may say: fifty reasons of sixty characters, each of a material with a long code."""
    words = LONGEST_ANSWER // 50
    reason = {"slot": "s" * 40, "text": RAREST * (words - 20), "basis": RAREST * 20}
    return {"round": 9999, "outcome": "correct", "reasons": [reason] * 50}


def test_the_longest_right_decision_fits_and_one_sign_more_is_refused_in_words() -> None:
    body = json.dumps(_longest_decision())
    assert body_of(_carrying(body), answers.DeskDecision)
    longer = _longest_decision()
    longer["reasons"][0] = longer["reasons"][0] | {"text": longer["reasons"][0]["text"] + "字"}
    with pytest.raises(Unanswered) as refused:
        body_of(_carrying(json.dumps(longer)), answers.DeskDecision)
    assert (refused.value.problem.status, refused.value.problem.code) == (400, "invalid-body")
    rows = [(name, part) for r in _longest_decision()["reasons"] for name, part in r.items()]
    assert len(urlencode(rows)) < FORM_LIMIT


@pytest.mark.parametrize("route", [r for r in routes.ROUTES if r.body], ids=lambda route: route.name)
def test_every_right_body_fits_and_nothing_in_it_is_unbounded(route: routes.Route) -> None:
    assert route.body
    schema = route.body.model_json_schema()
    spared = 0
    if route.body is answers.DeskDecision:  # its words together are bounded, which no schema can say
        spared = 12 * (50 * (2000 + 500) + 50 * 1000 - LONGEST_ANSWER)
    assert _most(schema, schema) - spared <= problems.BODY_LIMIT


def _most(schema: dict[str, Any], whole: dict[str, Any]) -> int:
    """Signs of the longest JSON that a schema allows. Fails where it allows any length."""
    if "$ref" in schema:
        return _most(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return max(_most(each, whole) for each in schema[choice])
    if "const" in schema or "enum" in schema:
        return max(len(json.dumps(value)) for value in schema.get("enum", [schema.get("const")]))
    match schema["type"]:
        case "object":
            many = schema.get("maxProperties", 0) if "patternProperties" in schema else 0
            longest = max((_most(of, whole) for of in schema.get("patternProperties", {}).values()), default=0)
            more = many * (schema["propertyNames"]["maxLength"] + 6 + longest) if many else 0
            return 2 + more + sum(len(name) + 6 + _most(of, whole) for name, of in schema.get("properties", {}).items())
        case "array":
            return 2 + int(schema["maxItems"]) * (2 + _most(schema["items"], whole))
        case "string" if schema.get("format") in ("date", "date-time"):
            return 60
        case "string" if "pattern" in schema:  # codes and hashes: of few signs, and of so many at most
            bounded = schema.get("maxLength") or re.search(r"\{(\d+,)?(\d+)}\$|\{\d}\$", schema["pattern"])
            assert bounded, schema["pattern"]
            return 80
        case "string":
            return 2 + 12 * int(schema["maxLength"])
        case "integer":
            return 24
    return 6


def _carrying(body: str) -> Request:
    return Request(path="/", headers={"content-type": "application/json"}, sent=body)


@pytest.mark.parametrize(
    "appointment",
    ["0001-01-01T00:00:00+08:00", "1989-12-31T23:59:00+08:00", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"],
)
def test_an_appointment_that_no_time_zone_can_tell_never_gets_on_record(appointment: str) -> None:
    """Whoever reads such a packet fails, and the packet with it."""
    visit_ = {"kind": "appoint-visit", "visit": 1, "appointment": appointment}
    procedure = {"round": 1, "kind": "hearing", "action": "start", "note": "听证", "appointment": appointment}
    message = {"schema": "kaigong/procedure/1", "id": "1", "packet": "20260306-x", "sent_at": "2026-03-06T00:00:00Z"}
    message |= {"review_id": "r", "reply_token": "t", "officer": "王工", **procedure}
    for model, said in ((ActRequest, visit_), (answers.DeskProcedureRequest, procedure), (Procedure, message)):
        good = said | {"appointment": "2026-03-09T14:00:00+08:00"}
        assert model.model_validate_json(json.dumps(good))
        with pytest.raises(ValidationError, match="year"):
            model.model_validate_json(json.dumps(said))
