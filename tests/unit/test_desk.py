"""The workbench: what stands first in a queue, who has what, and who may answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.contract import desk
from kaigong.contract.desk import DeskDecision, DeskReason
from kaigong.domain.flow.lease import LEASE, HeldBy, why_not
from kaigong.domain.model.clock import Due, Pause
from kaigong.domain.model.messages import Channel, DecisionReason, Outcome, ProcedureAction, ProcedureKind
from kaigong.domain.model.officer import Assigned, Officer
from kaigong.domain.model.packet import ActKind, Proposal, ReviewState, SentBack
from kaigong.domain.model.waiting import Lease, Waiting
from kaigong.store import keys
from kaigong.views import desk_queue, desk_review
from pydantic import ValidationError

from .building import CATALOGUE, MORNING, OFFICE, Case

moments = st.integers(0, 60 * 24 * 40).map(lambda minutes: MORNING + timedelta(minutes=minutes))
codes = st.sampled_from(["soil", "flood", "permit", "planning"])
packets = st.integers(1, 9).map(lambda number: f"packet-{number}")
pauses = st.builds(
    Pause,
    kind=st.sampled_from(["site-visit", "hearing", "correction"]),
    since=moments,
    until=st.none() | moments,
    round=st.integers(1, 2),
)
waitings = st.builds(
    Waiting,
    packet=packets,
    matter=codes,
    round=st.integers(1, 2),
    channel=st.sampled_from(Channel),
    state=st.sampled_from([ReviewState.OPEN, ReviewState.PAUSED]),
    due=st.builds(Due, at=moments, certain=st.booleans()),
    pauses=st.lists(pauses, max_size=3).map(tuple),
    enterprise=st.just("企业"),
    project=st.just("项目"),
)
queues = st.lists(waitings, max_size=12, unique_by=lambda w: (w.packet, w.matter))


def lease(by: str = "li", until: datetime = MORNING + LEASE, **more: Any) -> Lease:
    fields = {"packet": "packet-1", "matter": "soil", "round": 1, "department": "water", "officer": "李四"}
    return Lease(**fields | {"by": by, "until": until} | more)


def test_the_days_left_are_working_days_after_today() -> None:
    friday = datetime(2026, 3, 6, 2, tzinfo=UTC)
    for due, days in ((friday, 0), (friday + timedelta(days=3), 1), (friday + timedelta(days=5), 3)):
        assert desk_queue.days_left(friday, due, OFFICE) == days
    assert desk_queue.days_left(friday, friday - timedelta(days=1), OFFICE) == 0


def queue(waiting: list[Waiting], leases: tuple[Lease, ...] = (), now: datetime = MORNING) -> desk_queue.DeskQueue:
    return desk_queue.queue("water", waiting, leases, CATALOGUE, now, "li", OFFICE)


# the queue


@given(queues, st.randoms())
def test_priority_comes_first_and_then_what_is_due_first_however_it_was_read(
    waiting: list[Waiting], chance: Any
) -> None:
    rows = queue(waiting).rows
    assert [(r.channel is Channel.ORDINARY, r.due) for r in rows] == sorted(
        (w.channel is Channel.ORDINARY, w.due.at) for w in waiting
    )
    shuffled = [*waiting]
    chance.shuffle(shuffled)
    assert queue(shuffled).rows == rows


@given(queues)
def test_the_index_has_the_order_that_people_see(waiting: list[Waiting]) -> None:
    def place(w: Waiting) -> str:
        priority = w.channel is Channel.GREEN
        return keys.department_index(f"{w.packet}.{w.matter}", "water", w.due.at, priority)["gsi2sk"]

    assert [place(w) for w in sorted(waiting, key=lambda w: w.order)] == sorted(map(place, waiting))
    assert all(desk_queue.is_place(place(w).replace("#", "~")) for w in waiting)


@given(queues, moments)
def test_what_is_late_is_marked_and_what_rests_is_not_late(waiting: list[Waiting], now: datetime) -> None:
    found = queue(waiting, now=now)
    state = {(w.packet, w.matter): w.state for w in waiting}
    for row in found.rows:
        resting = state[row.packet, row.matter.code] is ReviewState.PAUSED
        assert row.overdue == (not resting and now > row.due)
        assert resting or row.rests == ()
        assert len({rest.kind for rest in row.rests}) == len(row.rests)
    assert found.late == sum(row.overdue for row in found.rows)


@given(
    queues, st.lists(st.tuples(packets, codes, st.integers(1, 2), st.sampled_from(["li", "wang"]), moments)), moments
)
def test_a_row_says_who_has_it_only_while_that_holds(waiting: list[Waiting], held: Any, now: datetime) -> None:
    leases = tuple(lease(by, until, packet=p, matter=m, round=r) for p, m, r, by, until in held)
    newest = {(one.packet, one.matter, one.round): one for one in leases}
    found = queue(waiting, leases, now)
    for row in found.rows:
        mine = newest.get((row.packet, row.matter.code, row.round))
        if mine is None or mine.until <= now:
            assert row.held is None
        else:
            assert row.held == HeldBy(officer="李四", until=mine.until, mine=mine.by == "li")
    assert found.mine == sum(row.held is not None and row.held.mine for row in found.rows)


def waits(**more: Any) -> Waiting:
    """A review in the table's lists."""
    plain = {
        "packet": "packet-1", "matter": "soil", "round": 1, "channel": Channel.GREEN, "state": ReviewState.OPEN,
        "due": Due(at=MORNING), "enterprise": "企业", "project": "项目",
    }  # fmt: skip
    return Waiting(**plain | more)


