"""What the tests of pages do beside clicking: ask axe-core, keep a picture, sign in by the form."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from kaigong.contract.routes import Group
from playwright.sync_api import Locator, Page, Request, ViewportSize, expect

from infra.local import Stack, User, paths
from tests.faces import PAGES
from tests.patience import eventually

from .pages import LOOKED_AT

Size = Literal["phone", "desktop", "smallest"]
SIZES: tuple[Size, ...] = ("phone", "desktop")
WINDOWS: dict[Size, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
    "smallest": {"width": 320, "height": 700},
}
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"  # MPL-2.0; from npm's axe-core
AMPLE = 25_000  # milliseconds; longer than a page waits between two looks, shorter than it waits for an answer
ISSUER = re.compile("/oauth2/authorize")  # the emulator's sign-in page
SCREENS = paths.ROOT / "out" / "screens"
# Without the selectors of what it looked at, nor another fetch of the style sheets (whether they turn a page by the
# way it is held is asked of themselves, tests/unit/test_styles.py), it takes two thirds of the time.
_ASK = """
async (rules) => {
    const asked = { resultTypes: ["violations"], selectors: false, preload: false };
    const found = await axe.run(document, rules ? { ...asked, runOnly: rules } : asked);
    return found.violations.map((rule) => ({
        rule: rule.id, why: rule.help, where: rule.nodes.map((node) => node.html.slice(0, 200)),
    }));
}
"""
BY_LAYOUT = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
_PATHS = {  # of the page that a picture shows
    LOOKED_AT[page.name]: re.sub(r"\{[^}]+\}", "[^/]+", page.path) for page in PAGES if page.name in LOOKED_AT
}
FOR_EVERYBODY = {  # the pictures of what applicants and the public see
    LOOKED_AT[page.name] for page in PAGES if page.name in LOOKED_AT and (page.open or Group.APPLICANT in page.groups)
}


class Sign(Protocol):
    def __call__(self, username: str, size: Size = "desktop", lang: str = "zh", **options: Any) -> Page: ...


def check_axe(page: Page, rules: Sequence[str] = ()) -> None:
    """axe-core finds no violation of any of its rules, or of some, on the page as it is now, frames of other origins
    left out.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_ASK, list(rules) or None)
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page in out/screens/<name>.png, packed quickly: Playwright's take twice the time."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    width, height = page.evaluate("() => [document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    asked = {"format": "png", "captureBeyondViewport": True, "optimizeForSpeed": True, "clip": clip}
    session = page.context.new_cdp_session(page)
    picture = session.send("Page.captureScreenshot", asked)["data"]
    session.detach()
    (SCREENS / f"{name}.png").write_bytes(b64decode(picture))


def fits(page: Page) -> None:
    """A page that is finished: nothing sticks out at its side, and it has a title and one first heading."""
    page.wait_for_load_state()  # a press has brought its page only so far that its address is there
    width, seen = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= seen, f"{width} pixels of page in a window of {seen}: {page.evaluate(_OUT)}"
    expect(page).to_have_title(re.compile(r"\S"))
    expect(page.locator("h1")).to_have_count(1)


# What sticks out: the innermost that do.
_OUT = """
() => [...document.body.querySelectorAll("*")]
  .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.querySelector("*"))
  .map((e) => e.outerHTML.slice(0, 120)).slice(0, 5)
"""


@contextmanager
def sized(page: Page, size: Size) -> Iterator[None]:
    """The page in a window of that size; afterwards in its own again, and scrolled to where it was.

    No script of ours asks for the window's size: what differs is what style sheets say. A phone's finger and its way
    with zoom stay those of the page's own kind.
    """
    own = page.viewport_size
    if own == WINDOWS[size]:
        yield
        return
    assert own
    place = page.evaluate("() => [scrollX, scrollY]")
    page.set_viewport_size(WINDOWS[size])
    yield
    page.set_viewport_size(own)
    page.evaluate("([x, y]) => scrollTo(x, y)", place)


