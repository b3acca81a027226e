"""How our models read as JSON Schema, and how a description is written as YAML."""

from typing import Any

import yaml  # type: ignore[import-untyped]  # PyYAML carries no types
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema


class Shape(GenerateJsonSchema):
    """Without a title on every field; and of what we send, a field is only optional where it may be left out."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        if self.mode == "validation":
            return super().field_is_required(field, total)
        schema: CoreSchema = field["schema"]
        return not (schema["type"] == "default" and "default" in schema and schema["default"] is None)


class _Dumper(yaml.CSafeDumper):  # type: ignore[misc]  # as above
    """Writes lines as lines, and a thing that stands twice, twice."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _lines(dumper: yaml.CSafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _lines)


def to_yaml(document: dict[str, Any], about: str) -> str:
    """The document in the order given, Chinese as it is."""
    body = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return f"# {about}\n{body}"
