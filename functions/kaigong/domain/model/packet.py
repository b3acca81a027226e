"""A packet and everything in it, as one immutable value. Its items in the table are its only truth.

`Packet` holds what one Query reads. The steps of the pipeline (acceptance, review, result) take a packet and give
back a changed one; the store writes the difference in one transaction.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from unicodedata import normalize

from pydantic import Field

from .arrivals import Awaited, Examined, Refusal, Submission, name_in
from .benefits import BenefitFact
from .catalogue import Catalogue, Code, Route
from .clock import Due, Pause
from .deadline import DeadlineKind, Pressed, matter_in
from .documents import DocumentSet, Ordered
from .figures import Counted
from .files import Room, counting, file_id
from .form import FormTaken
from .hand_out import HandOut
from .manifest import Author, Enterprise, Project
from .messages import (
    Channel,
    DecisionReason,
    GroundedReason,
    Outcome,
    ProcedureAction,
    ProcedureKind,
    RevocationKind,
)
from .officer import Assigned
from .signature import SignatureLevel, Signer, Signing
from .supervision import SupervisionFact
from .text import Lang, Model, Text, folded


class Status(StrEnum):
    """Where a packet is. A packet without a header is a draft."""

    RETURNED = "returned"  # 补正前退回: one notice lists everything; nothing was accepted yet
    IN_REVIEW = "in-review"
    CORRECTING = "correcting"  # 补正: departments asked for corrections, in one notice
    DECIDED = "decided"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"  # 撤回申请, by the applicant, before the decision


class ResultCode(StrEnum):
    """Status codes of the national exchange standard that end a matter (mission, "Facts from law and standards")."""

    APPROVED = "11"
    APPROVED_WITH_GAPS = "12"  # 容缺通过
    NOT_APPROVED = "13"
    RECALLED = "14"  # 撤回批准: of a matter alone, taken back before the joint result
    REVOKED = "15"  # 撤销批准: likewise


class Paper(Model):
    """A file of a material as it was taken into the packet: this version is what departments review."""

    slot: Code
    key: str
    version: str
    mark: str
    size: int
    sha256: str | None = None
    round: int
    verdict: Literal["valid", "warning", "deficient"]
    reasons: tuple[tuple[str, Text], ...] = ()
    author: Author | None = None  # the intermediary that is said to have drawn it up
    uploaded_at: datetime | None = None

    @property
    def id(self) -> str:
        return file_id(self.mark)

    @property
    def name(self) -> str:
        return name_in(self.key)


class ReplacedPaper(Model):
    """A paper that another one took the place of, with the time of its upload where that is known."""

    paper: Paper
    uploaded_at: datetime | None = None


class Replaced(Model):
    """The papers that a correction replaced, so that departments can lay old and new beside each other."""

    round: int
    at: datetime
    papers: tuple[ReplacedPaper, ...]


class Papers(Model):
    """The papers of a packet, by slot: of most one file, of some several, in order."""

    by_slot: dict[Code, tuple[Paper, ...]] = Field(default_factory=dict)


class Drawn(Model):
    """What went wrong here with the papers of one intermediary; it counts for that intermediary's record."""

    returned: int = 0  # papers that were sent back for what they are
    corrected: int = 0  # papers that a department wanted corrected
    broken: int = 0  # papers promised for later that did not come in time


class IntermediaryRecord(Drawn):
    """What became of the papers of one intermediary: in a packet, or over all of them."""

    papers: int = 0  # that were taken


_ON_RECORD_AFTER = timedelta(hours=1)  # choice: longer than a gap waits for what came in time


class Gap(Model):
    """A non-main paper that the applicant promised to hand in later (容缺受理, mission 6)."""

    slot: Code
    matters: tuple[Code, ...]
    promised_at: datetime
    since: datetime  # when the submission came that promised it: what was uploaded before was not handed in for it
    due: Due
    closed_at: datetime | None = None
    looked_at: tuple[str, ...] = ()  # marks of the files that could not close it; the applicant was told
    reminded: int = 0  # how many of the reminders went out
    overdue_at: datetime | None = None  # when it was put on record as a breach

    @property
    def open(self) -> bool:
        return self.closed_at is None

    def overdue(self, now: datetime) -> bool:
        """Whether it is told as overdue: it is on record as a breach, or would be if somebody had looked. Until then
        what came in time may still be examined (`gaps.lapse`).
        """
        return self.overdue_at is not None or now > self.due.at + _ON_RECORD_AFTER


class Signature(Model):
    """A person accepted the letter of a matter at the portal, as the portal recorded it: the newest of a matter.

    A manifest may say anything; an acceptance in it that is this one was pressed by a person who was signed in.
    """

    matter: Code
    version: int
    sha256: str
    signer: Signer
    by: str = Field(repr=False)  # the user's name at the issuer
    account: str = Field(default="", repr=False)  # and the account's stable id there
    at: datetime


