"""What the index of limits names, as rows of the list of limits: for pages, and for the figures of early warning."""

from collections.abc import Iterator
from datetime import datetime

from kaigong import catalog
from kaigong.domain.flow import deadlines
from kaigong.domain.model.deadline import Deadline, DeadlineKind
from kaigong.settings import settings
from kaigong.store import catalogues, keys, packets, supervision
from kaigong.store.packets import Limited
from kaigong.views.deadlines import AHEAD, DeadlineRow, row


def rows(found: Limited, now: datetime, *, late: bool) -> Iterator[DeadlineRow]:
    """The limits that an item of the index `due` stands for; `late`: one of what is late, else of what comes."""
    office, kind = catalog.with_calendar(settings().office), keys.kind_of(found.sk)
    if kind == keys.SUPERVISION:
        record = supervision.load(found.packet, keys.name_in(found.sk))
        limit = deadlines.of_record(record) if record else None
        if record and limit and limit.due.at <= now + AHEAD:
            yield row(found.packet, limit, record.pressed, catalog.load(), now, office)
    elif kind in (keys.HEADER, keys.LATE, keys.SUBMISSION):
        packet = packets.load_without_uploads(found.packet)
        catalogue = catalogues.of(packet, catalog.load())
        newest = packet.newest_submission()
        if kind == keys.SUBMISSION and newest and found.sk != keys.submission_sk(newest.version):
            return  # one that came before it, which nobody waits for
        on_record = packet.header is not None and packet.header.late_since is not None
        for limit in deadlines.of(packet, office):
            if _is_here(limit, kind, now, late=late, on_record=on_record):
                yield row(found.packet, limit, deadlines.told_of(packet, limit), catalogue, now, office)


def _is_here(limit: Deadline, kind: str, now: datetime, *, late: bool, on_record: bool) -> bool:
    """Whether this item has this limit in the list: each limit stands there by one item."""
    if limit.rests or limit.due.at > now + AHEAD:
        return False
    if (limit.kind is DeadlineKind.RECEIPT) is not (kind == keys.SUBMISSION):
        return False
    return kind == keys.SUBMISSION or (limit.late(now) and on_record) is late
