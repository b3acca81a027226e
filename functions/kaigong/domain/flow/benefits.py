"""Benefits without application: who qualifies by which facts, who is served when, and what ends a benefit.

Every function is pure. A policy is data (`domain/model/policy`): a new one needs no line here. Whoever qualifies is
served once for a packet, in the order in which that is decided, while the budget lasts; then one waits, in the order of
the joint results, and nobody who comes later is served before, be it less. Source: mission 13.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from kaigong.domain import words
from kaigong.domain.model.benefits import (
    MOST_STEPS,
    Because,
    Benefit,
    BenefitDone,
    BenefitEvent,
    BenefitFact,
    BenefitRefusal,
    BenefitState,
    Case,
    Decline,
    Pay,
    Purse,
    Revoke,
    Said,
    after,
    can,
)
from kaigong.domain.model.catalogue import Catalogue, Code, Route
from kaigong.domain.model.packet import Header, Packet, ReviewState
from kaigong.domain.model.policy import FORM, Ask, Condition, FactKind, Policy
from kaigong.domain.model.supervision import SupervisionEvent
from kaigong.errors import Refused

TERM = "term"  # the line of because that is about the days of a policy
ORDER = "benefits"  # in the outbox: facts that policies look at changed
_E, _S = BenefitEvent, BenefitState
_GIVEN = (_S.GRANTED, _S.PAID)
_OVER = (_S.DECLINED, _S.REVOKED)
TEN_THOUSAND = 10_000  # yuan, in which the form counts money


# the facts


def case(packet: Packet) -> Case | None:
    """What policies look at; None before the joint result."""
    header, result = packet.header, packet.result
    if header is None or result is None:
        return None
    return Case(
        packet=packet.packet,
        uscc=header.enterprise.uscc,
        decided_at=result.decided_at,
        facts={name: values for name, values in _facts(packet, header) if values},
    )


def _facts(packet: Packet, header: Header) -> Iterator[tuple[str, tuple[str, ...]]]:
    stands = [m for m in packet.routes if _stands(packet, m)]
    inspected = _in_order(packet)
    yield FactKind.PROCESS, (header.process,)
    yield FactKind.CHANNEL, (header.channel.value,)
    yield FactKind.GRADE, (header.credit_grade,) if header.credit_grade else ()
    yield FactKind.RESULT, (packet.result.code.value,) if packet.result else ()
    yield FactKind.APPROVED, tuple(stands)
    yield FactKind.COMMITTED, tuple(m for m in stands if packet.routes[m] is Route.COMMITMENT)
    yield FactKind.INSPECTED, tuple(m for m in stands if m in inspected)
    yield FactKind.GAPS_OPEN, (str(len(packet.owed())),)
    yield FactKind.GAPS_LATE, (str(sum(gap.overdue_at is not None for gap in packet.gaps.values())),)
    yield FactKind.BREACHES, (str(len(packet.breaches)),)
    for field, value in packet.form.values.items() if packet.form else ():
        yield f"{FORM}{field}", (value,)


def _stands(packet: Packet, matter: Code) -> bool:
    review = packet.reviews.get(matter)
    return review is not None and review.state is ReviewState.APPROVED


def _in_order(packet: Packet) -> set[Code]:
    """The matters of which the newest finding that is on record is that they are in order."""
    known = (f for f in packet.supervised.values() if f.version <= packet.supervised_to.get(f.matter, 0))
    newest = {fact.matter: fact.event for fact in sorted(known, key=lambda fact: fact.version)}
    return {matter for matter, event in newest.items() if event is SupervisionEvent.FULFILLED}


# who qualifies


def because(policy: Policy, found: Case, catalogue: Catalogue, zone: tzinfo) -> tuple[Because, ...]:
    """Why somebody qualifies, or does not, line by line; each says where what is on record stands."""
    day = _decided_on(found, zone)
    ok = _in_term(policy, day)
    term = words.benefits.term(day, policy.since, policy.until, holds=ok)
    first = Because(fact=TERM, holds=ok, text=term, evidence=words.benefits.EVIDENCE[FactKind.RESULT])
    return (
        first,
        *(_line(condition, found.facts.get(condition.fact, ()), catalogue) for condition in policy.conditions),
    )


def _decided_on(found: Case, zone: tzinfo) -> date:
    """The day of the joint result by the clock of the hall, whose days a policy's term is written in."""
    return found.decided_at.astimezone(zone).date()