class Commitment(Model):
    """A commitment in place of a matter's papers (告知承诺, mission 5): which text, accepted by whom, when, how."""

    matter: Code
    accepted_at: datetime
    version: int = 0  # of the letter's template; 0: the catalogue has none
    sha256: str = ""  # of the letter's text
    signer: Signer | None = Field(default=None, repr=False)  # None: nothing says which person it was
    signing: Signing = Signing.MANIFEST
    level: SignatureLevel = SignatureLevel.STATED
    verify_by: Due | None = None  # until when supervision verifies it


class Prior(Model):
    """An earlier result of the project that counts for this packet, in place of applying for it again."""

    matter: Code
    packet: str = ""  # that ended in it; empty: the window put it on record
    number: str = ""  # of the document, where the window put it on record
    at: datetime  # when it was approved
    until: datetime | None = None  # when it ends; None: it does not


class Caution(Model):
    """What the officer of a matter is told beside its papers: nothing of it stops the review."""

    unseen: tuple[Code, ...] = ()  # prerequisites that are neither applied for here nor on record for the project
    elsewhere: tuple[str, ...] = ()  # other packets of the enterprise that apply for the same, for the same project
    unshared: tuple[Code, ...] = ()  # materials that the credit platform should have, and has not


class Breach(Model):
    """A promise that was not kept, on record (mission 6 and 12). The credit platform says when it is repaired."""

    packet: str
    subject: Code  # the slot of the gap; of a commitment, or what else supervision found broken, the matter
    kind: Literal["gap", "supervision"] = "gap"
    text: str = ""  # what supervision found, in its words
    basis: str = ""
    at: datetime
    repairable_from: datetime  # from this day a repair can be applied for


def breach_key(subject: Code, kind: str = "gap") -> str:
    """What tells one breach of a packet from another: a matter and a material may have the same code."""
    return subject if kind == "gap" else f"{kind}.{subject}"


class RuleOutcome(Model):
    """One rule that was asked to decide a matter: its inputs, and whether it held (智能审批, mission 14)."""

    rule: Code
    holds: bool
    text: Text
    inputs: dict[str, str] = Field(default_factory=dict)


class ReviewState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"  # a special procedure: the time limit rests; the department may still decide
    APPROVED = "approved"
    CORRECTION = "correction"  # the department asked for a correction that the applicant has not handed in yet
    REJECTED = "rejected"
    UNOPENED = "unopened"  # a prerequisite was not approved, so the review can never open
    WITHDRAWN = "withdrawn"  # the applicant withdrew the packet
    RECALLED = "recalled"  # 撤回批准, after the approval
    REVOKED = "revoked"  # 撤销批准, after the approval


TAKEN_BACK = frozenset((ReviewState.RECALLED, ReviewState.REVOKED))


class Review(Model):
    """One department's review of one matter. `review_id` and `round` name it everywhere."""

    review_id: str
    matter: Code
    department: Code
    round: int
    route: Route
    state: ReviewState
    opened_at: datetime  # when the time limit began; a correction pauses it
    working_days: int = 0  # of the limit; 0: the same working day
    due: Due
    reply_token: str = Field(repr=False)
    turn: int = 1  # of the department in this round: another one where it took its decision back
    decided_at: datetime | None = None
    reasons: tuple[DecisionReason, ...] = ()
    conditions: tuple[str, ...] = ()
    pauses: tuple[Pause, ...] = ()
    rules: tuple[RuleOutcome, ...] = ()  # those that were asked; all hold where they decided
    by_rules: bool = False  # decided by rules, and so marked for supervision
    overdue_at: datetime | None = None  # when it was put on record as late
    was_late: bool = False  # before a correction or a retraction gave it another limit
    assigned: Assigned | None = None  # which officer has it; None: whoever takes it

    @property
    def final(self) -> bool:
        return not self.pending and self.state is not ReviewState.CORRECTION

    @property
    def pending(self) -> bool:
        """Whether the department has it."""
        return self.state in (ReviewState.OPEN, ReviewState.PAUSED)


class DecisionFact(Model):
    """A decision as `decide` recorded it: the first one of a matter, round and turn, never overwritten."""

    matter: Code
    round: int
    turn: int = 1
    outcome: Outcome
    reasons: tuple[DecisionReason, ...] = ()
    conditions: tuple[str, ...] = ()
    officer: str = Field(repr=False)
    by: str = Field(default="", repr=False)  # the officer's account; else the department whose own system sent it
    signed_by: str = Field(default="", repr=False)  # the second officer; empty: one decided, or it is not told
    signer: str = Field(default="", repr=False)  # that officer's account, where one signed at the desk
    message_id: str
    received_at: datetime

    def says_the_same_as(self, other: "DecisionFact") -> bool:
        """Whether a second message is a repetition (redelivered, or sent again by the department's system)."""
        mine = (self.outcome, self.reasons, self.conditions, self.officer, self.signed_by)
        return mine == (other.outcome, other.reasons, other.conditions, other.officer, other.signed_by)


