"""What an officer does at the workbench, for its pages and for the API: take a task, look at it, answer, give it back.

The portal decides nothing: an answer goes to the queue of decisions like that of a department's own system, with the
review's reply token; what came first counts. A lease keeps two officers from answering the same review.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.desk import (
    DeskDecision,
    DeskProcedureRequest,
    DeskRetraction,
    DeskSent,
    DeskSignature,
    PaperAddress,
    decision,
    fault,
    signed,
)
from kaigong.contract.desk import procedure as procedure_message
from kaigong.contract.desk import proposal as proposal_of
from kaigong.domain import words
from kaigong.domain.flow import doubts, proposal, retraction
from kaigong.domain.flow.lease import LEASE, why_not
from kaigong.domain.flow.procedures import why_not_then
from kaigong.domain.intake.project import counted_for
from kaigong.domain.model.clock import Office
from kaigong.domain.model.messages import Decision, ProcedureAction
from kaigong.domain.model.packet import Packet, Proposal, Review, ReviewState, SentBack
from kaigong.domain.model.standing import ProjectStanding
from kaigong.domain.model.waiting import Lease, Waiting, left_the_queue
from kaigong.errors import DeliveryFailed
from kaigong.portal import access, papers
from kaigong.portal.access import Caller
from kaigong.portal.observe import logger
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import acts, catalogues, desk, intermediaries, packets, projects
from kaigong.views import desk_queue, desk_review
from kaigong.views.desk_changes import papers_before

LOOKED_AT = 10  # messages that one taking looks at: those that were answered meanwhile are cleared away
MOST_READ = 1000  # choice: reviews that one look at a whole department reads
_BARRED = {
    "old-round": problems.OLD_ROUND,
    "not-pending": problems.NOT_PENDING,
    "own-proposal": problems.OWN_PROPOSAL,
    "held-by-another": problems.HELD_BY_ANOTHER,
    "answer-sent": problems.ANSWER_SENT,
}


def office() -> Office:
    return catalog.with_calendar(settings().office)


def review_of(caller: Caller, packet: Packet, matter: str) -> Review:
    """The review, where it is of the caller's department. Raises Unanswered as for a packet that is not there."""
    review = access.may_review(caller, packet, matter)
    if review is None:
        raise Unanswered(problems.NOT_FOUND)
    return review


# looking


def queue(caller: Caller, after: str | None = None) -> desk_queue.DeskQueue:
    """What the caller's department has to decide."""
    return _listed(caller, *desk.waiting(_department(caller), desk_queue.PAGE_ROWS, after))


def whole_queue(caller: Caller) -> desk_queue.DeskQueue:
    """The same on one page, as far as the first MOST_READ reviews."""
    return _listed(caller, *all_waiting(_department(caller), MOST_READ))


def all_waiting(department: str, most: int | None = None) -> tuple[list[Waiting], str | None]:
    """The pending reviews of a department, priority first, then by due date; and where they go on, if `most` are read
    and there are more.
    """
    found, after = list[Waiting](), None
    while True:
        rows, after = desk.waiting(department, desk_queue.PAGE_ROWS, after)
        found += rows
        if after is None or (most is not None and len(found) >= most):
            return found, after


def _listed(caller: Caller, waiting: list[Waiting], more: str | None) -> desk_queue.DeskQueue:
    now, department = datetime.now(UTC), _department(caller)
    return desk_queue.queue(
        department,
        waiting,
        desk.leases(department, now),
        catalog.load(),
        now,
        caller.account,
        office(),
        more,
        _proposals(waiting),
        caller.name,
    )


def _proposals(waiting: list[Waiting]) -> list[Proposal]:
    """What is proposed in reviews that a second officer signs."""
    matters = catalog.load().matters
    by_two = (row for row in waiting if row.matter in matters and matters[row.matter].second_signature)
    return desk.proposals((row.packet, row.matter, row.round) for row in by_two)


