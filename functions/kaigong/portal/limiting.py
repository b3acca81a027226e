"""How often one caller may ask, for the routes and pages that name a limit."""

from datetime import datetime
from math import ceil

from kaigong.domain.contract.limits import Limit
from kaigong.domain.contract.problems import TOO_MANY_REQUESTS
from kaigong.store import limits

from .access import Caller
from .asking import Unanswered


def check(limit: Limit, caller: Caller, address: str, now: datetime) -> None:
    """Count a call of this caller, or of this address where nobody is signed in. Raises Unanswered with Retry-After.

    Called before anything is read, so that it costs the same whatever is asked about.
    """
    free = limits.taken(limit, f"user {caller.name}" if caller.name else f"address {address}", now)
    if free:
        raise Unanswered(TOO_MANY_REQUESTS, headers={"Retry-After": str(ceil((free - now).total_seconds()))})
