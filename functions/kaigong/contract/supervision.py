"""What is said of a supervision record at the portal: by who supervises, and by the enterprise.

`version` is that of the record as it was seen: whoever was slower is told, and nothing is lost.
"""

from datetime import datetime

from pydantic import ConfigDict, Field

from kaigong.domain.model.facts import ShownKind
from kaigong.domain.model.roster import Inspectors
from kaigong.domain.model.supervision import EnterpriseSays, SupervisorSays
from kaigong.domain.model.text import Model

from .application import FileName


class _Asked(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: int = Field(ge=1, description="Of the record as it was seen.")


class SupervisionRequest(_Asked):
    """What a person of the supervising department says, by the signed-in account's name."""

    says: SupervisorSays


class EnterpriseRequest(_Asked):
    """What the enterprise says: that it put right what was found, or that it contests that."""

    says: EnterpriseSays


LARGEST_PHOTO = 32 * 1024 * 1024  # choice: bytes of one photo; a telephone's best has a third of that


class PhotoRequest(Model):
    """One photo of an inspection that is to be uploaded."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: FileName
    size: int = Field(ge=1, le=LARGEST_PHOTO, description="In bytes.")
    media_type: str = Field(default="", max_length=200, description="As of a paper: a hint.")


class PhotoPermit(Model):
    """Leave to upload one photo, once: by PUT with exactly these `headers` and so many bytes. A 412 says that the photo
    lies there already.
    """

    upload: str
    name: str
    headers: dict[str, str]
    url: str = Field(repr=False)


class PhotoAddress(Model):
    """Where a browser finds a photo, for a while. It opens for whoever has it: pass it to nobody."""

    address: str = Field(repr=False)
    kind: ShownKind
    until: datetime


class RosterRequest(Inspectors):
    """A department's whole roster of inspectors, in the place of the one before."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: int = Field(ge=0, description="Of the roster as it was seen; 0: there was none.")