def task(caller: Caller, packet: Packet, review: Review, *, whole: bool = True) -> desk_review.DeskTask:
    """One review with everything that its officer needs; where not `whole`, without what its project has."""
    lease = desk.lease(packet.packet, review.matter, review.round)
    catalogue = catalogues.of(packet, catalog.load())
    matter = catalogue.matters.get(review.matter)
    papers = (packet.papers.by_slot.get(entry.material, ()) for entry in (matter.materials if matter else ()))
    authors = {found[0].author.uscc for found in papers if found and found[0].author and found[0].author.uscc}
    return desk_review.task(
        packet,
        review,
        catalogue,
        datetime.now(UTC),
        office(),
        lease,
        caller.account,
        intermediaries.of(authors),
        project_of(packet) if whole else None,
        caller.name,
    )


def project_of(packet: Packet) -> ProjectStanding | None:
    """What the packet's project has beside it, as far as it counts for its enterprise; None: it has no code."""
    header = packet.header
    if header is None or header.project.code is None:
        return None
    return counted_for(header.enterprise.uscc, projects.standing(header.project.code, packet.packet))


def paper(packet: Packet, review: Review, slot: str, file: str = "", before: str | None = None) -> PaperAddress:
    """Where a browser finds a paper of the review, for a while: as it is, or as it was `before` a round replaced it; of
    several files the first unless another is named.

    Raises Unanswered where there is none to show.
    """
    entry, found = catalogues.of(packet, catalog.load()).matters.get(review.matter), packet.papers.by_slot.get(slot, ())
    if before is not None:
        found = papers_before(packet, slot, int(before)) if re.fullmatch("[0-9]{1,4}", before) else ()
    asked = {m.material for m in entry.materials} if entry else set()
    taken = next((paper for paper in found if file in ("", paper.id)), None)
    if taken is None or slot not in asked:
        raise Unanswered(problems.NO_SUCH_PAPER)
    return papers.address(packet, slot, taken.mark, taken.key, taken.version)


# taking and giving back


def take_next(caller: Caller) -> tuple[Packet, Review] | None:
    """The next task of the caller's department: of the priority queue, else of the ordinary one, else one whose special
    procedure is over, or whose proposed decision a second officer is to sign or has sent back. None: there is none.
    Raises Unanswered where the queues do not answer.
    """
    department = _department(caller)
    try:
        for name in (f"review-{department}-priority", f"review-{department}"):
            for _ in range(LOOKED_AT):
                message = desk.receive(name, LEASE)
                if message is None:
                    break
                if found := _from_queue(caller, message):
                    return found
    except DeliveryFailed as error:
        raise Unanswered(problems.UNAVAILABLE) from error
    return _come_back(caller, department)


def _from_queue(caller: Caller, message: desk.Message) -> tuple[Packet, Review] | None:
    """The review that a message asks for, if the caller has it now. A message is cleared away when its review is
    answered, is of an old round, is to be signed, rests for a special procedure, or is in a colleague's hands, since
    the list has that; that of a review which a colleague opened from the list goes with the colleague's lease.
    """
    if message.task is None:
        return None  # it becomes a dead letter: for operations to look at
    packet = packets.load_shown(message.task.packet)
    review = packet.reviews.get(message.task.matter)
    if review is None or review.department != caller.department:
        return None
    known = (review.matter, review.round)
    others = review.assigned is not None and review.assigned.has(_now()).account != caller.account
    answered = known in {*packet.decisions, *packet.proposals}
    rests = review.state is ReviewState.PAUSED and left_the_queue(review.pauses, review.round)
    if review.round != message.task.round or not review.pending or answered or others or rests:
        desk.delete(message.queue, message.receipt)
        return None
    now = _now()
    before = desk.lease(packet.packet, review.matter, review.round)
    if before is None or not before.holds(now):
        wanted = _lease(caller, packet, review, now, message)
        before = desk.take(wanted, now)
        if before is None:
            return packet, review
    joined = before.changed(queue=message.queue, receipt=message.receipt)
    if desk.replace(before, joined, now):
        desk.hide(message.queue, message.receipt, max(1, int((before.until - now).total_seconds())))
    return (packet, review) if joined.by == caller.account and not joined.answer else None


