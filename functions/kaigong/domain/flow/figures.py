"""What a packet adds to the figures of the city (可视化决策预警): whether it is taken in, decided, on time, by
department, process and day; what it saved against the flow before the reform; and which of its limits run now.

Sources: mission 8 and 9 (early warning, tracked supervision of deadlines), 1 and 10 (fewer days and papers).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import Office, taken
from kaigong.domain.model.deadline import Deadline, DeadlineKind, OwnerKind, matter_in
from kaigong.domain.model.figures import (
    RESTS,
    Change,
    Conventional,
    Counted,
    MatterCounter,
    PacketCounter,
    RunningLimit,
    Sums,
    of_limit,
    of_matter,
    place,
)
from kaigong.domain.model.packet import Header, JointResult, Packet, ResultCode, Review, Status
from kaigong.domain.model.supervision import SupervisionRecord

from . import deadlines
from .review import CORRECTION, late

_P, _M = PacketCounter, MatterCounter
_Fact = tuple[datetime, str, int]
_APPROVED = (ResultCode.APPROVED, ResultCode.APPROVED_WITH_GAPS)


def change(
    packet: Packet,
    records: Iterable[SupervisionRecord],
    conventional: Conventional,
    catalogue: Catalogue,
    office: Office,
) -> Change | None:
    """What the counters are to have of a packet as it is now; None: they have it, or have it as it became since."""
    before, header = packet.counted, packet.header
    if header is None or (before and before.version > header.version):
        return None
    sums = counted(packet, records, conventional, catalogue, office)
    if sums == (before.sums if before else {}):
        return None
    after = Counted(turn=before.turn + 1 if before else 1, version=header.version, sums=sums)
    return Change(packet=packet.packet, before=before, after=after)


def counted(
    packet: Packet,
    records: Iterable[SupervisionRecord],
    conventional: Conventional,
    catalogue: Catalogue,
    office: Office,
) -> Sums:
    """What the packet adds to each counter."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    header = packet.header
    if header is None:
        return {}
    facts = [*_packet(header), *_result(packet, conventional, catalogue, office), *_reviews(packet, office)]
    limits = [*deadlines.of(packet, office), *filter(None, map(deadlines.of_record, records))]
    facts += [_limit(limit, office) for limit in limits if _is_for_people(limit)]
    for at, counter, count in facts:
        sums[place(_day(at, office), header.process)][counter] += count
    return {at: {name: n for name, n in counters.items() if n} for at, counters in sorted(sums.items())}


def _day(at: datetime, office: Office) -> date:
    return at.astimezone(office.zone).date()


def _packet(header: Header) -> Iterator[_Fact]:
    if header.returned_at:
        yield header.returned_at, _P.RETURNED, 1
    if header.accepted_at:
        yield header.accepted_at, _P.TAKEN, 1
        if header.status in (Status.IN_REVIEW, Status.CORRECTING):
            yield header.accepted_at, _P.OPEN, 1
    if header.withdrawn_at:
        yield header.withdrawn_at, _P.WITHDRAWN, 1
        yield header.withdrawn_at, _P.LEFT, int(header.accepted_at is not None)


def _result(packet: Packet, conventional: Conventional, catalogue: Catalogue, office: Office) -> Iterator[_Fact]:
    header, result = packet.header, packet.result
    if header is None or result is None or header.accepted_at is None:
        return
    at, matters = result.decided_at, _decided(result)
    yield at, _P.DECIDED, 1
    yield at, _P.APPROVED, int(result.code in _APPROVED)
    yield at, _P.ON_TIME, int(all(_on_time(packet, review) for review in packet.reviews.values()))
    yield at, _P.DAYS, taken(header.accepted_at, at, office)
    yield at, _P.DAYS_BEFORE, conventional.days(matters)
    yield at, _P.PAPERS, len(packet.papers.by_slot)
    yield at, _P.PAPERS_BEFORE, conventional.papers_of(matters, catalogue)


def _decided(result: JointResult) -> list[str]:
    return [matter.matter for matter in result.matters]


def _reviews(packet: Packet, office: Office) -> Iterator[_Fact]:
    for matter, review in packet.reviews.items():
        for pause in review.pauses:
            if pause.kind == CORRECTION:
                yield pause.since, of_matter(_M.CORRECTIONS, matter), 1
        if at := _decided_at(packet, review):
            yield at, of_matter(_M.DECIDED, matter), 1
            yield at, of_matter(_M.ON_TIME, matter), int(_on_time(packet, review))
            yield at, of_matter(_M.DAYS, matter), taken(review.opened_at, at, office)


def _decided_at(packet: Packet, review: Review) -> datetime | None:
    """When its department decided it, or rules did. None: nobody did, as where it never opened, or where the applicant
    withdrew or let a correction lapse before.
    """
    decided = review.by_rules or (review.matter, review.round) in packet.decisions
    return packet.decided_at(review.matter) if decided else None


def _on_time(packet: Packet, review: Review) -> bool:
    """Whether its department was never late with it, nor in a round before."""
    return not late(review, packet.decided_at(review.matter))


def _is_for_people(limit: Deadline) -> bool:
    """Whether somebody has to act by then. What the system does within minutes has alarms, and would be counted twice
    in each packet for nothing.
    """
    return limit.owner is not OwnerKind.SYSTEM and limit.kind is not DeadlineKind.REPAIR


def _limit(limit: Deadline, office: Office) -> _Fact:
    days = RESTS if limit.rests else (_day(limit.due.at, office) - _day(limit.since, office)).days
    matter = matter_in(limit.subject) if limit.department else None
    running = RunningLimit(kind=limit.kind, department=limit.department, matter=matter, days=days)
    return limit.since, of_limit(running), 1
