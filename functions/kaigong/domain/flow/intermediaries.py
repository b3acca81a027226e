"""What becomes of the papers of intermediaries in a packet, for the record of each (中介各履其责, mission 15).

Counted is what the applicant is told, when it is told: a paper that is sent back for what it is, one that a department
wants corrected, one that was promised and did not come in time. By how much that changes an intermediary's record is
part of what the change wants delivered, and is added as that is struck off, so once (`store.packets.delivered`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.packet import Drawn, IntermediaryRecord, Notice, NoticeKind, Packet

from .step import Step, author

ORDER = "intermediaries"  # in the outbox: their records change
_FIGURES = tuple(IntermediaryRecord.model_fields)
_NOT_A_PAPER = ("material-missing", "correction-missing")  # points of a notice that speak of one that did not come


def count(step: Step, before: Packet) -> None:
    """Count what this step tells the applicant, and have it added to the records that it changes."""
    drawn = dict(step.packet.drawn)
    for number, notice in step.packet.notices.items():
        if number in before.notices:
            continue
        for field, uscc in _counted(step, notice):
            old = drawn.get(uscc, Drawn())
            drawn[uscc] = Drawn.model_validate({**dict(old), field: getattr(old, field) + 1})
    if drawn != step.packet.drawn:
        step.change(drawn=drawn)
    step.counted = dict(_differences(records(before), records(step.packet)))
    if step.counted:
        step.orders.append(ORDER)


def _differences(
    before: Mapping[str, IntermediaryRecord], after: Mapping[str, IntermediaryRecord]
) -> Iterator[tuple[str, IntermediaryRecord]]:
    for uscc in sorted({*before, *after}):
        old, new = before.get(uscc, IntermediaryRecord()), after.get(uscc, IntermediaryRecord())
        if old != new:
            yield uscc, IntermediaryRecord(**{name: getattr(new, name) - getattr(old, name) for name in _FIGURES})


def records(packet: Packet) -> dict[str, IntermediaryRecord]:
    """What this packet knows of each intermediary, by credit code."""
    authors = (papers[0].author for papers in packet.papers.by_slot.values())
    papers = Counter(author.uscc for author in authors if author and author.uscc)
    return {
        uscc: IntermediaryRecord(papers=papers[uscc], **dict(packet.drawn.get(uscc, Drawn())))
        for uscc in sorted({*papers, *packet.drawn})
        if uscc
    }


def _counted(step: Step, notice: Notice) -> Iterator[tuple[str, str]]:
    """What a notice tells of the papers of intermediaries: which figure it counts for, and of whom; each paper once."""
    slots = dict.fromkeys(item.slot for item in notice.items if item.slot and item.code not in _NOT_A_PAPER)
    match notice.kind:
        case NoticeKind.RETURNED | NoticeKind.GAPS_STILL_OPEN:
            field = "returned"
        case NoticeKind.CORRECTION:
            field = "corrected"
        case NoticeKind.GAP_OVERDUE:
            field = "broken"
        case _:
            return
    for slot in slots:
        if uscc := _author(step, slot):
            yield field, uscc


def _author(step: Step, slot: Code) -> str | None:
    """Who drew up the paper in a slot, or is to: the paper under review says so, else the newest submission."""
    papers, material = step.packet.papers.by_slot.get(slot), step.around.catalogue.materials.get(slot)
    by = papers[0].author if papers else author(step.packet, material) if material else None
    return by.uscc if by else None
