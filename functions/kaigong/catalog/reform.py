"""What the reform changed, in the city's figures, as the home page tells it.

`infra/figures` counts the same figures from the catalogue; a test compares the two, so that the page says what holds.
"""

from functools import cache

from pydantic import TypeAdapter

from kaigong.domain.model.text import BUILT_LATER, Model, Text

from .files import read
from .loader import DATA
from .problem import CatalogueError, Problem


class ReformFigure(Model):
    """One figure: before (None where nothing is compared) and after."""

    code: str  # the figure's name in infra/figures
    name: Text
    unit: Text
    before: int | None
    after: int


_FIGURES = TypeAdapter(tuple[ReformFigure, ...], config=BUILT_LATER)


@cache
def reform() -> tuple[ReformFigure, ...]:
    """The figures, read once per process. Raises CatalogueError where their file has a wrong shape."""
    found: list[Problem] = []
    figures = read(_FIGURES, DATA, "reform.json", found)
    if figures is None:
        raise CatalogueError(found)
    return figures
