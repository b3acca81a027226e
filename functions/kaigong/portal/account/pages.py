"""Sign-in and sign-out, for everybody who has an account at the issuer."""

import re
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from kaigong.contract import problems
from kaigong.contract.limits import ACTS, SIGN_IN, SIGNED_OUT
from kaigong.contract.people import MessagesRequest, People, RightsRequest
from kaigong.contract.routes import APPLICANTS, Group
from kaigong.contract.work import ACCOUNT_PATTERN
from kaigong.domain.model.people import PersonRights
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.portal import access, audit
from kaigong.portal.observe import logger
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web import session, tokens
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, elsewhere, redirect, shown
from kaigong.settings import settings
from kaigong.store import issuer

from . import actions, attempt, people
from .actions import Came, Failed

START = {  # where each group begins
    Group.APPLICANT: "packets",
    Group.DEPARTMENT: "work",
    Group.WINDOW: "window",
    Group.OPERATIONS: "window",
    Group.SUPERVISOR: "supervision",
    Group.LEADER: "warnings",
}
BACK = "signed-in"  # where the issuer sends browsers back to; registered there
_CODE = re.compile(r"[\x20-\x7e]{1,4096}")  # RFC 6749, appendix A.11
_NEXT = re.compile(  # a path of ours, and what it asks for: no scheme, no host, nothing above
    r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,200}(\?[A-Za-z0-9=&%+_.~-]{0,4000})?"
)
_NO_STRONGER = Text(
    zh="您的账号须用两种方式验证身份（例如密码和动态口令），本次登录没有做到。请在统一身份认证处设置第二种方式后重新登录。",
    en="Your account must prove who you are in two ways, such as a password and a one-time code, and this sign-in did "
    "not. Set up a second way at the sign-in service, then sign in again.",
)


def _sign_in(request: Request) -> Reply:
    onward = _next(request.query.get("next", ""))
    return redirect(request, onward) if request.signed_in else _asked(request, onward)


def _asked(request: Request, onward: str, *, stronger: bool = False) -> Reply:
    """Off to the issuer. The browser's secret stays the same, so that several windows may sign in at once."""
    secret = request.cookies.get(session.BROWSER) or session.new_secret()
    begun = attempt.begun(secret, onward, stronger=stronger)
    there = elsewhere(actions.address(begun, f"{request.home}/{BACK}"))
    return replace(there, cookies=(session.browser(secret),))


def _signed_in(request: Request) -> Reply:
    """Back from the issuer, with a code or without."""
    query = request.query
    found = attempt.resumed(request.cookies.get(session.BROWSER, ""), query.get("state", ""))
    if found is None or not actions.came_from(query.get("iss")):
        raise _failed(Failed.NOT_BEGUN_HERE)
    if "error" in query or not _CODE.fullmatch(query.get("code", "")):
        raise _failed(Failed.REFUSED)
    came = _came(request, query["code"], found)
    if came is None:
        raise _failed(Failed.NOT_VOUCHED_FOR)
    if came.caller.groups & access.OFFICERS and not came.strong:
        if not found.stronger:
            return _asked(request, found.onward, stronger=True)
        audit.keep("sign-in", came.caller, outcome=Failed.SECOND_FACTOR)
        raise Unanswered(problems.SECOND_FACTOR_NEEDED, _NO_STRONGER)
    session.end(dict(request.cookies))  # a browser has one session
    cookies = session.begun(came.caller, came.claims, came.tokens, strong=came.strong)
    audit.keep("sign-in", came.caller)
    return redirect(request, _next(found.onward), cookies=cookies)


def _came(request: Request, code: str, found: attempt.Attempt) -> Came | None:
    """Who comes back with this code; None where the issuer does not vouch for anybody."""
    given = issuer.exchanged(code, found.verifier, f"{request.home}/{BACK}")
    claims = tokens.of_sign_in(given.id_token, found.nonce) if given else None
    caller = tokens.caller(claims) if claims else None
    if given is None or claims is None or caller is None:
        return None
    return Came(caller, claims, given, access.proven(claims, settings().officer_factors))


def _failed(why: Failed) -> Unanswered:
    audit.keep("sign-in", access.NOBODY, outcome=why)
    logger.info("not signed in", why=why)
    return Unanswered(problems.SIGN_IN_FAILED)


def _next(path: str) -> str:
    """Where somebody goes on after signing in: where he wanted to, or his first page."""
    if _NEXT.fullmatch(path) and ".." not in path:
        return path
    return "me"


def _sign_out(request: Request) -> Reply:
    """End the session here, whatever happens, and at the issuer. What scripts kept in the browser goes as well.

    A page leads on to the issuer: browsers hold a form's redirect against `form-action`, which names no issuer.
    """
    ended = session.end(dict(request.cookies))
    audit.keep("sign-out", access.Caller.model_validate_json(ended.caller) if ended else access.NOBODY)
    there = None
    if ended:
        actions.revoke(ended)
        try:
            there = actions.sign_out_address(f"{request.home}/")
        except issuer.IssuerSilent as error:  # the session here is over all the same
            logger.warning("not ended at the issuer", error=type(error).__name__)
    headers = {"Clear-Site-Data": '"storage"'}
    if there is None:
        return redirect(request, "", cookies=session.left(), headers=headers)
    headers["Refresh"] = f"0; url={there}"
    return shown("account/leaving.html", {"there": there}, headers=headers, cookies=session.left())


def _backchannel_logout(request: Request) -> Reply:
    """The issuer says that it ended sessions (OpenID Connect Back-Channel Logout 1.0). Saying so again is harmless."""
    found = tokens.signed_out(request.value("logout_token"))
    if found is None:
        raise Unanswered(problems.SIGN_IN_FAILED)
    actions.signed_out(found.account, found.sid, found.at)
    audit.keep("sign-out", access.Caller(account=found.account), outcome="by-issuer")
    return Reply(kind="text/plain")


def _me(request: Request) -> Reply:
    """The first page of whoever is signed in, by what the issuer says the person is."""
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
    if not re.fullmatch(ACCOUNT_PATTERN, account):
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
    Page("sign-in", "/sign-in", _sign_in),
    Page("signed-in", f"/{BACK}", _signed_in, limit=SIGN_IN),
    Page("sign-out", "/sign-out", _sign_out, method="POST"),
    Page(
        "backchannel-logout",
        "/backchannel-logout",
        _backchannel_logout,
        method="POST",
        limit=SIGNED_OUT,
        foreign=True,
    ),
    Page("me", "/me", _me, groups=EVERYBODY),
)