def looked_at(page: Page, name: str, *sizes: Size) -> None:
    """A page that is finished on both sizes; without a violation, and a picture of it, on both unless one is named. The
    picture by which a page is known is taken of the smallest phone too.

    axe-core and the picture take most of the time of these tests: once for a page, not in every test, and not again
    for the other language. In the first of its sizes a page has axe-core's whole set of rules, in the other
    those that depend on where things are.
    """
    if path := _PATHS.get(name):
        assert re.search(f"{path}$", urlsplit(page.url).path), f"{name} is a picture of {path}, not of {page.url}"
    rules: Sequence[str] = ()
    for size in sorted(SIZES, key=lambda size: WINDOWS[size] != page.viewport_size):  # its own first
        with sized(page, size):
            fits(page)
            if not sizes or size in sizes:
                check_axe(page, rules)
                shot(page, f"{name}-{size}")
                rules = BY_LAYOUT
    if path:
        fits_the_smallest(page, name)
        if name in FOR_EVERYBODY:
            fits_in_large_letters(page)


def fits_in_large_letters(page: Page) -> None:
    """Whole on a phone in large letters too: with the style sheets that 长者模式 has, and then with its own again."""
    with sized(page, "phone"):
        page.evaluate(_LETTERS, True)
        fits(page)
        page.evaluate(_LETTERS, False)


_LETTERS = """
async (large) => {
    document.documentElement.classList.toggle("large", large);
    const sheets = [...document.querySelectorAll('link[rel="stylesheet"]:not([href*="vendor"])')];
    await Promise.all(sheets.map((sheet) => new Promise((loaded, failed) => {
        sheet.onload = loaded;
        sheet.onerror = failed;
        const [before, after] = sheet.href.split(/static\\/(?:large\\/)?/);
        sheet.href = `${before}static/${large ? "large/" : ""}${after}`;
    })));
}
"""


def fits_the_smallest(page: Page, name: str) -> None:
    """Whole in a window of 320 px, with a picture; everything that is pressed is 44 px high at least (WCAG 2.5.5), but
    for links within a text.
    """
    with sized(page, "smallest"):
        fits(page)
        small = page.evaluate(_SMALL)
        assert small == [], small
        shot(page, f"{name}-320")


_SMALL = """
() => [...document.querySelectorAll(
    "button, [role=button], summary, select, input:not([type=hidden]), nav a, footer a, .dock, label.pick")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".skip") && !e.matches("[type=file]"))
  .map((e) => (e.matches("[type=checkbox], [type=radio]") ? e.closest("label") : e))
  .filter((e) => e.getBoundingClientRect().height < 43.5)
  .map((e) => `${e.outerHTML.slice(0, 120)} ${e.getBoundingClientRect().height}`)
"""


def press(place: Locator) -> None:
    """Press a button, a link or a summary; by the keyboard where a PDF is shown beside it: while a page moves, Chromium
    may hand a click of the mouse to the frame of the PDF.
    """
    if place.page.locator("#viewer iframe").count():
        place.press("Enter")
    else:
        place.click()


def comes_by_itself(page: Page, place: Locator) -> None:
    """`place` comes though nobody presses reload. `page.clock` was installed: as soon as one look is answered, the next
    one is made to come, but not so often that the portal finds it too much.
    """
    unanswered: set[Request] = set()
    page.on("request", lambda request: unanswered.add(request))
    page.on("requestfinished", lambda request: unanswered.discard(request))
    page.on("requestfailed", lambda request: unanswered.discard(request))

    def came() -> bool:
        if not unanswered:
            page.clock.fast_forward(AMPLE)
        page.wait_for_timeout(400)
        return place.count() > 0

    eventually(came)


def item(stack: Stack, packet: str, sk: str) -> dict[str, Any] | None:
    """An item of a packet, as the table has it now."""
    key = {"pk": {"S": f"PACKET#{packet}"}, "sk": {"S": sk}}
    found = stack.client("dynamodb").get_item(TableName=stack.table, Key=key, ConsistentRead=True)
    return dict(found["Item"]) if "Item" in found else None


def signed_in_by_form(page: Page, user: User) -> None:
    """Sign in as people do."""
    page.goto("sign-in")
    at_issuer(page, user)


def at_issuer(page: Page, user: User) -> None:
    """Give name and password at the issuer, which leads back to the portal."""
    expect(page).to_have_url(ISSUER)
    page.locator("input[name=username]").fill(user.username)
    page.locator("input[name=password]").fill(user.password.get_secret_value())
    page.locator("input[name=password]").press("Enter")
    expect(page).to_have_url(re.compile("/execute-api/(?!.*signed-in)"))
