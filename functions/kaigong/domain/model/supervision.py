"""Supervision after the decision (事中事后监管): the record of one approved matter, and every way from one state to the
next. What is not listed is impossible.

Sources: mission 11 (approval and supervision push to each other; a record is pushed, seen and claimed, and what is
found comes back), 12 (commitments are checked); 国办发〔2019〕5号 (双随机、一公开), 国办发〔2020〕42号 (a commitment is
verified), 国办发〔2020〕49号 (who is to be found in breach is heard first).
"""

from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from . import ways
from .catalogue import Code, Route
from .clock import Due
from .codes import OF_PACKET_PATTERN
from .deadline import Reminder
from .features import Kind
from .roster import Bar, Certificate, Inspector
from .text import Model
from .values import Lines, Moment

RECORD_PATTERN = OF_PACKET_PATTERN  # the code is a matter's
FARTHEST = timedelta(days=366)  # choice: how far ahead a date may lie; another one is a slip
MOST_FINDINGS = 5  # choice: so many inspections of one record; then it ends by a finding that ends it
MOST_PHOTOS = 30  # choice: of one record
MOST_STEPS = 40  # choice: what one record notes; more appointments than that are refused

Words = Annotated[Lines, Field(min_length=1, max_length=1000)]
Basis = Annotated[Lines, Field(min_length=1, max_length=300)]


class SupervisionState(StrEnum):
    """Where a record is. Each state but the last has somebody who is to do something by a date."""

    PUSHED = "pushed"  # 已推送
    SEEN = "seen"  # 已阅
    CLAIMED = "claimed"  # 已认领
    PLANNED = "planned"  # 已排期
    RECTIFYING = "rectifying"  # 限期整改: with the enterprise
    RECTIFIED = "rectified"  # 整改待复查
    BROKEN = "broken"  # 拟认定失信: the enterprise may be heard first
    CONTESTED = "contested"  # 申辩待答复
    CLOSED = "closed"  # 办结


class Ending(StrEnum):
    """How a record ended."""

    ON_FILE = "on-file"  # claimed, and not drawn for an inspection
    FULFILLED = "fulfilled"
    BROKEN = "broken"  # a breach, on the enterprise's record
    APPROVAL_ENDED = "approval-ended"  # recalled or revoked: nothing is left to supervise


class SupervisionEvent(StrEnum):
    PUSHED = "pushed"
    SEEN = "seen"
    CLAIMED = "claimed"
    FILED = "filed"
    PLANNED = "planned"
    FULFILLED = "fulfilled"
    TO_RECTIFY = "to-rectify"
    FOUND_BROKEN = "found-broken"
    REPORTED = "reported"
    CONTESTED = "contested"
    STANDS = "stands"  # the finding was contested and stands: to be rectified
    BREACH = "breach"  # it was contested and stands, or nobody contested it in time
    SET_ASIDE = "set-aside"
    APPROVAL_ENDED = "approval-ended"
    WARNED = "warned"  # these four leave the state as it is: who was told of a limit (deadline.Reminder)
    REMINDED = "reminded"
    ESCALATED = "escalated"
    TO_CITY = "to-city"
    RECUSED = "recused"  # 回避: an inspector has an interest; the next one was drawn
    REPLACED = "replaced"  # one cannot come; likewise


_S, _E = SupervisionState, SupervisionEvent
_INSPECTED = {_E.FULFILLED: _S.CLOSED, _E.TO_RECTIFY: _S.RECTIFYING, _E.FOUND_BROKEN: _S.BROKEN}
_CAN_BE_INSPECTED = (_S.CLAIMED, _S.PLANNED, _S.RECTIFYING, _S.RECTIFIED)

