"""One review as its department's officers see it: what is asked for, the papers, and how it came here.

Read only, and computed from the packet as it now is. Sources: mission 9 (parallel review), 5 and 6 (promised papers
and commitments stand in for papers), 14 (joint site visits).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import Field

from kaigong.domain.flow import retraction
from kaigong.domain.flow.delivery import cautions, filled, materials, rests_on
from kaigong.domain.flow.lease import HeldBy, held_by, why_not
from kaigong.domain.flow.procedures import goes_on, pause_of, starts
from kaigong.domain.flow.proposal import to_sign, void
from kaigong.domain.intake.letter import LetterText, in_force
from kaigong.domain.model.catalogue import Catalogue, Matter
from kaigong.domain.model.clock import Office
from kaigong.domain.model.facts import ShownKind
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.messages import (
    Channel,
    DecisionReason,
    Outcome,
    ProcedureAction,
    ProcedureKind,
    TaskCaution,
    TaskField,
    TaskFile,
    TaskMaterial,
    TaskResult,
)
from kaigong.domain.model.naming import Named, named
from kaigong.domain.model.packet import DecisionFact, IntermediaryRecord, Packet, ProcedureFact, Review, SentBack
from kaigong.domain.model.standing import ProjectStanding
from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.waiting import Lease
from kaigong.domain.words import names
from kaigong.domain.words.acts import REFUSALS
from kaigong.domain.words.proposal import VOID

from .desk_beside import EarlierPermit, Opinion, opinions, permits
from .desk_changes import DeskChanges, changes
from .desk_queue import RowOfficer, in_hands
from .materials import shown_as
from .matters import MatterStatus
from .packet import CommitmentStatus, GapStatus, VisitStatus, status
from .questions import QuestionShown, asked

MOST_PROCEDURES = 9  # of one kind in a round, as the message allows


class DeskFile(TaskFile):
    """A file of the review as a page can show it."""

    id: str = Field(description="Of the file in its slot, in addresses.")
    name: str
    kind: ShownKind | None = Field(default=None, description="What a page shows it as; left out: it cannot be shown.")
    reasons: tuple[Text, ...] = Field(default=(), description="What examination noticed in it.")
    round: int = Field(description="The round with which it came.")


class DeskMaterial(TaskMaterial):
    """A material of the review: its files as a page can show them, or what replaces it.

    `file` and `kind` are those of the first file.
    """

    file: str | None = Field(default=None, description="Name of the file.")
    kind: ShownKind | None = Field(default=None, description="What a page shows it as; left out: it cannot be shown.")
    record: IntermediaryRecord | None = Field(
        default=None,
        description="What became of the papers of the intermediary that drew it up, over all packets; left out: it has "
        "no record.",
    )
    files: tuple[DeskFile, ...] = Field(default=(), description="All of its files, in the applicant's order.")


class DeskCommitment(Model):
    """The commitment that replaces the papers. `letter` is left out where its text was changed since, or had none."""

    status: CommitmentStatus
    letter: LetterText | None = None


class DeskRetracted(Model):
    """That a decision was taken back: why, and by whom."""

    reason: str
    officer: str
    at: datetime


class DeskDecided(Model):
    """A decision of the department on this matter, with who made it."""

    round: int
    turn: int = Field(default=1, description="Of the round: another one where an earlier decision was taken back.")
    outcome: Outcome
    outcome_name: Text
    reasons: tuple[DecisionReason, ...] = ()
    conditions: tuple[str, ...] = ()
    officer: str
    signed_by: str | None = Field(default=None, description="The second officer, who signed it.")
    at: datetime
    retracted: DeskRetracted | None = Field(default=None, description="There: the department took it back.")


class DeskProposal(Model):
    """What an officer proposes, for another one of the department to sign or to send back."""

    id: str
    outcome: Outcome
    outcome_name: Text
    reasons: tuple[DecisionReason, ...] = ()
    conditions: tuple[str, ...] = ()
    officer: str
    at: datetime
    sent_back: SentBack | None = Field(default=None, description="By whom and why, where it was not signed.")
    void: Text | None = Field(default=None, description="Why nobody can sign it any more, where that is so.")


class DeskProcedure(Model):
    """A special procedure in this review: its time does not count."""

    kind: ProcedureKind
    name: Text
    number: int
    round: int
    note: str
    appointment: datetime | None = None
    since: datetime
    until: datetime | None = None
    finding: str | None = Field(default=None, description="What its department said when it ended its part.")
    ended_at: datetime | None = Field(
        default=None, description="When it said so. A joint site visit is over (`until`) when all have."
    )
    can_end: bool = Field(default=False, description="Whether its department has not said so yet.")


class DeskTask(Model):
    """One review as its department's officers see it: what is asked for, the materials, and how it came here."""

    review_id: str
    packet: str
    round: int
    department: Named
    channel: Channel
    why: Text | None = Field(default=None, description="Why this channel.")
    enterprise: Enterprise
    project: Project
    matter: MatterStatus
    basis: Text | None = Field(default=None, description="The law that the matter rests on.")
    legal_days: int | None = None
    promised_days: int | None = None
    materials: tuple[DeskMaterial, ...]
    form: tuple[TaskField, ...] = Field(default=(), description="The application form, where it was filled in as data.")
    rests_on: tuple[TaskResult, ...] = Field(default=(), description="Approvals of what comes first.")
    cautions: tuple[TaskCaution, ...] = Field(default=(), description="What to look at beside the papers.")
    gaps: tuple[GapStatus, ...] = ()
    commitment: DeskCommitment | None = None
    procedures: tuple[DeskProcedure, ...] = ()
    visits: tuple[VisitStatus, ...] = ()
    earlier: tuple[DeskDecided, ...] = Field(
        default=(), description="The decisions of earlier rounds, and those that were taken back; oldest first."
    )
    changes: DeskChanges | None = Field(
        default=None, description="What changed since the department last answered; left out: it answers first."
    )
    decided: DeskDecided | None = Field(default=None, description="The decision of this round, once it is on record.")
    second_signature: bool = Field(default=False, description="A second officer signs what the first one proposes.")
    proposal: DeskProposal | None = Field(default=None, description="The newest of this round, until it is decided.")
    identity_at: datetime | None = Field(
        default=None,
        description="When enterprise or project was last corrected, after a doubt found true: a decision says it back "
        "as `identity`.",
    )
    to_sign: bool = Field(default=False, description="The proposal waits for a second officer: sign, or send back.")
    sent: bool = Field(default=False, description="The caller's answer was sent and is not on record yet.")
    retracting: bool = Field(default=False, description="The decision is taken back, which is not on record yet.")
    stands: Text | None = Field(
        default=None,
        description="Why the decision of this round cannot be taken back; left out: there is none, or it can.",
    )
    opinions: tuple[Opinion, ...] = Field(default=(), description="What other departments said of the packet.")
    permits: tuple[EarlierPermit, ...] = Field(default=(), description="What the project has been permitted already.")
    questions: tuple[QuestionShown, ...] = Field(default=(), description="The applicant's, about this correction.")
    officer: RowOfficer | None = Field(default=None, description="In whose hands it is; left out: whoever takes it.")
    held: HeldBy | None = None
    why_not: Text | None = Field(default=None, description="Why the caller cannot answer it now; left out: it can.")


