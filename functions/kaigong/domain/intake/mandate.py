"""Whether somebody at the window may hand in for an enterprise: on a signed mandate alone, and only as far as it goes.

Sources: 民法典 §165 (a mandate names agent, matter, authority and term, and is signed), §173 (it ends with its term, or
when it is taken back); mission 3 (帮办代办). Choice: the agent puts it on record by the agent's own account, and no
other account may use it; commitments stay the enterprise's own word.
"""

from collections.abc import Iterable
from datetime import date

from kaigong.domain import words
from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.mandate import Mandate, MandateScope
from kaigong.domain.model.text import Text

LONGEST_DAYS = 3 * 366  # choice: no mandate is taken for longer at once
MOST = 100  # choice: of one enterprise


def why_not_recorded(
    scope: MandateScope, since: date, until: date, verdict: Verdict | None, project: str, known: int, today: date
) -> Text | None:
    """Why a mandate cannot be put on record; None: it can. `verdict` is that of the newest scan, None without one."""
    if verdict is None:
        return words.mandate.NO_SCAN
    if verdict is Verdict.DEFICIENT:
        return words.mandate.BAD_SCAN
    if not since <= until or until < today or (until - since).days > LONGEST_DAYS:
        return words.mandate.BAD_TERM
    if scope is MandateScope.PROJECT and not project:
        return words.mandate.NO_PROJECT
    return words.mandate.TOO_MANY if known >= MOST else None


def in_force(mandates: Iterable[Mandate], packet: str, project: str, account: str, today: date) -> Mandate | None:
    """The mandate on which this account may hand this packet in today; of several the one that ends last."""
    usable = (m for m in mandates if m.by == account and holds(m, today) and _covers(m, packet, project))
    return max(usable, key=lambda m: (m.until, m.id), default=None)


def holds(mandate: Mandate, today: date) -> bool:
    """Whether it is within its term and was not ended."""
    return mandate.ended_at is None and mandate.since <= today <= mandate.until


def _covers(mandate: Mandate, packet: str, project: str) -> bool:
    match mandate.scope:
        case MandateScope.PACKET:
            return mandate.packet == packet
        case MandateScope.PROJECT:
            return bool(project) and mandate.project == project
        case MandateScope.ENTERPRISE:
            return True
