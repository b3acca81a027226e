"""The portal: every route of the API and every page, and what answers each. A new area adds its tables here."""

from typing import Any

from kaigong.contract.routes import ROUTES

from .account.api import ANSWERS as ACCOUNT_API
from .account.pages import PAGES as ACCOUNT
from .apply.api import ANSWERS as APPLY_API
from .apply.on_mandate import PAGES as ON_MANDATE
from .apply.pages import PAGES as APPLY
from .benefits.api import ANSWERS as BENEFITS_API
from .benefits.pages import PAGES as BENEFITS
from .desk.api import ANSWERS as DESK_API
from .desk.pages import PAGES as DESK
from .follow.api import ANSWERS as FOLLOW_API
from .follow.asking import PAGES as ASKING
from .follow.calendar import PAGES as CALENDAR
from .follow.handing_out import PAGES as HAND_OUT
from .follow.pages import PAGES as FOLLOW
from .follow.project import PAGES as PROJECT
from .guide.api import ANSWERS as GUIDE_API
from .guide.pages import PAGES as GUIDE
from .problems.api import ANSWERS as PROBLEMS_API
from .problems.pages import PAGES as PROBLEMS
from .supervise.api import ANSWERS as SUPERVISE_API
from .supervise.pages import PAGES as SUPERVISE
from .verify.api import ANSWERS as VERIFY_API
from .verify.pages import PAGES as VERIFY
from .web import api, pages, static
from .web.dispatch import Adapter, Dispatcher, Entry
from .web.request import of_event
from .window.api import ANSWERS as WINDOW_API
from .window.deadlines import PAGES as DEADLINES
from .window.handing_out import PAGES as HAND_OUTS
from .window.helping import PAGES as HELPING
from .window.my_work import PAGES as MY_WORK
from .window.pages import PAGES as WINDOW
from .window.refusing import PAGES as REFUSING
from .window.warnings import PAGES as WARNINGS

_OF_THE_WINDOW = (*DEADLINES, *HAND_OUTS, *HELPING, *MY_WORK, *REFUSING, *WARNINGS, *WINDOW)
_OF_PACKETS = (*ASKING, *CALENDAR, *FOLLOW, *HAND_OUT, *PROJECT, *VERIFY, *SUPERVISE, *BENEFITS, *PROBLEMS)
PAGES = (*GUIDE, *ACCOUNT, *APPLY, *ON_MANDATE, *_OF_PACKETS, *DESK, *_OF_THE_WINDOW)
_API_OF_PACKETS = FOLLOW_API | SUPERVISE_API | VERIFY_API | BENEFITS_API | PROBLEMS_API
ANSWERS = GUIDE_API | ACCOUNT_API | APPLY_API | DESK_API | WINDOW_API | _API_OF_PACKETS  # by a route's name


def _elsewhere(path: str) -> Adapter[Any]:
    """JSON for machines, a page for people."""
    return api if path == "/api" or path.startswith("/api/") else pages


_dispatcher = Dispatcher(
    [
        *(Entry(route, ANSWERS[route.name], api) for route in ROUTES),
        *(Entry(page, page.answer, pages) for page in PAGES),
    ],
    _elsewhere,
)


def answer(event: dict[str, Any]) -> dict[str, Any]:
    """The answer to an event of API Gateway, as it takes it."""
    request = of_event(event)
    file = static.file(request)
    return pages.response(request, file) if file else _dispatcher.answer(request)
