"""How long what people handed in is kept, and when it may be erased: by the catalogue, each project type by itself.

The ledger stays, with hashes where papers were: it proves what was there and names nobody. Sources: 档案法 §13 (case
files are kept for their term), 个人信息保护法 §47 (what is not needed any more is erased).
"""

from datetime import UTC, datetime, timedelta

from kaigong.domain.model.catalogue import Catalogue, Process
from kaigong.domain.model.draft import Draft
from kaigong.domain.model.packet import Packet, Status

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # nothing came


def erasable_from(packet: Packet, process: Process, saved_at: datetime | None = None) -> datetime | None:
    """From when the papers of a packet may be erased; None: it is under way, or a promise in it is open. `saved_at`:
    when its draft was saved last, while there is one.
    """
    header = packet.header
    if header is None or header.accepted_at is None:
        return max(_last_word(packet), saved_at or _NEVER) + timedelta(days=process.keep_draft_days)
    last = _end(packet)
    return last and last.replace(year=last.year + process.keep_years, day=min(last.day, 28))


def process_of(packet: Packet, draft: Draft | None, catalogue: Catalogue) -> Process | None:
    """Whose terms hold. A draft that is gone does not say of what it was: then the longest; None: a process that is in
    no catalogue any more.
    """
    applied = packet.applied_for or draft
    known = catalogue.processes.get(applied.process if applied else "")
    if known is None and packet.header is None:
        return max(catalogue.processes.values(), key=lambda process: process.keep_draft_days)
    return known


def may_have_ended(packet: Packet, catalogue: Catalogue, newest: datetime, now: datetime) -> bool:
    """Whether it is worth to ask for the draft of a packet, whose newest file is of that time: it was never handed in,
    and lay as long as the shortest term.
    """
    shortest = min(process.keep_draft_days for process in catalogue.processes.values())
    return packet.header is None and not packet.submissions and newest + timedelta(days=shortest) <= now


def ended(
    packet: Packet, draft: Draft | None, catalogue: Catalogue, newest: datetime, now: datetime
) -> timedelta | None:
    """For how long nothing may have come of an application that was never handed in, for it to end by itself; None: it
    does not end yet.
    """
    process = process_of(packet, draft, catalogue)
    if process is None or not may_have_ended(packet, catalogue, newest, now):
        return None
    until = erasable_from(packet, process, max(newest, draft.updated_at) if draft else newest)
    return timedelta(days=process.keep_draft_days) if until and until <= now else None


def texts_kept_until(packet: Packet, process: Process) -> datetime | None:
    """Until when what was read of the papers' first pages is kept; None: it may still be judged."""
    end = _end(packet)
    return end and end + timedelta(days=process.keep_text_days)


def _end(packet: Packet) -> datetime | None:
    """When the packet came to its end; None: it is under way, or a promise in it is open."""
    header = packet.header
    if header is None or header.status not in (Status.ISSUED, Status.WITHDRAWN) or packet.owed():
        return None
    ends = [header.decided_at, header.withdrawn_at, *(gap.closed_at for gap in packet.gaps.values())]
    return max(end for end in ends if end)


def _last_word(packet: Packet) -> datetime:
    """When something last came of a packet that was never accepted."""
    came = [upload.uploaded_at for upload in packet.uploads.values()]
    came += [submission.received_at for submission in packet.submissions.values()]
    return max(came, default=_NEVER)
