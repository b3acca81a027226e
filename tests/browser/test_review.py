"""The workbench, clicked through by officers: the queue, the papers beside the form, decisions, and two at once."""

import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.store import keys
from kaigong.store.items import to_attributes
from playwright.sync_api import Locator, Page, expect
from pydantic import SecretStr

from infra.command.client import Connection, of_local, packets
from infra.command.client.api import Api
from infra.command.client.folder import new_packet_id
from infra.local import Stack, User
from infra.samples import city_case, draw, write_packet
from tests.hours import when_open
from tests.office import Office
from tests.patience import PATIENCE
from tests.unit.documents import ofd

from .looking import SIZES, Sign, fits_the_smallest, item, looked_at, press, signed_in_by_form, sized

SOIL, TITLE = "soil-conservation", "生产建设项目水土保持方案审批"
CASE = city_case()

pytestmark = pytest.mark.usefixtures("desks")


@pytest.fixture
def connection(stack: Stack) -> Connection:
    return Connection(of_local(stack))


@pytest.fixture
def hand_in(connection: Connection, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Hand an application in, with one matter of the water department unless others are named; it is in review then.

    `papers` are files of its folder, in the place of the drawn ones of their materials. What is not decided at the end
    of a test is withdrawn: the next test's desk is empty.
    """
    handed: list[str] = []

    def handed_in(*matters: str, papers: Mapping[str, bytes] = MappingProxyType({}), **changes: Any) -> str:
        wanted = {"matters": matters or (SOIL,), "promises": (), "commitments": ()} | changes
        case, packet = replace(CASE, **wanted), f"{new_packet_id(datetime.now(UTC))}"
        for name, content in papers.items():
            (tmp_path / packet / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / packet / name).write_bytes(content)
        write_packet(case, tmp_path / packet, without={re.split("[/.]", name)[0] for name in papers})
        packets.hand_in(connection, packets.first(tmp_path / packet, packet, {}))
        status = packets.answer(Api(connection), packet, (), PATIENCE)
        assert status["status"] == "in-review", packets.told(status)
        handed.append(packet)
        return packet

    yield handed_in
    api = Api(connection, role="applicant")
    for packet in handed:
        if api.status(packet)["status"] in ("in-review", "correcting"):
            api.act(packet, {"kind": "withdraw", "reason": "测试结束"})


@pytest.fixture
def colleague(stack: Stack) -> Iterator[User]:
    """A second officer of the water department."""
    with officer(stack, "water") as user:
        yield user


@contextmanager
def officer(stack: Stack, department: str) -> Iterator[User]:
    """One more officer of a department. Who works there, and who is away, is forgotten afterwards."""
    pool, password = stack.client("cognito-idp"), f"Kg-{secrets.token_urlsafe(12)}1aA"
    user = User(
        username=f"officer-{department}-{secrets.token_hex(4)}",
        password=SecretStr(password),
        groups=("department",),
        attributes={"department": department},
    )
    where = {"UserPoolId": stack.user_pool_id, "Username": user.username}
    attributes = [{"Name": "custom:department", "Value": department}, {"Name": "name", "Value": "王五"}]
    pool.admin_create_user(**where, UserAttributes=attributes, MessageAction="SUPPRESS")
    pool.admin_set_user_password(**where, Password=password, Permanent=True)
    pool.admin_add_user_to_group(**where, GroupName="department")
    try:
        yield user
    finally:
        pool.admin_delete_user(**where)
        table, there = stack.client("dynamodb"), to_attributes({":pk": keys.officers_pk(department)})
        found = table.query(TableName=stack.table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=there)
        for each in found["Items"]:
            table.delete_item(TableName=stack.table, Key={"pk": each["pk"], "sk": each["sk"]})


def matter_of(connection: Connection, packet: str, matter: str = SOIL) -> dict[str, Any]:
    return next(m for m in Api(connection).status(packet)["matters"] if m["matter"] == matter)


def becomes(connection: Connection, packet: str, state: str, matter: str = SOIL) -> None:
    def look() -> bool | None:
        return matter_of(connection, packet, matter)["state"] == state or None

    packets.wait(look, PATIENCE, packet)


def panel(page: Page, name: str) -> Locator:
    return page.locator(f"#panel-{name}")


@pytest.mark.usefixtures("draws_pdf")
def test_an_officer_takes_the_next_task_reads_the_papers_and_approves(
    signed_in: Sign, hand_in: Callable[..., str], connection: Connection
) -> None:
    packet = hand_in()
    page = signed_in("officer-water")
    page.get_by_role("link", name="我的工作").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    expect(page.locator("section[aria-labelledby=fresh]")).to_contain_text(TITLE)
    looked_at(page, "work")
    page.get_by_role("link", name="待审查清单").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("待审查事项")
    expect(page.locator("#rows")).to_contain_text(TITLE)
    looked_at(page, "desk")
    page.get_by_role("button", name="领取下一项").click()
    expect(page).to_have_url(re.compile(f"desk/{packet}/{SOIL}$"))
    expect(page.locator("#lease")).to_contain_text("您正在审查")
    frame = page.frame_locator("#viewer iframe")
    expect(frame.locator("embed, body")).not_to_have_count(0)
    press(page.locator(".paper-list").get_by_role("link", name="水土保持方案报告", exact=True))
    expect(page.locator("#viewer h3")).to_contain_text("水土保持方案")
    page.wait_for_timeout(1500)  # until the viewer has drawn the paper for the picture
    press(page.get_by_text("填报的数据"))
    press(panel(page, "approve").locator("> summary"))
    panel(page, "approve").get_by_label("附带条件").fill("施工前报送开工备案")
    looked_at(page, "review")
    press(panel(page, "approve").get_by_role("button"))
    expect(page.locator("#lease")).to_contain_text("您的决定已于")
    expect(page.locator("#decide")).to_have_count(0)
    looked_at(page, "review-decided")
    becomes(connection, packet, "approved")
    assert matter_of(connection, packet)["conditions"] == ["施工前报送开工备案"]


def test_a_correction_is_asked_for_paper_by_paper_taken_back_and_seen_again_with_what_changed(
    signed_in: Sign, hand_in: Callable[..., str], connection: Connection, tmp_path: Path
) -> None:
    packet = hand_in()
    page = signed_in("officer-water", "phone")
    page.goto(f"desk/{packet}/{SOIL}")
    press(page.get_by_role("button", name="开始审查"))
    form = panel(page, "correct")
    press(form.locator("> summary"))
    plan = form.get_by_role("group", name="水土保持方案报告")
    plan.get_by_label("依据").fill("GB 50433-2018")
    press(form.get_by_role("button"))
    expect(form.get_by_role("alert")).to_contain_text("写明问题")
    expect(plan.get_by_label("依据")).to_have_value("GB 50433-2018")
    looked_at(page, "review-correct")
    plan.get_by_label("问题和要求").focus()
    press(form.get_by_text("常用理由"))
    press(form.get_by_role("link", name=re.compile("内容不完整")))
    expect(plan.get_by_label("问题和要求")).to_have_value(re.compile("^内容不完整，缺少页面或者附图"))
    expect(plan.get_by_label("依据")).to_have_value("GB 50433-2018")  # what was typed stays
    plan.get_by_label("问题和要求").fill("缺少弃渣场位置图，请补充。")
    press(form.get_by_role("button"))
    expect(page.locator("#lease")).to_contain_text("要求补正")
    becomes(connection, packet, "correction")
    [reason] = matter_of(connection, packet)["reasons"]
    assert reason == {"slot": "soil-plan", "text": "缺少弃渣场位置图，请补充。", "basis": "GB 50433-2018"}

    page.reload()
    back = panel(page, "retract")
    press(back.locator("> summary"))
    back.get_by_label("收回的理由").fill("位置图在第 12 页，是我看漏了。")
    looked_at(page, "review-retract")
    press(back.get_by_role("button"))
    press(page.get_by_role("button", name="开始审查"))
    becomes(connection, packet, "open")
    expect(page.locator("section[aria-labelledby=earlier]")).to_contain_text("位置图在第 12 页")
    press(form.locator("> summary"))
    plan.get_by_label("问题和要求").fill("位置图的比例尺有误。\n请按 1:2000 重绘。")
    press(form.get_by_role("button"))
    becomes(connection, packet, "correction")

    # the applicant: what is to be corrected stands first, is marked and says why; one paper is put in its place
    (tmp_path / "soil-plan.pdf").write_bytes(draw("soil-plan", CASE.enterprise, CASE.project))
    applicant = signed_in("applicant", "phone")
    applicant.goto(f"apply/{packet}")
    asked = applicant.locator("article.slot").first
    expect(asked).to_have_id("slot-soil-plan")
    expect(asked).to_have_class(re.compile("asked"))
    assert "位置图的比例尺有误。\n请按 1:2000 重绘。" in asked.locator(".why").inner_text()
    looked_at(applicant, "apply-correction")
    fits_the_smallest(applicant, "apply-correction")

    # what is not clear is asked of who wants it, and answered in the packet
    applicant.goto(f"packets/{packet}")
    press(applicant.get_by_role("button", name="就补正提问"))
    applicant.get_by_label("想问什么").fill("重绘后是否需要重新盖章？")
    press(applicant.get_by_role("button", name="提问"))
    expect(applicant.locator("#main")).to_contain_text("等待答复")
    looked_at(applicant, "follow-questions")
    fits_the_smallest(applicant, "follow-questions")
    page.goto("work")
    press(page.locator("section[aria-labelledby=asked]").get_by_role("link"))
    page.get_by_label("答复（申请人可见）").fill("需要，加盖出图章。")
    press(page.get_by_role("button", name="答复"))
    page.get_by_text("登记备注或通话").click()
    page.get_by_label("内容", exact=True).fill("设计院已换人。")
    press(page.locator("#panel-remark").get_by_role("button", name="登记"))
    expect(page.locator("#panel-remark")).to_contain_text("设计院已换人。")
    looked_at(page, "review-question")
    fits_the_smallest(page, "review-question")
    applicant.goto(f"packets/{packet}/questions")
    expect(applicant.locator("#main")).to_contain_text("需要，加盖出图章。")
    expect(applicant.locator("#main")).not_to_contain_text("设计院已换人")
    applicant.goto("people")
    expect(applicant.get_by_role("heading", level=1)).to_have_text("本企业人员和消息")
    applicant.get_by_label("短信和微信").select_option("asks")
    press(applicant.get_by_role("button", name="保存"))
    expect(applicant.get_by_role("status")).to_contain_text("已保存")
    looked_at(applicant, "people")
    fits_the_smallest(applicant, "people")
    applicant.goto(f"apply/{packet}")
    asked.locator("input[type=file]").set_input_files(tmp_path / "soil-plan.pdf")
    expect(asked.locator(".said")).to_have_text("上传完成")
    expect(applicant.locator("#ahead")).to_contain_text("补正齐全，可以重新提交")
    applicant.get_by_role("button", name="提交申请").click()
    expect(applicant).to_have_url(re.compile(f"packets/{packet}"))
    becomes(connection, packet, "open")
    page.goto(f"desk/{packet}/{SOIL}")
    changes = page.locator("#changes")
    expect(changes.get_by_role("listitem").filter(has_text="水土保持方案报告").get_by_role("link")).to_have_count(2)
    expect(changes).to_contain_text("未变化")
    assert "位置图的比例尺有误。\n请按 1:2000 重绘。" in page.locator("section[aria-labelledby=earlier]").inner_text()
    looked_at(page, "review-changes")


def test_the_letter_that_was_accepted_is_read_beside_the_form(
    signed_in: Sign, hand_in: Callable[..., str], connection: Connection
) -> None:
    """A project code of another region is a doubt: the commitment goes to its department, which reads the letter."""
    elsewhere = CASE.project.changed(code="2602-110101-04-01-380164")
    packet = hand_in("drawing-review", commitments=("drawing-review",), project=elsewhere)
    page = signed_in("officer-housing", "phone")
    page.goto("desk")
    page.get_by_role("button", name="领取下一项").click()
    expect(page).to_have_url(re.compile(f"desk/{packet}/drawing-review$"))
    commitment = page.locator("section", has=page.locator("#commitment"))
    expect(commitment).to_contain_text("随申报清单签署")
    letter = page.locator("#viewer")  # where papers would be: there is none
    expect(letter.get_by_role("heading", name="承诺不实的法律责任")).to_be_visible()
    expect(letter).to_contain_text("已经符合本告知承诺书所列的全部办理条件")
    rules = page.locator("section", has=page.locator("#rules"))
    expect(rules).to_contain_text("不符合")
    expect(rules).to_contain_text("承诺待核实")
    for size in SIZES:
        with sized(page, size):
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            commitment.get_by_role("link", name="阅读承诺书").click()
            expect(letter.get_by_role("heading", name="施工图设计文件审查告知承诺书")).to_be_in_viewport()
    looked_at(page, "review-letter")
    press(panel(page, "approve").locator("> summary"))
    press(panel(page, "approve").get_by_role("button"))
    becomes(connection, packet, "approved", "drawing-review")


def test_who_works_on_the_page_keeps_the_review_and_who_does_not_loses_it(
    signed_in: Sign, hand_in: Callable[..., str]
) -> None:
    packet = hand_in()
    page = signed_in("officer-water")
    page.clock.install()
    page.goto(f"desk/{packet}/{SOIL}")
    press(page.get_by_role("button", name="开始审查"))
    page.wait_for_load_state()  # the script is there
    beat = int(page.locator("#lease").get_attribute("data-beat") or 0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/extend") else None)
    page.clock.fast_forward(4 * beat * 1000)  # nobody touches the page
    assert asked == []
    page.keyboard.press("Shift")
    with page.expect_response("**/extend") as kept:
        page.clock.fast_forward(beat * 1000)
    assert kept.value.status == 200
    expect(page.locator("#lease")).to_contain_text("您正在审查")
    page.clock.fast_forward(4 * beat * 1000)
    assert len(asked) == 1


def test_a_rejection_needs_its_basis(signed_in: Sign, hand_in: Callable[..., str], connection: Connection) -> None:
    packet = hand_in()
    page = signed_in("officer-water")
    page.goto(f"desk/{packet}/{SOIL}")
    form = panel(page, "reject")
    press(form.locator("> summary"))
    first = form.get_by_role("group", name="理由 1")
    first.get_by_label("理由").fill("选址位于水源保护区内")
    press(form.get_by_role("button"))
    expect(form.get_by_role("alert")).to_contain_text("理由和依据")
    expect(form.get_by_role("alert")).to_be_focused()  # whoever hears the page, or sees a part of it, has it first
    expect(first.get_by_label("理由")).to_have_value("选址位于水源保护区内")
    first.get_by_label("依据").fill("水法 §34")
    press(form.get_by_role("button"))
    becomes(connection, packet, "rejected")


def test_a_site_visit_rests_the_limit_and_its_end_goes_on_with_the_review(
    signed_in: Sign, hand_in: Callable[..., str], connection: Connection
) -> None:
    packet = hand_in()
    page = signed_in("officer-water")
    page.goto(f"desk/{packet}/{SOIL}")
    form = panel(page, "procedure")
    press(form.locator("> summary"))
    form.get_by_label("书面告知的内容").fill("踏勘弃渣场")
    when = when_open(3)
    form.get_by_label("约定时间").fill(f"{when:%Y-%m-%dT%H:%M}")
    press(form.get_by_role("button"))
    becomes(connection, packet, "paused")
    page.goto("desk")
    row = page.locator(f"#row-{packet}-{SOIL}")
    expect(row).to_contain_text("联合踏勘")
    row.get_by_role("link").click()
    procedures = page.locator("section", has=page.locator("#procedures"))
    expect(procedures).to_contain_text(f"{when.month}月{when.day}日{when:%H:%M}")
    looked_at(page, "review-visit")
    page.get_by_label("踏勘情况").fill("现场与方案一致")
    press(page.get_by_role("button", name="结束本部门踏勘"))
    becomes(connection, packet, "open")
    page.goto(f"packets/{packet}")
    expect(page.locator("section", has=page.locator("#visits"))).to_contain_text("现场与方案一致")
    looked_at(page, "packet-visit")
    page.goto("desk")
    page.get_by_role("button", name="领取下一项").click()
    expect(page).to_have_url(re.compile(f"desk/{packet}/{SOIL}$"))


def test_a_weighty_matter_is_proposed_by_one_officer_and_signed_by_another(
    stack: Stack, signed_in: Sign, page_at: Callable[..., Page], hand_in: Callable[..., str], connection: Connection
) -> None:
    matter = "environment-impact"
    packet = hand_in(matter, SOIL, process="general")
    first, second = signed_in("officer-ecology", "phone"), page_at("desktop")

    def proposed(condition: str) -> None:
        first.goto(f"desk/{packet}/{matter}")
        press(panel(first, "approve").locator("> summary"))
        panel(first, "approve").get_by_label("附带条件").fill(condition)
        press(panel(first, "approve").get_by_role("button"))
        expect(first.locator("#lease")).to_contain_text("不能由本人签批")
        expect(first.locator("#decide")).to_have_count(0)

    proposed("落实防渗措施")
    looked_at(first, "review-proposed")
    with officer(stack, "ecology") as user:
        signed_in_by_form(second, user)
        second.goto("desk")
        expect(second.locator(f"#row-{packet}-{matter}")).to_contain_text("待签批")
        looked_at(second, "desk-to-sign")
        second.get_by_role("button", name="领取下一项").click()
        expect(second).to_have_url(re.compile(f"desk/{packet}/{matter}$"))
        signature = second.locator("section", has=second.locator("#signature"))
        expect(signature).to_contain_text("落实防渗措施")
        back = panel(second, "send-back")
        press(back.locator("> summary"))
        looked_at(second, "review-to-sign")
        back.get_by_label("退回理由").fill("请写明按哪份文件落实。")
        press(back.get_by_role("button"))
        first.goto(f"desk/{packet}/{matter}")
        expect(first.get_by_role("main")).to_contain_text("请写明按哪份文件落实。")
        looked_at(first, "review-sent-back")
        proposed("按报告表落实防渗措施")
        second.goto(f"desk/{packet}/{matter}")
        press(signature.get_by_role("button", name="签批"))
        expect(second.locator("#lease")).to_contain_text("签批：王五")
        becomes(connection, packet, "approved", matter)

        # a mistake, and nobody acted on it yet: taken back; the applicant reads why, and that the review goes on
        second.reload()
        retract = panel(second, "retract")
        press(retract.locator("> summary"))
        retract.get_by_label("收回的理由").fill("防渗措施的范围写错，须重新核定。")
        press(retract.get_by_role("button"))
        becomes(connection, packet, "open", matter)
        second.goto(f"desk/{packet}/{matter}")
        expect(second.locator("section[aria-labelledby=earlier]")).to_contain_text("防渗措施的范围写错")
        looked_at(second, "review-taken-back")
    applicant = signed_in("applicant", "phone", forgiven=("404: GET",))
    applicant.goto(f"packets/{packet}")
    expect(applicant.get_by_role("main")).to_contain_text("防渗措施的范围写错")
    looked_at(applicant, "packet-taken-back")

    # an approval recalled by law, before there is a result
    officer_of_soil = signed_in("officer-water")
    officer_of_soil.goto(f"desk/{packet}/{SOIL}")
    press(panel(officer_of_soil, "approve").locator("> summary"))
    press(panel(officer_of_soil, "approve").get_by_role("button"))
    becomes(connection, packet, "approved")
    review = item(stack, packet, f"REVIEW#{SOIL}")
    assert review
    recall = {
        "schema": "kaigong/revocation/1",
        "id": f"recall-{packet}",
        "packet": packet,
        "sent_at": datetime.now(UTC).isoformat(),
        "review_id": review["review_id"]["S"],
        "reply_token": review["reply_token"]["S"],
        "kind": "recall",
        "reasons": [{"text": "弃渣场所在地块的规划已调整。", "basis": "行政许可法第八条"}],
        "officer": "周工",
    }
    stack.client("sqs").send_message(QueueUrl=stack.queues["decisions"], MessageBody=json.dumps(recall))
    becomes(connection, packet, "recalled")
    applicant.goto(f"packets/{packet}")
    expect(applicant.get_by_role("main")).to_contain_text("弃渣场所在地块的规划已调整")
    looked_at(applicant, "packet-recalled")
    officer_of_soil.goto(f"desk/{packet}/{SOIL}")
    looked_at(officer_of_soil, "review-recalled", "desktop")


def test_an_officer_has_several_drawings_in_order_and_an_extract_of_an_ofd_document(
    signed_in: Sign, hand_in: Callable[..., str]
) -> None:
    matter, drawing = "lightning-design-review", draw("drawings", CASE.enterprise, CASE.project)
    licence = ofd.packed(ofd.parts(f"营业执照 {CASE.enterprise.name} {CASE.enterprise.uscc}"))
    papers = {f"drawings/{name}.pdf": drawing + b"%% %d\n" % name for name in (10, 2, 1)}
    papers["business-licence.ofd"] = licence
    packet = hand_in(matter, process="general", papers=papers)
    page = signed_in("officer-meteorology")
    page.goto(f"desk/{packet}/{matter}?paper=drawings")
    drawings = page.locator(".paper-list > li", has_text="施工图设计文件")
    expect(drawings.locator("ol.files a")).to_have_text(["1.pdf", "2.pdf", "10.pdf"])
    press(drawings.get_by_role("link", name="2.pdf"))
    expect(page.locator("#viewer h3")).to_contain_text("2.pdf")
    looked_at(page, "review-several-files")
    page.goto(f"desk/{packet}/{matter}?paper=business-licence")
    expect(page.locator("#viewer")).to_contain_text("下载 OFD 原件")
    looked_at(page, "review-ofd")


def test_two_officers_at_once_are_told_who_has_it(
    signed_in: Sign, page_at: Callable[..., Page], hand_in: Callable[..., str], colleague: User
) -> None:
    packet = hand_in()
    first, second = signed_in("officer-water"), page_at("desktop")
    signed_in_by_form(second, colleague)
    second.goto(f"desk/{packet}/{SOIL}")  # open before the first one begins
    first.goto("desk")
    first.get_by_role("button", name="领取下一项").click()
    expect(first).to_have_url(re.compile(f"desk/{packet}/{SOIL}$"))
    press(panel(second, "approve").locator("> summary"))
    panel(second, "approve").get_by_label("附带条件").fill("请保留这些字")
    press(panel(second, "approve").get_by_role("button"))
    expect(panel(second, "approve").get_by_role("alert")).to_contain_text("市水利局经办人正在审查")
    expect(panel(second, "approve").get_by_label("附带条件")).to_have_value("请保留这些字")
    looked_at(second, "review-held", "desktop")
    second.goto("desk")
    expect(second.locator(f"#row-{packet}-{SOIL}")).to_contain_text("市水利局经办人")
    second.get_by_role("button", name="领取下一项").click()
    expect(second.get_by_role("status")).to_contain_text("没有可领取的任务")
    press(first.get_by_role("button", name="退回"))
    second.get_by_role("button", name="领取下一项").click()
    expect(second).to_have_url(re.compile(f"desk/{packet}/{SOIL}$"))
    first.reload()
    expect(first.locator(f"#row-{packet}-{SOIL}")).to_contain_text("王五")
    press(panel(second, "approve").locator("> summary"))
    press(panel(second, "approve").get_by_role("button"))
    expect(second.locator("#lease")).to_contain_text("您的决定已于")


def test_a_review_is_handed_to_a_colleague_who_has_somebody_stand_in(
    stack: Stack, signed_in: Sign, page_at: Callable[..., Page], hand_in: Callable[..., str]
) -> None:
    packet = hand_in()
    first, second = signed_in("officer-water", "phone"), page_at("desktop")
    first.goto("work")
    with officer(stack, "water") as user:
        signed_in_by_form(second, user)
        second.goto("work")
        second.locator("tr", has=second.locator(f"a[href*='{packet}']")).get_by_role("checkbox").check()
        second.get_by_label("所选事项转交给").select_option(label="市水利局经办人")
        press(second.get_by_role("button", name="转交所选"))
        expect(second.get_by_role("status")).to_contain_text("已转交 1 项")
        mine = first.locator("section[aria-labelledby=first]")
        for _ in range(int(PATIENCE)):
            first.goto("work")
            if packet in mine.inner_html():
                break
            first.wait_for_timeout(1000)
        expect(mine.locator(f"a[href*='{packet}']")).to_have_count(1)
        press(first.get_by_text("登记离岗和代班人"))
        first.get_by_label("代班人").select_option(label="王五")
        first.get_by_label("到（含当日）").fill(f"{when_open(3):%Y-%m-%d}")
        press(first.get_by_role("button", name="登记"))
        expect(first.get_by_role("status")).to_contain_text("离岗和代班已登记")
        expect(first.locator("#colleagues + table")).to_contain_text("王五")
        looked_at(first, "work-handed", "phone")
        fits_the_smallest(first, "work-handed")


def test_the_departments_own_system_was_first_and_the_officer_is_told(
    signed_in: Sign, hand_in: Callable[..., str], connection: Connection
) -> None:
    packet = hand_in()
    page = signed_in("officer-water")
    page.goto(f"desk/{packet}/{SOIL}")
    press(panel(page, "reject").locator("> summary"))
    reasons = (DecisionReason(slot="soil-plan", text="请补充", basis="GB 50433-2018"),)
    Office(connection, "water").decides(packet, Outcome.CORRECT, reasons, "水利业务系统")
    becomes(connection, packet, "correction")
    first = panel(page, "reject").get_by_role("group", name="理由 1")
    first.get_by_label("理由").fill("不符")
    first.get_by_label("依据").fill("水法 §34")
    press(panel(page, "reject").get_by_role("button"))
    expect(panel(page, "reject").get_by_role("alert")).to_contain_text("水利业务系统")
    expect(panel(page, "reject").get_by_role("alert")).to_contain_text("没有送出")
    expect(first.get_by_label("理由")).to_have_value("不符")


def test_a_review_is_decided_by_the_keyboard_alone(
    signed_in: Sign, hand_in: Callable[..., str], connection: Connection
) -> None:
    packet = hand_in()
    page = signed_in("officer-water")
    page.goto("desk")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(f"desk/{packet}/{SOIL}$"))
    shown = page.locator("#viewer h3")
    before = shown.text_content()
    page.keyboard.press("k")  # the paper of the matter's own is the last of the list
    expect(shown).not_to_have_text(str(before))
    page.keyboard.press("j")
    expect(shown).to_have_text(str(before))
    page.keyboard.press("c")
    expect(panel(page, "correct").locator("textarea").first).to_be_focused()
    page.keyboard.type("jackr")  # while somebody types, the keys are letters
    expect(panel(page, "correct").locator("textarea").first).to_have_value("jackr")
    page.keyboard.press("Escape")
    panel(page, "correct").locator("> summary").focus()
    page.keyboard.press("s")
    expect(panel(page, "procedure").locator("select")).to_be_focused()
    panel(page, "procedure").locator("> summary").focus()
    page.keyboard.press("a")
    expect(panel(page, "approve").get_by_label("附带条件")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    becomes(connection, packet, "approved")


def test_the_keys_can_be_turned_off(signed_in: Sign, hand_in: Callable[..., str]) -> None:
    packet = hand_in()
    page = signed_in("officer-water")
    page.goto(f"desk/{packet}/{SOIL}")
    page.get_by_text("键盘快捷键").press("Enter")
    page.get_by_role("button", name="关闭快捷键").press("Enter")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="打开快捷键")).to_be_focused()
    expect(panel(page, "approve")).not_to_have_attribute("open", "")
    page.get_by_role("button", name="打开快捷键").press("Enter")
    page.keyboard.press("a")
    expect(panel(page, "approve")).to_have_attribute("open", "")


def test_everything_is_done_without_javascript(
    signed_in: Sign, hand_in: Callable[..., str], connection: Connection
) -> None:
    packet = hand_in()
    page = signed_in("officer-water", javascript=False)
    page.goto("desk")
    page.get_by_role("button", name="领取下一项").click()
    press(page.locator(".paper-list").get_by_role("link", name="水土保持方案报告", exact=True))
    expect(page.locator("#viewer h3")).to_contain_text("水土保持方案")
    press(panel(page, "approve").locator("> summary"))
    press(panel(page, "approve").get_by_role("button"))
    becomes(connection, packet, "approved")
    page.reload()
    expect(page.locator("#lease")).to_contain_text("您的决定已于")


def test_an_officer_of_another_department_finds_nothing(signed_in: Sign, hand_in: Callable[..., str]) -> None:
    packet = hand_in()
    page = signed_in("officer-housing")
    page.goto("desk")
    expect(page.locator("#rows")).not_to_contain_text(packet)
    for path in (f"desk/{packet}/{SOIL}", f"desk/{packet}/{SOIL}/papers/soil-plan", "desk/nothing-here/soil"):
        answer = page.goto(path)
        assert answer
        assert answer.status == 404


def test_the_workbench_speaks_english(signed_in: Sign, hand_in: Callable[..., str]) -> None:
    packet = hand_in()
    page = signed_in("officer-water", lang="en")
    page.goto("desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Matters to review")
    looked_at(page, "desk-en", "phone")
    page.goto(f"desk/{packet}/{SOIL}")
    press(page.locator("summary", has_text="Ask for corrections"))
    expect(panel(page, "correct")).to_have_attribute("open", "")
    looked_at(page, "review-en", "desktop")


def test_a_portal_that_does_not_answer_loses_no_word_that_was_typed(
    signed_in: Sign, hand_in: Callable[..., str], connection: Connection
) -> None:
    packet = hand_in()
    page = signed_in("officer-water")
    page.goto(f"desk/{packet}/{SOIL}")
    plan = panel(page, "correct").get_by_role("group", name="水土保持方案报告")
    press(panel(page, "correct").locator("> summary"))
    plan.get_by_label("问题和要求").fill("缺少弃渣场位置图")
    page.route("**/decide", lambda route: route.abort())
    press(panel(page, "correct").get_by_role("button"))
    page.unroute("**/decide")
    page.goto(f"desk/{packet}/{SOIL}")
    press(panel(page, "correct").locator("> summary"))
    expect(plan.get_by_label("问题和要求")).to_have_value("缺少弃渣场位置图")
    press(panel(page, "correct").get_by_role("button"))
    becomes(connection, packet, "correction")
    page.goto(f"desk/{packet}/{SOIL}")
    assert page.evaluate("() => Object.keys(sessionStorage).filter((key) => key.startsWith('desk '))") == []
