"""The whole story by clicks, on the applicant's phone and at the officers' desks: from one bad paper to the joint
result and the last gap closed. Each step's page on both sizes, and what axe-core says of it, is its own test's.

Four matters of the industrial flow, one of them by commitment, so that three departments review: fire protection
design (housing), civil air defence, soil conservation (water). One paper is promised for later.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from kaigong.catalog import load
from playwright.sync_api import Page, expect

from infra.samples import city_case, draw
from tests.hours import when_open
from tests.patience import eventually
from tests.unit.documents.papers import picture

from .looking import Sign, comes_by_itself, fits, looked_at, press

CASE = city_case()
OFFICERS = {
    "fire-design-review": "officer-housing",
    "airdefence-basement": "officer-airdefence",
    "soil-conservation": "officer-water",
}
COMMITTED, PROMISED, BAD = "drawing-review", "design-qualification", "soil-plan"
REWARD = "kept-promise"
PAYER = load().policies[REWARD].department
SUPERVISOR = load().matters[COMMITTED].supervisor
SUPERVISOR_NAME = f"{load().departments[SUPERVISOR or ''].name.zh}检查员"  # as the local account has it
PAPERS = (
    "application-form",
    "business-licence",
    "authorisation",
    "drawings",
    "fire-design",
    "site-plan",
    "airdefence-design",
    "project-filing-certificate",
)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The papers as the applicant has them, one file for each material; `bad.pdf` is cut off."""
    folder = tmp_path_factory.mktemp("papers")
    for slot in (*PAPERS, BAD, PROMISED):
        (folder / f"{slot}.pdf").write_bytes(draw(slot, CASE.enterprise, CASE.project))
    (folder / "bad.pdf").write_bytes((folder / f"{BAD}.pdf").read_bytes()[:600])
    return folder


@pytest.mark.usefixtures("desks")  # the credit platform published the enterprise's record when the stack came up
def test_from_a_bad_paper_to_the_joint_result_and_the_last_gap_closed(
    papers: Path, signed_in: Sign, page_at: Callable[..., Page], tmp_path: Path
) -> None:
    page = signed_in("applicant", "phone")
    packet = begin(page)
    fill_in(page)
    upload(page, papers)
    promise_and_accept(page)
    address = hand_in(page, packet)
    scan(page_at("phone"), address, packet)

    page.clock.install()
    page.goto(f"packets/{packet}")
    comes_by_itself(page, page.locator(".next", has_text="并联审查中"))
    expect(page.locator(".next")).to_contain_text("3 个部门中 0 个已答复")
    fits(page)
    for matter, officer in OFFICERS.items():
        decide(signed_in(officer), packet, matter)

    comes_by_itself(page, page.locator(".next", has_text="已出件"))
    fits(page)
    result = download(page, tmp_path)
    assert (result["packet"], result["code"], result["channel"]) == (packet, "12", "green")
    assert [gap["slot"] for gap in result["gaps"]] == [PROMISED]
    close_the_gap(page, papers)
    receive(page, signed_in("window"), packet)
    supervise(page, signed_in(f"supervisor-{SUPERVISOR}", "phone"), packet)
    benefit(page, signed_in(f"officer-{PAYER}", "phone"), packet)


def begin(page: Page) -> str:
    """Choose the project type and the matters; the new application's identifier."""
    page.goto("me")
    page.get_by_role("button", name="发起新申请").click()
    page.get_by_role("button", name=re.compile("选择.*工业类")).click()
    for box in page.locator("input[name=matters]").all():
        box.set_checked(box.get_attribute("value") in {*OFFICERS, COMMITTED})
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="三、材料")).to_be_visible()
    return page.url.partition("?")[0].rpartition("/")[2]


def fill_in(page: Page) -> None:
    """The enterprise is filled in; the project is typed."""
    expect(page.get_by_label("企业名称")).to_have_value(CASE.enterprise.name)
    expect(page.get_by_label("法定代表人")).to_have_value("张开")
    page.get_by_label("项目名称").fill(CASE.project.name)
    page.get_by_label("项目代码").fill(str(CASE.project.code))
    page.get_by_label("建设地点").fill(str(CASE.project.address))
    page.get_by_label("建设地点").blur()
    expect(page.locator("#saved")).to_contain_text("已保存")


def upload(page: Page, papers: Path) -> None:
    """One bad paper: its finding is in the page, in words. Then all the others at once, and the bad one again."""
    _choose(page, BAD, papers / "bad.pdf")
    expect(page.locator(f"#state-{BAD}")).to_have_attribute("data-state", "deficient")
    expect(page.locator(f"#state-{BAD} .findings li").first).to_be_visible()
    fits(page)
    for slot in (*PAPERS, BAD):
        _choose(page, slot, papers / f"{slot}.pdf")
    for slot in (*PAPERS, BAD):
        found = page.locator(f"#state-{slot}")
        expect(found).to_have_attribute("data-state", re.compile("^(valid|warning|shared)$"))


