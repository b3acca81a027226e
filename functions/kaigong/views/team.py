"""Who answers for what: the service team of a packet, the officer asked first, and an owner for every open point.

Sources: mission 3 (帮办代办), 4 (service team "1+6+N"), 7 (首问负责制; no passing the buck), 9 (tracked supervision of
deadlines), 12 (commitments are checked).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from kaigong.domain.flow import review, revocation, withdrawal
from kaigong.domain.model import naming
from kaigong.domain.model.catalogue import Catalogue, Code, TeamRole
from kaigong.domain.model.clock import PAUSE_NAMES, Due, Office, Pause, limit
from kaigong.domain.model.messages import ProcedureKind
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import ActKind, Header, NoticeKind, Packet, Review, ReviewState, Status
from kaigong.domain.model.text import Model, Text

RECEIPT_DAYS = 5  # 行政许可法 §32: working days in which deficiencies are told, else the application counts as accepted
_VISIT = ProcedureKind.SITE_VISIT.value
ISSUE_DAYS = 10  # 行政许可法 §44: working days from the decision to handing it out


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


class OwnerKind(StrEnum):
    APPLICANT = "applicant"
    DEPARTMENT = "department"
    WINDOW = "window"
    SYSTEM = "system"
    SUPERVISOR = "supervisor"


class Owner(Model):
    """Who has an open point: exactly one."""

    kind: OwnerKind
    department: Code | None = None
    name: Text


APPLICANT = Owner(kind=OwnerKind.APPLICANT, name=naming.APPLICANT)
SYSTEM = Owner(kind=OwnerKind.SYSTEM, name=naming.SYSTEM)
WINDOW = Owner(kind=OwnerKind.WINDOW, name=naming.WINDOW)


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
    officer: str | None = Field(default=None, repr=False)
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
    parts = (
        (Text(zh="牵头", en="lead"), (lead,) if lead else ()),
        (Text(zh="首席代表", en="chief representatives"), chiefs),
        (Text(zh="按需参加", en="as needed"), services),
    )
    numbers = "+".join(str(len(members)) for _, members in parts)
    said = [(part, joined(m.name for m in members)) for part, members in parts if members]
    zh = "；".join(f"{part.zh} {who.zh}" for part, who in said)
    en = "; ".join(f"{part.en} {who.en}" for part, who in said)
    return Text(
        zh=f"服务专班（{numbers}）{'：' if said else ''}{zh}", en=f"Service team ({numbers}){': ' if said else ''}{en}"
    )


def open_points(packet: Packet, catalogue: Catalogue, now: datetime, office: Office) -> tuple[OpenPoint, ...]:
    """Every open point of a packet, each with its one owner. An empty answer: nobody has anything to do.

    A notice is one point, however many items it lists: they are told at once (一次性告知) and answered by one
    submission.
    """
    points = [*_received(packet, catalogue, office), *_asked_of_applicant(packet)]
    header = packet.header
    if header and header.status is not Status.WITHDRAWN:  # nobody waits for what the applicant withdrew
        points += _reviews(packet, catalogue)
        points += _gaps(packet, catalogue)
        points += _doubts(header)
        points += _afterwards(packet, header, catalogue, office)
    return tuple(p.changed(overdue=p.by is not None and now > p.by.at) for p in points)


def _received(packet: Packet, catalogue: Catalogue, office: Office) -> Iterator[OpenPoint]:
    """What came in and nobody acted on yet: the system has it."""
    if submission := packet.untaken():
        text = Text(
            zh="逐份检查材料，随后受理，或一次性告知需补正的全部内容。",
            en="Examine each paper; then accept the packet, or tell at once all that is to be completed.",
        )
        by = limit(submission.received_at, RECEIPT_DAYS, office)
        yield OpenPoint(kind=PointKind.SUBMISSION, subject=packet.packet, text=text, owner=SYSTEM, by=by)
    if act := withdrawal.asked(packet):
        text = Text(zh="撤回申请已收到，待登记。", en="The withdrawal was received; put it on record.")
        yield OpenPoint(kind=PointKind.RECORD, subject=act.kind.value, text=text, owner=SYSTEM)
    for matter in (*review.to_record(packet), *revocation.to_take(packet)):
        name = name_of(catalogue.matters, matter)
        text = Text(
            zh=f"部门对“{name.zh}”的决定已收到，待登记。",
            en=f"The department's decision on {name.en} was received; put it on record.",
        )
        yield OpenPoint(kind=PointKind.RECORD, subject=matter, text=text, owner=SYSTEM)


def _asked_of_applicant(packet: Packet) -> Iterator[OpenPoint]:
    """A draft, a refusal or a notice waits for the applicant, until a submission answers it."""
    status = packet.header.status if packet.header else None
    if packet.standing_refusal() and status in (None, Status.RETURNED, Status.CORRECTING):
        text = Text(
            zh="按所列原因修改 manifest.json 后重新上传。",
            en="Correct manifest.json by the reasons given and upload it again.",
        )
        yield OpenPoint(kind=PointKind.REFUSED, subject=packet.packet, text=text, owner=APPLICANT)
    elif packet.slots and not (packet.header or packet.submissions):
        text = Text(
            zh="上传材料，最后上传申报清单 manifest.json 提交。",
            en="Upload the papers and, last, manifest.json: it submits the packet.",
        )
        yield OpenPoint(kind=PointKind.DRAFT, subject=packet.packet, text=text, owner=APPLICANT)
    if packet.untaken():
        return
    match status:
        case Status.RETURNED:
            kind, notices, name = PointKind.RETURNED, NoticeKind.RETURNED, ("一次性告知书", "one-time notice")
        case Status.CORRECTING:
            kind, notices, name = PointKind.CORRECTION, NoticeKind.CORRECTION, ("补正通知书", "correction notice")
        case _:
            return
    newest = max((n for n in packet.notices.values() if n.kind is notices), key=lambda n: n.number)
    text = Text(
        zh=f"按{name[0]}补正全部 {len(newest.items)} 项，再重新提交。",
        en=f"Complete all {len(newest.items)} point(s) of the {name[1]}, then submit again.",
    )
    yield OpenPoint(kind=kind, subject=str(newest.number), text=text, owner=APPLICANT)


def _reviews(packet: Packet, catalogue: Catalogue) -> Iterator[OpenPoint]:
    answered = review.to_record(packet)
    for matter, pending in packet.reviews.items():
        if not pending.pending or matter in answered:
            continue
        pauses = resting(pending)
        for pause in pauses:
            yield _procedure(packet, pending, pause, catalogue)
        if not pauses:
            name = name_of(catalogue.matters, matter)
            yield OpenPoint(
                kind=PointKind.REVIEW,
                subject=matter,
                text=Text(zh=f"审查“{name.zh}”并作出决定。", en=f"Review {name.en} and decide."),
                owner=_department(pending.department, catalogue),
                by=pending.due,
            )


def resting(pending: Review) -> list[Pause]:
    """What a review rests for. A joint site visit is one, however often its department asked for it."""
    open_ones = [p for p in pending.pauses if p.until is None]
    visits = [p for p in open_ones if p.kind == _VISIT]
    return [p for p in open_ones if p.kind != _VISIT] + visits[:1]


def _procedure(packet: Packet, pending: Review, pause: Pause, catalogue: Catalogue) -> OpenPoint:
    """Its department holds a special procedure; a joint site visit without a date is for the window to arrange."""
    name, what = name_of(catalogue.matters, pending.matter), PAUSE_NAMES[pause.kind]
    planned = [v.appointment for v in packet.visits.values() if pending.matter in v.asked and v.held_at is None]
    appointment = next(iter(planned), None) if pause.kind == _VISIT else None
    if pause.kind == _VISIT and appointment is None:
        text = Text(
            zh=f"“{name.zh}”：约定联合踏勘时间，一次通知各参加部门和申请人。",
            en=f"{name.en}: agree on a date for the joint site visit, with all departments and the applicant at once.",
        )
        return OpenPoint(kind=PointKind.APPOINTMENT, subject=pending.matter, text=text, owner=WINDOW)
    nth = pause.number if pause.kind != _VISIT else 1
    zh, en = (f"（第{nth}次）", f" (no. {nth})") if nth > 1 else ("", "")
    return OpenPoint(
        kind=PointKind.PROCEDURE,
        subject=pending.matter,
        text=Text(
            zh=f"“{name.zh}”：进行{what.zh}{zh}，结束后告知系统；其间不计入办理时限。",
            en=f"{name.en}: hold the {what.en}{en} and say when it has ended; the time limit rests meanwhile.",
        ),
        owner=_department(pending.department, catalogue),
        by=Due(at=appointment) if appointment else None,
    )


def _gaps(packet: Packet, catalogue: Catalogue) -> Iterator[OpenPoint]:
    for slot, gap in packet.owed().items():
        name = name_of(catalogue.materials, slot)
        text = Text(
            zh=f"补交容缺材料“{name.zh}”；逾期按失信处理。",
            en=f"Hand in what was promised: {name.en}; a late one is handled as a breach.",
        )
        yield OpenPoint(kind=PointKind.GAP, subject=slot, text=text, owner=APPLICANT, by=gap.due)


def _doubts(header: Header) -> Iterator[OpenPoint]:
    for code in header.doubts:
        text = Text(
            zh="核对企业身份信息的疑点，并登记核实结果。",
            en="Look at the doubt about the enterprise's identity; record it.",
        )
        yield OpenPoint(kind=PointKind.DOUBT, subject=code, text=text, owner=WINDOW)


def _afterwards(packet: Packet, header: Header, catalogue: Catalogue, office: Office) -> Iterator[OpenPoint]:
    """What is left after the decision: to hand the result out, and to verify what was committed to."""
    if header.status is Status.DECIDED and header.decided_at:
        text = Text(zh="制作并送达联合审批结果文书。", en="Make the document of the joint result and hand it out.")
        by = limit(header.decided_at, ISSUE_DAYS, office)
        yield OpenPoint(kind=PointKind.ISSUE, subject=packet.packet, text=text, owner=SYSTEM, by=by)
    for code, commitment in packet.commitments.items():
        decided = packet.reviews.get(code)
        if not (commitment.verify_by and decided) or decided.state is not ReviewState.APPROVED:
            continue
        if code in packet.revocations:
            continue
        name = name_of(catalogue.matters, code)
        yield OpenPoint(
            kind=PointKind.VERIFICATION,
            subject=code,
            text=Text(
                zh=f"核查“{name.zh}”的承诺是否属实，并反馈结果。",
                en=f"Verify what was committed to for {name.en}, and report back.",
            ),
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
    text = Text(zh=f"帮办人：{act.officer}，全程帮办代办。", en=f"Your helper: {act.officer}, all the way.")
    return Helper(officer=act.officer, text=text, at=act.at)


def _first_asked(packet: Packet, catalogue: Catalogue) -> FirstAsked:
    acts = [act for act in packet.acts.values() if act.kind is ActKind.FIRST_ASKED]
    if not acts:
        text = Text(
            zh="尚未登记首问责任人，由综合受理窗口负责答复。",
            en="Nobody is on record as asked first, so the window answers for your packet.",
        )
        return FirstAsked(owner=WINDOW, text=text)
    act = min(acts, key=lambda a: a.at)
    owner = _department(act.department, catalogue) if act.department else WINDOW
    name = Text(zh=f"{owner.name.zh} {act.officer or ''}".strip(), en=f"{act.officer or ''} {owner.name.en}".strip())
    text = Text(
        zh=f"首问责任人：{name.zh}，对本项目负责到底。",
        en=f"Asked first: {name.en}; stays responsible for this packet.",
    )
    return FirstAsked(owner=owner, officer=act.officer, text=text, at=act.at)
