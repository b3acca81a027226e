"""Limits: nothing that has one is missing from the list, and everybody is told of each once."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kaigong.domain.flow import deadlines, handing_out, questions, reminding, review, supervision
from kaigong.domain.flow.deadlines import PRESSED
from kaigong.domain.model.catalogue import Department, TeamRole
from kaigong.domain.model.clock import Due, before, limit
from kaigong.domain.model.deadline import Deadline, DeadlineKind, OwnerKind, Reminder
from kaigong.domain.model.hand_out import HandOut, Way
from kaigong.domain.model.messages import Outcome, ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import ActKind, NoticeKind, Packet, Status
from kaigong.domain.model.supervision import SupervisionRecord, SupervisionState
from kaigong.domain.model.text import Model
from kaigong.views.team import PointKind, open_points

from .building import CATALOGUE, OFFICE, PACKET, Case, named
from .test_supervision import at, record

K, R = DeadlineKind, Reminder
LED = CATALOGUE.changed(
    departments={
        **CATALOGUE.departments,
        "approvals": Department(code="approvals", name=named("a"), role=TeamRole.LEAD),
    }
)

# which limits the models keep, and which entries of the list are theirs

LIMITS = {
    "Review.due": {K.REVIEW},
    "Gap.due": {K.GAP},
    "SiteVisit.report_by": {K.VISIT_REPORT},
    "Header.correct_by": {K.CORRECTION},
    "Breach.repairable_from": {K.REPAIR},
    "SupervisionRecord.due": {K.CLAIM, K.INSPECTION, K.RECHECK, K.HEARING, K.REPLY},
    "SupervisionRecord.inspect_by": {K.INSPECTION, K.VERIFICATION},
    "Commitment.verify_by": {K.VERIFICATION},
    "Found.rectify_by": {K.RECTIFICATION},
}
FROM_A_MOMENT = {K.QUESTION}  # so many days from it is a choice
OF_THE_LAW = {K.RECEIPT, K.RESULT, K.DOCUMENTS, K.HAND_OUT}  # so many days from a moment; no field keeps their end
NO_LIMITS = {
    "NoticeItem.due": "tells one of the above",
    "SupervisionFact.due": "tells one of the above",
    "Prior.until": "an earlier result ends by itself; nobody is to do anything",
    "Pause.until": "when a rest ended",
    "Header.asks": "tells some of the above",
    "StandIn.until": "when who was away is back",
    "Act.appointment": "a day that was agreed on; what is found then has its limit",
    "ProcedureFact.appointment": "likewise",
    "SiteVisit.appointment": "likewise",
    "SupervisionRecord.appointment": "likewise",
}
HAPPENED = re.compile(r"((.*_)?(at|since)|asked|reported)$")


def _moments(model: type[Model], seen: set[type]) -> Iterator[str]:
    """Every field of a model, and of those in it, that is a moment or a limit."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        for kind in _kinds(field.annotation):
            if kind in (Due, datetime):
                yield f"{model.__name__}.{name}"
            elif isinstance(kind, type) and issubclass(kind, Model):
                yield from _moments(kind, seen)


def _kinds(annotation: Any) -> Iterator[Any]:
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for one in inner:
        yield from _kinds(one)


def test_every_limit_that_the_models_keep_has_its_entries_in_the_list() -> None:
    seen: set[type] = {Due}
    found = {name for model in (Packet, SupervisionRecord) for name in _moments(model, seen)}
    limits = {name for name in found if not HAPPENED.match(name.partition(".")[2])}
    assert limits == LIMITS.keys() | NO_LIMITS.keys()
    assert set(K) == set().union(*LIMITS.values()) | OF_THE_LAW | FROM_A_MOMENT


# whatever happens to a packet


