"""Inspectors by chance: drawn at the push from a department's roster, by a seed that anchors sign before and after."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from kaigong import catalog
from kaigong.contract.routes import Group
from kaigong.domain.model.roster import Bar, Roster, RosterEntry
from kaigong.domain.model.supervision import Ending, SupervisionRecord
from kaigong.errors import Refused
from kaigong.handlers import anchor
from kaigong.portal import access
from kaigong.portal.supervise import actions
from kaigong.settings import settings
from kaigong.store import anchors, rosters, supervision
from kaigong.store.items import from_attributes, size

from infra.command.client import draws
from tests.hours import HALL, ahead

from . import anchoring
from .asking import OWN, WINDOW, body, page_as, valid
from .conftest import NewWorld
from .story import PACKET, play
from .test_supervision import everything, said
from .world import Context, World, once

MATTER = "power-connection"
DEPARTMENT = catalog.load().matters[MATTER].supervisor or ""
NAMES = ("检查员甲", "检查员乙", "检查员丙", "检查员丁")
LEAD = access.Caller(name="lead", called="张科长", groups=frozenset({Group.SUPERVISOR}), department=DEPARTMENT)


def listed(*interests: str) -> Roster:
    """A roster on which the first person stated these interests."""
    entries = (
        RosterEntry(number=f"4114-{n:04}", name=name, interests=() if n else interests) for n, name in enumerate(NAMES)
    )
    return Roster(department=DEPARTMENT, version=1, inspectors=tuple(entries), at=datetime.now(UTC), by="lead")


@pytest.fixture
def world(new_world: NewWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The story with a roster: yesterday's anchor promised today's seed, and tomorrow's will tell it."""
    with new_world() as world:
        anchoring.prepare(monkeypatch)
        listed_now = anchors._listed  # moto puts every anchor now
        monkeypatch.setattr(anchors, "_listed", lambda: [(n, anchors.read(n).anchor.until) for n, _ in listed_now()])
        monkeypatch.setattr(anchors, "COMMITTED", timedelta(0))
        monkeypatch.setattr(anchor, "datetime", ahead(timedelta(days=-1)))
        _drawn(world)
        yield world
    settings.cache_clear()


@once
def _drawn(world: World) -> None:
    anchor.handler({}, Context())
    rosters.put(listed(OWN))
    play(world)


def anchored(patch: pytest.MonkeyPatch, days: int) -> None:
    patch.setattr(anchor, "datetime", ahead(timedelta(days=days)))
    anchor.handler({}, Context())


def record() -> SupervisionRecord:
    found = supervision.load(PACKET, MATTER)
    assert found
    return found


def asked(world: World, patch: pytest.MonkeyPatch, who: access.Caller, path: str, **form: str) -> Any:
    with world.inside("portal"):
        return page_as(patch, who, path, form or None)


class Portal:
    """The API, in the place of the command's."""

    def status(self, packet: str) -> Any:
        return body(f"/api/packets/{packet}", WINDOW)

    def supervision_of(self, packet: str) -> Any:
        return body(f"/api/packets/{packet}/supervision", WINDOW)

    def roster_numbers(self, department: str, version: int) -> Any:
        return valid(body(f"/api/supervision/rosters/{department}/{version}"), "RosterNumbers")


def test_two_of_the_roster_are_drawn_but_nobody_who_stated_an_interest(world: World) -> None:
    found = record()
    assert len(found.inspectors) == 2
    assert found.barred == {"4114-0000": Bar.INTEREST}
    task = next(task for task in world.supervised if task["matter"] == MATTER)
    assert [one["name"] for one in task["inspectors"]] == [one.name for one in found.inspectors]
    items = [item for item in map(from_attributes, everything()) if item["pk"] == f"SUPERVISION#{PACKET}"]
    assert max(map(size, items)) < 1024  # still one write unit


def test_who_was_drawn_withdraws_and_another_one_inspects(world: World) -> None:
    first, second = (one.name for one in record().inspectors)
    said(world, MATTER, {"kind": "finding", "outcome": "fulfilled"}, officer="检查员甲")  # with an interest
    assert record().open
    for _ in range(2):
        said(world, MATTER, {"kind": "recuse"}, officer=first)
    found = record()
    assert len(found.inspectors) == 2
    assert first not in {one.name for one in found.inspectors}
    said(world, MATTER, {"kind": "finding", "outcome": "fulfilled"}, officer=first, id="s-again")
    assert record().open
    said(world, MATTER, {"kind": "finding", "outcome": "fulfilled"}, officer=second, id="s-other")
    assert record().ending is Ending.FULFILLED


