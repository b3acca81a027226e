"""Every limit of a packet and of its supervision in one list (跟踪督办): what it is, who has it now, until when; and
who is told of it when. Nothing that has a limit is without an entry here: a test walks the models for it.

The owner is told before the end and at the end, then the lead of the service team, then the city: each once for a
limit, whatever it rested for meanwhile. Of promised papers and corrections applicants are told by `gaps` and
`corrections`, more often. Sources: mission 8, 9, 11, 12; 行政许可法 §32 (five days to say what is missing), §42, §44
(ten days to hand out).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from kaigong.domain import words
from kaigong.domain.model.catalogue import Route
from kaigong.domain.model.clock import Due, Office, before, limit
from kaigong.domain.model.deadline import Deadline, DeadlineKind, OwnerKind, Pressed, Reminder
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Packet, Review, ReviewState, Status
from kaigong.domain.model.supervision import SupervisionEvent, SupervisionRecord, SupervisionState
from kaigong.domain.model.text import Text
from kaigong.domain.model.waiting import Wait

from . import handing_out, procedures, questions
from .step import Step

RECEIPT_DAYS = 5  # 行政许可法 §32: working days in which deficiencies are told, else the application counts as accepted
ISSUE_DAYS = 10  # 行政许可法 §44: working days from the decision to handing it out
# In working days, all of them choices.
REMIND_BEFORE = 1
LEAD_AFTER = 2
CITY_AFTER = 5
MACHINE_DAYS = 1  # what the system should have done within minutes: the city is told when so many passed

_K, _O, _S = DeadlineKind, OwnerKind, Reminder
_LADDER = (_S.SOON, _S.OVER, _S.LEAD, _S.CITY)
_STAGES: dict[DeadlineKind, tuple[Reminder, ...]] = {
    _K.CORRECTION: (),  # reminded of by `corrections`; at its end the packet counts as withdrawn
    _K.GAP: (_S.LEAD, _S.CITY),  # reminded of by `gaps`; at its end it is a breach, and its departments are told
    _K.VISIT_REPORT: (_S.SOON,),  # at its end the visit is over, and the limits run again
    _K.HEARING: (_S.SOON,),  # at its end the finding stands
    _K.REPAIR: (_S.OVER,),  # the day from which something can be done
    **dict.fromkeys((_K.RECEIPT, _K.RESULT, _K.DOCUMENTS), (_S.CITY,)),  # the system's own
}


def stages(kind: DeadlineKind) -> tuple[Reminder, ...]:
    """Who is told of a limit of this kind."""
    return _STAGES.get(kind, _LADDER)


# the list


def of(packet: Packet, office: Office) -> tuple[Deadline, ...]:
    """The limits of a packet that run or rest; those of its supervision are its records'."""
    found = [*_received(packet, office), *_documents(packet, office), *_repairs(packet)]
    if packet.header:
        found += _of_applicant(packet)
    if packet.header and packet.header.status is not Status.WITHDRAWN:  # nobody waits for what was withdrawn
        found += [*_reviews(packet), *_questions(packet, office), *_visits(packet), *_result(packet, office)]
    return tuple(found)


def _received(packet: Packet, office: Office) -> Iterator[Deadline]:
    if submission := packet.untaken():
        due = limit(submission.received_at, RECEIPT_DAYS, office)
        turn = (packet.header.round if packet.header else 0) + 1
        yield _deadline(_K.RECEIPT, packet.packet, _O.SYSTEM, submission.received_at, due, turn)


def _documents(packet: Packet, office: Office) -> Iterator[Deadline]:
    for occasion, ordered in packet.header.documents.items() if packet.header else ():
        since = ordered.first_at or ordered.at
        yield _deadline(_K.DOCUMENTS, occasion, _O.SYSTEM, since, limit(since, RECEIPT_DAYS, office))


def _repairs(packet: Packet) -> Iterator[Deadline]:
    """From when a breach can be repaired, until the enterprise was told that it can be."""
    for name, breach in packet.breaches.items():
        found = _deadline(_K.REPAIR, name, _O.APPLICANT, breach.at, Due(at=breach.repairable_from))
        if found.name not in packet.pressed:
            yield found


def _reviews(packet: Packet) -> Iterator[Deadline]:
    for matter, review in packet.reviews.items():
        if review.pending and (matter, review.round) not in packet.decisions:
            found = _deadline(_K.REVIEW, matter, _O.DEPARTMENT, review.opened_at, review.due, review.round)
            rests = review.state is ReviewState.PAUSED
            yield found.changed(department=review.department, assigned=review.assigned, rests=rests)


