"""The HTTP API as OpenAPI 3.1, from the routes that the portal serves."""

from itertools import groupby
from typing import Any

from kaigong.domain import api
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .shape import Shape, to_yaml

_REFERENCE = "#/components/schemas/{model}"
_ALWAYS = (api.SIGN_IN_NEEDED, api.NOT_ALLOWED, api.INTERNAL)  # of every route that asks for sign-in


def text() -> str:
    return to_yaml(document(), "Generated from kaigong.domain.api by make schemas.")


def document() -> dict[str, Any]:
    """The whole description."""
    models: list[type[BaseModel]] = list(dict.fromkeys([*(route.answer for route in api.ROUTES), api.Problem]))
    references, definitions = models_json_schema(
        [(model, "serialization") for model in models],
        by_alias=True,
        ref_template=_REFERENCE,
        schema_generator=Shape,
    )
    schemas = {model: references[model, "serialization"] for model in models}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "开工 Kaigong",
            "version": "1",
            "description": "投资项目并联审批的查询接口。材料经对象存储提交，部门经队列答复（见 asyncapi.yaml）。\n"
            "What can be read of parallel approval over HTTP. Papers come in through object storage; departments "
            "answer through queues (asyncapi.yaml).",
        },
        "servers": [{"url": "/"}],
        "security": [{"idToken": []}],
        "paths": {route.path: {"get": _operation(route, schemas)} for route in api.ROUTES},
        "components": {
            "securitySchemes": {
                "idToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "用户池的 ID 令牌（不是访问令牌）。API 网关先行验证，未通过时答复 401。\n"
                    "The ID token of the user pool, not the access token. API Gateway checks it first and itself "
                    "answers 401, with {message}, where it does not hold.",
                }
            },
            "schemas": definitions["$defs"],
        },
    }


def _operation(route: api.Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": route.name, "summary": _both(route.summary)}
    if route.open:
        operation["security"] = []
    else:
        operation["description"] = "用户组 / groups: " + ", ".join(
            group for group in api.Group if group in route.groups
        )
    if route.parameters:
        operation["parameters"] = [_parameter(parameter) for parameter in route.parameters]
    answer = {"description": "OK", "content": {"application/json": {"schema": schemas[route.answer]}}}
    operation["responses"] = {"200": answer, **_problems(route, schemas)}
    return operation


def _parameter(parameter: api.Parameter) -> dict[str, Any]:
    schema = {"type": "string"} | ({"pattern": parameter.pattern} if parameter.pattern else {})
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.where == "path",
        "description": _both(parameter.description),
        "schema": schema,
    }


def _problems(route: api.Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    """The problems of a route, by status; several may share one."""
    kinds = sorted((*route.problems, *(() if route.open else _ALWAYS)), key=lambda kind: kind.status)
    content = {"application/problem+json": {"schema": schemas[api.Problem]}}
    return {
        str(status): {"description": "; ".join(f"{k.code}: {_both(k.title)}" for k in group), "content": content}
        for status, group in groupby(kinds, key=lambda kind: kind.status)
    }


def _both(words: Any) -> str:
    return f"{words.zh} / {words.en}"
