"""What an officer has beside the papers of a review: what other departments said of the packet, and permits that the
project has already.

Read only. Sources: mission 9 (parallel review), 2 (what the city has is not asked for again).
"""

from datetime import date, datetime

from pydantic import Field

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import Office
from kaigong.domain.model.messages import DecisionReason
from kaigong.domain.model.naming import Named, named
from kaigong.domain.model.packet import Packet, Review
from kaigong.domain.model.standing import ProjectStanding
from kaigong.domain.model.text import Model

from .states import MatterState


class Opinion(Model):
    """Where another department's review of the same packet stands, and what it said."""

    matter: Named
    department: Named
    state: MatterState
    reasons: tuple[DecisionReason, ...] = ()
    conditions: tuple[str, ...] = ()
    at: datetime | None = Field(default=None, description="When it decided.")


class EarlierPermit(Model):
    """A permit that the project has already."""

    matter: Named
    at: date
    until: date | None = None
    packet: str | None = Field(default=None, description="Which ended in it; left out: on paper, from elsewhere.")
    number: str | None = Field(default=None, description="Of the paper, as the window put it on record.")


def opinions(packet: Packet, review: Review, catalogue: Catalogue) -> tuple[Opinion, ...]:
    """Those of all other reviews of the packet, in the applicant's order."""
    others = (packet.reviews[m] for m in packet.routes if m in packet.reviews and m != review.matter)
    return tuple(
        Opinion(
            matter=named(catalogue.matters, other.matter),
            department=named(catalogue.departments, other.department),
            state=MatterState(other.state.value),
            reasons=other.reasons,
            conditions=other.conditions,
            at=packet.taken_back_at(other.matter) or other.decided_at,
        )
        for other in others
    )


def permits(project: ProjectStanding, catalogue: Catalogue, office: Office) -> tuple[EarlierPermit, ...]:
    """What the project's other packets ended in, and what the window put on record, the newest first."""
    found = [
        EarlierPermit(matter=named(catalogue.matters, code), at=at.astimezone(office.zone).date(), packet=other.packet)
        for other in project.others
        for code, at in other.approved.items()
    ]
    found += [
        EarlierPermit(matter=named(catalogue.matters, a.matter), at=a.on, until=a.until, number=a.number)
        for a in project.approvals
    ]
    return tuple(sorted(found, key=lambda permit: (permit.at, permit.matter.code), reverse=True))
