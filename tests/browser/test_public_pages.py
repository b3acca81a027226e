"""What everybody sees without signing in: the home page, the guide, the way in, and what is not there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .looking import Size, looked_at

SIZES: tuple[Size, ...] = ("phone", "desktop")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["./", "guide", "guide?process=industrial&stage=construction", "sign-in"])
def test_a_public_page_is_sound_in_both_languages_on_both_sizes(
    path: str, lang: str, size: Size, page_at: Callable[..., Page]
) -> None:
    page = page_at(size, lang)
    answer = page.goto(path)
    assert answer
    assert answer.status == 200
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if lang == "zh" else "en")
    looked_at(page, f"{path.partition('?')[0].strip('./') or 'home'}{'-one' if '?' in path else ''}-{lang}")


def test_the_language_is_switched_and_kept(page_at: Callable[..., Page]) -> None:
    page = page_at("desktop")
    page.goto("guide")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guide")
    page.goto("./")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("size", SIZES)
def test_an_address_that_is_not_there_says_what_to_do(size: Size, page_at: Callable[..., Page]) -> None:
    page = page_at(size)
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


def test_the_guide_works_without_javascript(page_at: Callable[..., Page]) -> None:
    page = page_at("phone", javascript=False)
    page.goto("guide")
    page.get_by_label("项目类型").select_option(index=1)
    page.get_by_role("button", name="查看").click()
    expect(page).to_have_url(re.compile("process="))
    expect(page.get_by_role("heading", name="材料", exact=True)).to_be_visible()
