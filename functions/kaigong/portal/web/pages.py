"""The pages: who asks, may they, gather, show. What there is stands in `pages`; JSON for machines in api.py."""

import gzip
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from kaigong.contract import problems
from kaigong.contract.limits import RENEWALS
from kaigong.domain.model.text import Text
from kaigong.portal import access
from kaigong.portal.asking import Unanswered, logger, where
from kaigong.portal.follow import actions as reading
from kaigong.portal.pages import PAGES
from kaigong.settings import settings
from kaigong.store import files
from kaigong.store.clients import is_outage

from . import limits, methods, rendering, session
from .request import Answered, Lang, Page, Raw, Redirect, Shown, Visit

FORM_LIMIT = problems.BODY_LIMIT  # characters of a form as it is sent; papers go to object storage
_FIELDS = 500  # of one form; the longest, an application, has some two hundred
_COMPRESSED = 1024  # bytes from which compressing pays
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_FOR_A_WHILE = {"Cache-Control": "public, max-age=300"}
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


def add_to(app: APIGatewayHttpResolver) -> None:
    """Serve every page and every static file."""
    for page in PAGES:
        path = page.path.replace("{", "<").replace("}", ">")
        app.route(path, method=methods.served(page.method))(_serve(app, page))
    app.route("/static/.+", method=methods.served("GET"))(lambda: _static(app))


def not_found(app: APIGatewayHttpResolver) -> Response[Any]:
    """The answer to an address that there is not, or at which something else is to be done."""
    visit = _visit(app, {})
    if taken := methods.instead_of(visit.method, visit.path):
        return _response(app, visit, _problem(problems.NO_SUCH_METHOD.problem(), {"Allow": taken}))
    return _response(app, visit, _problem(problems.NO_SUCH_PAGE.problem()))


def _serve(app: APIGatewayHttpResolver, page: Page) -> Callable[..., Response[Any]]:
    def served(**named: str) -> Response[Any]:
        started, visit = time.monotonic(), _visit(app, named)
        cookies: tuple[str, ...] = ()
        try:
            found = _session(page, visit)
            visit, cookies = replace(visit, caller=found.caller), found.cookies
            response = _response(app, visit, _answer(page, visit, app.current_event), cookies)
        except Unanswered as unanswered:
            limits.even_out(unanswered.problem, started)
            response = _response(app, visit, _problem(unanswered.problem, unanswered.headers), cookies)
        except Exception as error:
            # The message of an error may quote a paper or a person: its kind and place are logged, no more.
            logger.error("failed", page=page.name, error=type(error).__name__, where=where(error))
            response = _response(app, visit, _failed(page, visit, app.current_event, error), cookies)
        logger.info("shown", page=page.name, status=response.status_code)
        return response

    return served


def _session(page: Page, visit: Visit) -> session.Session:
    """Who is signed in. Renewing asks the user pool, which bounds what all of its users together may ask.

    A page that is open to everybody is shown also where the pool does not answer; signing in and out asks for nobody.
    """
    nobody, cookies = session.Session(access.NOBODY), dict(visit.cookies)
    if page.open and page.method == "POST":
        return nobody
    try:
        return session.of(cookies, lambda: limits.check(RENEWALS, access.NOBODY, visit.address, datetime.now(UTC)))
    except Exception as error:
        if not page.open:
            raise
        logger.warning("not renewed", error=type(error).__name__)
        return nobody


def _answer(page: Page, visit: Visit, event: Any) -> Answered:
    """What a page answers. Raises Unanswered; who may have it is decided by `access` alone."""
    if page.method == "POST" and not _from_here(visit):
        raise Unanswered(problems.FOREIGN_ORIGIN)
    if not page.open and not visit.signed_in:
        return _signed_out(page, visit, event)
    caller = access.on(page, visit.caller)
    if caller is None:
        raise Unanswered(problems.NOT_ALLOWED)
    if page.limit:
        limits.check(page.limit, caller, visit.address, datetime.now(UTC))
    if page.method == "POST":
        visit = replace(visit, form=_form(event, visit))
    if page.of_packet:
        visit = replace(visit, packet=reading.packet_of(visit.named["packet"], caller))
    return page.answer(replace(visit, caller=caller))