class SentBack(Model):
    """A proposed decision was not signed, and why."""

    officer: str = Field(repr=False)
    reason: str
    at: datetime


class Proposal(Model):
    """What an officer proposes that a review is to come to (审核), until another one signs it (签批) or sends it back.

    The newest of a round; it decides nothing.
    """

    id: str
    packet: str
    matter: Code
    round: int
    outcome: Outcome
    reasons: tuple[DecisionReason, ...] = ()
    conditions: tuple[str, ...] = ()
    officer: str = Field(repr=False)  # the name that colleagues are told
    by: str = Field(repr=False)  # the user's name at the issuer
    account: str = Field(default="", repr=False)  # and the account's stable id there
    at: datetime
    sent_back: SentBack | None = None


class ProcedureFact(Model):
    """A special procedure's start or end, as `decide` recorded it."""

    matter: Code
    round: int
    kind: ProcedureKind
    number: int
    action: ProcedureAction
    note: str
    appointment: datetime | None = None
    officer: str = Field(repr=False)
    by: str = Field(default="", repr=False)  # as of a decision
    received_at: datetime

    @property
    def name(self) -> str:
        """What tells one fact of a packet from another; it is also its sort key."""
        return f"{self.matter}#{self.round:04}#{self.kind.value}#{self.number}#{self.action.value}"


class RevocationFact(Model):
    """An approval is taken back, as `decide` recorded it: the first one of a matter."""

    matter: Code
    kind: RevocationKind
    reasons: tuple[GroundedReason, ...]
    officer: str = Field(repr=False)
    by: str = Field(default="", repr=False)  # as of a decision
    received_at: datetime

    def says_the_same_as(self, other: "RevocationFact") -> bool:
        """Whether a second message is a repetition."""
        return (self.kind, self.reasons, self.officer) == (other.kind, other.reasons, other.officer)


Fact = Submission | DecisionFact | ProcedureFact | Examined | DocumentSet
"""What other functions add to a packet, and what goes into its history once it is settled."""


class SiteVisit(Model):
    """One joint site visit (联合踏勘, mission 14): one appointment for every department that asked.

    What was found stands in the facts that ended it (`ProcedureFact.note`); `found` has it until it is told in one
    notice.
    """

    number: int
    asked: dict[Code, datetime]  # matter: since when its review rests for it
    appointment: datetime | None = None
    report_by: Due | None = None  # until when it is waited for what each department found
    reported: dict[Code, datetime] = Field(default_factory=dict)  # matter: when its department ended its part
    found: dict[Code, str] = Field(default_factory=dict)  # matter: what is to be told once the visit is over
    held_at: datetime | None = None  # when it was over for all


class ActKind(StrEnum):
    """What people do to a packet beside handing in and deciding."""

    WITHDRAW = "withdraw"  # 撤回申请, by the applicant
    OVERRIDE_DOUBT = "override-doubt"  # an officer settles a doubt about an identity, with a reason
    CONFIRM_DOUBT = "confirm-doubt"  # an officer finds such a doubt true: the applicant is to put it right
    FIRST_ASKED = "first-asked"  # 首问负责: the officer who was asked first stays responsible
    APPOINT_VISIT = "appoint-visit"  # 联合踏勘: the window agrees on the date of a joint site visit
    PICK_UP = "pick-up"  # 帮办代办: an officer of the service team helps with this packet from now on
    CHOOSE_HAND_OUT = "choose-hand-out"  # 出件: the applicant says how it wants the result
    SEND_BY_MAIL = "send-by-mail"  # the window mailed it
    HAND_OVER = "hand-over"  # the window gave it to somebody
    RECEIVED = "received"  # the mail arrived
    LET_IN = "let-in"  # 同意参与项目: who is first on a project lets another enterprise in, by its credit code
    RETRACT = "retract"  # 收回决定: a department takes its decision back, while nobody acted on it
    ASSIGN = "assign"  # 转交: an officer of the department has a matter from now on
    STAND_IN = "stand-in"  # 代班: a colleague acts on it while that officer is away
    NOTE = "note"  # a note to colleagues: only that there is one is on record here
    CALL = "call"  # a call about the packet: likewise
    ASK = "ask"  # the applicant asks the department that wants a correction
    ANSWER = "answer"  # and is answered


