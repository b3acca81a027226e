"""Special procedures: a hearing, an expert review, a test or a site visit. Their time does not count.

Sources: 行政许可法 §45 (with a written note); mission 14 (联合踏勘: one visit for all departments that ask for one).
"""

from datetime import datetime

from kaigong.domain import words
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.clock import Office, Pause, limit
from kaigong.domain.model.messages import ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Packet, ProcedureFact, Review, SiteVisit, Status
from kaigong.domain.model.states import ReviewEvent
from kaigong.domain.model.text import Text

from .review import DECIDED, closed
from .step import Step

AT_ONCE = 60  # so many notes fit into one notice; the others follow in the next step


def to_take(packet: Packet) -> bool:
    """Whether starts or ends that departments sent wait to be acted on."""
    under_review = packet.header is not None and packet.header.status in (Status.IN_REVIEW, Status.CORRECTING)
    return under_review and any(counts(packet, fact) for fact in packet.procedures.values())


def take(step: Step) -> None:
    """Act on the starts and ends that departments sent; those of a decided review or of an old round come too late."""
    told: list[NoticeItem] = []
    departments: list[Code] = []
    for fact in sorted(step.packet.procedures.values(), key=lambda f: (f.action != ProcedureAction.START, f.name)):
        if not counts(step.packet, fact):
            continue
        if len(told) == AT_ONCE:
            break
        review = step.packet.reviews[fact.matter]
        told.append((_start if fact.action is ProcedureAction.START else _end)(step, review, fact))
        if fact.kind is ProcedureKind.SITE_VISIT:
            departments += _visiting(step)
    if told:
        step.notify(NoticeKind.PROCEDURE, tuple(told), departments)


def counts(packet: Packet, fact: ProcedureFact) -> bool:
    """Whether a fact changes something: its review is with the department, in its round, and it is news there."""
    review = packet.reviews.get(fact.matter)
    if review is None or not review.pending or review.round != fact.round or overtaken(review, fact):
        return False
    mine = _pause(review, fact)
    return mine is None if fact.action is ProcedureAction.START else mine is not None and mine.until is None


def overtaken(review: Review, fact: ProcedureFact) -> bool:
    """Whether a fact came when the review was decided: it stays too late where the decision is taken back since."""
    between = ((p.since, p.until) for p in review.pauses if p.kind == DECIDED)
    return any(until is not None and since <= fact.received_at <= until for since, until in between)


def why_not_then(appointment: datetime, now: datetime, office: Office) -> Text | None:
    """Why nobody can be asked to come at this time, in words; None: they can. A time is agreed on ahead, and for when
    the hall is open (choice).
    """
    if appointment <= now:
        return words.procedures.PASSED
    return None if office.is_open(appointment) else words.procedures.closed(office)


def _pause(review: Review, fact: ProcedureFact) -> Pause | None:
    wanted = (fact.kind.value, fact.round, fact.number)
    return next((p for p in review.pauses if (p.kind, p.round, p.number) == wanted), None)


def _start(step: Step, review: Review, fact: ProcedureFact) -> NoticeItem:
    pause = Pause(kind=fact.kind.value, since=fact.received_at, round=fact.round, number=fact.number, note=fact.note)
    step.move_review(fact.matter, ReviewEvent.PROCEDURE_STARTED, pauses=(*review.pauses, pause))
    if fact.kind is ProcedureKind.SITE_VISIT:
        _join_visit(step, fact)
    step.happened("procedure-started", matter=fact.matter, round=fact.round, kind=fact.kind.value, number=fact.number)
    text = words.procedures.started(fact.kind, *_whose(step, fact), _appointment(step, fact), fact.note)
    return NoticeItem(code="procedure-started", text=text, matter=fact.matter)


def _end(step: Step, review: Review, fact: ProcedureFact) -> NoticeItem:
    """End one procedure; a site visit ends for every review that rests for it."""
    matters = [review.matter]
    if fact.kind is ProcedureKind.SITE_VISIT:
        matters = [m for m, r in step.packet.reviews.items() if r.pending and _rests_for_visit(r)]
        _visit_held(step, fact)
    for matter in matters:
        _resume(step, step.packet.reviews[matter], fact)
    step.happened(
        "procedure-ended", matters=sorted(matters), round=fact.round, kind=fact.kind.value, number=fact.number
    )
    text = words.procedures.ended(fact.kind, *_whose(step, fact), _appointment(step, fact))
    return NoticeItem(code="procedure-ended", text=text, matter=fact.matter)


def _rests_for_visit(review: Review) -> bool:
    return any(p.kind == ProcedureKind.SITE_VISIT.value and p.until is None for p in review.pauses)


def _resume(step: Step, review: Review, fact: ProcedureFact) -> None:
    mine = [p for p in review.pauses if p.until is None and p.kind == fact.kind.value]
    if fact.kind is not ProcedureKind.SITE_VISIT:
        mine = [p for p in mine if p.number == fact.number]
    pauses = tuple(closed(p, fact.received_at) if p in mine else p for p in review.pauses)
    if any(p.until is None for p in pauses):  # another procedure is still going on
        step.change(reviews={**step.packet.reviews, review.matter: review.changed(pauses=pauses)})
        return
    due = limit(review.opened_at, review.working_days, step.around.office, pauses)
    step.move_review(review.matter, ReviewEvent.PROCEDURES_ENDED, pauses=pauses, due=due)


def _join_visit(step: Step, fact: ProcedureFact) -> None:
    """One visit, one appointment: who asks while one is planned joins it; the newest date given counts."""
    planned = next((v for v in step.packet.visits.values() if v.held_at is None), None)
    visit = planned or SiteVisit(number=len(step.packet.visits) + 1, asked={})
    visit = visit.changed(
        asked={**visit.asked, fact.matter: fact.received_at}, appointment=fact.appointment or visit.appointment
    )
    step.change(visits={**step.packet.visits, visit.number: visit})


def _visit_held(step: Step, fact: ProcedureFact) -> None:
    held = {
        number: visit.changed(held_at=fact.received_at)
        for number, visit in step.packet.visits.items()
        if visit.held_at is None
    }
    step.change(visits={**step.packet.visits, **held})


def _visiting(step: Step) -> list[Code]:
    """The departments that take part in the newest joint site visit: they are told as well."""
    newest = step.packet.visits[max(step.packet.visits)]
    return [step.packet.reviews[matter].department for matter in newest.asked]


def _whose(step: Step, fact: ProcedureFact) -> tuple[Text, Text]:
    """The names of the department and its matter."""
    catalogue = step.around.catalogue
    matter = catalogue.matters[fact.matter]
    return catalogue.departments[matter.department].name, matter.name


def _appointment(step: Step, fact: ProcedureFact) -> datetime | None:
    return fact.appointment.astimezone(step.around.office.zone) if fact.appointment else None