def _kept(packet: Packet) -> set[tuple[DeadlineKind, str, datetime]]:
    """The limits that a packet keeps in its fields, read from them one by one."""
    header = packet.header
    found = {(K.REPAIR, name, b.repairable_from) for name, b in packet.breaches.items()}
    found = {(kind, name, end) for kind, name, end in found if f"repair:{name}" not in packet.pressed}
    if header is None or header.status is Status.WITHDRAWN:
        return found
    waiting = {m: r for m, r in packet.reviews.items() if r.pending and m not in review.to_record(packet)}
    found |= {(K.REVIEW, matter, r.due.at) for matter, r in waiting.items()}
    found |= {(K.GAP, slot, gap.due.at) for slot, gap in packet.owed().items()}
    if header.status in (Status.IN_REVIEW, Status.CORRECTING):
        answered = {act.subject for act in packet.acts.values() if act.kind is ActKind.ANSWER}
        asked = (act for act in packet.acts.values() if act.kind is ActKind.ASK and act.subject not in answered)
        found |= {(K.QUESTION, act.subject, limit(act.at, questions.ANSWER_DAYS, OFFICE).at) for act in asked}
    if header.status is Status.CORRECTING and header.correct_by and packet.untaken() is None:
        found.add((K.CORRECTION, packet.packet, header.correct_by.at))
    for visit in packet.visits.values():
        for matter in visit.asked.keys() - visit.reported.keys() if visit.report_by and not visit.held_at else ():
            if any(p.visit == visit.number and p.until is None for p in packet.reviews[matter].pauses):
                assert visit.report_by
                found.add((K.VISIT_REPORT, matter, visit.report_by.at))
    return found


HAPPENS = (
    "approve, decide all, correct, rest, resume, visit, appoint, reported, correct it, ask, answer, supply, issue, "
    "collect, a day, two weeks, wake, wake, wake, wake, again, withdraw"
)
STEPS = st.lists(st.sampled_from(HAPPENS.split(", ")), max_size=40)


class Walk:
    """A packet to which things happen, and what everybody was told meanwhile."""

    def __init__(self) -> None:
        self.case = Case(LED).accepted("soil", "flood", "fire-review", promises=["soil-plan"])
        self.told: Counter[str] = Counter()
        self.numbers = iter(range(1, 1000))

    def goes(self, step: str) -> None:
        case = self.case
        pending = case.open()
        matter = pending[0] if pending else None
        match step:
            case "approve" if matter:
                case.decide(matter)
            case "decide all":
                for each in pending:
                    case.decide(each)
            case "correct" if matter:
                case.decide(matter, Outcome.CORRECT)
            case "rest" if matter:
                case.procedure(matter, number=next(self.numbers))
            case "resume" if matter:
                for pause in case.packet.reviews[matter].pauses:
                    if pause.until is None and not pause.visit:
                        case.procedure(matter, action=ProcedureAction.END, number=pause.number)
            case "visit" if matter:
                case.procedure(matter, ProcedureKind.SITE_VISIT, number=next(self.numbers))
            case "appoint":
                for visit in case.packet.visits.values():
                    when = case.now + timedelta(days=3)
                    case.act(ActKind.APPOINT_VISIT, str(visit.number), number=next(self.numbers), appointment=when)
            case "reported" if matter:
                for pause in case.packet.reviews[matter].pauses:
                    if pause.until is None and pause.visit:
                        case.procedure(matter, ProcedureKind.SITE_VISIT, ProcedureAction.END, number=pause.number)
            case "correct it" if case.header.status is Status.CORRECTING:
                case.submit("soil", "flood", "fire-review", promises=["soil-plan"])
            case "ask" if case.header.status is Status.CORRECTING:
                wanted = [m for m, r in case.packet.reviews.items() if questions.why_not_ask(case.packet, m) is None]
                for asked in wanted[:1]:
                    text = f"问题{next(self.numbers)}"
                    case.act(ActKind.ASK, questions.subject(asked, text), reason=text)
            case "answer":
                for act in case.packet.open_questions()[:1]:
                    case.act(ActKind.ANSWER, act.subject, reason="答复")
            case "supply":
                case.upload("soil-plan")
            case "issue" if case.packet.result:
                case.issue()
            case "collect" if case.packet.issued and case.packet.hand_out is None:
                case.act(ActKind.CHOOSE_HAND_OUT, hand_out=HandOut(way=Way.COLLECT))
            case "a day":
                case.now += timedelta(days=1)
            case "two weeks":
                case.now += timedelta(days=14)
            case "wake":
                case.now = max(case.now, case.header.wake_at or case.now)
            case "withdraw":
                if case.header.status in (Status.IN_REVIEW, Status.CORRECTING):
                    case.act(ActKind.WITHDRAW)
        self.looks()

    def looks(self) -> None:
        """As `advance` does, as long as something is left to do; what goes out is delivered, and comes twice."""
        for _ in range(20):
            if self.case.advance() is None:
                return
            orders = self.case.orders()
            for message in reminding.messages(self.case.packet, orders, LED, self.case.now):
                self.told[message.id] += 1
            reminded = (NoticeKind.TO_COLLECT, NoticeKind.REPAIRABLE)
            self.told.update(f"{t.kind.value}.{t.number}" for t in self.case.told() if t.kind in reminded)
        raise AssertionError("it goes on for ever")

    def listed(self) -> tuple[Deadline, ...]:
        return deadlines.of(self.case.packet, OFFICE)


