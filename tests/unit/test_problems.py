"""The problem list: what a day comes to, risks whose parts add up, advice, and a table that runs no formula."""

import csv
import io
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.flow import risk
from kaigong.domain.flow.problems import of_day
from kaigong.domain.model.daily import PART, DayAsked, PartDone, cells_of, cut
from kaigong.domain.model.messages import Outcome, RevocationKind
from kaigong.domain.model.packet import ActKind
from kaigong.domain.model.problems import Cell, Counted, Day, RiskLevel
from kaigong.domain.model.supervision import SupervisionEvent, SupervisionFact
from kaigong.domain.words import finding, names, problems
from kaigong.views.problems import ProblemRow, as_csv, problem_list, safe

from .building import CATALOGUE, EMPTY, MORNING, Case, credit

C = Counted
FIRST = datetime.combine(MORNING.date(), datetime.min.time(), MORNING.tzinfo)
DAY = timedelta(days=1)


def counted(case: Case, since: datetime = FIRST, days: int = 1) -> dict[tuple[str, Counted, str], int]:
    """The numbers of one or more days, by matter, what, reason."""
    found = of_day(case.packet, case.entries, since, since + days * DAY, CATALOGUE)
    assert all(cell.department == CATALOGUE.matters[cell.matter].department for cell in found)
    return {(cell.matter, cell.what, cell.reason): count for cell, count in found.items()}


def listed(*cells: tuple[str, Counted, str, str, int]) -> ProblemRow:
    """The one row of a list of one day."""
    day = Day(department="water", day=MORNING.date(), cells=cells)
    [row] = problem_list("water", day.day, day.day, [day], CATALOGUE).rows
    return row


def figure(row: ProblemRow, what: Counted) -> tuple[int, int | None]:
    """How many, and which share in percent."""
    return next((each.count, each.percent) for each in row.figures if each.what is what)


def test_a_return_counts_once_for_each_matter_and_each_reason_where_it_belongs() -> None:
    case = Case(credit=credit())
    case.upload("form", "licence", "works-contract")
    case.upload("drawings", facts=EMPTY)
    case.submit("fire-review", "flood")
    case.advance()
    assert counted(case) == {
        ("fire-review", C.APPLIED, ""): 1,
        ("fire-review", C.RETURNED, ""): 1,
        ("fire-review", C.REFUSED, "empty"): 1,
        ("fire-review", C.MISSING, "fire-plan"): 1,
        ("flood", C.APPLIED, ""): 1,
        ("flood", C.RETURNED, ""): 1,
        ("flood", C.MISSING, "flood-report"): 1,
        ("flood", C.MISSING, "survey"): 1,
    }
    [grade] = {cell.grade for cell in of_day(case.packet, case.entries, FIRST, FIRST + DAY, CATALOGUE)}
    assert grade == "AAA"


def test_decisions_corrections_lateness_and_what_is_broken_later_count_for_their_matter() -> None:
    matters = ("land-use", "soil", "flood")
    case = Case(credit=credit()).accepted(*matters, promises=("soil-plan",), commitments=("land-use",))
    case.now += 10 * DAY
    case.advance()  # the reviews of two are late; rules decided the third
    case.decide("soil")
    case.decide("flood", Outcome.CORRECT)
    case.advance()
    case.now += 40 * DAY
    case.advance()  # the gap is, too; the correction did not come
    found = counted(case, days=80)
    assert found["soil", C.PROMISED, ""] == found["soil", C.GAP_LATE, ""] == found["soil", C.GAP_LATE, "soil-plan"] == 1
    assert found["land-use", C.COMMITTED, ""] == found["land-use", C.DECIDED, ""] == 1
    assert found["soil", C.LATE, ""] == found["flood", C.LATE, ""] == 1
    assert found["flood", C.DECIDED, ""] == found["flood", C.CORRECTION, ""] == 1
    fact = SupervisionFact(matter="land-use", version=3, event=SupervisionEvent.BREACH, at=case.now)
    case._change(supervised={fact.name: fact})
    case.advance()
    case.revoke("land-use", RevocationKind.REVOKE)
    case.advance()
    found = counted(case, days=80)
    assert found["land-use", C.BROKEN, ""] == found["land-use", C.REVOKED, "revoke"] == 1


