"""Every message on a queue or topic. schemas/ is generated from these models."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from .catalogue import CODE_PATTERN, Route
from .form import FieldKind
from .manifest import Author, CodeRef, Enterprise, PacketId, Plain, Project, Uscc
from .roster import Inspector
from .signature import SignatureLevel, Signer, Signing
from .supervision import Drawn, SupervisorSays
from .text import Lang, Model, Text
from .values import Lines, Moment, Until


class Message(Model):
    """What every message carries: which contract it follows, its own id, the packet, when it was sent."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: str = Field(alias="schema")
    id: Annotated[str, Field(min_length=1, max_length=200)]
    packet: PacketId
    sent_at: Moment


class Channel(StrEnum):
    GREEN = "green"  # 绿色通道: the priority queue
    ORDINARY = "ordinary"


class Replacement(StrEnum):
    """What stands in a paper's place."""

    COMMITMENT = "commitment"  # 告知承诺
    SHARED = "shared"  # fetched from another department's data
    GAP = "gap"  # 容缺: promised, follows by the date given
    RESULT = "result"  # the approval of the matter whose certificate it is
    FORM = "form"  # the application form, filled in as data


class TaskFinding(Model):
    """What examination said of a paper: a verdict, and the code of each reason."""

    verdict: Literal["valid", "warning", "deficient"]
    reasons: tuple[Text, ...] = ()
    codes: tuple[str, ...] = ()


class TaskResult(Model):
    """An approval that a matter rests on: of this packet, of an earlier one, or as the window put it on record."""

    matter: CodeRef
    name: Text
    packet: str | None = Field(default=None, description="Left out: the window put it on record.")
    number: str | None = Field(default=None, description="Of the document, where the window put it on record.")
    at: datetime
    until: datetime | None = Field(default=None, description="When it ends; left out: it does not.")


class TaskCaution(Model):
    """Something that the officer should look at beside the papers."""

    code: Literal["prerequisite-unseen", "applied-for-elsewhere", "shared-data-missing"]
    text: Text


class TaskFile(Model):
    """One file of a material of a review task."""

    key: str
    version: str
    sha256: str | None = None
    size: int
    verdict: Literal["valid", "warning", "deficient"]
    codes: tuple[str, ...] = Field(default=(), description="Of what examination noticed in it.")


class TaskCommitment(Model):
    """The commitment that stands in for a matter's papers: which letter, and who signed it, how and when."""

    version: int = Field(description="Of the letter; 0: there was none.")
    sha256: str = Field(description="Of the letter's text; empty: there was none.")
    signer: Signer | None = Field(default=None, description="The person; left out: nothing says which one it was.")
    signing: Signing = Field(description="By which means.")
    level: SignatureLevel = Field(
        description="What the signature is worth: `confirmed` at the portal by a person whom the identity provider "
        "vouches for, `stated` by the manifest alone, by hand on `paper`. None is an electronic signature."
    )
    accepted_at: datetime


class TaskMaterial(Model):
    """One material of a review task: where its files lie, or what replaces it.

    `key`, `version`, `sha256` and `size` are those of the first file; `finding` is on all of them together.
    """

    slot: CodeRef
    name: Text
    main: bool
    key: str | None = None
    version: str | None = None
    sha256: str | None = None
    size: int | None = None
    author: Author | None = Field(
        default=None,
        description="The intermediary that is said to have drawn it up; `finding` says what is odd.",
    )
    finding: TaskFinding | None = None
    files: tuple[TaskFile, ...] = Field(default=(), description="All of its files, in the applicant's order.")
    replaced_by: Replacement | None = None
    due: datetime | None = Field(default=None, description="For a gap: when the paper must have followed.")
    result: TaskResult | None = Field(default=None, description="For a result: which approval it is.")


class TaskField(Model):
    """One field of the application form, as it was filled in."""

    field: CodeRef
    name: Text
    kind: FieldKind
    value: str = Field(description="A number, a date (YYYY-MM-DD), the code of a choice, or words.")
    text: Text | None = Field(default=None, description="Of a choice: its name.")
    unit: Text | None = None
    notes: tuple[Text, ...] = Field(
        default=(), description="What is odd about it, and where the record says something else: what it says."
    )


class WithdrawnBy(StrEnum):
    """By what an application is withdrawn."""

    APPLICANT = "applicant"
    WINDOW = "window"  # one of two that apply for the same
    LAPSE = "lapse"  # a correction that did not come counts as that


