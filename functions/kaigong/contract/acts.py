"""What people ask to have done to a packet beside handing in and deciding, and what they are answered.

`flow/acts.py` has the rule that says whether it is done. Who answers for a packet is never typed: an account speaks
for its own person, and departments are the catalogue's. Sources: mission 1 (综合窗口出件), 3 (帮办代办),
7 (首问负责制), 14 (联合踏勘), "Facts from law and standards" (a doubtful check character is one that an officer may
override; 撤件 is code 2); 行政许可法 §31 and §32 (a doubt that is true).
"""

from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

from pydantic import ConfigDict, Field, RootModel, model_validator
from pydantic_core import PydanticCustomError

from kaigong.domain.flow import questions
from kaigong.domain.model.hand_out import HandOut, MailAddress, Way, is_telephone
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.manifest import CodeRef, Uscc
from kaigong.domain.model.packet import Act, ActKind, Packet
from kaigong.domain.model.text import Model
from kaigong.domain.model.values import Line, Lines, Moment

Words = Annotated[Lines, Field(min_length=1, max_length=1000)]
QUESTION_PATTERN = r"^[a-z][a-z0-9-]{0,39}\.[0-9a-f]{12}$"
NAME_TYPED = "name_typed"  # the fault of a body that says the name of who answers


class Account(Protocol):
    """Whose account asks, as the issuer vouches for it."""

    @property
    def name(self) -> str:
        """The user's name at the issuer."""

    @property
    def account(self) -> str:
        """Its stable id there."""

    @property
    def called(self) -> str:
        """The person's name."""

    @property
    def department(self) -> str | None: ...


