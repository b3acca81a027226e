"""What people do to a packet beside handing in and deciding: withdraw it, settle a doubt, answer for it, help with it.

The portal records such an act as asked; `advance` looks at it when its turn comes and asks the same rule again, since
the packet may have changed meanwhile. Sources: mission 3 (帮办代办), 7 (首问负责制), 14 (联合踏勘), "Facts from law and
standards" (a doubtful check character is one that an officer may override, on record; code 2 is 撤件), model/states.py.
"""

from enum import StrEnum

from kaigong.domain.model.messages import ProcedureKind
from kaigong.domain.model.packet import Act, ActKind, Packet, Status
from kaigong.domain.model.states import can_withdraw
from kaigong.domain.model.text import Text


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
