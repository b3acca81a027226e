"""Signing in to the portal of a local stack without a browser, as people do with one."""

from urllib.parse import urlsplit

import requests

from infra.local import Stack
from infra.local.sign_in import at_form

from .patience import PATIENCE


def cookies_of(stack: Stack, username: str) -> dict[str, str]:
    """The cookies of a browser in which this user has just signed in: a session of its own."""
    user, kept = stack.user(username), dict[str, str]()

    def opened(address: str) -> str:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}
        answer = requests.get(address, headers=sent, allow_redirects=False, timeout=PATIENCE)
        assert answer.status_code == 303, f"{answer.status_code} at {urlsplit(address).path}"
        # requests keeps no cookie that asks for TLS, which browsers do on this machine
        for cookie in answer.raw.headers.getlist("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            kept[name] = value
        return str(answer.headers["Location"])

    issuer = opened(f"{stack.portal_url}/sign-in")
    opened(at_form(issuer, user.username, user.password.get_secret_value()))
    return kept
