"""The list of limits (跟踪督办): what is late and what is due soon, who has it, and who was told of it.

It names packets and whoever has a limit, no enterprise: the lead of the service team reads it for packets that it does
not review. Source: mission 9 (tracked supervision of deadlines).
"""

import re
from datetime import datetime, timedelta

from pydantic import Field

from kaigong.domain.flow import deadlines
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.clock import Office
from kaigong.domain.model.deadline import Deadline, DeadlineKind, Light, OwnerKind, Reminder
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words.deadlines import owner, subject, what

AHEAD = timedelta(days=14)  # choice: how far the list looks ahead; who is late is told of again within that
PAGE_ROWS = 50
MOST_LOOKED_AT = 100  # packets and records that one page of the list reads, whatever its filters leave of them
_PLACE = re.compile(r"[01](?P<at>[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z)~[A-Za-z0-9-]{3,64}")


def is_place(text: str) -> bool:
    """Whether it has the form of a place in the list."""
    return time_of(text) is not None


def time_of(place: str) -> datetime | None:
    """When a place in the list is due, or since when it is late; None for what is no place."""
    found = _PLACE.fullmatch(place)
    try:
        return datetime.fromisoformat(found["at"]) if found else None
    except ValueError:  # no such day
        return None


class DeadlineRow(Model):
    """A limit that is late or ends soon."""

    packet: str
    kind: DeadlineKind
    subject: str = Field(description="A matter, a material, an occasion, a visit's number; else the packet.")
    name: Text = Field(description="What is to be done, and of what.")
    owner: OwnerKind
    department: Code | None = None
    owner_name: Text
    officer: str | None = Field(default=None, repr=False, description="Of the department, who acts on it now.")
    since: datetime
    due: datetime
    due_certain: bool = True
    light: Light
    told: tuple[Reminder, ...] = Field(default=(), description="Who was told of it.")


class Deadlines(Model):
    """Limits that are late, the oldest first; then those that end soon, by when something is done about them."""

    checked_at: datetime
    rows: tuple[DeadlineRow, ...]
    next: str | None = Field(default=None, description="Where the list goes on: give it back as `after`.")


class Wanted(Model):
    """What of the list is asked for."""

    kind: DeadlineKind | None = None
    department: Code | None = None
    owner: OwnerKind | None = None
    light: Light | None = None

    def fits(self, row: DeadlineRow) -> bool:
        asked = (self.kind, self.department, self.owner, self.light)
        has = (row.kind, row.department, row.owner, row.light)
        return all(want is None or want == found for want, found in zip(asked, has, strict=True))


def row(
    packet: str, found: Deadline, told: tuple[Reminder, ...], catalogue: Catalogue, now: datetime, office: Office
) -> DeadlineRow:
    department = name_of(catalogue.departments, found.department) if found.department else None
    return DeadlineRow(
        packet=packet,
        kind=found.kind,
        subject=found.subject,
        name=what(found.kind, subject(found.kind, found.subject, catalogue)),
        owner=found.owner,
        department=found.department,
        owner_name=owner(found.owner, department),
        officer=found.assigned.has(now).called if found.assigned else None,
        since=found.since,
        due=found.due.at,
        due_certain=found.due.certain,
        light=_light(found, now, office),
        told=told,
    )


def _light(found: Deadline, now: datetime, office: Office) -> Light:
    if found.late(now):
        return Light.RED
    return Light.AMBER if now >= deadlines.soon_from(found, office) else Light.GREEN
