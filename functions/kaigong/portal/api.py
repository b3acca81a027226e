"""The JSON API: who asks, may they, gather, answer. What it offers stands in `kaigong.domain.api`."""

import hashlib
import re
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from pydantic import BaseModel

from kaigong.catalog import load as catalogue
from kaigong.domain import api, view
from kaigong.domain.catalogue import Stage
from kaigong.domain.guide import Guide, guide
from kaigong.domain.manifest import PACKET_PATTERN, USCC_PATTERN
from kaigong.domain.packet import Packet
from kaigong.domain.shown import Packets, Stuck, StuckPacket
from kaigong.domain.text import Model, Text
from kaigong.store import files, packets, reading

from . import access

logger = Logger()
app = APIGatewayHttpResolver()

_PACKET = re.compile(PACKET_PATTERN)
_USCC = re.compile(USCC_PATTERN)
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_PUBLIC = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}


class Unanswered(Exception):
    """The request ends in a problem."""

    def __init__(self, kind: api.ProblemKind, detail: Text | None = None) -> None:
        super().__init__(kind.code)
        self.problem = kind.problem(detail)


class Question(Model):
    """A request that its caller may make."""

    caller: access.Caller
    query: Mapping[str, str]


# what each route answers


def _health(_: Question) -> api.Health:
    return api.Health()


def _guide(question: Question) -> Guide:
    process, stage = question.query.get("process"), question.query.get("stage")
    _one_of("process", process, catalogue().processes)
    _one_of("stage", stage, {str(known) for known in Stage})
    return guide(catalogue(), process, stage)


def _packets(question: Question) -> Packets:
    uscc = question.query.get("uscc", question.caller.uscc)
    if uscc is None or not _USCC.fullmatch(uscc):
        detail = Text(zh="请以 uscc 给出 18 位统一社会信用代码。", en="Give the credit code of 18 characters as uscc.")
        raise Unanswered(api.INVALID_PARAMETER, detail)
    if not access.may_list(question.caller, uscc):
        raise Unanswered(api.NOT_ALLOWED)
    try:
        headers, more = reading.packets_of(uscc, api.PAGE_SIZE, question.query.get("after"))
    except reading.NotACursor as error:
        detail = Text(zh="after 须为上一页给出的 next。", en="Give as after the next of the page before.")
        raise Unanswered(api.INVALID_PARAMETER, detail) from error
    return Packets(uscc=uscc, packets=tuple(view.summary(h, catalogue()) for h in headers), next=more)


def _stuck(question: Question) -> Stuck:
    asked = question.query.get("days", "2")
    if not re.fullmatch("[0-9]{1,2}", asked) or not 1 <= int(asked) <= api.STUCK_DAYS:
        detail = Text(zh=f"days 须为 1 至 {api.STUCK_DAYS}。", en=f"Give days as a number from 1 to {api.STUCK_DAYS}.")
        raise Unanswered(api.INVALID_PARAMETER, detail)
    now = datetime.now(UTC)
    found = reading.stuck(now, int(asked))
    late = tuple(StuckPacket(packet=packet, why=tuple(why)) for packet, why in found.items())
    return Stuck(checked_at=now, days=int(asked), packets=late)


def _status(packet: Packet) -> BaseModel:
    return view.status(packet, catalogue(), datetime.now(UTC))


def _materials(packet: Packet) -> BaseModel:
    return view.materials(packet, catalogue())


def _ledger(packet: Packet) -> BaseModel:
    return view.ledger(packet, reading.ledger(packet.packet))


def _result(packet: Packet) -> bytes:
    """The document as it was issued, or nothing: a changed one is not given out."""
    if packet.issued is None:
        raise Unanswered(api.NO_RESULT_YET)
    document = files.read_result(packet.packet)
    if hashlib.sha256(document).hexdigest() != packet.issued.sha256:
        logger.error("the stored joint result is not the one issued", packet=packet.packet)
        raise Unanswered(api.RESULT_ALTERED)
    return document


ANSWERS: dict[str, Callable[[Question], BaseModel]] = {
    "health": _health,
    "guide": _guide,
    "packets": _packets,
    "stuck": _stuck,
}
PACKET_ANSWERS: dict[str, Callable[[Packet], BaseModel | bytes]] = {
    "packet": _status,
    "materials": _materials,
    "result": _result,
    "ledger": _ledger,
}


def _one_of(name: str, value: str | None, known: Mapping[str, Any] | set[str]) -> None:
    if value is not None and value not in known:
        choices = ", ".join(known if isinstance(known, Mapping) else sorted(known))
        detail = Text(zh=f"{name} 可选：{choices}。", en=f"Choose {name} from: {choices}.")
        raise Unanswered(api.INVALID_PARAMETER, detail)


# serving them


def _answer(route: api.Route, packet: str | None) -> BaseModel | bytes:
    """The answer of a route. Raises Unanswered; whether the caller may have it is decided here and nowhere else."""
    caller = access.NOBODY if route.open else access.caller(_claims())
    if caller is None:
        raise Unanswered(api.SIGN_IN_NEEDED)
    if not access.may_use(caller, route):
        raise Unanswered(api.NOT_ALLOWED)
    if packet is None:
        return ANSWERS[route.name](Question(caller=caller, query=app.current_event.query_string_parameters))
    found = packets.load(packet) if _PACKET.fullmatch(packet) else Packet(packet=packet)
    if not view.is_there(found) or not access.may_see(caller, found):
        raise Unanswered(api.NOT_FOUND)
    return PACKET_ANSWERS[route.name](found)


def _claims() -> dict[str, Any]:
    """What API Gateway's authorizer verified; nothing on a route without it."""
    authorizer = app.current_event.raw_event["requestContext"].get("authorizer") or {}
    return dict(authorizer.get("jwt", {}).get("claims") or {})


def _serve(route: api.Route) -> Callable[..., Response[str]]:
    def served(packet: str | None = None) -> Response[str]:
        try:
            answer = _answer(route, packet)
        except Unanswered as unanswered:
            response = _problem(unanswered.problem)
        except Exception as error:
            # The message of an error may quote a paper or a person: its kind and place are logged, no more.
            logger.error("failed", route=route.name, error=type(error).__name__, where=_where(error))
            response = _problem(api.INTERNAL.problem())
        else:
            body = answer if isinstance(answer, bytes) else answer.model_dump_json(by_alias=True).encode()
            headers = _PUBLIC if route.name == "guide" else _PRIVATE
            response = Response(200, "application/json; charset=utf-8", body.decode(), headers=dict(headers))
        logger.info("answered", route=route.name, status=response.status_code)
        return response

    return served


def _problem(problem: api.Problem) -> Response[str]:
    body = problem.model_dump_json()
    return Response(problem.status, "application/problem+json; charset=utf-8", body, headers=dict(_PRIVATE))


def _where(error: Exception) -> list[str]:
    """The last places that the error passed, without what was there."""
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-5:]]


for _route in api.ROUTES:
    app.get(_route.path.replace("{", "<").replace("}", ">"))(_serve(_route))


@app.not_found
def _no_such_address(_: Exception) -> Response[str]:
    return _problem(api.NO_SUCH_ADDRESS.problem())
