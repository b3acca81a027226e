"""The list of limits (跟踪督办), for the window, operations, the lead of the service team, and for whoever has one.

What is read is what is late or due soon, and of that at most so much a page: never every packet.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.routes import STAFF
from kaigong.domain.model.deadline import DeadlineKind, Light, OwnerKind
from kaigong.domain.words import names
from kaigong.portal import limits, parameters
from kaigong.portal.access import Caller, where_packets_are
from kaigong.portal.problems.actions import sees_all
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, shown
from kaigong.store import packets
from kaigong.store.packets import Limited
from kaigong.views.deadlines import (
    AHEAD,
    MOST_LOOKED_AT,
    PAGE_ROWS,
    DeadlineRow,
    Deadlines,
    Wanted,
    is_place,
    time_of,
)

_TONES = {Light.RED: "bad", Light.AMBER: "warn", Light.GREEN: "good"}
_LATE, _COMING = "0", "1"  # the two parts of the list


def listed(caller: Caller, wanted: Wanted, after: str = "") -> Deadlines:
    """A page of the list. Departments see what is theirs, the lead's people everything."""
    now = datetime.now(UTC)
    if not sees_all(caller):
        wanted = wanted.changed(department=caller.department)
    rows: list[DeadlineRow] = []
    looked_at = 0
    last = None
    for place, late, found in _limited(now, after):
        if (looked_at >= MOST_LOOKED_AT or len(rows) >= PAGE_ROWS) and place != last:
            return Deadlines(checked_at=now, rows=tuple(rows), next=last)
        looked_at, last = looked_at + 1, place
        rows += filter(wanted.fits, limits.rows(found, now, late=late))
    return Deadlines(checked_at=now, rows=tuple(rows))


def _limited(now: datetime, after: str) -> Iterator[tuple[str, bool, Limited]]:
    """The items that say so behind this place, each with its own; what stands before it is not read again."""
    reached, begins = time_of(after), now - timedelta(days=1)
    if after.startswith(_COMING):
        parts = [(_COMING, packets.coming(max(begins, reached or begins), now + AHEAD))]
    else:
        parts = [(_LATE, iter(packets.late(now, reached))), (_COMING, packets.coming(begins, now + AHEAD))]
    for part, entries in parts:
        for found in entries:
            if (place := f"{part}{found.at}~{found.packet}") > after:
                yield place, part == _LATE, found


def wanted(request: Request) -> Wanted:
    """What an address asks for. Raises Unanswered where it names what there is not."""
    departments = catalog.load().departments
    return Wanted.model_validate(
        {
            "kind": parameters.one_of(request, "kind", [*DeadlineKind]),
            "owner": parameters.one_of(request, "owner", [*OwnerKind]),
            "light": parameters.one_of(request, "light", [*Light]),
            "department": parameters.one_of(request, "department", departments),
        }
    )


def after(request: Request) -> str:
    """Where the list goes on."""
    place = request.query.get("after", "")
    if place and not is_place(place):
        raise Unanswered(problems.INVALID_PARAMETER, parameters.NEXT)
    return place


def _list(request: Request) -> Reply:
    """A form sends what was not chosen as well, empty."""
    asked = {name: value for name, value in request.query.items() if value}
    narrowed, may = replace(request, query=asked), sees_all(request.caller)
    found = listed(request.caller, wanted(narrowed), after(narrowed))
    return shown(
        "window/deadlines.html",
        {
            "found": found,
            "onward": urlencode({**asked, "after": found.next or ""}),
            "asked": asked,
            "kinds": names.DEADLINES,
            "lights": names.LIGHTS,
            "tones": _TONES,
            "told": names.REMINDERS,
            "departments": catalog.load().departments if may else {},
            "packets": where_packets_are(request.caller),
        },
    )


PAGES = (Page("deadlines", "/deadlines", _list, groups=STAFF),)
