"""How the JSON API is asked and how it answers; what it offers stands in `kaigong.contract.routes`.

A client says who it is by a bearer token in a header, which no other site can make a browser send.
"""

from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from kaigong.contract import problems
from kaigong.contract.routes import Route
from kaigong.domain.model.text import Text
from kaigong.portal import access
from kaigong.portal.unanswered import Unanswered
from kaigong.store.clients import is_outage

from . import response as answers
from . import session as sessions
from .request import Request
from .response import Reply
from .session import Session

WHAT, DONE, NOTHING = "route", "answered", problems.NO_SUCH_ADDRESS
JSON, PROBLEM = "application/json; charset=utf-8", "application/problem+json; charset=utf-8"

_NAMED = 5  # faults of a body that an answer names
_NAME = 60  # characters of a field's name that are repeated
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
_SIGN_IN = {"WWW-Authenticate": "Bearer"}  # RFC 9110, 15.5.2


def session(route: Route, request: Request) -> Session:
    caller = None if route.open else sessions.bearer(request.headers.get("authorization", ""))
    return Session(caller or access.NOBODY)


def trusted(_: Route, __: Request) -> bool:
    return True


def signed_out(_: Route, __: Request) -> Reply:
    raise Unanswered(problems.SIGN_IN_NEEDED)


def barred(_: Route, __: Request) -> Reply:
    raise Unanswered(problems.NO_RIGHT)


def read(route: Route, request: Request) -> Request:
    return replace(request, body=body_of(request, route.body)) if route.body else request


def failed(_: Route, __: Request, error: Exception) -> Reply:
    if is_outage(error):
        return problem(Unanswered(problems.UNAVAILABLE, headers={"Retry-After": "10"}))
    return problem(Unanswered(problems.INTERNAL))


def problem(told: Unanswered) -> Reply:
    found = told.problem
    asked = _SIGN_IN if found.status == problems.SIGN_IN_NEEDED.status else {}
    return Reply(found, found.status, PROBLEM, {**asked, **told.headers})


def response(request: Request, reply: Reply, _: tuple[str, ...] = ()) -> dict[str, Any]:
    headers = {**_HEADERS, **reply.headers}
    return answers.of_text(request, reply.status, reply.kind or JSON, json_of(reply).decode(), headers)


def json_of(reply: Reply) -> bytes:
    """What is sent of a model, or of JSON that is bytes already."""
    match reply.content:
        case BaseModel():
            return reply.content.model_dump_json(by_alias=True).encode()
        case bytes():
            return reply.content
        case _:
            raise TypeError("a page is no JSON")


def body_of(request: Request, model: type[BaseModel]) -> BaseModel:
    """What a request carries. Raises Unanswered where it is too large, no JSON, or not what the model asks for."""
    if request.kind != "application/json":
        raise Unanswered(problems.NOT_JSON)
    try:
        raw = request.text().encode()
    except ValueError as error:  # no text at all
        raise Unanswered(problems.INVALID_BODY) from error
    if len(raw) > problems.BODY_LIMIT:
        raise Unanswered(problems.BODY_TOO_LARGE)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise Unanswered(problems.INVALID_BODY, _faults(error)) from None  # the error would quote the body


def _faults(error: ValidationError) -> Text:
    """Where the body is wrong and how, without what stands there."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    if said := next((problems.FAULTS[e["type"]] for e in found if e["type"] in problems.FAULTS), None):
        return said
    told = [f"{'.'.join(str(part)[:_NAME] for part in e['loc']) or '-'} ({e['type']})" for e in found[:_NAMED]]
    listed = ", ".join(told)
    return Text(
        zh=f"请求内容不合要求：{listed}。请按 schemas/openapi.yaml 核对。",
        en=f"The body is not what is asked for: {listed}. Check it by schemas/openapi.yaml.",
    )
