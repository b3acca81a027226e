"""Signing in and out at the issuer, and what an attacker would try between. tests/identity asks real issuers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
import jwt
import pytest
from kaigong.handlers import portal
from kaigong.portal import app
from kaigong.portal.app import PAGES
from kaigong.portal.web import rendering, session, tokens
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.portal.web.serving import serve
from kaigong.store import issuer, sessions

from tests.hours import standing

from . import pool as pool_of_people
from . import test_pages
from .pool import KEY, OTHER_KEY, POOL, SIGNING_IN, Pool, settled
from .test_pages import HOST, ask, html
from .world import ENVIRONMENT, World

pool = test_pages.pool  # the fixture
pytestmark = pytest.mark.usefixtures("world")

honest_metadata, honest_keys = issuer.metadata, issuer.keys  # the real ones: `conftest` puts a stand-in's there
WINDOW = {"cognito:groups": ["window"], "custom:uscc": None}


class Browser:
    """Keeps cookies, as one does, and goes to the issuer and back."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.cookies: dict[str, str] = {}

    def opens(self, path: str, method: str = "GET", form: str = "") -> dict[str, Any]:
        answer = ask(path, method, form, tuple(f"{name}={value}" for name, value in self.cookies.items()))
        for cookie in answer["cookies"]:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies.pop(name, None)
            if "Max-Age=0" not in cookie:
                self.cookies[name] = value
        return answer

    def begins(self, onward: str = "") -> dict[str, str]:
        """What the issuer is asked."""
        return asked_of(self.opens("/sign-in" + (f"?next={onward}" if onward else "")))

    def comes_back(self, **query: str) -> dict[str, Any]:
        return self.opens(f"/signed-in?{urlencode(query)}")

    def signs_in(self, onward: str = "", **claims: Any) -> dict[str, Any]:
        asked = self.begins(onward)
        code = self.pool.code(asked["code_challenge"], nonce=asked["nonce"], **claims)
        return self.comes_back(code=code, state=asked["state"])

    def signs_out(self) -> dict[str, Any]:
        return self.opens("/sign-out", "POST", "x=1")

    @property
    def is_in(self) -> bool:
        answer = self.opens("/me")
        assert answer["statusCode"] in (200, 303), answer["statusCode"]
        return "sign-in" not in answer["headers"].get("Location", "")


def asked_of(answer: dict[str, Any]) -> dict[str, str]:
    assert answer["statusCode"] == 303
    where, _, query = answer["headers"]["Location"].partition("?")
    assert where == SIGNING_IN
    return {name: values[0] for name, values in parse_qs(query).items()}


@pytest.fixture
def browser(pool: Pool) -> Browser:
    return Browser(pool)


def items() -> list[dict[str, Any]]:
    return list(boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"]).scan()["Items"])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Lets time go on, for sessions; it stands meanwhile, however long a test takes. Tokens are of its beginning."""
    moment = datetime.now(UTC)
    monkeypatch.setattr(pool_of_people, "datetime", standing(moment))

    def goes_on(by: timedelta) -> None:
        nonlocal moment
        moment += by
        monkeypatch.setattr(session, "datetime", standing(moment))

    goes_on(timedelta())
    return goes_on


MINUTE = timedelta(minutes=1)


# signing in


def test_the_issuer_is_asked_for_a_code_that_only_this_browser_can_use(browser: Browser) -> None:
    asked = browser.begins()
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert (asked["client_id"], asked["redirect_uri"]) == (POOL["IDENTITY_CLIENT_ID"], f"https://{HOST}/signed-in")
    assert asked["scope"].split()[0] == "openid"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    again = browser.begins()
    assert not {again["state"], again["nonce"], again["code_challenge"]} & {*asked.values()}


def test_who_signs_in_gets_a_session_that_no_script_and_no_other_site_can_use(browser: Browser) -> None:
    answer = browser.signs_in("guide")
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "./guide")
    [cookie] = answer["cookies"]
    assert re.match(r"__Host-session=[A-Za-z0-9_-]{43}; Path=/; ", cookie)
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert attribute in cookie
    assert browser.is_in


