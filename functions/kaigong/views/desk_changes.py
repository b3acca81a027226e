"""What changed in a review since its department last answered: papers old beside new, data, promised papers; and what
did not. Read only. Sources: mission 7 (a correction is told once, and looked at as such), 9 (parallel review).

The papers that were replaced and the earlier submissions are history, which the page's one Query reads as well.
"""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from kaigong.domain.flow.doubts import corrected_since
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.facts import ShownKind
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.messages import TaskFinding
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import Packet, Paper, Review
from kaigong.domain.model.text import Model, Text

from .materials import shown_as
from .words import changes as words


class PaperVersion(Model):
    """One version of a paper: what it is called, when it came, what examination said of it."""

    id: str = Field(description="Of several files: opens this one.")
    file: str
    size: int
    at: datetime | None = Field(default=None, description="When it was uploaded, where that is known.")
    kind: ShownKind | None = None
    finding: TaskFinding


class ChangedPaper(Model):
    """A material whose paper, or one of whose files, is another one now."""

    slot: Code
    name: Text
    before: PaperVersion | None = Field(default=None, description="Left out: it was not there before.")
    until: int | None = Field(default=None, description="The round that replaced it: `before` opens it by that.")
    now: PaperVersion | None = Field(default=None, description="Left out: it was taken out.")
    promised: bool = Field(default=False, description="It was promised before.")


class ChangedData(Model):
    """What the applicant says otherwise in the newest submission."""

    name: Text
    before: str | None = Field(default=None, repr=False)
    now: str | None = Field(default=None, repr=False)
    taken_over: bool = Field(default=False, description="The review goes by it: a doubt was found true and corrected.")


class DeskChanges(Model):
    """What changed since the department last answered, or since the task first came to it; and what did not."""

    since: datetime
    papers: tuple[ChangedPaper, ...] = ()
    data: tuple[ChangedData, ...] = ()
    gaps: tuple[Text, ...] = ()
    unchanged: tuple[Text, ...] = ()


def changes(packet: Packet, review: Review, catalogue: Catalogue) -> DeskChanges | None:
    """None where the department has not seen the packet before as it was, and nothing changed since it came."""
    entry = catalogue.matters.get(review.matter)
    answers = [f for f in (*packet.decisions.values(), *packet.retracted.values()) if f.matter == review.matter]
    before = [fact.received_at for fact in answers if (fact.round, fact.turn) < (review.round, review.turn)]
    since = max(before, default=review.opened_at)
    slots = [m.material for m in entry.materials] if entry else []
    papers = tuple(_papers(packet, slots, since, catalogue))
    data, gaps = tuple(_data(packet, since)), tuple(_gaps(packet, review.matter, since, catalogue))
    if not (papers or before or data):
        return None
    same = [name_of(catalogue.materials, slot) for slot in slots if slot not in {p.slot for p in papers}]
    same += [] if data else [words.DATA]
    same += [words.COMMITMENT] if review.matter in packet.commitments else []
    same += [words.GAPS] if not gaps and any(review.matter in gap.matters for gap in packet.gaps.values()) else []
    return DeskChanges(since=since, papers=papers, data=data, gaps=gaps, unchanged=tuple(same))


def _papers(packet: Packet, slots: list[Code], since: datetime, catalogue: Catalogue) -> Iterator[ChangedPaper]:
    later = [replaced for _, replaced in sorted(packet.replaced.items()) if replaced.at > since]
    for slot in slots:
        files = packet.papers.by_slot.get(slot, ())
        first = {old.paper.name: (r.round, old) for r in reversed(later) for old in r.papers if old.paper.slot == slot}
        gap = packet.gaps.get(slot)
        followed = gap is not None and gap.closed_at is not None and gap.closed_at > since
        if not first and not followed:
            continue
        name = name_of(catalogue.materials, slot)
        if len(files) == len(first) == 1:  # one paper, whatever it is called now
            first = dict(zip((files[0].name,), first.values(), strict=True))
        for file in files:
            upload = packet.uploads.get((slot, file.mark))
            round_, old = first.pop(file.name, (None, None))
            if old is not None:
                before = _version(packet, old.paper, old.uploaded_at)
                yield ChangedPaper(slot=slot, name=name, before=before, until=round_, now=_version(packet, file, None))
            elif followed or (upload is not None and upload.uploaded_at > since):
                yield ChangedPaper(slot=slot, name=name, now=_version(packet, file, None), promised=followed)
        for round_, old in first.values():
            yield ChangedPaper(slot=slot, name=name, before=_version(packet, old.paper, old.uploaded_at), until=round_)


def _version(packet: Packet, paper: Paper, at: datetime | None) -> PaperVersion:
    upload = packet.uploads.get((paper.slot, paper.mark))
    return PaperVersion(
        id=paper.id,
        file=paper.name,
        size=paper.size,
        at=upload.uploaded_at if upload else at,
        kind=shown_as(packet, paper.slot, paper.mark, paper.key),
        finding=TaskFinding(
            verdict=paper.verdict,
            codes=tuple(code for code, _ in paper.reasons),
            reasons=tuple(text for _, text in paper.reasons),
        ),
    )


def _data(packet: Packet, since: datetime) -> Iterator[ChangedData]:
    """The newest manifest that was taken, against the one that the department saw last."""
    taken = sorted((s for s in packet.submissions.values() if s.taken is not None), key=lambda s: s.order)
    seen = [s for s in taken if s.received_at <= since]
    if not seen or seen[-1] is taken[-1]:
        return
    before, now = (_said(said.manifest.enterprise, said.manifest.project) for said in (seen[-1], taken[-1]))
    corrected = packet.header if corrected_since(packet, since) else None
    valid = _said(corrected.enterprise, corrected.project) if corrected else {}
    for field, name in words.FIELDS.items():
        if before[field] != now[field]:
            over = field in valid and valid[field] == now[field]
            yield ChangedData(name=name, before=before[field], now=now[field], taken_over=over)


def _said(enterprise: Enterprise, project: Project) -> dict[str, str | None]:
    return {
        "enterprise": enterprise.name,
        "legal_representative": enterprise.legal_representative,
        "phone": enterprise.phone,
        "enterprise_address": enterprise.address,
        "project": project.name,
        "code": project.code,
        "project_address": project.address,
    }


def _gaps(packet: Packet, matter: Code, since: datetime, catalogue: Catalogue) -> Iterator[Text]:
    for slot, gap in packet.gaps.items():
        name = name_of(catalogue.materials, slot)
        if matter not in gap.matters:
            continue
        if gap.closed_at and gap.closed_at > since:
            yield words.supplied(name)
        elif gap.overdue_at and gap.overdue_at > since:
            yield words.overdue(name)


def papers_before(packet: Packet, slot: Code, round_: int) -> tuple[Paper, ...]:
    """The files of a paper that a round replaced, where they are on record."""
    replaced = packet.replaced.get(round_)
    return tuple(old.paper for old in replaced.papers if old.paper.slot == slot) if replaced else ()
