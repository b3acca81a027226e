"""Early warning (可视化决策预警) for the city's leaders and operations: what comes in and what is decided, on time or
not; where it waits, since when and why; what falls due; what was saved against the flow before the reform.

Worked out from the counters, never from packets; it names no enterprise. Sources: mission 8 and 9 (early warning,
tracked supervision of deadlines), 1 and 10 (fewer days and papers).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache

from pydantic import Field

from kaigong.domain.flow import deadlines
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.clock import Office, before
from kaigong.domain.model.deadline import DeadlineKind, Light
from kaigong.domain.model.figures import (
    RESTS,
    MatterCounter,
    PacketCounter,
    RunningLimit,
    Sums,
    day_and_process,
    limit_counted,
    matter_counted,
)
from kaigong.domain.model.naming import Named, name_of, named
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

from . import words
from .deadlines import DeadlineRow

PERIOD = 60  # choice: days, today included, of which it is told what happened
BACK = 400  # choice: days back from which on limits are looked for; what waits longer is looked after one by one
AHEAD = 14  # choice: days ahead of which it is told what falls due
MOST_LATE = 20  # choice: what is late the longest, packet by packet; the list of limits has the others


class DayFigures(Model):
    """What happened on one day, and what was in review at its end."""

    day: date
    returned: int = 0
    taken: int = 0
    decided: int = 0
    on_time: int = 0
    withdrawn: int = 0
    open: int = 0


class Totals(Model):
    """What happened in the period. Days and papers are sums over what was decided."""

    returned: int = Field(default=0, description="Not complete at once, counted when first returned.")
    taken: int = 0
    decided: int = 0
    approved: int = 0
    on_time: int = 0
    withdrawn: int = 0
    days: int = Field(default=0, description="Working days from acceptance to the decision.")
    days_before: int = Field(default=0, description="That the same matters took in the flow before the reform.")
    papers: int = Field(default=0, description="Materials that were handed in.")
    papers_before: int = Field(default=0, description="That each matter asked for on its own before the reform.")


class Waiting(Model):
    """Limits that run now."""

    red: int = Field(default=0, description="Over.")
    amber: int = Field(default=0, description="Ends today or on the next working day.")
    green: int = 0
    rests: int = Field(default=0, description="Nobody knows their end now: the limit rests.")
    oldest: date | None = Field(default=None, description="Since when the one waits that began first.")
    most_late: date | None = Field(default=None, description="When the one ended that is overdue the longest.")

    @property
    def all(self) -> int:
        return self.red + self.amber + self.green + self.rests

    @property
    def light(self) -> Light:
        return Light.RED if self.red else Light.AMBER if self.amber else Light.GREEN


class StepFigures(Model):
    """What one matter, or the matters of one department, came to in the period, and what waits there now."""

    code: Code
    name: Text
    department: Code
    decided: int = 0
    on_time: int = 0
    corrections: int = 0
    days: int = Field(default=0, description="Working days of those decided, from opening to decision, in all.")
    waiting: Waiting = Waiting()
    reason: Text = Field(description="How it stands, in words.")

    @property
    def average(self) -> float | None:
        """Working days that one took."""
        return self.days / self.decided if self.decided else None


class KindFigures(Model):
    """What runs now of one kind of limit."""

    kind: DeadlineKind
    name: Text
    waiting: Waiting
    reason: Text


class DayDue(Model):
    """What falls due on one day."""

    day: date
    reviews: int = 0
    gaps: int = 0
    verifications: int = 0


class PathStep(Model):
    """One matter of the critical path, with the working days that it takes."""

    matter: Code
    name: Text
    days: float
    observed: bool = Field(description="An average of the period; else what the city promises.")


class Scope(Model):
    """The figures of all processes, or of one."""

    totals: Totals = Totals()
    open: int = Field(default=0, description="Packets accepted and not at their end.")
    days: tuple[DayFigures, ...] = ()
    departments: tuple[StepFigures, ...] = ()
    matters: tuple[StepFigures, ...] = ()
    limits: tuple[KindFigures, ...] = ()
    due: tuple[DayDue, ...] = ()
    slowest: Code | None = Field(default=None, description="The matter that takes longest, on average.")
    longest: Code | None = Field(default=None, description="The matter of whose reviews one waits longest.")
    path: tuple[PathStep, ...] = Field(default=(), description="The critical path, of one process.")


class Warnings(Model):
    """The figures as they were put together last, every five minutes."""

    at: datetime
    since: date = Field(description="The first day of the period; the last one is that of `at`.")
    processes: tuple[Named, ...] = ()
    all: Scope = Scope()
    by_process: dict[Code, Scope] = Field(default_factory=dict)
    late: tuple[DeadlineRow, ...] = Field(default=(), description="What is overdue the longest.")

    def of(self, process: Code | None) -> Scope:
        return self.by_process.get(process, Scope()) if process else self.all


def warnings(sums: Sums, late: Iterable[DeadlineRow], now: datetime, catalogue: Catalogue, office: Office) -> Warnings:
    """The figures as they are now. `sums`: the counters of the days from `first_day` on."""
    today = now.astimezone(office.zone).date()
    found = defaultdict[Code, Sums](dict)
    for place, counters in sums.items():
        found[day_and_process(place)[1]][place] = counters
    lights = _lights(now, office)
    processes = [code for code in (*catalogue.processes, *sorted(found)) if code in found]
    return Warnings(
        at=now,
        since=today - timedelta(days=PERIOD - 1),
        processes=tuple(named(catalogue.processes, code) for code in dict.fromkeys(processes)),
        all=_scope(sums, today, catalogue, lights),
        by_process={code: _scope(own, today, catalogue, lights, code) for code, own in found.items()},
        late=tuple(late),
    )


def first_day(now: datetime, office: Office) -> date:
    """The first day whose counters are looked at."""
    return now.astimezone(office.zone).date() - timedelta(days=BACK)


def _lights(now: datetime, office: Office) -> Callable[[date], Light]:
    """How near the end of a limit is that ends at the close of a day."""

    @cache
    def light(due: date) -> Light:
        end = office.closing(due)
        if now > end:
            return Light.RED
        return Light.AMBER if now >= before(end, deadlines.REMIND_BEFORE, office) else Light.GREEN

    return light


def _scope(
    sums: Sums, today: date, catalogue: Catalogue, light: Callable[[date], Light], process: Code | None = None
) -> Scope:
    first = today - timedelta(days=PERIOD - 1)
    days: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    matters: dict[Code, dict[MatterCounter, int]] = defaultdict(lambda: defaultdict(int))
    running: list[tuple[date, RunningLimit, int]] = []
    still_open = 0
    for place, counters in sums.items():
        day = day_and_process(place)[0]
        for name, count in counters.items():
            if limit := limit_counted(name):
                running.append((day, limit, count))
            elif name == PacketCounter.OPEN:
                still_open += count
            elif day < first:
                continue
            elif of_matter := matter_counted(name):
                matters[of_matter[1]][of_matter[0]] += count
            else:
                days[day][name] += count
    reviews = [entry for entry in running if entry[1].kind is DeadlineKind.REVIEW]
    steps = _steps(matters, reviews, catalogue, light, today)
    return Scope(
        totals=_totals(days.values()),
        open=still_open,
        days=tuple(_days(days, first, today, still_open)),
        departments=tuple(_departments(steps, reviews, catalogue, light, today)),
        matters=steps,
        limits=tuple(_kinds(running, light, today)),
        due=tuple(_due(running, today)),
        slowest=_slowest(steps),
        longest=_longest(steps),
        path=critical_path(process, steps, catalogue) if process else (),
    )


def _totals(days: Iterable[Mapping[str, int]]) -> Totals:
    found: dict[str, int] = defaultdict(int)
    for counters in days:
        for name, count in counters.items():
            found[name.replace("-", "_")] += count
    return Totals.model_validate({name: count for name, count in found.items() if name in Totals.model_fields})


def _days(days: Mapping[date, Mapping[str, int]], first: date, today: date, still_open: int) -> Iterator[DayFigures]:
    """Each day of the period. What was in review at its end is reckoned back from what is now."""
    listed, in_review = [], still_open
    for back in range((today - first).days + 1):
        day = today - timedelta(days=back)
        counters = days.get(day, {})
        here = DayFigures.model_validate(
            {
                "day": day,
                "open": in_review,
                **{name.replace("-", "_"): counters.get(name, 0) for name in _OF_A_DAY},
            }
        )
        in_review += here.decided + counters.get(PacketCounter.LEFT, 0) - here.taken
        listed.append(here)
    return reversed(listed)


_OF_A_DAY = (
    PacketCounter.RETURNED,
    PacketCounter.TAKEN,
    PacketCounter.DECIDED,
    PacketCounter.ON_TIME,
    PacketCounter.WITHDRAWN,
)
_Running = list[tuple[date, RunningLimit, int]]


def _waiting(running: _Running, light: Callable[[date], Light]) -> Waiting:
    found: dict[str, int] = defaultdict(int)
    since, over = [], []
    for day, limit, count in running:
        if count <= 0:
            continue
        since.append(day)
        if limit.days == RESTS:
            found["rests"] += count
            continue
        due = day + timedelta(days=limit.days)
        found[light(due).value] += count
        over += [due] if light(due) is Light.RED else []
    return Waiting.model_validate({**found, "oldest": min(since, default=None), "most_late": min(over, default=None)})


def _steps(
    matters: Mapping[Code, Mapping[MatterCounter, int]],
    reviews: _Running,
    catalogue: Catalogue,
    light: Callable[[date], Light],
    today: date,
) -> tuple[StepFigures, ...]:
    """Every matter of which something was decided, or waits; what waits longest first."""
    now: dict[Code, _Running] = defaultdict(list)
    for one in reviews:
        now[one[1].matter or ""].append(one)
    found = []
    for code in {**matters, **now}:
        entry, counted, waiting = catalogue.matters.get(code), matters.get(code, {}), _waiting(now[code], light)
        step = StepFigures(
            code=code,
            name=name_of(catalogue.matters, code),
            department=entry.department if entry else next((one[1].department or "" for one in now[code]), ""),
            waiting=waiting,
            reason=_reason(waiting, today),
            decided=counted.get(MatterCounter.DECIDED, 0),
            on_time=counted.get(MatterCounter.ON_TIME, 0),
            corrections=counted.get(MatterCounter.CORRECTIONS, 0),
            days=counted.get(MatterCounter.DAYS, 0),
        )
        if step.decided or step.corrections or waiting.all:
            found.append(step)
    return tuple(sorted(found, key=_worst))


def _worst(step: StepFigures) -> tuple[int, int, float, str]:
    """Red before amber before green; of these what is late most, then what takes longest."""
    order = [Light.RED, Light.AMBER, Light.GREEN].index(step.waiting.light)
    return order, -step.waiting.red, -(step.average or 0), step.code


def _departments(
    steps: Iterable[StepFigures],
    reviews: _Running,
    catalogue: Catalogue,
    light: Callable[[date], Light],
    today: date,
) -> list[StepFigures]:
    by_department: dict[Code, list[StepFigures]] = defaultdict(list)
    for step in steps:
        by_department[step.department].append(step)
    found = []
    for code, own in by_department.items():
        waiting = _waiting([entry for entry in reviews if entry[1].department == code], light)
        found.append(
            StepFigures(
                code=code,
                name=name_of(catalogue.departments, code),
                department=code,
                waiting=waiting,
                reason=_reason(waiting, today),
                decided=sum(step.decided for step in own),
                on_time=sum(step.on_time for step in own),
                corrections=sum(step.corrections for step in own),
                days=sum(step.days for step in own),
            )
        )
    return sorted(found, key=_worst)


def _reason(waiting: Waiting, today: date) -> Text:
    return words.warnings.reason(
        red=waiting.red,
        amber=waiting.amber,
        rests=waiting.rests,
        running=waiting.all,
        late_days=(today - waiting.most_late).days if waiting.most_late else 0,
        waits_days=(today - waiting.oldest).days if waiting.oldest else 0,
    )


def _kinds(running: _Running, light: Callable[[date], Light], today: date) -> Iterator[KindFigures]:
    by_kind: dict[DeadlineKind, _Running] = defaultdict(list)
    for entry in running:
        by_kind[entry[1].kind].append(entry)
    for kind in DeadlineKind:
        waiting = _waiting(by_kind.get(kind, []), light)
        if waiting.all:
            yield KindFigures(
                kind=kind, name=names.label(names.DEADLINES[kind]), waiting=waiting, reason=_reason(waiting, today)
            )


DUE = {
    DeadlineKind.REVIEW: "reviews",
    DeadlineKind.GAP: "gaps",
    DeadlineKind.VERIFICATION: "verifications",
}


def _due(running: _Running, today: date) -> Iterator[DayDue]:
    """What ends on each of the next days; days on which nothing does are not listed."""
    found: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, limit, count in running:
        due = day + timedelta(days=limit.days)
        if limit.days != RESTS and limit.kind in DUE and today <= due < today + timedelta(days=AHEAD):
            found[due][DUE[limit.kind]] += count
    for due in sorted(found):
        if any(found[due].values()):
            yield DayDue.model_validate({"day": due, **found[due]})


def _slowest(steps: Iterable[StepFigures]) -> Code | None:
    decided = [step for step in steps if step.decided]
    return max(decided, key=lambda step: (step.average or 0, step.decided)).code if decided else None


def _longest(steps: Iterable[StepFigures]) -> Code | None:
    waiting = [(step.waiting.oldest, step.code) for step in steps if step.waiting.oldest]
    return min(waiting)[1] if waiting else None


def critical_path(process: Code, steps: Iterable[StepFigures], catalogue: Catalogue) -> tuple[PathStep, ...]:
    """Of a process the matters one behind the other that take longest: what is quicker there, is quicker in the end.

    A matter takes as long as its reviews did on average, and as long as the city promises where none was decided: in
    an instant process no working day (mission 7).
    """
    if process not in catalogue.processes:
        return ()
    kind, taken = catalogue.processes[process], {step.code: step.average for step in steps}
    known: dict[Code, tuple[PathStep, ...]] = {}

    def until(code: Code) -> tuple[PathStep, ...]:
        if code not in known:
            average = taken.get(code)
            entry = catalogue.matters[code]
            promised = 0 if kind.instant else entry.promised_days
            own = PathStep(
                matter=code,
                name=entry.name,
                days=float(promised if average is None else round(average, 1)),
                observed=average is not None,
            )
            first = [until(one) for one in catalogue.before(code) if one in kind.matters]
            known[code] = (*max(first, key=_length, default=()), own)
        return known[code]

    return max(map(until, kind.matters), key=_length, default=())


def _length(path: tuple[PathStep, ...]) -> tuple[float, int]:
    """Its days; of two that take as long, as where all is instant, the one with more matters is longer."""
    return sum(step.days for step in path), len(path)
