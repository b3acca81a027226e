"""What who works on a packet says to colleagues: notes, and records of calls. No applicant reads it.

In the packet's ledger is only that there is one (an act with the hash of its words).
"""

from datetime import UTC, datetime
from enum import StrEnum

from pydantic import Field

from .catalogue import Code
from .ledger import fingerprint
from .packet import Act, ActKind
from .text import Model

MOST = 20  # choice: of a kind, by a department or the window, in one packet
WINDOW = "window"  # in place of a department


class RemarkKind(StrEnum):
    NOTE = "note"  # for the own department, or the window, alone
    CALL = "call"  # for all who work on the packet, so that nobody is called twice for the same


class Remark(Model):
    """A note or the record of a call."""

    kind: RemarkKind
    department: Code  # whose it is; `window` for the window
    officer: str = Field(repr=False)  # the name that colleagues are told
    by: str = Field(repr=False)  # the account
    contact: str = Field(default="", repr=False)  # of a call: with whom
    text: str = Field(repr=False)
    at: datetime

    @property
    def mark(self) -> str:
        """What tells it from others: who said what; the same said twice is one."""
        return fingerprint(self.changed(at=_ANY, officer=""))

    def act(self, name: str) -> Act:
        """What goes on record of it. `name` is the user's at the issuer."""
        return Act(
            kind=ActKind(self.kind.value),
            subject=f"{self.department}.{self.mark[:16]}",
            by=name,
            account=self.by,
            department=None if self.department == WINDOW else self.department,
            remark=self.mark,
            at=self.at,
        )


_ANY = datetime.min.replace(tzinfo=UTC)
