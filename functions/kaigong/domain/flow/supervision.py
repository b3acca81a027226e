"""How a supervision record moves on: what is said of it, and what time alone does.

Every function is pure: a record and what was said give the record after it, or why nothing comes of it.
Sources: mission 11 and 12; 国办发〔2019〕5号 (who approved does not inspect; the finding is told), 国办发〔2020〕42号
(a commitment is verified in time; who broke one is restricted), 国办发〔2020〕49号 (who is to be found in breach is
heard first).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import Field

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue, Code, Route, Supervision
from kaigong.domain.model.clock import Due, Office, closing_from, limit
from kaigong.domain.model.deadline import Reminder
from kaigong.domain.model.packet import Packet, Review, ReviewState
from kaigong.domain.model.roster import Bar, Roster
from kaigong.domain.model.supervision import (
    FARTHEST,
    MOST_FINDINGS,
    MOST_PHOTOS,
    MOST_STEPS,
    Claim,
    Contest,
    Done,
    Drawn,
    Ending,
    Finding,
    FindingOutcome,
    Found,
    Heard,
    Photo,
    Plan,
    Rectified,
    Recuse,
    Reply,
    Said,
    Seen,
    SupervisionEvent,
    SupervisionFact,
    SupervisionRecord,
    SupervisionRefusal,
    SupervisionState,
    Who,
    after,
    can,
)
from kaigong.domain.model.text import Model
from kaigong.errors import Bug, Refused

from . import deadlines
from .draw import assigned, barred, drawn
from .result import APPROVALS

ORDER = "supervise"  # in the outbox: what was approved goes to who supervises it; what ended, too
_STATES, _E = SupervisionState, SupervisionEvent
_OUTCOMES = {
    FindingOutcome.FULFILLED: _E.FULFILLED,
    FindingOutcome.RECTIFY: _E.TO_RECTIFY,
    FindingOutcome.BROKEN: _E.FOUND_BROKEN,
}
# What is more than the department's own work: the packet has it on record, and its applicant is told.
TOLD = (_E.TO_RECTIFY, _E.FOUND_BROKEN, _E.STANDS, _E.SET_ASIDE, _E.BREACH)
ON_RECORD = (*TOLD, _E.FULFILLED)  # that it was found in order is a fact too, which policies ask for
_NOBODY = Who(name="")


class Around(Model):
    """What a step needs besides the record."""

    now: datetime
    office: Office
    terms: Supervision
    seed: str = Field(default="", repr=False)  # that the record's inspectors were drawn by, and
    roster: Roster | None = None  # from: told where another one is to be drawn

    def due(self, working_days: int) -> Due:
        return limit(self.now, working_days, self.office)


# which records there are


def approved(packet: Packet) -> tuple[Code, ...]:
    """The matters whose approval is supervised: those of the joint result; of a withdrawn packet, what stands."""
    if packet.result:
        return tuple(found.matter for found in packet.result.matters if found.code in APPROVALS)
    return tuple(packet.approvals())


def ended(packet: Packet) -> tuple[Code, ...]:
    """Those of which the approval was taken back since."""
    return tuple(m for m in approved(packet) if packet.reviews[m].state is not ReviewState.APPROVED)


def supervisor(matter: Code, review: Review, catalogue: Catalogue) -> Code:
    """Who supervises a matter: as the catalogue matches it, or else the department that decided (mission 11)."""
    entry = catalogue.matters.get(matter)
    return entry.supervisor if entry and entry.supervisor else review.department


def supervisors(packet: Packet, catalogue: Catalogue) -> set[Code]:
    """The departments that supervise what was approved."""
    return {supervisor(matter, packet.reviews[matter], catalogue) for matter in approved(packet)}


def records(
    packet: Packet,
    catalogue: Catalogue,
    around: Around,
    seed: str,
    new_token: Callable[[], str],
    rosters: Mapping[Code, Roster],
) -> tuple[SupervisionRecord, ...]:
    """The record of each approved matter as it is pushed. Who pushes twice makes it twice; the first one is kept.

    Its inspectors are drawn whether it is inspected or not: one that is not drawn may be inspected for a cause.
    """
    header = packet.header
    assert header is not None  # noqa: S101 - only a packet that ended has approvals
    found = []
    for matter in approved(packet):
        review, made = packet.reviews[matter], packet.commitments.get(matter)
        why = drawn(seed, review.review_id, review.route, header.credit_grade, around.terms, by_rules=review.by_rules)
        grading = around.terms.grading(header.credit_grade)
        committed = made.verify_by if made and review.route is Route.COMMITMENT else None
        department, approvers = supervisor(matter, review, catalogue), _approvers(packet, matter)
        roster = rosters.get(department)
        barred_ = barred(roster, approvers, header.enterprise.uscc) if roster else {}
        found.append(
            SupervisionRecord(
                packet=packet.packet,
                matter=matter,
                department=department,
                decided_by=review.department,
                decided_at=review.decided_at or around.now,
                approvers=approvers,
                uscc=header.enterprise.uscc,
                enterprise=header.enterprise.name,
                project=header.project.name,
                route=review.route,
                drawn=why,
                roster=roster.version if roster else 0,
                inspectors=assigned(seed, review.review_id, roster, barred_, around.terms) if roster else (),
                barred=barred_,
                due=around.due(around.terms.claim_working_days),
                inspect_by=committed or around.due(grading.inspect_working_days),
                token=new_token(),
                done=(Done(event=_E.PUSHED, at=around.now),),
            )
        )
    return tuple(found)


def _approvers(packet: Packet, matter: Code) -> tuple[str, ...]:
    """Who decided: the officer, and the second one who signed."""
    said = [fact for (decided, _), fact in packet.decisions.items() if decided == matter]
    return tuple(dict.fromkeys(name for fact in said for name in (fact.officer, fact.signed_by) if name))


# what is said of one


def say(
    record: SupervisionRecord,
    said: Said,
    who: Who,
    around: Around,
    message_id: str = "",
    sent_at: datetime | None = None,
) -> SupervisionRecord:
    """The record after something was said of it; as it was, where that is a repetition.

    Raises Refusal where nothing comes of it. A finding, or a date for the inspection, claims the record as well:
    messages come in any order. `sent_at`: when it was said, where that is not now.
    """
    match said:
        case Seen():
            return _moved(record, _E.SEEN, who, around) if record.state is _STATES.PUSHED else record
        case Claim():
            return _claimed(record, said, who, around)
        case Plan():
            # A sender's clock may be ahead: no word is newer than those that follow.
            return _planned(record, said, who, around, min(sent_at or around.now, around.now))
        case Finding():
            return _found(record, said, who, around, message_id)
        case Reply():
            return _replied(record, said, who, around)
        case Recuse():
            return _recused(record, said, who, around)
        case Rectified():
            return _reported(record, said, around)
        case Contest():
            return _contested(record, said, around)


class Refusal(Refused):
    """Nothing comes of what was said, and why."""

    def __init__(self, why: SupervisionRefusal) -> None:
        text = words.supervision.REFUSALS[why]
        super().__init__(text.zh, text.en)
        self.why = why


def _claimed(record: SupervisionRecord, said: Claim, who: Who, around: Around) -> SupervisionRecord:
    if record.claimed_by is not None:
        return record  # by this department: it says so again
    if not can(record.state, _E.CLAIMED):
        raise Refusal(SupervisionRefusal.NOT_NOW)
    if record.drawn is Drawn.NOT_DRAWN and not said.cause:
        return _moved(record, _E.FILED, who, around).changed(claimed_by=who, ending=Ending.ON_FILE)
    return _taken_on(record, who, around)


def _taken_on(record: SupervisionRecord, who: Who, around: Around) -> SupervisionRecord:
    """The record claimed by who inspects it, where nobody claimed it yet."""
    _check_approver(record, who)
    if not can(record.state, _E.CLAIMED):
        return record
    drawn_ = Drawn.FOR_CAUSE if record.drawn is Drawn.NOT_DRAWN else record.drawn
    return _moved(record, _E.CLAIMED, who, around, record.inspect_by).changed(claimed_by=who, drawn=drawn_)


def _planned(record: SupervisionRecord, said: Plan, who: Who, around: Around, at: datetime) -> SupervisionRecord:
    if record.appointed_at and at < record.appointed_at:
        return record  # another date was set since
    if record.appointment == said.appointment:
        return _set_again(record, at)
    if not around.now <= said.appointment <= around.now + FARTHEST:
        raise Refusal(SupervisionRefusal.NOT_THEN)
    record = _taken_on(record, who, around)
    if not can(record.state, _E.PLANNED):
        raise Refusal(SupervisionRefusal.NOT_NOW)
    if len(record.done) >= MOST_STEPS:
        raise Refusal(SupervisionRefusal.TOO_OFTEN)
    moved = _moved(record, _E.PLANNED, who, around, record.inspect_by)
    return moved.changed(appointment=said.appointment, appointed_at=at)


def _set_again(record: SupervisionRecord, at: datetime) -> SupervisionRecord:
    """The same date, said again: what was said in between, and comes later, does not count any more."""
    if record.appointed_at == at or not can(record.state, _E.PLANNED):
        return record
    return record.changed(version=record.version + 1, appointed_at=at)


def _found(record: SupervisionRecord, said: Finding, who: Who, around: Around, message_id: str) -> SupervisionRecord:
    if message_id and any(found.message_id == message_id for found in record.findings):
        return record
    _check_inspector(record, who)
    record = _taken_on(record, who, around)
    event = _OUTCOMES[said.outcome]
    if not can(record.state, event):
        raise Refusal(SupervisionRefusal.NOT_NOW)
    most = {FindingOutcome.RECTIFY: MOST_FINDINGS - 1, FindingOutcome.BROKEN: MOST_FINDINGS}.get(said.outcome)
    if most is not None and len(record.findings) >= most:
        raise Refusal(SupervisionRefusal.TOO_OFTEN)
    by = None
    if said.rectify_by:
        by = Due(at=around.office.closing(said.rectify_by))
        if not around.now < by.at <= around.now + FARTHEST:
            raise Refusal(SupervisionRefusal.NOT_THEN)
    found = Found(
        outcome=said.outcome,
        at=around.now,
        officer=who.name,
        text=said.text or "",
        basis=said.basis or "",
        rectify_by=by,
        message_id=message_id,
    )
    contestable = around.due(around.terms.contest_working_days)
    due = {_E.TO_RECTIFY: by, _E.FOUND_BROKEN: contestable}.get(event)
    ending = Ending.FULFILLED if event is _E.FULFILLED else None
    return _moved(record, event, who, around, due).changed(findings=(*record.findings, found), ending=ending)


def _recused(record: SupervisionRecord, said: Recuse, who: Who, around: Around) -> SupervisionRecord:
    """Another inspector is drawn, by the same seed and from the same roster; who was drawn besides stays."""
    meant = said.number or next((one.number for one in record.inspectors if one.name == who.name), None)
    gone = next((one for one in record.inspectors if one.number == meant), None)
    if gone is None:
        if said.number in record.barred or _withdrew(record, who):
            return record
        raise Refusal(SupervisionRefusal.NOT_THE_INSPECTOR)
    if not record.open:
        raise Refusal(SupervisionRefusal.NOT_NOW)
    if len(record.done) >= MOST_STEPS:
        raise Refusal(SupervisionRefusal.TOO_OFTEN)
    if around.roster is None:
        raise Bug(f"nobody told the roster that {record.name} was drawn from")
    own = gone.name == who.name
    barred_ = record.barred | {gone.number: Bar.RECUSED if own else Bar.PREVENTED}
    drawn_ = assigned(around.seed, record.name, around.roster, barred_, around.terms)
    moved = _stays(record, _E.RECUSED if own else _E.REPLACED, around, who)
    return moved.changed(inspectors=drawn_, barred=barred_)


def _reported(record: SupervisionRecord, said: Rectified, around: Around) -> SupervisionRecord:
    if not can(record.state, _E.REPORTED):
        raise Refusal(SupervisionRefusal.NOT_NOW)
    due = around.due(around.terms.recheck_working_days)
    return _noted(_moved(record, _E.REPORTED, _NOBODY, around, due), report=said.text)


def _contested(record: SupervisionRecord, said: Contest, around: Around) -> SupervisionRecord:
    finding = record.finding
    if finding is None or not can(record.state, _E.CONTESTED):
        raise Refusal(SupervisionRefusal.NOT_NOW)
    if finding.heard:
        raise Refusal(SupervisionRefusal.CONTESTED_BEFORE)
    if around.now > contest_until(record, finding, around):
        raise Refusal(SupervisionRefusal.TOO_LATE)
    due = around.due(around.terms.reply_working_days)
    heard = Heard(text=said.text, at=around.now)
    return _noted(_moved(record, _E.CONTESTED, _NOBODY, around, due), heard=heard)


def contest_until(record: SupervisionRecord, finding: Found, around: Around) -> datetime:
    """Until when a finding can be contested."""
    if record.state is _STATES.BROKEN:
        return record.due.at
    return limit(finding.at, around.terms.contest_working_days, around.office).at


def _replied(record: SupervisionRecord, said: Reply, who: Who, around: Around) -> SupervisionRecord:
    finding = record.finding
    heard = finding.heard if finding else None
    if finding is None or heard is None:
        raise Refusal(SupervisionRefusal.NOT_NOW)
    if heard.stands is not None:
        if (heard.stands, heard.reasons) == (said.stands, said.text):
            return record
        raise Refusal(SupervisionRefusal.NOT_NOW)
    if record.state is not _STATES.CONTESTED:
        raise Refusal(SupervisionRefusal.NOT_NOW)
    _check_approver(record, who)
    event, due = _answered(finding, said, record, around)
    moved = _noted(
        _moved(record, event, who, around, due),
        heard=heard.changed(stands=said.stands, reasons=said.text, answered_at=around.now),
    )
    return moved.changed(ending=Ending.BROKEN if event is _E.BREACH else None)


def _answered(
    finding: Found, said: Reply, record: SupervisionRecord, around: Around
) -> tuple[SupervisionEvent, Due | None]:
    """What comes of an answer, and what is due then. The time for rectifying does not run while it is contested; what
    was left of it ends with a working day, and a finding that stands leaves one at least.
    """
    if not said.stands:
        inspect = around.due(around.terms.recheck_working_days)
        return _E.SET_ASIDE, max(record.inspect_by, inspect, key=lambda due: due.at)
    if finding.outcome is FindingOutcome.BROKEN or finding.rectify_by is None:
        return _E.BREACH, None
    left = finding.rectify_by.at - (finding.heard.at if finding.heard else around.now)
    until = closing_from(around.now + max(left, timedelta()), around.office)
    return _E.STANDS, max(until, around.due(1), key=lambda due: due.at)


def end(record: SupervisionRecord, around: Around) -> SupervisionRecord:
    """The approval was taken back: nothing is left to supervise."""
    if not record.open:
        return record
    return _moved(record, _E.APPROVAL_ENDED, _NOBODY, around).changed(ending=Ending.APPROVAL_ENDED)


def check_photo(record: SupervisionRecord, photos: Sequence[Photo]) -> None:
    """Whether another photo may come. Raises Refusal."""
    if not can(record.state, _E.FULFILLED) and not can(record.state, _E.CLAIMED):
        raise Refusal(SupervisionRefusal.NOT_NOW)
    if len(photos) >= MOST_PHOTOS:
        raise Refusal(SupervisionRefusal.TOO_MANY_PHOTOS)


def by_finding(record: SupervisionRecord, photos: Iterable[Photo]) -> tuple[tuple[Photo, ...], ...]:
    """The photos of each finding, and last those that no finding followed yet: each belongs to the next one."""
    ends = [found.at for found in record.findings]
    groups: list[list[Photo]] = [[] for _ in range(len(ends) + 1)]
    for photo in sorted(photos, key=lambda photo: (photo.at, photo.id)):
        groups[bisect_left(ends, photo.at)].append(photo)
    return tuple(map(tuple, groups))


def pass_time(record: SupervisionRecord, around: Around) -> SupervisionRecord:
    """What time alone does: a finding that nobody contested stands; who has a limit is told of it, and after its end
    the lead and the city.
    """
    if record.state is _STATES.BROKEN and around.now >= record.due.at:
        return _moved(record, _E.BREACH, _NOBODY, around).changed(ending=Ending.BROKEN)
    stages = deadlines.passed(_moments(record, around), record.pressed, around.now)
    for stage in stages:
        record = _stays(record, deadlines.PRESSED[stage], around)
    return record.changed(pressed=(*record.pressed, *stages)) if stages else record


def wakes(record: SupervisionRecord, around: Around) -> datetime | None:
    """When time alone changes the record; None: it does not any more."""
    moments = [*deadlines.untold(_moments(record, around), record.pressed).values()]
    if record.state is _STATES.BROKEN:
        moments.append(record.due.at)
    return min(moments, default=None)


def _moments(record: SupervisionRecord, around: Around) -> dict[Reminder, datetime]:
    found = deadlines.of_record(record)
    return deadlines.moments(found, around.office, around.terms.escalate_working_days) if found else {}


def late(record: SupervisionRecord) -> bool:
    """Whether everybody was told that it is late, and nobody acted."""
    return record.open and Reminder.CITY in record.pressed


def _check_approver(record: SupervisionRecord, who: Who) -> None:
    if who.name in record.approvers:
        raise Refusal(SupervisionRefusal.OWN_APPROVAL)


def _check_inspector(record: SupervisionRecord, who: Who) -> None:
    """Who finds something is who was drawn. Where nobody was, it is anybody of the department, but not who withdrew."""
    _check_approver(record, who)
    drawn_ = not record.inspectors or any(one.name == who.name for one in record.inspectors)
    if not drawn_ or _withdrew(record, who):
        raise Refusal(SupervisionRefusal.NOT_THE_INSPECTOR)


def _withdrew(record: SupervisionRecord, who: Who) -> bool:
    return any(done.event is _E.RECUSED and done.who == who.name for done in record.done)


def _moved(
    record: SupervisionRecord, event: SupervisionEvent, who: Who, around: Around, due: Due | None = None
) -> SupervisionRecord:
    """The record in its next state. Raises Impossible."""
    moved = _stays(record, event, around, who).changed(state=after(record.state, event), due=due or record.due)
    limits = [deadlines.of_record(one) for one in (record, moved)]
    same = due is None or len({(found.kind, found.due) for found in limits if found}) == 1
    return moved if same else moved.changed(pressed=())  # of one limit everybody is told once


def _stays(record: SupervisionRecord, event: SupervisionEvent, around: Around, who: Who = _NOBODY) -> SupervisionRecord:
    done = Done(event=event, at=around.now, who=who.name)
    return record.changed(version=record.version + 1, done=(*record.done, done))


def _noted(record: SupervisionRecord, report: str | None = None, heard: Heard | None = None) -> SupervisionRecord:
    """The record with something about its newest finding."""
    finding = record.findings[-1]
    noted = finding.changed(report=finding.report if report is None else report, heard=heard or finding.heard)
    return record.changed(findings=(*record.findings[:-1], noted))


def fact(before: SupervisionRecord, now: SupervisionRecord) -> SupervisionFact | None:
    """What the packet is to have on record of a change; None: nothing."""
    told = next((done for done in now.done[len(before.done) :] if done.event in ON_RECORD), None)
    finding = now.finding
    if told is None or finding is None:
        return None
    answered = finding.heard.reasons if finding.heard and told.event in (_E.STANDS, _E.SET_ASIDE) else ""
    return SupervisionFact(
        matter=now.matter,
        version=now.version,
        event=told.event,
        text=answered or finding.text,
        basis=finding.basis,
        due=now.due if now.open else None,
        at=told.at,
    )
