"""A department's workbench: its queue, one review as its officer sees it, and who may answer it now.

Read only, and computed from the packet as it now is. Sources: mission 9 (parallel review, tracked supervision of
deadlines), 3 (priority handling), 7 (one officer has it, no passing the buck); design.md, "Contracts": departments with
a system of their own read the same queues, so whoever answers first counts.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from kaigong.domain.flow.delivery import materials
from kaigong.domain.intake.letter import LetterText, in_force
from kaigong.domain.model.catalogue import Catalogue, Code, Matter
from kaigong.domain.model.clock import PAUSE_NAMES, Due, Office, Pause, spelled
from kaigong.domain.model.facts import Kind
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.messages import Channel, DecisionReason, Outcome, ProcedureAction, ProcedureKind, TaskMaterial
from kaigong.domain.model.naming import Named, named
from kaigong.domain.model.packet import DecisionFact, Packet, Paper, ProcedureFact, Review, ReviewState
from kaigong.domain.model.text import Model, Text

from .shown import CommitmentStatus, GapStatus, MatterStatus, Rest, VisitStatus
from .view import status

LEASE = timedelta(minutes=15)  # choice: how long an officer has a review without a sign of life
PAGE_ROWS = 100  # reviews that one answer lists
MOST_PROCEDURES = 9  # of one kind in a round, as the message allows

OUTCOME_NAMES = {
    Outcome.APPROVE: Text(zh="通过", en="approved"),
    Outcome.CORRECT: Text(zh="要求补正", en="correction asked for"),
    Outcome.REJECT: Text(zh="不予通过", en="rejected"),
}
_ENDINGS: dict[str, Literal["pdf", "jpeg", "png"]] = {"pdf": "pdf", "jpg": "jpeg", "jpeg": "jpeg", "png": "png"}


# who has a review


class Lease(Model):
    """An officer has a review until a moment, unless somebody answers first. Another officer then may not answer it.

    `queue` and `receipt` are those of its message where it was taken from the queue: hidden there for as long.
    """

    packet: str
    matter: Code
    round: int
    department: Code
    officer: str = Field(repr=False)  # the name that colleagues are told
    by: str = Field(repr=False)  # the user's name at the pool
    until: datetime
    queue: str = ""
    receipt: str = Field(default="", repr=False)
    answer: str = ""  # id of the answer that was sent and is not on record yet

    def holds(self, now: datetime) -> bool:
        return now < self.until

    def bars(self, by: str, now: datetime) -> bool:
        """Whether it keeps this user from the review."""
        return self.holds(now) and self.by != by


class HeldBy(Model):
    """Which officer of the department has a review, until when."""

    officer: str
    until: datetime
    mine: bool


def held_by(lease: Lease | None, by: str, now: datetime) -> HeldBy | None:
    """Who has it, as the user `by` is told; None: nobody."""
    if lease is None or not lease.holds(now):
        return None
    return HeldBy(officer=lease.officer, until=lease.until, mine=lease.by == by)


# the queue


class Waiting(Model):
    """A pending review as the index by department has it."""

    packet: str
    matter: Code
    round: int
    channel: Channel
    state: ReviewState
    due: Due
    pauses: tuple[Pause, ...] = ()
    enterprise: str
    project: str

    @property
    def order(self) -> tuple[bool, datetime, str, str]:
        """Priority first (mission 3), then what is due first."""
        return self.channel is not Channel.GREEN, self.due.at, self.packet, self.matter

    @property
    def resting(self) -> bool:
        return self.state is ReviewState.PAUSED

    @property
    def comes_back(self) -> bool:
        """Whether its task left the queue for a special procedure that is over now: no message tells of it again."""
        special = [p for p in self.pauses if p.kind != "correction" and p.round == self.round]
        return not self.resting and bool(special)


class DeskRow(Model):
    """One review in a department's queue."""

    review_id: str
    packet: str
    round: int
    matter: Named
    channel: Channel
    enterprise: str
    project: str
    due: datetime
    due_certain: bool
    overdue: bool
    rests: tuple[Rest, ...] = Field(default=(), description="What its time limit rests for.")
    held: HeldBy | None = Field(default=None, description="Which officer has it; left out: nobody.")