def test_the_draw_is_done_again_from_what_was_published_and_signed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(world, MATTER, {"kind": "recuse"}, officer=record().inspectors[0].name)
    told = body(f"/api/supervision/draws/{record().drawn_on(HALL)}")
    assert (told["seed"], told["published"]) == (None, None)
    with pytest.raises(Refused, match="尚未结束"):
        draws.check(told)
    anchored(monkeypatch, 1)
    monkeypatch.setattr(actions, "datetime", ahead(timedelta(days=1)))
    found = body(f"/api/supervision/draws/{record().drawn_on(HALL)}")
    assert found["promised"]["anchor"]["number"] == 1
    assert found["published"]["anchor"]["number"] == 2
    draws.check(found, found["promised"]["public_key"])
    another = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(Refused, match="签名留存"):
        draws.check(found, anchoring.public(another))
    again = draws.drawn_again(Portal(), PACKET, found)  # type: ignore[arg-type] - answers what it asks
    assert {one["record"] for one in again} == {r.name for r in supervision.of(PACKET).values()}
    assert all(one["as_drawn"] for one in again)
    [mine] = [one for one in again if one["record"] == record().name]
    assert (len(mine["inspectors"]), len(mine["barred"])) == (2, 2)


@pytest.mark.parametrize(("when", "what"), [("promised", "sha256"), ("published", "seed")])
@pytest.mark.usefixtures("world")
def test_a_seed_that_was_exchanged_is_found_by_the_anchor(
    monkeypatch: pytest.MonkeyPatch, when: str, what: str
) -> None:
    anchored(monkeypatch, 1)
    monkeypatch.setattr(actions, "datetime", ahead(timedelta(days=1)))
    found = body(f"/api/supervision/draws/{record().drawn_on(HALL)}")
    draws.check(found)
    [entry] = [entry for entry in found[when]["anchor"]["draws"] if entry["day"] == str(record().drawn_on(HALL))]
    entry[what] = "another"
    with pytest.raises(Refused, match="签名留存"):
        draws.check(found)


def test_inspectors_are_shown_to_their_department_by_name_and_to_the_enterprise_by_certificate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, enterprise = record(), access.Caller(name="o", called="李四", groups=frozenset({Group.APPLICANT}), uscc=OWN)
    inside = asked(world, monkeypatch, LEAD, f"/supervision/{PACKET}.{MATTER}")["body"]
    outside = asked(world, monkeypatch, enterprise, f"/packets/{PACKET}/supervision")["body"]
    for one in found.inspectors:
        assert one.name in inside
        assert one.name not in outside
        assert one.number in outside
    gone = found.inspectors[0]
    form = {"kind": "recuse", "number": gone.number, "version": str(record().version)}
    answer = asked(world, monkeypatch, LEAD, f"/supervision/{PACKET}.{MATTER}", **form)
    assert answer["statusCode"] == 303
    assert record().barred[gone.number] is Bar.PREVENTED


def test_a_department_keeps_its_roster_at_the_page_and_every_version_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/supervision/roster"
    assert "检查员丁" in asked(world, monkeypatch, LEAD, path)["body"]
    wrong = asked(world, monkeypatch, LEAD, path, version="1", lines="41 甲")
    assert (wrong["statusCode"], "41 甲" in wrong["body"]) == (422, True)
    assert asked(world, monkeypatch, LEAD, path, version="1", lines="4114-0009，检查员戊")["statusCode"] == 303
    old = asked(world, monkeypatch, LEAD, path, version="1", lines="4114-0007 检查员己")
    assert (old["statusCode"], "检查员己" in old["body"]) == (409, True)
    assert body(f"/api/supervision/rosters/{DEPARTMENT}/2")["numbers"] == ["4114-0009"]
    assert len(body(f"/api/supervision/rosters/{DEPARTMENT}/1")["numbers"]) == len(NAMES)
    assert "检查员" not in str(body(f"/api/supervision/rosters/{DEPARTMENT}/1"))
