"""What everybody may see who holds the link behind the QR code of a packet: its progress, without papers or people.

Shown: the project's name, where the packet is, who has it, by when and why, how its matters stand, which departments
have answered, the names of promised papers, the titles of notices, the outcome. The name of the project is shown
because whoever scans must know which project it is, and approvals of projects are published with it (choice).

Not shown: the packet's identifier, the enterprise, its credit, channel, doubts and breaches, addresses, papers and what
was found in them, officers, and whatever an officer or the applicant wrote in words of their own (reasons, conditions,
notes, points of notices). What cannot be shown is not copied here, so no template can show it.
Source: mission 8 (the QR code on the acceptance receipt shows the live progress of the whole approval).
"""

from datetime import datetime

from pydantic import Field

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import Office
from kaigong.domain.model.naming import Named, joined
from kaigong.domain.model.packet import NoticeKind, Packet
from kaigong.domain.model.text import Model, Text

from . import words
from .matters import DepartmentsAnswered, MatterStatus
from .next_step import Holder, NextStep, ended_by, first_points
from .packet import GapStatus, PacketStatus, status
from .states import MATTER_STATES, PHASES, MatterState, Phase
from .team import PointKind
from .timeline import Timeline, timeline

INSIDE = frozenset(  # what is not told here of notices: doubts, breaches, what was found. A test wants each kind placed
    (
        NoticeKind.SETTLED,
        NoticeKind.GAP_OVERDUE,
        NoticeKind.NOT_WITHDRAWN,
        NoticeKind.SUPERVISION,
        NoticeKind.BREACH,
        NoticeKind.REPAIRABLE,  # only a breach can be repaired
        NoticeKind.ANSWERED,
    )
)


class PublicStep(Model):
    """What is to be done next, by whom, by when, and why."""

    holder: Holder
    holder_name: Text
    departments: tuple[Named, ...] = ()
    action: Text
    why: Text
    by: datetime | None = None
    by_certain: bool = True
    overdue: bool = False
    clock: Text | None = Field(default=None, description="How that date comes about, where it is a time limit's end.")


class PublicRest(Model):
    """What a time limit rests for."""

    name: Text
    since: datetime


class PublicMatter(Model):
    """One matter: how it stands, and its time limit with the sum behind it."""

    name: Text
    department: Text
    state: MatterState
    state_name: Text
    national: Text = Field(description="The status by the national exchange standard.")
    waits_for: tuple[Text, ...] = ()
    due: datetime | None = None
    due_certain: bool = True
    overdue: bool = False
    clock: Text | None = Field(default=None, description="How the time limit comes about, or since when it rests.")
    rests: tuple[PublicRest, ...] = ()
    decided_at: datetime | None = None
    by_rules: bool = False
    outcome: Text | None = None


class PublicGap(Model):
    """A material that was promised for later, by its name."""

    name: Text
    owed: bool
    due: datetime
    due_certain: bool
    closed_at: datetime | None = None


class PublicNotice(Model):
    """That a notice went out: when, and which."""

    title: Text
    at: datetime


class PublicResult(Model):
    """The joint result as a whole."""

    outcome: Text
    partial: bool
    decided_at: datetime
    issued_at: datetime | None = None


class PublicProgress(Model):
    """The progress of a packet, for whoever holds its link."""

    project: str | None = Field(description="The name of the project; nothing else that tells whose packet it is.")
    process: Text | None = None
    status: Phase
    status_name: Text
    next: PublicStep
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    withdrawn_at: datetime | None = None
    plan: Text | None = Field(default=None, description="How long it takes one after another, and in parallel.")
    departments: DepartmentsAnswered | None = None
    matters: tuple[PublicMatter, ...] = ()
    gaps: tuple[PublicGap, ...] = ()
    notices: tuple[PublicNotice, ...] = ()
    result: PublicResult | None = None
    timeline: Timeline | None = None
    moves: bool = Field(description="Whether anything can still change by itself: somebody has it.")
    as_of: datetime


