"""Working days, and when a limit ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.clock import is_working_day, limit

from .building import OFFICE, SHANGHAI

FIRST, LAST = datetime(2025, 11, 1), datetime(2027, 3, 1)  # noqa: DTZ001 - hypothesis takes bounds without a zone
moments = st.datetimes(FIRST, LAST, timezones=st.sampled_from([UTC, SHANGHAI]))
days = st.integers(1, 40)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@given(moments, days)
def test_a_limit_of_n_working_days_ends_at_close_of_business_of_the_nth(start: datetime, n: int) -> None:
    first, last = start.astimezone(SHANGHAI).date(), limit(start, n, OFFICE).at.date()
    after_the_event = [first + timedelta(days=i) for i in range(1, (last - first).days + 1)]
    assert sum(is_working_day(day)[0] for day in after_the_event) == n
    assert is_working_day(last)[0]
    assert limit(start, n, OFFICE).at == OFFICE.closing(last)


@given(moments, st.integers(0, 40))
def test_a_limit_is_certain_only_where_every_day_it_counted_is_known(start: datetime, n: int) -> None:
    due = limit(start, n, OFFICE)
    first = start.astimezone(SHANGHAI).date() + timedelta(days=min(n, 1))
    counted = [first + timedelta(days=i) for i in range((due.at.date() - first).days + 1)]
    assert due.certain == all(is_working_day(day)[1] for day in counted)


@given(moments)
def test_an_instant_matter_ends_the_same_working_day_or_else_the_next_one(start: datetime) -> None:
    due = limit(start, 0, OFFICE).at
    today = start.astimezone(SHANGHAI).date()
    in_time = is_working_day(today)[0] and start < OFFICE.closing(today)
    assert due == (OFFICE.closing(today) if in_time else limit(start, 1, OFFICE).at)
    assert due > start


@given(moments, moments, days)
def test_who_comes_later_is_never_due_earlier(one: datetime, other: datetime, n: int) -> None:
    early, late = sorted([one, other])
    assert limit(early, n, OFFICE).at <= limit(late, n, OFFICE).at
    assert limit(early, n, OFFICE).at < limit(early, n + 1, OFFICE).at


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-03-06T09:30", 1, "2026-03-09T17:30"),  # over a weekend
        ("2026-02-13T10:00", 1, "2026-02-14T17:30"),  # that Saturday makes up for the Spring Festival
        ("2026-02-13T10:00", 2, "2026-02-24T17:30"),  # and the festival lasts from the 15th to the 23rd
        ("2026-03-06T17:29", 0, "2026-03-06T17:30"),
        ("2026-03-06T17:30", 0, "2026-03-09T17:30"),  # closed: the next working day
        ("2026-02-14T09:00", 0, "2026-02-14T17:30"),
        ("2026-10-03T09:00", 0, "2026-10-08T17:30"),
    ],
)
def test_holidays_and_make_up_days_count_as_the_state_council_published_them(start: str, n: int, end: str) -> None:
    due = limit(at(start), n, OFFICE)
    assert due.at == at(end)
    assert due.certain


def test_the_day_of_the_event_is_the_halls_day_wherever_the_clock_stands() -> None:
    friday_evening_in_london = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)  # already Saturday in Shangqiu
    assert limit(friday_evening_in_london, 1, OFFICE).at == at("2026-03-09T17:30")


@pytest.mark.parametrize("day", [date(2100, 1, 4), date(1999, 1, 4)])
def test_a_year_that_the_calendar_does_not_know_is_flagged(day: date) -> None:
    assert is_working_day(day) == (True, False)
    due = limit(datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI), 3, OFFICE)
    assert due.at.date() == day + timedelta(days=3)
    assert not due.certain


def test_a_limit_that_begins_in_an_unknown_year_stays_uncertain_when_it_ends_in_a_known_one() -> None:
    due = limit(at("2003-12-29T09:00"), 5, OFFICE)  # the calendar begins with 2004
    assert is_working_day(due.at.date()) == (True, True)
    assert not due.certain
