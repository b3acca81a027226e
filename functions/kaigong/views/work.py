"""My work (我的工作): what of a department's reviews is mine and due first, what nobody has, what waits for others, and
how much each colleague has.

Made of the lists of the desk alone. Source: mission 7 (one person has it), 9 (tracked supervision of deadlines).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from pydantic import Field

from kaigong.domain.flow.handing import newest
from kaigong.domain.model.clock import Office
from kaigong.domain.model.naming import Named
from kaigong.domain.model.officer import Absence, Colleague
from kaigong.domain.model.tally import Tally
from kaigong.domain.model.text import Model

from .desk_queue import DeskQueue, DeskRow, is_mine


class ColleagueShown(Model):
    """Somebody of the desk, with what is in that person's hands."""

    account: str = Field(repr=False, description="To hand something over to.")
    called: str = Field(repr=False)
    me: bool = False
    leads: bool = False
    open: int = Field(description="Reviews in that person's hands now, whoever they are of.")
    late: int = Field(description="Of these, past their date.")
    away_since: date | None = None
    away_until: date | None = Field(default=None, description="The last day of an absence, now or to come.")
    stand_in: str | None = Field(default=None, repr=False, description="Who stands in then.")


class Work(Model):
    """The own work of an officer."""

    department: Named
    checked_at: datetime
    first: tuple[DeskRow, ...] = Field(description="Mine, what is due first, first.")
    asked: tuple[DeskRow, ...] = Field(
        description="Applicants wait for an answer about a correction, the oldest first."
    )
    fresh: tuple[DeskRow, ...] = Field(description="In nobody's hands.")
    waiting: tuple[DeskRow, ...] = Field(description="Mine, and others are to act: applicant, visit, second officer.")
    others: tuple[DeskRow, ...] = Field(description="In colleagues' hands.")
    colleagues: tuple[ColleagueShown, ...]
    leads: bool = Field(description="Whether the caller may hand over what others have.")
    month: str
    figures: Tally = Field(description="The caller's own, of this month.")
    more: bool = Field(
        default=False,
        description="Whether the department has more than is listed and counted here: 1,000 at most.",
    )


def work(
    queue: DeskQueue,
    correcting: Iterable[DeskRow],
    colleagues: Iterable[Colleague],
    absences: list[Absence],
    me: str,
    leads: bool,
    figures: Tally,
    month: str,
    office: Office,
) -> Work:
    """The work of the account `me`. `correcting` is what applicants correct, of the same department."""
    mine = [row for row in queue.rows if is_mine(row) and not row.correcting]
    waits = [row for row in mine if _waits(row)]
    asked = sorted((row for row in queue.rows if row.asked), key=lambda row: (row.asked, row.review_id))
    free = [row for row in queue.rows if row.officer is None and row.held is None and not row.correcting]
    listed = {row.review_id for row in (*mine, *asked, *free)}
    loads = Counter(row.officer.account for row in queue.rows if row.officer and not row.correcting)
    late = Counter(row.officer.account for row in queue.rows if row.officer and row.overdue and not row.correcting)
    return Work(
        department=queue.department,
        checked_at=queue.checked_at,
        first=tuple(sorted((row for row in mine if row not in waits), key=lambda row: (row.due, row.review_id))),
        asked=tuple(asked),
        fresh=tuple(free),
        waiting=(*waits, *(row for row in correcting if is_mine(row))),
        others=tuple(row for row in queue.rows if row.review_id not in listed),
        colleagues=tuple(
            _colleague(one, newest(absences, one.account, queue.checked_at), loads, late, me, office)
            for one in colleagues
        ),
        leads=leads,
        month=month,
        figures=figures,
        more=queue.next is not None,
    )


def _waits(row: DeskRow) -> bool:
    """Whether somebody else is to act: its limit rests, or a second officer signs."""
    return bool(row.rests) or bool(row.proposal and row.proposal.mine and not row.proposal.sent_back)


def _colleague(
    one: Colleague, absence: Absence | None, loads: Counter[str], late: Counter[str], me: str, office: Office
) -> ColleagueShown:
    return ColleagueShown(
        account=one.account,
        called=one.called,
        me=one.account == me,
        leads=one.leads,
        open=loads[one.account],
        late=late[one.account],
        away_since=absence.stand_in.since.astimezone(office.zone).date() if absence else None,
        away_until=last_day(absence.stand_in.until, office) if absence else None,
        stand_in=absence.stand_in.officer.called if absence else None,
    )


def last_day(until: datetime, office: Office) -> date:
    """The last day before a moment at which something ends."""
    return (until.astimezone(office.zone) - timedelta(seconds=1)).date()
