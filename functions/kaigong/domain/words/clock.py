"""Dates and time limits: how they are spelled, and how the end of a limit came about.

The sum is told wherever a limit is, so that everybody can check it: 行政许可法 §82 (working days; the day of the event
is not counted), §45 (what does not count).
"""

from collections.abc import Iterator
from datetime import date, datetime

from kaigong.domain.model.clock import Arithmetic, Days, Due
from kaigong.domain.model.text import Text
from kaigong.domain.model.values import NO_END

from . import names

_WEEKEND = Text(zh="周末", en="weekend")
_AFTER_HOURS = Text(zh="已下班", en="after closing")
_WEEKDAYS = tuple(
    Text(zh=f"周{zh}", en=en)
    for zh, en in zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)
)
_LISTED_WEEKENDS = 2  # more of them are told as a count: nobody reads a list of twenty weekends
_MAY_MOVE = Text(
    zh="（所涉年份放假安排尚未公布，日期可能变动）", en=" (may change: that year's holidays are not published yet)"
)


# a date

NO_END_DATE = Text(zh="长期", en="no end date")


def day(at: date) -> Text:
    """A date spelled out: 2026年3月6日, 6 March 2026; that of NO_END says that there is none."""
    if at.year >= NO_END.year:
        return NO_END_DATE
    return Text(zh=f"{at.year}年{at.month}月{at.day}日", en=f"{at.day} {at:%B %Y}")


def moment(at: datetime) -> Text:
    """A date and time spelled out, in the zone it carries: 2026年3月6日17:30, 6 March 2026, 17:30."""
    date = day(at)
    if date == NO_END_DATE:
        return date
    return Text(zh=f"{date.zh}{at:%H:%M}", en=f"{date.en}, {at:%H:%M}")


def spelled(due: Due) -> Text:
    """The date and time of a limit, in the zone it carries; flagged where the calendar may still move it."""
    at = moment(due.at)
    return at if due.certain else Text(zh=at.zh + _MAY_MOVE.zh, en=at.en + _MAY_MOVE.en)


# a number of days


def working_days(number: int) -> str:
    """In English; Chinese needs no plural."""
    return f"{number} working day{'' if number == 1 else 's'}"


# the sum behind a limit


def summed(found: Arithmetic) -> Text:
    """The sum in one sentence, and a second one where the date may still move."""
    parts = [*_beginning(found), *_passed_over(found), *_pauses(found), _end(found)]
    zh, en = "；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + "."
    if years := found.unknown_years:
        zh += f"{'、'.join(f'{y}年' for y in years)}放假安排尚未公布，暂只扣除周末，日期可能变动。"
        en += f" The holidays of {', '.join(map(str, years))} are not published yet: only weekends are taken out, so "
        en += "the date may still move."
    return Text(zh=zh, en=en[0].upper() + en[1:])


def _beginning(found: Arithmetic) -> Iterator[Text]:
    day = _date(found.start)
    if found.working_days:
        yield Text(zh=f"自{day.zh}起算，当日不计", en=f"counted from the day after {day.en}")
        yield Text(zh=f"{found.working_days}个工作日", en=working_days(found.working_days))
    else:
        yield Text(zh=f"自{day.zh}{found.start:%H:%M}起算", en=f"counted from {day.en} {found.start:%H:%M}")
        yield Text(zh="即办件，当个工作日内办结", en="an instant matter, to be decided within the working day")


def _passed_over(found: Arithmetic) -> Iterator[Text]:
    """Days off and make-up days, by their names. Weekends by their dates while they are few."""
    weekends = [d for d in found.skipped if d.kind == "weekend"]
    counted = len(weekends) > _LISTED_WEEKENDS
    off = [_span(d, found.start) for d in found.skipped if not counted or d.kind != "weekend"]
    if counted:
        n = found.weekend_days
        off.append(Text(zh=f"周末{n}天", en=f"{n} days of weekends"))
    if off:
        yield Text(zh=f"其间不计：{'、'.join(t.zh for t in off)}", en=f"not counted: {', '.join(t.en for t in off)}")
    if made_up := [_span(d, found.start) for d in found.made_up]:
        zh, en = "、".join(t.zh for t in made_up), ", ".join(t.en for t in made_up)
        yield Text(zh=f"照常上班计入：{zh}", en=f"counted as working days: {en}")


def _pauses(found: Arithmetic) -> Iterator[Text]:
    for pause in found.pauses:
        name = names.PAUSES[pause.kind]
        when = _range(pause.since.date(), pause.until.date(), found.start)
        yield Text(
            zh=f"暂停{pause.working_days}个工作日（{name.zh}，{when.zh}）",
            en=f"paused for {working_days(pause.working_days)} ({name.en}, {when.en})",
        )
    if found.spent:
        yield Text(
            zh="暂停前期限已届满，恢复后于当个工作日内办结",
            en="the limit had run out before the pause, so it ends within the working day after it",
        )


def _end(found: Arithmetic) -> Text:
    due = found.due.at
    day = _date(due)
    return Text(zh=f"至{day.zh}{due:%H:%M}截止", en=f"ends on {day.en} at {due:%H:%M}")


def _date(day: date) -> Text:
    weekday = _WEEKDAYS[day.weekday()]
    return Text(zh=f"{day.year}年{day.month}月{day.day}日（{weekday.zh}）", en=f"{day:%Y-%m-%d} ({weekday.en})")


def _span(days: Days, start: date) -> Text:
    when, name = _range(days.first, days.last, start), days.name
    if name is None:
        name = _AFTER_HOURS if days.kind == "after-hours" else _WEEKEND
    local = Text(zh="（本地安排）", en=" (local)") if days.kind == "local" else None
    made_up = Text(zh="（调休）", en=" (make-up day)") if days.kind == "make-up" else None
    note = local or made_up
    return Text(
        zh=f"{when.zh}{name.zh}{note.zh if note else ''}",
        en=f"{name.en} {when.en}{note.en if note else ''}",
    )


def _range(first: date, last: date, start: date) -> Text:
    """Dates, without what the reader knows: the year of the start, and the month that was just said."""
    zh = ("" if first.year == start.year else f"{first.year}年") + f"{first.month}月{first.day}日"
    if first == last:
        return Text(zh=zh, en=str(first))
    year = "" if last.year == first.year else f"{last.year}年"
    month = "" if (last.year, last.month) == (first.year, first.month) else f"{last.month}月"
    return Text(zh=f"{zh}—{year}{month}{last.day}日", en=f"{first} to {last}")