class DeskQueue(Model):
    """What a department has to decide: priority first, then what is due first."""

    department: Named
    checked_at: datetime
    rows: tuple[DeskRow, ...]
    late: int = Field(description="How many of these rows are past their date.")
    priority: int = Field(description="How many of these rows are of the green channel.")
    mine: int = Field(description="How many of these rows the caller has.")
    next: str | None = Field(default=None, description="Where the list goes on: give it back as `after`.")


_PLACE = re.compile(r"[01]~[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z~[A-Za-z0-9-]{3,64}\.[a-z0-9-]{1,40}")


def is_place(text: str) -> bool:
    """Whether a text can be a place at which a queue goes on, as `next` gives it."""
    return _PLACE.fullmatch(text) is not None


def queue(
    department: Code,
    waiting: Iterable[Waiting],
    leases: Iterable[Lease],
    catalogue: Catalogue,
    now: datetime,
    by: str,
    next_: str | None = None,
) -> DeskQueue:
    """The queue as the user `by` sees it."""
    held = {(lease.packet, lease.matter, lease.round): lease for lease in leases}
    rows = tuple(
        _row(w, held_by(held.get((w.packet, w.matter, w.round)), by, now), catalogue, now)
        for w in sorted(waiting, key=lambda w: w.order)
    )
    return DeskQueue(
        department=named(catalogue.departments, department),
        checked_at=now,
        rows=rows,
        late=sum(row.overdue for row in rows),
        priority=sum(row.channel is Channel.GREEN for row in rows),
        mine=sum(row.held is not None and row.held.mine for row in rows),
        next=next_,
    )


def _row(waiting: Waiting, held: HeldBy | None, catalogue: Catalogue, now: datetime) -> DeskRow:
    return DeskRow(
        review_id=f"{waiting.packet}.{waiting.matter}",
        packet=waiting.packet,
        round=waiting.round,
        matter=named(catalogue.matters, waiting.matter),
        channel=waiting.channel,
        enterprise=waiting.enterprise,
        project=waiting.project,
        due=waiting.due.at,
        due_certain=waiting.due.certain,
        overdue=not waiting.resting and now > waiting.due.at,
        rests=_rests(waiting.pauses) if waiting.resting else (),
        held=held,
    )


def _rests(pauses: Iterable[Pause]) -> tuple[Rest, ...]:
    """What a limit rests for, each kind once: a joint site visit is one, however often it was asked for."""
    going_on = sorted((p for p in pauses if p.until is None), key=lambda p: p.since, reverse=True)
    first = {p.kind: Rest(kind=p.kind, name=PAUSE_NAMES[p.kind], since=p.since, note=p.note or None) for p in going_on}
    return tuple(first.values())


# one review


class DeskMaterial(TaskMaterial):
    """A material of the review: its file as a page can show it, or what replaces it."""

    file: str | None = Field(default=None, description="Name of the file.")
    kind: Literal["pdf", "jpeg", "png"] | None = Field(
        default=None, description="What a page shows it as; left out: it cannot be shown."
    )


class DeskCommitment(Model):
    """The commitment that replaces the papers. `letter` is left out where its text was changed since, or had none."""

    status: CommitmentStatus
    letter: LetterText | None = None


class DeskDecided(Model):
    """A decision of the department on this matter, with who made it."""

    round: int
    outcome: Outcome
    outcome_name: Text
    reasons: tuple[DecisionReason, ...] = ()
    conditions: tuple[str, ...] = ()
    officer: str
    at: datetime


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
    gaps: tuple[GapStatus, ...] = ()
    commitment: DeskCommitment | None = None
    procedures: tuple[DeskProcedure, ...] = ()
    visits: tuple[VisitStatus, ...] = ()
    earlier: tuple[DeskDecided, ...] = Field(default=(), description="The decisions of earlier rounds, oldest first.")
    decided: DeskDecided | None = Field(default=None, description="The decision of this round, once it is on record.")
    sent: bool = Field(default=False, description="The caller's answer was sent and is not on record yet.")
    held: HeldBy | None = None
    why_not: Text | None = Field(default=None, description="Why the caller cannot answer it now; left out: it can.")


