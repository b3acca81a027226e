"""Corrections: all departments' requests of a round go out in one notice; what comes back reopens their reviews alone.

Source: mission 7 (一次性告知); design.md, "A packet's life".
"""

from kaigong.domain import words
from kaigong.domain.intake import acceptance
from kaigong.domain.intake.finding import Finding
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.packet import Gap, NoticeItem, NoticeKind, Papers, Review, ReviewState, Status, Submission
from kaigong.domain.model.states import PacketEvent

from . import review
from .step import Step, fingerprint, judged


def send(step: Step) -> None:
    """Ask the applicant, once nobody is still reviewing."""
    if step.header.status is not Status.IN_REVIEW:
        return
    items = review.corrections(step.packet, step.around.catalogue)
    if items:
        step.move(PacketEvent.CORRECTIONS_ASKED)
        step.notify(NoticeKind.CORRECTION, items)


def take(step: Step, submission: Submission, *, again: bool = False) -> None:
    """A corrected packet reopens the reviews that asked for a correction, with the papers that were handed in for their
    slots. `again`: nothing is said where it is not complete; the round has had its notice.
    """
    packet, handed = step.packet, step.packet.handed_in(submission)
    asking = {m: r for m, r in packet.reviews.items() if r.state is ReviewState.CORRECTION}
    wanted: dict[Code, Code] = {
        reason.slot: matter for matter, r in asking.items() for reason in r.reasons if reason.slot is not None
    }
    missing = acceptance.changed_application(packet, submission.manifest)
    papers = dict(packet.papers.by_slot)
    for code in _correctable(step, asking):
        upload, before = handed.get(code), papers.get(code)
        if upload is None or (before and before.mark == upload.mark):
            if code in wanted and not _followed(packet.gaps.get(code), asking[wanted[code]]):
                missing.append(still_wanted(step, code, wanted[code]))
            continue
        finding = judged(step, upload)
        if finding.verdict is not Verdict.DEFICIENT:
            papers[code] = acceptance.taken(upload, finding, step.header.round)
        else:
            missing.append(still_wanted(step, code, wanted.get(code), finding))
    if missing:
        if not again:
            step.happened("resubmitted", round=step.header.round, complete=False)
            step.notify(NoticeKind.CORRECTION, tuple(missing))
        return
    step.change(papers=Papers(by_slot=papers))
    for matter in asking:
        review.reopen(step, matter)
    step.move(PacketEvent.CORRECTED)
    step.happened(
        "resubmitted", round=step.header.round, complete=True, reopened=sorted(asking), papers=fingerprint(handed)
    )
    step.orders.extend(f"review:{m}" for m in asking)


def take_again(step: Step, submission: Submission) -> None:
    """Look again at a correction that was not complete. Not at one that departments asked for since."""
    asking = [r for r in step.packet.reviews.values() if r.state is ReviewState.CORRECTION]
    if all(r.round < step.header.round for r in asking):
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
    """Whether a promised material came after the request for it: closing its gap took it, once is enough."""
    return bool(gap and gap.closed_at and asking.decided_at and gap.closed_at >= asking.decided_at)


def still_wanted(step: Step, code: Code, matter: Code | None, finding: Finding | None = None) -> NoticeItem:
    """What the applicant is told of a paper that did not come again, or came and cannot be used."""
    name = step.around.catalogue.materials[code].name
    text = words.corrections.still_missing(name)
    if finding is not None:
        text = words.corrections.unusable(name, (reason.text for reason in finding.reasons if reason.deficient))
    return NoticeItem(code="correction-missing", slot=code, matter=matter, text=text)
