"""The window by clicks: find a packet, settle a doubt, agree on a site visit, pick up, name who was asked first."""

import json
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from kaigong.domain.model.manifest import Enterprise, Project
from playwright.sync_api import Page, expect

from infra.local import Stack
from infra.samples import draw
from tests.hours import when_open
from tests.patience import eventually

from .looking import Sign, item, looked_at

HELPER = "帮办人：综合窗口经办人"
# A code of its own: whoever comes first is on a project, and the packets of others are a doubt.
PROJECT = Project(name="年产500吨生物酶制剂项目", code="2602-411402-04-01-380165", address="商丘市梁园区样例产业园一号")
DOUBTFUL = Enterprise(name="商丘样例生物科技有限公司", uscc="91411402MA0KG0002A")  # its check character does not hold
SLOTS = ("application-form", "business-licence", "authorisation", "project-filing-certificate", "soil-plan")


@pytest.fixture
def packet(stack: Stack, desks: None) -> str:  # noqa: ARG001 - the water department gets it
    """A packet in review, with a doubt about its enterprise, for which the water department asks for a site visit."""
    name = f"window-{uuid4().hex[:10]}"
    for slot in SLOTS:
        _put(stack, f"packets/{name}/{slot}/1/{slot}.pdf", draw(slot, DOUBTFUL, PROJECT))
    manifest = {
        "schema": "kaigong/manifest/1",
        "packet": name,
        "process": "industrial",
        "matters": ["soil-conservation"],
        "enterprise": DOUBTFUL.model_dump(exclude_none=True),
        "project": PROJECT.model_dump(exclude_none=True),
    }
    _put(stack, f"packets/{name}/manifest.json", json.dumps(manifest, ensure_ascii=False).encode())
    review = eventually(lambda: item(stack, name, "REVIEW#soil-conservation"))
    visit = {
        "schema": "kaigong/procedure/1",
        "id": uuid4().hex,
        "packet": name,
        "sent_at": datetime.now(UTC).isoformat(),
        "review_id": review["review_id"]["S"],
        "round": int(review["round"]["N"]),
        "reply_token": review["reply_token"]["S"],
        "kind": "site-visit",
        "action": "start",
        "note": "现场核查弃渣场位置",
        "officer": "周工",
    }
    stack.client("sqs").send_message(QueueUrl=stack.queues["decisions"], MessageBody=json.dumps(visit))
    eventually(lambda: "visit" in item(stack, name, "HEADER")["gsi2about"]["M"]["waits"]["M"])
    return name


def _put(stack: Stack, key: str, content: bytes) -> None:
    stack.client("s3").put_object(Bucket=stack.bucket, Key=key, Body=content)


def test_the_window_finds_a_packet_and_does_what_waits_there(packet: str, signed_in: Sign) -> None:
    page = signed_in("window")
    page.goto("me")
    expect(page).to_have_url(re.compile("/window$"))
    row = page.locator("tr", has_text=packet)
    for wait in ("核实身份疑点", "约定联合踏勘时间", "安排帮办人"):
        expect(row).to_contain_text(wait)
    looked_at(page, "window")

    page.get_by_label(re.compile("查找|Find")).fill(packet)
    page.get_by_label(re.compile("查找|Find")).press("Enter")
    expect(page).to_have_url(re.compile(f"/window/packets/{packet}$"))
    looked_at(page, "window-packet")

    page.get_by_label("核对情况和理由").fill("营业执照上是另一个代码")
    page.get_by_role("button", name="认定属实，通知申请人更正").click()
    expect(page.get_by_text("已认定属实，由申请人更正后重新提交")).to_be_visible()
    expect(page.get_by_text("系统正在处理")).to_have_count(0)
    looked_at(page, "window-doubt-true")
    page.get_by_label("核对情况和理由").fill("已核对营业执照原件，登记机关确认代码无误")
    page.get_by_role("button", name="确认疑点不成立").click()
    expect(page.get_by_text("系统正在处理")).to_have_count(0)
    expect(page.get_by_text("核实身份疑点")).to_have_count(0)

    when = when_open(3)
    page.get_by_label("日期和时间").fill(f"{when:%Y-%m-%d}T09:30")
    page.get_by_label("集合地点").fill("项目东门集合，联系人周工")
    page.get_by_role("button", name="约定并通知各方").click()
    expect(page.get_by_text("改约", exact=True)).to_be_visible()
    expect(page.get_by_text(f"{when.month}月{when.day}日09:30").first).to_be_visible()

    page.get_by_role("button", name="领取此材料包").click()
    expect(page.get_by_text(f"{HELPER}，全程帮办代办")).to_be_visible()
    page.get_by_label("谁被首问").select_option("water")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text(re.compile("市水利局，.*负责到底"))).to_be_visible()
    expect(page.get_by_text("系统正在处理")).to_have_count(0)
    looked_at(page, "window-packet-done")

    page.get_by_role("button", name="完整办理情况").click()
    expect(page.get_by_text(f"{HELPER}，全程帮办代办")).to_be_visible()
    page.get_by_role("link", name="窗口办理").click()
    page.get_by_role("button", name="打印受理单").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("受理单")
    page.goto("window")
    expect(page.locator("tr", has_text=packet)).to_have_count(0)


