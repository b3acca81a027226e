"""What an officer did in a month, counted where the decision is put on record, in the same transaction.

A count is right however often a message comes: the decision is written once, and the count with it.
"""

from datetime import datetime

from .clock import Office
from .messages import Outcome
from .text import Model


class Tally(Model):
    """An officer's own figures of one month."""

    decided: int = 0
    corrected: int = 0  # of these, corrections that were asked for
    rejected: int = 0
    late: int = 0  # past the limit of the review
    signed: int = 0  # proposals of others

    @property
    def on_time(self) -> int | None:
        """In percent, rounded down: a single late one shows. None: nothing was decided."""
        return 100 * (self.decided - self.late) // self.decided if self.decided else None


SIGNED = Tally(signed=1)


def of_decision(outcome: Outcome, *, late: bool) -> Tally:
    """What one decision adds."""
    return Tally(decided=1, corrected=outcome is Outcome.CORRECT, rejected=outcome is Outcome.REJECT, late=int(late))


def month_of(at: datetime, office: Office) -> str:
    """The month of a moment at the city's, such as `2026-03`."""
    return f"{at.astimezone(office.zone):%Y-%m}"
