"""What may be done at an address, for whoever tries something else there (RFC 9110, 15.5.6)."""

import re
from functools import cache

from kaigong.contract import routes
from kaigong.portal.pages import PAGES


def instead_of(method: str, path: str) -> str:
    """What an address takes instead of a method, as the header Allow lists it; nothing: there is no such address."""
    found = {taken for pattern, known in _known() if pattern.fullmatch(path) for taken in served(known)}
    return "" if method in found else ", ".join(sorted(found))


def served(method: str) -> list[str]:
    """The methods that one of them stands for: whoever answers GET answers HEAD."""
    return ["GET", "HEAD"] if method == "GET" else [method]


@cache
def _known() -> list[tuple[re.Pattern[str], str]]:
    served = [(route.path, route.method.value) for route in routes.ROUTES]
    served += [(page.path, str(page.method)) for page in PAGES]
    return [(_pattern(path), method) for path, method in served]


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"{\w+}", path)
    return re.compile("[^/]+".join(map(re.escape, parts)))
