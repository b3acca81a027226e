"""How pages are asked for and shown. What there is stands in each area's `pages`.

A browser sends the session's cookie by itself: what writes asks for a proof against cross-site requests too.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from kaigong.contract import problems
from kaigong.contract.routes import Group
from kaigong.domain.model.limit import Limit
from kaigong.domain.model.people import PersonRights
from kaigong.domain.model.text import Text
from kaigong.portal import access
from kaigong.portal.observe import logger
from kaigong.portal.unanswered import Unanswered
from kaigong.store import files
from kaigong.store.clients import is_outage

from . import api, rendering
from . import response as answers
from . import session as sessions
from .request import Request, choices
from .response import Reply, Template, redirect, shown
from .session import Session

WHAT, DONE, NOTHING = "page", "shown", problems.NO_SUCH_PAGE
FORM_LIMIT = problems.BODY_LIMIT  # characters of a form as it is sent; papers go to object storage
_FIELDS = 500  # of one form; the longest, an application, has some two hundred
_FORM = "application/x-www-form-urlencoded"
FORM_KEY = rendering.FORM_KEY


@dataclass(frozen=True)
class Page:
    """One address of the portal that people open. `groups` may use it; none given: everybody, without signing in."""

    name: str
    path: str
    answer: Callable[[Request], Reply]
    groups: frozenset[Group] = frozenset()
    method: Literal["GET", "POST"] = "GET"
    limit: Limit | None = None  # how often one caller may ask
    needs: PersonRights = PersonRights.PREPARE  # of an enterprise's people, where something is written
    foreign: bool = False  # whether another server sends it, which shows by what it carries that it may

    @property
    def open(self) -> bool:
        return not self.groups

    @property
    def of_packet(self) -> bool:
        return "{packet}" in self.path


# the request


def session(page: Page, request: Request) -> Session:
    """Who is signed in. A page that is open to everybody is shown also where the issuer does not answer; signing out
    asks for nobody.
    """
    nobody = Session(access.NOBODY)
    if page.open and page.method == "POST":
        return nobody
    try:
        return sessions.of(dict(request.cookies))
    except Exception as error:
        if not page.open:
            raise
        logger.warning("not confirmed", error=type(error).__name__)
        return nobody


def trusted(page: Page, request: Request) -> bool:
    return page.method != "POST" or page.foreign or _from_here(request)


def _from_here(request: Request) -> bool:
    """Whether a form was sent from a page of ours: browsers say where a POST comes from, and no page can alter that."""
    try:
        origin = urlsplit(request.headers.get("origin", "")).netloc
    except ValueError:  # such as "http://[", which no browser sends
        return False
    ours = (request.host, urlsplit(request.home).netloc)  # they differ where the portal stands behind a name of its own
    return request.headers.get("sec-fetch-site") in (None, "same-origin") and bool(origin) and origin in ours


def signed_out(page: Page, request: Request) -> Reply:
    """To the sign-in, and back. What was typed before the session ended is kept in a form that tries again."""
    if request.partial:  # a page that refreshes itself keeps what it shows; it has no place for a sign-in form
        raise Unanswered(problems.SIGN_IN_NEEDED)
    if page.method == "GET":
        asked = f"?{urlencode(request.query)}" if request.query else ""
        return redirect(request, f"sign-in?next={quote(request.path.lstrip('/') + asked)}")
    return _again(request, form_of(request), Why.SIGNED_OUT)


def barred(_: Page, request: Request) -> Reply:
    """What was typed is kept in a form that tries again, once whoever manages the enterprise's people said so."""
    if request.partial:  # its page has all of it
        raise Unanswered(problems.NO_RIGHT)
    return _again(request, form_of(request), Why.NO_RIGHT)


def read(page: Page, request: Request) -> Request | Reply:
    """A form of somebody's carries the key of the pages that were made for him in this browser. One without it, as of a
    window that was left open for long, is shown once more to be sent; a page that asks by itself is to be signed in
    again, as the person that it was made for.
    """
    if page.method != "POST":
        return request
    form = form_of(request)
    if not page.open and not _has_key(form, request.form_key):
        if request.partial:
            raise Unanswered(problems.SIGN_IN_NEEDED)
        return _again(request, form, Why.UNCONFIRMED)
    return replace(request, form={name: values for name, values in form.items() if name != FORM_KEY})


def _has_key(form: Mapping[str, tuple[str, ...]], key: str) -> bool:
    """One that is not made anew for each form will do: it never leaves our own pages (OWASP's HMAC-based tokens)."""
    return bool(key) and all(hmac.compare_digest(said.encode(), key.encode()) for said in form.get(FORM_KEY, ("",)))


