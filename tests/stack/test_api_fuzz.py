"""Whatever openapi.yaml allows, and what it does not, is answered as it says: no server error, in the shapes it names.

Schemathesis makes the requests, for every operation: by every group that may use it, by one that may not, by nobody.
Most speak of what is there (a packet, a draft, a review, codes of the catalogue), so that they get past the first look.
They are the same in every run; `KAIGONG_HYPOTHESIS_EXAMPLES=500` looks further, with fresh ones each time.
"""

import json
import os
import re
import time
from copy import deepcopy
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
import requests
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from kaigong.catalog import load
from kaigong.contract import routes
from kaigong.contract.routes import Group
from schemathesis import Case, Config, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from infra.local import Stack
from infra.local.people import STRANGER_USCC
from infra.samples import city_case, draw
from infra.schemas.openapi import document
from tests.patience import PATIENCE, eventually

EXAMPLES = os.environ.get("KAIGONG_HYPOTHESIS_EXAMPLES")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CASE = city_case()
PROJECT = "2603-411400-04-01-123456"
MATTER, SLOT = "lightning-design-review", "lightning-design"
# One of each group whom other tests on the stack need least: how often one user may ask is limited, and meteorology has
# no part in the city's case, so that its officer takes no task that others wait for.
USERS = {
    Group.APPLICANT: "stranger",
    Group.DEPARTMENT: "officer-meteorology",
    Group.WINDOW: "window",
    Group.SUPERVISOR: "supervisor",
    Group.OPERATIONS: "operations",
    Group.LEADER: "leader",
}
THERE: dict[str, list[Any]] = {  # by the name of a field: what is known, beside what the pattern of a code allows
    "process": [CASE.process, "general"],
    "matters": [MATTER, "power-connection"],
    "commitments": ["power-connection"],
    "matter": [MATTER, "power-connection"],
    "promises": ["design-qualification"],
    "slot": [SLOT, "business-licence"],
    "uscc": [STRANGER_USCC],
    "version": [0, 1, 2, 3],
    "round": [1],
}
# What these are for does not come of made-up data, or by chance: there is no result yet, letters and parts have marks
# of their own, the form is not complete, a decision must fit its outcome and ends the review.
BY_CHANCE = {"result", "letters", "accept-letter", "parts", "finish-parts", "hand-in", "take-out"}
BY_CHANCE |= {"desk-next", "desk-decision", "desk-procedure", "desk-signature", "desk-retraction", "reuse-paper"}
BY_CHANCE |= {"record-mandate", "end-mandate", "slip", "refusal-slip"}
BY_CHANCE |= {"document", "draw", "supervision-record", "supervision-say", "supervision-answer"}  # nothing is approved
BY_CHANCE |= {"benefit", "benefit-say", "benefit-decline"}  # likewise
BY_CHANCE |= {"grant-rights", "desk-officer", "desk-absence", "remark"}  # known people, days to come, a call with whom
BY_CHANCE |= {"permit-photo", "photo", "told-photo", "roster-numbers"}  # nor inspected, and no roster is kept
IN_ORDER = sorted(routes.ROUTES, key=lambda route: route.name == "desk-decision")  # after it, the review takes no more


def _operations(description: dict[str, Any]) -> dict[str, Any]:
    config = Config.from_dict({"generation": {"with-security-parameters": False}, "request-timeout": PATIENCE})
    found = openapi.from_dict(description, config=config).get_all_operations()
    return {each.ok().definition.raw["operationId"]: each.ok() for each in found}


def _of_what_is_there(description: dict[str, Any]) -> dict[str, Any]:
    """The description with the codes that there are, in place of every code that there might be."""
    narrow = deepcopy(description)
    operations = [operation for path in narrow["paths"].values() for operation in path.values()]
    answered = _named_in([operation["responses"] for operation in operations], narrow)
    asked = _named_in([operation.get("requestBody", {}) for operation in operations], narrow) - answered
    for schema in (narrow["components"]["schemas"][name] for name in asked):
        for name, field in schema.get("properties", {}).items():
            if name in THERE:
                (field["items"] if field.get("type") == "array" else field).update(enum=THERE[name])
    for parameter in (each for operation in operations for each in operation.get("parameters", ())):
        if parameter["name"] in THERE:
            parameter["schema"]["enum"] = [str(value) for value in THERE[parameter["name"]]]
    return narrow


def _named_in(part: Any, description: dict[str, Any]) -> set[str]:
    """The schemas that a part of the description leads to."""
    found: set[str] = set()
    ahead = [part]
    while ahead:
        names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(ahead.pop()))) - found
        found |= names
        ahead += [description["components"]["schemas"][name] for name in names]
    return found


@cache  # not before a test asks: every process that runs tests reads this file
def operations() -> dict[str, Any]:
    return _operations(document())


@cache
def narrow() -> dict[str, Any]:
    return _operations(_of_what_is_there(document()))


@pytest.fixture(scope="module")
def known(stack: Stack) -> dict[str, str]:
    """What is there to ask about: by the name of a path's parameter."""
    started = _ask(stack, USERS[Group.APPLICANT], "POST", "/api/drafts", json={"process": CASE.process})
    assert started.status_code == 201
    reviewed = _handed_in(stack, "in-review")
    link = _ask(stack, "window", "POST", f"/api/packets/{reviewed}/progress-link", json={}).json()["path"]
    return {
        "packet": _handed_in(stack, "returned"),
        "reviewed": reviewed,
        "draft": started.json()["packet"],
        "code": PROJECT,
        "matter": MATTER,
        "slot": SLOT,
        "token": link.removeprefix("/p/"),
    }


