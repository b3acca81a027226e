"""How long a packet's matters take: one after another, and side by side.

Sources: mission 9 (parallel review) and 10 (7 to 3 working days; 1 working day before construction starts); mission 7
(every matter of an instant process is finished at once) and 14 (what rules or a commitment decide takes no time).
"""

from collections.abc import Collection, Iterable
from graphlib import TopologicalSorter

from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.text import Model, Text

from . import words


class Plan(Model):
    """The schedule of a set of matters, in working days."""

    waves: tuple[tuple[Code, ...], ...]  # those of one wave run side by side; a wave begins when the one before ended
    days: dict[Code, int]  # by matter; 0: the same working day
    critical_path: tuple[Code, ...]  # the chain of prerequisites that takes longest, in its order
    serial_days: int  # one matter after another: each takes at least one working day
    parallel_days: int
    text: Text


def plan(matters: Iterable[Code], process: Code, catalogue: Catalogue, at_once: Collection[Code] = frozenset()) -> Plan:
    """The plan of `matters` in a process; those in `at_once` (committed, or decided by rules) take no time.

    A prerequisite counts only where it is itself among the matters. The result does not depend on their order: ties go
    to the process's own order. A matter that has left the catalogue has no promised time and is left out.
    """
    kind = catalogue.processes.get(process)
    order = {code: i for i, code in enumerate(dict.fromkeys([*(kind.matters if kind else ()), *catalogue.matters]))}
    known = sorted({code for code in matters if code in catalogue.matters}, key=order.__getitem__)
    instant = kind is not None and kind.instant
    days = {c: 0 if instant or c in at_once else catalogue.matters[c].promised_days for c in known}
    here = frozenset(known)
    before = {c: sorted(here.intersection(catalogue.before(c)), key=order.__getitem__) for c in known}
    waves = _waves(before)
    path = _longest(waves, before, days)
    timed = [c for c in known if c not in at_once]
    serial = sum(max(days[c], 1) for c in timed)
    parallel = max(sum(days[c] for c in path), 1 if timed else 0)
    return Plan(
        waves=waves,
        days=days,
        critical_path=path,
        serial_days=serial,
        parallel_days=parallel,
        text=_words(serial, parallel),
    )


def _waves(before: dict[Code, list[Code]]) -> tuple[tuple[Code, ...], ...]:
    """The generations of the graph: each matter right after the last of its prerequisites."""
    sorter = TopologicalSorter(before)
    sorter.prepare()
    waves = []
    while sorter.is_active():
        ready = set(sorter.get_ready())
        waves.append(tuple(c for c in before if c in ready))
        sorter.done(*ready)
    return tuple(waves)


def _longest(
    waves: tuple[tuple[Code, ...], ...], before: dict[Code, list[Code]], days: dict[Code, int]
) -> tuple[Code, ...]:
    """The chain with the most working days; of those the one with the most matters; of those the first."""
    chains: dict[Code, tuple[Code, ...]] = {}

    def length(chain: tuple[Code, ...]) -> tuple[int, int]:
        return sum(days[c] for c in chain), len(chain)

    for code in (c for wave in waves for c in wave):
        chains[code] = (*max((chains[p] for p in before[code]), key=length, default=()), code)
    return max((chains[c] for c in before), key=length, default=())


def _words(serial: int, parallel: int) -> Text:
    return words.schedule.compared(serial, parallel) if serial else words.schedule.AT_ONCE
