"""Who answers for what: the service team of a packet, the officer asked first, and an owner for every open point.

Sources: mission 3 (帮办代办), 4 (service team "1+6+N"), 7 (首问负责制; no passing the buck), 9 (tracked supervision of
deadlines), 12 (commitments are checked).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from kaigong.domain.flow import handing_out, review, revocation, supervised, withdrawal
from kaigong.domain.flow.deadlines import ISSUE_DAYS, RECEIPT_DAYS
from kaigong.domain.flow.procedures import goes_on
from kaigong.domain.model.catalogue import Catalogue, Code, TeamRole
from kaigong.domain.model.clock import Due, Office, Pause, limit
from kaigong.domain.model.deadline import OwnerKind
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import ActKind, Header, NoticeKind, Packet, Review, ReviewState, Status
from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.waiting import Wait
from kaigong.domain.words import names

from . import words


class Member(Model):
    """A department in the service team, with the packet's matters that it answers for."""

    department: Code
    name: Text
    matters: tuple[Code, ...] = ()


class Team(Model):
    """The service team "1+6+N" of one packet."""

    lead: Member | None  # None: the catalogue names none
    chiefs: tuple[Member, ...]  # always all of them, whether or not the packet has a matter of theirs
    services: tuple[Member, ...]  # those that this packet needs beside them, in the order of its matters
    text: Text


class Owner(Model):
    """Who has an open point: exactly one."""

    kind: OwnerKind
    department: Code | None = None
    name: Text


APPLICANT = Owner(kind=OwnerKind.APPLICANT, name=names.APPLICANT)
SYSTEM = Owner(kind=OwnerKind.SYSTEM, name=names.SYSTEM)
WINDOW = Owner(kind=OwnerKind.WINDOW, name=names.WINDOW)


class PointKind(StrEnum):
    DRAFT = "draft"  # papers lie there; no manifest has submitted them yet
    SUBMISSION = "submission"  # papers are examined, then accepted or returned
    REFUSED = "refused"  # the manifest cannot be an application
    RETURNED = "returned"  # the one-time notice is to be answered
    CORRECTION = "correction"  # the correction notice is to be answered
    REVIEW = "review"
    PROCEDURE = "procedure"  # a special procedure is to be held
    APPOINTMENT = "appointment"  # a joint site visit is to be agreed on
    RECORD = "record"  # something was received and nobody acted on it yet
    GAP = "gap"
    DOUBT = "doubt"
    ISSUE = "issue"  # the joint result's document is to be made
    HAND_OUT = "hand-out"  # the result is to be collected or mailed, or its delivery to be recorded
    VERIFICATION = "verification"  # a commitment is to be verified


class OpenPoint(Model):
    """Something that is still to be done: what, by whom, until when."""

    kind: PointKind
    subject: str  # the code of a matter, a material, a doubt or an act; the number of a notice
    text: Text
    owner: Owner
    by: Due | None = None
    overdue: bool = False


class FirstAsked(Model):
    """首问负责: who was asked first and stays responsible; where nobody is on record, the window."""

    owner: Owner
    officer: str | None = Field(default=None, repr=False)  # None: a department without a person
    text: Text = Field(repr=False)
    at: datetime | None = None  # since when it is on record


class Helper(Model):
    """帮办代办: the officer of the service team who picked the packet up and helps with it."""

    officer: str = Field(repr=False)
    text: Text = Field(repr=False)
    at: datetime  # since when


class Responsibility(Model):
    """Who answers for a packet."""

    team: Team
    first_asked: FirstAsked
    helper: Helper | None = None
    points: tuple[OpenPoint, ...]


def responsibility(packet: Packet, catalogue: Catalogue, now: datetime, office: Office) -> Responsibility:
    return Responsibility(
        team=team(_applied_for(packet), catalogue),
        first_asked=_first_asked(packet, catalogue),
        helper=_helper(packet),
        points=open_points(packet, catalogue, now, office),
    )


def team(matters: Iterable[Code], catalogue: Catalogue) -> Team:
    """The service team for these matters. One that has left the catalogue has no department here and is left out."""
    asked: dict[Code, list[Code]] = {}
    for code in dict.fromkeys(matters):
        if code in catalogue.matters:
            asked.setdefault(catalogue.matters[code].department, []).append(code)

    def member(department: Code) -> Member:
        name = name_of(catalogue.departments, department)
        return Member(department=department, name=name, matters=tuple(asked.get(department, ())))

    def with_role(role: TeamRole) -> list[Code]:
        return [code for code, d in catalogue.departments.items() if d.role is role]

    leads = with_role(TeamRole.LEAD)
    chiefs = with_role(TeamRole.CHIEF)
    services = [code for code in asked if code not in (*leads, *chiefs)]
    lead = member(leads[0]) if leads else None
    chief_members, service_members = tuple(map(member, chiefs)), tuple(map(member, services))
    return Team(
        lead=lead,
        chiefs=chief_members,
        services=service_members,
        text=_members(lead, chief_members, service_members),
    )


