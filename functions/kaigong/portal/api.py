"""The JSON API: who asks, may they, gather, answer. What it offers stands in `kaigong.contract.routes`."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from kaigong.contract import problems, routes
from kaigong.store.clients import is_outage

from . import access
from .apply import actions as applying
from .asking import Question, Reply, Unanswered, body_of, logger, where
from .desk import actions as desk
from .follow import actions as reading
from .follow import acts as acting
from .web import limits, methods, pages, session

app = APIGatewayHttpResolver()

_ANSWERS = acting.ANSWERS | applying.ANSWERS | desk.ANSWERS
_PACKET_ANSWERS = acting.PACKET_ANSWERS | desk.PACKET_ANSWERS
_GUARDS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PRIVATE = {**_GUARDS, "Cache-Control": "no-store"}
_PUBLIC = {**_GUARDS, "Cache-Control": "public, max-age=300"}
_SIGN_IN = {"WWW-Authenticate": "Bearer"}  # RFC 9110, 15.5.2


def _answer(route: routes.Route, named: dict[str, str]) -> Reply:
    """The answer of a route. Raises Unanswered; whether the caller may have it is decided by `access` alone.

    What a request carries is read last: who may not ask learns nothing of what would be asked for.
    """
    caller = access.NOBODY if route.open else session.bearer(app.current_event.headers.get("authorization", ""))
    if caller is None:
        raise Unanswered(problems.SIGN_IN_NEEDED)
    caller = access.on(route, caller)
    if caller is None:
        raise Unanswered(problems.NOT_ALLOWED)
    event = app.current_event
    if route.limit:
        limits.check(route.limit, caller, event.request_context.http.source_ip, datetime.now(UTC))
    packet = reading.packet_of(named.pop("packet"), caller) if route.of_packet else None
    body = body_of(event, route.body) if route.body else None
    question = Question(caller, event.query_string_parameters, named, body)
    if packet is None:
        if route.name in _ANSWERS:
            return _ANSWERS[route.name](question)
        return Reply(reading.ANSWERS[route.name](question))
    if route.name in _PACKET_ANSWERS:
        return _PACKET_ANSWERS[route.name](packet, question)
    return Reply(reading.PACKET_ANSWERS[route.name](packet))


def _serve(route: routes.Route) -> Callable[..., Response[str]]:
    def served(**named: str) -> Response[str]:
        started = time.monotonic()
        try:
            response = _replied(route, _answer(route, named))
        except Unanswered as unanswered:
            limits.even_out(unanswered.problem, started)
            response = _problem(unanswered.problem, unanswered.headers)
        except Exception as error:
            # The message of an error may quote a paper or a person: its kind and place are logged, no more.
            logger.error("failed", route=route.name, error=type(error).__name__, where=where(error))
            if is_outage(error):
                response = _problem(problems.UNAVAILABLE.problem(), {"Retry-After": "10"})
            else:
                response = _problem(problems.INTERNAL.problem())
        logger.info("answered", route=route.name, status=response.status_code)
        return response

    return served


def _replied(route: routes.Route, reply: Reply) -> Response[str]:
    content = reply.content
    body = content if isinstance(content, bytes) else content.model_dump_json(by_alias=True).encode()
    headers = _PUBLIC if route.name == "guide" else _PRIVATE
    return _made(reply.status, "application/json; charset=utf-8", body.decode(), headers)


def _problem(problem: problems.Problem, headers: Mapping[str, str] | None = None) -> Response[str]:
    asked = _SIGN_IN if problem.status == problems.SIGN_IN_NEEDED.status else {}
    told = {**_PRIVATE, **asked, **(headers or {})}
    return _made(problem.status, "application/problem+json; charset=utf-8", problem.model_dump_json(), told)


def _made(status: int, kind: str, body: str, headers: Mapping[str, str]) -> Response[str]:
    return Response(status, kind, "" if app.current_event.http_method == "HEAD" else body, headers=dict(headers))


for _route in routes.ROUTES:
    _path = _route.path.replace("{", "<").replace("}", ">")
    app.route(_path, method=methods.served(_route.method.value))(_serve(_route))


pages.add_to(app)


@app.not_found
def _no_such_address(_: Exception) -> Response[Any]:
    """JSON for machines, a page for people."""
    path = app.current_event.path
    if path != "/api" and not path.startswith("/api/"):
        return pages.not_found(app)
    if taken := methods.instead_of(app.current_event.http_method, path):
        return _problem(problems.NO_SUCH_METHOD.problem(), {"Allow": taken})
    return _problem(problems.NO_SUCH_ADDRESS.problem())
