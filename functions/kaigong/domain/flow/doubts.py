"""A doubt about an identity that turned out true: the applicant puts right what was said of enterprise or project.

The window confirms it with a reason (flow/window.py). It is told as a department's correction is, in the same notice
and with the same term (flow/corrections.py); until it is cleared up every pending review rests, none opens, and no
result is made, since nobody could say for whom. The data of the new submission then take the place of those that were
doubted, doubts are computed anew, and the reviews go on with the papers that they have; what an officer proposed or
began to decide about the data of before does not count. The credit code itself never
changes: it says whose packet it is.

Sources: 行政许可法 §31 (the applicant answers for the truth of what is handed in), §32 (what is to be completed is told
once and in full); mission, "Facts from law and standards".
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kaigong.domain import words
from kaigong.domain.intake import identity, prerequisites, signing
from kaigong.domain.intake.project import is_foreign
from kaigong.domain.model.arrivals import Submission
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.clock import Pause
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.packet import ActKind, Header, NoticeItem, NoticeKind, Packet
from kaigong.domain.model.states import ReviewEvent

from . import review
from .step import Step


def untold(packet: Packet) -> bool:
    """Whether the applicant is still to be told of a doubt that was confirmed."""
    return packet.header is not None and not all(packet.header.confirmed.values())


def told(packet: Packet) -> bool:
    """Whether the applicant is to clear one up."""
    return packet.header is not None and any(packet.header.confirmed.values())


def ask(step: Step) -> tuple[NoticeItem, ...]:
    """What the notice of this round says of every doubt that was confirmed. From now on the reviews rest for it."""
    confirmed = step.header.confirmed
    if confirmed:
        step.change_header(confirmed=dict.fromkeys(confirmed, step.header.round))
        _rest(step)
    return tuple(_asked(step.packet, code) for code in confirmed)


def departments(packet: Packet) -> list[Code]:
    """Who is told besides the applicant: every department that has reviewed or reviews, while one is confirmed."""
    confirmed = packet.header is not None and packet.header.confirmed
    return [r.department for r in packet.reviews.values()] if confirmed else []


def _asked(packet: Packet, code: Code) -> NoticeItem:
    act = packet.newest_act(ActKind.CONFIRM_DOUBT, code)
    text = words.window.confirmed(identity.DOUBTS[code], act.reason if act else "", identity.to_do(code))
    return NoticeItem(code=code, text=text)


def _rest(step: Step) -> None:
    for matter, pending in step.packet.reviews.items():
        if pending.pending and not review.rests_for_correction(pending):
            pause = Pause(kind=review.CORRECTION, since=step.around.now, round=step.header.round)
            step.move_review(matter, ReviewEvent.DOUBT_CONFIRMED, pauses=(*pending.pauses, pause))


def go_on(step: Step) -> None:
    """The reviews that rested go on, with what is left of their time limits."""
    for matter, pending in step.packet.reviews.items():
        if pending.pending and review.rests_for_correction(pending):
            pauses = tuple(
                review.closed(p, step.around.now) if p.kind == review.CORRECTION and p.until is None else p
                for p in pending.pauses
            )
            review.go_on(step, matter, pauses, ReviewEvent.DOUBTS_CLEARED)


def corrected_since(packet: Packet, seen: datetime | None) -> bool:
    """Whether enterprise or project was corrected after a moment, or anew since the correction that somebody saw;
    None: there was none then.
    """
    at = packet.header.identity_at if packet.header else None
    return at is not None and (seen is None or seen < at)


def taken_over(step: Step, submission: Submission) -> list[NoticeItem]:
    """Take over what a submission says of whom or what was doubted. Returns why that cannot be done, where it cannot.

    Only what the window confirmed lets data change. A doubt counts that stood before, or that is about what was changed
    now: one that an officer settled does not come up again by itself.
    """
    before, manifest = step.header, submission.manifest
    if not before.confirmed or manifest.enterprise.uscc != before.enterprise.uscc:
        return []
    enterprise, project = _corrected(before, manifest.enterprise, manifest.project)
    wrong = _letters(step, submission) + (_grounds(step, submission) if project.code != before.project.code else [])
    if wrong:
        return wrong
    foreign = is_foreign(enterprise.uscc, step.around.project)
    found = identity.doubts(
        enterprise, step.around.standing.basic, project, step.around.catalogue.region, foreign=foreign
    )
    after = before.changed(enterprise=enterprise, project=project)
    standing = tuple(
        d.code for d in found if d.code in before.doubts or _said(after, d.field) != _said(before, d.field)
    )
    cleared = [code for code in before.confirmed if code not in standing]
    confirmed = {code: round_ for code, round_ in before.confirmed.items() if code in standing}
    step.change_header(enterprise=enterprise, project=project, doubts=standing, confirmed=confirmed)
    changed = [name for name in ("enterprise", "project") if getattr(after, name) != getattr(before, name)]
    if changed:
        step.change_header(identity_at=step.around.now)
    step.happened("identity-corrected", parts=changed, doubts=list(standing))
    if cleared:
        items = tuple(NoticeItem(code=code, text=words.window.cleared(identity.DOUBTS[code])) for code in cleared)
        step.notify(NoticeKind.SETTLED, items, [r.department for r in step.packet.reviews.values()])
    return []


def _said(header: Header, field: str) -> Any:
    part, _, name = field.partition(".")
    return getattr(getattr(header, part), name)


def _corrected(before: Header, enterprise: Enterprise, project: Project) -> tuple[Enterprise, Project]:
    parts = {identity.part(code) for code in before.confirmed}
    return (
        enterprise if "enterprise" in parts else before.enterprise,
        project if "project" in parts else before.project,
    )


def _letters(step: Step, submission: Submission) -> list[NoticeItem]:
    """Commitments that nobody has decided on yet are made anew: their letters name enterprise and project."""
    packet, catalogue = step.packet, step.around.catalogue
    open_ = [m for m in packet.commitments if m not in packet.reviews or not packet.reviews[m].final]
    slots: Iterable[Code] = packet.handed_in(submission, catalogue)
    uploaded = any(code in catalogue.materials and catalogue.materials[code].letters for code in slots)
    signed = signing.read(
        (catalogue.matters[m] for m in open_), submission, catalogue, packet.signatures, uploaded=uploaded
    )
    if not signed.deficiencies:
        step.change(commitments={**packet.commitments, **signed.commitments})
    return list(signed.deficiencies)


def _grounds(step: Step, submission: Submission) -> list[NoticeItem]:
    """Another project has other results: what the matters rest on is looked up anew."""
    around, packet = step.around, step.packet
    known = prerequisites.in_force(
        submission.manifest.enterprise.uscc, around.project, around.catalogue, around.now, around.office.zone
    )
    found = prerequisites.grounds(
        submission.manifest,
        packet.papers.by_slot.keys() | packet.gaps.keys(),
        packet.commitments,
        around.catalogue,
        around.project,
        known,
        recorded=around.standing.record is not None,
    )
    if not found.deficiencies:
        step.change(priors=found.priors, cautions=found.cautions)
    return list(found.deficiencies)
