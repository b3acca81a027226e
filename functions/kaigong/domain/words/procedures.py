"""What applicant and departments are told when a special procedure starts or ends.

Source: 行政许可法 §45: its time does not count, and the applicant is told so in writing.
"""

from datetime import datetime

from kaigong.domain.model.clock import Office
from kaigong.domain.model.messages import ProcedureKind
from kaigong.domain.model.text import Text

from . import names
from .clock import moment

PASSED = Text(
    zh="约定的时间已过。请与各参加部门和申请人另行约定今后的时间。",
    en="That time has passed. Agree on a later one with the departments and the applicant.",
)


def closed(office: Office) -> Text:
    """Nobody is there then."""
    return Text(
        zh=f"约定的时间不在工作时间内。请约定工作日{office.opens:%H:%M}至{office.closes:%H:%M}之间的时间。",
        en=f"That is outside opening hours. Choose a time on a working day between {office.opens:%H:%M} and "
        f"{office.closes:%H:%M}.",
    )


def started(
    kind: ProcedureKind, department: Text, matter: Text, appointment: datetime | None = None, note: str = ""
) -> Text:
    """The time limit rests from now on; with the appointment and the department's note, where there are any."""
    text = _whose(
        kind, department, matter, Text(zh="开始，办理时限暂停计算", en="has started; the time limit is paused")
    )
    return _with(text, appointment, note)


def ended(kind: ProcedureKind, department: Text, matter: Text, appointment: datetime | None = None) -> Text:
    """The time limit runs again."""
    ends = Text(zh="结束，办理时限继续计算", en="has ended; the time limit is running again")
    return _with(_whose(kind, department, matter, ends), appointment, "")


def _whose(kind: ProcedureKind, department: Text, matter: Text, what: Text) -> Text:
    name = names.PROCEDURES[kind]
    return Text(
        zh=f"{department.zh}（{matter.zh}）：{name.zh}{what.zh}。",
        en=f"{department.en} ({matter.en}): {name.en} {what.en}.",
    )


def _with(text: Text, appointment: datetime | None, note: str) -> Text:
    when = moment(appointment) if appointment else None
    return Text(
        zh=text.zh + (f"时间：{when.zh}。" if when else "") + (f"说明：{note}" if note else ""),
        en=text.en + (f" Appointment: {when.en}." if when else "") + (f" Note: {note}" if note else ""),
    )
