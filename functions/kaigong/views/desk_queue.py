"""A department's queue at the workbench: what waits, priority first, then what is due first, and who has it.

Read only. Sources: mission 3 (priority handling), 9 (parallel review, tracked supervision of deadlines).
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import Field

from kaigong.domain.flow import questions
from kaigong.domain.flow.lease import HeldBy, held_by
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.clock import Office, Pause, is_working_day
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.naming import Named, named
from kaigong.domain.model.officer import Assigned, made_by
from kaigong.domain.model.packet import Proposal
from kaigong.domain.model.text import Model
from kaigong.domain.model.waiting import Lease, Waiting
from kaigong.domain.words import names

from .matters import Rest

PAGE_ROWS = 100  # reviews that one answer lists


class RowProposal(Model):
    """A decision that an officer proposed: it waits for another one's signature, or was sent back."""

    officer: str
    mine: bool
    sent_back: bool


class RowOfficer(Model):
    """Which officer acts on a review now."""

    called: str = Field(repr=False)
    mine: bool
    own: bool = Field(description="Whether it is the caller's to hand over: as who has it, or stands in.")
    account: str = Field(repr=False)
    stands_in_for: str | None = Field(default=None, repr=False, description="Who has it, and is away.")


class DeskRow(Model):
    """One review in a department's queue."""

    review_id: str
    packet: str
    round: int
    matter: Named
    channel: Channel
    enterprise: str
    project: str
    due: datetime
    due_certain: bool
    overdue: bool
    process: Code = ""
    days_left: int | None = Field(default=None, description="Working days after today; none while the limit rests.")
    rests: tuple[Rest, ...] = Field(default=(), description="What its time limit rests for.")
    held: HeldBy | None = Field(default=None, description="Which officer has it open; left out: nobody.")
    officer: RowOfficer | None = Field(default=None, description="In whose hands it is; left out: whoever takes it.")
    asked: datetime | None = Field(
        default=None, description="Since when the applicant, who corrects it, waits for an answer; `due` is that one's."
    )
    correcting: bool = Field(default=False, description="Whether the applicant corrects it: nothing is to be decided.")
    proposal: RowProposal | None = Field(default=None, description="What is to be signed by a second officer.")


class DeskQueue(Model):
    """What a department has to decide: priority first, then what is due first."""

    department: Named
    checked_at: datetime
    rows: tuple[DeskRow, ...]
    late: int = Field(description="How many of these rows are past their date.")
    priority: int = Field(description="How many of these rows are of the green channel.")
    mine: int = Field(
        description="How many of these rows are the caller's: in whose hands they are, or who has open what nobody has."
    )
    next: str | None = Field(default=None, description="Where the list goes on: give it back as `after`.")


_PLACE = re.compile(r"[01]~[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z~[A-Za-z0-9-]{3,64}\.[a-z0-9-]{1,40}")


def is_place(text: str) -> bool:
    """Whether a text can be a place at which a queue goes on, as `next` gives it."""
    return _PLACE.fullmatch(text) is not None


def queue(
    department: Code,
    waiting: Iterable[Waiting],
    leases: Iterable[Lease],
    catalogue: Catalogue,
    now: datetime,
    account: str,
    office: Office,
    next_: str | None = None,
    proposals: Iterable[Proposal] = (),
    name: str = "",
) -> DeskQueue:
    """The queue as this account sees it, whose user has the name `name` now."""
    held = {(lease.packet, lease.matter, lease.round): lease for lease in leases}
    proposed = {(p.packet, p.matter, p.round): p for p in proposals}
    rows = tuple(
        row(w, held_by(held.get((w.packet, w.matter, w.round)), account, now), catalogue, now, office, account).changed(
            proposal=_proposal(proposed.get((w.packet, w.matter, w.round)), account, name)
        )
        for w in sorted(waiting, key=lambda w: w.order)
    )
    return DeskQueue(
        department=named(catalogue.departments, department),
        checked_at=now,
        rows=rows,
        late=sum(row.overdue for row in rows),
        priority=sum(row.channel is Channel.GREEN for row in rows),
        mine=sum(is_mine(row) for row in rows),
        next=next_,
    )


def is_mine(row: DeskRow) -> bool:
    """Whether it is the caller's: in these hands, or in nobody's and open here."""
    return row.officer.mine if row.officer else row.held is not None and row.held.mine


def row(
    waiting: Waiting, held: HeldBy | None, catalogue: Catalogue, now: datetime, office: Office, account: str
) -> DeskRow:
    """A review as a list shows it to this account. What a question waits for counts as due."""
    due = questions.due(waiting.asked, office) if waiting.asked and waiting.correcting else waiting.due
    resting = waiting.resting or (waiting.correcting and not waiting.asked)
    return DeskRow(
        review_id=f"{waiting.packet}.{waiting.matter}",
        packet=waiting.packet,
        round=waiting.round,
        matter=named(catalogue.matters, waiting.matter),
        channel=waiting.channel,
        enterprise=waiting.enterprise,
        project=waiting.project,
        due=due.at,
        due_certain=due.certain,
        overdue=not resting and now > due.at,
        process=waiting.process,
        days_left=None if resting else days_left(now, due.at, office),
        rests=_rests(waiting.pauses) if resting else (),
        held=held,
        officer=in_hands(waiting.assigned, account, now) if waiting.assigned else None,
        asked=waiting.asked,
        correcting=waiting.correcting,
    )


def in_hands(assigned: Assigned, account: str, now: datetime) -> RowOfficer:
    """In whose hands a review is, as this account is told."""
    has = assigned.has(now)
    away = assigned.officer.called if has != assigned.officer else None
    return RowOfficer(
        called=has.called,
        mine=has.account == account,
        own=assigned.of(account, now),
        account=has.account,
        stands_in_for=away,
    )


def _proposal(found: Proposal | None, account: str, name: str) -> RowProposal | None:
    if found is None:
        return None
    mine = made_by(found, account, name)
    return RowProposal(officer=found.officer, mine=mine, sent_back=found.sent_back is not None)


def days_left(now: datetime, due: datetime, office: Office) -> int:
    """The working days that are left after today; 0 on the last day and afterwards."""
    today, last = now.astimezone(office.zone).date(), due.astimezone(office.zone).date()
    days = (today + timedelta(days=n) for n in range(1, (last - today).days + 1))
    return sum(is_working_day(day, office.calendar)[0] for day in days)


def _rests(pauses: Iterable[Pause]) -> tuple[Rest, ...]:
    """What a limit rests for, each kind once: a joint site visit is one, however often it was asked for."""
    going_on = sorted((p for p in pauses if p.until is None), key=lambda p: p.since, reverse=True)
    first = {p.kind: Rest(kind=p.kind, name=names.PAUSES[p.kind], since=p.since, note=p.note or None) for p in going_on}
    return tuple(first.values())
