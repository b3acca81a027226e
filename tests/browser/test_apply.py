"""Applying by clicks: a bad paper is told, replaced, another promised, a letter accepted, and all handed in."""

import os
import re
import secrets
import time
from base64 import b64encode
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kaigong.catalog import load
from kaigong.catalog.loader import SAMPLES
from playwright.sync_api import Error, Page, Route, expect

from infra.local import Stack
from infra.samples.case import FORM
from tests.patience import LOOK_EVERY, PATIENCE, eventually
from tests.unit.documents import papers

from .looking import SIZES, Sign, fits_the_smallest, looked_at, signed_in_by_form, sized

MEGABYTE = 1024 * 1024
FOUND = "#state-{0}:is([data-state=valid], [data-state=warning])"


def sample(slot: str) -> Path:
    """The sample of a material, a paper that is in order."""
    return SAMPLES / load().materials[slot].sample


def begun(page: Page, *matters: str) -> str:
    """A new application of a general project; its number."""
    page.goto("apply?process=general")
    for matter in matters:
        page.locator(f"input[name=matters][value={matter}]").check()
    page.get_by_role("button", name="下一步").click()
    expect(page).to_have_url(re.compile("/apply/[0-9]{8}-"))
    return page.url.rsplit("/", 1)[1]


HEAP = {
    "soil-plan": "水土保持方案.pdf",
    "business-licence": "营业执照副本.pdf",
    "project-filing-certificate": "扫描件.pdf",
}


def named(slot: str, name: str) -> Any:
    """The sample of a material under a name of the applicant's own."""
    return {"name": name, "mimeType": "application/pdf", "buffer": sample(slot).read_bytes()}


def typed(page: Page, field: str, text: str) -> None:
    page.locator(f'input[name="{field}"]').fill(text)


def upload(page: Page, slot: str, paper: Any) -> None:
    box = page.locator(f"#slot-{slot}")
    expect(box.locator("label.pick")).to_be_visible()  # the script is there
    box.locator("input[type=file]").set_input_files(paper)


def state(page: Page, slot: str, expected: str) -> None:
    expect(page.locator(f"#state-{slot}")).to_have_attribute("data-state", expected)


