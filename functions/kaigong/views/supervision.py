"""Supervision as people are told: to who supervises with all that an inspection needs, to the enterprise and the others
what becomes of its approvals and what it can do.

Source: mission 11 (both sides see a record live: pushed, seen, claimed, inspected) and 12.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from kaigong.domain.flow.draw import commitment as seed_commitment
from kaigong.domain.flow.supervision import Around, by_finding, contest_until
from kaigong.domain.model.anchor import Anchor, SignedAnchor
from kaigong.domain.model.catalogue import Catalogue, Code, Route
from kaigong.domain.model.deadline import Reminder
from kaigong.domain.model.manifest import PACKET_PATTERN, Enterprise, Project
from kaigong.domain.model.naming import Named, named
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.roster import Bar, Roster
from kaigong.domain.model.supervision import (
    Drawn,
    Ending,
    FindingOutcome,
    Found,
    Photo,
    SupervisionEvent,
    SupervisionListed,
    SupervisionRecord,
    SupervisionState,
    can,
)
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

PAGE_ROWS = 50  # records that one answer lists
_PLACE = re.compile(
    rf"[0-9]{{4}}(-[0-9]{{2}}){{2}}T[0-9]{{2}}(:[0-9]{{2}}){{2}}Z~{PACKET_PATTERN.strip('^$')}\.[a-z0-9-]{{1,40}}"
)


def is_place(text: str) -> bool:
    """Whether it has the form of a place in a department's list."""
    return _PLACE.fullmatch(text) is not None


class SupervisionRow(Model):
    """An open record in its department's list."""

    record: str
    packet: str
    matter: Named
    state: SupervisionState
    state_name: Text
    enterprise: str
    project: str
    due: datetime
    due_certain: bool
    overdue: bool


class Supervised(Model):
    """What a department supervises and has not ended, what is due first first."""

    department: Named
    rows: tuple[SupervisionRow, ...]
    next: str | None = Field(default=None, description="Where the list goes on: give it back as `after`.")
    checked_at: datetime


class StepShown(Model):
    """Something that happened to a record."""

    event: SupervisionEvent
    name: Text
    at: datetime
    who: str = Field(default="", repr=False, description="The department's person, where who supervises reads it.")


class InspectorShown(Model):
    """An inspector who was drawn, by certificate, and by name where who supervises reads it."""

    number: str
    name: str = Field(default="", repr=False)


class HeardShown(Model):
    """A finding was contested, and how that was answered."""

    text: str
    at: datetime
    stands: bool | None = None
    reasons: str = ""
    answered_at: datetime | None = None


class PhotoShown(Model):
    """A photo of an inspection; its address is asked for by its id."""

    id: str
    at: datetime
    opens: bool = Field(description="Whether it can be looked at; else it is to be taken again.")
    sha256: str | None = None


class FindingShown(Model):
    """What an inspection found."""

    outcome: FindingOutcome
    name: Text
    at: datetime
    text: str = ""
    basis: str = ""
    rectify_by: datetime | None = None
    report: str = Field(default="", description="What the enterprise says that it put right.")
    heard: HeardShown | None = None
    photos: tuple[PhotoShown, ...] = ()


Possible = Literal["claim", "plan", "finding", "reply", "recuse", "rectified", "contest"]


class SupervisionShown(Model):
    """A supervision record: where it is, who has it, by when, what was found; and what can be said of it now."""

    record: str
    packet: str
    version: int = Field(description="Give it back with what you say: it tells whether somebody was faster.")
    matter: Named
    department: Named = Field(description="That supervises.")
    decided_by: Named = Field(description="That approved.")
    decided_at: datetime
    route: Route
    drawn: Drawn
    drawn_name: Text
    drawn_on: date = Field(description="By whose seed: `kaigong supervision draw DAY --verify PACKET` draws again.")
    roster: int = Field(default=0, description="The roster's version that its inspectors were drawn from; 0: none.")
    inspectors: tuple[InspectorShown, ...] = ()
    barred: dict[str, Bar] = Field(default={}, description="Who of the roster was passed over, by certificate.")
    state: SupervisionState
    state_name: Text
    ending: Ending | None = None
    ending_name: Text | None = None
    due: datetime | None = Field(default=None, description="By when the next thing is to be done.")
    due_certain: bool = True
    overdue: bool = False
    escalated: bool = Field(default=False, description="The lead knows that it is overdue.")
    inspect_by: datetime
    appointment: datetime | None = None
    findings: tuple[FindingShown, ...] = ()
    steps: tuple[StepShown, ...] = ()
    can: tuple[Possible, ...] = Field(default=(), description="What may be said of it now, by whose turn it is.")
    contest_until: datetime | None = None


