"""How many failed sign-ins there may be, and for how long nobody may try then."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from kaigong.store.lockout import Policy, Tries, after_try, forgotten_at, locked_until, without_one

NOW = datetime(2026, 3, 6, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLICY = Policy(failures=5, within=15 * MINUTE, rest=15 * MINUTE)


def failures(*minutes: float) -> Tries | None:
    """What is kept after tries at these minutes, none of which succeeded; those of a lock-out do not count."""
    tries = None
    for minute in minutes:
        at = NOW + minute * MINUTE
        if locked_until(tries, POLICY, at) is None:
            tries = after_try(tries, POLICY, at)
    return tries


def test_the_fifth_failure_within_a_quarter_of_an_hour_locks_for_a_quarter_of_an_hour() -> None:
    assert locked_until(failures(0, 1, 2, 3), POLICY, NOW + 3 * MINUTE) is None
    locked = failures(0, 1, 2, 3, 14)
    assert locked_until(locked, POLICY, NOW + 14 * MINUTE) == NOW + 29 * MINUTE
    assert locked_until(locked, POLICY, NOW + 29 * MINUTE) is None


def test_failures_that_are_far_apart_lock_nobody_out() -> None:
    assert failures(0, 4, 8, 12, 16) == Tries(failures=1, first_at=NOW + 16 * MINUTE, last_at=NOW + 16 * MINUTE)


def test_after_a_lock_out_there_are_all_tries_again() -> None:
    again = failures(0, 1, 2, 3, 4, 19)
    assert again
    assert (again.failures, locked_until(again, POLICY, NOW + 19 * MINUTE)) == (1, None)


def test_a_try_that_succeeded_or_was_never_answered_is_taken_back() -> None:
    tries = failures(0, 1)
    assert tries
    assert without_one(tries).failures == 1
    assert without_one(without_one(without_one(tries))).failures == 0


@given(st.lists(st.floats(0, 600, allow_nan=False), max_size=60).map(sorted))
def test_whoever_keeps_guessing_gets_fewer_than_ten_tries_in_any_quarter_of_an_hour(minutes: list[float]) -> None:
    tries, tried = None, []
    for minute in minutes:
        at = NOW + minute * MINUTE
        if locked_until(tries, POLICY, at) is None:
            tries = after_try(tries, POLICY, at)
            tried.append(at)
    # Four may stand at the end of one window, and five in the next; then comes a rest.
    for first, tenth in zip(tried, tried[9:], strict=False):
        assert tenth - first >= 15 * MINUTE


@given(st.lists(st.floats(0, 600, allow_nan=False), min_size=1, max_size=20).map(sorted))
def test_what_is_forgotten_would_not_have_locked_anybody_out(minutes: list[float]) -> None:
    tries = failures(*minutes)
    assert tries
    gone = forgotten_at(tries, POLICY)
    assert locked_until(tries, POLICY, gone) is None
    assert after_try(tries, POLICY, gone) == after_try(None, POLICY, gone)