def test_a_project_and_an_enterprise_are_found_by_their_codes(packet: str, signed_in: Sign) -> None:
    page = signed_in("window")
    page.goto("window")
    page.get_by_label(re.compile("查找|Find")).fill(str(PROJECT.code))
    page.get_by_role("button", name="查找").click()
    expect(page.locator("tr", has_text=packet)).to_have_count(1)
    page.get_by_label("市重点项目").set_checked(True)
    page.get_by_label("已到位").check()
    page.get_by_role("button", name="保存登记").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    expect(page.get_by_label("市重点项目")).to_be_checked()
    expect(page.get_by_label("已到位")).to_be_checked()
    looked_at(page, "window-project")

    page.goto("window")
    page.get_by_label(re.compile("查找|Find")).fill(DOUBTFUL.uscc)
    page.get_by_role("button", name="查找").click()
    expect(page.locator("tr", has_text=packet)).to_have_count(1)
    looked_at(page, "window-enterprise")
    page.locator("tr", has_text=packet).get_by_role("checkbox").check()
    page.get_by_role("button", name="由我帮办所选").click()
    expect(page.get_by_role("status")).to_contain_text("由您帮办")
    looked_at(page, "window-helped")

    page.goto("window")
    page.get_by_label(re.compile("查找|Find")).fill(packet[3:])
    page.get_by_role("button", name="查找").click()
    expect(page.locator("tr", has_text=packet)).to_have_count(1)
    assert packet[3:] not in page.url
    looked_at(page, "window-found")


def test_what_is_not_found_says_what_can_be_looked_for(signed_in: Sign) -> None:
    page = signed_in("window", "desktop", lang="en")
    page.goto("window")
    page.get_by_label(re.compile("查找|Find")).fill("no-such-packet")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was found")
    expect(page.get_by_label(re.compile("查找|Find"))).to_have_value("no-such-packet")
    looked_at(page, "window-nothing-found", "desktop")


def test_a_refusal_is_written_at_the_window_and_read_by_the_enterprise(signed_in: Sign, stack: Stack) -> None:
    uscc = stack.user("applicant").attributes["uscc"]
    page = signed_in("window")
    page.goto("window")
    page.get_by_role("link", name="不予受理").click()
    page.locator("input[name=kind]").first.check()
    page.get_by_label("申请人", exact=True).fill("商丘样例生物科技有限公司")
    page.get_by_label(re.compile("统一社会信用代码")).fill(uscc)
    page.get_by_label("申请事项").fill("取水许可（跨省河流）")
    page.get_by_label("不予受理的理由").fill("该河段的取水许可不由本市审批。")
    page.get_by_label(re.compile("申请人可以怎么办")).fill("请向流域管理机构申请，电话 0370-0000000。")
    looked_at(page, "refuse")
    page.get_by_role("button", name="出具告知单").click()
    expect(page).to_have_url(re.compile("/slips/"))
    number = page.locator(".code").first.inner_text()
    looked_at(page, "slip")
    applicant = signed_in("applicant", "phone")
    applicant.goto("slips")
    looked_at(applicant, "slips")
    applicant.locator("li", has_text=number).get_by_role("link").click()
    expect(applicant.get_by_role("main")).to_contain_text("该河段的取水许可不由本市审批")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_window_works_without_a_mouse_and_without_scripts(javascript: bool, packet: str, signed_in: Sign) -> None:
    page: Page = signed_in("window", "desktop", javascript=javascript)
    page.goto(f"window/packets/{packet}")
    take = page.get_by_role("button", name="领取此材料包")
    take.focus()
    take.press("Enter")
    eventually(lambda: page.goto(f"window/packets/{packet}") and page.get_by_text(f"{HELPER}，全程").count())
