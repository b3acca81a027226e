"""The pages of an application as forms without scripts send them; with scripts they are tried in a browser."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
import requests
from kaigong import catalog
from kaigong.domain.model.messages import CreditRecord
from kaigong.domain.model.packet import Status
from kaigong.portal.apply import pages
from kaigong.store import credit, drafts, files, packets
from kaigong.store.clients import client
from kaigong.views.states import SlotState

from . import story
from .asking import logged
from .pool import OWN, Pool
from .test_pages import ask, html, pool, signed_in  # noqa: F401 - pool is a fixture
from .test_portal_drafts import SLOTS, announce, copies, refused_packet
from .world import ENVIRONMENT, World

FORM: dict[str, Any] = {
    "enterprise.name": "商丘样例生物科技有限公司",
    "enterprise.phone": "0370-1234567",
    "project.name": "某项目",
    "project.serviced_site": "yes",
    "matters": ["soil-conservation"],
}


class Applicant:
    """Somebody with a browser that has no scripts."""

    def __init__(self, pool: Pool, **claims: Any) -> None:  # noqa: F811 - the fixture's value
        self.cookies = signed_in(pool, **claims)

    def get(self, path: str) -> dict[str, Any]:
        return ask(path, cookies=self.cookies)

    def post(self, path: str, **form: Any) -> dict[str, Any]:
        return ask(path, "POST", urlencode(form, doseq=True), self.cookies)

    def sees(self, path: str) -> str:
        answer = self.get(path)
        assert answer["statusCode"] == 200, html(answer)
        return unescape(html(answer))

    def sent_on(self, answer: dict[str, Any]) -> str:
        assert answer["statusCode"] == 303, html(answer)
        return str(answer["headers"]["Location"]).lstrip("./")

    def begins(self, *matters: str) -> str:
        answer = self.post("/apply", process="general", matters=matters or FORM["matters"])
        return self.sent_on(answer).removeprefix("apply/")

    def saves(self, packet: str, **more: Any) -> dict[str, Any]:
        return self.post(f"/apply/{packet}/save", **{**FORM, "version": self.version(packet), **more})

    def version(self, packet: str) -> str:
        found = re.search(r'name="version" id="version" value="([0-9]+)"', self.sees(f"/apply/{packet}"))
        assert found
        return found[1]


@pytest.fixture
def applicant(pool: Pool) -> Applicant:  # noqa: F811 - the fixture
    return Applicant(pool)


def lies(world: World, packet: str, *slots: str) -> None:
    for slot in slots:
        world.upload(packet, slot, b"good")
    world.run()


def test_an_application_goes_from_the_choice_of_matters_to_the_receipt(
    world: World,
    applicant: Applicant,
    pool: Pool,  # noqa: F811 - the fixture
) -> None:
    assert 'value="soil-conservation"' in applicant.sees("/apply?process=general")
    carried = applicant.sees("/apply?process=general&matters=heritage,no-such-matter,green-space")
    assert set(re.findall('value="([a-z-]+)" checked', carried)) == {"heritage", "green-space"}
    packet = applicant.begins("soil-conservation", "power-connection")
    form = {**FORM, "matters": ["soil-conservation", "power-connection"]}
    assert applicant.sent_on(applicant.saves(packet, **form, promises="authorisation", commitments="power-connection"))
    page = applicant.sees(f"/apply/{packet}")
    assert 'value="某项目"' in page
    assert "请阅读并签署" in page
    assert "李四" in page[page.index('id="signer"') :]  # as whom the letter is signed
    assert "授权经办人" in page[page.index('id="signer"') :]
    nameless = Applicant(pool, name="").sees(f"/apply/{packet}")
    assert "账户没有登记使用人姓名" in nameless
    assert "我已阅读并签署" not in nameless
    sha256 = re.search(r'name="sha256.power-connection" value="([0-9a-f]{64})"', page)
    assert sha256
    said = {
        **form,
        "promises": "authorisation",
        "commitments": "power-connection",
        "sha256.power-connection": sha256[1],
    }
    accept = {**said, "version": applicant.version(packet), "matter": "power-connection"}
    assert applicant.sent_on(applicant.post(f"/apply/{packet}/accept", **accept)).endswith("#letters")
    lies(world, packet, *(slot for slot in SLOTS if slot != "authorisation"))
    assert "材料齐全，可以受理" in applicant.sees(f"/apply/{packet}")
    hand_in = {**said, "version": applicant.version(packet)}
    for _ in range(2):
        answer = applicant.post(f"/apply/{packet}/hand-in", **hand_in)
        assert applicant.sent_on(answer) == f"apply/{packet}/handed-in"
    waiting = applicant.get(f"/apply/{packet}/handed-in")
    assert waiting["headers"]["Refresh"] == "2"
    assert packet in applicant.sees("/packets")
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    assert applicant.sent_on(applicant.get(f"/apply/{packet}/handed-in")) == f"packets/{packet}/receipt"
    assert "补交容缺材料" in applicant.sees(f"/apply/{packet}")
    header = packets.load(packet).header
    assert header
    assert header.project.serviced_site is True


def test_more_papers_than_an_application_takes_are_cut_so_that_the_rest_is_kept(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    materials = {f"m-{n:03}": catalog.load().materials["soil-plan"].changed(code=f"m-{n:03}") for n in range(101)}
    more = catalog.load().changed(materials={**catalog.load().materials, **materials})
    packet = applicant.begins()
    monkeypatch.setattr(catalog, "load", lambda: more)
    names = {f"drawn_up.{code}.name": "某设计院" for code in materials}
    applicant.sent_on(applicant.saves(packet, promises=list(materials), **names))
    draft = drafts.load(packet)
    assert draft
    assert (len(draft.promises), len(draft.drawn_up), draft.project.name) == (100, 100, "某项目")


def test_what_would_be_returned_is_handed_in_only_where_that_is_said(world: World, applicant: Applicant) -> None:
    packet = applicant.begins()
    applicant.saves(packet)
    form = {**FORM, "version": applicant.version(packet)}
    answer = applicant.post(f"/apply/{packet}/hand-in", **form)
    assert answer["statusCode"] == 409
    assert "退回补正" in html(answer)
    assert applicant.sent_on(applicant.post(f"/apply/{packet}/hand-in", **form, anyway="yes"))
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    assert applicant.sent_on(applicant.get(f"/apply/{packet}/handed-in")) == f"apply/{packet}"
    page = applicant.sees(f"/apply/{packet}")
    assert "本申请已退回补正" in page
    assert page.index('class="slot asked" id="slot-soil-plan"') < page.index('id="h-form"')  # first, and marked
    marked = page[page.index('id="slot-soil-plan"') : page.index('id="state-soil-plan"')]
    assert "缺少“水土保持方案报告”" in marked  # and why
    assert page.count('id="slot-soil-plan"') == 1


@pytest.mark.parametrize("behind", [0, 1])
def test_what_came_back_is_handed_in_again_from_a_page_that_was_open_meanwhile(
    behind: int, world: World, applicant: Applicant
) -> None:
    """A colleague took a paper out since, which no field of the form tells; or the page is from before the first
    time.
    """
    packet = applicant.begins()
    applicant.saves(packet)
    lies(world, packet, "soil-plan")
    form = {**FORM, "anyway": "yes"}
    before = applicant.version(packet)
    applicant.post(f"/apply/{packet}/hand-in", **form, version=before)
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    opened = applicant.version(packet)
    applicant.post(f"/apply/{packet}/take-out", **FORM, version=opened, slot="soil-plan")
    mark = files.manifest_mark(packet)
    page = (opened, before)[behind]
    assert applicant.sent_on(applicant.post(f"/apply/{packet}/hand-in", **form, version=page)).endswith("handed-in")
    assert files.manifest_mark(packet) != mark
    waiting = applicant.get(f"/apply/{packet}/handed-in")
    assert waiting["headers"].get("Refresh") == "2"


def test_digits_at_full_width_are_those_that_are_meant(applicant: Applicant) -> None:
    packet = applicant.begins()
    applicant.saves(
        packet,
        **{"project.code": "２６０３－４１１４００－０４－０１－１２３４５６", "enterprise.phone": "０３７０－１"},
    )
    page = applicant.sees(f"/apply/{packet}")
    assert 'value="2603-411400-04-01-123456"' in page
    assert 'value="0370-1"' in page


def test_ones_own_papers_are_opened_before_and_after_handing_in(world: World, applicant: Applicant) -> None:
    packet = applicant.begins()
    applicant.saves(packet)
    assert applicant.get(f"/apply/{packet}/papers/soil-plan")["statusCode"] == 404
    lies(world, packet, *SLOTS)
    assert f"apply/{packet}/papers/soil-plan" in applicant.sees(f"/apply/{packet}")
    opens(applicant.get(f"/apply/{packet}/papers/soil-plan"), packet)
    form = {**FORM, "version": applicant.version(packet)}
    assert applicant.sent_on(applicant.post(f"/apply/{packet}/hand-in", **form, anyway="yes"))
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    assert f"packets/{packet}/papers/soil-plan" in applicant.sees(f"/packets/{packet}")
    opens(applicant.get(f"/packets/{packet}/papers/soil-plan"), packet)
    assert applicant.get(f"/packets/{packet}/papers/nothing")["statusCode"] == 404


def opens(answer: dict[str, Any], packet: str) -> None:
    """Leads to the plan in object storage, which a browser shows."""
    assert answer["statusCode"] == 303
    assert f"packets/{packet}/soil-plan/" in answer["headers"]["Location"]
    assert "response-content-type=application%2Fpdf" in answer["headers"]["Location"]


@pytest.mark.parametrize("more", [{}, {"project.name": "刚改的项目"}])
def test_the_same_form_sent_at_the_same_time_is_no_conflict(
    more: dict[str, str], applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = applicant.begins()
    applicant.saves(packet)
    form = {**FORM, "version": applicant.version(packet), "anyway": "yes", **more}
    early = drafts.load(packet)
    assert applicant.sent_on(applicant.post(f"/apply/{packet}/hand-in", **form)).endswith("handed-in")
    reads = iter([early])  # the other request read the draft before this one wrote it
    late = drafts.load
    monkeypatch.setattr(drafts, "load", lambda name: next(reads, None) or late(name))
    assert applicant.sent_on(applicant.post(f"/apply/{packet}/hand-in", **form)).endswith("handed-in")
    versions = boto3.client("s3").list_object_versions(Bucket=ENVIRONMENT["BUCKET_NAME"])["Versions"]
    assert len(versions) == 1


def test_a_fragment_s_links_lead_where_those_of_its_page_do(applicant: Applicant) -> None:
    packet = applicant.begins()
    applicant.saves(packet)
    page = re.findall(r'(?:href|formaction)="([./][^"]*)"', applicant.sees(f"/apply/{packet}"))
    answer = ask(f"/apply/{packet}/state", cookies=applicant.cookies, hx_request="true")
    links = re.findall(r'(?:href|formaction)="([./][^"]*)"', unescape(html(answer)))
    assert links
    assert set(links) <= set(page)


def test_a_save_while_one_types_reads_the_draft_and_its_packet_and_writes_the_draft(
    world: World, applicant: Applicant
) -> None:
    packet = applicant.begins()
    form = urlencode(FORM | {"version": applicant.version(packet)})
    with world.inside("portal"):
        answer = ask(f"/apply/{packet}/save", "POST", form, applicant.cookies, hx_request="true")
    read = ["GetItem", "GetItem", "Query", "GetItem"]  # who it is, and what that person may do, first
    assert [call.rpartition(".")[2] for call in world.calls] == [*read, "PutItem"]
    fragment = html(answer)
    assert re.findall(r'id="([a-z-]+)"', fragment) == ["version", "saved"]
    assert "已保存" in fragment
    assert f'value="{applicant.version(packet)}"' in fragment


def test_a_look_at_what_would_come_of_it_leaves_the_version_that_was_filled_in_on(applicant: Applicant) -> None:
    """Else the next save of a second window would overwrite what the first one saved, and nobody was told."""
    packet = applicant.begins()
    applicant.saves(packet)
    assert 'name="version"' not in applicant.sees(f"/apply/{packet}/state")


def test_what_was_typed_in_a_second_window_stays_on_its_page(applicant: Applicant) -> None:
    packet = applicant.begins()
    version = applicant.version(packet)
    applicant.saves(packet, **{"project.name": "甲项目"})
    answer = applicant.saves(packet, **{"project.name": "乙项目", "version": version})
    page = unescape(html(answer))
    assert answer["statusCode"] == 409
    assert "别处" in page
    assert 'value="乙项目"' in page
    assert "甲项目" in page
    newest = re.search(r'name="version" id="version" value="([0-9]+)"', page)
    assert newest
    applicant.saves(packet, **{"project.name": "乙项目", "version": newest[1]})
    stored = drafts.load(packet)
    assert stored
    assert stored.project.name == "乙项目"


def test_with_object_storage_down_the_form_is_saved_all_the_same(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = applicant.begins()
    form = {**FORM, "version": applicant.version(packet)}

    def down(*_: Any, **__: Any) -> Any:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(client("s3"), "get_paginator", down)
        assert applicant.sent_on(applicant.post(f"/apply/{packet}/save", **form)) == f"apply/{packet}"
    assert 'value="某项目"' in applicant.sees(f"/apply/{packet}")


@pytest.mark.parametrize(
    ("action", "service"),
    [(action, "dynamodb") for action in ("save", "accept", "hand-in")] + [("accept", "s3"), ("hand-in", "s3")],
)
def test_a_part_of_the_system_that_is_down_loses_nothing_that_was_typed(
    service: str, action: str, applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = applicant.begins()
    form = {**FORM, "version": applicant.version(packet), "matter": "soil-conservation"}

    def down(*_: Any, **__: Any) -> Any:
        raise ConnectionError("秘密")

    with monkeypatch.context() as broken:
        for call in ("get_item", "put_item", "query") if service == "dynamodb" else ("get_paginator",):
            broken.setattr(client(service), call, down)
        answer = applicant.post(f"/apply/{packet}/{action}", **form)
    page = unescape(html(answer))
    assert answer["statusCode"] == 503
    assert "没有丢失" in page
    assert "秘密" not in page
    kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    assert [(name, value) for name, value in kept if name != "form-key"] == [
        (name, value if isinstance(value, str) else value[0]) for name, value in form.items()
    ]
    assert re.search(rf'action="[./]*apply/{packet}/{action}"', page)


def test_the_same_content_from_an_older_page_is_no_conflict(applicant: Applicant) -> None:
    packet = applicant.begins()
    version = applicant.version(packet)
    applicant.saves(packet)  # as a script does while one types
    assert applicant.sent_on(applicant.saves(packet, version=version)) == f"apply/{packet}"


def test_a_form_that_nobody_could_have_typed_breaks_nothing(applicant: Applicant) -> None:
    packet = applicant.begins()
    applicant.saves(
        packet, **{"project.name": "长" * 5000, "matters": ["no-such"], "promises": ["no-such", "soil-plan"]}
    )
    stored = drafts.load(packet)
    assert stored
    assert len(stored.project.name) == 500
    assert (stored.matters, stored.promises) == (("soil-conservation",), ("soil-plan",))
    for version in ("", "x", "-1", "9" * 40, "²"):
        assert applicant.saves(packet, **{"project.name": "别的", "version": version})["statusCode"] == 409


def test_an_application_needs_a_matter(applicant: Applicant) -> None:
    answer = applicant.post("/apply", process="general")
    assert answer["statusCode"] == 422
    assert "请至少选择一个事项" in html(answer)
    assert applicant.post("/apply", process="no-such", matters="soil-conservation")["statusCode"] == 400
    assert applicant.get("/apply?process=no-such")["statusCode"] == 404


def plain_forms(page: str) -> list[tuple[str, dict[str, str]]]:
    """The forms of a page that send a file to object storage: where to, and their hidden fields."""
    form = r'<form method="post" action="([^"]+)" enctype="multipart/form-data">(.*?)</form>'
    hidden = r'<input type="hidden" name="([^"]+)" value="([^"]*)">'
    return [(where, dict(re.findall(hidden, fields))) for where, fields in re.findall(form, page, re.DOTALL)]


@pytest.mark.parametrize(("slot", "most"), [("business-licence", 2), ("drawings", 2), ("soil-plan", 1)])
def test_files_sent_one_by_one_without_scripts_are_one_paper(
    slot: str, most: int, world: World, applicant: Applicant
) -> None:
    """Photos are pages of a paper of one file until a document comes; what is many sheets has each of them."""
    packet = applicant.begins("soil-conservation", "airdefence-basement")
    path = f"/apply/{packet}/slots/{slot}"

    def sends(number: int) -> int:
        """How many files count once another one was sent by a form of the page as it is now."""
        where, fields = plain_forms(applicant.sees(path))[number]
        sent = requests.post(where, fields, files={"file": ("IMG_0001.jpg", b"good")}, allow_redirects=False, timeout=9)
        assert sent.status_code == 303
        world.passes(timedelta(minutes=1))  # what comes next is later by storage's clock of whole seconds
        back = urlsplit(sent.headers["Location"])
        assert back.path == path
        led = applicant.get(f"{path}?{back.query}")
        assert (applicant.sent_on(led), "key" in back.query) == (path.lstrip("/"), True)
        page = applicant.sees(path)
        return page[page.index('<ol class="files">') :].split("</ol>")[0].count("<li>")

    assert [sends(0) for _ in range(2)] == [1, most]
    assert sends(-1) == {"business-licence": 1, "drawings": 3, "soil-plan": 1}[slot]


def test_a_material_has_a_form_that_sends_it_straight_to_object_storage(world: World, applicant: Applicant) -> None:
    packet = applicant.begins()
    page = applicant.sees(f"/apply/{packet}/slots/soil-plan")
    assert f'action="https://{ENVIRONMENT["BUCKET_NAME"]}.s3' in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    assert re.fullmatch(rf"packets/{packet}/soil-plan/[^/]+/水土保持方案\S*", key[1])
    assert 'name="Content-Type"' not in page  # PDF or OFD: the form cannot know which is chosen
    assert applicant.get(f"/apply/{packet}/slots/no-such")["statusCode"] == 404
    lies(world, packet, "soil-plan")
    assert "没有写明由哪家机构编制" in applicant.sees(f"/apply/{packet}/slots/soil-plan")
    by = {"drawn_up.soil-plan.name": "商丘样例工程咨询有限公司", "drawn_up.soil-plan.uscc": story.CONSULTANT.lower()}
    assert applicant.sent_on(applicant.saves(packet, **by))
    assert "合格" in applicant.sees(f"/apply/{packet}/slots/soil-plan")
    page = applicant.sees(f"/apply/{packet}")
    assert f'name="drawn_up.soil-plan.uscc" type="text" value="{story.CONSULTANT.lower()}"' in page
    assert "drawn_up.application-form" not in page  # the applicant's own
    shut_out = {**by, "drawn_up.soil-plan.uscc": "91411402MA0KG1101G"}
    applicant.saves(packet, **shut_out)
    page = applicant.sees(f"/apply/{packet}")
    assert "列入失信名单" in page
    assert "重新编制" in page
    applicant.saves(packet, **{**by, "drawn_up.soil-plan.valid_until": "明年"})
    assert 'href="#drawn_up-soil-plan-valid_until"' in applicant.sees(f"/apply/{packet}")  # what is wrong leads there


def test_a_script_is_answered_as_the_api_answers(applicant: Applicant) -> None:
    packet = applicant.begins()
    asked = {"slot": "soil-plan", "name": "方案.pdf", "size": 4, "media_type": "application/pdf"}
    answer = applicant.post(f"/apply/{packet}/uploads", **asked)
    assert answer["statusCode"] == 200
    assert '"url":"https://' in html(answer)
    for wrong, status in (({"size": "x"}, 400), ({"slot": "no-such-slot"}, 400), ({"media_type": "image/png"}, 400)):
        answer = applicant.post(f"/apply/{packet}/uploads", **{**asked, **wrong})
        assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (
            status,
            "application/problem+json; charset=utf-8",
        )


def test_credit_data_fill_the_form_and_open_the_channel_that_the_page_tells(applicant: Applicant) -> None:
    from datetime import UTC, datetime

    record = {**story.CREDIT, "basic": {"name": "登记的名称", "address": "登记的住所"}}
    credit.record(CreditRecord.model_validate(record), datetime.now(UTC))
    page = applicant.sees(f"/apply/{applicant.begins()}")
    assert 'value="登记的名称"' in page
    assert "最高等级" in page


def test_the_pages_speak_english_too(applicant: Applicant) -> None:
    packet = applicant.begins("soil-conservation", "power-connection")
    form = {**FORM, "matters": ["soil-conservation", "power-connection"]}
    applicant.saves(packet, **form, commitments="power-connection")
    page = applicant.sees(f"/apply/{packet}?lang=en")
    assert "It would be returned" in page
    assert "I have read and sign this letter" in page
    for path in ("/packets", "/apply", "/apply?process=general"):
        applicant.sees(f"{path}{'&' if '?' in path else '?'}lang=en")


def test_nothing_of_a_foreign_application_is_shown(pool: Pool, applicant: Applicant) -> None:  # noqa: F811 - the fixture
    packet = applicant.begins()
    other = Applicant(pool, **{"custom:uscc": "91411402MA0KG0003M"})
    assert packet not in other.sees("/packets")
    assert other.get(f"/apply/{packet}")["statusCode"] == 404
    assert other.post(f"/apply/{packet}/save", **FORM, version="1")["statusCode"] == 404
    assert boto3.client("s3").list_objects_v2(Bucket=ENVIRONMENT["BUCKET_NAME"])["KeyCount"] == 0


# the window, which helps


@pytest.fixture
def window(pool: Pool) -> Applicant:  # noqa: F811 - the fixture
    """An officer of the window, at a browser without scripts."""
    return Applicant(pool, **{"cognito:username": "officer-7", "cognito:groups": ["window"], "custom:uscc": ""})


def begins_for(window: Applicant, uscc: str = OWN, *matters: str) -> str:
    wanted = matters or FORM["matters"]
    answer = window.post(f"/window/enterprises/{uscc}/apply", process="general", matters=wanted)
    return window.sent_on(answer).removeprefix("apply/")


def test_what_the_window_fills_in_the_applicant_finds_and_hands_in(
    world: World, window: Applicant, applicant: Applicant
) -> None:
    assert f"window/enterprises/{OWN}/apply?process=general" in window.sees(f"/window/enterprises/{OWN}/apply")
    assert OWN in window.sees(f"/window/enterprises/{OWN}/apply?process=general")
    packet = begins_for(window)
    assert window.sent_on(window.saves(packet)) == f"apply/{packet}"
    lies(world, packet, *SLOTS)
    page = window.sees(f"/apply/{packet}")
    assert "材料齐全，可以受理" in page
    assert "提交由申请人本人登录后办理" in page
    assert "hand-in" not in page

    mine = applicant.sees("/packets")
    assert packet in mine
    assert "由综合窗口代为填写" in mine
    page = applicant.sees(f"/apply/{packet}")
    assert "本申请由综合窗口代为填写" in page
    assert "officer-7" not in mine + page
    form = {**FORM, "version": applicant.version(packet)}
    assert applicant.sent_on(applicant.post(f"/apply/{packet}/hand-in", **form)).endswith("handed-in")
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    assert applicant.sent_on(applicant.get(f"/apply/{packet}/handed-in")) == f"packets/{packet}/receipt"


def test_what_the_applicant_began_is_not_marked_as_the_windows(applicant: Applicant, window: Applicant) -> None:
    packet = applicant.begins()
    window.saves(packet)
    assert "由综合窗口代为填写" not in applicant.sees("/packets") + applicant.sees(f"/apply/{packet}")


def test_the_window_reads_a_letter_and_is_told_who_accepts_it_and_where_a_signed_paper_goes(
    world: World, window: Applicant, applicant: Applicant
) -> None:
    packet = begins_for(window, OWN, "soil-conservation", "power-connection")
    form = {**FORM, "matters": ["soil-conservation", "power-connection"], "commitments": "power-connection"}
    window.saves(packet, **form)
    page = window.sees(f"/apply/{packet}")
    assert "由申请人本人登录后签署" in page
    assert 'href="#slot-commitment-letters"' in page
    assert 'id="slot-commitment-letters"' in page
    assert "我已阅读并签署" not in page
    assert "The applicant signs it online" in window.sees(f"/apply/{packet}?lang=en")
    assert "我已阅读并签署" in applicant.sees(f"/apply/{packet}")
    fragment = ask(f"/apply/{packet}/state", cookies=window.cookies, hx_request="true")
    assert "我已阅读并签署" not in unescape(html(fragment))
    assert "请阅读并签署" in page
    lies(world, packet, "commitment-letters")  # signed by hand, scanned at the window
    assert "请阅读并签署" not in window.sees(f"/apply/{packet}")


@pytest.mark.parametrize(("action", "status"), [("accept", 403), ("hand-in", 409)])
def test_the_window_accepts_nothing_and_hands_nothing_in_without_a_mandate(
    action: str, status: int, window: Applicant
) -> None:
    packet = begins_for(window)
    form = {**FORM, "version": window.version(packet), "matter": "soil-conservation", "anyway": "yes"}
    assert window.post(f"/apply/{packet}/{action}", **form)["statusCode"] == status
    assert boto3.client("s3").list_objects_v2(Bucket=ENVIRONMENT["BUCKET_NAME"])["KeyCount"] == 0


def test_the_window_records_a_mandate_on_a_page_and_then_may_hand_in(
    world: World, window: Applicant, applicant: Applicant
) -> None:
    packet = begins_for(window)
    window.saves(packet)
    assert f"apply/{packet}/mandate" in window.sees(f"/apply/{packet}")
    assert "请先在申请的" in window.sees(f"/apply/{packet}/mandate")
    lies(world, packet, *SLOTS)
    said = {"scope": "enterprise", "since": "2026-01-01", "until": "2020-01-01"}
    wrong = window.post(f"/apply/{packet}/mandate", **said)
    assert (wrong["statusCode"], "授权期限不对" in html(wrong)) == (409, True)
    assert window.post(f"/apply/{packet}/mandate", **said | {"until": "明年"})["statusCode"] == 422
    year = datetime.now(UTC).year
    window.post(f"/apply/{packet}/mandate", scope="enterprise", since=f"{year}-01-01", until=f"{year + 1}-01-01")
    assert "凭授权委托书" in window.sees(f"/apply/{packet}")
    form = {**FORM, "version": window.version(packet)}
    assert window.sent_on(window.post(f"/apply/{packet}/hand-in", **form)).endswith("handed-in")
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    assert window.sent_on(window.get(f"/apply/{packet}/handed-in")) == f"packets/{packet}/receipt"
    page = applicant.sees("/mandates")
    assert "本企业的全部申请" in page
    number = page.partition('name="mandate" value="')[2][:16]
    assert applicant.sent_on(applicant.post("/mandates/end", mandate=number)) == "mandates"
    assert "已终止" in applicant.sees("/mandates")


def test_the_window_hands_in_a_promised_paper_for_the_enterprise(
    world: World, window: Applicant, applicant: Applicant
) -> None:
    packet = applicant.begins()
    applicant.saves(packet, promises="authorisation")
    lies(world, packet, *(slot for slot in SLOTS if slot != "authorisation"))
    form = {**FORM, "promises": "authorisation", "version": applicant.version(packet)}
    applicant.post(f"/apply/{packet}/hand-in", **form)
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    assert f"apply/{packet}" in window.sees(f"/window/packets/{packet}")
    assert "补交容缺材料" in window.sees(f"/apply/{packet}")
    assert 'enctype="multipart/form-data"' in window.sees(f"/apply/{packet}/slots/authorisation")
    asked = {"slot": "authorisation", "name": "委托书.pdf", "size": 4, "media_type": "application/pdf"}
    assert '"url":"https://' in html(window.post(f"/apply/{packet}/uploads", **asked))
    lies(world, packet, "authorisation")
    assert "没有待补交的材料" in window.sees(f"/apply/{packet}")
    assert f"apply/{packet}" not in window.sees(f"/window/packets/{packet}")


def test_what_is_owed_for_an_approval_is_handed_in_though_the_packet_was_withdrawn(
    world: World, applicant: Applicant
) -> None:
    matters = ["soil-conservation", "heritage"]
    packet = applicant.begins(*matters)
    said = {"matters": matters, "promises": "authorisation"}
    applicant.saves(packet, **said)
    slots = {entry.material for code in matters for entry in catalog.load().matters[code].materials}
    lies(world, packet, *sorted(slots - {"authorisation"}))
    applicant.post(f"/apply/{packet}/hand-in", **{**FORM, **said, "version": applicant.version(packet)})
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    approved = next(task for task in world.tasks if task["matter"] == "soil-conservation")
    world.send("decisions", story.decision(approved) | {"outcome": "approve", "reasons": []})
    world.run()
    with world.inside("portal"):
        applicant.sent_on(applicant.post(f"/packets/{packet}/withdraw", reason="暂缓"))
    world.run()
    found = packets.load(packet)
    assert found.header
    assert (found.header.status, set(found.owed())) == (Status.WITHDRAWN, {"authorisation"})
    assert f"apply/{packet}#slot-authorisation" in applicant.sees(f"/packets/{packet}")
    assert "补交容缺材料" in applicant.sees(f"/apply/{packet}")
    asked = {"slot": "authorisation", "name": "委托书.pdf", "size": 4, "media_type": "application/pdf"}
    assert '"url":"https://' in html(applicant.post(f"/apply/{packet}/uploads", **asked))
    lies(world, packet, "authorisation")
    assert not packets.load(packet).owed()
    assert "没有待补交的材料" in applicant.sees(f"/apply/{packet}")


def test_the_window_begins_for_any_well_formed_code_and_says_of_whom_it_knows_nothing(window: Applicant) -> None:
    assert "没有登记信息的企业" in window.sees("/window/enterprises/91411402MA0KG0009X/apply")
    assert window.get("/window/enterprises/9141/apply")["statusCode"] == 404
    assert window.post("/window/enterprises/9141/apply", process="general", matters="flood")["statusCode"] == 404
    answer = window.post(f"/window/enterprises/{OWN}/apply", process="general")
    assert answer["statusCode"] == 422
    assert f"window/enterprises/{OWN}/apply" in html(answer)


def test_nothing_of_whom_the_window_helps_is_logged(window: Applicant) -> None:
    with logged() as log:
        packet = begins_for(window)
        window.saves(packet, **{"project.name": "秘密项目"})
        window.sees(f"/window/enterprises/{OWN}")
    assert not [word for word in ("秘密", OWN, "officer-7", packet) if word in log.getvalue()]


def test_every_state_of_a_material_has_its_tone() -> None:
    assert pages._TONES.keys() == set(SlotState)


def test_a_certificate_that_the_application_itself_ends_in_need_not_be_uploaded(
    world: World, applicant: Applicant
) -> None:
    packet = applicant.begins("project-filing", "soil-conservation")
    page = applicant.sees(f"/apply/{packet}")
    assert 'id="state-project-filing-certificate" class="state" data-live data-state="by-result"' in page
    lies(world, packet, *(slot for slot in (*SLOTS, "project-brief") if slot != "project-filing-certificate"))
    assert "材料齐全，可以受理" in applicant.sees(f"/apply/{packet}")


def test_what_was_refused_is_applied_for_again_by_one_press_and_a_taken_out_paper_is_offered_back(
    world: World, applicant: Applicant
) -> None:
    packet = refused_packet(world)
    assert "重新申报（1 个事项）" in applicant.sees(f"/packets/{packet}")
    draft = applicant.sent_on(applicant.post(f"/packets/{packet}/again")).rpartition("/")[2]
    copies(world, draft)
    page = applicant.sees(f"/apply/{draft}")
    assert f'href="../packets/{packet}"' in page
    offer = f'value="soil-plan/{packet}"'
    assert offer not in page, "it is there"
    applicant.post(f"/apply/{draft}/take-out", **FORM, version=applicant.version(draft), slot="soil-plan")
    assert offer in applicant.sees(f"/apply/{draft}")
    applicant.post(f"/apply/{draft}/reuse", **FORM, version=applicant.version(draft), reuse=f"soil-plan/{packet}")
    copies(world, draft)
    assert offer not in applicant.sees(f"/apply/{draft}")


DATA = {
    "construction-content": "生产车间一栋、研发楼一栋",
    "site-area": "３０，０００ 平方米",
    "total-investment": "32000",
    "disturbed-area": "30000",
    "excavation": "5200",
    "fill": "4800",
    "spoil": "6000",
    "report-unit": "商丘样例水利咨询有限公司",
    "planned-start": "2026年4月1日",
    "planned-end": "2027-12-31",
    "contact-person": "王工",
    "service-address": "商丘市梁园区样例路8号",
}


def test_a_form_filled_in_takes_the_place_of_the_paper_and_fills_the_projects_next_one(
    world: World, applicant: Applicant
) -> None:
    packet, code = applicant.begins(), "2602-411402-04-01-380164"
    assert "必填项已填 0 / 12" in applicant.sees(f"/apply/{packet}")
    sent = {**FORM, "project.code": code, **{f"form.{name}": value for name, value in DATA.items()}}
    applicant.sent_on(applicant.saves(packet, **{**sent, "form.planned-end": "2026-03-01"}))
    lies(world, packet, *(slot for slot in SLOTS if slot != "application-form"))
    page = applicant.sees(f"/apply/{packet}")
    assert "“计划竣工日期”早于“计划开工日期”" in page  # it would be returned for that
    assert "“弃方（建筑垃圾）量（立方米）”大于“挖方量（立方米）”" in page  # which stops nothing
    assert "材料齐全，可以受理" not in page
    applicant.sent_on(applicant.saves(packet, **sent))
    page = applicant.sees(f"/apply/{packet}")
    assert "材料齐全，可以受理" in page
    assert "已在网上填齐，无需上传" in page
    printed = applicant.sees(f"/apply/{packet}/form")
    assert "生产车间一栋、研发楼一栋" in printed
    assert ">30000<" in printed
    applicant.sent_on(applicant.post(f"/apply/{packet}/hand-in", **sent, version=applicant.version(packet)))
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    stored = packets.load(packet)
    assert stored.header
    assert stored.header.accepted_at
    assert stored.form
    assert stored.form.values["site-area"] == "30000"
    assert stored.form.values["planned-start"] == "2026-04-01"
    assert "商丘样例水利咨询有限公司" in applicant.sees(f"/packets/{packet}")
    assert "商丘样例水利咨询有限公司" in applicant.sees(f"/packets/{packet}/form")

    following = applicant.begins()  # of the same enterprise: who is asked, and where papers go
    assert 'value="王工"' in applicant.sees(f"/apply/{following}")
    assert 'value="30000"' not in applicant.sees(f"/apply/{following}")
    named = {**FORM, "project.code": code, "form.site-area": "", "form.contact-person": "李工"}
    applicant.sent_on(applicant.saves(following, **named))
    page = applicant.sees(f"/apply/{following}")
    assert 'value="30000"' in page
    assert f"已由系统带入：本项目此前的申请 {packet}" in page
    assert 'value="李工"' in page
    assert f"与记录不同（本项目此前的申请 {packet}）" in page


def test_a_form_that_is_not_complete_says_what_is_missing(world: World, applicant: Applicant) -> None:
    packet = applicant.begins()
    sent = {**FORM, **{f"form.{name}": value for name, value in DATA.items() if name not in ("fill", "spoil")}}
    applicant.sent_on(applicant.saves(packet, **sent, **{"form.fill": "若干"}))
    page = applicant.sees(f"/apply/{packet}")
    assert "还缺：弃方（建筑垃圾）量" in page
    assert "“填方量（立方米）”不是数字" in page
    assert 'value="若干"' in page
    lies(world, packet, *SLOTS)
    applicant.sent_on(applicant.saves(packet, **sent, **{"form.fill": ""}))
    assert "材料齐全，可以受理" in applicant.sees(f"/apply/{packet}")  # on paper
