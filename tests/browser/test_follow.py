"""Following a packet in a real browser: the page refreshes by itself, the receipt's link opens the public progress."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from kaigong.catalog import load
from playwright.sync_api import Page, Route, expect

from infra.command.client import departments
from infra.local import Stack
from infra.samples import city_case, draw
from tests.patience import eventually
from tests.rest import comes_to_rest

from .looking import AMPLE, SCREENS, Sign, comes_by_itself, fits_the_smallest, item, looked_at

CASE = city_case()
DEPARTMENTS = sorted({load().matters[matter].department for matter in CASE.matters})
QUEUES = [name for department in DEPARTMENTS for name in departments.review_queues(department)]

Visitor = Callable[..., Page]


@pytest.fixture(scope="module")
def papers() -> dict[str, bytes]:
    """The case's papers, drawn once."""
    return {slot: draw(slot, CASE.enterprise, CASE.project) for slot in CASE.materials}


@pytest.fixture
def packet(stack: Stack, papers: dict[str, bytes], desks: None) -> str:  # noqa: ARG001 - its departments are asked
    """A packet of the applicant that departments review; two papers of it are promised."""
    packet = hand_in(stack, papers)
    eventually(lambda: item(stack, packet, "REVIEW#soil-conservation"))  # cheaper to ask for than the page
    return packet


@pytest.fixture(scope="module")
def standing(stack: Stack, papers: dict[str, bytes]) -> str:
    """Such a packet for all the tests that only look. Nobody is asked to decide it."""
    packet = hand_in(stack, papers)
    eventually(lambda: item(stack, packet, "HEADER"))
    comes_to_rest(stack)
    assert list(tasks(stack, packet))
    return packet


def hand_in(stack: Stack, papers: dict[str, bytes], **changes: Any) -> str:
    name, s3 = f"follow-{uuid4().hex[:10]}", stack.client("s3")
    for slot, content in papers.items():
        if slot not in CASE.promises:
            s3.put_object(Bucket=stack.bucket, Key=f"packets/{name}/{slot}/1/paper.pdf", Body=content)
    manifest = {"schema": "kaigong/manifest/1", "packet": name, **CASE.manifest()} | changes
    s3.put_object(Bucket=stack.bucket, Key=f"packets/{name}/manifest.json", Body=json.dumps(manifest).encode())
    return name


def tasks(stack: Stack, packet: str) -> Iterator[dict[str, Any]]:
    """The packet's review tasks that lie in its departments' queues now."""
    sqs = stack.client("sqs")
    for name in QUEUES:
        url = stack.queues[name]
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=600).get(
            "Messages", ()
        ):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            task = json.loads(message["Body"])
            if task["packet"] == packet:
                yield task


def approve(stack: Stack, task: dict[str, Any]) -> None:
    said = {
        "schema": "kaigong/decision/1",
        "id": f"follow-{task['review_id']}-{task['round']}",
        "packet": task["packet"],
        "sent_at": datetime.now(UTC).isoformat(),
        "review_id": task["review_id"],
        "round": task["round"],
        "reply_token": task["reply_token"],
        "outcome": "approve",
        "officer": "李审查",
    }
    stack.client("sqs").send_message(QueueUrl=stack.queues["decisions"], MessageBody=json.dumps(said))


def opened(page: Page, packet: str, state: str) -> None:
    """Open the packet's page once it is there and in that state."""
    page.clock.install()

    def there() -> bool:
        page.goto(f"packets/{packet}")
        return page.locator(".next .big", has_text=state).count() > 0

    eventually(there)


def test_the_page_follows_the_packet_by_itself_to_its_end(
    stack: Stack, packet: str, signed_in: Sign, page_at: Visitor
) -> None:
    page = signed_in("applicant", "phone", forgiven=("404: GET",))
    opened(page, packet, "并联审查中")
    for department in ("airdefence", "water"):  # each of those that have it; on a phone at its matters alone
        expect(page.locator(".next")).to_contain_text(str(load().departments[department].telephone))
    looked_at(page, "follow-in-review")
    answered = page.locator(".next dd").last
    before = answered.inner_text()
    page.get_by_role("link", name="项目受理单（含进度二维码）").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("项目受理单")
    expect(page.locator("svg.qr")).to_be_visible()
    address = page.locator(".address").inner_text()
    looked_at(page, "follow-receipt")
    page.go_back()

    scanned = page_at("phone")
    scanned.clock.install()
    scanned.goto(address)
    expect(scanned.locator(".next")).to_contain_text("并联审查中")
    expect(scanned.locator("body")).not_to_contain_text(CASE.enterprise.name)
    expect(scanned.locator("body")).not_to_contain_text(packet)
    looked_at(scanned, "follow-public", "phone")

    page.get_by_text("怎么算出来的").click()
    expect(page.locator("#next-sum")).to_contain_text("当个工作日内办结")
    page.get_by_text("为什么是这个日期").first.click()
    expect(page.locator("table details[open]")).to_contain_text("当个工作日内办结")
    page.get_by_role("link", name="事项", exact=True).focus()
    for task in tasks(stack, packet):
        approve(stack, task)
    comes_by_itself(page, page.locator(".next dd").last.filter(has_not_text=before))
    expect(page.locator("table details[open]")).to_contain_text("当个工作日内办结")  # what was unfolded stays so
    expect(page.get_by_role("link", name="事项", exact=True)).to_be_focused()  # and the keyboard where it was

    def handed_out() -> bool:
        for task in tasks(stack, packet):
            approve(stack, task)
        return item(stack, packet, "ISSUED#joint-result") is not None

    eventually(handed_out)
    comes_by_itself(page, page.locator(".next .big", has_text="已出件"))
    expect(page.locator(".next .outcome")).to_have_text("办结（容缺通过）")
    expect(page.get_by_role("button", name=re.compile("^补交")).first).to_be_visible()
    looked_at(page, "follow-issued")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载联合审批结果").click()
    assert json.loads(download.value.path().read_bytes())["packet"] == packet
    comes_by_itself(scanned, scanned.locator(".next .big", has_text="已出件"))
    page.get_by_role("link", name="办理档案").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("办理档案")
    expect(page.get_by_text("前后相符")).to_be_visible()
    expect(page.get_by_role("row", name="出具联合审批结果")).to_be_visible()
    looked_at(page, "follow-record")


