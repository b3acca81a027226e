"""The status codes of the national exchange standard for project approval, and what of ours they stand for.

Source: mission, "Facts from law and standards". This is the one table; nothing else in the system maps states to codes.
"""

from enum import StrEnum

from .packet import ResultCode, ReviewState, Status
from .states import PacketEvent, ReviewEvent
from .text import Model, Text


class Code(StrEnum):
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

    code: Code
    name: Text
    when: tuple[PacketEvent | ReviewEvent | str, ...] = ()


TABLE = (
    Row(code=Code.RECEIVED, name=Text(zh="已接件", en="received"), when=("submission",)),
    Row(code=Code.WITHDRAWN, name=Text(zh="已撤件", en="withdrawn"), when=(PacketEvent.WITHDRAWN,)),
    Row(code=Code.ACCEPTED, name=Text(zh="窗口已受理", en="accepted at the window"), when=(PacketEvent.ACCEPTED,)),
    Row(code=Code.NOT_ACCEPTED, name=Text(zh="不予受理", en="not accepted"), when=("refusal",)),
    Row(code=Code.REFUSED, name=Text(zh="不予许可", en="refused")),  # ours is 13, as both vendors end a review
    Row(
        code=Code.CORRECTION_STARTED,
        name=Text(zh="补正开始", en="correction started"),
        when=(PacketEvent.RETURNED, PacketEvent.CORRECTIONS_ASKED, ReviewEvent.CORRECTION_ASKED),
    ),
    Row(code=Code.CORRECTION_ENDED, name=Text(zh="补正结束", en="correction ended"), when=(ReviewEvent.CORRECTED,)),
    Row(
        code=Code.DEPARTMENT_STARTED, name=Text(zh="部门开始办理", en="department started"), when=(ReviewEvent.OPENED,)
    ),
    Row(
        code=Code.PROCEDURE_STARTED,
        name=Text(zh="特别程序开始", en="special procedure started"),
        when=(ReviewEvent.PROCEDURE_STARTED,),
    ),
    Row(
        code=Code.PROCEDURE_ENDED,
        name=Text(zh="特别程序结束", en="special procedure ended"),
        when=(ReviewEvent.PROCEDURES_ENDED,),
    ),
    Row(
        code=Code.APPROVED,
        name=Text(zh="办结（通过）", en="done (approved)"),
        when=(ReviewEvent.APPROVED, ReviewEvent.DECIDED_BY_RULES),
    ),
    Row(
        code=Code.APPROVED_WITH_GAPS,
        name=Text(zh="办结（容缺通过）", en="done (approved with gaps)"),
        when=("approved with an open gap",),
    ),
    Row(
        code=Code.NOT_APPROVED,
        name=Text(zh="办结（不通过）", en="done (not approved)"),
        when=(ReviewEvent.REJECTED, ReviewEvent.NEVER_OPENS),
    ),
    Row(code=Code.RECALLED, name=Text(zh="已撤回", en="recalled"), when=(ReviewEvent.RECALLED,)),
    Row(code=Code.REVOKED, name=Text(zh="已撤销", en="revoked"), when=(ReviewEvent.REVOKED,)),
)

NAMES = {row.code: row.name for row in TABLE}

_REVIEW = {
    ReviewState.OPEN: Code.DEPARTMENT_STARTED,
    ReviewState.PAUSED: Code.PROCEDURE_STARTED,
    ReviewState.CORRECTION: Code.CORRECTION_STARTED,
    ReviewState.APPROVED: Code.APPROVED,
    ReviewState.REJECTED: Code.NOT_APPROVED,
    ReviewState.UNOPENED: Code.NOT_APPROVED,
    ReviewState.WITHDRAWN: Code.WITHDRAWN,
    ReviewState.RECALLED: Code.RECALLED,
    ReviewState.REVOKED: Code.REVOKED,
}
_WAITING = {  # a matter without a review yet, by the packet's status
    Status.RETURNED: Code.CORRECTION_STARTED,
    Status.WITHDRAWN: Code.WITHDRAWN,
}


def of_matter(status: Status | None, review: ReviewState | None, result: ResultCode | None) -> Code:
    """The code of a matter now: taken back, else as decided, else where its review is, else where the packet is."""
    if review in (ReviewState.RECALLED, ReviewState.REVOKED):
        return _REVIEW[review]
    if result is not None:
        return Code(result.value)
    if review is not None:
        return _REVIEW[review]
    return Code.RECEIVED if status is None else _WAITING.get(status, Code.ACCEPTED)
