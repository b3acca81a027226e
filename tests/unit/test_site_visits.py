"""A joint site visit is one visit: each department ends its own part, and the limits run again for all together."""

from datetime import datetime, timedelta
from typing import Any

from kaigong.domain.flow import procedures
from kaigong.domain.flow.progress import left_behind
from kaigong.domain.flow.settled import settled
from kaigong.domain.model.clock import before, limit
from kaigong.domain.model.messages import ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import ActKind, NoticeItem, NoticeKind, ReviewState, SiteVisit
from kaigong.views import desk_review

from .building import CATALOGUE, OFFICE, SHANGHAI, Case

VISIT, END = ProcedureKind.SITE_VISIT, ProcedureAction.END
WHEN = datetime(2026, 3, 10, 14, 0, tzinfo=SHANGHAI)  # a Tuesday
AFTER = WHEN + timedelta(hours=2)
TERM = datetime(2026, 3, 12, 17, 30, tzinfo=SHANGHAI)  # two working days after
OPEN, PAUSED = ReviewState.OPEN, ReviewState.PAUSED


def asked(when: datetime | None = WHEN) -> Case:
    """Two departments asked for a visit."""
    case = Case().accepted("soil", "fire-review")
    case.procedure("soil", VISIT, appointment=when)
    case.advance()
    case.procedure("fire-review", VISIT)
    case.advance()
    return case


def ends(case: Case, matter: str, at: datetime | None = None, **more: Any) -> None:
    case.now = at or case.now
    case.procedure(matter, VISIT, END, note=f"{matter} 现场与图纸一致", **more)
    case.advance()


def visit(case: Case, number: int = 1) -> SiteVisit:
    return case.packet.visits[number]


def items(case: Case) -> list[NoticeItem]:
    return list(case.last_notice(NoticeKind.PROCEDURE).items)


def test_who_asks_while_a_visit_is_planned_joins_it_and_everybody_is_told_day_place_and_who_comes() -> None:
    case = Case().accepted("soil", "fire-review", project={"name": "年产500吨项目", "address": "开发区南海路18号"})
    case.procedure("soil", VISIT, appointment=WHEN)
    case.advance()
    case.procedure("fire-review", VISIT)
    case.advance()
    assert list(visit(case).asked) == ["soil", "fire-review"]
    assert [item.code for item in items(case)] == ["procedure-started", "site-visit-appointed"]
    told = items(case)[-1].text
    assert "2026年3月10日14:00，地点：开发区南海路18号，参加部门：《water》、《housing》" in told.zh
    assert "10 March 2026, 14:00, with water, housing. Place: 开发区南海路18号." in told.en
    assert case.last_notice(NoticeKind.PROCEDURE).departments == ("water", "housing")


def test_the_limits_run_again_for_all_once_each_department_has_said_what_it_found() -> None:
    case = asked()
    ends(case, "soil", AFTER)
    assert case.states() == {"soil": PAUSED, "fire-review": PAUSED}
    assert [(item.code, item.matter) for item in items(case)] == [("visit-reported", "soil")]
    assert "踏勘情况：soil 现场与图纸一致" in items(case)[0].text.zh
    assert visit(case).held_at is None
    ends(case, "fire-review", AFTER + timedelta(days=1))
    assert case.states() == {"soil": OPEN, "fire-review": OPEN}
    assert [item.code for item in items(case)] == ["visit-reported", "visit-over"]
    over = AFTER + timedelta(days=1)
    assert visit(case).held_at == over
    for review in case.packet.reviews.values():
        assert [pause.until for pause in review.pauses] == [over]
        assert review.due == limit(review.opened_at, review.working_days, OFFICE, review.pauses)
    assert [(f.matter, f.note) for f in procedures.findings(case.packet, visit(case))] == [
        ("soil", "soil 现场与图纸一致"),
        ("fire-review", "fire-review 现场与图纸一致"),
    ]


def test_who_ends_before_the_appointed_time_leaves_and_the_others_rest_until_they_have_been_there() -> None:
    case = asked()
    ends(case, "soil", WHEN - timedelta(hours=1))
    assert case.states() == {"soil": OPEN, "fire-review": PAUSED}
    assert "在约定时间（2026年3月10日14:00）之前退出联合踏勘" in items(case)[0].text.zh
    assert (visit(case).held_at, procedures.resting(case.packet, visit(case))) == (None, ["fire-review"])
    ends(case, "fire-review", AFTER)
    assert case.states() == {"soil": OPEN, "fire-review": OPEN}
    assert visit(case).held_at == AFTER
    assert len(procedures.findings(case.packet, visit(case))) == 2


