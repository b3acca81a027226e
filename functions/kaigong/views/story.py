"""A project from land to acceptance as one story: its packets with what was decided, promised, visited, issued,
inspected and given; and of each stage how many working days it took, against the conventional way.

Read only. Sources: mission 9 (one goes by the whole project), 10 (from 7 working days to 3), 14 (a closed loop); the
four national stages. Choice: the conventional way is one matter after another, each within the days the law allows.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic import Field

from kaigong.domain.model.benefits import Benefit
from kaigong.domain.model.catalogue import Catalogue, Code, Stage
from kaigong.domain.model.clock import Office, taken
from kaigong.domain.model.naming import Named, named
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.supervision import FindingOutcome, SupervisionRecord, SupervisionState
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

from . import benefits
from .benefits import BenefitShown
from .documents import IssuedDocuments, issued_documents
from .packet import PacketStatus, status

MOST_PACKETS = 20  # choice: that one story tells, the first of those who are on the project


class StoryRecord(Model):
    """What became of the supervision of one approved matter."""

    matter: Named
    department: Named
    state: SupervisionState
    name: Text = Field(description="Where it is, or how it ended.")
    findings: tuple[FindingOutcome, ...] = ()


class StoryPacket(Model):
    """One packet of the project."""

    status: PacketStatus
    documents: IssuedDocuments
    inspections: tuple[StoryRecord, ...]
    benefits: tuple[BenefitShown, ...] = ()


class StoryStage(Model):
    """One stage: how far it is, and how long it took."""

    stage: Stage
    name: Text
    matters: int
    decided: int
    since: datetime = Field(description="When the first packet with one of its matters was accepted.")
    until: datetime | None = Field(default=None, description="When its last matter was decided, or withdrawn.")
    working_days: int = Field(description="Until its end, or until now.")
    conventional_days: int = Field(description="One after another, each within the days the law allows.")


class ProjectStory(Model):
    """All of a project that the caller may see."""

    code: str
    name: str
    stages: tuple[StoryStage, ...]
    packets: tuple[StoryPacket, ...]
    more: bool = Field(default=False, description="There are later packets, which are not told here.")
    checked_at: datetime


class Told(NamedTuple):
    """A packet, the catalogue that it goes by, the records of its supervision, and what policies gave for it."""

    packet: Packet
    catalogue: Catalogue
    records: Mapping[Code, SupervisionRecord]
    benefits: Mapping[Code, Benefit]


def story(code: str, told: Sequence[Told], now: datetime, office: Office, *, more: bool = False) -> ProjectStory:
    shown = [(each, status(each.packet, each.catalogue, now, office)) for each in told]
    name = next((s.project.name for _, s in shown if s.project), code)
    return ProjectStory(
        code=code,
        name=name,
        stages=tuple(_stages(shown, now, office)),
        packets=tuple(
            StoryPacket(
                status=found,
                documents=issued_documents(each.packet, each.catalogue),
                inspections=tuple(_record(record, each.catalogue) for record in each.records.values()),
                benefits=tuple(benefits.shown(benefit, each.catalogue) for benefit in each.benefits.values()),
            )
            for each, found in shown
        ),
        more=more,
        checked_at=now,
    )


def _stages(shown: Sequence[tuple[Told, PacketStatus]], now: datetime, office: Office) -> Iterable[StoryStage]:
    for stage in Stage:
        found = [
            (status_, each.packet.decided_at(matter.matter), each.catalogue.matters[matter.matter])
            for each, status_ in shown
            for matter in status_.matters
            if status_.accepted_at and matter.matter in each.catalogue.matters
            and each.catalogue.matters[matter.matter].stage is stage
        ]  # fmt: skip
        if not found:
            continue
        ends = [end for status_, decided, _ in found if (end := decided or status_.withdrawn_at)]
        since = min(status_.accepted_at for status_, _, _ in found if status_.accepted_at)
        until = max(ends) if len(ends) == len(found) else None
        yield StoryStage(
            stage=stage,
            name=names.STAGES[stage],
            matters=len(found),
            decided=sum(decided is not None for _, decided, _ in found),
            since=since,
            until=until,
            working_days=taken(since, until or now, office),
            conventional_days=sum({matter.code: matter.legal_days for _, _, matter in found}.values()),
        )


def _record(record: SupervisionRecord, catalogue: Catalogue) -> StoryRecord:
    name = names.SUPERVISION_ENDINGS[record.ending] if record.ending else names.SUPERVISION_STATES[record.state]
    return StoryRecord(
        matter=named(catalogue.matters, record.matter),
        department=named(catalogue.departments, record.department),
        state=record.state,
        name=name,
        findings=tuple(found.outcome for found in record.findings),
    )
