"""How the command signs in: by a browser that comes back to this machine, and without one from then on."""

import stat
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from kaigong.errors import Refused
from kaigong.portal.web import tokens

from infra.command.client import Target, sign_in
from infra.local.paths import locked
from infra.samples.case import ENTERPRISE
from tests.patience import PATIENCE

from .providers import LOOPBACK, Provider

SYSTEM = ("KAIGONG_CLIENT_ID", "KAIGONG_CLIENT_SECRET", "KAIGONG_CLIENT_SCOPE")


@pytest.fixture(autouse=True)
def the_port() -> Iterator[None]:
    """A browser comes back to one port of the machine, which other runs of these tests want as well."""
    with locked(Path(tempfile.gettempdir()) / "kaigong-test-sign-in.lock"):
        yield


@pytest.fixture
def target(provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    """A stack somewhere else, and nobody who signed in before."""
    for name in ("KAIGONG_TOKEN", "KAIGONG_USER", *SYSTEM):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    command = provider.command
    return Target("prod", None, "", "", "https://portal.test", command.metadata_url, command.client_id, command.scope)


@pytest.fixture
def opened(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was to open, in which the applicant signs in."""
    addresses: list[str] = []

    def open_it(address: str) -> bool:
        addresses.append(address)

        def goes() -> None:
            requests.get(f"{LOOPBACK}favicon.ico", timeout=PATIENCE)
            requests.get(provider.sign_in(address, "applicant"), timeout=PATIENCE)

        threading.Thread(target=goes).start()
        return True

    monkeypatch.setattr(webbrowser, "open", open_it)
    return addresses


def test_a_browser_signs_in_once_and_the_refresh_token_is_this_users_alone(
    target: Target, opened: list[str], tmp_path: Path
) -> None:
    for _ in range(2):
        caller = tokens.bearer(sign_in.tokens(target, "applicant", None).bearer)
        assert caller
        assert caller.uscc == ENTERPRISE.uscc
    assert len(opened) == 1
    [kept] = (path for path in tmp_path.rglob("*") if path.is_file())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.write_text("revoked")
    assert sign_in.tokens(target, "applicant", None).bearer
    assert len(opened) == 2


def test_two_accounts_are_kept_apart(target: Target, opened: list[str]) -> None:
    for named in (None, "zhang", "zhang"):
        sign_in.tokens(target, "applicant", named)
    assert len(opened) == 2
    assert "login_hint=zhang" in opened[1]


def test_a_departments_system_signs_in_by_its_own_client_and_a_script_brings_a_token(
    target: Target, provider: Provider, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, secret = provider.program
    for name, value in zip(SYSTEM, (program.client_id, secret, program.scope), strict=True):
        monkeypatch.setenv(name, value)
    caller = tokens.bearer(sign_in.tokens(target, "officer-water", None).bearer)
    assert caller
    assert caller.department == "water"
    monkeypatch.setenv("KAIGONG_TOKEN", "a.b.c")
    assert sign_in.tokens(target, "officer-water", None).bearer == "a.b.c"
    assert opened == []


def test_a_stack_that_names_no_client_for_the_command_says_so(target: Target) -> None:
    nameless = Target(**{**vars(target), "command_client_id": ""})
    with pytest.raises(Refused, match="IdentityAudiences"):
        sign_in.tokens(nameless, "applicant", None)
