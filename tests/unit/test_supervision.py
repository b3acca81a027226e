"""Supervision after the decision: which records there are, how one moves on, what comes of it for the enterprise."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.flow import delivery, draw, supervised, supervision
from kaigong.domain.flow.deadlines import PRESSED
from kaigong.domain.flow.supervision import Around, Refusal, say
from kaigong.domain.intake.privileges import privileges
from kaigong.domain.model.catalogue import Route, Supervision
from kaigong.domain.model.clock import Due
from kaigong.domain.model.deadline import Reminder
from kaigong.domain.model.messages import RevocationKind
from kaigong.domain.model.packet import NoticeKind
from kaigong.domain.model.standing import ProjectStanding, clears, on_record
from kaigong.domain.model.supervision import (
    SUPERVISION,
    Claim,
    Contest,
    Drawn,
    Ending,
    Finding,
    FindingOutcome,
    Plan,
    Rectified,
    Reply,
    Said,
    Seen,
    SupervisionEvent,
    SupervisionRecord,
    SupervisionRefusal,
    SupervisionState,
    Who,
)

from .building import CATALOGUE, MORNING, OFFICE, PROJECT, SHANGHAI, Case, credit

TERMS = Supervision()
INSPECTOR, APPROVER = Who(name="检查员", by="inspector"), "审批员"
SEED = "a-seed"
BROKEN = Finding(kind="finding", outcome=FindingOutcome.BROKEN, text="未按承诺建设", basis="国办发〔2020〕42号")
FULFILLED = Finding(kind="finding", outcome=FindingOutcome.FULFILLED)
CONTEST = Contest(kind="contest", text="已经按承诺建设，附图可查")
STANDS, SET_ASIDE = (Reply(kind="reply", stands=stands, text="经复核") for stands in (True, False))
DUE = Due(at=MORNING + timedelta(days=2))


def rectify(by: date) -> Finding:
    return Finding(kind="finding", outcome=FindingOutcome.RECTIFY, text="围挡未设", basis="JGJ 59", rectify_by=by)


def at(now: datetime = MORNING) -> Around:
    return Around(now=now, office=OFFICE, terms=TERMS)


def record(**more: Any) -> SupervisionRecord:
    values = {
        "packet": "20260306-test",
        "matter": "land-use",
        "department": "resources",
        "decided_by": "resources",
        "decided_at": MORNING,
        "approvers": (APPROVER,),
        "uscc": "91411402MA0KG0002N",
        "enterprise": "某公司",
        "project": "某项目",
        "route": Route.COMMITMENT,
        "drawn": Drawn.COMMITMENT,
        "due": DUE,
        "inspect_by": DUE,
        "token": "token",
    }
    return SupervisionRecord.model_validate(values | more)


def through(*said: Said, start: SupervisionRecord | None = None, now: datetime = MORNING) -> SupervisionRecord:
    found = start or record()
    for one in said:
        found = say(found, one, INSPECTOR, at(now))
    return found


def pushed(case: Case, seed: str = SEED) -> dict[str, SupervisionRecord]:
    made = supervision.records(case.packet, CATALOGUE, at(case.now), seed, lambda: "token")
    return {one.matter: one for one in made}


def decided() -> Case:
    """A packet with a matter by commitment and one by approval, both approved."""
    case = Case().accepted("land-use", "soil", commitments=["land-use"])
    while case.packet.result is None:
        for matter in case.open():
            case.decide(matter)
        case.advance()
    return case


# which records there are


def test_each_approved_matter_becomes_one_record_for_who_supervises_it_once_the_packet_is_decided() -> None:
    case = Case().accepted("land-use", "soil", commitments=["land-use"])
    assert supervision.ORDER not in case.orders()
    case = decided()
    assert supervision.ORDER in case.orders()
    found = pushed(case)
    assert {matter: one.department for matter, one in found.items()} == {"land-use": "resources", "soil": "water"}
    assert found["land-use"].drawn is Drawn.COMMITMENT
    assert found["land-use"].inspect_by == case.packet.commitments["land-use"].verify_by
    assert {one.state for one in found.values()} == {SupervisionState.PUSHED}


def test_who_supervises_is_as_the_catalogue_matches_it() -> None:
    case, elsewhere = decided(), CATALOGUE.matters["soil"].changed(supervisor="housing")
    matched = CATALOGUE.changed(matters=CATALOGUE.matters | {"soil": elsewhere})
    made = supervision.records(case.packet, matched, at(case.now), SEED, lambda: "token")
    assert {one.matter: one.department for one in made} == {"land-use": "resources", "soil": "housing"}


def test_a_rejected_matter_is_not_supervised_and_one_that_was_taken_back_ends() -> None:
    case = decided()
    case.issue()
    case.advance()
    case.revoke("soil", RevocationKind.REVOKE)
    case.advance()
    assert supervision.ORDER in case.orders()
    assert supervision.ended(case.packet) == ("soil",)
    ended = supervision.end(pushed(case)["soil"], at())
    assert (ended.state, ended.ending) == (SupervisionState.CLOSED, Ending.APPROVAL_ENDED)
    assert supervision.end(ended, at()) == ended


# how one moves on


def test_a_record_is_seen_claimed_planned_inspected_and_closed_with_who_and_when() -> None:
    day = MORNING + timedelta(days=3)
    found = through(Seen(kind="seen"), Claim(kind="claim"), Plan(kind="plan", appointment=day), FULFILLED)
    assert [done.event.value for done in found.done] == ["seen", "claimed", "planned", "fulfilled"]
    assert {(done.who, done.at) for done in found.done} == {(INSPECTOR.name, MORNING)}
    assert (found.state, found.ending, found.claimed_by) == (SupervisionState.CLOSED, Ending.FULFILLED, INSPECTOR)


def test_a_finding_claims_the_record_since_messages_come_in_any_order() -> None:
    found = through(BROKEN, Claim(kind="claim"))
    assert found.state is SupervisionState.BROKEN
    assert found.claimed_by == INSPECTOR


def test_the_same_message_again_changes_nothing() -> None:
    once = say(record(), BROKEN, INSPECTOR, at(), "m-1")
    assert say(once, BROKEN, INSPECTOR, at(), "m-1") == once
    with pytest.raises(Refusal):
        say(once, BROKEN, INSPECTOR, at(), "m-2")


def test_who_approved_does_not_inspect() -> None:
    for said in (Claim(kind="claim"), FULFILLED, BROKEN, Plan(kind="plan", appointment=MORNING + timedelta(days=1))):
        with pytest.raises(Refusal) as refused:
            say(record(), said, Who(name=APPROVER), at())
        assert refused.value.why is SupervisionRefusal.OWN_APPROVAL


def test_what_was_not_drawn_is_put_on_file_unless_there_is_a_cause() -> None:
    idle = record(drawn=Drawn.NOT_DRAWN)
    filed = through(Claim(kind="claim"), start=idle)
    assert (filed.state, filed.ending) == (SupervisionState.CLOSED, Ending.ON_FILE)
    for_cause = through(Claim(kind="claim", cause="群众举报"), start=idle)
    assert (for_cause.state, for_cause.drawn) == (SupervisionState.CLAIMED, Drawn.FOR_CAUSE)


def test_a_rectification_is_reported_by_the_enterprise_and_looked_at_again() -> None:
    found = through(rectify(date(2026, 3, 20)))
    assert found.due == Due(at=datetime(2026, 3, 20, 17, 30, tzinfo=SHANGHAI))
    reported = say(found, Rectified(kind="rectified", text="已设围挡"), Who(name=""), at())
    assert (reported.state, reported.finding and reported.finding.report) == (SupervisionState.RECTIFIED, "已设围挡")
    assert through(FULFILLED, start=reported).ending is Ending.FULFILLED


@pytest.mark.parametrize(
    "said",
    [
        rectify(date(2026, 3, 5)),
        rectify(date(9999, 12, 31)),
        Plan(kind="plan", appointment=MORNING - timedelta(seconds=1)),
        Plan(kind="plan", appointment=MORNING + timedelta(days=400)),
    ],
)
def test_a_date_that_has_passed_or_is_a_slip_is_refused(said: Said) -> None:
    with pytest.raises(Refusal) as refused:
        through(said)
    assert refused.value.why is SupervisionRefusal.NOT_THEN


def test_a_broken_promise_is_a_breach_once_it_was_answered_or_nobody_contested_it() -> None:
    found = through(BROKEN)
    assert found.state is SupervisionState.BROKEN
    in_time = at(found.due.at - timedelta(seconds=1))
    assert supervision.pass_time(found, in_time).state is SupervisionState.BROKEN
    silent = supervision.pass_time(found, at(found.due.at))
    assert (silent.state, silent.ending) == (SupervisionState.CLOSED, Ending.BROKEN)
    heard = say(found, CONTEST, Who(name=""), at())
    assert say(heard, STANDS, INSPECTOR, at()).ending is Ending.BROKEN
    again = say(heard, SET_ASIDE, INSPECTOR, at())
    assert (again.state, again.ending) == (SupervisionState.CLAIMED, None)


def test_a_finding_is_contested_once_and_in_time() -> None:
    found = through(rectify(date(2026, 3, 31)))
    with pytest.raises(Refusal) as late:
        say(found, CONTEST, Who(name=""), at(MORNING + timedelta(days=8)))
    assert late.value.why is SupervisionRefusal.TOO_LATE
    stands = say(say(found, CONTEST, Who(name=""), at()), STANDS, INSPECTOR, at(MORNING + timedelta(days=4)))
    assert stands.state is SupervisionState.RECTIFYING
    assert stands.due.at == found.due.at + timedelta(days=4)  # the time did not run meanwhile
    with pytest.raises(Refusal) as twice:
        say(stands, CONTEST, Who(name=""), at())
    assert twice.value.why is SupervisionRefusal.CONTESTED_BEFORE


def test_who_has_a_limit_is_told_before_and_at_its_end_then_the_lead_then_the_city_and_then_nobody_looks_again() -> (
    None
):
    due = Due(at=datetime(2026, 3, 11, 17, 30, tzinfo=SHANGHAI))  # a Wednesday
    found, told = record(due=due), list[tuple[Reminder, str]]()
    when = MORNING
    while (wakes := supervision.wakes(found, at())) is not None:
        assert supervision.pass_time(found, at(wakes - timedelta(seconds=1))) == found
        found, when = supervision.pass_time(found, at(wakes)), wakes
        told.append((found.pressed[-1], when.date().isoformat()))
    assert found.state is SupervisionState.PUSHED
    assert told == [
        (Reminder.SOON, "2026-03-10"),
        (Reminder.OVER, "2026-03-11"),
        (Reminder.LEAD, "2026-03-13"),
        (Reminder.CITY, "2026-03-18"),  # five working days, and no weekend among them
    ]
    late = found
    assert supervision.late(late)
    assert supervision.wakes(late, at()) is None
    claimed = through(Claim(kind="claim"), start=late, now=when)
    assert not supervision.late(claimed)
    assert supervision.wakes(claimed, at()) is not None


SAID: st.SearchStrategy[Said] = st.one_of(
    st.just(Seen(kind="seen")),
    st.builds(Claim, kind=st.just("claim"), cause=st.sampled_from([None, "举报"])),
    st.builds(Plan, kind=st.just("plan"), appointment=st.just(MORNING + timedelta(days=300))),
    st.sampled_from([FULFILLED, BROKEN, rectify(date(2027, 3, 5)), STANDS, SET_ASIDE, CONTEST]),
    st.just(Rectified(kind="rectified", text="已整改")),
)
HARMLESS = {SupervisionEvent.SEEN, SupervisionEvent.FILED}  # who approved may look at it
STEPS = st.lists(st.tuples(SAID | st.none(), st.sampled_from([INSPECTOR, Who(name=APPROVER)])), max_size=60)


@given(drawn=st.sampled_from(Drawn), steps=STEPS)
def test_whatever_comes_a_record_stays_small_and_is_never_without_an_end(
    drawn: Drawn, steps: list[tuple[Said | None, Who]]
) -> None:
    """It is closed, or somebody is woken for it, or it is late and operations are shown it; and one act ends it."""
    found, now = record(drawn=drawn), MORNING
    for said, who in steps:
        before = found
        try:
            if said is None:
                now = max(now, supervision.wakes(found, at(now)) or now)
                found = supervision.pass_time(found, at(now))
            else:
                found = say(found, said, who, at(now))
        except Refusal:
            assert found == before
        if found != before:
            assert found.version > before.version
            for old, new in zip((None, *found.done), found.done, strict=False):
                assert new.at >= (old.at if old else MORNING)
        assert found.open is not (found.ending is not None)
        assert not found.open or supervision.wakes(found, at(now)) or supervision.late(found)
        assert {done.event for done in found.done if done.who == APPROVER} <= HARMLESS
        assert len(found.findings) <= 6
        assert len(found.model_dump_json()) < 20_000
    endings = (FULFILLED, STANDS, Claim(kind="claim"))
    assert not found.open or found.state is SupervisionState.BROKEN or any(_ends(found, said, now) for said in endings)


def _ends(found: SupervisionRecord, said: Said, now: datetime) -> bool:
    try:
        after = say(found, said, INSPECTOR, at(now))
    except Refusal:
        return False
    return not after.open or after.state is SupervisionState.RECTIFYING


def test_every_state_but_the_last_has_a_way_to_it() -> None:
    ways = {before: {after for (b, _), after in SUPERVISION.items() if b is before} for before in SupervisionState}
    assert ways.pop(SupervisionState.CLOSED) == set()
    assert all(SupervisionState.CLOSED in after for after in ways.values())
    assert {event for _, event in SUPERVISION} | {*PRESSED.values()} == set(SupervisionEvent)


# what comes of it for the enterprise


def told(case: Case, found: SupervisionRecord, *said: Said) -> SupervisionRecord:
    """Have things said of a record, and the packet know what it is to have on record of them."""
    for one in said:
        before, found = found, say(found, one, INSPECTOR, at(case.now))
        if fact := supervision.fact(before, found):
            case.packet = case.packet.changed(supervised={**case.packet.supervised, fact.name: fact})
    case.advance()
    return found


def test_what_was_found_is_told_with_its_basis_and_what_can_be_done() -> None:
    case = decided()
    told(case, pushed(case)["land-use"], BROKEN)
    [notice] = case.notices(NoticeKind.SUPERVISION)
    assert all(part in notice.items[0].text.zh for part in ("未按承诺建设", "国办发〔2020〕42号", "申辩"))
    assert notice.departments == ("resources",)
    assert not case.packet.breaches
    assert case.advance() is None  # once


def test_what_is_in_order_is_the_department_s_own_record_and_costs_the_packet_nothing() -> None:
    case = decided()
    before = case.packet
    told(case, pushed(case)["land-use"], Claim(kind="claim"), FULFILLED)
    assert not case.packet.supervised
    assert case.packet == before


def test_a_breach_closes_the_privileges_says_why_and_is_gone_with_the_platform_s_repair() -> None:
    case = decided()
    told(case, pushed(case)["land-use"], BROKEN, CONTEST, STANDS)
    [breach] = case.packet.breaches.values()
    assert (breach.subject, breach.kind, breach.text) == ("land-use", "supervision", "未按承诺建设")
    assert breach.repairable_from - breach.at == timedelta(days=90)
    [notice] = case.notices(NoticeKind.BREACH)
    assert notice.departments == ("resources",)  # it may revoke
    assert "信用修复" in notice.items[0].text.zh

    def open_now(*records: Any) -> Any:
        standing = on_record(records[0] if records else None, [] if not records else [breach])
        return privileges(
            CATALOGUE.processes["ordinary"], standing, ProjectStanding(), PROJECT, CATALOGUE.schemes, case.now, SHANGHAI
        )

    assert not open_now(credit("AAA")).granted
    assert "失信" in open_now(credit("AAA")).why.zh
    repaired = credit("AAA", published_at=breach.repairable_from + timedelta(days=1))
    assert clears(repaired, breach)
    assert open_now(repaired).granted


def test_the_credit_platform_is_told_of_every_breach_a_late_gap_s_too() -> None:
    case = decided()
    told(case, pushed(case)["land-use"], BROKEN, CONTEST, STANDS)
    key = "supervision.land-use"
    assert supervised.breach_order(key) in case.orders()
    [message] = delivery.breaches(case.packet, case.orders(), CATALOGUE, case.now)
    assert (message.kind, message.subject, message.basis) == ("supervision", "land-use", "国办发〔2020〕42号")
    late = Case().accepted("soil", promises=["soil-plan"])
    late.now = late.packet.gaps["soil-plan"].due.at + timedelta(hours=1)
    late.advance()
    [gap] = delivery.breaches(late.packet, late.orders(), CATALOGUE, late.now)
    assert (gap.kind, gap.subject) == ("gap", "soil-plan")


# the draw


@given(seed=st.text(min_size=1, max_size=20), name=st.text(min_size=1, max_size=20), percent=st.integers(0, 100))
def test_a_draw_done_again_is_equal_and_a_greater_share_draws_more(seed: str, name: str, percent: int) -> None:
    drawn = draw.is_drawn(seed, name, percent)
    assert draw.is_drawn(seed, name, percent) is drawn
    assert draw.is_drawn(seed, name, 100)
    assert not draw.is_drawn(seed, name, 0)
    assert not drawn or draw.is_drawn(seed, name, min(100, percent + 1))


def test_of_many_the_share_comes_out() -> None:
    drawn = sum(draw.is_drawn(SEED, f"20260306-{number}.soil", 20) for number in range(5000))
    assert 900 < drawn < 1100


@given(
    roster=st.sets(st.text(min_size=1, max_size=5), max_size=8),
    barred=st.sets(st.text(min_size=1, max_size=5), max_size=4),
    number=st.integers(0, 3),
)
def test_inspectors_are_drawn_from_the_roster_and_none_with_an_interest(
    roster: set[str], barred: set[str], number: int
) -> None:
    found = draw.inspectors(SEED, "r", roster, barred, number)
    assert set(found) <= roster - barred
    assert len(found) == min(number, len(roster - barred))
    assert found == draw.inspectors(SEED, "r", sorted(roster, reverse=True), barred, number)
    if found:  # who states a conflict is replaced by the next one; the others stay
        again = draw.inspectors(SEED, "r", roster, barred | {found[0]}, number)
        assert set(found[1:]) <= set(again)


def test_commitments_and_what_rules_decided_are_always_inspected_the_others_by_grade() -> None:
    for route, by_rules in ((Route.COMMITMENT, False), (Route.APPROVAL, True)):
        assert draw.drawn(SEED, "r", route, "AAA", TERMS, by_rules=by_rules) is not Drawn.NOT_DRAWN
    share = {
        grade: sum(
            draw.drawn(SEED, f"{n}.soil", Route.APPROVAL, grade, TERMS, by_rules=False) is Drawn.DRAWN
            for n in range(1000)
        )
        for grade in ("AAA", "A", None, "D")
    }
    assert share["AAA"] < share["A"] < share[None] < share["D"] == 1000
