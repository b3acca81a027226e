"""What people do to a packet beside handing in and deciding: withdraw it, settle a doubt, answer for it.

The portal records such an act as asked; `advance` looks at it when its turn comes and asks the same rule again, since
the packet may have changed meanwhile. Sources: mission 7 (首问负责制), "Facts from law and standards" (a doubtful check
character is one that an officer may override, on record; status code 2 is 撤件), states.py.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel, StringConstraints

from .manifest import CodeRef, Plain
from .packet import Act, ActKind, Packet, Status
from .states import can_withdraw
from .text import Model, Text

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


Asked = Annotated[Withdraw | OverrideDoubt | FirstAsked, Field(discriminator="kind")]


class ActRequest(RootModel[Asked]):
    """An act that somebody asks for; `kind` says which."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class ActRecorded(Model):
    """An act as it is on record; who did it stays inside. What came of it is told where `see` leads."""

    packet: str
    kind: ActKind
    subject: str = Field(description="The doubt's code, or `packet`.")
    officer: str | None = None
    department: str | None = None
    reason: str = ""
    at: datetime
    see: str = Field(description="The address that tells what came of it.")


def act(asked: Asked, by: str, now: datetime) -> Act:
    """The act that goes on record. `by` is the user's name at the pool."""
    match asked:
        case Withdraw():
            return Act(kind=ActKind.WITHDRAW, by=by, reason=asked.reason, at=now)
        case OverrideDoubt():
            return Act(kind=ActKind.OVERRIDE_DOUBT, subject=asked.subject, by=by, reason=asked.reason, at=now)
        case FirstAsked():
            return Act(kind=ActKind.FIRST_ASKED, by=by, officer=asked.officer, department=asked.department, at=now)


def recorded(packet: str, act: Act) -> ActRecorded:
    """An act as its answer shows it."""
    return ActRecorded(
        packet=packet,
        kind=act.kind,
        subject=act.subject,
        officer=act.officer,
        department=act.department,
        reason=act.reason,
        at=act.at,
        see=f"/api/packets/{packet}",
    )


class ActRefusal(StrEnum):
    """Why an act comes to nothing."""

    TOO_LATE = "too-late"
    ALREADY_WITHDRAWN = "already-withdrawn"
    NO_SUCH_DOUBT = "no-such-doubt"


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
    return None
