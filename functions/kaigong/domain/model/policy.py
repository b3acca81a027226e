"""A policy that benefits enterprises (惠企政策), as data: who qualifies by which facts, what it gives, and how much
of it there is. A new policy is an entry in the catalogue's `policies.json`, never code.

Source: mission 13 (免申即享: enterprises that qualify are found while their matter is handled).
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from .codes import CODE_PATTERN, Code
from .text import Model, Text

FORM = "form."  # what stands before a field's code, where a condition asks for what the form says
NUMBER = r"^[0-9]{1,12}(\.[0-9]{1,4})?$"


class FactKind(StrEnum):
    """What a condition may ask for, beside the fields of the form. All of it is on record of one packet."""

    PROCESS = "process"
    CHANNEL = "channel"
    GRADE = "grade"  # the credit grade by which it was accepted
    RESULT = "result"  # the code of the joint result
    APPROVED = "approved"  # matters of which the approval stands
    COMMITTED = "committed"  # of these, the ones by commitment
    INSPECTED = "inspected"  # of these, the ones that an inspection found in order
    GAPS_OPEN = "gaps-open"  # how many promised papers are missing
    GAPS_LATE = "gaps-late"  # how many came late, or not at all
    BREACHES = "breaches"  # how many are on record


COUNTED = (FactKind.GAPS_OPEN, FactKind.GAPS_LATE, FactKind.BREACHES)


class Ask(StrEnum):
    """How what is on record is compared with what a condition names."""

    ONE_OF = "one-of"
    ALL_OF = "all-of"
    AT_LEAST = "at-least"
    AT_MOST = "at-most"


NUMERIC = (Ask.AT_LEAST, Ask.AT_MOST)


class Condition(Model):
    """One thing that must be on record."""

    fact: str = Field(pattern=rf"^({'|'.join(FactKind)}|form\.[a-z][a-z0-9-]*)$", max_length=60)
    ask: Ask
    values: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _number(self) -> Self:
        if self.ask in NUMERIC and len(self.values) != 1:
            raise ValueError("a bound is one number")
        return self

    @property
    def field(self) -> Code:
        """The field of the form that it asks for; empty where it asks for something else."""
        return self.fact.removeprefix(FORM) if self.fact.startswith(FORM) else ""


class Share(Model):
    """A part of a sum of money that the form says (in 10,000 yuan)."""

    field: Code
    per_mille: Decimal = Field(gt=0, le=1000)
    most: int = Field(ge=1, le=10**10)  # yuan, for one packet


class Policy(Model):
    """One policy. It gives a fixed sum, a share of a sum, or a service; budget and cap count yuan, or services."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    name: Text
    department: Code  # that pays, or provides
    basis: Text  # the document that it rests on
    since: date  # the joint result is of this day or later
    until: date | None = None  # the last day; None: until further notice
    conditions: tuple[Condition, ...] = Field(min_length=1, max_length=12)
    yuan: int | None = Field(default=None, ge=1, le=10**10)
    share: Share | None = None
    service: Text | None = None
    budget: int = Field(ge=0, le=10**12)
    cap: int = Field(ge=1, le=10**12)  # the most for one enterprise
    chosen: bool = False  # True where the city's report is silent and this entry is our choice

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(given is not None for given in (self.yuan, self.share, self.service)) != 1:
            raise ValueError("a policy gives one thing: yuan, a share, or a service")
        if self.until and self.until < self.since:
            raise ValueError("it ends before it begins")
        return self