@pytest.mark.parametrize(
    "onward",
    ["//evil.example", "https://evil.example", "../up", "a/../../b", "/x", "javascript:1", "guide%3Fq=%0d%0aX", "?q=1"],
)
def test_signing_in_leads_to_a_page_of_ours_and_nowhere_else(browser: Browser, onward: str) -> None:
    assert browser.signs_in(onward)["headers"]["Location"] == "./me"


def test_what_an_address_asks_for_is_still_asked_for_after_signing_in(browser: Browser) -> None:
    answer = browser.opens("/apply?process=general&matters=heritage,green-space")
    onward = "apply%3Fprocess%3Dgeneral%26matters%3Dheritage%252Cgreen-space"
    assert answer["headers"]["Location"] == f"./sign-in?next={onward}"
    assert browser.signs_in(onward)["headers"]["Location"] == "./apply?process=general&matters=heritage%2Cgreen-space"


def test_two_windows_may_sign_in_at_once(browser: Browser) -> None:
    first, second = browser.begins("guide"), browser.begins("packets")
    for asked, onward in ((first, "./guide"), (second, "./packets")):
        code = browser.pool.code(asked["code_challenge"], nonce=asked["nonce"])
        answer = browser.comes_back(code=code, state=asked["state"])
        assert answer["headers"]["Location"] == onward


def refused(answer: dict[str, Any]) -> bool:
    assert (answer["statusCode"], "登录没有完成" in html(answer)) == (400, True)
    return not any(cookie.startswith(session.SESSION) for cookie in answer["cookies"])


# attacks on it


def test_a_code_that_somebody_else_got_signs_nobody_in(browser: Browser, pool: Pool) -> None:
    """Login CSRF and code injection: the attacker's own code, with a state of the attacker's browser or none."""
    attacker = Browser(pool)
    asked = attacker.begins()
    code = pool.code(asked["code_challenge"], nonce=asked["nonce"])
    for state in (asked["state"], "", asked["state"][:-1] + "A", "a.b.c.d"):
        assert refused(browser.comes_back(code=code, state=state))
    mine = browser.begins()
    assert refused(browser.comes_back(code=code, state=asked["state"]))
    assert refused(browser.comes_back(code=code, state=mine["state"]))  # the verifier is not the attacker's


def test_a_state_that_was_changed_or_is_another_browsers_counts_nothing(browser: Browser, pool: Pool) -> None:
    asked = browser.begins("guide")
    salt, stronger, onward, mark = asked["state"].split(".")
    code = pool.code(asked["code_challenge"], nonce=asked["nonce"])
    for state in (f"{salt}.1.{onward}.{mark}", f"{salt}.{stronger}.cGFja2V0cw.{mark}", f"{salt}.{stronger}..{mark}"):
        assert refused(browser.comes_back(code=code, state=state))
    assert browser.comes_back(code=code, state=asked["state"])["statusCode"] == 303


def test_a_code_counts_once(browser: Browser, pool: Pool) -> None:
    asked = browser.begins()
    code = pool.code(asked["code_challenge"], nonce=asked["nonce"])
    assert browser.comes_back(code=code, state=asked["state"])["statusCode"] == 303
    assert refused(browser.comes_back(code=code, state=asked["state"]))
    assert browser.is_in  # who opens the address again is not signed out by that


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [POOL["IDENTITY_CLIENT_ID"], "another"]},
        {"aud": [POOL["IDENTITY_CLIENT_ID"], "another"], "azp": "another"},
        {"iss": "https://issuer.example/another"},
        {"exp": 1},
        {"sub": ""},
        {"token_use": "access"},
        {"key": OTHER_KEY},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_a_token_that_is_not_for_this_sign_in_signs_nobody_in(browser: Browser, wrong: dict[str, Any]) -> None:
    asked = browser.begins()
    code = browser.pool.code(asked["code_challenge"], **{"nonce": asked["nonce"], **wrong})
    assert refused(browser.comes_back(code=code, state=asked["state"]))


