"""Sign-in and sign-out, for everybody who has an account at the pool."""

import re
from datetime import UTC, datetime
from math import ceil
from typing import Any

from kaigong.domain.contract import problems
from kaigong.domain.contract.api import Group
from kaigong.domain.contract.limits import SIGN_IN
from kaigong.domain.model.text import Text
from kaigong.portal import session
from kaigong.portal.asking import Unanswered
from kaigong.portal.visit import Answered, Page, Redirect, Shown, Visit
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
    name, password, onward = visit.value("name"), visit.form.get("password", ("",))[0], visit.value("next")
    now = datetime.now(UTC)
    _try(name, visit.address, now)
    try:
        found = users.sign_in(name, password) if name and password else None
    except Exception:
        lockout.unanswered(name, visit.address, now)  # an outage is nobody's failure
        raise
    return _came(visit, found, name, onward, now)


def _own_password(visit: Visit) -> Answered:
    """A first sign-in: the password that the window gave is replaced by one of the user's own."""
    name, onward = visit.value("name"), visit.value("next")
    password, pool_session = visit.form.get("password", ("",))[0], visit.form.get("session", ("",))[0]
    now = datetime.now(UTC)
    _try(name, visit.address, now)
    try:
        found = users.own_password(name, password, pool_session)
    except users.TooWeak:
        lockout.unanswered(name, visit.address, now)
        values: dict[str, Any] = {"next": onward, "name": name, "session": pool_session, "wrong": _WEAK}
        return Shown("account/own-password.html", values, status=422)
    except Exception:
        lockout.unanswered(name, visit.address, now)
        raise
    return _came(visit, found, name, onward, now)


def _try(name: str, address: str, now: datetime) -> None:
    """Take one of the tries that there are. Raises Unanswered, with the time from when on there are more."""
    until = lockout.check(name, address, now)
    if until is None:
        return
    local = until.astimezone(settings().office.zone)
    detail = Text(
        zh=f"登录失败次数过多，请于{local:%H:%M}后再试。忘记密码的，请联系综合受理窗口。",
        en=f"There were too many failures: try again after {local:%H:%M}. If you forgot the password, ask the window.",
    )
    wait = {"Retry-After": str(ceil((until - now).total_seconds()))}
    raise Unanswered(problems.LOCKED_OUT, detail, headers=wait)


def _came(
    visit: Visit, found: users.Tokens | users.Challenge | None, name: str, onward: str, now: datetime
) -> Answered:
    values: dict[str, Any] = {"next": onward, "name": name, "wrong": None}
    match found:
        case users.Tokens():
            lockout.succeeded(name, visit.address, now)
            return Redirect(_next(onward), cookies=session.begun(found))
        case users.Challenge():
            lockout.succeeded(name, visit.address, now)  # the password was right
            return Shown("account/own-password.html", {**values, "session": found.session})
        case None:
            lockout.failed(name, visit.address, now)
            return Shown("account/sign-in.html", {**values, "wrong": _WRONG}, status=401)


def _next(path: str) -> str:
    """Where somebody goes on after signing in: where he wanted to, or his first page."""
    if _NEXT.fullmatch(path) and ".." not in path:
        return path
    return "me"


def _sign_out(visit: Visit) -> Answered:
    if again := visit.cookies.get(session.AGAIN):
        users.sign_out(again)
    return Redirect("", cookies=session.ended())


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
