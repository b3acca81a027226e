"""The window's pages: finding a packet, what waits, and what is done there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from kaigong.contract.routes import Group
from kaigong.domain.model.packet import Status
from kaigong.domain.model.standing import ProjectRecord
from kaigong.portal import access, remarks
from kaigong.store import packets, projects

from tests.hours import when_open

from . import story
from .asking import DRAFT, FOREIGN, OTHER, OWN, PROJECT_CODE, page_as, played, soil
from .world import World

VISITED, DOUBTFUL, LATER = "20260306-visited", "20260306-doubtful", "20260306-later"
DOUBT = "91411402MA0KG0002A"  # its check character does not hold
WINDOW = access.Caller(name="c", called="赵窗口", groups=frozenset({Group.WINDOW}))
OPERATIONS = access.Caller(name="o", called="运维", groups=frozenset({Group.OPERATIONS}))
NAMED = {"name": "年产500吨生物酶制剂项目", "code": PROJECT_CODE}

Look = Callable[..., Any]


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    """The story; a packet whose joint site visit has no date; one with a doubt; one returned: all of one project."""
    with played() as world:
        enterprise = {"name": "商丘样例生物科技有限公司", "uscc": OWN}
        world.submit(soil(world, VISITED, enterprise, project=NAMED))
        world.submit(soil(world, DOUBTFUL, {**enterprise, "uscc": DOUBT}, project=NAMED))
        returned = soil(world, LATER, enterprise, project=NAMED)
        world.upload(LATER, "soil-plan", b"bad")
        world.submit(returned)
        world.run()
        task = next(t for t in world.tasks if t["packet"] == VISITED)
        world.send("decisions", story._visit(task | {"visit": ["start"]}))
        world.run()
        yield world


@pytest.fixture
def look(stage: World, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Opens a page, or sends its form, as somebody who is signed in; the world then moves on."""

    def looked(path: str, form: Any = None, caller: access.Caller = WINDOW, **query: str) -> Any:
        with stage.inside("portal"):
            return page_as(monkeypatch, caller, path, form, query=query or None)

    return looked


def test_the_first_page_lists_what_waits_and_for_what(look: Look) -> None:
    page = look("/window")["body"]
    for packet, wait in ((VISITED, "约定联合踏勘时间"), (DOUBTFUL, "核实身份疑点")):
        assert f'href="./window/packets/{packet}"' in page
        assert wait in page
    assert f"window/packets/{story.PACKET}" not in page
    assert "Waiting for the window" in look("/window", lang="en")["body"]


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        (VISITED, f"window/packets/{VISITED}"),
        (DRAFT, f"window/packets/{DRAFT}"),
        (OWN, f"window/enterprises/{OWN}"),
        (f" {OWN.lower()} ", f"window/enterprises/{OWN}"),
        ("９１４１１４０２ＭＡ０ＫＧ０００２Ｎ", f"window/enterprises/{OWN}"),
        (PROJECT_CODE, f"window/projects/{PROJECT_CODE}"),
    ],
)
def test_one_field_finds_packets_enterprises_and_projects(look: Look, typed: str, where: str) -> None:
    answer = look("/window/search", {"q": typed})
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, f"../{where}")


@pytest.mark.parametrize("typed", ["20260306-nothing", "<script>", "张三"])
def test_what_is_not_there_is_said_and_what_was_typed_stays(look: Look, typed: str) -> None:
    answer = look("/window/search", {"q": typed})
    assert answer["statusCode"] == 200
    assert "没有找到" in answer["body"]
    assert "<script>" not in answer["body"].replace("<script src", "")
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in answer["body"]


def test_an_enterprise_is_shown_with_its_credit_and_all_its_packets(look: Look) -> None:
    page = look(f"/window/enterprises/{OWN}")["body"]
    for packet in (story.PACKET, VISITED, LATER):
        assert f"../../window/packets/{packet}" in page
    assert FOREIGN not in page
    assert "AAA" in page
    assert "没有信用记录" in look(f"/window/enterprises/{OTHER}")["body"]
    assert look("/window/enterprises/91411402")["statusCode"] == 404
    assert look(f"/window/enterprises/{OWN}", after="nonsense")["statusCode"] == 404


def test_a_project_is_shown_with_all_its_packets_and_what_is_on_record_is_changed_there(look: Look) -> None:
    page = look(f"/window/projects/{PROJECT_CODE}")["body"]
    for packet in (VISITED, DOUBTFUL, LATER):
        assert f"../../window/packets/{packet}" in page
    answer = look(f"/window/projects/{PROJECT_CODE}", {"key": "yes", "serviced": "no"})
    assert answer["headers"]["Location"] == f"../../window/projects/{PROJECT_CODE}?saved=1"
    found = projects.standing(PROJECT_CODE, except_packet="")
    assert (found.key_project, found.serviced_site) == (True, False)
    assert "项目登记已保存" in look(f"/window/projects/{PROJECT_CODE}", saved="1")["body"]
    look(f"/window/projects/{PROJECT_CODE}", {"serviced": ""})
    found = projects.standing(PROJECT_CODE, except_packet="")
    assert (found.key_project, found.serviced_site) == (False, None)
    assert look("/window/projects/2603-41")["statusCode"] == 404


