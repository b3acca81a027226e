"""What people are told of a packet: where it is, what is next, who has it, by when, and why.

Read only, and computed from the packet as it now is. Sources: mission 8 (live progress of the whole approval),
4 and 7 (who answers for it; 一次性告知); style.md, "Anchors".
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from pydantic import Field

from kaigong.domain.flow.procedures import findings, resting
from kaigong.domain.flow.questions import why_not_ask
from kaigong.domain.flow.result import Applicant, outcome_now
from kaigong.domain.intake.again import ended
from kaigong.domain.intake.identity import DOUBTS
from kaigong.domain.intake.prerequisites import told
from kaigong.domain.model.arrivals import Refusal
from kaigong.domain.model.catalogue import Catalogue, Code, Route
from kaigong.domain.model.clock import Office
from kaigong.domain.model.deadline import DeadlineKind
from kaigong.domain.model.manifest import OnMandate, Project
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.naming import Named, name_of, named
from kaigong.domain.model.packet import (
    Applied,
    Commitment,
    Gap,
    Header,
    Notice,
    NoticeItem,
    NoticeKind,
    Packet,
    ResultCode,
    SiteVisit,
    Status,
)
from kaigong.domain.model.signature import SignatureLevel, Signer, Signing
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

from .handing_out import HandOutStatus, hand_out_status
from .matters import DepartmentsAnswered, MatterStatus, answered, matters
from .next_step import Examination, NextStep, examination, next_step
from .questions import QuestionShown, asked
from .schedule import Plan, plan
from .states import Phase
from .team import FirstAsked, Helper, OpenPoint, Owner, PointKind, Responsibility, Team, responsibility


class GapStatus(Model):
    """A material that was promised for later (容缺)."""

    slot: Code
    name: Text
    matters: tuple[Code, ...]
    open: bool
    owed: bool = Field(description="Whether it is still to follow: not for what was withdrawn or refused.")
    due: datetime
    due_certain: bool
    overdue: bool
    reminders: int = Field(default=0, description="How many of the reminders went out.")
    closed_at: datetime | None = None
    breach: bool = Field(default=False, description="Whether it is on record as a breach, since `overdue_at`.")
    overdue_at: datetime | None = None
    repairable_from: datetime | None = Field(
        default=None, description="From when a repair of the breach can be applied for."
    )


class CommitmentStatus(Model):
    """A matter that is done by commitment (告知承诺): which text was accepted, how, and until when it is verified."""

    matter: Code
    name: Text
    accepted_at: datetime
    version: int = Field(description="Of the letter; 0: there was none.")
    sha256: str = Field(description="Of the letter's text; empty: there was none.")
    signer: Signer | None = Field(default=None, description="The person who signed; left out: nothing says which one.")
    signing: Signing
    level: SignatureLevel = Field(description="What the signature is worth; none is an electronic signature.")
    verify_by: datetime | None = None
    verify_by_certain: bool = True
    verify_overdue: bool = False


class VisitPart(Model):
    """A department's part of a joint site visit: for which of its matters it takes part."""

    matter: Named
    department: Named


class VisitFinding(VisitPart):
    """What a department found on a joint site visit, in its own words."""

    text: str
    at: datetime


class DoubtStatus(Named):
    """Something odd about an identity: an officer looks at it, or found it true."""

    confirmed: bool = Field(default=False, description="The window found it true: the applicant is to put it right.")


class VisitStatus(Model):
    """A joint site visit (联合踏勘): who takes part, when, and what each found."""

    number: int
    matters: tuple[Code, ...]
    departments: tuple[Named, ...]
    appointment: datetime | None = None
    report_by: datetime | None = Field(
        default=None, description="When the time limits run again, whoever has not said by then what was found."
    )
    awaited: tuple[VisitPart, ...] = Field(default=(), description="Those that have not said yet what they found.")
    findings: tuple[VisitFinding, ...] = Field(default=(), description="What was found, oldest first.")
    held_at: datetime | None = Field(default=None, description="When it was over for all.")


class NoticePoint(Model):
    """One point of a notice."""

    code: str
    slot: Code | None = None
    matter: Code | None = None
    text: Text
    due: datetime | None = None


class NoticeStatus(Model):
    """A written notice to the applicant."""

    number: int
    kind: NoticeKind
    round: int
    title: Text
    items: tuple[NoticePoint, ...]
    at: datetime


class RefusalPoint(Model):
    """Why a manifest was refused: a stable code, where in it, what is wrong and what to do."""

    code: str
    where: str
    text: Text