def task(
    packet: Packet,
    review: Review,
    catalogue: Catalogue,
    now: datetime,
    office: Office,
    lease: Lease | None,
    account: str,
    records: Mapping[str, IntermediaryRecord] | None = None,
    project: ProjectStanding | None = None,
    name: str = "",
) -> DeskTask:
    """The review as this account sees it, whose user has the name `name` now; `records` are those of intermediaries, by
    credit code. The packet is one that was accepted: no other has reviews.
    """
    header = packet.header
    assert header is not None  # noqa: S101 - a review exists only in an accepted packet
    whole, entry = status(packet, catalogue, now, office), catalogue.matters.get(review.matter)
    decided = packet.decisions.get((review.matter, review.round))
    barred = why_not(packet, review, review.round, lease, account, now, office, name)
    return DeskTask(
        review_id=review.review_id,
        packet=packet.packet,
        round=review.round,
        department=named(catalogue.departments, review.department),
        channel=header.channel,
        why=whole.why,
        enterprise=header.enterprise,
        project=header.project,
        matter=next(m for m in whole.matters if m.matter == review.matter),
        basis=entry.basis if entry else None,
        legal_days=entry.legal_days if entry else None,
        promised_days=entry.promised_days if entry else None,
        materials=_materials(packet, review, catalogue, records or {}) if entry else (),
        form=filled(packet, catalogue, review.matter) if entry else (),
        rests_on=rests_on(packet, review.matter, catalogue) if entry else (),
        cautions=cautions(packet, review.matter, catalogue) if entry else (),
        gaps=tuple(gap for gap in whole.gaps if review.matter in gap.matters),
        commitment=_commitment(packet, entry, whole.commitments, catalogue) if entry else None,
        procedures=procedures(packet, review),
        visits=tuple(visit for visit in whole.visits if review.matter in visit.matters),
        earlier=_earlier(packet, review),
        changes=changes(packet, review, catalogue),
        decided=_decided(decided, packet) if decided else None,
        second_signature=entry.second_signature if entry else False,
        proposal=_proposal(packet, review) if review.pending and not decided else None,
        identity_at=header.identity_at,
        to_sign=to_sign(packet, review) is not None,
        sent=_sent(review, decided, lease, account, now),
        retracting=_retracting(packet, review),
        stands=_stands(packet, review, catalogue) if decided else None,
        opinions=opinions(packet, review, catalogue),
        permits=permits(project, catalogue, office) if project else (),
        questions=asked(packet, office, review.matter),
        officer=in_hands(review.assigned, account, now) if review.assigned else None,
        held=held_by(lease, account, now),
        why_not=barred.text if barred else None,
    )


