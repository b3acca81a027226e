"""How each matter of a packet stands: its state, its time limit and the sum behind it, what rules said, its result.

Read only, and computed from the packet as it now is. Sources: mission 8 (live progress), 9 (tracked supervision of
deadlines), 14 (rules decide what rules can decide); 行政许可法 §45 (what does not count in a limit).
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from kaigong.domain.flow.review import rests_for_correction
from kaigong.domain.model.catalogue import Catalogue, Code, Matter, Route
from kaigong.domain.model.clock import Office, Pause, arithmetic
from kaigong.domain.model.messages import DecisionReason
from kaigong.domain.model.naming import Named, joined, name_of, named
from kaigong.domain.model.packet import (
    TAKEN_BACK,
    MatterResult,
    Packet,
    ResultCode,
    Review,
    ReviewState,
)
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names
from kaigong.domain.words import review as said
from kaigong.domain.words.clock import summed
from kaigong.domain.words.remedies import REMEDY

from . import national, words
from .states import MatterState
from .team import resting


class NationalStatus(Model):
    """Where a matter is now, by the national exchange standard."""

    code: national.NationalCode
    name: Text


class Rest(Model):
    """What a matter's time limit rests for: a correction, or a special procedure with the department's note."""

    kind: str
    name: Text
    since: datetime
    note: str | None = None


class RuleAsked(Model):
    """A rule that was asked to decide the matter, and what it said. What it looked at stands in the ledger."""

    rule: Code
    holds: bool
    text: Text


class MatterStatus(Model):
    """One matter of the packet. `code` and `outcome` are those of the joint result, and stay as they were given.

    `reasons` and `decided_at` are those of the newest decision; after an approval was taken back, of that.
    """

    matter: Code
    name: Text
    department: Code
    department_name: Text
    route: Route
    state: MatterState
    national: NationalStatus
    waits_for: tuple[Named, ...] = ()
    round: int | None = None
    due: datetime | None = None
    due_certain: bool = True
    overdue: bool = False
    clock: Text | None = Field(default=None, description="How the time limit comes about, or since when it rests.")
    rests: tuple[Rest, ...] = ()
    decided_at: datetime | None = None
    by_rules: bool = Field(default=False, description="Decided by rules at once.")
    rules: tuple[RuleAsked, ...] = ()
    code: ResultCode | None = None
    outcome: Text | None = None
    remedy: Text | None = Field(default=None, description="Not approved: what can be done against it, and how long.")
    conditions: tuple[str, ...] = ()
    reasons: tuple[DecisionReason, ...] = ()
    not_opened: Text | None = Field(default=None, description="Why it was never reviewed, where `reasons` say so.")


class DepartmentsAnswered(Model):
    """How many departments have answered for all of their matters, and which have not."""

    answered: int
    of: int
    waiting_for: tuple[Named, ...]
    text: Text


_RESTING = (ReviewState.PAUSED, ReviewState.CORRECTION)
_REFUSED = (ReviewState.REJECTED, ReviewState.UNOPENED, *TAKEN_BACK)
_UNLIMITED = (ReviewState.UNOPENED, ReviewState.WITHDRAWN)


def matters(
    packet: Packet, routes: Mapping[Code, Route], catalogue: Catalogue, now: datetime, office: Office
) -> tuple[MatterStatus, ...]:
    """The matters applied for, in the applicant's order."""
    return tuple(_matter(packet, code, routes, catalogue, now, office) for code in routes)


def answered(matters: tuple[MatterStatus, ...]) -> DepartmentsAnswered:
    """A department has answered when none of its matters is open or still to be opened."""
    every = {m.department: Named(code=m.department, name=m.department_name) for m in matters}
    with_it = (MatterState.OPEN, MatterState.PAUSED, MatterState.WAITING)
    pending = {m.department for m in matters if m.state in with_it}
    waiting = tuple(named for code, named in every.items() if code in pending)
    count, of = len(every) - len(waiting), len(every)
    text = words.matters.answered(count, of)
    if waiting:
        text = words.matters.waiting(count, of, joined(named.name for named in waiting))
    return DepartmentsAnswered(answered=count, of=of, waiting_for=waiting, text=text)


