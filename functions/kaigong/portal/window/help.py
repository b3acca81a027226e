"""帮办代办 by one press: the account that is signed in helps every packet that was ticked in a list."""

from pydantic import ValidationError

from kaigong.contract import problems
from kaigong.contract.helping import Helped, HelpOutcome, HelpRequest
from kaigong.contract.limits import ACTS
from kaigong.contract.routes import WINDOW
from kaigong.domain.model.text import Text
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, shown
from kaigong.store import lists

from . import actions, search

_TONES = {
    HelpOutcome.HELPING: "good",
    HelpOutcome.ANOTHER: "info",
    HelpOutcome.REFUSED: "warn",
    HelpOutcome.NOT_FOUND: "warn",
}
_NOTHING_TICKED = Text(
    zh="没有勾选任何材料包。请返回上一页，勾选要帮办的材料包（一次最多 50 个）。",
    en="Nothing was ticked. Go back to the previous page and tick what you will help with, 50 at most.",
)


def _help(request: Request) -> Reply:
    try:
        asked = HelpRequest(packets=request.form.get("packets", ()))
    except ValidationError:
        raise Unanswered(problems.INVALID_FORM, _NOTHING_TICKED) from None
    found = actions.help_with(request.caller, asked)
    return shown("window/helped.html", {"found": found, "places": _places(request, found), "tones": _TONES})


def _places(request: Request, found: Helped) -> dict[str, str | None]:
    """Where each of them is; only of what has not come to anything yet there is more to read than its header."""
    names = [one.packet for one in found.outcomes if one.outcome is not HelpOutcome.NOT_FOUND]
    taken = lists.headers(names)
    return {n: f"window/packets/{n}" if n in taken else search.place(n, request.caller) for n in names}


PAGES = (Page("window-help", "/window/help", _help, groups=WINDOW, method="POST", limit=ACTS),)