def _come_back(caller: Caller, department: str) -> tuple[Packet, Review] | None:
    now = _now()
    waiting, _ = all_waiting(department, MOST_READ)
    held = {(lease.packet, lease.matter, lease.round) for lease in desk.leases(department, now)}
    proposed = {(p.packet, p.matter, p.round) for p in _proposals(waiting)}
    for row in waiting:
        place = (row.packet, row.matter, row.round)
        mine = row.assigned is not None and row.assigned.has(now).account == caller.account
        back = row.comes_back or ((mine or place in proposed) and not row.resting)
        if place in held or row.correcting or not back:
            continue
        packet = packets.load_shown(row.packet)
        review = access.may_review(caller, packet, row.matter)
        if review is None or why_not(packet, review, row.round, None, caller.account, now, office(), caller.name):
            continue  # the index is a moment behind
        if desk.take(_lease(caller, packet, review, now), now) is None:
            return packet, review
    return None


def take(caller: Caller, packet: Packet, review: Review) -> None:
    """Have a review that was opened from the list, or have it for longer. Raises Unanswered where that cannot be."""
    now, lease = _now(), desk.lease(packet.packet, review.matter, review.round)
    _check(caller, packet, review, review.round, lease, now)
    wanted = _mine(caller, packet, review, lease, now)
    _check(caller, packet, review, review.round, desk.take(wanted, now), now)
    if wanted.receipt:
        _quietly(packet.packet, lambda: desk.hide(wanted.queue, wanted.receipt, int(LEASE.total_seconds())))


def give_back(caller: Caller, packet: Packet, review: Review) -> None:
    """Let others have it. Nothing happens where the caller does not have it."""
    now, lease = _now(), desk.lease(packet.packet, review.matter, review.round)
    if lease is None or not lease.holds(now) or lease.by != caller.account or lease.answer:
        return
    if desk.replace(lease, _ended(lease, now), now) and lease.receipt:
        _quietly(packet.packet, lambda: desk.hide(lease.queue, lease.receipt, 0))


# answering


def decide(caller: Caller, packet: Packet, review: Review, asked: DeskDecision) -> DeskSent:
    """Send the caller's decision; where a second officer is to sign it, keep it as a proposal. Raises Unanswered where
    it would not count, or the queue does not take it.
    """
    now, lease = _now(), desk.lease(packet.packet, review.matter, review.round)
    _check(caller, packet, review, asked.round, lease, now)
    if doubts.corrected_since(packet, asked.identity):
        raise Unanswered(problems.IDENTITY_CORRECTED)
    if why_not := proposal.why_not_decide(packet, review, office()):
        raise Unanswered(problems.TO_BE_SIGNED, why_not)
    entry = catalogues.of(packet, catalog.load()).matters.get(review.matter)
    wrong = fault(asked, entry) if entry else None
    if wrong:
        raise Unanswered(problems.INVALID_BODY, wrong)
    if entry and entry.second_signature:
        return _propose(caller, packet, review, asked, _mine(caller, packet, review, lease, now), now)
    name = desk.answer_id()
    mine = _claimed(caller, packet, review, asked.round, lease, now, name)
    message = decision(asked, packet.packet, review, caller.called, name, datetime.now(UTC))
    return _send(packet, review, message, desk.Answering(answered_by=caller.account), mine, now)


def _propose(
    caller: Caller, packet: Packet, review: Review, asked: DeskDecision, mine: Lease, now: datetime
) -> DeskSent:
    """Keep what the caller would decide. Its task leaves the queue: the list keeps it, for another officer."""
    _check(caller, packet, review, asked.round, desk.take(mine, now), now)
    wanted = proposal_of(asked, packet.packet, review, caller, uuid4().hex, datetime.now(UTC))
    before = packet.proposals.get((review.matter, review.round))
    kept = desk.propose(wanted, before if before and proposal.void(packet, before) else None)
    _leave(mine, now)
    if not kept:  # another one was proposed since this packet was read
        raise Unanswered(problems.TO_BE_SIGNED)
    logger.info("decision proposed", packet=packet.packet, matter=review.matter, round=review.round)
    return _sent(packet, review, wanted.id, now).changed(proposed=True)


