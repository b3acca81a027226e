"""A timeline as places on a page: everything lies within the picture, and the axis names round moments."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.text import Text
from kaigong.portal.follow.picture import Picture, picture
from kaigong.portal.web.messages import say
from kaigong.views.packet import status
from kaigong.views.states import BarKind
from kaigong.views.timeline import Mark, MarkKind, Timeline, timeline

from .building import MORNING, OFFICE, SHANGHAI, Case, Chance, chances
from .test_progress import Journey


def drawn(case: Case) -> Picture | None:
    found = timeline(case.packet, status(case.packet, case.catalogue, case.now, OFFICE).matters, case.now)
    return picture(found, SHANGHAI) if found else None


def empty(span: timedelta) -> Picture:
    """A picture of nothing but its beginning and its end."""
    mark = Mark(kind=MarkKind.SUBMITTED, at=MORNING, title=Text(zh="收到", en="received"))
    return picture(Timeline(start=MORNING, end=MORNING + span, now=None, rows=(), marks=(mark,)), SHANGHAI)


@given(chances)
def test_on_every_journey_everything_lies_within_the_picture(chance: Chance) -> None:
    journey = Journey(chance)
    for _ in range(chance.between(3, 20)):
        journey.goes_on()
    found = drawn(journey.case)
    if found is None:
        return
    places = [tick.x for tick in found.ticks] + [dot.x for dot in found.dots]
    lines = [line for group in found.groups for line in group.lines]
    for line in lines:
        places += [end.x for end in line.ends] + ([line.due] if line.due is not None else [])
        for piece in line.pieces:
            assert piece.width > 0
            assert piece.x >= 0
            assert piece.x + piece.width <= 100.01
    assert all(0 <= x <= 100 for x in places)
    assert {piece.kind for line in lines for piece in line.pieces} == set(found.kinds)
    assert found.marks == {dot.kind for dot in found.dots} | {end.kind for line in lines for end in line.ends}
    assert found.limits == any(line.due is not None for line in lines)
    names = [group.department.zh for group in found.groups]
    assert len(names) == len(set(names))


@given(st.integers(0, 3 * 365 * 24 * 3600))
def test_the_axis_names_a_handful_of_moments_in_order_whatever_it_spans(seconds: int) -> None:
    ticks = empty(timedelta(seconds=seconds)).ticks
    assert 1 <= len(ticks) <= 6
    assert [tick.x for tick in ticks] == sorted({tick.x for tick in ticks})


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        (timedelta(seconds=0), ["3月6日 09:30:00", "09:30:05", "09:30:10"], ["6 Mar 09:30:00", "09:30:05", "09:30:10"]),
        (timedelta(hours=3), ["3月6日 10:00", "11:00", "12:00"], ["6 Mar 10:00", "11:00", "12:00"]),
        (timedelta(days=1), ["3月6日 12:00", "18:00", "3月7日 00:00", "06:00"], None),
        (timedelta(days=2), ["3月6日", "3月7日", "3月8日"], ["6 Mar", "7 Mar", "8 Mar"]),
        (timedelta(days=4), ["3月7日", "3月8日", "3月9日", "3月10日"], ["7 Mar", "8 Mar", "9 Mar", "10 Mar"]),
    ],
)
def test_round_moments_are_named_with_their_day_once(span: timedelta, zh: list[str], en: list[str] | None) -> None:
    ticks = empty(span).ticks
    assert [tick.text.zh for tick in ticks] == zh
    assert en is None or [tick.text.en for tick in ticks] == en


def test_a_year_is_named_where_it_begins() -> None:
    ticks = [tick.text for tick in empty(timedelta(days=400)).ticks]
    assert [text.zh for text in ticks] == ["3月7日", "6月5日", "9月3日", "12月2日", "2027年3月2日"]
    assert ticks[-1].en == "2 Mar 2027"


def test_an_approval_that_was_taken_back_has_both_marks_and_a_refusal_one() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil")
    case.decide("flood", Outcome.REJECT)
    case.advance()
    case.issue()
    case.advance()
    case.now += timedelta(days=3)
    case.revoke("soil")
    case.advance()
    found = drawn(case)
    assert found
    assert {line.name.en: [end.kind for end in line.ends] for line in found.lines} == {
        "soil": ["approved", "ended"],
        "flood": ["ended"],
    }


def test_a_row_says_in_words_what_its_bars_show() -> None:
    case = Case().accepted("soil")
    case.now += timedelta(hours=1)
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    case.now += timedelta(hours=1)
    found = drawn(case)
    assert found
    [line] = [line for group in found.groups for line in group.lines]
    assert [piece.kind for piece in line.pieces] == [BarKind.RUNNING, BarKind.RESTING]
    chinese, english = ("；".join(say(part, lang) for part in line.said) for lang in ("zh", "en"))
    for said in ("办理：3月6日09:31至", "补正：3月6日10:32至"):
        assert said in chinese
    assert "under review: 6 Mar 09:31" in english


def test_a_short_stretch_is_still_seen_and_stays_inside() -> None:
    case = Case().accepted("soil", "flood")
    case.now += timedelta(days=9)
    case.decide("flood")
    case.advance()
    case.now += timedelta(seconds=1)
    case.decide("soil")
    case.advance()
    found = drawn(case)
    assert found
    for group in found.groups:
        for piece in group.lines[0].pieces:
            assert piece.width >= 0.5
