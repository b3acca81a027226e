"""What of a packet is settled: no rule will look at it again, so that it can go from the state into the history.

The store moves it there (`store.packets.put_by`); pages still show it. What may still be told twice stays: the newest
submission, the decisions of the current round, approvals taken back, what people did.
Source: design.md, "The table".
"""

from collections.abc import Iterator

from kaigong.domain.model.arrivals import Examined, Submission
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.documents import DocumentSet
from kaigong.domain.model.messages import ProcedureAction
from kaigong.domain.model.packet import DecisionFact, Fact, Packet, ProcedureFact, Status, files_of

from . import documents
from .procedures import goes_on, overtaken, pause_of

KEPT_UPLOADS = 3  # choice: of each slot, the newest stay though no submission names them; of one of several, more


def settled(packet: Packet, catalogue: Catalogue) -> tuple[Fact, ...]:
    """The facts that can go into the history."""
    return (
        *_submissions(packet),
        *_decisions(packet),
        *_procedures(packet),
        *_uploads(packet, catalogue),
        *_documents(packet),
    )


def _submissions(packet: Packet) -> Iterator[Submission]:
    """Those older than one that was taken."""
    taken = [s.order for s in packet.submissions.values() if s.taken is not None]
    if taken:
        yield from (s for s in packet.submissions.values() if s.order < max(taken))


def _decisions(packet: Packet) -> Iterator[DecisionFact]:
    """Those of a round before the review's, and those that were taken back."""
    yield from packet.retracted.values()
    for fact in packet.decisions.values():
        review = packet.reviews.get(fact.matter)
        if review is not None and fact.round < review.round:
            yield fact


def _procedures(packet: Packet) -> Iterator[ProcedureFact]:
    """Starts and ends that stand in the review's pauses, or that its decision or its new round overtook."""
    for fact in packet.procedures.values():
        review = packet.reviews.get(fact.matter)
        if review is None:
            continue
        pause = pause_of(review, fact)
        acted = pause is not None and (fact.action is ProcedureAction.START or not goes_on(packet, review, pause))
        if acted or not review.pending or fact.round < review.round or overtaken(review, fact):
            yield fact


def _documents(packet: Packet) -> Iterator[DocumentSet]:
    yield from (made for occasion, made in packet.documents.items() if documents.is_settled(packet, occasion))


def _uploads(packet: Packet, catalogue: Catalogue) -> Iterator[Examined]:
    """Those that were replaced, and that neither a submission on its way nor a paper under review is. In a slot of
    several files that is by name: the newest of more names than may be handed in stay.
    """
    by_slot: dict[Code, list[Examined]] = {}
    for upload in packet.uploads.values():
        by_slot.setdefault(upload.slot, []).append(upload)
    if all(len(uploads) <= KEPT_UPLOADS for uploads in by_slot.values()):
        return
    sent_back = packet.header is not None and packet.header.status in (Status.RETURNED, Status.CORRECTING)
    waiting = [s for s in packet.submissions.values() if s.taken is None or sent_back]
    named = {(awaited.slot, awaited.mark) for s in waiting for awaited in s.awaited}
    named |= {(paper.slot, paper.mark) for papers in packet.papers.by_slot.values() for paper in papers}
    for slot, uploads in by_slot.items():
        room = catalogue.room(slot)
        counting = sorted(files_of(uploads, room), key=lambda upload: upload.order) if room.most > 1 else []
        kept = {upload.mark for upload in counting[-room.most - KEPT_UPLOADS :]}
        older = sorted(uploads, key=lambda upload: upload.order)[:-KEPT_UPLOADS]
        yield from (u for u in older if (u.slot, u.mark) not in named and u.mark not in kept)