def task(
    packet: Packet, review: Review, catalogue: Catalogue, now: datetime, office: Office, lease: Lease | None, by: str
) -> DeskTask:
    """The review as the user `by` sees it. The packet is one that was accepted: no other has reviews."""
    header = packet.header
    assert header is not None  # noqa: S101 - a review exists only in an accepted packet
    whole, entry = status(packet, catalogue, now, office), catalogue.matters.get(review.matter)
    decided = packet.decisions.get((review.matter, review.round))
    barred = why_not(packet, review, review.round, lease, by, now, office)
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
        materials=tuple(_material(packet, m) for m in materials(packet, review, catalogue)) if entry else (),
        gaps=tuple(gap for gap in whole.gaps if review.matter in gap.matters),
        commitment=_commitment(packet, entry, whole.commitments, catalogue) if entry else None,
        procedures=procedures(packet, review),
        visits=tuple(visit for visit in whole.visits if review.matter in visit.matters),
        earlier=tuple(
            _decided(fact)
            for (matter, round_), fact in sorted(packet.decisions.items())
            if matter == review.matter and round_ < review.round
        ),
        decided=_decided(decided) if decided else None,
        sent=_sent(review, decided, lease, by, now),
        held=held_by(lease, by, now),
        why_not=barred.text if barred else None,
    )


def _sent(review: Review, decided: DecisionFact | None, lease: Lease | None, by: str, now: datetime) -> bool:
    waits = lease is not None and lease.holds(now) and lease.by == by and bool(lease.answer)
    return waits and review.pending and decided is None


def _material(packet: Packet, material: TaskMaterial) -> DeskMaterial:
    paper = packet.papers.by_slot.get(material.slot)
    shown = DeskMaterial(**dict(material))
    if paper is None:
        return shown
    return shown.model_copy(update={"file": paper.key.rpartition("/")[2], "kind": kind(packet, paper)})


def kind(packet: Packet, paper: Paper) -> Literal["pdf", "jpeg", "png"] | None:
    """What a browser is told the paper is: what its first bytes said, or, of an older upload, what its name says."""
    slot = packet.slots.get(paper.slot)
    if slot is not None and slot.mark == paper.mark:
        match slot.facts.kind:
            case Kind.PDF:
                return "pdf"
            case Kind.JPEG:
                return "jpeg"
            case Kind.PNG:
                return "png"
        return None
    return _ENDINGS.get(paper.key.rpartition(".")[2].lower())


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


def _decided(fact: DecisionFact) -> DeskDecided:
    return DeskDecided(
        round=fact.round,
        outcome=fact.outcome,
        outcome_name=OUTCOME_NAMES[fact.outcome],
        reasons=fact.reasons,
        conditions=fact.conditions,
        officer=fact.officer,
        at=fact.received_at,
    )


# special procedures


def procedures(packet: Packet, review: Review) -> tuple[DeskProcedure, ...]:
    """The special procedures of a review that are on record, oldest first."""
    mine = [f for f in packet.procedures.values() if f.matter == review.matter]
    starts = sorted((f for f in mine if f.action is ProcedureAction.START), key=lambda f: f.received_at)
    ends = {(f.kind, f.round, f.number): f.received_at for f in mine if f.action is ProcedureAction.END}
    paused = {(p.kind, p.round, p.number): p.until for p in review.pauses}
    return tuple(
        DeskProcedure(
            kind=f.kind,
            name=PAUSE_NAMES[f.kind.value],
            number=f.number,
            round=f.round,
            note=f.note,
            appointment=f.appointment or _appointed(packet, f),
            since=f.received_at,
            until=ends.get((f.kind, f.round, f.number)) or paused.get((f.kind.value, f.round, f.number)),
        )
        for f in starts
    )


def _appointed(packet: Packet, fact: ProcedureFact) -> datetime | None:
    """When the joint site visit takes place: whoever asked for it, there is one date."""
    if fact.kind is not ProcedureKind.SITE_VISIT:
        return None
    joined = [v for v in packet.visits.values() if v.asked.get(fact.matter) == fact.received_at]
    return joined[-1].appointment if joined else None


