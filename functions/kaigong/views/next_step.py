"""What is to be done with a packet next, who has it, by when, and why.

The next step is always one of the packet's open points, or several of one owner: who has it owns them, and its date is
the first of theirs. Where nothing is open, nobody has it. Source: mission 7 (no passing the buck); style.md, "Anchors".
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from kaigong.domain.flow.joint_acceptance import GAP_OPEN
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import Office
from kaigong.domain.model.deadline import OwnerKind
from kaigong.domain.model.messages import RevocationKind
from kaigong.domain.model.naming import Named, joined, name_of
from kaigong.domain.model.packet import (
    Notice,
    NoticeKind,
    Packet,
    ResultCode,
    ReviewState,
)
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words.clock import day
from kaigong.domain.words.names import NOBODY
from kaigong.domain.words.remedies import REMEDY

from . import words
from .matters import DepartmentsAnswered, MatterStatus
from .states import MatterState, Phase
from .team import OpenPoint, PointKind
from .words.next_step import together


class Holder(StrEnum):
    """Who has to act next."""

    APPLICANT = "applicant"
    DEPARTMENTS = "departments"
    WINDOW = "window"
    SYSTEM = "system"
    SUPERVISORS = "supervisors"
    NOBODY = "nobody"


class Examination(Model):
    """How many of the papers that a submission counts on are examined."""

    examined: int
    awaited: int


class NextStep(Model):
    """What is to be done next, by whom, by when, and why."""

    holder: Holder
    holder_name: Text
    departments: tuple[Named, ...] = ()  # those that have it, where departments or supervisors do
    action: Text
    why: Text
    by: datetime | None = None
    by_certain: bool = True
    overdue: bool = False
    clock: Text | None = Field(default=None, description="How that date comes about, where it is a time limit's end.")


_HOLDERS = {
    OwnerKind.APPLICANT: Holder.APPLICANT,
    OwnerKind.DEPARTMENT: Holder.DEPARTMENTS,
    OwnerKind.WINDOW: Holder.WINDOW,
    OwnerKind.SYSTEM: Holder.SYSTEM,
    OwnerKind.SUPERVISOR: Holder.SUPERVISORS,
}
_FIRST: dict[Phase, tuple[tuple[PointKind, ...], ...]] = {  # which points come first; those of one group have one owner
    Phase.DRAFT: ((PointKind.DRAFT,),),
    Phase.REFUSED: ((PointKind.REFUSED,),),
    Phase.SUBMITTED: ((PointKind.SUBMISSION,),),
    Phase.RETURNED: ((PointKind.RETURNED,),),
    Phase.CORRECTING: ((PointKind.CORRECTION,),),
    Phase.IN_REVIEW: (
        (PointKind.REVIEW,),
        (PointKind.PROCEDURE,),
        (PointKind.APPOINTMENT,),
        (PointKind.RECORD,),
    ),
    Phase.DECIDED: ((PointKind.ISSUE,),),
    Phase.ISSUED: (
        (PointKind.GAP,),
        (PointKind.RECORD, PointKind.SUBMISSION),
        (PointKind.DOUBT,),
        (PointKind.HAND_OUT,),
        (PointKind.VERIFICATION,),
    ),
    Phase.WITHDRAWN: (
        (PointKind.GAP,),
        (PointKind.RECORD, PointKind.SUBMISSION),
        (PointKind.VERIFICATION,),
    ),
}
_TAKEN_BACK = {ReviewState.RECALLED: RevocationKind.RECALL, ReviewState.REVOKED: RevocationKind.REVOKE}
_NOTICES = {Phase.RETURNED: NoticeKind.RETURNED, Phase.CORRECTING: NoticeKind.CORRECTION}


def next_step(
    packet: Packet,
    phase: Phase,
    matters: Sequence[MatterStatus],
    points: Iterable[OpenPoint],
    departments: DepartmentsAnswered | None,
    catalogue: Catalogue,
    office: Office,
) -> NextStep:
    """The next step of a packet that is in `phase`, by its open points."""
    every = tuple(points)
    held = first_points(phase, every)
    match phase:
        case Phase.DRAFT:
            return _step(held, _said(held), words.next_step.NO_MANIFEST)
        case Phase.REFUSED:
            return _step(held, _said(held), words.next_step.REFUSED)
        case Phase.SUBMITTED:
            return _step(held, _said(held), _examined(packet))
        case Phase.RETURNED | Phase.CORRECTING:
            return _noticed(_newest(packet, _NOTICES[phase]), held)
        case Phase.IN_REVIEW:
            return _in_review(every, held, matters, departments)
        case Phase.DECIDED:
            return _step(held, words.next_step.MAKE_THE_DOCUMENT, _decided(packet))
        case Phase.WITHDRAWN:
            return _after_withdrawal(packet, held, catalogue, office)
        case Phase.ISSUED:
            return _after_issue(packet, held, catalogue, office)


class _Pointed(Protocol):
    @property
    def kind(self) -> PointKind: ...


def first_points[P: _Pointed](phase: Phase, points: Sequence[P]) -> list[P]:
    """The open points that make the next step of a packet in `phase`. Empty: nobody has it."""
    groups = ([p for p in points if p.kind in kinds] for kinds in _FIRST[phase])
    return next((group for group in groups if group), [])


def examination(packet: Packet) -> Examination | None:
    """How far the papers of a submission that waits are examined."""
    submission = packet.untaken()
    if submission is None:
        return None
    awaited = len(submission.awaited)
    return Examination(examined=awaited - len(packet.missing_findings(submission)), awaited=awaited)


def _step(held: Sequence[OpenPoint], action: Text, why: Text) -> NextStep:
    """The step that these points make; they have one kind of owner. None: nobody has it."""
    if not held:
        return NextStep(holder=Holder.NOBODY, holder_name=NOBODY, action=action, why=why)
    owners = {(p.owner.department, p.owner.name.zh): p.owner for p in held}.values()
    first = min((p.by for p in held if p.by), key=lambda due: due.at, default=None)
    return NextStep(
        holder=_HOLDERS[held[0].owner.kind],
        holder_name=joined(owner.name for owner in owners),
        departments=tuple(Named(code=o.department, name=o.name) for o in owners if o.department),
        action=action,
        why=why,
        by=first.at if first else None,
        by_certain=first.certain if first else True,
        overdue=any(p.overdue for p in held),
    )


def _said(held: Sequence[OpenPoint]) -> Text:
    return held[0].text if held else words.next_step.NOTHING


# until the decision


def _examined(packet: Packet) -> Text:
    found, newest = examination(packet) or Examination(examined=0, awaited=0), packet.untaken()
    if newest and newest.whole_folder and found.examined == found.awaited:
        return words.next_step.WAITING_FOR_MORE
    return words.next_step.examined(found.examined, found.awaited)


def _newest(packet: Packet, kind: NoticeKind) -> Notice:
    return max((n for n in packet.notices.values() if n.kind is kind), key=lambda n: n.number)


def _noticed(notice: Notice, held: Sequence[OpenPoint]) -> NextStep:
    """The applicant answers a notice. Where the project owes promised papers, those come first, in their packets."""
    count = len(notice.items)
    owed = sum(item.code == GAP_OPEN for item in notice.items)
    why = words.next_step.listed(count)
    if not owed:
        return _step(held, _said(held), why)
    action = words.next_step.gaps_first(others=count > owed)
    return _step(held, action, together(words.next_step.project_owes(owed), why))


def _in_review(
    points: Sequence[OpenPoint],
    held: Sequence[OpenPoint],
    matters: Sequence[MatterStatus],
    departments: DepartmentsAnswered | None,
) -> NextStep:
    """Departments review; or all that they have rests for something that they, or the window, see to."""
    answered = words.matters.answered(departments.answered, departments.of) if departments else None
    resting = [m for m in matters if m.state is MatterState.PAUSED]
    rests = words.next_step.resting(len(resting))
    owed = _late_promises(points)
    kind = held[0].kind if held else None
    if kind is PointKind.REVIEW:
        why = together(answered, rests if resting else None, owed)
        step = _step(held, words.next_step.REVIEW, why)
        return step.changed(clock=_first_sum(held, matters))
    if kind is PointKind.PROCEDURE:
        action = words.next_step.hold(joined(_distinct(rest.name for m in resting for rest in m.rests)))
        return _step(held, action, together(rests, answered, owed))
    if kind is PointKind.APPOINTMENT:
        why = together(rests, answered, owed)
        return _step(held, words.next_step.AGREE_ON_VISIT, why)
    return _step(held, words.next_step.PUT_TOGETHER, words.next_step.EVERY_ONE_ANSWERED)


def _first_sum(held: Sequence[OpenPoint], matters: Sequence[MatterStatus]) -> Text | None:
    """The sum behind the first of the reviews' dates: the one that the step names."""
    _, first = min(((p.by.at, p.subject) for p in held if p.by), default=(None, None))
    return next((m.clock for m in matters if m.matter == first), None)


