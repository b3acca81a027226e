"""Sign-in and sign-out, for everybody who has an account at the pool."""

import re
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from kaigong.contract import problems
from kaigong.contract.limits import ACTS, RENEWALS, SIGN_IN
from kaigong.contract.people import ACCOUNT, MessagesRequest, People, RightsRequest
from kaigong.contract.routes import APPLICANTS, Group
from kaigong.domain.model.people import PersonRights
from kaigong.domain.words import names
from kaigong.portal import audit
from kaigong.portal.access import NOBODY, Caller
from kaigong.portal.observe import logger
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web import limits, session
from kaigong.portal.web.messages import N_
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.store import lockout, users

from . import actions, people

START = {  # where each group begins
    Group.APPLICANT: "packets",
    Group.DEPARTMENT: "work",
    Group.WINDOW: "window",
    Group.OPERATIONS: "window",
    Group.SUPERVISOR: "supervision",
}
_NEXT = re.compile(  # a path of ours, and what it asks for: no scheme, no host, nothing above
    r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,200}(\?[A-Za-z0-9=&%+_.~-]{0,4000})?"
)
_WRONG = N_("用户名或密码不正确，请核对后重试。")
_WEAK = N_("新密码不符合要求：至少 12 位，含大写字母、小写字母和数字。请重新设置。")


def _form(request: Request) -> Reply:
    if request.signed_in:
        return redirect(request, _next(request.query.get("next", "")))
    return shown("account/sign-in.html", {"next": request.query.get("next", ""), "name": "", "wrong": None})


def _sign_in(request: Request) -> Reply:
    known = request.cookies.get(session.KNOWN, "")
    return _came(request, actions.sign_in(request.code("name"), _typed(request, "password"), request.address, known))


def _own_password(request: Request) -> Reply:
    """A first sign-in: the password that the window gave is replaced by one of the user's own."""
    name, of_pool = request.code("name"), _typed(request, "session")
    try:
        found = actions.own_password(name, _typed(request, "password"), of_pool, request.address)
    except users.TooWeak:
        values = {"next": request.value("next"), "name": name, "session": of_pool, "wrong": _WEAK}
        return shown("account/own-password.html", values, 422)
    return _came(request, found)


def _typed(request: Request, field: str) -> str:
    """A password as it was typed, blanks within it too, but not those around it, which come along when one is pasted:
    the pool takes no password that begins or ends with one.
    """
    return request.value(field)


def _came(request: Request, found: actions.SignedIn | users.Challenge | None) -> Reply:
    values: dict[str, Any] = {"next": request.value("next"), "name": request.value("name"), "wrong": None}
    match found:
        case actions.SignedIn(tokens, mark):
            audit.keep("sign-in", session.signed_in(tokens))
            known = (session.known(mark, int(lockout.KNOWN_FOR.total_seconds())),) if mark else ()
            return redirect(request, _next(request.value("next")), cookies=(*session.begun(tokens), *known))
        case users.Challenge():
            return shown("account/own-password.html", {**values, "session": found.session})
        case None:
            audit.keep("sign-in", NOBODY, outcome="wrong-password")
            return shown("account/sign-in.html", {**values, "wrong": _WRONG}, 401)


def _next(path: str) -> str:
    """Where somebody goes on after signing in: where he wanted to, or his first page."""
    if _NEXT.fullmatch(path) and ".." not in path:
        return path
    return "me"


def _sign_out(request: Request) -> Reply:
    """End the session here, whatever happens, and at the pool. What scripts kept in the browser goes as well."""
    audit.keep("sign-out", _who_leaves(request))
    if again := request.cookies.get(session.AGAIN):
        try:
            limits.check(RENEWALS, request.caller, request.address, datetime.now(UTC))
            users.sign_out(again)
        except Exception as error:  # the cookies go all the same
            logger.warning("not ended at the pool", error=type(error).__name__)
    return redirect(request, "", cookies=session.ended(), headers={"Clear-Site-Data": '"storage"'})


def _who_leaves(request: Request) -> Caller:
    try:
        return session.leaving(dict(request.cookies))
    except Exception:  # the pool's keys cannot be had: the session ends all the same
        return NOBODY


def _me(request: Request) -> Reply:
    """The first page of whoever is signed in, by what the pool says the person is."""
    for group, page in START.items():
        if group in request.caller.groups:
            return redirect(request, page)
    return shown("account/nothing.html")


# an enterprise's people


def _people(request: Request) -> Reply:
    return shown("account/people.html", _values(request, people.listed(request.caller)))


def _values(request: Request, found: People) -> dict[str, Any]:
    return {
        "found": found,
        "me": next((one for one in found.people if one.me), None),
        "rights": names.PERSON_RIGHTS,
        "wanted": names.WANTED,
        "saved": request.query.get("saved") == "1",
    }


def _choose(request: Request) -> Reply:
    try:
        language = request.value("language") or None
        asked = MessagesRequest.model_validate({"wants": request.value("wants"), "language": language}, strict=False)
    except ValidationError:
        raise Unanswered(problems.INVALID_FORM) from None
    people.choose(request.caller, asked)
    return redirect(request, "people?saved=1")


def _grant(request: Request) -> Reply:
    account = request.value("account")
    try:
        asked = RightsRequest.model_validate({"rights": request.value("rights")}, strict=False)
    except ValidationError:
        raise Unanswered(problems.INVALID_FORM) from None
    if not re.fullmatch(ACCOUNT, account):
        raise Unanswered(problems.NO_SUCH_PERSON)
    people.grant(request.caller, account, asked)
    return redirect(request, "people?saved=1")


EVERYBODY = frozenset(Group)

PAGES = (
    Page("people", "/people", _people, groups=APPLICANTS),
    Page(
        "choose-messages",
        "/people/messages",
        _choose,
        groups=APPLICANTS,
        method="POST",
        limit=ACTS,
        needs=PersonRights.READ,
    ),
    Page(
        "grant-rights",
        "/people/rights",
        _grant,
        groups=APPLICANTS,
        method="POST",
        limit=ACTS,
        needs=PersonRights.ALL,
    ),
    Page("sign-in", "/sign-in", _form),
    Page("signing-in", "/sign-in", _sign_in, method="POST", limit=SIGN_IN),
    Page("own-password", "/own-password", _own_password, method="POST", limit=SIGN_IN),
    Page("sign-out", "/sign-out", _sign_out, method="POST"),
    Page("me", "/me", _me, groups=EVERYBODY),
)
