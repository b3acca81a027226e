"""Has the figures of the city know packets as they now are."""

from collections.abc import Iterable

from kaigong import catalog
from kaigong.catalog.conventional import conventional
from kaigong.domain.flow import figures as rules
from kaigong.domain.model.figures import Change
from kaigong.domain.model.packet import Packet, Status
from kaigong.errors import NewerVersionExists
from kaigong.settings import settings
from kaigong.store import catalogues, figures, packets, supervision

TRIES = 5  # several workers on one packet or one shard: the slower ones look again

_SUPERVISED = (Status.DECIDED, Status.ISSUED, Status.WITHDRAWN)  # only there something may have been approved


def change(packet: Packet) -> Change | None:
    """What is to be counted of a packet; None: nothing. What the counters have of it was read with it, or before."""
    ended = packet.header is not None and packet.header.status in _SUPERVISED
    records = supervision.of(packet.packet).values() if ended else ()
    catalogue, office = catalogues.of(packet, catalog.load()), catalog.with_calendar(settings().office)
    return rules.change(packet, records, conventional(), catalogue, office)


def count(changes: Iterable[Change]) -> None:
    """Count these, several in a transaction. Raises NewerVersionExists where others were faster again and again."""
    left = list({change.packet: change for change in changes}.values())  # of one that was looked at twice the newer
    for attempt in range(TRIES):
        if not left:
            return
        again: list[Change] = []
        for group in figures.groups(left):
            try:
                figures.count(group, attempt)
            except NewerVersionExists:
                again += group
            else:
                again += [one for one in group if one not in left]  # counted in part
        left = [found for one in again if (found := change(packets.load_without_uploads(one.packet)))]
    if left:
        raise NewerVersionExists("正在统计，请稍后再试。", "It is being counted; try again later.")
