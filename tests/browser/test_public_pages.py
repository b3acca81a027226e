"""What everybody sees without signing in: the home page, the guide, the way in, and what is not there."""

import hashlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from infra.local import Stack

from .looking import ISSUER, SIZES, Sign, Size, at_issuer, fits, fits_the_smallest, looked_at, sized

LOOKED_AT: dict[str, Size] = {"zh": "phone", "en": "desktop"}  # each language once, and each size


@pytest.mark.parametrize("lang", LOOKED_AT)
@pytest.mark.parametrize(
    "path",
    [
        "./",
        "guide",
        "guide?process=industrial&stage=construction",
        "guide/questions?process=general",
        "guide/needed?process=industrial",
        "guide/search?q=water",
        "guide/matters/planning-permit?process=general",
        "verify",
        "policies",
        "accessibility",
        "privacy",
    ],
)
def test_a_public_page_is_sound_in_both_languages_on_both_sizes(
    path: str, lang: str, page_at: Callable[..., Page]
) -> None:
    page = page_at(LOOKED_AT[lang], lang)
    answer = page.goto(path)
    assert answer
    assert answer.status == 200
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if lang == "zh" else "en")
    name = f"{path.partition('?')[0].strip('./').replace('/', '-') or 'home'}{'-one' if '?' in path else ''}-{lang}"
    looked_at(page, name, LOOKED_AT[lang])
    if LOOKED_AT[lang] == "phone":
        fits_the_smallest(page, name.removesuffix("-zh"))


def test_large_letters_are_one_press_away_and_stay_on_every_page(page_at: Callable[..., Page]) -> None:
    page = page_at("phone")
    page.goto("./")
    page.get_by_role("link", name="长者模式").click()
    for path, picture in (("./", "home-large"), ("guide?process=industrial&stage=construction", "guide-large")):
        page.goto(path)
        expect(page.get_by_role("link", name="标准模式")).to_be_visible()
        assert float(page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)")) >= 22
        looked_at(page, picture)
    page.get_by_role("link", name="标准模式").click()
    expect(page.get_by_role("link", name="长者模式")).to_be_visible()


def test_the_home_page_leads_to_what_people_come_for(page_at: Callable[..., Page]) -> None:
    page = page_at("phone")
    page.goto("./")
    for task in ("发起申请", "查询进度", "补交材料", "竣工联合验收"):
        expect(page.get_by_role("heading", name=task, level=2)).to_be_visible()
    expect(page.locator("dl.reform")).to_contain_text("份")
    page.get_by_label("申请编号或进度链接").fill("牛奶厂")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("alert")).to_contain_text("没有认出编号")
    looked_at(page, "home-not-found", "phone")
    page.get_by_label("申请编号或进度链接").fill("20260306-milk-1")
    page.get_by_role("button", name="查询").click()
    expect(page).to_have_url(ISSUER)  # whose packet it is, the sign-in tells


def test_a_document_is_verified_by_a_hash_that_the_browser_computes(page_at: Callable[..., Page]) -> None:
    page, sent = page_at("phone"), list[str]()
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.goto("verify")
    file = {"name": "result.json", "mimeType": "application/json", "buffer": b"made up"}
    page.get_by_label("选择文件").set_input_files(file)
    expect(page.get_by_role("status").first).to_contain_text("查无此文件")
    digest = hashlib.sha256(b"made up").hexdigest()
    assert any(digest in each for each in sent)
    assert not any("made up" in each or "bWFkZSB1cA" in each for each in sent)  # the file stays where it is
    looked_at(page, "verify-unknown", "phone")
    page.get_by_label("查不到？").set_input_files(file)
    with page.expect_navigation():  # the page before says the same
        page.get_by_role("button", name="同意发送并核验").click()
    expect(page.get_by_role("status").first).to_contain_text("查无此文件")
    fits_the_smallest(page, "verify")


def test_who_is_signed_in_and_for_whom_stands_on_every_page(signed_in: Sign) -> None:
    page = signed_in("applicant", "phone")
    expect(page.locator(".who")).to_contain_text(re.compile("[0-9A-Z]{18}"))
    looked_at(page, "home-signed-in", "phone")
    officer = signed_in("officer-water")
    expect(officer.locator(".who")).to_contain_text("市水利局")


def test_the_language_is_switched_and_kept(page_at: Callable[..., Page]) -> None:
    page = page_at("desktop")
    page.goto("guide")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guide")
    page.goto("./")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_an_address_that_is_not_there_says_what_to_do(page_at: Callable[..., Page]) -> None:
    page = page_at("phone")
    answer = page.goto("no/such/page")
    assert answer
    assert answer.status == 404
    looked_at(page, "not-found")
    page.get_by_role("main").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("拿地即开工")


