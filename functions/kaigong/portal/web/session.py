"""Who is signed in: a session in the table, behind a random mark in a cookie that no script reads.

A view costs one cheap read. Once a minute the issuer is asked whether it still stands by the session, by the refresh
token that the session holds: a user who was disabled, has lost a group or signed out is out within a minute. It ends
after half an hour without use, and after half a day in any case.

Cookies are SameSite=Lax, so that a link opens a page signed in, and no other site can make a browser write here
(pages.py also looks at the origin, and at the key in the form).
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kaigong.portal import access
from kaigong.portal.observe import logger
from kaigong.settings import settings
from kaigong.store import issuer, sessions
from kaigong.store.clients import is_outage

from . import tokens

SESSION, BROWSER = "__Host-session", "__Host-browser"
CHECKED_EVERY = timedelta(minutes=1)  # so long a session may outlive its end at the issuer
ASKING = timedelta(seconds=15)  # choice: so long one request asks, and the others of the session go on meanwhile
OUTAGE = timedelta(minutes=5)  # choice: so long sessions go on where the issuer does not answer
_MARK = re.compile(r"[A-Za-z0-9_-]{43}")  # as `sessions.new_mark` makes it


@dataclass(frozen=True)
class Session:
    """The caller, the cookies to set, such as where the session came to its end, and what its forms carry."""

    caller: access.Caller
    cookies: tuple[str, ...] = ()
    form_key: str = ""


def of(cookies: dict[str, str]) -> Session:
    """The session that a browser's cookies speak of. Raises IssuerSilent where that cannot be said any more."""
    mark, now = cookies.get(SESSION), datetime.now(UTC)
    if mark is None:
        return Session(access.NOBODY)
    kept = sessions.read(mark) if _MARK.fullmatch(mark) else None
    if kept is None or now >= min(kept.ends_at, kept.seen_at + settings().session_idle):
        return Session(access.NOBODY, ended())
    going_on = kept if now < kept.checked_at + CHECKED_EVERY else _checked(mark, kept, now)
    if going_on is None:
        return Session(access.NOBODY, ended())
    caller = access.Caller.model_validate_json(going_on.caller)
    secret = cookies.get(BROWSER) or new_secret()
    kept_too = () if BROWSER in cookies else (browser(secret),)
    return Session(caller, kept_too, form_key(secret, caller.account))


def bearer(header: str) -> access.Caller | None:
    """The caller of an API client, by the token in its Authorization header; None where it has none that holds."""
    scheme, _, token = header.partition(" ")
    return tokens.bearer(token.strip()) if scheme.lower() == "bearer" else None


def begun(caller: access.Caller, claims: tokens.Claims, given: issuer.Tokens, *, strong: bool) -> tuple[str, ...]:
    """The cookie of somebody who signed in. The mark is new, so that nobody knows it from before."""
    now, mark = datetime.now(UTC), sessions.new_mark()
    ends = now + settings().session_lasts
    if not given.refresh_token:  # the issuer cannot be asked again: as long as its word holds
        ends = min(ends, datetime.fromtimestamp(claims["exp"], UTC))
    kept = sessions.Session(
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        seen_at=now,
        checked_at=now,
        ends_at=ends,
        caller=caller.model_dump_json(),
        account=caller.account,
        sid=str(claims.get("sid") or ""),
        refresh_token=given.refresh_token or "",
        strong=strong,
    )
    sessions.begin(mark, kept)
    return (_cookie(SESSION, mark, int(settings().session_lasts.total_seconds())),)


def end(cookies: dict[str, str]) -> sessions.Session | None:
    """End the session that a browser's cookies speak of, here. Returns it as it was; None where there was none."""
    mark = cookies.get(SESSION, "")
    kept = sessions.read(mark) if _MARK.fullmatch(mark) else None
    if kept:
        sessions.end(mark, kept.ends_at)
    return kept


def ended() -> tuple[str, ...]:
    return (_cookie(SESSION, "", 0),)


def left() -> tuple[str, ...]:
    """The cookies of a browser in which somebody signed out: nothing that was made for him holds any more."""
    return (*ended(), _cookie(BROWSER, "", 0))


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def browser(secret: str) -> str:
    """The cookie with a browser's secret: of it is made what protects an attempt to sign in, and what forms carry. It
    outlives the session, so that what was typed before its end can be sent after the same person signed in again.
    """
    return _cookie(BROWSER, secret, int(settings().session_lasts.total_seconds()) * 2)


def form_key(secret: str, account: str) -> str:
    """What forms carry to show that a page of this browser's sent them, of this very user's."""
    return hmac.new(secret.encode(), f"form\n{account}".encode(), hashlib.sha256).hexdigest()[:32]


def chosen(what: str, value: str) -> str:
    """The cookie that keeps how somebody reads pages: the language, the letters. It says nothing of the person."""
    return f"{what}={value}; Path=/; Max-Age=31536000; SameSite=Lax"


def _cookie(name: str, value: str, seconds: int) -> str:
    """A cookie that no script reads and no other host sets."""
    return f"{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"


def _checked(mark: str, kept: sessions.Session, now: datetime) -> sessions.Session | None:
    """The session after the issuer was asked again; None: it is over.

    One request asks, since a refresh token may count once; the others go on meanwhile. Where the asking one dies, the
    next one asks. Where the issuer does not answer, sessions go on for a while, and pages say so after that.
    """
    asked_by_another = kept.asked_at is not None and now < kept.asked_at + ASKING
    asking = kept.changed(version=kept.version + 1, asked_at=now, seen_at=now)
    if asked_by_another or not sessions.save(mark, asking):
        return _meanwhile(kept, now)
    try:
        found = _asked(asking)
    except Exception as error:
        if not is_outage(error):
            raise
        logger.warning("not confirmed", error=type(error).__name__)
        return _meanwhile(kept, now)
    if found is None:
        sessions.end(mark, kept.ends_at)
        return None
    going_on = found.changed(version=asking.version + 1, asked_at=None, checked_at=now)
    return going_on if sessions.save(mark, going_on) else None  # ended meanwhile


def _meanwhile(kept: sessions.Session, now: datetime) -> sessions.Session:
    """The session as it was, where the issuer stood by it not long ago. Raises IssuerSilent."""
    if now < kept.checked_at + CHECKED_EVERY + OUTAGE:
        return kept
    raise issuer.silent()


def _asked(kept: sessions.Session) -> sessions.Session | None:
    """The session as the issuer now stands by it; None: not any more."""
    if sessions.is_signed_out(kept):
        return None
    if not kept.refresh_token:
        return kept
    given = issuer.renewed(kept.refresh_token)
    claims = tokens.of_renewal(given.id_token) if given else None
    caller = tokens.caller(claims) if claims else None
    before = access.Caller.model_validate_json(kept.caller)
    if given is None or caller is None or not access.may_go_on(before, caller):
        return None
    if caller.groups & access.OFFICERS and not kept.strong:
        return None  # became an officer, by a sign-in that showed less than officers must
    return kept.changed(caller=caller.model_dump_json(), refresh_token=given.refresh_token or kept.refresh_token)
