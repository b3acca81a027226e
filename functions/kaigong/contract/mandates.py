"""Mandates on paper as the API takes and shows them. Source: `domain/intake/mandate.py`."""

import hashlib
from datetime import date, datetime

from pydantic import ConfigDict, Field

from kaigong.domain.intake.mandate import holds
from kaigong.domain.model.mandate import Mandate, MandateScope
from kaigong.domain.model.manifest import Uscc
from kaigong.domain.model.text import Model
from kaigong.domain.model.values import Day

ID_PATTERN = r"^[0-9a-f]{16}$"


class MandateRequest(Model):
    """Put the application's letter of authorisation on record. The agent that it names is the account that asks."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    scope: MandateScope = Field(description="As the paper says: this packet, its project, or all of the enterprise's.")
    since: Day
    until: Day = Field(description="Its last day.")


class EndRequest(Model):
    """End a mandate before its term."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    uscc: Uscc | None = Field(default=None, description="Whose it is; an applicant may leave it out.")


class MandateShown(Model):
    """A mandate on record."""

    id: str
    uscc: str
    agent: str = Field(repr=False)
    scope: MandateScope
    packet: str = Field(description="In which the scan lies.")
    project: str = ""
    since: date
    until: date
    at: datetime
    ended_at: datetime | None = None
    in_force: bool


class Mandates(Model):
    """The mandates of an enterprise, newest first."""

    mandates: tuple[MandateShown, ...]


def mandate_id(*said: str) -> str:
    """A mandate's number: of what it says, so that the same one has one number."""
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def shown(mandate: Mandate, today: date) -> MandateShown:
    fields = {name: getattr(mandate, name) for name in MandateShown.model_fields if name != "in_force"}
    return MandateShown(**fields, in_force=holds(mandate, today))
