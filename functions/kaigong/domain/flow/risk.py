"""Risks by stated rules, whose points add up and can be read; and advice that follows by rule.

All points, bounds and levels are choices: the city's report says that risks are found and advice is given, not how.
Source: mission 11.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue, Code, Route
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import Packet, ReviewState, Status
from kaigong.domain.model.problems import APART, SHARE_OF, STOCK, Counted, Risk, RiskLevel, RiskPart
from kaigong.domain.model.text import Model, Text

from .supervised import verified

RAISED, HIGH = 3, 6  # points from which a risk is raised, and high
FEWEST = 5  # so many there must be before a share says anything
MANY_ROUNDS = 3
# From which share, in percent, how many points. What is not here is told and has no points.
SHARES: dict[Counted, tuple[tuple[int, int], ...]] = {
    Counted.RETURNED: ((30, 1), (60, 2)),
    Counted.CORRECTION: ((20, 1), (40, 2)),
    Counted.REJECTED: ((10, 1), (30, 2)),
    Counted.LATE: ((5, 2), (20, 4)),
    Counted.GAP_LATE: ((10, 1), (30, 3)),
}
# From which number how many points, however many there are besides: each of these is a promise that was not kept.
NUMBERS: dict[Counted, tuple[tuple[int, int], ...]] = {
    Counted.UNVERIFIED: ((1, 2), (5, 4)),
    Counted.BROKEN: ((1, 2), (3, 4)),
    Counted.REVOKED: ((1, 1), (3, 3)),
}
ABOVE_AVERAGE = 20  # percentage points by which a grade's share of returns stands out

_P = Counted


def _risk(parts: Iterable[RiskPart]) -> Risk:
    found = tuple(sorted(parts, key=lambda part: (-part.points, part.rule)))
    points = sum(part.points for part in found)
    level = RiskLevel.HIGH if points >= HIGH else RiskLevel.RAISED if points >= RAISED else RiskLevel.LOW
    return Risk(points=points, level=level, parts=found)


# a packet


def of_packet(packet: Packet, catalogue: Catalogue) -> Risk:
    """The risk of a packet as it is now."""
    found = _of_packet(packet, catalogue)
    return _risk(RiskPart(rule=rule, points=points, because=text) for rule, points, text in found)


def _of_packet(packet: Packet, catalogue: Catalogue) -> Iterator[tuple[Code, int, Text]]:
    header, said = packet.header, words.problems
    if header is None:
        return
    owed = packet.owed()
    late = sum(gap.overdue_at is not None for gap in owed.values())
    reviews = packet.reviews.values()
    if count := len(packet.breaches):
        yield "breaches", 4, said.breaches(count)
    if count := len({*header.doubts, *header.confirmed}):
        yield "doubts", 2, said.doubts(count)
    if late:
        yield "gaps-late", 3, said.gaps_late(late)
    if count := len(owed) - late:
        yield "gaps-open", 1, said.gaps_open(count)
    if count := len(_to_verify(packet)):
        yield "committed", 1, said.committed(count)
    if count := sum(review.pending and review.overdue_at is not None for review in reviews):
        yield "late", 2, said.late(count)
    if header.round >= MANY_ROUNDS:
        yield "rounds", 1, said.rounds(header.round)
    if count := sum(review.by_rules and review.state is ReviewState.APPROVED for review in reviews):
        yield "by-rules", 1, said.by_rules(count)
    if count := sum(drawn.broken for drawn in packet.drawn.values()):
        yield "intermediaries", 1, said.papers_broken(count)
    if header.credit_grade is None:
        yield "ungraded", 1, said.UNGRADED
    elif any(scheme.grades[-2:].count(header.credit_grade) for scheme in catalogue.schemes.values()):
        yield "grade", 2, said.grade(header.credit_grade)


def _to_verify(packet: Packet) -> set[Code]:
    """Matters that rest on a commitment that nobody verified yet."""
    ended = {m for m, review in packet.reviews.items() if review.final and review.state is not ReviewState.APPROVED}
    return {m for m in packet.commitments if packet.routes.get(m) is Route.COMMITMENT} - verified(packet) - ended


def is_watched(packet: Packet, risk: Risk) -> bool:
    """Whether a day's list names this packet: not where it was withdrawn and owes nothing, nor where nothing speaks
    for it.
    """
    over = packet.header is None or (packet.header.status is Status.WITHDRAWN and not packet.owed())
    return not over and risk.level is not RiskLevel.LOW


# a matter, or a department, in some days


class Figures(Model):
    """What was counted of one matter or department: of each problem how many, by reason and by grade."""

    total: dict[Counted, int]
    by_reason: dict[tuple[Counted, str], int]
    by_grade: dict[tuple[Counted, str], int]


def share(total: Mapping[Counted, int], what: Counted) -> int | None:
    """In percent, rounded down. None where it is a share of nothing; or of other days' too, as where more became late
    in these days than were answered in them.
    """
    count, whole = total.get(what, 0), total.get(SHARE_OF[what], 0) if what in SHARE_OF else 0
    return 100 * count // whole if whole and count <= whole else None


def figures(cells: Iterable[tuple[Counted, str, str, int]]) -> Figures:
    """`cells`: what, reason, grade, how many."""
    total, by_reason, by_grade = Counter[Counted](), Counter[tuple[_P, str]](), Counter[tuple[_P, str]]()
    for what, reason, grade, count in cells:
        if reason:
            by_reason[what, reason] += count
            if what in APART:
                continue
        total[what] += count
        if what not in STOCK:
            by_grade[what, grade] += count
    return Figures(total=dict(total), by_reason=dict(by_reason), by_grade=dict(by_grade))


def of_figures(found: Figures) -> Risk:
    """The risk of a matter or department by what was counted of it."""
    return _risk(_of_figures(found))


def _of_figures(found: Figures) -> Iterator[RiskPart]:
    for what, bounds in SHARES.items():
        of = SHARE_OF[what]
        count, whole, percent = found.total.get(what, 0), found.total.get(of, 0), share(found.total, what)
        points = _points(bounds, 100 if percent is None else percent) if count and whole >= FEWEST else 0
        if points:
            said = words.problems
            text = said.number(what, count) if percent is None else said.share(what, count, of, whole, percent)
            yield RiskPart(rule=what.value, points=points, because=text)
    for what, bounds in NUMBERS.items():
        count = found.total.get(what, 0)
        if points := _points(bounds, count):
            yield RiskPart(rule=what.value, points=points, because=words.problems.number(what, count))


def _points(bounds: tuple[tuple[int, int], ...], value: int) -> int:
    return next((points for bound, points in reversed(bounds) if value >= bound), 0)


class Advice(Model):
    """What is advised, and which rule says so."""

    rule: Code
    text: Text


def advice(found: Figures, risk: Risk, catalogue: Catalogue) -> tuple[Advice, ...]:
    """What follows from a risk: for each of its parts what is advised; for returns also what they are mostly for, and
    the credit grade that has far more of them than all.
    """
    said = []
    for part in risk.parts:
        what = Counted(part.rule)
        said.append(Advice(rule=what.value, text=words.problems.ADVICE[what]))
        if what is Counted.RETURNED:
            said += _on_returns(found, catalogue)
    return tuple(said)


def _on_returns(found: Figures, catalogue: Catalogue) -> Iterator[Advice]:
    if slot := _most(found, _P.MISSING):
        yield Advice(rule=_P.MISSING.value, text=words.problems.missing(name_of(catalogue.materials, slot)))
    if code := _most(found, _P.REFUSED):
        yield Advice(rule=_P.REFUSED.value, text=words.problems.refused(words.problems.reason(code)))
    if code := _most(found, _P.WRONG):
        yield Advice(rule=_P.WRONG.value, text=words.problems.wrong(words.problems.reason(code)))
    average = share(found.total, _P.RETURNED) or 0
    for (what, grade), applied in sorted(found.by_grade.items()):
        if what is _P.APPLIED and applied >= FEWEST:
            percent = 100 * found.by_grade.get((_P.RETURNED, grade), 0) // applied
            if percent >= average + ABOVE_AVERAGE:
                yield Advice(rule="grade", text=words.problems.graded(grade, percent))


def _most(found: Figures, what: Counted) -> str:
    """The reason that there is most of; the first by name where two are as many. Empty: there is none."""
    counted = [(-count, reason) for (which, reason), count in found.by_reason.items() if which is what]
    return min(counted, default=(0, ""))[1]
