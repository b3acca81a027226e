"""The portal in this process, and issuers that are asked over the network: the same tests of both."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from kaigong.portal.web import session, tokens
from kaigong.settings import settings
from kaigong.store import issuer
from kaigong.store.clients import client
from moto import mock_aws

from tests.functions import world as worlds
from tests.functions.test_pages import ask

from .providers import Cognito, OidcProvider, Provider

STRICT = pytest.param(OidcProvider, id="oidc-provider")


@pytest.fixture(scope="module", params=[pytest.param(Cognito, id="cognito"), STRICT])
def started(request: pytest.FixtureRequest) -> Iterator[Provider]:
    """An issuer with its people, for the tests of a module."""
    with _portal_for_issuers() as (address, heard), request.param(address) as provider:
        provider.heard = heard
        yield provider


@pytest.fixture
def provider(started: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """The issuer, and a portal that was told of it: an empty stack beside which nothing else runs."""
    worlds.prepare(monkeypatch)
    for name, value in started.environment.items():
        monkeypatch.setenv(name, value)
    for cached in (settings, client, issuer._known, issuer._secret, issuer._http, tokens._ring):
        cached.cache_clear()
    with mock_aws():
        worlds.build()
        started.prepare(monkeypatch)
        yield started
    issuer._http().clear()
    for cached in (settings, client, issuer._known, issuer._secret, issuer._http, tokens._ring):
        cached.cache_clear()


@pytest.fixture
def each_view_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a minute went by between any two views."""
    monkeypatch.setattr(session, "CHECKED_EVERY", -session.ASKING)


@contextmanager
def _portal_for_issuers() -> Iterator[tuple[str, list[int]]]:
    """An address of the portal that an issuer's server can ask, and what it was answered there."""
    heard: list[int] = []

    class Portal(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer: dict[str, Any] = ask(self.path, "POST", body, origin=None)
            heard.append(answer["statusCode"])
            self.send_response(answer["statusCode"])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", heard
        finally:
            server.shutdown()
            thread.join()
