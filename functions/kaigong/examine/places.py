"""On which pages something was found, so that people are told where to look."""

from kaigong.domain.model.features import PAGES_NAMED, Found

from .child import Emit


class Places:
    """Collects the first few pages of each thing that was found, and reports them as they come."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._found: dict[Found, list[int]] = {}

    def note(self, what: Found, page: int) -> None:
        listed = self._found.setdefault(what, [])
        if page not in listed and len(listed) < PAGES_NAMED:
            listed.append(page)
            self._emit(on_pages=self._found)