LI, WANG = Officer(account="li", called="李四"), Officer(account="wang", called="王五")


@pytest.mark.parametrize(
    ("assigned", "open_by", "mine"),
    [(LI, None, 1), (LI, "wang", 1), (WANG, "li", 0), (WANG, None, 0), (None, "li", 1), (None, "wang", 0)],
)
def test_what_is_counted_as_mine_is_what_is_in_my_hands(
    assigned: Officer | None, open_by: str | None, mine: int
) -> None:
    review = waits(assigned=Assigned(officer=assigned, at=MORNING) if assigned else None)
    found = queue([review], (lease(open_by),) if open_by else ())
    assert found.mine == mine
    assert [desk_queue.is_mine(row) for row in found.rows] == [bool(mine)]


@pytest.mark.parametrize(
    "text", ["", "x", "2~2026-03-06T09:30:00Z~a-1.soil", "0#2026-03-06T09:30:00Z#a-1.soil", "0~2026-03-06~a-1.soil"]
)
def test_what_is_no_place_in_the_list_is_none(text: str) -> None:
    assert not desk_queue.is_place(text)


@pytest.mark.parametrize(
    ("state", "kind", "round_", "comes_back"),
    [
        (ReviewState.OPEN, "site-visit", 1, True),
        (ReviewState.PAUSED, "site-visit", 1, False),
        (ReviewState.OPEN, "correction", 1, False),
        (ReviewState.OPEN, "hearing", 2, False),  # of another round: this one has a task of its own
    ],
)
def test_a_review_comes_back_when_its_procedure_is_over(
    state: ReviewState, kind: Any, round_: int, comes_back: bool
) -> None:
    pause = Pause(kind=kind, since=MORNING, until=MORNING, round=round_)
    assert waits(state=state, pauses=(pause,)).comes_back is comes_back


# one review


def task(case: Case, held: Lease | None = None, by: str = "li", matter: str = "soil") -> desk_review.DeskTask:
    return desk_review.task(case.packet, case.packet.reviews[matter], CATALOGUE, case.now, OFFICE, held, by)


def reviewed(*matters: str, **more: Any) -> Case:
    return Case().accepted(*(matters or ("soil",)), **more)


def test_a_review_shows_its_papers_and_what_stands_in_for_others() -> None:
    found = task(reviewed("soil", promises=("soil-plan",)))
    assert [(m.slot, m.kind, m.file, m.replaced_by) for m in found.materials] == [
        ("form", "pdf", "f.pdf", None),
        ("soil-plan", None, None, "gap"),
    ]
    assert [gap.slot for gap in found.gaps] == ["soil-plan"]
    assert found.matter.clock is not None
    assert found.why_not is None
    assert "token-" not in found.model_dump_json()


def test_the_gaps_of_other_matters_are_not_shown() -> None:
    case = reviewed("soil", "fire-review", promises=("fire-plan",))
    assert task(case).gaps == ()
    assert [gap.slot for gap in task(case, matter="fire-review").gaps] == ["fire-plan"]


def test_the_decisions_of_earlier_rounds_are_shown_with_their_reasons() -> None:
    case = reviewed()
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="请补充", basis="GB 50433"))
    case.advance()
    assert "作出决定：要求补正" in task(case).why_not.zh
    case.upload("soil-plan")
    case.submit("soil")
    case.advance()
    found = task(case)
    assert found.round == 2
    assert [(d.round, d.outcome, d.reasons[0].basis) for d in found.earlier] == [(1, Outcome.CORRECT, "GB 50433")]
    assert found.decided is None
    assert found.why_not is None


