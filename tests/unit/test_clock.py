"""Working days, when a limit ends, and the sum that says why."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.model.catalogue import Calendar, DayOff
from kaigong.domain.model.clock import (
    Arithmetic,
    Days,
    Office,
    Pause,
    arithmetic,
    before,
    closing_from,
    is_working_day,
    limit,
)
from kaigong.domain.model.text import Text
from kaigong.domain.words.clock import summed

from .building import MORNING, OFFICE, SHANGHAI, named

FIRST, LAST = datetime(2025, 11, 1), datetime(2027, 3, 1)  # noqa: DTZ001 - hypothesis takes bounds without a zone
KINDS = ("correction", "decided", "hearing", "expert-review", "test", "site-visit")
ONE_DAY = timedelta(days=1)
moments = st.datetimes(FIRST, LAST, timezones=st.sampled_from([UTC, SHANGHAI]))
days = st.integers(1, 40)
limits = st.integers(0, 40)


@st.composite
def offices(draw: st.DrawFn) -> Office:
    """The hall with any local calendar."""
    dates = st.dates(FIRST.date(), LAST.date() + timedelta(days=200))
    entries = draw(st.lists(st.tuples(dates, st.booleans()), max_size=20, unique_by=lambda entry: entry[0]))
    own = tuple(DayOff(day=day, worked=worked, name=named("own")) for day, worked in entries)
    return Office(calendar=Calendar(days=own, years=draw(st.sampled_from([(), (2027,)]))))


@st.composite
def stops(draw: st.DrawFn, start: datetime, working_days: int) -> list[Pause]:
    """Ended pauses in any order, which may overlap, and may lie before the limit or after it."""
    minutes = st.integers(-3 * 1440, (2 * working_days + 5) * 1440).map(lambda m: timedelta(minutes=m))
    lengths = st.integers(0, 15 * 1440).map(lambda m: timedelta(minutes=m))
    found = []
    for offset, length in draw(st.lists(st.tuples(minutes, lengths), max_size=5)):
        since = start + offset
        found.append(Pause(kind=draw(st.sampled_from(KINDS)), since=since, until=since + length))
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def pause(since: str, until: str, kind: str = "expert-review") -> Pause:
    return Pause.model_validate({"kind": kind, "since": at(since), "until": at(until)})


def local(day: datetime) -> date:
    return day.astimezone(SHANGHAI).date()


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def worked(dates: Iterable[date], office: Office = OFFICE) -> list[date]:
    return [day for day in dates if is_working_day(day, office.calendar)[0]]


def certain(dates: Iterable[date], office: Office = OFFICE) -> bool:
    return all(is_working_day(day, office.calendar)[1] for day in dates)


# without a pause


@given(moments, days, offices())
def test_a_limit_of_n_working_days_ends_at_close_of_business_of_the_nth(
    start: datetime, n: int, office: Office
) -> None:
    last = local(limit(start, n, office).at)
    counted = worked(every_day(local(start) + ONE_DAY, last), office)
    assert len(counted) == n
    assert counted[-1] == last
    assert limit(start, n, office).at == office.closing(last)


@given(moments, limits, offices())
def test_a_limit_is_certain_only_where_every_day_it_counted_is_known(start: datetime, n: int, office: Office) -> None:
    due = limit(start, n, office)
    assert due.certain == certain(every_day(local(start) + timedelta(days=min(n, 1)), local(due.at)), office)


@given(moments, offices())
def test_an_instant_matter_ends_the_same_working_day_or_else_the_next_one(start: datetime, office: Office) -> None:
    due = limit(start, 0, office).at
    today = local(start)
    in_time = is_working_day(today, office.calendar)[0] and start < office.closing(today)
    assert due == (office.closing(today) if in_time else limit(start, 1, office).at)
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


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("元旦", "2026-01-01", "2026-01-03"),
        ("春节", "2026-02-15", "2026-02-23"),
        ("清明", "2026-04-04", "2026-04-06"),
        ("劳动节", "2026-05-01", "2026-05-05"),
        ("端午", "2026-06-19", "2026-06-21"),
        ("中秋", "2026-09-25", "2026-09-27"),
        ("国庆节", "2026-10-01", "2026-10-07"),
    ],
)
def test_the_holidays_of_2026_are_off_and_named(name: str, first: str, last: str) -> None:
    holiday = every_day(date.fromisoformat(first), date.fromisoformat(last))
    assert [is_working_day(day, OFFICE.calendar) for day in holiday] == [(False, True)] * len(holiday)
    found = arithmetic(at(f"{holiday[0] - ONE_DAY}T09:00"), 1, OFFICE)
    assert [(d.first, d.last, d.kind, d.name and d.name.zh) for d in found.skipped if d.kind == "holiday"] == [
        (holiday[0], holiday[-1], "holiday", name)
    ]


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_the_make_up_days_of_2026_are_worked_although_they_fall_on_a_weekend(day: str) -> None:
    made_up = date.fromisoformat(day)
    assert made_up.weekday() >= 5
    assert is_working_day(made_up, OFFICE.calendar) == (True, True)
    found = arithmetic(at(f"{made_up - ONE_DAY}T09:00"), 1, OFFICE)
    assert [(d.first, d.kind) for d in found.made_up] == [(made_up, "make-up")]


def test_the_day_of_the_event_is_the_halls_day_wherever_the_clock_stands() -> None:
    friday_evening_in_london = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)  # already Saturday in Shangqiu
    assert limit(friday_evening_in_london, 1, OFFICE).at == at("2026-03-09T17:30")


def test_a_limit_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        limit(MORNING, -1, OFFICE)


# years and the local calendar


@pytest.mark.parametrize("day", [date(2100, 1, 4), date(1999, 1, 4)])
def test_a_year_that_no_calendar_knows_is_flagged(day: date) -> None:
    assert is_working_day(day, OFFICE.calendar) == (True, False)
    start = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)
    due = limit(start, 3, OFFICE)
    assert due.at.date() == day + timedelta(days=3)
    assert not due.certain
    assert arithmetic(start, 3, OFFICE).unknown_years == (day.year,)
    assert f"{day.year}年放假安排尚未公布" in summed(arithmetic(start, 3, OFFICE)).zh


def test_the_last_days_of_the_last_known_year_are_flagged_until_the_next_notice() -> None:
    last = max(chinese_calendar.holidays).year
    for day, certain in ((date(last, 12, 21), True), (date(last, 12, 22), False), (date(last, 12, 31), False)):
        assert is_working_day(day, OFFICE.calendar)[1] == certain
    assert is_working_day(date(last, 12, 31), office_with(years=(last + 1,)).calendar)[1]
    assert is_working_day(date(2018, 12, 29), OFFICE.calendar) == (True, True)  # a Saturday, by the notice for 2019
    found = arithmetic(datetime(last, 12, 21, 9, tzinfo=SHANGHAI), 3, OFFICE)
    assert not found.due.certain
    assert found.unknown_years == (last + 1,)


def test_a_limit_that_begins_in_an_unknown_year_stays_uncertain_when_it_ends_in_a_known_one() -> None:
    due = limit(at("2003-12-29T09:00"), 5, OFFICE)  # the calendar begins with 2004
    assert is_working_day(due.at.date(), OFFICE.calendar) == (True, True)
    assert not due.certain


def office_with(*entries: tuple[str, bool, str], years: tuple[int, ...] = ()) -> Office:
    own = [DayOff(day=date.fromisoformat(d), worked=w, name=Text(zh=name, en=name)) for d, w, name in entries]
    return Office(calendar=Calendar(days=tuple(own), years=years))


def test_a_local_day_off_and_a_local_working_day_override_the_state_councils_calendar() -> None:
    office = office_with(("2026-03-09", False, "暴雪停工"), ("2026-03-07", True, "补班"))
    assert is_working_day(date(2026, 3, 9), office.calendar) == (False, True)
    found = arithmetic(MORNING, 2, office)  # a Friday
    assert found.due.at == at("2026-03-10T17:30")
    assert [(d.first, d.kind, d.name and d.name.zh) for d in found.made_up] == [(date(2026, 3, 7), "local", "补班")]
    assert "3月8日周末、3月9日暴雪停工（本地安排）" in summed(found).zh
    assert "照常上班计入：3月7日补班（本地安排）" in summed(found).zh


def test_a_make_up_day_that_is_off_here_does_not_count() -> None:
    office = office_with(("2026-02-14", False, "本地不调休"))
    assert limit(at("2026-02-13T10:00"), 1, OFFICE).at == at("2026-02-14T17:30")
    assert limit(at("2026-02-13T10:00"), 1, office).at == at("2026-02-24T17:30")


def test_a_holiday_that_is_worked_here_counts_and_is_named() -> None:
    found = arithmetic(at("2026-10-01T10:00"), 1, office_with(("2026-10-02", True, "值班")))
    assert found.due.at == at("2026-10-02T17:30")
    assert [d.name and d.name.zh for d in found.made_up] == ["值班"]


def test_a_year_that_the_local_calendar_knows_is_certain_and_takes_its_days_off_from_there() -> None:
    start = at("2099-12-31T09:00")
    knows_it = office_with(("2100-01-01", False, "元旦"), years=(2099, 2100))
    assert limit(start, 1, knows_it) == limit(start, 2, OFFICE).changed(at=at("2100-01-04T17:30"), certain=True)
    only_one_of_the_two = office_with(("2100-01-01", False, "元旦"), years=(2099,))
    assert not limit(start, 1, only_one_of_the_two).certain


# pauses


@given(st.data(), moments, limits, offices())
def test_a_pause_never_makes_a_limit_end_earlier(data: st.DataObject, start: datetime, n: int, office: Office) -> None:
    some, more = data.draw(stops(start, n)), data.draw(stops(start, n))
    assert limit(start, n, office).at <= limit(start, n, office, some).at <= limit(start, n, office, some + more).at


@given(st.data(), moments, limits, offices())
def test_the_order_in_which_pauses_are_told_does_not_matter(
    data: st.DataObject, start: datetime, n: int, office: Office
) -> None:
    told = data.draw(stops(start, n))
    assert limit(start, n, office, data.draw(st.permutations(told))) == limit(start, n, office, told)


@given(st.data(), moments, limits)
def test_a_pause_that_ended_before_the_limit_began_changes_nothing(
    data: st.DataObject, start: datetime, n: int
) -> None:
    since = start - timedelta(minutes=data.draw(st.integers(0, 10_000)))
    until = data.draw(st.datetimes(since.replace(tzinfo=None), start.replace(tzinfo=None)))
    earlier = Pause(kind="test", since=since, until=until.replace(tzinfo=start.tzinfo))
    assert limit(start, n, OFFICE, [earlier]) == limit(start, n, OFFICE)


@given(st.data(), moments, days, offices())
def test_a_pause_within_a_limit_moves_its_end_by_the_working_days_that_it_touches(
    data: st.DataObject, start: datetime, n: int, office: Office
) -> None:
    without = limit(start, n, office).at
    since = data.draw(st.datetimes(start.astimezone(SHANGHAI).replace(tzinfo=None), without.replace(tzinfo=None)))
    until = since + timedelta(minutes=data.draw(st.integers(0, 40_000)))
    stop = Pause(kind="hearing", since=since.replace(tzinfo=SHANGHAI), until=until.replace(tzinfo=SHANGHAI))
    touched = worked(every_day(max(local(start) + ONE_DAY, since.date()), until.date()), office)
    assert limit(start, n, office, [stop]).at == limit(start, n + len(touched), office).at


@given(st.data(), moments, limits, offices())
def test_pauses_that_overlap_or_touch_are_one_pause(
    data: st.DataObject, start: datetime, n: int, office: Office
) -> None:
    lengths = st.integers(0, 15 * 1440).map(lambda m: timedelta(minutes=m))
    first, overlap, rest = (data.draw(lengths) for _ in range(3))
    since = start + data.draw(lengths)
    until = since + first
    apart = [
        Pause(kind="test", since=since, until=until),
        Pause(kind="hearing", since=max(since, until - overlap), until=until + rest),
    ]
    assert limit(start, n, office, apart) == limit(
        start, n, office, [Pause(kind="test", since=since, until=until + rest)]
    )


@given(st.data(), moments, limits, offices())
def test_what_is_left_runs_on_from_the_end_of_the_last_pause(
    data: st.DataObject, start: datetime, n: int, office: Office
) -> None:
    """The rule as it is written, said again with sets of days."""
    told = [p for p in data.draw(stops(start, n)) if p.until and p.until > start]
    due = limit(start, n, office, told)
    resting = {day for p in told if p.until for day in every_day(local(p.since), local(p.until))}
    counted = [d for d in worked(every_day(local(start) + ONE_DAY, local(due.at)), office) if d not in resting]
    if n and len(counted) == n and counted[-1] == local(due.at):
        return
    last = max([start, *(p.until for p in told if p.until)])  # an instant matter, or one whose days were used up
    assert len(counted) >= n
    assert due.at == limit(last, 0, office).at


@pytest.mark.parametrize(
    ("start", "n", "pauses", "end"),
    [
        # used Monday; Tuesday and Wednesday rest; two days are left
        ("2026-03-06T09:30", 3, [("2026-03-10T10:00", "2026-03-11T10:00")], "2026-03-13T17:30"),
        # within one day: that day does not count
        ("2026-03-06T09:30", 3, [("2026-03-10T10:00", "2026-03-10T10:05")], "2026-03-12T17:30"),
        # it begins on the day of the event: everything is left
        ("2026-03-06T09:30", 1, [("2026-03-06T15:00", "2026-03-10T10:00")], "2026-03-11T17:30"),
        # it began before, and ended on a weekend: nothing is lost
        ("2026-03-06T09:30", 1, [("2026-03-02T15:00", "2026-03-08T10:00")], "2026-03-09T17:30"),
        # on the last day: that one is still left
        ("2026-03-06T09:30", 1, [("2026-03-09T09:00", "2026-03-11T10:00")], "2026-03-12T17:30"),
        # begun only after the limit: the day on which it ends is left, or the next one
        ("2026-03-06T09:30", 1, [("2026-03-10T09:00", "2026-03-11T10:00")], "2026-03-11T17:30"),
        ("2026-03-06T09:30", 1, [("2026-03-10T09:00", "2026-03-11T17:30")], "2026-03-12T17:30"),
        ("2026-03-06T09:30", 1, [("2026-03-10T09:00", "2026-03-14T10:00")], "2026-03-16T17:30"),
        # an instant matter: the day on which the pause ended, or the next one
        ("2026-03-06T09:30", 0, [("2026-03-06T10:00", "2026-03-10T17:29")], "2026-03-10T17:30"),
        ("2026-03-06T09:30", 0, [("2026-03-06T10:00", "2026-03-10T17:30")], "2026-03-11T17:30"),
        ("2026-03-06T09:30", 0, [("2026-03-06T10:00", "2026-03-07T10:00")], "2026-03-09T17:30"),
        # two, told the wrong way round
        (
            "2026-03-06T09:30",
            3,
            [("2026-03-12T10:00", "2026-03-13T10:00"), ("2026-03-10T10:00", "2026-03-10T12:00")],
            "2026-03-16T17:30",
        ),
    ],
)
def test_examples_of_pauses(start: str, n: int, pauses: list[tuple[str, str]], end: str) -> None:
    assert limit(at(start), n, OFFICE, [pause(*p) for p in pauses]).at == at(end)


@pytest.mark.parametrize("until", [None, MORNING - timedelta(minutes=1)])
def test_a_pause_that_still_rests_or_ends_before_it_begins_is_refused(until: datetime | None) -> None:
    for work_out in (limit, arithmetic):
        with pytest.raises(ValueError, match="test 1"):
            work_out(MORNING, 3, OFFICE, [Pause(kind="test", since=MORNING, until=until)])


def test_a_resting_year_that_is_unknown_leaves_the_date_certain_once_it_ran_on_in_a_known_one() -> None:
    """What was paused is not counted, so it does not matter which of its days were off."""
    resting = Pause(kind="hearing", since=at("2002-12-31T09:00"), until=at("2004-03-01T09:00"))
    assert limit(at("2002-12-31T08:00"), 2, OFFICE, [resting]).certain


# the sum in words


@given(st.data(), moments, limits, offices())
def test_the_sum_and_the_limit_never_differ(data: st.DataObject, start: datetime, n: int, office: Office) -> None:
    told = data.draw(stops(start, n))
    found = arithmetic(start, n, office, told)
    assert found.due == limit(start, n, office, told)
    assert found.due.certain == (not found.unknown_years)
    assert len(found.pauses) == len(told)
    assert summed(found).zh.startswith("自")
    assert f"{found.due.at:%H:%M}截止。" in summed(found).zh
    assert ("放假安排尚未公布" in summed(found).zh) == (not found.due.certain)


@given(st.data(), moments, days, offices())
def test_every_day_of_the_sum_is_counted_passed_over_or_paused(
    data: st.DataObject, start: datetime, n: int, office: Office
) -> None:
    told = data.draw(stops(start, n))
    found = arithmetic(start, n, office, told)
    if found.spent:
        return
    between = every_day(local(start) + ONE_DAY, local(found.due.at))
    assert len(worked(between, office)) == n + sum(stop.working_days for stop in found.pauses)
    resting = {day for p in told if p.until for day in every_day(local(p.since), local(p.until))}
    off = [day for day in between if day not in resting and day not in worked([day], office)]
    assert [day for d in found.skipped for day in every_day(d.first, d.last)] == off
    assert found.weekend_days == sum((d.last - d.first).days + 1 for d in found.skipped if d.kind == "weekend")
    for d in found.made_up:
        assert worked(every_day(d.first, d.last), office) == every_day(d.first, d.last)


def said(start: str, n: int, *pauses: Pause) -> Arithmetic:
    return arithmetic(at(start), n, OFFICE, pauses)


def test_the_sum_reads_as_people_would_say_it() -> None:
    found = said("2026-03-06T09:30", 3, pause("2026-03-10T10:00", "2026-03-10T16:00"))
    assert summed(found).zh == (
        "自2026年3月6日（周五）起算，当日不计；3个工作日；其间不计：3月7日—8日周末；"
        "暂停1个工作日（专家评审，3月10日）；至2026年3月12日（周四）17:30截止。"
    )
    assert summed(found).en == (
        "Counted from the day after 2026-03-06 (Fri); 3 working days; "
        "not counted: weekend 2026-03-07 to 2026-03-08; paused for 1 working day (expert review, 2026-03-10); "
        "ends on 2026-03-12 (Thu) at 17:30."
    )


def test_the_sum_names_holidays_and_make_up_days_and_tells_many_weekends_as_a_count() -> None:
    found = said("2026-02-13T10:00", 20)
    assert found.skipped[0] == Days(
        first=date(2026, 2, 15),
        last=date(2026, 2, 23),
        kind="holiday",
        name=Text(zh="春节", en="Spring Festival"),
    )
    assert found.weekend_days == 5  # the 1st, 7th, 8th, 14th and 15th of March
    assert "其间不计：2月15日—23日春节、周末5天；" in summed(found).zh
    assert "照常上班计入：2月14日春节（调休）、2月28日春节（调休）；" in summed(found).zh


def test_the_sum_of_an_instant_matter_says_why_it_is_not_due_today() -> None:
    today, tomorrow = said("2026-03-06T09:30", 0), said("2026-03-06T17:30", 0)
    assert (
        summed(today).zh
        == "自2026年3月6日（周五）09:30起算；即办件，当个工作日内办结；至2026年3月6日（周五）17:30截止。"
    )
    assert "其间不计：3月6日已下班、3月7日—8日周末；" in summed(tomorrow).zh


def test_a_make_up_day_after_closing_is_not_told_as_counted() -> None:
    assert said("2026-02-14T18:00", 0).made_up == ()


def test_the_sum_says_that_the_days_were_used_up_before_the_pause() -> None:
    found = said("2026-03-06T09:30", 1, pause("2026-03-10T09:00", "2026-03-11T10:00"))
    assert found.spent
    assert "暂停前期限已届满，恢复后于当个工作日内办结；至2026年3月11日" in summed(found).zh


def test_the_sum_says_the_year_where_it_changes() -> None:
    over_new_year = said("2024-12-27T09:00", 2, pause("2024-12-31T09:00", "2025-01-02T09:00"))
    assert "（专家评审，12月31日—2025年1月2日）；至2025年1月3日" in summed(over_new_year).zh
    after_it = said("2024-12-30T09:00", 2, pause("2025-01-02T09:00", "2025-02-05T09:00"))
    assert "（专家评审，2025年1月2日—2月5日）；至2025年2月6日" in summed(after_it).zh


# reminders


@given(moments, days, offices())
def test_n_working_days_before_a_limits_end_is_when_it_would_have_to_begin(
    start: datetime, n: int, office: Office
) -> None:
    due = limit(start, n, office).at
    opening = before(due, n, office)
    assert opening == office.opening(local(opening))
    assert limit(opening, n, office).at == due
    assert is_working_day(local(opening), office.calendar)[0]


@given(moments, limits, offices())
def test_a_reminder_is_never_after_the_day_it_reminds_of(due: datetime, n: int, office: Office) -> None:
    assert local(before(due, n, office)) <= local(due)
    assert before(due, n + 1, office) <= before(due, n, office)


def test_a_day_off_is_reminded_of_on_the_working_day_before() -> None:
    sunday = at("2026-03-08T12:00")
    assert before(sunday, 0, OFFICE) == before(sunday, 1, OFFICE) == at("2026-03-06T09:00")
    assert before(at("2026-03-10T17:30"), 2, OFFICE) == at("2026-03-06T09:00")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-06T17:30", "2026-03-06"),
        ("2026-03-06T17:31", "2026-03-09"),  # over the weekend
        ("2026-02-14T12:00", "2026-02-14"),  # a Saturday that is made up
        ("2026-02-15T12:00", "2026-02-24"),  # the Spring Festival
    ],
)
def test_the_next_close_of_business_is_that_of_a_working_day(moment: str, day: str) -> None:
    found = closing_from(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI), OFFICE)
    assert (found.at, found.certain) == (OFFICE.closing(date.fromisoformat(day)), True)
    assert not closing_from(datetime(2060, 12, 25, 18, 0, tzinfo=SHANGHAI), OFFICE).certain