def _distinct(names: Iterable[Text]) -> Iterable[Text]:
    return {name.zh: name for name in names}.values()


def _late_promises(points: Sequence[OpenPoint]) -> Text | None:
    """Departments have the packet, but the applicant is late with something."""
    late = sum(p.kind is PointKind.GAP and p.overdue for p in points)
    return words.next_step.late_promises(late) if late else None


# after it


def _decided(packet: Packet) -> Text:
    return _by_rules(packet) or words.next_step.DECIDED


def _issued(packet: Packet) -> Text:
    return together(_by_rules(packet), words.next_step.ISSUED)


def _by_rules(packet: Packet) -> Text | None:
    """Where rules decided everything, no department was asked."""
    if not all(review.by_rules for review in packet.reviews.values()):
        return None
    return words.next_step.by_rules(len(packet.reviews))


def _after_issue(packet: Packet, held: Sequence[OpenPoint], catalogue: Catalogue, office: Office) -> NextStep:
    issued, taken_back = _issued(packet), _taken_back(packet, catalogue)
    if not held:
        return _step(held, _left_to_the_applicant(packet), together(issued, taken_back))
    first = None if held[0].kind is PointKind.GAP else issued  # what is owed says so itself
    return _step(held, _to_do(held, catalogue), together(first, _because(packet, held, office), taken_back))