@pytest.mark.parametrize(
    ("says", "supported", "goes_on"),
    [
        (POOL["IDENTITY_ISSUER"], False, True),
        (POOL["IDENTITY_ISSUER"], True, True),
        ("https://issuer.example/another", False, False),
        (None, True, False),
        (None, False, True),
    ],
)
def test_an_answer_of_another_issuer_is_not_mixed_in(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, says: str | None, supported: bool, goes_on: bool
) -> None:
    changed = browser.pool.metadata().model_copy(update={"authorization_response_iss_parameter_supported": supported})
    monkeypatch.setattr(issuer, "metadata", lambda: changed)
    asked = browser.begins()
    code = browser.pool.code(asked["code_challenge"], nonce=asked["nonce"])
    answer = browser.comes_back(code=code, state=asked["state"], **({"iss": says} if says else {}))
    assert (answer["statusCode"] == 303) is goes_on


def test_what_the_issuer_or_the_person_there_refuses_is_told(browser: Browser) -> None:
    asked = browser.begins()
    assert refused(browser.comes_back(error="access_denied", state=asked["state"]))
    assert refused(browser.comes_back(error="access_denied", code="x", state=asked["state"]))
    assert refused(browser.comes_back(state=asked["state"], code="\n"))


def test_a_session_is_new_at_each_sign_in_and_the_one_before_is_over(browser: Browser) -> None:
    """Nobody knows the mark of a session from before its sign-in (fixation)."""
    browser.cookies[session.SESSION] = "A" * 43
    browser.signs_in()
    first = browser.cookies[session.SESSION]
    assert first != "A" * 43
    browser.cookies.pop(session.BROWSER)
    before = dict(browser.cookies)
    asked = asked_of(browser.opens("/sign-in")) if not browser.is_in else None
    assert asked is None  # who is signed in is not asked again
    other = Browser(browser.pool)
    other.cookies = before
    asked = browser_begins_anew(other)
    other.comes_back(code=other.pool.code(asked["code_challenge"], nonce=asked["nonce"]), state=asked["state"])
    assert other.cookies[session.SESSION] != first
    assert not browser.is_in


def browser_begins_anew(browser: Browser) -> dict[str, str]:
    """As a second window that was opened before the first one signed in."""
    kept = browser.cookies.pop(session.SESSION)
    asked = browser.begins()
    browser.cookies[session.SESSION] = kept
    return asked


# officers


