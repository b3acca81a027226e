"""template.yaml as plain values, its loops unrolled."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[2] / "template.yaml"


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short tags."""


def _short(loader: yaml.CSafeLoader, tag: str, node: yaml.Node) -> Any:
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short)


@cache
def read(file: Path = FILE) -> dict[str, Any]:
    """The template as it is written, or as SAM wrote it anew into its build."""
    return yaml.load(file.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader, with tags that make plain values


def departments() -> list[str]:
    """The default of the parameter."""
    return read()["Parameters"]["Departments"]["Default"].split(",")


def resources(of: Sequence[str] | None = None) -> dict[str, dict[str, Any]]:
    """Every resource, for the departments given or the default ones."""
    unrolled: dict[str, dict[str, Any]] = {}
    for name, value in read()["Resources"].items():
        if not name.startswith("Fn::ForEach::"):
            unrolled[name] = value
            continue
        loop, collection, body = value
        if collection == {"Ref": "Departments"}:
            collection = departments() if of is None else of
        for item in collection:
            unrolled |= _put(body, loop, item)
    return unrolled


def by_type(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of one type."""
    return {name: value.get("Properties", {}) for name, value in resources().items() if value["Type"] == kind}


def text(value: Any) -> str:
    """One string for a name or an ARN, however it is written: the stack is `S`, other references keep their names."""
    if isinstance(value, str):
        return value.replace("${AWS::StackName}", "S")
    ((function, argument),) = value.items()
    if function == "Fn::Sub":
        return text(argument)
    if function == "Ref":
        return str(argument)
    assert function == "Fn::GetAtt", value
    return text(argument[0])


def _put(value: Any, loop: str, item: str) -> Any:
    if isinstance(value, dict):
        if value == {"Ref": loop}:
            return item
        put = {re.sub(rf"\$\{{{loop}\}}", item, key): _put(inner, loop, item) for key, inner in value.items()}
        if isinstance(named := put.get("Ref"), dict) and "$" not in named.get("Fn::Sub", "$"):
            return {"Ref": named["Fn::Sub"]}  # as the transform does: a loop's word in the name of what is referred to
        return put
    if isinstance(value, list):
        return [_put(inner, loop, item) for inner in value]
    return value.replace(f"${{{loop}}}", item) if isinstance(value, str) else value
