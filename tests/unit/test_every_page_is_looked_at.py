"""No page without a look of axe-core and a picture in the browser tests, but for those that say why."""

from pathlib import Path

from tests.browser.pages import LOOKED_AT, NO_PICTURE
from tests.faces import PAGES

SHOWN = {page.name: page for page in PAGES if page.method == "GET"}
STORIES = [path.read_text(encoding="utf-8") for path in (Path(__file__).parents[1] / "browser").glob("test_*.py")]


def test_every_page_is_looked_at_or_says_why_not() -> None:
    assert set(SHOWN) == LOOKED_AT.keys() | NO_PICTURE.keys()
    assert not LOOKED_AT.keys() & NO_PICTURE.keys()


def test_every_picture_is_taken_by_a_browser_test() -> None:
    missing = [name for name, picture in LOOKED_AT.items() if not any(f'"{picture}"' in story for story in STORIES)]
    assert missing == []
