"""schemas/ says what the models say, and its examples keep it."""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from kaigong.catalog import load
from kaigong.contract import routes
from kaigong.contract.acts import ActRequest
from kaigong.contract.letters import LettersRequest, letters
from kaigong.domain.model.benefits import BENEFITS
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.states import PACKET, REVIEW
from kaigong.domain.model.supervision import SUPERVISION
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from pydantic import ValidationError

from infra.schemas import files as schemas

FOLDER = schemas.FOLDER
HTTP = yaml.load((FOLDER / "openapi.yaml").read_text("utf-8"), yaml.CSafeLoader)
QUEUES = yaml.load((FOLDER / "asyncapi.yaml").read_text("utf-8"), yaml.CSafeLoader)


def schema(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def example(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / "examples" / f"{name}.json").read_text("utf-8"))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolves(document: dict[str, Any], reference: str) -> bool:
    if not reference.startswith("#/"):
        return (FOLDER / reference).is_file()
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
    return node is not None


# the files


def test_the_committed_files_are_what_make_schemas_writes() -> None:
    assert schemas.differing() == []


@pytest.mark.long
def test_a_changed_a_missing_and_a_foreign_file_are_each_noticed_and_put_right(tmp_path: Path) -> None:
    schemas.write(tmp_path)
    assert schemas.differing(tmp_path) == []
    (tmp_path / "credit.json").write_text("{}")
    (tmp_path / "examples" / "notice.json").unlink()
    (tmp_path / "old-contract.json").write_text("{}")
    assert schemas.differing(tmp_path) == ["credit.json", "examples/notice.json", "old-contract.json"]
    schemas.write(tmp_path)
    assert schemas.differing(tmp_path) == []


# the documents and messages


@pytest.mark.parametrize("name", schemas.CONTRACTS)
def test_an_example_keeps_its_schema_and_is_what_its_model_takes(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    Draft202012Validator(schema(name)).validate(example(name))
    model = schemas.CONTRACTS[name].model_validate(example(name))
    assert json.loads(model.model_dump_json(by_alias=True, exclude_none=True)).items() >= example(name).items()


@pytest.mark.parametrize("name", schemas.CONTRACTS)
def test_an_example_names_its_contract_as_the_schema_demands(name: str) -> None:
    assert example(name)["schema"] == f"kaigong/{name}/1"
    wrong = example(name) | {"schema": f"kaigong/{name}/2"}
    assert not Draft202012Validator(schema(name)).is_valid(wrong)


@pytest.mark.parametrize("name", schemas.RECEIVED)
def test_what_the_schema_of_a_received_message_demands_the_model_demands(name: str) -> None:
    for field in example(name):
        rest = {key: value for key, value in example(name).items() if key != field}
        try:
            schemas.CONTRACTS[name].model_validate(rest)
            accepted = True
        except ValidationError:
            accepted = False
        assert Draft202012Validator(schema(name)).is_valid(rest) is accepted, field


@pytest.mark.parametrize("name", schemas.SENT)
def test_what_is_sent_promises_every_field_that_is_never_left_out(name: str) -> None:
    model = schemas.CONTRACTS[name]
    always = {f.alias or n for n, f in model.model_fields.items() if f.is_required() or f.default is not None}
    assert set(schema(name)["required"]) == always


def test_the_example_manifest_accepts_the_letters_in_force() -> None:
    manifest = Manifest.model_validate(example("manifest"))
    asked = LettersRequest(enterprise=manifest.enterprise, project=manifest.project, matters=manifest.commitments)
    held = [(letter.matter, letter.version, letter.sha256) for letter in letters(asked, load()).letters]
    assert [(entry.matter, entry.version, entry.sha256) for entry in manifest.letters] == held
    assert held


def test_the_example_task_shows_a_paper_and_what_replaces_one() -> None:
    materials = example("review-task")["materials"]
    assert any("finding" in m for m in materials)
    assert {"replaced_by": "gap"}.items() <= next(m for m in materials if "due" in m).items()


# the HTTP API


def test_openapi_holds_every_route_and_every_reference_leads_somewhere() -> None:
    assert HTTP["openapi"] == "3.1.0"
    assert {(path, verb) for path, item in HTTP["paths"].items() for verb in item} == {
        (route.path, route.method.value.lower()) for route in routes.ROUTES
    }
    found = set(references(HTTP))
    assert found
    assert [r for r in found if not resolves(HTTP, r)] == []


def test_every_schema_of_the_api_is_one_and_is_used() -> None:
    used = {r.rsplit("/", 1)[-1] for r in references(HTTP)}
    for name, component in HTTP["components"]["schemas"].items():
        Draft202012Validator.check_schema(component)
        assert name in used


@pytest.mark.parametrize("route", routes.ROUTES, ids=lambda route: route.name)
def test_a_route_says_its_parameters_its_problems_and_whether_it_is_open(route: routes.Route) -> None:
    operation = HTTP["paths"][route.path][route.method.value.lower()]
    in_path = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
    assert in_path == set(re.findall("{([a-z]+)}", route.path))
    assert (operation.get("security") == []) is route.open
    expected = {str(status) for status in (*route.statuses, *(p.status for p in route.problems))}
    expected |= set() if route.open else {"401", "403", "500", "503"}
    expected |= {"400", "413", "415"} if route.body else set()
    expected |= {"429"} if route.limit else set()
    assert set(operation["responses"]) == expected
    refused = [list(answer["content"]) for status, answer in operation["responses"].items() if status >= "400"]
    assert all(kinds == ["application/problem+json"] for kinds in refused)


@pytest.mark.parametrize("route", routes.ROUTES, ids=lambda route: route.name)
def test_a_route_shows_the_body_that_it_takes_and_none_takes_one_unsigned(route: routes.Route) -> None:
    body = HTTP["paths"][route.path][route.method.value.lower()].get("requestBody")
    assert (body is not None) is (route.body is not None)
    assert body is None or route.method not in (routes.Method.GET, routes.Method.DELETE)
    assert body is None or not route.open


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ({"kind": "withdraw", "reason": "不办了"}, True),
        ({"kind": "withdraw"}, False),
        ({"kind": "withdraw", "reason": ""}, False),
        ({"kind": "withdraw", "reason": "字" * 1001}, False),
        ({"kind": "withdraw", "reason": "不办了", "by": "me"}, False),
        ({"kind": "override-doubt", "subject": "credit-code-check", "reason": "已核对"}, True),
        ({"kind": "override-doubt", "reason": "已核对"}, False),
        ({"kind": "first-asked", "department": "water"}, True),
        ({"kind": "first-asked"}, True),
        ({"kind": "first-asked", "officer": "李四", "department": "water"}, False),
        ({"kind": "pick-up"}, True),
        ({"kind": "pick-up", "officer": "李四"}, False),
        ({"kind": "approve", "reason": "不办了"}, False),
        ({}, False),
    ],
)
def test_the_published_shape_of_an_act_and_its_model_accept_the_same(body: dict[str, str], right: bool) -> None:
    schema = {"$ref": "#/components/schemas/ActRequest", "components": HTTP["components"]}
    try:
        ActRequest.model_validate_json(json.dumps(body))
        accepted = True
    except ValidationError:
        accepted = False
    assert accepted is Draft202012Validator(schema).is_valid(body) is right