def sign(caller: Caller, packet: Packet, review: Review, asked: DeskSignature) -> DeskSent:
    """Sign what another officer proposed: the decision is sent, in both names. Or send it back, with a reason.

    Raises Unanswered as `decide` does; where the proposal is the caller's own, or is not there as it was seen.
    """
    now, lease = _now(), desk.lease(packet.packet, review.matter, review.round)
    _check(caller, packet, review, asked.round, lease, now)
    seen = proposal.to_sign(packet, review)
    if seen is None or proposal.why_not_sign(seen, asked.proposal):
        raise Unanswered(problems.NOTHING_TO_SIGN)
    if asked.action == "send-back":
        mine = _mine(caller, packet, review, lease, now)
        _check(caller, packet, review, asked.round, desk.take(mine, now), now)
        kept = desk.send_back(seen.changed(sent_back=SentBack(officer=caller.called, reason=asked.reason, at=now)))
        _leave(mine, now)
        if not kept:
            raise Unanswered(problems.NOTHING_TO_SIGN)
        logger.info("proposal sent back", packet=packet.packet, matter=review.matter, round=review.round)
        return _sent(packet, review, seen.id, now)
    name = desk.answer_id()
    mine = _claimed(caller, packet, review, asked.round, lease, now, name)
    if desk.proposals([(packet.packet, review.matter, review.round)]) != [seen]:  # before the claim it may have changed
        desk.replace(mine, mine.changed(answer=""), now)
        raise Unanswered(problems.NOTHING_TO_SIGN)
    message = signed(seen, review, caller.called, name, datetime.now(UTC))
    return _send(packet, review, message, desk.Answering(answered_by=seen.account, signer=caller.account), mine, now)


def _claimed(
    caller: Caller, packet: Packet, review: Review, round_: int, lease: Lease | None, now: datetime, name: str
) -> Lease:
    """The caller's lease, which says that an answer goes out. Raises Unanswered where somebody else has it."""
    mine = _mine(caller, packet, review, lease, now).changed(answer=name)
    _check(caller, packet, review, round_, desk.claim(mine, now), now)
    return mine


def _send(
    packet: Packet, review: Review, message: Decision, who: desk.Answering, mine: Lease, now: datetime
) -> DeskSent:
    try:
        desk.answer(message, who)
    except DeliveryFailed as error:
        desk.replace(mine, mine.changed(answer=""), now)
        raise Unanswered(problems.UNAVAILABLE) from error
    if mine.receipt:
        _quietly(mine.packet, lambda: desk.delete(mine.queue, mine.receipt))
    logger.info("answer sent", packet=packet.packet, matter=review.matter, round=review.round, outcome=message.outcome)
    return _sent(packet, review, message.id, message.sent_at)


def _leave(mine: Lease, now: datetime) -> None:
    """Let others have a review whose task leaves the queue."""
    desk.replace(mine, _ended(mine, now), now)
    if mine.receipt:
        _quietly(mine.packet, lambda: desk.delete(mine.queue, mine.receipt))


def procedure(caller: Caller, packet: Packet, review: Review, asked: DeskProcedureRequest) -> DeskSent:
    """Send the start or end of a special procedure. At the start its task leaves the queue: the list keeps the review.

    Raises Unanswered as `decide` does, and where no such procedure can start or end.
    """
    now, lease = _now(), desk.lease(packet.packet, review.matter, review.round)
    _check(caller, packet, review, asked.round, lease, now)
    number = desk_review.procedure_number(packet, review, asked.kind, asked.action)
    if number is None:
        raise Unanswered(problems.NO_PROCEDURE)
    starts = asked.action is ProcedureAction.START
    if starts and asked.appointment and (untimely := why_not_then(asked.appointment, now, office())):
        raise Unanswered(problems.BAD_APPOINTMENT, untimely)
    mine, name = _mine(caller, packet, review, lease, now), desk.answer_id()
    _check(caller, packet, review, asked.round, desk.take(mine, now), now)
    message = procedure_message(asked, number, packet.packet, review, caller.called, name, datetime.now(UTC))
    try:
        desk.answer(message, desk.Answering(answered_by=caller.account))
    except DeliveryFailed as error:
        raise Unanswered(problems.UNAVAILABLE) from error
    if starts:
        _leave(mine, now)
    logger.info("procedure sent", packet=packet.packet, matter=review.matter, kind=asked.kind, action=asked.action)
    return _sent(packet, review, name, message.sent_at)


