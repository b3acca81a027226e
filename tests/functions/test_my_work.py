"""My work: what is whose and due first; handing over, standing in, questions, notes and calls, by the handlers."""

import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kaigong.contract.routes import Group
from kaigong.portal.access import Caller
from kaigong.portal.desk import actions
from kaigong.store import packets, tallies
from kaigong.views import desk_queue
from kaigong.views.ledger import record

from . import story
from .asking import APPLICANT, HOUSING, STRANGER, WATER, WINDOW, ask, body, page_as, played, soil
from .conftest import NewWorld
from .world import Faults, World

SOIL = "soil-conservation"
ONE, TWO, THREE = (f"20260306-work-{n}" for n in range(3))
LI = WATER | {"cognito:username": "li", "sub": "a-li", "name": "李四"}
WANG = WATER | {"cognito:username": "wang", "sub": "a-wang", "name": "王五"}
LEAD = WATER | {"cognito:groups": "[department lead]", "cognito:username": "zhao", "sub": "a-zhao", "name": "赵六"}
OFFICERS = {"li": LI, "wang": WANG, "lead": LEAD}
SECRET = "该企业上月被投诉"


def _play(world: World) -> None:
    """Three packets under review, and three officers who have opened My work."""
    for packet in (ONE, TWO, THREE):
        world.submit(soil(world, packet, story.MANIFEST["enterprise"]))
    world.run()
    for who in OFFICERS.values():
        with world.inside("desk"):
            ask("/api/desk/work", who)


@pytest.fixture
def world() -> Iterator[World]:
    with played(_play) as world:
        yield world


def asked(world: World, path: str, claims: dict[str, str], carries: Any = None) -> tuple[int, Any]:
    with world.inside("desk"):
        answer = ask(path, claims, method="GET" if carries is None else "POST", carries=carries)
    world.run()
    return answer["statusCode"], json.loads(answer["body"])


def work(world: World, claims: dict[str, str]) -> dict[str, Any]:
    status, found = asked(world, "/api/desk/work", claims)
    assert status == 200
    return found


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["packet"] for row in rows]


def hand(world: World, packet: str, by: dict[str, str], to: str) -> tuple[int, Any]:
    return asked(world, f"/api/desk/reviews/{packet}/{SOIL}/officer", by, {"to": to})


def away(world: World, by: dict[str, str], stand_in: str, days: int = 3, **more: Any) -> tuple[int, Any]:
    today = datetime.now(UTC).astimezone().date()
    said = {"stand_in": stand_in, "since": str(today - timedelta(days=1)), "until": str(today + timedelta(days=days))}
    return asked(world, "/api/desk/absences", by, said | more)


def correct(world: World, packet: str, by: dict[str, str]) -> None:
    reasons = [{"slot": "soil-plan", "text": "缺图"}]
    status, found = asked(
        world,
        f"/api/desk/reviews/{packet}/{SOIL}/decision",
        by,
        {"round": packets.load(packet).reviews[SOIL].round, "outcome": "correct", "reasons": reasons},
    )
    assert status == 202, found


def told(world: World, kind: str) -> list[dict[str, Any]]:
    return [notice for notice in world.notices if notice["kind"] == kind]


def test_what_nobody_has_is_handed_over_and_everybody_sees_whose_it_is(world: World) -> None:
    assert set(names(work(world, LI)["fresh"])) == {ONE, TWO, THREE}
    status, found = hand(world, ONE, LI, "a-wang")
    assert (status, found["officer"]) == (202, "王五")
    mine, seen = work(world, WANG), work(world, LI)
    assert (names(mine["first"]), set(names(mine["fresh"]))) == ([ONE], {TWO, THREE})
    assert names(seen["others"]) == [ONE]
    assert [(one["called"], one["open"]) for one in seen["colleagues"]] == [("李四", 0), ("王五", 1), ("赵六", 0)]
    assert hand(world, ONE, LI, "a-li")[1]["code"] == "not-yours"
    assert hand(world, ONE, LEAD, "a-li")[0] == 202
    assert names(work(world, LI)["first"]) == [ONE]
    assert hand(world, ONE, LI, "a-nobody")[1]["code"] == "no-such-colleague"
    said = record_of(ONE)
    assert sum("转交" in line for line in said) == 2
    assert not any("王五" in line or "李四" in line for line in said)


