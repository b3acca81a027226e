"""The same of every issuer: sign-in, sessions, sign-out, tokens of the API. That two so different ones do is the proof
that none is special.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from kaigong.portal.web import session, tokens
from kaigong.settings import settings
from kaigong.store import issuer

from infra.identity.client import NotSignedIn
from infra.samples.case import ENTERPRISE
from tests.functions.pool import Pool
from tests.functions.test_pages import HOST, ask, html
from tests.functions.test_sign_in import Browser as Cookies

from .providers import LOOPBACK, Cognito, Provider


class Browser(Cookies):
    """Keeps the portal's cookies; the issuer's are the issuer's affair."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(Pool())
        self.provider = provider

    def goes_to_issuer(self, onward: str = "me") -> str:
        answer = self.opens(f"/sign-in?next={onward}")
        assert answer["statusCode"] == 303
        return str(answer["headers"]["Location"])

    def signs_in_as(self, username: str, onward: str = "me", *, strong: bool = True) -> dict[str, Any]:
        """As who is asked for a second factor where one is needed gives it, or cannot."""
        answer = self.returns(self.provider.sign_in(self.goes_to_issuer(onward), username))
        again = str(answer["headers"].get("Location"))
        if strong and not again.startswith("."):
            answer = self.returns(self.provider.sign_in(again, username, strong=True))
        return answer

    def returns(self, address: str) -> dict[str, Any]:
        """From the issuer, to the address that it named."""
        parts = urlsplit(address)
        assert (parts.netloc, parts.path) == (HOST, "/signed-in"), address
        return self.opens(f"{parts.path}?{parts.query}")


@pytest.fixture
def browser(provider: Provider) -> Browser:
    return Browser(provider)


@pytest.fixture(autouse=True)
def people_as_they_were(started: Provider) -> Iterator[None]:
    yield
    for username in ("applicant", "window"):
        started.enable(username)
        started.put_into_group(username)


@pytest.mark.parametrize(
    ("username", "leads"), [("applicant", "./packets"), ("officer-water", "./work"), ("window", "./window")]
)
def test_people_sign_in_and_land_where_they_work(browser: Browser, username: str, leads: str) -> None:
    answer = browser.signs_in_as(username)
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "./me")
    assert browser.opens("/me")["headers"]["Location"] == leads


def test_the_page_says_who_signed_in_and_for_whom(browser: Browser) -> None:
    browser.signs_in_as("applicant")
    page = html(browser.opens("/guide"))
    assert ENTERPRISE.uscc in page
    assert 'class="who"' in page


def test_an_officer_needs_the_second_factor_that_the_issuer_tells_of(browser: Browser) -> None:
    if not browser.provider.second_factor:
        assert browser.signs_in_as("window")["headers"]["Location"] == "./me"
        return
    answer = browser.signs_in_as("window", strong=False)
    again = urlsplit(answer["headers"]["Location"])
    assert parse_qs(again.query)["acr_values"] == ["urn:city:two"]
    refused = browser.returns(browser.provider.sign_in(again.geturl(), "window"))
    assert (refused["statusCode"], browser.is_in) == (403, False)
    browser.signs_in_as("window")
    assert browser.is_in


def test_a_code_is_good_for_the_browser_that_asked_for_it_once(browser: Browser) -> None:
    """Nobody is signed in by a code that was stolen on its way, given to him, or used before."""
    came = browser.provider.sign_in(browser.goes_to_issuer(), "applicant")
    query = dict(parse_qsl(urlsplit(came).query))
    thief = Browser(browser.provider)
    mine = dict(parse_qsl(urlsplit(thief.goes_to_issuer()).query))
    for state in (query["state"], mine["state"]):
        assert thief.comes_back(**query | {"state": state})["statusCode"] == 400
        assert not thief.is_in
    # By a wrong verifier it may be used up already, as oidc-provider sees to; then it is nobody's.
    first = browser.comes_back(**query)["statusCode"]
    assert browser.comes_back(**query)["statusCode"] == 400
    assert browser.is_in is (first == 303)


def test_a_wrong_verifier_gets_no_token_from_the_issuer(browser: Browser) -> None:
    came = browser.provider.sign_in(browser.goes_to_issuer(), "applicant")
    code = dict(parse_qsl(urlsplit(came).query))["code"]
    assert issuer.exchanged(code, "A" * 43, f"https://{HOST}/signed-in") is None


def test_the_issuer_sends_nobody_elsewhere(browser: Browser) -> None:
    address = browser.goes_to_issuer().replace(f"https%3A%2F%2F{HOST}", "https%3A%2F%2Fevil.example")
    try:
        came = browser.provider.sign_in(address, "applicant")
    except AssertionError:  # it shows a page that says so
        return
    assert not came.startswith("https://evil.example")


@pytest.mark.usefixtures("each_view_asks")
def test_a_session_goes_on_as_long_as_the_issuer_stands_by_it(browser: Browser) -> None:
    browser.signs_in_as("applicant")
    assert all(browser.is_in for _ in range(4))


