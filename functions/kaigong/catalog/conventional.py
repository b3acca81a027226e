"""The flow before the reform, as packets are compared with it.

`infra/figures` keeps all that is known of that flow; a test compares the two.
"""

from functools import cache

from pydantic import TypeAdapter

from kaigong.domain.model.figures import Conventional

from .files import read
from .loader import DATA
from .problem import CatalogueError, Problem

_CONVENTIONAL = TypeAdapter(Conventional)


@cache
def conventional() -> Conventional:
    """Read once per process. Raises CatalogueError where its file has a wrong shape."""
    found: list[Problem] = []
    flow = read(_CONVENTIONAL, DATA, "before-reform.json", found)
    if flow is None:
        raise CatalogueError(found)
    return flow