class RefusalStatus(Model):
    """The refusal of the newest manifest."""

    reasons: tuple[RefusalPoint, ...]
    at: datetime


class ResultStatus(Model):
    """The joint result. `document` and `sha256` are there once it is issued."""

    code: ResultCode
    partial: bool = Field(default=False, description="Some matters were approved and some not; those approved stand.")
    outcome: Text = Field(description="The whole in words, as it stands now: approvals may have been taken back since.")
    decided_at: datetime
    document: str | None = None
    sha256: str | None = None
    issued_at: datetime | None = None


class Point(Model):
    """Something that is still to be done: what, by whom, until when."""

    kind: PointKind
    subject: str = Field(description="Code of a matter, a material, a doubt or an act; number of a notice; the packet.")
    text: Text
    owner: Owner
    by: datetime | None = None
    by_certain: bool = True
    overdue: bool = False


class ResponsibilityStatus(Model):
    """Who answers for a packet: the service team, who was asked first, an owner for every open point."""

    team: Team
    first_asked: FirstAsked
    helper: Helper | None = Field(default=None, description="Who of the service team picked the packet up.")
    points: tuple[Point, ...] = Field(description="Empty: nobody has anything to do.")


class PacketStatus(Model):
    """Everything that a person is told about a packet."""

    packet: str
    status: Phase
    next: NextStep
    round: int = Field(description="Number of submissions taken.")
    process: Named | None = None
    channel: Channel | None = None
    why: Text | None = Field(default=None, description="Why this channel.")
    why_since: datetime | None = Field(default=None, description="When that was judged, by the credit known then.")
    privileges: tuple[Named, ...] = Field(default=(), description="What this channel opens.")
    credit_grade: str | None = None
    enterprise: Applicant | None = None
    project: Project | None = None
    follows: str | None = Field(default=None, description="The earlier packet that is applied for again here.")
    again: tuple[Code, ...] = Field(
        default=(),
        description="Matters that ended without an approval: they may be applied for again, with what is on the form "
        "and the papers (`POST /api/drafts` with `follows`).",
    )
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    withdrawn_at: datetime | None = None
    on_mandate: OnMandate | None = Field(default=None, description="Who handed in for the enterprise, the last time.")
    doubts: tuple[DoubtStatus, ...] = Field(default=(), description="About an identity, not settled by an officer yet.")
    cautions: tuple[NoticeItem, ...] = Field(
        default=(), description="Prerequisites that nobody has seen, and what is applied for in another packet too."
    )
    responsibility: ResponsibilityStatus
    plan: Plan | None = Field(default=None, description="How long the matters take, one after another and in parallel.")
    examination: Examination | None = None
    matters: tuple[MatterStatus, ...] = ()
    departments: DepartmentsAnswered | None = None
    visits: tuple[VisitStatus, ...] = ()
    gaps: tuple[GapStatus, ...] = ()
    commitments: tuple[CommitmentStatus, ...] = ()
    notices: tuple[NoticeStatus, ...] = ()
    refusal: RefusalStatus | None = None
    result: ResultStatus | None = None
    hand_out: HandOutStatus | None = Field(default=None, description="How the result reaches the applicant.")
    questions: tuple[QuestionShown, ...] = Field(
        default=(), description="What the applicant asked about corrections, and the answers."
    )
    may_ask: tuple[Code, ...] = Field(default=(), description="Matters whose correction can be asked about now.")


class AskedOf(Model):
    """Something that a packet waits for its applicant for."""

    kind: DeadlineKind
    name: Text
    due: datetime | None = None


class PacketSummary(Model):
    """One packet in a list."""

    packet: str
    status: Status
    round: int
    process: Named
    channel: Channel
    enterprise: Applicant
    project: Project
    submitted_at: datetime
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    asks: tuple[AskedOf, ...] = Field(
        default=(), description="What the applicant is to do, first what ends first; a returned one says no date."
    )


class Packets(Model):
    """Packets of one enterprise, newest first."""

    uscc: str
    packets: tuple[PacketSummary, ...]
    next: str | None = Field(default=None, description="Where the list goes on: give it back as `after`.")


_PRIVILEGES = {privilege.value: name for privilege, name in names.PRIVILEGES.items()}