def promise_and_accept(page: Page) -> None:
    """Promise the paper that may follow; read a commitment letter and accept it."""
    page.locator(f"#state-{PROMISED}").get_by_label("承诺后补").check()
    expect(page.locator(f"#state-{PROMISED}")).to_have_attribute("data-state", "promised")
    page.locator(f"#commit-{COMMITTED}").get_by_role("checkbox").check()
    letters = page.locator("#letters")
    letters.get_by_role("button", name="我已阅读并签署").click()
    expect(letters.get_by_text("已签署", exact=True)).to_be_visible()
    expect(page.locator("#ahead")).to_contain_text("材料齐全，可以受理")
    fits(page)


def hand_in(page: Page, packet: str) -> str:
    """Hand in once; the receipt is there at once, and its QR code is the address that it prints."""
    page.get_by_role("button", name="提交申请").click()
    expect(page).to_have_url(re.compile(f"packets/{packet}/receipt$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("项目受理单")
    fits(page)
    address = page.locator(".address").inner_text()
    drawn = page.locator("svg.qr path[stroke]").get_attribute("d")
    assert drawn
    assert f'd="{drawn}"' in segno.make(address, error="m", micro=False).svg_inline()
    return address


def scan(page: Page, address: str, packet: str) -> None:
    """Whoever scans the code sees the progress, and neither enterprise nor packet."""
    page.goto(address)
    expect(page.locator(".next")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(CASE.enterprise.name)
    expect(page.locator("body")).not_to_contain_text(packet)
    fits(page)


def decide(page: Page, packet: str, matter: str) -> None:
    """An officer takes the next task, has a paper beside the form, and approves."""

    def taken() -> bool:  # the list has a review before its task is in the department's queue
        page.goto("desk")
        expect(page.locator(f"#row-{packet}-{matter}")).to_be_visible()
        page.get_by_role("button", name="领取下一项").click()
        expect(page.locator("#viewer").or_(page.get_by_text("队列中没有可领取的任务"))).to_be_visible()
        return page.locator("#viewer").count() > 0

    eventually(taken)
    expect(page).to_have_url(re.compile(f"desk/{packet}/{matter}"))
    expect(page.locator("#viewer iframe")).to_be_visible()
    if matter == min(OFFICERS):
        fits(page)
    press(page.locator("#panel-approve summary"))
    press(page.locator("#panel-approve").get_by_role("button", name="通过"))
    expect(page.locator("#lease .notice-good")).to_contain_text("通过")


def download(page: Page, folder: Path) -> dict[str, object]:
    """The joint result, as the applicant keeps it."""
    with page.expect_download() as told:
        page.get_by_role("link", name="下载联合审批结果").click()
    told.value.save_as(folder / "result.json")
    found: dict[str, object] = json.loads((folder / "result.json").read_text("utf-8"))
    return found


def close_the_gap(page: Page, papers: Path) -> None:
    """The promised paper is handed in: it counts as soon as it is in order."""
    page.locator(f"li[data-slot={PROMISED}]").get_by_role("button", name="补交").click()
    expect(page.get_by_role("heading", name="补交容缺材料")).to_be_visible()
    _choose(page, PROMISED, papers / f"{PROMISED}.pdf")
    expect(page.locator(f"[data-upload={PROMISED}] .said")).to_have_text("上传完成")
    page.get_by_role("button", name="查看办理进度").last.click()  # the fragment that comes has one of its own
    expect(page.locator("body")).to_contain_text("已补齐")
    looked_at(page, "story-closed", "phone")


def supervise(page: Page, inspector: Page, packet: str) -> None:
    """On the site, with a phone: an inspector claims the commitment, wants something put right, and looks again."""
    inspector.goto("me")
    row = inspector.locator("tr", has=inspector.locator(f"a[href*='{packet}.{COMMITTED}']"))
    expect(row).to_contain_text("待认领")
    looked_at(inspector, "supervision-list", "phone")
    inspector.get_by_role("link", name="检查人员名录").click()
    inspector.get_by_label("人员（每行一人）").fill(f"4114-0001 {SUPERVISOR_NAME}")
    inspector.get_by_role("button", name="更新名录").click()
    expect(inspector.get_by_role("status")).to_contain_text("名录已更新")
    looked_at(inspector, "supervision-roster", "phone")
    inspector.goto("supervision")
    row.get_by_role("link").click()
    looked_at(inspector, "supervision-claim", "phone")
    inspector.get_by_role("button", name="认领本事项").click()
    inspector.get_by_label("限期整改", exact=True).check()
    inspector.get_by_label("发现的问题").fill("图纸未标注消防登高场地")
    inspector.get_by_role("button", name="拍照、上传照片").click()
    inspector.get_by_label("拍照或者选择照片").set_input_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG")}
    )
    inspector.get_by_role("button", name="上传", exact=True).click()
    expect(inspector.get_by_role("status")).to_contain_text("已上传")
    eventually(lambda: photographed(inspector))
    looked_at(inspector, "supervision-photos", "phone")
    inspector.get_by_role("link", name="返回监管记录").click()
    expect(inspector.get_by_label("限期整改", exact=True)).to_be_checked()  # what was typed before is there
    expect(inspector.get_by_label("发现的问题")).to_have_value("图纸未标注消防登高场地")
    inspector.get_by_label("依据").fill("GB 55037-2022")
    inspector.get_by_label("整改期限").fill(str(when_open(20).date()))
    looked_at(inspector, "supervision-finding", "phone")
    inspector.get_by_role("button", name="登记检查意见").click()
    expect(inspector.locator("main")).to_contain_text("企业应于")

    page.goto(f"packets/{packet}/supervision")
    record = page.locator(f"#record-{COMMITTED}")
    expect(record).to_contain_text("图纸未标注消防登高场地")
    looked_at(page, "supervision-packet", "phone")
    record.get_by_label("整改情况").fill("已补充标注")
    record.get_by_role("button", name="报告整改完成").click()
    expect(record).to_contain_text("待复查")

    inspector.reload()
    inspector.get_by_role("radio", name="合格").check()
    inspector.get_by_role("button", name="登记检查意见").click()
    expect(inspector.locator("main")).to_contain_text("检查合格")
    looked_at(inspector, "supervision-closed", "phone")

    page.goto(f"projects/{CASE.project.code}")
    expect(page.locator(f"#packet-{packet}")).to_be_visible()
    looked_at(page, "project-story", "phone")


def photographed(page: Page) -> bool:
    page.reload()
    return page.locator("main img").count() > 0


def benefit(page: Page, payer: Page, packet: str) -> None:
    """The commitment was kept: a policy rewards it, without anybody applying, and its department pays."""

    def given() -> bool:
        page.goto(f"packets/{packet}/benefits")
        return page.locator(f"#benefit-{REWARD}").count() > 0

    eventually(given)
    card = page.locator(f"#benefit-{REWARD}")
    expect(card).to_contain_text("因为检查合格的事项")
    expect(card).to_contain_text("已授予，待兑现")
    looked_at(page, "benefits-packet", "phone")
    payer.goto("benefits")
    looked_at(payer, "benefits-list", "phone")
    payer.locator(f"a[href*='{packet}.{REWARD}']").click()
    looked_at(payer, "benefit", "phone")
    payer.get_by_label("付款凭证号").fill("国库 2026-118")
    payer.get_by_role("button", name="登记已兑现").click()
    expect(payer.locator("main")).to_contain_text("已兑现")
    page.reload()
    expect(card).to_contain_text("国库 2026-118")


def _choose(page: Page, slot: str, file: Path) -> None:
    page.locator(f"[data-upload={slot}] input[type=file]").set_input_files(file)


def receive(page: Page, window: Page, packet: str) -> None:
    """The applicant asks for mailing, and alone then gives an address; the window mails it and says by which number."""
    page.goto(f"packets/{packet}/hand-out")
    expect(page.get_by_label("详细地址")).to_be_hidden()
    page.get_by_label("邮寄").check()
    page.get_by_label("收件人").fill("刘芳")
    page.get_by_label("联系电话").fill("138 0000 0000")
    page.get_by_label("详细地址").fill("商丘市梁园区神火大道 1 号")
    looked_at(page, "hand-out")
    page.get_by_role("button", name="确定").click()
    expect(page.locator("#receiving + p")).to_contain_text("邮寄")
    page.goto(f"packets/{packet}/enterprises")
    expect(page.get_by_role("heading", level=1)).to_have_text("项目参与企业")
    looked_at(page, "project-enterprises", "phone")

    window.goto("window")
    window.get_by_role("link", name="期限督办").click()
    window.get_by_label("办什么").select_option("claim")
    window.get_by_role("button", name="筛选").click()
    expect(window.locator("tr", has_text=packet).first).to_contain_text("监管认领")
    looked_at(window, "deadlines")
    window.goto(f"packets/{packet}/risk")
    expect(window.get_by_role("heading", level=1)).to_contain_text("风险")
    looked_at(window, "packet-risk", "phone")

    window.goto("window/hand-outs")
    expect(window.locator("tr", has_text=packet)).to_contain_text("待邮寄")
    looked_at(window, "window-hand-outs")
    window.goto(f"window/packets/{packet}")
    looked_at(window, "window-hand-out")
    window.get_by_label("运单号").fill("EMS 1234567890")
    window.get_by_role("button", name="登记寄出").click()
    expect(window.get_by_role("button", name="登记送达")).to_be_visible()
    page.goto(f"packets/{packet}")
    expect(page.locator("#receiving + p")).to_contain_text("EMS 1234567890")
