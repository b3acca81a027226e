"""Which officer has a matter: handed over to a named colleague (转交), and who stands in while that one is away (代班).

Both are acts, so that they are in the ledger, and are written on the review, so that a reminder reaches the person who
acts on it by the packet alone. Who may say so is decided by the portal; any officer of the department may still answer:
nothing waits because somebody is away. Source: mission 7 (no passing the buck: one person has it).
"""

from datetime import UTC, datetime

from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.officer import Absence, Assigned, Officer
from kaigong.domain.model.packet import Act, ActKind, ActRefusal, Packet, Review, ReviewState, Status

from .step import Step

KINDS = (ActKind.ASSIGN, ActKind.STAND_IN)
MOST = 20  # choice: of one matter; what is handed on so often has no owner


def new_act(review: Review, assigned: Assigned, kind: ActKind, by: str, account: str) -> Act:
    """What goes on record, by its moment: each word stays."""
    return Act(
        kind=kind,
        subject=f"{review.matter}.{assigned.at.astimezone(UTC):%Y%m%d%H%M%S%f}",
        by=by,
        account=account,
        department=review.department,
        assigned=assigned,
        at=assigned.at,
    )


def given_to(officer: Officer, absences: list[Absence], now: datetime) -> Assigned:
    """A matter in the hands of an officer, with who stands in where that one is away now or will be."""
    absence = newest(absences, officer.account, now)
    return Assigned(officer=officer, stand_in=absence.stand_in if absence else None, at=now)


def newest(absences: list[Absence], account: str, now: datetime) -> Absence | None:
    """What counts of an officer's absences: the last one said, unless it is over."""
    said = max((a for a in absences if a.officer.account == account), key=lambda a: a.at, default=None)
    return said if said and said.stand_in.until > now else None


def why_not(packet: Packet, matter: Code) -> ActRefusal | None:
    """Why a matter is in nobody's hands to be handed over; None: it can be."""
    review, status = packet.reviews.get(matter), packet.header.status if packet.header else None
    under_review = status in (Status.IN_REVIEW, Status.CORRECTING)
    if review is None or not under_review or not (review.pending or review.state is ReviewState.CORRECTION):
        return ActRefusal.NOT_REVIEWED
    said = sum(act.kind in KINDS and act.matter == matter for act in packet.acts.values())
    return ActRefusal.TOO_OFTEN if said > MOST else None


def take(step: Step, act: Act) -> None:
    """Write on the review who has it. Of words that come in another order the last one said counts."""
    matter = act.matter
    review = step.packet.reviews[matter]
    if act.assigned and (review.assigned is None or review.assigned.at <= act.assigned.at):
        step.change(reviews={**step.packet.reviews, matter: review.changed(assigned=act.assigned)})
