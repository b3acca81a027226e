"""What applicant and departments are told when a special procedure starts or ends.

Sources: 行政许可法 §45: its time does not count, and the applicant is told so in writing; mission 14 (联合踏勘: one
appointment for all).
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


def ended(kind: ProcedureKind, department: Text, matter: Text) -> Text:
    """The time limit runs again."""
    return _whose(kind, department, matter, _RUNS)


_RUNS = Text(zh="结束，办理时限继续计算", en="has ended; the time limit is running again")


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


# joint site visits


def appointed(at: datetime, departments: Text, place: str, note: str) -> Text:
    """The date of a joint site visit, its place where that is known, and who takes part."""
    when = moment(at)
    return Text(
        zh=f"联合踏勘定于{when.zh}，"
        + (f"地点：{place}，" if place else "")
        + f"参加部门：{departments.zh}。请申请人到场配合。"
        + (f"说明：{note}" if note else ""),
        en=f"The joint site visit is on {when.en}, with {departments.en}. "
        + (f"Place: {place}. " if place else "")
        + "Please be there."
        + (f" Note: {note}" if note else ""),
    )


def left(department: Text, matter: Text, appointment: datetime | None, found: str) -> Text:
    """A department ended its part before the appointed time, or while there was none: the others' limits rest on."""
    if appointment is None:
        return _found(ended(ProcedureKind.SITE_VISIT, department, matter), found)
    when = moment(appointment)
    said = Text(
        zh=f"{department.zh}（{matter.zh}）：在约定时间（{when.zh}）之前退出联合踏勘，办理时限继续计算。",
        en=f"{department.en} ({matter.en}): left the joint site visit before its date ({when.en}); the time limit is "
        "running again.",
    )
    return _found(said, found)


def reported(department: Text, matter: Text, found: str) -> Text:
    """A department ended its part; its limit rests until the visit is over for all."""
    said = Text(
        zh=f"{department.zh}（{matter.zh}）：已完成踏勘，各参加部门都完成后，办理时限一并继续计算。",
        en=f"{department.en} ({matter.en}): its part of the joint site visit is done; the time limit runs again once "
        "every department has finished.",
    )
    return _found(said, found)


def late(department: Text, matter: Text, found: str) -> Text:
    """A department said what it found after the visit was over."""
    said = Text(
        zh=f"{department.zh}（{matter.zh}）：联合踏勘结束后补报踏勘情况。",
        en=f"{department.en} ({matter.en}): reported what it found after the joint site visit had ended.",
    )
    return _found(said, found)


def one_visit(matters: Text) -> Text:
    """Joint acceptance: nobody has to ask for the visit."""
    return Text(
        zh=f"联合验收实行一次联合踏勘：{matters.zh}。综合窗口将与您约定一个时间，各部门一同到场；踏勘期间办理时限暂停计算，"
        "踏勘情况一次告知。",
        en=f"Joint acceptance has one site visit for all departments: {matters.en}. The service window will agree on "
        "one date with you. The time limits rest until then, and you are told of everything that is found in one "
        "notice.",
    )


def found(department: Text, matter: Text, said: str) -> Text:
    return Text(zh=f"{department.zh}（{matter.zh}）踏勘情况：{said}", en=f"{department.en} ({matter.en}) found: {said}")


def _found(said: Text, found: str) -> Text:
    return Text(zh=f"{said.zh}踏勘情况：{found}", en=f"{said.en} Found: {found}")


def over(matters: Text, silent: Text | None) -> Text:
    """The limits of these matters run again. The departments of `silent` ones did not say in time what they found."""
    said = Text(
        zh=f"联合踏勘结束，办理时限继续计算：{matters.zh}。",
        en=f"The joint site visit is over; the time limit is running again: {matters.en}.",
    )
    if silent is None:
        return said
    return Text(
        zh=f"{said.zh}未在期限内反馈踏勘情况：{silent.zh}。",
        en=f"{said.en} Not reported in time what was found: {silent.en}.",
    )
