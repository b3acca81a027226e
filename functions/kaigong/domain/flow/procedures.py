"""Special procedures: a hearing, an expert review, a test or a site visit. Their time does not count.

A site visit is joint: one appointment for every department that asked. Each ends its own part and writes what it
found. The limits run again for all once the time has come and each has said so, or some working days after that day.
Who ends its part before the time, or while there is none, leaves the visit: its own limit runs again, the others' rest.

Sources: 行政许可法 §45 (with a written note); mission 14 (联合踏勘: one visit for all departments that ask for one).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from kaigong.domain import words
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.clock import Office, Pause, limit
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.messages import ProcedureAction, ProcedureKind
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Packet, ProcedureFact, Review, SiteVisit, Status
from kaigong.domain.model.states import ReviewEvent
from kaigong.domain.model.text import Text

from .review import DECIDED, closed, go_on
from .step import Step

AT_ONCE = 60  # so many notes fit into one notice; the others follow in the next step


def to_take(packet: Packet) -> bool:
    """Whether starts or ends that departments sent wait to be acted on."""
    under_review = packet.header is not None and packet.header.status in (Status.IN_REVIEW, Status.CORRECTING)
    return under_review and any(counts(packet, fact) for fact in packet.procedures.values())


def take(step: Step) -> None:
    """Act on the starts and ends that departments sent; those of a decided review or of an old round come too late."""
    told: list[NoticeItem] = []
    visits: dict[int, bool] = {}  # those that the facts are about: whether their date is to be told
    for fact in sorted(step.packet.procedures.values(), key=lambda f: (f.action != ProcedureAction.START, f.name)):
        if not counts(step.packet, fact):
            continue
        if len(told) == AT_ONCE:
            break
        act = _start if fact.action is ProcedureAction.START else _end
        told += act(step, step.packet.reviews[fact.matter], fact)
        pause = pause_of(step.packet.reviews[fact.matter], fact)
        if pause and pause.visit:
            visits[pause.visit] = visits.get(pause.visit, False) or fact.action is ProcedureAction.START
    appointed = (step.packet.visits[number] for number, told_of in visits.items() if told_of)
    told += [_appointed(step, visit) for visit in appointed if visit.appointment]
    end_visits(step, told, visits)


def counts(packet: Packet, fact: ProcedureFact) -> bool:
    """Whether a fact changes something: its review is with the department, in its round, and it is news there."""
    review = packet.reviews.get(fact.matter)
    if review is None or not review.pending or review.round != fact.round or overtaken(review, fact):
        return False
    mine = pause_of(review, fact)
    return mine is None if fact.action is ProcedureAction.START else mine is not None and goes_on(packet, review, mine)


def goes_on(packet: Packet, review: Review, pause: Pause) -> bool:
    """Whether the department has not ended its procedure yet. What it found on a site visit it may say even when the
    visit is over, but not of a part that it ended before it asked again.
    """
    if pause.visit:
        visit = packet.visits[pause.visit]
        return review.matter not in visit.reported and pause.since >= visit.asked[review.matter]
    return pause.until is None


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


def pause_of(review: Review, fact: ProcedureFact) -> Pause | None:
    """The rest of a review's limit that a start began, or that an end is about."""
    wanted = (fact.kind.value, fact.round, fact.number)
    return next((p for p in review.pauses if (p.kind, p.round, p.number) == wanted), None)


def _start(step: Step, review: Review, fact: ProcedureFact) -> Iterator[NoticeItem]:
    visit = _join_visit(step, fact) if fact.kind is ProcedureKind.SITE_VISIT else 0
    pause = Pause(
        kind=fact.kind.value,
        since=fact.received_at,
        round=fact.round,
        number=fact.number,
        note=fact.note,
        visit=visit,
    )
    step.move_review(fact.matter, ReviewEvent.PROCEDURE_STARTED, pauses=(*review.pauses, pause))
    about = {"matter": fact.matter, "round": fact.round, "kind": fact.kind.value, "number": fact.number}
    step.happened("procedure-started", **about, fact=fingerprint(fact))
    text = words.procedures.started(fact.kind, *_whose(step, fact.matter), _local(step, fact.appointment), fact.note)
    yield NoticeItem(code="procedure-started", text=text, matter=fact.matter)
    if visit and fact.appointment:
        yield from _set_date(step, step.packet.visits[visit], fact.appointment)


def _end(step: Step, review: Review, fact: ProcedureFact) -> Iterator[NoticeItem]:
    pause = pause_of(review, fact)
    assert pause is not None  # noqa: S101 - an end without a start does not count
    if pause.visit:
        told = _report(step, review, step.packet.visits[pause.visit], fact)
        if told:
            yield told
        return
    _resume(step, fact.matter, fact.received_at, lambda p: p is pause)
    text = words.procedures.ended(fact.kind, *_whose(step, fact.matter))
    yield _ended(step, review, fact.kind, fact.number, text, fact=fingerprint(fact))


def _ended(step: Step, review: Review, kind: ProcedureKind, number: int, text: Text, **said: str) -> NoticeItem:
    about = {"matters": [review.matter], "round": review.round, "kind": kind.value, "number": number}
    step.happened("procedure-ended", **about, **said)
    return NoticeItem(code="procedure-ended", text=text, matter=review.matter)


