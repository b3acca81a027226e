"""What comes of supervision for the packet: the applicant is told what was found, and a finding that stands becomes a
breach on the enterprise's record, for which privileges go (mission 12).

Source: 国办发〔2020〕42号: who broke a commitment is restricted, and the approval may be revoked; so the department
that approved is told as well.
"""

from collections.abc import Mapping
from datetime import timedelta

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import Breach, NoticeItem, NoticeKind, Packet, breach_key
from kaigong.domain.model.supervision import SupervisionEvent, SupervisionFact
from kaigong.domain.model.text import Text

from .step import Step
from .supervision import ORDER

KIND = "supervision"  # of a breach
_ENDS = (SupervisionEvent.FULFILLED, SupervisionEvent.BREACH)


def push(step: Step, before: Packet) -> None:
    """What was approved goes to who supervises it, once the packet is at its end; what is taken back later, too."""
    if step.packet.approvals() != before.approvals():
        step.orders.append(ORDER)


def verified(packet: Packet) -> set[Code]:
    """Matters whose supervision ended by what it found: nobody is to verify their commitment any more."""
    return {fact.matter for fact in packet.supervised.values() if fact.event in _ENDS}


def to_take(packet: Packet) -> list[SupervisionFact]:
    """What nobody acted on yet, in order."""
    new = (f for f in packet.supervised.values() if f.version > packet.supervised_to.get(f.matter, 0))
    return sorted(new, key=lambda fact: (fact.at, fact.name))


def take(step: Step) -> None:
    """Put on record what was found, and tell the applicant unless it was in order."""
    for fact in to_take(step.packet):
        step.change(supervised_to={**step.packet.supervised_to, fact.matter: fact.version})
        step.happened("supervised", matter=fact.matter, what=fact.event.value, fact=fingerprint(fact))
        review = step.packet.reviews[fact.matter]
        if fact.event is SupervisionEvent.FULFILLED:
            continue
        if fact.event is SupervisionEvent.BREACH:
            step.notify(NoticeKind.BREACH, (_broken(step, fact),), [review.department])
        else:
            step.notify(NoticeKind.SUPERVISION, (_told(fact, step.around.catalogue),), [review.department])


def _broken(step: Step, fact: SupervisionFact) -> NoticeItem:
    """Put a breach on record; the credit platform is told."""
    around, key = step.around, breach_key(fact.matter, KIND)
    repairable = fact.at + timedelta(days=around.breach_repair_days)
    breach = Breach(
        packet=step.packet.packet,
        subject=fact.matter,
        kind=KIND,
        text=fact.text,
        basis=fact.basis,
        at=fact.at,
        repairable_from=repairable,
    )
    step.change(breaches={**step.packet.breaches, key: breach})
    step.orders.append(breach_order(key))
    name = name_of(around.catalogue.matters, fact.matter)
    text = words.supervision.breach(name, fact.text, fact.basis, repairable.astimezone(around.office.zone))
    return NoticeItem(code="breach", text=text, matter=fact.matter)


def breach_order(key: str) -> str:
    return f"breach:{key}"


def _told(fact: SupervisionFact, catalogue: Catalogue) -> NoticeItem:
    name, due = name_of(catalogue.matters, fact.matter), fact.due
    assert due is not None  # noqa: S101 - a record that is open has a date
    texts: Mapping[SupervisionEvent, Text] = {
        SupervisionEvent.TO_RECTIFY: words.supervision.to_rectify(name, due, fact.text, fact.basis),
        SupervisionEvent.FOUND_BROKEN: words.supervision.found_broken(name, due, fact.text, fact.basis),
        SupervisionEvent.STANDS: words.supervision.stands(name, due, fact.text),
        SupervisionEvent.SET_ASIDE: words.supervision.set_aside(name, fact.text),
    }
    return NoticeItem(code=fact.event.value, text=texts[fact.event], matter=fact.matter, due=due)