class ActRefusal(StrEnum):
    """Why an act comes to nothing."""

    TOO_LATE = "too-late"
    ALREADY_WITHDRAWN = "already-withdrawn"
    NO_SUCH_DOUBT = "no-such-doubt"
    TOO_LATE_TO_CORRECT = "too-late-to-correct"
    NO_SUCH_VISIT = "no-such-visit"
    DATE_PASSED = "date-passed"
    TOO_OFTEN = "too-often"
    NOT_ISSUED = "not-issued"
    RECEIVED_ALREADY = "received-already"
    IN_THE_MAIL = "in-the-mail"
    NOT_BY_MAIL = "not-by-mail"
    NOT_MAILED = "not-mailed"
    NOT_THEN = "not-then"
    NO_DECISION = "no-decision"
    NO_PROJECT = "no-project"  # that anybody could be let into
    ACTED_ON = "acted-on"  # the applicant answers the correction, or a doubt that is true
    NEXT_OPENED = "next-opened"  # another matter is reviewed because of the decision
    RESULT_DECIDED = "result-decided"
    NOT_REVIEWED = "not-reviewed"  # the department is done with the matter, or never had it
    NOTHING_ASKED = "nothing-asked"  # no department wants a correction of it that could be asked about
    NO_SUCH_QUESTION = "no-such-question"


MOST_QUESTIONS = 10  # choice: of one matter; their words are read with the packet
MOST_LET_IN = 20  # choice: enterprises that one packet lets into its project


class Act(Model):
    """Something a person did to a packet, as the portal recorded it: once, never overwritten.

    What may be said anew (a date, who helps) has a number: the newest counts, and the others stay on record.
    """

    kind: ActKind
    # For a doubt: its code; for a joint site visit: its number; of who is let in: the credit code; else see its module.
    subject: Code = "packet"
    number: int = 1
    by: str = Field(repr=False)  # who, for the record: the user's name at the issuer
    account: str = Field(default="", repr=False)  # and the account's stable id there
    officer: str | None = Field(default=None, repr=False)  # who was asked first or helps: the account's person
    department: Code | None = None  # that was asked first, or takes its decision back; of the window that withdraws
    appointment: datetime | None = None
    hand_out: HandOut | None = None
    assigned: Assigned | None = None  # who has the matter from now on
    remark: str = ""  # of a note or a call: the hash of its words, which lie where no rule and no applicant reads
    reason: str = Field(default="", repr=False)
    at: datetime

    @property
    def name(self) -> str:
        """What tells one act on a packet from another."""
        return f"{self.kind.value}.{self.subject}" + (f".{self.number}" if self.number > 1 else "")

    @property
    def matter(self) -> Code:
        """The matter that it is about, where it is about one."""
        return matter_in(self.subject)


class NoticeKind(StrEnum):
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CORRECTION = "correction"
    RESULT = "result"
    GAPS_CLOSED = "gaps-closed"
    GAPS_STILL_OPEN = "gaps-still-open"
    NOT_AWAITED = "not-awaited"
    CORRECTION_REMINDER = "correction-reminder"
    CORRECTION_LAPSED = "correction-lapsed"  # it did not come in time: the application counts as withdrawn
    GAP_REMINDER = "gap-reminder"
    GAP_OVERDUE = "gap-overdue"
    PROCEDURE = "procedure"  # a special procedure starts or ends: the time limit rests or runs again
    WITHDRAWN = "withdrawn"
    NOT_WITHDRAWN = "not-withdrawn"  # asked for too late
    REVOKED = "revoked"
    SUPERVISION = "supervision"  # what an inspection found, or what came of contesting it
    BREACH = "breach"  # a finding stands: it is on the enterprise's record
    BENEFIT = "benefit"  # a policy gives something without being applied for, or what became of that
    SETTLED = "settled"  # a doubt about an identity was settled by an officer, or cleared up by the applicant
    ON_MANDATE = "on-mandate"  # the window handed in for the enterprise
    MAILED = "mailed"
    HANDED_OUT = "handed-out"  # the result on paper was received: at the window, or by mail
    TO_COLLECT = "to-collect"  # the result on paper waits at the window, and its day comes near
    REPAIRABLE = "repairable"  # a repair of the record can be applied for from now on
    RETRACTED = "retracted"  # a department took its decision back and reviews on
    ANSWERED = "answered"  # a department answered the applicant's question about a correction


class NoticeItem(Model):
    """One point of a notice: what it concerns, a stable code, and what is wrong and what to do."""

    code: str
    text: Text
    slot: Code | None = None
    matter: Code | None = None
    field: Code | None = None  # of the one form
    due: Due | None = None


class Notice(Model):
    """A written notice to the applicant (一次性告知: everything at once). Its number counts the packet's notices."""

    number: int
    kind: NoticeKind
    round: int
    title: Text
    items: tuple[NoticeItem, ...] = ()
    departments: tuple[Code, ...] = ()  # who else is told
    at: datetime


