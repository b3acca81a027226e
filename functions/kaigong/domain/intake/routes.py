"""Which routes of a matter are open to a packet, which are not, and why.

Sources: mission 5 (告知承诺), 6 (容缺受理); 国办发〔2020〕42号: the applicant chooses, so that approval on all the
papers is open whatever else is; a matter done by commitment has a number of its own (mission, "Facts from law and
standards").
"""

from kaigong.domain import words
from kaigong.domain.model.catalogue import Matter, Route
from kaigong.domain.model.standing import Privilege
from kaigong.domain.model.text import Model, Text

from .privileges import Privileges


class RouteAnswer(Model):
    """One route of a matter: whether it is open, why, and the matter's number on it."""

    route: Route
    open: bool
    why: Text
    number: str | None  # None: the matter is not done in this way at all


def routes(matter: Matter, rights: Privileges) -> tuple[RouteAnswer, ...]:
    """Every route, in the order of `Route`, with the answer for this matter and these rights."""
    return tuple(_answer(matter, route, rights) for route in Route)


def closed(matter: Matter, route: Route, rights: Privileges) -> Text | None:
    """Why a route of a matter is not open, in whole sentences; None: it is open."""
    privilege = _NEEDS.get(route)
    if privilege is None:
        return None
    if route not in matter.routes:
        return words.routes.NOT_OFFERED[route]
    return rights.closed.get(privilege)


def _answer(matter: Matter, route: Route, rights: Privileges) -> RouteAnswer:
    why = closed(matter, route, rights)
    number = matter.commitment_number if route is Route.COMMITMENT else matter.number
    offered = route is Route.APPROVAL or route in matter.routes
    return RouteAnswer(
        route=route, open=why is None, why=why or words.routes.OPEN[route], number=number if offered else None
    )


_NEEDS = {Route.TOLERATED: Privilege.TOLERANCE, Route.COMMITMENT: Privilege.COMMITMENT}