def form_of(request: Request) -> dict[str, tuple[str, ...]]:
    """What a form carries. Raises Unanswered where that is too much, or no form: an empty one would look as if
    everything had been deleted.
    """
    try:
        body = request.text()
    except ValueError as error:  # no base64, or no text in it
        raise Unanswered(problems.INVALID_FORM) from error
    if len(body) > FORM_LIMIT:
        raise Unanswered(problems.BODY_TOO_LARGE, _TOO_LONG)
    if body and request.kind != _FORM:
        raise Unanswered(problems.INVALID_FORM)
    try:
        found = parse_qs(body, keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError as error:
        raise Unanswered(problems.INVALID_FORM) from error
    return {name: tuple(values) for name, values in found.items()}


# the answer


def failed(page: Page, request: Request, error: Exception) -> Reply:
    """What is shown where a part of the system fails. What somebody typed is never lost, not even where it could not be
    said who it is.
    """
    known = request.signed_in or sessions.SESSION in request.cookies
    if page.method == "POST" and not page.open and known and trusted(page, request):
        try:
            return _again(request, form_of(request))
        except Unanswered as told:
            return _problem(told.problem)
    if is_outage(error):
        return problem(Unanswered(problems.UNAVAILABLE, _SILENT, {"Retry-After": "10"}))
    return problem(Unanswered(problems.INTERNAL))


class Why(StrEnum):
    """Why a form is shown once more, with all that was typed."""

    SIGNED_OUT = "signed-out"
    UNCONFIRMED = "unconfirmed"
    NO_RIGHT = "no-right"
    UNAVAILABLE = "unavailable"


_STATUS = {Why.SIGNED_OUT: 401, Why.UNCONFIRMED: 403, Why.NO_RIGHT: 403, Why.UNAVAILABLE: 503}


def _again(request: Request, form: Mapping[str, tuple[str, ...]], why: Why = Why.UNAVAILABLE) -> Reply:
    if why is not Why.SIGNED_OUT:  # else the key holds as soon as the same person has signed in again
        form = {name: values for name, values in form.items() if name != FORM_KEY}
    return shown("again.html", {"form": form, "path": request.path.lstrip("/"), "why": why.value}, _STATUS[why])


def problem(told: Unanswered) -> Reply:
    return _problem(told.problem, told.headers)


def _problem(found: problems.Problem, headers: Mapping[str, str] | None = None) -> Reply:
    zh, en = found.title.split(" / ", 1)
    return shown("problem.html", {"problem": found, "name": Text(zh=zh, en=en)}, found.status, headers=headers or {})


def response(request: Request, reply: Reply, session_cookies: tuple[str, ...] = ()) -> dict[str, Any]:
    headers = {**_guards(), "Cache-Control": "no-store", **reply.headers}
    if request.path.startswith("/p/"):
        headers["X-Robots-Tag"] = "noindex, nofollow"  # who has a progress link was given it; no search finds it
    cookies = session_cookies if headers["Cache-Control"] == "no-store" else ()  # no cache may keep somebody's session
    cookies = reply.cookies or cookies  # a page that sets a session of its own knows better
    kind = reply.kind
    match reply.content:
        case Template(name, values):
            content, kind = rendering.render(name, request, values).encode(), "text/html; charset=utf-8"
            for what, offered in choices().items():
                if request.query.get(what) in offered:
                    cookies += (sessions.chosen(what, request.query[what]),)
        case bytes(content):
            pass
        case _:
            content, kind = api.json_of(reply), kind or api.JSON
    squeezed = _may_be_compressed(request)
    return answers.of_bytes(request, reply.status, kind, content, headers, cookies, squeezed=squeezed)


def _may_be_compressed(request: Request) -> bool:
    """Not where another site made a signed-in browser ask: by the length of answers to addresses that it chose, that
    site might guess what stands in them (BREACH).
    """
    return not request.signed_in or request.headers.get("sec-fetch-site") not in ("cross-site", "same-site")


def _guards() -> dict[str, str]:
    """The headers that keep a page to itself. Papers are shown and uploaded at the bucket's own address."""
    papers = files.papers_origin()
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: blob: {papers}",
        "font-src": "'self'",
        "connect-src": f"'self' {papers}",
        "frame-src": papers,
        "form-action": f"'self' {papers}",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    }


_TOO_LONG = Text(
    zh="填写的内容过长，没有送出任何内容。请返回上一页，删减后再提交。",
    en="Your entries are too long, and nothing was sent. Go back to the previous page, shorten them and try again.",
)
_SILENT = Text(
    zh="系统的一部分暂时没有应答。请稍候再打开本页；已提交的内容不受影响。",
    en="Part of the system is not responding. Open this page again in a moment; what you have submitted is safe.",
)
