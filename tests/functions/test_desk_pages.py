"""The workbench's pages: what they show, what they refuse, and that no word is lost."""

import html
import itertools
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from kaigong.catalog.reasons import usual_reasons
from kaigong.contract.routes import Group
from kaigong.domain.model.packet import Packet, Review
from kaigong.portal import access
from kaigong.portal.desk import actions as desk
from kaigong.portal.desk import pages
from kaigong.store import desk as store
from kaigong.store import intermediaries, packets
from kaigong.store.clients import client
from kaigong.views import desk_review

from tests.hours import ahead, standing

from . import story
from .asking import FOREIGN, page_as, played, soil
from .world import World

SOIL = "soil-conservation"
LI = access.Caller(
    name="li", account="id-of-li", called="李四", groups=frozenset({Group.DEPARTMENT}), department="water"
)
WANG = LI.changed(name="wang", account="id-of-wang", called="王五")
HOUSING = LI.changed(name="zhao", called="赵六", department="housing")
POWER = LI.changed(name="qian", called="钱七", department="power")
OTHERS = [
    access.NOBODY.changed(name=group.value, groups=frozenset({group}), uscc="91411402MA0KG0002N")
    for group in Group
    if group is not Group.DEPARTMENT
]
_numbers = itertools.count(1)

Look = Callable[..., Any]


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with played() as world:
        yield world


