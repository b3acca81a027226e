"""The portal's pages, asked as API Gateway would: sessions, guards, errors, files."""

import base64
import gzip
import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import write_po
from kaigong.catalog import load
from kaigong.contract.routes import Group
from kaigong.portal import access
from kaigong.portal.account import pages as account
from kaigong.portal.web import compiling, rendering
from kaigong.portal.web import messages as spoken
from kaigong.portal.web.request import Request
from kaigong.settings import settings

from infra import messages
from tests.faces import PAGES, function_of

from .asking import OWN
from .pool import Pool, keyed
from .world import Context, World

HOST = "portal.example"

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def pool(world: World, monkeypatch: pytest.MonkeyPatch) -> Pool:  # noqa: ARG001 - the table is there first
    return Pool().patch(monkeypatch)


def ask(
    path: str,
    method: str = "GET",
    form: str = "",
    cookies: tuple[str, ...] = (),
    origin: str | None = f"https://{HOST}",
    **headers: str,
) -> dict[str, Any]:
    from kaigong.handlers import desk, portal

    sent = {
        "host": HOST,
        **({"origin": origin} if origin else {}),
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    form = keyed(form, cookies) if method == "POST" else form
    if form:
        sent["content-type"] = "application/x-www-form-urlencoded"
    address, _, query = path.partition("?")
    event = {
        "version": "2.0",
        "rawPath": address,
        "rawQueryString": query,
        "queryStringParameters": dict(parse_qsl(query, keep_blank_values=True)) if query else None,
        "headers": sent,
        "cookies": list(cookies),
        "requestContext": {
            "domainName": HOST,
            "http": {"method": method, "path": address, "sourceIp": "203.0.113.9"},
            "stage": "$default",
        },
        "body": form or None,
        "isBase64Encoded": False,
    }
    face = desk if function_of(address) == "desk" else portal
    return face.handler(event, Context())


def html(answer: dict[str, Any]) -> str:
    content = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    return (gzip.decompress(content) if answer["headers"].get("Content-Encoding") == "gzip" else content).decode()


def signed_in(pool: Pool, **claims: Any) -> tuple[str, ...]:
    """The cookie of somebody who is signed in."""
    return pool.session(**claims)


# pages for everybody


@pytest.mark.parametrize("path", ["/", "/guide", "/guide?process=industrial", "/guide?stage=land", "/policies"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_public_pages_are_shown_in_both_languages(path: str, lang: str) -> None:
    answer = ask(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    assert answer["statusCode"] == 200
    assert ('<html lang="en"' if lang == "en" else '<html lang="zh-CN"') in html(answer)
    assert any(c.startswith(f"lang={lang};") for c in answer["cookies"])


@pytest.fixture
def third_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Message]]:
    """A language's one file beside the others, each text in «»; its own name is français."""
    shutil.copytree(messages.LOCALE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    messages.write(tmp_path)
    catalogue = messages.catalogue("fr", tmp_path)
    for message in filter(lambda each: each.id, catalogue):
        many = message.pluralizable
        message.string = (f"«{message.id[0]}»",) * catalogue.num_plurals if many else f"«{message.id}»"
    catalogue.get("中文", "语言自称").string = "français"
    with messages.source("fr", tmp_path).open("wb") as file:
        write_po(file, catalogue)
    messages.write(tmp_path)
    monkeypatch.setattr(spoken, "LOCALE", tmp_path)
    for known in (spoken.languages, spoken.catalogue):
        known.cache_clear()
    yield [message for message in catalogue if message.id]
    for known in (spoken.languages, spoken.catalogue):
        known.cache_clear()


def test_a_third_language_is_one_more_file(third_language: list[Message]) -> None:
    answer = ask("/guide?lang=fr")
    page = html(answer)
    assert '<html lang="fr"' in page
    for message in third_language:
        if "templates/guide/kinds.html" in dict(message.locations):
            said = message.string[-1] if message.pluralizable else message.string
            assert re.search(re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(said)), page), message.id
    assert "«综合窗口：工作日 09:00–17:30。请勿在聊天工具中传送密码或材料。»" in page
    assert load().processes["industrial"].name.en in page  # what rules and the catalogue say
    assert re.findall(r'<a href="\?lang=\w+" lang="([\w-]+)">(.*)</a>', page) == [("zh-CN", "中文"), ("en", "English")]
    assert any(cookie.startswith("lang=fr;") for cookie in answer["cookies"])


@pytest.mark.usefixtures("third_language")
def test_every_page_names_each_other_language_as_that_calls_itself() -> None:
    assert re.findall(r'<a href="\?lang=\w+" lang="([\w-]+)">(.*)</a>', html(ask("/guide"))) == [
        ("en", "English"),
        ("fr", "français"),
    ]
    assert '<html lang="fr"' in html(ask("/guide", cookies=("lang=fr",)))


@pytest.mark.parametrize("lang", ["fr", "../en", "", "EN"])
def test_a_language_that_there_is_not_is_answered_in_chinese_and_not_kept(lang: str) -> None:
    answer = ask(f"/guide?lang={lang}")
    assert '<html lang="zh-CN"' in html(answer)
    assert not any(cookie.startswith("lang=") for cookie in answer.get("cookies", ()))


def test_a_page_is_the_same_from_what_a_build_made_of_the_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = html(ask("/guide/matters/planning-permit?process=general"))
    compiling.compile_templates(tmp_path)
    monkeypatch.setattr(rendering, "COMPILED", tmp_path / "compiled")
    monkeypatch.setattr(rendering, "HERE", tmp_path)  # nothing is translated any more
    rendering.environment.cache_clear()
    try:
        assert html(ask("/guide/matters/planning-permit?process=general")) == asked
    finally:
        rendering.environment.cache_clear()


def test_the_guide_names_every_matter_and_material_of_its_process_and_links_each_sample() -> None:
    page = html(ask("/guide?process=industrial"))
    for code in load().processes["industrial"].matters:
        matter = load().matters[code]
        assert matter.name.zh in page
        for entry in matter.materials:
            assert f'href="./guide/samples/{entry.material}"' in page


def test_a_sample_is_a_pdf_and_an_unknown_one_is_a_page_that_says_so() -> None:
    answer = ask("/guide/samples/business-licence")
    assert answer["headers"]["Content-Type"] == "application/pdf"
    assert base64.b64decode(answer["body"]).startswith(b"%PDF-")
    assert ask("/guide/samples/no-such-paper")["statusCode"] == 404


@pytest.mark.parametrize(
    "path", ["/guide?process=no-such", "/guide?stage=no-such", "/nothing", "/static/../api.py", "/a/b"]
)
def test_an_address_that_there_is_not_is_a_page_that_says_what_to_do(path: str) -> None:
    answer = ask(path)
    assert answer["statusCode"] == 404
    assert "从首页重新进入" in html(answer)


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("20260306-milk-1", "packets/20260306-milk-1"),
        ("２０２６０３０６-milk-1", "packets/20260306-milk-1"),  # as a Chinese keyboard types digits
        (f"https://example.cn/p/{'t' * 32}", f"p/{'t' * 32}"),
        (f"https://example.cn/p/{'t' * 32}#now", f"p/{'t' * 32}"),
    ],
)
def test_a_number_or_a_scanned_link_leads_to_its_progress(typed: str, leads: str) -> None:
    answer = ask(f"/progress?number={typed}")
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, f"./{leads}")


