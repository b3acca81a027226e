"""An approval is taken back: 撤回 (recall) or 撤销 (revoke). The joint result stays as it was issued.

Sources: 行政许可法 §8 and §69; 国办发〔2020〕42号 (a false commitment); mission 6 and 12; codes 14 and 15.
"""

from kaigong.domain import words
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.messages import RevocationKind
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Packet, ReviewState
from kaigong.domain.model.states import ReviewEvent

from .step import Step

_EVENTS = {RevocationKind.RECALL: ReviewEvent.RECALLED, RevocationKind.REVOKE: ReviewEvent.REVOKED}


def to_take(packet: Packet) -> list[Code]:
    """Matters whose approval a department took back, and nobody acted on it yet."""
    approved = {matter for matter, review in packet.reviews.items() if review.state is ReviewState.APPROVED}
    return [matter for matter in packet.revocations if matter in approved]


def take(step: Step) -> None:
    """Take approvals back, at whatever state the packet is. Before the joint result that ends the review: the result
    never states what does not hold any more.
    """
    told = []
    for matter in to_take(step.packet):
        review, fact = step.packet.reviews[matter], step.packet.revocations[matter]
        step.move_review(matter, _EVENTS[fact.kind], reasons=fact.reasons)
        step.happened("approval-ended", matter=matter, kind=fact.kind.value, fact=fingerprint(fact))
        catalogue = step.around.catalogue
        name, department = catalogue.matters[matter].name, catalogue.departments[review.department].name
        text = words.revocation.taken_back(fact.kind, department, name, fact.reasons)
        told.append(NoticeItem(code=f"approval-{_EVENTS[fact.kind].value}", text=text, matter=matter))
    if told:
        step.notify(NoticeKind.REVOKED, tuple(told))
