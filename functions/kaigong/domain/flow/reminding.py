"""The messages about limits (跟踪督办): to who has one, to the lead of the service team, to the city.

Source: mission 9.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.deadline import Deadline, DeadlineKind, OwnerKind, Reminder, matter_in
from kaigong.domain.model.messages import NoticeMessage
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import NoticeKind, Packet
from kaigong.domain.model.supervision import SupervisionRecord

from .deadlines import ORDER
from .delivery import acts_on, said_to_department

_OWNERS = (Reminder.SOON, Reminder.OVER)
_OF_RECORDS = {Reminder.SOON: "soon", Reminder.OVER: "due", Reminder.LEAD: "escalated", Reminder.CITY: "to-city"}


class _About(NamedTuple):
    """A limit, as far as its messages tell it."""

    kind: DeadlineKind
    subject: str
    owner: OwnerKind
    department: Code | None = None
    officer: str | None = None  # the account of who acts on it now


def messages(packet: Packet, orders: Iterable[str], catalogue: Catalogue, now: datetime) -> list[NoticeMessage]:
    """Those that the outbox orders. One that ended meanwhile is told all the same: it had come so far."""
    said = (order.split(":", 4)[1:] for order in orders if order.startswith(f"{ORDER}:"))
    return [
        NoticeMessage(
            id=f"{packet.packet}.limit.{kind}.{subject}.{turn}.{reminder}",
            packet=packet.packet,
            sent_at=now,
            kind=f"limit-{reminder}",
            round=packet.header.round if packet.header else 1,
            **_said(
                packet.packet, _about(packet, DeadlineKind(kind), subject, now), Reminder(reminder), catalogue, "/desk"
            ),
        )
        for reminder, kind, turn, subject in said
    ]


def _about(packet: Packet, kind: DeadlineKind, subject: str, now: datetime) -> _About:
    match kind:
        case DeadlineKind.REVIEW | DeadlineKind.VISIT_REPORT | DeadlineKind.QUESTION:
            review = packet.reviews[matter_in(subject)]
            return _About(kind, subject, OwnerKind.DEPARTMENT, review.department, acts_on(review, now))
        case DeadlineKind.GAP:
            return _About(kind, subject, OwnerKind.APPLICANT)
        case DeadlineKind.HAND_OUT:
            return _About(kind, subject, OwnerKind.WINDOW)
        case _:
            return _About(kind, subject, OwnerKind.SYSTEM)


def of_record(
    record: SupervisionRecord, found: Deadline, reminder: Reminder, catalogue: Catalogue, now: datetime
) -> NoticeMessage:
    """The same of a supervision record. The same again has the same id."""
    about = _About(found.kind, record.matter, found.owner, record.department)
    said = _said(record.packet, about, reminder, catalogue, "/supervision")
    if found.owner is OwnerKind.APPLICANT and reminder in _OWNERS:
        said |= {
            "department": None,
            "link": f"/packets/{record.packet}/supervision",
            "sms": words.notices.sms(record.packet, NoticeKind.SUPERVISION),
            "text": words.notices.long(record.packet, NoticeKind.SUPERVISION, found.due.at),
        }
    return NoticeMessage(
        id=f"{record.name}.{found.kind.value}.{found.due.at.astimezone(UTC):%Y%m%d%H%M%S}.{reminder.value}",
        packet=record.packet,
        sent_at=now,
        kind=f"supervision-{_OF_RECORDS[reminder]}",
        round=1,
        **said,
    )


def _said(packet: str, about: _About, reminder: Reminder, catalogue: Catalogue, desk: str) -> dict[str, Any]:
    """Whom a message about a limit is for, and what it says. `desk` is where a department works on it."""
    name = name_of(catalogue.departments, about.department) if about.department else None
    what = words.deadlines.what(about.kind, words.deadlines.subject(about.kind, about.subject, catalogue))
    title = words.deadlines.told(what, reminder, words.deadlines.owner(about.owner, name))
    if reminder is Reminder.LEAD and catalogue.lead:
        whom = {"department": catalogue.lead.code}
    elif about.department and reminder is not Reminder.CITY:
        said = said_to_department(packet, title, desk)
        return {"department": about.department, "officer": about.officer, "title": title, **said}
    else:
        whom = {"to": "window" if reminder in _OWNERS else "city"}
    return {**whom, "title": title, **said_to_department(packet, title, "/deadlines")}
