"""Benefits without application as people are told: to the enterprise what it gets and why, line by line, to who pays
what is to be paid, to everybody which policies there are and what is left of them.

Source: mission 13.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from typing import Literal

from pydantic import Field

from kaigong.domain import words
from kaigong.domain.flow.benefits import because, case
from kaigong.domain.model.benefits import (
    Because,
    Benefit,
    BenefitEvent,
    BenefitListed,
    BenefitState,
    Case,
    Purse,
    can,
)
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.manifest import PACKET_PATTERN
from kaigong.domain.model.naming import Named, named
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.policy import Policy
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

PAGE_ROWS = 50  # benefits that one answer lists
PAGE_CASES = 25  # packets of which one answer tells the facts
_PLACE = re.compile(
    rf"[0-9]{{4}}(-[0-9]{{2}}){{2}}T[0-9]{{2}}(:[0-9]{{2}}){{2}}Z~{PACKET_PATTERN.strip('^$')}\.[a-z0-9-]{{1,40}}"
)


def is_place(text: str) -> bool:
    """Whether it has the form of a place in a department's list."""
    return _PLACE.fullmatch(text) is not None


# one benefit


class BenefitStep(Model):
    """Something that happened to a benefit."""

    event: BenefitEvent
    name: Text
    at: datetime
    who: str = Field(default="", repr=False, description="The department's person, where who pays reads it.")


Possible = Literal["decline", "pay", "revoke"]


class BenefitShown(Model):
    """What one policy gives for one packet: where that is, why, and what can be said of it now."""

    benefit: str
    packet: str
    policy: Named
    version: int = Field(description="Give it back with what you say: it tells whether somebody was faster.")
    department: Named = Field(description="That pays or provides.")
    state: BenefitState
    state_name: Text
    gives: Text | None = Field(default=None, description="What was given; left out while nothing was.")
    worth: int = Field(description="Yuan; 1 where it is a service.")
    service: Text | None = None
    number: int = Field(description="Among all that the policy gave: who was served when.")
    because: tuple[Because, ...]
    in_question: tuple[Because, ...] = Field(default=(), description="Lines that do not hold any more.")
    reason: str = ""
    basis: str = ""
    reference: str = ""
    steps: tuple[BenefitStep, ...] = ()
    can: tuple[Possible, ...] = Field(default=(), description="What may be said of it now, by who asks.")


class BenefitTask(BenefitShown):
    """The same with whom it is for, to who pays."""

    enterprise: str
    uscc: str
    project: str


class NotGiven(Model):
    """A policy that gives nothing for a packet, and why."""

    policy: Named
    because: tuple[Because, ...]


class PacketBenefits(Model):
    """What policies give for a packet, and of those that give nothing, why."""

    packet: str
    decided: bool = Field(description="Whether there is a joint result: policies look at nothing before.")
    benefits: tuple[BenefitShown, ...]
    others: tuple[NotGiven, ...]


class BenefitRow(Model):
    """A benefit in its department's list."""

    benefit: str
    packet: str
    policy: Named
    gives: Text
    worth: int
    enterprise: str
    project: str
    in_question: bool
    granted_at: datetime


class BenefitsToPay(Model):
    """What a department is to pay or provide, the oldest first."""

    department: Named
    rows: tuple[BenefitRow, ...]
    next: str | None = Field(default=None, description="Where the list goes on: give it back as `after`.")
    checked_at: datetime


# the policies


class PolicyShown(Model):
    """A policy in words, and what is left of it."""

    policy: Named
    department: Named
    basis: Text
    since: date
    until: date | None = None
    conditions: tuple[Text, ...]
    gives: Text
    cap: int = Field(description="The most for one enterprise: yuan, or services.")
    budget: int
    left: int
    granted: int = Field(description="How many were given.")
    waiting: int = Field(description="How many qualify and wait, since the budget is used up.")
    used_up: bool
    chosen: bool = Field(description="An example, to be replaced by the city's own.")
    service: bool


class Policies(Model):
    """Every policy whose benefits need no application."""

    policies: tuple[PolicyShown, ...]
    checked_at: datetime


class PolicyFacts(Model):
    """What policies look at, of packets that were first submitted in a year: for trying a new policy out."""

    cases: tuple[Case, ...]
    next: str | None = Field(default=None, description="Where it goes on: give it back as `after`.")


