"""A document is dropped on /verify: its hash is computed in the browser, and each answer is told, with why and when.

The portal answers here in this process: what a document is worth is decided from values, and no stack is needed.
"""

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from kaigong.domain.model.documents import DocumentKind, IssuedDocument, pdf
from kaigong.portal.verify import actions
from kaigong.settings import settings
from kaigong.store import documents, packets
from playwright.sync_api import Browser, Page, Route, expect

from tests.functions.asking import ask
from tests.functions.world import ENVIRONMENT
from tests.unit.building import PACKET
from tests.unit.test_verification import a_document, closed, decided, revoked

from .looking import WINDOWS, check_axe, fits, shot

HERE = "http://localhost:9/"  # a secure context, which the computing of hashes asks for; nobody listens there
CERTIFICATE = b"%PDF-1.7 \xe2 " + PACKET.encode() + b" the certificate as it was issued"
ISSUED: IssuedDocument = a_document(pdf(DocumentKind.CERTIFICATE), "soil").changed(
    sha256=hashlib.sha256(CERTIFICATE).hexdigest()
)
STORIES = {
    "current": (decided, CERTIFICATE, "真实有效"),
    "superseded": (closed, CERTIFICATE, "已有更新"),
    "revoked": (revoked, CERTIFICATE, "批准已收回"),
    "changed": (decided, CERTIFICATE + b"\n", "不是我们签发的那份文件"),
    "unknown": (decided, b"%PDF-1.7 somebody else's", "查无此文件"),
}


@pytest.fixture
def page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    monkeypatch.setattr(documents, "of", {ISSUED.sha256: ISSUED}.get)
    monkeypatch.setattr(actions, "_newest", lambda _: ISSUED)
    page = browser.new_page(viewport=WINDOWS["phone"])
    page.route("**/*", _answered)
    yield page
    page.close()
    settings.cache_clear()


def _answered(route: Route) -> None:
    request, address = route.request, urlsplit(route.request.url)
    sent = {"body": request.post_data} if request.post_data else {}
    headers = {**request.headers, "host": address.netloc}
    answer = ask(address.path, query=dict(parse_qsl(address.query)), method=request.method, headers=headers, **sent)
    content = base64.b64decode(answer["body"]) if answer.get("isBase64Encoded") else answer["body"]
    route.fulfill(status=answer["statusCode"], headers=answer.get("headers", {}), body=content)


@pytest.mark.parametrize("story", STORIES)
def test_who_holds_a_document_learns_what_it_is_worth(story: str, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    become, file, verdict = STORIES[story]
    case, sent = become(), list[str]()
    monkeypatch.setattr(packets, "load_shown", lambda _: case.packet)
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.goto(f"{HERE}verify")
    chosen = {"name": "准予行政许可决定书.pdf", "mimeType": "application/pdf", "buffer": file}
    page.get_by_label("选择文件").set_input_files(chosen)
    answer = page.get_by_role("status").first
    if story == "changed":  # by its hash alone it is unknown; whoever agrees sends it, and learns whose number it has
        expect(answer).to_contain_text("查无此文件")
        assert not any(base64.b64encode(file)[:24].decode() in each for each in sent)
        page.get_by_label("查不到？").set_input_files(chosen)
        page.get_by_role("button", name="同意发送并核验").click()
    expect(answer).to_contain_text(verdict)
    if story in ("superseded", "revoked"):
        assert answer.locator("time").count() == 2, "when it was issued, and since when that is so"
    fits(page)
    check_axe(page)
    shot(page, f"verify-{story}")
