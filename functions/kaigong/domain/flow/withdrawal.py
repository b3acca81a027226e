"""Withdrawal by the applicant (撤回申请): at every state until the decision; after it, a clear answer instead.

Source: mission, "Facts from law and standards" (code 2); design.md: a decided outcome is never overwritten.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from kaigong.domain import words
from kaigong.domain.model.arrivals import Submission
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.messages import Channel, TaskWithdrawn, WithdrawnBy
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import Act, ActKind, Header, NoticeItem, NoticeKind, Packet, ReviewState
from kaigong.domain.model.states import PacketEvent, ReviewEvent, packet_after

from . import acts
from . import review as reviews
from .step import Step, fingerprint


def asked(packet: Packet) -> Act | None:
    """The applicant's withdrawal that nobody acted on yet. A packet without a manifest has nothing to withdraw."""
    known = packet.header or packet.submissions
    return next(iter(packet.unlooked(ActKind.WITHDRAW)), None) if known else None


def asked_at(packet: Packet) -> datetime | None:
    act = asked(packet)
    return act.at if act else None


def take(step: Step) -> None:
    """Withdraw the packet, or say why it is too late. Decided matters keep their decision; the open ones end."""
    act = asked(step.packet)
    if act is None:
        return
    if step.packet.header is None:
        _close_untaken(step, act)
    elif refused := acts.why_not(step.packet, act):
        step.happened("withdrawal-refused", status=step.header.status.value)
        step.change_header(acts=(*step.header.acts, act.name))
        step.notify(NoticeKind.NOT_WITHDRAWN, (NoticeItem(code=refused.value, text=words.acts.REFUSALS[refused]),))
        return
    else:
        step.move(PacketEvent.WITHDRAWN, withdrawn_at=act.at, acts=(*step.header.acts, act.name))
    step.take_submissions(step.header.round)  # what was not looked at goes with the packet
    departments = end_reviews(step)
    by_window = {"window": True} if act.department else {}
    step.happened("withdrawn", papers=fingerprint(step.packet.shown(step.around.catalogue)), **by_window)
    item = NoticeItem(code="withdrawn", text=words.withdrawal.withdrawn(act.reason))
    step.notify(NoticeKind.WITHDRAWN, (item, *approved_before(step)), departments)


def approved_before(step: Step) -> Iterator[NoticeItem]:
    """What was approved before the end is not handed out with a result: the notice says so, that it stands, and what
    is still owed for it.
    """
    if approved := step.packet.approvals():
        matters = joined(name_of(step.around.catalogue.matters, matter) for matter in approved)
        yield NoticeItem(code="approved-before", text=words.withdrawal.approved_before(matters))
    for slot, gap in step.packet.owed().items():
        name = name_of(step.around.catalogue.materials, slot)
        text = words.withdrawal.late(name) if gap.overdue_at else words.withdrawal.owed(name, gap.due)
        yield NoticeItem(code="gap", slot=slot, text=text, due=gap.due)


def of_task(packet: Packet) -> TaskWithdrawn:
    """What the departments of a withdrawn packet are told of the tasks that they had."""
    by, at = withdrawn_by(packet), packet.header.withdrawn_at if packet.header else None
    assert at is not None  # noqa: S101 - tasks are taken back only when the packet is withdrawn
    return TaskWithdrawn(at=at, by=by, text=words.withdrawal.NOT_REVIEWED[by])


def withdrawn_by(packet: Packet) -> WithdrawnBy:
    """By what a withdrawn packet was withdrawn."""
    if packet.header and packet.header.lapsed:
        return WithdrawnBy.LAPSE
    act = packet.newest_act(ActKind.WITHDRAW)
    return WithdrawnBy.WINDOW if act and act.department else WithdrawnBy.APPLICANT


def _close_untaken(step: Step, act: Act) -> None:
    """A packet that was submitted and not looked at yet gets its header now, so that the ledger can say what became
    of it.
    """
    first = min(step.packet.submissions.values(), key=lambda s: s.order)
    newest = cast(Submission, step.packet.newest_submission())
    step.change(
        header=Header(
            packet=step.packet.packet,
            version=0,
            status=packet_after(None, PacketEvent.WITHDRAWN),
            round=0,
            process=newest.manifest.process,
            channel=Channel.ORDINARY,
            enterprise=first.manifest.enterprise,
            project=newest.manifest.project,
            language=newest.manifest.language,
            submitted_at=first.received_at,
            withdrawn_at=act.at,
            acts=(act.name,),
        )
    )


def end_reviews(step: Step) -> list[Code]:
    """End what is not decided, and take back the tasks that are out; what was approved by commitment is verified from
    now on. Returns the departments that had what is ended.
    """
    departments = []
    for matter, review in step.packet.reviews.items():
        if review.pending:
            step.orders.append(f"withdrawn:{matter}")
        if review.pending or review.state is ReviewState.CORRECTION:
            step.move_review(matter, ReviewEvent.WITHDRAWN, decided_at=step.around.now)
            departments.append(review.department)
    reviews.verify_afterwards(step)
    return departments
