"""Notes to colleagues and records of calls: for who works on a packet, never for its applicant."""

from datetime import UTC, datetime

from kaigong.contract import problems
from kaigong.contract.routes import Group
from kaigong.contract.work import RemarkRequest, Remarks, RemarkShown, remark, shown
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.remark import MOST, WINDOW, Remark, RemarkKind
from kaigong.portal.access import Caller
from kaigong.portal.unanswered import Unanswered
from kaigong.store import acts
from kaigong.store import remarks as kept


def of(caller: Caller, packet: Packet) -> Remarks:
    """What the caller may read: calls, and the notes of the own department or the window."""
    if not any(act.remark for act in packet.acts.values()):  # mostly there are none
        return Remarks(remarks=())
    known = {act.remark for act in packet.acts.values()}
    mine = _owners(caller)
    found = (one for one in kept.of(packet.packet) if one.mark in known)
    return Remarks(remarks=tuple(shown(one) for one in found if one.kind is RemarkKind.CALL or one.department in mine))


def put(caller: Caller, packet: Packet, asked: RemarkRequest) -> RemarkShown:
    """Keep a remark, and have the ledger say that there is one. Raises Unanswered where there are too many."""
    made = remark(asked, _owner(caller, packet), caller.called, caller.account, datetime.now(UTC))
    act = made.act(caller.name)
    if act.name not in packet.acts:
        if not packet.is_there or _count(packet, made) >= MOST:
            raise Unanswered(problems.TOO_OFTEN)
        kept.put(packet.packet, made)
        acts.record(packet.packet, act)
    return shown(made)


def _count(packet: Packet, made: Remark) -> int:
    same = f"{made.kind.value}.{made.department}."
    return sum(name.startswith(same) for name in packet.acts)


def _owner(caller: Caller, packet: Packet) -> str:
    """Whose remark it is: of a department that reviews the packet, else of the window."""
    reviewing = {review.department for review in packet.reviews.values()}
    if Group.DEPARTMENT in caller.groups and caller.department in reviewing:
        return str(caller.department)
    return WINDOW


def _owners(caller: Caller) -> set[str]:
    found = {caller.department} if Group.DEPARTMENT in caller.groups and caller.department else set()
    return {*found, WINDOW} if Group.WINDOW in caller.groups else {str(one) for one in found}
