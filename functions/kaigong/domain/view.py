"""What people are told of a packet: where it is, what is next, who has it, by when, and why.

Read only, and computed from the packet as it now is. Sources: mission 8 (live progress of the whole approval),
7 (一次性告知), 14 (the ledger); style.md, "Anchors".
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from .catalogue import Catalogue, Code, Route, Source
from .finding import DEFAULT_MATERIAL, judge
from .ledger import first_break
from .manifest import Enterprise, Manifest, Project
from .messages import Replacement
from .naming import joined, name_of, named
from .next_step import examination, next_step
from .packet import (
    ActKind,
    Commitment,
    Gap,
    Header,
    Issued,
    LedgerEntry,
    Notice,
    Packet,
    Refusal,
    Review,
    ReviewState,
    Slot,
    Status,
    Submission,
)
from .result import OUTCOMES, Applicant
from .shown import (
    Asker,
    CommitmentStatus,
    DepartmentsAnswered,
    FindingReason,
    FirstAskedStatus,
    GapStatus,
    Ledger,
    Materials,
    MaterialStatus,
    MatterState,
    MatterStatus,
    Named,
    NoticePoint,
    NoticeStatus,
    PacketStatus,
    PacketSummary,
    Phase,
    RefusalPoint,
    RefusalStatus,
    ResultStatus,
    Upload,
)
from .text import Model, Text


class Applied(Model):
    """What is applied for: as accepted, or before that as the newest manifest says."""

    process: Code
    routes: dict[Code, Route]
    project: Project


def applicant(packet: Packet) -> Enterprise | None:
    """Whose packet it is: once taken, the enterprise that it was first taken from; before, the newest manifest's."""
    if packet.header:
        return packet.header.enterprise
    newest = newest_submission(packet)
    return newest.manifest.enterprise if newest else None


def newest_submission(packet: Packet) -> Submission | None:
    return max(packet.submissions.values(), key=lambda s: s.order, default=None)


def is_there(packet: Packet) -> bool:
    """Whether anything of the packet was ever received."""
    return bool(packet.header or packet.submissions or packet.slots or packet.refusals)


def status(packet: Packet, catalogue: Catalogue, now: datetime) -> PacketStatus:
    """Where the packet is, as of `now`."""
    header, applied, enterprise = packet.header, applied_for(packet), applicant(packet)
    submission, refusal = newest_submission(packet), _standing_refusal(packet)
    phase = _phase(packet, refusal)
    matters = _matters(packet, applied, catalogue, now) if applied else ()
    asked_of_departments = header and header.accepted_at and not header.withdrawn_at
    departments = _answered(matters) if asked_of_departments else None
    return PacketStatus(
        packet=packet.packet,
        status=phase,
        next=next_step(packet, phase, matters, departments, catalogue, now),
        round=header.round if header else 0,
        process=named(catalogue.processes, applied.process) if applied else None,
        channel=header.channel if header else None,
        credit_grade=header.credit_grade if header else None,
        enterprise=Applicant(name=enterprise.name, uscc=enterprise.uscc) if enterprise else None,
        project=applied.project if applied else None,
        submitted_at=header.submitted_at if header else submission.received_at if submission else None,
        accepted_at=header.accepted_at if header else None,
        decided_at=header.decided_at if header else None,
        withdrawn_at=header.withdrawn_at if header else None,
        doubts=header.doubts if header else (),
        first_asked=_first_asked(packet, catalogue),
        examination=examination(packet),
        matters=matters,
        departments=departments,
        gaps=tuple(_gap(gap, catalogue, now) for gap in packet.gaps.values()),
        commitments=tuple(_commitment(commitment, catalogue) for commitment in packet.commitments.values()),
        notices=tuple(_notice(notice) for _, notice in sorted(packet.notices.items())),
        refusal=_refusal(refusal) if refusal else None,
        result=_result(packet),
    )


def summary(header: Header, catalogue: Catalogue) -> PacketSummary:
    """A packet in a list, by its header alone."""
    return PacketSummary(
        packet=header.packet,
        status=header.status,
        round=header.round,
        process=named(catalogue.processes, header.process),
        channel=header.channel,
        enterprise=Applicant(name=header.enterprise.name, uscc=header.enterprise.uscc),
        project=header.project,
        submitted_at=header.submitted_at,
        accepted_at=header.accepted_at,
        decided_at=header.decided_at,
    )


def materials(packet: Packet, catalogue: Catalogue) -> Materials:
    """Each material of the packet once, with the finding on its newest upload as the rules now judge it."""
    applied, enterprise = applied_for(packet), applicant(packet)
    askers: dict[Code, list[Asker]] = {}
    for code in applied.routes if applied else ():
        matter = catalogue.matters.get(code)
        for entry in matter.materials if matter else ():
            askers.setdefault(entry.material, []).append(
                Asker(matter=code, name=name_of(catalogue.matters, code), main=entry.main)
            )
    slots = list(dict.fromkeys([*askers, *packet.slots]))
    return Materials(
        packet=packet.packet,
        materials=tuple(
            _material(packet, code, tuple(askers.get(code, ())), applied, enterprise, catalogue) for code in slots
        ),
    )


