"""Supervision by the handlers: pushed once, answered by queue, late ones looked after, breaches told."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from kaigong import catalog
from kaigong.contract.routes import Group
from kaigong.domain.flow import draw
from kaigong.domain.model.deadline import Reminder
from kaigong.domain.model.features import Kind
from kaigong.domain.model.packet import NoticeKind
from kaigong.domain.model.supervision import Ending, SupervisionState
from kaigong.errors import NewerVersionExists
from kaigong.examine import copy_of, examine
from kaigong.handlers import supervise, validate, watch
from kaigong.portal import access
from kaigong.portal.supervise import actions
from kaigong.settings import settings
from kaigong.store import credit, lists, packets, photos, supervision
from kaigong.store.clients import client
from kaigong.store.items import from_attributes, size
from kaigong.store.keys import supervision_pk

from tests.hours import HALL, standing
from tests.unit.documents import papers

from .asking import OWN, WINDOW, ask, body, day_of_draw, page_as, played, valid
from .conftest import NewWorld
from .story import PACKET, REVOKED, play
from .test_pictures import HEIC
from .world import Context, Faults, World

COMMITTED = "power-connection"  # by commitment, in the story
BROKEN = {"kind": "finding", "outcome": "broken", "text": "未按承诺配电", "basis": "国办发〔2020〕42号"}


@pytest.fixture
def world() -> Iterator[World]:
    """The story at its end: every approved matter was pushed, and one approval taken back."""
    with played() as world:
        yield world


def said(world: World, matter: str, says: dict[str, Any], **changes: Any) -> None:
    """A department's own system answers the task that it has."""
    task = next(task for task in world.supervised if task["matter"] == matter)
    message = {
        "schema": "kaigong/supervision-answer/1",
        "id": f"s-{matter}-{says['kind']}",
        "packet": PACKET,
        "sent_at": "2026-03-09T02:00:00+08:00",
        "record": task["record"],
        "reply_token": task["reply_token"],
        "says": says,
        "officer": "检查员",
    }
    world.send("findings", message | changes)
    world.run()


def state(matter: str) -> tuple[SupervisionState, Ending | None]:
    found = supervision.load(PACKET, matter)
    assert found
    return found.state, found.ending


def test_each_approved_matter_is_one_record_and_one_task_for_its_supervisor(world: World) -> None:
    found, packet = supervision.of(PACKET), packets.load(PACKET)
    assert packet.result
    assert set(found) == {m.matter for m in packet.result.matters}
    assert {t["record"] for t in world.supervised} == {f"{PACKET}.{matter}" for matter in found}
    matters = catalog.load().matters
    assert all(r.department == (matters[m].supervisor or matters[m].department) for m, r in found.items())
    assert found[REVOKED].ending is Ending.APPROVAL_ENDED
    items = [item for item in map(from_attributes, everything()) if item["pk"] == supervision_pk(PACKET)]
    assert len(items) == len(found)
    assert max(map(size, items)) < 1024  # one write unit, and one in each of its two indexes
    open_ = {m for m, r in found.items() if r.open}
    assert open_ == set(found) - {REVOKED}
    listed = {row.matter for department in catalog.load().departments for row in supervision.waiting(department, 50)[0]}
    assert listed == open_


def everything() -> list[dict[str, Any]]:
    return list(client("dynamodb").scan(TableName=settings().table_name)["Items"])


def test_pushed_twice_and_in_any_order_it_is_the_same_record_with_the_same_token(new_world: NewWorld) -> None:
    with new_world(Faults(twice=True)) as world:
        play(world)
        tokens = {(t["record"], t["reply_token"]) for t in world.supervised}
        assert len(tokens) == len(supervision.of(PACKET))


def test_a_department_s_own_system_sees_claims_and_inspects(world: World) -> None:
    for says in ({"kind": "seen"}, {"kind": "claim"}, {"kind": "finding", "outcome": "fulfilled"}):
        said(world, COMMITTED, says)
        said(world, COMMITTED, says)  # and again
    assert state(COMMITTED) == (SupervisionState.CLOSED, Ending.FULFILLED)
    packet = packets.load_shown(PACKET)
    assert [fact.event for fact in packet.supervised.values()] == ["fulfilled"]  # for policies that ask for it
    assert NoticeKind.SUPERVISION not in {notice.kind for notice in packet.notices.values()}