def shown(benefit: Benefit, catalogue: Catalogue, *, inside: bool = False, theirs: bool = False) -> BenefitShown:
    """`inside`: to who pays; `theirs`: to the enterprise that it is for."""
    return BenefitShown(**_values(benefit, catalogue, inside=inside, theirs=theirs))


def task(benefit: Benefit, catalogue: Catalogue) -> BenefitTask:
    """The benefit as who pays sees it."""
    return BenefitTask(
        **_values(benefit, catalogue, inside=True, theirs=False),
        enterprise=benefit.enterprise,
        uscc=benefit.uscc,
        project=benefit.project,
    )


def _values(benefit: Benefit, catalogue: Catalogue, *, inside: bool, theirs: bool) -> dict[str, object]:
    return {
        "benefit": benefit.name,
        "packet": benefit.packet,
        "policy": Named(code=benefit.policy, name=benefit.named),
        "version": benefit.version,
        "department": named(catalogue.departments, benefit.department),
        "state": benefit.state,
        "state_name": names.BENEFIT_STATES[benefit.state],
        "gives": words.benefits.gives(benefit.worth, benefit.service) if benefit.worth else None,
        "worth": benefit.worth,
        "service": benefit.service,
        "number": benefit.number,
        "because": benefit.because,
        "in_question": benefit.in_question,
        "reason": benefit.reason,
        "basis": benefit.basis,
        "reference": benefit.reference,
        "steps": tuple(
            BenefitStep(
                event=done.event, name=names.BENEFIT_EVENTS[done.event], at=done.at, who=done.who if inside else ""
            )
            for done in benefit.done
        ),
        "can": tuple(_possible(benefit, inside=inside, theirs=theirs)),
    }


def _possible(benefit: Benefit, *, inside: bool, theirs: bool) -> Iterable[Possible]:
    if theirs and can(benefit.state, BenefitEvent.DECLINED):
        yield "decline"
    if inside and can(benefit.state, BenefitEvent.PAID):
        yield "pay"
    if inside and can(benefit.state, BenefitEvent.REVOKED):
        yield "revoke"


def of_packet(
    packet: Packet, found: Mapping[Code, Benefit], catalogue: Catalogue, zone: tzinfo, *, theirs: bool
) -> PacketBenefits:
    """What policies give for a packet; of the others, why they do not."""
    known = case(packet)
    others = [
        NotGiven(policy=named({code: policy}, code), because=because(policy, known, catalogue, zone))
        for code, policy in catalogue.policies.items()
        if known is not None and code not in found
    ]
    return PacketBenefits(
        packet=packet.packet,
        decided=known is not None,
        benefits=tuple(shown(benefit, catalogue, theirs=theirs) for benefit in found.values()),
        others=tuple(others),
    )


def to_pay(
    department: Code, listed: Iterable[BenefitListed], catalogue: Catalogue, now: datetime, more: str | None
) -> BenefitsToPay:
    """A department's list."""
    rows = tuple(
        BenefitRow(
            benefit=f"{found.packet}.{found.policy}",
            packet=found.packet,
            policy=Named(code=found.policy, name=found.named),
            gives=words.benefits.gives(found.worth, found.service),
            worth=found.worth,
            enterprise=found.enterprise,
            project=found.project,
            in_question=found.in_question,
            granted_at=found.granted_at,
        )
        for found in listed
    )
    return BenefitsToPay(department=named(catalogue.departments, department), rows=rows, next=more, checked_at=now)


def policies(purses: Mapping[Code, Purse], catalogue: Catalogue, now: datetime) -> Policies:
    """Every policy, with what is left of it."""
    return Policies(
        policies=tuple(_policy(policy, purses[code], catalogue) for code, policy in catalogue.policies.items()),
        checked_at=now,
    )


def _policy(policy: Policy, purse: Purse, catalogue: Catalogue) -> PolicyShown:
    left = max(0, policy.budget - purse.spent)
    return PolicyShown(
        policy=Named(code=policy.code, name=policy.name),
        department=named(catalogue.departments, policy.department),
        basis=policy.basis,
        since=policy.since,
        until=policy.until,
        conditions=tuple(words.benefits.asked(condition, catalogue) for condition in policy.conditions),
        gives=words.benefits.offers(policy, catalogue),
        cap=policy.cap,
        budget=policy.budget,
        left=left,
        granted=purse.granted,
        waiting=purse.waiting,
        used_up=not left or purse.waiting > 0,
        chosen=policy.chosen,
        service=policy.service is not None,
    )
