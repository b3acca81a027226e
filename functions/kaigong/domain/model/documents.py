"""Documents that we issued, of whatever kind, as they are found by the SHA-256 of the file."""

from datetime import datetime

from .catalogue import Code
from .text import Model

JOINT_RESULT = "joint-result"


class IssuedDocument(Model):
    """One file that went out. Its record is written once, before anybody gets the file."""

    sha256: str
    packet: str
    kind: Code
    key: str  # in object storage
    matter: Code | None = None  # that it is about; None: the whole packet
    issued_at: datetime
