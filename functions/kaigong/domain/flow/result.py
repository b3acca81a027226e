"""The joint result: what became of every matter, and of the packet as a whole.

Source: item status codes of the national exchange standard (mission, "Facts from law and standards").
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from kaigong.domain.model.catalogue import Catalogue, Code, Matter, Route
from kaigong.domain.model.manifest import Author, Project
from kaigong.domain.model.messages import Channel, DecisionReason, TaskCommitment
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import Gap, JointResult, MatterResult, Packet, Paper, ResultCode, Review, ReviewState
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names
from kaigong.domain.words.remedies import REMEDY

from .delivery import commitment


class Applicant(Model):
    """Who applied. Contact data of people stays out of what is shown and issued."""

    name: str
    uscc: str


class MatterEntry(Model):
    """One matter in the joint result's document."""

    matter: Code
    number: str = Field(description="The matter's number: done by commitment, it is another than done by approval.")
    name: Text
    department: Text
    route: Route
    code: ResultCode
    outcome: Text
    decided_at: datetime
    conditions: tuple[str, ...] = ()
    reasons: tuple[DecisionReason, ...] = ()
    open_gaps: tuple[Code, ...] = ()
    by_rules: bool = Field(default=False, description="Decided by rules at once, and so marked for supervision.")
    remedy: Text | None = Field(default=None, description="Not approved: what can be done against it, and how long.")


class GapEntry(Model):
    """A promised paper that was still missing at the decision."""

    slot: Code
    name: Text
    matters: tuple[Code, ...]
    due: datetime
    due_certain: bool = Field(
        description="False: the year's holidays are not published yet, so the date may still move."
    )


class CommitmentEntry(TaskCommitment):
    """A matter that was done by commitment (告知承诺), and who signed for that."""

    matter: Code
    name: Text


class PaperFile(Model):
    """One file of a material that was reviewed. Its name is left out: it may be a person's."""

    version: str
    sha256: str | None = None
    size: int


class PaperEntry(Model):
    """A material that was reviewed, with its files in order."""

    slot: Code
    name: Text
    files: tuple[PaperFile, ...]
    author: Author | None = Field(default=None, description="The intermediary that is said to have drawn it up.")


class LedgerHead(Model):
    """How far the packet's ledger had come at the decision."""

    entries: int
    head: str = Field(description="Hash of the newest entry; it covers all entries before it.")


class JointResultDocument(Model):
    """The joint result of a packet, as it is issued: `issued/<packet>/joint-result.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["kaigong/joint-result/1"] = Field(default="kaigong/joint-result/1", alias="schema")
    packet: str
    code: ResultCode
    partial: bool = Field(default=False, description="Some matters were approved and some not; those approved stand.")
    outcome: Text
    decided_at: datetime
    enterprise: Applicant
    project: Project
    channel: Channel
    matters: tuple[MatterEntry, ...]
    gaps: tuple[GapEntry, ...] = ()
    commitments: tuple[CommitmentEntry, ...] = ()
    papers: tuple[PaperEntry, ...] = Field(default=(), description="What the departments reviewed.")
    ledger: LedgerHead


APPROVALS = frozenset({ResultCode.APPROVED, ResultCode.APPROVED_WITH_GAPS})
ENDED = {ReviewState.RECALLED: ResultCode.RECALLED, ReviewState.REVOKED: ResultCode.REVOKED}


def joint_result(packet: Packet, catalogue: Catalogue, now: datetime) -> JointResult | None:
    """The joint result, or None while a matter is undecided.

    The whole is not approved (13) when one matter is not, or no longer, and partial when another is: what was approved
    stands. Approved with gaps (12) when all are and a promised paper is still missing; else approved (11).
    """
    header = packet.header
    if header is None or any(matter not in packet.reviews for matter in packet.routes):
        return None
    if not all(review.final for review in packet.reviews.values()):
        return None
    matters = tuple(_matter_result(packet, packet.reviews[matter], catalogue, now) for matter in packet.routes)
    codes = {matter.code for matter in matters}
    if codes - APPROVALS:
        partial = bool(codes & APPROVALS)
        return JointResult(code=ResultCode.NOT_APPROVED, partial=partial, matters=matters, decided_at=now)
    code = max(codes)  # 12 where one of them has a gap
    return JointResult(code=code, matters=matters, decided_at=now)


def _matter_result(packet: Packet, review: Review, catalogue: Catalogue, now: datetime) -> MatterResult:
    matter = catalogue.matters[review.matter]
    gaps: tuple[Code, ...] = tuple(g.slot for g in packet.gaps.values() if g.open and review.matter in g.matters)
    if review.state is not ReviewState.APPROVED:
        code, gaps = ENDED.get(review.state, ResultCode.NOT_APPROVED), ()
    else:
        code = ResultCode.APPROVED_WITH_GAPS if gaps else ResultCode.APPROVED
    by_commitment = review.route is Route.COMMITMENT and matter.commitment_number is not None
    return MatterResult(
        matter=review.matter,
        number=matter.commitment_number or matter.number if by_commitment else matter.number,
        department=review.department,
        code=code,
        decided_at=packet.taken_back_at(review.matter) or review.decided_at or now,
        conditions=review.conditions,
        reasons=_grounded(review, matter),
        open_gaps=gaps,
        by_rules=review.by_rules,
    )


def _grounded(review: Review, matter: Matter) -> tuple[DecisionReason, ...]:
    """The reasons; a rejection without a basis of its own rests on the matter's law (行政许可法 §38)."""
    if review.state is not ReviewState.REJECTED or matter.basis is None:
        return review.reasons
    basis = matter.basis.zh
    return tuple(r if r.basis else r.changed(basis=basis) for r in review.reasons)


