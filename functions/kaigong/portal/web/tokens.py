"""The issuer's tokens: whether it vouches for what they say, to us, now (RFC 7519; OpenID Connect Core 3.1.3.7).

ID tokens of a sign-in, tokens that API clients bring, and the words by which the issuer ends sessions, each checked for
what it is: none can stand for another.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt

from kaigong.portal import access
from kaigong.settings import settings
from kaigong.store import issuer

ALGORITHMS = ("RS256", "PS256", "ES256")  # asymmetric ones alone: a public key is never taken for a secret
CLOCKS_DIFFER = 120  # seconds, choice: a token made by a clock that is so far ahead, or read by one so far behind
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_TYPE, _LOGOUT_SECONDS = "logout+jwt", 600  # choice: older words of a sign-out are not heard

Claims = dict[str, Any]


@dataclass(frozen=True)
class SignedOut:
    """The issuer's word that it ended a user's sessions, or one of its own, at a moment by its clock."""

    account: str
    sid: str
    at: datetime


def of_sign_in(token: str, nonce: str) -> Claims | None:
    """The claims of the ID token of a sign-in that began with this nonce; None where it does not hold."""
    claims = _of_user(token)
    return claims if claims and hmac.compare_digest(str(claims.get("nonce", "")), nonce) else None


def of_renewal(token: str) -> Claims | None:
    """The claims of the ID token of a renewal, which has no nonce; None where it does not hold."""
    return _of_user(token)


def bearer(token: str) -> access.Caller | None:
    """Whom a token of an API client vouches for; None where it does not hold, or is for somebody else.

    A person's is for the portal or for an audience of its API; a program's, by client credentials, has the program
    itself as its subject (RFC 9068, 2.2), which a parameter maps to a department.
    """
    claims = _verified(token)
    if claims is None or "events" in claims:
        return None
    known, heard = settings(), _audiences(claims)
    if department := known.programs.get(str(claims["sub"])):
        # Cognito's tokens for programs name no audience: then the subject must be whom the token was made for.
        own = not heard and claims.get("client_id") == claims["sub"]
        return access.program(str(claims["sub"]), department) if own or heard & known.audiences else None
    if not heard & known.audiences or claims.get("token_use", "id") != "id":
        return None
    found = caller(claims)
    if found and found.groups & access.OFFICERS and not access.proven(claims, known.officer_factors):
        return found.changed(groups=found.groups - access.OFFICERS)
    return found


def signed_out(token: str) -> SignedOut | None:
    """What a token says that the issuer sends when it ends sessions (Back-Channel Logout 1.0, 2.6); None where it does
    not hold. An ID token is none: it has no such event, and a nonce.
    """
    claims = _verified(token, require=("iat", "jti", "events"), types=(None, "JWT", _LOGOUT_TYPE))
    if claims is None or settings().identity_client_id not in _audiences(claims) or "nonce" in claims:
        return None
    events, account, sid = claims["events"], claims.get("sub", ""), claims.get("sid", "")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT), dict):
        return None
    if not (isinstance(account, str) and isinstance(sid, str) and (account or sid)):
        return None
    at = datetime.fromtimestamp(claims["iat"], UTC)
    late = (datetime.now(UTC) - at).total_seconds() > _LOGOUT_SECONDS
    return None if late else SignedOut(account, sid, at)


def caller(claims: Claims) -> access.Caller | None:
    """Whom claims name, by what this issuer calls things."""
    known = settings()
    names = access.Names(**known.claims, group_names=known.groups, department_names=known.departments)
    return access.caller(claims, names)


def _of_user(token: str) -> Claims | None:
    claims = _verified(token)
    if claims is None or "events" in claims or claims.get("token_use", "id") != "id":  # `token_use` is Cognito's
        return None
    heard, client = _audiences(claims), settings().identity_client_id
    if client not in heard or (len(heard) > 1 and claims.get("azp") != client):
        return None
    return claims


def _audiences(claims: Claims) -> set[str]:
    heard = claims.get("aud")
    return {heard} if isinstance(heard, str) else {each for each in heard or () if isinstance(each, str)}


def _verified(
    token: str,
    require: tuple[str, ...] = ("exp", "iat", "sub"),
    types: tuple[str | None, ...] = (None, "JWT", "at+jwt", "application/at+jwt"),
) -> Claims | None:
    """The claims of a token that the issuer signed and whose time has come and is not over. Whom it is for is asked by
    who calls. Raises IssuerSilent.
    """
    try:
        head = jwt.get_unverified_header(token)
        if head.get("typ") not in types:
            return None
        claims = jwt.decode(
            token,
            key=_ring().key(str(head.get("kid", ""))),
            algorithms=list(ALGORITHMS),
            issuer=settings().identity_issuer,
            options={"require": [*require, "iss"], "verify_aud": False},
            leeway=CLOCKS_DIFFER,
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        return None
    return dict(claims) if isinstance(claims.get("sub", ""), str) else None


class _Ring:
    """The issuer's public keys, as this process knows them. An unknown name is looked up once a minute at most, and
    where the issuer failed, once in ten seconds: anybody can make up names.
    """

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {}
        self.again = 0.0  # when an unknown name is looked up again
        self.failed = False

    def key(self, name: str) -> Any:
        """The key of that name, which says itself what it signs with. Raises KeyError where the issuer has none,
        IssuerSilent where it cannot be asked.
        """
        if name not in self.keys:
            if (now := datetime.now(UTC).timestamp()) >= self.again:
                self.again, self.failed = now + 10, True  # choice
                found = jwt.PyJWKSet.from_dict(issuer.keys())
                signing = [key for key in found.keys if key.public_key_use in (None, "sig")]
                self.keys = {key.key_id: key for key in signing if key.key_id and key.algorithm_name in ALGORITHMS}
                self.again, self.failed = now + 60, False  # choice
            elif self.failed:
                raise issuer.silent()
        return self.keys[name]


@cache
def _ring() -> _Ring:
    return _Ring()
