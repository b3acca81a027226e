"""What people ask to have done to a packet beside handing in and deciding, and what they are answered.

`flow/acts.py` has the rule that says whether it is done. Who answers for a packet is never typed: an account speaks
for its own person, and departments are the catalogue's. Sources: mission 3 (帮办代办), 7 (首问负责制), 14 (联合踏勘),
"Facts from law and standards" (a doubtful check character is one that an officer may override; 撤件 is code 2).
"""

from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

from pydantic import ConfigDict, Field, RootModel, model_validator
from pydantic_core import PydanticCustomError

from kaigong.domain.model.manifest import CodeRef
from kaigong.domain.model.packet import Act, ActKind, Packet
from kaigong.domain.model.text import Model
from kaigong.domain.model.values import Lines, Moment

Words = Annotated[Lines, Field(min_length=1, max_length=1000)]
NAME_TYPED = "name_typed"  # the fault of a body that says the name of who answers


class Account(Protocol):
    """Whose account asks, as the user pool vouches for it."""

    @property
    def name(self) -> str:
        """The user's name at the pool."""

    @property
    def called(self) -> str:
        """The person's name."""

    @property
    def department(self) -> str | None: ...


class _Asked(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Withdraw(_Asked):
    """撤件: the applicant takes the packet back, up to the joint result."""

    kind: Literal["withdraw"]
    reason: Words


class OverrideDoubt(_Asked):
    """The window settles a doubt about an identity, having looked at the original papers."""

    kind: Literal["override-doubt"]
    subject: CodeRef = Field(description="Code of the doubt, as the packet's status names it.")
    reason: Words = Field(description="What was looked at, and why the doubt does not hold.")


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


Asked = Annotated[Withdraw | OverrideDoubt | FirstAsked | AppointVisit | PickUp, Field(discriminator="kind")]


class ActRequest(RootModel[Asked]):
    """An act that somebody asks for; `kind` says which."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class ActRecorded(Model):
    """An act as it is on record; who did it stays inside. What came of it is told where `see` leads."""

    packet: str
    kind: ActKind
    subject: str = Field(description="The doubt's code, the visit's number, or `packet`.")
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
        case OverrideDoubt():
            return Act(kind=ActKind.OVERRIDE_DOUBT, subject=asked.subject, by=by, reason=asked.reason, at=now)
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
