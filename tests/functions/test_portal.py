"""The JSON API: who may read what, and what is answered, on packets that the handlers themselves made."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Key
from botocore.exceptions import EndpointConnectionError
from kaigong.contract import routes
from kaigong.contract.routes import Group
from kaigong.portal import access
from kaigong.portal.follow import actions
from kaigong.store import keys, packets

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
    STRANGER,
    SUPERVISOR,
    TELECOM,
    WATER,
    WINDOW,
    address,
    ask,
    body,
    logged,
    played,
    problem,
    valid,
)
from .world import ENVIRONMENT

BUSY = "91411402MA0KG0004L"  # an enterprise with more packets than one page lists
# No department keeps a roster there, or took a photo: test_drawing.py and test_supervision.py ask for them.
NOT_IN_THE_STORY = ("roster-numbers", "told-photo")
OF_PACKET = [route for route in routes.ROUTES if route.of_packet and route.method is routes.Method.GET]
FOR_APPLICANTS = [route for route in OF_PACKET if Group.APPLICANT in route.groups]
FOR_READERS = [r for r in OF_PACKET if r.groups == routes.READERS and r.name not in NOT_IN_THE_STORY]
READING = [  # by operations; what is for applicants or officers alone has tests of its own, as have slips
    route
    for route in routes.ROUTES
    if route.method is routes.Method.GET
    and (route.open or Group.OPERATIONS in route.groups)
    and route.name not in ("slip", "refusal-slip", *NOT_IN_THE_STORY)  # nothing is refused in the story
]

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture(scope="module")
def stage() -> Iterator[None]:
    with played():
        yield


# who may read what


QUERIES = {  # what a route has to be asked with
    **{key: {"uscc": OWN} for key in ("packets", "enterprise", "slips")},
    **{key: {"process": "industrial"} for key in ("needed", "matters")},
    "policy-facts": {"year": str(datetime.now(UTC).year)},  # that of the story's packets
    "verify": {"number": story.PACKET},
}


def test_a_route_that_is_not_open_answers_nobody_without_an_id_token() -> None:
    for route in routes.ROUTES:
        if route.open:
            there = 404 if route.name in NOT_IN_THE_STORY else 200
            assert ask(address(route, story.PACKET), query=QUERIES.get(route.name))["statusCode"] == there
            continue
        path, method = address(route, story.PACKET), route.method.value
        assert problem(path, method=method) == (401, "sign-in-needed")
        for wrong in ({"token_use": "access"}, {"aud": "another"}, {"sub": ""}):
            assert problem(path, OPERATIONS | wrong, method=method) == (401, "sign-in-needed")


def test_only_health_the_guide_and_what_a_link_opens_are_open() -> None:
    assert {route.name for route in routes.ROUTES if route.open} == {
        *("health", "guide", "needed", "matters", "progress"),
        *("verify", "draw", "roster-numbers"),  # for whoever holds a document, or asks whether a draw was one
        "policies",  # and what they have left is for everybody
    }


@pytest.mark.parametrize("route", FOR_READERS, ids=lambda route: route.name)
@pytest.mark.parametrize(
    ("claims", "story_packet", "foreign_packet"),
    [
        (APPLICANT, 200, 404),
        (STRANGER, 404, 200),
        (HOUSING, 200, 404),
        (WATER, 200, 200),
        (TELECOM, 404, 404),
        (WINDOW, 200, 200),
        (OPERATIONS, 200, 200),
        (SUPERVISOR, 403, 403),
        (NO_GROUP, 403, 403),
        ({"cognito:groups": "[applicant]"}, 403, 403),  # acts for no enterprise
        ({"cognito:groups": "[department]", "custom:department": ""}, 403, 403),
        ({"cognito:groups": "[department]", "custom:uscc": OWN}, 403, 403),
        ({"cognito:groups": "[applicant]", "custom:department": "housing"}, 403, 403),
        (STRANGER | {"cognito:groups": "[applicant window]"}, 200, 200),
        (STRANGER | HOUSING | {"cognito:groups": "[applicant department]"}, 200, 200),
        (STRANGER | {"custom:department": "housing"}, 404, 200),  # an officer elsewhere, signed in for an enterprise
        (HOUSING | {"custom:uscc": OTHER}, 200, 404),
        ({"cognito:groups": "[windows Operations]"}, 403, 403),
    ],
)
def test_each_group_reads_its_own_packets_and_no_other(
    route: routes.Route, claims: dict[str, str], story_packet: int, foreign_packet: int
) -> None:
    for packet, expected in ((story.PACKET, story_packet), (FOREIGN, foreign_packet)):
        answer = ask(address(route, packet), claims)
        if expected == 200 and route.name == "result" and packet == FOREIGN:
            assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "no-result-yet")
        else:
            assert answer["statusCode"] == expected, answer["body"]


@pytest.mark.parametrize("route", FOR_APPLICANTS, ids=lambda route: route.name)
def test_a_packet_that_is_not_ones_own_answers_exactly_as_one_that_is_not_there(route: routes.Route) -> None:
    not_there = ask(address(route, "20260306-nothing"), APPLICANT)
    assert not_there["statusCode"] == 404
    for packet in (FOREIGN, DRAFT, "a", "x" * 65, "a_b"):
        assert ask(address(route, packet), APPLICANT) == not_there
    if Group.DEPARTMENT in route.groups:
        assert ask(address(route, story.PACKET), TELECOM) == not_there


def test_a_packet_of_which_nothing_ever_came_is_not_there_for_anybody() -> None:
    for claims in (WINDOW, OPERATIONS):
        assert problem("/api/packets/20260306-nothing", claims) == (404, "not-found")


def test_before_it_is_taken_a_packet_is_its_manifests_enterprises() -> None:
    assert body(f"/api/packets/{NEW}", APPLICANT)["status"] == "submitted"
    assert problem(f"/api/packets/{NEW}", STRANGER) == (404, "not-found")


def test_a_draft_of_which_nobody_knows_whose_it_is_is_the_windows_to_see() -> None:
    assert body(f"/api/packets/{DRAFT}", WINDOW)["status"] == "draft"


def test_a_department_sees_a_packet_from_its_first_review_on() -> None:
    assert problem(f"/api/packets/{NEW}", WATER) == (404, "not-found")
    assert ask(f"/api/packets/{FOREIGN}", WATER)["statusCode"] == 200


def test_what_is_stuck_is_for_operations_alone() -> None:
    for claims in (APPLICANT, HOUSING, WINDOW, SUPERVISOR):
        assert problem("/api/ops/stuck", claims) == (403, "not-allowed")
    assert ask("/api/ops/stuck", OPERATIONS)["statusCode"] == 200


def test_a_group_never_opens_a_route_that_does_not_name_it() -> None:
    for route, size in itertools.product(routes.ROUTES, range(len(Group) + 1)):
        for groups in itertools.combinations(Group, size):
            caller = access.Caller(groups=frozenset(groups), uscc=OWN, department="housing")
            found = access.on(route, caller)
            assert (found is not None) is (route.open or bool({*groups} & route.groups))
            assert found is None or route.open or found.groups == {*groups} & route.groups


# the list


def test_an_applicant_lists_its_own_packets_newest_first() -> None:
    found = body("/api/packets", APPLICANT)
    assert [p["packet"] for p in found["packets"]] == [story.PACKET]
    assert found["packets"][0]["status"] == "issued"
    assert found["next"] is None
    assert body("/api/packets", APPLICANT, {"uscc": OWN}) == found


def test_the_list_of_another_enterprise_is_refused_whether_or_not_it_has_packets() -> None:
    for uscc in (OTHER, "91411402MA0KG0009X"):
        assert problem("/api/packets", APPLICANT, {"uscc": uscc}) == (403, "not-allowed")
    assert problem("/api/packets", HOUSING, {"uscc": OWN}) == (403, "not-allowed")


def test_the_window_lists_the_packets_of_the_enterprise_it_names() -> None:
    assert [p["packet"] for p in body("/api/packets", WINDOW, {"uscc": OTHER})["packets"]] == [FOREIGN]
    assert problem("/api/packets", WINDOW) == (400, "invalid-parameter")
    assert problem("/api/packets", OPERATIONS, {"uscc": "91411402"}) == (400, "invalid-parameter")


def test_a_long_list_comes_in_pages_that_miss_and_repeat_nothing() -> None:
    names = [f"packet-{i:03}" for i in range(2 * routes.PAGE_SIZE + 3)]
    for number, name in enumerate(names):
        at = datetime(2026, 3, 6, tzinfo=UTC) + timedelta(minutes=number // 2)  # two at a time
        _table().put_item(Item=_header_item(name, at))
    pages: list[list[str]] = []
    submitted: list[str] = []
    after = None
    while after or not pages:
        found = body("/api/packets", WINDOW, {"uscc": BUSY} | ({"after": after} if after else {}))
        pages.append([p["packet"] for p in found["packets"]])
        submitted += [p["submitted_at"] for p in found["packets"]]
        after = found["next"]
    assert [len(page) for page in pages] == [routes.PAGE_SIZE, routes.PAGE_SIZE, 3]
    assert sorted(name for page in pages for name in page) == names
    assert submitted == sorted(submitted, reverse=True)


def test_an_item_that_breaks_its_model_is_our_error_and_not_the_callers() -> None:
    alone = "91411402MA0KG0009B"  # an enterprise that no other test lists
    broken = {"status": "no-such-status", "gsi1pk": f"APPLICANT#{alone}"}
    _table().put_item(Item=_header_item("packet-broken", datetime(2026, 3, 6, tzinfo=UTC)) | broken)
    assert problem("/api/packets", WINDOW, {"uscc": alone}) == (500, "internal")


def _table() -> Any:
    return boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])


def _header_item(packet: str, at: datetime) -> dict[str, Any]:
    return {
        "pk": keys.packet_pk(packet), "sk": keys.HEADER, "packet": packet, "version": 1, "status": "in-review",
        "round": 1, "submitted_at": at.isoformat(), "process": "industrial",
        "channel": "green",
        "enterprise": {"name": "商丘样例生物科技有限公司", "uscc": BUSY}, "project": {"name": "项目"},
    } | keys.applicant_index(BUSY, at)  # fmt: skip


@pytest.mark.parametrize("after", ["x", "bnVsbA", "WyJhIiwgImIiXQ", "W10", "é", "eyJhIjogMX0", "MQ"])
def test_a_made_up_cursor_is_a_problem_of_the_caller(after: str) -> None:
    assert problem("/api/packets", APPLICANT, {"after": after}) == (400, "invalid-parameter")


# what is answered


@pytest.mark.parametrize("route", READING, ids=lambda route: route.name)
def test_every_answer_keeps_its_published_schema(route: routes.Route) -> None:
    query = QUERIES.get(route.name)
    every = (story.PACKET, FOREIGN, DRAFT, NEW) if route.of_packet else (story.PACKET,)
    for packet in {"result": (story.PACKET,), "routes": (story.PACKET, FOREIGN, NEW)}.get(route.name, every):
        valid(body(address(route, packet), OPERATIONS, query), route.answer.__name__)


def test_the_status_tells_the_end_of_the_story() -> None:
    found = body(f"/api/packets/{story.PACKET}", APPLICANT)
    assert (found["status"], found["next"]["holder"], found["channel"]) == ("issued", "supervisors", "green")
    assert {p["kind"] for p in found["responsibility"]["points"]} == {"verification"}  # of what was committed to
    assert found["result"]["document"] == f"issued/{story.PACKET}/joint-result.json"
    states = {m["matter"]: m["state"] for m in found["matters"]}
    assert states.pop(story.REVOKED) == "recalled"
    assert {m["national"]["code"] for m in found["matters"] if m["matter"] == story.REVOKED} == {"14"}
    assert [v["departments"][0]["code"] for v in found["visits"] if v["held_at"]] == ["water"]
    assert set(states.values()) == {"approved"}
    assert all(datetime.fromisoformat(m["due"]).tzinfo for m in found["matters"])
    kinds = [n["kind"] for n in found["notices"]]
    assert kinds[:2] == ["returned", "accepted"]
    assert {"procedure", "correction", "result", "revoked"} <= set(kinds[2:])


def test_the_materials_carry_what_examination_found() -> None:
    found = {m["slot"]: m for m in body(f"/api/packets/{story.PACKET}/materials", HOUSING)["materials"]}
    assert found["drawings"]["verdict"] in ("valid", "warning")
    assert found["drawings"]["uploaded"]["reviewed"]
    assert found["wage-security"]["uploaded"]
    assert {m["matter"] for m in found["drawings"]["needed_by"]} >= {"fire-design-review"}


def test_no_answer_carries_a_reply_token_or_an_officer() -> None:
    tokens = {r.reply_token for r in packets.load(story.PACKET).reviews.values()}
    assert tokens
    told = "".join(ask(address(route, story.PACKET), OPERATIONS)["body"] for route in OF_PACKET)
    assert all(hidden not in told for hidden in (*tokens, "审查员"))


def test_the_result_is_byte_for_byte_the_issued_document() -> None:
    key = f"issued/{story.PACKET}/joint-result.json"
    stored = boto3.client("s3").get_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key=key)["Body"].read()
    assert ask(f"/api/packets/{story.PACKET}/result", APPLICANT)["body"].encode() == stored


def test_the_ledger_is_shown_whole_and_holds() -> None:
    found = body(f"/api/packets/{story.PACKET}/ledger", APPLICANT)
    header = packets.load(story.PACKET).header
    assert header
    assert (found["holds"], found["first_break"]) == (True, None)
    assert [e["seq"] for e in found["entries"]] == list(range(1, header.ledger_seq + 1))


def test_a_changed_document_is_not_given_out_as_the_result() -> None:
    s3, key = boto3.client("s3"), f"issued/{story.PACKET}/joint-result.json"
    where = {"Bucket": ENVIRONMENT["BUCKET_NAME"], "Key": key}
    before = s3.get_object(**where)["Body"].read()
    s3.put_object(**where, Body=before.replace(b'"11"', b'"13"', 1))
    assert problem(f"/api/packets/{story.PACKET}/result", APPLICANT) == (500, "result-altered")
    s3.put_object(**where, Body=before)
    assert ask(f"/api/packets/{story.PACKET}/result", APPLICANT)["statusCode"] == 200


def test_a_removed_entry_of_the_ledger_is_told() -> None:
    of_packet = Key("pk").eq(keys.packet_pk(story.PACKET)) & Key("sk").begins_with(keys.LEDGER)
    found = _table().query(KeyConditionExpression=of_packet)["Items"]
    entry = next(item for item in found if item["sk"].endswith("#000002"))
    place = {"pk": entry["pk"], "sk": entry["sk"]}
    _table().delete_item(Key=place)
    found = body(f"/api/packets/{story.PACKET}/ledger", APPLICANT)
    _table().put_item(Item=entry)
    assert (found["holds"], found["first_break"]) == (False, 2)


def test_what_is_stuck_is_named_with_its_reasons() -> None:
    now = datetime.now(UTC)
    _due_again(NEW, "SUBMISSION#", now - timedelta(days=3))
    assert body("/api/ops/stuck", OPERATIONS)["packets"] == []
    found = body("/api/ops/stuck", OPERATIONS, {"days": "5"})["packets"]
    assert found == [{"packet": NEW, "why": ["not-looked-at"]}]
    _due_again(NEW, "SUBMISSION#", now - timedelta(seconds=1))
    assert body("/api/ops/stuck", OPERATIONS, {"days": "2"})["packets"] == found
    _due_again(FOREIGN, keys.HEADER, now - timedelta(seconds=1))
    late = {"pk": keys.packet_pk(FOREIGN), "sk": keys.LATE} | keys.late_index(FOREIGN, now - timedelta(seconds=1))
    _table().put_item(Item=late)
    assert {"packet": FOREIGN, "why": ["not-woken", "deadline"]} in body("/api/ops/stuck", OPERATIONS)["packets"]


def _due_again(packet: str, prefix: str, at: datetime) -> None:
    """Let an item be due at another time."""
    for item in _table().query(KeyConditionExpression=Key("pk").eq(keys.packet_pk(packet)))["Items"]:
        if item["sk"].startswith(prefix):
            _table().put_item(Item=item | keys.due_index(packet, at))


@pytest.mark.parametrize("days", ["0", "61", "-1", "x", "1.5", "²"])
def test_days_outside_the_bounds_are_a_problem_of_the_caller(days: str) -> None:
    assert problem("/api/ops/stuck", OPERATIONS, {"days": days}) == (400, "invalid-parameter")


def test_the_guide_is_public_and_may_be_cached_and_nothing_else_may() -> None:
    answer = ask("/api/guide", query={"process": "industrial", "stage": "construction"})
    assert {m["stage"] for m in json.loads(answer["body"])["matters"]} == {"construction"}
    assert "public" in answer["headers"]["Cache-Control"]
    assert ask(f"/api/packets/{story.PACKET}", WINDOW)["headers"]["Cache-Control"] == "no-store"
    assert problem("/api/guide", query={"process": "nope"}) == (400, "invalid-parameter")
    assert problem("/api/guide", query={"stage": "nope"}) == (400, "invalid-parameter")


@pytest.mark.parametrize(
    ("method", "path", "takes"),
    [
        ("GET", "/api", ""),
        ("GET", "/api/", ""),
        ("GET", "/api/nothing", ""),
        ("GET", "/api/packets/a/b/c", ""),
        ("POST", "/api/guide", "GET, HEAD"),
        ("OPTIONS", "/api/guide", "GET, HEAD"),
        ("GET", f"/api/packets/{story.PACKET}/acts", "POST"),
        ("DELETE", f"/api/packets/{story.PACKET}", "GET, HEAD"),
        ("GET", f"/api/packets/{story.PACKET}/progress-link", "DELETE, POST"),
        ("POST", "/api/projects/2603-411400-04-01-123456", "GET, HEAD, PUT"),
    ],
)
def test_an_address_or_method_that_is_not_there_is_a_problem_too(method: str, path: str, takes: str) -> None:
    answer = ask(path, OPERATIONS, method=method)
    assert answer["headers"]["Content-Type"].startswith("application/problem+json")
    expected = (405, "no-such-method") if takes else (404, "no-such-address")
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == expected
    assert answer["headers"].get("Allow", "") == takes


def test_head_is_answered_as_get_without_a_body() -> None:
    path = f"/api/packets/{story.PACKET}"
    got, head = ask(path, OPERATIONS), ask(path, OPERATIONS, method="HEAD")
    assert (head["statusCode"], head["headers"], head["body"]) == (200, got["headers"], "")


def test_every_answer_of_the_api_is_guarded_and_says_how_to_sign_in() -> None:
    for answer in (ask("/api/guide"), ask("/api/packets"), ask("/api/nothing", OPERATIONS)):
        assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
        assert answer["headers"]["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "max-age" in answer["headers"]["Strict-Transport-Security"]
    assert ask("/api/packets")["headers"]["WWW-Authenticate"] == "Bearer"


def test_a_table_that_does_not_answer_is_an_outage_and_no_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_: str) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb")

    monkeypatch.setattr(packets, "load_shown", down)
    answer = ask(f"/api/packets/{story.PACKET}", APPLICANT)
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (503, "unavailable")
    assert answer["headers"]["Retry-After"]


def test_an_answer_that_cannot_be_written_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "status_of", lambda _: b"\xff")
    assert problem(f"/api/packets/{story.PACKET}", APPLICANT) == (500, "internal")


def test_an_outage_is_a_problem_that_neither_tells_nor_logs_what_is_in_the_packet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: str) -> None:
        raise ValueError("个人信息")

    monkeypatch.setattr(packets, "load_shown", fail)
    with logged() as log:
        answer = ask(f"/api/packets/{story.PACKET}", APPLICANT)
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (500, "internal")
    entry = json.loads(log.getvalue().splitlines()[0])
    assert (entry["route"], entry["error"]) == ("packet", "ValueError")
    assert any(place.startswith("fail:") for place in entry["where"])
    assert "个人信息" not in json.dumps([entry, answer], ensure_ascii=False)
