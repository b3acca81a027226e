"""What people do to a packet beside handing in and deciding: withdraw it, settle a doubt or find it true, answer for
it, help with it.

The portal records such an act as asked; `advance` looks at it when its turn comes and asks the same rule again, since
the packet may have changed meanwhile. Sources: mission 3 (帮办代办), 7 (首问负责制), 14 (联合踏勘), "Facts from law and
standards" (a doubtful check character is one that an officer may override, on record; code 2 is 撤件), model/states.py;
行政许可法 §31 and §32 (what is untrue is corrected before the decision), §69 (afterwards the approval is taken back).
"""

from kaigong.domain.model.packet import MOST_LET_IN, Act, ActKind, ActRefusal, Packet, Status
from kaigong.domain.model.states import can_withdraw

from . import handing, handing_out, questions
from .procedures import resting

MOST_OF_A_KIND = 20  # choice: a date that changes so often is not agreed on


def why_not(packet: Packet, act: Act) -> ActRefusal | None:
    """Why an act comes to nothing as the packet now is; None: it is to be done.

    Naming who was asked first is never refused: whoever asks is told a name, whatever became of the packet.
    """
    status = packet.header.status if packet.header else None
    if act.number > MOST_OF_A_KIND:
        return ActRefusal.TOO_OFTEN
    match act.kind:
        case ActKind.WITHDRAW if status is Status.WITHDRAWN:
            return ActRefusal.ALREADY_WITHDRAWN
        case ActKind.WITHDRAW if not can_withdraw(status):
            return ActRefusal.TOO_LATE
        case ActKind.OVERRIDE_DOUBT | ActKind.CONFIRM_DOUBT if status is Status.WITHDRAWN:
            return ActRefusal.ALREADY_WITHDRAWN
        case ActKind.OVERRIDE_DOUBT | ActKind.CONFIRM_DOUBT if not _stands(packet, act.subject):
            return ActRefusal.NO_SUCH_DOUBT
        case ActKind.CONFIRM_DOUBT if status not in (Status.IN_REVIEW, Status.CORRECTING):
            return ActRefusal.TOO_LATE_TO_CORRECT
        case ActKind.APPOINT_VISIT if not _is_awaited(packet, act.subject):
            return ActRefusal.NO_SUCH_VISIT
        case ActKind.APPOINT_VISIT if act.appointment is None or act.appointment <= act.at:
            return ActRefusal.DATE_PASSED
        case ActKind.PICK_UP if status is Status.WITHDRAWN:
            return ActRefusal.ALREADY_WITHDRAWN
        case ActKind.LET_IN if not _has_project(packet, status):
            return ActRefusal.NO_PROJECT
        case ActKind.LET_IN if len(packet.let_in()) >= MOST_LET_IN:
            return ActRefusal.TOO_OFTEN
        case ActKind.ASK if status is Status.WITHDRAWN or act.matter not in packet.reviews:
            return ActRefusal.NOTHING_ASKED
        case ActKind.ANSWER:
            return questions.why_not_answer(packet, act)
        case kind if kind in handing.KINDS:
            return handing.why_not(packet, act.matter)
        case kind if kind in handing_out.KINDS:
            return handing_out.why_not(packet, act)
    return None


def _stands(packet: Packet, doubt: str) -> bool:
    return packet.header is not None and doubt in packet.header.doubts


def _has_project(packet: Packet, status: Status | None) -> bool:
    """Whether it was accepted, and for a project with a code: only then does it say whose the project is."""
    header = packet.header
    return header is not None and packet.accepted and header.project.code is not None and status is not Status.WITHDRAWN


def _is_awaited(packet: Packet, visit: str) -> bool:
    """Whether a joint site visit is still to be held: a review rests for it."""
    planned = next((v for number, v in packet.visits.items() if str(number) == visit and v.held_at is None), None)
    return planned is not None and bool(resting(packet, planned))
