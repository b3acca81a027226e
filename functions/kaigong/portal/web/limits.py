"""How often one caller may ask, where a route or page names a limit; and how soon one hears that nothing is there."""

import time
from datetime import datetime
from math import ceil

from kaigong.contract import problems
from kaigong.domain.model.limit import Limit, counted_address
from kaigong.portal.access import Caller
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import limits


def check(limit: Limit, caller: Caller, address: str, now: datetime) -> None:
    """Count a call of this caller, or of this address where nobody is signed in. Raises Unanswered with Retry-After.

    Called before anything is read, so that it costs the same whatever is asked about.
    """
    who = f"user {caller.name}" if caller.name else f"address {counted_address(address)}"
    free = limits.taken(limit, who, now)
    if free:
        raise Unanswered(problems.TOO_MANY_REQUESTS, headers={"Retry-After": str(ceil((free - now).total_seconds()))})


def even_out(problem: problems.Problem, started: float) -> None:
    """Wait until "there is no such packet, or it is not yours" takes as long for the one as for the other.

    A packet that is somebody else's has to be read before it can be refused, and reading takes milliseconds that can
    be measured. `started` is when the request came, by time.monotonic.
    """
    if problem.code == problems.NOT_FOUND.code:
        time.sleep(max(0.0, settings().not_found_seconds - (time.monotonic() - started)))
