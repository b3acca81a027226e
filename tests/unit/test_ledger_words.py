"""The ledger as people read it: every entry in words, and what does not chain is marked."""

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain import flow
from kaigong.domain.model.facts import Seal, SealState
from kaigong.domain.model.messages import Outcome, ProcedureAction, ProcedureKind, RevocationKind
from kaigong.domain.model.packet import ActKind
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.views.ledger import Record, ledger, record
from kaigong.views.ledger_words import EVENTS, said

from .building import CATALOGUE, ENTERPRISE, GOOD, Case, Chance, chances
from .test_progress import Journey


def read(case: Case) -> Record:
    return record(ledger(case.packet, case.entries), case.catalogue)


def lines(case: Case) -> list[tuple[str, str]]:
    """What was done and by whom, in order."""
    return [(line.text.zh, line.by.zh) for row in read(case).rows for line in row.lines]


def test_whatever_the_rules_put_on_record_has_words() -> None:
    """Whoever adds an event adds its words: the names are read from the rules themselves."""
    others = {ActKind.WITHDRAW.value, ActKind.RETRACT.value}  # their entries say `withdrawn` and `retracted`
    recorded = {act.value for act in ActKind} - others
    for path in Path(flow.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr
            if called == "happened" and isinstance(node.args[0], ast.Constant):
                recorded.add(node.args[0].value)
    assert recorded == set(EVENTS)


def test_what_signatures_came_to_is_on_record_by_outcome_and_without_names() -> None:
    case, signed = Case(), GOOD.changed(seals=(Seal(state=SealState.UNTRUSTED, signer="王工"),))
    wanted = [entry.material for entry in case.catalogue.matters["land-use"].materials]
    case.upload(*wanted)
    case.upload("land-contract", facts=signed)
    case.submit("land-use")
    case.advance()
    [entry] = [event for entry in case.entries for event in entry.events if event["event"] == "submitted"]
    assert entry["seals"] == {"land-contract": ["untrusted"]}
    assert lines(case)[0][0].endswith("电子签章：《land-contract》（内容未改动，签署人未经核实）。")
    assert "王工" not in read(case).model_dump_json()


@given(chances)
def test_on_every_journey_each_entry_is_told_in_words_without_any_person(chance: Chance) -> None:
    journey = Journey(chance)
    for _ in range(chance.between(3, 25)):
        journey.goes_on()
    case = journey.case
    found = read(case)
    assert found.holds
    assert [row.seq for row in found.rows] == [entry.seq for entry in case.entries]
    for row, entry in zip(found.rows, case.entries, strict=True):
        assert len(row.lines) == len(entry.events)
        assert entry.hash.startswith(row.short)
        assert not row.doubtful
    told = found.model_dump_json()
    for hidden in ("其他记录", "审查员", "user-1", "王工", ENTERPRISE.name, "token-", "印章不清"):
        assert hidden not in told
    notices = [line.notice for row in found.rows for line in row.lines if line.notice is not None]
    assert notices == sorted(case.packet.notices)
    assert found.head == (case.header.ledger_hash if case.packet.header else "")


def test_a_packets_way_reads_as_a_record() -> None:
    case = Case().accepted("soil", "fire-review", promises=("soil-plan",))
    case.procedure("soil", ProcedureKind.HEARING)
    case.advance()
    case.procedure("soil", ProcedureKind.HEARING, ProcedureAction.END)
    case.advance()
    case.decide("soil")
    case.decide("fire-review", Outcome.REJECT)
    case.advance()
    case.issue()
    case.advance()
    case.revoke("soil", RevocationKind.RECALL)
    case.advance()
    assert lines(case) == [
        ("第 1 次提交：2 个事项，3 份材料。", "申请人"),
        ("受理，普通通道；承诺后补：《soil-plan》。", "系统"),
        ("发出《项目受理单：已受理》。", "系统"),
        ("开始审查：《soil》、《fire-review》。", "系统"),
        ("《soil》：听证开始，时限暂停。", "《water》"),
        ("发出《特别程序告知书》。", "系统"),
        ("《soil》：听证结束，时限继续计算。", "《water》"),
        ("发出《特别程序告知书》。", "系统"),
        ("《soil》：第 1 轮审查，通过。", "《water》"),
        ("《fire-review》：第 1 轮审查，不予通过。", "《housing》"),
        ("汇总 2 个事项的决定，作出联合审批结果：办结（部分事项通过）。", "系统"),
        ("发出《联合审批结果已作出》。", "系统"),
        (f"出具联合审批结果（校验值 {'0' * 12}…）。", "系统"),
        ("《soil》：批准已撤回。", "《water》"),
        ("发出《批准已撤回或者撤销》。", "系统"),
        ("已删除从材料首页读取的文字，材料本身按期限保存。", "系统"),  # nothing more is to come
    ]


def test_an_act_that_came_to_nothing_says_why() -> None:
    refused = said({"event": "override-doubt", "subject": "x", "act": "0", "refused": "no-such-doubt"}, CATALOGUE)
    assert refused.text.zh.startswith("核实身份信息疑点；未予登记：该材料包没有这一疑点")
    assert said({"event": "pick-up", "refused": None}, CATALOGUE).text.zh == "登记帮办人。"


def test_a_commitment_that_rules_decide_is_told_with_its_rules() -> None:
    case = Case().accepted("land-use", commitments=("land-use",))
    told = dict(lines(case))
    assert "《land-use》：符合规则（已接受现行告知承诺书且身份信息没有疑点），通过。" in told
    assert "受理，普通通道；告知承诺：《land-use》（未载明身份，申报清单载明，未经核验）。" in told


@pytest.mark.parametrize("broken", [1, 2])
def test_from_a_changed_entry_on_the_record_is_marked(broken: int) -> None:
    case = Case().accepted("flood")
    case.decide("flood")
    case.advance()
    case.entries[broken - 1] = case.entries[broken - 1].changed(events=({"event": "forged"},))
    found = read(case)
    assert not found.holds
    assert f"从第 {broken} 条起" in found.checked.zh
    assert [row.doubtful for row in found.rows] == [row.seq >= broken for row in found.rows]


@given(st.sampled_from(sorted(EVENTS)), st.dictionaries(st.text(max_size=9), st.integers() | st.text(max_size=5)))
def test_an_event_that_says_too_little_is_told_by_its_code(name: str, details: dict[str, Any]) -> None:
    told = said({**details, "event": name}, CATALOGUE)
    assert told.text.zh
    assert told.by.zh


def test_a_packet_without_a_ledger_has_an_empty_record() -> None:
    case = Case()
    case.upload("form")
    found = read(case)
    assert (found.rows, found.holds, found.head) == ((), True, "")


@pytest.mark.parametrize(("department", "by"), [(None, names.APPLICANT), ("approvals", names.WINDOW)])
def test_a_withdrawal_is_told_as_whose_it_is(department: str | None, by: Text) -> None:
    case = Case().accepted("soil")
    case.act(ActKind.WITHDRAW, reason="重复申报", department=department)
    entry = case.advance()
    assert entry
    (event,) = [event for event in entry.events if event["event"] == "withdrawn"]
    assert said(event, CATALOGUE).by == by


def test_that_two_officers_decided_is_told_without_their_names() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil", signed_by="王局长")
    case.decide("flood")
    case.advance()
    told = [line.text for row in read(case).rows for line in row.lines]
    (signed,) = (text for text in told if "签批" in text.zh)
    assert "《soil》：第 1 轮审查，通过（两人审核、签批，校验值 " in signed.zh
    assert "signed by a second officer" in signed.en
    assert "王局长" not in str(case.entries)