def _in_term(policy: Policy, day: date) -> bool:
    return policy.since <= day and (policy.until is None or day <= policy.until)


def entitled(policy: Policy, found: Case, zone: tzinfo) -> bool:
    """Whether somebody qualifies, without the words."""
    in_term = _in_term(policy, _decided_on(found, zone))
    return in_term and all(holds(c, found.facts.get(c.fact, ())) for c in policy.conditions)


def _line(condition: Condition, values: tuple[str, ...], catalogue: Catalogue) -> Because:
    ok = holds(condition, values)
    return Because(
        fact=condition.fact,
        holds=ok,
        text=words.benefits.line(condition, values, catalogue, holds=ok),
        evidence=words.benefits.evidence(condition),
    )


def holds(condition: Condition, values: tuple[str, ...]) -> bool:
    """Whether a condition holds of what is on record. What is not on record holds nothing."""
    if not values:
        return False
    match condition.ask:
        case Ask.ONE_OF:
            return bool(set(values) & set(condition.values))
        case Ask.ALL_OF:
            return set(condition.values) <= set(values)
        case Ask.AT_LEAST | Ask.AT_MOST:
            found, bound = number(values[0]), number(condition.values[0])
            if found is None or bound is None:
                return False
            return found >= bound if condition.ask is Ask.AT_LEAST else found <= bound


def number(written: str) -> Decimal | None:
    """The number that is written; None: it is none."""
    try:
        found = Decimal(written)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def qualifies(lines: Iterable[Because]) -> bool:
    return all(line.holds for line in lines)


def worth(policy: Policy, found: Case) -> int:
    """What a packet that qualifies is given: yuan, without their fractions; of a service one."""
    if policy.share is None:
        return policy.yuan or 1
    money = number("".join(found.facts.get(f"{FORM}{policy.share.field}", ("0",)))) or Decimal(0)
    return max(0, min(policy.share.most, int(money * TEN_THOUSAND * policy.share.per_mille / 1000)))


# who is served


def looked_at(
    policy: Policy,
    packet: Packet,
    there: Benefit | None,
    purse: Purse,
    catalogue: Catalogue,
    now: datetime,
    zone: tzinfo,
) -> tuple[Benefit | None, Purse]:
    """What becomes of one policy and one packet as both are now; the same again changes nothing."""
    found, header = case(packet), packet.header
    if found is None or header is None or (there and there.state in _OVER):
        return there, purse
    lines = because(policy, found, catalogue, zone)
    if there and there.state in _GIVEN:
        return _still_held(there, lines, now), purse
    if not qualifies(lines):
        if there is None or not can(there.state, _E.LAPSED):
            return there, purse
        return _moved(there.changed(because=lines), _E.LAPSED, now), _left(there, purse)
    event, given = served(policy, found, purse)
    if there is None:
        fresh = Benefit(
            packet=packet.packet,
            policy=policy.code,
            version=0,
            state=after(None, event),
            department=policy.department,
            uscc=found.uscc,
            enterprise=header.enterprise.name,
            project=header.project.name,
            named=policy.name,
            service=policy.service,
            decided_at=found.decided_at,
            because=lines,
        )
    elif not can(there.state, event):  # it waits, or is capped, and that is still so
        return there, purse
    else:
        fresh = there.changed(state=after(there.state, event), because=lines, named=policy.name)
    return _entered(fresh, there, event, given, purse, now)


def served(policy: Policy, found: Case, purse: Purse) -> tuple[BenefitEvent, int]:
    """What somebody who qualifies gets now, and how much: what is left under the cap; of the budget all of it, or one
    waits.
    """
    given = min(worth(policy, found), policy.cap - purse.given)
    if given <= 0:
        return _E.CAPPED, 0
    if purse.first not in ("", found.packet) or purse.spent + given > policy.budget:
        return _E.WAITS, 0
    return _E.GRANTED, given


def _entered(
    fresh: Benefit, there: Benefit | None, event: BenefitEvent, given: int, purse: Purse, now: datetime
) -> tuple[Benefit, Purse]:
    """The benefit with what it was given, and the purse after that."""
    if there and there.state is _S.WAITING:
        purse = _left(there, purse)
    if event is _E.GRANTED:
        purse = purse.changed(spent=purse.spent + given, given=purse.given + given, granted=purse.granted + 1)
        fresh = fresh.changed(worth=given, number=purse.granted)
    elif event is _E.WAITS:
        purse = purse.changed(waiting=purse.waiting + 1)
    return _noted(fresh, event, now), purse