def _questions(packet: Packet, office: Office) -> Iterator[Deadline]:
    for act in packet.open_questions():
        due = questions.due(act.at, office)
        found = _deadline(_K.QUESTION, act.subject, _O.DEPARTMENT, act.at, due)
        yield _in_hands(found, packet.reviews[act.matter])


def _visits(packet: Packet) -> Iterator[Deadline]:
    """What each department that went there found, which its own limit rests for."""
    for visit in packet.visits.values():
        if visit.held_at or not (visit.report_by and visit.appointment):
            continue
        for matter in procedures.resting(packet, visit):
            if matter not in visit.reported:
                found = _deadline(
                    _K.VISIT_REPORT, matter, _O.DEPARTMENT, visit.appointment, visit.report_by, visit.number
                )
                yield _in_hands(found, packet.reviews[matter])


def _in_hands(found: Deadline, review: Review) -> Deadline:
    return found.changed(department=review.department, assigned=review.assigned)


def _of_applicant(packet: Packet) -> Iterator[Deadline]:
    header = packet.header
    assert header is not None  # noqa: S101 - asked of packets that were looked at
    if header.status is Status.CORRECTING and header.correct_by and not packet.untaken():
        told = header.told_at or header.submitted_at
        yield _deadline(_K.CORRECTION, packet.packet, _O.APPLICANT, told, header.correct_by, header.round)
    for slot, gap in packet.owed().items():
        yield _deadline(_K.GAP, slot, _O.APPLICANT, gap.promised_at, gap.due)


def _result(packet: Packet, office: Office) -> Iterator[Deadline]:
    """That the joint result is written, and reaches the enterprise. How long the mail takes nobody here decides."""
    header = packet.header
    assert header is not None  # noqa: S101 - asked of packets that were looked at
    if header.status is Status.DECIDED and header.decided_at:
        due = limit(header.decided_at, ISSUE_DAYS, office)
        yield _deadline(_K.RESULT, packet.packet, _O.SYSTEM, header.decided_at, due)
    for wait, since in handing_out.waits(packet).items():
        if wait is not Wait.DELIVERY:
            owner = _O.APPLICANT if wait is Wait.COLLECT else _O.WINDOW
            yield _deadline(_K.HAND_OUT, packet.packet, owner, since, limit(since, ISSUE_DAYS, office))


def of_record(record: SupervisionRecord) -> Deadline | None:
    """The limit of a supervision record; None: it is closed."""
    kind = _of_state(record)
    if kind is None:
        return None
    owner = _O.APPLICANT if kind in (_K.RECTIFICATION, _K.HEARING) else _O.SUPERVISOR
    moved = (done.at for done in reversed(record.done) if done.event not in PRESSED.values())
    since = next(moved, record.decided_at)
    found = _deadline(kind, record.matter, owner, since, record.due, len(record.findings) + 1)
    return found.changed(department=record.department)


PRESSED = {  # what a record notes of whom was told
    Reminder.SOON: SupervisionEvent.WARNED,
    Reminder.OVER: SupervisionEvent.REMINDED,
    Reminder.LEAD: SupervisionEvent.ESCALATED,
    Reminder.CITY: SupervisionEvent.TO_CITY,
}
_BY_STATE = {
    SupervisionState.PUSHED: _K.CLAIM,
    SupervisionState.SEEN: _K.CLAIM,
    SupervisionState.CLAIMED: _K.INSPECTION,
    SupervisionState.PLANNED: _K.INSPECTION,
    SupervisionState.RECTIFYING: _K.RECTIFICATION,
    SupervisionState.RECTIFIED: _K.RECHECK,
    SupervisionState.BROKEN: _K.HEARING,
    SupervisionState.CONTESTED: _K.REPLY,
}


def _of_state(record: SupervisionRecord) -> DeadlineKind | None:
    kind = _BY_STATE.get(record.state)
    return _K.VERIFICATION if kind is _K.INSPECTION and record.route is Route.COMMITMENT else kind


def _deadline(kind: DeadlineKind, subject: str, owner: OwnerKind, since: datetime, due: Due, turn: int = 1) -> Deadline:
    return Deadline(kind=kind, subject=subject, owner=owner, since=since, due=due, turn=turn)


# who is told when


