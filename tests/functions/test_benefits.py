"""Benefits by the handlers: granted once when facts change, sums that hold, who waits is served, told and in lists."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from kaigong import catalog
from kaigong.contract.routes import Group
from kaigong.domain.flow import benefits as rules
from kaigong.domain.model.benefits import BenefitState, Decline, Revoke
from kaigong.domain.model.packet import NoticeKind, Packet
from kaigong.domain.model.policy import Policy
from kaigong.domain.model.text import Text
from kaigong.errors import NewerVersionExists
from kaigong.handlers import benefit as function
from kaigong.handlers import daily, watch
from kaigong.portal import access
from kaigong.settings import settings
from kaigong.store import benefits, keys, packets
from kaigong.store.clients import client

from tests.hours import LATER

from .asking import APPLICANT, OPERATIONS, OTHER, OWN, ask, played, soil
from .conftest import NewWorld
from .story import PACKET, decision, play, revocation
from .test_lost_facts import look_after
from .test_supervision import COMMITTED, ENTERPRISE, page, said
from .world import Context, Faults, World

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


NAMES = [f"20260306-small{number}" for number in range(6)]


@pytest.fixture
def world() -> Iterator[World]:
    """Six packets of one matter each, of two enterprises in turn, approved one after another; no policy looked yet."""
    with played(_decide) as world:
        yield world


def _decide(world: World) -> None:
    nothing = catalog.load().changed(policies={})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog, "load", lambda: nothing)
        for place, name in enumerate(NAMES):
            uscc = (OWN, OTHER)[place % 2]
            world.submit(soil(world, name, {"name": f"企业{uscc[-3:]}", "uscc": uscc}))
            world.run()
            [task] = [task for task in world.tasks if task["packet"] == name]
            world.send("decisions", decision(task, outcome="approve", reasons=[]))
            world.run()


def small_packets(world: World, number: int) -> list[str]:
    """Some of them, at which policies looked."""
    for name in NAMES[:number]:
        world.send("benefits", {"packet": name})
        world.run()
    return NAMES[:number]


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

        # what an inspection found in order is a fact too
        assert "kept" not in benefits.of(PACKET)
        said(world, COMMITTED, {"kind": "finding", "outcome": "fulfilled"})
        assert benefits.of(PACKET)["kept"].state is STATES.GRANTED
        assert not [n for n in packets.load_shown(PACKET).notices.values() if n.kind is NoticeKind.SUPERVISION]


def test_sums_hold_for_workers_at_the_same_time_and_who_was_decided_first_is_served_first(world: World) -> None:
    world.workers = 3
    names = small_packets(world, 6)
    assert held(names) == [100, 100, 0, 0, 0, 0]
    assert spent() == 200
    waiting = [name for name in names if (b := benefits.load(name, "reward")) and b.state is STATES.WAITING]
    assert waiting == names[2:]
    assert benefits.purse("reward").waiting == 4
    for name in names:
        world.send("benefits", {"packet": name})
    world.run()
    assert held(names) == [100, 100, 0, 0, 0, 0]


def test_many_workers_that_get_the_same_packets_give_each_once(world: World) -> None:
    names = NAMES[:5]
    world.workers = 4
    for name in names:
        world.send("benefits", {"packet": name})
    world.run()
    assert sum(held(names)) == spent() == 200
    assert sorted(b.number for name in names if (b := benefits.load(name, "reward")) and b.worth) == [1, 2]


@pytest.mark.parametrize(
    "says", [Decline(kind="decline"), Revoke(kind="revoke", reason="事实有误", basis="样例办法")], ids=lambda s: s.kind
)
def test_what_is_given_back_goes_to_who_waits_first(world: World, says: Any) -> None:
    names = small_packets(world, 4)
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
    [name] = small_packets(world, 1)
    [task] = [t for t in world.tasks if t["packet"] == name]
    reasons = [{"text": "方案不实", "basis": "行政许可法 §69"}]
    world.send("decisions", revocation(task, kind="revoke", reasons=reasons))
    world.run()
    found = benefits.load(name, "reward")
    assert found
    assert found.state is STATES.GRANTED
    assert [line.fact for line in found.in_question] == ["approved"]
    [row], _ = benefits.to_pay("housing", 50)
    assert row.in_question


def revoked(world: World, name: str) -> Packet:
    """The approval that the policy asks for is taken back. Returns the packet as it was before."""
    before = packets.load_without_uploads(name)
    [task] = [task for task in world.tasks if task["packet"] == name]
    reasons = [{"text": "方案不实", "basis": "行政许可法 §69"}]
    world.send("decisions", revocation(task, kind="revoke", reasons=reasons))
    world.run()
    return before


def stale(before: Packet, times: int) -> Callable[[str], Packet]:
    """A reader that gets a packet so many times as it was."""
    left, read = [before] * times, packets.load_without_uploads
    return lambda name: left.pop() if left and name == before.packet else read(name)


def test_nothing_is_given_on_facts_that_changed_since_the_packet_was_first_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = revoked(world, NAMES[0])
    monkeypatch.setattr(packets, "load_without_uploads", stale(before, 1))
    small_packets(world, 1)
    assert benefits.load(NAMES[0], "reward") is None
    assert spent() == 0


def test_what_was_given_at_the_moment_at_which_a_fact_changed_is_put_in_question(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = revoked(world, NAMES[0])
    with monkeypatch.context() as patch:
        patch.setattr(packets, "load_without_uploads", stale(before, 99))
        world.send("benefits", {"packet": NAMES[0]})
        world.deliver_to("benefit")
    world.run()
    found = benefits.load(NAMES[0], "reward")
    assert found
    assert [done.event.value for done in found.done] == ["granted", "questioned"]


def test_who_lost_a_place_by_facts_that_hold_again_gets_it_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names = small_packets(world, 3)
    now = packets.load_without_uploads(names[2])
    stale_ = now.changed(reviews={})  # as if its approval did not stand
    with monkeypatch.context() as patch:
        patch.setattr(packets, "load_without_uploads", stale(stale_, 99))
        world.send("benefits", {"packet": names[2]})
        world.deliver_to("benefit")
    found = benefits.load(names[2], "reward")
    assert found
    assert found.state is STATES.LAPSED
    world.run()
    found = benefits.load(names[2], "reward")
    assert found
    assert found.state is STATES.WAITING


def test_a_budget_that_was_raised_serves_who_waits_before_who_comes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = small_packets(world, 3)
    assert held(names) == [100, 100, 0]
    ours = catalog.load().changed(policies={"reward": REWARD.changed(budget=300, cap=300)})
    monkeypatch.setattr(catalog, "load", lambda: ours)
    world.send("benefits", {"packet": NAMES[3]})
    world.run()
    assert held(NAMES[:4]) == [100, 100, 100, 0]


def test_a_budget_that_was_raised_is_noticed_by_night_though_no_packet_comes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = small_packets(world, 3)
    assert held(names) == [100, 100, 0]
    ours = catalog.load().changed(policies={"reward": REWARD.changed(budget=300, cap=300)})
    monkeypatch.setattr(catalog, "load", lambda: ours)
    monkeypatch.setattr(daily, "CATCH_UP", 0)
    with world.inside("daily"):
        daily.handler({}, Context())
    world.run()
    assert held(names) == [100, 100, 100]
    asked = world.queues_used["benefits"]
    with world.inside("daily"):
        daily.handler({}, Context())
    assert world.queues_used["benefits"] == asked  # nobody waits any more


def unreadable(name: str) -> None:
    place = {"pk": {"S": keys.packet_pk(name)}, "sk": {"S": keys.HEADER}}
    client("dynamodb").update_item(TableName=settings().table_name, Key=place, UpdateExpression="REMOVE enterprise")


def state(name: str, policy: str = "reward") -> BenefitState | None:
    found = benefits.load(name, policy)
    return found.state if found else None


def with_policies(monkeypatch: pytest.MonkeyPatch, *policies: Policy) -> None:
    ours = catalog.load().changed(policies={policy.code: policy for policy in policies})
    monkeypatch.setattr(catalog, "load", lambda: ours)


def by_night(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "CATCH_UP", 0)
    with world.inside("daily"):
        daily.handler({}, Context())
    world.run()


def asked_by_night(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where a message is about a packet that cannot be read, and fails until it lies among the dead letters:
    each is delivered once.
    """
    monkeypatch.setattr(daily, "CATCH_UP", 0)
    with world.inside("daily"):
        daily.handler({}, Context())
    world.deliver_to("benefit")
    assert world.again
    world.waiting["benefit"].clear()
    world.run()


