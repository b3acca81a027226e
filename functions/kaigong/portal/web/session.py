"""Who is signed in: the pool's ID token in a cookie that no script reads, checked here with the pool's keys.

Sign-in, refresh and sign-out are the pool's own calls; they need no credentials of ours. Cookies are SameSite=Lax, so
that a link opens a page signed in, and no other site can make a browser write here (pages.py also looks at the origin).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt

from kaigong.portal import access
from kaigong.settings import settings
from kaigong.store import users

SESSION, AGAIN, KNOWN = "__Host-session", "__Host-again", "__Host-known"
CLOCKS_DIFFER = 120  # seconds, choice: a token made by a clock that is so far ahead, or read by one so far behind
AGAIN_SECONDS = 12 * 3600  # as long as the pool keeps a refresh token; then everybody signs in anew (OWASP ASVS 3.3.2)


@dataclass(frozen=True)
class Session:
    """The caller, and the cookies to set where the session was renewed or came to its end."""

    caller: access.Caller
    cookies: tuple[str, ...] = ()


def of(cookies: dict[str, str], renewing: Callable[[], None] = lambda: None) -> Session:
    """The session that a browser's cookies speak of. A token that expired is renewed where that is still possible.

    `renewing` is called before the user pool is asked, and may raise to prevent it.
    """
    token, again = cookies.get(SESSION), cookies.get(AGAIN)
    if token and (caller := _caller(token)):
        return Session(caller)
    if again:
        renewing()
        renewed = users.renewed(again)
        if renewed and (caller := _caller(renewed.id_token)):
            return Session(caller, (_cookie(SESSION, renewed.id_token, AGAIN_SECONDS),))
        return Session(access.NOBODY, ended())
    return Session(access.NOBODY, ended() if token else ())


def bearer(header: str) -> access.Caller | None:
    """The caller of an API client, by the token in its Authorization header; None where it has none that holds."""
    scheme, _, token = header.partition(" ")
    return _caller(token.strip()) if scheme.lower() == "bearer" else None


def signed_in(tokens: users.Tokens) -> access.Caller:
    """Who signed in."""
    return _caller(tokens.id_token) or access.NOBODY


def leaving(cookies: dict[str, str]) -> access.Caller:
    """Whose session a browser's cookies speak of, as far as that is known without asking the pool."""
    return _caller(cookies.get(SESSION, "")) or access.NOBODY


def begun(tokens: users.Tokens) -> tuple[str, ...]:
    """The cookies of somebody who signed in."""
    made = [_cookie(SESSION, tokens.id_token, AGAIN_SECONDS)]
    if tokens.refresh_token:
        made.append(_cookie(AGAIN, tokens.refresh_token, AGAIN_SECONDS))
    return tuple(made)


def ended() -> tuple[str, ...]:
    return (_cookie(SESSION, "", 0), _cookie(AGAIN, "", 0))


def known(mark: str, seconds: int) -> str:
    """The cookie by which a browser is known again at the next sign-in. It signs nobody in, and stays at sign-out."""
    return _cookie(KNOWN, mark, seconds)


def chosen(what: str, value: str) -> str:
    """The cookie that keeps how somebody reads pages: the language, the letters. It says nothing of the person."""
    return f"{what}={value}; Path=/; Max-Age=31536000; SameSite=Lax"


def _cookie(name: str, value: str, seconds: int) -> str:
    return f"{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"


def _caller(token: str) -> access.Caller | None:
    """Whom a token vouches for; None where it does not hold: another pool's, expired, altered."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_ring().key(str(jwt.get_unverified_header(token).get("kid", ""))),
            algorithms=["RS256"],
            audience=settings().identity_client_id,
            issuer=settings().identity_issuer,
            options={"require": ["exp", "iat", "sub"]},
            leeway=CLOCKS_DIFFER,
        )
    except (jwt.PyJWTError, KeyError):
        return None
    return access.caller(claims)


class _Ring:
    """The pool's public keys, as this process knows them. An unknown name is looked up once a minute at most, and where
    the pool failed, once in ten seconds: anybody can make up names.
    """

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {}
        self.again = 0.0  # when an unknown name is looked up again
        self.failed = False

    def key(self, name: str) -> Any:
        """The key of that name. Raises KeyError where the pool has none, PoolSilent where it cannot be asked."""
        if name not in self.keys:
            if (now := datetime.now(UTC).timestamp()) >= self.again:
                self.again, self.failed = now + 10, True  # choice
                found = jwt.PyJWKSet.from_dict(users.keys())
                self.keys = {key.key_id: key.key for key in found.keys if key.key_id}
                self.again, self.failed = now + 60, False  # choice
            elif self.failed:
                raise users.silent()
        return self.keys[name]


@cache
def _ring() -> _Ring:
    return _Ring()
