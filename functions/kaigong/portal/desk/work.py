"""The own work of an officer: what is due first, handing over to a colleague, and who stands in for whom.

What is said of a review is an act of its packet, so that it is in the ledger; `advance` writes it on the review.
"""

from datetime import UTC, date, datetime, time, timedelta

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.acts import Answer, act
from kaigong.contract.work import AbsenceRequest, AbsenceSaid, HandedOver
from kaigong.domain.flow import handing, questions
from kaigong.domain.model.officer import Absence, Assigned, Colleague, Officer, StandIn
from kaigong.domain.model.packet import ActKind, Packet, Review
from kaigong.domain.model.tally import month_of
from kaigong.domain.model.waiting import Waiting
from kaigong.portal import access
from kaigong.portal.access import Caller
from kaigong.portal.observe import logger
from kaigong.portal.unanswered import Unanswered
from kaigong.store import acts, desk, officers, packets, tallies
from kaigong.views import desk_queue
from kaigong.views import work as views

from . import actions

MOST_AT_ONCE = 50  # choice: reviews that one form hands over


def mine(caller: Caller) -> views.Work:
    """What the caller has to do. Notes that the caller works at this desk, so that colleagues can hand over."""
    department, now = _department(caller), datetime.now(UTC)
    queue, office = actions.whole_queue(caller), actions.office()
    correcting, more = desk.correcting(department, actions.MOST_READ)
    rows = [desk_queue.row(one, None, catalog.load(), now, office, caller.account) for one in correcting]
    month = month_of(now, office)
    found = views.work(
        queue,
        rows,
        *_desk(caller, department, now),
        caller.account,
        caller.leads,
        tallies.of(caller.account, month),
        month,
        office,
    )
    return found.changed(more=found.more or more)


def _desk(caller: Caller, department: str, now: datetime) -> officers.Desk:
    found, me = officers.of(department), _self(caller, now)
    known = next((one for one in found.colleagues if one.account == caller.account), None)
    if me is None or not officers.is_news(known, me, now):
        return found
    officers.seen(department, me)
    return officers.Desk([*(one for one in found.colleagues if one != known), me], found.absences)


def _self(caller: Caller, now: datetime) -> Colleague | None:
    if not caller.account:  # nobody could hand over to whom no message reaches
        return None
    return Colleague(account=caller.account, called=caller.called, leads=caller.leads, seen_at=now)


def hand_over(
    caller: Caller, packet: Packet, review: Review, to: str, found: officers.Desk | None = None
) -> HandedOver:
    """Put a review into a colleague's hands, who keeps it through every round. Raises Unanswered.

    `found`: who works at its desk, where that was read already.
    """
    now = datetime.now(UTC)
    if not access.may_hand_over(caller, review, now):
        raise Unanswered(problems.NOT_YOURS)
    found = found or officers.of(review.department)
    colleague = _colleague(found, to)
    wanted = handing.given_to(colleague, found.absences, now)
    if review.assigned is None or review.assigned.changed(at=now) != wanted:
        if refused := handing.why_not(packet, review.matter):
            raise Unanswered(problems.REFUSED_ACTS[refused])
        _record(caller, packet, review, wanted, ActKind.ASSIGN)
    return HandedOver(
        packet=packet.packet,
        matter=review.matter,
        officer=colleague.called,
        stands_in=wanted.stand_in.officer.called if wanted.stand_in else None,
        at=now,
        see=f"/api/desk/reviews/{packet.packet}/{review.matter}",
    )


def answer(caller: Caller, packet: Packet, review: Review, question: str, text: str) -> None:
    """Answer what the applicant asked about this correction; the first answer stands. Raises Unanswered."""
    asked = Answer(kind="answer", question=question, text=text)
    made = act(asked, caller, datetime.now(UTC), packet).changed(account=caller.account)
    if made.matter != review.matter:
        raise Unanswered(problems.NO_SUCH_QUESTION)
    if made.name not in packet.acts:
        if refused := questions.why_not_answer(packet, made):
            raise Unanswered(problems.REFUSED_ACTS[refused])
        acts.record(packet.packet, made)


def say_away(caller: Caller, asked: AbsenceRequest) -> AbsenceSaid:
    """Put an absence on record, and who stands in on every review that is in the absent officer's hands.

    Whoever dies in between says it again: each review knows its newest word.
    """
    now, department = datetime.now(UTC), _department(caller)
    account = asked.officer or caller.account
    if not access.may_say_away(caller, account):
        raise Unanswered(problems.NOT_YOURS)
    found = _desk(caller, department, now)
    officer, stand_in = _colleague(found, account), _colleague(found, asked.stand_in)
    if officer == stand_in:
        raise Unanswered(problems.NO_SUCH_COLLEAGUE)
    stands = StandIn(officer=stand_in, since=_midnight(asked.since), until=_midnight(asked.until + timedelta(days=1)))
    if handing.away_then(found.absences, stand_in, stands, now):
        raise Unanswered(problems.STAND_IN_AWAY)
    officers.away(department, Absence(officer=officer, stand_in=stands, at=now, by=caller.account))
    mine = [row for row in _in_hands(department) if row.assigned and row.assigned.officer.account == account]
    written = 0
    for row in mine:
        packet = packets.load_without_uploads(row.packet)
        review, has = packet.reviews.get(row.matter), handing.officer_of(packet, row.matter)
        still = has is not None and has.account == account  # the list is a moment behind
        if review and still and handing.why_not(packet, row.matter) is None:
            _record(caller, packet, review, Assigned(officer=officer, stand_in=stands, at=now), ActKind.STAND_IN)
            written += 1
    return AbsenceSaid(
        officer=officer.called, stand_in=stand_in.called, since=asked.since, until=asked.until, reviews=written
    )


def _in_hands(department: str) -> list[Waiting]:
    """All that the department has, and what its applicants correct."""
    return actions.all_waiting(department)[0] + desk.correcting(department, actions.MOST_READ)[0]


def _colleague(found: officers.Desk, account: str) -> Officer:
    """A person of the desk. Raises Unanswered."""
    known = next((one for one in found.colleagues if one.account == account), None)
    if known is None:
        raise Unanswered(problems.NO_SUCH_COLLEAGUE)
    return Officer(account=known.account, called=known.called)


def _record(caller: Caller, packet: Packet, review: Review, assigned: Assigned, kind: ActKind) -> None:
    made = handing.new_act(review, assigned, kind, caller.name, caller.account)
    acts.record(packet.packet, made)
    logger.info("handed over", packet=packet.packet, matter=review.matter, kind=kind)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), actions.office().zone)


def _department(caller: Caller) -> str:
    if caller.department is None:
        raise Unanswered(problems.NOT_ALLOWED)
    return caller.department
