"""The pages: who asks, may they, gather, show. What there is stands in `pages`; JSON for machines in api.py."""

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from kaigong.domain.contract import problems
from kaigong.domain.model.manifest import PACKET_PATTERN
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.text import Text
from kaigong.domain.views import view
from kaigong.settings import settings
from kaigong.store import files, packets

from . import access, limiting, rendering, session
from .asking import Unanswered, logger, where
from .pages import PAGES
from .visit import Answered, Lang, Page, Raw, Redirect, Shown, Visit

FORM_LIMIT = 128 * 1024  # bytes of a form; papers go to object storage
_COMPRESSED = 1024  # bytes from which compressing pays
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
_PACKET = re.compile(PACKET_PATTERN)


def add_to(app: APIGatewayHttpResolver) -> None:
    """Serve every page and every static file."""
    for page in PAGES:
        path = page.path.replace("{", "<").replace("}", ">")
        app.route(path, method=page.method)(_serve(app, page))
    app.get("/static/.+")(lambda: _static(app))


def not_found(app: APIGatewayHttpResolver) -> Response[Any]:
    """The answer to an address that there is not."""
    visit = _visit(app, {}, session.Session(access.NOBODY))
    return _response(app, visit, _problem(problems.NO_SUCH_PAGE.problem()))


def _serve(app: APIGatewayHttpResolver, page: Page) -> Callable[..., Response[Any]]:
    def served(**named: str) -> Response[Any]:
        visit = _visit(app, named, session.Session(access.NOBODY))
        try:
            found = session.of(dict(visit.cookies))
            visit = replace(visit, caller=found.caller)
            answered = _with(_answer(page, visit), found.cookies)
        except Unanswered as unanswered:
            answered = _problem(unanswered.problem, unanswered.headers)
        except Exception as error:
            # The message of an error may quote a paper or a person: its kind and place are logged, no more.
            logger.error("failed", page=page.name, error=type(error).__name__, where=where(error))
            answered = _problem(problems.INTERNAL.problem())
        response = _response(app, visit, answered)
        logger.info("shown", page=page.name, status=response.status_code)
        return response

    return served


def _answer(page: Page, visit: Visit) -> Answered:
    """What a page answers. Raises Unanswered; who may have it is decided by `access` alone."""
    if page.method == "POST" and not _from_here(visit):
        raise Unanswered(problems.FOREIGN_ORIGIN)
    if not page.open and not visit.signed_in:
        if visit.partial:  # a page that refreshes itself keeps what it shows; it has no place for a sign-in form
            raise Unanswered(problems.SIGN_IN_NEEDED)
        return Redirect(f"sign-in?next={visit.path.lstrip('/')}" if page.method == "GET" else "sign-in")
    caller = access.on(page, visit.caller)
    if caller is None:
        raise Unanswered(problems.NOT_ALLOWED)
    if page.limit:
        limiting.check(page.limit, caller, visit.address, datetime.now(UTC))
    if page.of_packet:
        visit = replace(visit, packet=_packet(visit.named["packet"], caller))
    return page.answer(replace(visit, caller=caller))


def _packet(name: str, caller: access.Caller) -> Packet:
    found = packets.load(name) if _PACKET.fullmatch(name) else Packet(packet=name)
    if not view.is_there(found) or not access.may_see(caller, found):
        raise Unanswered(problems.NOT_FOUND)
    return found


def _from_here(visit: Visit) -> bool:
    """Whether a form was sent from a page of ours: browsers say where a POST comes from, and no page can alter that."""
    site = visit.headers.get("sec-fetch-site")
    return site in (None, "same-origin") and urlsplit(visit.headers.get("origin", "")).netloc == visit.host


# the request


def _visit(app: APIGatewayHttpResolver, named: dict[str, str], found: session.Session) -> Visit:
    event = app.current_event
    raw: dict[str, Any] = event.raw_event
    headers = {name.lower(): value for name, value in (raw.get("headers") or {}).items()}
    cookies = dict(part.strip().split("=", 1) for part in _cookies(raw, headers) if "=" in part)
    query = event.query_string_parameters or {}
    said = query.get("lang", cookies.get(session.LANGUAGE, "zh"))
    lang: Lang = "en" if said == "en" else "zh"
    return Visit(
        path=raw["rawPath"],
        method=raw["requestContext"].get("http", {}).get("method", "GET"),
        caller=found.caller,
        lang=lang,
        named=named,
        query=query,
        form=_form(event, headers),
        headers=headers,
        cookies=cookies,
        address=raw["requestContext"].get("http", {}).get("sourceIp", ""),
        host=headers.get("host", ""),
        home=_home(raw["requestContext"]),
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


def _form(event: Any, headers: dict[str, str]) -> dict[str, tuple[str, ...]]:
    if headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        return {}
    body = event.decoded_body or ""
    if len(body) > FORM_LIMIT:
        return {}
    found = parse_qs(body, keep_blank_values=True, max_num_fields=500)
    return {name: tuple(values) for name, values in found.items()}


# the response


def _with(answered: Answered, cookies: tuple[str, ...]) -> Answered:
    if (
        not cookies or isinstance(answered, Raw) or answered.cookies
    ):  # a page that sets a session of its own knows better
        return answered
    return replace(answered, cookies=cookies)


def _problem(problem: problems.Problem, headers: Mapping[str, str] | None = None) -> Shown:
    zh, en = problem.title.split(" / ", 1)
    values = {"problem": problem, "name": Text(zh=zh, en=en)}
    return Shown("problem.html", values, status=problem.status, headers=headers or {})


def _response(app: APIGatewayHttpResolver, visit: Visit, answered: Answered) -> Response[Any]:
    headers = {**_guards(), "Cache-Control": "no-store"}
    cookies: tuple[str, ...] = ()
    match answered:
        case Redirect():
            return _made(
                app, 303, "text/plain", b"", {**headers, "Location": f"{visit.base}{answered.to}"}, answered.cookies
            )
        case Raw():
            return _made(app, answered.status, answered.kind, answered.content, {**headers, **answered.headers}, ())
        case Shown():
            cookies = answered.cookies
            if visit.query.get("lang") in ("zh", "en"):
                cookies += (session.language(visit.lang),)
            html = rendering.render(answered.template, visit, answered.values).encode()
            return _made(
                app, answered.status, "text/html; charset=utf-8", html, {**headers, **answered.headers}, cookies
            )


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
    cookies: tuple[str, ...],
) -> Response[Any]:
    if len(content) > _COMPRESSED and "gzip" in (app.current_event.headers.get("accept-encoding") or ""):
        content, headers = gzip.compress(content, 6, mtime=0), {**headers, "Content-Encoding": "gzip"}
    return _AsItIs(
        status,
        content_type=kind,
        body=content,  # bytes go out in base64, as API Gateway wants them
        headers={**headers, "Vary": "Accept-Encoding, Cookie"},
        cookies=list(cookies),  # type: ignore[arg-type]  # lines already; Powertools asks its cookies for nothing but their text
    )


def _static(app: APIGatewayHttpResolver) -> Response[Any]:
    path = app.current_event.path.partition("/static/")[2]
    file = (rendering.STATIC / path).resolve()
    kind = _KINDS.get(file.suffix)
    if kind is None or not file.is_file() or rendering.STATIC.resolve() not in file.parents:
        return not_found(app)
    return _made(app, 200, f"{kind}; charset=utf-8", file.read_bytes(), {**_guards(), **_FOR_EVER}, ())