def test_when_all_have_left_there_is_no_visit_any_more() -> None:
    case = asked()
    ends(case, "soil", WHEN - timedelta(hours=2))
    ends(case, "fire-review", WHEN - timedelta(hours=1))
    assert visit(case).held_at == WHEN - timedelta(hours=1)
    first = min(review.due.at for review in case.packet.reviews.values())
    assert case.header.wake_at == before(first, 1, OFFICE)


def test_without_an_appointment_each_department_ends_its_own() -> None:
    case = asked(when=None)
    ends(case, "fire-review")
    assert case.states() == {"soil": PAUSED, "fire-review": OPEN}
    ends(case, "soil", case.now + timedelta(days=30))
    assert case.states() == {"soil": OPEN, "fire-review": OPEN}
    assert visit(case).held_at is not None


def test_when_nobody_says_anything_the_visit_is_over_after_its_term_and_the_packet_wakes_for_that() -> None:
    case = asked()
    assert case.header.wake_at == before(TERM, 1, OFFICE)  # who is to say what was found is reminded
    case.now = TERM - timedelta(minutes=3)
    case.advance()
    assert set(case.orders()) == {f"limit:soon:visit-report:1:{matter}" for matter in ("soil", "fire-review")}
    assert case.header.wake_at == TERM
    assert case.advance() is None
    case.now = TERM + timedelta(days=1)  # woken late
    assert left_behind(case.packet, case.surroundings)
    case.advance()
    assert not left_behind(case.packet, case.surroundings)
    assert case.states() == {"soil": OPEN, "fire-review": OPEN}
    assert {pause.until for review in case.packet.reviews.values() for pause in review.pauses} == {TERM}
    assert visit(case).held_at == TERM
    assert "未在期限内反馈踏勘情况：《soil》、《fire-review》" in items(case)[0].text.zh


def test_what_comes_after_the_term_is_kept_and_changes_no_limit() -> None:
    case = asked()
    ends(case, "soil", AFTER)
    case.now = TERM
    case.advance()
    assert case.states() == {"soil": OPEN, "fire-review": OPEN}
    assert "反馈踏勘情况：《fire-review》。" in items(case)[0].text.zh
    before = case.packet.reviews
    ends(case, "fire-review", TERM + timedelta(hours=1))
    assert case.packet.reviews == before
    assert [item.code for item in items(case)] == ["visit-reported"]
    assert "补报踏勘情况" in items(case)[0].text.zh
    assert [f.matter for f in procedures.findings(case.packet, visit(case))] == ["soil", "fire-review"]


def test_a_repeated_end_counts_once() -> None:
    case = asked()
    ends(case, "soil", AFTER)
    assert {fact.name for fact in settled(case.packet, case.catalogue)} == set(
        case.packet.procedures
    )  # nothing waits for anything
    again = next(f for f in case.packet.procedures.values() if f.action is END).changed(received_at=case.now)
    case._change(procedures={again.name: again})  # what stood there went into the history
    assert not procedures.counts(case.packet, again)
    assert not procedures.to_take(case.packet)
    assert case.advance() is None
    assert visit(case).reported == {"soil": AFTER}


def test_another_date_is_waited_for_by_those_alone_who_have_not_said_what_they_found() -> None:
    case = asked()
    ends(case, "soil", AFTER)
    later = WHEN + timedelta(days=6)
    case.act(ActKind.APPOINT_VISIT, "1", appointment=later)
    case.advance()
    assert case.states() == {"soil": OPEN, "fire-review": PAUSED}
    assert case.packet.reviews["soil"].pauses[0].until == case.now
    assert [item.code for item in items(case)] == ["procedure-ended", "site-visit-appointed"]
    assert "参加部门：《housing》。" in items(case)[-1].text.zh
    assert visit(case).report_by == limit(later, 2, OFFICE)
    case.now = TERM + timedelta(days=1)
    assert case.advance() is not None  # soil is late meanwhile; the visit's first term means nothing any more
    assert case.states()["fire-review"] is PAUSED
    ends(case, "fire-review", later)
    assert case.states() == {"soil": OPEN, "fire-review": OPEN}


