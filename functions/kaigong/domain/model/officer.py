"""Officers of a department, who of them has a review, and who stands in for whom.

Sources: mission 7 (首问负责制: one person has it, no passing the buck), 9 (tracked supervision of deadlines); AB 岗制
(each post names who stands in).
"""

from datetime import datetime
from typing import Protocol

from pydantic import Field

from .text import Model


class Officer(Model):
    """A person of a department, as the issuer vouches for it."""

    account: str = Field(repr=False)  # its stable id at the issuer: all that messages say
    called: str = Field(repr=False)  # the name that colleagues are told


class OnRecord(Protocol):
    """What an account did: kept with the user's name of then, and with the stable id where that was kept already."""

    @property
    def by(self) -> str: ...

    @property
    def account(self) -> str: ...


def made_by(record: OnRecord, account: str, name: str) -> bool:
    """Whether this account did it. A user's name may change, or become another person's: it counts where alone it is
    kept.
    """
    return record.account == account if record.account else record.by == name


class StandIn(Model):
    """Somebody stands in for an officer who is away."""

    officer: Officer
    since: datetime
    until: datetime

    def at(self, now: datetime) -> bool:
        return self.since <= now < self.until


class Assigned(Model):
    """Which officer has a review until its department is done with it, through every round.

    Who stands in while the officer is away is written here too, so that reminders need no other read.
    """

    officer: Officer
    stand_in: StandIn | None = None
    at: datetime  # when it was handed over: the newest word counts, however late it comes

    def has(self, now: datetime) -> Officer:
        """Who acts on it now."""
        return self.stand_in.officer if self.stand_in and self.stand_in.at(now) else self.officer

    def of(self, account: str, now: datetime) -> bool:
        """Whether it is this account's now, as the officer or as who stands in."""
        return account in (self.officer.account, self.has(now).account)


class Absence(Model):
    """An officer is away, and a colleague stands in. The newest word of an officer counts; all of them are kept."""

    officer: Officer
    stand_in: StandIn
    at: datetime
    by: str = Field(repr=False)  # whose account said so: the officer's own, or the lead's


class Colleague(Officer):
    """An officer whom the desk of a department knows, since the person worked there lately."""

    leads: bool = False  # may hand over what others have
    seen_at: datetime
