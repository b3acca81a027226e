"""A stand-in for the issuer of identities, in this process; tests/identity asks real ones."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from kaigong.portal.web import session, tokens
from kaigong.settings import settings
from kaigong.store import issuer

POOL = {
    "IDENTITY_ISSUER": "https://issuer.example/city",
    "IDENTITY_CLIENT_ID": "client-1",
    "IDENTITY_CLAIMS": "user=cognito:username,groups=cognito:groups,uscc=custom:uscc,department=custom:department",
}
PORTAL = "portal.example"
SIGNING_IN = f"{POOL['IDENTITY_ISSUER']}/authorize"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
OWN = "91411402MA0KG0002N"
METADATA = issuer.Metadata(
    issuer=POOL["IDENTITY_ISSUER"],
    authorization_endpoint=SIGNING_IN,
    token_endpoint=f"{POOL['IDENTITY_ISSUER']}/token",
    jwks_uri=f"{POOL['IDENTITY_ISSUER']}/keys",
    end_session_endpoint=f"{POOL['IDENTITY_ISSUER']}/logout",
)


SECRET = "s" * 43  # of the browser that all tests' people use
_accounts: dict[str, str] = {}  # whose session a cookie is


def keyed(form: str, cookies: Iterable[str]) -> str:
    """A form as a page of ours sends it that was made for whoever has these cookies."""
    account = next((_accounts[cookie] for cookie in cookies if cookie in _accounts), None)
    return form if account is None else f"{form}&form-key={session.form_key(SECRET, account)}"


class Pool:
    """Signs tokens with a key of its own. A code counts once, for the verifier that was announced with it."""

    def __init__(self) -> None:
        self.key = KEY
        self.revoked: list[str] = []
        self.renewals = 0
        self.renewed_as: dict[str, Any] | None = {}  # the claims that a renewal changes; None: it is over
        self.codes: dict[str, tuple[str, dict[str, Any]]] = {}  # code: its challenge, and its token's claims
        self.down = False

    def patch(self, patch: pytest.MonkeyPatch) -> "Pool":
        """Take the issuer's place."""
        for call in ("keys", "metadata", "exchanged", "renewed", "revoke"):
            patch.setattr(issuer, call, getattr(self, call))
        tokens._ring.cache_clear()
        return self

    def claims(self, expires: timedelta = timedelta(hours=1), **claims: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "sub": "user-1",
            "cognito:username": "user-1",
            "aud": POOL["IDENTITY_CLIENT_ID"],
            "iss": POOL["IDENTITY_ISSUER"],
            "iat": int((now - timedelta(minutes=5)).timestamp()),
            "exp": int((now + expires).timestamp()),
            "cognito:groups": ["applicant"],
            "custom:uscc": OWN,
            "name": "李四",
            **claims,
        }

    def token(self, expires: timedelta = timedelta(hours=1), key: Any = None, **claims: Any) -> str:
        said = {name: value for name, value in self.claims(expires, **claims).items() if value is not None}
        return jwt.encode(said, key or self.key, algorithm="RS256", headers={"kid": "key-1"})

    def session(self, *, again: str | None = "again-1", strong: bool = True, **claims: Any) -> tuple[str, ...]:
        """The cookie of somebody who signed in just now."""
        said = self.claims(**claims)
        caller = tokens.caller(said)
        assert caller
        [cookie] = session.begun(caller, said, issuer.Tokens("", again), strong=strong)
        mine = cookie.partition(";")[0]
        _accounts[mine] = caller.account
        return mine, f"{session.BROWSER}={SECRET}"

    def code(self, challenge: str, **claims: Any) -> str:
        """A code as somebody gets it who signs in; with the claims of its token."""
        made = f"code-{len(self.codes) + 1}"
        self.codes[made] = (challenge, claims)
        return made

    # what the store asks of an issuer

    def keys(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "key-1", "alg": "RS256", "use": "sig"}]}

    def metadata(self) -> issuer.Metadata:
        if self.down:
            raise issuer.silent()
        return METADATA

    def exchanged(self, code: str, verifier: str, redirect_uri: str) -> issuer.Tokens | None:
        challenge, claims = self.codes.pop(code, ("", {}))
        hashed = hashlib.sha256(verifier.encode()).digest()
        if (
            not challenge
            or jwt.utils.base64url_encode(hashed).decode() != challenge
            or redirect_uri != f"https://{PORTAL}/signed-in"
        ):
            return None
        return issuer.Tokens(self.token(**claims), "again-1")

    def renewed(self, refresh_token: str) -> issuer.Tokens | None:
        if self.down:
            raise issuer.silent()
        self.renewals += 1
        if self.renewed_as is None or not refresh_token.startswith("again-"):
            return None
        return issuer.Tokens(self.token(**self.renewed_as), f"again-{self.renewals + 1}")

    def revoke(self, refresh_token: str) -> None:
        if self.down:
            raise issuer.silent()
        self.revoked.append(refresh_token)


def settled(patch: pytest.MonkeyPatch, **environment: str) -> None:
    """The environment as a test has it."""
    for name, value in environment.items():
        patch.setenv(name, value)
    settings.cache_clear()
