"""A program that signs in at an OpenID Connect issuer: people by a browser (RFC 8252), systems by client credentials.

The portal has its own (kaigong.store.issuer), which keeps sessions; this one is what the command and the tests need.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import urllib3
from kaigong.errors import Refused, TryAgain

SECONDS = 30


class NotSignedIn(Refused):
    """The issuer, or the person there, said no."""


class NoIssuer(TryAgain):
    """The issuer does not answer as it should."""


@dataclass(frozen=True)
class Tokens:
    """What a sign-in gives. `bearer` is for the API: a person's ID token, a system's access token."""

    bearer: str = field(repr=False)
    seconds: int  # for which it is good
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Client:
    """A client that an issuer knows. Its metadata say where to ask."""

    metadata_url: str
    client_id: str
    scope: str = "openid profile"

    def by_browser(self, redirect_uri: str, go: Callable[[str], str], hint: str = "") -> Tokens:
        """Sign a person in: `go` has a browser open an address, and says at which address it came back.

        Raises NotSignedIn, NoIssuer.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"login_hint": hint} if hint else {}),
        }
        metadata = self._metadata()
        came = parse_qs(urlsplit(go(f"{metadata['authorization_endpoint']}?{urlencode(asked)}")).query)
        said = {name: values[0] for name, values in came.items()}
        if (
            said.get("state") != state
            or said.get("iss", metadata["issuer"]) != metadata["issuer"]
            or "code" not in said
        ):
            raise _refused(said.get("error", "state"))
        form = {"grant_type": "authorization_code", "code": said["code"], "code_verifier": verifier}
        found = self._asked(metadata, {**form, "redirect_uri": redirect_uri})
        # It comes from the issuer itself: whether it is for this sign-in is what there is left to ask.
        if jwt.decode(str(found.get("id_token")), options={"verify_signature": False}).get("nonce") != nonce:
            raise _refused("nonce")
        return _of_person(found)

    def renewed(self, refresh_token: str) -> Tokens | None:
        """New tokens of a person who signed in before; None where that is over. Raises NoIssuer."""
        try:
            found = self._asked(self._metadata(), {"grant_type": "refresh_token", "refresh_token": refresh_token})
        except NotSignedIn:
            return None
        return _of_person(found, refresh_token) if found.get("id_token") else None

    def by_credentials(self, secret: str) -> Tokens:
        """Sign a department's own system in. Raises NotSignedIn, NoIssuer."""
        form = {"grant_type": "client_credentials", **({"scope": self.scope} if self.scope else {})}
        found = self._asked(self._metadata(), form, secret)
        return Tokens(str(found["access_token"]), int(found.get("expires_in", 300)))

    def _metadata(self) -> dict[str, Any]:
        status, found = _answer("GET", self.metadata_url)
        if status != 200 or "authorization_endpoint" not in found:
            raise _silent(self.metadata_url)
        return found

    def _asked(self, metadata: dict[str, Any], form: dict[str, str], secret: str = "") -> dict[str, Any]:
        headers = urllib3.make_headers(basic_auth=f"{self.client_id}:{secret}") if secret else {}
        sent = urlencode(form if secret else {**form, "client_id": self.client_id})
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        status, found = _answer("POST", str(metadata["token_endpoint"]), headers, sent)
        if status in (400, 401):
            raise _refused(str(found.get("error", status)))
        if status != 200:
            raise _silent(str(metadata["token_endpoint"]))
        return found


def _of_person(found: dict[str, Any], kept: str = "") -> Tokens:
    refresh = str(found.get("refresh_token") or kept)
    return Tokens(str(found["id_token"]), int(found.get("expires_in", 300)), refresh)


def _answer(
    method: str, address: str, headers: dict[str, str] | None = None, body: str | None = None
) -> tuple[int, dict[str, Any]]:
    try:
        http = urllib3.PoolManager(timeout=SECONDS)
        answer = http.request(method, address, headers=headers, body=body, retries=False, redirect=False)
        found = json.loads(answer.data) if answer.data else {}
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise _silent(address) from error
    return answer.status, found if isinstance(found, dict) else {}


def _refused(why: str) -> NotSignedIn:
    return NotSignedIn(
        f"登录没有完成（{why}）。请再试一次；仍不行，请核对账号和身份服务的登记。",
        f"The sign-in was not completed ({why}). Try again; if that does not help, check the account and how the "
        "command is registered at the sign-in service.",
    )


def _silent(address: str) -> NoIssuer:
    where = urlsplit(address).netloc
    return NoIssuer(
        f"身份服务 {where} 没有应答。请检查网络，稍后再试。",
        f"The sign-in service {where} does not answer. Check the network and try again later.",
    )
