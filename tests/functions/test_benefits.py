"""Benefits by the handlers: granted once when facts change, sums that hold, who waits is served, told and in lists."""

from datetime import date
from typing import Any

import pytest
from kaigong import catalog
from kaigong.domain.flow import benefits as rules
from kaigong.domain.model.benefits import BenefitState, Decline, Revoke
from kaigong.domain.model.packet import NoticeKind
from kaigong.domain.model.policy import Policy
from kaigong.domain.model.text import Text
from kaigong.errors import NewerVersionExists
from kaigong.handlers import watch
from kaigong.store import benefits, keys, packets

from tests.hours import LaterClock

from .asking import OTHER, OWN, played, soil
from .conftest import NewWorld
from .story import PACKET, decision, play
from .test_lost_facts import look_after
from .test_supervision import COMMITTED, said
from .world import Faults, World

STATES = BenefitState
REWARD = Policy(
    code="reward",
    name=Text(zh="样例奖励", en="Example reward"),
    department="housing",
    basis=Text(zh="样例办法", en="Example rules"),
    since=date(2020, 1, 1),
    conditions=[
        {"fact": "approved", "ask": "all-of", "values": ["soil-conservation"]},
        {"fact": "gaps-open", "ask": "at-most", "values": ["0"]},
    ],
    yuan=100,
    budget=250,
    cap=200,
)
KEPT = Policy(
    code="kept",
    name=Text(zh="履诺奖励", en="Kept promise"),
    department="housing",
    basis=Text(zh="样例办法", en="Example rules"),
    since=date(2020, 1, 1),
    conditions=[{"fact": "inspected", "ask": "all-of", "values": [COMMITTED]}],
    service=Text(zh="绿色电力咨询", en="energy advice"),
    budget=5,
    cap=1,
)


@pytest.fixture(autouse=True)
def policies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The city's catalogue with policies of our own."""
    ours = catalog.load().changed(policies={"reward": REWARD, "kept": KEPT})
    monkeypatch.setattr(catalog, "load", lambda: ours)


def small_packets(world: World, number: int, *usccs: str) -> list[str]:
    """Packets of one matter each, approved one after another."""
    names = [f"20260306-small{place}" for place in range(number)]
    for place, name in enumerate(names):
        uscc = usccs[place % len(usccs)]
        world.submit(soil(world, name, {"name": f"企业{uscc[-3:]}", "uscc": uscc}))
        world.run()
        for task in world.tasks:
            if task["packet"] == name and not task.get("answered"):
                task["answered"] = True
                world.send("decisions", decision(task, outcome="approve", reasons=[]))
    return names


def spent() -> int:
    return benefits.purse("reward").spent


def held(names: list[str]) -> list[int]:
    found = (benefits.load(name, "reward") for name in names)
    return [b.worth if b and b.state is STATES.GRANTED else 0 for b in found]


def test_a_benefit_is_granted_once_when_the_last_fact_comes_and_enterprise_and_payer_are_told(
    new_world: NewWorld,
) -> None:
    with new_world(Faults(twice=True)) as world:
        play(world)
        found = benefits.of(PACKET)["reward"]
        assert (found.state, found.worth, found.number) == (STATES.GRANTED, 100, 1)
        assert [line.holds for line in found.because] == [True] * 3
        assert spent() == 100
        packet = packets.load_shown(PACKET)
        [notice] = [n for n in packet.notices.values() if n.kind is NoticeKind.BENEFIT]
        assert "CNY 100" in notice.items[0].text.en
        told = {(n["id"], n.get("department")) for n in world.notices if n["kind"] == "benefit"}
        assert {department for _, department in told} == {None, "housing"}
        [row], _ = benefits.to_pay("housing", 50)
        assert (row.packet, row.worth, row.enterprise) == (PACKET, 100, "商丘样例生物科技有限公司")
        events = [event for entry in packets.ledger(PACKET) for event in entry.events if event["event"] == "benefit"]
        assert [(e["policy"], e["what"]) for e in events] == [("reward", "granted")]


def test_what_an_inspection_found_in_order_is_a_fact_too() -> None:
    with played() as world:
        assert "kept" not in benefits.of(PACKET)
        said(world, COMMITTED, {"kind": "finding", "outcome": "fulfilled"})
        assert benefits.of(PACKET)["kept"].state is STATES.GRANTED
        assert not [n for n in packets.load_shown(PACKET).notices.values() if n.kind is NoticeKind.SUPERVISION]


def test_sums_hold_for_workers_at_the_same_time_and_who_was_decided_first_is_served_first(world: World) -> None:
    names = small_packets(world, 6, OWN, OTHER)
    world.run()
    world.workers = 3
    assert held(names) == [100, 100, 0, 0, 0, 0]
    assert spent() == 200
    waiting = [name for name in names if (b := benefits.load(name, "reward")) and b.state is STATES.WAITING]
    assert waiting == names[2:]
    assert benefits.purse("reward").waiting == 4
    for name in names:
        world.send("benefits", {"packet": name})
    world.run()
    assert held(names) == [100, 100, 0, 0, 0, 0]