# the queues


def test_a_task_that_is_taken_back_keeps_the_shape_of_a_task() -> None:
    found = example("review-task-withdrawn")
    Draft202012Validator(schema("review-task")).validate(found)
    assert {name: found[name] for name in ("review_id", "round")}.items() <= example("review-task").items()
    assert found["withdrawn"]["by"] == "applicant"


def test_every_reference_of_asyncapi_leads_somewhere() -> None:
    found = set(references(QUEUES))
    assert {
        "./review-task.json",
        "./decision.json",
        "./procedure.json",
        "./revocation.json",
        "./notice.json",
        "./credit.json",
        "./issue.json",
    } <= found
    assert [r for r in found if not resolves(QUEUES, r)] == []


def test_asyncapi_and_the_template_name_the_same_queues_and_topic() -> None:
    template = (FOLDER.parent / "template.yaml").read_text("utf-8")
    found = re.findall(r"^ +(?:Queue|Topic)Name: !Sub \$\{AWS::StackName\}-(\S+)", template, re.MULTILINE)
    ours = {name.replace("${Department}", "{department}") for name in found if not name.endswith("-dlq")} - {"alarms"}
    assert {channel["address"] for channel in QUEUES["channels"].values()} == {"{stack}-" + name for name in ours}


def test_the_state_chart_shows_every_way_of_the_rules() -> None:
    page = (FOLDER / "states.md").read_text("utf-8")
    called: dict[StrEnum, Text] = {**names.PACKET_EVENTS, **names.REVIEW_EVENTS}
    ways: list[tuple[StrEnum, StrEnum]] = [(event, after) for (_, event), after in (*PACKET.items(), *REVIEW.items())]
    for event, after in ways:
        name = f"{called[event].zh} {called[event].en}"
        assert re.search(rf"--> {after.value.replace('-', '_')}: {re.escape(name)}$", page, re.MULTILINE)
    for (_, event), after in SUPERVISION.items():
        name = f"{names.SUPERVISION_EVENTS[event].zh} {names.within(names.SUPERVISION_EVENTS[event]).en}"
        assert re.search(rf"--> {after.value.replace('-', '_')}: {re.escape(name)}$", page, re.MULTILINE)
    for (_, event), after in BENEFITS.items():
        name = f"{names.BENEFIT_EVENTS[event].zh} {names.within(names.BENEFIT_EVENTS[event]).en}"
        assert re.search(rf"--> {after.value.replace('-', '_')}: {re.escape(name)}$", page, re.MULTILINE)
    assert page.count(" --> ") == sum(map(len, (PACKET, REVIEW, SUPERVISION, BENEFITS))) + page.count("--> [*]")


def test_asyncapi_names_the_departments_of_the_catalogue() -> None:
    for name in ("reviewTasks", "priorityReviewTasks"):
        assert QUEUES["channels"][name]["parameters"]["department"]["enum"] == list(load().departments)
