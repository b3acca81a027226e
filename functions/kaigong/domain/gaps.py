"""Gaps: a promised material that follows (容缺受理, mission 6)."""

from . import acceptance
from .catalogue import Catalogue, Code
from .clock import limit
from .corrections import still_wanted
from .finding import Verdict
from .packet import Gap, NoticeItem, NoticeKind, Papers
from .step import Step, judged
from .text import Text


def opened(step: Step, waiting: dict[Code, tuple[Code, ...]]) -> dict[Code, Gap]:
    """The gaps of a packet that is accepted now, by slot; `waiting` names the matters that wait for each.

    All are due before joint acceptance, at the latest after the configured number of working days (choice).
    """
    around = step.around
    due = limit(around.now, around.gap_working_days, around.office)
    unusable = {code: slot.mark for code, slot in step.packet.slots.items()}  # promised all the same: known already
    return {
        slot: Gap(slot=slot, matters=matters, promised_at=around.now, due=due, looked_at=unusable.get(slot))
        for slot, matters in waiting.items()
    }


def receipt(gap: Gap, catalogue: Catalogue) -> NoticeItem:
    """What the acceptance receipt says of a gap: until when, and what comes of a late one."""
    name, day = catalogue.materials[gap.slot].name, gap.due.at
    text = Text(
        zh=f"容缺材料“{name.zh}”须于{day.year}年{day.month}月{day.day}日{day:%H:%M}前补齐，逾期按失信处理。",
        en=f"{name.en} is to follow by {day:%Y-%m-%d %H:%M}; a late one is handled as a breach.",
    )
    return NoticeItem(code="gap", text=text, slot=gap.slot, due=gap.due)


def close(step: Step) -> None:
    """A gap closes when its material is uploaded and is not deficient, at any time after acceptance."""
    closed: dict[Code, Gap] = {}
    useless: dict[Code, Gap] = {}
    told: list[NoticeItem] = []
    papers = dict(step.packet.papers.by_slot)
    for code, gap in step.packet.gaps.items():
        slot = step.packet.slots.get(code)
        if not gap.open or slot is None or slot.mark == gap.looked_at:
            continue
        finding = judged(step, slot)
        if finding.verdict is not Verdict.DEFICIENT:
            closed[code] = gap.model_copy(update={"closed_at": step.around.now})
            papers[code] = acceptance.taken(slot, finding, step.header.round)
        else:
            useless[code] = gap.model_copy(update={"looked_at": slot.mark})
            told.append(still_wanted(step, code, None, finding).model_copy(update={"code": "gap", "due": gap.due}))
    step.change(gaps={**step.packet.gaps, **closed, **useless})
    if closed:
        step.change(papers=Papers(by_slot=papers))
        step.happened("gaps-closed", slots=sorted(closed))
        step.notify(NoticeKind.GAPS_CLOSED, tuple(_closed_item(code, step) for code in closed))
    if useless:
        step.happened("gaps-still-open", slots=sorted(useless))
        step.notify(NoticeKind.GAPS_STILL_OPEN, tuple(told))


def _closed_item(code: Code, step: Step) -> NoticeItem:
    name = step.around.catalogue.materials[code].name
    text = Text(zh=f"容缺材料“{name.zh}”已补齐。", en=f"{name.en} has been received; this gap is closed.")
    return NoticeItem(code="gap-closed", slot=code, text=text)