class MatterResult(Model):
    """What became of one matter, with its code of the national exchange standard."""

    matter: Code
    number: str
    department: Code
    code: ResultCode
    decided_at: datetime
    conditions: tuple[str, ...] = ()
    reasons: tuple[DecisionReason, ...] = ()
    open_gaps: tuple[Code, ...] = ()
    by_rules: bool = False


class JointResult(Model):
    """The one joint result of a packet. Once there, it never changes."""

    code: ResultCode
    partial: bool = False  # some matters were approved and some not: those approved stand
    matters: tuple[MatterResult, ...]
    decided_at: datetime
    ledger_seq: int = 0
    ledger_hash: str = ""


class Issued(Model):
    """The joint result's document in object storage."""

    key: str
    sha256: str
    issued_at: datetime


class Header(Model):
    """What a packet is and where it is. Every change of the packet raises `version`."""

    packet: str
    version: int
    status: Status
    round: int  # number of submissions taken; a notice and a review belong to one
    process: Code
    channel: Channel
    enterprise: Enterprise
    project: Project
    credit_grade: str | None = None
    credit_at: datetime | None = None  # when the credit record that was looked at was published
    doubts: tuple[Code, ...] = ()  # about an identity, not settled by an officer yet
    confirmed: dict[Code, int] = Field(
        default_factory=dict
    )  # those found true, with the round that told it; 0: none yet
    identity_at: datetime | None = None  # when enterprise or project was last corrected, after a doubt found true
    language: Lang | None = None  # in which messages are sent; None: Chinese
    submitted_at: datetime
    returned_at: datetime | None = None  # for the first time
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    withdrawn_at: datetime | None = None
    acts: tuple[str, ...] = ()  # names of the acts that were looked at
    notices: int = 0  # how many went out
    told_round: int = 0  # the newest round that had its one written notice of what is to be completed
    catalogue: str = ""  # the fingerprint of what it goes by since its acceptance
    told_at: datetime | None = None  # when that notice went out
    correct_by: Due | None = None  # until when what departments want corrected must come
    correction_reminders: int = 0  # how many reminders of it went out
    follows: str | None = None  # the packet that is applied for again here
    lapsed: bool = False  # it did not come: withdrawn by that, not by the applicant
    told_not_awaited: Status | None = None  # the status in which it was told that no submission is awaited
    documents: dict[Code, Ordered] = Field(default_factory=dict)  # by occasion: to be made, and not on record yet
    texts_dropped: bool = False  # what was read of the papers' first pages is not kept any more
    wake_at: datetime | None = None  # when time alone will change something
    asks: dict[DeadlineKind, datetime] = Field(default_factory=dict)  # what the applicant is to do, by when: the first
    late_since: datetime | None = None  # the oldest limit that passed, of a review or a gap that is still open
    ledger_seq: int = 0
    ledger_hash: str = ""
    moved_at: datetime | None = None  # when the ledger got its newest entry

    @property
    def sought_by(self) -> str:
        """What the window finds it by: names, telephone and codes, each on a line. Of a telephone the digits alone."""
        phone = re.sub(r"\D", "", normalize("NFKC", self.enterprise.phone or ""))
        parts = (self.enterprise.name, self.project.name, self.project.code, self.enterprise.uscc, self.packet, phone)
        return folded("\n".join(part for part in parts if part))


class Rights(Model):
    """How the packet goes, as it was judged when its submission was looked at: what it may use, and by which routes.

    Beside the header, not in it: the header is written at every change, and pays for each kilobyte.
    """

    routes: dict[Code, Route]  # matters applied for, in the applicant's order
    why: Text  # why this channel
    at: datetime | None = None  # since when that is so: when it was judged last, by another record than before
    privileges: tuple[Code, ...]  # commitment, tolerance, priority, team, mailing, help


class Told(Model):
    """What a notice's message says of it, for applicant and departments; the notice itself is history."""

    number: int
    kind: NoticeKind
    round: int
    departments: tuple[Code, ...] = ()
    slots: tuple[Code, ...] = ()  # the materials that it speaks of; kept where departments are told


class Outbox(Model):
    """What one change of the packet wants delivered: `review:<matter>`, `withdrawn:<matter>`, `notice:<number>`,
    `result`, `documents`, `texts`, `benefits`; `limit:<stage>:<kind>:<turn>:<subject>`, where somebody is told of a
    limit; `intermediaries`, where their records change (`counted`); `status`, where status.json tells something new
    without a notice.
    """

    version: int
    orders: tuple[str, ...]
    notices: tuple[Told, ...] = ()
    counted: dict[str, IntermediaryRecord] = Field(
        default_factory=dict
    )  # by how much the records of intermediaries change, by credit code
    at: datetime
    first_of_day: bool = False  # whether its packet had not moved before on that day, by UTC