def _matter(
    packet: Packet,
    code: Code,
    routes: Mapping[Code, Route],
    catalogue: Catalogue,
    now: datetime,
    office: Office,
) -> MatterStatus:
    """How a matter stands: by its review, or by the packet while it has none."""
    review, entry, found = packet.reviews.get(code), catalogue.matters.get(code), _result(packet, code)
    department = review.department if review else entry.department if entry else ""
    status = packet.header.status if packet.header else None
    now_code = national.of_matter(status, _nationally(review) if review else None, found.code if found else None)
    row = MatterStatus(
        matter=code,
        name=name_of(catalogue.matters, code),
        department=department,
        department_name=name_of(catalogue.departments, department),
        route=routes[code],
        state=_without_review(packet),
        national=NationalStatus(code=now_code, name=national.NAMES[now_code]),
        code=found.code if found else None,
        outcome=names.RESULTS[found.code] if found else None,
    )
    if review is not None:
        why = _not_opened(packet, entry, catalogue) if review.state is ReviewState.UNOPENED else None
        at = packet.taken_back_at(code) or review.decided_at
        return _reviewed(row, review, now, office).changed(not_opened=why, decided_at=at)
    wanted = catalogue.before(code) if entry and row.state is MatterState.WAITING else ()
    before = [p for p in wanted if p in routes and not _approved(packet, p)]
    return row.changed(waits_for=tuple(named(catalogue.matters, p) for p in before))


def _nationally(review: Review) -> ReviewState:
    """The state of a review for the national standard: 补正 is one, whether the department or the window asked."""
    rests = review.pending and rests_for_correction(review)
    return ReviewState.CORRECTION if rests else review.state


def _result(packet: Packet, matter: Code) -> MatterResult | None:
    return next((m for m in packet.result.matters if m.matter == matter), None) if packet.result else None


def _without_review(packet: Packet) -> MatterState:
    header = packet.header
    if header and header.withdrawn_at:
        return MatterState.WITHDRAWN
    return MatterState.WAITING if header and header.accepted_at else MatterState.APPLIED


def _approved(packet: Packet, matter: Code) -> bool:
    review = packet.reviews.get(matter)
    return review is not None and review.state is ReviewState.APPROVED


def _not_opened(packet: Packet, entry: Matter | None, catalogue: Catalogue) -> Text | None:
    """In both languages what the review's reason says in one string. None where the catalogue knows no more."""
    before = catalogue.before(entry.code) if entry else ()
    refused = [p for p in before if p in packet.reviews and not _approved(packet, p)]
    return said.not_opened(name_of(catalogue.matters, p) for p in refused) if refused else None


def _reviewed(row: MatterStatus, review: Review, now: datetime, office: Office) -> MatterStatus:
    """The row of a matter with what its review says."""
    reviewed = row.changed(
        state=MatterState(review.state.value),
        round=review.round,
        overdue=review.state is ReviewState.OPEN and now > review.due.at,
        by_rules=review.by_rules,
        rules=tuple(RuleAsked(rule=r.rule, holds=r.holds, text=r.text) for r in review.rules),
        conditions=review.conditions,
        remedy=REMEDY if review.state in _REFUSED else None,
        reasons=review.reasons,
    )
    return _limited(reviewed, review, office)


def _limited(row: MatterStatus, review: Review, office: Office) -> MatterStatus:
    """With the review's time limit. While it rests nobody knows its end; one unopened or withdrawn has none."""
    if review.state in _UNLIMITED:
        return row
    pauses = resting(review) if review.state in _RESTING else []
    if pauses:
        rests = tuple(
            Rest(kind=p.kind, name=names.PAUSES[p.kind], since=p.since, note=p.note or None)
            for p in sorted(pauses, key=lambda p: p.since)
        )
        return row.changed(rests=rests, clock=_rests(pauses, office))
    return row.changed(due=review.due.at, due_certain=review.due.certain, clock=_sum(review, office))


def _sum(review: Review, office: Office) -> Text | None:
    """The sum behind the limit. None for what rules decided, and where the calendar has changed since the limit was
    set: the date that was told stands.
    """
    found = arithmetic(review.opened_at, review.working_days, office, review.pauses)
    return None if review.by_rules or found.due != review.due else summed(found)


def _rests(pauses: list[Pause], office: Office) -> Text:
    since = min(p.since for p in pauses).astimezone(office.zone)
    return words.matters.rests(since, joined(names.PAUSES[kind] for kind in dict.fromkeys(p.kind for p in pauses)))
