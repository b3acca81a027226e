"""A request as the functions that answer it see it, and how one of them says no."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from pydantic import BaseModel, ValidationError

from kaigong.contract import problems
from kaigong.domain.model.text import Text

from .access import Caller

logger = Logger()

_NAMED = 5  # faults of a body that an answer names
_NAME = 60  # characters of a field's name that are repeated


class Unanswered(Exception):
    """The request ends in a problem."""

    def __init__(
        self, kind: problems.ProblemKind, detail: Text | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(kind.code)
        self.problem = kind.problem(detail)
        self.headers = dict(headers or {})


@dataclass(frozen=True)
class Question:
    """A request that its caller may make."""

    caller: Caller
    query: Mapping[str, str]
    named: Mapping[str, str]  # what its path names, beside a packet
    body: BaseModel | None


@dataclass(frozen=True)
class Reply:
    """What a request is answered with."""

    content: BaseModel | bytes
    status: int = 200


def body_of(event: APIGatewayProxyEventV2, model: type[BaseModel]) -> BaseModel:
    """What a request carries. Raises Unanswered where it is too large, no JSON, or not what the model asks for."""
    kind = event.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Unanswered(problems.NOT_JSON)
    try:
        raw = (event.decoded_body or "").encode()
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
    told = [f"{'.'.join(str(part)[:_NAME] for part in e['loc']) or '-'} ({e['type']})" for e in found[:_NAMED]]
    listed = ", ".join(told)
    return Text(
        zh=f"请求内容不合要求：{listed}。请按 schemas/openapi.yaml 核对。",
        en=f"The body is not what is asked for: {listed}. Check it by schemas/openapi.yaml.",
    )


def where(error: Exception) -> list[str]:
    """The last places that an error passed, without what was there."""
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-5:]]