def test_a_matter_that_waits_for_two_late_papers_is_late_with_a_gap_once_for_both_reasons() -> None:
    case = Case(credit=credit()).accepted("fire-review", "permit", promises=("fire-plan", "wage-security"))
    case.now += 60 * DAY
    case.advance()
    late = {
        (matter, reason): count
        for (matter, what, reason), count in counted(case, days=80).items()
        if what is C.GAP_LATE
    }
    assert late == dict.fromkeys(
        [
            ("fire-review", ""),
            ("fire-review", "fire-plan"),
            ("permit", ""),
            ("permit", "fire-plan"),
            ("permit", "wage-security"),
        ],
        1,
    )
    cells = [
        ("permit", what, reason, "", count)
        for (m, what, reason), count in counted(case, days=80).items()
        if m == "permit"
    ]
    cells.append(("permit", C.PROMISED, "", "", 4))  # four more that were promised, none of them late
    found = listed(*cells)
    assert figure(found, C.GAP_LATE) == (1, 20)
    assert {each.reason: each.count for each in found.reasons} == {"fire-plan": 1, "wage-security": 1}
    assert [(part.rule, part.points) for part in found.risk.parts] == [("gap-late", 1)]


def test_after_a_withdrawal_a_gap_is_late_for_what_was_approved_alone_and_the_packet_stays_on_the_list() -> None:
    case = Case(credit=credit()).accepted("fire-review", "permit", promises=("fire-plan",))
    case.decide("fire-review")
    case.advance()
    case.act(ActKind.WITHDRAW)
    case.now += 60 * DAY
    case.advance()
    found = counted(case, days=80)
    assert [matter for matter, what, reason in found if what is C.GAP_LATE and not reason] == ["fire-review"]
    judged = risk.of_packet(case.packet, CATALOGUE)
    assert "gaps-late" in {part.rule for part in judged.parts}
    assert risk.is_watched(case.packet, judged)


def test_a_day_that_was_counted_by_material_alone_has_as_many_matters_as_the_material_that_was_late_most() -> None:
    late = [("permit", C.GAP_LATE, "fire-plan", "", 2), ("permit", C.GAP_LATE, "wage-security", "", 1)]
    found = listed(("permit", C.PROMISED, "", "", 5), *late)
    assert figure(found, C.GAP_LATE) == (2, 40)


def test_what_there_is_and_what_may_be_no_commitment_is_no_share_of_those() -> None:
    found = listed(("soil", C.COMMITTED, "", "", 2), ("soil", C.UNVERIFIED, "", "", 12), ("soil", C.BROKEN, "", "", 3))
    assert figure(found, C.UNVERIFIED) == (12, None)
    assert figure(found, C.BROKEN) == (3, None)
    assert {part.rule for part in found.risk.parts} == {"unverified", "broken"}  # as numbers, as before


def test_more_than_were_answered_in_these_days_are_late_with_no_share_and_the_points_of_all() -> None:
    found = listed(("soil", C.DECIDED, "", "", 5), ("soil", C.LATE, "", "", 7))
    assert figure(found, C.LATE) == (7, None)
    [part] = found.risk.parts
    assert (part.points, part.because) == (4, problems.number(C.LATE, 7))


def test_days_neither_overlap_nor_leave_anything_out() -> None:
    case = Case(credit=credit()).accepted("soil", promises=("soil-plan",))
    case.now += 3 * DAY
    case.decide("soil")
    case.advance()
    case.now += 60 * DAY
    case.advance()
    by_day = Counter[tuple[str, Counted, str]]()
    for day in range(90):
        by_day.update(counted(case, FIRST + day * DAY))
    assert by_day == counted(case, days=90)
    assert by_day["soil", C.GAP_LATE, "soil-plan"] == 1