class TaskWithdrawn(Model):
    """A task is taken back: its application was withdrawn while the department had it."""

    at: datetime
    by: WithdrawnBy
    text: Text


class ReviewTask(Message):
    """A department is asked to review one matter. `review_id` and `round` are its key: it may come twice.

    With `withdrawn` it says of the task of that key, which may have come before, that nobody is to answer it any more.
    """

    schema_: Literal["kaigong/review-task/1"] = Field(default="kaigong/review-task/1", alias="schema")
    review_id: str
    round: int = Field(ge=1)
    matter: CodeRef
    matter_name: Text
    department: str = Field(pattern=CODE_PATTERN)
    channel: Channel
    due: datetime
    due_certain: bool = Field(default=True, description="False: the year's holidays are not published yet.")
    enterprise: Enterprise
    project: Project
    materials: tuple[TaskMaterial, ...]
    commitment: TaskCommitment | None = Field(
        default=None, description="The commitment in place of the papers, where the matter is done by one."
    )
    form: tuple[TaskField, ...] = Field(
        default=(), description="What the matter asks for on the application form, where it was filled in as data."
    )
    rests_on: tuple[TaskResult, ...] = Field(
        default=(), description="Approvals of the prerequisites, in this packet or earlier ones of the project."
    )
    cautions: tuple[TaskCaution, ...] = Field(default=(), description="What to look at beside the papers.")
    reply_token: str = Field(description="Send it back with the decision; it proves that you received this task.")
    turn: int | None = Field(
        default=None,
        description="There: the department took its decision of this round back and decides anew, with this task's "
        "reply_token; it counts how often it has the task in the round.",
    )
    withdrawn: TaskWithdrawn | None = Field(
        default=None, description="There: the task is taken back, and no answer counts. Left out: it is to be answered."
    )


def _as_code(value: object) -> object:
    """A code as it is spelled here: there is no doubt about what `APPROVE` or ` approve` means."""
    return value.strip().lower() if isinstance(value, str) else value


AsCode = BeforeValidator(_as_code)


class Outcome(StrEnum):
    APPROVE = "approve"
    CORRECT = "correct"
    REJECT = "reject"


class DecisionReason(Model):
    """Why: which paper it concerns (if one), in words, and on what basis (law, standard)."""

    slot: CodeRef | None = None
    text: Annotated[Lines, Field(min_length=1, max_length=2000)]
    basis: Annotated[Lines, Field(min_length=1, max_length=500)] | None = None


# Choice, set together with the limits beside it and those of the manifest: the words of all departments on the most
# matters that a packet may have fit into its one notice and its joint result, which have 400 KB each.
LONGEST_ANSWER = 3_000  # characters


def too_long(reasons: Iterable[DecisionReason], conditions: Iterable[str] = ()) -> bool:
    """Whether an answer has more words than can be put on record."""
    words = [*conditions, *(part for r in reasons for part in (r.text, r.basis or ""))]
    return sum(map(len, words)) > LONGEST_ANSWER