def outcome(result: JointResult) -> Text:
    """The whole in words, as it was decided."""
    return names.IN_PART if result.partial else names.RESULTS[result.code]


def outcome_now(packet: Packet, result: JointResult) -> Text:
    """The whole in words, as it stands: what was taken back since does not hold any more."""
    approved = [matter.matter for matter in result.matters if matter.code in APPROVALS]
    stand = [matter for matter in approved if packet.reviews[matter].state is ReviewState.APPROVED]
    if len(stand) == len(approved):
        return outcome(result)
    return names.SOME_STAND if stand else names.NONE_STANDS


def document(packet: Packet, catalogue: Catalogue) -> bytes:
    """The joint result as people and systems read it: JSON, Chinese first. The same packet gives the same bytes."""
    header, result = packet.header, packet.result
    assert header is not None  # noqa: S101 - only a decided packet is issued
    assert result is not None  # noqa: S101 - as above
    content = JointResultDocument(
        packet=packet.packet,
        code=result.code,
        partial=result.partial,
        outcome=outcome(result),
        decided_at=result.decided_at,
        enterprise=Applicant(name=header.enterprise.name, uscc=header.enterprise.uscc),
        project=header.project,
        channel=header.channel,
        matters=tuple(_entry(matter, packet.routes[matter.matter], catalogue) for matter in result.matters),
        gaps=tuple(
            GapEntry(
                slot=gap.slot,
                name=catalogue.materials[gap.slot].name,
                matters=gap.matters,
                due=gap.due.at,
                due_certain=gap.due.certain,
            )
            for gap in packet.gaps.values()
            if any(gap.slot in matter.open_gaps for matter in result.matters)
        ),
        commitments=tuple(
            CommitmentEntry(matter=code, name=catalogue.matters[code].name, **dict(commitment(made)))
            for code, made in packet.commitments.items()
        ),
        papers=tuple(
            _paper(slot, papers, catalogue)
            for slot, papers in packet.papers.by_slot.items()
            if not _came_later(packet.gaps.get(slot), result)
        ),
        ledger=LedgerHead(entries=result.ledger_seq, head=result.ledger_hash),
    )
    return content.model_dump_json(by_alias=True, exclude_none=True, indent=2).encode()


def _came_later(gap: Gap | None, result: JointResult) -> bool:
    """Whether a promised paper followed after the decision."""
    return gap is not None and gap.closed_at is not None and gap.closed_at > result.decided_at


def _paper(slot: Code, papers: Iterable[Paper], catalogue: Catalogue) -> PaperEntry:
    files = tuple(PaperFile(version=p.version, sha256=p.sha256, size=p.size) for p in papers)
    return PaperEntry(slot=slot, name=name_of(catalogue.materials, slot), files=files)


def _entry(matter: MatterResult, route: Route, catalogue: Catalogue) -> MatterEntry:
    return MatterEntry(
        matter=matter.matter,
        number=matter.number,
        name=catalogue.matters[matter.matter].name,
        department=catalogue.departments[matter.department].name,
        route=route,
        code=matter.code,
        outcome=names.RESULTS[matter.code],
        decided_at=matter.decided_at,
        conditions=matter.conditions,
        reasons=matter.reasons,
        open_gaps=matter.open_gaps,
        by_rules=matter.by_rules,
        remedy=None if matter.code in APPROVALS else REMEDY,
    )