def _signed_out(page: Page, visit: Visit, event: Any) -> Answered:
    """To the sign-in, and back. What was typed before the session ended is kept in a form that tries again."""
    if visit.partial:  # a page that refreshes itself keeps what it shows; it has no place for a sign-in form
        raise Unanswered(problems.SIGN_IN_NEEDED)
    if page.method == "GET":
        return Redirect(f"sign-in?next={quote(visit.path.lstrip('/'))}")
    form = _form(event, visit)
    return _again(visit, form, signed_out=True) if form else Redirect("sign-in")


def _failed(page: Page, visit: Visit, event: Any, error: Exception) -> Answered:
    """What is shown where a part of the system fails. What somebody typed is never lost."""
    if page.method == "POST" and not page.open and visit.signed_in:
        try:
            return _again(visit, _form(event, visit))
        except Unanswered as unanswered:
            return _problem(unanswered.problem)
    if is_outage(error):
        return _problem(problems.UNAVAILABLE.problem(_SILENT), {"Retry-After": "10"})
    return _problem(problems.INTERNAL.problem())


def _again(visit: Visit, form: Mapping[str, tuple[str, ...]], *, signed_out: bool = False) -> Shown:
    values = {"form": form, "path": visit.path.lstrip("/"), "signed_out": signed_out}
    return Shown("again.html", values, status=401 if signed_out else 503)


def _from_here(visit: Visit) -> bool:
    """Whether a form was sent from a page of ours: browsers say where a POST comes from, and no page can alter that."""
    try:
        origin = urlsplit(visit.headers.get("origin", "")).netloc
    except ValueError:  # such as "http://[", which no browser sends
        return False
    ours = (visit.host, urlsplit(visit.home).netloc)  # they differ where the portal stands behind a name of its own
    return visit.headers.get("sec-fetch-site") in (None, "same-origin") and bool(origin) and origin in ours


# the request


def _visit(app: APIGatewayHttpResolver, named: dict[str, str]) -> Visit:
    """The request as it came, by nobody yet and without its form: nothing in here fails, whatever was sent."""
    raw: dict[str, Any] = app.current_event.raw_event
    context = raw.get("requestContext") or {}
    http = context.get("http") or {}
    headers = {name.lower(): value for name, value in (raw.get("headers") or {}).items()}
    cookies = dict(part.strip().split("=", 1) for part in _cookies(raw, headers) if "=" in part)
    query = raw.get("queryStringParameters") or {}
    lang: Lang = "en" if query.get("lang", cookies.get(session.LANGUAGE)) == "en" else "zh"
    return Visit(
        path=raw.get("rawPath") or "/",
        method=http.get("method", "GET"),
        caller=access.NOBODY,
        lang=lang,
        named=named,
        query=query,
        headers=headers,
        cookies=cookies,
        address=http.get("sourceIp", ""),
        host=headers.get("host", ""),
        home=_home(context),
    )


def _home(context: dict[str, Any]) -> str:
    """The portal's address as people reach it, without a slash at its end. The Host header is not asked: anybody can
    send any.
    """
    given = settings().public_url.replace("{api}", context.get("apiId", ""))
    return given or f"https://{context.get('domainName', '')}"


def _cookies(raw: dict[str, Any], headers: dict[str, str]) -> list[str]:
    """API Gateway takes the cookies out of the headers."""
    return [*raw.get("cookies", ()), *headers.get("cookie", "").split(";")]