def test_the_window_says_there_which_enterprises_are_on_a_project(look: Look) -> None:
    def on_it() -> tuple[str, ...]:
        return projects.standing(PROJECT_CODE, except_packet="").enterprises

    path = f"/window/projects/{PROJECT_CODE}"
    page = look(path)["body"]
    assert f'name="enterprise" value="{OWN}" checked' in page
    assert page.index("不在参与企业之列") < page.index(f"window/packets/{DOUBTFUL}", page.index("不在参与企业之列"))
    look(path, {"enterprise": OWN, "join": "９１４１１４０２MA0KG0003M"})
    assert on_it() == (OWN, OTHER)
    assert "18 位统一社会信用代码" in look(path, {"enterprise": OWN, "join": "9141"})["body"]
    assert on_it() == (OWN, OTHER)
    look(path, {"enterprise": OTHER})
    assert on_it() == (OTHER,)
    look(path, {"serviced": ""})
    assert on_it() == (OWN,), "nobody is on record: who was accepted first"


def act(look: Look, packet: str, **form: str) -> Any:
    return look(f"/window/packets/{packet}/acts", form)


def test_a_doubt_is_settled_on_its_packets_page_with_a_reason(look: Look, stage: World) -> None:
    act(look, DOUBTFUL, kind="override-doubt", subject="project-of-others", reason="同一项目的施工单位")
    stage.run()
    page = look(f"/window/packets/{DOUBTFUL}")["body"]
    assert "统一社会信用代码的校验位不符" in page
    empty = act(look, DOUBTFUL, kind="override-doubt", subject="credit-code-check", reason=" ")
    assert empty["statusCode"] == 422
    assert "请写明核对了哪些原件" in empty["body"]
    assert "请写明核对了哪些原件、哪里与填报不符" in act(look, DOUBTFUL, kind="confirm-doubt", reason="")["body"]
    act(look, DOUBTFUL, kind="confirm-doubt", subject="credit-code-check", reason="执照上是另一个代码")
    stage.run()
    page = look(f"/window/packets/{DOUBTFUL}")["body"]
    assert "已认定属实，由申请人更正后重新提交" in page
    assert "认定属实，通知申请人更正" not in page
    said = act(look, DOUBTFUL, kind="override-doubt", subject="credit-code-check", reason="已核对营业执照原件")
    assert said["headers"]["Location"] == f"../../../window/packets/{DOUBTFUL}"
    assert "系统正在处理" in look(f"/window/packets/{DOUBTFUL}")["body"]
    stage.run()
    page = look(f"/window/packets/{DOUBTFUL}")["body"]
    assert "系统正在处理" not in page
    assert "校验位不符" not in page
    late = act(look, DOUBTFUL, kind="confirm-doubt", subject="project-of-others", reason="执照上的代码<不同>")
    assert late["statusCode"] == 409
    assert "没有登记" in late["body"], "the form went away with the doubt"
    assert "执照上的代码&lt;不同&gt;" in late["body"]


def test_a_remark_that_is_one_too_many_is_not_lost(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remarks, "MOST", 0)
    refused = look(f"/window/packets/{VISITED}/remarks", {"kind": "call", "contact": "李四", "text": "已电话核实"})
    assert refused["statusCode"] == 409
    assert "已电话核实</textarea>" in refused["body"]
    assert 'value="call" selected' in refused["body"]


def test_a_visit_is_appointed_in_the_halls_time_and_what_was_typed_stays_where_it_is_wrong(
    look: Look, stage: World
) -> None:
    wrong = act(look, VISITED, kind="appoint-visit", visit="1", appointment="明天下午", note="东门<集合>")
    assert wrong["statusCode"] == 422
    assert "请填写踏勘的日期和时间" in wrong["body"]
    assert "东门&lt;集合&gt;" in wrong["body"]
    soon = when_open(3).replace(hour=14, minute=30)
    typed = soon.strftime("%Y-%m-%dT%H:%M")
    assert act(look, VISITED, kind="appoint-visit", visit="1", appointment=typed)["statusCode"] == 303
    stage.run()
    assert packets.load(VISITED).visits[1].appointment == soon
    page = look(f"/window/packets/{VISITED}")["body"]
    assert f"{soon.year}年{soon.month}月{soon.day}日14:30" in page
    assert "改约并通知各方" in page
    assert story.FOUND in look(f"/window/packets/{story.PACKET}")["body"]
    past = act(look, VISITED, kind="appoint-visit", visit="1", appointment="2020-01-01T09:00")
    assert past["statusCode"] == 409
    assert "另行约定" in past["body"]
    night = (soon + timedelta(hours=10)).strftime("%Y-%m-%dT%H:%M")
    closed = act(look, VISITED, kind="appoint-visit", visit="1", appointment=night, note="东门集合")
    assert (closed["statusCode"], 'value="东门集合"' in closed["body"]) == (409, True)