def test_what_rests_is_not_handed_out_as_the_next_task_though_it_is_ones_own(world: World) -> None:
    for packet in (ONE, TWO, THREE):
        hand(world, packet, LI, "a-wang")
    for packet in (ONE, TWO, THREE):
        said = {"round": 1, "kind": "hearing", "action": "start", "note": "依申请组织听证"}
        assert asked(world, f"/api/desk/reviews/{packet}/{SOIL}/procedure", WANG, said)[0] == 202
    assert {row["packet"] for row in work(world, WANG)["waiting"]} == {ONE, TWO, THREE}
    assert asked(world, "/api/desk/next", WANG, {})[1]["code"] == "no-task"
    said |= {"action": "end", "note": "听证已结束"}
    assert asked(world, f"/api/desk/reviews/{ONE}/{SOIL}/procedure", WANG, said)[0] == 202
    assert asked(world, f"/api/desk/reviews/{ONE}/{SOIL}/lease", WANG, {"action": "give-back"})[0] == 200
    assert asked(world, "/api/desk/next", WANG, {})[1]["packet"] == ONE


def test_all_pages_of_a_department_are_counted_as_far_as_the_bound(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = names(asked(world, "/api/desk/reviews", LI)[1]["rows"])[-1]
    assert hand(world, last, LI, "a-wang")[0] == 202
    monkeypatch.setattr(desk_queue, "PAGE_ROWS", 1)
    found = work(world, WANG)
    assert (names(found["first"]), len(found["fresh"]), found["more"]) == ([last], 2, False)
    assert [one["open"] for one in found["colleagues"] if one["called"] == "王五"] == [1]
    wang = _caller(WANG)
    with world.inside("desk"):
        assert "+</strong>" not in page_as(monkeypatch, wang, "/work")["body"]
    monkeypatch.setattr(actions, "MOST_READ", 2)
    found = work(world, WANG)
    assert (found["first"], len(found["fresh"]), found["more"]) == ([], 2, True)
    with world.inside("desk"):
        page = page_as(monkeypatch, wang, "/work")["body"]
    assert "没有由您承办的事项" not in page
    assert page.count("+</strong>") == 3
    assert "不是全部" in page


def record_of(packet: str) -> list[str]:
    from kaigong import catalog
    from kaigong.portal.follow import actions

    told = record(actions.ledger_of(packets.load_shown(packet)), catalog.load())
    return [line.text.zh for row in told.rows for line in row.lines]


def test_a_task_that_was_handed_over_is_taken_by_whoever_has_it(world: World) -> None:
    for packet in (ONE, TWO, THREE):
        assert hand(world, packet, LI, "a-wang")[0] == 202
    with world.inside("desk"):
        assert ask("/api/desk/next", LI, method="POST")["statusCode"] == 404
        answer = ask("/api/desk/next", WANG, method="POST")
    assert json.loads(answer["body"])["packet"] in (ONE, TWO, THREE)


def test_who_stands_in_has_the_work_and_the_reminders_and_the_ledger_says_so(world: World) -> None:
    assert hand(world, ONE, LI, "a-li")[0] == 202
    assert away(world, WANG, "a-zhao", officer="a-li")[1]["code"] == "not-yours"
    assert away(world, LI, "a-li")[1]["code"] == "no-such-colleague"
    endless = {"since": "9999-12-01", "until": "9999-12-31"}
    assert away(world, LI, "a-wang", **endless)[1]["code"] == "invalid-body"
    status, found = away(world, LI, "a-wang")
    assert (status, found["reviews"], found["stand_in"]) == (200, 1, "王五")
    mine = work(world, WANG)
    assert [(row["packet"], row["officer"]["stands_in_for"]) for row in mine["first"]] == [(ONE, "李四")]
    [seen] = work(world, LI)["others"]
    assert (seen["officer"]["mine"], seen["officer"]["own"]) == (False, True), "who is back takes it back"
    assert hand(world, TWO, LEAD, "a-li")[1]["stands_in"] == "王五", "what comes meanwhile goes there too"
    assert set(names(work(world, WANG)["first"])) == {ONE, TWO}
    review = packets.load(ONE).reviews[SOIL]
    assert review.assigned
    assert review.assigned.has(datetime.now(UTC)).account == "a-wang"
    assert any("代班" in line for line in record_of(ONE))
    assert away(world, LEAD, "a-zhao", officer="a-li", days=-1)[0] == 200, "it ends earlier"
    assert set(names(work(world, LI)["first"])) == {ONE, TWO}


def test_who_hands_something_over_and_is_away_from_then_on_has_it_no_more(world: World) -> None:
    assert hand(world, ONE, LI, "a-li")[0] == 202
    with world.inside("desk"):  # before `advance` has looked
        given = ask(f"/api/desk/reviews/{ONE}/{SOIL}/officer", LI, method="POST", carries={"to": "a-zhao"})
    assert given["statusCode"] == 202
    assert away(world, LI, "a-wang")[1]["reviews"] == 0
    assert names(work(world, LEAD)["first"]) == [ONE]


def test_who_stands_in_hands_over_only_meanwhile_and_is_not_away_as_well(world: World) -> None:
    assert hand(world, ONE, LI, "a-li")[0] == 202
    day = datetime.now(UTC).astimezone().date()
    later = {"since": str(day + timedelta(days=4)), "until": str(day + timedelta(days=6))}
    assert away(world, LI, "a-wang", **later)[1]["reviews"] == 1
    [seen] = work(world, WANG)["others"]
    assert not seen["officer"]["own"]
    assert hand(world, ONE, WANG, "a-wang")[1]["code"] == "not-yours"
    status, told = away(world, WANG, "a-li", days=5)
    assert (status, told["code"]) == (409, "stand-in-away")
    assert "届时无人办理" in told["zh"]
    assert away(world, WANG, "a-li", days=2)[0] == 200
    assert away(world, LI, "a-zhao")[1]["reviews"] == 1
    assert hand(world, ONE, LEAD | {"cognito:groups": "[department]"}, "a-wang")[0] == 202, "standing in now"


def test_a_question_about_a_correction_is_on_the_desk_until_it_is_answered(world: World) -> None:
    correct(world, ONE, LI)
    correct(world, TWO, LI)
    path = f"/api/packets/{ONE}/acts"
    body = {"kind": "ask", "matter": SOIL, "text": "图纸比例是多少？"}
    assert asked(world, path, STRANGER, body)[0] == 404
    assert asked(world, path, APPLICANT, body)[0] == 202
    assert asked(world, path, APPLICANT, body)[0] == 200
    [message] = told(world, "question")
    assert (message["department"], message["officer"]) == ("water", "a-li")
    found = work(world, WANG)
    assert names(found["asked"]) == [ONE]
    _, task = asked(world, f"/api/desk/reviews/{ONE}/{SOIL}", WANG)
    [question] = task["questions"]
    assert question["text"] == body["text"]
    said = {"kind": "answer", "question": question["question"], "text": "一比五百。"}
    assert asked(world, path, HOUSING, said)[0] == 404
    assert asked(world, path, WANG, said)[0] == 202
    assert asked(world, path, LI, said | {"text": "另一答复"})[0] == 200, "the first answer stands"
    assert not work(world, WANG)["asked"]
    _, status = asked(world, f"/api/packets/{ONE}", APPLICANT)
    assert [(one["text"], one["answer"]) for one in status["questions"]] == [("图纸比例是多少？", "一比五百。")]
    assert len(told(world, "answered")) == 1
    assert asked(world, f"/api/packets/{THREE}/acts", APPLICANT, body)[1]["code"] == "nothing-asked"


def test_what_waits_for_the_applicant_is_with_who_has_it(world: World) -> None:
    assert hand(world, ONE, LI, "a-li")[0] == 202
    correct(world, ONE, LI)
    assert names(work(world, LI)["waiting"]) == [ONE]
    assert away(world, LI, "a-wang")[1]["reviews"] == 1
    assert names(work(world, WANG)["waiting"]) == [ONE]


def test_the_own_figures_of_the_month_count_each_decision_once(world: World) -> None:
    correct(world, ONE, LI)
    correct(world, TWO, LI)
    found = work(world, LI)["figures"]
    assert (found["decided"], found["corrected"], found["late"]) == (2, 2, 0)
    assert work(world, WANG)["figures"]["decided"] == 0
    assert tallies.of("a-li", work(world, LI)["month"]).decided == 2


def test_notes_stay_inside_and_calls_go_to_all_who_work_on_it(world: World) -> None:
    path = f"/api/packets/{ONE}/remarks"
    assert asked(world, path, WATER | {"sub": "a-li"}, {"kind": "note", "text": SECRET})[0] == 201
    assert asked(world, path, WATER | {"sub": "a-li"}, {"kind": "note", "text": SECRET})[0] == 201
    call = {"kind": "call", "text": "已告知需补图", "contact": "张工"}
    assert asked(world, path, WINDOW, call)[0] == 201
    assert asked(world, path, WINDOW, call | {"contact": None})[0] == 400
    _, seen = asked(world, path, LI)
    assert [(one["kind"], one["text"]) for one in seen["remarks"]] == [("note", SECRET), ("call", "已告知需补图")]
    assert [one["kind"] for one in asked(world, path, WINDOW)[1]["remarks"]] == ["call"]
    assert asked(world, path, APPLICANT)[0] == 403
    assert asked(world, path, HOUSING)[0] == 404
    read = (f"/api/packets/{ONE}", f"/api/packets/{ONE}/ledger", f"/api/packets/{ONE}/proof")
    answers = [json.dumps(body(each, APPLICANT), ensure_ascii=False) for each in read]
    assert all(SECRET not in answer and "张工" not in answer and "已告知需补图" not in answer for answer in answers)
    assert sum("内部备注" in line for line in record_of(ONE)) == 1
    stored = packets.load_shown(ONE).model_dump_json()
    assert SECRET not in stored, "no rule and no page of the packet reads it"


def _caller(who: dict[str, str], *groups: Group, leads: bool = False) -> Caller:
    return Caller(
        name=who["cognito:username"],
        account=who["sub"],
        called=who["name"],
        groups=frozenset(groups or (Group.DEPARTMENT,)),
        department="water",
        leads=leads,
    )


def test_the_page_hands_over_what_is_ticked_and_says_what_it_cannot(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, lead = _caller(LI), _caller(LEAD, leads=True)
    with world.inside("desk"):
        assert "无人承办" in page_as(monkeypatch, li, "/work")["body"]
        assert page_as(monkeypatch, li, "/work/hand-over", {"to": "a-wang"})["statusCode"] == 422
        form = f"rows={ONE}.{SOIL}&rows={TWO}.{SOIL}&to=a-wang"
        answer = page_as(monkeypatch, lead, "/work/hand-over", form)
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "../work?handed=2")
    world.run()
    with world.inside("desk"):
        answer = page_as(monkeypatch, li, "/work/hand-over", f"rows={ONE}.{SOIL}&rows=20260306-none.x&to=a-li")
    assert answer["statusCode"] == 409
    assert "由其他经办人承办" in answer["body"]
    today = datetime.now(UTC).date()
    said = {"stand_in": "a-li", "since": str(today), "until": str(today + timedelta(days=2))}
    with world.inside("desk"):
        answer = page_as(monkeypatch, _caller(WANG), "/work/absence", said)
        assert answer["statusCode"] == 303
        page = page_as(monkeypatch, _caller(WANG), "/work", query={"away": "1"})["body"]
    assert re.search("由 .*李四.* 代班", page)
    assert page_as(monkeypatch, li, "/work/absence", said | {"until": "x"})["statusCode"] == 422


def test_a_refused_absence_keeps_who_is_away_and_who_stands_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lead, said = _caller(LEAD, leads=True), {"officer": "a-li", "stand_in": "a-wang", "since": "2026-03-06"}
    with world.inside("desk"):
        fresh = page_as(monkeypatch, lead, "/work")["body"]
        refused = page_as(monkeypatch, lead, "/work/absence", said)
    assert refused["statusCode"] == 422
    form = re.compile(r"<details class=\"no-print\"( open)?>.*?</details>", re.DOTALL)
    opened, chosen = form.search(fresh), form.search(refused["body"])
    assert opened
    assert chosen
    assert re.findall(r'value="([^"]+)" selected', opened[0]) == ["a-zhao"]
    assert re.findall(r'value="([^"]+)" selected', chosen[0]) == ["a-li", "a-wang"]
    assert (opened[1], chosen[1]) == (None, " open")


def test_the_desk_s_page_has_opinions_notes_and_questions_beside_the_paper(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    correct(world, ONE, LI)
    asked(world, f"/api/packets/{ONE}/acts", APPLICANT, {"kind": "ask", "matter": SOIL, "text": "何时补齐？"})
    at = f"/desk/{ONE}/{SOIL}"
    with world.inside("desk"):
        assert page_as(monkeypatch, _caller(LI), f"{at}/remark", {"kind": "call", "text": "问"})["statusCode"] == 422
        said = {"kind": "note", "text": SECRET}
        assert page_as(monkeypatch, _caller(LI), f"{at}/remark", said)["statusCode"] == 303
        page = page_as(monkeypatch, _caller(WANG), at)["body"]
        assert SECRET in page
        assert "何时补齐？" in page
        question = packets.load(ONE).questions()[0][0].subject
        form = {"question": question, "text": ""}
        assert page_as(monkeypatch, _caller(WANG), f"{at}/answer", form)["statusCode"] == 422
        form["text"] = "三日内。"
        assert page_as(monkeypatch, _caller(WANG), f"{at}/answer", form)["statusCode"] == 303
        assert "三日内。" in page_as(monkeypatch, _caller(WANG), at)["body"]


def test_my_work_costs_as_many_requests_however_much_there_is(world: World) -> None:
    def requests() -> int:
        begun = len(world.calls)
        with world.inside("desk"):
            ask("/api/desk/work", LI)
        return len(world.calls) - begun

    before = requests()
    assert before <= 6
    for packet in (ONE, TWO, THREE):
        hand(world, packet, LI, "a-li")
    assert requests() == before


def test_doubles_and_disorder_tell_each_once_and_leave_it_in_the_last_hands(new_world: NewWorld) -> None:
    with new_world(Faults(twice=True, shuffle=random.Random(3))) as world:  # noqa: S311 - an order, no secret
        _play(world)
        for to in ("a-wang", "a-zhao"):
            assert hand(world, ONE, LEAD, to)[0] == 202
        correct(world, ONE, WANG)
        body = {"kind": "ask", "matter": SOIL, "text": "盖章吗？"}
        assert asked(world, f"/api/packets/{ONE}/acts", APPLICANT, body)[0] == 202
        question = packets.load(ONE).questions()[0][0].subject
        said = {"kind": "answer", "question": question, "text": "要。"}
        assert asked(world, f"/api/packets/{ONE}/acts", LI, said)[0] == 202
        packet = packets.load(ONE)
        assigned = packet.reviews[SOIL].assigned
        assert assigned
        assert assigned.officer.account == "a-zhao"
        assert len({notice["id"] for notice in told(world, "question")}) == 1
        assert len({notice["id"] for notice in told(world, "answered")}) == 1
        assert work(world, WANG)["figures"]["decided"] == 1
        assert packet.header
        assert len(packet.header.acts) == len(set(packet.header.acts)) == 4
