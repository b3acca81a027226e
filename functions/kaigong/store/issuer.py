"""The issuer that says who people are: its metadata, its keys, its tokens (OpenID Connect Core and Discovery 1.0).

One issuer, by parameters, and no dialect of anybody's. It is asked over TLS, or on this very machine; what it answers
is bounded, and no redirect is followed.
"""

import json
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import urllib3  # botocore cannot do without it, so it is wherever boto3 is
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from kaigong.errors import TryAgain
from kaigong.settings import settings

from .clients import client

LIMIT = 256 * 1024  # bytes of an answer
METADATA_SECONDS = 3600  # choice: how long what the issuer says of itself is believed without asking again
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OVER = "invalid_grant"  # RFC 6749, 5.2: the code or the refresh token is used up, revoked, or of somebody disabled


class IssuerSilent(TryAgain):
    """The issuer did not answer as it should."""


class Metadata(BaseModel):
    """What an issuer says of itself, as far as it matters here."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    revocation_endpoint: str = ""
    authorization_response_iss_parameter_supported: bool = False
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)

    @field_validator(
        "authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint", "revocation_endpoint"
    )
    @classmethod
    def _is_safe(cls, address: str) -> str:
        """Codes, tokens and keys go there and come from there: TLS, or the same machine."""
        parts = urlsplit(address)
        local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if parts.scheme != "https" and not local:
            raise ValueError("neither TLS nor this machine")
        return address


@dataclass(frozen=True)
class Tokens:
    """What the issuer gives for a sign-in."""

    id_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)


def metadata() -> Metadata:
    """What the issuer says of itself: asked once an hour, and believed longer where it does not answer then.

    Raises IssuerSilent.
    """
    return _known().metadata()


def keys() -> dict[str, Any]:
    """The public keys that the issuer signs with, as a JWK set. Raises IssuerSilent."""
    return _fetched(metadata().jwks_uri)


def exchanged(code: str, verifier: str, redirect_uri: str) -> Tokens | None:
    """The tokens for a code; None where it is not one of ours, or used already. Raises IssuerSilent."""
    asked = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect_uri}
    return _tokens(asked)


def renewed(refresh_token: str) -> Tokens | None:
    """New tokens; None where the sign-in is over. Raises IssuerSilent."""
    return _tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})


def revoke(refresh_token: str) -> None:
    """End a refresh token, where the issuer has an address for that (RFC 7009). Raises IssuerSilent."""
    if address := metadata().revocation_endpoint:
        _posted(address, {"token": refresh_token, "token_type_hint": "refresh_token"})


def silent() -> IssuerSilent:
    return IssuerSilent("登录服务暂时没有应答，请稍后再试。", "The sign-in service does not answer; try again later.")


class _Known:
    """The metadata, as this process knows them."""

    def __init__(self) -> None:
        self._found: Metadata | None = None
        self._again = 0.0

    def metadata(self) -> Metadata:
        if self._found is None or time.monotonic() >= self._again:
            try:
                self._found, self._again = _read_metadata(), time.monotonic() + METADATA_SECONDS
            except IssuerSilent:
                if self._found is None:
                    raise
                self._again = time.monotonic() + 60  # choice: the old ones hold, and are asked for once a minute
        return self._found


@cache
def _known() -> _Known:
    return _Known()


def _read_metadata() -> Metadata:
    issuer = settings().identity_issuer
    where = settings().identity_metadata_url or f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        found = Metadata.model_validate(_fetched(where))
    except ValidationError as error:
        raise silent() from error
    if found.issuer != issuer:  # another's keys would vouch for anybody (OpenID Connect Discovery, 4.3)
        raise silent()
    return found


def _tokens(asked: Mapping[str, str]) -> Tokens | None:
    status, found = _posted(metadata().token_endpoint, asked)
    if status == 200 and isinstance(token := found.get("id_token"), str):
        refresh = found.get("refresh_token")
        return Tokens(token, refresh if isinstance(refresh, str) and refresh else None)
    if status == 200 or found.get("error") == _OVER:
        return None  # who gives no ID token vouches for nobody
    raise silent()  # our own registration there, or an outage: nobody's sign-in is over for that


def _posted(address: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    known, headers = settings(), {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    form = {**form, "client_id": known.identity_client_id}
    if known.identity_client_secret_arn:
        secret = _secret()
        if "client_secret_basic" in metadata().token_endpoint_auth_methods_supported:  # RFC 6749, 2.3.1
            pair = f"{quote(known.identity_client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form["client_secret"] = secret
    status, found = _asked("POST", address, headers, urlencode(form))
    if status == 401:
        _secret.cache_clear()  # it may have been renewed meanwhile
    return status, found


@cache
def _secret() -> str:
    found = client("secretsmanager").get_secret_value(SecretId=settings().identity_client_secret_arn)
    return str(found["SecretString"])


def _fetched(address: str) -> dict[str, Any]:
    status, found = _asked("GET", address, {"Accept": "application/json"}, None)
    if status == 200 and found:
        return found
    raise silent()


def _asked(method: str, address: str, headers: Mapping[str, str], body: str | None) -> tuple[int, dict[str, Any]]:
    """The status and the JSON of an answer; no JSON is nothing. Raises IssuerSilent."""
    retries = urllib3.Retry(1, redirect=0) if method == "GET" else False  # a code and a refresh token count once
    try:
        answer = _http().request(
            method, address, headers=dict(headers), body=body, retries=retries, redirect=False, preload_content=False
        )
        try:
            content = answer.read(LIMIT + 1)
        finally:
            answer.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise silent() from error
    if len(content) > LIMIT or answer.status >= 500:
        raise silent()
    try:
        found = json.loads(content) if content else {}
    except ValueError:
        found = {}
    return answer.status, found if isinstance(found, dict) else {}


@cache
def _http() -> urllib3.PoolManager:
    """Connections are kept: a renewal a minute of each session costs no new handshake."""
    return urllib3.PoolManager(timeout=settings().call_seconds)