class LedgerEntry(Model):
    """One change of a packet. `hash` covers the content and the hash before."""

    seq: int
    at: datetime
    events: tuple[dict[str, Any], ...]
    previous: str
    hash: str


class Applied(Model):
    """What is applied for: as accepted, or before that as the newest manifest says."""

    process: Code
    routes: dict[Code, Route]
    project: Project


def standing(facts: Iterable[DecisionFact], reviews: Mapping[Code, Review]) -> dict[tuple[Code, int], DecisionFact]:
    """Of a packet's decisions those that stand: of each round the newest, unless its department took that back and did
    not decide anew.
    """
    found: dict[tuple[Code, int], DecisionFact] = {}
    for fact in sorted(facts, key=lambda fact: fact.turn):
        review = reviews.get(fact.matter)
        if review is None or review.round != fact.round or review.turn == fact.turn:
            found[fact.matter, fact.round] = fact
    return found


def _by_slot(uploads: Iterable[Examined]) -> dict[Code, list[Examined]]:
    """In the order of the slots' first ones."""
    found: dict[Code, list[Examined]] = {}
    for upload in uploads:
        found.setdefault(upload.slot, []).append(upload)
    return found


def files_of(uploads: Iterable[Examined], room: Room) -> tuple[Examined, ...]:
    """Of uploads to a slot those that count, in order."""
    return counting(uploads, room, order=lambda upload: upload.order, name=lambda upload: upload.name)


def _in_their_order(named: Sequence[Examined], room: Room) -> tuple[Examined, ...]:
    """Of the files that a manifest names those that count, as it has them."""
    if room.files > 1:
        return tuple(named)
    count = files_of(named, room)
    return tuple(file for file in named if file in count)