def test_a_broken_commitment_becomes_a_breach_that_closes_privileges_and_is_told_to_the_platform(world: World) -> None:
    said(world, COMMITTED, BROKEN)
    assert state(COMMITTED)[0] is SupervisionState.BROKEN
    assert [n.kind for n in packets.load_shown(PACKET).notices.values()][-1] is NoticeKind.SUPERVISION
    found = supervision.load(PACKET, COMMITTED)
    assert found
    with world.inside("supervise"):
        supervise._pass_time(PACKET, found.due.at)  # nobody contested it
    world.run()
    packet = packets.load_shown(PACKET)
    [breach] = [b for b in packet.breaches.values() if b.kind == "supervision"]
    standing = credit.standing(packet.header.enterprise.uscc if packet.header else "")
    assert breach in standing.breaches
    assert standing.unrepaired
    assert [b["subject"] for b in world.breaches] == [COMMITTED]
    assert [n.kind for n in packet.notices.values()][-1] is NoticeKind.BREACH


@pytest.mark.parametrize(
    ("says", "changes", "reason"),
    [
        ({"kind": "claim"}, {"reply_token": "guessed"}, "unknown-record"),
        ({"kind": "claim"}, {"record": f"{PACKET}.nothing"}, "unknown-record"),
        ({"kind": "claim"}, {"record": "20260306-other.power-connection"}, "unknown-record"),
        ({"kind": "reply", "stands": True, "text": "经复核"}, {}, "not-now"),
        ({"kind": "finding", "outcome": "broken"}, {}, "unreadable"),  # without words and basis
        ({"kind": "plan", "appointment": "2020-01-01T09:00:00+08:00"}, {}, "not-then"),
    ],
)
def test_what_does_not_count_is_refused_in_words_and_changes_nothing(
    world: World, says: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    before = supervision.of(PACKET)
    said(world, COMMITTED, says, **changes)
    assert supervision.of(PACKET) == before
    [refused] = lists.refused(datetime.now(UTC), 1)
    assert refused.reason == reason
    assert not world.waiting["supervise"]


def test_an_older_date_for_an_inspection_that_comes_again_does_not_override_the_newer_one(world: World) -> None:
    days = [f"{SOON + timedelta(days=ahead)}T09:30:00+08:00" for ahead in (3, 5)]
    for number in (0, 1, 0):
        changes = {"id": f"plan-{number}", "sent_at": f"2026-03-09T0{number}:00:00+08:00"}
        said(world, COMMITTED, {"kind": "plan", "appointment": days[number]}, **changes)
    found = supervision.load(PACKET, COMMITTED)
    assert found
    assert found.appointment == datetime.fromisoformat(days[1])
    assert not lists.refused(datetime.now(UTC), 1)


def test_who_approved_does_not_inspect(world: World) -> None:
    said(world, "soil-conservation", {"kind": "finding", "outcome": "fulfilled"}, officer="审查员")
    [refused] = lists.refused(datetime.now(UTC), 1)
    assert refused.reason == "own-approval"


def _clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in (watch, supervise):
        monkeypatch.setattr(module, "datetime", standing(moment))


def test_late_ones_are_reminded_then_the_lead_is_told_and_operations_see_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    _clock(monkeypatch, now)
    for _ in range(12):  # the watch runs every few minutes; here every other day
        with world.inside("watch"):
            watch.handler({}, Context())
        world.run()
        now += timedelta(days=2)
        _clock(monkeypatch, now)
    open_ = [record for record in supervision.of(PACKET).values() if record.open]
    assert open_
    assert all({Reminder.OVER, Reminder.LEAD, Reminder.CITY} <= {*record.pressed} for record in open_)
    told = {(n["kind"], n.get("department")) for n in world.notices if n["kind"].startswith("supervision-")}
    assert {d for kind, d in told if kind == "supervision-due"} == {record.department for record in open_}
    assert {d for kind, d in told if kind == "supervision-escalated"} == {"approvals"}
    assert "supervision" in lists.stuck(now, 60)[PACKET]
    with world.inside("watch"):
        watch.handler({}, Context())
    assert not world.waiting.get("supervise")  # nothing looks at it again


@pytest.mark.usefixtures("world")
def test_somebody_who_was_slower_changes_nothing() -> None:
    found = supervision.load(PACKET, COMMITTED)
    assert found
    changed = found.changed(version=found.version + 1)
    supervision.save(found, changed, found.due.at, None)
    with pytest.raises(NewerVersionExists):
        supervision.save(found, changed, found.due.at, None)


# at the portal

SOON = (datetime.now(HALL) + timedelta(days=30)).date()

INSPECTOR = access.Caller(
    name="inspector",
    called="检查员甲",
    groups=frozenset({Group.SUPERVISOR}),
    department=catalog.load().matters[COMMITTED].supervisor,
)
OTHER = INSPECTOR.changed(department="water")
ENTERPRISE = access.Caller(name="owner", called="李四", groups=frozenset({Group.APPLICANT}), uscc=OWN)
RECORD, THEIRS = f"/supervision/{PACKET}.{COMMITTED}", f"/packets/{PACKET}/supervision"


def page(world: World, patch: pytest.MonkeyPatch, who: access.Caller, path: str, form: Any = None) -> Any:
    with world.inside("portal"):
        answer = page_as(patch, who, path, form)
    world.run()
    return answer


def sent(world: World, patch: pytest.MonkeyPatch, who: access.Caller, path: str, **form: str) -> Any:
    """Send a form of a page as it is now."""
    found = supervision.load(PACKET, COMMITTED)
    assert found
    return page(world, patch, who, path, {"version": str(found.version), **form})


def test_what_is_typed_is_kept_by_its_form_and_forgotten_once_it_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What static/typed.js goes by."""
    assert sent(world, monkeypatch, INSPECTOR, RECORD, kind="claim")["headers"]["Location"].endswith("?sent=claim")
    shown = page(world, monkeypatch, INSPECTOR, RECORD)["body"]
    assert "typed.js" in shown
    assert "supervise/record.js" in shown
    assert {"finding", "plan"} <= set(re.findall('<form method="post" action="[^"]+" data-form="([a-z]+)">', shown))
    wrong = sent(world, monkeypatch, INSPECTOR, RECORD, kind="finding", outcome="rectify", text="裂缝")
    assert wrong["statusCode"] == 422, "nothing was said: it stays"


def test_an_inspector_claims_inspects_and_answers_at_the_page_and_the_enterprise_contests(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = page(world, monkeypatch, INSPECTOR, "/supervision")["body"]
    assert f"{PACKET}.{COMMITTED}" in listed
    shown = page(world, monkeypatch, INSPECTOR, RECORD)["body"]
    assert "认领本事项" in shown
    assert state(COMMITTED)[0] is SupervisionState.SEEN
    for form in (
        {"kind": "claim"},
        {"kind": "plan", "appointment": f"{SOON}T09:30"},
        {"kind": "finding", "outcome": "rectify", "text": "围挡未设", "basis": "JGJ 59", "rectify_by": str(SOON)},
    ):
        assert sent(world, monkeypatch, INSPECTOR, RECORD, **form)["statusCode"] == 303
    assert state(COMMITTED)[0] is SupervisionState.RECTIFYING
    assert "围挡未设" in page(world, monkeypatch, ENTERPRISE, THEIRS)["body"]
    answered = f"{THEIRS}/{COMMITTED}"
    assert sent(world, monkeypatch, ENTERPRISE, answered, kind="rectified", text="已设围挡")["statusCode"] == 303
    assert "已设围挡" in page(world, monkeypatch, INSPECTOR, RECORD)["body"]
    sent(world, monkeypatch, INSPECTOR, RECORD, **{**BROKEN, "kind": "finding"})
    assert sent(world, monkeypatch, ENTERPRISE, answered, kind="contest", text="不实")["statusCode"] == 303
    undecided = sent(world, monkeypatch, INSPECTOR, RECORD, kind="reply", text="理由甲")
    assert undecided["statusCode"] == 422
    assert "理由甲" in undecided["body"]
    assert 'value="no" checked' in sent(world, monkeypatch, INSPECTOR, RECORD, kind="reply", stands="no")["body"]
    sent(world, monkeypatch, INSPECTOR, RECORD, kind="reply", stands="yes", text="经复核属实")
    assert state(COMMITTED) == (SupervisionState.CLOSED, Ending.BROKEN)
    assert [breach["subject"] for breach in world.breaches] == [COMMITTED]
    assert "经复核属实" in page(world, monkeypatch, ENTERPRISE, THEIRS)["body"]
    assert "失信" in page(world, monkeypatch, ENTERPRISE, f"/packets/{PACKET}")["body"]
    own = page(world, monkeypatch, ENTERPRISE, "/packets")["body"]  # what, why, and what repairs it
    assert all(part in own for part in ("未修复的失信记录", "未按承诺配电", "国办发〔2020〕42号", "信用平台申请修复"))


def test_a_form_that_lacks_something_keeps_what_was_typed_and_an_old_page_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(world, monkeypatch, INSPECTOR, RECORD, kind="claim")
    lacking = sent(world, monkeypatch, INSPECTOR, RECORD, kind="finding", outcome="broken", text="问题甲")
    assert lacking["statusCode"] == 422
    assert "问题甲" in lacking["body"]
    assert "依据" in lacking["body"]
    old = page(world, monkeypatch, INSPECTOR, RECORD, {"kind": "finding", "outcome": "fulfilled", "version": "1"})
    assert old["statusCode"] == 409
    assert "刚被他人更新" in old["body"]
    assert state(COMMITTED)[0] is SupervisionState.CLAIMED


def test_another_department_and_another_enterprise_find_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page(world, monkeypatch, OTHER, RECORD)["statusCode"] == 404
    assert sent(world, monkeypatch, OTHER, RECORD, kind="claim")["statusCode"] == 404
    stranger = ENTERPRISE.changed(uscc="91411402MA0KG0003M")
    assert page(world, monkeypatch, stranger, THEIRS)["statusCode"] == 404
    assert state(COMMITTED)[0] is SupervisionState.PUSHED


def test_who_approved_the_matter_cannot_inspect_it_at_the_page_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    approver = INSPECTOR.changed(department="water", called="审查员")
    path = f"/supervision/{PACKET}.soil-conservation"
    found = supervision.load(PACKET, "soil-conservation")
    assert found
    asked = {"kind": "finding", "outcome": "fulfilled", "version": str(found.version)}
    refused = page(world, monkeypatch, approver, path, asked)
    assert refused["statusCode"] == 409
    assert "审管分离" in refused["body"]


def test_the_seed_of_a_draw_is_told_when_its_day_is_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    day = day_of_draw()
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=HALL)
    monkeypatch.setattr(actions, "datetime", standing(noon))
    told = body(f"/api/supervision/draws/{day}")
    assert told["seed"] is None
    monkeypatch.setattr(actions, "datetime", standing(noon + timedelta(days=1)))
    after = body(f"/api/supervision/draws/{day}")
    assert draw.commitment(after["seed"]) == told["sha256"] == after["sha256"]
    found = supervision.of(PACKET)["soil-conservation"]
    terms, grade = catalog.load().supervision, "AAA"
    assert draw.drawn(after["seed"], found.name, found.route, grade, terms, by_rules=False) is found.drawn
    assert world


# photos


PHOTOGRAPHER = {"cognito:groups": "[supervisor]", "custom:department": INSPECTOR.department or ""}


def taken(world: World, name: str, content: bytes, *, announced: bool = True) -> None:
    """A photo goes where its permit says, as a telephone or a plain form puts it."""
    asked = {"name": name, "size": len(content), "media_type": "image/jpeg"}
    with world.inside("portal"):
        answer = ask(f"/api{RECORD}/photos", PHOTOGRAPHER, method="POST", carries=asked)
    assert answer["statusCode"] == 200, answer["body"]
    key = unquote(urlsplit(json.loads(answer["body"])["url"]).path).partition("inspections/")[2]
    if announced:
        world._put(f"inspections/{key}", content)
    else:
        client("s3").put_object(Bucket=settings().bucket_name, Key=f"inspections/{key}", Body=content)


def test_photos_belong_to_the_finding_and_the_enterprise_sees_them_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validate, "examine", examine)
    monkeypatch.setattr(validate, "copy_of", copy_of)
    for name, content in (("1.jpg", papers.picture("JPEG")), ("2.heic", HEIC), ("3.jpg", b"no picture")):
        taken(world, name, content)
    world.run()
    found = photos.of(PACKET, COMMITTED)
    assert sorted(photo.opens for photo in found) == [False, True, True]
    heic = next(photo for photo in found if photo.kind is Kind.HEIC)
    listed = page(world, monkeypatch, INSPECTOR, f"{RECORD}/photos")["body"]
    assert listed.count("<img") == 2
    assert 'data-signed-out="登录已过期，请重新登录后再上传。"' in listed
    assert "打不开，请重拍" in listed
    shown = page(world, monkeypatch, INSPECTOR, f"{RECORD}/photos/{heic.id}")["headers"]["Location"]
    assert f"shown/{PACKET}/inspections/{COMMITTED}/{heic.id}" in shown  # a copy that browsers can draw
    theirs = f"{THEIRS}/{COMMITTED}/photos/{heic.id}"
    assert page(world, monkeypatch, ENTERPRISE, theirs)["statusCode"] == 404  # nothing was found yet
    said(world, COMMITTED, BROKEN)
    assert page(world, monkeypatch, ENTERPRISE, theirs)["statusCode"] == 303
    address = valid(body(f"/api{theirs}", WINDOW), "PhotoAddress")
    assert heic.id in address["address"]
    assert page(world, monkeypatch, ENTERPRISE, THEIRS)["body"].count("<img") == 2
    assert page(world, monkeypatch, OTHER, f"{RECORD}/photos/{heic.id}")["statusCode"] == 404


def test_a_photo_that_no_event_announced_is_examined_all_the_same(world: World) -> None:
    taken(world, "1.jpg", b"good", announced=False)
    world.run()
    assert not photos.of(PACKET, COMMITTED)
    now = datetime.now(UTC) + timedelta(minutes=10)
    with world.inside("watch"):
        assert watch._lost_photos(now) == 1
    world.run()
    assert len(photos.of(PACKET, COMMITTED)) == 1
    with world.inside("watch"):
        assert watch._lost_photos(now) == 0


def test_a_closed_record_takes_no_photo(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    said(world, COMMITTED, {"kind": "finding", "outcome": "fulfilled"})
    answer = page(world, monkeypatch, INSPECTOR, f"{RECORD}/photos")
    assert (answer["statusCode"], "已经办结" in answer["body"]) == (409, True)