def public_progress(packet: Packet, catalogue: Catalogue, now: datetime, office: Office) -> PublicProgress:
    """The progress of a packet as of `now`, without what is nobody else's business."""
    found = status(packet, catalogue, now, office)
    picture = timeline(packet, found.matters, now)
    return PublicProgress(
        project=found.project.name if found.project else None,
        process=found.process.name if found.process else None,
        status=found.status,
        status_name=PHASES[found.status],
        next=_next(packet, found),
        submitted_at=found.submitted_at,
        accepted_at=found.accepted_at,
        decided_at=found.decided_at,
        withdrawn_at=found.withdrawn_at,
        plan=found.plan.text if found.plan else None,
        departments=found.departments,
        matters=tuple(_matter(matter) for matter in found.matters),
        gaps=tuple(_gap(gap) for gap in found.gaps),
        notices=tuple(
            PublicNotice(title=notice.title, at=notice.at) for notice in found.notices if notice.kind not in INSIDE
        ),
        result=PublicResult(
            outcome=found.result.outcome,
            partial=found.result.partial,
            decided_at=found.result.decided_at,
            issued_at=found.result.issued_at,
        )
        if found.result
        else None,
        timeline=_without_what_stays_inside(picture) if picture else None,
        moves=found.next.holder is not Holder.NOBODY,
        as_of=now,
    )


def _next(packet: Packet, found: PacketStatus) -> PublicStep:
    """The next step. After the packet's end it may speak of doubts and breaches: then it is told in general words."""
    step = found.next
    told = PublicStep(
        holder=step.holder,
        holder_name=step.holder_name,
        departments=step.departments,
        action=step.action,
        why=step.why,
        by=step.by,
        by_certain=step.by_certain,
        overdue=step.overdue,
        clock=step.clock,
    )
    if found.status is Phase.WITHDRAWN:
        return told.changed(why=ended_by(packet))
    if found.status is not Phase.ISSUED:
        return told
    held = first_points(found.status, found.responsibility.points)
    owed = joined(gap.name for gap in found.gaps if gap.owed)
    action = in_general(held[0].kind, step, owed) if held else words.progress.NOTHING
    return told.changed(action=action, why=words.progress.ISSUED)


def in_general(kind: PointKind, step: NextStep, owed: Text) -> Text:
    """What is to be done after the joint result, said of a point of this kind to everybody. `owed`: names of promised
    papers. A kind that is not known to be harmless is a check of what is registered.
    """
    match kind:
        case PointKind.GAP:
            return words.progress.hand_in(owed)
        case PointKind.HAND_OUT:
            return words.progress.COLLECT if step.holder is Holder.APPLICANT else words.progress.MAIL
        case PointKind.SUBMISSION | PointKind.RECORD | PointKind.VERIFICATION:
            return step.action
        case _:
            return words.progress.CHECK


def _matter(matter: MatterStatus) -> PublicMatter:
    return PublicMatter(
        name=matter.name,
        department=matter.department_name,
        state=matter.state,
        state_name=MATTER_STATES[matter.state],
        national=matter.national.name,
        waits_for=tuple(before.name for before in matter.waits_for),
        due=matter.due,
        due_certain=matter.due_certain,
        overdue=matter.overdue,
        clock=matter.clock,
        rests=tuple(PublicRest(name=rest.name, since=rest.since) for rest in matter.rests),
        decided_at=matter.decided_at,
        by_rules=matter.by_rules,
        outcome=matter.outcome,
    )


def _gap(gap: GapStatus) -> PublicGap:
    return PublicGap(name=gap.name, owed=gap.owed, due=gap.due, due_certain=gap.due_certain, closed_at=gap.closed_at)


def _without_what_stays_inside(picture: Timeline) -> Timeline:
    shown = tuple(mark for mark in picture.marks if mark.notice not in INSIDE)
    return picture.changed(marks=shown)
