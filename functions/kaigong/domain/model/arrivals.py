"""What arrives in a packet's folder: uploads, each with what examination found in it, manifests, and the answer to one
that cannot be an application.

Apart from the packet, of which they become a part: whoever takes them in knows nothing else of it.
"""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from .catalogue import Code
from .facts import Facts
from .files import file_id
from .manifest import Manifest
from .text import Model, Text


class Awaited(Model):
    """One upload that a submission counts on: it is examined when the slot has seen its mark."""

    slot: Code
    mark: str


class Submission(Model):
    """A manifest that arrived and keeps its schema. `taken` is the round that it became; None: not looked at yet.

    The files that it lists are not kept, in storage they are: what counts of them is `awaited`, and nothing else.
    Where it lists none (`whole_folder`), that is what lay there when it came, and what comes until it is looked at.
    """

    version: str  # of the manifest in object storage: one version is one submission, however often it is announced
    sequencer: str
    manifest: Manifest
    awaited: tuple[Awaited, ...]
    whole_folder: bool = False
    received_at: datetime
    dropped_by: str = Field(default="", repr=False)  # who put it: the portal, or a principal's id (intake/dropping)
    taken: int | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        return self.received_at, self.sequencer


class Stored(Model):
    """One file that lies in the packet's folder."""

    slot: str
    upload: str
    name: str
    mark: str
    size: int = 0  # bytes
    at: datetime | None = None  # when it came, where that is known

    @property
    def id(self) -> str:
        return file_id(self.mark)


class Examined(Model):
    """One upload of one material and what examination found in it.

    Which of several came last is told by S3's time of the event, whatever order the events come in. S3's sequencer
    compares events of one key alone, so it only breaks a tie; it is empty where the event was lost and `watch` found
    the upload.
    """

    slot: Code
    key: str
    version: str
    mark: str
    sequencer: str
    size: int
    sha256: str | None = None
    uploaded_at: datetime
    facts: Facts

    @property
    def order(self) -> tuple[datetime, str]:
        return self.uploaded_at, self.sequencer

    @property
    def id(self) -> str:
        return file_id(self.mark)

    @property
    def name(self) -> str:
        return name_in(self.key)


def name_in(key: str) -> str:
    """A file's own name in its key: `packets/<packet>/<slot>/<upload>/<name>`."""
    return key.split("/", 4)[-1]


class RefusalReason(Model):
    """Why a manifest was refused: where in it, a stable code, what is wrong and what to do."""

    code: str
    where: str = ""
    text: Text


class Refusal(Model):
    """The written answer to a manifest that cannot be an application."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["kaigong/refusal/1"] = Field(default="kaigong/refusal/1", alias="schema")
    packet: str
    version: str  # of the manifest that is refused
    reasons: tuple[RefusalReason, ...]
    at: datetime