class Decision(Message):
    """A department's decision on a review task. Corrections and rejections say why. All its words together have 3,000
    characters at most.

    Fields that we do not know are passed over: a department's own system may add to its message before we do.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        json_schema_extra={  # the same rule as `_says_why`
            "if": {"properties": {"outcome": {"enum": ["correct", "reject"]}}, "required": ["outcome"]},
            "then": {"properties": {"reasons": {"minItems": 1}}, "required": ["reasons"]},
        },
    )

    schema_: Literal["kaigong/decision/1"] = Field(alias="schema")
    review_id: Annotated[str, Field(min_length=1, max_length=120)]
    round: int = Field(ge=1)
    reply_token: Annotated[str, Field(min_length=1, max_length=200)]
    outcome: Annotated[Outcome, AsCode]
    reasons: tuple[DecisionReason, ...] = Field(default=(), max_length=50)
    conditions: tuple[Annotated[Lines, Field(min_length=1, max_length=1000)], ...] = Field(default=(), max_length=50)
    officer: Plain
    signed_by: Plain | None = Field(
        default=None,
        description="The second officer, who signed it (签批). Who signs is the department's own affair: a decision on "
        "this queue counts with it or without.",
    )

    @model_validator(mode="after")
    def _says_why(self) -> "Decision":
        if self.outcome is not Outcome.APPROVE and not self.reasons:
            raise ValueError(f"outcome {self.outcome} needs at least one reason")
        return self

    @model_validator(mode="after")
    def _fits_on_record(self) -> "Decision":
        if too_long(self.reasons, self.conditions):
            raise ValueError(f"has more than {LONGEST_ANSWER} characters in all")
        return self


class ProcedureKind(StrEnum):
    """Special procedures: their time does not count (行政许可法 §45)."""

    HEARING = "hearing"  # 听证
    EXPERT_REVIEW = "expert-review"  # 专家评审
    TEST = "test"  # 检验、检测、检疫、鉴定
    SITE_VISIT = "site-visit"  # 联合踏勘: one visit for all departments that ask for one


NOTE = "The written note that the law asks for; at the end of a site visit, what the department found."


class ProcedureAction(StrEnum):
    START = "start"
    END = "end"


class Procedure(Message):
    """A department starts or ends a special procedure in a review. Its time limit rests in between.

    A site visit is one for the whole packet: who asks for it joins the one that is planned. Each department ends its
    own part, and the note of that says what it found. The limits run again for all when the appointed time has come and
    each has said so, or some working days after that day. Who ends before that time, or while there is none, leaves the
    visit: its own limit runs again, the others' rest.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    schema_: Literal["kaigong/procedure/1"] = Field(alias="schema")
    review_id: Annotated[str, Field(min_length=1, max_length=120)]
    round: int = Field(ge=1)
    reply_token: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Annotated[ProcedureKind, AsCode]
    number: int = Field(default=1, ge=1, le=9, description="Counts procedures of one kind within a review's round.")
    action: Annotated[ProcedureAction, AsCode]
    note: Annotated[Lines, Field(min_length=1, max_length=500, description=NOTE)]
    appointment: Moment | None = Field(default=None, description="When it takes place, if that is known.")
    officer: Plain


class RevocationKind(StrEnum):
    RECALL = "recall"  # 撤回: lawful then, changed circumstances now (行政许可法 §8)
    REVOKE = "revoke"  # 撤销: should not have been granted, or was got by a false commitment (§69)


class GroundedReason(DecisionReason):
    """A reason that names the law or standard it rests on."""

    basis: Annotated[Lines, Field(min_length=1, max_length=500)]


class Revocation(Message):
    """A department takes an approval back. The joint result stays as it was issued; this stands beside it. All its
    words together have 3,000 characters at most.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    schema_: Literal["kaigong/revocation/1"] = Field(alias="schema")
    review_id: Annotated[str, Field(min_length=1, max_length=120)]
    reply_token: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Annotated[RevocationKind, AsCode]
    reasons: tuple[GroundedReason, ...] = Field(min_length=1, max_length=50)
    officer: Plain

    @model_validator(mode="after")
    def _fits_on_record(self) -> "Revocation":
        if too_long(self.reasons):
            raise ValueError(f"has more than {LONGEST_ANSWER} characters in all")
        return self


Answer = Annotated[Decision | Procedure | Revocation, Field(discriminator="schema_")]
"""What a department may send to the queue of decisions."""


class SupervisionTask(Message):
    """An approved matter goes to the department that supervises it. `record` is its key: it may come twice.

    Its people may have acted at the portal meanwhile: an answer to what is done already is refused in words.
    """

    schema_: Literal["kaigong/supervision-task/1"] = Field(default="kaigong/supervision-task/1", alias="schema")
    record: str = Field(description="The id of the review that approved the matter.")
    matter: CodeRef
    matter_name: Text
    department: str = Field(pattern=CODE_PATTERN, description="That supervises.")
    decided_by: str = Field(pattern=CODE_PATTERN, description="The department that approved.")
    decided_at: datetime
    route: Route
    by_rules: bool = False
    conditions: tuple[str, ...] = Field(default=(), description="Of the approval.")
    commitment: TaskCommitment | None = Field(default=None, description="What is to be verified: what was promised.")
    gaps: tuple[CodeRef, ...] = Field(default=(), description="Promised papers that are still missing.")
    enterprise: Enterprise
    project: Project
    drawn: Drawn = Field(
        description="Why it is inspected: by commitment or by rules always, by chance, or not at all (`not-drawn`): "
        "then claiming it puts it on file."
    )
    inspectors: tuple[Inspector, ...] = Field(
        default=(), description="Who of the department's roster was drawn to inspect it; it has none: anybody."
    )
    claim_by: datetime
    inspect_by: datetime
    reply_token: str = Field(description="Send it back with what you say; it proves that you received this task.")


class SupervisionAnswer(Message):
    """What a supervising department says of a record: seen, claimed, when it is inspected, what was found, and the
    answer to an enterprise that contests that. A finding claims the record as well, so that the order does not matter.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    schema_: Literal["kaigong/supervision-answer/1"] = Field(alias="schema")
    record: Annotated[str, Field(min_length=1, max_length=120)]
    reply_token: Annotated[str, Field(min_length=1, max_length=200)]
    says: SupervisorSays
    officer: Plain