def test_a_packet_s_risk_is_what_its_parts_add_up_to() -> None:
    case = Case().accepted("soil")
    plain = risk.of_packet(case.packet, CATALOGUE)
    assert [part.rule for part in plain.parts] == ["ungraded"]
    assert plain.level is RiskLevel.LOW
    assert not risk.is_watched(case.packet, plain)
    case = Case(credit=credit()).accepted("land-use", "soil", promises=("soil-plan",), commitments=("land-use",))
    case.now += 60 * DAY
    case.advance()
    found = risk.of_packet(case.packet, CATALOGUE)
    assert {"gaps-late", "breaches", "late", "committed", "by-rules"} == {part.rule for part in found.parts}
    assert found.points == sum(part.points for part in found.parts)
    assert found.level is RiskLevel.HIGH
    assert risk.is_watched(case.packet, found)


NUMBERS = st.dictionaries(st.sampled_from([*Counted]), st.integers(0, 50))


@given(NUMBERS)
def test_a_matter_s_risk_adds_up_and_its_advice_follows_its_parts(total: dict[Counted, int]) -> None:
    found = risk.figures((what, "", "AAA", count) for what, count in total.items())
    judged = risk.of_figures(found)
    assert judged.points == sum(part.points for part in judged.parts)
    assert all(part.points > 0 and found.total[Counted(part.rule)] for part in judged.parts)
    assert (judged.level is RiskLevel.LOW) == (judged.points < risk.RAISED)
    advised = risk.advice(found, judged, CATALOGUE)
    assert {part.rule for part in judged.parts} <= {advice.rule for advice in advised}
    assert not advised or judged.parts


CELLS = st.tuples(
    st.just("soil"),
    st.sampled_from(Counted),
    st.sampled_from(["", "form"]),
    st.sampled_from(["", "AAA"]),
    st.integers(1, 50),
)


@given(st.lists(CELLS, max_size=20))
def test_no_share_is_more_than_all(cells: list[tuple[str, Counted, str, str, int]]) -> None:
    day = Day(department="water", day=MORNING.date(), cells=tuple(cells))
    for row in problem_list("water", day.day, day.day, [day], CATALOGUE).rows:
        shown = (*row.figures, *(each for grade in row.grades for each in grade.figures))
        assert all(each.percent is None or 0 <= each.percent <= 100 for each in shown)


def test_what_is_not_often_enough_there_says_nothing_and_more_never_lowers_a_risk() -> None:
    few = risk.figures([(C.APPLIED, "", "", risk.FEWEST - 1), (C.RETURNED, "", "", risk.FEWEST - 1)])
    assert risk.of_figures(few).points == 0
    assert risk.of_figures(risk.figures([(C.BROKEN, "", "", 1)])).points == 2  # a broken promise does
    shares = [risk.figures([(C.DECIDED, "", "", 100), (C.LATE, "", "", late)]) for late in range(101)]
    points = [risk.of_figures(figures).points for figures in shares]
    assert points == sorted(points)


def test_advice_names_what_is_missing_most_and_the_grade_that_stands_out() -> None:
    cells = [
        (C.APPLIED, "", "AAA", 90),
        (C.APPLIED, "", "C", 10),
        (C.RETURNED, "", "C", 9),
        (C.RETURNED, "", "AAA", 30),
    ]
    cells += [(C.MISSING, "soil-plan", "AAA", 7), (C.MISSING, "form", "AAA", 2), (C.REFUSED, "locked", "C", 1)]
    found = risk.figures(cells)
    texts = {advice.rule: advice.text.zh for advice in risk.advice(found, risk.of_figures(found), CATALOGUE)}
    assert "soil-plan" in texts["missing"]
    assert problems.reason("locked").zh in texts["refused"]
    assert "C 的企业退回率为 90%" in texts["grade"]


def test_a_list_adds_days_up_but_not_what_there_is_on_a_day() -> None:
    days = [
        Day(department="water", day=date(2026, 3, number), cells=(("soil", what, "", "", number),))
        for number, what in ((1, C.UNVERIFIED), (2, C.APPLIED), (3, C.APPLIED), (3, C.UNVERIFIED))
    ]
    found = problem_list("water", date(2026, 3, 1), date(2026, 3, 31), days, CATALOGUE)
    [row] = found.rows
    assert {figure.what: figure.count for figure in row.figures} == {C.APPLIED: 5, C.UNVERIFIED: 3}
    gone = Day(department="water", day=date(2026, 3, 1), cells=(("gone", C.APPLIED, "", "", 1),))
    [row] = problem_list("water", gone.day, gone.day, [gone], CATALOGUE).rows
    assert row.name == problems.OTHER_MATTER