class Packet(Model):
    """Everything of one packet that a decision needs. Dictionaries are keyed as the table is.

    What is settled is history and not here: earlier submissions and rounds, procedures that are over, uploads that
    were replaced, notices. For pages it is read as well (`store.packets.load_shown`); no rule looks at it.
    """

    packet: str
    header: Header | None = None
    rights: Rights | None = None
    submissions: dict[str, Submission] = Field(default_factory=dict)  # by version of the manifest
    uploads: dict[tuple[Code, str], Examined] = Field(default_factory=dict)  # by slot and mark
    put_by: bool = False  # whether uploads of it were moved to the history: a submission may still name them
    papers: Papers = Field(default_factory=Papers)
    form: FormTaken | None = None  # the application form as data, where it was filled in
    gaps: dict[Code, Gap] = Field(default_factory=dict)
    signatures: dict[Code, Signature] = Field(default_factory=dict)  # by matter: letters accepted at the portal
    commitments: dict[Code, Commitment] = Field(default_factory=dict)
    reviews: dict[Code, Review] = Field(default_factory=dict)
    decisions: dict[tuple[Code, int], DecisionFact] = Field(default_factory=dict)  # by matter and round: what stands
    retracted: dict[tuple[Code, int, int], DecisionFact] = Field(default_factory=dict)  # by matter, round and turn
    proposals: dict[tuple[Code, int], Proposal] = Field(default_factory=dict)  # read for the desk alone
    procedures: dict[str, ProcedureFact] = Field(default_factory=dict)  # by name of the fact
    revocations: dict[Code, RevocationFact] = Field(default_factory=dict)
    visits: dict[int, SiteVisit] = Field(default_factory=dict)
    breaches: dict[str, Breach] = Field(default_factory=dict)  # by `breach_key`
    supervised: dict[str, SupervisionFact] = Field(default_factory=dict)  # by name of the fact
    supervised_to: dict[Code, int] = Field(default_factory=dict)  # by matter: the newest of them that was acted on
    benefits: dict[str, BenefitFact] = Field(default_factory=dict)  # by name of the fact
    benefited_to: dict[Code, int] = Field(default_factory=dict)  # by policy: the newest of them that was acted on
    drawn: dict[str, Drawn] = Field(default_factory=dict)  # by credit code of an intermediary
    pressed: dict[str, Pressed] = Field(default_factory=dict)  # by name of a limit: who was told of it
    priors: dict[Code, Prior] = Field(default_factory=dict)  # by matter: earlier results that matters here rest on
    cautions: dict[Code, Caution] = Field(default_factory=dict)  # by matter applied for
    acts: dict[str, Act] = Field(default_factory=dict)
    notices: dict[int, Notice] = Field(default_factory=dict)
    replaced: dict[int, Replaced] = Field(default_factory=dict)  # by round
    result: JointResult | None = None
    issued: Issued | None = None
    documents: dict[Code, DocumentSet] = Field(default_factory=dict)  # by occasion: those that were issued
    hand_out: HandOut | None = None
    outbox: dict[int, Outbox] = Field(default_factory=dict)
    refusal: Refusal | None = None  # the newest
    counted: Counted | None = None  # what figures have of it; no rule of the packet looks at it

    @property
    def slots(self) -> dict[Code, Examined]:
        """The newest upload of each slot."""
        return {slot: max(uploads, key=lambda u: u.order) for slot, uploads in _by_slot(self.uploads.values()).items()}

    def handed_in(self, submission: Submission, catalogue: Catalogue) -> dict[Code, tuple[Examined, ...]]:
        """The files that a submission hands in, by slot: what its manifest names binds, a newer one does not count.

        Where it names none: what lay there when it came, or came after it. Of several in a slot of one file the newest;
        in a slot of several, and of photos, those named, in that order, else the newest of each name.
        """
        if not submission.whole_folder:
            named = dict.fromkeys((awaited.slot, awaited.mark) for awaited in submission.awaited)
            listed = _by_slot(self.uploads[place] for place in named if place in self.uploads)
            return {slot: _in_their_order(files, catalogue.room(slot)) for slot, files in listed.items()}
        lay_there = {(awaited.slot, awaited.mark) for awaited in submission.awaited}
        came = _by_slot(
            upload
            for place, upload in self.uploads.items()
            if place in lay_there or upload.uploaded_at > submission.received_at
        )
        return {slot: files_of(files, catalogue.room(slot)) for slot, files in came.items()}

    def shown(self, catalogue: Catalogue) -> dict[Code, tuple[Examined, ...]]:
        """The files of each slot as they lie there now. Of a slot of several those that are under review or that the
        newest submission names, in its order, and what came since.
        """
        newest = self.newest_submission()
        named = [(p.slot, p.mark) for papers in self.papers.by_slot.values() for p in papers]
        named += [(a.slot, a.mark) for a in newest.awaited] if newest else []
        place = {key: number for number, key in enumerate(dict.fromkeys(named))}

        def counts(upload: Examined) -> bool:
            if newest is None or catalogue.room(upload.slot).most == 1:
                return True
            return (upload.slot, upload.mark) in place or upload.uploaded_at > newest.received_at

        found = _by_slot(filter(counts, self.uploads.values()))
        return {
            slot: tuple(
                sorted(
                    files_of(uploads, catalogue.room(slot)),
                    key=lambda upload: place.get((upload.slot, upload.mark), len(place)),
                )
            )
            for slot, uploads in found.items()
        }

    @property
    def routes(self) -> dict[Code, Route]:
        """The route of each matter applied for, in the applicant's order; none before the first submission is taken."""
        return self.rights.routes if self.rights else {}

    @property
    def is_there(self) -> bool:
        """Whether anything of the packet was ever received."""
        return bool(self.header or self.submissions or self.uploads or self.refusal)

    @property
    def accepted(self) -> bool:
        """Whether the packet was accepted, whatever became of it since."""
        return self.header is not None and self.header.accepted_at is not None

    @property
    def applicant(self) -> Enterprise | None:
        """Whose packet it is: the enterprise that it was first taken from; before that, the newest manifest's."""
        if self.header:
            return self.header.enterprise
        newest = self.newest_submission()
        return newest.manifest.enterprise if newest else None

    @property
    def owner(self) -> str | None:
        """The applicant by its credit code."""
        return self.applicant.uscc if self.applicant else None

    @property
    def applied_for(self) -> Applied | None:
        """What the packet asks for; None before its first manifest."""
        header, submission = self.header, self.newest_submission()
        if header and header.accepted_at:
            return Applied(process=header.process, routes=self.routes, project=header.project)
        if submission is None:
            return None
        manifest = submission.manifest
        routes = {m: Route.COMMITMENT if m in manifest.commitments else Route.APPROVAL for m in manifest.matters}
        return Applied(process=manifest.process, routes=routes, project=manifest.project)

    def newest_submission(self) -> Submission | None:
        return max(self.submissions.values(), key=lambda s: s.order, default=None)

    def let_in(self) -> tuple[str, ...]:
        """The enterprises that were let into its project (flow/acts.py), in order."""
        header = self.header
        if header is None or header.accepted_at is None:
            return ()
        acts = (act for name, act in self.acts.items() if act.kind is ActKind.LET_IN and name in header.acts)
        done = sorted((act for act in acts if act.at >= header.accepted_at), key=lambda act: (act.at, act.subject))
        return tuple(act.subject for act in done)[:MOST_LET_IN]

    def newest_act(self, kind: ActKind, subject: Code = "packet") -> Act | None:
        """What was last said of this kind about this subject."""
        said = (act for act in self.acts.values() if act.kind is kind and act.subject == subject)
        return max(said, key=lambda act: act.number, default=None)

    def unlooked(self, kind: ActKind) -> list[Act]:
        """What was asked of this kind and nobody looked at yet: of the rest it is on record whether it was done."""
        looked_at = self.header.acts if self.header else ()
        return [act for name, act in self.acts.items() if act.kind is kind and name not in looked_at]

    def questions(self) -> list[tuple[Act, Act | None]]:
        """What the applicant asked departments about corrections, oldest first, each with its answer if it has one."""
        asked = sorted((a for a in self.acts.values() if a.kind is ActKind.ASK), key=lambda a: (a.at, a.name))
        return [(act, self.acts.get(act.changed(kind=ActKind.ANSWER).name)) for act in asked]

    def open_questions(self) -> list[Act]:
        """Those that were looked at and wait for an answer, while an answer is of use; oldest first."""
        header = self.header
        if header is None or header.status not in (Status.IN_REVIEW, Status.CORRECTING):
            return []
        asked = ((a, answer) for a, answer in self.questions() if a.name in header.acts)
        left = (act for act, answer in asked if answer is None or answer.name not in header.acts)
        return [act for act in left if act.matter in self.reviews]

    def standing_refusal(self) -> Refusal | None:
        """The newest refusal, unless a manifest that kept its schema came after it."""
        newest = self.newest_submission()
        return None if self.refusal and newest and newest.received_at >= self.refusal.at else self.refusal

    def untaken(self) -> Submission | None:
        """The newest submission that was not looked at yet, if it is newer than what was taken."""
        newest = self.newest_submission()
        if newest is None or newest.taken is not None:
            return None
        return newest

    @property
    def awaits_uploads(self) -> bool:
        """Whether what was uploaded can move the packet on: until it is accepted, for a submission that was not looked
        at, for a correction, or for what was promised.
        """
        if self.header is None or self.untaken():
            return True
        return bool(self.looked_for()) or self.header.status in (Status.RETURNED, Status.CORRECTING)

    def owed(self) -> dict[Code, Gap]:
        """Promised papers that are still missing and still count: not when every matter that waits for one ended
        without an approval. Of a withdrawn packet those of what was approved before, which stands.
        """
        return {code: gap for code, gap in self.gaps.items() if gap.open and any(map(self.waits_for_gaps, gap.matters))}

    def under_review(self) -> tuple[Code, ...]:
        """The matters that are on their way here, all until the packet is at its end."""
        on_its_way = self.header is not None and self.header.status in (Status.IN_REVIEW, Status.CORRECTING)
        return tuple(self.routes) if on_its_way else ()

    def approvals(self) -> dict[Code, datetime]:
        """What was approved here and stands, by matter, once the packet is at its end: also by being withdrawn."""
        if self.header is None or self.header.status not in (Status.DECIDED, Status.ISSUED, Status.WITHDRAWN):
            return {}
        return {
            code: review.decided_at
            for code, review in self.reviews.items()
            if review.state is ReviewState.APPROVED and review.decided_at is not None
        }

    def decided_at(self, matter: Code) -> datetime | None:
        """When a matter was decided; None: nobody decided it, as where a correction is asked for or it was withdrawn.

        An approval that was taken back keeps its date. A release before noted when that was in its place, so it is read
        from the decision itself, or from the opening of what rules decided at once.
        """
        review = self.reviews.get(matter)
        if review is None or not review.final or review.state is ReviewState.WITHDRAWN:
            return None
        if review.state not in TAKEN_BACK:
            return review.decided_at
        fact = self.decisions.get((matter, review.round))
        return fact.received_at if fact else review.opened_at

    def taken_back_at(self, matter: Code) -> datetime | None:
        """When the approval of a matter was taken back; None: it was not, or nobody acted on that yet."""
        review, fact = self.reviews.get(matter), self.revocations.get(matter)
        return fact.received_at if fact and review and review.state in TAKEN_BACK else None

    def looked_for(self) -> dict[Code, Gap]:
        """Promised papers that are taken when they come: what is missing, of a withdrawn packet what is owed."""
        if self.header and self.header.status is Status.WITHDRAWN:
            return self.owed()
        return {code: gap for code, gap in self.gaps.items() if gap.open}

    def waits_for_gaps(self, matter: Code) -> bool:
        """Whether a matter may still count on what was promised for it: it is on its way, or approved."""
        review = self.reviews.get(matter)
        if review is None:
            return self.header is None or self.header.status is not Status.WITHDRAWN
        return not review.final or review.state is ReviewState.APPROVED

    def missing_findings(self, submission: Submission) -> tuple[Awaited, ...]:
        """Uploads that the submission counts on and that are not examined yet."""
        return tuple(a for a in submission.awaited if (a.slot, a.mark) not in self.uploads)
