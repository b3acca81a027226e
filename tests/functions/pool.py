"""A stand-in for the user pool, which no emulator has in-process."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from kaigong.store import users

POOL = {
    "IDENTITY_ISSUER": "https://cognito-idp.example/pool-1",
    "IDENTITY_CLIENT_ID": "client-1",
}
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
OWN = "91411402MA0KG0002N"


class Pool:
    """Signs tokens with a key of its own, and knows one user, `user-1`, whose password is right."""

    def __init__(self) -> None:
        self.key = KEY
        self.signed_out: list[str] = []
        self.renewals = 0

    def token(self, expires: timedelta = timedelta(hours=1), key: Any = None, **claims: Any) -> str:
        now = datetime.now(UTC)
        body = {
            "sub": "user-1",
            "cognito:username": "user-1",
            "token_use": "id",
            "aud": POOL["IDENTITY_CLIENT_ID"],
            "iss": POOL["IDENTITY_ISSUER"],
            "iat": now - timedelta(minutes=5),
            "exp": now + expires,
            "cognito:groups": ["applicant"],
            "custom:uscc": OWN,
            "name": "李四",
            **claims,
        }
        return jwt.encode(body, key or self.key, algorithm="RS256", headers={"kid": "key-1"})

    def keys(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "key-1", "alg": "RS256", "use": "sig"}]}

    def sign_in(self, name: str, password: str) -> users.Tokens | users.Challenge | None:
        if password == "first-time":
            return users.Challenge("NEW_PASSWORD_REQUIRED", "pool-session")
        return users.Tokens(self.token(), "again-1") if (name, password) == ("user-1", "right") else None

    def own_password(self, _name: str, password: str, _session: str) -> users.Tokens | None:
        if len(password) < 12:
            raise users.TooWeak("太短", "too short")
        return users.Tokens(self.token(), "again-1")

    def renewed(self, refresh_token: str) -> users.Tokens | None:
        self.renewals += 1
        return users.Tokens(self.token()) if refresh_token == "again-1" else None

    def sign_out(self, refresh_token: str) -> None:
        self.signed_out.append(refresh_token)