@given(steps=STEPS)
@settings(max_examples=60)
def test_whatever_happens_no_limit_is_missing_and_nobody_is_told_twice_or_never(steps: list[str]) -> None:
    walk = Walk()
    for step in steps:
        walk.goes(step)
        packet, now, listed = walk.case.packet, walk.case.now, walk.listed()
        kept = {(found.kind, found.subject, found.due.at) for found in listed}
        assert {one for one in kept if one[0] not in OF_THE_LAW} == _kept(packet)
        points = open_points(packet, LED, now, OFFICE)
        limits = {found.due.at for found in listed}
        elsewhere = (PointKind.VERIFICATION, PointKind.PROCEDURE)  # a record's; a day that was agreed on
        assert {point.by.at for point in points if point.by and point.kind not in elsewhere} <= limits
        assert not walk.told or max(walk.told.values()) == 1
        for found in listed:
            told = deadlines.told_of(packet, found)
            assert list(told) == [reminder for reminder in R if reminder in told]
            for reminder, moment in deadlines.moments(found, OFFICE).items():
                if moment <= now and not (reminder is R.SOON and R.OVER in told):
                    assert reminder in told, (found, reminder)
        left = deadlines.wakes(packet, deadlines.of(packet, OFFICE), OFFICE)
        assert not left or (packet.header and packet.header.wake_at and packet.header.wake_at <= min(left))


def test_a_review_reminds_its_department_then_the_lead_then_the_city_each_on_its_day() -> None:
    walk = Walk()
    due = walk.case.packet.reviews["flood"].due.at
    told = []
    while (wake := walk.case.header.wake_at) and len(told) < 4:
        walk.case.now = wake
        if walk.case.advance():
            messages = reminding.messages(walk.case.packet, walk.case.orders(), LED, walk.case.now)
            told += [(m.kind, m.department or m.to, m.sent_at.date()) for m in messages if ".flood." in m.id]
    assert told == [
        ("limit-soon", "water", before(due, 1, OFFICE).date()),
        ("limit-over", "water", due.date()),
        ("limit-lead", "approvals", limit(due, 2, OFFICE).at.date()),
        ("limit-city", "city", limit(due, 5, OFFICE).at.date()),
    ]


def test_who_rests_is_not_told_and_not_late_and_is_told_once_it_runs_again() -> None:
    walk = Walk()
    walk.goes("rest")
    walk.goes("two weeks")
    [resting] = [found for found in walk.listed() if found.rests]
    assert resting.kind is K.REVIEW
    assert not resting.late(walk.case.now)
    assert not any(f".{resting.subject}." in name for name in walk.told)
    walk.goes("resume")
    walk.goes("two weeks")
    mine = [name for name in walk.told if f".review.{resting.subject}." in name]
    assert {name.rpartition(".")[2] for name in mine} == {"over", "lead", "city"}  # missed ones make one


def test_reminders_skip_days_off() -> None:
    walk = Walk()
    found = walk.listed()[0].changed(
        kind=K.REVIEW,
        since=datetime(2026, 9, 1, tzinfo=OFFICE.zone),
        due=Due(at=datetime(2026, 10, 8, 17, 30, tzinfo=OFFICE.zone)),
    )
    when = deadlines.moments(found, OFFICE)
    assert when[R.SOON].date().isoformat() == "2026-09-30"  # the last working day before the holidays
    assert when[R.LEAD].date().isoformat() == "2026-10-10"  # a Saturday that is worked


