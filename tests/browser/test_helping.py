"""Help by clicks (帮办代办): the window begins, fills in and uploads; the applicant finds it, accepts and hands in."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from infra.local import Stack

from .looking import Sign, looked_at
from .test_apply import in_order, sample, typed, upload

PAPERS = ("soil-plan", "application-form", "business-licence", "project-filing-certificate")


def test_the_window_draws_up_and_the_applicant_hands_in(signed_in: Sign, stack: Stack, handed: list[str]) -> None:
    uscc, officer = stack.user("applicant").attributes["uscc"], stack.user("window").username
    window = signed_in("window")
    window.goto("window")
    window.get_by_label(re.compile("查找")).fill(uscc)
    window.get_by_role("button", name="查找").click()
    window.get_by_role("button", name="代企业发起申请").click()
    looked_at(window, "helping-start", "desktop")
    packet = begun_for(window, uscc, "helping-matters")
    typed(window, "enterprise.name", "商丘样例生物科技有限公司")
    typed(window, "project.name", "帮办项目")
    window.locator('input[name="project.name"]').blur()
    expect(window.locator("#saved")).to_contain_text("已保存")
    for slot in PAPERS:
        upload(window, slot, sample(slot))
    for slot in PAPERS:
        in_order(window, slot)
    window.locator("#commit-power-connection input").check()
    expect(window.locator("#letters article")).to_have_count(1)
    expect(window.locator("#slot-commitment-letters")).to_be_visible()
    window.locator("#state-authorisation input[name=promises]").check()
    expect(window.locator("#letters")).to_contain_text("由申请人本人登录后签署")
    expect(window.locator("#ahead")).to_contain_text("提交由申请人本人登录后办理")
    for words in ("我已阅读并签署", "提交申请", "仍要提交"):
        expect(window.get_by_role("button", name=words)).to_have_count(0)
    expect(window.locator("#saved")).to_contain_text("已保存")
    window.evaluate("scrollTo(0, 0)")
    looked_at(window, "helping-filled-in", "desktop")
    window.get_by_role("link", name="返回企业").click()
    expect(window.locator("tr", has_text=packet)).to_contain_text("窗口代填")
    looked_at(window, "helping-enterprise", "desktop")

    applicant = signed_in("applicant", "phone")
    applicant.goto("packets")
    found = applicant.locator("article", has_text=packet)
    expect(found).to_contain_text("由综合窗口代为填写")
    expect(applicant.get_by_role("main")).not_to_contain_text(officer)
    looked_at(applicant, "helping-list", "phone")
    found.get_by_role("link").click()
    expect(applicant.get_by_role("main")).to_contain_text("本申请由综合窗口代为填写")
    expect(applicant.get_by_role("main")).not_to_contain_text(officer)
    expect(applicant.locator('input[name="project.name"]')).to_have_value("帮办项目")
    looked_at(applicant, "helping-found", "phone")
    applicant.get_by_role("button", name="我已阅读并签署").click()
    expect(applicant.locator("#letters")).to_contain_text("已签署")
    handed.append(packet)
    applicant.get_by_role("button", name="提交申请").click()
    expect(applicant).to_have_url(re.compile(f"/packets/{packet}/receipt"))

    # the promised paper is brought to the window
    window.goto(f"window/packets/{packet}")
    window.get_by_role("button", name="代为填写和上传").click()
    looked_at(window, "helping-gap", "desktop")
    upload(window, "authorisation", sample("authorisation"))
    in_order(window, "authorisation")


def begun_for(page: Page, uscc: str, picture: str = "") -> str:
    """An application that the window begins for an enterprise; its number. `picture`: the name of one of the choice."""
    page.goto(f"window/enterprises/{uscc}/apply?process=general")
    for matter in ("soil-conservation", "power-connection"):
        page.locator(f"input[name=matters][value={matter}]").check()
    if picture:
        looked_at(page, picture, "desktop")
    page.get_by_role("button", name=re.compile("下一步|Next")).click()
    expect(page).to_have_url(re.compile("/apply/[0-9]{8}-"))
    return page.url.rsplit("/", 1)[1]


def test_a_letter_signed_on_paper_is_uploaded_at_the_window_in_place_of_the_click(
    signed_in: Sign, stack: Stack
) -> None:
    window = signed_in("window", lang="en")
    packet = begun_for(window, stack.user("applicant").attributes["uscc"])
    typed(window, "enterprise.name", "商丘样例生物科技有限公司")
    typed(window, "project.name", "某项目")
    window.locator("#commit-power-connection input").check()
    expect(window.locator("#slot-commitment-letters")).to_be_visible()
    upload(window, "commitment-letters", sample("commitment-letters"))
    in_order(window, "commitment-letters")
    expect(window.locator("#ahead")).not_to_contain_text("Read and sign")
    window.evaluate("scrollTo(0, 0)")
    looked_at(window, "helping-paper-letter", "desktop")

    # with a mandate on paper the window hands in too; the enterprise sees it, and ends it
    window.goto(f"apply/{packet}/mandate?lang=zh")
    expect(window.get_by_role("main")).to_contain_text("请先在申请的“材料”中上传")
    window.goto(f"apply/{packet}")
    upload(window, "authorisation", sample("authorisation"))
    in_order(window, "authorisation")
    window.get_by_role("link", name="有授权委托书的，登记后可以代为提交").click()
    window.locator("input[name=scope][value=packet]").check()
    window.get_by_label("授权终止日").fill(f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}")
    looked_at(window, "mandate")
    window.get_by_role("button", name="已核对原件，登记授权").click()
    expect(window.locator("#ahead")).to_contain_text("凭授权委托书")
    applicant = signed_in("applicant", "phone")
    applicant.goto("mandates")
    mine = applicant.locator("li", has_text=packet)
    expect(mine).to_contain_text("有效")
    looked_at(applicant, "mandates")
    mine.get_by_role("button", name="终止授权").click()
    expect(mine).to_contain_text("已终止")