def status(packet: Packet, catalogue: Catalogue, now: datetime, office: Office) -> PacketStatus:
    """Where the packet is, as of `now`; `office` has the calendar that time limits are counted by."""
    header, applied, enterprise = packet.header, packet.applied_for, packet.applicant
    submission, refusal = packet.newest_submission(), packet.standing_refusal()
    phase = _phase(packet, refusal)
    every = matters(packet, applied.routes, catalogue, now, office) if applied else ()
    asked_of_departments = header and header.accepted_at and not header.withdrawn_at
    departments = answered(every) if asked_of_departments else None
    who = responsibility(packet, catalogue, now, office)
    return PacketStatus(
        packet=packet.packet,
        status=phase,
        next=next_step(packet, phase, every, who.points, departments, catalogue, office),
        round=header.round if header else 0,
        process=named(catalogue.processes, applied.process) if applied else None,
        channel=header.channel if header else None,
        why=packet.rights.why if packet.rights else None,
        why_since=packet.rights.at if packet.rights else None,
        privileges=tuple(_called(_PRIVILEGES, code) for code in packet.rights.privileges) if packet.rights else (),
        credit_grade=header.credit_grade if header else None,
        enterprise=Applicant(name=enterprise.name, uscc=enterprise.uscc) if enterprise else None,
        project=applied.project if applied else None,
        follows=header.follows if header else submission.manifest.follows if submission else None,
        again=ended(packet),
        submitted_at=header.submitted_at if header else submission.received_at if submission else None,
        accepted_at=header.accepted_at if header else None,
        decided_at=header.decided_at if header else None,
        withdrawn_at=header.withdrawn_at if header else None,
        on_mandate=submission.manifest.mandate if submission else None,
        doubts=tuple(_doubt(code, header) for code in header.doubts) if header else (),
        cautions=tuple(item for m, c in packet.cautions.items() for item in told(m, c, catalogue)),
        responsibility=_responsibility(who),
        plan=_plan(packet, applied, catalogue) if applied else None,
        examination=examination(packet),
        matters=every,
        departments=departments,
        visits=tuple(_visit(packet, visit, catalogue) for _, visit in sorted(packet.visits.items())),
        gaps=tuple(_gap(packet, gap, catalogue, now) for gap in packet.gaps.values()),
        commitments=tuple(_commitment(c, who.points, catalogue) for c in packet.commitments.values()),
        notices=tuple(_notice(notice) for _, notice in sorted(packet.notices.items())),
        refusal=_refusal(refusal) if refusal else None,
        result=_result(packet),
        hand_out=hand_out_status(packet),
        questions=asked(packet, office),
        may_ask=tuple(matter for matter in packet.reviews if why_not_ask(packet, matter) is None),
    )


def summary(header: Header, catalogue: Catalogue) -> PacketSummary:
    """A packet in a list, by its header alone."""
    return PacketSummary(
        packet=header.packet,
        status=header.status,
        round=header.round,
        process=named(catalogue.processes, header.process),
        channel=header.channel,
        enterprise=Applicant(name=header.enterprise.name, uscc=header.enterprise.uscc),
        project=header.project,
        submitted_at=header.submitted_at,
        accepted_at=header.accepted_at,
        decided_at=header.decided_at,
        asks=_asks(header),
    )


def _asks(header: Header) -> tuple[AskedOf, ...]:
    returned = {DeadlineKind.CORRECTION: None} if header.status is Status.RETURNED else {}
    ends = sorted(header.asks.items(), key=lambda item: item[1])
    return tuple(AskedOf(kind=kind, name=names.DEADLINES[kind], due=due) for kind, due in (*returned.items(), *ends))


def waits_first(found: Sequence[PacketSummary]) -> list[PacketSummary]:
    """What waits for the applicant first, by when; then the others as they were."""
    far = datetime.max.replace(tzinfo=UTC)
    asked = [row for row in found if row.asks]
    waiting = sorted(asked, key=lambda row: (min(ask.due or far for ask in row.asks), row.packet))
    return [*waiting, *(row for row in found if not row.asks)]


def _phase(packet: Packet, refusal: Refusal | None) -> Phase:
    """What the applicant did last counts while the packet waits for the applicant; later, what the departments did."""
    header = packet.header
    if header is None or header.status in (Status.RETURNED, Status.CORRECTING):
        if refusal:
            return Phase.REFUSED
        if packet.untaken():
            return Phase.SUBMITTED
    return Phase(header.status.value) if header else Phase.DRAFT


def _called(names: Mapping[str, Text], code: Code) -> Named:
    """A packet is read for years: what has no name any more is shown by its code."""
    return Named(code=code, name=names.get(code, Text(zh=code, en=code)))


