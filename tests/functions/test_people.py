"""The people of an enterprise: own rights, own messages; and nobody of another enterprise has a say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from kaigong.contract.routes import ROUTES, Group
from kaigong.domain.model.people import PersonRights
from kaigong.portal.access import Caller
from kaigong.portal.app import PAGES
from kaigong.store import drafts, packets, people

from . import story
from .asking import APPLICANT, OWN, STRANGER, ask, page_as, played, soil
from .world import World

SOIL, POWER, PACKET = "soil-conservation", "power-connection", "20260306-people"
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
    assert pages == SPEAKS - {"accept-letter", "hand-in"}, "the form of these is saved first: a test of its own"
    theirs = [thing for thing in (*ROUTES, *PAGES) if thing.needs is not PersonRights.PREPARE]
    assert all(Group.APPLICANT in thing.groups and thing.method != "GET" for thing in theirs)


def agent(world: World, rights: str) -> Caller:
    """Somebody of the enterprise, with these rights."""
    grant(world, rights)
    found = frozenset({Group.APPLICANT})
    return Caller(name="agent", account="a-agent", called="代办员", person="代办员", groups=found, uscc=OWN)


def drafted(world: World, matter: str, *commitments: str) -> str:
    """An application that lacks nothing but its papers, and its letters where it commits to anything."""
    packet = str(asked(world, "/api/drafts", BOSS, {"process": "general", "matters": [matter]})[1]["packet"])
    said = {"enterprise": {"name": "某公司"}, "project": {"name": "某项目"}, "commitments": commitments}
    with world.inside("portal"):
        form = {"version": 1, "matters": [matter], **said}
        assert ask(f"/api/drafts/{packet}", BOSS, method="PUT", carries=form)["statusCode"] == 200
    return packet


SIGN, HAND_IN, SAVE = "我已阅读并签署", "仍要提交", "保存，以后再办"


@pytest.mark.parametrize(
    ("rights", "fills", "speaks"), [("all", True, True), ("prepare", True, False), ("read", False, False)]
)
def test_a_page_offers_what_the_person_may_do(
    world: World, monkeypatch: pytest.MonkeyPatch, rights: str, *, fills: bool, speaks: bool
) -> None:
    to_sign, packet = drafted(world, POWER, POWER), drafted(world, SOIL)
    who = agent(world, rights)
    with world.inside("portal"):
        letters = page_as(monkeypatch, who, f"/apply/{to_sign}")["body"]
        page = page_as(monkeypatch, who, f"/apply/{packet}")["body"]
        slot = page_as(monkeypatch, who, f"/apply/{packet}/slots/authorisation")["body"]
    assert (SIGN in letters, HAND_IN in page) == (speaks, speaks)
    assert ("没有给您的账号这项权限" in page) == (not speaks)
    assert (SAVE in page, "data-upload" in page, "<fieldset disabled" in page) == (fills, fills, not fills)
    assert ('type="file"' in slot) == fills, "the form there is leave to upload"


def test_what_who_prepares_typed_is_saved_though_the_signature_and_the_hand_in_are_not_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet, who = drafted(world, POWER, POWER), agent(world, "prepare")
    form = {"matters": POWER, "commitments": POWER, "enterprise.name": "某公司"}
    for way, part in (("accept", {}), ("hand-in", {"anyway": "yes"}), ("accept", {"hx-request": "true"})):
        before = drafts.load(packet)
        assert before
        name = f"项目 {before.version}"
        said = form | {"version": str(before.version), "project.name": name, "matter": POWER}
        with world.inside("portal"):
            headers = {"hx-request": "true"} if "hx-request" in part else {}
            answer = page_as(monkeypatch, who, f"/apply/{packet}/{way}", said | part, headers=headers)
        assert answer["statusCode"] == 403
        assert "没有给您的账号这项权限" in answer["body"]
        assert "data-live" in answer["body"], "it is the page itself, or a part of it"
        after = drafts.load(packet)
        assert after
        assert (after.project.name, after.letters, after.handed_in) == (name, (), None)


def test_what_is_typed_by_whose_rights_were_taken_away_meanwhile_is_kept_in_a_form_that_tries_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet, who = drafted(world, SOIL), agent(world, "read")
    with world.inside("portal"):
        kept = page_as(monkeypatch, who, f"/apply/{packet}/save", {"project.name": "长长的名称"})
        part = page_as(monkeypatch, who, f"/apply/{packet}/save", {"x": "1"}, headers={"hx-request": "true"})
    assert (kept["statusCode"], 'name="project.name" value="长长的名称"' in kept["body"]) == (403, True)
    assert (part["statusCode"], 'role="alert"' in part["body"]) == (403, True), "what its script shows"


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
