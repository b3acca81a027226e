"""Lock-out after failed sign-ins: how many tries are left, and until when nobody may try.

A try counts as failed from the moment it is taken until it succeeds, so that a hundred at once are no more than a
hundred one after another. It counts for whatever name is given: whether there is such a user makes no difference.
"""

from datetime import datetime, timedelta

from kaigong.domain.model.text import Model


class Policy(Model):
    """So many failures within a while, and nobody may try for another while."""

    failures: int
    within: timedelta
    rest: timedelta


class Tries(Model):
    """Failed tries of one user name, or from one address."""

    failures: int = 0
    first_at: datetime
    last_at: datetime


def locked_until(tries: Tries | None, policy: Policy, now: datetime) -> datetime | None:
    """Until when nobody may try; None: go ahead."""
    if tries is None or tries.failures < policy.failures:
        return None
    until = tries.last_at + policy.rest
    return until if now < until else None


def after_try(tries: Tries | None, policy: Policy, now: datetime) -> Tries:
    """With one try more, which counts as failed for now. Old ones are forgotten, and those of a rest that is over."""
    if tries is None or now >= tries.first_at + policy.within or tries.failures >= policy.failures:
        return Tries(failures=1, first_at=now, last_at=now)
    return Tries(failures=tries.failures + 1, first_at=tries.first_at, last_at=max(now, tries.last_at))


def without_one(tries: Tries) -> Tries:
    """With a try taken back: it succeeded, or it was never answered."""
    return tries.model_copy(update={"failures": max(tries.failures - 1, 0)})


def forgotten_at(tries: Tries, policy: Policy) -> datetime:
    """From when on these tries say nothing more."""
    return max(tries.first_at + policy.within, tries.last_at + policy.rest)