def _earlier(packet: Packet, review: Review) -> tuple[DeskDecided, ...]:
    """What the department decided before, oldest first."""
    before = [fact for (m, round_), fact in packet.decisions.items() if m == review.matter and round_ < review.round]
    gone = [fact for fact in packet.retracted.values() if fact.matter == review.matter]
    return tuple(_decided(fact, packet) for fact in sorted([*before, *gone], key=lambda f: (f.round, f.turn)))


def _retracting(packet: Packet, review: Review) -> bool:
    """Whether somebody took this turn's decision back and nobody acted on that yet."""
    act = retraction.act_of(packet, review.matter, review.round, review.turn)
    return act is not None and packet.header is not None and act.name not in packet.header.acts


def _stands(packet: Packet, review: Review, catalogue: Catalogue) -> Text | None:
    refused = retraction.why_not(packet, review, catalogue)
    return REFUSALS[refused] if refused else None


def _sent(review: Review, decided: DecisionFact | None, lease: Lease | None, account: str, now: datetime) -> bool:
    waits = lease is not None and lease.holds(now) and lease.by == account and bool(lease.answer)
    return waits and review.pending and decided is None


def _materials(
    packet: Packet, review: Review, catalogue: Catalogue, records: Mapping[str, IntermediaryRecord]
) -> tuple[DeskMaterial, ...]:
    return tuple(_material(packet, material, records) for material in materials(packet, review, catalogue))


def _material(packet: Packet, material: TaskMaterial, records: Mapping[str, IntermediaryRecord]) -> DeskMaterial:
    papers = packet.papers.by_slot.get(material.slot, ())
    files = tuple(
        DeskFile(
            **dict(file),
            id=paper.id,
            name=paper.key.rpartition("/")[2],
            kind=shown_as(packet, paper.slot, paper.mark, paper.key),
            reasons=tuple(text for _, text in paper.reasons),
            round=paper.round,
        )
        for file, paper in zip(material.files, papers, strict=True)
    )
    first = {"file": files[0].name, "kind": files[0].kind} if files else {}
    author = material.author
    record = records.get(author.uscc) if author and author.uscc else None
    return DeskMaterial(**dict(material) | {"files": files}, **first, record=record)