def moments(found: Deadline, office: Office, lead_after: int = LEAD_AFTER) -> dict[Reminder, datetime]:
    """When each is told of a limit. Nobody is told before it began that it ends soon."""
    if found.rests:
        return {}
    due, wanted = found.due.at, stages(found.kind)
    if wanted == (_S.CITY,):
        return {_S.CITY: limit(found.since, MACHINE_DAYS, office).at}
    every = {
        _S.SOON: soon_from(found, office),
        _S.OVER: due,
        _S.LEAD: limit(due, lead_after, office).at,
        _S.CITY: limit(due, max(lead_after, CITY_AFTER), office).at,
    }
    return {stage: at for stage, at in every.items() if stage in wanted and (stage is not _S.SOON or at > found.since)}


def soon_from(found: Deadline, office: Office) -> datetime:
    """From when on a limit ends soon."""
    return before(found.due.at, REMIND_BEFORE, office)


def untold(at: dict[Reminder, datetime], told: Iterable[Reminder]) -> dict[Reminder, datetime]:
    """Those who are still to be told, and when. Once it ended, nobody is told that it ends soon."""
    there = set(told)
    return {s: m for s, m in at.items() if s not in there and not (s is _S.SOON and _S.OVER in there)}


def passed(at: dict[Reminder, datetime], told: Iterable[Reminder], now: datetime) -> tuple[Reminder, ...]:
    """Who is to be told by now. Reminders that were missed meanwhile make one."""
    found = [stage for stage, moment in untold(at, told).items() if moment <= now]
    return tuple(stage for stage in found if not (stage is _S.SOON and _S.OVER in found))


def order(found: Deadline, stage: Reminder) -> str:
    """What the outbox says: `limit:<stage>:<kind>:<turn>:<subject>`."""
    return f"{ORDER}:{stage.value}:{found.kind.value}:{found.turn}:{found.subject}"


ORDER = "limit"
_TO_APPLICANT = {_K.HAND_OUT: NoticeKind.TO_COLLECT, _K.REPAIR: NoticeKind.REPAIRABLE}


def press(step: Step) -> None:
    """Tell whoever is to be told by now, and put that on record."""
    office, now, news = step.around.office, step.around.now, dict[str, Pressed]()
    said: list[list[str]] = []
    for found in of(step.packet, office):
        told = told_of(step.packet, found)
        stages_ = passed(moments(found, office), told, now)
        if not stages_:
            continue
        news[found.name] = Pressed(turn=found.turn, told=(*told, *stages_))
        for stage in stages_:
            said.append([stage.value, found.kind.value, found.subject])
            _tell(step, found, stage)
    if news:
        step.change(pressed={**step.packet.pressed, **news})
        step.happened("pressed", limits=said)


def _tell(step: Step, found: Deadline, stage: Reminder) -> None:
    """The enterprise by a notice, others by the outbox. What was not collected in time is the window's to ask."""
    if found.kind is _K.REPAIR or (found.owner is _O.APPLICANT and stage is _S.SOON):
        step.notify(_TO_APPLICANT[found.kind], (_item(step, found),))
    else:
        step.orders.append(order(found, stage))


def _item(step: Step, found: Deadline) -> NoticeItem:
    if found.kind is _K.REPAIR:
        return NoticeItem(code="repairable", text=words.deadlines.repairable(_broken(step, found)))
    return NoticeItem(code="to-collect", text=words.deadlines.to_collect(found.due), due=found.due)


def _broken(step: Step, found: Deadline) -> Text:
    breach, catalogue = step.packet.breaches[found.subject], step.around.catalogue
    return name_of(catalogue.materials if breach.kind == "gap" else catalogue.matters, breach.subject)


def told_of(packet: Packet, found: Deadline) -> tuple[Reminder, ...]:
    """Who was told of a limit; of an earlier one of its kind nobody asks any more."""
    before_ = packet.pressed.get(found.name)
    return before_.told if before_ and before_.turn == found.turn else ()


def wakes(packet: Packet, limits: Iterable[Deadline], office: Office) -> list[datetime]:
    """When somebody is to be told next of the packet's limits."""
    return [moment for found in limits for moment in untold(moments(found, office), told_of(packet, found)).values()]


def asks(limits: Iterable[Deadline]) -> dict[DeadlineKind, datetime]:
    """What the applicant is to do, each with its first end: lists show it by the header alone. That a record can be
    repaired is nothing that must be done.
    """
    found: dict[DeadlineKind, datetime] = {}
    for limit_ in limits:
        if limit_.owner is _O.APPLICANT and not limit_.rests and limit_.kind is not _K.REPAIR:
            found[limit_.kind] = min(limit_.due.at, found.get(limit_.kind, limit_.due.at))
    return found


def late_since(limits: Iterable[Deadline], now: datetime) -> datetime | None:
    """Since when somebody is late: the list shows such packets, operations look after them."""
    return min((found.due.at for found in limits if found.late(now)), default=None)
