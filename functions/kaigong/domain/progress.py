"""How a packet moves on: look at it as it now is, and do what that state asks for.

`advance` is a pure function of the packet. It may be called at any time and any number of times: where nothing is to
be done it gives back the packet unchanged, so duplicate, late and lost events do no harm. See design.md, "The idea".
"""

from . import corrections, gaps, review, submission
from .ledger import GENESIS, chain
from .packet import LedgerEntry, NoticeKind, Outbox, Packet, ReviewState, Status
from .result import joint_result
from .step import Step, Surroundings


def advance(packet: Packet, around: Surroundings) -> tuple[Packet, LedgerEntry | None]:
    """The packet as it should be now, with the ledger entry that says what changed; (packet, None): nothing to do."""
    step = Step(packet, around)
    newest = packet.untaken()
    if newest and not packet.missing_findings(newest):
        submission.take(step, newest)
    if step.packet.header is not None and step.header.accepted_at is not None:
        gaps.close(step)
        _record_decisions(step)
        _open_reviews(step)
        corrections.send(step)
        _conclude(step)
        _issued(step)
    if not step.events:
        return packet, None
    return _sealed(step)


def _sealed(step: Step) -> tuple[Packet, LedgerEntry]:
    """Chain what happened, and hand what goes out to the outbox."""
    header, now = step.header, step.around.now
    entry = chain(header.ledger_seq + 1, header.ledger_hash or GENESIS, tuple(step.events), now)
    step.change_header(version=step.version, ledger_seq=entry.seq, ledger_hash=entry.hash)
    if "result" in step.orders and step.packet.result:
        head = {"ledger_seq": entry.seq, "ledger_hash": entry.hash}
        step.change(result=step.packet.result.model_copy(update=head))
    if step.orders:
        order = Outbox(version=step.version, orders=tuple(step.orders), at=now)
        step.change(outbox={**step.packet.outbox, step.version: order})
    return step.packet, entry


def _record_decisions(step: Step) -> None:
    for matter, decided in review.decided(step.packet).items():
        step.change(reviews={**step.packet.reviews, matter: decided})
        step.happened("decided", matter=matter, round=decided.round, state=decided.state.value)


def _open_reviews(step: Step) -> None:
    around = step.around
    found = review.next_reviews(step.packet, around.catalogue, around.now, around.office, around.new_token)
    if not found:
        return
    step.change(reviews={**step.packet.reviews, **found})
    opened = [matter for matter, r in found.items() if r.state is ReviewState.OPEN]
    step.happened("reviews", opened=opened, never=sorted(set(found) - set(opened)))
    step.orders.extend(f"review:{matter}" for matter in opened)


def _conclude(step: Step) -> None:
    if step.packet.result is not None:
        return
    result = joint_result(step.packet, step.around.catalogue, step.around.now)
    if result is None:
        return
    step.change(result=result)
    step.change_header(status=Status.DECIDED, decided_at=step.around.now)
    step.happened("result", code=result.code.value, matters=[[m.matter, m.code.value] for m in result.matters])
    step.orders.append("result")
    step.notify(NoticeKind.RESULT)


def _issued(step: Step) -> None:
    issued = step.packet.issued
    if issued and step.header.status is Status.DECIDED:
        step.change_header(status=Status.ISSUED)
        step.happened("issued", key=issued.key, sha256=issued.sha256)