def _members(lead: Member | None, chiefs: tuple[Member, ...], services: tuple[Member, ...]) -> Text:
    """The team in one line. A part that nobody is in is left out; the numbers 1+6+N tell that as well."""
    roles = ((TeamRole.LEAD, (lead,) if lead else ()), (TeamRole.CHIEF, chiefs), (TeamRole.SERVICE, services))
    numbers = "+".join(str(len(members)) for _, members in roles)
    there = [(names.TEAM_ROLES[role], joined(m.name for m in members)) for role, members in roles if members]
    return words.team.team(numbers, there)


def open_points(packet: Packet, catalogue: Catalogue, now: datetime, office: Office) -> tuple[OpenPoint, ...]:
    """Every open point of a packet, each with its one owner. An empty answer: nobody has anything to do.

    A notice is one point, however many items it lists: they are told at once (一次性告知) and answered by one
    submission.
    """
    points = [*_received(packet, catalogue, office), *_asked_of_applicant(packet)]
    header = packet.header
    if header and header.status is not Status.WITHDRAWN:  # nobody waits for what the applicant withdrew
        points += [*_reviews(packet, catalogue, now), *_doubts(header)]
    if header:  # what was approved before stands: what was promised for it is owed and verified
        points += [*_gaps(packet, catalogue), *_afterwards(packet, header, catalogue, office)]
    return tuple(p.changed(overdue=_is_overdue(p, packet, now)) for p in points)


def _is_overdue(point: OpenPoint, packet: Packet, now: datetime) -> bool:
    if point.kind is PointKind.GAP:
        return packet.gaps[point.subject].overdue(now)
    return point.by is not None and now > point.by.at


def _received(packet: Packet, catalogue: Catalogue, office: Office) -> Iterator[OpenPoint]:
    """What came in and nobody acted on yet: the system has it."""
    if submission := packet.untaken():
        by = limit(submission.received_at, RECEIPT_DAYS, office)
        yield OpenPoint(kind=PointKind.SUBMISSION, subject=packet.packet, text=words.team.EXAMINE, owner=SYSTEM, by=by)
    if act := withdrawal.asked(packet):
        text = words.team.RECORD_WITHDRAWAL
        yield OpenPoint(kind=PointKind.RECORD, subject=act.kind.value, text=text, owner=SYSTEM)
    for matter in (*review.to_record(packet), *revocation.to_take(packet)):
        text = words.team.record_decision(name_of(catalogue.matters, matter))
        yield OpenPoint(kind=PointKind.RECORD, subject=matter, text=text, owner=SYSTEM)


def _asked_of_applicant(packet: Packet) -> Iterator[OpenPoint]:
    """A draft, a refusal or a notice waits for the applicant, until a submission answers it."""
    status = packet.header.status if packet.header else None
    if packet.standing_refusal() and status in (None, Status.RETURNED, Status.CORRECTING):
        text = words.team.CORRECT_THE_MANIFEST
        yield OpenPoint(kind=PointKind.REFUSED, subject=packet.packet, text=text, owner=APPLICANT)
    elif packet.uploads and not (packet.header or packet.submissions):
        yield OpenPoint(kind=PointKind.DRAFT, subject=packet.packet, text=words.team.UPLOAD, owner=APPLICANT)
    if packet.untaken():
        return
    match status:
        case Status.RETURNED:
            kind, notices, say = PointKind.RETURNED, NoticeKind.RETURNED, words.team.answer_one_time_notice
        case Status.CORRECTING:
            kind, notices, say = PointKind.CORRECTION, NoticeKind.CORRECTION, words.team.answer_correction_notice
        case _:
            return
    newest = max((n for n in packet.notices.values() if n.kind is notices), key=lambda n: n.number)
    due = packet.header.correct_by if packet.header and status is Status.CORRECTING else None
    text = say(len(newest.items))
    yield OpenPoint(kind=kind, subject=str(newest.number), text=text, owner=APPLICANT, by=due)


def _reviews(packet: Packet, catalogue: Catalogue, now: datetime) -> Iterator[OpenPoint]:
    answered = review.to_record(packet)
    for matter, pending in packet.reviews.items():
        if not pending.pending or matter in answered:
            continue
        pauses = resting(pending)
        kept = (p for p in pauses if p.kind != review.CORRECTION)  # that one is the applicant's
        for pause in _visits_once(p for p in kept if goes_on(packet, pending, p)):
            yield _procedure(packet, pending, pause, catalogue, now)
        if not pauses:
            yield OpenPoint(
                kind=PointKind.REVIEW,
                subject=matter,
                text=words.team.review(name_of(catalogue.matters, matter)),
                owner=_department(pending.department, catalogue),
                by=pending.due,
            )


def resting(pending: Review) -> list[Pause]:
    """What a review rests for. A joint site visit is one, however often its department asked for it."""
    return _visits_once(p for p in pending.pauses if p.until is None)