def test_procedures_are_numbered_and_only_one_of_a_kind_goes_on() -> None:
    case = reviewed()
    start, end = ProcedureAction.START, ProcedureAction.END

    def number(kind: ProcedureKind, action: ProcedureAction) -> int | None:
        return desk_review.procedure_number(case.packet, case.packet.reviews["soil"], kind, action)

    assert (number(ProcedureKind.HEARING, start), number(ProcedureKind.HEARING, end)) == (1, None)
    case.procedure("soil", ProcedureKind.HEARING)
    assert (number(ProcedureKind.HEARING, start), number(ProcedureKind.HEARING, end)) == (None, 1)
    assert number(ProcedureKind.TEST, start) == 1
    case.advance()
    case.procedure("soil", ProcedureKind.HEARING, end)
    assert (number(ProcedureKind.HEARING, start), number(ProcedureKind.HEARING, end)) == (2, None)
    for n in range(2, desk_review.MOST_PROCEDURES + 1):
        case.procedure("soil", ProcedureKind.HEARING, number=n)
        case.procedure("soil", ProcedureKind.HEARING, end, number=n)
    assert number(ProcedureKind.HEARING, start) is None


def test_each_department_ends_its_own_part_of_a_site_visit_and_says_what_it_found_even_late() -> None:
    case = reviewed("soil", "fire-review")
    case.procedure("soil", ProcedureKind.SITE_VISIT, appointment=MORNING + timedelta(days=4))
    case.procedure("fire-review", ProcedureKind.SITE_VISIT)
    case.advance()
    case.now += timedelta(days=4)
    case.procedure("fire-review", ProcedureKind.SITE_VISIT, ProcedureAction.END)

    def number(matter: str, action: ProcedureAction) -> int | None:
        review = case.packet.reviews[matter]
        return desk_review.procedure_number(case.packet, review, ProcedureKind.SITE_VISIT, action)

    for _ in range(2):  # before it is looked at, and then
        assert (number("soil", ProcedureAction.END), number("soil", ProcedureAction.START)) == (1, None)
        assert (number("fire-review", ProcedureAction.END), number("fire-review", ProcedureAction.START)) == (None, 2)
        case.advance()
    (found,) = desk_review.procedures(case.packet, case.packet.reviews["fire-review"])
    assert (found.finding, found.until, found.can_end) == ("按规定组织", None, False)
    assert found.ended_at is not None
    case.now += timedelta(days=7)
    case.advance()
    (found,) = task(case).procedures
    assert (found.until is None, found.finding, found.can_end) == (False, None, True)
    assert (number("soil", ProcedureAction.END), number("soil", ProcedureAction.START)) == (1, 2)
    assert [f.text for f in task(case).visits[0].findings] == ["按规定组织"]


# who may answer


def barred(case: Case, held: Lease | None = None, by: str = "li", round_: int = 1, now: datetime = MORNING) -> Any:
    found = why_not(case.packet, case.packet.reviews["soil"], round_, held, by, now, OFFICE)
    return found and found.code


def test_whoever_has_it_may_answer_and_the_others_may_when_that_is_over() -> None:
    case, held = reviewed(), lease()
    assert barred(case) is None
    assert barred(case, held, "li") is None
    assert barred(case, held, "wang") == "held-by-another"
    assert barred(case, held, "wang", now=held.until) is None


def test_an_answer_on_its_way_bars_a_second_one() -> None:
    case, held = reviewed(), lease(answer="m-1")
    assert barred(case, held, "li") == "answer-sent"
    assert barred(case, held, "wang") == "held-by-another"
    assert task(case, held).sent
    assert not task(case, held, "wang").sent


@pytest.mark.parametrize(("answer", "told"), [("", "没有送出"), ("another", "没有采纳"), ("d-soil-1", "您的决定已于")])
def test_once_somebody_decided_the_officer_is_told_what_became_of_the_own_answer(answer: str, told: str) -> None:
    case = reviewed()
    case.decide("soil")
    held = lease(answer=answer)
    for _ in range(2):  # before the decision is acted on, and after
        found = task(case, held)
        assert told in found.why_not.zh
        assert not found.sent
        assert found.decided.officer == "审查员"
        case.advance()


