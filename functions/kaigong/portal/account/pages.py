"""Sign-in and sign-out, for everybody who has an account at the pool."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

from kaigong.contract import problems
from kaigong.contract.limits import RENEWALS, SIGN_IN
from kaigong.contract.routes import Group
from kaigong.domain.model.text import Text
from kaigong.portal.asking import Unanswered, logger
from kaigong.portal.web import limits, session
from kaigong.portal.web.request import Answered, Page, Redirect, Shown, Visit
from kaigong.settings import settings
from kaigong.store import lockout, users

_NEXT = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,200}")  # a path of ours: no scheme, no host, nothing above
_WRONG = Text(
    zh="用户名或密码不正确，请核对后重试。",
    en="User name and password do not belong together; check them and try again.",
)
_WEAK = Text(
    zh="新密码不符合要求：至少 12 位，含大写字母、小写字母和数字。请重新设置。",
    en="The new password must have at least 12 characters, with upper and lower case letters and digits. Set another.",
)


def _form(visit: Visit) -> Answered:
    if visit.signed_in:
        return Redirect(_next(visit.query.get("next", "")))
    return Shown("account/sign-in.html", {"next": visit.query.get("next", ""), "name": "", "wrong": None})


def _sign_in(visit: Visit) -> Answered:
    name, password, now = visit.value("name"), _typed(visit, "password"), datetime.now(UTC)
    attempt = _Attempt(name, visit.address, lockout.recognised(name, visit.cookies.get(session.KNOWN, ""), now), now)
    attempt.begin()
    try:
        found = users.sign_in(name, password)
    except Exception:
        attempt.unanswered()  # an outage is nobody's failure
        raise
    return _came(visit, attempt, found)


def _own_password(visit: Visit) -> Answered:
    """A first sign-in: the password that the window gave is replaced by one of the user's own."""
    name, password, now = visit.value("name"), _typed(visit, "password"), datetime.now(UTC)
    attempt = _Attempt(name, visit.address, "", now)
    attempt.begin()
    try:
        found = users.own_password(name, password, _typed(visit, "session"))
    except users.TooWeak:
        attempt.unanswered()
        values = {"next": visit.value("next"), "name": name, "session": _typed(visit, "session"), "wrong": _WEAK}
        return Shown("account/own-password.html", values, status=422)
    except Exception:
        attempt.unanswered()
        raise
    return _came(visit, attempt, found)


def _typed(visit: Visit, field: str) -> str:
    """A field as it was typed: spaces may be part of a password."""
    return visit.form.get(field, ("",))[0]


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
            zh=f"登录失败次数过多，请于{local:%H:%M}后再试。忘记密码的，请联系综合受理窗口。",
            en=f"There were too many failures: try again after {local:%H:%M}. If you forgot the password, ask the "
            "window.",
        )
        wait = {"Retry-After": str(ceil((until - self.now).total_seconds()))}
        raise Unanswered(problems.LOCKED_OUT, detail, headers=wait)

    def succeeded(self) -> None:
        lockout.succeeded(self.name, self.address, self.now, self.browser)

    def unanswered(self) -> None:
        lockout.unanswered(self.name, self.address, self.now, self.browser)

    def known_from_now_on(self) -> tuple[str, ...]:
        """The cookie by which this browser is known again, if it is not yet."""
        if self.browser:
            return ()
        mark = secrets.token_urlsafe(24)
        lockout.remember(self.name, mark, self.now)
        return (session.known(mark, int(lockout.KNOWN_FOR.total_seconds())),)


def _came(visit: Visit, attempt: _Attempt, found: users.Tokens | users.Challenge | None) -> Answered:
    values: dict[str, Any] = {"next": visit.value("next"), "name": attempt.name, "wrong": None}
    match found:
        case users.Tokens():
            attempt.succeeded()
            cookies = (*session.begun(found), *attempt.known_from_now_on())
            return Redirect(_next(visit.value("next")), cookies=cookies)
        case users.Challenge():
            attempt.succeeded()  # the password was right
            return Shown("account/own-password.html", {**values, "session": found.session})
        case None:
            return Shown("account/sign-in.html", {**values, "wrong": _WRONG}, status=401)


def _next(path: str) -> str:
    """Where somebody goes on after signing in: where he wanted to, or his first page."""
    if _NEXT.fullmatch(path) and ".." not in path:
        return path
    return "me"


def _sign_out(visit: Visit) -> Answered:
    """End the session here, whatever happens, and at the pool. What scripts kept in the browser goes as well."""
    if again := visit.cookies.get(session.AGAIN):
        try:
            limits.check(RENEWALS, visit.caller, visit.address, datetime.now(UTC))
            users.sign_out(again)
        except Exception as error:  # the cookies go all the same
            logger.warning("not ended at the pool", error=type(error).__name__)
    return Redirect("", cookies=session.ended(), headers={"Clear-Site-Data": '"storage"'})


def _me(visit: Visit) -> Answered:
    """The first page of whoever is signed in, by what the pool says the person is."""
    for group, page in START.items():
        if group in visit.caller.groups:
            return Redirect(page)
    return Shown("account/nothing.html")


START: dict[Group, str] = {}  # where each group begins; an area adds its own here when it is there

EVERYBODY = frozenset(Group)

PAGES = (
    Page("sign-in", "/sign-in", _form),
    Page("signing-in", "/sign-in", _sign_in, method="POST", limit=SIGN_IN),
    Page("own-password", "/own-password", _own_password, method="POST", limit=SIGN_IN),
    Page("sign-out", "/sign-out", _sign_out, method="POST"),
    Page("me", "/me", _me, groups=EVERYBODY),
)