def _visits_once(pauses: Iterable[Pause]) -> list[Pause]:
    every = list(pauses)
    first = {p.visit: p for p in reversed(every) if p.visit}
    return [p for p in every if not p.visit or first[p.visit] is p]


def _procedure(packet: Packet, pending: Review, pause: Pause, catalogue: Catalogue, now: datetime) -> OpenPoint:
    """Its department holds a special procedure; a joint site visit without a date is for the window to arrange, and
    what was found on one is said within some days.
    """
    name, subject = name_of(catalogue.matters, pending.matter), pending.matter
    visit = packet.visits[pause.visit] if pause.visit else None
    if visit and visit.appointment is None:
        text = words.team.agree_on_visit(name)
        return OpenPoint(kind=PointKind.APPOINTMENT, subject=subject, text=text, owner=WINDOW)
    text = words.team.hold(name, names.PAUSES[pause.kind], 1 if visit else pause.number)
    by = Due(at=visit.appointment) if visit and visit.appointment else None
    if visit and by and by.at <= now:
        text, by = words.team.report(name), visit.report_by
    owner = _department(pending.department, catalogue)
    return OpenPoint(kind=PointKind.PROCEDURE, subject=subject, text=text, owner=owner, by=by)


def _gaps(packet: Packet, catalogue: Catalogue) -> Iterator[OpenPoint]:
    for slot, gap in packet.owed().items():
        text = words.team.hand_in_promised(name_of(catalogue.materials, slot))
        yield OpenPoint(kind=PointKind.GAP, subject=slot, text=text, owner=APPLICANT, by=gap.due)


def _doubts(header: Header) -> Iterator[OpenPoint]:
    for code in header.doubts:
        if code in header.confirmed:  # the applicant has it, by the correction notice
            continue
        yield OpenPoint(kind=PointKind.DOUBT, subject=code, text=words.team.SETTLE_DOUBT, owner=WINDOW)


def _afterwards(packet: Packet, header: Header, catalogue: Catalogue, office: Office) -> Iterator[OpenPoint]:
    """What is left after the decision: to hand the result out, and to verify what was committed to."""
    if header.status is Status.DECIDED and header.decided_at:
        by = limit(header.decided_at, ISSUE_DAYS, office)
        yield OpenPoint(kind=PointKind.ISSUE, subject=packet.packet, text=words.team.ISSUE, owner=SYSTEM, by=by)
    for wait, since in handing_out.waits(packet).items():
        served_by = None if wait is Wait.DELIVERY else limit(since, ISSUE_DAYS, office)
        owner = APPLICANT if wait is Wait.COLLECT else WINDOW
        text = words.team.HAND_OUT[wait]
        yield OpenPoint(kind=PointKind.HAND_OUT, subject=packet.packet, text=text, owner=owner, by=served_by)
    over = supervised.verified(packet)
    for code, commitment in packet.commitments.items():
        decided = packet.reviews.get(code)
        if not (commitment.verify_by and decided) or decided.state is not ReviewState.APPROVED:
            continue
        if code in packet.revocations or code in over:
            continue
        yield OpenPoint(
            kind=PointKind.VERIFICATION,
            subject=code,
            text=words.team.verify(name_of(catalogue.matters, code)),
            owner=_supervisor(code, decided, catalogue),
            by=commitment.verify_by,
        )


def _department(code: Code, catalogue: Catalogue) -> Owner:
    return Owner(kind=OwnerKind.DEPARTMENT, department=code, name=name_of(catalogue.departments, code))


def _supervisor(matter: Code, decided: Review, catalogue: Catalogue) -> Owner:
    """Who supervises a matter: as the catalogue matches it, or else the department that decided."""
    entry = catalogue.matters.get(matter)
    code = entry.supervisor if entry and entry.supervisor else decided.department
    return Owner(kind=OwnerKind.SUPERVISOR, department=code, name=name_of(catalogue.departments, code))


def _applied_for(packet: Packet) -> Iterable[Code]:
    if packet.header and packet.header.accepted_at:
        return packet.routes
    newest = packet.newest_submission()
    return newest.manifest.matters if newest else ()


def _helper(packet: Packet) -> Helper | None:
    act = packet.newest_act(ActKind.PICK_UP)
    if act is None or act.officer is None:
        return None
    return Helper(officer=act.officer, text=words.team.helper(act.officer), at=act.at)


def _first_asked(packet: Packet, catalogue: Catalogue) -> FirstAsked:
    acts = [act for act in packet.acts.values() if act.kind is ActKind.FIRST_ASKED]
    if not acts:
        return FirstAsked(owner=WINDOW, text=words.team.NOBODY_ASKED)
    act = min(acts, key=lambda a: a.at)
    owner = _department(act.department, catalogue) if act.department else WINDOW
    text = words.team.first_asked(act.officer or "", owner.name)
    return FirstAsked(owner=owner, officer=act.officer, text=text, at=act.at)
