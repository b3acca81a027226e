"""Writes schemas/: the contracts that others code against, generated from the domain's models."""

import json
from pathlib import Path
from typing import Any

from kaigong.domain.flow.result import JointResultDocument
from kaigong.domain.model.arrivals import Refusal
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.messages import (
    BreachMessage,
    CreditRecord,
    Decision,
    DocumentsRequest,
    IssueRequest,
    NoticeMessage,
    Procedure,
    ReviewTask,
    Revocation,
    SupervisionAnswer,
    SupervisionTask,
)
from kaigong.views.events import Event
from kaigong.views.exchange import ExchangeManifest
from kaigong.views.storage import StatusDocument
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from . import asyncapi, openapi, states
from .examples import examples
from .shape import Shape

FOLDER = Path(__file__).parents[2] / "schemas"

RECEIVED: dict[str, type[BaseModel]] = {
    "manifest": Manifest,
    "decision": Decision,
    "procedure": Procedure,
    "revocation": Revocation,
    "credit": CreditRecord,
    "supervision-answer": SupervisionAnswer,
}
SENT: dict[str, type[BaseModel]] = {
    "refusal": Refusal,
    "review-task": ReviewTask,
    "supervision-task": SupervisionTask,
    "breach": BreachMessage,
    "notice": NoticeMessage,
    "issue": IssueRequest,
    "documents": DocumentsRequest,
    "joint-result": JointResultDocument,
    "status": StatusDocument,
    "event": Event,
    "exchange": ExchangeManifest,
}
CONTRACTS = RECEIVED | SENT


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one contract. What we send says for certain what is there; what we receive, what must be."""
    model = CONTRACTS[name]
    generator: type[GenerateJsonSchema] = Shape
    schema = model.model_json_schema(
        by_alias=True, mode="serialization" if name in SENT else "validation", schema_generator=generator
    )
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:kaigong:schema:{name}:1"}
    return head | schema


def files() -> dict[str, str]:
    """Every generated file: its path under schemas/, and its text."""
    made = {f"{name}.json": _json(json_schema(name)) for name in CONTRACTS}
    made |= {f"examples/{name}.json": _json(value) for name, value in examples().items()}
    return made | {"openapi.yaml": openapi.text(), "asyncapi.yaml": asyncapi.text(), "states.md": states.text()}


def differing(folder: Path = FOLDER) -> list[str]:
    """The files of the folder that are missing, outdated or not ours, by path."""
    made = files()
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    outdated = {p for p in there & set(made) if (folder / p).read_text("utf-8") != made[p]}
    return sorted(outdated | (there ^ set(made)))


def write(folder: Path = FOLDER) -> None:
    """Write every file, and delete those that are no contract any more."""
    for path in differing(folder):
        (folder / path).unlink(missing_ok=True)
    for path, text in files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
