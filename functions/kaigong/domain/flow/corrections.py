"""Corrections: all departments' requests of a round, and doubts that the window found true, go out in one notice; what
comes back reopens the reviews that asked, and lets go on those that rested for a doubt.

What does not come within the configured time counts as withdrawn, and is told before (choice; the practice of 行政许可:
逾期未补正的，视为撤回申请). Source: mission 7 (一次性告知); design.md, "A packet's life".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from kaigong.domain import words
from kaigong.domain.intake import acceptance, form
from kaigong.domain.intake.finding import Finding
from kaigong.domain.model.arrivals import Examined, Submission
from kaigong.domain.model.catalogue import Code, Route
from kaigong.domain.model.clock import Due, before, limit
from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.form import FormTaken
from kaigong.domain.model.packet import (
    Gap,
    NoticeItem,
    NoticeKind,
    Packet,
    Paper,
    Papers,
    Replaced,
    ReplacedPaper,
    Review,
    Status,
)
from kaigong.domain.model.states import PacketEvent

from . import doubts, review
from .step import Step, Surroundings, fingerprint, judged, sealed
from .withdrawal import approved_before, end_reviews


def send(step: Step) -> None:
    """Ask the applicant, in one notice: once nobody is still reviewing, and at the latest some days after the first
    request, so that one slow department neither keeps the applicant from correcting nor has the others' time run on.

    The time of who asked rests from the notice on: before it the applicant can do nothing. Who asks later is told with
    the next round. Source: 行政许可法 §32 (told once and in full, within five days); the days are a choice below that.
    """
    if step.header.status is not Status.IN_REVIEW:
        return
    wanted, doubted = review.untold(step.packet), doubts.untold(step.packet)
    if not doubted and not (wanted and _time_to_ask(step)):
        return
    items = (*doubts.ask(step), *review.corrections(wanted, step.around.catalogue))
    review.rest(step, wanted)
    step.move(PacketEvent.CORRECTIONS_ASKED)
    _ask(step, items)


def _time_to_ask(step: Step) -> bool:
    return not review.reviewed_still(step.packet) or step.around.now >= ask_at(step.packet, step.around)


def ask_at(packet: Packet, around: Surroundings) -> datetime:
    """When corrections that departments asked for are told, though others are still reviewing. In an instant process
    that is the end of the working day.
    """
    first = min(r.decided_at or around.now for r in review.untold(packet).values())
    instant = packet.header is not None and around.catalogue.processes[packet.header.process].instant
    return limit(first, 0 if instant else around.correction_notice_working_days, around.office).at


def _ask(step: Step, items: tuple[NoticeItem, ...]) -> None:
    """Say what is to be corrected, and until when: the time begins with each notice."""
    due = limit(step.around.now, step.around.correction_working_days, step.around.office)
    step.change_header(correct_by=due, correction_reminders=0)
    told = tuple(item.changed(due=due) for item in items)
    step.notify(NoticeKind.CORRECTION, told, doubts.departments(step.packet))


def drop(step: Step) -> None:
    """The window settled, after all, what it had found true: the reviews that rested for it go on. Where no department
    asked for anything either, nothing is to be corrected, and this round may have another notice.
    """
    if step.header.status is not Status.CORRECTING or doubts.told(step.packet):
        return
    doubts.go_on(step)
    if not review.asking(step.packet):
        step.move(PacketEvent.CORRECTED, correct_by=None, told_round=0)


def remind(step: Step) -> None:
    """Remind the applicant before a correction lapses. Reminders that were missed meanwhile make one."""
    due, now = step.header.correct_by, step.around.now
    if due is None or step.header.status is not Status.CORRECTING or now > due.at:
        return
    passed = sum(moment <= now for moment in reminders(due, step.around))
    if step.header.correction_reminders < passed:
        step.change_header(correction_reminders=passed)
        step.happened("correction-reminded")
        item = NoticeItem(code="correction-due", text=words.corrections.due_soon(due), due=due)
        step.notify(NoticeKind.CORRECTION_REMINDER, (item,))


def lapse(step: Step) -> None:
    """What was not corrected in time counts as withdrawn (视为撤回). What came in time and is being examined did not
    lapse.
    """
    due = step.header.correct_by
    if due is None or step.header.status is not Status.CORRECTING or step.packet.untaken():
        return
    if step.around.now <= lapses_at(due, step.around):
        return
    step.move(PacketEvent.WITHDRAWN, withdrawn_at=step.around.now, lapsed=True)
    departments = end_reviews(step)
    step.happened("correction-lapsed", papers=fingerprint(step.packet.shown(step.around.catalogue)))
    item = NoticeItem(code="correction-lapsed", text=words.corrections.LAPSED)
    step.notify(NoticeKind.CORRECTION_LAPSED, (item, *approved_before(step)), departments)


def lapses_at(due: Due, around: Surroundings) -> datetime:
    """From when on what is due counts as missed: a few minutes late, since a file is not known here before it was
    examined. It is `quiet`, the time for which more is waited for: it is far longer than an examination takes.
    """
    return due.at + around.quiet


def reminders(due: Due, around: Surroundings) -> list[datetime]:
    """When the applicant is reminded, in order: some working days before the date (choice)."""
    return sorted(before(due.at, days, around.office) for days in around.gap_reminders)


def take(step: Step, submission: Submission, *, again: bool = False) -> None:
    """A corrected packet reopens the reviews that asked for a correction, with the papers that were handed in for their
    slots. `again`: nothing is said where it is not complete; the round has had its notice.
    """
    packet, handed = step.packet, step.packet.handed_in(submission, step.around.catalogue)
    asking = review.asking(packet)
    wanted: dict[Code, Code] = {
        reason.slot: matter for matter, r in asking.items() for reason in r.reasons if reason.slot is not None
    }
    missing = acceptance.changed_application(packet, submission.manifest)
    if not again:
        missing += doubts.taken_over(step, submission)
    papers = dict(packet.papers.by_slot)
    correctable = _correctable(step, asking)
    filled, unfilled = _filled_anew(step, submission, correctable, handed)
    missing += unfilled
    for code in correctable:
        files, before = handed.get(code, ()), papers.get(code, ())
        if not files or {file.mark for file in files} == {paper.mark for paper in before}:
            refilled = step.around.catalogue.materials[code].by_form and (unfilled or filled != packet.form)
            if code in wanted and not refilled and not _followed(packet.gaps.get(code), asking[wanted[code]]):
                missing.append(still_wanted(step, code, wanted[code]))
            continue
        finding, by = judged(step, files, papers)
        if finding.verdict is not Verdict.DEFICIENT:
            papers[code] = acceptance.taken(files, finding, step.header.round, before, by)
        else:
            missing.append(still_wanted(step, code, wanted.get(code), finding))
    if missing or doubts.told(step.packet):
        if not again:
            step.happened("resubmitted", round=step.header.round, complete=False)
            since, items = review.untold(step.packet), doubts.ask(step)
            review.rest(step, since)  # who asked after the last notice is told with this one
            _ask(step, (*items, *review.corrections(since, step.around.catalogue), *missing))
        return
    new = {code for code, paper in papers.items() if paper != step.packet.papers.by_slot.get(code)}
    if filled != packet.form:
        new |= {code for code in correctable if step.around.catalogue.materials[code].by_form}
    _keep_replaced(step, papers)
    step.change(papers=Papers(by_slot=papers), form=filled)
    for matter in asking:
        review.reopen(step, matter)
    doubts.go_on(step)
    step.move(PacketEvent.CORRECTED, correct_by=None, told_round=0)  # `again`: what its notice asks for is answered
    step.happened(
        "resubmitted",
        round=step.header.round,
        complete=True,
        reopened=sorted(asking),
        papers=fingerprint(handed),
        **sealed(handed),
        **({"form": form.digest(filled.values)} if filled and filled != packet.form else {}),
    )
    others = _resting(packet) if doubts.told(packet) else _still_with(new, step)
    step.orders.extend(f"review:{m}" for m in (*asking, *others))


def _resting(packet: Packet) -> list[Code]:
    """The matters whose reviews rested for a doubt: their task names enterprise and project, and goes out again."""
    return [m for m, r in packet.reviews.items() if r.pending and review.rests_for_correction(r)]


def _filled_anew(
    step: Step, submission: Submission, correctable: list[Code], handed: Mapping[Code, Sequence[Examined]]
) -> tuple[FormTaken | None, list[NoticeItem]]:
    """The form as it is after a correction, and what is wrong with it. It may change where its paper may; one that is
    left out, or the same, stays as it was taken.
    """
    packet, catalogue, before = step.packet, step.around.catalogue, step.packet.form
    paper = next((catalogue.materials[code] for code in correctable if catalogue.materials[code].by_form), None)
    if paper is None or not submission.manifest.form:
        return before, []
    committed = [code for code, route in packet.routes.items() if route is Route.COMMITMENT]
    found = form.applied(submission.manifest.form, packet.routes, committed, catalogue)
    if before is not None and found.values == before.values and not found.wrong:
        return before, []
    wrong = acceptance.form_deficiencies(found)
    missing = acceptance.form_missing(paper, found) if paper.code not in {*packet.papers.by_slot, *handed} else None
    if wrong or missing:
        return before, [*wrong, *([missing] if missing else [])]
    around = step.around
    return form.taken(found, step.header.enterprise.uscc, around.standing, around.project), []


def _keep_replaced(step: Step, papers: Mapping[Code, tuple[Paper, ...]]) -> None:
    """What papers were before that are not among these, for who compares them."""
    packet, kept = step.packet, {(paper.slot, paper.mark) for files in papers.values() for paper in files}
    files = (paper for files in packet.papers.by_slot.values() for paper in files)
    before = [paper for paper in files if (paper.slot, paper.mark) not in kept]
    if before:
        uploads = [packet.uploads.get((paper.slot, paper.mark)) for paper in before]
        put_by = tuple(
            ReplacedPaper(paper=paper, uploaded_at=upload.uploaded_at if upload else None)
            for paper, upload in zip(before, uploads, strict=True)
        )
        replaced = Replaced(round=step.header.round, at=step.around.now, papers=put_by)
        step.change(replaced={**packet.replaced, replaced.round: replaced})


def _still_with(slots: set[Code], step: Step) -> list[Code]:
    """Other matters whose department has a paper before it that is another one now: it gets its task again."""
    return [
        matter
        for matter, r in step.packet.reviews.items()
        if r.pending
        and r.round < step.header.round
        and any(entry.material in slots for entry in step.around.catalogue.matters[matter].materials)
    ]


def take_again(step: Step, submission: Submission) -> None:
    """Look again at a correction that was not complete. It answers nobody who asked after it came, whatever round his
    review is of.
    """
    asked = [r.decided_at for r in review.asking(step.packet).values() if r.decided_at]
    if all(at <= submission.received_at for at in asked):
        take(step, submission, again=True)


def _correctable(step: Step, asking: dict[Code, Review]) -> list[Code]:
    """The slots that may change in a correction: those named; where a reason names none, all of its matter's."""
    codes: dict[Code, None] = {}
    for matter, r in asking.items():
        named = [reason.slot for reason in r.reasons if reason.slot is not None]
        everything = [entry.material for entry in step.around.catalogue.matters[matter].materials]
        codes.update(dict.fromkeys(named if len(named) == len(r.reasons) else everything))
    return list(codes)


def _followed(gap: Gap | None, asking: Review) -> bool:
    """Whether a promised paper came after the request for it: closing its gap took it, once is enough."""
    return bool(gap and gap.closed_at and asking.decided_at and gap.closed_at >= asking.decided_at)


def still_wanted(step: Step, code: Code, matter: Code | None, finding: Finding | None = None) -> NoticeItem:
    """What the applicant is told of a paper that did not come again, or came and cannot be used."""
    name = step.around.catalogue.materials[code].name
    text = words.corrections.still_missing(name)
    if finding is not None:
        text = words.corrections.unusable(name, (reason.text for reason in finding.reasons if reason.deficient))
    return NoticeItem(code="correction-missing", slot=code, matter=matter, text=text)