def test_a_phones_first_screen_says_where_it_is_what_is_next_by_when_and_which_gaps_to_close(
    standing: str, signed_in: Sign
) -> None:
    for lang, state in (("zh", "并联审查中"), ("en", "In review")):
        page = signed_in("applicant", "phone", lang, forgiven=("404: GET",))
        opened(page, standing, state)
        buttons = page.locator("ul.todo [role=button]")
        expect(buttons).to_have_count(len(CASE.promises))
        for part in (page.locator(".next .big"), page.locator(".next dl"), buttons.first, buttons.last):
            expect(part).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == 0
        page.screenshot(path=SCREENS / f"follow-first-screen-{lang}-phone.png")


def test_the_index_leads_to_each_part_of_the_page(standing: str, signed_in: Sign) -> None:
    page = signed_in("applicant", "phone", forgiven=("404: GET",))
    opened(page, standing, "并联审查中")
    links = page.get_by_role("navigation", name="本页内容").get_by_role("link").all()
    assert len(links) == 7
    for link in links:
        link.click()
        target = page.locator(str(link.get_attribute("href")))
        expect(target).to_be_in_viewport()


def test_a_gap_is_closed_from_the_page_while_departments_review(
    packet: str, papers: dict[str, bytes], signed_in: Sign
) -> None:
    page = signed_in("applicant", forgiven=("404: GET",))
    opened(page, packet, "并联审查中")
    slot = CASE.promises[0]
    page.locator(f"ul.todo li[data-slot={slot}]").get_by_role("button", name=re.compile("^补交")).click()
    expect(page.locator(f"#slot-{slot}")).to_be_in_viewport()
    file = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": papers[slot]}
    page.locator(f"[data-upload={slot}] input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # Playwright takes the dict
    expect(page.locator(f"#state-{slot}")).to_have_attribute("data-state", "valid")
    page.get_by_role("button", name="查看办理进度").last.click()
    closed = page.locator("#promises li", has_text="已补齐")
    comes_by_itself(page, closed)
    expect(closed).to_have_count(1)
    expect(page.locator(f"ul.todo li[data-slot={slot}]")).to_have_count(0)
    expect(page.locator("ul.todo li")).to_have_count(len(CASE.promises) - 1)


def test_departments_that_review_side_by_side_are_drawn_side_by_side(standing: str, signed_in: Sign) -> None:
    page = signed_in("applicant", "phone", "en", forgiven=("404: GET",))
    opened(page, standing, "In review")
    places = {}
    for matter in ("air defence basement", "soil and water", "land planning"):
        row = page.locator(".timeline .row", has_text=re.compile(matter, re.IGNORECASE))
        box = row.locator(".bar").first.bounding_box()
        assert box
        places[matter] = box["x"]
    assert max(places.values()) - min(places.values()) < 2
    expect(page.get_by_role("img", name=re.compile("under review:")).first).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Acceptance receipt"))).to_be_visible()


def test_a_page_that_nobody_looks_at_does_not_ask_and_asks_when_it_is_looked_at_again(
    standing: str, signed_in: Sign
) -> None:
    page = signed_in("applicant", forgiven=("404: GET",))
    opened(page, standing, "并联审查中")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/live") else None)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.clock.fast_forward(AMPLE)
    page.evaluate("fetch(location.href).then(() => null)")  # asked for after whatever the page would have asked for
    assert asked == []
    with page.expect_request("**/live"):
        page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")


def test_the_page_is_whole_on_the_smallest_phone(standing: str, signed_in: Sign) -> None:
    page = signed_in("applicant", "phone", forgiven=("404: GET",))
    opened(page, standing, "并联审查中")
    fits_the_smallest(page, "follow")


def test_the_page_in_english(standing: str, signed_in: Sign) -> None:
    page = signed_in("applicant", "phone", "en", forgiven=("404: GET",))
    opened(page, standing, "In review")
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    looked_at(page, "follow-in-review-en", "phone")


def test_a_withdrawn_link_opens_nothing_and_a_new_one_does(packet: str, signed_in: Sign, page_at: Visitor) -> None:
    page = signed_in("applicant", forgiven=("404: GET",))
    opened(page, packet, "并联审查中")
    old = page.get_by_role("button", name="打开公开进度页").get_attribute("href") or ""
    visitor = page_at("phone", forgiven=("404: GET", "console: "))
    visitor.clock.install()
    visitor.goto(old.replace("../", ""))
    expect(visitor.locator(".next .big")).to_have_text("并联审查中")
    page.get_by_role("button", name="停用链接").click()
    expect(page.get_by_role("button", name="生成进度链接")).to_be_visible()
    comes_by_itself(visitor, visitor.get_by_text("进度链接已停用").filter(visible=True))  # where it was open already
    expect(visitor.get_by_text("并联审查中")).to_have_count(0)
    visitor.goto(old.replace("../", ""))
    expect(visitor.get_by_role("heading", level=1)).to_have_text("进度链接无效")
    looked_at(visitor, "follow-no-link", "phone")
    page.get_by_role("button", name="生成进度链接").click()
    new = page.get_by_role("button", name="打开公开进度页").get_attribute("href") or ""
    assert new != old
    visitor.goto(new.replace("../", ""))
    expect(visitor.get_by_role("heading", level=1)).to_have_text(CASE.project.name)


def test_withdrawing_asks_first_and_then_says_so(packet: str, signed_in: Sign) -> None:
    page = signed_in("applicant", "phone", forgiven=("404: GET",))
    opened(page, packet, "并联审查中")
    page.get_by_role("button", name="撤回申请…").click()
    page.get_by_label("撤回原因").fill("项目暂缓实施")
    looked_at(page, "follow-withdraw")
    page.get_by_role("button", name="确认撤回").click()
    comes_by_itself(page, page.locator(".next .big", has_text="已撤回"))
    expect(page.get_by_role("heading", name="撤回申请")).to_have_count(0)
    page.locator("details.card summary").first.click()
    looked_at(page, "follow-withdrawn")
    page.get_by_role("button", name=re.compile("^重新申报")).click()
    expect(page.get_by_label("项目名称")).to_have_value(CASE.project.name)
    expect(page.locator(".slot .file-name").first).to_be_visible()
    looked_at(page, "apply-again", "phone")


def test_a_page_that_cannot_refresh_itself_says_so_and_keeps_what_it_shows(standing: str, signed_in: Sign) -> None:
    page = signed_in("applicant", forgiven=("404: GET", "503: GET", "console: "))
    opened(page, standing, "并联审查中")
    page.route("**/live", lambda route: route.fulfill(status=503, body="<p>out of order</p>"))
    comes_by_itself(page, page.get_by_text("暂时连接不上").filter(visible=True))
    expect(page.locator(".next .big")).to_have_text("并联审查中")
    expect(page.get_by_text("out of order")).to_have_count(0)
    page.unroute("**/live")
    comes_by_itself(page, page.locator("#stale").filter(visible=False))
    expect(page.get_by_text("暂时连接不上")).to_be_hidden()


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_what_is_being_pressed_stays_in_its_place_until_it_is_let_go(standing: str, signed_in: Sign, by: str) -> None:
    page = signed_in("applicant", forgiven=("404: GET",))
    opened(page, standing, "并联审查中")

    def changed(route: Route) -> None:
        answer = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        route.fulfill(response=answer, body=answer.text().replace('id="live"', 'id="live" data-anew'))

    page.route("**/live", changed)
    pressed = page.get_by_text("怎么算出来的")
    pressed.focus()
    pressed.hover()
    page.mouse.down() if by == "mouse" else page.keyboard.down(" ")
    page.evaluate(_ASKED_AND_ANSWERED)
    expect(page.locator("#live[data-anew]")).to_have_count(0)
    page.mouse.up() if by == "mouse" else page.keyboard.up(" ")
    expect(page.locator("#live[data-anew] #next-sum")).to_have_js_property("open", value=True)


# The page asks for itself, and has dealt with the answer.
_ASKED_AND_ANSWERED = """
() => new Promise((done) => {
    document.addEventListener("htmx:finally:request", () => done(), { once: true });
    htmx.trigger(document.querySelector("#live"), "every");
})
"""


def test_a_foreign_packet_is_one_that_is_not_there(standing: str, signed_in: Sign) -> None:
    mine = signed_in("applicant", forgiven=("404: GET",))
    opened(mine, standing, "并联审查中")
    page = signed_in("stranger")
    page.goto(f"packets/{standing}")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到")


def test_the_page_works_without_scripts(standing: str, signed_in: Sign) -> None:
    page = signed_in("applicant", javascript=False, forgiven=("404: GET",))
    opened(page, standing, "并联审查中")
    page.get_by_role("link", name="项目受理单（含进度二维码）").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("项目受理单")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
