"""What is audited: every sign-in and sign-out, every refusal to somebody who is signed in, every look at a paper by
somebody who is not its applicant. By whom, when, about what, how it ended: accounts and objects by their ids alone.

An outage of the log stops nobody's work: the entry then stands in the portal's own log, as an error that rings.
"""

from datetime import UTC, datetime
from typing import Literal

from kaigong.contract import problems
from kaigong.settings import settings
from kaigong.store import audit

from .access import Caller, may_apply
from .observe import logger, where

Event = Literal["sign-in", "sign-out", "refused", "paper"]
REFUSALS = (problems.NOT_ALLOWED, problems.NOT_FOUND, problems.FOREIGN_ORIGIN, problems.TOO_MANY_REQUESTS)


def keep(event: Event, caller: Caller, about: str = "", outcome: str = "done") -> None:
    """Keep an entry of the audit log: `about` is the id of what was asked for, `outcome` a code."""
    if not settings().audit_log:
        return
    now = datetime.now(UTC)
    entry = {"event": event, "by": caller.account, "about": about, "outcome": outcome, "at": now.isoformat()}
    try:
        audit.keep(entry, now)
    except Exception as error:
        logger.error("not audited", entry=entry, error=type(error).__name__, where=where(error))


def refused(caller: Caller, problem: problems.Problem, route: str, about: str) -> None:
    """Keep that somebody who is signed in was refused something, by the route's name and the packet's id if it is of
    one.
    """
    if caller.account and any(problem.code == kind.code for kind in REFUSALS):
        keep("refused", caller, f"{route} {about}".strip(), problem.code)


def looked(caller: Caller, owner: str | None, packet: str, slot: str, file: str) -> None:
    """Keep that somebody looks at a paper of an enterprise, `owner`, unless he is of its people."""
    if not may_apply(caller, owner):
        keep("paper", caller, f"{packet}/{slot}/{file}")
