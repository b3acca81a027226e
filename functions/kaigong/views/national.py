"""The status codes of the national exchange standard for project approval, and what of ours they stand for.

Source: mission, "Facts from law and standards". This is the one table; nothing else in the system maps states to codes.
"""

from enum import StrEnum

from kaigong.domain.model.packet import TAKEN_BACK, ResultCode, ReviewState, Status
from kaigong.domain.model.states import PacketEvent, ReviewEvent
from kaigong.domain.model.text import Model, Text


class NationalCode(StrEnum):
    RECEIVED = "1"
    WITHDRAWN = "2"
    ACCEPTED = "3"
    NOT_ACCEPTED = "4"
    REFUSED = "5"
    CORRECTION_STARTED = "6"
    CORRECTION_ENDED = "7"
    DEPARTMENT_STARTED = "8"
    PROCEDURE_STARTED = "9"
    PROCEDURE_ENDED = "10"
    APPROVED = "11"
    APPROVED_WITH_GAPS = "12"
    NOT_APPROVED = "13"
    RECALLED = "14"
    REVOKED = "15"


class Row(Model):
    """One code: its name, and what in this system gives it. `when` empty: nothing does."""

    code: NationalCode
    name: Text
    when: tuple[PacketEvent | ReviewEvent | str, ...] = ()


TABLE = (
    Row(code=NationalCode.RECEIVED, name=Text(zh="已接件", en="received"), when=("submission",)),
    Row(code=NationalCode.WITHDRAWN, name=Text(zh="已撤件", en="withdrawn"), when=(PacketEvent.WITHDRAWN,)),
    Row(
        code=NationalCode.ACCEPTED,
        name=Text(zh="窗口已受理", en="accepted at the window"),
        when=(PacketEvent.ACCEPTED,),
    ),
    Row(code=NationalCode.NOT_ACCEPTED, name=Text(zh="不予受理", en="not accepted"), when=("refusal",)),
    Row(code=NationalCode.REFUSED, name=Text(zh="不予许可", en="refused")),  # ours is 13, as both vendors end a review
    Row(
        code=NationalCode.CORRECTION_STARTED,
        name=Text(zh="补正开始", en="correction started"),
        when=(
            PacketEvent.RETURNED,
            PacketEvent.CORRECTIONS_ASKED,
            ReviewEvent.CORRECTION_ASKED,
            ReviewEvent.DOUBT_CONFIRMED,
        ),
    ),
    Row(
        code=NationalCode.CORRECTION_ENDED,
        name=Text(zh="补正结束", en="correction ended"),
        when=(ReviewEvent.CORRECTED, ReviewEvent.DOUBTS_CLEARED, PacketEvent.CORRECTIONS_RETRACTED),
    ),
    Row(
        code=NationalCode.DEPARTMENT_STARTED,
        name=Text(zh="部门开始办理", en="department started"),
        when=(ReviewEvent.OPENED, ReviewEvent.RETRACTED),
    ),
    Row(
        code=NationalCode.PROCEDURE_STARTED,
        name=Text(zh="特别程序开始", en="special procedure started"),
        when=(ReviewEvent.PROCEDURE_STARTED,),
    ),
    Row(
        code=NationalCode.PROCEDURE_ENDED,
        name=Text(zh="特别程序结束", en="special procedure ended"),
        when=(ReviewEvent.PROCEDURES_ENDED,),
    ),
    Row(
        code=NationalCode.APPROVED,
        name=Text(zh="办结（通过）", en="done (approved)"),
        when=(ReviewEvent.APPROVED, ReviewEvent.DECIDED_BY_RULES),
    ),
    Row(
        code=NationalCode.APPROVED_WITH_GAPS,
        name=Text(zh="办结（容缺通过）", en="done (approved with gaps)"),
        when=("approved with an open gap",),
    ),
    Row(
        code=NationalCode.NOT_APPROVED,
        name=Text(zh="办结（不通过）", en="done (not approved)"),
        when=(ReviewEvent.REJECTED, ReviewEvent.NEVER_OPENS),
    ),
    Row(code=NationalCode.RECALLED, name=Text(zh="已撤回", en="recalled"), when=(ReviewEvent.RECALLED,)),
    Row(code=NationalCode.REVOKED, name=Text(zh="已撤销", en="revoked"), when=(ReviewEvent.REVOKED,)),
)

NAMES = {row.code: row.name for row in TABLE}

OF_EVENT = {event: row.code for row in TABLE for event in row.when}

_REVIEW = {
    ReviewState.OPEN: NationalCode.DEPARTMENT_STARTED,
    ReviewState.PAUSED: NationalCode.PROCEDURE_STARTED,
    ReviewState.CORRECTION: NationalCode.CORRECTION_STARTED,
    ReviewState.APPROVED: NationalCode.APPROVED,
    ReviewState.REJECTED: NationalCode.NOT_APPROVED,
    ReviewState.UNOPENED: NationalCode.NOT_APPROVED,
    ReviewState.WITHDRAWN: NationalCode.WITHDRAWN,
    ReviewState.RECALLED: NationalCode.RECALLED,
    ReviewState.REVOKED: NationalCode.REVOKED,
}
_WAITING = {  # a matter without a review yet, by the packet's status
    Status.RETURNED: NationalCode.CORRECTION_STARTED,
    Status.WITHDRAWN: NationalCode.WITHDRAWN,
}


def of_matter(status: Status | None, review: ReviewState | None, result: ResultCode | None) -> NationalCode:
    """The code of a matter now: taken back, else as decided, else where its review is, else where the packet is."""
    if review is not None and review in TAKEN_BACK:
        return _REVIEW[review]
    if result is not None:
        return NationalCode(result.value)
    if review is not None:
        return _REVIEW[review]
    return NationalCode.RECEIVED if status is None else _WAITING.get(status, NationalCode.ACCEPTED)