@pytest.mark.usefixtures("each_view_asks")
def test_a_user_who_is_disabled_is_out_at_the_next_asking(browser: Browser) -> None:
    browser.signs_in_as("applicant")
    assert browser.is_in
    browser.provider.disable("applicant")
    assert not browser.is_in
    browser.provider.enable("applicant")
    assert not browser.is_in


@pytest.mark.usefixtures("each_view_asks")
def test_a_user_who_leaves_the_group_is_out_at_the_next_asking(browser: Browser) -> None:
    browser.signs_in_as("window")
    assert browser.is_in
    browser.provider.put_out_of_group("window")
    assert not browser.is_in


def test_within_the_minute_nobody_is_asked(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.signs_in_as("applicant")
    asked: list[str] = []
    monkeypatch.setattr(issuer, "renewed", asked.append)
    assert browser.is_in
    assert asked == []


@pytest.mark.usefixtures("each_view_asks")
def test_signing_out_ends_the_session_here_and_the_one_there_and_leads_home(browser: Browser) -> None:
    browser.signs_in_as("applicant")
    kept = dict(browser.cookies)
    answer = browser.signs_out()
    there = answer["headers"]["Refresh"].removeprefix("0; url=")
    assert browser.provider.sign_out(there).rstrip("/") == f"https://{HOST}"
    browser.cookies = kept
    assert not browser.is_in


@pytest.mark.usefixtures("each_view_asks")
def test_a_user_who_was_signed_out_at_the_issuer_is_out_here_too(browser: Browser) -> None:
    """By its word where it gives one, else by what it answers."""
    browser.signs_in_as("applicant")
    assert browser.is_in
    browser.provider.end_sessions("applicant")
    assert not browser.is_in


# the API


def asks(token: str, path: str = "/api/packets", query: str = "") -> int:
    return int(ask(f"{path}{query}", authorization=f"Bearer {token}")["statusCode"])


def test_the_command_signs_people_in_by_a_browser_and_renews(browser: Browser) -> None:
    provider = browser.provider
    came: list[str] = []

    def go(address: str) -> str:
        came.append(provider.sign_in(address, "applicant"))
        return came[-1]

    given = provider.command.by_browser(LOOPBACK, go)
    assert came[0].startswith(LOOPBACK)
    assert asks(given.bearer, query=f"?uscc={ENTERPRISE.uscc}") == 200
    again = provider.command.renewed(given.refresh_token)
    assert again
    assert asks(again.bearer, query=f"?uscc={ENTERPRISE.uscc}") == 200
    with pytest.raises(NotSignedIn):
        provider.command.by_browser(LOOPBACK, lambda address: f"{go(address)}x".replace("state=", "state=x"))


def test_a_departments_system_speaks_for_its_department_alone(browser: Browser) -> None:
    program, secret = browser.provider.program
    token = program.by_credentials(secret).bearer
    found = tokens.bearer(token)
    assert found
    assert ([str(group) for group in found.groups], found.department) == (["department"], "water")
    assert (asks(token, "/api/benefits"), asks(token, "/api/ops/stuck")) == (200, 403)
    with pytest.raises(NotSignedIn):
        program.by_credentials("guessed")


def test_no_token_stands_for_another(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's access token, an ID token as a word of a sign-out, another client's program."""
    given: list[dict[str, Any]] = []
    honest = issuer._posted

    def posted(*asked: Any) -> tuple[int, dict[str, Any]]:
        status, found = honest(*asked)
        given.append(found)
        return status, found

    monkeypatch.setattr(issuer, "_posted", posted)
    browser.signs_in_as("applicant")
    [found] = given
    assert asks(found["access_token"]) == 401
    assert tokens.signed_out(found["id_token"]) is None
    assert tokens.bearer(found["id_token"])
    monkeypatch.setenv("IDENTITY_PROGRAMS", "")
    settings.cache_clear()
    program, secret = browser.provider.program
    assert asks(program.by_credentials(secret).bearer) in (401, 403)


def test_no_token_of_a_session_lets_its_user_change_the_own_account(browser: Browser) -> None:
    """An officer's name is put on record: the issuer alone changes it."""
    provider = browser.provider
    if not isinstance(provider, Cognito):
        pytest.skip("it has no such address")
    found = provider.registration()
    assert found["WriteAttributes"] == ["email"]
    assert not {flow for flow in found["ExplicitAuthFlows"] if "PASSWORD" in flow or "SRP" in flow}
    address = browser.goes_to_issuer().replace("profile", "aws.cognito.signin.user.admin")
    assert "code=" not in provider.sign_in(address, "applicant")


@pytest.mark.usefixtures("provider")
def test_metadata_that_lead_away_from_tls_are_not_believed() -> None:
    found = issuer.metadata().model_dump()
    for name in ("token_endpoint", "jwks_uri", "authorization_endpoint", "end_session_endpoint"):
        with pytest.raises(ValueError, match="neither TLS"):
            issuer.Metadata.model_validate_json(json.dumps(found | {name: "http://issuer.example/x"}))


def test_sessions_keep_what_the_issuer_calls_its_own(browser: Browser) -> None:
    if browser.provider.tells:
        browser.signs_in_as("applicant")
        kept = session.sessions.read(browser.cookies[session.SESSION])
        assert kept
        assert kept.sid