def _left(there: Benefit, purse: Purse) -> Purse:
    """The purse, once a benefit does not wait any more."""
    if there.state is not _S.WAITING:
        return purse
    return purse.changed(waiting=purse.waiting - 1, first="" if purse.first == there.packet else purse.first)


def _still_held(there: Benefit, lines: tuple[Because, ...], now: datetime) -> Benefit:
    """A fact may turn out wrong, or change, after something was given: the department looks at it. The term counted
    when it was given.
    """
    asked = {line.fact for line in there.because} - {TERM}  # of a condition that came later nothing follows
    wrong = tuple(line for line in lines if not line.holds and line.fact in asked)
    if wrong == there.in_question or len(there.done) >= MOST_STEPS:
        return there
    return _moved(there.changed(in_question=wrong), _E.QUESTIONED if wrong else _E.SETTLED, now)


# what is said of one


class Refusal(Refused):
    """Nothing comes of what was said, and why."""

    def __init__(self, why: BenefitRefusal) -> None:
        text = words.benefits.REFUSALS[why]
        super().__init__(text.zh, text.en)
        self.why = why


def say(there: Benefit, said: Said, who: str, purse: Purse, now: datetime) -> tuple[Benefit, Purse]:
    """The benefit and the purse after something was said. Raises Refusal where nothing comes of it.

    What was not paid yet goes back, and is there for who waits; what was paid is to be got back first (choice).
    """
    event = {"decline": _E.DECLINED, "pay": _E.PAID, "revoke": _E.REVOKED}[said.kind]
    if not can(there.state, event):
        raise Refusal(BenefitRefusal.NOT_NOW)
    match said:
        case Decline():
            return _moved(there, event, now, who), _given_back(there, purse)
        case Pay():
            if there.in_question and said.despite is None:
                raise Refusal(BenefitRefusal.IN_QUESTION)
            paid = there.changed(reference=said.reference, reason=said.despite or "")
            return _moved(paid, event, now, who), purse
        case Revoke():
            revoked = there.changed(reason=said.reason, basis=said.basis)
            return _moved(revoked, event, now, who), _given_back(there, purse)


def _given_back(there: Benefit, purse: Purse) -> Purse:
    if there.state is not _S.GRANTED:
        return purse
    return purse.changed(spent=purse.spent - there.worth, given=purse.given - there.worth)


def _moved(there: Benefit, event: BenefitEvent, now: datetime, who: str = "") -> Benefit:
    """The benefit in its next state. Raises Impossible."""
    return _noted(there.changed(state=after(there.state, event)), event, now, who)


def _noted(there: Benefit, event: BenefitEvent, now: datetime, who: str = "") -> Benefit:
    done = (*there.done, BenefitDone(event=event, at=now, who=who))
    return there.changed(version=there.version + 1, done=done)


def fact(before: Benefit | None, now: Benefit) -> BenefitFact | None:
    """What the packet is to have on record of a change; None: nothing changed."""
    if before == now:
        return None
    done = now.done[-1]
    return BenefitFact(
        policy=now.policy,
        named=now.named,
        department=now.department,
        version=now.version,
        event=done.event,
        worth=now.worth,
        service=now.service,
        text=words.benefits.revoked_for(now.reason, now.basis) if done.event is _E.REVOKED else "",
        at=done.at,
    )


def concerns(packet: Packet, policies: Mapping[Code, Policy], zone: tzinfo) -> bool:
    """Whether a policy may give something for the packet, or gave or refused something before."""
    found = case(packet)
    if found is None:
        return False
    return bool(packet.benefits) or any(entitled(policy, found, zone) for policy in policies.values())


# what a policy would have given


def simulated(policy: Policy, cases: Iterable[Case], zone: tzinfo) -> Iterator[tuple[Case, BenefitEvent | None, int]]:
    """What would have become of each of these, in the order of their joint results: granted, waiting, capped, or
    nothing; and how much.
    """
    spent, waiting, given = 0, "", dict[str, int]()
    for found in sorted(cases, key=lambda one: (one.decided_at, one.packet)):
        if not entitled(policy, found, zone):
            yield found, None, 0
            continue
        event, more = served(policy, found, Purse(spent=spent, given=given.get(found.uscc, 0), first=waiting))
        spent, given[found.uscc] = spent + more, given.get(found.uscc, 0) + more
        waiting = waiting or (found.packet if event is _E.WAITS else "")
        yield found, event, more
