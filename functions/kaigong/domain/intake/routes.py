"""Which routes of a matter are open to a packet, which are not, and why.

Sources: mission 5 (告知承诺), 6 (容缺受理); 国办发〔2020〕42号: the applicant chooses, so that approval on all the
papers is open whatever else is; a matter done by commitment has a number of its own (mission, "Facts from law and
standards").
"""

from kaigong.domain.model.catalogue import Matter, Route
from kaigong.domain.model.text import Model, Text

from .privileges import Privilege, Privileges


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
        return _NOT_OFFERED[route]
    return rights.closed.get(privilege)


def _answer(matter: Matter, route: Route, rights: Privileges) -> RouteAnswer:
    why = closed(matter, route, rights)
    number = matter.commitment_number if route is Route.COMMITMENT else matter.number
    offered = route is Route.APPROVAL or route in matter.routes
    return RouteAnswer(route=route, open=why is None, why=why or _OPEN[route], number=number if offered else None)


_NEEDS = {Route.TOLERATED: Privilege.TOLERANCE, Route.COMMITMENT: Privilege.COMMITMENT}
_NOT_OFFERED = {
    Route.TOLERATED: Text(
        zh="该事项不在容缺受理清单内，材料须齐全。",
        en="This matter is not open to tolerated gaps: hand in every paper.",
    ),
    Route.COMMITMENT: Text(zh="该事项不适用告知承诺。", en="This matter is not open to commitment."),
}
_OPEN = {
    Route.APPROVAL: Text(
        zh="提交全部材料即可申请，任何申请人都可以选择。",
        en="Hand in every paper; this way is open to everyone.",
    ),
    Route.TOLERATED: Text(
        zh="主要材料齐全即可受理，非主要材料可以承诺后补。",
        en="The main papers must be there; papers that are not main may be promised and follow later.",
    ),
    Route.COMMITMENT: Text(
        zh="可以递交告知承诺书代替该事项的材料。",
        en="A written commitment may take the place of this matter's papers.",
    ),
}
