"""Which officer has a matter: handed over to a named colleague (转交), and who stands in while that one is away (代班).

Both are acts, so that they are in the ledger, and are written on the review, so that a reminder reaches the person who
acts on it by the packet alone. Who may say so is decided by the portal; any officer of the department may still answer:
nothing waits because somebody is away. Source: mission 7 (no passing the buck: one person has it).
"""

from datetime import UTC, datetime

from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.officer import Absence, Assigned, Officer, StandIn
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


def away_then(absences: list[Absence], stand_in: Officer, wanted: StandIn, now: datetime) -> bool:
    """Whether who is to stand in is away in that time too: each would act for the other, and nobody be there."""
    said = newest(absences, stand_in.account, now)
    return said is not None and said.stand_in.since < wanted.until and wanted.since < said.stand_in.until


def why_not(packet: Packet, matter: Code) -> ActRefusal | None:
    """Why a matter is in nobody's hands to be handed over; None: it can be."""
    review, status = packet.reviews.get(matter), packet.header.status if packet.header else None
    under_review = status in (Status.IN_REVIEW, Status.CORRECTING)
    if review is None or not under_review or not (review.pending or review.state is ReviewState.CORRECTION):
        return ActRefusal.NOT_REVIEWED
    said = sum(act.kind in KINDS and act.matter == matter for act in packet.acts.values())
    return ActRefusal.TOO_OFTEN if said > MOST else None


def officer_of(packet: Packet, matter: Code) -> Officer | None:
    """In whose hands a matter is by the last hand-over, also one that is not written on the review yet."""
    review = packet.reviews.get(matter)
    new = [act.assigned for act in packet.unlooked(ActKind.ASSIGN) if act.matter == matter and act.assigned]
    said = [*new, *([review.assigned] if review and review.assigned else [])]
    return max(said, key=lambda one: one.at).officer if said else None


def take(step: Step, act: Act) -> None:
    """Write on the review who has it. Of words that come in another order the last one said counts: of hand-overs, and
    of who stands in for whoever has it. That somebody else is away changes nothing.
    """
    matter, said = act.matter, act.assigned
    review = step.packet.reviews[matter]
    has = review.assigned
    if said and act.kind is ActKind.ASSIGN and (has is None or has.at <= said.at):
        has = said
    if has:
        assigned = _stood_in(step.packet, matter, has)
        step.change(reviews={**step.packet.reviews, matter: review.changed(assigned=assigned)})


def _stood_in(packet: Packet, matter: Code, assigned: Assigned) -> Assigned:
    """With who stands in by the last word on that since it was handed over."""
    acts = (act for act in packet.acts.values() if act.kind is ActKind.STAND_IN and act.matter == matter)
    words = (act.assigned for act in acts)
    since = [w for w in words if w and w.officer.account == assigned.officer.account and w.at > assigned.at]
    return assigned.changed(stand_in=max(since, key=lambda word: word.at).stand_in) if since else assigned
