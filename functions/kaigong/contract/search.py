"""What the window looks for among all packets, and what it is told. In a body and no address: it may be a name."""

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from kaigong.domain.model.text import Model
from kaigong.domain.model.values import Line
from kaigong.views.packet import PacketSummary

SHORTEST = 2  # signs; one sign is in half of all names


class PacketSearch(Model):
    """Words, each of which is in a packet's enterprise, project, telephone number or codes, whole or in part."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    q: Annotated[Line, Field(min_length=SHORTEST, max_length=100)]
    until: date | None = Field(
        default=None, ge=date(2000, 1, 1), le=date(2999, 12, 30), description="Only what was submitted by this day."
    )
    after: Annotated[Line, Field(max_length=100)] | None = Field(default=None, description="`next` of the page before.")


class FoundPackets(Model):
    """A page of the packets that were found, newest first."""

    packets: tuple[PacketSummary, ...]
    next: str | None = Field(description="Where the search goes on: give it back as `after`; null: this is all.")
    cut: bool = Field(description="It stopped because so much was looked through; there may be more that is older.")
    back_to: datetime | None = Field(description="What was submitted since then was looked through; null: everything.")