def ledger(packet: Packet, entries: Iterable[LedgerEntry]) -> Ledger:
    """The ledger with its check. `entries` are those stored, in order, read after the packet.

    A ledger whose end was cut off still chains, so the packet's own note of its newest entry is compared too.
    """
    kept = tuple(entries)
    broken = first_break(kept)
    noted, head = (packet.header.ledger_seq, packet.header.ledger_hash) if packet.header else (0, "")
    if broken is None and noted > len(kept):
        broken = len(kept) + 1
    elif broken is None and noted and kept[noted - 1].hash != head:
        broken = noted
    return Ledger(packet=packet.packet, holds=broken is None, first_break=broken, entries=kept)


# where it is


def _phase(packet: Packet, refusal: Refusal | None) -> Phase:
    """What the applicant did last counts while the packet waits for the applicant; later, what the departments did."""
    header = packet.header
    if header is None or header.status in (Status.RETURNED, Status.CORRECTING):
        if refusal:
            return Phase.REFUSED
        if packet.untaken():
            return Phase.SUBMITTED
    return Phase(header.status.value) if header else Phase.DRAFT


def _standing_refusal(packet: Packet) -> Refusal | None:
    """The newest refusal, unless a manifest that kept its schema came after it."""
    refusal = max(packet.refusals.values(), key=lambda r: r.at, default=None)
    submission = newest_submission(packet)
    return refusal if refusal and not (submission and submission.received_at >= refusal.at) else None


def applied_for(packet: Packet) -> Applied | None:
    header, submission = packet.header, newest_submission(packet)
    if header and header.accepted_at:
        return Applied(process=header.process, routes=header.routes, project=header.project)
    if submission is None:
        return None
    manifest: Manifest = submission.manifest
    routes = {m: Route.COMMITMENT if m in manifest.commitments else Route.APPROVAL for m in manifest.matters}
    return Applied(process=manifest.process, routes=routes, project=manifest.project)


# its parts


def _matters(packet: Packet, applied: Applied, catalogue: Catalogue, now: datetime) -> tuple[MatterStatus, ...]:
    header = packet.header
    state = MatterState.WAITING if header and header.accepted_at else MatterState.APPLIED
    if header and header.withdrawn_at:
        state = MatterState.WITHDRAWN
    return tuple(_matter(packet, code, applied.routes, state, catalogue, now) for code in applied.routes)


def _matter(
    packet: Packet, code: Code, routes: dict[Code, Route], state: MatterState, catalogue: Catalogue, now: datetime
) -> MatterStatus:
    """How a matter stands: by its review, or as `state` while it has none."""
    review, entry = packet.reviews.get(code), catalogue.matters.get(code)
    department = review.department if review else entry.department if entry else ""
    row = MatterStatus(
        matter=code,
        name=name_of(catalogue.matters, code),
        department=department,
        department_name=name_of(catalogue.departments, department),
        route=routes[code],
        state=state,
    )
    if review is None:
        wanted = entry.prerequisites if entry and state is MatterState.WAITING else ()
        before = [p for p in wanted if p in routes and not _has_fallen(packet, p, routes)]
        return row.model_copy(update={"waits_for": tuple(named(catalogue.matters, p) for p in before)})
    return row.model_copy(update=_reviewed(review, now) | _outcome(packet, code))


def _has_fallen(packet: Packet, matter: Code, routes: dict[Code, Route]) -> bool:
    review = packet.reviews.get(matter)
    return routes[matter] is Route.COMMITMENT or bool(review and review.state is ReviewState.APPROVED)


def _reviewed(review: Review, now: datetime) -> dict[str, Any]:
    """How a review stands. One that never opened has no time limit, and while a limit rests nobody knows its end."""
    limited = review.state not in (ReviewState.UNOPENED, ReviewState.PAUSED)
    return {
        "state": MatterState(review.state.value),
        "round": review.round,
        "due": review.due.at if limited else None,
        "due_certain": review.due.certain,
        "overdue": review.state is ReviewState.OPEN and now > review.due.at,
        "decided_at": review.decided_at,
        "conditions": review.conditions,
        "reasons": review.reasons,
    }


def _outcome(packet: Packet, matter: Code) -> dict[str, Any]:
    for found in packet.result.matters if packet.result else ():
        if found.matter == matter:
            return {"code": found.code, "outcome": OUTCOMES[found.code]}
    return {}


