"""The window's list of results to be handed out (出件), the oldest first, page by page."""

from kaigong.contract import problems
from kaigong.contract.routes import WINDOW
from kaigong.domain.model.waiting import Wait
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, shown
from kaigong.views.handing_out import is_place

from . import actions

_TONES = {Wait.COLLECT: "info", Wait.MAIL: "warn", Wait.DELIVERY: "good"}


def _list(request: Request) -> Reply:
    after = request.query.get("after", "")
    if after and not is_place(after):
        raise Unanswered(problems.NO_SUCH_PAGE)
    return shown("window/hand-outs.html", {"found": actions.hand_outs(after), "after": after, "tones": _TONES})


PAGES = (Page("window-hand-outs", "/window/hand-outs", _list, groups=WINDOW),)
