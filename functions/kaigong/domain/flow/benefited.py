"""What comes of benefits for the packet: the applicant is told at once of all that changed, and who pays as well; and
policies look at a packet again where facts changed that they look at.

Source: mission 13.
"""

from kaigong.domain import words
from kaigong.domain.model.benefits import BenefitEvent, BenefitFact
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Packet

from .benefits import ORDER, case
from .step import Step

MOST_AT_ONCE = 10  # choice: of one notice, which fits into an item of the table though each says all it may
_TOLD_TO_PAYER = (BenefitEvent.GRANTED, BenefitEvent.QUESTIONED, BenefitEvent.DECLINED, BenefitEvent.REVOKED)


def push(step: Step, before: Packet) -> None:
    """Have policies look at the packet, where its facts are not what they were."""
    if case(step.packet) != case(before) and ORDER not in step.orders:
        step.orders.append(ORDER)


def to_take(packet: Packet) -> list[BenefitFact]:
    """What nobody acted on yet, in order."""
    new = (f for f in packet.benefits.values() if f.version > packet.benefited_to.get(f.policy, 0))
    return sorted(new, key=lambda fact: (fact.at, fact.name))


def take(step: Step) -> None:
    """Put on record what became of benefits, and tell the applicant and who pays.

    Policies look once more: who waits may be served by what comes back, and what was written of a packet while one of
    its facts changed is looked at by the facts as they are. A look that changes nothing writes no fact, so it ends.
    """
    facts = to_take(step.packet)[:MOST_AT_ONCE]
    if not facts:
        return
    for fact in facts:
        step.change(benefited_to={**step.packet.benefited_to, fact.policy: fact.version})
        step.happened(
            "benefit", policy=fact.policy, named=fact.named.model_dump(), what=fact.event.value, fact=fingerprint(fact)
        )
    if ORDER not in step.orders:
        step.orders.append(ORDER)
    told = (fact.department for fact in facts if fact.event in _TOLD_TO_PAYER)
    step.notify(NoticeKind.BENEFIT, tuple(map(_item, facts)), told)


def _item(fact: BenefitFact) -> NoticeItem:
    gift = words.benefits.gives(fact.worth, fact.service)
    return NoticeItem(code=fact.event.value, text=words.benefits.told(fact.event, fact.named, gift, fact.text))
