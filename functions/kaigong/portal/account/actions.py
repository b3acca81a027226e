"""Signing in, as the lock-out counts it. The pool checks passwords; nothing of them stays here."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from kaigong.contract import problems
from kaigong.domain.model.text import Text
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import lockout, users


@dataclass(frozen=True)
class SignedIn:
    """Somebody who signed in. By `mark` the browser is known again at the next time; nothing: it is known already."""

    tokens: users.Tokens
    mark: str


def sign_in(name: str, password: str, address: str, mark: str) -> SignedIn | users.Challenge | None:
    """Sign somebody in; None: name and password do not belong together. `mark` is what the browser is known by.

    Raises Unanswered where there were too many failures.
    """
    now = datetime.now(UTC)
    attempt = _Attempt(name, address, lockout.recognised(name, mark, now), now)
    attempt.begin()
    try:
        found = users.sign_in(name, password)
    except Exception:
        attempt.unanswered()  # an outage is nobody's failure
        raise
    return _came(attempt, found)


def own_password(name: str, password: str, session: str, address: str) -> SignedIn | users.Challenge | None:
    """A first sign-in: the password that the window gave is replaced by one of the user's own.

    Raises users.TooWeak for a password that the pool does not take, and Unanswered as `sign_in` does.
    """
    attempt = _Attempt(name, address, "", datetime.now(UTC))
    attempt.begin()
    try:
        found = users.own_password(name, password, session)
    except Exception:
        attempt.unanswered()
        raise
    return _came(attempt, found)


def _came(attempt: "_Attempt", found: users.Tokens | users.Challenge | None) -> SignedIn | users.Challenge | None:
    match found:
        case users.Tokens():
            attempt.succeeded()
            return SignedIn(found, attempt.known_from_now_on())
        case users.Challenge():
            attempt.succeeded()  # the password was right
    return found


@dataclass(frozen=True)
class _Attempt:
    """One try to sign in, as the lock-out counts it."""

    name: str
    address: str
    browser: str  # its mark, where this name has signed in from it before
    now: datetime

    def begin(self) -> None:
        """Take one of the tries that there are. Raises Unanswered, with the time from when on there are more."""
        until = lockout.check(self.name, self.address, self.now, self.browser)
        if until is None:
            return
        local = until.astimezone(settings().office.zone)
        detail = Text(
            zh=f"登录失败次数过多，请于{local:%H:%M}后再试。忘记密码的，请联系综合窗口。",
            en=f"There were too many failures: try again after {local:%H:%M}. If you forgot the password, ask the "
            "window.",
        )
        wait = {"Retry-After": str(ceil((until - self.now).total_seconds()))}
        raise Unanswered(problems.LOCKED_OUT, detail, headers=wait)

    def succeeded(self) -> None:
        lockout.succeeded(self.name, self.address, self.now, self.browser)

    def unanswered(self) -> None:
        lockout.unanswered(self.name, self.address, self.now, self.browser)

    def known_from_now_on(self) -> str:
        """A new mark by which this browser is known again, if it is not known yet."""
        if self.browser:
            return ""
        mark = secrets.token_urlsafe(24)
        lockout.remember(self.name, mark, self.now)
        return mark