def procedure_number(packet: Packet, review: Review, kind: ProcedureKind, action: ProcedureAction) -> int | None:
    """The number that a start or an end carries; None: none of the kind goes on, or there were too many of it."""
    mine = [p for p in procedures(packet, review) if p.kind is kind and p.round == review.round]
    going_on = [p.number for p in mine if p.until is None]
    if action is ProcedureAction.END:
        return min(going_on, default=None)
    after = max((p.number for p in mine), default=0) + 1
    return None if going_on or after > MOST_PROCEDURES else after


# who may answer


class Barred(Model):
    """Why a user cannot answer a review now: a stable code, and the words."""

    code: Literal["old-round", "not-pending", "held-by-another", "answer-sent"]
    text: Text


def why_not(
    packet: Packet, review: Review, round_: int, lease: Lease | None, by: str, now: datetime, office: Office
) -> Barred | None:
    """Why the user `by` cannot answer the review in this round; None: it can.

    Whoever answers first counts: an officer here, or the department's own system. The other one is told.
    """
    if round_ != review.round:
        zh = f"该事项已进入第{review.round}轮审查，您看到的是第{round_}轮。请重新打开后再作决定。"
        en = (
            f"The review is in round {review.round} now; what you saw is round {round_}. Open it again and then decide."
        )
        return Barred(code="old-round", text=Text(zh=zh, en=en))
    decided = packet.decisions.get((review.matter, review.round))
    if decided is not None:
        answer = lease.answer if lease and lease.by == by else ""
        return Barred(code="not-pending", text=_already(decided, answer, office))
    if not review.pending:
        return Barred(code="not-pending", text=_ENDED.get(review.state, _NOT_PENDING))
    if lease is None or not lease.holds(now):
        return None
    if lease.by != by:
        until = spelled(Due(at=lease.until.astimezone(office.zone)))
        zh = f"{lease.officer}正在审查，占用至{until.zh}。到期未办或者退回后，其他经办人可以接手。"
        en = f"{lease.officer} has this review until {until.en}. It is free again when given back, or after that."
        return Barred(code="held-by-another", text=Text(zh=zh, en=en))
    if lease.answer:
        zh, en = (
            "您的决定已送出，正在登记，请稍候查看。",
            "Your answer is sent and is being put on record; look again soon.",
        )
        return Barred(code="answer-sent", text=Text(zh=zh, en=en))
    return None


def _already(fact: DecisionFact, answer: str, office: Office) -> Text:
    """What stands on record. `answer` is the id of what the user sent in this round, if anything."""
    at, name = spelled(Due(at=fact.received_at.astimezone(office.zone))), OUTCOME_NAMES[fact.outcome]
    if answer == fact.message_id:
        return Text(
            zh=f"您的决定已于{at.zh}登记：{name.zh}。", en=f"Your decision is on record since {at.en}: {name.en}."
        )
    zh, en = ("没有采纳", "not taken") if answer else ("没有送出", "not sent")
    return Text(
        zh=f"本轮已由{fact.officer}于{at.zh}作出决定：{name.zh}。先到的决定有效，您的决定{zh}。",
        en=f"{fact.officer} decided this round on {at.en}: {name.en}. The first decision counts; yours was {en}.",
    )


_NOT_PENDING = Text(
    zh="该事项已经办结或者不在审查中，不能再作决定。", en="This review is decided or not open: it takes no decision."
)
_ENDED = {
    ReviewState.WITHDRAWN: Text(
        zh="申请人已撤回申请，该事项不再审查。", en="The applicant withdrew the packet: this review is over."
    ),
    ReviewState.UNOPENED: Text(
        zh="前置事项未获批准，该事项没有开始审查。",
        en="A matter before it was not approved: this review never opened.",
    ),
    ReviewState.CORRECTION: Text(
        zh="已要求补正，等待申请人提交；补正后进入下一轮审查。",
        en="A correction was asked for; the next round begins when the applicant has handed it in.",
    ),
}
