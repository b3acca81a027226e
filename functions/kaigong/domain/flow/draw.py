"""双随机: which records are inspected, and by whom, by a draw that anybody can do again.

A draw is a hash of a seed and of what is drawn, and so needs no list: whether a record is inspected hangs on its own
name alone, whatever else was approved that day, and nobody can steer it by leaving records out. The seed of a day is
drawn before its first record, its SHA-256 is shown from then on, and the seed itself once the day is over.

Sources: mission 11 (supervision is graded by credit), 国办发〔2019〕5号 (双随机、一公开: records and inspectors by
chance, the outcome in public). Choice: each record is drawn for itself, so that of many the share comes out, and of few
about.
"""

import hashlib
from collections.abc import Collection, Iterable

from kaigong.domain.model.catalogue import Route, Supervision
from kaigong.domain.model.supervision import Drawn

_PLACES = 1 << 64


def commitment(seed: str) -> str:
    """What is shown of a seed before the seed itself may be known."""
    return hashlib.sha256(seed.encode()).hexdigest()


def is_drawn(seed: str, record: str, percent: int) -> bool:
    """Whether a record is among so many of a hundred."""
    return _place(seed, record) * 100 < percent * _PLACES


def inspectors(seed: str, record: str, roster: Iterable[str], barred: Collection[str], number: int) -> tuple[str, ...]:
    """So many of a roster, by chance: none of those that are `barred`, because they approved the matter or said that
    they have an interest in it. Fewer, where there are no more.
    """
    free = set(roster).difference(barred)
    return tuple(sorted(free, key=lambda name: (_place(seed, record, name), name))[:number])


def drawn(seed: str, record: str, route: Route, grade: str | None, terms: Supervision, *, by_rules: bool) -> Drawn:
    """Why a record is inspected, or that it is not: commitments and what rules decided always are, of the others the
    share of the enterprise's grade.
    """
    if route is Route.COMMITMENT:
        return Drawn.COMMITMENT
    if by_rules:
        return Drawn.BY_RULES
    return Drawn.DRAWN if is_drawn(seed, record, terms.grading(grade).percent) else Drawn.NOT_DRAWN


def _place(*parts: str) -> int:
    """Where chance puts something, from 0 to 2⁶⁴."""
    return int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:8])