SUPERVISION: dict[tuple[SupervisionState | None, SupervisionEvent], SupervisionState] = {
    (None, _E.PUSHED): _S.PUSHED,
    (_S.PUSHED, _E.SEEN): _S.SEEN,
    **{(state, _E.CLAIMED): _S.CLAIMED for state in (_S.PUSHED, _S.SEEN)},
    **{(state, _E.FILED): _S.CLOSED for state in (_S.PUSHED, _S.SEEN)},
    **{(state, _E.PLANNED): _S.PLANNED for state in (_S.CLAIMED, _S.PLANNED)},
    **{(state, event): after for state in _CAN_BE_INSPECTED for event, after in _INSPECTED.items()},
    (_S.RECTIFYING, _E.REPORTED): _S.RECTIFIED,
    (_S.RECTIFYING, _E.CONTESTED): _S.CONTESTED,
    (_S.BROKEN, _E.CONTESTED): _S.CONTESTED,
    (_S.BROKEN, _E.BREACH): _S.CLOSED,
    (_S.CONTESTED, _E.STANDS): _S.RECTIFYING,
    (_S.CONTESTED, _E.BREACH): _S.CLOSED,
    (_S.CONTESTED, _E.SET_ASIDE): _S.CLAIMED,
    **{(state, _E.APPROVAL_ENDED): _S.CLOSED for state in _S if state is not _S.CLOSED},
}


def after(state: SupervisionState | None, event: SupervisionEvent) -> SupervisionState:
    """The state of a record after an event. Raises Impossible where the table knows no such way."""
    return ways.after(SUPERVISION, state, event, "record")


def can(state: SupervisionState, event: SupervisionEvent) -> bool:
    return (state, event) in SUPERVISION


# what people say


class Claim(Model):
    """认领: the department takes the record on. One that was not drawn is put on file, unless it says why not."""

    kind: Literal["claim"]
    cause: Words | None = Field(
        default=None, description="Why it is inspected though it was not drawn: a complaint, a tip, an accident."
    )


class Plan(Model):
    """When it is inspected; a date may be changed."""

    kind: Literal["plan"]
    appointment: Moment


class FindingOutcome(StrEnum):
    FULFILLED = "fulfilled"
    RECTIFY = "rectify"  # to be rectified by a date
    BROKEN = "broken"


class Finding(Model):
    """What an inspection found. What is not in order says why, on which basis, and by when it is to be rectified."""

    kind: Literal["finding"]
    outcome: FindingOutcome
    text: Words | None = None
    basis: Basis | None = None
    rectify_by: date | None = Field(default=None, description="The last day.")

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.outcome is not FindingOutcome.FULFILLED and not (self.text and self.basis):
            raise ValueError("what is not in order needs words and a basis")
        if (self.outcome is FindingOutcome.RECTIFY) is not (self.rectify_by is not None):
            raise ValueError("a date goes with what is to be rectified, and with nothing else")
        return self


class Reply(Model):
    """What the department answers to an enterprise that contests a finding: whether it stands, and the reasons."""

    kind: Literal["reply"]
    stands: bool
    text: Words


class Rectified(Model):
    """The enterprise reports that it put right what was found."""

    kind: Literal["rectified"]
    text: Words


class Contest(Model):
    """陈述申辩: the enterprise contests a finding, once."""

    kind: Literal["contest"]
    text: Words


class Seen(Model):
    """The department's people or its system have the record before them."""

    kind: Literal["seen"]


class Recuse(Model):
    """回避: one of the inspectors that were drawn does not inspect this record, and the next one is drawn.

    Who says it has an interest; of a colleague it is said that he or she cannot come.
    """

    kind: Literal["recuse"]
    number: Certificate | None = Field(
        default=None, description="The certificate of a colleague who cannot come; left out: who says it."
    )


SupervisorSays = Annotated[Seen | Claim | Plan | Finding | Reply | Recuse, Field(discriminator="kind")]
EnterpriseSays = Annotated[Rectified | Contest, Field(discriminator="kind")]
Said = Seen | Claim | Plan | Finding | Reply | Recuse | Rectified | Contest


class SupervisionRefusal(StrEnum):
    """Why nothing comes of what was said; the record stays as it is."""

    NOT_NOW = "not-now"  # in this state there is nothing of the kind to do
    CHANGED = "changed"  # somebody was faster
    TOO_MANY_PHOTOS = "too-many-photos"
    OWN_APPROVAL = "own-approval"  # who approved does not inspect
    NOT_THE_INSPECTOR = "not-the-inspector"  # others were drawn
    CONTESTED_BEFORE = "contested-before"
    TOO_LATE = "too-late"  # the days for it are over
    TOO_OFTEN = "too-often"
    NOT_THEN = "not-then"  # a date that has passed, or more than a year ahead


# the record


class Who(Model):
    """A person, by the name that others are told and the account; of a department's own system there is none."""

    name: str = Field(repr=False)
    by: str = Field(default="", repr=False)


