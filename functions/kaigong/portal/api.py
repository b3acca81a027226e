"""The JSON API: who asks, may they, gather, answer. What it offers stands in `kaigong.domain.contract.api`."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from kaigong.domain.contract import api, problems
from kaigong.domain.model.manifest import PACKET_PATTERN
from kaigong.domain.model.packet import Packet
from kaigong.domain.views import view
from kaigong.store import packets

from . import access, acting, applying, desk, limiting, reading, site
from .asking import Question, Reply, Unanswered, body_of, logger, where

app = APIGatewayHttpResolver()

_PACKET = re.compile(PACKET_PATTERN)
_ANSWERS = acting.ANSWERS | applying.ANSWERS | desk.ANSWERS
_PACKET_ANSWERS = acting.PACKET_ANSWERS | desk.PACKET_ANSWERS
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_PUBLIC = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}


def _answer(route: api.Route, named: dict[str, str]) -> Reply:
    """The answer of a route. Raises Unanswered; whether the caller may have it is decided by `access` alone.

    What a request carries is read last: who may not ask learns nothing of what would be asked for.
    """
    caller = access.NOBODY if route.open else access.caller(_claims())
    if caller is None:
        raise Unanswered(problems.SIGN_IN_NEEDED)
    caller = access.on(route, caller)
    if caller is None:
        raise Unanswered(problems.NOT_ALLOWED)
    event = app.current_event
    if route.limit:
        limiting.check(route.limit, caller, event.request_context.http.source_ip, datetime.now(UTC))
    packet = _packet(named.pop("packet"), caller) if route.of_packet else None
    body = body_of(event, route.body) if route.body else None
    question = Question(caller, event.query_string_parameters, named, body)
    if packet is None:
        if route.name in _ANSWERS:
            return _ANSWERS[route.name](question)
        return Reply(reading.ANSWERS[route.name](question))
    if route.name in _PACKET_ANSWERS:
        return _PACKET_ANSWERS[route.name](packet, question)
    return Reply(reading.PACKET_ANSWERS[route.name](packet))


def _packet(name: str, caller: access.Caller) -> Packet:
    found = packets.load(name) if _PACKET.fullmatch(name) else Packet(packet=name)
    if not view.is_there(found) or not access.may_see(caller, found):
        raise Unanswered(problems.NOT_FOUND)
    return found


def _claims() -> dict[str, Any]:
    """What API Gateway's authorizer verified; nothing on a route without it."""
    authorizer = app.current_event.raw_event["requestContext"].get("authorizer") or {}
    return dict(authorizer.get("jwt", {}).get("claims") or {})


def _serve(route: api.Route) -> Callable[..., Response[str]]:
    def served(**named: str) -> Response[str]:
        try:
            reply = _answer(route, named)
        except Unanswered as unanswered:
            response = _problem(unanswered.problem, unanswered.headers)
        except Exception as error:
            # The message of an error may quote a paper or a person: its kind and place are logged, no more.
            logger.error("failed", route=route.name, error=type(error).__name__, where=where(error))
            response = _problem(problems.INTERNAL.problem())
        else:
            content = reply.content
            body = content if isinstance(content, bytes) else content.model_dump_json(by_alias=True).encode()
            headers = _PUBLIC if route.name == "guide" else _PRIVATE
            response = Response(reply.status, "application/json; charset=utf-8", body.decode(), headers=dict(headers))
        logger.info("answered", route=route.name, status=response.status_code)
        return response

    return served


def _problem(problem: problems.Problem, headers: Mapping[str, str] | None = None) -> Response[str]:
    body, told = problem.model_dump_json(), {**_PRIVATE, **(headers or {})}
    return Response(problem.status, "application/problem+json; charset=utf-8", body, headers=told)


for _route in api.ROUTES:
    app.route(_route.path.replace("{", "<").replace("}", ">"), method=_route.method.value)(_serve(_route))


site.add_to(app)


@app.not_found
def _no_such_address(_: Exception) -> Response[Any]:
    """JSON for machines, a page for people."""
    if app.current_event.path.startswith("/api/"):
        return _problem(problems.NO_SUCH_ADDRESS.problem())
    return site.not_found(app)