@pytest.fixture
def look(stage: World, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Opens a page, or sends its form, as somebody who is signed in."""
    monkeypatch.setattr(store, "LONG_POLL", 0)

    def looked(path: str, form: Any = None, caller: access.Caller = LI, partial: bool = False, **query: str) -> Any:
        headers = {"hx-request": "true"} if partial else {}
        with stage.inside("desk"):
            return page_as(monkeypatch, caller, path, form, query=query or None, headers=headers)

    return looked


@pytest.fixture
def packet(stage: World) -> str:
    """A packet that the water department has to review."""
    name = f"20260306-pages-{next(_numbers)}"
    stage.submit(soil(stage, name, story.MANIFEST["enterprise"]))
    stage.run()
    assert packets.load(name).reviews[SOIL].pending
    return name


def correction(text: str = "缺少附图", basis: str = "GB 50433-2018") -> list[tuple[str, str]]:
    """The form of a correction with one row filled in, as a browser sends it."""
    rows = [("application-form", "", ""), ("soil-plan", text, basis), ("", "", "")]
    fields = [(name, value) for row in rows for name, value in zip(("slot", "text", "basis"), row, strict=True)]
    return [("round", "1"), ("outcome", "correct"), *fields]


def test_the_queue_lists_what_waits_and_who_has_it(look: Look, packet: str) -> None:
    page = look("/desk")["body"]
    assert f'href="./desk/{packet}/{SOIL}"' in page
    assert "绿色通道" in page
    look(f"/desk/{packet}/{SOIL}/take", {})
    row = next(r for r in look("/desk", caller=WANG)["body"].split("<tr") if packet in r)
    assert "李四" in row
    assert "Matters to review" in look("/desk", lang="en")["body"]


def test_the_queue_is_filtered_by_kind_of_project_by_what_is_due_and_by_whose_it_is(
    look: Look, packet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(**query: str) -> bool:
        return f"/desk/{packet}/{SOIL}" in look("/desk", **query)["body"]

    process = packets.load(packet).header.process if packets.load(packet).header else ""
    assert listed(process=process)
    assert not listed(process="joint-acceptance")
    due = packets.load(packet).reviews[SOIL].due.at
    for now, is_today in ((due - timedelta(days=2), False), (due - timedelta(hours=1), True)):
        with monkeypatch.context() as patched:
            patched.setattr(desk, "datetime", standing(now))
            assert listed(due="today") is is_today
    assert listed(whose="nobody")
    assert not listed(whose="mine")
    look(f"/desk/{packet}/{SOIL}/take", {})
    assert listed(whose="mine")
    assert not listed(whose="nobody")
    assert "没有符合所选条件的事项" in look("/desk", process="nothing")["body"]


def test_a_page_of_the_queue_lists_twenty_and_says_where_the_others_are(
    look: Look, packet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_ROWS", 1)
    look(f"/desk/{packet}/{SOIL}/take", {})
    one = look("/desk")["body"]
    assert one.count("data-row") == 1
    if "page=2" in one:  # beside what other tests have the department review
        assert look("/desk", page="2")["body"].count("data-row") == 1


def test_a_usual_reason_begins_a_form_also_without_scripts(look: Look, packet: str) -> None:
    look(f"/desk/{packet}/{SOIL}/take", {})
    here = f"/desk/{packet}/{SOIL}"
    for reason in usual_reasons():
        assert f"reason={reason.code}" in look(here)["body"]
        page = look(here, reason=reason.code)["body"]
        panel = page[page.index(f'id="panel-{reason.outcome}" open') :]
        assert f">{reason.text.zh}</textarea>" in panel
        assert f'value="{reason.basis}"' in panel


def test_a_review_opens_the_paper_in_which_something_was_noticed(look: Look) -> None:
    page = look(f"/desk/{FOREIGN}/{SOIL}")["body"]
    chosen = page[page.index('<li class="chosen">') :]
    assert ">有提示</span>" in chosen[: chosen.index("</li>")]


def test_a_review_opens_the_paper_of_its_own_matter(look: Look, packet: str) -> None:
    page = look(f"/desk/{packet}/{SOIL}")["body"]
    assert re.search(r'<iframe src="[^"]+/soil-plan/', page)  # not the form, which every matter asks for


def test_a_review_shows_its_papers_and_never_its_reply_token(look: Look, packet: str) -> None:
    page = look(f"/desk/{packet}/{SOIL}")["body"]
    assert packets.load(packet).reviews[SOIL].reply_token not in page
    assert re.search(r'<iframe src="https://[^"]+versionId=[^"]+response-content-type=application%2Fpdf', page)
    chosen = look(f"/desk/{packet}/{SOIL}", paper="soil-plan")["body"]
    assert re.search(r'<iframe src="[^"]+/soil-plan/', chosen)
    assert "soil-plan" in look(f"/desk/{packet}/{SOIL}/papers/soil-plan")["headers"]["Location"]


def told(page: str, section: str) -> str:
    """The words of one section of a page."""
    found = re.search(rf'aria-labelledby="{section}".*?</section>', page, re.DOTALL)
    return re.sub("<[^>]+>", "", found.group()) if found else ""


def test_what_is_late_is_marked_in_the_queue_and_on_its_page(
    look: Look, packet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(r for r in look("/desk")["body"].split("<tr") if packet in r)
    assert "已逾期" not in row
    monkeypatch.setattr(desk, "datetime", ahead(timedelta(days=60)))
    row = next(r for r in look("/desk")["body"].split("<tr") if packet in r)
    assert 'class="late"' in row
    assert "已逾期" in row
    assert "已逾期" in told(look(f"/desk/{packet}/{SOIL}")["body"], "limit")


def test_a_review_shows_the_sum_behind_its_date_and_what_rules_found_in_the_papers(look: Look) -> None:
    page = look(f"/desk/{FOREIGN}/{SOIL}")["body"]
    assert "起算" in told(page, "limit")
    papers = page[page.index('class="paper-list"') : page.index('id="viewer"')]
    assert ">有提示</span>" in papers  # its papers name another enterprise
    assert re.search(r'class="reasons"><li>[^<]+', papers)


def test_a_review_shows_the_gaps_of_its_matter(look: Look, stage: World) -> None:
    name, promise = f"20260306-pages-{next(_numbers)}", "design-qualification"
    stage.upload(name, "drawings", b"good")
    stage.upload(name, "fire-design", b"good")
    fire = {"matters": ["fire-design-review"], "promises": [promise]}
    stage.submit(soil(stage, name, story.MANIFEST["enterprise"], **fire))
    stage.run()
    before = look(f"/desk/{name}/fire-design-review", caller=HOUSING)["body"]
    assert "待补" in told(before, "gaps")
    assert ">承诺后补</span>" in before
    stage.upload(name, promise, b"good")
    stage.run()
    assert "已补齐" in told(look(f"/desk/{name}/fire-design-review", caller=HOUSING)["body"], "gaps")


def test_a_review_shows_the_decisions_of_earlier_rounds_with_their_reasons(look: Look) -> None:
    words = told(look(f"/desk/{story.PACKET}/{SOIL}")["body"], "earlier")
    for said in ("要求补正", "审查员", "请补充", "GB 50433-2018"):
        assert said in words
    visited = told(look(f"/desk/{story.PACKET}/{SOIL}")["body"], "procedures")
    assert "联合踏勘" in visited
    assert story.FOUND in visited


def test_who_drew_a_paper_up_stands_at_it_with_its_record(look: Look) -> None:
    found = next(m for m in desk.task(LI, *loaded(SOIL)).materials if m.slot == "soil-plan")
    assert (found.author.name, found.author.uscc) == ("商丘样例工程咨询有限公司", story.CONSULTANT)
    assert found.record == intermediaries.of([story.CONSULTANT])[story.CONSULTANT]
    assert found.record.corrected == 1
    page = html.unescape(look(f"/desk/{story.PACKET}/{SOIL}")["body"])
    assert "编制机构：<bdi>商丘样例工程咨询有限公司</bdi>" in page
    assert f"已接收材料 {found.record.papers} 份，退回 0 份，要求补正 1 份，承诺逾期 0 份" in page


def test_the_letter_that_was_accepted_for_the_matter_can_be_read_beside_the_form(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/desk/{story.PACKET}/power-connection"
    page = look(path, caller=POWER)["body"]
    words = told(page, "commitment")
    letter = desk.task(POWER, *loaded("power-connection")).commitment.letter
    assert letter is not None
    assert letter.sha256 == packets.load(story.PACKET).commitments["power-connection"].sha256
    for said in (letter.title.zh, "随申报清单签署", *(point.zh for s in letter.sections for point in s.points)):
        assert said in html.unescape(words)
    assert letter.title.en in html.unescape(told(look(path, caller=POWER, lang="en")["body"], "commitment"))
    monkeypatch.setattr(desk_review, "in_force", lambda *_: letter.changed(sha256="0" * 64))
    changed = told(look(path, caller=POWER)["body"], "commitment")
    assert "此后已更新" in changed
    assert letter.title.zh not in changed


def test_a_matter_without_a_commitment_shows_no_letter(look: Look, packet: str) -> None:
    assert told(look(f"/desk/{packet}/{SOIL}")["body"], "commitment") == ""
    assert look(f"/desk/{story.PACKET}/power-connection", caller=HOUSING)["statusCode"] == 404


def loaded(matter: str) -> tuple[Packet, Review]:
    packet = packets.load(story.PACKET)
    return packet, packet.reviews[matter]


def test_a_correction_goes_out_with_the_rows_that_were_filled_in(look: Look, stage: World, packet: str) -> None:
    answer = look(f"/desk/{packet}/{SOIL}/decide", correction())
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, f"../../../desk/{packet}/{SOIL}?sent=correct")
    stage.run()
    [reason] = packets.load(packet).reviews[SOIL].reasons
    assert (reason.slot, reason.text, reason.basis) == ("soil-plan", "缺少附图", "GB 50433-2018")
    assert "您的决定已于" in look(f"/desk/{packet}/{SOIL}")["body"]


def test_a_weighty_matter_is_proposed_sent_back_and_signed_by_another_officer(look: Look, stage: World) -> None:
    name, matter = f"20260306-pages-{next(_numbers)}", "environment-impact"
    for slot in ("environment-report", "environment-review-opinion"):
        stage.upload(name, slot, b"good")
    stage.submit(soil(stage, name, story.MANIFEST["enterprise"], matters=[matter], process="general"))
    stage.run()
    path, first = f"/desk/{name}/{matter}", LI.changed(department="ecology")
    second = WANG.changed(department="ecology")
    assert "须由两人办理" in look(path, caller=first)["body"]
    approve = {"round": "1", "outcome": "approve", "conditions": "按报告表落实"}
    assert look(f"{path}/decide", approve, caller=first)["statusCode"] == 303
    own = look(path, caller=first)["body"]
    assert "不能由本人签批" in own
    assert 'data-form="sign"' not in own
    assert "待签批" in look("/desk", caller=second)["body"]
    page = look(path, caller=second)["body"]
    assert "按报告表落实" in told(page, "signature")
    assert 'data-form="approve"' not in page
    (seen,) = set(re.findall('name="proposal" value="([0-9a-f]+)"', page))
    form = {"round": "1", "proposal": seen, "action": "send-back", "reason": ""}
    empty = look(f"{path}/sign", form, caller=second)
    assert (empty["statusCode"], 'id="panel-send-back" open' in empty["body"]) == (422, True)
    assert look(f"{path}/sign", form | {"reason": "请写明防渗要求"}, caller=second)["statusCode"] == 303
    assert "请写明防渗要求" in told(look(path, caller=first)["body"], "signature")
    look(f"{path}/decide", approve, caller=first)
    (seen,) = set(re.findall('name="proposal" value="([0-9a-f]+)"', look(path, caller=second)["body"]))
    assert look(f"{path}/sign", form | {"proposal": seen, "action": "sign"}, caller=second)["statusCode"] == 303
    stage.run()
    done = look(path, caller=second)["body"]
    assert "<bdi>李四</bdi> · 签批：<bdi>王五</bdi>" in done
    assert look(f"{path}/sign", form | {"action": "party"}, caller=second)["statusCode"] == 404


def test_with_the_queue_down_the_page_says_so_and_keeps_every_word(
    look: Look, packet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="https://sqs")

    with monkeypatch.context() as patch:
        patch.setattr(client("sqs"), "send_message_batch", down)
        answer = look(f"/desk/{packet}/{SOIL}/decide", correction("这句话要留下", "GB <1>"))
    assert answer["statusCode"] == 503
    assert "这句话要留下</textarea>" in answer["body"]
    assert 'value="GB &lt;1&gt;"' in answer["body"]
    assert "没有送出任何内容" in answer["body"]
    assert look(f"/desk/{packet}/{SOIL}/decide", correction("这句话要留下"))["statusCode"] == 303


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("decide", correction(text="")),
        ("decide", [("round", "x"), ("outcome", "approve")]),
        ("decide", [("round", "1"), ("outcome", "reject"), ("slot", ""), ("text", "不符")]),  # a field is missing
        ("decide", [("round", "1"), ("outcome", "approve"), ("conditions", "x" * 1001)]),
        ("procedure", {"round": "1", "kind": "hearing", "action": "start", "note": "  "}),
        ("procedure", {"round": "1", "kind": "hearing", "action": "start", "note": "x", "appointment": "morgen"}),
    ],
)
def test_a_form_that_cannot_be_sent_comes_back_open_with_what_is_wrong(
    look: Look, stage: World, packet: str, path: str, form: Any
) -> None:
    sent = stage.queues_used["decisions"]
    answer = look(f"/desk/{packet}/{SOIL}/{path}", form)
    assert answer["statusCode"] == 422
    assert re.search(r'<details name="answer" id="panel-[a-z]+" open>', answer["body"])
    assert 'role="alert"' in answer["body"]
    assert stage.queues_used["decisions"] == sent


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("decide", {"round": "1", "outcome": "perhaps"}),
        ("procedure", {"round": "1", "kind": "party", "action": "start", "note": "x"}),
        ("procedure", {"round": "1", "kind": "hearing", "action": "pause", "note": "x"}),
    ],
)
def test_a_form_that_no_page_of_ours_has_is_not_there(look: Look, packet: str, path: str, form: Any) -> None:
    assert look(f"/desk/{packet}/{SOIL}/{path}", form)["statusCode"] == 404


def test_a_sign_of_life_is_answered_with_the_line_that_says_so(look: Look, packet: str) -> None:
    look(f"/desk/{packet}/{SOIL}/take", {})
    assert look(f"/desk/{packet}/{SOIL}/extend", {})["statusCode"] == 303
    answer = look(f"/desk/{packet}/{SOIL}/extend", {}, caller=WANG)
    assert answer["statusCode"] == 409
    assert "李四正在审查" in answer["body"]
    assert look(f"/desk/{packet}/{SOIL}/give-back", {}, caller=WANG)["statusCode"] == 303  # not a colleague's to give
    assert "您正在审查" in look(f"/desk/{packet}/{SOIL}")["body"]


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_nobody_but_the_departments_officers_gets_anything_of_a_review(look: Look, packet: str, page: Any) -> None:
    path = page.path.replace("{packet}", packet).replace("{matter}", SOIL).replace("{slot}", "soil-plan")
    form = {"round": "1", "outcome": "approve"} if page.method == "POST" else None
    for caller in OTHERS:
        assert look(path, form, caller)["statusCode"] == 403
    answer = look(path, form, HOUSING)
    if page.of_packet:
        nothing = look(path.replace(packet, "20260306-nothing"), form, HOUSING)
        assert answer["statusCode"] == 404
        assert (answer["statusCode"], answer["body"]) == (nothing["statusCode"], nothing["body"])
    else:
        assert packet not in answer["body"]
    assert packets.load(packet).reviews[SOIL].pending


def test_the_form_that_was_filled_in_is_a_table_with_what_is_odd(stage: World, look: Look) -> None:
    name = f"20260306-pages-{next(_numbers)}"
    filled = {"site-area": 30000.5, "excavation": "100", "spoil": "200", "contact-person": "王工"}
    stage.submit(soil(stage, name, story.MANIFEST["enterprise"], form=filled))
    stage.run()
    shown = html.unescape(look(f"/desk/{name}/{SOIL}")["body"])
    table = shown[shown.index('class="form-data"') : shown.index("</table>")]
    assert re.findall(r"<td>(?:<[^>]*>)?([^<]+)", table) == ["30000.5", "100", "200", "王工"]
    assert "“弃方（建筑垃圾）量（立方米）”大于“挖方量（立方米）”" in table


def test_of_a_document_that_no_browser_shows_the_page_gives_an_extract_and_the_file(stage: World, look: Look) -> None:
    name = f"20260306-pages-{next(_numbers)}"
    manifest = soil(stage, name, story.MANIFEST["enterprise"])
    stage.upload(name, "soil-plan", b"ofd")
    stage.submit(manifest)
    stage.run()
    page = look(f"/desk/{name}/{SOIL}", paper="soil-plan")["body"]
    viewer = page[page.index('id="viewer"') :]
    for shown in ("这是 OFD 版式文件", "下载 OFD 原件", "样例规划设计院", "未能验证", "水土保持方案"):
        assert shown in viewer
    assert "<iframe" not in viewer
    address = look(f"/desk/{name}/{SOIL}/papers/soil-plan")["headers"]["Location"]
    assert "response-content-disposition=attachment" in address
    assert "application%2Fofd" in address


def test_pages_that_were_drawn_of_it_stand_beside_the_extract(stage: World, look: Look) -> None:
    name = f"20260306-pages-{next(_numbers)}"
    manifest = soil(stage, name, story.MANIFEST["enterprise"])
    stage.upload(name, "soil-plan", b"ofd to be drawn")
    stage.submit(manifest)
    stage.run()
    page = html.unescape(look(f"/desk/{name}/{SOIL}", paper="soil-plan")["body"])
    viewer = page[page.index('id="viewer"') :]
    for shown in ("页面和摘要都不是原件", "下载 OFD 原件", "样例规划设计院", "未能验证", "水土保持方案"):
        assert shown in viewer
    (drawn,) = re.findall(r'<iframe src="([^"]+)', viewer)
    assert f"/shown/{name}/soil-plan/" in drawn
    (original,) = re.findall(r'href="([^"]+)">下载 OFD 原件', viewer)
    assert f"/packets/{name}/soil-plan/" in original
    assert "response-content-disposition=attachment" in original


def test_the_page_says_of_a_signed_pdf_who_signed_when_and_what_it_is_worth(stage: World, look: Look) -> None:
    name = f"20260306-pages-{next(_numbers)}"
    manifest = soil(stage, name, story.MANIFEST["enterprise"])
    stage.upload(name, "soil-plan", b"signed")
    stage.submit(manifest)
    stage.run()
    page = look(f"/desk/{name}/{SOIL}", paper="soil-plan")["body"]
    viewer = page[page.index('id="viewer"') :]
    for shown in ("样例测绘院", "签署人未经核实", "签署时间 2026年3月5日16:00"):
        assert shown in viewer
    assert "签署人的证书不在信任名单内" in page  # and the warning says what to do


def test_after_a_correction_the_page_shows_what_changed_and_opens_old_and_new(
    look: Look, stage: World, packet: str
) -> None:
    page = f"/desk/{packet}/{SOIL}"
    assert 'id="changes"' not in look(page)["body"]
    look(f"{page}/decide", correction())
    stage.run()
    [old] = packets.load(packet).papers.by_slot["soil-plan"]
    stage.upload(packet, "soil-plan", b"good corrected")
    newest = packets.load(packet).newest_submission()
    assert newest
    stage.submit(newest.manifest.model_dump(mode="json", by_alias=True))
    stage.run()
    assert not packets.load(packet).replaced  # no rule reads it
    body = look(page)["body"]
    section = body[body.index('id="changes"') : body.index('class="bench"')]
    assert "papers/soil-plan?before=2" in section
    assert "未变化" in section
    assert "企业和项目信息" in section
    new = look(f"{page}/papers/soil-plan")["headers"]["Location"]
    before = look(f"{page}/papers/soil-plan", before="2")["headers"]["Location"]
    assert (old.version in before, old.version in new) == (True, False)
    for wrong in ("1", "x", "99999"):
        assert look(f"{page}/papers/soil-plan", before=wrong)["statusCode"] == 404


def test_a_decision_is_taken_back_on_its_page_with_a_reason_and_without_a_script(
    look: Look, stage: World, packet: str
) -> None:
    page = f"/desk/{packet}/{SOIL}"
    assert "收回决定" not in look(page)["body"]
    look(f"{page}/decide", correction())
    stage.run()
    by_itself = look(page, lease="1", partial=True)  # while other matters of the packet are open
    assert (by_itself["statusCode"], "<html" in by_itself["body"]) == (200, False)
    for shown in (by_itself, look(page)):
        assert f'action="../../desk/{packet}/{SOIL}/retract"' in shown["body"]
        assert '<input type="hidden" name="turn" value="1">' in shown["body"]
    empty = look(f"{page}/retract", {"round": "1", "reason": " "})
    assert (empty["statusCode"], "请写明收回决定的理由" in empty["body"]) == (422, True)
    assert look(f"{page}/retract", {"round": "1", "reason": "看错了图"}, caller=HOUSING)["statusCode"] == 404
    assert look(f"{page}/retract", {"round": "1", "reason": "看错了图"}, caller=WANG)["statusCode"] == 303
    assert "正在登记" in look(page)["body"]
    stage.run()
    again = look(page)["body"]
    assert "作出决定" in again
    assert "看错了图" in again
    look(f"{page}/decide", {"round": "1", "outcome": "approve", "conditions": ""})
    stage.run()
    assert "联合审批结果已作出，决定不能再收回" in look(page)["body"]
    stale = look(f"{page}/retract", {"round": "1", "turn": "1", "reason": "看错了图"})
    assert (stale["statusCode"], "您看到的决定已经收回" in stale["body"]) == (409, True)
    late = look(f"{page}/retract", {"round": "1", "turn": "2", "reason": "看错了图"})
    assert (late["statusCode"], "依法撤回或者撤销" in late["body"]) == (409, True)
