"""Every finding as its applicant reads it, in both languages, on one picture each: to be looked at by people."""

import re
from string import Formatter
from typing import Any

import pytest
from kaigong.domain.model.facts import Active, Difference, Limit
from kaigong.domain.model.naming import joined
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.domain.words.finding import CONVERSIONS, DEFICIENCIES, WARNINGS, WAYS, formats, of_files, of_pages, reason
from kaigong.portal.apply.pages import _TONES
from kaigong.portal.web.rendering import STATIC, environment
from kaigong.portal.web.request import Request
from kaigong.views.foreseen import FileForeseen, SlotForeseen
from kaigong.views.states import SLOT_STATES, SlotState
from kaigong.views.words.foreseen import MEND, TO_DO
from playwright.sync_api import Browser

from .looking import WINDOWS, check_axe, fits, shot

STYLES = ("vendor/pico-2.1.1/pico.min.css", "portal.css", "apply/apply.css")
PAGE = """<!doctype html><html lang="{{ 'zh-CN' if lang == 'zh' else lang }}" data-theme="light"><title>findings</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{{ css|safe }}</style>
{% import "apply/parts.html" as parts with context %}
<main class="container"><h1>findings</h1><div class="filling">
{% for slot in slots %}<article class="slot"><header><h2>{{ slot.name|t }}</h2></header>
{{ parts.state(slot) }}</article>
{% endfor %}</div></main></html>"""
LONG = "商丘市梁园区某某生物酶制剂科技发展有限公司"
VALUES: dict[str, Any] = {
    "formats": formats(("pdf", "ofd", "jpeg", "png", "tiff", "webp", "heic")),
    "limits": joined(names.LIMITS[limit] for limit in (Limit.CPU, Limit.MEMORY)),
    "kind": "JPEG",
    "way": next(iter(CONVERSIONS.values())),
    "what": joined(names.ACTIVE[what] for what in Active),
    "name": LONG,
    "uscc": "91411402MA0KG0002N",
    "count": 41,
    "bound": 40,
    "pages": 60,
    "blank": 2,
    "width": 320,
    "height": 480,
}


def findings() -> dict[str, tuple[SlotState, Text]]:
    """Every reason by a name of its own, its places filled as they may be at their longest."""
    found = {code: (SlotState.DEFICIENT, reason(code, on=(3, 7), **VALUES)) for code in DEFICIENCIES}
    found |= {code: (SlotState.WARNING, reason(code, on=(3, 7), **VALUES)) for code in WARNINGS}
    differ = joined(names.DIFFERENCES[what] for what in Difference)
    found["readers-disagree"] = (SlotState.WARNING, reason("readers-disagree", what=differ))
    for other, way in WAYS.items():
        said = reason("other-kind", **VALUES | {"kind": names.OTHERS[other], "way": way})
        found[f"other-kind {other}"] = (SlotState.DEFICIENT, said)
    for kind, way in CONVERSIONS.items():
        said = reason("format-not-accepted", **VALUES | {"kind": kind.upper(), "way": way})
        found[f"format-not-accepted {kind}"] = (SlotState.DEFICIENT, said)
    photos = [(1, "微信图片_20261128093012.jpg"), (3, "IMG_0003.HEIC")]
    found["of pages"] = (SlotState.DEFICIENT, of_pages(photos, reason("all-pages-blank")))
    files = of_files(["图纸1.pdf", "图纸2.pdf"], reason("blank-pages", on=(3,), **VALUES))
    found["of files"] = (SlotState.WARNING, files)
    return found


def drawn(lang: Any) -> str:
    file = FileForeseen(name="扫描件（盖章）.pdf", size=2_345_678, at=None, id="0" * 16, state=SlotState.WARNING)
    slots = [
        SlotForeseen(
            slot=re.sub("[^a-z-]", "-", name),
            name=Text(zh=name, en=name),
            state=state,
            matters=(),
            main=True,
            formats=("pdf",),
            sample="",
            files=(file,),
            findings=(text,),
            to_do=MEND if state is SlotState.DEFICIENT else TO_DO[state],
        )
        for name, (state, text) in findings().items()
    ]
    values = {
        "slots": slots,
        "css": "\n".join((STATIC / style).read_text("utf-8") for style in STYLES),
        "tones": _TONES,
        "states": SLOT_STATES,
        "d": {"packet": "p", "version": 1},
        "accepted": False,
        "status": None,
        "megabytes": 500,
        "lang": lang,
        "base": "./",
        "visit": Request(path="/", lang=lang),
    }
    return environment().from_string(PAGE).render(values)


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_every_finding_can_be_read(browser: Browser, lang: str, size: Any) -> None:
    page = browser.new_page(viewport=WINDOWS[size])
    page.set_content(drawn(lang))
    assert page.locator("article").count() == len(findings())
    said = " ".join(page.locator(".findings").all_inner_texts())
    assert not re.search(r"[{}]|\bText\(", said)
    fits(page)
    check_axe(page)
    shot(page, f"findings-{lang}")
    page.close()


def test_every_finding_is_filled_in_whole() -> None:
    for text in (*DEFICIENCIES.values(), *WARNINGS.values()):
        for said in (text.zh, text.en):
            assert {name for _, name, _, _ in Formatter().parse(said) if name} <= {*VALUES, "where"}
