"""The HTTP API as OpenAPI 3.1, from the routes that the portal serves."""

from itertools import groupby
from typing import Any, Literal

from kaigong.contract import problems, routes
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .shape import Shape, to_yaml

_SENT: Literal["serialization"] = "serialization"
_RECEIVED: Literal["validation"] = "validation"
_REFERENCE = "#/components/schemas/{model}"
_ALWAYS = (  # of every route that asks for sign-in
    problems.SIGN_IN_NEEDED,
    problems.NOT_ALLOWED,
    problems.INTERNAL,
    problems.UNAVAILABLE,
)
_OF_BODIES = (problems.INVALID_BODY, problems.BODY_TOO_LARGE, problems.NOT_JSON)  # of every route that takes a body
_SAID = {200: "OK", 201: "已建立 / made", 202: "已登记，尚待处理 / recorded, and to be looked at"}


def text() -> str:
    return to_yaml(document(), "Generated from kaigong.contract.routes by make schemas.")


def document() -> dict[str, Any]:
    """The whole description."""
    answers: list[type[BaseModel]] = [*(route.answer for route in routes.ROUTES), problems.Problem]
    sent = [(model, _SENT) for model in dict.fromkeys(answers)]
    received = [(model, _RECEIVED) for model in dict.fromkeys(r.body for r in routes.ROUTES if r.body)]
    references, definitions = models_json_schema(
        [*sent, *received],
        by_alias=True,
        ref_template=_REFERENCE,
        schema_generator=Shape,
    )
    schemas = {model: reference for (model, _), reference in references.items()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "开工 Kaigong",
            "version": "1",
            "description": "投资项目并联审批的接口：查询、撤回、登记。"
            "材料经对象存储提交，部门经队列答复（asyncapi.yaml）。\n"
            "Parallel approval over HTTP: reading, withdrawing, putting on record. Papers come in through object "
            "storage; departments answer through queues (asyncapi.yaml).",
        },
        "servers": [{"url": "/"}],
        "security": [{"idToken": []}],
        "paths": {path: _operations(path, schemas) for path in dict.fromkeys(route.path for route in routes.ROUTES)},
        "components": {
            "securitySchemes": {
                "idToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "个人用 ID 令牌，其客户端须列于 IdentityAudiences；"
                    "部门业务系统用以客户端凭证取得的访问令牌。\n"
                    "The ID token of a person, for a client that IdentityAudiences names; the access token of a "
                    "department's own system, by client credentials.",
                }
            },
            "schemas": definitions["$defs"],
        },
    }


def _operations(path: str, schemas: dict[Any, Any]) -> dict[str, Any]:
    """What can be done at one address."""
    return {r.method.value.lower(): _operation(r, schemas) for r in routes.ROUTES if r.path == path}


def _operation(route: routes.Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": route.name, "summary": _both(route.summary)}
    if route.open:
        operation["security"] = []
    else:
        operation["description"] = "用户组 / groups: " + ", ".join(
            group for group in routes.Group if group in route.groups
        )
    if route.parameters:
        operation["parameters"] = [_parameter(parameter) for parameter in route.parameters]
    if route.body:
        content = {"application/json": {"schema": schemas[route.body]}}
        operation["requestBody"] = {"required": True, "content": content}
    content = {"application/json": {"schema": schemas[route.answer]}}
    answers = {str(status): {"description": _SAID[status], "content": content} for status in route.statuses}
    operation["responses"] = {**answers, **_problems(route, schemas)}
    return operation


def _parameter(parameter: routes.Parameter) -> dict[str, Any]:
    schema = {"type": "string"} | ({"pattern": parameter.pattern} if parameter.pattern else {})
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.where == "path",
        "description": _both(parameter.description),
        "schema": schema,
    }


def _problems(route: routes.Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    """The problems of a route, by status; several may share one."""
    limited = (problems.TOO_MANY_REQUESTS,) if route.limit else ()
    every = (*route.problems, *(() if route.open else _ALWAYS), *(_OF_BODIES if route.body else ()), *limited)
    kinds = sorted(every, key=lambda kind: kind.status)
    content = {"application/problem+json": {"schema": schemas[problems.Problem]}}
    return {
        str(status): {"description": "; ".join(f"{k.code}: {_both(k.title)}" for k in group), "content": content}
        for status, group in groupby(kinds, key=lambda kind: kind.status)
    }


def _both(words: Any) -> str:
    return f"{words.zh} / {words.en}"