def test_what_is_no_number_is_asked_for_again_with_what_to_do() -> None:
    answer = ask("/progress?number=牛奶厂项目")
    assert answer["statusCode"] == 422
    assert "没有认出编号" in html(answer)
    assert 'value="牛奶厂项目"' in html(answer)


def test_the_foot_of_a_page_says_whose_it_is_and_nothing_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "主办单位" not in html(ask("/"))
    known = settings().model_copy(update={"portal_host": "某市行政审批局", "portal_icp": "豫ICP备1号"})
    monkeypatch.setattr(rendering, "settings", lambda: known)
    page = html(ask("/"))
    for said in ("主办单位：", "某市行政审批局", "豫ICP备1号", "无障碍声明", "隐私说明"):
        assert said in page
    assert "地址：" not in page


def test_the_head_of_a_page_says_who_is_signed_in_and_for_whom(pool: Pool) -> None:
    assert 'class="who"' not in html(ask("/"))
    page = html(ask("/", cookies=signed_in(pool, name="张经办")))
    assert "张经办" in page
    assert OWN in page


@pytest.mark.parametrize("path", ["/", "/guide/samples/business-licence", "/nothing", "/static/portal.css"])
def test_every_answer_carries_the_guards(path: str) -> None:
    headers = ask(path)["headers"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_are_kept_by_the_mark_of_their_content_and_nothing_else_is_served() -> None:
    answer = ask(f"/static/vendor/htmx-4.0.1/htmx.min.js?v={rendering.mark('vendor/htmx-4.0.1/htmx.min.js')}")
    assert answer["statusCode"] == 200
    assert "immutable" in answer["headers"]["Cache-Control"]
    assert rendering.mark("portal.css") in html(ask("/"))
    for path in ("/static/", "/static/vendor", "/static/%2e%2e/api.py", "/static/vendor/htmx-4.0.1/LICENSE"):
        assert ask(path)["statusCode"] == 404


def test_large_letters_are_kept_by_a_cookie_and_bring_the_narrow_window_s_one_column() -> None:
    usual, large = ask("/guide"), ask("/guide?letters=large")
    assert ("letters=usual" in html(usual), "letters=large" in html(usual)) == (False, True)
    assert any(c.startswith("letters=large;") for c in large["cookies"])
    kept = html(ask("/guide", cookies=("letters=large",)))
    assert ' class="large">' in kept
    assert "letters=usual" in kept
    for sheet in ("portal.css", "guide/guide.css"):
        assert f"static/large/{sheet}?v={rendering.mark(sheet)}" in kept
        said = html(ask(f"/static/large/{sheet}"))
        assert "@media all {" in said
        assert not re.search(r"@media \((min|max)-width", said)
    assert "static/vendor/pico" in kept
    assert ask("/static/large/vendor/pico-2.1.1/pico.min.css")["statusCode"] == 404
    assert not ask("/guide?letters=huge")["cookies"]


def test_long_answers_are_compressed_where_the_browser_takes_it() -> None:
    answer = ask("/guide", accept_encoding="gzip, br")
    assert answer["headers"]["Content-Encoding"] == "gzip"
    assert "<h1>办事指南</h1>" in html(answer)


def test_every_link_is_relative_so_that_the_portal_may_stand_under_a_prefix() -> None:
    for path in ("/", "/guide", "/verify", "/a/b/c"):
        page = html(ask(path))
        assert 'href="/' not in page
        assert 'src="/' not in page
        assert 'action="/' not in page
    assert 'href="../../guide"' in html(ask("/a/b/c"))


# sessions


def test_a_page_for_somebody_leads_to_the_sign_in_and_back(pool: Pool) -> None:
    answer = ask("/me")
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "./sign-in?next=me")
    assert ask("/me", cookies=signed_in(pool))["statusCode"] in (200, 303)


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", f"https://{HOST}.evil.example"])
def test_nothing_is_written_for_a_form_of_another_site(pool: Pool, origin: str | None) -> None:
    for page in PAGES:
        if page.method == "POST" and not page.foreign:
            path = page.path.replace("{", "").replace("}", "")
            assert ask(path, "POST", "x=1", signed_in(pool), origin=origin)["statusCode"] == 403, page.name
    assert pool.revoked == []


