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
from kaigong.domain.model.clock import Due, limit
from kaigong.domain.model.deadline import Reminder
from kaigong.domain.model.messages import Outcome, RevocationKind
from kaigong.domain.model.packet import ActKind, NoticeKind, ReviewState, Status
from kaigong.domain.model.roster import Bar, Inspector, Roster, RosterEntry, read, written
from kaigong.domain.model.standing import ProjectStanding, clears, on_record
from kaigong.domain.model.supervision import (
    SUPERVISION,
    Claim,
    Contest,
    Done,
    Drawn,
    Ending,
    Finding,
    FindingOutcome,
    Found,
    Photo,
    Plan,
    Rectified,
    Recuse,
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


def pushed(case: Case, seed: str = SEED, **rosters: Roster) -> dict[str, SupervisionRecord]:
    made = supervision.records(case.packet, CATALOGUE, at(case.now), seed, lambda: "token", rosters)
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
    made = supervision.records(case.packet, matched, at(case.now), SEED, lambda: "token", {})
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


@pytest.mark.parametrize("ends", ["withdrawn", "lapsed"])
def test_a_commitment_of_a_packet_that_ended_without_a_result_is_verified_within_the_days_of_its_letter(
    ends: str,
) -> None:
    case = Case().accepted("land-use", "soil", commitments=["land-use"])
    if case.states()["land-use"] is not ReviewState.APPROVED:
        case.decide("land-use")
        case.advance()
    if ends == "withdrawn":
        case.act(ActKind.WITHDRAW)
    else:
        case.decide("soil", Outcome.CORRECT)
        case.advance()
        assert case.header.correct_by
        case.now = case.header.correct_by.at + timedelta(days=1)
    case.advance()
    assert case.header.status is Status.WITHDRAWN
    due = limit(case.now, CATALOGUE.letters["land-use"].verify_working_days, OFFICE)
    assert case.packet.commitments["land-use"].verify_by == due
    assert pushed(case)["land-use"].inspect_by == due


def planned(record: SupervisionRecord, day: datetime, sent: datetime | None = None) -> SupervisionRecord:
    return say(record, Plan(kind="plan", appointment=day), INSPECTOR, at(), sent_at=sent)


def test_of_two_dates_for_an_inspection_the_one_that_was_said_last_counts_whatever_comes_first() -> None:
    first, then = MORNING + timedelta(days=3), MORNING + timedelta(days=5)
    early, late = MORNING - timedelta(hours=2), MORNING - timedelta(hours=1)
    both = planned(planned(record(), first, early), then, late)
    assert both.appointment == then
    assert planned(both, first, early) == both  # it came again
    assert planned(planned(record(), then, late), first, early).appointment == then  # it came late
    portal = planned(both, first)
    assert portal.appointment == first
    assert planned(portal, then, late) == portal
    back = planned(planned(both, then, MORNING), first, MORNING - timedelta(minutes=1))
    assert back.appointment == then  # said again later, it stands from then on


def test_a_sender_s_clock_that_is_ahead_keeps_nobody_from_planning_anew() -> None:
    ahead = planned(record(), MORNING + timedelta(days=3), MORNING + timedelta(days=1000))
    assert planned(ahead, MORNING + timedelta(days=4)).appointment == MORNING + timedelta(days=4)


def test_a_date_of_a_record_from_before_they_had_an_order_can_be_moved() -> None:
    before = record(appointment=MORNING + timedelta(days=3), state=SupervisionState.CLAIMED, claimed_by=INSPECTOR)
    moved = planned(before, MORNING + timedelta(days=4), MORNING - timedelta(days=1))
    assert moved.appointment == MORNING + timedelta(days=4)


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
    found = through(rectify(date(2026, 3, 26)))
    with pytest.raises(Refusal) as late:
        say(found, CONTEST, Who(name=""), at(MORNING + timedelta(days=8)))
    assert late.value.why is SupervisionRefusal.TOO_LATE
    stands = say(say(found, CONTEST, Who(name=""), at()), STANDS, INSPECTOR, at(MORNING + timedelta(days=4)))
    assert stands.state is SupervisionState.RECTIFYING
    assert stands.due.at == found.due.at + timedelta(days=4)  # the time did not run meanwhile
    with pytest.raises(Refusal) as twice:
        say(stands, CONTEST, Who(name=""), at())
    assert twice.value.why is SupervisionRefusal.CONTESTED_BEFORE


@pytest.mark.parametrize(
    ("rectify_by", "contested", "answered", "due"),
    [
        ("2026-03-10", "2026-03-13T10:00", "2026-03-19T10:00", "2026-03-20"),  # nothing was left: a working day
        ("2026-03-10", "2026-03-13T10:00", "2026-03-13T11:00", "2026-03-16"),  # over the weekend
        ("2026-03-12", "2026-03-11T10:00", "2026-03-12T10:00", "2026-03-13"),  # a day and some hours were left
        ("2026-03-12", "2026-03-11T10:00", "2026-03-12T18:00", "2026-03-16"),  # which end in a night before a weekend
        ("2026-03-13", "2026-03-12T10:00", "2026-03-13T10:00", "2026-03-16"),  # or on a day that is off
    ],
)
def test_a_finding_that_stands_leaves_what_was_left_to_rectify_and_a_working_day_at_least(
    rectify_by: str, contested: str, answered: str, due: str
) -> None:
    monday, asked, when = (
        datetime.fromisoformat(at).replace(tzinfo=SHANGHAI) for at in ("2026-03-09T10:00", contested, answered)
    )
    found = through(rectify(date.fromisoformat(rectify_by)), now=monday)
    stands = say(say(found, CONTEST, Who(name=""), at(asked)), STANDS, INSPECTOR, at(when))
    assert stands.due == Due(at=OFFICE.closing(date.fromisoformat(due)))
    assert supervision.pass_time(stands, at(when)) == stands, "nobody is late, and nobody is told so"


def test_of_another_limit_that_ends_with_the_one_before_its_owner_is_told_as_well() -> None:
    last_day = at(datetime(2026, 3, 10, 16, 0, tzinfo=SHANGHAI))
    contested = say(through(rectify(date(2026, 3, 10))), CONTEST, Who(name=""), last_day)
    day_before = at(contested.due.at - timedelta(days=1))
    pressed = supervision.pass_time(contested, day_before)
    assert pressed.pressed == (Reminder.SOON,)
    stands = say(pressed, STANDS, INSPECTOR, day_before)
    assert (stands.due, stands.pressed) == (contested.due, ())


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
STAYING = {getattr(SupervisionEvent, name) for name in ("REMINDED", "ESCALATED", "RECUSED", "REPLACED")}
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
    assert {event for _, event in SUPERVISION} | STAYING | {*PRESSED.values()} == set(SupervisionEvent)


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


def test_what_is_in_order_is_on_record_of_the_packet_and_nobody_is_told() -> None:
    case = decided()
    told(case, pushed(case)["land-use"], Claim(kind="claim"), FULFILLED)
    [fact] = case.packet.supervised.values()
    assert fact.event is SupervisionEvent.FULFILLED
    assert not case.notices(NoticeKind.SUPERVISION)
    assert case.advance() is None  # once


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


# the inspectors


def roster(*names: str, department: str = "water", **interests: str) -> Roster:
    """A roster of these people; `interests`: in which enterprise somebody has one."""
    entries = (
        RosterEntry(number=f"4114-{n:03}", name=name, interests=tuple(filter(None, [interests.get(name)])))
        for n, name in enumerate(names)
    )
    return Roster(department=department, version=3, inspectors=tuple(entries), at=MORNING, by="lead")


def inspected_by(*names: str, **more: Any) -> SupervisionRecord:
    """A record with these inspectors."""
    entries = roster(*names).inspectors
    drawn = tuple(Inspector(number=one.number, name=one.name) for one in entries)
    pushed_ = (Done(event=SupervisionEvent.PUSHED, at=MORNING),)
    return record(roster=3, inspectors=drawn, done=pushed_, **more)


def test_two_are_drawn_from_the_roster_of_who_supervises_and_another_department_s_has_no_say() -> None:
    found = pushed(decided(), water=roster("甲", "乙", "丙", "丁"))
    assert len({one.number for one in found["soil"].inspectors}) == 2
    assert (found["soil"].roster, found["land-use"].roster) == (3, 0)
    assert not found["land-use"].inspectors


def test_neither_who_approved_nor_who_stated_an_interest_is_drawn_and_it_is_on_record_why() -> None:
    case = decided()
    [approver] = {fact.officer for fact in case.packet.decisions.values()}
    uscc = case.packet.header.enterprise.uscc if case.packet.header else ""
    found = pushed(case, water=roster(approver, "乙", "丙", "丁", 乙=uscc, 丙="91411402MA0KG0003M"))["soil"]
    assert {one.name for one in found.inspectors} == {"丙", "丁"}
    assert found.barred == {"4114-000": Bar.APPROVED, "4114-001": Bar.INTEREST}


@given(
    names=st.sets(st.sampled_from("甲乙丙丁戊己庚"), max_size=7), seed=st.text(min_size=1, max_size=9), data=st.data()
)
def test_whoever_withdraws_the_draw_done_again_is_equal_and_no_approver_inspects(
    names: set[str], seed: str, data: st.DataObject
) -> None:
    case = decided()
    [approver] = {fact.officer for fact in case.packet.decisions.values()}
    listed = roster(approver, *sorted(names))
    found = pushed(case, seed, water=listed)["soil"]
    around = at(case.now).changed(seed=seed, roster=listed)
    for _ in range(data.draw(st.integers(0, 4))):
        if not found.inspectors:
            break
        gone = data.draw(st.sampled_from(found.inspectors))
        others = set(found.inspectors) - {gone}
        who = Who(name=data.draw(st.sampled_from([gone.name, "同事"])))
        found = say(found, Recuse(kind="recuse", number=gone.number), who, around)
        assert others <= set(found.inspectors)
        assert gone not in found.inspectors
    numbers = [one.number for one in listed.inspectors]
    again = draw.inspectors(seed, found.name, numbers, found.barred, TERMS.inspectors)
    assert tuple(one.number for one in found.inspectors) == again
    assert approver not in {one.name for one in found.inspectors}
    with pytest.raises(Refusal):
        say(found, FULFILLED, Who(name=approver), at(case.now))


def test_who_was_drawn_finds_and_nobody_else_of_the_department() -> None:
    found = inspected_by("甲", "乙")
    with pytest.raises(Refusal) as refused:
        say(found, FULFILLED, INSPECTOR, at())
    assert refused.value.why is SupervisionRefusal.NOT_THE_INSPECTOR
    claimed = say(found, Claim(kind="claim"), INSPECTOR, at())  # the department's, which anybody may
    assert say(claimed, FULFILLED, Who(name="乙"), at()).ending is Ending.FULFILLED


def test_who_has_an_interest_withdraws_once_and_inspects_no_more_also_where_nobody_is_left() -> None:
    found, around = inspected_by("甲", barred={}), at().changed(seed=SEED, roster=roster("甲"))
    gone = say(found, Recuse(kind="recuse"), Who(name="甲"), around)
    assert (gone.inspectors, gone.barred) == ((), {"4114-000": Bar.RECUSED})
    assert say(gone, Recuse(kind="recuse"), Who(name="甲"), around) == gone
    for who, allowed in ((Who(name="甲"), False), (INSPECTOR, True)):
        if allowed:
            assert say(gone, FULFILLED, who, at()).ending is Ending.FULFILLED
        else:
            with pytest.raises(Refusal):
                say(gone, FULFILLED, who, at())


def test_a_colleague_who_cannot_come_is_replaced_and_who_said_so_may_still_inspect() -> None:
    found, around = inspected_by("甲", "乙"), at().changed(seed=SEED, roster=roster("甲", "乙", "丙"))
    replaced = say(found, Recuse(kind="recuse", number="4114-000"), Who(name="乙"), around)
    assert {one.name for one in replaced.inspectors} == {"乙", "丙"}
    assert replaced.barred == {"4114-000": Bar.PREVENTED}
    assert say(replaced, Recuse(kind="recuse", number="4114-000"), Who(name="乙"), around) == replaced
    assert say(replaced, FULFILLED, Who(name="乙"), at()).ending is Ending.FULFILLED


def test_somebody_who_was_not_drawn_cannot_withdraw() -> None:
    with pytest.raises(Refusal):
        say(inspected_by("甲"), Recuse(kind="recuse"), INSPECTOR, at())


def test_a_roster_is_read_from_lines_as_people_write_them() -> None:
    found = read("４１１４-001，王 芳\n\n4114-002\t李四 91411402MA0KG0002N，91411402MA0KG0003M\n")
    assert [(one.number, one.name) for one in found.inspectors] == [("4114-001", "王 芳"), ("4114-002", "李四")]
    assert found.inspectors[1].interests == ("91411402MA0KG0002N", "91411402MA0KG0003M")
    assert read(written(found)) == found


@pytest.mark.parametrize("lines", ["4114-001", "!! 王芳", "4114-001 甲\n4114-001 乙", "4114-001 甲\n4114-002 甲"])
def test_what_is_no_roster_is_refused(lines: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        read(lines)


def test_an_anchor_tells_seeds_of_days_that_are_over_and_of_others_that_they_stand() -> None:
    day = MORNING.date()
    before, today, after = draw.told({day + timedelta(days=n): f"seed-{n}" for n in (-1, 0, 1)}, day)
    assert (before.seed, today.seed, after.seed) == ("seed--1", None, None)
    assert after.sha256 == draw.commitment("seed-1")


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


# photos


def photo(minutes: int) -> Photo:
    at_ = MORNING + timedelta(minutes=minutes)
    made = {"packet": "20260306-test", "matter": "land-use", "id": f"{minutes:016x}", "key": "k", "version": "v"}
    return Photo.model_validate({**made, "at": at_, "kind": "jpeg", "opens": True})


@given(times=st.lists(st.integers(-100, 100), unique=True, max_size=8), ends=st.sets(st.integers(-90, 90), max_size=4))
def test_each_photo_belongs_to_the_finding_that_was_recorded_next_and_to_no_other(
    times: list[int], ends: set[int]
) -> None:
    found = [
        Found(outcome=FindingOutcome.RECTIFY, at=MORNING + timedelta(minutes=end), officer="") for end in sorted(ends)
    ]
    groups = supervision.by_finding(record(findings=tuple(found)), map(photo, times))
    assert len(groups) == len(found) + 1
    assert sorted(one.id for group in groups for one in group) == sorted(photo(minutes).id for minutes in times)
    for index, group in enumerate(groups):
        for one in group:
            assert index == len(found) or one.at <= found[index].at
            assert index == 0 or one.at > found[index - 1].at


def test_no_more_photos_come_than_a_record_may_have_and_none_once_it_is_closed() -> None:
    supervision.check_photo(record(), [photo(n) for n in range(29)])
    for found, count in ((record(), 30), (through(FULFILLED), 0)):
        with pytest.raises(Refusal):
            supervision.check_photo(found, [photo(n) for n in range(count)])
