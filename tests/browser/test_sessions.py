"""Sessions that end: nothing that was typed is lost, and nothing is left to look at."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from infra.local import Stack

from .looking import ISSUER, Sign, Size, looked_at, signed_in_by_form
from .test_apply import begun, typed

SESSION = "__Host-session"


def test_a_form_sent_after_the_session_ended_is_sent_once_more_after_signing_in(stack: Stack, signed_in: Sign) -> None:
    page = signed_in("stranger", "phone", javascript=False)
    begun(page, "soil-conservation")
    typed(page, "project.name", "会话过期时正在填写的项目")
    page.context.clear_cookies(name=SESSION)
    typed(page, "enterprise.name", "某公司")
    page.locator('input[name="enterprise.name"]').press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录已过期，请先登录")
    kept = page.locator("form[action$='/save'] input[type=hidden][name='project.name']")
    expect(kept).to_have_value("会话过期时正在填写的项目")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="在新窗口登录").click()
    signed_in_by_form(opened.value, stack.user("stranger"))
    page.get_by_role("button", name="我已登录，继续提交").click()
    expect(page).to_have_url(re.compile("/apply/[0-9]{8}-[^/]*$"))
    expect(page.locator('input[name="project.name"]')).to_have_value("会话过期时正在填写的项目")


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_the_page_that_keeps_what_was_typed_is_sound(lang: str, size: Size, signed_in: Sign) -> None:
    page = signed_in("stranger", size, lang)
    page.goto("apply?process=general")
    page.locator("input[name=matters]").first.check()
    page.context.clear_cookies(name=SESSION)
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("登录已过期|Your session has expired"))
    looked_at(page, f"signed-out-{lang}", size)


def test_after_signing_out_neither_the_back_button_nor_the_browsers_storage_shows_anything(
    stack: Stack, signed_in: Sign
) -> None:
    page = signed_in("stranger")
    page.context.clear_cookies()
    signed_in_by_form(page, stack.user("stranger"))  # a session of its own: it is ended here
    page.goto("packets")
    page.evaluate("() => localStorage.setItem('kept', '1')")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile(r"/\$default/$"))  # by way of the issuer, whose session ends too
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    assert page.evaluate("() => localStorage.getItem('kept')") is None
    names = {str(cookie.get("name")) for cookie in page.context.cookies()}
    assert names <= {"lang"}
    page.go_back()
    expect(page.locator(".who")).to_have_count(0)
    page.goto("packets")
    expect(page).to_have_url(ISSUER)


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_the_page_between_here_and_the_issuer_s_sign_out_is_sound(
    stack: Stack, page_at: Callable[..., Page], lang: str, size: Size
) -> None:
    page = page_at(size, lang)
    page.route("**/logout?*", lambda route: route.fulfill(status=204))  # the browser stays on the page before
    signed_in_by_form(page, stack.user("stranger"))
    page.get_by_role("button", name=re.compile("^退出$|Sign out")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("您已退出本系统|You are signed out"))
    looked_at(page, f"leaving-{lang}", size)
    expect(page.get_by_role("button", name=re.compile("请点这里|Continue"))).to_have_attribute(
        "href", re.compile("/logout\\?")
    )
