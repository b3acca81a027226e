"""What officers often write when they ask for a correction or refuse, with its legal basis: to begin with, and edit."""

from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from kaigong.domain.model.text import BUILT_LATER, Model, Text

from .files import read
from .loader import DATA
from .problem import CatalogueError, Problem


class UsualReason(Model):
    """One reason in words, and its legal basis as the law is cited."""

    code: str
    outcome: Literal["correct", "reject"]  # which answer of a department it is a reason for
    text: Text
    basis: str


_REASONS = TypeAdapter(tuple[UsualReason, ...], config=BUILT_LATER)


@cache
def usual_reasons() -> tuple[UsualReason, ...]:
    """The reasons, read once per process. Raises CatalogueError where their file has a wrong shape."""
    found: list[Problem] = []
    reasons = read(_REASONS, DATA, "reasons.json", found)
    if reasons is None:
        raise CatalogueError(found)
    return reasons
