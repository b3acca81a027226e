"""Gaps: a promised paper that follows (容缺受理, mission 6): due, reminded, closed, or overdue and so a breach.

Local rules on 容缺受理: one written notice with the missing materials, the date and the consequence; a late one is
handled as a breach, and the department may revoke.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from kaigong.domain import words
from kaigong.domain.intake import acceptance
from kaigong.domain.intake.finding import too_many
from kaigong.domain.model.arrivals import Examined
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.clock import limit
from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.files import is_picture
from kaigong.domain.model.packet import Breach, Gap, NoticeItem, NoticeKind, Packet, Papers, files_of

from .corrections import lapses_at, reminders, still_wanted
from .step import Step, judged
from .supervised import breach_order

_USABLE = (Verdict.VALID, Verdict.WARNING)
_ANY_TIME = datetime.min.replace(tzinfo=UTC)


def opened(
    step: Step, waiting: Mapping[Code, tuple[Code, ...]], handed: Mapping[Code, Sequence[Examined]], since: datetime
) -> dict[Code, Gap]:
    """The gaps of a packet that is accepted now, by slot; `waiting` names the matters that wait for each. `handed` and
    `since`: what was handed in, and when.

    All are due before joint acceptance, at the latest after the configured number of working days (choice).
    """
    around = step.around
    due = limit(around.now, around.gap_working_days, around.office)
    return {
        slot: Gap(
            slot=slot,
            matters=matters,
            promised_at=around.now,
            since=since,
            due=due,
            looked_at=_marks(handed.get(slot, ())),  # promised all the same: known already
        )
        for slot, matters in waiting.items()
    }


def receipt(gap: Gap, catalogue: Catalogue) -> NoticeItem:
    """What the acceptance receipt says of a gap: until when, and what comes of a late one."""
    text = words.gaps.receipt(catalogue.materials[gap.slot].name, gap.due)
    return NoticeItem(code="gap", text=text, slot=gap.slot, due=gap.due)


def close(step: Step) -> None:
    """A gap closes when its material is uploaded after it was promised and is not deficient; once the applicant
    withdrew, where it is owed. One that may come as several files is looked at once nothing came for a while.
    """
    closed: dict[Code, Gap] = {}
    useless: dict[Code, Gap] = {}
    told: list[NoticeItem] = []
    papers = dict(step.packet.papers.by_slot)
    for code, gap in step.packet.looked_for().items():
        files = _followed(step.packet, gap, step.around.catalogue)
        if not files or step.around.now < _quiet_from(files, code, step.around.catalogue, step.around.quiet):
            continue
        counting = _still_good(step, files, gap)
        finding, by = judged(step, counting, papers)
        if finding.verdict is not Verdict.DEFICIENT:
            closed[code] = gap.changed(closed_at=step.around.now)
            papers[code] = acceptance.taken(counting, finding, step.header.round, author=by)
        else:
            useless[code] = gap.changed(looked_at=_marks(files))
            told.append(still_wanted(step, code, None, finding).changed(code="gap", due=gap.due))
    step.change(gaps={**step.packet.gaps, **closed, **useless})
    if closed:
        step.change(papers=Papers(by_slot=papers))
        step.happened("gaps-closed", slots=sorted(closed))
        items = tuple(_closed_item(code, step) for code in closed)
        step.notify(NoticeKind.GAPS_CLOSED, items, waiting_departments(step, closed.values()))
    if useless:
        step.happened("gaps-still-open", slots=sorted(useless))
        step.notify(NoticeKind.GAPS_STILL_OPEN, tuple(told))


def waits(packet: Packet, catalogue: Catalogue, now: datetime, quiet: timedelta) -> float | None:
    """For how many seconds more files of a promised paper are waited for, if nothing comes until then."""
    came = {code: _followed(packet, gap, catalogue) for code, gap in packet.looked_for().items()}
    quiet_from = (_quiet_from(files, code, catalogue, quiet) for code, files in came.items() if files)
    left = [(moment - now).total_seconds() for moment in quiet_from if moment > now]
    return max(min(left), 1.0) if left else None


def _followed(packet: Packet, gap: Gap, catalogue: Catalogue) -> tuple[Examined, ...]:
    """The files of a promised paper, where some came after the promise that nobody looked at yet; else none."""
    came = [
        upload
        for upload in packet.uploads.values()
        if upload.slot == gap.slot and (upload.uploaded_at > gap.since or upload.mark in gap.looked_at)
    ]
    files = files_of(came, catalogue.room(gap.slot))
    return files if gap.open and not set(gap.looked_at).issuperset(_marks(files)) else ()


def _quiet_from(files: Sequence[Examined], slot: Code, catalogue: Catalogue, quiet: timedelta) -> datetime:
    room = catalogue.room(slot)
    if room.most == 1 or (room.files == 1 and not is_picture(files[0].name)):
        return _ANY_TIME
    return max(file.uploaded_at for file in files) + quiet


def _still_good(step: Step, files: Sequence[Examined], gap: Gap) -> Sequence[Examined]:
    """The files that count: of those the applicant was told of the ones that could not be used do not, nor does any
    where together they were too many.
    """
    told = [file for file in files if file.mark in gap.looked_at]
    if not told or too_many(told, step.around.catalogue.materials[gap.slot]):
        good: set[str] = set()
    else:
        found, _ = judged(step, told, {})
        good = {f.mark for f, each in zip(told, found.files, strict=True) if each.verdict in _USABLE}
    return [file for file in files if file.mark in good or file.mark not in gap.looked_at]


def _marks(files: Iterable[Examined]) -> tuple[str, ...]:
    return tuple(file.mark for file in files)


def waiting_departments(step: Step, gaps: Iterable[Gap]) -> list[Code]:
    """The departments whose matters wait for these materials: they are told as well."""
    matters = step.around.catalogue.matters
    waiting = (matter for gap in gaps for matter in gap.matters if step.packet.waits_for_gaps(matter))
    return [matters[matter].department for matter in waiting]


def remind(step: Step) -> None:
    """Remind the applicant of what is due soon. Reminders that were missed meanwhile make one."""
    now, soon = step.around.now, {}
    for code, gap in step.packet.owed().items():
        passed = sum(moment <= now for moment in reminders(gap.due, step.around))
        if gap.reminded < passed and now <= gap.due.at:
            soon[code] = gap.changed(reminded=passed)
    if not soon:
        return
    step.change(gaps={**step.packet.gaps, **soon})
    step.happened("gaps-reminded", slots=sorted(soon))
    step.notify(NoticeKind.GAP_REMINDER, tuple(receipt(gap, step.around.catalogue) for gap in soon.values()))


def lapse(step: Step) -> None:
    """Put a promise that was not kept on record as a breach. The gap stays open: the material is still owed. What came
    in time and is to be looked at did not lapse (`close` comes before).
    """
    around = step.around
    late = {
        code: gap
        for code, gap in step.packet.owed().items()
        if not gap.overdue_at and around.now > lapses_at(gap.due, around) and not _came_in_time(step, gap)
    }
    if not late:
        return
    repairable = around.now + timedelta(days=around.breach_repair_days)
    breaches = {
        code: Breach(packet=step.packet.packet, subject=code, at=around.now, repairable_from=repairable)
        for code in late
    }
    marked = {code: gap.changed(overdue_at=around.now) for code, gap in late.items()}
    step.change(gaps={**step.packet.gaps, **marked}, breaches={**step.packet.breaches, **breaches})
    step.orders += [breach_order(code) for code in late]
    waiting = [[code, m] for code, gap in sorted(late.items()) for m in gap.matters if step.packet.waits_for_gaps(m)]
    step.happened("gaps-overdue", slots=sorted(late), waiting=waiting)
    items = tuple(_late_item(step, gap, repairable) for gap in late.values())
    step.notify(NoticeKind.GAP_OVERDUE, items, waiting_departments(step, late.values()))


def _came_in_time(step: Step, gap: Gap) -> bool:
    """Whether a file came by the due date that nobody looked at yet, as more of its material may follow."""
    files = _followed(step.packet, gap, step.around.catalogue)
    return any(file.uploaded_at <= gap.due.at and file.mark not in gap.looked_at for file in files)


def _late_item(step: Step, gap: Gap, repairable: datetime) -> NoticeItem:
    name = step.around.catalogue.materials[gap.slot].name
    text = words.gaps.late(name, repairable.astimezone(step.around.office.zone))
    return NoticeItem(code="gap-overdue", text=text, slot=gap.slot, due=gap.due)


def _closed_item(code: Code, step: Step) -> NoticeItem:
    text = words.gaps.closed(step.around.catalogue.materials[code].name)
    return NoticeItem(code="gap-closed", slot=code, text=text)
