"""The pages that follow a packet: who sees them, what they say, and that they are sent again only when they changed."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from kaigong.catalog import load
from kaigong.contract.routes import Group
from kaigong.domain.model.packet import Act, ActKind, ReviewState
from kaigong.domain.model.people import Granted, PersonRights
from kaigong.portal import access
from kaigong.portal.follow import pages as follow
from kaigong.portal.web import rendering
from kaigong.settings import settings
from kaigong.store import packets, people, progress_links
from kaigong.store import packets as stored

from tests.hours import standing

from . import story
from .asking import DRAFT, FOREIGN, NEW, OTHER, OWN, PROJECT_CODE, page_as, played, soil
from .world import READS, World

CITY = load()
NOBODY = access.NOBODY
APPLICANT = access.Caller(name="a", groups=frozenset({Group.APPLICANT}), uscc=OWN)
STRANGER = access.Caller(name="s", groups=frozenset({Group.APPLICANT}), uscc=OTHER)
WATER = access.Caller(name="w", groups=frozenset({Group.DEPARTMENT}), department="water")
TELECOM = access.Caller(name="t", groups=frozenset({Group.DEPARTMENT}), department="telecom")
WINDOW = access.Caller(name="c", groups=frozenset({Group.WINDOW}))
SUPERVISOR = access.Caller(name="v", groups=frozenset({Group.SUPERVISOR}))
PAGE = f"/packets/{story.PACKET}"

Look = Callable[..., Any]


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with played() as world:
        yield world


@pytest.fixture
def look(stage: World, monkeypatch: pytest.MonkeyPatch) -> Look:  # noqa: ARG001 - there must be packets to look at
    """Opens a page as somebody who is signed in: the session is checked by tests of its own."""

    def looked(path: str, caller: access.Caller = APPLICANT, method: str = "GET", **more: Any) -> Any:
        form = more.pop("body", "") if method == "POST" else None
        return page_as(monkeypatch, caller, path, form, **more)

    return looked


def test_the_page_says_where_it_is_what_is_next_and_who_has_it(look: Look) -> None:
    answer = look(PAGE)
    assert answer["statusCode"] == 200
    for said in (
        story.MANIFEST["project"]["name"],
        "已出件",
        "下一步：",
        "由谁办理",
        "期限怎么算的",
        "联合踏勘",
        story.FOUND,
    ):
        assert said in answer["body"]
    assert "审查员" not in answer["body"]


def test_the_page_in_english_says_the_same(look: Look) -> None:
    answer = look(PAGE, query={"lang": "en"})
    for said in (
        "Issued",
        "Next: ",
        "With",
        "How the time limit was calculated",
        "Joint site visit",
        "no valid approval",
    ):
        assert said in answer["body"]


@pytest.mark.parametrize(
    "path", ["", "/live", "/receipt", "/result", "/ledger", "/withdraw", "/notices/1", "/letters/power-connection"]
)
def test_a_foreign_packets_page_is_one_that_is_not_there(look: Look, path: str) -> None:
    nothing = look(f"/packets/20260306-nothing{path}")
    assert nothing["statusCode"] == 404
    for packet in (FOREIGN, DRAFT, "a"):
        foreign = look(f"/packets/{packet}{path}")
        shown = foreign["body"].replace(f"/packets/{packet}", "/packets/20260306-nothing")
        assert (foreign["statusCode"], shown) == (404, nothing["body"])


@pytest.mark.parametrize(
    ("caller", "page", "receipt", "withdraw"),
    [
        (APPLICANT, 200, 200, 200),
        (STRANGER, 404, 404, 404),
        (WATER, 200, 403, 403),
        (TELECOM, 404, 403, 403),
        (WINDOW, 200, 200, 403),
        (SUPERVISOR, 403, 403, 403),
        (NOBODY, 303, 303, 303),
    ],
)
def test_each_page_is_for_those_who_may_see_it(
    look: Look, caller: access.Caller, page: int, receipt: int, withdraw: int
) -> None:
    answers = [look(PAGE + path, caller)["statusCode"] for path in ("", "/ledger", "/receipt", "/withdraw")]
    assert answers == [page, page, receipt, withdraw]


def test_what_the_applicant_alone_can_do_is_offered_to_nobody_else(look: Look) -> None:
    mine, theirs = look(PAGE)["body"], look(PAGE, WATER)["body"]
    assert 'id="share"' in mine
    assert 'id="share"' not in theirs
    assert "apply/" not in theirs


def test_the_live_part_is_not_sent_again_while_nothing_changed(look: Look) -> None:
    first = look(f"{PAGE}/live")
    mark = first["headers"]["ETag"]
    again = look(f"{PAGE}/live", headers={"if-none-match": mark})
    assert (again["statusCode"], again["body"]) == (304, "")
    assert look(f"{PAGE}/live", headers={"if-none-match": '"other"'})["statusCode"] == 200
    assert look(f"{PAGE}/live", query={"lang": "en"}, headers={"if-none-match": mark})["statusCode"] == 200


def test_while_somebody_is_late_the_picture_goes_on_growing(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = datetime.now(UTC)

    def mark(days: float) -> str:
        monkeypatch.setattr(follow, "datetime", standing(begun + timedelta(days=days)))
        return str(look(f"/packets/{FOREIGN}/live", STRANGER)["headers"]["ETag"])

    late = mark(60)
    assert mark(60.001) == late
    assert mark(62) != late


def test_the_live_part_is_the_pages_own_with_the_same_links(look: Look) -> None:
    token = progress_links.create(story.PACKET, datetime.now(UTC)).token
    assert look(f"{PAGE}/live")["body"].strip() in look(PAGE)["body"]
    public = [re.sub("<time.*?</time>", "", look(f"/p/{token}{path}", NOBODY)["body"]) for path in ("/live", "")]
    assert public[0].strip() in public[1]


def test_a_page_that_refreshes_itself_is_told_no_sign_in_form(look: Look) -> None:
    assert look(f"{PAGE}/live", NOBODY, headers={"hx-request": "true"})["statusCode"] == 401


def test_the_receipt_has_the_qr_code_of_the_progress_page(look: Look) -> None:
    link = progress_links.of(story.PACKET)
    body = look(f"{PAGE}/receipt")["body"]
    assert link
    assert f"https://api.execute-api.eu-west-1.amazonaws.com/p/{link.token}" in body
    assert "<svg" in body
    assert 'class="qr"' in body
    assert look(f"{PAGE}/receipt")["body"] == body  # the same link again


def test_a_withdrawn_link_stays_withdrawn_whoever_looks_at_the_receipt(look: Look) -> None:
    progress_links.create(story.PACKET, datetime.now(UTC))
    progress_links.withdraw(story.PACKET, datetime.now(UTC))
    body = look(f"{PAGE}/receipt")["body"]
    assert 'class="qr"' not in body
    assert "进度链接已停用" in body
    assert "/p/" not in body
    assert progress_links.of(story.PACKET) is None


def test_a_packet_has_its_link_from_its_acceptance_on(stage: World) -> None:
    packet = "20260306-linked"
    stage.submit(soil(stage, packet, story.MANIFEST["enterprise"], matters=["fire-design-review"]))
    stage.run()
    assert progress_links.of(packet) is None
    stage.submit(soil(stage, packet, story.MANIFEST["enterprise"]))
    stage.run()
    link = progress_links.of(packet)
    assert link
    assert progress_links.packet_of(link.token) == packet


@pytest.mark.parametrize("path", ["", "/live", "/receipt", "/ledger", "/result", "/withdraw"])
def test_looking_at_a_packet_writes_nothing(look: Look, stage: World, path: str) -> None:
    before = len(stage.calls)
    with stage.inside("portal"):
        answer = look(f"{PAGE}{path}")
    called = {call.rpartition(".")[2] for call in stage.calls[before:]}
    assert answer["statusCode"] == 200
    assert called
    assert called <= set(READS)


def test_there_is_no_receipt_before_the_packet_is_accepted(look: Look, stage: World) -> None:
    stage.submit(soil(stage, "20260306-returned", story.MANIFEST["enterprise"], matters=["fire-design-review"]))
    stage.run()
    answer = look("/packets/20260306-returned/receipt")
    assert answer["statusCode"] == 404
    assert "no-receipt-yet" in answer["body"]


def test_every_notice_is_listed_and_can_be_read_in_full(look: Look) -> None:
    page = look(PAGE)["body"]
    for number, notice in packets.load_shown(story.PACKET).notices.items():
        assert f'href="../packets/{story.PACKET}/notices/{number}"' in page
        answer = look(f"{PAGE}/notices/{number}")
        assert answer["statusCode"] == 200
        assert notice.title.zh in answer["body"]
    assert look(f"{PAGE}/notices/99999")["statusCode"] == 404


def test_the_letter_that_was_accepted_is_shown_with_its_mark(look: Look) -> None:
    answer = look(f"{PAGE}/letters/power-connection")
    assert packets.load(story.PACKET).commitments["power-connection"].sha256 in answer["body"]
    for told in ("未载明签署人", "随申报清单签署", "申报清单载明，未经核验", "签署时间"):
        assert told in answer["body"]
    assert "承诺不实的法律责任" in answer["body"]
    assert look(f"{PAGE}/letters/soil-conservation")["statusCode"] == 404


def test_while_departments_review_the_page_gives_the_sum_behind_the_first_date(look: Look) -> None:
    body = look(f"/packets/{FOREIGN}", STRANGER)["body"]
    banner = body[body.index('class="notice notice-info next"') : body.index('<nav class="index')]
    for said in ("并联审查中", "市水利局", "1 个部门中 0 个已答复", "怎么算出来的", "起算", "截止"):
        assert said in banner
    assert "为什么是这个日期" in body


def test_a_packet_with_an_approval_that_is_gone_does_not_look_plainly_done(look: Look) -> None:
    body = look(PAGE)["body"]
    banner = body[body.index("notice-bad next") : body.index('<nav class="index')]
    ended = (ReviewState.RECALLED, ReviewState.REVOKED)
    (gone,) = [matter for matter, r in packets.load(story.PACKET).reviews.items() if r.state in ended]
    assert f"个没有有效的批准：{CITY.matters[gone].name.zh}" in banner


def test_who_answers_is_told_with_a_telephone_and_codes_of_the_standard_are_not(look: Look) -> None:
    body = look(f"/packets/{FOREIGN}", STRANGER)["body"]
    banner = body[body.index('class="notice notice-info next"') : body.index('<nav class="index')]
    assert str(CITY.departments["water"].telephone) in banner
    assert "国标" not in body
    for standard in ("部门开始办理", "窗口已受理"):
        assert standard not in body


def test_who_was_asked_first_has_a_telephone_on_page_and_receipt_else_the_window(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = settings().model_copy(update={"portal_telephone": "0370-000 0000"})
    monkeypatch.setattr(rendering, "settings", lambda: known)
    asked = str(CITY.departments["approvals"].telephone)
    for packet, caller, telephone in ((story.PACKET, APPLICANT, asked), (FOREIGN, STRANGER, "0370-000 0000")):
        page = look(f"/packets/{packet}", caller)["body"]
        assert telephone in page[page.index('id="team"') : page.index('id="rights"')]
        receipt = look(f"/packets/{packet}/receipt", caller)["body"]
        assert telephone in receipt[: receipt.index('<footer class="site')]


def test_the_parallel_reviews_are_drawn_along_time_and_told_to_who_cannot_see(look: Look) -> None:
    packet = packets.load(story.PACKET)
    body = look(PAGE)["body"]
    drawn = body[body.index('class="timeline"') : body.index('id="matters"')]
    rows = drawn.split('<div class="row">')[1:]
    assert len(rows) == len(packet.reviews)
    bars = [re.findall(r'class="bar bar-([a-z]+)" x="([0-9.]+)%"', row) for row in rows]
    begun = [float(found[0][1]) for found in bars if found]
    assert begun.count(min(begun)) >= 2  # departments that began at the same moment begin at the same place
    assert {kind for found in bars for kind, _ in found} >= {"running", "resting"}
    assert "mark-approved" in drawn
    assert "mark-ended" in drawn  # the approval that was taken back
    for row in rows:  # whoever cannot see a row hears it
        assert re.findall(r'role="img" aria-label="([^"]+)"', row)


def test_the_record_tells_every_entry_in_words_and_that_its_chain_holds(look: Look) -> None:
    body, entries = look(f"{PAGE}/ledger")["body"], stored.ledger(story.PACKET)
    assert f'href="../packets/{story.PACKET}/ledger"' in look(PAGE)["body"]
    assert f"已逐条核对全部 {len(entries)} 条记录，前后相符。" in body
    for entry in entries:
        assert f'id="entry-{entry.seq}"' in body
        assert f">{entry.hash[:12]}<" in body
    assert entries[-1].hash in body
    for said in (
        "第 1 次提交",
        "一次性告知书",
        "受理，绿色通道",
        "联合踏勘开始",
        "要求补正",
        "补齐容缺材料",
        "批准已撤回",
    ):
        assert said in body
    for number in packets.load_shown(story.PACKET).notices:
        assert f'href="../../packets/{story.PACKET}/notices/{number}"' in body
    for hidden in (
        "审查员",
        "王工",
        "user-1",
        "现场踏勘",
        story.FOUND,
        "其他记录",
    ):  # as the API: no person, no words of theirs
        assert hidden not in body
    english = look(f"{PAGE}/ledger", query={"lang": "en"})["body"]
    assert "Case record" in english
    assert "the chain is intact" in english


def test_a_record_that_was_tampered_with_says_from_where_on(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = stored.ledger(story.PACKET)
    entries[2] = entries[2].changed(events=({"event": "forged"},))
    monkeypatch.setattr(stored, "ledger", lambda _: entries)
    body = look(f"{PAGE}/ledger")["body"]
    assert "从第 3 条起" in body
    assert body.count("不符</span>") == len(entries) - 2


def test_before_its_first_entry_the_record_is_empty_and_says_so(look: Look) -> None:
    assert "还没有记录" in look(f"/packets/{NEW}/ledger")["body"]


def test_the_joint_result_is_downloaded_as_it_was_issued(look: Look) -> None:
    answer = look(f"{PAGE}/result")
    assert json.loads(answer["body"])["packet"] == story.PACKET
    assert "attachment" in answer["headers"]["Content-Disposition"]
    assert look(f"/packets/{FOREIGN}/result", STRANGER)["statusCode"] == 404


def test_withdrawing_asks_why_and_is_recorded_once(look: Look, stage: World) -> None:
    packet = "20260306-to-withdraw"
    stage.submit(soil(stage, packet, story.MANIFEST["enterprise"]))
    stage.run()
    path = f"/packets/{packet}/withdraw"
    assert "确认撤回" in look(path)["body"]
    for nothing in (" ", "\u200b", "\u3164", "\u2800"):
        assert look(path, method="POST", body=urlencode({"reason": nothing}))["statusCode"] == 422
    over = look(path, method="POST", body=urlencode({"reason": "一" * 1001}))
    assert (over["statusCode"], "一" * 1001 in over["body"]) == (422, True)
    assert not packets.load(packet).acts
    assert look(path, STRANGER, method="POST", body="reason=x")["statusCode"] == 404
    assert look(path, WINDOW, method="POST", body="reason=x")["statusCode"] == 403
    people.grant(OWN, Granted(account="a-agent", rights=PersonRights.PREPARE, by="a-boss", at=datetime.now(UTC)))
    refused = look(path, APPLICANT.changed(account="a-agent"), method="POST", body=urlencode({"reason": "资金不到位"}))
    assert (refused["statusCode"], "资金不到位</textarea>" in refused["body"]) == (403, True)
    lines = "\r\n".join("一" * 500 for _ in range(2))[:-1]  # 1,000 as a browser counts: a line break is one
    with stage.inside("portal"):
        done = look(path, method="POST", body=urlencode({"reason": lines}))
    assert (done["statusCode"], done["headers"]["Location"]) == (303, f"../../packets/{packet}")
    assert [act.reason for act in packets.load(packet).acts.values()] == [lines.replace("\r", "")]
    assert "确认撤回" not in look(path)["body"]
    stage.run()
    assert "已撤回" in look(f"/packets/{packet}")["body"]


def test_what_was_asked_for_and_refused_is_not_said_to_be_under_way(look: Look, stage: World) -> None:
    """What came just before a decision, or before the packet was accepted, is looked at and comes to nothing."""
    packet = "20260306-asked-too-late"
    stage.submit(
        soil(stage, packet, story.MANIFEST["enterprise"]) | {"project": {"name": "项目", "code": PROJECT_CODE}}
    )
    stage.run()
    for task in [task for task in stage.tasks if task["packet"] == packet]:
        stage.send("decisions", story.decision(task))
    stage.run()
    long_ago = datetime.now(UTC) - timedelta(days=400)
    said = Act(kind=ActKind.WITHDRAW, by="a", reason="资金不到位", at=datetime.now(UTC))
    for act in (said, Act(kind=ActKind.LET_IN, subject=OTHER, by="a", at=long_ago)):
        stage.record(packet, act)
    with_let_in = f"/packets/{packet}/enterprises"
    assert "撤回申请已收到，正在处理" in look(f"/packets/{packet}")["body"]
    assert "正在登记" in look(with_let_in)["body"]
    stage.run()
    told = look(f"/packets/{packet}")["body"]
    assert ("申请已不能撤回" in told, "撤回申请已收到，正在处理" in told) == (True, False)
    assert "正在登记" not in look(with_let_in)["body"]


def test_the_public_page_shows_the_progress_and_nothing_of_people_or_papers(look: Look) -> None:
    token = progress_links.create(story.PACKET, datetime.now(UTC)).token
    for path in (f"/p/{token}", f"/p/{token}/live"):
        answer = look(path, NOBODY)
        assert answer["statusCode"] == 200
        for said in ("已出件", "下一步：", "没有有效的批准"):
            assert said in answer["body"]
        enterprise = story.MANIFEST["enterprise"]
        for hidden in (
            story.PACKET,
            enterprise["name"],
            enterprise["uscc"],
            "审查员",
            "王工",
            "请补充",
            "现场踏勘",
            story.FOUND,
        ):
            assert hidden not in answer["body"]
    assert "noindex" in look(f"/p/{token}", NOBODY)["body"]


def test_a_link_is_given_renewed_and_withdrawn_from_the_page(look: Look) -> None:
    assert look(f"{PAGE}/link", method="POST")["headers"]["Location"] == f"../../packets/{story.PACKET}#share"
    old = progress_links.of(story.PACKET)
    assert old
    look(f"{PAGE}/link/renew", method="POST")
    new = progress_links.of(story.PACKET)
    assert new
    assert new.token != old.token
    assert look(f"/p/{old.token}", NOBODY)["statusCode"] == 404
    look(f"{PAGE}/link/withdraw", WINDOW, method="POST")
    assert progress_links.of(story.PACKET) is None
    assert look(f"/p/{new.token}", NOBODY)["statusCode"] == 404
    assert look(f"{PAGE}/link", STRANGER, method="POST")["statusCode"] == 404
    assert look(f"{PAGE}/link", WATER, method="POST")["statusCode"] == 403


def test_a_token_that_opens_nothing_gets_one_and_the_same_page(look: Look) -> None:
    gone = progress_links.create(DRAFT, datetime.now(UTC)).token
    progress_links.withdraw(DRAFT, datetime.now(UTC))
    bodies = {look(f"/p/{token}", NOBODY)["body"].replace(token, "") for token in (gone, "A" * 32, "short")}
    assert len(bodies) == 1
    assert "进度链接无效" in bodies.pop()
