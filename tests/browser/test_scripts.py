"""What our scripts and style sheets ask of a browser: offices have those of years ago (360, QQ, UOS, Kylin)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

STATIC = Path(__file__).parents[2] / "functions" / "kaigong" / "portal" / "static"
ACORN = Path(__file__).parent / "vendor" / "acorn-8.19.0" / "acorn.js"  # MIT; from npm's acorn
YEAR = 2019  # ECMAScript of that year: Chromium 73 and later. htmx wants a newer one, and no page needs htmx
OURS = sorted(path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)
NEWER = re.compile(  # what a browser of that year has not, as far as anybody here was tempted
    r"\.(replaceChildren|requestSubmit|replaceAll|at|hasOwn|allSettled|any|arrayBuffer|showPicker)\("
    r"|structuredClone|globalThis|[\"'`][^\"'`\n]*:(is|has|where)\("
)
_ASK = """([source, year]) => {
    try { acorn.parse(source, { ecmaVersion: year }); return ""; } catch (error) { return error.message; }
}"""


def test_every_script_parses_in_a_browser_of_years_ago(browser: Browser) -> None:
    page = browser.new_page()
    page.evaluate(ACORN.read_text(encoding="utf-8"))
    assert page.evaluate(_ASK, ["let a = 1; a ||= 2;", YEAR])
    said = {path.name: page.evaluate(_ASK, [path.read_text(encoding="utf-8"), YEAR]) for path in OURS}
    page.close()
    assert len(said) >= 3
    assert not any(said.values()), said


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_script_uses_what_such_a_browser_has_not(path: Path) -> None:
    assert [line for line in path.read_text("utf-8").splitlines() if NEWER.search(line)] == []


def test_no_style_sheet_hides_the_way_to_upload_from_it() -> None:
    """The choice of a file lies unseen over its label: where it lies must be said in words that the browser knows."""
    for path in STATIC.rglob("*.css"):
        assert "vendor" in path.parts or not re.search(r"[{;]\s*inset(-\w+)*\s*:", path.read_text("utf-8")), path.name