def _resume(step: Step, matter: Code, at: datetime, over: Callable[[Pause], bool]) -> None:
    """End rests of a review's limit. It runs again unless another procedure is still going on."""
    pauses = step.packet.reviews[matter].pauses
    now = tuple(closed(p, at) if p.until is None and over(p) else p for p in pauses)
    go_on(step, matter, now, ReviewEvent.PROCEDURES_ENDED)


# joint site visits


def appoint(step: Step, visit: SiteVisit, at: datetime, note: str = "") -> None:
    """A joint site visit gets its date, or another one: the applicant and all who take part are told at once."""
    told = [*_set_date(step, visit, at), _appointed(step, step.packet.visits[visit.number], note)]
    step.notify(NoticeKind.PROCEDURE, tuple(told), _departments(step, (visit.number,)))


def is_joint_acceptance(step: Step) -> bool:
    process = step.around.catalogue.processes.get(step.header.process)
    return process is not None and process.joint_acceptance


def join_all(step: Step, matters: Iterable[Code]) -> None:
    """These matters take part in the joint site visit without their departments' asking: one appointment for all."""
    visit = next((v for v in step.packet.visits.values() if v.held_at is None), None)
    number, now, joined_ = visit.number if visit else len(step.packet.visits) + 1, step.around.now, sorted(matters)
    visit = visit or SiteVisit(number=number, asked={})
    asked = {**visit.asked, **dict.fromkeys(joined_, now)}
    step.change(visits={**step.packet.visits, number: visit.changed(asked=asked)})
    for matter in joined_:
        review = step.packet.reviews[matter]
        pause = Pause(kind=ProcedureKind.SITE_VISIT.value, since=now, round=review.round, number=1, visit=number)
        step.move_review(matter, ReviewEvent.PROCEDURE_STARTED, pauses=(*review.pauses, pause))
    step.happened("visit-asked", visit=number, matters=joined_)
    item = NoticeItem(code="visit-asked", text=words.procedures.one_visit(_names(step, joined_)))
    step.notify(NoticeKind.PROCEDURE, (item,), [])


def starts(packet: Packet, review: Review) -> list[ProcedureFact]:
    """The starts of a review's procedures, oldest first: those that its department sent, and of a visit for all."""
    mine = [f for f in packet.procedures.values() if f.matter == review.matter and f.action is ProcedureAction.START]
    sent = {(f.round, f.number) for f in mine if f.kind is ProcedureKind.SITE_VISIT}
    given = (
        ProcedureFact(
            matter=review.matter,
            round=pause.round,
            kind=ProcedureKind.SITE_VISIT,
            action=ProcedureAction.START,
            number=pause.number,
            note=pause.note,
            officer="",
            received_at=pause.since,
        )
        for pause in review.pauses
        if pause.visit and (pause.round, pause.number) not in sent
    )
    return sorted([*mine, *given], key=lambda fact: fact.received_at)


def end_visits(step: Step, told: Iterable[NoticeItem] = (), about: Iterable[int] = ()) -> None:
    """End the joint site visits that are over, and tell that together with what else is `told` of procedures."""
    items, visits = list(told), list(about)
    for visit in step.packet.visits.values():
        over = _over_at(step.packet, visit, step.around.now) if visit.held_at is None else None
        if over is None:
            continue
        matters = resting(step.packet, visit)
        step.change(visits={**step.packet.visits, visit.number: visit.changed(held_at=over, found={})})
        for matter in matters:
            _resume(step, matter, over, _of(visit))
        if matters:
            silent = [matter for matter in matters if matter not in visit.reported]
            step.happened("visit-over", visit=visit.number, matters=sorted(matters), silent=sorted(silent))
            text = words.procedures.over(_names(step, matters), _names(step, silent) if silent else None)
            items.append(NoticeItem(code="visit-over", text=text))
            visits.append(visit.number)
        items += [
            NoticeItem(code="visit-found", text=words.procedures.found(*_whose(step, m), note), matter=m)
            for m, note in visit.found.items()
        ]
    if items:
        step.notify(NoticeKind.PROCEDURE, tuple(items), _departments(step, visits))


def resting(packet: Packet, visit: SiteVisit) -> list[Code]:
    """The matters whose limits rest for a joint site visit."""
    return [matter for matter in visit.asked if _rests(packet.reviews[matter], visit)]


def findings(packet: Packet, visit: SiteVisit) -> list[ProcedureFact]:
    """What departments said they found on a joint site visit, oldest first: the ends, in the history too."""
    ends = (f for f in packet.procedures.values() if f.action is ProcedureAction.END)
    mine = (f for f in ends if (pause := pause_of(packet.reviews[f.matter], f)) and pause.visit == visit.number)
    return sorted(mine, key=lambda fact: fact.received_at)


def reports_end(packet: Packet) -> list[datetime]:
    """When the joint site visits that limits rest for are over, whoever has not said what was found."""
    return [v.report_by.at for v in packet.visits.values() if v.held_at is None and v.report_by and resting(packet, v)]