def _answered(matters: tuple[MatterStatus, ...]) -> DepartmentsAnswered:
    """A department has answered when none of its matters is open or still to be opened."""
    every = {m.department: Named(code=m.department, name=m.department_name) for m in matters}
    with_it = (MatterState.OPEN, MatterState.PAUSED, MatterState.WAITING)
    pending = {m.department for m in matters if m.state in with_it}
    waiting = tuple(named for code, named in every.items() if code in pending)
    answered, names = len(every) - len(waiting), joined(named.name for named in waiting)
    text = Text(
        zh=f"{len(every)} 个部门中 {answered} 个已答复。", en=f"{answered} of {len(every)} departments have answered."
    )
    if waiting:
        text = Text(zh=f"{text.zh[:-1]}，待答复：{names.zh}。", en=f"{text.en[:-1]}; waiting for: {names.en}.")
    return DepartmentsAnswered(answered=answered, of=len(every), waiting_for=waiting, text=text)


def _first_asked(packet: Packet, catalogue: Catalogue) -> FirstAskedStatus | None:
    act = next((act for act in packet.acts.values() if act.kind is ActKind.FIRST_ASKED), None)
    if act is None or act.officer is None or act.department is None:
        return None
    return FirstAskedStatus(officer=act.officer, department=named(catalogue.departments, act.department), at=act.at)


def _gap(gap: Gap, catalogue: Catalogue, now: datetime) -> GapStatus:
    return GapStatus(
        slot=gap.slot,
        name=name_of(catalogue.materials, gap.slot),
        matters=gap.matters,
        open=gap.open,
        due=gap.due.at,
        due_certain=gap.due.certain,
        overdue=gap.open and now > gap.due.at,
        closed_at=gap.closed_at,
    )


def _commitment(commitment: Commitment, catalogue: Catalogue) -> CommitmentStatus:
    name = name_of(catalogue.matters, commitment.matter)
    return CommitmentStatus(matter=commitment.matter, name=name, accepted_at=commitment.accepted_at)


def _notice(notice: Notice) -> NoticeStatus:
    return NoticeStatus(
        number=notice.number,
        kind=notice.kind,
        round=notice.round,
        title=notice.title,
        items=tuple(
            NoticePoint(code=i.code, slot=i.slot, matter=i.matter, text=i.text, due=i.due.at if i.due else None)
            for i in notice.items
        ),
        at=notice.at,
    )


def _refusal(refusal: Refusal) -> RefusalStatus:
    points = tuple(RefusalPoint(code=r.code, where=r.where, text=r.text) for r in refusal.reasons)
    return RefusalStatus(reasons=points, at=refusal.at)


def _result(packet: Packet) -> ResultStatus | None:
    result = packet.result
    if result is None:
        return None
    issued: Issued | None = packet.issued
    return ResultStatus(
        code=result.code,
        outcome=OUTCOMES[result.code],
        decided_at=result.decided_at,
        document=issued.key if issued else None,
        sha256=issued.sha256 if issued else None,
        issued_at=issued.issued_at if issued else None,
    )


def _material(
    packet: Packet,
    code: Code,
    askers: tuple[Asker, ...],
    applied: Applied | None,
    enterprise: Enterprise | None,
    catalogue: Catalogue,
) -> MaterialStatus:
    row = MaterialStatus(
        slot=code,
        name=name_of(catalogue.materials, code),
        main=any(asker.main for asker in askers),
        needed_by=askers,
    )
    slot = packet.slots.get(code)
    if slot is not None:
        return row.model_copy(update=_uploaded(packet, slot, enterprise, catalogue))
    return row.model_copy(update=_in_its_place(packet, row, applied, catalogue))


def _uploaded(packet: Packet, slot: Slot, enterprise: Enterprise | None, catalogue: Catalogue) -> dict[str, Any]:
    finding = judge(slot.facts, catalogue.materials.get(slot.slot, DEFAULT_MATERIAL), enterprise)
    paper = packet.papers.by_slot.get(slot.slot)
    return {
        "uploaded": Upload(
            key=slot.key,
            version=slot.version,
            size=slot.size,
            sha256=slot.sha256,
            uploaded_at=slot.uploaded_at,
            reviewed=paper is not None and paper.mark == slot.mark,
        ),
        "verdict": finding.verdict,
        "reasons": tuple(FindingReason(code=r.code, zh=r.text.zh, en=r.text.en) for r in finding.reasons),
    }


def _in_its_place(packet: Packet, row: MaterialStatus, applied: Applied | None, catalogue: Catalogue) -> dict[str, Any]:
    """What stands in for a material that was not uploaded: data, a promise, or the commitment of all who ask for it."""
    entry, gap = catalogue.materials.get(row.slot), packet.gaps.get(row.slot)
    if entry and entry.source is Source.SHARED:
        return {"replaced_by": Replacement.SHARED}
    if gap:
        return {"replaced_by": Replacement.GAP, "due": gap.due.at}
    if applied and all(applied.routes[asker.matter] is Route.COMMITMENT for asker in row.needed_by):
        return {"replaced_by": Replacement.COMMITMENT}
    return {}