def test_a_packet_is_picked_up_and_handed_over_and_the_first_asked_is_named(look: Look, stage: World) -> None:
    page = look(f"/window/packets/{LATER}")["body"]
    assert "帮办人：<strong><bdi>赵窗口</bdi></strong>" in page
    assert '<option value="">我本人：赵窗口</option>' in page
    assert "帮申请人补正" in page
    typed = act(look, LATER, kind="pick-up", officer="王工")
    assert (typed["statusCode"], "取自登录账号" in typed["body"]) == (422, True)
    assert act(look, LATER, kind="pick-up")["statusCode"] == 303
    assert act(look, LATER, kind="first-asked", department="water")["statusCode"] == 303
    stage.run()
    page = look(f"/window/packets/{LATER}")["body"]
    assert "帮办人：赵窗口" in page
    assert "由我接手" not in page
    assert "市水利局，" in page
    assert 'value="first-asked"' not in page
    other = WINDOW.changed(name="c2", called="李工")
    assert "由我接手" in look(f"/window/packets/{LATER}", caller=other)["body"]
    form = {"kind": "pick-up", "hand_over": "yes"}
    assert look(f"/window/packets/{LATER}/acts", form, caller=other)["statusCode"] == 303
    stage.run()
    assert "帮办人：李工" in look(f"/window/packets/{LATER}")["body"]
    assert act(look, LATER, kind="first-asked", department="no-such")["statusCode"] == 422


def test_what_is_ticked_in_a_list_is_helped_by_one_press(look: Look, stage: World) -> None:
    for page in ("/window", f"/window/enterprises/{OWN}"):
        assert f'name="packets" value="{VISITED}"' in look(page)["body"]
        assert 'name="packets"' not in look(page, caller=OPERATIONS)["body"]
    answer = look("/window/help", f"packets={VISITED}&packets={story.PACKET}&packets=20260306-nothing")
    assert answer["statusCode"] == 200
    assert answer["body"].count("由您帮办") == 2
    assert "没有这个编号的申请" in answer["body"]
    assert f'href="../window/packets/{VISITED}"' in answer["body"]
    assert "20260306-nothing</a>" not in answer["body"], "there is nothing to lead to"
    stage.run()
    assert "帮办人：赵窗口" in look(f"/window/packets/{VISITED}")["body"]
    assert look("/window/help", "packets=")["statusCode"] == 400
    assert look("/window/help", {"packets": VISITED}, caller=OPERATIONS)["statusCode"] == 403


def test_an_application_of_which_nothing_came_yet_is_led_to_where_it_is(look: Look) -> None:
    form = "process=industrial&matters=soil-conservation"
    begun = look(f"/window/enterprises/{OWN}/apply", form)["headers"]["Location"].rpartition("/")[2]
    assert f'href="../apply/{begun}"' in look("/window/help", {"packets": begun})["body"]


@pytest.mark.parametrize("kind", ["", "nonsense"])
def test_a_form_that_the_page_does_not_have_does_nothing(look: Look, kind: str) -> None:
    answer = act(look, LATER, kind=kind, reason="x")
    assert answer["statusCode"] == 400
    assert "没有执行" in answer["body"]


def test_an_approval_from_elsewhere_is_recorded_on_the_project_s_page(look: Look) -> None:
    page, said = f"/window/projects/{PROJECT_CODE}", {"matter": "planning-permit", "number": "建字第 1 号"}
    lacks = look(page, said | {"key": "yes", "serviced": "no"})  # its day
    assert (lacks["statusCode"], 'value="建字第 1 号"' in lacks["body"]) == (422, True)
    assert 'value="no" checked' in lacks["body"]
    assert f'value="{OWN}" checked' not in lacks["body"], "it was not ticked"
    wrong = look(page, said | {"on": "2025-05-01", "join": "9141", "enterprise": OWN})
    assert all(f'value="{typed}"' in wrong["body"] for typed in ("9141", "建字第 1 号", "2025-05-01"))
    assert 'value="planning-permit" selected' in wrong["body"]
    assert f'value="{OWN}" checked' in wrong["body"]
    assert look(page, said | {"on": "2025-05-01"})["statusCode"] == 303
    assert "建字第 1 号" in look(page)["body"]
    assert look(page, {"stays": "planning-permit 建字第 1 号"})["statusCode"] == 303
    assert "建字第 1 号" in look(page)["body"]
    assert look(page, {"key": "yes"})["statusCode"] == 303
    assert "建字第 1 号" not in look(page)["body"]


