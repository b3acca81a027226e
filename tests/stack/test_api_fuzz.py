"""Whatever openapi.yaml allows, and what it does not, is answered as it says: no server error, in the shapes it names.

Schemathesis makes the requests, for every operation in every group that may use it. They are the same in every run;
`KAIGONG_HYPOTHESIS_EXAMPLES=500` looks further, with fresh ones each time.
"""

import json
import os
import time
from typing import Any
from uuid import uuid4

import pytest
import requests
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from kaigong.domain.contract import api
from kaigong.domain.contract.api import Group
from schemathesis import Case, Config, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from infra.contracts.openapi import document
from infra.local import Stack
from infra.samples import city_case

EXAMPLES = os.environ.get("KAIGONG_HYPOTHESIS_EXAMPLES")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CASE = city_case()
PROJECT = "2603-411400-04-01-123456"
# One of each group whom other tests on the stack need least: how often one user may ask is limited, and meteorology has
# no part in the city's case, so that its officer takes no task that others wait for.
USERS = {
    Group.APPLICANT: "stranger",
    Group.DEPARTMENT: "officer-meteorology",
    Group.WINDOW: "window",
    Group.SUPERVISOR: "supervisor",
    Group.OPERATIONS: "operations",
}
DESCRIPTION = openapi.from_dict(
    document(), config=Config.from_dict({"generation": {"with-security-parameters": False}})
)
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in DESCRIPTION.get_all_operations()}
ASKED = [
    pytest.param(route.name, group, id=f"{route.name}-{group}")
    for route in api.ROUTES
    for group in (sorted(route.groups) or [Group.APPLICANT])
]


@pytest.fixture(scope="module")
def known(stack: Stack) -> dict[str, str]:
    """What is there to ask about: by the name of a path's parameter."""
    started = _ask(stack, USERS[Group.APPLICANT], "POST", "/api/drafts", json={"process": CASE.process})
    assert started.status_code == 201
    return {
        "packet": _returned(stack),
        "draft": started.json()["packet"],
        "code": PROJECT,
        "matter": CASE.matters[0],
        "slot": "business-licence",
    }


@pytest.mark.parametrize(("operation", "group"), ASKED)
def test_every_request_is_answered_as_the_description_says(
    operation: str, group: Group, stack: Stack, known: dict[str, str]
) -> None:
    asked, headers = OPERATIONS[operation], _signed(stack, USERS[group])
    there = {name: value for name, value in known.items() if f"{{{name}}}" in asked.path}
    places: list[dict[str, Any]] = [{"path_parameters": there}, {}] if there else [{}]

    @settings(
        max_examples=int(EXAMPLES or 12),
        derandomize=not EXAMPLES,
        phases=(Phase.generate, Phase.shrink),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of([asked.as_strategy(mode, **place) for mode in GenerationMode for place in places]))
    def answered(case: Case) -> None:
        assume("/" not in "".join(map(str, case.path_parameters.values())))  # another address, not this operation's
        case.call_and_validate(
            base_url=stack.portal_url,
            headers=headers,
            checks=CHECKS,
            additional_checks=[negative_data_rejection] if asked.body else [],  # unknown query parameters are let pass
        )

    answered()


def test_letters_and_the_guide_are_answered_as_the_description_says(stack: Stack) -> None:
    enterprise, project = CASE.enterprise.model_dump(mode="json"), CASE.project.model_dump(mode="json")
    body = {"enterprise": enterprise, "project": project, "matters": list(CASE.commitments)}
    for name, sent in (("letters", {"body": body}), ("guide", {"query": {"process": CASE.process}})):
        case = OPERATIONS[name].Case(media_type="application/json" if "body" in sent else None, **sent)
        answer = case.call_and_validate(base_url=stack.portal_url, headers=_signed(stack, "window"), checks=CHECKS)
        assert answer.status_code == 200


def _returned(stack: Stack) -> str:
    """A packet of the applicant's that was returned for what is missing, so that no department is asked."""
    name = f"fuzz-{uuid4().hex[:12]}"
    enterprise = {"name": "某公司", "uscc": stack.user(USERS[Group.APPLICANT]).attributes["uscc"]}
    manifest = {"schema": "kaigong/manifest/1", "packet": name, **CASE.manifest(), "enterprise": enterprise}
    manifest |= {"project": {"name": "物流园", "code": PROJECT}, "promises": [], "commitments": []}
    s3 = stack.client("s3")
    s3.put_object(Bucket=stack.bucket, Key=f"packets/{name}/business-licence/1/x.pdf", Body=b"no document")
    s3.put_object(Bucket=stack.bucket, Key=f"packets/{name}/manifest.json", Body=json.dumps(manifest).encode())
    end = time.monotonic() + 60
    while (found := _ask(stack, "window", "GET", f"/api/packets/{name}")).status_code != 200 or (
        found.json()["status"] != "returned"
    ):
        assert time.monotonic() < end
        time.sleep(0.2)
    return name


def _ask(stack: Stack, user: str, method: str, path: str, **more: Any) -> requests.Response:
    return requests.request(method, stack.portal_url + path, headers=_signed(stack, user), timeout=30, **more)


def _signed(stack: Stack, user: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.token(user)}"}
