"""Reviews: which can open, which rules decide at once, what a decision does, and when corrections go out.

Sources: mission 9 (parallel review), 7 (即办件: instant matters; 一次性告知: all departments' corrections of a round in
one notice), 14 (智能审批: rules decide what rules can decide); design.md, "A packet's life".
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.clock import Pause, limit
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import NoticeItem, Packet, Review, ReviewState
from kaigong.domain.model.states import ReviewEvent, review_after

from . import rules
from .step import Step

CORRECTION = "correction"  # the kind of the pause while the applicant corrects
DECIDED = "decided"  # and of that from a decision until its department took it back
EVENTS = {
    Outcome.APPROVE: ReviewEvent.APPROVED,
    Outcome.CORRECT: ReviewEvent.CORRECTION_ASKED,
    Outcome.REJECT: ReviewEvent.REJECTED,
}


def review_id(packet: str, matter: Code) -> str:
    return f"{packet}.{matter}"


def open_all(step: Step) -> None:
    """Open every review that can open now; one that rules decide at once may open the next ones behind it.

    What comes before a matter (`Catalogue.before`) holds it up only where it is applied for in the same packet, until
    it is approved. A matter behind one that was not approved never opens.
    """
    opened: list[Code] = []
    decided: list[Code] = []
    never: list[Code] = []
    waiting = [m for m in step.packet.routes if m not in step.packet.reviews]
    if step.header.confirmed:  # nothing begins for whom or what is not as it was said
        return
    while ready := [m for m in waiting if _ready(m, step)]:
        for matter in ready:
            refused = _refused(matter, step)
            if refused:
                never.append(_never(matter, refused, step))
            else:
                (decided if _open(matter, step) else opened).append(matter)
        waiting = [m for m in waiting if m not in ready]
    if opened or decided or never:
        step.happened("reviews", opened=opened, decided=decided, never=sorted(never))
        step.orders.extend(f"review:{matter}" for matter in opened)


def _wanted(matter: Code, step: Step) -> list[Code]:
    return [p for p in step.around.catalogue.before(matter) if p in step.packet.routes]


def _refused(matter: Code, step: Step) -> list[Code]:
    """The prerequisites of a matter that ended without an approval."""
    reviews = step.packet.reviews
    ended = [p for p in _wanted(matter, step) if p in reviews and reviews[p].final]
    return [p for p in ended if reviews[p].state is not ReviewState.APPROVED]


def _ready(matter: Code, step: Step) -> bool:
    reviews = step.packet.reviews
    fallen = all(p in reviews and reviews[p].state is ReviewState.APPROVED for p in _wanted(matter, step))
    return fallen or bool(_refused(matter, step))


def _new(matter: Code, step: Step) -> Review:
    """A review that opens now. In an instant process every matter ends the same working day (mission 7)."""
    around, header = step.around, step.header
    entry = around.catalogue.matters[matter]
    days = 0 if around.catalogue.processes[header.process].instant else entry.promised_days
    return Review(
        review_id=review_id(header.packet, matter),
        matter=matter,
        department=entry.department,
        round=header.round,
        route=step.packet.routes[matter],
        state=review_after(None, ReviewEvent.OPENED),
        opened_at=around.now,
        working_days=days,
        due=limit(around.now, days, around.office),
        reply_token=around.new_token(),
    )


def _open(matter: Code, step: Step) -> bool:
    """Open a review. Returns whether rules decided it at once; they and their inputs are put on record."""
    asked = rules.ask(step.packet, matter, step.around.catalogue)
    review = _new(matter, step).changed(rules=asked)
    at_once = rules.decides(asked)
    if at_once:
        state = review_after(None, ReviewEvent.DECIDED_BY_RULES)
        review = review.changed(state=state, by_rules=True, decided_at=step.around.now)
        held = [{"rule": outcome.rule, "inputs": outcome.inputs} for outcome in asked]
        step.happened("decided-by-rules", matter=matter, round=review.round, rules=held)
    step.change(reviews={**step.packet.reviews, matter: review})
    return at_once


def _never(matter: Code, refused: list[Code], step: Step) -> Code:
    text = words.review.never_opened(step.around.catalogue.matters[p].name for p in refused)
    review = _new(matter, step).changed(
        state=review_after(None, ReviewEvent.NEVER_OPENS),
        decided_at=step.around.now,
        reasons=(DecisionReason(text=text, basis="行政许可法 §38"),),
    )
    step.change(reviews={**step.packet.reviews, matter: review})
    return matter


def to_record(packet: Packet) -> list[Code]:
    """Matters whose department decided, and nobody acted on it yet."""
    return [m for m, r in packet.reviews.items() if r.pending and (m, r.round) in packet.decisions]


def record(step: Step, until: datetime | None = None) -> None:
    """Act on the decisions that departments sent (by the time `until`). A decision ends what the review rests for."""
    for matter in to_record(step.packet):
        review = step.packet.reviews[matter]
        fact = step.packet.decisions[matter, review.round]
        if until is not None and fact.received_at > until:
            continue
        rested = sorted({pause.kind for pause in review.pauses if pause.until is None})
        pauses, due = ended(review.pauses, fact.received_at), review.due
        if review.state is ReviewState.PAUSED:  # the decision ends the rest as well
            due = limit(review.opened_at, review.working_days, step.around.office, pauses)
        after = step.move_review(
            matter,
            EVENTS[fact.outcome],
            decided_at=fact.received_at,
            reasons=fact.reasons,
            conditions=fact.conditions,
            pauses=pauses,
            due=due,
        )
        more = {**({"signed": True} if fact.signed_by else {}), **({"ended": rested} if rested else {})}
        said = fingerprint(fact)
        step.happened("decided", matter=matter, round=after.round, state=after.state.value, fact=said, **more)


def ended(pauses: Iterable[Pause], at: datetime) -> tuple[Pause, ...]:
    """The pauses, those that still rest ended at a time."""
    return tuple(p if p.until else closed(p, at) for p in pauses)


def closed(pause: Pause, at: datetime) -> Pause:
    """A pause that ends at a time; not before it began, since messages may pass each other. Its note is history."""
    return pause.changed(until=max(at, pause.since), note="")


def go_on(step: Step, matter: Code, pauses: tuple[Pause, ...], event: ReviewEvent) -> None:
    """A review whose pauses are these now: it goes on where it rests for nothing else."""
    pending = step.packet.reviews[matter]
    if any(pause.until is None for pause in pauses):
        step.change(reviews={**step.packet.reviews, matter: pending.changed(pauses=pauses)})
        return
    due = limit(pending.opened_at, pending.working_days, step.around.office, pauses)
    step.move_review(matter, event, pauses=pauses, due=due)


def reopen(step: Step, matter: Code) -> None:
    """A corrected review goes on: in the new round, with what is left of its time limit."""
    around, before = step.around, step.packet.reviews[matter]
    pauses = ended(before.pauses, around.now)
    step.move_review(
        matter,
        ReviewEvent.CORRECTED,
        round=step.header.round,
        pauses=pauses,
        due=limit(before.opened_at, before.working_days, around.office, pauses),
        reply_token=around.new_token(),
        turn=1,
        decided_at=None,
        reasons=(),
        conditions=(),
        overdue_at=None,
        was_late=late(before, before.decided_at),
    )


def late(review: Review, decided_at: datetime | None) -> bool:
    """Whether its department was late with it, once at least: another limit does not undo that."""
    after = decided_at is not None and decided_at > review.due.at
    return review.was_late or review.overdue_at is not None or after


def verify_afterwards(step: Step) -> None:
    """What was approved by commitment is verified once the packet is at its end, within the days of its letter
    (国办发〔2020〕42号).
    """
    around, found = step.around, dict(step.packet.commitments)
    for matter, commitment in found.items():
        letter, review = around.catalogue.letters.get(matter), step.packet.reviews.get(matter)
        if letter and review and review.state is ReviewState.APPROVED:
            due = limit(around.now, letter.verify_working_days, around.office)
            found[matter] = commitment.changed(verify_by=due)
    step.change(commitments=found)


def may_open_again(step: Step) -> None:
    """Matters that never opened for a decision that is taken back wait again for what comes before them."""
    while again := {
        m for m, r in step.packet.reviews.items() if r.state is ReviewState.UNOPENED and not _refused(m, step)
    }:
        step.change(reviews={m: r for m, r in step.packet.reviews.items() if m not in again})


def untold(packet: Packet) -> dict[Code, Review]:
    """The reviews that asked for a correction of which the applicant has not been told. Their time runs: it rests from
    the notice on (`rest`).
    """
    return {
        m: r for m, r in packet.reviews.items() if r.state is ReviewState.CORRECTION and not rests_for_correction(r)
    }


def asking(packet: Packet) -> dict[Code, Review]:
    """The reviews whose corrections the applicant was told of, and that rest for them."""
    return {m: r for m, r in packet.reviews.items() if r.state is ReviewState.CORRECTION and rests_for_correction(r)}


def rests_for_correction(review: Review) -> bool:
    """Whether the applicant was told of something that this review rests for."""
    return any(pause.kind == CORRECTION and pause.until is None for pause in review.pauses)


def reviewed_still(packet: Packet) -> bool:
    """Whether a department is still reviewing."""
    return any(review.pending for review in packet.reviews.values())


def rest(step: Step, matters: Iterable[Code]) -> None:
    """The time limit of these reviews rests from now on, since their corrections are told."""
    found = dict(step.packet.reviews)
    for matter in matters:
        pause = Pause(kind=CORRECTION, since=step.around.now, round=found[matter].round)
        found[matter] = found[matter].changed(pauses=(*found[matter].pauses, pause))
    step.change(reviews=found)


def corrections(reviews: Mapping[Code, Review], catalogue: Catalogue) -> tuple[NoticeItem, ...]:
    """What these reviews' departments want corrected, in one list."""
    items = []
    for matter, review in reviews.items():
        name, department = catalogue.matters[matter].name, catalogue.departments[review.department].name
        for reason in review.reasons:
            text = words.review.correction(department, name, reason.text, reason.basis)
            items.append(NoticeItem(code="correction", slot=reason.slot, matter=matter, text=text))
    return tuple(items)
