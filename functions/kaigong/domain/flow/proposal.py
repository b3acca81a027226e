"""A second signature: what one officer proposes on a weighty matter (审核), another one of the department signs (签批).

Until then nothing is decided, and the time limit goes on. That holds at the desk; how a department with a system of its
own comes to what it sends to the queue is its own affair. Which matters are meant says the catalogue (choice). Sources:
mission 7 (no passing the buck); 行政许可法 §34 (two officers, for verification on site) has the same idea.
"""

from kaigong.domain import words
from kaigong.domain.model.clock import Office
from kaigong.domain.model.packet import Packet, Proposal, Review
from kaigong.domain.model.text import Text

from .doubts import corrected_since


def to_sign(packet: Packet, review: Review) -> Proposal | None:
    """What waits for a second officer's signature; None: nothing does."""
    proposal = packet.proposals.get((review.matter, review.round))
    decided = (review.matter, review.round) in packet.decisions
    if proposal is None or proposal.sent_back or decided or not review.pending or void(packet, proposal):
        return None
    return proposal


def void(packet: Packet, proposal: Proposal) -> bool:
    """Whether it was about an enterprise or a project that was corrected since: whoever proposed it saw another one."""
    return corrected_since(packet, proposal.at)


def why_not_decide(packet: Packet, review: Review, office: Office) -> Text | None:
    """Why nobody can decide otherwise now; None: nothing is proposed."""
    proposal = to_sign(packet, review)
    if proposal is None:
        return None
    return words.proposal.to_be_signed(proposal.officer, proposal.at.astimezone(office.zone), proposal.outcome)


def why_not_sign(proposal: Proposal | None, seen: str) -> Text | None:
    """Why the proposal that an officer saw cannot be signed or sent back now; None: it can. That it is not the
    proposer's own says `lease.why_not`.
    """
    return None if proposal and proposal.id == seen else words.proposal.NOTHING_TO_SIGN