@pytest.mark.parametrize("state", [state for state in SupervisionState if state is not SupervisionState.CLOSED])
def test_every_open_record_has_a_limit_with_its_owner(state: SupervisionState) -> None:
    found = deadlines.of_record(record(state=state))
    assert found is not None
    of_enterprise = state in (SupervisionState.RECTIFYING, SupervisionState.BROKEN)
    assert (found.owner is OwnerKind.APPLICANT) == of_enterprise
    assert found.department == "resources"
    assert deadlines.of_record(record(state=SupervisionState.CLOSED)) is None


def test_what_is_to_be_rectified_reminds_the_enterprise_and_then_the_lead() -> None:
    due = Due(at=datetime(2026, 3, 31, 17, 30, tzinfo=OFFICE.zone))
    found, told = record(state=SupervisionState.RECTIFYING, due=due), []
    while (wake := supervision.wakes(found, at())) is not None:
        after = supervision.pass_time(found, at(wake))
        entry = deadlines.of_record(after)
        assert entry
        told += [reminding.of_record(after, entry, r, LED, wake) for r in after.pressed[len(found.pressed) :]]
        found = after
    assert [(m.kind, m.department, m.to) for m in told] == [
        ("supervision-soon", None, None),
        ("supervision-due", None, None),
        ("supervision-escalated", "approvals", None),
        ("supervision-to-city", None, "city"),
    ]
    assert len({m.id for m in told}) == 4
    assert [done.event for done in found.done] == list(PRESSED.values())


def test_what_the_system_owes_is_told_to_the_city_alone() -> None:
    case = Case(LED, documents=True).accepted("soil")
    case.now += timedelta(days=7)
    case.advance()
    said = reminding.messages(case.packet, case.orders(), LED, case.now)
    assert [(m.kind, m.to) for m in said if ".documents." in m.id] == [("limit-city", "city")]
    case.now += timedelta(days=7)
    case.advance()
    assert not [m for m in reminding.messages(case.packet, case.orders(), LED, case.now) if ".documents." in m.id]


def test_a_result_that_nobody_collects_reminds_the_applicant_and_then_the_window() -> None:
    walk = Walk()
    for step in ("decide all", "issue", "collect"):
        walk.goes(step)
    assert handing_out.waits(walk.case.packet)
    walk.case.packet = walk.case.packet.changed(gaps={})
    told = []
    while walk.case.header.wake_at:
        walk.case.now = walk.case.header.wake_at
        walk.case.advance()
        told += [(t.kind.value, "") for t in walk.case.told() if t.kind is NoticeKind.TO_COLLECT]
        told += [
            (m.kind, m.department or m.to or "")
            for m in reminding.messages(walk.case.packet, walk.case.orders(), LED, walk.case.now)
        ]
    assert told == [("to-collect", ""), ("limit-over", "window"), ("limit-lead", "approvals"), ("limit-city", "city")]
    assert walk.case.header.late_since


def test_when_a_breach_can_be_repaired_the_enterprise_is_told_once() -> None:
    walk = Walk()
    while walk.case.header.wake_at:
        walk.goes("wake")
    assert set(walk.case.packet.breaches) == {"soil-plan"}
    [notice] = walk.case.notices(NoticeKind.REPAIRABLE)
    assert notice.at >= walk.case.packet.breaches["soil-plan"].repairable_from
    assert "soil-plan" in notice.items[0].text.zh


def test_a_limit_that_ended_before_its_message_went_out_is_told_all_the_same() -> None:
    """The receiver knows the same id; what is not told at once must not fail what else goes out."""
    walk = Walk()
    for each in ("wake", "wake", "wake"):
        walk.goes(each)
    orders = [f"limit:{r.value}:{k.value}:1:{PACKET}" for k in (K.RECEIPT, K.RESULT, K.HAND_OUT) for r in R]
    orders += [f"limit:soon:gap:1:{slot}" for slot in ("soil-plan", "gone")]
    found = reminding.messages(walk.case.packet, orders, LED, walk.case.now)
    assert len({message.id for message in found}) == len(orders)
