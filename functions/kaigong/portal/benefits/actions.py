"""What is done with benefits, for pages and for the API: by who pays, and by the enterprise.

The rule decides (`domain/flow/benefits`); a benefit is changed on the version that the person saw, with the policy's
purse, and the packet has it on record.
"""

import re
from datetime import UTC, datetime

from kaigong import catalog
from kaigong.contract import problems
from kaigong.domain.flow import benefits as rules
from kaigong.domain.model.benefits import BENEFIT_PATTERN, Benefit, BenefitRefusal, Said
from kaigong.domain.model.packet import Packet
from kaigong.errors import NewerVersionExists
from kaigong.portal import access
from kaigong.portal.access import Caller
from kaigong.portal.observe import logger
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import benefits, packets, search
from kaigong.views import benefits as views

_CHANGED = problems.BENEFITS[BenefitRefusal.CHANGED]


# the policies


def policies() -> views.Policies:
    catalogue = catalog.load()
    purses = {code: benefits.purse(code) for code in catalogue.policies}
    return views.policies(purses, catalogue, datetime.now(UTC))


def facts(year: int, after: str) -> views.PolicyFacts:
    """The facts of packets of a year, of those that have a joint result. Raises NotACursor."""
    names, more = search.of_year(year, after, views.PAGE_CASES)
    found = (rules.case(packets.load_without_uploads(name)) for name in names)
    return views.PolicyFacts(cases=tuple(case for case in found if case is not None), next=more)


# who pays


def to_pay(caller: Caller, after: str | None = None) -> views.BenefitsToPay:
    """What the caller's department is to pay or provide."""
    department = caller.department or ""
    listed, more = benefits.to_pay(department, views.PAGE_ROWS, after)
    return views.to_pay(department, listed, catalog.load(), datetime.now(UTC), more)


def benefit_of(caller: Caller, name: str) -> Benefit:
    """The benefit of this name, where the caller's department pays it. Raises Unanswered as for one that is not
    there.
    """
    packet, _, policy = name.rpartition(".")
    found = benefits.load(packet, policy) if re.fullmatch(BENEFIT_PATTERN, name) else None
    if found is None or not access.may_pay(caller, found):
        raise Unanswered(problems.NOT_FOUND)
    return found


def task(benefit: Benefit) -> views.BenefitTask:
    return views.task(benefit, catalog.load())


def say(benefit: Benefit, version: int, said: Said, who: str) -> Benefit:
    """Say something of a benefit. Raises Unanswered where nothing comes of it."""
    if benefit.version != version:
        raise Unanswered(_CHANGED)
    purse = benefits.purse(benefit.policy, benefit.uscc)
    try:
        after, has = rules.say(benefit, said, who, purse, datetime.now(UTC))
    except rules.Refusal as refused:
        raise Unanswered(problems.BENEFITS[refused.why]) from refused
    fact = rules.fact(benefit, after)
    assert fact is not None  # noqa: S101 - whatever is said changes it, or is refused
    try:
        benefits.save(benefit, after, purse, has, fact)
    except NewerVersionExists as error:
        raise Unanswered(_CHANGED) from error
    logger.info("benefit", packet=after.packet, policy=after.policy, state=after.state)
    return after


# the enterprise, and whoever may read the packet


def of_packet(caller: Caller, packet: Packet) -> views.PacketBenefits:
    """What policies give for a packet."""
    theirs = access.may_apply(caller, packet.owner)
    return views.of_packet(packet, benefits.of(packet.packet), catalog.load(), settings().office.zone, theirs=theirs)


def decline(packet: Packet, policy: str, version: int, said: Said) -> None:
    """The enterprise does not want a benefit. Raises Unanswered where nothing comes of it."""
    found = benefits.load(packet.packet, policy)
    if found is None:
        raise Unanswered(problems.NOT_FOUND)
    say(found, version, said, "")