class PacketSupervision(Model):
    """The supervision of what was approved in a packet."""

    packet: str
    records: tuple[SupervisionShown, ...]


class SupervisionTaskShown(SupervisionShown):
    """The same with what an inspector needs."""

    enterprise: Enterprise
    project: Project
    conditions: tuple[str, ...] = Field(default=(), description="Of the approval.")
    committed: tuple[Text, ...] = Field(default=(), description="What was committed to, as the letter has it.")
    gaps: tuple[Named, ...] = Field(default=(), description="Promised papers that are still missing.")
    photos: tuple[PhotoShown, ...] = Field(default=(), description="Taken for the next finding.")


class SignedDraw(Model):
    """An anchor that told a day's seed, or its SHA-256, with its signature."""

    anchor: Anchor
    signature: str = Field(description="ECDSA on P-256 over the anchor's canonical JSON, DER in base64.")
    public_key: str = Field(description="DER (SubjectPublicKeyInfo) in base64; the city publishes its own.")


class DrawShown(Model):
    """The draw of a day. The seed is shown once the day is over; until then its SHA-256 says that it stands."""

    day: date
    sha256: str
    seed: str | None = None
    promised: SignedDraw | None = Field(default=None, description="The anchor that had its SHA-256 before the day.")
    published: SignedDraw | None = Field(default=None, description="The anchor that had the seed after it.")


class RosterNumbers(Model):
    """A version of a department's roster of inspectors, by certificates alone: what a draw is done again with."""

    department: Code
    version: int
    numbers: tuple[str, ...]


def supervised(
    department: Code, listed: Iterable[SupervisionListed], catalogue: Catalogue, now: datetime, more: str | None
) -> Supervised:
    """A department's list."""
    rows = tuple(
        SupervisionRow(
            record=f"{found.packet}.{found.matter}",
            packet=found.packet,
            matter=named(catalogue.matters, found.matter),
            state=found.state,
            state_name=names.SUPERVISION_STATES[found.state],
            enterprise=found.enterprise,
            project=found.project,
            due=found.due.at,
            due_certain=found.due.certain,
            overdue=now > found.due.at,
        )
        for found in listed
    )
    return Supervised(department=named(catalogue.departments, department), rows=rows, next=more, checked_at=now)


def shown(
    record: SupervisionRecord,
    photos: Iterable[Photo],
    catalogue: Catalogue,
    around: Around,
    *,
    inside: bool = False,
    theirs: bool = False,
) -> SupervisionShown:
    """`inside`: to who supervises; `theirs`: to the enterprise that it is about."""
    return SupervisionShown(
        **_values(record, by_finding(record, photos), catalogue, around, inside=inside, theirs=theirs)
    )


def task(
    record: SupervisionRecord, photos: Iterable[Photo], packet: Packet, catalogue: Catalogue, around: Around
) -> SupervisionTaskShown:
    """The record as its inspector sees it."""
    of_findings = by_finding(record, photos)
    header, review = packet.header, packet.reviews.get(record.matter)
    assert header is not None  # noqa: S101 - a record exists only of a packet that ended
    letter = catalogue.letters.get(record.matter)
    made = packet.commitments.get(record.matter)
    owed = (gap.slot for gap in packet.gaps.values() if gap.open and record.matter in gap.matters)
    return SupervisionTaskShown(
        **_values(record, of_findings, catalogue, around, inside=True, theirs=False),
        enterprise=header.enterprise,
        project=header.project,
        conditions=review.conditions if review else (),
        committed=letter.commits if letter and made and made.version == letter.version else (),
        gaps=tuple(named(catalogue.materials, slot) for slot in owed),
        photos=tuple(map(_photo, of_findings[-1])),
    )


