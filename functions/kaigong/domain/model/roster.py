"""The roster of who may inspect for a department (执法检查人员名录库): inspectors are drawn from it.

A roster is never changed: a new version takes its place for what is drawn from then on, and the old ones stay, so that
a draw can be done again. Sources: 国办发〔2019〕5号 (双随机: inspectors are drawn from a roster), 国办发〔2018〕118号
(numbers of certificates are public), 行政处罚法 §42 (two inspect), §43 (who has an interest withdraws).
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from unicodedata import normalize

from pydantic import Field, model_validator

from .catalogue import Code
from .manifest import USCC_PATTERN, Uscc
from .text import Model
from .values import Line

CERTIFICATE_PATTERN = r"^[0-9A-Za-z-]{4,30}$"
MOST_INSPECTORS = 200  # choice: of one department
MOST_INTERESTS = 20  # choice: enterprises that one inspector has an interest in

Certificate = Annotated[str, Field(pattern=CERTIFICATE_PATTERN)]
"""The number of an inspector's certificate (行政执法证号)."""


class Bar(StrEnum):
    """Why somebody of the roster does not inspect a record."""

    APPROVED = "approved"  # the approval is the own
    INTEREST = "interest"  # stated on the roster: an interest in the enterprise
    RECUSED = "recused"  # 回避: drawn, and stated an interest then
    PREVENTED = "prevented"  # drawn, and cannot come: ill, away


class Inspector(Model):
    """Somebody who was drawn, by certificate and name. The name is that of the account: by it a finding is theirs."""

    number: Certificate
    name: Annotated[Line, Field(min_length=1, max_length=50)] = Field(repr=False)


class RosterEntry(Inspector):
    """Somebody of a roster, with the enterprises that an interest was stated in."""

    interests: tuple[Uscc, ...] = Field(default=(), max_length=MOST_INTERESTS, repr=False)


def _double(found: Iterable[str]) -> bool:
    found = tuple(found)
    return len(set(found)) < len(found)


class Inspectors(Model):
    """All of a roster. Nobody is on it twice, and no two have one name: findings and approvals go by names."""

    inspectors: tuple[RosterEntry, ...] = Field(max_length=MOST_INSPECTORS)

    @model_validator(mode="after")
    def _are_different(self) -> Self:
        if _double(one.number for one in self.inspectors) or _double(one.name for one in self.inspectors):
            raise ValueError("two have one number or one name")
        return self


class Roster(Inspectors):
    """One version of a department's roster, and who put it on record."""

    department: Code
    version: int
    at: datetime
    by: str = Field(repr=False)  # the account


def read(text: str) -> Inspectors:
    """A roster as people write it: a line for each, with number, name and the credit codes of interests.

    Raises pydantic.ValidationError, a ValueError, where it is none.
    """
    found = []
    for line in text.splitlines():
        words = [word for word in re.split(r"[\s,、;]+", normalize("NFKC", line)) if word]
        if words:
            number, *rest = words
            codes = tuple(word for word in rest if re.fullmatch(USCC_PATTERN, word))
            name = " ".join(word for word in rest if word not in codes)
            found.append(RosterEntry(number=number, name=name, interests=codes))
    return Inspectors(inspectors=tuple(found))


def written(roster: Inspectors) -> str:
    """The same the other way round."""
    return "\n".join(" ".join((one.number, one.name, *one.interests)) for one in roster.inspectors)