class BreachMessage(Message):
    """A promise was not kept: for the credit platform, which says when it is repaired by a credit record of its own."""

    schema_: Literal["kaigong/breach/1"] = Field(default="kaigong/breach/1", alias="schema")
    uscc: Uscc
    enterprise: str
    kind: Literal["gap", "supervision"] = Field(
        description="A promised paper that did not come, or what supervision found broken."
    )
    subject: CodeRef = Field(description="The material of the gap, or the matter.")
    name: Text
    text: str = Field(default="", description="What was found, in the department's words.")
    basis: str = ""
    at: datetime
    repairable_from: datetime


SMS = 70  # characters of Chinese that one SMS takes (YD/T 1039); the 【…】 before it is the gateway's


class Sms(Text):
    """A text that fits into one SMS, in each language."""

    zh: str = Field(min_length=1, max_length=SMS)
    en: str = Field(min_length=1, max_length=SMS)


class Recipient(Model):
    """Somebody of the enterprise who wants a message, by the account."""

    account: Plain
    language: Lang = "zh"


class NoticeMessage(Message):
    """A notice, as the city's SMS, WeChat and e-mail gateways send it. It names nobody: whose telephone it is for, the
    gateway knows by the packet. It may come twice; its id tells that it was sent.
    """

    schema_: Literal["kaigong/notice/1"] = Field(default="kaigong/notice/1", alias="schema")
    kind: str
    round: int
    title: Text
    department: CodeRef | None = Field(default=None, description="Whom it is for; left out: the applicant.")
    to: Literal["window", "city"] | None = Field(
        default=None, description="Whom it is for where that is neither a department nor the applicant."
    )
    officer: Plain | None = Field(
        default=None,
        description="Of the department, the account of who has the task now, or stands in; left out: whoever takes it.",
    )
    people: tuple[Recipient, ...] = Field(
        default=(),
        description="Of the enterprise, who chose to have it; none: to whom the gateway knows by the packet.",
    )
    slots: tuple[CodeRef, ...] = Field(default=(), description="The materials that it speaks of, for a department.")
    sms: Sms | None = Field(default=None, description="At most 70 characters: what happened, and what to do next.")
    text: Text | None = Field(default=None, description="The same at length, for WeChat and e-mail.")
    link: str | None = Field(default=None, description="The page that says it in full, to who signs in.")
    language: Lang = Field(default="zh", description="In which of the two languages the applicant wants it.")


class IssueRequest(Message):
    """The joint result of a packet is to be written."""

    schema_: Literal["kaigong/issue/1"] = Field(default="kaigong/issue/1", alias="schema")


class DocumentsRequest(Message):
    """The documents of a packet that are due are to be made: whichever its header names."""

    schema_: Literal["kaigong/documents/1"] = Field(default="kaigong/documents/1", alias="schema")


class BasicData(Model):
    """Basic data of an enterprise, as the credit platform has them: they fill the form (mission 2)."""

    name: Plain
    legal_representative: Plain | None = None
    address: Plain | None = None


class CreditRecord(Model):
    """What the city's credit platform says of an enterprise (mission 2). Times carry their zone."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["kaigong/credit/1"] = Field(alias="schema")
    id: Annotated[str, Field(min_length=1, max_length=200)]
    uscc: Uscc
    scheme: CodeRef = Field(default="default", description="The rating scheme that the grade belongs to.")
    grade: Annotated[str, Field(min_length=1, max_length=20)]
    valid_from: Moment
    valid_until: Until
    published_at: Moment
    unrepaired_breaches: int = Field(default=0, ge=0)
    repairable_from: Until | None = Field(
        default=None, description="From when the unrepaired breaches can be repaired, where the platform says so."
    )
    basic: BasicData | None = None