def test_everything_is_reached_without_a_mouse(page_at: Callable[..., Page]) -> None:
    page = page_at("desktop")
    page.goto("./")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))


def test_the_guide_works_without_javascript(stack: Stack, page_at: Callable[..., Page]) -> None:
    page = page_at("phone", javascript=False)
    page.goto("guide")
    page.get_by_role("heading").get_by_role("link", name="工业类产业类项目").click()
    expect(page).to_have_url(re.compile("process=industrial$"))
    page.get_by_role("navigation", name="阶段").get_by_role("link", name="施工许可").click()
    expect(page).to_have_url(re.compile("process=industrial&stage=construction$"))
    expect(page.get_by_role("navigation", name="阶段").locator("[aria-current]")).to_contain_text("施工许可")
    page.get_by_role("navigation", name="本页内容").get_by_role("link", name="材料和样本").click()
    expect(page).to_have_url(re.compile("stage=construction#materials$"))
    expect(page.get_by_role("heading", name="材料和样本", exact=True)).to_be_in_viewport()
    licence = page.locator("#material-business-licence")
    licence.locator("summary").click()
    expect(licence).to_contain_text("首页有企业名称或统一社会信用代码")
    expect(licence).to_contain_text("建设工程施工许可证核发")
    page.get_by_role("link", name="不知道要办哪些事项？").click()
    page.get_by_label("靠近河道、湖泊").check()
    page.get_by_role("button", name="看我要办的事项").click()
    expect(page).to_have_url(re.compile("answers=river"))
    flood = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="洪水影响评价", exact=True))
    expect(flood).to_contain_text("河道管理范围内")
    flood.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("洪水影响评价")
    page.go_back()
    page.get_by_role("button", name="申请这些事项").first.click()
    at_issuer(page, stack.user("applicant"))
    expect(page).to_have_url(re.compile("flood-impact"))  # what was chosen goes along


def test_the_first_view_of_the_guide_is_a_choice_that_fits_a_phone(page_at: Callable[..., Page]) -> None:
    page = page_at("phone")
    page.goto("guide")
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height < 2 * 844, f"{height} pixels to scroll through before anything is chosen"
    page.locator(".kinds article").nth(1).click()  # all of a card leads on
    expect(page.get_by_role("heading", level=1)).to_have_text("一般企业投资项目")


@pytest.mark.parametrize("lang", LOOKED_AT)
def test_the_guide_of_all_stages_is_sound_folded_and_unfolded(lang: str, page_at: Callable[..., Page]) -> None:
    page = page_at(LOOKED_AT[lang], lang)
    page.goto("guide?process=general")
    for size in SIZES:
        with sized(page, size):
            contents = page.locator("#toc").bounding_box()
            assert contents
            assert contents["y"] < 844, "what the page holds is told on the first screen"
            fits(page)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    looked_at(page, f"guide-general-open-{lang}", LOOKED_AT[lang])  # unfolded, it holds all that it holds folded


def test_a_phone_gets_back_to_the_contents_from_everywhere(page_at: Callable[..., Page]) -> None:
    page = page_at("phone")
    page.goto("guide?process=general#departments")
    back = page.get_by_role("link", name="目录")
    expect(back).to_be_in_viewport()
    back.click()
    expect(page.get_by_role("heading", name="本页内容")).to_be_in_viewport()


def test_a_sample_is_downloaded(page_at: Callable[..., Page]) -> None:
    page = page_at("desktop")
    page.goto("guide?process=general&stage=land")
    with page.expect_download() as download:
        page.locator("#material-business-licence").get_by_role("link").click()
    assert download.value.suggested_filename.endswith(".pdf")


def test_signing_out_looks_like_the_links_beside_it(signed_in: Sign) -> None:
    page = signed_in("applicant", "phone")
    parts = page.locator("header.site nav li").locator("a, button")
    expect(parts).to_have_count(5)
    for size in SIZES:
        with sized(page, size):
            looks = parts.evaluate_all(
                """parts => parts.map((part) => {
                    const { color, fontSize, fontWeight, fontFamily, textDecorationLine, lineHeight } =
                        getComputedStyle(part);
                    const text = document.createRange();
                    text.selectNodeContents(part);
                    const { y, height } = text.getBoundingClientRect();
                    return { color, fontSize, fontWeight, fontFamily, textDecorationLine, lineHeight, y, height };
                })"""
            )
        assert looks[2]["textDecorationLine"] == "none"
        assert looks[2] == looks[0] == looks[1]
