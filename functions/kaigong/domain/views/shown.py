"""The shapes in which a packet is shown to people; `view` fills them in.

Reply tokens, officers and the contact data of people are never part of them; of officers, the one first asked alone.
Times carry their zone.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from kaigong.domain.flow.result import Applicant
from kaigong.domain.flow.schedule import Plan
from kaigong.domain.flow.team import FirstAsked, Helper, Owner, PointKind, Team
from kaigong.domain.intake.finding import Verdict
from kaigong.domain.model import national
from kaigong.domain.model.catalogue import Code, Route
from kaigong.domain.model.manifest import Project
from kaigong.domain.model.messages import Channel, DecisionReason, Replacement
from kaigong.domain.model.naming import Named
from kaigong.domain.model.packet import LedgerEntry, NoticeKind, ResultCode, Signing, Status
from kaigong.domain.model.text import Model, Text


class Phase(StrEnum):
    """Where a packet is, for who reads it."""

    DRAFT = "draft"  # papers lie there; no manifest has submitted them yet
    SUBMITTED = "submitted"  # waits for the examination of its papers
    REFUSED = "refused"  # the newest manifest was refused; it submitted nothing
    RETURNED = "returned"
    IN_REVIEW = "in-review"
    CORRECTING = "correcting"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    ISSUED = "issued"


class Holder(StrEnum):
    """Who has to act next."""

    APPLICANT = "applicant"
    DEPARTMENTS = "departments"
    WINDOW = "window"
    SYSTEM = "system"
    SUPERVISORS = "supervisors"
    NOBODY = "nobody"


class MatterState(StrEnum):
    """Where one matter is."""

    APPLIED = "applied"  # the packet is not accepted yet
    WAITING = "waiting"  # for a matter that has to be approved before it
    OPEN = "open"
    PAUSED = "paused"  # a special procedure: the time limit rests
    APPROVED = "approved"
    CORRECTION = "correction"
    REJECTED = "rejected"
    UNOPENED = "unopened"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"  # 撤回, after the approval
    REVOKED = "revoked"  # 撤销, after the approval


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


class NationalStatus(Model):
    """Where a matter is now, by the national exchange standard."""

    code: national.NationalCode
    name: Text


class Rest(Model):
    """What a matter's time limit rests for: a correction, or a special procedure with the department's note."""

    kind: str
    name: Text
    since: datetime
    note: str | None = None


class RuleAsked(Model):
    """A rule that was asked to decide the matter, and what it said. What it looked at stands in the ledger."""

    rule: Code
    holds: bool
    text: Text


class MatterStatus(Model):
    """One matter of the packet. `code` and `outcome` are those of the joint result, and stay as they were given.

    `reasons` and `decided_at` are those of the newest decision; after an approval was taken back, of that.
    """

    matter: Code
    name: Text
    department: Code
    department_name: Text
    route: Route
    state: MatterState
    national: NationalStatus
    waits_for: tuple[Named, ...] = ()
    round: int | None = None
    due: datetime | None = None
    due_certain: bool = True
    overdue: bool = False
    clock: Text | None = Field(default=None, description="How the time limit comes about, or since when it rests.")
    rests: tuple[Rest, ...] = ()
    decided_at: datetime | None = None
    by_rules: bool = Field(default=False, description="Decided by rules at once.")
    rules: tuple[RuleAsked, ...] = ()
    code: ResultCode | None = None
    outcome: Text | None = None
    conditions: tuple[str, ...] = ()
    reasons: tuple[DecisionReason, ...] = ()


class DepartmentsAnswered(Model):
    """How many departments have answered for all of their matters, and which have not."""

    answered: int
    of: int
    waiting_for: tuple[Named, ...]
    text: Text


class GapStatus(Model):
    """A material that was promised for later (容缺)."""

    slot: Code
    name: Text
    matters: tuple[Code, ...]
    open: bool
    owed: bool = Field(description="Whether it is still to follow: nothing is after a withdrawal or a refusal.")
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
    signing: Signing
    verify_by: datetime | None = None
    verify_by_certain: bool = True
    verify_overdue: bool = False


class VisitStatus(Model):
    """A joint site visit (联合踏勘): who takes part, and when."""

    number: int
    matters: tuple[Code, ...]
    departments: tuple[Named, ...]
    appointment: datetime | None = None
    held_at: datetime | None = None


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
    outcome: Text
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
    privileges: tuple[Named, ...] = Field(default=(), description="What this channel opens.")
    credit_grade: str | None = None
    enterprise: Applicant | None = None
    project: Project | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    withdrawn_at: datetime | None = None
    doubts: tuple[Named, ...] = Field(default=(), description="About an identity, not settled by an officer yet.")
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


class Upload(Model):
    """The newest upload of a material."""

    key: str
    version: str
    size: int = Field(description="Bytes.")
    sha256: str | None = None
    uploaded_at: datetime
    reviewed: bool = Field(description="Whether this upload is the one that the departments review.")


class FindingReason(Model):
    """One thing that is wrong with a material, or worth a look."""

    code: str
    zh: str
    en: str


class Asker(Model):
    """A matter that asks for a material."""

    matter: Code
    name: Text
    main: bool


class MaterialStatus(Model):
    """One material of the packet: what was uploaded and found, or what stands in its place."""

    slot: Code
    name: Text
    main: bool
    needed_by: tuple[Asker, ...]
    uploaded: Upload | None = None
    verdict: Verdict | None = None
    reasons: tuple[FindingReason, ...] = ()
    replaced_by: Replacement | None = None
    due: datetime | None = None  # for a gap: when the material must have followed


class Materials(Model):
    """The materials of a packet, in the order in which its matters ask for them."""

    packet: str
    materials: tuple[MaterialStatus, ...]


class Ledger(Model):
    """The ledger of a packet, and whether its chain of hashes holds."""

    packet: str
    holds: bool
    first_break: int | None = Field(description="Number of the first entry that was changed, removed or moved.")
    entries: tuple[LedgerEntry, ...]


class Packets(Model):
    """Packets of one enterprise, newest first."""

    uscc: str
    packets: tuple[PacketSummary, ...]
    next: str | None = Field(default=None, description="Where the list goes on: give it back as `after`.")


class StuckReason(StrEnum):
    """What says that a packet should have moved on."""

    DEADLINE = "deadline"  # a review or a promised material is past its date
    UNDELIVERED = "undelivered"  # orders wait in the outbox
    NOT_LOOKED_AT = "not-looked-at"  # a submission was not taken yet
    NOT_WOKEN = "not-woken"  # a reminder or a late limit is to be put on record


class StuckPacket(Model):
    """A packet that should have moved on by now."""

    packet: str
    why: tuple[StuckReason, ...]


class Stuck(Model):
    """Packets that should have moved on in the last `days` days and have not."""

    checked_at: datetime
    days: int
    packets: tuple[StuckPacket, ...]
