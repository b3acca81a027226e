"""What an enterprise may use, what is known of it, and what is on record of a project: who is told, and what."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from kaigong.domain.model.clock import Due
from kaigong.domain.model.packet import Breach
from kaigong.store import keys
from kaigong.store.items import dump, packed

from . import story
from .asking import (
    APPLICANT,
    DRAFT,
    FOREIGN,
    HOUSING,
    NEW,
    NO_GROUP,
    OPERATIONS,
    OTHER,
    OWN,
    PROJECT_CODE,
    STRANGER,
    SUPERVISOR,
    TELECOM,
    WATER,
    WINDOW,
    ask,
    body,
    played,
    problem,
    soil,
    valid,
)
from .world import ENVIRONMENT, World

KNOWN = "91411402MA0KG0006J"  # an enterprise of which the credit platform knows more than its grade
PROJECT = f"/api/projects/{PROJECT_CODE}"
BASIC = {"name": "商丘样例生物科技有限公司", "legal_representative": "张三", "address": "商丘市某路1号"}


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with played() as world:
        world.send("credit", story.CREDIT | {"id": "credit-2", "uscc": KNOWN, "basic": BASIC})
        named = {"name": "物流园", "code": PROJECT_CODE}
        world.submit(soil(world, "20260306-named", {"name": "某公司", "uscc": OTHER}, process="general", project=named))
        world.run()
        yield world


pytestmark = pytest.mark.usefixtures("stage")


def put(claims: dict[str, str] | None, said: Any, path: str = PROJECT) -> Any:
    return ask(path, claims, method="PUT", carries=said)


def keep(item: dict[str, Any]) -> None:
    boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"]).put_item(Item=item)


# routes


@pytest.mark.parametrize(
    ("claims", "own", "foreign"),
    [
        (APPLICANT, 200, 404),
        (STRANGER, 404, 200),
        (WINDOW, 200, 200),
        (OPERATIONS, 200, 200),
        (HOUSING, 403, 403),
        (WATER, 403, 403),
        (TELECOM, 403, 403),
        (SUPERVISOR, 403, 403),
        (NO_GROUP, 403, 403),
        (None, 401, 401),
        # who reviews a packet for a department does not read its applicant's rights by being an applicant elsewhere
        (STRANGER | HOUSING | {"cognito:groups": "[applicant department]"}, 404, 200),
    ],
)
def test_the_routes_of_a_packet_are_for_its_applicant_the_window_and_operations(
    claims: dict[str, str] | None, own: int, foreign: int
) -> None:
    assert ask(f"/api/packets/{story.PACKET}/routes", claims)["statusCode"] == own
    assert ask(f"/api/packets/{FOREIGN}/routes", claims)["statusCode"] == foreign


def test_the_routes_say_what_is_open_to_each_matter_applied_for_and_why() -> None:
    found = body(f"/api/packets/{story.PACKET}/routes", APPLICANT)
    assert [m["matter"] for m in found["matters"]] == story.MANIFEST["matters"]
    assert found["rights"]["channel"] == "green"
    assert found["rights"]["closed"] == []
    matters = {m["matter"]: {r["route"]: r for r in m["routes"]} for m in found["matters"]}
    power, soil_plan = matters["power-connection"], matters["soil-conservation"]
    assert (power["commitment"]["open"], power["tolerated"]["open"]) == (True, False)
    assert (soil_plan["commitment"]["open"], soil_plan["tolerated"]["open"]) == (False, True)
    assert power["commitment"]["number"] != power["approval"]["number"]
    assert all(route["why"]["zh"] and route["why"]["en"] for routes in matters.values() for route in routes.values())


def test_before_a_manifest_came_there_are_no_matters_to_speak_of() -> None:
    assert problem(f"/api/packets/{DRAFT}/routes", WINDOW) == (404, "not-applied-yet")
    assert body(f"/api/packets/{NEW}/routes", APPLICANT)["matters"][0]["matter"] == "soil-conservation"


def test_a_breach_that_stands_closes_what_it_closes_for_a_packet_too() -> None:
    path = f"/api/packets/{FOREIGN}/routes"
    assert {g["privilege"] for g in body(path, STRANGER)["rights"]["granted"]} >= {"commitment", "tolerance"}
    item = {"pk": keys.credit_pk(OTHER), "sk": keys.breach_sk(FOREIGN), "breaches": [dump(_breach(FOREIGN))]}
    keep(item)
    try:
        found = body(path, STRANGER)
    finally:
        table = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
        table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
    assert found["rights"]["granted"] == []
    assert "2026年6月4日" in found["rights"]["why"]["zh"]
    assert {r["route"] for m in found["matters"] for r in m["routes"] if r["open"]} == {"approval"}


def _breach(packet: str) -> Breach:
    at = "2026-03-06T09:00:00+08:00"
    return Breach.model_validate(
        {"packet": packet, "subject": "soil-plan", "at": at, "repairable_from": "2026-06-04T09:00:00+08:00"}
    )


# the enterprise


@pytest.mark.parametrize(
    ("claims", "own", "foreign"),
    [
        (APPLICANT, 200, 403),
        (STRANGER, 403, 200),
        (WINDOW, 200, 200),
        (OPERATIONS, 200, 200),
        (HOUSING, 403, 403),
        (WATER | {"custom:uscc": OWN}, 403, 403),
        (SUPERVISOR, 403, 403),
        (NO_GROUP, 403, 403),
        (None, 401, 401),
        (STRANGER | HOUSING | {"cognito:groups": "[applicant department]"}, 403, 200),
    ],
)
def test_an_enterprise_is_shown_to_itself_the_window_and_operations(
    claims: dict[str, str] | None, own: int, foreign: int
) -> None:
    assert ask("/api/enterprise", claims, {"uscc": OWN})["statusCode"] == own
    assert ask("/api/enterprise", claims, {"uscc": OTHER})["statusCode"] == foreign


def test_an_applicant_need_not_name_its_enterprise_and_everybody_else_must() -> None:
    assert body("/api/enterprise", APPLICANT)["uscc"] == OWN
    assert problem("/api/enterprise", WINDOW) == (400, "invalid-parameter")
    assert problem("/api/enterprise", OPERATIONS, {"uscc": "91411402"}) == (400, "invalid-parameter")


def test_what_fills_the_form_the_grade_and_the_rights_of_every_process_are_shown() -> None:
    found = body("/api/enterprise", WINDOW, {"uscc": KNOWN})
    assert found["basic"] == BASIC
    assert (found["credit"]["grade"], found["missing"], found["breaches"]) == ("AAA", None, [])
    rights = {p["process"]["code"]: p["rights"] for p in found["processes"]}
    assert {r["channel"] for r in rights.values()} == {"green"}
    assert len(rights) > 1
    assert "uscc" not in found["credit"]


def test_an_enterprise_that_nobody_knows_has_no_grade_and_what_everybody_has() -> None:
    found = body("/api/enterprise", WINDOW, {"uscc": "91411402MA0KG0009X"})
    assert (found["basic"], found["credit"], found["missing"]) == (None, None, "unknown")
    assert all(
        {"commitment", "tolerance"} <= {g["privilege"] for g in p["rights"]["granted"]} for p in found["processes"]
    )


def test_breaches_are_shown_with_the_day_from_which_they_can_be_repaired() -> None:
    alone = "91411402MA0KG0007H"
    keep({"pk": keys.credit_pk(alone), "sk": keys.breach_sk("P-1"), "breaches": [dump(_breach("P-1"))]})
    found = body("/api/enterprise", {"cognito:groups": "[applicant]", "custom:uscc": alone})
    (breach,) = found["breaches"]
    assert (breach["packet"], breach["slot"], breach["repairable_from"]) == (
        "P-1", "soil-plan", "2026-06-04T09:00:00+08:00"
    )  # fmt: skip
    assert all(p["rights"]["granted"] == [] for p in found["processes"])


# the project


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (WINDOW, 200),
        (OPERATIONS, 200),
        (APPLICANT, 403),
        (WATER, 403),
        (SUPERVISOR, 403),
        (NO_GROUP, 403),
        (None, 401),
    ],
)
def test_a_project_is_recorded_by_the_window_and_shown_to_it_and_operations_alone(
    claims: dict[str, str] | None, expected: int
) -> None:
    path = "/api/projects/2603-411400-04-01-000001"
    assert ask(path, claims)["statusCode"] == expected
    recorded = put(claims, {"key_project": False, "serviced_site": None}, path)["statusCode"]
    assert recorded == (403 if claims is OPERATIONS else expected)  # who looks after the system marks no key projects


def test_a_key_project_is_green_for_its_packets_until_it_is_recorded_otherwise() -> None:
    path = "/api/packets/20260306-named/routes"
    assert body(path, WINDOW)["rights"]["channel"] == "ordinary"
    for key_project, channel in ((True, "green"), (False, "ordinary")):
        said = {"key_project": key_project, "serviced_site": True}
        answer = put(WINDOW | {"cognito:username": "li-si"}, said)
        found = json.loads(answer["body"])
        packets = found.pop("packets")
        assert found.pop("approvals") == []
        assert (found.pop("enterprises"), found.pop("foreign")) == ([OTHER], []), "who was accepted first"
        assert found == {"code": PROJECT_CODE, "key_project": key_project, "serviced_site": True, "open_gaps": []}
        assert [(p["packet"], p["under_review"]) for p in packets] == [("20260306-named", ["soil-conservation"])]
        found |= {"packets": packets, "approvals": [], "enterprises": [OTHER], "foreign": []}
        assert body(PROJECT, OPERATIONS) == found
        assert body(path, STRANGER)["rights"]["channel"] == channel
        valid(found, "ProjectShown")
    item = (
        boto3.resource("dynamodb")
        .Table(ENVIRONMENT["TABLE_NAME"])
        .get_item(Key={"pk": keys.project_pk(PROJECT_CODE), "sk": keys.RECORD})["Item"]
    )
    assert item["by"] == "li-si"


def test_an_approval_from_elsewhere_is_put_on_record_and_stays_until_it_is_left_out() -> None:
    known = {"matter": "planning-permit", "number": "建字第 1 号", "on": "2025-05-01", "until": None}
    said = {"key_project": False, "serviced_site": None}
    assert json.loads(put(WINDOW, said | {"approvals": [known]})["body"])["approvals"] == [known]
    assert json.loads(put(WINDOW, said)["body"])["approvals"] == [known]
    assert json.loads(put(WINDOW, said | {"approvals": []})["body"])["approvals"] == []
    refused = put(WINDOW, said | {"approvals": [{"matter": "planning-permit", "on": "yesterday"}]})
    assert refused["statusCode"] == 400


def test_an_approval_from_elsewhere_is_of_our_time_and_may_be_without_an_end() -> None:
    known = {"matter": "planning-permit", "number": "建字第 1 号", "on": "2025-05-01", "until": "9999-12-31"}
    said = {"key_project": False, "serviced_site": None}
    (shown,) = json.loads(put(WINDOW, said | {"approvals": [known]})["body"])["approvals"]
    assert shown["until"] == "9999-01-01", "the sign for there being none"
    assert put(WINDOW, said | {"approvals": [known | {"on": "0001-01-01"}]})["statusCode"] == 400
    assert put(WINDOW, said | {"approvals": []})["statusCode"] == 200


def test_a_project_shows_the_promised_materials_that_are_still_missing() -> None:
    code = "2603-411400-04-01-000002"
    gap = {"slot": "soil-plan", "due": dump(Due.model_validate({"at": "2026-04-03T17:30:00+08:00"}))}
    place = {"pk": keys.project_pk(code), "sk": keys.project_packet_sk("P-1")}
    keep({**place, "packet": "P-1", "uscc": OWN, "content": packed(json.dumps({"gaps": [gap]}))})
    (found,) = body(f"/api/projects/{code}", WINDOW)["open_gaps"]
    assert (found["packet"], found["slot"], found["due"]["at"]) == ("P-1", "soil-plan", "2026-04-03T17:30:00+08:00")


@pytest.mark.parametrize("code", ["x", "2613-411400-04-01-123456", "2603-411400-04-01-12345６", "2603"])
def test_what_can_be_no_project_code_is_a_problem_of_the_caller(code: str) -> None:
    said = {"key_project": True, "serviced_site": True}
    assert problem(f"/api/projects/{code}", WINDOW) == (400, "invalid-parameter")
    assert problem(f"/api/projects/{code}", WINDOW, method="PUT", carries=said) == (400, "invalid-parameter")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"key_project": True},
        {"serviced_site": True},
        {"key_project": "yes", "serviced_site": True},
        {"key_project": 1, "serviced_site": None},
        {"key_project": None, "serviced_site": None},
        {"key_project": True, "serviced_site": True, "by": "me"},
        {"key_project": True, "serviced_site": True, "code": "2603-411400-04-01-000009"},
        [],
    ],
)
def test_a_record_that_leaves_something_unsaid_or_says_more_is_refused(said: Any) -> None:
    assert problem(PROJECT, WINDOW, method="PUT", carries=said) == (400, "invalid-body")
