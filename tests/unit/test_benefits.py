"""Benefits without application: who qualifies and why, who is served when, sums that hold under any interleaving."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong import catalog
from kaigong.catalog import policy_checks
from kaigong.catalog.problem import Located
from kaigong.domain.flow import benefited, benefits
from kaigong.domain.flow.benefits import (
    Refusal,
    because,
    case,
    entitled,
    holds,
    looked_at,
    qualifies,
    say,
    simulated,
    worth,
)
from kaigong.domain.model.benefits import (
    BENEFITS,
    Benefit,
    BenefitEvent,
    BenefitFact,
    BenefitRefusal,
    BenefitState,
    Decline,
    Pay,
    Purse,
    Revoke,
    Said,
)
from kaigong.domain.model.benefits import Case as Facts
from kaigong.domain.model.clock import Due
from kaigong.domain.model.packet import NoticeKind, Packet
from kaigong.domain.model.policy import FactKind, Policy
from kaigong.domain.model.supervision import SupervisionEvent, SupervisionFact
from pydantic import ValidationError

from .building import CATALOGUE, MORNING, OFFICE, Case, credit, named

DUE = Due(at=MORNING + timedelta(days=9))
STATES, EVENTS = BenefitState, BenefitEvent
DECLINE = Decline(kind="decline")
PAY = Pay(kind="pay", reference="国库 2026-118")
REVOKE = Revoke(kind="revoke", reason="投资额不实", basis="样例办法第八条")


def policy(**more: Any) -> Policy:
    values: dict[str, Any] = {
        "code": "early-start",
        "name": named("early start"),
        "department": "housing",
        "basis": named("measures"),
        "since": date(2026, 1, 1),
        "conditions": [{"fact": "approved", "ask": "all-of", "values": ["land-use"]}],
        "yuan": 100,
        "budget": 250,
        "cap": 200,
    }
    return Policy.model_validate(values | more)


def asks(fact: str, ask: str, *values: str) -> dict[str, Any]:
    return {"fact": fact, "ask": ask, "values": values}


def decided(*matters: str, **more: Any) -> Case:
    """A packet of which everything is approved."""
    story = Case(credit=credit()).accepted(*(matters or ("land-use",)), **more)
    for matter in story.open():
        story.decide(matter)
    story.advance()
    return story


def facts_of(story: Case) -> dict[str, tuple[str, ...]]:
    found = case(story.packet)
    assert found
    return found.facts


# the facts


def test_before_the_joint_result_nothing_is_looked_at() -> None:
    assert case(Case(credit=credit()).accepted("land-use").packet) is None


def test_the_facts_are_those_on_record_of_the_packet() -> None:
    story = decided("land-use", "soil", process="industrial", promises=("soil-plan",), commitments=("land-use",))
    found = facts_of(story)
    assert found[FactKind.PROCESS] == ("industrial",)
    assert found[FactKind.CHANNEL] == ("green",)
    assert found[FactKind.GRADE] == ("AAA",)
    assert found[FactKind.RESULT] == ("12",)
    assert found[FactKind.APPROVED] == ("land-use", "soil")
    assert found[FactKind.COMMITTED] == ("land-use",)
    assert found[FactKind.GAPS_OPEN] == ("1",)
    assert found[FactKind.BREACHES] == ("0",)
    assert FactKind.INSPECTED not in found


def test_an_approval_that_was_taken_back_counts_no_more() -> None:
    story = decided("land-use", "soil")
    story.revoke("land-use")
    story.advance()
    assert facts_of(story)[FactKind.APPROVED] == ("soil",)


def test_what_an_inspection_found_in_order_counts_until_a_later_one_does_not() -> None:
    story = decided("land-use")

    def found(version: int, event: SupervisionEvent) -> None:
        fact = SupervisionFact(matter="land-use", version=version, event=event, text="经复核", due=DUE, at=story.now)
        story._change(supervised={**story.packet.supervised, fact.name: fact})
        story.advance()
        assert benefits.ORDER in story.orders()

    found(2, SupervisionEvent.FULFILLED)
    assert not story.notices(NoticeKind.SUPERVISION)  # the enterprise need not be told
    assert facts_of(story)[FactKind.INSPECTED] == ("land-use",)
    found(3, SupervisionEvent.SET_ASIDE)
    assert FactKind.INSPECTED not in facts_of(story)


@pytest.mark.parametrize(
    ("ask", "values", "found", "ok"),
    [
        ("one-of", ("AAA", "AA"), ("AA",), True),
        ("one-of", ("AAA", "AA"), ("B",), False),
        ("one-of", ("AAA",), (), False),
        ("all-of", ("a", "b"), ("c", "b", "a"), True),
        ("all-of", ("a", "b"), ("a",), False),
        ("at-least", ("10000",), ("10000",), True),
        ("at-least", ("10000",), ("9999.99",), False),
        ("at-least", ("1",), ("no number",), False),
        ("at-least", ("1",), ("NaN",), False),
        ("at-most", ("0",), ("0",), True),
        ("at-most", ("0",), ("1",), False),
        ("at-most", ("0",), (), False),  # what is not on record holds nothing
    ],
)
def test_a_condition_holds_of_what_is_on_record(
    ask: str, values: tuple[str, ...], found: tuple[str, ...], ok: bool
) -> None:
    [condition] = policy(conditions=[asks("form.x", ask, *values)]).conditions
    assert holds(condition, found) is ok


# why


def test_each_condition_is_a_line_that_says_what_was_asked_what_is_there_and_where_that_stands() -> None:
    story = decided("land-use")
    lines = because(policy(), facts_and(story), CATALOGUE, OFFICE.zone)
    assert [line.fact for line in lines] == ["term", "approved"]
    assert qualifies(lines)
    assert lines[0].text.en.startswith("because the joint result is of 6 March 2026 (the policy runs from 1 January")
    assert lines[1].text.zh == "因为已批准的事项：《land-use》（须包括《land-use》）"
    assert lines[1].text.en == "because matters approved: land-use (asked for: all of land-use)"
    assert lines[1].evidence.en == "joint result"
    other = because(policy(conditions=[asks("form.area", "at-least", "5")]), facts_and(story), CATALOGUE, OFFICE.zone)
    assert not qualifies(other)
    assert other[1].text.en == "does not hold: area: not on record (at least 5)"
    assert other[1].evidence.zh == "申请表"


def facts_and(story: Case) -> Facts:
    found = case(story.packet)
    assert found
    return found


@pytest.mark.parametrize(
    ("since", "until", "ok"),
    [("2026-03-06", None, True), ("2026-03-07", None, False), ("2026-01-01", "2026-03-06", True),
     ("2026-01-01", "2026-03-05", False)],
)  # fmt: skip
def test_the_day_of_the_joint_result_counts_and_the_last_day_is_in(since: str, until: str | None, ok: bool) -> None:
    assert qualifies(because(policy(since=since, until=until), facts_and(decided()), CATALOGUE, OFFICE.zone)) is ok


@pytest.mark.parametrize(("zone", "ok"), [("Asia/Urumqi", True), ("Asia/Shanghai", False)])
def test_the_day_of_the_joint_result_is_that_of_the_halls_clock(zone: str, ok: bool) -> None:
    late = facts_and(decided()).changed(decided_at=datetime(2026, 3, 6, 16, 30, tzinfo=UTC))  # 22:30, and past midnight
    told, there = policy(until="2026-03-06"), OFFICE.changed(time_zone=zone).zone
    assert qualifies(because(told, late, CATALOGUE, there)) is ok
    assert entitled(told, late, there) is ok
    [(_, event, _)] = simulated(told, [late], there)
    assert (event is EVENTS.GRANTED) is ok


def test_every_condition_of_the_shipped_policies_can_be_read_in_both_languages() -> None:
    catalogue = catalog.load()
    assert len(catalogue.policies) == 3
    for entry in catalogue.policies.values():
        assert entry.chosen
        for line in because(entry, facts_and(decided()), catalogue, OFFICE.zone):
            assert "{" not in line.text.zh + line.text.en + line.evidence.zh


# who is served


def look(
    story: Case, there: Benefit | None = None, purse: Purse | None = None, by: Policy | None = None
) -> tuple[Benefit, Purse]:
    found, has = looked_at(by or policy(), story.packet, there, purse or Purse(), CATALOGUE, story.now, OFFICE.zone)
    assert found
    return found, has


def test_who_qualifies_is_granted_once_and_looking_again_changes_nothing() -> None:
    story = decided()
    found, purse = look(story)
    assert (found.state, found.worth, found.number) == (STATES.GRANTED, 100, 1)
    assert (purse.spent, purse.given, purse.granted) == (100, 100, 1)
    assert look(story, found, purse) == (found, purse)
    assert looked_at(policy(since="2027-01-01"), story.packet, None, purse, CATALOGUE, story.now, OFFICE.zone) == (
        None,
        purse,
    )


def test_an_enterprise_gets_what_is_left_under_its_cap_and_then_is_told_so() -> None:
    found, purse = look(decided(), purse=Purse(given=150))
    assert (found.worth, purse.given) == (50, 200)
    found, purse = look(decided(), purse=Purse(given=200))
    assert (found.state, found.worth, purse.spent) == (STATES.CAPPED, 0, 0)


def test_a_budget_that_runs_out_says_so_and_nobody_is_served_before_who_waits() -> None:
    found, purse = look(decided(), purse=Purse(spent=200, granted=2))
    assert (found.state, found.worth) == (STATES.WAITING, 0)
    assert (purse.spent, purse.waiting) == (200, 1)
    small = policy(yuan=10)
    late, _ = look(decided(), purse=purse.changed(first="20260101-other"), by=small)
    assert late.state is STATES.WAITING  # though what it would get is there
    first, purse = look(decided(), found, purse.changed(first=found.packet, spent=150))
    assert (first.state, first.worth, purse.spent, purse.waiting, purse.first) == (STATES.GRANTED, 100, 250, 0, "")


def test_who_waits_and_qualifies_no_more_leaves_the_line() -> None:
    story = decided()
    waits, purse = look(story, purse=Purse(spent=250))
    story.revoke("land-use")
    story.advance()
    found, purse = look(story, waits, purse)
    assert (found.state, purse.waiting) == (STATES.LAPSED, 0)
    assert not qualifies(found.because)


def test_a_share_of_a_sum_is_whole_yuan_and_has_its_own_most() -> None:
    by = policy(yuan=None, share={"field": "total-investment", "per_mille": "0.5", "most": 200_000})
    found = facts_and(decided())

    def given_of(value: str) -> int:
        return worth(by, found.changed(facts={**found.facts, "form.total-investment": (value,)}))

    assert given_of("32000") == 160_000  # 320 million yuan
    assert given_of("0.33") == 1  # of 3,300 yuan 1.65
    assert given_of("10000000") == 200_000
    assert worth(by, found) == 0
    nothing, _ = look(decided(), by=by)
    assert nothing.state is STATES.CAPPED


def test_a_service_counts_as_one() -> None:
    found, purse = look(decided(), by=policy(yuan=None, service=named("monitoring"), budget=5, cap=1))
    assert (found.worth, purse.spent, found.service) == (1, 1, named("monitoring"))


# what becomes of it


def test_a_fact_that_turns_out_wrong_puts_it_in_question_and_the_department_revokes_it_with_reasons() -> None:
    story = decided()
    found, purse = look(story)
    story.revoke("land-use")
    story.advance()
    asked, purse = look(story, found, purse)
    assert asked.state is STATES.GRANTED
    assert [line.fact for line in asked.in_question] == ["approved"]
    assert asked.because == found.because  # why it was given stays
    assert look(story, asked, purse)[0] == asked
    with pytest.raises(Refusal) as refused:
        say(asked, PAY, "李四", purse, MORNING)
    assert refused.value.why is BenefitRefusal.IN_QUESTION
    paid, _ = say(asked, PAY.changed(despite="已核对，仍应兑现"), "李四", purse, MORNING)
    assert paid.state is STATES.PAID
    gone, purse = say(asked, REVOKE, "李四", purse, MORNING)
    assert (gone.state, gone.reason, gone.basis) == (STATES.REVOKED, "投资额不实", "样例办法第八条")
    assert (purse.spent, purse.given) == (0, 0)
    assert look(story, gone, purse) == (gone, purse)  # never given again


def test_a_condition_that_a_policy_got_later_takes_nothing_away() -> None:
    story = decided()
    found, purse = look(story)
    stricter = policy(conditions=[asks("approved", "all-of", "land-use"), asks("grade", "one-of", "B")])
    assert look(story, found, purse, by=stricter)[0] == found


def test_what_is_declined_goes_back_and_what_was_paid_does_not() -> None:
    found, purse = look(decided())
    declined, back = say(found, DECLINE, "", purse, MORNING)
    assert (declined.state, back.spent, back.given) == (STATES.DECLINED, 0, 0)
    paid, same = say(found, PAY, "李四", purse, MORNING)
    assert (paid.state, paid.reference, same) == (STATES.PAID, "国库 2026-118", purse)
    revoked, same = say(paid, REVOKE, "李四", purse, MORNING)
    assert (revoked.state, same) == (STATES.REVOKED, purse)


SAID = (DECLINE, PAY, REVOKE)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("said", SAID, ids=lambda said: said.kind)
def test_what_cannot_be_said_now_is_refused(state: BenefitState, said: Said) -> None:
    found, purse = look(decided())
    event = {"decline": EVENTS.DECLINED, "pay": EVENTS.PAID, "revoke": EVENTS.REVOKED}[said.kind]
    if (state, event) in BENEFITS:
        assert say(found.changed(state=state), said, "", purse, MORNING)[0].state is BENEFITS[state, event]
    else:
        with pytest.raises(Refusal):
            say(found.changed(state=state), said, "", purse, MORNING)


# any interleaving


class Books:
    """What `store/benefits` keeps: a purse on its version, what each enterprise has, who waits."""

    def __init__(self) -> None:
        self.purse, self.given = Purse(), dict[str, int]()
        self.benefits: dict[str, Benefit] = {}

    def read(self, packet: Packet) -> tuple[Benefit | None, Purse]:
        waiting = [b for b in self.benefits.values() if b.state is STATES.WAITING]
        first = min(waiting, key=lambda b: (b.decided_at, b.packet), default=None)
        uscc = packet.header.enterprise.uscc if packet.header else ""
        has = self.purse.changed(given=self.given.get(uscc, 0), first=first.packet if first else "")
        return self.benefits.get(packet.packet), has

    def write(self, before: Benefit | None, now: Benefit, had: Purse, has: Purse) -> bool:
        there = self.benefits.get(now.packet)
        if there != before or (has != had and self.purse.version != had.version):
            return False
        self.benefits[now.packet] = now
        if has != had:
            self.purse = has.changed(version=had.version + 1, given=0, first="")
            self.given[now.uscc] = has.given
        return True


PACKETS = [
    decided().packet.changed(packet=f"20260306-{number:03}") for number in range(8)
]  # of one packet each; their enterprises differ below


def of_enterprise(packet: Packet, number: int) -> Packet:
    assert packet.header
    enterprise = packet.header.enterprise.changed(uscc=f"enterprise-{number % 3}")
    return packet.changed(header=packet.header.changed(enterprise=enterprise))


Step_ = tuple[int, str]
STEPS = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(["read", "write", "decline", "revoke", "pay"])), max_size=60
)


@given(STEPS, st.integers(0, 600), st.integers(1, 300), st.integers(1, 120))
def test_grants_never_exceed_budget_or_cap_however_workers_interleave(
    steps: list[Step_], budget: int, cap: int, yuan: int
) -> None:
    """A worker reads, another one writes, and only then the first one writes; people decline and revoke in between."""
    by, books = policy(budget=budget, cap=cap, yuan=yuan), Books()
    packets = [of_enterprise(packet, number) for number, packet in enumerate(PACKETS)]
    ready: dict[int, tuple[Benefit | None, Benefit | None, Purse, Purse]] = {}
    for number, what in steps:
        packet = packets[number]
        before, had = books.read(packet)
        if what == "read":
            now, has = looked_at(by, packet, before, had, CATALOGUE, MORNING, OFFICE.zone)
            ready[number] = before, now, had, has
        elif what == "write":
            before, now, had, has = ready.pop(number, (None, None, had, had))
            if now and now != before and books.write(before, now, had, has) and now.state is STATES.GRANTED:
                waiting = [b for b in books.benefits.values() if b.state is STATES.WAITING]
                assert not [b for b in waiting if (b.decided_at, b.packet) < (now.decided_at, now.packet)]
        elif before:
            said = {"decline": DECLINE, "revoke": REVOKE, "pay": PAY}[what]
            try:
                now, has = say(before, said, "", had, MORNING)
            except Refusal:
                continue
            books.write(before, now, had, has)
        held = [b for b in books.benefits.values() if b.state in (STATES.GRANTED, STATES.PAID)]
        assert sum(b.worth for b in held) <= books.purse.spent <= budget
        for uscc in {b.uscc for b in held}:
            assert sum(b.worth for b in held if b.uscc == uscc) <= cap
        assert books.purse.waiting == sum(b.state is STATES.WAITING for b in books.benefits.values())


def test_the_books_without_their_version_would_give_too_much() -> None:
    """The property above can fail: two who read the same purse both fit into it."""
    by = policy(budget=100)
    (one, a), (two, b) = (looked_at(by, p, None, Purse(), CATALOGUE, MORNING, OFFICE.zone) for p in PACKETS[:2])
    assert one
    assert two
    assert a.spent + b.spent > by.budget


# what comes of it for the packet


def test_the_packet_s_facts_have_policies_look_and_what_was_given_is_told_to_enterprise_and_payer() -> None:
    story = decided()
    assert benefits.ORDER in story.orders()
    found, _ = look(story)
    fact = benefits.fact(None, found)
    assert fact
    story._change(benefits={fact.name: fact})
    story.advance()
    notice = story.last_notice(NoticeKind.BENEFIT)
    assert notice.departments == ("housing",)
    assert "CNY 100" in notice.items[0].text.en
    assert benefits.ORDER in story.orders()  # the facts may have changed since policies looked at them
    assert story.advance() is None
    assert benefited.to_take(story.packet) == []


def test_of_many_changes_at_once_each_notice_tells_some_and_none_is_left() -> None:
    story = decided()
    facts = [
        BenefitFact(policy=f"p{n}", named=named("x"), department="housing", version=1, event=EVENTS.REVOKED, at=MORNING)
        for n in range(25)
    ]
    story._change(benefits={fact.name: fact for fact in facts})
    while story.advance():
        pass
    assert [len(notice.items) for notice in story.notices(NoticeKind.BENEFIT)] == [10, 10, 5]


@pytest.mark.parametrize("event", EVENTS)
def test_whatever_becomes_of_a_benefit_has_policies_look_once_more(event: BenefitEvent) -> None:
    story = decided()
    fact = BenefitFact(policy="x", named=named("x"), department="housing", version=1, event=event, at=MORNING)
    story._change(benefits={fact.name: fact})
    story.advance()
    assert benefits.ORDER in story.orders()


def test_what_is_declined_has_policies_look_at_who_waits() -> None:
    story = decided()
    found, purse = look(story)
    declined, _ = say(found, DECLINE, "", purse, MORNING)
    fact = benefits.fact(found, declined)
    assert fact
    story._change(benefits={fact.name: fact})
    story.advance()
    assert benefits.ORDER in story.orders()


def test_nothing_is_looked_at_where_no_policy_can_give_anything() -> None:
    packet = decided().packet
    assert benefits.concerns(packet, {"early-start": policy()}, OFFICE.zone)
    assert not benefits.concerns(packet, {"early-start": policy(since="2030-01-01")}, OFFICE.zone)
    told = BenefitFact(policy="x", named=named("x"), department="housing", version=1, event=EVENTS.WAITS, at=MORNING)
    assert benefits.concerns(packet.changed(benefits={told.name: told}), {}, OFFICE.zone)


def test_a_gap_that_closes_after_the_result_has_policies_look_again() -> None:
    story = decided("soil", promises=("soil-plan",))
    story.upload("soil-plan")
    story.advance()
    assert benefits.ORDER in story.orders()


# what it would have given


def test_a_new_policy_is_tried_on_what_was_decided_in_the_order_of_the_results() -> None:
    found = facts_and(decided())
    cases = [
        found.changed(packet=f"p{number}", uscc=f"e{number % 2}", decided_at=MORNING + timedelta(days=9 - number))
        for number in range(4)
    ]
    other = found.changed(packet="not", facts={})
    outcome = [(c.packet, event, given) for c, event, given in simulated(policy(), [*cases, other], OFFICE.zone)]
    assert outcome == [
        ("not", None, 0),
        ("p3", EVENTS.GRANTED, 100),
        ("p2", EVENTS.GRANTED, 100),
        ("p1", EVENTS.WAITS, 0),
        ("p0", EVENTS.WAITS, 0),
    ]


# the data


@pytest.mark.parametrize(
    "wrong",
    [
        {"yuan": None},
        {"service": {"zh": "服务", "en": "service"}},
        {"until": "2025-01-01"},
        {"conditions": []},
        {"conditions": [asks("weather", "one-of", "fine")]},
        {"conditions": [asks("breaches", "at-most", "0", "1")]},
    ],
)
def test_a_policy_of_a_wrong_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        policy(**wrong)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"department": "weather"}, "unknown department"),
        ({"cap": 300}, "larger than the budget"),
        ({"yuan": 210}, "larger than the cap"),
        ({"yuan": None, "share": {"field": "x", "per_mille": 1, "most": 9}}, "no sum of money"),
        ({"conditions": [asks("form.x", "one-of", "a")]}, "no field"),
        ({"conditions": [asks("process", "at-least", "1")]}, "numbers take"),
        ({"conditions": [asks("breaches", "one-of", "1")]}, "numbers take"),
        ({"conditions": [asks("breaches", "at-most", "none")]}, "is no number"),
        ({"conditions": [asks("process", "all-of", "ordinary", "industrial")]}, "has one value"),
        ({"conditions": [asks("approved", "all-of", "weather")]}, "unknown 'weather'"),
        ({"conditions": [asks("grade", "one-of", "Z")]}, "unknown 'Z'"),
    ],
)
def test_a_policy_that_names_what_is_not_there_is_told_so(wrong: dict[str, Any], said: str) -> None:
    located = (Located("policies.json", policy(**wrong)),)
    found = [problem.en for problem in policy_checks.problems(located, policy_checks.of(CATALOGUE))]
    assert [text for text in found if said in text], found


def test_policies_that_fit_have_no_problems() -> None:
    located = (Located("policies.json", policy()),)
    assert list(policy_checks.problems(located, policy_checks.of(CATALOGUE))) == []