class _Asked(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Withdraw(_Asked):
    """撤回申请: the applicant takes the packet back, up to the joint result."""

    kind: Literal["withdraw"]
    reason: Words


class OverrideDoubt(_Asked):
    """The window settles a doubt about an identity, having looked at the original papers."""

    kind: Literal["override-doubt"]
    subject: CodeRef = Field(description="Code of the doubt, as the packet's status names it.")
    reason: Words = Field(description="What was looked at, and why the doubt does not hold.")


class ConfirmDoubt(_Asked):
    """The window finds a doubt about an identity true: the applicant is to put it right, and the time limits rest."""

    kind: Literal["confirm-doubt"]
    subject: CodeRef = Field(description="Code of the doubt, as the packet's status names it.")
    reason: Words = Field(description="What was looked at, and what is not as it was said: the applicant is told.")


class _OfAnAccount(_Asked):
    """An act by which the asking account answers for the packet, by its own name."""

    @model_validator(mode="before")
    @classmethod
    def _names_nobody(cls, body: Any) -> Any:
        if isinstance(body, dict) and "officer" in body:
            raise PydanticCustomError(NAME_TYPED, "the name is that of the account")
        return body


class FirstAsked(_OfAnAccount):
    """首问负责制: who was asked first, and stays responsible: the account that says so, or a department."""

    kind: Literal["first-asked"]
    department: CodeRef | None = Field(
        default=None,
        description="Left out, or the account's own: its person was asked first. Another one of the catalogue: that "
        "department was, and no person is named.",
    )


class AppointVisit(_Asked):
    """联合踏勘: the date of a joint site visit, agreed on with all departments that asked; the newest one counts."""

    kind: Literal["appoint-visit"]
    visit: int = Field(ge=1, le=999, description="Number of the visit, as the packet's status names it.")
    appointment: Moment
    note: Annotated[Lines, Field(max_length=500)] = Field(
        default="", description="Where to meet, whom to call: applicant and departments are told."
    )


class PickUp(_OfAnAccount):
    """帮办代办: the account's person helps the applicant with this packet, until another one takes it over."""

    kind: Literal["pick-up"]
    hand_over: bool = Field(default=False, description="Whether to take the packet over from who helps now.")


class ChooseHandOut(_Asked):
    """出件: how the applicant wants the result. It may be changed until the result is in the mail or received."""

    kind: Literal["choose-hand-out"]
    way: Annotated[Way, Field(strict=False)]
    mail_to: MailAddress | None = Field(default=None, description="Where to, for `mail` and for nothing else.")

    @model_validator(mode="after")
    def _address_for_mail_alone(self) -> "ChooseHandOut":
        if (self.way is Way.MAIL) != (self.mail_to is not None):
            raise ValueError("mail needs an address, and nothing else does")
        if self.mail_to and not is_telephone(self.mail_to.telephone):
            raise ValueError("nobody can be called at this number")
        return self


class SendByMail(_Asked):
    """The window mailed the result; another number replaces it."""

    kind: Literal["send-by-mail"]
    tracking: Annotated[str, Field(min_length=5, max_length=40, pattern=r"^[A-Za-z0-9 -]+$")]


class HandOver(_Asked):
    """The window gave the result to somebody."""

    kind: Literal["hand-over"]
    to: Annotated[Line, Field(min_length=1, max_length=50, description="The name of who took it.")]
    id_last: Annotated[str, Field(pattern=r"^([0-9]{3}[0-9Xx])?$", max_length=4)] = Field(
        default="", description="The last four characters of that person's identity card."
    )


class Received(_Asked):
    """The mail arrived."""

    kind: Literal["received"]
    received_at: Moment


class LetIn(_Asked):
    """同意参与项目: the first enterprise of a project lets another one into it."""

    kind: Literal["let-in"]
    subject: Uscc = Field(description="The credit code of the other enterprise.")


class Ask(_Asked):
    """The applicant asks the department that wants a correction what is meant."""

    kind: Literal["ask"]
    matter: CodeRef
    text: Annotated[Lines, Field(min_length=1, max_length=500)]


class Answer(_OfAnAccount):
    """The department answers it: the applicant is told."""

    kind: Literal["answer"]
    question: Annotated[str, Field(pattern=QUESTION_PATTERN, description="As the packet's status names it.")]
    text: Words


Asked = Annotated[
    Withdraw
    | OverrideDoubt
    | ConfirmDoubt
    | FirstAsked
    | AppointVisit
    | PickUp
    | ChooseHandOut
    | LetIn
    | SendByMail
    | HandOver
    | Received
    | Ask
    | Answer,
    Field(discriminator="kind"),
]


class ActRequest(RootModel[Asked]):
    """An act that somebody asks for; `kind` says which."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class ActRecorded(Model):
    """An act as it is on record; who did it stays inside. What came of it is told where `see` leads."""

    packet: str
    kind: ActKind
    subject: str = Field(description="The doubt's code, the visit's number, who was let in, or `packet`.")
    officer: str | None = None
    department: str | None = None
    appointment: datetime | None = None
    reason: str = ""
    at: datetime
    see: str = Field(description="The address that tells what came of it.")


def act(asked: Asked, account: Account, now: datetime, packet: Packet) -> Act:
    """The act that goes on record. It has the name of one that is on record already where it says nothing new."""
    by = account.name
    match asked:
        case Withdraw():
            return Act(kind=ActKind.WITHDRAW, by=by, reason=asked.reason, at=now)
        case OverrideDoubt() | ConfirmDoubt():
            return _of_doubt(asked, by, now, packet)
        case FirstAsked():
            own = asked.department in (None, account.department)
            department, officer = (account.department, account.called) if own else (asked.department, None)
            return Act(kind=ActKind.FIRST_ASKED, by=by, officer=officer, department=department, at=now)
        case AppointVisit():
            return _appointed(asked, by, now, packet)
        case PickUp():
            before = packet.newest_act(ActKind.PICK_UP)
            another = before is not None and asked.hand_over and before.by != by
            number = before.number + another if before else 1
            return Act(kind=ActKind.PICK_UP, number=number, by=by, officer=account.called, at=now)
        case ChooseHandOut():
            address = fingerprint(asked.mail_to) if asked.mail_to else ""
            return _handed_out(ActKind.CHOOSE_HAND_OUT, HandOut(way=asked.way, address=address), by, now, packet)
        case LetIn():
            return Act(kind=ActKind.LET_IN, subject=asked.subject, by=by, at=now)
        case SendByMail():
            said = HandOut(tracking=asked.tracking, mailed_at=now)
            return _handed_out(ActKind.SEND_BY_MAIL, said, by, now, packet)
        case HandOver():
            said = HandOut(to=asked.to, id_last=asked.id_last.upper(), received_at=now)
            return Act(kind=ActKind.HAND_OVER, by=by, hand_out=said, at=now)
        case Received():
            said = HandOut(received_at=asked.received_at)
            return Act(kind=ActKind.RECEIVED, by=by, hand_out=said, at=now)
        case Ask():
            subject = questions.subject(asked.matter, asked.text)
            return Act(kind=ActKind.ASK, subject=subject, by=by, reason=asked.text, at=now)
        case Answer():
            answered = Act(kind=ActKind.ANSWER, subject=asked.question, by=by, reason=asked.text, at=now)
            return answered.changed(officer=account.called, department=account.department)


def _handed_out(kind: ActKind, said: HandOut, by: str, now: datetime, packet: Packet) -> Act:
    """What may be said anew while the result is handed out: the way, and a tracking number."""
    before = packet.newest_act(kind)
    known = before.hand_out.changed(mailed_at=said.mailed_at) if before and before.hand_out else None
    number = before.number + (known != said) if before else 1
    return Act(kind=kind, number=number, by=by, hand_out=said, at=now)


def _of_doubt(asked: OverrideDoubt | ConfirmDoubt, by: str, now: datetime, packet: Packet) -> Act:
    """What new data made doubtful again is looked at anew."""
    kind, header = ActKind(asked.kind), packet.header
    before = packet.newest_act(kind, asked.subject)
    another = (
        before is not None
        and header is not None
        and before.name in header.acts
        and asked.subject in header.doubts
        and not (kind is ActKind.CONFIRM_DOUBT and asked.subject in header.confirmed)
    )
    number = before.number + another if before else 1
    return Act(kind=kind, subject=asked.subject, number=number, by=by, reason=asked.reason, at=now)


def _appointed(asked: AppointVisit, by: str, now: datetime, packet: Packet) -> Act:
    subject = str(asked.visit)
    before = packet.newest_act(ActKind.APPOINT_VISIT, subject)
    another = before is not None and (before.appointment, before.reason) != (asked.appointment, asked.note)
    return Act(
        kind=ActKind.APPOINT_VISIT,
        subject=subject,
        number=before.number + another if before else 1,
        by=by,
        appointment=asked.appointment,
        reason=asked.note,
        at=now,
    )


def recorded(packet: str, act: Act) -> ActRecorded:
    """An act as its answer shows it."""
    return ActRecorded(
        packet=packet,
        kind=act.kind,
        subject=act.subject,
        officer=act.officer,
        department=act.department,
        appointment=act.appointment,
        reason=act.reason,
        at=act.at,
        see=f"/api/packets/{packet}",
    )
