"""The problem list (问题清单): what went wrong with approvals, counted by day and department; and risks, whose parts
add up.

Source: mission 11 (matters are analysed, a list of problems is kept, potential risks found, advice given).
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from .catalogue import Code
from .text import Model, Text

MOST_RISKY = 20  # choice: packets that a department's day names, those with the highest risk first


class Counted(StrEnum):
    """What is counted. The first of each group is what the others are shares of."""

    APPLIED = "applied"  # a matter was applied for, each time that a submission was looked at
    RETURNED = "returned"  # it was sent back with the one notice of what is to be completed
    MISSING = "missing"  # since a material did not come, by which
    REFUSED = "refused"  # since a paper could not be taken as it is, by why
    WRONG = "wrong"  # since something else was not in order, by what
    DECIDED = "decided"  # its department answered
    CORRECTION = "correction"  # by asking for a correction
    REJECTED = "rejected"  # by not approving it
    LATE = "late"  # its time limit passed first
    PROMISED = "promised"  # it was accepted with a gap (容缺受理)
    GAP_LATE = "gap-late"  # that was not closed in time; beside it by which material
    COMMITTED = "committed"  # it was accepted on a commitment (告知承诺)
    UNVERIFIED = "unverified"  # that nobody verified in time: how many were late when the day ended, and still are open
    BROKEN = "broken"  # or that was broken; also what else an inspection found broken
    REVOKED = "revoked"  # its approval was taken back


STOCK = frozenset((Counted.UNVERIFIED,))  # how many there are, not how many came: days of it are not added up
APART = frozenset((Counted.GAP_LATE,))  # whose reasons are counted beside it: one that has two is one
# What is a share of what. Commitments that are not verified are a stock, what is broken may be none: neither is one.
SHARE_OF = {
    Counted.RETURNED: Counted.APPLIED,
    Counted.CORRECTION: Counted.DECIDED,
    Counted.REJECTED: Counted.DECIDED,
    Counted.LATE: Counted.DECIDED,
    Counted.GAP_LATE: Counted.PROMISED,
    Counted.REVOKED: Counted.DECIDED,
}


class Cell(NamedTuple):
    """What one number of the list is about. `reason` is a stable code or a material's, empty where there is none;
    `grade` the enterprise's credit grade when it applied, empty where it had none.
    """

    department: str
    matter: str
    what: Counted
    reason: str = ""
    grade: str = ""


class RiskLevel(StrEnum):
    LOW = "low"
    RAISED = "raised"
    HIGH = "high"


class RiskPart(Model):
    """One rule that applied: its points, and why."""

    rule: Code
    points: int
    because: Text


class Risk(Model):
    """A risk: its points are those of its parts."""

    points: int
    level: RiskLevel
    parts: tuple[RiskPart, ...] = ()


class Risky(Model):
    """A packet under way whose risk is not low, as it was on a day."""

    packet: str
    risk: Risk


class Day(Model):
    """What one department's day came to. `cells` has each number once; those of nought are left out."""

    department: Code
    day: date
    cells: tuple[tuple[str, Counted, str, str, int], ...] = ()  # matter, what, reason, grade, how many
    packets: tuple[Risky, ...] = ()
