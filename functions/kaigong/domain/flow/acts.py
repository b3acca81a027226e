"""What people do to a packet beside handing in and deciding: withdraw it, settle a doubt, answer for it, help with it.

The portal records such an act as asked; `advance` looks at it when its turn comes and asks the same rule again, since
the packet may have changed meanwhile. Sources: mission 3 (帮办代办), 7 (首问负责制), 14 (联合踏勘), "Facts from law and
standards" (a doubtful check character is one that an officer may override, on record; code 2 is 撤件), model/states.py.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, RootModel, StringConstraints

from kaigong.domain.model.manifest import CodeRef, Plain
from kaigong.domain.model.messages import ProcedureKind, in_our_time
from kaigong.domain.model.packet import Act, ActKind, Packet, Status
from kaigong.domain.model.states import can_withdraw
from kaigong.domain.model.text import Model, Text

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


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


class FirstAsked(_Asked):
    """首问负责制: the officer who was asked first, and who stays responsible."""

    kind: Literal["first-asked"]
    officer: Annotated[Plain, StringConstraints(strip_whitespace=True)] = Field(
        description="The name that the applicant is told."
    )
    department: CodeRef = Field(description="The officer's department.")


class AppointVisit(_Asked):
    """联合踏勘: the date of a joint site visit, agreed on with all departments that asked; the newest one counts."""

    kind: Literal["appoint-visit"]
    visit: int = Field(ge=1, le=999, description="Number of the visit, as the packet's status names it.")
    appointment: Annotated[AwareDatetime, AfterValidator(in_our_time)]
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        default="", description="Where to meet, whom to call: applicant and departments are told."
    )


class PickUp(_Asked):
    """帮办代办: who helps the applicant with this packet. The first one stays, unless the packet is handed over."""

    kind: Literal["pick-up"]
    officer: Annotated[Plain, StringConstraints(strip_whitespace=True)] = Field(
        description="The name that the applicant is told."
    )
    hand_over: bool = Field(default=False, description="Whether this officer takes the packet over from another one.")


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


def act(asked: Asked, by: str, now: datetime, packet: Packet) -> Act:
    """The act that goes on record. `by` is the user's name at the pool.

    It has the name of an act that is on record already where it says nothing new.
    """
    match asked:
        case Withdraw():
            return Act(kind=ActKind.WITHDRAW, by=by, reason=asked.reason, at=now)
        case OverrideDoubt():
            return Act(kind=ActKind.OVERRIDE_DOUBT, subject=asked.subject, by=by, reason=asked.reason, at=now)
        case FirstAsked():
            return Act(kind=ActKind.FIRST_ASKED, by=by, officer=asked.officer, department=asked.department, at=now)
        case AppointVisit():
            return _appointed(asked, by, now, packet)
        case PickUp():
            before = packet.newest_act(ActKind.PICK_UP)
            another = before is not None and asked.hand_over and asked.officer != before.officer
            number = before.number + another if before else 1
            return Act(kind=ActKind.PICK_UP, number=number, by=by, officer=asked.officer, at=now)


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


class ActRefusal(StrEnum):
    """Why an act comes to nothing."""

    TOO_LATE = "too-late"
    ALREADY_WITHDRAWN = "already-withdrawn"
    NO_SUCH_DOUBT = "no-such-doubt"
    NO_SUCH_VISIT = "no-such-visit"
    DATE_PASSED = "date-passed"


REFUSALS = {
    ActRefusal.TOO_LATE: Text(
        zh="联合审批结果已作出，不能再撤回申请。不再需要已批准的事项的，请向作出决定的部门申请注销；"
        "对决定有异议的，可依法申请行政复议或者提起行政诉讼。",
        en="The joint result is decided, so the application can no longer be withdrawn. Ask the deciding department to "
        "cancel an approval that you no longer need; against a decision there are reconsideration and the court.",
    ),
    ActRefusal.ALREADY_WITHDRAWN: Text(
        zh="该申请已经撤回，不再办理。需要重新申报的，请使用新的材料包编号。",
        en="The application is withdrawn already and goes no further. To apply again, use a new packet id.",
    ),
    ActRefusal.NO_SUCH_DOUBT: Text(
        zh="该材料包没有这一疑点，或疑点已经核实。现有疑点见办理进度。",
        en="The packet has no such doubt, or it is settled already. Its status names those that it has.",
    ),
    ActRefusal.NO_SUCH_VISIT: Text(
        zh="该材料包没有这次联合踏勘，或踏勘已经结束，无需再约定时间。现有踏勘见办理进度。",
        en="The packet has no such joint site visit, or it is over. Its status names those that are to be held.",
    ),
    ActRefusal.DATE_PASSED: Text(
        zh="约定的踏勘时间已过。请与各参加部门和申请人另行约定今后的时间。",
        en="The date given for the visit has passed. Agree on a later one with the departments and the applicant.",
    ),
}


def why_not(packet: Packet, act: Act) -> ActRefusal | None:
    """Why an act comes to nothing as the packet now is; None: it is to be done.

    Naming who was asked first is never refused: whoever asks is told a name, whatever became of the packet.
    """
    status = packet.header.status if packet.header else None
    match act.kind:
        case ActKind.WITHDRAW if status is Status.WITHDRAWN:
            return ActRefusal.ALREADY_WITHDRAWN
        case ActKind.WITHDRAW if not can_withdraw(status):
            return ActRefusal.TOO_LATE
        case ActKind.OVERRIDE_DOUBT if status is Status.WITHDRAWN:
            return ActRefusal.ALREADY_WITHDRAWN
        case ActKind.OVERRIDE_DOUBT if packet.header is None or act.subject not in packet.header.doubts:
            return ActRefusal.NO_SUCH_DOUBT
        case ActKind.APPOINT_VISIT if not _is_awaited(packet, act.subject):
            return ActRefusal.NO_SUCH_VISIT
        case ActKind.APPOINT_VISIT if act.appointment is None or act.appointment <= act.at:
            return ActRefusal.DATE_PASSED
        case ActKind.PICK_UP if status is Status.WITHDRAWN:
            return ActRefusal.ALREADY_WITHDRAWN
    return None


def _is_awaited(packet: Packet, visit: str) -> bool:
    """Whether a joint site visit is still to be held: a review rests for it."""
    return any(
        pause.kind == ProcedureKind.SITE_VISIT.value and pause.until is None
        for number, planned in packet.visits.items()
        if str(number) == visit and planned.held_at is None
        for matter in planned.asked
        for pause in packet.reviews[matter].pauses
    )