def proposal(case: Case, account: str = "li", name: str = "user-li") -> Proposal:
    return Proposal(
        id="p-1", packet=case.packet.packet, matter="soil", round=1, outcome=Outcome.APPROVE, officer="李四", by=name,
        account=account, at=case.now,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "account", "name", "own"),
    [
        ("li", "li", "user-li", True),
        ("li", "li", "renamed", True),  # the issuer changed the user's name
        ("li", "wang", "user-li", False),  # and gave it to somebody else
        ("", "li", "user-li", True),  # kept before accounts were
        ("", "li", "renamed", False),
    ],
)
def test_a_proposal_is_its_accounts_whatever_the_user_is_called_now(
    kept: str, account: str, name: str, *, own: bool
) -> None:
    case = reviewed()
    proposed = proposal(case, kept)
    case.packet = case.packet.changed(proposals={("soil", 1): proposed})
    found = why_not(case.packet, case.packet.reviews["soil"], 1, None, account, MORNING, OFFICE, name)
    assert (found is not None and found.code == "own-proposal") is own
    found = [waits(packet=proposed.packet)]
    rows = desk_queue.queue("water", found, (), CATALOGUE, MORNING, account, OFFICE, None, [proposed], name).rows
    assert [row.proposal.mine for row in rows] == [own]


def test_a_proposal_waits_for_another_officer_until_it_is_sent_back_or_decided() -> None:
    case = reviewed()
    proposed = proposal(case)
    case.packet = case.packet.changed(proposals={("soil", 1): proposed})
    assert (barred(case), barred(case, by="wang")) == ("own-proposal", None)
    assert (task(case, by="wang").to_sign, task(case).proposal.officer) == (True, "李四")
    back = SentBack(officer="王五", reason="请写明", at=case.now)
    other = case.packet.changed(proposals={("soil", 1): proposed.changed(sent_back=back)})
    assert why_not(other, other.reviews["soil"], 1, None, "li", MORNING, OFFICE) is None
    case.decide("soil", signed_by="王五")
    for _ in range(2):  # before the decision is acted on, and after
        found = task(case)
        assert (found.to_sign, found.proposal, found.decided.signed_by) == (False, None, "王五")
        assert "审核：审查员；签批：王五" in found.why_not.zh
        case.advance()


def test_an_old_round_a_withdrawn_packet_and_a_correction_take_no_answer() -> None:
    case = reviewed()
    assert barred(case, round_=2) == "old-round"
    case.act(ActKind.WITHDRAW, reason="不办了", department="approvals")
    case.advance()
    assert barred(case) == "not-pending"
    assert "综合窗口已撤回" in task(case).why_not.zh


# what is answered


def said(outcome: Outcome, *reasons: DeskReason, conditions: tuple[str, ...] = ()) -> DeskDecision:
    return DeskDecision(round=1, outcome=outcome, reasons=reasons, conditions=conditions)


WHY = DeskReason(slot="soil-plan", text="缺图", basis="GB 50433")


@pytest.mark.parametrize(
    ("decision", "sound"),
    [
        (said(Outcome.APPROVE), True),
        (said(Outcome.APPROVE, conditions=("按方案施工",)), True),
        (said(Outcome.APPROVE, WHY), False),
        (said(Outcome.CORRECT), False),
        (said(Outcome.CORRECT, WHY), True),
        (said(Outcome.CORRECT, DeskReason(text="请核对")), True),
        (said(Outcome.CORRECT, WHY, conditions=("x",)), False),
        (said(Outcome.CORRECT, DeskReason(slot="drawings", text="请核对")), False),
        (said(Outcome.REJECT), False),
        (said(Outcome.REJECT, WHY), True),
        (said(Outcome.REJECT, WHY, DeskReason(text="不符")), False),
    ],
)
def test_a_correction_and_a_rejection_say_why_and_an_approval_says_nothing(decision: DeskDecision, sound: bool) -> None:
    assert (desk.fault(decision, CATALOGUE.matters["soil"]) is None) is sound


def test_an_answer_carries_the_reviews_token_and_the_officers_name() -> None:
    review = reviewed().packet.reviews["soil"]
    sent = desk.decision(said(Outcome.CORRECT, WHY), "packet-1", review, "李四", "m-1", datetime.now(UTC))
    assert (sent.reply_token, sent.officer, sent.id) == (review.reply_token, "李四", "m-1")
    assert sent.reasons == (DecisionReason(slot="soil-plan", text="缺图", basis="GB 50433"),)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_reason_without_words_or_with_too_many_is_none(text: str) -> None:
    with pytest.raises(ValidationError):
        DeskReason(text=text)


def test_a_lease_shows_neither_its_receipt_nor_who_it_is() -> None:
    shown = repr(lease(receipt="secret-receipt"))
    assert "secret-receipt" not in shown
    assert "李四" not in shown