def test_many_workers_that_get_the_same_packets_give_each_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = catalog.load().changed(policies={})
    with monkeypatch.context() as patch:
        patch.setattr(catalog, "load", lambda: ours)
        names = small_packets(world, 5, OWN, OTHER)
        world.run()
    assert spent() == 0
    world.workers = 4
    for name in names:
        world.send("benefits", {"packet": name})
    for _ in range(40):
        if (delivery := world._next()) is None:
            break
        world.deliver(delivery)
    assert sum(held(names)) == spent() == 200
    assert sorted(b.number for name in names if (b := benefits.load(name, "reward")) and b.worth) == [1, 2]


@pytest.mark.parametrize(
    "says", [Decline(kind="decline"), Revoke(kind="revoke", reason="事实有误", basis="样例办法")], ids=lambda s: s.kind
)
def test_what_is_given_back_goes_to_who_waits_first(world: World, says: Any) -> None:
    names = small_packets(world, 4, OWN, OTHER)
    world.run()
    give_back(world, names[0], says)
    assert held(names) == [0, 100, 100, 0]
    assert spent() == 200
    kinds = [n.kind for n in packets.load_shown(names[2]).notices.values()]
    assert kinds.count(NoticeKind.BENEFIT) == 2  # it waits; it is served


def give_back(world: World, name: str, says: Any) -> None:
    there = benefits.load(name, "reward")
    assert there
    purse = benefits.purse("reward", there.uscc)
    now, has = rules.say(there, says, "", purse, there.decided_at)
    fact = rules.fact(there, now)
    assert fact
    with world.inside("portal"):
        benefits.save(there, now, purse, has, fact)
    world.run()


def test_a_fact_that_does_not_hold_any_more_puts_a_benefit_in_question(world: World) -> None:
    [name] = small_packets(world, 1, OWN)
    world.run()
    [task] = [t for t in world.tasks if t["packet"] == name]
    reasons = [{"text": "方案不实", "basis": "行政许可法 §69"}]
    world.send("decisions", revocation(task, reasons))
    world.run()
    found = benefits.load(name, "reward")
    assert found
    assert found.state is STATES.GRANTED
    assert [line.fact for line in found.in_question] == ["approved"]
    [row], _ = benefits.to_pay("housing", 50)
    assert row.in_question


def revocation(task: dict[str, Any], reasons: list[dict[str, str]]) -> dict[str, Any]:
    said = {name: task[name] for name in ("packet", "review_id", "reply_token")}
    head = {"schema": "kaigong/revocation/1", "id": "r-1", "sent_at": "2026-03-06T02:00:00+08:00"}
    return {**head, **said, "officer": "审查员", "kind": "revoke", "reasons": reasons}


def test_a_budget_that_was_raised_serves_who_waits_before_who_comes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = small_packets(world, 3, OWN, OTHER)
    world.run()
    assert held(names) == [100, 100, 0]
    ours = catalog.load().changed(policies={"reward": REWARD.changed(budget=300, cap=300)})
    monkeypatch.setattr(catalog, "load", lambda: ours)
    world.send("benefits", {"packet": names[0]})
    world.run()
    assert held(names) == [100, 100, 100]


def test_a_grant_whose_event_never_came_is_told_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "datetime", LaterClock)
    monkeypatch.setattr(watch, "FINISHED_EVERY", 1)
    world.faults.lose = lambda sk: keys.kind_of(sk) == keys.BENEFIT and sk.startswith("BENEFIT#reward#")
    [name] = small_packets(world, 1, OWN)
    world.run()
    assert not packets.load(name).benefited_to
    look_after(world)
    assert packets.load(name).benefited_to == {"reward": 1}


def test_whatever_call_it_dies_at_the_same_is_given(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two packets for one grant's money: each death is lived from the same start."""
    ours = catalog.load().changed(policies={"reward": REWARD.changed(budget=100, cap=100)})
    names = small_packets(world, 2, OWN, OTHER)
    world.run()
    monkeypatch.setattr(catalog, "load", lambda: ours)
    for number in range(60):  # after a call, which is before the next one
        forget(world)
        world.calls.clear()
        world.death = number, "after"
        for name in names:
            world.send("benefits", {"packet": name})
        world.deliver_to("benefit")
        died = world.death is None
        world.death = None
        world.deliver_to("benefit")  # what came again
        assert sorted(held(names)) == [0, 100]
        assert (spent(), benefits.purse("reward").waiting) == (100, 1)
        if not died:
            assert number > 10
            return
    raise AssertionError("it never ends")


def forget(world: World) -> None:
    """As if no policy had looked yet."""
    from kaigong.settings import settings
    from kaigong.store.clients import client

    table = settings().table_name
    for item in client("dynamodb").scan(TableName=table)["Items"]:
        ours = item["pk"]["S"].startswith(("BENEFIT#", "POLICY#")) or item["sk"]["S"].startswith("BENEFIT#")
        if ours:
            client("dynamodb").delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    world.waiting.clear()


def test_two_who_read_the_same_purse_cannot_both_write(world: World) -> None:
    first, second = small_packets(world, 2, OWN, OTHER)
    world.run()
    there, other = benefits.load(first, "reward"), benefits.load(second, "reward")
    assert there
    assert other
    purse = benefits.purse("reward", there.uscc)
    for benefit, refused in ((there, False), (other, True)):
        now, has = rules.say(benefit, Decline(kind="decline"), "", purse, there.decided_at)
        fact = rules.fact(benefit, now)
        assert fact
        if refused:
            with pytest.raises(NewerVersionExists):
                benefits.save(benefit, now, purse, has, fact)
        else:
            benefits.save(benefit, now, purse, has, fact)
