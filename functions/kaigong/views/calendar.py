"""A packet's dates as a calendar file (RFC 5545), for an applicant's own calendar.

An own writer: what is needed of the standard is a page long, and the library for it brings two others. A date keeps its
identity from one file to the next, so that a calendar that reads a newer file moves it and shows it once.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from kaigong.domain.flow import deadlines
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import Office
from kaigong.domain.model.deadline import OwnerKind
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import Header, Packet
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words.deadlines import owner, subject, what

from .words import calendar as words

_LONGEST = 75  # octets of a line (RFC 5545, 3.1)
_THEIRS = (OwnerKind.APPLICANT, OwnerKind.DEPARTMENT, OwnerKind.WINDOW)
_REMIND = timedelta(days=1)


class Date(Model):
    """Something that is due, or takes place, at a moment."""

    id: str  # the same as long as it is the same thing
    at: datetime
    title: Text
    packet: str
    remind: bool = False  # whether the applicant is to do something


def dates(packet: Packet, catalogue: Catalogue, now: datetime, office: Office) -> tuple[Date, ...]:
    """What is still to come of a packet: the applicant's own limits, by when others act, and site visits."""
    found = [
        Date(
            id=f"{packet.packet}.{limit.name}.{limit.turn}",
            at=limit.due.at,
            title=words.due(
                what(limit.kind, subject(limit.kind, limit.subject, catalogue)),
                owner(limit.owner, name_of(catalogue.departments, limit.department) if limit.department else None),
            ),
            packet=packet.packet,
            remind=limit.owner is OwnerKind.APPLICANT,
        )
        for limit in deadlines.of(packet, office)
        if limit.owner in _THEIRS and not limit.rests and limit.due.at > now
    ]
    found += [
        Date(
            id=f"{packet.packet}.visit.{visit.number}",
            at=visit.appointment,
            title=words.VISIT,
            packet=packet.packet,
            remind=True,
        )
        for visit in packet.visits.values()
        if visit.appointment and visit.held_at is None and visit.appointment > now
    ]
    return tuple(sorted(found, key=lambda date: (date.at, date.id)))


def of_headers(headers: Iterable[Header], now: datetime) -> tuple[Date, ...]:
    """What an enterprise is to do for all of these packets, by their headers alone."""
    found = (
        Date(
            id=f"{header.packet}.asks.{kind.value}",
            at=at,
            title=words.due(what(kind, None), owner(OwnerKind.APPLICANT, None)),
            packet=header.packet,
            remind=True,
        )
        for header in headers
        for kind, at in header.asks.items()
        if at > now
    )
    return tuple(sorted(found, key=lambda date: (date.at, date.id)))


def ics(found: Iterable[Date], now: datetime, home: str, *, english: bool) -> bytes:
    """The file. `home` is the portal's address, which each date leads to."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kaigong//Dates//EN", "CALSCALE:GREGORIAN"]
    for date in found:
        title = date.title.en if english else date.title.zh
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(date.id)}@kaigong",
            f"DTSTAMP:{_utc(now)}",
            f"DTSTART:{_utc(date.at)}",
            f"SUMMARY:{_text(title)}",
            f"DESCRIPTION:{_text(date.packet)}",
            f"URL:{home}/packets/{date.packet}",
            "TRANSP:TRANSPARENT",
        ]
        if date.remind:
            trigger = f"TRIGGER:-P{_REMIND.days}D"
            lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", trigger, "END:VALARM"]
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}Z"


def _text(value: str) -> str:
    """A value as RFC 5545, 3.3.11 writes it. Control characters have no place in one."""
    plain = "".join(c for c in value if c == "\n" or c.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, none of which breaks a character; all but the first begin with a space."""
    part, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + character, size + octets
    yield part
