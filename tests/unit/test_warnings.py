"""Early warning: what the counters come to, when something is red or amber and why, and the critical path."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kaigong import catalog
from kaigong.domain.model.clock import limit
from kaigong.domain.model.deadline import Deadline, DeadlineKind, Light, OwnerKind
from kaigong.domain.model.figures import RESTS, MatterCounter, RunningLimit, Sums, of_limit, of_matter, place
from kaigong.views import deadlines as listed
from kaigong.views.warnings import PERIOD, PathStep, Scope, Warnings, critical_path, warnings

from tests.city_figures import OFFICE, SLOW, figures

CITY = catalog.load()
NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)  # a Friday, in the hall's afternoon
TODAY = NOW.astimezone(OFFICE.zone).date()
MATTER = "soil-conservation"
DEPARTMENT = CITY.matters[MATTER].department


def told(sums: Sums, now: datetime = NOW) -> Warnings:
    return warnings(sums, (), now, CITY, OFFICE)


def running(due: date | None, since: date, kind: DeadlineKind = DeadlineKind.REVIEW, number: int = 1) -> Sums:
    """So many limits that began on a day and end on another; None: they rest."""
    days = (due - since).days if due else RESTS
    found = RunningLimit(kind=kind, department=DEPARTMENT, matter=MATTER, days=days)
    return {place(since, "industrial"): {of_limit(found): number}}


@given(day=st.integers(0, 30), hour=st.integers(0, 23), days=st.integers(0, 10), ago=st.integers(0, 10))
@settings(max_examples=60)
def test_a_limit_has_the_light_that_the_list_of_limits_gives_it(day: int, hour: int, days: int, ago: int) -> None:
    now = datetime(2026, 11, 1, hour, tzinfo=UTC) + timedelta(days=day)
    since = now - timedelta(days=ago)
    due = limit(since, days, OFFICE)
    one = Deadline(
        kind=DeadlineKind.REVIEW,
        subject=MATTER,
        owner=OwnerKind.DEPARTMENT,
        department=DEPARTMENT,
        since=since,
        due=due,
    )
    light = listed.row("20261101-one", one, (), CITY, now, OFFICE).light
    [step] = told(running(due.at.date(), since.astimezone(OFFICE.zone).date()), now).all.departments
    assert step.waiting.light is light


def test_what_is_late_says_by_how_much_and_what_rests_is_never_late() -> None:
    late = told(running(TODAY - timedelta(days=3), TODAY - timedelta(days=10), number=2)).all
    [step] = late.departments
    assert (step.waiting.red, step.waiting.light) == (2, Light.RED)
    assert step.reason.zh == "2 件已逾期，最久的逾期 3 天；等得最久的已等 10 天。"
    assert step.reason.en == "2 overdue, the longest by 3 days; the longest has waited 10 days."
    assert late.longest == MATTER
    rests = told(running(None, TODAY - timedelta(days=90))).all
    assert (rests.departments[0].waiting.rests, rests.departments[0].waiting.light) == (1, Light.GREEN)
    assert "1 件时限暂停" in rests.departments[0].reason.zh
    assert rests.due == ()
    assert told({}).all == Scope(days=told({}).all.days)


def test_the_worst_stands_first() -> None:
    other = next(code for code, matter in CITY.matters.items() if matter.department != DEPARTMENT)
    green = RunningLimit(kind=DeadlineKind.REVIEW, department=CITY.matters[other].department, matter=other, days=30)
    sums = running(TODAY - timedelta(days=1), TODAY - timedelta(days=5)) | {
        place(TODAY, "general"): {of_limit(green): 50}
    }
    found = told(sums)
    assert [step.code for step in found.all.departments] == [DEPARTMENT, CITY.matters[other].department]
    assert [each.code for each in found.processes] == [code for code in CITY.processes if code in found.by_process]
    assert [step.code for step in found.of("general").departments] == [CITY.matters[other].department]


def test_what_falls_due_is_listed_by_day_with_gaps_and_verifications() -> None:
    monday = TODAY + timedelta(days=3)
    sums = running(monday, TODAY) | {
        place(TODAY - timedelta(days=1), "industrial"): {
            of_limit(RunningLimit(kind=DeadlineKind.GAP, days=4)): 2,
            of_limit(RunningLimit(kind=DeadlineKind.VERIFICATION, department=DEPARTMENT, matter=MATTER, days=4)): 3,
        }
    }
    [due] = told(sums).all.due
    assert (due.day, due.reviews, due.gaps, due.verifications) == (monday, 1, 2, 3)
    assert told(running(TODAY + timedelta(days=20), TODAY)).all.due == ()


def test_figures_of_ten_thousand_packets_add_up() -> None:
    found = told(figures(10_000, NOW))
    total = found.all.totals
    assert total.taken == 10_000
    assert total.decided + found.all.open == 10_000
    assert sum(day.taken for day in found.all.days) == total.taken
    assert found.all.days[-1].open == found.all.open
    assert found.all.days[0].open >= 0
    assert len(found.all.days) == PERIOD
    assert {day.day for day in found.all.days} == {TODAY - timedelta(days=back) for back in range(PERIOD)}
    for field in ("taken", "decided", "approved", "on_time", "days", "days_before", "papers", "papers_before"):
        assert sum(getattr(scope.totals, field) for scope in found.by_process.values()) == getattr(total, field)
    assert sum(step.decided for step in found.all.departments) == sum(step.decided for step in found.all.matters)
    reviews = next(kind for kind in found.all.limits if kind.kind is DeadlineKind.REVIEW)
    assert sum(step.waiting.all for step in found.all.matters) == reviews.waiting.all
    assert found.all.slowest == SLOW
    assert len(found.model_dump_json(exclude_defaults=True)) < 200_000  # an item of the table takes it packed


def test_what_is_older_than_the_period_counts_for_what_waits_and_for_nothing_else() -> None:
    old = TODAY - timedelta(days=PERIOD)
    done = {"taken": 5, "open": 1, of_matter(MatterCounter.DECIDED, MATTER): 4}
    found = told({place(old, "industrial"): done})
    assert (found.all.totals.taken, found.all.open, found.all.matters) == (0, 1, ())


def test_what_was_withdrawn_without_ever_being_accepted_was_not_in_review_on_any_day_before() -> None:
    yesterday = TODAY - timedelta(days=1)
    withdrawn = {"returned": 1, "withdrawn": 1}
    accepted = {"taken": 3, "withdrawn": 1, "left": 1, "decided": 1}
    sums = {place(yesterday, "industrial"): withdrawn, place(yesterday, "general"): accepted}
    found = told({**sums, place(TODAY, "general"): {"withdrawn": 1, "left": 1}}).all.days
    assert [day.open for day in found[-3:]] == [0, 1, 0]
    assert [day.withdrawn for day in found[-2:]] == [2, 1]


def test_an_instant_process_promises_to_take_no_working_day() -> None:
    [instant] = [code for code, process in CITY.processes.items() if process.instant]
    path = critical_path(instant, (), CITY)
    assert {step.days for step in path} == {0}
    assert len(path) > 1  # still one behind the other
    assert all(before.matter in CITY.before(after.matter) for before, after in pairwise(path))


def test_the_critical_path_is_the_longest_chain_and_changes_with_what_is_slow() -> None:
    promised = critical_path("general", (), CITY)
    assert [step.observed for step in promised] == [False] * len(promised)
    codes = [step.matter for step in promised]
    assert all(before in CITY.before(after) for before, after in pairwise(codes))
    off_path = next(
        code
        for code in CITY.processes["general"].matters
        if code not in codes and not any(code in CITY.before(m) for m in CITY.processes["general"].matters)
    )
    slow = {
        place(TODAY, "general"): {
            of_matter(MatterCounter.DECIDED, off_path): 2,
            of_matter(MatterCounter.DAYS, off_path): 200,
        }
    }
    path = told(slow).of("general").path
    assert path[-1] == PathStep(matter=off_path, name=CITY.matters[off_path].name, days=100, observed=True)
    assert critical_path("no-such-process", (), CITY) == ()


@pytest.mark.parametrize("process", CITY.processes)
def test_every_process_has_a_path(process: str) -> None:
    path = critical_path(process, (), CITY)
    assert path
    assert {step.matter for step in path} <= set(CITY.processes[process].matters)