@given(st.text())
def test_no_cell_is_a_formula_and_none_is_lost(text: str) -> None:
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe(text).removeprefix("'") == text.removeprefix("'") or safe(text) == text


def test_the_table_has_every_number_and_runs_nothing() -> None:
    attack = '=HYPERLINK("http://x";"y")'
    cells = (
        ("soil", C.APPLIED, "", "-2+3", 4),
        ("soil", C.WRONG, attack, "", 2),
        ("soil", C.MISSING, "soil-plan", "", 1),
    )
    day = Day(department="water", day=date(2026, 3, 1), cells=cells)
    found = problem_list("water", day.day, day.day, [day], CATALOGUE)
    content = as_csv(found)
    assert content.startswith(b"\xef\xbb\xbf")
    heads, *lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    rows = [dict(zip(heads, line, strict=True)) for line in lines]
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))]
    assert sum(int(row["count"]) for row in rows if not row["reason"] and not row["grade"]) == 7
    assert [row["reason"] for row in rows if row["what"] == "wrong" and row["reason"]] == [f"'{attack}"]
    assert "'-2+3" in [row["grade"] for row in rows]


def test_every_reason_for_which_a_paper_is_refused_has_a_short_name() -> None:
    assert set(finding.DEFICIENCIES) <= set(problems.REASONS)
    assert set(problems.ADVICE) == set(risk.SHARES) | set(risk.NUMBERS)
    assert set(names.PROBLEMS) == set(Counted)


def test_what_a_state_has_a_name_for_goes_by_it_on_the_problem_list() -> None:
    """A recall is no withdrawal, and what is not approved is nowhere else 不予许可: that is what the law calls it."""
    assert names.PROBLEMS[C.REJECTED] == names.OUTCOMES[Outcome.REJECT]
    assert [names.PROBLEMS[what].zh for what in (C.CORRECTION, C.REVOKED)] == ["要求补正", "批准已收回"]
    assert {kind: problems.reason(kind.value) for kind in RevocationKind} == names.REVOCATIONS


@given(st.sets(st.text("abc", min_size=3, max_size=8), max_size=30))
def test_a_run_is_cut_the_same_way_however_its_packets_come(packets: set[str]) -> None:
    asked = DayAsked(day=MORNING.date())
    assert cut(asked, sorted(packets, reverse=True)) == cut(asked, packets)
    assert [name for part in cut(asked, packets) for name in part.packets] == sorted(packets)


def test_a_day_that_is_asked_for_again_is_another_run_for_each_request_and_the_same_where_one_comes_twice() -> None:
    def run(request: str, **asked: Any) -> str:
        return cut(DayAsked(day=MORNING.date(), **asked), ["20260306-packet"], request)[0].run

    assert run("m-1", again=True) == run("m-1", again=True)
    assert len({run("m-1", again=True), run("m-2", again=True), run("m-1")}) == 3
    assert run("m-1") == run("m-2")  # the schedule's
    failed = {"20260306-packet": "缺少审批部门"}  # who asks has to know where the manifest will lie
    assert run("m-1", failed=failed) == run("m-2", failed=failed, again=True) == run("", failed=failed)


@pytest.mark.parametrize("count", [0, 1, PART, PART + 1])
def test_every_part_knows_how_many_there_are(count: int) -> None:
    parts = cut(DayAsked(day=MORNING.date()), [f"p{number:05}" for number in range(count)])
    assert [part.index for part in parts] == list(range(parts[0].parts))
    assert max(len(part.packets) for part in parts) <= PART


def test_parts_are_added_up() -> None:
    one = ("water", "soil", C.APPLIED, "", "AAA", 2)
    assert cells_of([PartDone(packets=1, cells=(one,)), PartDone(packets=1, cells=(one,))]) == {Cell(*one[:5]): 4}