def _commitment(
    packet: Packet, entry: Matter, commitments: Iterable[CommitmentStatus], catalogue: Catalogue
) -> DeskCommitment | None:
    """The commitment of a matter, with the letter's text where it is still the one that was accepted."""
    found = next((c for c in commitments if c.matter == entry.code), None)
    if found is None or packet.header is None:
        return None
    letter = in_force(entry, catalogue, packet.header.enterprise, packet.header.project)
    same = letter is not None and letter.sha256 == found.sha256
    return DeskCommitment(status=found, letter=letter if same else None)


def _decided(fact: DecisionFact, packet: Packet) -> DeskDecided:
    act = retraction.act_of(packet, fact.matter, fact.round, fact.turn)
    gone = act is not None and (fact.matter, fact.round, fact.turn) in packet.retracted
    return DeskDecided(
        round=fact.round,
        turn=fact.turn,
        outcome=fact.outcome,
        outcome_name=names.OUTCOMES[fact.outcome],
        reasons=fact.reasons,
        conditions=fact.conditions,
        officer=fact.officer,
        signed_by=fact.signed_by or None,
        at=fact.received_at,
        retracted=DeskRetracted(reason=act.reason, officer=act.officer or "", at=act.at) if act and gone else None,
    )


def _proposal(packet: Packet, review: Review) -> DeskProposal | None:
    found = packet.proposals.get((review.matter, review.round))
    before = (
        f for (matter, round_, _), f in packet.retracted.items() if (matter, round_) == (review.matter, review.round)
    )
    if found is None or any(fact.received_at >= found.at for fact in before):
        return None  # what was signed and taken back stands among the earlier decisions
    return DeskProposal(
        id=found.id,
        outcome=found.outcome,
        outcome_name=names.OUTCOMES[found.outcome],
        reasons=found.reasons,
        conditions=found.conditions,
        officer=found.officer,
        at=found.at,
        sent_back=found.sent_back,
        void=VOID if void(packet, found) else None,
    )


# special procedures


def procedures(packet: Packet, review: Review) -> tuple[DeskProcedure, ...]:
    """The special procedures of a review that are on record, oldest first."""
    mine = (f for f in packet.procedures.values() if f.matter == review.matter and f.action is ProcedureAction.END)
    ends = {(f.kind, f.round, f.number): f for f in mine}
    begun = starts(packet, review)
    return tuple(_procedure(packet, review, f, ends.get((f.kind, f.round, f.number))) for f in begun)


def _procedure(packet: Packet, review: Review, start: ProcedureFact, end: ProcedureFact | None) -> DeskProcedure:
    """A special procedure, also before `advance` has looked at its start or end."""
    pause = pause_of(review, start)
    visit = packet.visits.get(pause.visit) if pause else None
    until = pause.until if pause else None
    if end and not visit:
        until = until or end.received_at
    return DeskProcedure(
        kind=start.kind,
        name=names.PAUSES[start.kind.value],
        number=start.number,
        round=start.round,
        note=start.note,
        appointment=(visit.appointment if visit else None) or start.appointment,
        since=start.received_at,
        until=until,
        finding=end.note if end else None,
        ended_at=end.received_at if end else None,
        can_end=end is None and (pause is None or goes_on(packet, review, pause)),
    )


def procedure_number(packet: Packet, review: Review, kind: ProcedureKind, action: ProcedureAction) -> int | None:
    """The number that a start or an end carries; None: none of the kind goes on, or there were too many of it.

    What was found on a joint site visit may be said after it is over.
    """
    mine = [p for p in procedures(packet, review) if p.kind is kind and p.round == review.round]
    if action is ProcedureAction.END:
        return min((p.number for p in mine if p.can_end), default=None)
    going_on = any(p.until is None and p.ended_at is None for p in mine)
    after = max((p.number for p in mine), default=0) + 1
    return None if going_on or after > MOST_PROCEDURES else after
