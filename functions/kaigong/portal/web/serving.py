"""What one function serves: some pages, some of the API's routes, and files beside them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kaigong.contract.routes import ROUTES

from . import api, pages, static
from .dispatch import Adapter, Dispatcher, Entry
from .pages import Page
from .request import Request, of_event
from .response import Reply

Answer = Callable[[dict[str, Any]], dict[str, Any]]


def serve(shown: Iterable[Page], answers: Mapping[str, Callable[[Request], Reply]]) -> Answer:
    """Answers events of API Gateway, as it takes that: these pages, and the routes of the API that have an answer here,
    by their names. Any other address is one that there is not.
    """
    dispatcher = Dispatcher(
        [
            *(Entry(route, answers[route.name], api) for route in ROUTES if route.name in answers),
            *(Entry(page, page.answer, pages) for page in shown),
        ],
        _elsewhere,
    )

    def answer(event: dict[str, Any]) -> dict[str, Any]:
        request = of_event(event)
        file = static.file(request)
        return pages.response(request, file) if file else dispatcher.answer(request)

    return answer


def _elsewhere(path: str) -> Adapter[Any]:
    """JSON for machines, a page for people."""
    return api if path == "/api" or path.startswith("/api/") else pages