def _rests(review: Review, visit: SiteVisit) -> bool:
    return review.pending and any(p.until is None and p.visit == visit.number for p in review.pauses)


def _of(visit: SiteVisit) -> Callable[[Pause], bool]:
    return lambda pause: pause.visit == visit.number


def _over_at(packet: Packet, visit: SiteVisit, now: datetime) -> datetime | None:
    """When a visit was over; None: it is not. It is when everybody who takes part has said so or decided, or when the
    time for that is over.
    """
    if all(matter in visit.reported for matter in resting(packet, visit)):
        decided = (packet.reviews[matter].decided_at for matter in visit.asked)
        return max([*visit.reported.values(), *(at for at in decided if at)], default=now)
    return visit.report_by.at if visit.report_by and now >= visit.report_by.at else None


def _join_visit(step: Step, fact: ProcedureFact) -> int:
    """One visit, one appointment: who asks before its time has come joins the one that is planned. Returns its number.

    Who asks again after leaving takes part again.
    """
    planned = (v for v in step.packet.visits.values() if v.held_at is None)
    coming = (v for v in planned if v.appointment is None or fact.received_at < v.appointment)
    visit = next(coming, None) or SiteVisit(number=len(step.packet.visits) + 1, asked={})
    since = visit.asked[fact.matter] if fact.matter in resting(step.packet, visit) else fact.received_at
    visit = visit.changed(
        asked={**visit.asked, fact.matter: min(since, fact.received_at)},
        reported={matter: at for matter, at in visit.reported.items() if matter != fact.matter},
    )
    step.change(visits={**step.packet.visits, visit.number: visit})
    return visit.number


def _set_date(step: Step, visit: SiteVisit, at: datetime) -> Iterator[NoticeItem]:
    """Who has said already what it found does not wait for another date: its limit runs again from now on."""
    due = limit(at, step.around.visit_report_working_days, step.around.office)
    step.change(visits={**step.packet.visits, visit.number: visit.changed(appointment=at, report_by=due)})
    for matter in resting(step.packet, visit):
        if matter in visit.reported:
            _resume(step, matter, step.around.now, _of(visit))
            text = words.procedures.ended(ProcedureKind.SITE_VISIT, *_whose(step, matter))
            yield _ended(step, step.packet.reviews[matter], ProcedureKind.SITE_VISIT, visit.number, text)


def _report(step: Step, review: Review, visit: SiteVisit, fact: ProcedureFact) -> NoticeItem | None:
    """A department ends its part of a visit and says what it found. Before the time has come it leaves the visit.

    What is found on the visit of a joint acceptance is told once, for all departments together, when it is over.
    """
    reported = {**visit.reported, fact.matter: fact.received_at}
    step.change(visits={**step.packet.visits, visit.number: visit.changed(reported=reported)})
    step.happened("visit-reported", matter=fact.matter, round=fact.round, visit=visit.number, finding=fingerprint(fact))
    whose = _whose(step, fact.matter)
    if visit.held_at is not None:
        return NoticeItem(code="visit-reported", text=words.procedures.late(*whose, fact.note), matter=fact.matter)
    if visit.appointment is not None and fact.received_at >= visit.appointment:
        if is_joint_acceptance(step):
            held = step.packet.visits[visit.number]
            kept = held.changed(found={**held.found, fact.matter: fact.note})
            step.change(visits={**step.packet.visits, visit.number: kept})
            return None
        return NoticeItem(code="visit-reported", text=words.procedures.reported(*whose, fact.note), matter=fact.matter)
    _resume(step, fact.matter, fact.received_at, _of(visit))
    text = words.procedures.left(*whose, _local(step, visit.appointment), fact.note)
    return _ended(step, review, fact.kind, fact.number, text)


def _appointed(step: Step, visit: SiteVisit, note: str = "") -> NoticeItem:
    """The day, the place as far as it is known, and who takes part; applicant and departments are told the same."""
    at = _local(step, visit.appointment)
    assert at is not None  # noqa: S101 - only what has a date is told
    there = dict.fromkeys(step.packet.reviews[matter].department for matter in resting(step.packet, visit))
    who = joined(name_of(step.around.catalogue.departments, code) for code in there)
    text = words.procedures.appointed(at, who, step.header.project.address or "", note)
    return NoticeItem(code="site-visit-appointed", text=text)


def _departments(step: Step, visits: Iterable[int]) -> list[Code]:
    """Those that asked for these joint site visits: they are told as well."""
    return [step.packet.reviews[matter].department for n in visits for matter in step.packet.visits[n].asked]


def _whose(step: Step, matter: Code) -> tuple[Text, Text]:
    """The names of a matter's department and of the matter."""
    entry = step.around.catalogue.matters[matter]
    return step.around.catalogue.departments[entry.department].name, entry.name


def _names(step: Step, matters: Iterable[Code]) -> Text:
    return joined(name_of(step.around.catalogue.matters, code) for code in matters)


def _local(step: Step, at: datetime | None) -> datetime | None:
    return at.astimezone(step.around.office.zone) if at else None
