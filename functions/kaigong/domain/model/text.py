"""Bilingual text: everything people read carries Chinese first and English second."""

from typing import Any, Literal, Self
from unicodedata import normalize

from pydantic import BaseModel, ConfigDict, Field

# Validators are built when they are first used: a function uses few of those that it imports. This says so of shapes
# that are no Model themselves, such as a tuple of some.
BUILT_LATER = ConfigDict(defer_build=True)


class Model(BaseModel):
    """Base of every value in the domain: immutable, and strict about what it does not know."""

    # Input may be personal.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, **BUILT_LATER)

    def changed(self, **fields: Any) -> Self:
        """The same value with other contents in some of its fields.

        mypy checks names and types (infra/checks/changed.py). Raises TypeError for a field that there is not.
        """
        known = type(self).model_fields.keys()
        if unknown := fields.keys() - known:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        after = self.model_copy(update=fields)
        for worked_out in after.__dict__.keys() - known:
            del after.__dict__[worked_out]  # a cached property, of the contents before
        return after


Lang = Literal["zh", "en"]


class Text(Model):
    """One message in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


def folded(typed: str) -> str:
    """As words are compared that somebody looks for: full width as half width, in one case."""
    return normalize("NFKC", typed).casefold()


def unstopped(said: str) -> str:
    """What somebody wrote, without a full stop of its own: for a sentence that ends after it."""
    return said.rstrip().rstrip("。.；;")