@pytest.mark.parametrize("route", IN_ORDER, ids=lambda route: route.name)
def test_every_request_is_answered_as_the_description_says(
    route: routes.Route, stack: Stack, known: dict[str, str]
) -> None:
    may: list[Group | None] = [*sorted(route.groups)] or [None]
    for group in may:
        there = known | ({"packet": known["reviewed"]} if group is Group.DEPARTMENT else {})
        statuses = _asked(stack, route, group, there, thoroughly=group is may[0])
        if group is may[0] and route.name not in BY_CHANCE and not EXAMPLES:  # many more come up against the limits
            assert statuses & set(route.statuses), "nothing got through"
    if not route.open:
        forbidden = next(g for g in (Group.SUPERVISOR, *Group) if g not in route.groups)
        assert _asked(stack, route, forbidden, known, thoroughly=False) == {403}
        assert _asked(stack, route, None, known, thoroughly=False) == {401}


def _asked(
    stack: Stack, route: routes.Route, group: Group | None, known: dict[str, str], *, thoroughly: bool
) -> set[int]:
    """Ask in many ways, or once or twice with right data; the statuses of the answers."""
    headers = _signed(stack, USERS[group]) if group else {}
    right, anything = narrow()[route.name], operations()[route.name]
    there = {"path_parameters": {name: value for name, value in known.items() if f"{{{name}}}" in route.path}}
    ways = [right.as_strategy(GenerationMode.POSITIVE, **(there if there["path_parameters"] else {}))]
    if thoroughly:
        ways.append(anything.as_strategy(GenerationMode.NEGATIVE, **(there if there["path_parameters"] else {})))
        if there["path_parameters"]:
            ways += [anything.as_strategy(mode) for mode in GenerationMode]
    statuses: set[int] = set()

    @settings(
        max_examples=int(EXAMPLES or 12) if thoroughly else 2,
        derandomize=not EXAMPLES,
        phases=(Phase.generate, Phase.shrink),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(ways))
    def answered(case: Case) -> None:
        assume("/" not in "".join(map(str, case.path_parameters.values())))  # another address, not this operation's
        answer = case.call_and_validate(
            base_url=stack.portal_url,
            headers=headers,
            checks=CHECKS,
            additional_checks=[negative_data_rejection] if anything.body else [],  # unknown parameters are let pass
        )
        statuses.add(answer.status_code)

    answered()
    return statuses


def test_letters_and_the_guide_are_answered_as_the_description_says(stack: Stack) -> None:
    enterprise, project = CASE.enterprise.model_dump(mode="json"), CASE.project.model_dump(mode="json")
    body = {"enterprise": enterprise, "project": project, "matters": list(CASE.commitments)}
    for name, sent in (("letters", {"body": body}), ("guide", {"query": {"process": CASE.process}})):
        case = operations()[name].Case(media_type="application/json" if "body" in sent else None, **sent)
        answer = case.call_and_validate(base_url=stack.portal_url, headers=_signed(stack, "window"), checks=CHECKS)
        assert answer.status_code == 200


def _handed_in(stack: Stack, status: str) -> str:
    """A packet of the applicant's: in review by one department, or returned for what is missing."""
    name = f"fuzz-{uuid4().hex[:12]}"
    enterprise = CASE.enterprise.changed(uscc=STRANGER_USCC)
    project = CASE.project.changed(name="物流园", code=PROJECT)
    manifest = {"schema": "kaigong/manifest/1", "packet": name, **CASE.manifest(), "matters": [MATTER]}
    manifest |= {"enterprise": enterprise.model_dump(), "project": project.model_dump(exclude_none=True)}
    manifest |= {"promises": [], "commitments": []}
    s3 = stack.client("s3")
    for entry in load().matters[MATTER].materials if status == "in-review" else ():
        paper = draw(entry.material, enterprise, project)
        s3.put_object(Bucket=stack.bucket, Key=f"packets/{name}/{entry.material}/1/x.pdf", Body=paper)
    s3.put_object(Bucket=stack.bucket, Key=f"packets/{name}/manifest.json", Body=json.dumps(manifest).encode())

    def reached() -> bool:
        found = _ask(stack, "window", "GET", f"/api/packets/{name}")
        return found.status_code == 200 and found.json()["status"] == status

    eventually(reached)
    return name


def _ask(stack: Stack, user: str, method: str, path: str, **more: Any) -> requests.Response:
    return requests.request(method, stack.portal_url + path, headers=_signed(stack, user), timeout=PATIENCE, **more)


def _signed(stack: Stack, user: str) -> dict[str, str]:
    """By a token that is new every quarter of an hour: it is good for an hour, and there are hundreds to ask by."""
    quarter = int(time.monotonic() // 900)
    if (user, quarter) not in _TOKENS:
        _TOKENS[user, quarter] = stack.token(user)
    return {"Authorization": f"Bearer {_TOKENS[user, quarter]}"}


_TOKENS: dict[tuple[str, int], str] = {}