def _form(event: Any, visit: Visit) -> dict[str, tuple[str, ...]]:
    """What a form carries. Raises Unanswered where that is too much, or no form: an empty one would look as if
    everything had been deleted.
    """
    try:
        body = event.decoded_body or ""
    except ValueError as error:  # no base64, or no text in it
        raise Unanswered(problems.INVALID_FORM) from error
    if len(body) > FORM_LIMIT:
        raise Unanswered(problems.BODY_TOO_LARGE, _TOO_LONG)
    kind = visit.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/x-www-form-urlencoded":
        raise Unanswered(problems.INVALID_FORM)
    try:
        found = parse_qs(body, keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError as error:
        raise Unanswered(problems.INVALID_FORM) from error
    return {name: tuple(values) for name, values in found.items()}


_TOO_LONG = Text(
    zh="填写的内容过长，没有送出任何内容。请返回上一页，删减后再提交。",
    en="What was filled in is too long, and nothing was sent. Go back to the page before, shorten it, and try again.",
)
_SILENT = Text(
    zh="系统的一部分暂时没有应答。请稍候再打开本页；已提交的内容不受影响。",
    en="A part of the system does not answer just now. Open this page again in a moment; what was sent is kept.",
)


# the response


def _problem(problem: problems.Problem, headers: Mapping[str, str] | None = None) -> Shown:
    zh, en = problem.title.split(" / ", 1)
    values = {"problem": problem, "name": Text(zh=zh, en=en)}
    return Shown("problem.html", values, status=problem.status, headers=headers or {})


def _response(
    app: APIGatewayHttpResolver, visit: Visit, answered: Answered, session_cookies: tuple[str, ...] = ()
) -> Response[Any]:
    headers = {**_guards(), "Cache-Control": "no-store", **answered.headers}
    if visit.path.startswith("/p/"):
        headers["X-Robots-Tag"] = "noindex, nofollow"  # who has a progress link was given it; no search finds it
    cookies = session_cookies if headers["Cache-Control"] == "no-store" else ()  # no cache may keep somebody's session
    squeezed = _may_be_compressed(visit)
    match answered:
        case Redirect():
            headers["Location"] = f"{visit.base}{answered.to}"
            return _made(app, 303, "text/plain", b"", headers, answered.cookies or cookies)
        case Raw():
            return _made(app, answered.status, answered.kind, answered.content, headers, cookies, squeezed)
        case Shown():
            cookies = answered.cookies or cookies  # a page that sets a session of its own knows better
            if visit.query.get("lang") in ("zh", "en"):
                cookies += (session.language(visit.lang),)
            html = rendering.render(answered.template, visit, answered.values).encode()
            return _made(app, answered.status, "text/html; charset=utf-8", html, headers, cookies, squeezed)


def _may_be_compressed(visit: Visit) -> bool:
    """Not where another site made a signed-in browser ask: by the length of answers to addresses that it chose, that
    site might guess what stands in them (BREACH).
    """
    return not visit.signed_in or visit.headers.get("sec-fetch-site") not in ("cross-site", "same-site")


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


class _AsItIs(Response[Any]):
    """Powertools would write JSON that is bytes already once more as JSON."""

    def is_json(self) -> bool:
        return False


def _made(
    app: APIGatewayHttpResolver,
    status: int,
    kind: str,
    content: bytes,
    headers: dict[str, str],
    cookies: tuple[str, ...] = (),
    squeezed: bool = True,
) -> Response[Any]:
    event = app.current_event
    if squeezed and len(content) > _COMPRESSED and "gzip" in (event.headers.get("accept-encoding") or ""):
        content, headers = gzip.compress(content, 6, mtime=0), {**headers, "Content-Encoding": "gzip"}
    return _AsItIs(
        status,
        content_type=kind,
        body=b"" if event.http_method == "HEAD" else content,  # bytes go out in base64, as API Gateway wants them
        headers={**headers, "Vary": "Accept-Encoding, Cookie"},
        cookies=list(cookies),  # type: ignore[arg-type]  # lines already; Powertools asks its cookies for nothing but their text
    )


def _static(app: APIGatewayHttpResolver) -> Response[Any]:
    event = app.current_event
    name = event.path.partition("/static/")[2]
    file = _files().get(name)
    if file is None:
        return not_found(app)
    marked = event.query_string_parameters.get("v") == rendering.mark(name)
    # By another mark it may be another deployment's: kept for ever, it would hide the right one.
    kept = _FOR_EVER if marked else _FOR_A_WHILE
    return _made(app, 200, f"{_KINDS[file.suffix]}; charset=utf-8", file.read_bytes(), {**_guards(), **kept})


@cache
def _files() -> dict[str, Path]:
    """Every file that is served, by its path: no path of a request ever becomes one of the file system."""
    return {
        file.relative_to(rendering.STATIC).as_posix(): file
        for file in rendering.STATIC.rglob("*")
        if file.suffix in _KINDS
    }
