"""Who may read what. Pure: the one place that decides it, for every route.

Applicants see the packets of their enterprise, officers those that their department reviews, the window and operations
all. A packet that somebody may not see is to that person one that does not exist.
"""

from collections.abc import Mapping
from typing import Any

from kaigong.domain.api import EVERY_PACKET, Group, Route
from kaigong.domain.packet import Packet
from kaigong.domain.text import Model
from kaigong.domain.view import applicant


class Caller(Model):
    """Who asks, as the user pool vouches for it. A group counts only with what it needs to mean something."""

    groups: frozenset[Group] = frozenset()
    uscc: str | None = None  # the enterprise an applicant acts for
    department: str | None = None  # the department an officer belongs to


NOBODY = Caller()


def caller(claims: Mapping[str, Any]) -> Caller | None:
    """The caller of a verified token; None where there is no ID token.

    An access token passes API Gateway as well, but does not say whom its user acts for. Groups arrive as `[a b]`.
    """
    if claims.get("token_use") != "id":
        return None
    uscc, department = claims.get("custom:uscc") or None, claims.get("custom:department") or None
    named = set(str(claims.get("cognito:groups", "")).strip("[]").replace(",", " ").split())
    groups = {group for group in Group if group in named}
    if uscc is None:
        groups.discard(Group.APPLICANT)
    if department is None:
        groups.discard(Group.DEPARTMENT)
    return Caller(groups=frozenset(groups), uscc=uscc, department=department)


def may_use(caller: Caller, route: Route) -> bool:
    """Whether the caller may use a route at all."""
    return route.open or bool(caller.groups & route.groups)


def may_see(caller: Caller, packet: Packet) -> bool:
    """Whether the caller may read this packet."""
    if caller.groups & EVERY_PACKET:
        return True
    owner = applicant(packet)
    if Group.APPLICANT in caller.groups and owner is not None and owner.uscc == caller.uscc:
        return True
    reviewing = {review.department for review in packet.reviews.values()}
    return Group.DEPARTMENT in caller.groups and caller.department in reviewing


def may_list(caller: Caller, uscc: str) -> bool:
    """Whether the caller may list the packets of this enterprise."""
    return bool(caller.groups & EVERY_PACKET) or (Group.APPLICANT in caller.groups and caller.uscc == uscc)
