"""What the window finds: what waits for it, and all packets of a project. And what it puts on record, by the API."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kaigong.contract.routes import Group
from kaigong.domain.model.waiting import Wait
from kaigong.portal import access
from kaigong.portal.follow import actions
from kaigong.store import packets, projects, waiting

from tests.hours import when_open

from . import story
from .asking import APPLICANT, OWN, PROJECT_CODE, TELECOM, WATER, WINDOW, ask, body, page_as, played, soil
from .world import World

VISITED, DOUBTFUL, LATER = "20260306-visited", "20260306-doubtful", "20260306-later"
WANG, LI = WINDOW | {"cognito:username": "w1", "name": "王工"}, WINDOW | {"cognito:username": "w2", "name": "李工"}
NAMED = {"name": "年产500吨生物酶制剂项目", "code": PROJECT_CODE}


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    """The story; a packet whose joint site visit has no date; one with a doubt; one returned: all of one project."""
    with played() as world:
        enterprise = {"name": "商丘样例生物科技有限公司", "uscc": OWN}
        world.submit(soil(world, VISITED, enterprise, project=NAMED))
        world.submit(soil(world, DOUBTFUL, {**enterprise, "uscc": "91411402MA0KG0002A"}, project=NAMED))
        returned = soil(world, LATER, enterprise, project=NAMED)
        world.upload(LATER, "soil-plan", b"bad")
        world.submit(returned)
        world.run()
        task = next(t for t in world.tasks if t["packet"] == VISITED)
        world.send("decisions", story._visit(task | {"visit": ["start"]}))
        world.run()
        yield world


def act(stage: World, packet: str, asked: dict[str, Any], claims: dict[str, str] = WINDOW) -> tuple[int, Any]:
    with stage.inside("portal"):
        answer = ask(f"/api/packets/{packet}/acts", claims, method="POST", carries=asked)
    return answer["statusCode"], json.loads(answer["body"])


def listed(at: datetime | None = None) -> dict[str, set[Wait]]:
    found, more = waiting.for_window(at or datetime.now(UTC) + timedelta(seconds=1), 50)
    assert not more
    return {row.packet: set(row.waits) for row in found}


def test_what_waits_for_the_window_is_listed_with_what_it_waits_for(stage: World) -> None:
    found = listed()
    assert found[VISITED] >= {Wait.VISIT}
    assert found[DOUBTFUL] >= {Wait.DOUBT}
    assert story.PACKET not in found
    assert stage.calls


def test_a_returned_packet_comes_to_the_list_after_some_days(stage: World) -> None:
    assert Wait.RETURNED not in listed().get(LATER, set())
    assert Wait.RETURNED in listed(datetime.now(UTC) + timedelta(days=6))[LATER]
    assert stage.calls


def test_the_list_begins_with_what_has_waited_longest_and_says_that_there_is_more(stage: World) -> None:
    now = datetime.now(UTC) + timedelta(days=6)
    every, _ = waiting.for_window(now, 50)
    assert [row.since for row in every] == sorted(row.since for row in every)
    first, more = waiting.for_window(now, 1)
    assert ([row.packet for row in first], more) == ([every[0].packet], True)
    assert {"enterprise", "project"} <= set(every[0].model_dump())
    assert stage.calls


def test_the_list_is_read_from_the_index_alone(stage: World) -> None:
    before = len(stage.calls)
    with stage.inside("portal"):
        waiting.for_window(datetime.now(UTC), 50)
    assert stage.calls[before:] == ["portal:dynamodb.Query"] * 4


def test_every_packet_of_a_project_is_found_by_its_code_whether_or_not_it_has_gaps(stage: World) -> None:
    assert set(projects.packets_of(PROJECT_CODE)) == {VISITED, DOUBTFUL, LATER}
    assert projects.packets_of("2603-411400-04-01-999999") == ()
    assert projects.standing(PROJECT_CODE, except_packet="").open_gaps == ()
    assert stage.calls


def test_a_project_is_one_story_of_the_packets_that_each_may_see(stage: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/api/projects/{PROJECT_CODE}/story"
    found = body(path, WINDOW)
    told = {each["status"]["packet"]: each["status"] for each in found["packets"]}
    assert set(told) == {VISITED, DOUBTFUL, LATER}
    assert [visit["number"] for visit in told[VISITED]["visits"]] == [1]
    [stage_] = found["stages"]
    assert (stage_["decided"], stage_["working_days"]) == (0, 1)
    assert {each["status"]["packet"] for each in body(path, APPLICANT)["packets"]} == {VISITED, LATER}
    assert body(path, APPLICANT | {"custom:uscc": "91411402MA0KG0003M"})["packets"] == []
    window = access.Caller(name="w", called="王工", groups=frozenset({Group.WINDOW}))
    shown = page_as(monkeypatch, window, f"/projects/{PROJECT_CODE}")["body"]
    assert "各阶段用时" in shown
    assert f"packets/{VISITED}" in shown
    assert stage.calls


def test_others_packets_take_no_place_in_a_story_and_those_of_who_is_on_the_project_come_first(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody can name a project's code: the packet of who is not on it has the first id, and there is room for one."""
    monkeypatch.setattr(actions, "MOST_PACKETS", 1)
    for claims in (APPLICANT, WINDOW):
        found = body(f"/api/projects/{PROJECT_CODE}/story", claims)
        assert ([each["status"]["packet"] for each in found["packets"]], found["more"]) == ([LATER], True)
    assert stage.calls


