"""What `kaigong status` shows a person: on a terminal of 100 columns, Chinese first."""

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from kaigong.domain.model.arrivals import Refusal, RefusalReason
from kaigong.domain.model.messages import Outcome, ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import ActKind
from kaigong.views.packet import status
from rich.cells import cell_len
from rich.console import Console

from infra.command import show_packet

from .building import MORNING, OFFICE, OTHER_ENTERPRISE, PACKET, Case, credit, named

VISIT = ProcedureKind.SITE_VISIT


def shown(case: Case) -> str:
    """The status as the API gives it, drawn."""
    found = json.loads(status(case.packet, case.catalogue, case.now, OFFICE).model_dump_json())
    out = io.StringIO()
    show_packet.status(Console(file=out, width=100), found)
    return out.getvalue()


def issued(case: Case, outcome: Outcome = Outcome.APPROVE) -> Case:
    while case.open():
        for code in case.open():
            case.decide(code, outcome)
        case.advance()
    case.issue()
    case.advance()
    return case


def draft() -> Case:
    case = Case()
    case.upload("form")
    return case


def refused() -> Case:
    case = draft()
    reason = RefusalReason(code="c", where="matters", text=named("wrong"))
    refusal = Refusal(packet=PACKET, version="m1", reasons=(reason,), at=case.now)
    case.packet = case.packet.changed(refusal=refusal)
    return case


def returned() -> Case:
    case = draft()
    case.submit("soil")
    case.advance()
    return case


def resting() -> Case:
    case = Case(credit=credit()).accepted("soil", "permit", "planning", "land-use", enterprise=OTHER_ENTERPRISE)
    case.act(ActKind.FIRST_ASKED, officer="李四", department="water")
    case.procedure("soil", VISIT)
    case.decide("land-use", Outcome.CORRECT)
    case.advance()
    return case


def withdrawn() -> Case:
    case = Case().accepted("soil", promises=("soil-plan",))
    case.act(ActKind.WITHDRAW)
    case.advance()
    return case


def late() -> Case:
    case = issued(Case().accepted("soil", "land-use", promises=("soil-plan",), commitments=("land-use",)))
    case.now += timedelta(days=90)
    case.advance()
    return case


def revoked() -> Case:
    case = issued(Case().accepted("soil", "flood"))
    case.revoke("soil")
    case.advance()
    return case


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (draft, ["草稿 draft", "下一步：申请人：上传材料", "待办 / open points"]),
        (refused, ["未予接收 not taken", "未予接收的原因", "matters"]),
        (returned, ["待补正 returned for completion", "一次性告知书", "逐项办理约需 3 个工作日"]),
        (
            resting,
            [
                "第 1 轮 round 1",
                "时限暂停 clock paused",
                "联合踏勘 joint site visit",
                "自 since 2026-03-06 09:31",
                "要求补正 correction requested",
                "←《land-use》",
                "约定联合踏勘时间",
                "综合窗口",
                "联合踏勘 joint site visit 1：《water》；时间待定 no date yet",
                "待核实 to be checked: 统一社会信用代码的校验位不符",
                "服务专班（0+0+3）",
                "首问责任人：《water》 李四",
            ],
        ),
        (withdrawn, ["已撤回 withdrawn", "下一步：无：不再办理", "无需再补 no longer owed"]),
        (
            late,
            [
                "已出件 issued",
                "规则当场决定 by rules",
                "办结（容缺通过） ",
                "approved with gaps  ",
                "已记失信 a breach",
                "2026-09-02",
                "已逾期 overdue",
                "随申报清单签署",
                "signed with the manifest",
                "第 1 版 version 1",
                "办结（容缺通过） / approved with gaps（12）",
            ],
        ),
        (revoked, ["批准已撤销 approval revoked", "15", "行政复议", "已办结，部分批准已收回"]),
    ],
)
def test_a_status_says_what_an_official_asks_for_and_fits_the_terminal(
    made: Callable[[], Case], words: list[str]
) -> None:
    found = shown(made())
    assert [word for word in words if word not in found] == []
    drawn = [line for line in found.splitlines() if line.startswith(("│", "┃", "┏", "└"))]
    assert drawn
    assert all(cell_len(line) <= 100 for line in drawn)


def test_the_green_channel_says_why_and_what_it_opens() -> None:
    found = shown(Case(credit=credit()).accepted("soil", process="industrial"))
    assert "绿色通道 green channel" in found
    assert "信用等级AAA为最高等级" in found
    assert "可享受：告知承诺、容缺受理" in found


def test_a_joint_site_visit_is_shown_with_its_date_and_then_as_over_with_what_was_found() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", VISIT, appointment=MORNING + timedelta(days=4))
    case.advance()
    assert "《water》；2026-03-10 09:30" in shown(case)
    case.procedure("soil", VISIT, ProcedureAction.END, note="挡墙未建")
    case.advance()
    found = shown(case)
    assert "已结束 over" in found
    assert "《water》（《soil》）2026-03-06 09:32：挡墙未建" in found


def test_a_review_past_its_limit_is_marked() -> None:
    case = Case().accepted("soil")
    assert "逾期" not in shown(case)
    case.now += timedelta(days=30)
    assert "期限 by 2026-03-11 17:30，已逾期 overdue" in shown(case)


def test_a_submission_that_was_accepted_shows_its_matters_and_one_that_was_not_every_reason() -> None:
    def told(case: Case, reasons: list[dict[str, str]]) -> str:
        found = json.loads(status(case.packet, case.catalogue, case.now, OFFICE).model_dump_json())
        out = io.StringIO()
        show_packet.outcome(Console(file=out, width=100), found, reasons)
        return out.getvalue()

    assert "《soil》" in told(Case().accepted("soil"), [])
    answer = told(returned(), [{"where": "soil-plan", "code": "material-missing", "zh": "缺少", "en": "missing"}])
    assert all(word in answer for word in ("待补正 returned for completion", "soil-plan", "material-missing", "缺少"))