class Done(Model):
    """Something that happened to a record: what, when, and by whom; the system where nobody is named."""

    event: SupervisionEvent
    at: datetime
    who: str = Field(default="", repr=False)


class Heard(Model):
    """A finding was contested, and how that was answered."""

    text: str
    at: datetime
    stands: bool | None = None  # None: not answered yet
    reasons: str = ""
    answered_at: datetime | None = None


class Found(Model):
    """One inspection's finding, as it stands on record."""

    outcome: FindingOutcome
    at: datetime
    officer: str = Field(repr=False)
    text: str = ""
    basis: str = ""
    rectify_by: Due | None = None
    report: str = ""  # what the enterprise says that it put right
    heard: Heard | None = None
    message_id: str = ""  # of a department's own system: the same message again changes nothing


class Drawn(StrEnum):
    """Why a record is inspected, or is not."""

    COMMITMENT = "commitment"  # what was committed to is always verified
    BY_RULES = "by-rules"  # what rules decided nobody has looked at
    DRAWN = "drawn"  # 随机抽取
    NOT_DRAWN = "not-drawn"
    FOR_CAUSE = "for-cause"  # not drawn, and inspected for a cause


class SupervisionRecord(Model):
    """What is on record of the supervision of one approved matter. It is small, since there are as many as approvals.

    `due` is by when whoever has it is to have done the next thing; `inspect_by`, by when it is to be inspected.
    """

    packet: str
    matter: Code
    version: int = 1
    state: SupervisionState = SupervisionState.PUSHED
    department: Code  # that supervises
    decided_by: Code  # that approved
    decided_at: datetime
    approvers: tuple[str, ...] = Field(default=(), repr=False)  # by name: they do not inspect their own approval
    uscc: str
    enterprise: str
    project: str
    route: Route
    drawn: Drawn
    roster: int = 0  # the version that its inspectors were drawn from; 0: the department has none, and anybody inspects
    inspectors: tuple[Inspector, ...] = ()
    barred: dict[str, Bar] = Field(default_factory=dict)  # by certificate: who of the roster was passed over, and why
    due: Due
    inspect_by: Due
    token: str = Field(repr=False)  # only the department's queue has it
    claimed_by: Who | None = Field(default=None, repr=False)
    appointment: datetime | None = None
    appointed_at: datetime | None = None  # when the word was said that set it: an older one that comes late sets none
    findings: tuple[Found, ...] = ()
    done: tuple[Done, ...] = ()
    pressed: tuple[Reminder, ...] = ()  # who was told of `due`
    ending: Ending | None = None

    @property
    def name(self) -> str:
        """What everybody calls it: the id of the review that approved the matter."""
        return f"{self.packet}.{self.matter}"

    def drawn_on(self, zone: tzinfo) -> date:
        """The day whose seed it was drawn by: that of its push, by the clock of the hall."""
        return self.done[0].at.astimezone(zone).date()

    @property
    def open(self) -> bool:
        return self.state is not SupervisionState.CLOSED

    @property
    def finding(self) -> Found | None:
        """The newest finding."""
        return self.findings[-1] if self.findings else None


class Photo(Model):
    """A photo that an inspector took, as its examination found it. It belongs to the finding that was recorded next."""

    packet: str
    matter: Code
    id: str  # of its upload and content
    key: str  # in object storage, and
    version: str
    at: datetime
    sha256: str | None = None
    kind: Kind
    opens: bool  # whether it is a picture that can be looked at
    copy_kind: Literal["jpeg", "pdf"] | None = None  # of a copy for browsers, which cannot draw the photo itself


class SupervisionListed(Model):
    """An open record as its department's list has it."""

    packet: str
    matter: Code
    state: SupervisionState
    due: Due
    enterprise: str
    project: str


class SupervisionFact(Model):
    """What of a supervision record the packet is to have on record, and its applicant to be told. One for each change
    of the record that is more than the department's own work.
    """

    matter: Code
    version: int  # of the record after the change
    event: SupervisionEvent
    text: str = ""
    basis: str = ""
    due: Due | None = None
    at: datetime

    @property
    def name(self) -> str:
        """What tells one fact of a packet from another; it is also its sort key."""
        return f"{self.matter}#{self.version:04}"