def test_an_officer_signs_in_once_more_with_a_second_factor_where_one_is_asked_for(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(monkeypatch, IDENTITY_OFFICER_FACTORS="mfa,strong")
    asked = asked_of(browser.signs_in("window", **WINDOW, amr=["pwd"]))
    assert (asked["acr_values"], asked["prompt"]) == ("mfa strong", "login")
    assert session.SESSION not in browser.cookies
    code = browser.pool.code(asked["code_challenge"], nonce=asked["nonce"], **WINDOW, amr=["pwd"])
    answer = browser.comes_back(code=code, state=asked["state"])
    assert (answer["statusCode"], session.SESSION in browser.cookies) == (403, False)
    assert "两种方式" in html(answer)
    asked = asked_of(browser.signs_in("window", **WINDOW))
    code = browser.pool.code(asked["code_challenge"], nonce=asked["nonce"], **WINDOW, amr=["pwd", "mfa"])
    assert browser.comes_back(code=code, state=asked["state"])["headers"]["Location"] == "./window"


def test_an_applicant_needs_no_second_factor_and_cannot_become_an_officer_without(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    settled(monkeypatch, IDENTITY_OFFICER_FACTORS="mfa")
    assert browser.signs_in("guide")["headers"]["Location"] == "./guide"
    browser.pool.renewed_as = {"cognito:groups": ["applicant", "window"]}
    clock(MINUTE)
    assert not browser.is_in


# while a session lasts


def test_a_view_costs_one_cheap_read_and_the_issuer_is_asked_once_a_minute(
    browser: Browser, clock: Any, world: World
) -> None:
    browser.signs_in()
    with world.inside("portal"):
        browser.opens("/me")
        assert world.calls == ["portal:dynamodb.GetItem"]
        assert browser.pool.renewals == 0
        clock(MINUTE)
        for _ in range(5):
            browser.opens("/me")
    assert browser.pool.renewals == 1
    made = [call.partition(".")[2] for call in world.calls]
    assert (made.count("PutItem"), made.count("BatchGetItem"), made.count("GetItem")) == (2, 1, 6)


@pytest.mark.parametrize(
    "says",
    [
        None,  # disabled, signed out, or its tokens revoked
        {"cognito:groups": ["department"]},
        {"cognito:groups": None},
        {"custom:uscc": "91411402MA0KG0003M"},
        {"sub": "user-2"},
        {"aud": "another-client"},
        {"key": OTHER_KEY},
    ],
    ids=["over", "another group", "no group", "another enterprise", "another user", "another client", "another key"],
)
def test_whoever_the_issuer_stands_by_no_more_is_out_within_a_minute(
    browser: Browser, clock: Any, says: dict[str, Any] | None
) -> None:
    browser.signs_in()
    browser.pool.renewed_as = says
    clock(timedelta(seconds=59))
    assert browser.is_in
    clock(timedelta(seconds=1))
    assert not browser.is_in
    browser.pool.renewed_as = {}
    assert not browser.is_in


def test_what_the_issuer_newly_says_counts_within_a_minute(browser: Browser, clock: Any) -> None:
    browser.signs_in()
    browser.pool.renewed_as = {"name": "王五"}
    clock(MINUTE)
    assert "王五" in html(browser.opens("/guide"))


def test_a_refresh_token_that_counts_once_is_used_once(browser: Browser, clock: Any) -> None:
    browser.signs_in()
    for number in range(1, 4):
        clock(MINUTE)
        assert browser.is_in
        kept = sessions.read(browser.cookies[session.SESSION])
        assert kept
        assert kept.refresh_token == f"again-{number + 1}"


def test_one_request_asks_while_the_others_of_the_session_go_on(
    browser: Browser, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.signs_in()
    clock(MINUTE)
    seen: list[bool] = []
    honest = browser.pool.renewed

    def slow(refresh_token: str) -> issuer.Tokens | None:
        seen.append(Browser.is_in.fget(browser))  # type: ignore[attr-defined]  # another request of the same browser
        return honest(refresh_token)

    monkeypatch.setattr(issuer, "renewed", slow)
    assert browser.is_in
    assert (seen, browser.pool.renewals) == ([True], 1)


def test_who_dies_while_asking_holds_nobody_up_for_long(
    browser: Browser, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.signs_in()
    clock(MINUTE)

    def dies(_: str) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(issuer, "renewed", dies)
        assert browser.opens("/me")["statusCode"] == 500
    assert browser.is_in
    assert browser.pool.renewals == 0
    clock(session.ASKING)
    assert browser.is_in
    assert browser.pool.renewals == 1


def test_an_outage_of_the_issuer_puts_nobody_out_for_a_while_and_is_told_after_that(
    browser: Browser, clock: Any
) -> None:
    browser.signs_in()
    browser.pool.down = True
    clock(MINUTE * 3)
    assert browser.is_in
    clock(MINUTE * 3)
    told = browser.opens("/me")
    assert (told["statusCode"], told["headers"]["Retry-After"]) == (503, "10")
    assert browser.opens("/guide")["statusCode"] == 200  # what is everybody's is there
    assert browser.opens("/sign-in")["statusCode"] == 503
    browser.pool.down = False
    clock(MINUTE)
    assert browser.is_in


def test_without_use_a_session_ends_after_half_an_hour_and_with_it_after_half_a_day(
    browser: Browser, clock: Any
) -> None:
    browser.signs_in()
    for _ in range(3):
        clock(MINUTE * 29)
        assert browser.is_in
    clock(MINUTE * 30)
    assert not browser.is_in
    browser.signs_in()
    for _ in range(47):
        clock(MINUTE * 15)
        assert browser.is_in
    clock(MINUTE * 15)
    assert not browser.is_in


def test_where_the_issuer_cannot_be_asked_again_a_session_ends_with_its_token(pool: Pool, clock: Any) -> None:
    browser = Browser(pool)
    cookies = pool.session(again=None, expires=timedelta(minutes=10))
    browser.cookies = {name: value for name, _, value in (cookie.partition("=") for cookie in cookies)}
    clock(MINUTE * 9)
    assert browser.is_in
    clock(MINUTE)
    assert not browser.is_in


# signing out


def test_signing_out_ends_the_session_here_and_at_the_issuer(browser: Browser) -> None:
    browser.signs_in()
    mark = browser.cookies[session.SESSION]
    answer = browser.signs_out()
    assert answer["statusCode"] == 200
    there = urlsplit(answer["headers"]["Refresh"].removeprefix("0; url="))
    assert there.geturl().startswith(f"{POOL['IDENTITY_ISSUER']}/logout?")
    asked = parse_qs(there.query)
    assert asked["post_logout_redirect_uri"] == asked["logout_uri"] == [f"https://{HOST}/"]
    assert "id_token_hint" not in asked  # it would put a name into an address
    assert browser.pool.revoked == ["again-1"]
    assert answer["headers"]["Clear-Site-Data"] == '"storage"'
    browser.cookies[session.SESSION] = mark  # whoever kept the cookie is out as well
    assert not browser.is_in


def test_an_outage_of_the_issuer_stops_nobody_from_signing_out(browser: Browser) -> None:
    browser.signs_in()
    browser.pool.down = True
    answer = browser.signs_out()
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "./")
    assert session.SESSION not in browser.cookies


def test_signing_out_while_the_issuer_is_asked_wins(
    browser: Browser, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.signs_in()
    clock(MINUTE)
    honest, other = browser.pool.renewed, Browser(browser.pool)
    other.cookies = dict(browser.cookies)

    def meanwhile(refresh_token: str) -> issuer.Tokens | None:
        other.signs_out()
        return honest(refresh_token)

    monkeypatch.setattr(issuer, "renewed", meanwhile)
    assert not browser.is_in


def logout_token(**changed: Any) -> str:
    now = int(datetime.now(UTC).timestamp())
    said = {
        "iss": POOL["IDENTITY_ISSUER"],
        "aud": POOL["IDENTITY_CLIENT_ID"],
        "iat": now,
        "exp": now + 120,
        "jti": "1",
        "sub": "user-1",
        "events": {tokens.LOGOUT: {}},
        **changed,
    }
    key, kind = said.pop("key", KEY), said.pop("typ", "logout+jwt")
    body = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(body, key, algorithm="RS256", headers={"kid": "key-1", "typ": kind})


def said_by_issuer(token: str) -> int:
    """As its server sends it: no browser, no cookie, no page of ours."""
    return int(ask("/backchannel-logout", "POST", f"logout_token={token}", origin=None)["statusCode"])


@pytest.mark.parametrize("says", [{}, {"sub": None, "sid": "s-1"}, {"sid": "s-1"}, {"typ": "JWT"}])
def test_the_issuer_ends_a_users_sessions_within_a_minute(browser: Browser, clock: Any, says: dict[str, Any]) -> None:
    browser.signs_in(sid="s-1")
    assert said_by_issuer(logout_token(**says)) == 200
    clock(MINUTE)
    assert not browser.is_in


def test_one_session_of_the_issuers_ends_without_the_others_of_its_user(
    browser: Browser, pool: Pool, clock: Any
) -> None:
    other = Browser(pool)
    browser.signs_in(sid="s-1")
    other.signs_in(sid="s-2")
    assert said_by_issuer(logout_token(sid="s-1")) == 200
    clock(MINUTE)
    assert (browser.is_in, other.is_in) == (False, True)


def test_a_word_of_a_sign_out_that_is_sent_again_ends_no_later_session(browser: Browser, clock: Any) -> None:
    now = int(datetime.now(UTC).timestamp())
    token = logout_token(iat=now - 60)
    browser.signs_in(iat=now - 90)
    assert said_by_issuer(token) == 200
    clock(MINUTE)
    assert not browser.is_in
    browser.signs_in(iat=now - 30)
    assert [said_by_issuer(token) for _ in range(3)] == [200] * 3
    assert said_by_issuer(logout_token(iat=now - 80)) == 200  # nor an earlier one
    clock(MINUTE)
    assert browser.is_in


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": OTHER_KEY},
        {"iss": "https://issuer.example/another"},
        {"aud": "another-client"},
        {"events": {}},
        {"events": None},
        {"events": {"http://schemas.openid.net/event/another": {}}},
        {"nonce": "n"},
        {"sub": None},
        {"jti": None},
        {"iat": None},
        {"iat": int(datetime.now(UTC).timestamp()) - 3600, "exp": None},
        {"exp": 1},
        {"typ": "at+jwt"},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_nobody_else_can_say_that_a_user_signed_out(browser: Browser, clock: Any, wrong: dict[str, Any]) -> None:
    browser.signs_in()
    assert said_by_issuer(logout_token(**wrong)) == 400
    assert said_by_issuer(browser.pool.token()) == 400  # an ID token is no such word
    clock(MINUTE)
    assert browser.is_in


# forms


@pytest.fixture
def handed_in(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, tuple[str, ...]]]:
    """The forms of a page of somebody's that came to what they ask for."""
    came: list[dict[str, tuple[str, ...]]] = []

    def answer(request: Request) -> Reply:
        came.append(dict(request.form))
        return Reply(kind="text/plain")

    shown = (replace(page, answer=answer) if page.name == "window-search" else page for page in app.PAGES)
    monkeypatch.setattr(portal, "answer", serve(tuple(shown), app.ANSWERS))
    return came


def key_in(answer: dict[str, Any]) -> str:
    """The key that a page gives its forms; each of them has it once."""
    page = html(answer)
    [key] = set(re.findall(r'name="form-key" value="([0-9a-f]{32})"', page))
    assert page.count("<form") == page.count('name="form-key"')
    return str(key)


@pytest.mark.usefixtures("clock")
def test_a_form_counts_with_the_key_of_a_page_of_this_sign_in_alone(
    browser: Browser, pool: Pool, handed_in: list[Any]
) -> None:
    """Another site that could make a browser send our own origin would still not know it."""
    browser.signs_in(**WINDOW)
    other, colleague = Browser(pool), Browser(pool)
    other.signs_in(**WINDOW)
    colleague.signs_in(**WINDOW | {"sub": "user-2"})
    mine, keys = key_in(browser.opens("/guide")), [key_in(each.opens("/guide")) for each in (other, colleague)]
    for wrong in ("", "0" * 32, *keys, f"{mine}&form-key={keys[0]}"):
        answer = browser.opens("/window/search", "POST", f"q=typed&form-key={wrong}")
        assert answer["statusCode"] == 403
        assert 'name="q" value="typed"' in html(answer)  # nothing that was typed is lost
        assert key_in(answer) == mine
    assert handed_in == []
    assert browser.opens("/window/search", "POST", f"q=typed&form-key={mine}")["statusCode"] == 200
    assert handed_in == [{"q": ("typed",)}]  # the key is no field of anybody's


def test_what_was_typed_before_a_session_ended_is_sent_by_the_same_person_and_by_nobody_else_unseen(
    browser: Browser, clock: Any, handed_in: list[Any]
) -> None:
    browser.signs_in(**WINDOW)
    typed = f"q=typed&form-key={key_in(browser.opens('/guide'))}"
    clock(MINUTE * 31)
    again = html(browser.opens("/window/search", "POST", typed))
    assert f'name="form-key" value="{typed[-32:]}"' in again
    browser.signs_in(**WINDOW | {"sub": "user-2"})
    assert browser.opens("/window/search", "POST", typed)["statusCode"] == 403
    browser.signs_out()
    browser.signs_in(**WINDOW)
    assert browser.opens("/window/search", "POST", typed)["statusCode"] == 403  # he signed out himself
    assert handed_in == []
    typed = f"q=typed&form-key={key_in(browser.opens('/guide'))}"
    clock(MINUTE * 31)
    browser.signs_in(**WINDOW)
    assert browser.opens("/window/search", "POST", typed)["statusCode"] == 200


def test_a_browser_that_lost_its_secret_gets_another_one(browser: Browser, handed_in: list[Any]) -> None:
    browser.signs_in(**WINDOW)
    del browser.cookies[session.BROWSER]
    key = key_in(browser.opens("/guide"))
    assert browser.opens("/window/search", "POST", f"q=typed&form-key={key}")["statusCode"] == 200
    assert handed_in


def test_what_goes_to_object_storage_does_not_bring_the_key_along() -> None:
    page = '<form id="x" method="post" action="https://bucket" enctype="multipart/form-data"><form method="post">'
    assert rendering._keyed(page, "k").count("form-key") == 1
    assert rendering._keyed(page, "k").endswith('<form method="post"><input type="hidden" name="form-key" value="k">')


# what lies in the table


def test_the_table_has_neither_the_mark_nor_whom_it_stands_for_nor_a_token(browser: Browser) -> None:
    browser.signs_in()
    mark = browser.cookies[session.SESSION]
    [item] = items()
    told = repr(item) + repr({name: bytes(value) for name, value in item.items() if hasattr(value, "value")})
    for secret in (mark, "again-1", "user-1", "李四", "91411402MA0KG0002N"):
        assert secret not in told
    assert item["expires_at"] <= (datetime.now(UTC) + timedelta(hours=12, seconds=1)).timestamp()


def test_a_session_put_in_the_place_of_another_opens_nothing(browser: Browser, pool: Pool) -> None:
    """Who writes to the table without a mark cannot give one session the rights of another."""
    officer = Browser(pool)
    officer.signs_in(**WINDOW)
    [theirs] = items()
    browser.signs_in()
    [mine] = [item for item in items() if item["pk"] != theirs["pk"]]
    boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"]).put_item(Item={**theirs, "pk": mine["pk"]})
    assert not browser.is_in


@pytest.mark.parametrize("made_up", ["", "A" * 42, "A" * 43, "A" * 44, "ey.ey.ey", "A" * 5000])
def test_a_mark_that_nobody_was_given_is_nobodys(browser: Browser, made_up: str) -> None:
    browser.cookies[session.SESSION] = made_up
    assert not browser.is_in


# passwords are the issuer's


def test_no_page_of_ours_takes_a_password_so_that_nobody_can_guess_one_here_or_lock_somebody_out() -> None:
    """With a form of ours five wrong tries shut somebody else out, and twenty a whole office."""
    assert {page.name for page in PAGES if page.path in ("/sign-in", "/signed-in") and page.method == "POST"} == set()
    told = [ask("/sign-in", "POST", f"name=user-1&password=wrong-{n}")["statusCode"] for n in range(30)]
    assert set(told) == {405}


# what the issuer says of itself


METADATA = f"{POOL['IDENTITY_ISSUER']}/.well-known/openid-configuration"
SAID = {
    "issuer": POOL["IDENTITY_ISSUER"],
    "authorization_endpoint": SIGNING_IN,
    "token_endpoint": f"{POOL['IDENTITY_ISSUER']}/token",
    "jwks_uri": "https://keys.example/now",
    "a_claim_that_nobody_knows": 1,
}


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What lies at addresses; nothing elsewhere."""
    found: dict[str, Any] = {METADATA: SAID, SAID["jwks_uri"]: {"keys": []}}

    def asked(_method: str, address: str, *_: Any) -> tuple[int, dict[str, Any]]:
        if address not in found:
            raise issuer.silent()
        return 200, found[address]

    monkeypatch.setattr(issuer, "_asked", asked)
    monkeypatch.setattr(issuer, "metadata", honest_metadata)
    issuer._known.cache_clear()
    yield found
    issuer._known.cache_clear()


def test_keys_come_from_where_the_metadata_of_the_one_issuer_say(
    there: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert honest_keys() == {"keys": []}
    elsewhere = "http://127.0.0.1:4566/pool-1/metadata"
    there[elsewhere] = there.pop(METADATA)
    settled(monkeypatch, IDENTITY_METADATA_URL=elsewhere)
    issuer._known.cache_clear()
    assert honest_keys() == {"keys": []}


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://issuer.example/another"},  # whose keys would vouch for anybody
        {"issuer": None},
        {"jwks_uri": "http://keys.example/now"},
        {"token_endpoint": "http://issuer.example/token"},
        {"token_endpoint": ""},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_metadata_of_another_or_without_tls_are_not_believed(there: dict[str, Any], changed: dict[str, Any]) -> None:
    there[METADATA] = SAID | changed
    with pytest.raises(issuer.IssuerSilent):
        honest_keys()


def test_metadata_are_asked_for_once_and_hold_where_the_issuer_is_silent_later(
    there: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = honest_metadata()
    there.clear()
    assert honest_metadata() == before
    monkeypatch.setattr(issuer, "METADATA_SECONDS", 0)
    issuer._known()._again = 0.0
    assert honest_metadata() == before
