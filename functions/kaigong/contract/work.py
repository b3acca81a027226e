"""Handing work over, standing in, notes to colleagues and records of calls, as the API takes and shows them."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from kaigong.domain.model.remark import Remark, RemarkKind
from kaigong.domain.model.text import Model
from kaigong.domain.model.values import Day, Line, Lines

ACCOUNT_PATTERN = r"^[A-Za-z0-9_-]{1,128}$"
LONGEST_DAYS = 180  # choice: of one absence
Account = Annotated[str, Field(pattern=ACCOUNT_PATTERN)]


class _Asked(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class HandOverRequest(_Asked):
    """Hand a review to a colleague, by the account that `colleagues` of the work names."""

    to: Account


class AbsenceRequest(_Asked):
    """Say that an officer is away on these days, and who stands in. Said anew it replaces what was said: an earlier
    last day ends it.
    """

    officer: Account | None = Field(default=None, description="Left out: the caller. Of others whoever leads says so.")
    stand_in: Account
    since: Day
    until: Day = Field(description="The last day.")

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if self.until < self.since or (self.until - self.since).days > LONGEST_DAYS:
            raise ValueError(f"ends before it begins, or is longer than {LONGEST_DAYS} days")
        if self.officer == self.stand_in:
            raise ValueError("nobody stands in for oneself")
        return self


class RemarkRequest(_Asked):
    """A note to colleagues, or the record of a call. Applicants never see it."""

    kind: RemarkKind
    text: Annotated[Lines, Field(min_length=1, max_length=1000)]
    contact: Annotated[Line, Field(min_length=1, max_length=50)] | None = Field(
        default=None, description="Of a call, and of nothing else: with whom."
    )

    @model_validator(mode="after")
    def _names_the_other_side(self) -> Self:
        if (self.kind is RemarkKind.CALL) != (self.contact is not None):
            raise ValueError("a call says with whom it was, and a note does not")
        return self


class RemarkShown(Model):
    """A note or the record of a call."""

    kind: RemarkKind
    department: str = Field(description="Whose it is; `window` for the window.")
    officer: str = Field(repr=False)
    contact: str | None = Field(default=None, repr=False)
    text: str = Field(repr=False)
    at: datetime


class Remarks(Model):
    """What the caller may read of what was noted about a packet, oldest first."""

    remarks: tuple[RemarkShown, ...]


class HandedOver(Model):
    """In whose hands a review is from now on; what came of it is told where `see` leads."""

    packet: str
    matter: str
    officer: str = Field(repr=False)
    stands_in: str | None = Field(default=None, repr=False, description="Who acts for that officer now or soon.")
    at: datetime
    see: str


class AbsenceSaid(Model):
    """An absence on record, and how many reviews it was written on."""

    officer: str = Field(repr=False)
    stand_in: str = Field(repr=False)
    since: date
    until: date
    reviews: int
    kind: Literal["absence"] = "absence"


def remark(asked: RemarkRequest, department: str, called: str, account: str, now: datetime) -> Remark:
    return Remark(
        kind=asked.kind,
        department=department,
        officer=called,
        by=account,
        contact=asked.contact or "",
        text=asked.text,
        at=now,
    )


def shown(remark: Remark) -> RemarkShown:
    return RemarkShown(
        kind=remark.kind,
        department=remark.department,
        officer=remark.officer,
        contact=remark.contact or None,
        text=remark.text,
        at=remark.at,
    )