def retract(caller: Caller, packet: Packet, review: Review, asked: DeskRetraction) -> DeskSent:
    """Take the department's decision back. Whoever decided gives the review up. Raises Unanswered where it stands, or
    where it is not the one that the officer saw.
    """
    if asked.round != review.round:
        raise Unanswered(problems.OLD_ROUND, words.lease.old_round(review.round, asked.round))
    if asked.turn != review.turn:
        raise Unanswered(problems.OLD_ROUND, words.lease.OLD_TURN)
    made = retraction.new_act(review, caller.name, caller.called, asked.reason, datetime.now(UTC))
    made = made.changed(account=caller.account)
    if made.name not in packet.acts:
        if refused := retraction.why_not(packet, review, catalogues.of(packet, catalog.load())):
            raise Unanswered(problems.REFUSED_ACTS[refused])
        now, lease = _now(), desk.lease(packet.packet, review.matter, review.round)
        if lease is not None and lease.holds(now):
            desk.replace(lease, _ended(lease, now).changed(answer=""), now)
        proposed = packet.proposals.get((review.matter, review.round))
        if proposed is not None and not proposed.sent_back:  # it is not signed a second time
            back = SentBack(officer=caller.called, reason=asked.reason, at=now)
            desk.send_back(proposed.changed(sent_back=back))
        acts.record(packet.packet, made)
        logger.info("decision taken back", packet=packet.packet, matter=review.matter, round=review.round)
    return _sent(packet, review, made.name, packet.acts.get(made.name, made).at)


def _check(caller: Caller, packet: Packet, review: Review, round_: int, lease: Lease | None, now: datetime) -> None:
    """Refuse in words what would not count."""
    barred = why_not(packet, review, round_, lease, caller.account, now, office(), caller.name)
    if barred:
        raise Unanswered(_BARRED[barred.code], barred.text)


def _mine(caller: Caller, packet: Packet, review: Review, before: Lease | None, now: datetime) -> Lease:
    """The caller's lease from now on; the message that came with the one before stays with it."""
    lease = _lease(caller, packet, review, now)
    if before is None or before.by != caller.account or not before.holds(now):
        return lease
    return lease.changed(queue=before.queue, receipt=before.receipt)


def _lease(caller: Caller, packet: Packet, review: Review, now: datetime, message: desk.Message | None = None) -> Lease:
    return Lease(
        packet=packet.packet,
        matter=review.matter,
        round=review.round,
        department=review.department,
        officer=caller.called,
        by=caller.account,
        until=now + LEASE,
        queue=message.queue if message else "",
        receipt=message.receipt if message else "",
    )


def _ended(lease: Lease, now: datetime) -> Lease:
    return lease.changed(until=now, queue="", receipt="")


def _sent(packet: Packet, review: Review, name: str, at: datetime) -> DeskSent:
    see = f"/api/desk/reviews/{packet.packet}/{review.matter}"
    return DeskSent(review_id=review.review_id, round=review.round, id=name, sent_at=at, see=see)


def _quietly(packet: str, act: Callable[[], bool]) -> None:
    """Look after a queue's message. What does not work mends itself: the message comes again and is looked at then."""
    try:
        if not act():
            logger.info("a task's message was not ours any more", packet=packet)
    except DeliveryFailed:
        logger.warning("a task's message could not be looked after", packet=packet)


def _now() -> datetime:
    """To the second, as leases are kept."""
    return datetime.now(UTC).replace(microsecond=0)


def _department(caller: Caller) -> str:
    if caller.department is None:  # no officer: `access` takes the group away from who has no department
        raise Unanswered(problems.NOT_ALLOWED)
    return caller.department