def test_who_asks_when_the_time_has_come_gets_a_visit_of_its_own() -> None:
    case = Case().accepted("soil", "fire-review")
    case.procedure("soil", VISIT, appointment=WHEN)
    case.advance()
    case.now = AFTER
    case.procedure("fire-review", VISIT)
    case.advance()
    assert [list(v.asked) for v in case.packet.visits.values()] == [["soil"], ["fire-review"]]
    ends(case, "soil")
    assert case.states() == {"soil": OPEN, "fire-review": PAUSED}


def test_who_left_may_ask_again_and_takes_part_again() -> None:
    case = asked()
    ends(case, "soil")
    case.procedure("soil", VISIT, number=2)
    case.advance()
    assert case.states() == {"soil": PAUSED, "fire-review": PAUSED}
    ends(case, "fire-review", AFTER)
    assert case.states()["fire-review"] is PAUSED
    ends(case, "soil", number=2)
    assert case.states() == {"soil": OPEN, "fire-review": OPEN}
    assert [f.number for f in procedures.findings(case.packet, visit(case)) if f.matter == "soil"] == [1, 2]


def test_a_department_that_decides_is_not_waited_for() -> None:
    case = asked()
    ends(case, "soil", AFTER)
    case.decide("fire-review")
    case.advance()
    assert case.states() == {"soil": OPEN, "fire-review": ReviewState.APPROVED}
    assert visit(case).held_at is not None


# joint acceptance: one visit for all, told in one notice


JOINT = CATALOGUE.changed(
    processes={
        **CATALOGUE.processes,
        "final": CATALOGUE.processes["ordinary"].changed(code="final", joint_acceptance=True),
    }
)
FINAL = {"process": "final", "project": {"name": "项目", "code": "2602-411402-04-01-380164"}}


def accepted_jointly() -> Case:
    case = Case(JOINT)
    case.accepted("soil", "fire-review", **FINAL)
    case.act(ActKind.APPOINT_VISIT, "1", appointment=WHEN)
    case.advance()
    return case


def test_a_joint_acceptance_has_one_visit_that_nobody_has_to_ask_for_and_one_appointment() -> None:
    case = Case(JOINT)
    case.accepted("soil", "fire-review", **FINAL)
    assert case.states() == {"soil": PAUSED, "fire-review": PAUSED}
    assert [item.code for item in items(case)] == ["visit-asked"]
    assert case.advance() is None  # once
    case.act(ActKind.APPOINT_VISIT, "1", appointment=WHEN)
    case.advance()
    assert "参加部门：《housing》、《water》" in items(case)[-1].text.zh
    assert list(case.packet.visits) == [1]
    for review in case.packet.reviews.values():
        [shown] = desk_review.procedures(case.packet, review)
        assert (shown.appointment, shown.can_end) == (WHEN, True)


def test_what_all_departments_found_is_told_in_one_notice_when_the_visit_is_over() -> None:
    case = accepted_jointly()
    before = len(case.notices(NoticeKind.PROCEDURE))
    ends(case, "soil", AFTER)
    assert len(case.notices(NoticeKind.PROCEDURE)) == before
    ends(case, "fire-review", AFTER + timedelta(hours=1))
    assert len(case.notices(NoticeKind.PROCEDURE)) == before + 1
    assert [(item.code, item.matter) for item in items(case)] == [
        ("visit-over", None),
        ("visit-found", "soil"),
        ("visit-found", "fire-review"),
    ]
    assert "soil 现场与图纸一致" in items(case)[1].text.zh
    assert case.states() == {"soil": OPEN, "fire-review": OPEN}
    assert not visit(case).found
    assert case.advance() is None


def test_a_department_that_needs_no_visit_decides_and_the_others_visit_goes_on() -> None:
    case = accepted_jointly()
    case.decide("soil")
    case.advance()
    assert case.states()["fire-review"] is PAUSED
    ends(case, "fire-review", AFTER)
    assert case.states()["fire-review"] is OPEN
    case.decide("fire-review")
    case.advance()
    assert case.packet.result is not None  # one joint result
