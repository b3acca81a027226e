"""What is known of an enterprise: when a breach is cleared, when the platform is asked, what its answer changes."""

from datetime import timedelta

import pytest
from kaigong.domain.model.packet import Breach
from kaigong.domain.model.standing import Missing, Standing, clears, informed, on_record, said_by, stale

from .building import MORNING, credit

DAY = timedelta(days=1)
BREACH = Breach(packet="p-1", subject="soil-plan", at=MORNING - 90 * DAY, repairable_from=MORNING)
AGE = timedelta(hours=24)


@pytest.mark.parametrize(
    ("published", "counted", "cleared"),
    [
        (MORNING, 0, True),
        (MORNING + DAY, 0, True),
        (MORNING - timedelta(seconds=1), 0, False),
        (MORNING + DAY, 1, False),
    ],
)
def test_a_breach_is_cleared_by_a_clean_record_from_the_day_of_repair_on(
    published: object, counted: int, cleared: bool
) -> None:
    record = credit("A", counted, published_at=published)
    assert clears(record, BREACH) is cleared
    assert on_record(record, [BREACH]).breaches == (() if cleared else (BREACH,))
    assert on_record(record, [BREACH]).unrepaired is not cleared


def test_without_a_record_a_breach_stands() -> None:
    found = on_record(None, [BREACH])
    assert (found.breaches, found.missing, found.unrepaired) == ((BREACH,), Missing.UNKNOWN, True)


def test_a_record_clears_the_breaches_that_it_can_and_leaves_the_others() -> None:
    later = BREACH.changed(repairable_from=MORNING + DAY)
    assert on_record(credit("A", published_at=MORNING), [BREACH, later]).breaches == (later,)


def test_an_expired_record_still_counts_its_breaches() -> None:
    assert on_record(credit("A", 1, valid_until=MORNING - DAY), []).unrepaired


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (Standing(), True),
        (on_record(credit(), [], MORNING - AGE), False),
        (on_record(credit(), [], MORNING - AGE - timedelta(seconds=1)), True),
        (on_record(credit(), []), True),
        (on_record(credit(valid_until=MORNING), [], MORNING), True),
        (on_record(credit(valid_from=MORNING + DAY), [], MORNING), True),
    ],
)
def test_the_platform_is_asked_where_nothing_valid_is_known_or_it_was_heard_long_ago(
    known: Standing, asked: bool
) -> None:
    assert stale(known, MORNING, AGE) is asked


def test_an_answer_counts_when_it_is_the_newer_record_and_clears_breaches() -> None:
    known = on_record(credit("A", 1), [BREACH])
    newer = credit("AAA", published_at=MORNING)
    assert informed(known, newer, MORNING) == Standing(record=newer, heard_at=MORNING)
    older = credit("AAA", published_at=MORNING - 60 * DAY)
    assert informed(known, older, MORNING) == known.changed(heard_at=MORNING)


def test_basic_data_that_a_newer_record_leaves_out_stay_and_another_name_replaces_them() -> None:
    first = credit(basic={"name": "甲公司", "address": "一号"}, published_at=MORNING)
    without = credit(published_at=MORNING + DAY)
    standing = on_record(without, (), said=said_by(first))
    assert standing.basic == first.basic
    assert standing.basic_since == MORNING
    name_alone = credit(basic={"name": "甲公司"}, published_at=MORNING + DAY)
    standing = on_record(name_alone, (), said=said_by(first))
    assert standing.basic == first.basic
    assert standing.basic_since == MORNING
    renamed = credit(basic={"name": "乙公司"}, published_at=MORNING + DAY)
    standing = on_record(renamed, (), said=said_by(first))
    assert standing.basic == renamed.basic
    assert standing.basic_since == MORNING + DAY
    assert informed(on_record(first, (), said=said_by(first)), without, MORNING + DAY).basic == first.basic


@pytest.mark.parametrize("answer", Missing)
def test_without_an_answer_a_valid_record_stands_and_where_there_is_none_the_reason_is_kept(answer: Missing) -> None:
    valid, expired = on_record(credit(), []), on_record(credit("A", 1, valid_until=MORNING), [BREACH])
    assert informed(valid, answer, MORNING) == valid
    assert informed(Standing(), answer, MORNING) == Standing(missing=answer)
    assert informed(expired, answer, MORNING) == expired.changed(missing=answer)