def test_who_waits_first_and_cannot_be_read_holds_up_neither_the_line_nor_other_policies(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = small_packets(world, 5)
    assert [state(name) for name in names[2:]] == [STATES.WAITING] * 3
    for name in names[2:4]:
        unreadable(name)
    more = REWARD.changed(code="second", cap=300)
    with_policies(monkeypatch, REWARD.changed(budget=300, cap=300), more)
    world.send("benefits", {"packet": names[4]})
    world.run()
    assert not world.again
    assert [state(name) for name in names[2:]] == [STATES.WAITING, STATES.WAITING, STATES.GRANTED]
    assert state(names[4], "second") is STATES.GRANTED
    with_policies(monkeypatch, REWARD.changed(budget=300, cap=300))
    world.send("benefits", {"packet": NAMES[5]})
    world.run()
    assert state(NAMES[5]) is STATES.WAITING  # nothing is left: it does not ask for itself for ever


def test_who_waits_first_and_cannot_be_read_does_not_hold_up_a_raised_budget_by_night(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = small_packets(world, 4)
    unreadable(names[2])
    with_policies(monkeypatch, REWARD.changed(budget=300, cap=300))
    asked_by_night(world, monkeypatch)
    assert state(names[3]) is STATES.GRANTED


def test_a_benefit_that_cannot_be_read_holds_up_no_other_policy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    [name] = small_packets(world, 1)
    place = {"pk": {"S": keys.benefits_pk(name)}, "sk": {"S": keys.benefit_sk("reward")}}
    client("dynamodb").update_item(TableName=settings().table_name, Key=place, UpdateExpression="REMOVE content")
    with_policies(monkeypatch, REWARD, REWARD.changed(code="second"))
    world.send("benefits", {"packet": name})
    world.deliver_to("benefit")
    assert state(name, "second") is STATES.GRANTED
    assert world.again == ["benefit"]  # till it lies among the dead letters
    world.waiting["benefit"].clear()


# the cap of an enterprise

CAPPING = REWARD.changed(cap=100)  # one for each enterprise


def capped(world: World, monkeypatch: pytest.MonkeyPatch, number: int) -> list[str]:
    """Some packets: the first of each enterprise got it, those after it are capped."""
    with_policies(monkeypatch, CAPPING)
    names = small_packets(world, number)
    assert [state(name) for name in names] == [STATES.GRANTED] * 2 + [STATES.CAPPED] * (number - 2)
    return names


@pytest.mark.parametrize(
    "says", [Decline(kind="decline"), Revoke(kind="revoke", reason="事实有误", basis="样例办法")], ids=lambda s: s.kind
)
def test_what_an_enterprise_gives_back_goes_to_its_own_packet_that_was_capped(
    world: World, monkeypatch: pytest.MonkeyPatch, says: Any
) -> None:
    names = capped(world, monkeypatch, 6)
    give_back(world, names[0], says)
    left = STATES.DECLINED if says.kind == "decline" else STATES.REVOKED
    assert [state(name) for name in names] == [left, *[STATES.GRANTED] * 2, *[STATES.CAPPED] * 3]
    assert spent() == 200
    assert [packet for _, packet in benefits.capped("reward", OWN)] == [names[4]]
    assert {packet for _, packet in benefits.capped("reward")} == set(names[3:])


def test_a_packet_that_was_capped_takes_its_place_in_the_line_by_its_result(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_policies(monkeypatch, CAPPING.changed(budget=200))
    names = small_packets(world, 4)
    assert [state(name) for name in names[2:]] == [STATES.CAPPED] * 2
    with_policies(monkeypatch, CAPPING.changed(budget=200, cap=200))  # the cap is raised, the budget is used up
    by_night(world, monkeypatch)
    assert [state(name) for name in names[2:]] == [STATES.WAITING] * 2
    assert list(benefits.capped("reward")) == []
    assert benefits.waiting("reward", 5) == names[2:]


def test_a_cap_that_was_raised_is_noticed_by_night_though_no_packet_comes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = capped(world, monkeypatch, 6)
    asked = world.queues_used["benefits"]
    by_night(world, monkeypatch)
    assert world.queues_used["benefits"] == asked  # nobody has room
    unreadable(names[2])
    with_policies(monkeypatch, CAPPING.changed(cap=200, budget=400))
    asked_by_night(world, monkeypatch)
    later = [state(name) for name in names[2:]]
    assert later == [STATES.CAPPED, STATES.GRANTED, STATES.GRANTED, STATES.CAPPED]  # two for each enterprise


def test_of_many_that_are_capped_a_night_looks_at_some_and_the_next_at_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = capped(world, monkeypatch, 6)
    monkeypatch.setattr(daily, "MOST_CAPPED", 1)
    monkeypatch.setattr(function, "SERVED", 1)
    with_policies(monkeypatch, CAPPING.changed(cap=300, budget=600))
    for _ in range(2):
        by_night(world, monkeypatch)
    assert [state(name) for name in names] == [STATES.GRANTED] * 6


def test_one_that_is_capped_by_a_sum_that_is_not_there_any_more_is_looked_at_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was looked at before something was given back, and written after it."""
    with_policies(monkeypatch, CAPPING)
    names = small_packets(world, 2)
    packet, purse = packets.load(NAMES[2]), benefits.purse("reward", OWN)
    now, has = rules.looked_at(CAPPING, packet, None, purse, catalog.load(), datetime.now(UTC), settings().office.zone)
    assert now
    assert now.state is STATES.CAPPED
    fact = rules.fact(None, now)
    assert fact
    give_back(world, names[0], Decline(kind="decline"))
    with pytest.raises(NewerVersionExists):
        benefits.save(None, now, purse, has, fact)


def test_who_qualifies_no_more_is_not_kept_among_the_capped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names = capped(world, monkeypatch, 3)
    revoked(world, names[2])
    assert state(names[2]) is STATES.LAPSED
    assert list(benefits.capped("reward")) == []


def test_a_grant_whose_event_never_came_is_told_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "datetime", LATER)
    monkeypatch.setattr(watch, "FINISHED_EVERY", 1)
    world.faults.lose = lambda sk: keys.kind_of(sk) == keys.BENEFIT and sk.startswith("BENEFIT#reward#")
    [name] = small_packets(world, 1)
    assert not packets.load(name).benefited_to
    look_after(world)
    assert packets.load(name).benefited_to == {"reward": 1}


def test_whatever_call_it_dies_at_the_same_is_given(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two packets for one grant's money: each death is lived from the same start."""
    ours = catalog.load().changed(policies={"reward": REWARD.changed(budget=100, cap=100)})
    names = NAMES[:2]
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
    table = settings().table_name
    for item in client("dynamodb").scan(TableName=table)["Items"]:
        ours = item["pk"]["S"].startswith(("BENEFIT#", "POLICY#")) or item["sk"]["S"].startswith("BENEFIT#")
        if ours:
            client("dynamodb").delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    world.waiting.clear()


# at the portal

PAYER = access.Caller(name="payer", called="支付员", groups=frozenset({Group.DEPARTMENT}), department="housing")
PAYING = {"cognito:groups": "[department]", "custom:department": "housing", "name": "支付员"}


def version(name: str) -> str:
    found = benefits.load(name, "reward")
    assert found
    return str(found.version)


def test_the_enterprise_reads_why_and_may_decline_and_the_department_pays_what_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = small_packets(world, 2)
    theirs = f"/packets/{first}/benefits"
    shown = page(world, monkeypatch, ENTERPRISE, theirs)["body"]
    assert "因为已批准的事项" in shown
    assert "100 元" in shown
    assert "履诺奖励" in shown  # and why that one gives nothing
    assert "不符合：检查合格的事项：没有记录" in shown
    listed = page(world, monkeypatch, PAYER, "/benefits")["body"]
    assert first in listed
    assert second in listed
    told = page(world, monkeypatch, ENTERPRISE, f"{theirs}/reward", {"version": "7"})
    assert told["statusCode"] == 409
    assert page(world, monkeypatch, ENTERPRISE, f"{theirs}/reward", {"version": version(first)})["statusCode"] == 303
    assert "企业谢绝" in page(world, monkeypatch, ENTERPRISE, theirs)["body"]
    assert spent() == 100
    one = f"/benefits/{second}.reward"
    assert "登记已兑现" in page(world, monkeypatch, PAYER, one)["body"]
    nothing = page(world, monkeypatch, PAYER, one, {"kind": "pay", "version": version(second)})
    assert nothing["statusCode"] == 422
    paid = {"kind": "pay", "version": version(second), "reference": "国库 118"}
    assert page(world, monkeypatch, PAYER, one, paid)["statusCode"] == 303
    assert "国库 118" in page(world, monkeypatch, PAYER, one)["body"]
    assert second not in page(world, monkeypatch, PAYER, "/benefits")["body"]
    kinds = [item.code for n in packets.load_shown(second).notices.values() for item in n.items]
    assert kinds[-2:] == ["granted", "paid"]


def test_what_is_in_question_is_paid_with_a_reason_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    [name] = small_packets(world, 1)
    [task] = [t for t in world.tasks if t["packet"] == name]
    world.send("decisions", revocation(task, kind="revoke", reasons=[{"text": "方案不实", "basis": "行政许可法 §69"}]))
    world.run()
    one = f"/benefits/{name}.reward"
    assert "事实变化，待核对" in page(world, monkeypatch, PAYER, one)["body"]
    paid = {"kind": "pay", "version": version(name), "reference": "国库 118"}
    refused = page(world, monkeypatch, PAYER, one, paid)
    assert refused["statusCode"] == 409
    assert "写明理由" in refused["body"]
    revoked = {"kind": "revoke", "version": version(name), "reason": "审批已撤销", "basis": "样例办法第八条"}
    assert page(world, monkeypatch, PAYER, one, revoked)["statusCode"] == 303
    notices = packets.load_shown(name).notices
    assert "审批已撤销（依据：样例办法第八条）" in notices[max(notices)].items[0].text.zh


def test_systems_do_the_same_by_the_api_and_everybody_sees_what_is_left(world: World) -> None:
    names = small_packets(world, 3)

    def asked(path: str, claims: Any = None, method: str = "GET", body: Any = None, query: Any = None) -> Any:
        with world.inside("portal"):
            answer = ask(path, claims, query, method, body)
        world.run()
        assert answer["statusCode"] == 200, answer
        return json.loads(answer["body"])

    reward, kept = asked("/api/policies")["policies"]
    assert (reward["left"], reward["used_up"], reward["waiting"], reward["granted"]) == (50, True, 1, 2)
    assert (kept["left"], kept["used_up"], kept["service"]) == (5, False, True)
    assert reward["conditions"][1]["en"] == "promised papers outstanding: at most 0"
    rows = asked("/api/benefits", PAYING)["rows"]
    assert [row["packet"] for row in rows] == names[:2]
    one = f"/api/benefits/{names[0]}.reward"
    found = asked(one, PAYING)
    says = {"kind": "revoke", "reason": "重复享受", "basis": "样例办法第八条"}
    assert asked(one, PAYING, "POST", {"version": found["version"], "says": says})["state"] == "revoked"
    shown = asked(f"/api/packets/{names[2]}/benefits", APPLICANT)["benefits"]  # who waited was served
    assert [(b["policy"]["code"], b["state"], b["can"]) for b in shown] == [("reward", "granted", ["decline"])]
    declined = f"/api/packets/{names[2]}/benefits/reward"
    body = {"version": shown[0]["version"], "says": {"kind": "decline"}}
    assert asked(declined, APPLICANT, "POST", body)["benefits"][0]["state"] == "declined"
    facts = asked("/api/policies/facts", OPERATIONS, query={"year": str(datetime.now(UTC).year)})
    assert {case["packet"] for case in facts["cases"]} == set(NAMES)
    assert facts["cases"][0]["facts"]["approved"] == ["soil-conservation"]


def test_two_who_read_the_same_purse_cannot_both_write(world: World) -> None:
    first, second = small_packets(world, 2)
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