def _values(
    record: SupervisionRecord,
    photos: Sequence[Iterable[Photo]],
    catalogue: Catalogue,
    around: Around,
    *,
    inside: bool,
    theirs: bool,
) -> dict[str, object]:
    finding, possible = record.finding, tuple(_possible(record, around, inside=inside, theirs=theirs))
    return {
        "record": record.name,
        "packet": record.packet,
        "version": record.version,
        "matter": named(catalogue.matters, record.matter),
        "department": named(catalogue.departments, record.department),
        "decided_by": named(catalogue.departments, record.decided_by),
        "decided_at": record.decided_at,
        "route": record.route,
        "drawn": record.drawn,
        "drawn_name": names.DRAWN[record.drawn],
        "drawn_on": record.drawn_on(around.office.zone),
        "roster": record.roster,
        "inspectors": tuple(
            InspectorShown(number=one.number, name=one.name if inside else "") for one in record.inspectors
        ),
        "barred": record.barred,
        "state": record.state,
        "state_name": names.SUPERVISION_STATES[record.state],
        "ending": record.ending,
        "ending_name": names.SUPERVISION_ENDINGS[record.ending] if record.ending else None,
        "due": record.due.at if record.open else None,
        "due_certain": record.due.certain,
        "overdue": record.open and around.now > record.due.at,
        "escalated": Reminder.LEAD in record.pressed,
        "inspect_by": record.inspect_by.at,
        "appointment": record.appointment,
        "findings": tuple(map(_finding, record.findings, photos)),
        "steps": tuple(
            StepShown(
                event=done.event,
                name=names.SUPERVISION_EVENTS[done.event],
                at=done.at,
                who=done.who if inside else "",
            )
            for done in record.done
        ),
        "can": possible,
        "contest_until": contest_until(record, finding, around) if finding and "contest" in possible else None,
    }


def _possible(record: SupervisionRecord, around: Around, *, inside: bool, theirs: bool) -> Iterable[Possible]:
    state, finding = record.state, record.finding
    if inside:
        if can(state, SupervisionEvent.CLAIMED):
            yield "claim"
        if can(state, SupervisionEvent.PLANNED):
            yield "plan"
        if can(state, SupervisionEvent.FULFILLED):
            yield "finding"
        if state is SupervisionState.CONTESTED:
            yield "reply"
        if record.open and record.inspectors and record.drawn is not Drawn.NOT_DRAWN:
            yield "recuse"
    if theirs:
        if can(state, SupervisionEvent.REPORTED):
            yield "rectified"
        in_time = finding is not None and around.now <= contest_until(record, finding, around)
        if can(state, SupervisionEvent.CONTESTED) and finding and finding.heard is None and in_time:
            yield "contest"


def _photo(photo: Photo) -> PhotoShown:
    return PhotoShown(id=photo.id, at=photo.at, opens=photo.opens, sha256=photo.sha256)


def told_photo(record: SupervisionRecord, photos: Iterable[Photo], id_: str) -> Photo | None:
    """A photo that a finding has: what belongs to none yet is the inspectors' own."""
    told = (photo for group in by_finding(record, photos)[:-1] for photo in group)
    return next((photo for photo in told if photo.id == id_), None)


def _finding(found: Found, photos: Iterable[Photo]) -> FindingShown:
    return FindingShown(
        outcome=found.outcome,
        name=names.FINDINGS[found.outcome],
        at=found.at,
        text=found.text,
        basis=found.basis,
        rectify_by=found.rectify_by.at if found.rectify_by else None,
        report=found.report,
        heard=HeardShown(**found.heard.model_dump()) if found.heard else None,
        photos=tuple(map(_photo, photos)),
    )


def draw(
    day: date, begins: datetime, seed: str, before: SignedAnchor | None, after: SignedAnchor | None, *, over: bool
) -> DrawShown:
    """The draw of a day that begins then; the anchors are the first ones of the night before it and the night after."""
    return DrawShown(
        day=day,
        sha256=seed_commitment(seed),
        seed=seed if over else None,
        promised=_signed(before, day) if before and before.anchor.until < begins else None,
        published=_signed(after, day) if after and over else None,
    )


def _signed(found: SignedAnchor, day: date) -> SignedDraw | None:
    if all(told.day != day for told in found.anchor.draws):
        return None
    return SignedDraw(anchor=found.anchor, signature=found.signature, public_key=found.public_key)


def numbers(roster: Roster) -> RosterNumbers:
    return RosterNumbers(
        department=roster.department, version=roster.version, numbers=tuple(one.number for one in roster.inspectors)
    )
