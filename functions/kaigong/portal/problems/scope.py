"""Which days and whose list an address asks for. Each raises Unanswered for what can be nothing."""

import re
from dataclasses import replace
from datetime import date

from kaigong import catalog
from kaigong.contract import problems
from kaigong.domain.model.text import Text
from kaigong.portal import parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.views.problems import MOST_DAYS, ProblemList

from . import actions

_DAYS = Text(
    zh=f"请以 first 和 last 给出起止日期（YYYY-MM-DD），先后不能颠倒，不超过 {MOST_DAYS} 天。",
    en=f"Give the first and the last day as YYYY-MM-DD, in this order, {MOST_DAYS} days at most.",
)


def found(request: Request) -> ProblemList:
    """The list that is asked for. A form sends what was not chosen as well, empty."""
    asked = replace(request, query={name: value for name, value in request.query.items() if value})
    department = parameters.one_of(asked, "department", catalog.load().departments)
    last = _day(asked, "last", actions.yesterday())
    first = _day(asked, "first", date.fromordinal(max(last.toordinal() - actions.USUAL.days, 1)))
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Unanswered(problems.INVALID_PARAMETER, _DAYS)
    return actions.listed(request.caller, department, first, last)


def _day(request: Request, name: str, usual: date) -> date:
    asked = request.query.get(name)
    if asked is None:
        return usual
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", asked):
            raise ValueError(asked)
        return date.fromisoformat(asked)
    except ValueError as error:
        raise Unanswered(problems.INVALID_PARAMETER, _DAYS) from error
