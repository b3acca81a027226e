"""The people of an enterprise: own rights, own messages; and nobody of another enterprise has a say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from kaigong.contract.routes import ROUTES, Group
from kaigong.domain.model.people import PersonRights
from kaigong.portal.access import Caller
from kaigong.portal.app import PAGES
from kaigong.store import packets, people

from . import story
from .asking import APPLICANT, OWN, STRANGER, ask, page_as, played, soil
from .world import World

SOIL, PACKET = "soil-conservation", "20260306-people"
BOSS = APPLICANT | {"cognito:groups": "[applicant lead]", "cognito:username": "boss", "sub": "a-boss", "name": "张总"}
AGENT = APPLICANT | {"cognito:username": "agent", "sub": "a-agent", "name": "代办员"}


def _play(world: World) -> None:
    world.submit(soil(world, PACKET, story.MANIFEST["enterprise"]))
    world.run()
    for who in (BOSS, AGENT, STRANGER | {"sub": "a-stranger"}):
        ask("/api/people", who)


@pytest.fixture
def world() -> Iterator[World]:
    with played(_play) as world:
        yield world


def asked(world: World, path: str, who: dict[str, str], carries: Any = None) -> tuple[int, Any]:
    with world.inside("portal"):
        answer = ask(path, who, method="GET" if carries is None else "POST", carries=carries)
    world.run()
    return answer["statusCode"], json.loads(answer["body"])


def grant(world: World, rights: str, account: str = "a-agent", by: dict[str, str] = BOSS) -> tuple[int, Any]:
    return asked(world, f"/api/people/{account}/rights", by, {"rights": rights})


def test_who_manages_says_what_others_may_do_and_nobody_else_does(world: World) -> None:
    status, found = grant(world, "prepare")
    assert status == 200
    assert {one["called"]: one["rights"] for one in found["people"]} == {"张总": "all", "代办员": "prepare"}
    assert grant(world, "all", by=AGENT)[1]["code"] == "no-right", "nobody raises the own rights"
    assert grant(world, "read", "a-boss")[1]["code"] == "no-right", "nobody shuts oneself out"
    assert grant(world, "read", "a-stranger")[1]["code"] == "no-such-person"
    foreign = asked(world, "/api/people", STRANGER | {"sub": "a-stranger"})[1]["people"]
    assert [one["account"] for one in foreign] == ["a-stranger"]
    assert people.rights(OWN, "a-agent") is PersonRights.PREPARE
    assert people.rights(OWN, "a-unknown") is PersonRights.ALL


def test_who_prepares_fills_in_and_does_not_speak_for_the_enterprise(world: World) -> None:
    withdraw = {"kind": "withdraw", "reason": "不办了"}
    grant(world, "prepare")
    begun = {"process": "general", "matters": [SOIL]}
    status, draft = asked(world, "/api/drafts", AGENT, begun)
    assert status == 201
    assert asked(world, f"/api/drafts/{draft['packet']}/submission", AGENT, {"version": 1})[1]["code"] == "no-right"
    assert asked(world, f"/api/packets/{PACKET}/acts", AGENT, withdraw)[1]["code"] == "no-right"
    asking = {"kind": "ask", "matter": SOIL, "text": "?"}
    assert asked(world, f"/api/packets/{PACKET}/acts", AGENT, asking)[1]["code"] == "nothing-asked"
    grant(world, "read")
    assert asked(world, f"/api/packets/{PACKET}", AGENT)[0] == 200
    assert asked(world, "/api/drafts", AGENT, begun)[1]["code"] == "no-right"
    assert asked(world, "/api/people/messages", AGENT, {"wants": "none"})[0] == 200
    grant(world, "all")
    assert asked(world, f"/api/packets/{PACKET}/acts", AGENT, withdraw)[0] == 202


SPEAKS = {"accept-letter", "hand-in", "end-mandate", "benefit-decline", "supervision-answer", "grant-rights"}


def test_what_is_the_enterprise_s_own_word_needs_all_rights() -> None:
    """A route that applicants write by is put down here, or may be used by who prepares."""
    api = {route.name for route in ROUTES if route.needs is PersonRights.ALL}
    pages = {page.name for page in PAGES if page.needs is PersonRights.ALL}
    assert api == SPEAKS
    assert pages == SPEAKS - {"accept-letter"} | {"accept"}
    theirs = [thing for thing in (*ROUTES, *PAGES) if thing.needs is not PersonRights.PREPARE]
    assert all(Group.APPLICANT in thing.groups and thing.method != "GET" for thing in theirs)


def _result(world: World) -> list[dict[str, Any]]:
    """The messages about the withdrawal."""
    asked(world, f"/api/packets/{PACKET}/acts", BOSS, {"kind": "withdraw", "reason": "不办了"})
    assert packets.load(PACKET).header
    return [notice for notice in world.notices if notice["kind"] == "withdrawn" and not notice.get("department")]


def test_a_message_names_who_chose_it(world: World) -> None:
    asked(world, "/api/people/messages", AGENT, {"wants": "asks"})
    asked(world, "/api/people/messages", BOSS, {"wants": "all", "language": "en"})
    [notice] = _result(world)
    assert notice["people"] == [{"account": "a-boss", "language": "en"}]


def test_what_nobody_wants_is_told_to_the_enterprise_all_the_same(world: World) -> None:
    asked(world, "/api/people/messages", AGENT, {"wants": "none"})
    asked(world, "/api/people/messages", BOSS, {"wants": "asks"})
    [notice] = _result(world)
    assert notice["people"] == []


def test_nobody_chose_and_messages_are_as_before(world: World) -> None:
    [notice] = _result(world)
    assert notice["people"] == []


def test_the_page_keeps_what_is_chosen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    boss = Caller(
        name="boss", account="a-boss", called="张总", groups=frozenset({Group.APPLICANT}), uscc=OWN, leads=True
    )
    with world.inside("portal"):
        assert "代办员" in page_as(monkeypatch, boss, "/people")["body"]
        for path, form in (
            ("/people/messages", {"wants": "asks", "language": "en"}),
            ("/people/rights", {"account": "a-agent", "rights": "read"}),
        ):
            answer = page_as(monkeypatch, boss, path, form)
            assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "../people?saved=1")
        assert page_as(monkeypatch, boss, "/people/rights", {"account": "a-agent", "rights": "x"})["statusCode"] == 400
    found, rights = people.of(OWN)
    assert rights == {"a-agent": PersonRights.READ}
    assert [(one.called, one.wants.value, one.language) for one in found if one.chosen] == [("张总", "asks", "en")]