def test_an_approval_of_a_day_that_is_taken_no_more_keeps_nobody_from_recording_the_rest(look: Look) -> None:
    page, old = f"/window/projects/{PROJECT_CODE}", {"matter": "planning-permit", "number": "1", "on": "0001-01-01"}
    record = {"code": PROJECT_CODE, "approvals": [old], "by": "window", "at": datetime.now(UTC)}
    projects.put(ProjectRecord.model_validate(record, strict=False))
    assert look(page, {"stays": "planning-permit 1", "key": "yes"})["statusCode"] == 303
    kept = projects.record(PROJECT_CODE)
    assert kept
    assert (kept.key_project, [approval.number for approval in kept.approvals]) == (True, ["1"])


def test_the_window_withdraws_nothing_that_is_applied_for_once(look: Look) -> None:
    assert act(look, LATER, kind="withdraw", reason="x")["statusCode"] == 403


def test_operations_sees_what_the_window_sees_and_has_no_forms(look: Look) -> None:
    page = look(f"/window/packets/{VISITED}", caller=OPERATIONS)
    assert page["statusCode"] == 200
    assert 'name="kind"' not in page["body"]
    refused = look(f"/window/packets/{VISITED}/acts", {"kind": "pick-up"}, caller=OPERATIONS)
    assert refused["statusCode"] == 403


def test_a_draft_and_a_finished_packet_have_a_page_too(look: Look) -> None:
    assert DRAFT in look(f"/window/packets/{DRAFT}")["body"]
    assert "打印受理单" in look(f"/window/packets/{story.PACKET}")["body"]
    assert look(f"/window/packets/{quote('20260306-nothing')}")["statusCode"] == 404


def test_an_enterprises_drafts_are_listed_for_the_window_and_found_by_their_number(look: Look) -> None:
    began = look(f"/window/enterprises/{OTHER}/apply", {"process": "general", "matters": "soil-conservation"})
    packet = began["headers"]["Location"].rpartition("/")[2]
    page = look(f"/window/enterprises/{OTHER}")["body"]
    assert f'href="../../apply/{packet}"' in page
    assert "窗口代填" in page
    assert "代企业发起申请" in page
    assert packet not in look(f"/window/enterprises/{OWN}")["body"]
    found = look("/window/search", {"q": packet})
    assert found["headers"]["Location"] == f"../apply/{packet}"


def test_operations_neither_sees_nor_finds_drafts(look: Look) -> None:
    began = look(f"/window/enterprises/{OTHER}/apply", {"process": "general", "matters": "soil-conservation"})
    packet = began["headers"]["Location"].rpartition("/")[2]
    page = look(f"/window/enterprises/{OTHER}", caller=OPERATIONS)["body"]
    assert packet not in page
    assert "发起申请" not in page
    assert "没有找到" in look("/window/search", {"q": packet}, caller=OPERATIONS)["body"]
    assert look(f"/apply/{packet}", caller=OPERATIONS)["statusCode"] == 403


def test_a_packet_that_is_to_be_completed_leads_to_its_form(look: Look) -> None:
    assert f'href="../../apply/{LATER}"' in look(f"/window/packets/{LATER}")["body"]
    for packet, caller in ((LATER, OPERATIONS), (VISITED, WINDOW), (DRAFT, WINDOW)):
        assert f"apply/{packet}" not in look(f"/window/packets/{packet}", caller=caller)["body"]


def test_of_two_packets_that_apply_for_the_same_the_window_withdraws_one(look: Look, stage: World) -> None:
    twice = "20260306-twice"
    stage.submit(soil(stage, twice, {"name": "商丘样例生物科技有限公司", "uscc": OWN}, project=NAMED))
    stage.run()
    page = look(f"/window/packets/{twice}")["body"]
    assert VISITED in page[page.index("<h3>", page.index("窗口待办")) : page.index("撤回本份")]  # which other one
    assert act(look, twice, kind="withdraw", reason="")["statusCode"] == 422
    assert act(look, twice, kind="withdraw", reason="与申请人核实：误报两次")["statusCode"] == 303
    stage.run()
    ended, other = packets.load(twice).header, packets.load(VISITED).header
    assert ended
    assert other
    assert (ended.status, other.status) == (Status.WITHDRAWN, Status.IN_REVIEW)
