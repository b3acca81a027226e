"""The JSON API: who asks, may they, gather, answer. What it offers stands in `kaigong.domain.api`."""

import re
import traceback
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from kaigong.domain import api, problems, view
from kaigong.domain.manifest import PACKET_PATTERN
from kaigong.domain.packet import Packet
from kaigong.store import packets

from . import access, acting, reading
from .asking import Question, Reply, Unanswered, body_of, logger

app = APIGatewayHttpResolver()

_PACKET = re.compile(PACKET_PATTERN)
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
    packet = _packet(named.pop("packet"), caller) if route.of_packet else None
    event = app.current_event
    body = body_of(event, route.body) if route.body else None
    question = Question(caller, event.query_string_parameters, named, body)
    if packet is None:
        if route.name in acting.ANSWERS:
            return acting.ANSWERS[route.name](question)
        return Reply(reading.ANSWERS[route.name](question))
    if route.name in acting.PACKET_ANSWERS:
        return acting.PACKET_ANSWERS[route.name](packet, question)
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
            response = _problem(unanswered.problem)
        except Exception as error:
            # The message of an error may quote a paper or a person: its kind and place are logged, no more.
            logger.error("failed", route=route.name, error=type(error).__name__, where=_where(error))
            response = _problem(problems.INTERNAL.problem())
        else:
            content = reply.content
            body = content if isinstance(content, bytes) else content.model_dump_json(by_alias=True).encode()
            headers = _PUBLIC if route.name == "guide" else _PRIVATE
            response = Response(reply.status, "application/json; charset=utf-8", body.decode(), headers=dict(headers))
        logger.info("answered", route=route.name, status=response.status_code)
        return response

    return served


def _problem(problem: problems.Problem) -> Response[str]:
    body = problem.model_dump_json()
    return Response(problem.status, "application/problem+json; charset=utf-8", body, headers=dict(_PRIVATE))


def _where(error: Exception) -> list[str]:
    """The last places that the error passed, without what was there."""
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-5:]]


for _route in api.ROUTES:
    app.route(_route.path.replace("{", "<").replace("}", ">"), method=_route.method.value)(_serve(_route))


@app.not_found
def _no_such_address(_: Exception) -> Response[str]:
    return _problem(problems.NO_SUCH_ADDRESS.problem())
