"""How a packet moves on: look at it as it now is, and do what that state asks for.

`advance` is a pure function of the packet. It may be called at any time and any number of times: where nothing is to
be done it gives back the packet unchanged, so duplicate, late and lost events do no harm. See design.md, "The idea".
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from kaigong.domain import words
from kaigong.domain.model.deadline import Deadline
from kaigong.domain.model.documents import RESULT
from kaigong.domain.model.ledger import GENESIS, chain
from kaigong.domain.model.packet import (
    JointResult,
    LedgerEntry,
    NoticeItem,
    NoticeKind,
    Outbox,
    Packet,
    ReviewState,
    Status,
)
from kaigong.domain.model.states import PacketEvent
from kaigong.domain.words import names

from . import (
    benefited,
    corrections,
    deadlines,
    documents,
    gaps,
    intermediaries,
    joint_acceptance,
    procedures,
    retraction,
    review,
    revocation,
    submission,
    supervised,
    texts,
    window,
    withdrawal,
)
from .result import APPROVALS, joint_result
from .step import Step, Surroundings

ISSUED_WITHIN = timedelta(minutes=5)  # choice: a joint result that is not there by then is looked after


def advance(packet: Packet, around: Surroundings) -> tuple[Packet, LedgerEntry | None]:
    """The packet as it should be now, with the ledger entry that says what changed; (packet, None): nothing to do."""
    step = Step(packet, around)
    asked = withdrawal.asked_at(packet)
    if asked is not None:
        _decide(step, until=asked)  # what departments decided before the applicant asked stands
        withdrawal.take(step)
    newest = submission.ready(step.packet, around)
    if newest:
        submission.take(step, newest)
    if step.packet.header is not None:
        submission.look_again(step)
        window.take(step)
        documents.take(step)
    if step.packet.header is not None and step.header.accepted_at is not None:
        _move_on(step)
    if step.packet.header is not None:
        deadlines.press(step)
        texts.take(step)
    if not step.events:
        return packet, None
    intermediaries.count(step, packet)
    supervised.push(step, packet)
    benefited.push(step, packet)
    return _sealed(step)


def left_behind(packet: Packet, around: Surroundings) -> bool:
    """Whether something lies there that nobody acted on: its event was lost, or is still on its way.

    That is whatever `advance` would act on now: there is no second list of facts that could miss one.
    """
    return advance(packet, around)[1] is not None


def _move_on(step: Step) -> None:
    """What an accepted packet's state asks for."""
    gaps.close(step)
    corrections.drop(step)
    _decide(step)
    retraction.take(step)  # where the packet is at its end: it comes too late
    gaps.remind(step)
    gaps.lapse(step)
    _mark_late(step)
    corrections.remind(step)
    corrections.lapse(step)
    corrections.send(step)
    revocation.take(step)
    supervised.take(step)
    benefited.take(step)
    _issued(step)


def _decide(step: Step, until: datetime | None = None) -> None:
    """Act on what departments sent, open what can open, and conclude once everything is decided."""
    if step.packet.header is None or step.header.status not in (Status.IN_REVIEW, Status.CORRECTING):
        return
    procedures.take(step)
    review.record(step, until)
    retraction.take(step, until)
    procedures.end_visits(step)
    revocation.take(step)
    review.open_all(step)
    joint_acceptance.ask_visit(step)
    _conclude(step)


def _mark_late(step: Step) -> None:
    """Put on record, once, that a review is past its limit. One that rests is not late."""
    now = step.around.now
    late = [
        m
        for m, r in step.packet.reviews.items()
        if r.state is ReviewState.OPEN and r.overdue_at is None and now > r.due.at
    ]
    if not late:
        return
    marked = {m: step.packet.reviews[m].changed(overdue_at=now) for m in late}
    step.change(reviews={**step.packet.reviews, **marked})
    step.happened("reviews-overdue", matters=sorted(late))


def _sealed(step: Step) -> tuple[Packet, LedgerEntry]:
    """Chain what happened, and hand what goes out to the outbox."""
    header, now = step.header, step.around.now
    limits = list(deadlines.of(step.packet, step.around.office))
    entry = chain(header.ledger_seq + 1, header.ledger_hash or GENESIS, tuple(step.events), now)
    step.change_header(
        version=step.version,
        ledger_seq=entry.seq,
        ledger_hash=entry.hash,
        documents=documents.sealed(header.documents, entry.seq, entry.hash),
        moved_at=entry.at,
        wake_at=_wake_at(step, limits),
        asks=deadlines.asks(limits),
        late_since=deadlines.late_since(limits, now),
    )
    if "result" in step.orders and step.packet.result:
        step.change(result=step.packet.result.changed(ledger_seq=entry.seq, ledger_hash=entry.hash))
    if step.orders:
        order = Outbox(
            version=step.version,
            orders=tuple(step.orders),
            notices=tuple(step.told),
            counted=step.counted,
            at=now,
        )
        step.change(outbox={**step.packet.outbox, step.version: order})
    return step.packet, entry


def _wake_at(step: Step, limits: Sequence[Deadline]) -> datetime | None:
    """When time alone will change the packet: somebody is to be told of a limit, a gap or a review becomes late, a site
    visit is over; or when it should have been changed: the joint result is written within moments.
    """
    now = step.around.now
    moments = [r.due.at for r in step.packet.reviews.values() if r.state is ReviewState.OPEN and not r.overdue_at]
    moments += procedures.reports_end(step.packet)
    moments += deadlines.wakes(step.packet, limits, step.around.office)
    if step.header.status is Status.IN_REVIEW and review.untold(step.packet):
        moments.append(corrections.ask_at(step.packet, step.around))
    if step.header.status is Status.DECIDED:
        moments.append(now + ISSUED_WITHIN)
    moments += [ordered.at + documents.AGAIN for ordered in step.header.documents.values()]
    moments += filter(None, [texts.ends(step)])
    dues = [gap.due for gap in step.packet.owed().values() if gap.overdue_at is None]
    if step.header.status is Status.CORRECTING and step.header.correct_by:
        dues.append(step.header.correct_by)
    for due in dues:
        moments += [
            corrections.lapses_at(due, step.around),
            *(moment for moment in corrections.reminders(due, step.around) if moment > now),
        ]
    return min(moments, default=None)


def _conclude(step: Step) -> None:
    if step.packet.result is not None or step.header.confirmed:
        return
    result = joint_result(step.packet, step.around.catalogue, step.around.now)
    if result is None:
        return
    step.change(result=result)
    review.verify_afterwards(step)
    step.move(PacketEvent.DECIDED, decided_at=step.around.now)
    step.happened("result", code=result.code.value, matters=[[m.matter, m.code.value] for m in result.matters])
    step.orders.append("result")
    step.notify(NoticeKind.RESULT, tuple(_not_approved(step, result)))


def _not_approved(step: Step, result: JointResult) -> Iterator[NoticeItem]:
    """A refusal says what can be done against it (行政许可法 §38)."""
    for matter in result.matters:
        if matter.code not in APPROVALS:
            name = step.around.catalogue.matters[matter.matter].name
            text = words.remedies.not_approved(name, names.RESULTS[matter.code])
            yield NoticeItem(code="not-approved", text=text, matter=matter.matter)


def _issued(step: Step) -> None:
    issued = step.packet.issued
    if issued and step.header.status is Status.DECIDED:
        step.move(PacketEvent.ISSUED)
        step.happened("issued", key=issued.key, sha256=issued.sha256)
        step.make_documents(RESULT)
