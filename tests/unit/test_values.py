"""Whatever a contract takes can be compared, told in any zone, shown and stored; nonsense is refused at the door."""

import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.model.manifest import Enterprise
from kaigong.domain.model.messages import CreditRecord, DecisionReason
from kaigong.domain.model.standing import untimely
from kaigong.domain.model.values import NO_END, Day, LastDay, Moment, Until, has_end, legible
from kaigong.domain.words import clock
from pydantic import TypeAdapter, ValidationError

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
UNTIL: TypeAdapter[datetime] = TypeAdapter(Until)
DAY: TypeAdapter[date] = TypeAdapter(Day)
LAST_DAY: TypeAdapter[date] = TypeAdapter(LastDay)
FARTHEST = [timezone(timedelta(hours=hours)) for hours in (-12, 14)]
NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)


@given(st.datetimes(timezones=st.sampled_from([UTC, *FARTHEST, ZoneInfo("Asia/Shanghai")])))
def test_a_moment_that_passes_can_be_told_in_every_zone_and_moved_by_a_century(at: datetime) -> None:
    for kind in (MOMENT, UNTIL):
        try:
            found = kind.validate_python(at)
        except ValidationError:
            assert not 1990 <= at.year < 2200
            continue
        assert [found.astimezone(zone) for zone in FARTHEST]
        assert found - timedelta(days=36_500) < found
        assert kind.validate_json(kind.dump_json(found)) == found  # it comes back from where it is stored


@given(st.dates())
def test_a_day_that_passes_begins_and_ends_in_every_zone_and_can_be_moved_by_years(on: date) -> None:
    for kind in (DAY, LAST_DAY):
        try:
            found = kind.validate_python(on)
        except ValidationError:
            assert not 1990 <= on.year < 2200
            continue
        ends = [datetime.combine(found, at, zone) for at in (time.min, time.max) for zone in FARTHEST]
        assert [end.astimezone(zone) for end in ends for zone in FARTHEST]
        assert kind is LAST_DAY or found + timedelta(days=400) > found
        assert kind.validate_json(kind.dump_json(found)) == found


def test_a_last_day_that_registers_write_for_none_is_none() -> None:
    assert LAST_DAY.validate_python("9999-12-31") == NO_END.date()
    with pytest.raises(ValidationError, match="from 1990 to 2199"):
        DAY.validate_python("9999-12-31")


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "9999-12-31T00:00:00+08:00", "2999-01-01T00:00:00-12:00"])
def test_an_end_that_registers_write_for_none_is_none(text: str) -> None:
    found = UNTIL.validate_python(text)
    assert found == NO_END
    assert not has_end(found)
    assert (clock.day(found.astimezone(ZoneInfo("Asia/Shanghai"))).zh, clock.moment(found).en) == (
        "长期",
        "no end date",
    )


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+08:00", "1026-03-06T00:00:00Z"])
def test_a_moment_out_of_our_time_is_a_slip(text: str) -> None:
    with pytest.raises(ValidationError, match="from 1990 to 2199"):
        MOMENT.validate_python(text)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("\u200b\u200b", ""),
        ("\u3164", ""),
        ("\u2800\ufeff\u00ad", ""),
        ("张\u202e开\u2066", "张开"),
        ("a\u200db\u0007\u007f\u0085", "ab"),
        ("\ud800", ""),
        ("\ufffe\U0001ffff", ""),
        ("㛃𬭎䶮\U000e0100\ue815\U00033000", "㛃𬭎䶮\U000e0100\ue815\U00033000"),  # rare ones, private and new ones
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("商丘\u200d样例", "商丘样例"),
    ],
)
def test_of_a_text_counts_what_people_see(typed: str, seen: str) -> None:
    assert legible(typed) == seen


@given(st.text())
def test_what_is_seen_is_seen_again_the_same_and_can_be_stored(text: str) -> None:
    found = legible(text)
    assert legible(found) == found
    assert found.encode() or not found  # no half of a pair is left
    assert not {c for c in found if unicodedata.category(c) in ("Cc", "Cs")} - {"\n", "\t"}
    assert not set(found) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_a_name_that_shows_nothing_is_none_and_one_with_blanks_around_is_the_name() -> None:
    with pytest.raises(ValidationError):
        Enterprise(name="\u200b \u3164", uscc="91411402MA0KG0002N")
    assert Enterprise(name="  商丘\u202e样例\n 有限公司 ", uscc="91411402MA0KG0002N").name == "商丘样例 有限公司"
    assert DecisionReason(text=" 第一行 \r\n\u200b第二行\t改 ").text == "第一行\n第二行 改"


def record(**said: object) -> CreditRecord:
    kept = {
        "schema": "kaigong/credit/1",
        "id": "credit-1",
        "uscc": "91411402MA0KG0002N",
        "grade": "AAA",
        "valid_from": "2026-01-01T00:00:00+08:00",
        "valid_until": "9999-12-31T23:59:59Z",
        "published_at": "2026-11-28T10:00:00+08:00",
    }
    return CreditRecord.model_validate(kept | said)


def test_a_record_from_the_future_or_that_ends_before_it_begins_is_none() -> None:
    assert untimely(record(), NOW) is None
    assert untimely(record(published_at="2026-11-28T10:04:00+08:00"), NOW) is None  # a clock that is ahead a little
    assert untimely(record(published_at="2027-11-28T10:00:00+08:00"), NOW) == "published-in-the-future"
    assert untimely(record(valid_until="2025-12-31T00:00:00+08:00"), NOW) == "ends-before-it-begins"