def test_of_packets_that_a_department_may_not_see_no_more_are_read_than_a_bound(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_MOST_LOOKED_AT", 1)
    before = len(stage.calls)
    with stage.inside("portal"):
        found = body(f"/api/projects/{PROJECT_CODE}/story", TELECOM)
    assert (found["packets"], found["more"]) == ([], True)
    assert len(stage.calls[before:]) <= 3  # the project's list, and one packet


def test_a_story_of_which_one_may_see_nothing_costs_what_one_costs_that_is_not_there(stage: World) -> None:
    stranger, cost = APPLICANT | {"custom:uscc": "91411402MA0KG0003M"}, []
    for code in (PROJECT_CODE, "2603-411400-04-01-999999"):
        before = len(stage.calls)
        with stage.inside("portal"):
            assert body(f"/api/projects/{code}/story", stranger)["packets"] == []
        cost.append(stage.calls[before:])
    assert cost[0] == cost[1] == ["portal:dynamodb.Query"]


def test_the_window_appoints_a_visit_once_and_again_for_another_date(stage: World) -> None:
    soon, later_on = when_open(3), when_open(4)
    asked = {"kind": "appoint-visit", "visit": 1, "appointment": soon.isoformat(), "note": "东门集合"}
    assert act(stage, VISITED, asked, APPLICANT)[0] == 403
    assert act(stage, VISITED, asked, WATER)[0] == 403
    assert act(stage, VISITED, asked | {"visit": 2})[1]["code"] == "no-such-visit"
    assert act(stage, VISITED, asked | {"appointment": "2020-01-01T09:00:00+08:00"})[1]["code"] == "date-passed"
    night = asked | {"appointment": (soon + timedelta(hours=10)).isoformat()}
    assert act(stage, VISITED, night)[1]["code"] == "bad-appointment"
    assert act(stage, VISITED, asked)[0] == 202
    assert act(stage, VISITED, asked)[0] == 200
    stage.run()
    assert packets.load(VISITED).visits[1].appointment == soon
    assert Wait.VISIT not in listed().get(VISITED, set())
    later = asked | {"appointment": later_on.isoformat()}
    assert act(stage, VISITED, later)[0] == 202
    stage.run()
    found = body(f"/api/packets/{VISITED}", APPLICANT)
    assert datetime.fromisoformat(found["visits"][0]["appointment"]) == later_on
    assert [i["code"] for i in found["notices"][-1]["items"]] == ["site-visit-appointed"]
    told = [n.get("department") for n in stage.notices if n["packet"] == VISITED and n["kind"] == "procedure"]
    assert told == [None, "water"] * 3  # that it is asked for, its date, and the other date


def test_one_press_helps_many_by_the_accounts_own_name_and_says_what_became_of_each(stage: World) -> None:
    with stage.inside("portal"):
        begun = ask("/api/drafts", WINDOW, method="POST", carries={"process": "industrial", "uscc": OWN})
    draft = json.loads(begun["body"])["packet"]
    assert act(stage, VISITED, {"kind": "pick-up"}, WANG)[0] == 202
    stage.run()
    asked = {"packets": [DOUBTFUL, VISITED, "20260306-nothing", draft, DOUBTFUL]}
    me = WINDOW | {"cognito:username": "me", "name": "赵敏"}
    for _ in range(2):
        with stage.inside("portal"):
            answer = ask("/api/help", me, method="POST", carries=asked)
        told = json.loads(answer["body"])["outcomes"]
        assert [(one["packet"], one["outcome"]) for one in told] == [
            (DOUBTFUL, "helping"),
            (VISITED, "another"),
            ("20260306-nothing", "not-found"),
            (draft, "helping"),
        ]
        assert "王工" in told[1]["text"]["zh"]
        stage.run()
    found = [body(f"/api/packets/{name}", WINDOW)["responsibility"] for name in (DOUBTFUL, VISITED)]
    assert [who["helper"]["officer"] for who in found] == ["赵敏", "王工"]
    assert Wait.HELPER not in listed().get(DOUBTFUL, set())
    assert ask("/api/help", WINDOW, method="POST", carries={"packets": []})["statusCode"] == 400


def test_a_packet_that_is_picked_up_leaves_the_list_and_the_applicant_is_told_who_helps(stage: World) -> None:
    assert Wait.HELPER in listed()[LATER]
    assert act(stage, LATER, {"kind": "pick-up"}, WANG)[0] == 202
    stage.run()
    assert Wait.HELPER not in listed().get(LATER, set())
    again, told = act(stage, LATER, {"kind": "pick-up"}, LI)
    assert (again, told["officer"]) == (200, "王工")
    assert act(stage, LATER, {"kind": "pick-up", "hand_over": True}, LI)[0] == 202
    stage.run()
    assert body(f"/api/packets/{LATER}", APPLICANT)["responsibility"]["helper"]["officer"] == "李工"


def test_who_is_on_a_project_is_told_to_those_who_are(stage: World, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = access.Caller(name="o", called="张三", groups=frozenset({Group.APPLICANT}), uscc=OWN)
    stranger = owner.changed(uscc="91411402MA0KG0002A")
    assert OWN in page_as(monkeypatch, owner, f"/packets/{VISITED}/enterprises")["body"]
    page = page_as(monkeypatch, stranger, f"/packets/{DOUBTFUL}/enterprises")["body"]
    assert "本企业不在参与企业之列" in page
    assert OWN not in page
    assert "还没有企业的申请获得受理" not in page
    assert stage.calls


def test_who_was_accepted_first_lets_others_into_the_project_and_the_window_has_the_last_word(stage: World) -> None:
    """A packet of somebody else is a doubt for the window; it neither bars the project nor shares in it."""

    def on_it() -> tuple[str, ...]:
        return projects.standing(PROJECT_CODE, except_packet="").enterprises

    other = "91411402MA0KG0002A"
    header = packets.load(DOUBTFUL).header
    assert header
    assert "project-of-others" in header.doubts
    assert (on_it(), body(f"/api/projects/{PROJECT_CODE}", WINDOW)["foreign"]) == ((OWN,), [DOUBTFUL])
    stranger = APPLICANT | {"custom:uscc": other}
    assert act(stage, DOUBTFUL, {"kind": "let-in", "subject": other}, stranger)[1]["code"] == "not-first-on-project"
    assert act(stage, VISITED, {"kind": "let-in", "subject": other}, WINDOW)[0] == 403
    assert act(stage, LATER, {"kind": "let-in", "subject": other}, APPLICANT)[1]["code"] == "no-project"
    assert act(stage, VISITED, {"kind": "let-in", "subject": "1"}, APPLICANT)[0] == 400
    assert [act(stage, VISITED, {"kind": "let-in", "subject": other}, APPLICANT)[0] for _ in range(2)] == [202, 200]
    stage.run()
    assert (on_it(), body(f"/api/projects/{PROJECT_CODE}", WINDOW)["foreign"]) == ((OWN, other), [])
    said = {"key_project": True, "serviced_site": None, "enterprises": [OWN]}
    assert ask(f"/api/projects/{PROJECT_CODE}", WINDOW, method="PUT", carries=said)["statusCode"] == 200
    assert on_it() == (OWN,)
    why = body(f"/api/packets/{DOUBTFUL}/routes", WINDOW)["rights"]["why"]["zh"]
    assert "重点项目" not in why, "it is one for those who are on it"
    for enterprises in ([other], [OWN]):
        asked = said | {"enterprises": enterprises}
        assert ask(f"/api/projects/{PROJECT_CODE}", WINDOW, method="PUT", carries=asked)["statusCode"] == 200
        why = body(f"/api/packets/{DOUBTFUL}/routes", WINDOW)["rights"]["why"]["zh"]
        assert ("重点项目" in why) == (enterprises == [other])
    assert act(stage, VISITED, {"kind": "let-in", "subject": "91411402MA0KG0004L"}, APPLICANT)[0] == 409
    for asked in ({"key_project": False, "serviced_site": None}, said | {"enterprises": [], "key_project": False}):
        before = ask(f"/api/projects/{PROJECT_CODE}", WINDOW, method="PUT", carries=asked)
        assert before["statusCode"] == 200
        assert on_it() == ((OWN,) if "enterprises" not in asked else (OWN, other))
    wrong = said | {"enterprises": ["1"]}
    assert ask(f"/api/projects/{PROJECT_CODE}", WINDOW, method="PUT", carries=wrong)["statusCode"] == 400
