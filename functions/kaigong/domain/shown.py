"""The shapes in which a packet is shown to people; `view` fills them in.

Reply tokens, officers and the contact data of people are never part of them; of officers, the one first asked alone.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from .catalogue import Code, Route
from .finding import Verdict
from .manifest import Project
from .messages import Channel, DecisionReason, Replacement
from .packet import LedgerEntry, NoticeKind, ResultCode, Status
from .result import Applicant
from .text import Model, Text


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
    SYSTEM = "system"
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


class Named(Model):
    """An entry of the catalogue by its code and name."""

    code: Code
    name: Text


class Examination(Model):
    """How many of the papers that a submission counts on are examined."""

    examined: int
    awaited: int


class NextStep(Model):
    """What is to be done next, by whom, by when, and why."""

    holder: Holder
    holder_name: Text
    departments: tuple[Named, ...] = ()  # those that have it, where the departments do
    action: Text
    why: Text
    by: datetime | None = None
    by_certain: bool = True
    overdue: bool = False


class MatterStatus(Model):
    """One matter of the packet. `code` and `outcome` are there once the joint result is."""

    matter: Code
    name: Text
    department: Code
    department_name: Text
    route: Route
    state: MatterState
    waits_for: tuple[Named, ...] = ()
    round: int | None = None
    due: datetime | None = None
    due_certain: bool = True
    overdue: bool = False
    decided_at: datetime | None = None
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
    due: datetime
    due_certain: bool
    overdue: bool
    closed_at: datetime | None = None


class CommitmentStatus(Model):
    """A matter that is done by commitment (告知承诺)."""

    matter: Code
    name: Text
    accepted_at: datetime


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
    outcome: Text
    decided_at: datetime
    document: str | None = None
    sha256: str | None = None
    issued_at: datetime | None = None


class FirstAskedStatus(Model):
    """The officer who was asked first, and who stays responsible (首问负责制, mission 7)."""

    officer: str
    department: Named
    at: datetime


class PacketStatus(Model):
    """Everything that a person is told about a packet."""

    packet: str
    status: Phase
    next: NextStep
    round: int = Field(description="Number of submissions taken.")
    process: Named | None = None
    channel: Channel | None = None
    credit_grade: str | None = None
    enterprise: Applicant | None = None
    project: Project | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    withdrawn_at: datetime | None = None
    doubts: tuple[Code, ...] = Field(default=(), description="About an identity, not settled by an officer yet.")
    first_asked: FirstAskedStatus | None = None
    examination: Examination | None = None
    matters: tuple[MatterStatus, ...] = ()
    departments: DepartmentsAnswered | None = None
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