def fill_in_the_form(page: Page) -> None:
    """Every field that the matters ask for, as the worked case has it."""
    shown = page.locator("[name^='form.']").evaluate_all("all => all.map((e) => e.name)")
    for name in [name for name in shown if name.removeprefix("form.") in FORM]:
        field, value = page.locator(f"[name='{name}']"), FORM[name.removeprefix("form.")]
        if field.evaluate("e => e.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)
            field.blur()


def in_order(page: Page, slot: str) -> None:
    expect(page.locator(f"#state-{slot}")).to_have_attribute("data-state", re.compile("valid|warning"))


def manifests(stack: Stack, packet: str) -> int:
    """How often a packet was handed in."""
    found = stack.client("s3").list_object_versions(Bucket=stack.bucket, Prefix=f"packets/{packet}/manifest.json")
    return len(found["Versions"])


def test_an_application_is_made_by_clicks(signed_in: Sign, handed: list[str]) -> None:
    page = signed_in("applicant", "phone")
    page.goto("packets")
    looked_at(page, "apply-list")
    page.get_by_role("button", name="发起新申请").click()
    looked_at(page, "apply-start")
    # which matters: a few questions in plain words, then those that the project needs, of which two are applied for
    page.goto("guide/questions?process=general")
    page.get_by_label("新装用电或者增容").check()
    page.get_by_role("button", name="看我要办的事项").click()
    page.get_by_role("button", name="申请这些事项").first.click()
    expect(page.locator("input[name=matters]:checked")).to_have_count(10)
    looked_at(page, "apply-matters")
    for box in page.locator("input[name=matters]").all():
        box.set_checked(box.get_attribute("value") in ("soil-conservation", "power-connection"))
    page.get_by_role("button", name="下一步").click()
    expect(page).to_have_url(re.compile("/apply/[0-9]{8}-"))
    packet = page.url.rsplit("/", 1)[1]
    looked_at(page, "apply-new")
    page.goto(f"apply/{packet}/matters")
    looked_at(page, "apply-more", "phone")
    page.goto(f"apply/{packet}/slots/soil-plan")
    looked_at(page, "apply-slot", "phone")
    page.goto(f"apply/{packet}")

    # the form: filled in wrongly, told, mended, saved by itself
    typed(page, "enterprise.name", "商丘样例生物科技有限公司")
    typed(page, "project.code", "2603")
    page.locator('input[name="project.code"]').blur()
    expect(page.locator("#fault-project-code")).to_contain_text("项目代码的格式")
    typed(page, "project.name", "年产500吨生物酶制剂项目")
    typed(page, "project.code", f"2603-411400-04-01-{secrets.randbelow(10**6):06}")  # of no earlier application
    page.locator('input[name="project.code"]').blur()
    expect(page.locator("#fault-project-code")).to_have_text("")
    expect(page.locator("#saved")).to_contain_text("已保存")

    # what the matters need: a value that is none, told; then all of it, which takes the place of the paper
    typed(page, "form.site-area", "十二亩")
    page.locator('input[name="form.site-area"]').blur()
    expect(page.locator("#said-form-site-area")).to_contain_text("不是数字")
    fill_in_the_form(page)
    expect(page.locator("#form-state")).to_contain_text("已填齐")
    state(page, "application-form", "by-form")
    looked_at(page, "apply-form")
    page.goto(f"apply/{packet}/form")
    expect(page.get_by_role("main")).to_contain_text("商丘样例水利咨询有限公司")
    looked_at(page, "apply-form-print", "desktop")
    page.goto(f"apply/{packet}")

    # a paper that cannot be used, and in its place a good one
    broken = {
        "name": "水土保持方案.pdf",
        "mimeType": "application/pdf",
        "buffer": sample("soil-plan").read_bytes()[:2000],
    }
    upload(page, "soil-plan", broken)
    state(page, "soil-plan", "deficient")
    expect(page.locator("#state-soil-plan")).to_contain_text("重新上传")
    expect(page.locator("#ahead")).to_contain_text("会被退回补正")
    page.evaluate("scrollTo(0, 0)")
    looked_at(page, "apply-bad-paper")

    # a heap of files: sorted by their names, looked at, one chosen by hand, and then sent
    heap, scan = page.locator("#heap"), page.get_by_role("combobox", name="扫描件.pdf")
    heap.locator("input[multiple]").set_input_files([named(slot, name) for slot, name in HEAP.items()])
    expect(heap.locator(".said")).to_contain_text("1 个文件认不出")
    heap.get_by_role("button", name="上传这些文件").click()
    expect(scan).to_be_focused()
    scan.select_option("business-licence")
    heap.get_by_role("button", name="上传这些文件").click()
    expect(heap.locator(".said")).to_contain_text("最多 1 个文件")
    scan.select_option("project-filing-certificate")
    looked_at(page, "apply-heap")
    heap.get_by_role("button", name="上传这些文件").click()
    for slot in HEAP:
        in_order(page, slot)

    # an intermediary that the city shut out: the form says so at once, and what to do; another one is named
    drawn = page.locator("#drawn_up-soil-plan")
    drawn.locator("summary").click()
    drawn.get_by_label("机构名称").fill("商丘样例失信环境咨询有限公司")
    drawn.get_by_label("机构统一社会信用代码").fill("91411402MA0KG1101G")
    drawn.get_by_label("机构统一社会信用代码").blur()
    state(page, "soil-plan", "deficient")
    expect(page.locator("#state-soil-plan")).to_contain_text("列入失信名单")
    expect(page.locator("#ahead")).to_contain_text("会被退回补正")
    page.evaluate("scrollTo(0, 0)")
    looked_at(page, "apply-shut-out")
    drawn.get_by_label("机构名称").fill("商丘样例水利咨询有限公司")
    drawn.get_by_label("机构统一社会信用代码").fill("")
    drawn.get_by_label("机构统一社会信用代码").blur()
    in_order(page, "soil-plan")

    # a paper is taken out again, and another one put in its place
    page.locator("#state-business-licence").get_by_role("button", name="撤下").click()
    state(page, "business-licence", "missing")
    expect(page.locator("#state-business-licence .file-name")).to_have_count(0)
    expect(page.locator('input[name="project.name"]')).to_have_value("年产500吨生物酶制剂项目")
    upload(page, "business-licence", sample("business-licence"))
    in_order(page, "business-licence")

    # a commitment and its letter, and a promise that it makes possible: power-connection itself tolerates no gap
    page.locator("#commit-power-connection input").check()
    expect(page.locator("#letters article")).to_have_count(1)
    page.locator("#state-authorisation input[name=promises]").check()
    state(page, "authorisation", "promised")
    expect(page.locator("#letters")).to_contain_text("法律责任")
    expect(page.locator("#ahead")).to_contain_text("还不能提交")
    page.get_by_role("button", name="我已阅读并签署").click()
    expect(page.locator("#letters")).to_contain_text("已签署")
    expect(page.locator("#ahead")).to_contain_text("材料齐全，可以受理")
    page.evaluate("scrollTo(0, 0)")
    looked_at(page, "apply-ready")

    # handed in, and the receipt
    handed.append(packet)
    page.get_by_role("button", name="提交申请").click()
    expect(page).to_have_url(re.compile(f"/packets/{packet}/receipt"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("受理单")
    page.goto(f"packets/{packet}")
    expect(page.locator(".next")).to_contain_text("并联审查中")
    looked_at(page, "apply-first-wave")
    for path, picture in (("form", "packet-form"), ("notices/1", "notice"), ("letters/power-connection", "letter")):
        page.goto(f"packets/{packet}/{path}")
        looked_at(page, picture, "phone")
    page.goto("packets")
    expect(page.get_by_role("main")).to_contain_text(packet)

    # the promised paper follows
    page.goto(f"apply/{packet}")
    looked_at(page, "apply-gap")
    upload(page, "authorisation", sample("authorisation"))
    in_order(page, "authorisation")


def test_pressing_twice_and_going_back_hands_in_once(signed_in: Sign, stack: Stack, tmp_path: Path) -> None:
    page = signed_in("applicant")
    packet = begun(page, "soil-conservation", "lightning-design-review")
    # a folder of drawings: sorted to one material by the folder's name, looked at, and then sent; in order
    folder = tmp_path / "施工图设计文件"
    folder.mkdir()
    for name in ("10.pdf", "2.pdf", "1.pdf"):
        (folder / name).write_bytes(sample("drawings").read_bytes())
    scripted(page)
    page.locator("#heap input[webkitdirectory]").set_input_files(folder)
    expect(page.locator("#heap tbody td:first-child")).to_have_text([re.compile(f"/{n}.pdf$") for n in (1, 2, 10)])
    for choice in page.locator("#heap select").all():
        expect(choice).to_have_value("drawings")
    looked_at(page, "apply-folder")
    page.locator("#heap").get_by_role("button", name="上传这些文件").click()
    expect(page.locator("#slot-drawings .said")).to_contain_text("已上传 3 个文件")
    expect(page.locator("#state-drawings .file-name")).to_have_text(["1.pdf", "2.pdf", "10.pdf"])
    page.locator("#state-drawings").get_by_role("button", name="撤下 施工图设计文件 2.pdf").click()
    expect(page.locator("#state-drawings .file-name")).to_have_text(["1.pdf", "10.pdf"])
    typed(page, "enterprise.name", "某公司")
    typed(page, "project.name", "某项目")
    page.get_by_role("button", name="保存，以后再办").click()
    expect(page.locator("#saved")).to_contain_text("上次保存")
    page.get_by_role("button", name="仍要提交").dblclick()
    expect(page.get_by_role("main")).to_contain_text("本申请已退回补正")
    expect(page).to_have_url(re.compile(f"apply/{packet}$"))
    assert manifests(stack, packet) == 1
    looked_at(page, "apply-returned", "desktop")


def test_a_heap_brings_files_to_materials_that_another_page_shows(signed_in: Sign) -> None:
    page = signed_in("applicant", "phone")
    packet = begun(page, *load().processes["general"].matters[:9])  # of more materials than one page has
    away, here = page.locator("#heap [data-elsewhere]").last, "business-licence"
    slot, name = away.get_attribute("data-upload"), away.get_attribute("data-name")
    assert slot
    choice = page.get_by_role("combobox", name=f"{slot}.pdf")
    dropped(page, "#heap", f"{slot}.pdf")
    expect(choice).to_have_value(slot)
    page.locator("#heap").get_by_role("button", name="取消").click()
    expect(choice).to_have_count(0)
    page.locator("#heap input[multiple]").set_input_files([named(code, f"{code}.pdf") for code in (here, slot)])
    expect(choice).to_have_value(slot)
    page.locator("#heap").get_by_role("button", name="上传这些文件").click()
    expect(away.locator(".said")).to_contain_text(f"{name}：上传完成")
    in_order(page, here)
    looked_at(page, "apply-heap-elsewhere", "phone")
    page.goto(f"apply/{packet}?slot={slot}")
    in_order(page, slot)
    expect(page.locator(f"#state-{slot} .file-name")).to_have_text(f"{slot}.pdf")


def first_held(page: Page, path: str) -> list[Route]:
    """The first request of such a path, as soon as it is made: it waits until the test lets it go on."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.fallback()
        else:
            held.append(route)

    page.route(path, hold)
    return held


def test_what_is_pressed_while_the_form_saves_itself_is_done_afterwards(signed_in: Sign, stack: Stack) -> None:
    page = signed_in("applicant")
    packet = begun(page, "soil-conservation")
    typed(page, "enterprise.name", "某公司")
    typed(page, "project.name", "某项目")
    page.locator('input[name="project.name"]').blur()
    expect(page.get_by_role("button", name="仍要提交")).to_be_visible()
    held = first_held(page, "**/save")
    with page.expect_request("**/save"):
        typed(page, "project.address", "某路")
    page.get_by_role("button", name="保存，以后再办").click()
    page.get_by_role("button", name="仍要提交").dblclick()
    held[0].continue_()
    expect(page.get_by_role("main")).to_contain_text("本申请已退回补正")
    assert page.url.endswith(packet)
    assert manifests(stack, packet) == 1


def test_what_is_being_pressed_stays_in_its_place_until_it_is_let_go(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation")
    held = first_held(page, "**/save")
    with page.expect_request("**/save"):
        typed(page, "enterprise.name", "某公司")
    button = page.get_by_role("button", name="保存，以后再办")
    button.hover()
    page.mouse.down()
    with page.expect_response("**/save") as answered:
        held[0].continue_()
    answered.value.finished()
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")  # in which the page used to be put anew
    page.mouse.up()
    expect(page.locator("#saved")).to_contain_text("上次保存")


def test_what_was_chosen_before_the_script_came_brings_its_papers(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation", "power-connection")
    held = first_held(page, "**/apply.js*")
    with page.expect_request("**/apply.js*"):
        page.reload(wait_until="commit")
    page.locator("#commit-power-connection input").check()
    typed(page, "project.name", "某项目")
    expect(page.locator("#slot-commitment-letters")).to_have_count(0)
    held[0].continue_()
    expect(page.locator("#slot-commitment-letters")).to_be_visible()
    expect(page.locator("#commit-power-connection input")).to_be_checked()
    expect(page.locator('input[name="project.name"]')).to_have_value("某项目")


def test_what_is_chosen_before_one_types_on_brings_its_papers(signed_in: Sign) -> None:
    page = signed_in("applicant")
    packet = begun(page, "soil-conservation", "power-connection")
    held = first_held(page, "**/save")
    with page.expect_request("**/save"):
        page.locator("#commit-power-connection input").check()
    typed(page, "project.name", "某项目")
    page.route(f"**/apply/{packet}", lambda route: route.fulfill(status=204))  # the page that comes anew does not
    with page.expect_request(f"**/apply/{packet}"):
        held[0].continue_()
    expect(page.locator("#application")).to_have_js_property("inert", value=True)  # nothing is pressed for nothing
    page.unroute(f"**/apply/{packet}")
    eventually(lambda: reloaded(page))
    expect(page.locator("#slot-commitment-letters")).to_be_visible()
    expect(page.locator('input[name="project.name"]')).to_have_value("某项目")


def reloaded(page: Page) -> bool:
    """Not where the way to a page that did not come ends only now: that takes the new way along."""
    try:
        page.reload()
    except Error:
        return False
    return True


def test_two_windows_lose_nothing_of_each_other(signed_in: Sign) -> None:
    first = signed_in("applicant")
    packet = begun(first, "soil-conservation")
    second = first.context.new_page()
    second.goto(f"apply/{packet}")
    typed(first, "project.name", "甲项目")
    first.locator('input[name="project.name"]').blur()
    expect(first.locator("#saved")).to_contain_text("已保存")
    typed(second, "project.name", "乙项目")
    second.locator('input[name="project.name"]').blur()
    expect(second.locator("#saved")).to_contain_text("别处")
    expect(second.locator("#saved")).to_contain_text("甲项目")
    expect(second.locator('input[name="project.name"]')).to_have_value("乙项目")
    looked_at(second, "apply-two-windows", "desktop")
    second.get_by_role("button", name="保存，以后再办").click()
    expect(second.locator('input[name="project.name"]')).to_have_value("乙项目")
    expect(second.locator("#saved")).to_contain_text("上次保存")


def test_what_would_come_of_handing_in_is_asked_for_at_most_once_a_second(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation")
    page.clock.install()
    page.reload()
    expect(page.locator("#slot-soil-plan label.pick")).to_be_visible()  # the script is there
    page.clock.pause_at(datetime.now() + timedelta(days=1))  # noqa: DTZ005 - the browser's own clock, from now on still
    looks: list[str] = []
    page.on("request", lambda request: looks.append(request.url) if request.url.endswith("/state") else None)

    def chosen(value: str) -> None:
        with page.expect_response("**/save"):
            page.locator(f'input[name="project.serviced_site"][value="{value}"]').check()
        expect(page.locator("#saved")).to_contain_text("已保存")

    def later(milliseconds: int) -> None:
        with page.expect_response("**/state"):
            page.clock.run_for(milliseconds)

    chosen("yes")
    later(1)
    for value in ("no", "yes", "no"):
        chosen(value)
    page.clock.run_for(990)
    assert len(looks) == 1
    page.locator('input[name="project.code"]').fill("2603")
    with page.expect_response("**/save"):
        page.locator('input[name="project.code"]').blur()
    later(1000)
    assert len(looks) == 2
    expect(page.locator("#fault-project-code")).to_contain_text("项目代码的格式")


def test_what_is_chosen_while_the_page_looks_stays_chosen(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation")
    held = first_held(page, "**/state")
    with page.expect_request("**/state"):
        typed(page, "project.name", "某项目")
        page.locator('input[name="project.name"]').blur()
    promise = page.locator("#state-authorisation input[name=promises]")
    first_held(page, "**/save")  # what is chosen now is not saved before the look is answered
    with page.expect_request("**/save"):
        promise.check()
    with page.expect_response("**/state"):
        held[0].continue_()
    expect(page.locator("#fault-project-name")).to_have_text("")
    expect(promise).to_be_checked()


def large(megabytes: int) -> dict[str, Any]:
    """A large scan: a good paper with bytes behind its end, which readers pass over."""
    paper = sample("soil-plan").read_bytes()
    padding = b"%" + b"0" * (megabytes * MEGABYTE - len(paper) - 1)
    return {"name": "扫描件.pdf", "mimeType": "application/pdf", "buffer": paper[:-1] + b"\n" + padding}


def parts_put(page: Page) -> list[int]:
    """The parts that were put whole, as they come."""
    found: list[int] = []

    def done(response: Any) -> None:
        number = re.search("partNumber=([0-9]+)", response.url)
        if number and response.request.method == "PUT" and response.ok:
            found.append(int(number[1]))

    page.on("response", done)
    return found


def until_put(page: Page, put: list[int], expected: list[int]) -> None:
    """These parts were put, each once."""
    end = time.monotonic() + PATIENCE
    while len(put) < len(expected) and time.monotonic() < end:
        page.wait_for_timeout(LOOK_EVERY * 1000)  # meanwhile Playwright tells of responses
    assert sorted(put) == expected


def test_an_upload_that_fails_at_its_end_goes_on_from_there(signed_in: Sign, tmp_path: Path) -> None:
    page = signed_in("applicant", forgiven=("net::ERR",))
    begun(page, "soil-conservation")
    paper = large(33)  # five parts
    scan = tmp_path / "扫描件.pdf"
    scan.write_bytes(paper["buffer"])
    failing = True

    def last_part(route: Route) -> None:
        if failing and "partNumber=5" in route.request.url:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/*partNumber=*", last_part)
    put = parts_put(page)
    upload(page, "soil-plan", scan)
    expect(page.locator("#slot-soil-plan .said")).to_contain_text("网络中断")
    until_put(page, put, [1, 2, 3, 4])  # three go at the same time: the fourth may still be on its way

    page.reload()  # also after the page was closed in between: the same file goes on
    failing = False
    upload(page, "soil-plan", scan)
    expect(page.locator("#slot-soil-plan .said")).to_have_text("上传完成")
    until_put(page, put, [1, 2, 3, 4, 5])
    expect(page.locator("#state-soil-plan .file-name")).to_have_text("扫描件.pdf")
    expect(page.locator("#state-soil-plan")).not_to_have_attribute("data-state", "examining")


def test_a_broken_line_is_tried_again_by_itself(signed_in: Sign) -> None:
    page = signed_in("applicant", forgiven=("net::ERR",))
    begun(page, "soil-conservation")
    broken: list[str] = []

    def first_time(route: Route) -> None:
        if route.request.method == "PUT" and not broken:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/packets/**", first_time)
    upload(page, "soil-plan", sample("soil-plan"))
    in_order(page, "soil-plan")
    assert broken


def test_what_is_pressed_during_an_upload_goes_on_once_the_file_is_there(signed_in: Sign) -> None:
    """It would leave the page, break the upload off, and go on with the paper that lay there before."""
    page = signed_in("applicant", forgiven=("net::ERR",))  # of the upload that is cancelled
    begun(page, "soil-conservation")
    for slot in ("soil-plan", "business-licence"):
        upload(page, slot, sample(slot))
        in_order(page, slot)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "PUT":
            held.append(route)
        else:
            route.continue_()

    def replaced_and_taken_out() -> None:
        """A plan is on its way, and the licence is to be taken out."""
        plan = sample("soil-plan").read_bytes()
        with page.expect_request(lambda request: request.method == "PUT"):
            upload(page, "soil-plan", {"name": "新方案.pdf", "mimeType": "application/pdf", "buffer": plan})
        page.locator("#state-business-licence").get_by_role("button", name="撤下").click()
        expect(page.locator("#saved")).to_contain_text("文件还在上传")
        in_order(page, "business-licence")

    page.route("**/packets/**", hold)
    replaced_and_taken_out()
    page.locator("#slot-soil-plan .stop").click()
    expect(page.locator("#saved")).to_contain_text("没有继续")
    in_order(page, "business-licence")
    replaced_and_taken_out()
    with page.expect_response("**/take-out"):
        held[-1].continue_()
    state(page, "business-licence", "missing")
    expect(page.locator("#state-soil-plan .file-name")).to_have_text("新方案.pdf")


def test_a_file_of_the_wrong_kind_or_size_is_told_before_it_is_sent(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation")
    word = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500
    upload(page, "soil-plan", {"name": "方案.pdf", "mimeType": "application/pdf", "buffer": word})
    expect(page.locator("#slot-soil-plan .said")).to_contain_text("请选择：PDF、OFD")
    upload(page, "soil-plan", {"name": "方案.pdf", "mimeType": "application/pdf", "buffer": b""})
    expect(page.locator("#slot-soil-plan .said")).to_contain_text("文件是空的")


def test_whatever_a_machine_calls_a_file_its_first_bytes_decide_and_photos_are_one_paper(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation")
    plan = sample("soil-plan").read_bytes()
    upload(page, "soil-plan", {"name": "方案", "mimeType": "application/wps-office.pdf", "buffer": plan})
    in_order(page, "soil-plan")
    front, back = papers.picture("JPEG"), papers.picture("JPEG", blank=True)
    sides = [
        {"name": "2 反面.jpg", "mimeType": "image/jpg", "buffer": back},
        {"name": "1 正面.jfif", "mimeType": "", "buffer": front},
    ]
    upload(page, "business-licence", sides)
    box = page.locator("#slot-business-licence")
    expect(box.locator(".said")).to_have_text("已上传 2 个文件")
    expect(box.locator(".files .file-name")).to_have_text(["1 正面.jfif", "2 反面.jpg"])
    expect(box.locator(".findings")).to_contain_text("第 2 页（2 反面.jpg）：全部空白")
    looked_at(page, "apply-photos", "phone")


def scripted(page: Page) -> None:
    """Once the page's script listens: what it shows last is the heap."""
    expect(page.locator("#heap")).to_be_visible()


def dropped(page: Page, place: str, *names: str) -> None:
    """Drop good papers of these names on a place of the page."""
    scripted(page)
    content = b64encode(sample("soil-plan").read_bytes()).decode()
    files = page.evaluate_handle(_DROPPED, [content, [*names]])
    page.dispatch_event(place, "drop", {"dataTransfer": files})


_DROPPED = """([content, names]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)), dropped = new DataTransfer();
    for (const name of names) dropped.items.add(new File([bytes], name));
    return dropped;
}"""


def test_of_files_dropped_at_once_or_meanwhile_none_is_lost_unseen(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation")
    said = page.locator("#slot-soil-plan .said")
    held = first_held(page, "**/soil-plan/**")
    with page.expect_request("**/soil-plan/**"):
        dropped(page, "#slot-soil-plan", "甲.pdf", "乙.pdf")
    expect(said).to_contain_text("没有上传：乙.pdf")
    dropped(page, "#slot-soil-plan", "丙.pdf")
    held[0].continue_()
    expect(said).to_contain_text("已上传 甲.pdf。")
    expect(said).to_contain_text("没有上传：乙.pdf")
    expect(said).to_contain_text("又放入了 丙.pdf，没有上传")
    in_order(page, "soil-plan")
    looked_at(page, "apply-dropped", "phone")


def test_a_file_that_was_changed_meanwhile_is_not_called_a_broken_line(signed_in: Sign, tmp_path: Path) -> None:
    page = signed_in("applicant", forgiven=("net::ERR",))
    packet = begun(page, "soil-conservation")
    scan = tmp_path / "扫描件.pdf"
    scan.write_bytes(sample("soil-plan").read_bytes())
    held = first_held(page, f"**/apply/{packet}/uploads")
    with page.expect_request(f"**/apply/{packet}/uploads"):
        upload(page, "soil-plan", scan)
    expect(page.locator("#slot-soil-plan progress")).to_be_visible()
    scan.write_bytes(b"%PDF-1.7 something else")
    os.utime(scan, (1, 1))
    held[0].continue_()
    expect(page.locator("#slot-soil-plan .said")).to_contain_text("文件选定以后被改动、移走或删除")
    state(page, "soil-plan", "missing")


def test_where_the_script_cannot_be_read_the_plain_way_to_upload_is_there(signed_in: Sign) -> None:
    page = signed_in("applicant", "phone", forgiven=("^script: ", "^console: "))
    unread = {"body": "let a = 1; a ||= ;", "content_type": "text/javascript"}
    page.route("**/apply/apply.js*", lambda route: route.fulfill(**unread))
    begun(page, "soil-conservation")
    way = page.locator("#slot-soil-plan .plain-way a")
    expect(way).to_be_visible()
    expect(page.locator("#slot-soil-plan label.pick")).to_be_hidden()
    looked_at(page, "apply-no-script", "phone")
    way.click()
    page.locator("input[type=file]").set_input_files(sample("soil-plan"))
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".files li")).to_have_count(1)


def test_the_table_down_loses_nothing_that_was_typed(signed_in: Sign) -> None:
    page = signed_in("applicant", forgiven=("503", "net::ERR"))
    packet = begun(page, "soil-conservation")
    down = True

    def refusing(route: Route) -> None:
        if down:
            route.fulfill(status=503, body="unavailable")
        else:
            route.continue_()

    page.route(f"**/apply/{packet}/save", refusing)
    typed(page, "project.name", "某项目")
    page.locator('input[name="project.name"]').blur()
    expect(page.locator("#saved")).to_contain_text("正在自动重试")
    down = False
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.reload()
    expect(page.locator('input[name="project.name"]')).to_have_value("某项目")


def test_what_is_not_saved_is_told_where_one_types_and_saved_after_signing_in_again(
    stack: Stack, signed_in: Sign
) -> None:
    page = signed_in("stranger", "phone")
    begun(page, "soil-conservation")
    page.context.clear_cookies(name="__Host-session")
    typed(page, "project.address", "城东一路")
    page.locator('input[name="project.address"]').blur()
    told = page.locator("#saved .notice")
    expect(told).to_contain_text("还没有保存")
    page.locator("#h-papers").scroll_into_view_if_needed()
    expect(told).to_be_in_viewport()
    looked_at(page, "apply-signed-out", "phone")
    with page.context.expect_page() as opened:
        told.get_by_role("link", name="在新窗口登录").click()
    signed_in_by_form(opened.value, stack.user("stranger"))
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")  # no window of a test has the eyes' focus
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.reload()
    expect(page.locator('input[name="project.address"]')).to_have_value("城东一路")


def test_a_save_that_is_refused_says_why_and_asks_nobody_to_sign_in(signed_in: Sign) -> None:
    page = signed_in("applicant", forgiven=("403",))
    packet = begun(page, "soil-conservation")
    said = '<div role="alert"><h1>您的权限不够</h1><p>请由有权限的同事办理。</p></div>'
    page.route(
        f"**/apply/{packet}/save",
        lambda route: route.fulfill(status=403, content_type="text/html; charset=utf-8", body=said),
    )
    typed(page, "project.name", "某项目")
    page.locator('input[name="project.name"]').blur()
    expect(page.locator("#saved .notice")).to_have_text("请由有权限的同事办理。")
    expect(page.locator('input[name="project.name"]')).to_have_value("某项目")


def test_the_form_is_whole_on_the_smallest_phone(signed_in: Sign) -> None:
    page = signed_in("applicant", "phone")
    begun(page, "soil-conservation")
    name = "生产建设项目水土保持方案报告书（报批稿）最终版20261128-盖章扫描件-第三次修改.pdf"
    upload(page, "soil-plan", {"name": name, "mimeType": "application/pdf", "buffer": sample("soil-plan").read_bytes()})
    in_order(page, "soil-plan")
    fits_the_smallest(page, "apply")


def test_on_a_phone_a_bar_says_what_would_come_of_handing_in(signed_in: Sign) -> None:
    page = signed_in("applicant", "phone")
    begun(page, "soil-conservation")
    bar = page.locator(".dock")
    expect(bar).to_be_in_viewport()
    expect(bar).to_contain_text("还不能提交")
    bar.click()
    expect(page.get_by_role("heading", name="现在提交会怎样")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(bar).to_be_hidden()


def test_applying_works_without_javascript(signed_in: Sign, handed: list[str]) -> None:
    page = signed_in("applicant", "phone", javascript=False)
    packet = begun(page, "soil-conservation")
    typed(page, "enterprise.name", "某公司")
    typed(page, "project.name", "某项目")
    page.get_by_role("button", name="保存，以后再办").click()
    expect(page.locator('input[name="project.name"]')).to_have_value("某项目")
    for slot in ("application-form", "business-licence", "project-filing-certificate", "soil-plan"):
        page.goto(f"apply/{packet}/slots/{slot}")
        page.locator("input[type=file]").last.set_input_files(
            sample(slot)
        )  # where photos may come, theirs is the first
        page.get_by_role("button", name="上传").last.click()
        expect(page.locator(".files li")).to_have_count(1)
    page.goto(f"apply/{packet}")
    page.locator("#state-authorisation input[name=promises]").check()
    page.get_by_role("button", name="保存，以后再办").click()
    for slot in ("application-form", "business-licence", "project-filing-certificate", "soil-plan"):
        eventually(lambda slot=slot: page.goto(f"apply/{packet}") and page.locator(FOUND.format(slot)).count())
    handed.append(packet)
    page.get_by_role("button", name="提交申请").click()
    expect(page).to_have_url(re.compile(f"/packets/{packet}/receipt"))


def test_anothers_application_is_not_there(signed_in: Sign) -> None:
    packet = begun(signed_in("applicant"), "soil-conservation")
    other = signed_in("stranger")
    for path in ("", "/state", "/slots/soil-plan", "/handed-in"):
        answer = other.goto(f"apply/{packet}{path}")
        assert answer
        assert answer.status == 404
    answer = signed_in("operations").goto(f"apply/{packet}")
    assert answer
    assert answer.status == 403


def test_headings_stand_at_the_same_distance_from_what_is_above_and_below(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation", "power-connection")
    page.locator("#commit-power-connection input").check()
    expect(page.locator("#letters article")).to_have_count(1)
    expect(page.locator("#slot-commitment-letters")).to_be_visible()  # the page as a whole came again
    for size in SIZES:
        with sized(page, size):
            found = page.evaluate(_DISTANCES)
        assert len(found["below"]) == 4
        assert set(found["below"]) == {12}, found
        assert len(set(found["above"])) == 1, found
        assert found["above"][0] >= 36, found


_DISTANCES = """
() => {
    const seen = [...document.querySelectorAll(".filling :is(h2, h2 + p.quiet, #letters > p, article, .card, details)")]
        .filter((part) => !part.parentElement.closest("article, details, .card"))
        .map((part) => ({ heading: part.localName === "h2", text: part.localName === "p",
            top: part.getBoundingClientRect().top, bottom: part.getBoundingClientRect().bottom }));
    const above = [], below = [];
    seen.forEach((part, place) => {
        if (!part.heading) return;
        if (place > 0) above.push(Math.round(part.top - seen[place - 1].bottom));
        let last = place;
        while (seen[last + 1].text) last += 1;
        below.push(Math.round(seen[last + 1].top - seen[last].bottom));
    });
    return { above, below };
}
"""


def test_what_differs_from_the_credit_platforms_record_is_told_while_one_types(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation")
    typed(page, "project.code", "2603-110000-04-01-123456")
    page.locator('input[name="project.code"]').blur()
    expect(page.locator("#doubt-project-code")).to_contain_text("地区代码不是本市的")
    expect(page.locator("#ahead")).to_contain_text("待核实，不影响提交（1）")
    looked_at(page, "apply-doubts", "desktop")
    page.locator("#doubts").get_by_role("link").click()
    expect(page.locator('input[name="project.code"]')).to_be_in_viewport()
    typed(page, "project.code", "2603-411400-04-01-123456")
    page.locator('input[name="project.code"]').blur()
    expect(page.locator("#doubts")).to_have_count(0)
    expect(page.locator("#doubt-project-code")).to_be_empty()


def test_a_signed_letter_is_uploaded_in_place_of_accepting_it(signed_in: Sign) -> None:
    page = signed_in("applicant")
    begun(page, "soil-conservation", "power-connection")
    typed(page, "enterprise.name", "商丘样例生物科技有限公司")
    typed(page, "project.name", "年产500吨生物酶制剂项目")
    page.locator('input[name="project.name"]').blur()
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.locator("#commit-power-connection input").check()
    expect(page.locator("#slot-commitment-letters")).to_be_visible()
    expect(page.locator("#ahead")).to_contain_text("请阅读并签署")
    page.locator("#letters").get_by_role("link", name="打印").click()
    looked_at(page, "apply-letter")
    page.get_by_role("link", name="返回申请").click()
    upload(page, "commitment-letters", sample("commitment-letters"))
    in_order(page, "commitment-letters")
    expect(page.locator("#ahead")).not_to_contain_text("请阅读并签署")
    page.evaluate("scrollTo(0, 0)")
    looked_at(page, "apply-signed-letter")