def _doubt(code: Code, header: Header) -> DoubtStatus:
    return DoubtStatus(code=code, name=_called(DOUBTS, code).name, confirmed=code in header.confirmed)


def _responsibility(found: Responsibility) -> ResponsibilityStatus:
    points = tuple(
        Point(
            **dict(point) | {"by": point.by.at if point.by else None},
            by_certain=point.by.certain if point.by else True,
        )
        for point in found.points
    )
    return ResponsibilityStatus(team=found.team, first_asked=found.first_asked, helper=found.helper, points=points)


def _plan(packet: Packet, applied: Applied, catalogue: Catalogue) -> Plan:
    """What rules decided, or a commitment is to decide, takes no time."""
    reviews = packet.reviews
    at_once = {
        matter
        for matter, route in applied.routes.items()
        if (reviews[matter].by_rules if matter in reviews else route is Route.COMMITMENT)
    }
    return plan(applied.routes, applied.process, catalogue, at_once)


def _visit(packet: Packet, visit: SiteVisit, catalogue: Catalogue) -> VisitStatus:
    def part(matter: Code) -> dict[str, Named]:
        department = packet.reviews[matter].department
        return {"matter": named(catalogue.matters, matter), "department": named(catalogue.departments, department)}

    departments = dict.fromkeys(packet.reviews[matter].department for matter in visit.asked)
    return VisitStatus(
        number=visit.number,
        matters=tuple(visit.asked),
        departments=tuple(named(catalogue.departments, code) for code in departments),
        appointment=visit.appointment,
        report_by=visit.report_by.at if visit.report_by else None,
        awaited=tuple(VisitPart(**part(m)) for m in resting(packet, visit) if m not in visit.reported),
        findings=tuple(
            VisitFinding(**part(fact.matter), text=fact.note, at=fact.received_at) for fact in findings(packet, visit)
        ),
        held_at=visit.held_at,
    )


def _gap(packet: Packet, gap: Gap, catalogue: Catalogue, now: datetime) -> GapStatus:
    """What is not owed any more, as for a matter that was withdrawn, is not late."""
    owed = gap.slot in packet.owed()
    breach = packet.breaches.get(gap.slot)
    return GapStatus(
        slot=gap.slot,
        name=name_of(catalogue.materials, gap.slot),
        matters=gap.matters,
        open=gap.open,
        owed=owed,
        due=gap.due.at,
        due_certain=gap.due.certain,
        overdue=owed and gap.overdue(now),
        reminders=gap.reminded,
        closed_at=gap.closed_at,
        breach=breach is not None,
        overdue_at=gap.overdue_at,
        repairable_from=breach.repairable_from if breach else None,
    )


def _commitment(commitment: Commitment, points: Iterable[OpenPoint], catalogue: Catalogue) -> CommitmentStatus:
    """Which letter was accepted, how and by whom. Only who may see the packet is told: no page that is public."""
    verification = (p for p in points if p.kind is PointKind.VERIFICATION and p.subject == commitment.matter)
    return CommitmentStatus(
        matter=commitment.matter,
        name=name_of(catalogue.matters, commitment.matter),
        accepted_at=commitment.accepted_at,
        version=commitment.version,
        sha256=commitment.sha256,
        signer=commitment.signer,
        signing=commitment.signing,
        level=commitment.level,
        verify_by=commitment.verify_by.at if commitment.verify_by else None,
        verify_by_certain=commitment.verify_by.certain if commitment.verify_by else True,
        verify_overdue=any(point.overdue for point in verification),
    )


def _notice(notice: Notice) -> NoticeStatus:
    return NoticeStatus(
        number=notice.number,
        kind=notice.kind,
        round=notice.round,
        title=notice.title,
        items=tuple(
            NoticePoint(code=i.code, slot=i.slot, matter=i.matter, text=i.text, due=i.due.at if i.due else None)
            for i in notice.items
        ),
        at=notice.at,
    )


def _refusal(refusal: Refusal) -> RefusalStatus:
    points = tuple(RefusalPoint(code=r.code, where=r.where, text=r.text) for r in refusal.reasons)
    return RefusalStatus(reasons=points, at=refusal.at)


def _result(packet: Packet) -> ResultStatus | None:
    result, issued = packet.result, packet.issued
    if result is None:
        return None
    return ResultStatus(
        code=result.code,
        partial=result.partial,
        outcome=outcome_now(packet, result),
        decided_at=result.decided_at,
        document=issued.key if issued else None,
        sha256=issued.sha256 if issued else None,
        issued_at=issued.issued_at if issued else None,
    )