def ended_by(packet: Packet) -> Text:
    """How a withdrawn packet came to its end, and what stands."""
    lapsed = packet.header is not None and packet.header.lapsed
    stands = words.next_step.APPROVED_STANDS if packet.approvals() else None
    return together(words.next_step.LAPSED if lapsed else words.next_step.WITHDRAWN, stands)


def _after_withdrawal(packet: Packet, held: Sequence[OpenPoint], catalogue: Catalogue, office: Office) -> NextStep:
    why = ended_by(packet)
    if not held:
        return _step(held, words.next_step.AGAIN_AFTER_WITHDRAWAL, why)
    return _step(held, _to_do(held, catalogue), together(why, _because(packet, held, office)))


def _to_do(held: Sequence[OpenPoint], catalogue: Catalogue) -> Text:
    """What whoever has them does about points that are left after the end."""
    match held[0].kind:
        case PointKind.GAP:
            return words.next_step.hand_in(joined(name_of(catalogue.materials, p.subject) for p in held))
        case PointKind.VERIFICATION:
            return words.next_step.verify(joined(name_of(catalogue.matters, p.subject) for p in held))
        case _:
            return _said(held)


def _because(packet: Packet, held: Sequence[OpenPoint], office: Office) -> Text | None:
    match held[0].kind:
        case PointKind.GAP:
            return _owed(packet, held, office)
        case PointKind.DOUBT:
            return words.next_step.doubtful(len(held))
        case PointKind.VERIFICATION:
            return words.next_step.VERIFIED_AFTERWARDS
        case _:
            return None


def _owed(packet: Packet, held: Sequence[OpenPoint], office: Office) -> Text:
    """Why promised papers are still to come, and what comes of late ones."""
    recorded = [packet.breaches[p.subject].repairable_from for p in held if p.subject in packet.breaches]
    if recorded:
        return words.next_step.on_record(day(max(recorded).astimezone(office.zone)))
    if any(p.overdue for p in held):
        return words.next_step.LATE
    if packet.result and packet.result.code is ResultCode.APPROVED_WITH_GAPS:
        return words.next_step.APPROVED_WITH_GAPS
    return words.next_step.OWED if packet.result else words.next_step.OWED_WITHOUT_RESULT


def _taken_back(packet: Packet, catalogue: Catalogue) -> Text | None:
    """Which approvals were taken back, and what can be done against it."""
    said = [
        (name_of(catalogue.matters, matter), _TAKEN_BACK[review.state])
        for matter, review in packet.reviews.items()
        if review.state in _TAKEN_BACK
    ]
    return words.next_step.taken_back(said) if said else None


def _left_to_the_applicant(packet: Packet) -> Text:
    """Nobody has to do anything. What the applicant may do where not everything was approved, or not for good."""
    back = any(r.state in _TAKEN_BACK for r in packet.reviews.values())
    if back:
        return words.next_step.AGAIN_AFTER_TAKEN_BACK
    if packet.result is None or packet.result.code is not ResultCode.NOT_APPROVED:
        return words.next_step.NOTHING
    stands = words.next_step.APPROVED_STANDS if packet.result.partial else None
    return together(stands, words.next_step.AGAIN_AFTER_REJECTION, REMEDY)
