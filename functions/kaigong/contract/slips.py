"""Refusal slips as the API takes and shows them (行政许可法 §32, §38)."""

import hashlib
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from kaigong.domain.model.arrivals import Refusal
from kaigong.domain.model.manifest import Plain, Uscc
from kaigong.domain.model.slip import Slip, SlipKind
from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.values import Lines
from kaigong.domain.words import names, remedies
from kaigong.domain.words import slip as words

NUMBER_PATTERN = r"^[0-9]{8}-[0-9a-f]{10}$"
Said = Annotated[Lines, Field(min_length=1, max_length=1000, repr=False)]


class SlipRequest(Model):
    """An application that the window does not take: to whom, for what, why, on what basis, and what to do instead."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: SlipKind
    to: Annotated[Plain, Field(repr=False, description="The applicant's name.")]
    uscc: Uscc | None = Field(default=None, description="Of an enterprise: it then finds the slip in its own account.")
    what: Said = Field(description="What was asked for.")
    reason: Said
    basis: Annotated[Lines, Field(max_length=500, repr=False)] = Field(
        default="", description="Law or rule, beside the one that the ground itself rests on."
    )
    next: Said = Field(description="What the applicant can do; for another authority's matter, which one and where.")


class SlipShown(Model):
    """A slip as it reads."""

    number: str
    title: Text
    ground: Text
    to: str = Field(repr=False, description="Empty: the manifest named nobody.")
    uscc: str = ""
    what: Text = Field(repr=False)
    reasons: tuple[Text, ...] = Field(repr=False)
    basis: tuple[Text, ...]
    next: Text = Field(repr=False)
    remedy: Text
    officer: str = Field(default="", repr=False, description="Empty: the system refused it by its rules.")
    department: str | None = None
    at: datetime


class Slips(Model):
    """The slips of an enterprise, newest first."""

    slips: tuple[SlipShown, ...]


def slip(asked: SlipRequest, officer: str, by: str, department: str | None, day: str, at: datetime) -> Slip:
    """The slip that goes on record. Its number is of what it says and the day: sent twice, it is one."""
    said = hashlib.sha256(f"{by}\n{asked.model_dump_json()}".encode()).hexdigest()[:10]
    return Slip(
        number=f"{day}-{said}",
        **asked.model_dump(exclude={"uscc"}),
        uscc=asked.uscc or "",
        officer=officer,
        by=by,
        department=department,
        at=at,
    )


def shown(found: Slip) -> SlipShown:
    return SlipShown(
        number=found.number,
        title=words.TITLE,
        ground=names.SLIP_KINDS[found.kind],
        to=found.to,
        uscc=found.uscc,
        what=_as_said(found.what),
        reasons=(_as_said(found.reason),),
        basis=(words.BASES[found.kind], *((_as_said(found.basis),) if found.basis else ())),
        next=_as_said(found.next),
        remedy=remedies.REMEDY,
        officer=found.officer,
        department=found.department,
        at=found.at,
    )


def of_refusal(refusal: Refusal, to: str, uscc: str) -> SlipShown:
    """The slip of a manifest that intake refused: by its rules, and open to be submitted again."""
    return SlipShown(
        number=f"{refusal.packet}-{hashlib.sha256(refusal.version.encode()).hexdigest()[:8]}",
        title=words.NOT_TAKEN_IN,
        ground=words.NOT_TAKEN_IN,
        to=to,
        uscc=uscc,
        what=words.EVERYTHING,
        reasons=tuple(reason.text for reason in refusal.reasons),
        basis=(words.FORM,),
        next=words.AGAIN,
        remedy=remedies.REMEDY,
        at=refusal.at,
    )


def _as_said(text: str) -> Text:
    """What an officer wrote: as it is, whatever the reader's language."""
    return Text(zh=text, en=text)
