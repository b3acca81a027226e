"""双随机: which records are inspected, and by whom, by a draw that anybody can do again.

A draw is a hash of a seed and of what is drawn, and so needs no list: whether a record is inspected hangs on its own
name alone, whatever else was approved that day, and nobody can steer it by leaving records out. The seed of a day is
drawn before its first record, its SHA-256 is shown from then on, and the seed itself once the day is over.

Every night's anchor says the SHA-256 of the next day's seed and the seeds of the days that are over (`told`): signed
and kept where nobody changes it, so that no seed can be exchanged once something was drawn by it.

Sources: mission 11 (supervision is graded by credit), 国办发〔2019〕5号 (双随机、一公开: records and inspectors by
chance, the outcome in public), 行政处罚法 §43 (who has an interest withdraws). Choice: each record is drawn for itself,
so that of many the share comes out, and of few about.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from kaigong.domain.model.anchor import DrawTold
from kaigong.domain.model.catalogue import Route, Supervision
from kaigong.domain.model.roster import Bar, Inspector, Roster
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


def barred(roster: Roster, approvers: Collection[str], uscc: str) -> dict[str, Bar]:
    """Who of a roster does not inspect what these people approved for this enterprise, by certificate."""
    found = {one.number: Bar.INTEREST for one in roster.inspectors if uscc in one.interests}
    return found | {one.number: Bar.APPROVED for one in roster.inspectors if one.name in approvers}


def assigned(
    seed: str, record: str, roster: Roster, barred: Collection[str], terms: Supervision
) -> tuple[Inspector, ...]:
    """Who of a roster inspects a record."""
    names = {one.number: one.name for one in roster.inspectors}
    chosen = inspectors(seed, record, names, barred, terms.inspectors)
    return tuple(Inspector(number=number, name=names[number]) for number in chosen)


def told(seeds: Mapping[date, str], today: date) -> tuple[DrawTold, ...]:
    """What an anchor of a day says of these days' seeds: the seed of those that are over, the SHA-256 of the others."""
    return tuple(
        DrawTold(day=day, sha256=commitment(seed), seed=seed if day < today else None)
        for day, seed in sorted(seeds.items())
    )


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