def test_a_cross_site_request_with_our_origin_spelled_is_refused_by_what_the_browser_says(pool: Pool) -> None:
    answer = ask("/sign-out", "POST", "x=1", signed_in(pool), sec_fetch_site="cross-site")
    assert answer["statusCode"] == 403


def test_a_caller_without_a_page_of_its_own_is_told(pool: Pool) -> None:
    page = html(ask("/me", cookies=signed_in(pool, **{"cognito:groups": ["supervisor"]})))
    assert "尚未分配" in page or Group.SUPERVISOR in account.START


def test_an_error_of_ours_says_so_and_shows_nothing_of_it(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> access.Caller:
        raise RuntimeError("张三 91411402MA0KG0002N")

    mine = signed_in(pool)
    monkeypatch.setattr(access, "on", broken)
    answer = ask("/me", cookies=mine)
    assert answer["statusCode"] == 500
    assert "系统故障" in html(answer)
    assert "张三" not in json.dumps(answer, ensure_ascii=False)


def test_a_moment_before_time_begins_in_the_halls_zone_is_shown_all_the_same() -> None:
    """As one record has it that was made before days had bounds: its page must open."""
    shown = rendering.environment().from_string("{{ at|when }}, {{ at|day }}")
    at = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8, minutes=5)))
    assert shown.render(at=at, visit=Request(path="/")) == "1年1月1日00:00, 1年1月1日"
