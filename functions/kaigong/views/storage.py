"""What who applies by object storage alone is told: one document beside the manifest, with the newest state.

Source: design.md, "Contracts": object storage alone is an application; so it is enough to follow one too.
"""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import Office
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.text import Model, Text

from .materials import MaterialStatus, materials
from .matters import MatterStatus
from .next_step import NextStep
from .packet import GapStatus, NoticeStatus, ResultStatus, status
from .states import PHASES, Phase


class StatusDocument(Model):
    """A packet's newest state: `packets/<packet>/status.json`, written anew with each notice. It names no officer."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["kaigong/status/1"] = Field(default="kaigong/status/1", alias="schema")
    packet: str
    version: int = Field(description="Counts the packet's changes: the larger one is the newer.")
    at: datetime
    status: Phase
    status_name: Text
    round: int = Field(description="Number of submissions taken.")
    next: NextStep
    matters: tuple[MatterStatus, ...] = ()
    materials: tuple[MaterialStatus, ...] = Field(default=(), description="Each with its files, in order.")
    gaps: tuple[GapStatus, ...] = ()
    notices: tuple[NoticeStatus, ...] = Field(default=(), description="All of them, oldest first.")
    result: ResultStatus | None = None


def document(packet: Packet, catalogue: Catalogue, now: datetime, office: Office) -> bytes:
    """The document of a packet that was looked at, with the history that pages show."""
    header = packet.header
    assert header is not None  # noqa: S101 - only a packet that was looked at has something to tell
    found = status(packet, catalogue, now, office)
    content = StatusDocument(
        packet=packet.packet,
        version=header.version,
        at=now,
        status=found.status,
        status_name=PHASES[found.status],
        round=found.round,
        next=found.next,
        matters=found.matters,
        materials=materials(packet, catalogue, now.astimezone(office.zone).date()).materials,
        gaps=found.gaps,
        notices=found.notices,
        result=found.result,
    )
    return content.model_dump_json(by_alias=True, exclude_none=True, indent=2).encode()
