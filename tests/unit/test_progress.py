"""How a packet moves on: laws that hold after every step of every case, and the cases that explain them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.contract.acts import ActRequest, act
from kaigong.domain.flow import delivery, gaps, procedures, submission
from kaigong.domain.flow.progress import advance
from kaigong.domain.flow.result import APPROVALS
from kaigong.domain.flow.settled import settled
from kaigong.domain.flow.step import ONE_A_ROUND
from kaigong.domain.model.arrivals import Examined
from kaigong.domain.model.catalogue import Catalogue, Route, Source
from kaigong.domain.model.clock import limit
from kaigong.domain.model.facts import Facts
from kaigong.domain.model.ledger import GENESIS, chain, first_break
from kaigong.domain.model.messages import (
    CreditRecord,
    DecisionReason,
    Outcome,
    ProcedureAction,
    ProcedureKind,
    Replacement,
    RevocationKind,
)
from kaigong.domain.model.packet import ActKind, LedgerEntry, NoticeKind, Packet, ResultCode, ReviewState, Status
from kaigong.domain.model.states import PACKET, REVIEW
from kaigong.portal.access import Caller

from .building import (
    DOUBTFUL,
    EMPTY,
    ENTERPRISE,
    GOOD,
    MORNING,
    OFFICE,
    OTHER_ENTERPRISE,
    PROJECT,
    SCRIPTED,
    Case,
    Chance,
    a_catalogue,
    a_credit,
    a_paper,
    chances,
    credit,
    tolerable,
)

WINDOW = Caller(name="user-1", called="王工")
ELSEWHERE = ("2603-410102-04-01-123456", "2603-410102-04-01-123457")  # codes of another region
WERE_APPROVED = (ReviewState.APPROVED, ReviewState.RECALLED, ReviewState.REVOKED)

# The laws. Each says what must hold of a packet, or of one step of it, whatever happened before.


def nothing_decided_changes(before: Packet, after: Packet) -> None:
    if before.result:
        assert after.result == before.result
    for matter, review in before.reviews.items():
        now_it_is = after.reviews.get(matter)
        if review.final and now_it_is != review and after.retracted == before.retracted:
            assert now_it_is
            assert review.state is ReviewState.APPROVED
            assert now_it_is.state in (ReviewState.RECALLED, ReviewState.REVOKED)
        assert now_it_is or review.state is ReviewState.UNOPENED
    for slot, gap in before.gaps.items():
        assert after.gaps[slot] == gap or gap.open
    for number, notice in before.notices.items():
        assert after.notices[number] == notice
    if before.header and before.header.accepted_at:
        now = after.header
        assert now
        kept = ("accepted_at", "channel", "enterprise", "process", "submitted_at")
        assert [getattr(now, name) for name in kept] == [getattr(before.header, name) for name in kept]
        assert after.routes == before.routes
        assert after.commitments.keys() == before.commitments.keys()
        for matter, commitment in before.commitments.items():
            decided = matter in before.reviews and before.reviews[matter].final
            if before.header.confirmed and not decided:
                continue  # made anew, for whom or what it is now
            assert after.commitments[matter].changed(verify_by=commitment.verify_by) == commitment
    for slot, breach in before.breaches.items():
        assert after.breaches[slot] == breach


def only_its_own_items_change(before: Packet, after: Packet) -> None:
    facts = ("uploads", "procedures", "revocations", "acts", "issued", "refusal")
    assert [getattr(after, name) for name in facts] == [getattr(before, name) for name in facts]
    said = [{*p.decisions.values(), *p.retracted.values()} for p in (before, after)]
    assert said[0] == said[1]
    assert after.submissions.keys() == before.submissions.keys()
    for version, came in after.submissions.items():
        assert came == before.submissions[version].changed(taken=came.taken)
        assert before.submissions[version].taken in (None, came.taken)


def the_round_counts_submissions(before: Packet, after: Packet) -> None:
    assert after.header
    earlier = before.header.round if before.header else 0
    assert after.header.round - earlier in (0, 1)
    assert after.header.round <= sum(s.taken is not None for s in after.submissions.values())


def a_review_opens_when_its_prerequisites_fell(before: Packet, after: Packet, catalogue: Catalogue) -> None:
    assert after.header
    routes = after.routes
    for matter, review in after.reviews.items():
        if matter in before.reviews or review.state is ReviewState.UNOPENED:
            continue
        for wanted in catalogue.matters[matter].prerequisites:
            if wanted in routes:
                assert after.reviews[wanted].state in WERE_APPROVED


def the_status_says_who_is_at_work(packet: Packet) -> None:
    assert packet.header
    header, states = packet.header, [r.state for r in packet.reviews.values()]
    assert header.accepted_at or header.status in (Status.RETURNED, Status.WITHDRAWN)
    assert header.accepted_at is None or header.status is not Status.RETURNED
    assert (packet.result is not None) == (header.status in (Status.DECIDED, Status.ISSUED))
    match header.status:
        case Status.RETURNED:
            assert not states
            assert not packet.gaps
        case Status.IN_REVIEW:
            assert any(r.pending for r in packet.reviews.values())
        case Status.CORRECTING:
            assert ReviewState.CORRECTION in states or any(header.confirmed.values())
        case _:
            assert all(r.final for r in packet.reviews.values())


def everything_needed_is_there_or_rightly_promised(
    packet: Packet, catalogue: Catalogue, record: CreditRecord | None
) -> None:
    assert packet.header
    on_paper = [m for m, route in packet.routes.items() if route is not Route.COMMITMENT]
    for code in on_paper:
        for entry in catalogue.matters[code].materials:
            if catalogue.materials[entry.material].source is Source.SHARED:
                continue
            paper, gap = packet.papers.by_slot.get(entry.material), packet.gaps.get(entry.material)
            assert paper or not entry.main
            assert paper or (gap and gap.open)
    for slot, gap in packet.gaps.items():
        for code in gap.matters:
            asked = {m.material: m.main for m in catalogue.matters[code].materials}
            assert not asked[slot]
            assert catalogue.matters[code].tolerates_gaps
            assert packet.routes[code] is Route.TOLERATED
        assert set(gap.matters) == {c for c in on_paper if slot in {m.material for m in catalogue.matters[c].materials}}
    assert all(p.verdict != "deficient" for papers in packet.papers.by_slot.values() for p in papers)
    committed = {m for m, route in packet.routes.items() if route is Route.COMMITMENT}
    assert set(packet.commitments) == committed
    assert all(catalogue.matters[m].takes_commitment for m in committed)
    if record and record.unrepaired_breaches:
        assert not packet.gaps
        assert not committed


def one_notice_a_round_says_what_is_to_be_completed(packet: Packet, entries: Sequence[LedgerEntry]) -> None:
    """Another one where every correction that the first spoke of was taken back, or came after it in the round."""
    if any(act.kind is ActKind.OVERRIDE_DOUBT for act in packet.acts.values()):
        return  # what the notice asked for was settled after all: there may be another
    rounds = [(n.kind, n.round) for n in packet.notices.values() if n.kind in ONE_A_ROUND]
    taken_back = sum(n.kind is NoticeKind.RETRACTED for n in packet.notices.values())
    looked_at = [e["round"] for entry in entries for e in entry.events if e["event"] == "resubmitted"]
    assert len(rounds) - len(set(rounds)) <= taken_back + len(looked_at) - len(set(looked_at))


def every_change_of_state_is_in_the_table(before: Packet, after: Packet) -> None:
    assert after.header
    was, now = before.header.status if before.header else None, after.header.status
    assert now in reached(PACKET, was)
    for matter, review in after.reviews.items():
        earlier = before.reviews.get(matter)
        assert review.state in reached(REVIEW, earlier.state if earlier else None)


def reached(table: Mapping[tuple[Any, Any], Any], state: Any) -> set[Any]:
    """Every state that several events, one after the other, can lead to."""
    found = {state}
    while more := {after for (before, _), after in table.items() if before in found} - found:
        found |= more
    return found


def a_limit_rests_exactly_while_a_procedure_goes_on(packet: Packet) -> None:
    doubted = packet.header is not None and any(packet.header.confirmed.values())
    if packet.header and packet.header.status is Status.WITHDRAWN:
        doubted = False
    for review in packet.reviews.values():
        resting = [p.kind for p in review.pauses if p.until is None]
        match review.state:
            case ReviewState.PAUSED:
                assert resting
                assert ("correction" in resting) == doubted
            case ReviewState.CORRECTION:
                assert resting in (["correction"], [])  # not until the applicant is told of it
            case ReviewState.OPEN:
                assert not resting
                assert not doubted
                assert review.due == limit(review.opened_at, review.working_days, OFFICE, review.pauses)


def a_site_visit_goes_on_until_all_have_said_what_they_found(packet: Packet) -> None:
    under_review = packet.header and packet.header.status in (Status.IN_REVIEW, Status.CORRECTING)
    for visit in packet.visits.values() if under_review else ():
        resting = procedures.resting(packet, visit)
        assert bool(resting) == (visit.held_at is None)
        assert not resting or not set(resting) <= visit.reported.keys()


def rules_decide_alone_or_not_at_all(packet: Packet) -> None:
    for review in packet.reviews.values():
        if review.by_rules:
            assert review.rules
            assert all(rule.holds for rule in review.rules)
            assert (review.matter, review.round) not in packet.decisions
            assert all(f"review:{review.matter}" not in outbox.orders for outbox in packet.outbox.values())


def a_late_promise_is_a_breach(packet: Packet) -> None:
    assert set(packet.breaches) == {slot for slot, gap in packet.gaps.items() if gap.overdue_at}


def time_wakes_the_packet(packet: Packet, case: Case) -> None:
    """Nothing that time alone would change lies before the moment that it is looked at again."""
    assert packet.header
    wake = packet.header.wake_at
    _, changed = advance(packet, case.surroundings.changed(now=wake or case.now + timedelta(days=4000)))
    early = wake - timedelta(seconds=1) if wake else None
    quiet = case.surroundings.quiet  # for papers: a message of its own wakes it
    waits = submission.waits(packet, case.now, quiet) or gaps.waits(packet, case.catalogue, case.now, quiet)
    if early and early > case.now and waits is None:
        assert advance(packet, case.surroundings.changed(now=early))[1] is None
    if wake is None and waits is None:
        assert changed is None


def every_matter_ends_once(packet: Packet) -> None:
    if packet.result is None:
        return
    assert packet.header
    assert [m.matter for m in packet.result.matters] == list(packet.routes)
    codes = {m.code for m in packet.result.matters}
    worst = max(
        codes
    )  # 13 not approved, 12 approved with gaps, 11 approved; what was taken back is not approved either
    assert packet.result.code is min(worst, ResultCode.NOT_APPROVED)
    for m in packet.result.matters:
        approved = packet.reviews[m.matter].state in WERE_APPROVED
        assert m.code not in APPROVALS or approved
        assert (m.code is ResultCode.APPROVED_WITH_GAPS) == bool(m.open_gaps)


def what_goes_out_can_be_delivered(packet: Packet, case: Case) -> None:
    for outbox in packet.outbox.values():
        for task in delivery.tasks(packet, outbox.orders, case.catalogue, case.now):
            for m in task.materials:
                assert (m.key is None) != (m.replaced_by is None)
                assert (m.due is not None) == (m.replaced_by is Replacement.GAP)
        numbers = [int(o.removeprefix("notice:")) for o in outbox.orders if o.startswith("notice:")]
        told = delivery.notices(packet, outbox.notices, case.now)
        assert len(told) == sum(1 + len(packet.notices[number].departments) for number in numbers)
        assert len({message.id for message in told}) == len(told)


def the_ledger_says_so(before: Packet, case: Case) -> None:
    header, entry = case.header, case.entries[-1]
    earlier = before.header
    assert header.version == (earlier.version if earlier else 0) + 1
    assert (header.ledger_seq, header.ledger_hash) == (entry.seq, entry.hash)
    previous = (earlier.ledger_hash if earlier else "") or GENESIS
    assert entry == chain(header.version, previous, entry.events, entry.at)
    assert first_break(case.entries) is None
    if case.packet.result and not before.result:
        assert (case.packet.result.ledger_seq, case.packet.result.ledger_hash) == (entry.seq, entry.hash)


def a_lawful_step(case: Case) -> None:
    """Let the case advance once, and hold it against every law."""
    before = case.packet
    entry = case.advance()
    after = case.packet
    again, nothing = advance(after, case.surroundings)
    assert nothing is None, nothing
    assert again is after
    if entry is None:
        assert after is before
        return
    only_its_own_items_change(before, after)
    nothing_decided_changes(before, after)
    the_round_counts_submissions(before, after)
    a_review_opens_when_its_prerequisites_fell(before, after, case.catalogue)
    the_status_says_who_is_at_work(after)
    if case.header.accepted_at:
        everything_needed_is_there_or_rightly_promised(after, case.catalogue, case.credit)
    one_notice_a_round_says_what_is_to_be_completed(after, case.entries)
    every_change_of_state_is_in_the_table(before, after)
    a_limit_rests_exactly_while_a_procedure_goes_on(after)
    a_site_visit_goes_on_until_all_have_said_what_they_found(after)
    rules_decide_alone_or_not_at_all(after)
    a_late_promise_is_a_breach(after)
    time_wakes_the_packet(after, case)
    every_matter_ends_once(after)
    what_goes_out_can_be_delivered(after, case)
    the_ledger_says_so(before, case)


class Journey:
    """People do anything in any order, and events come late, twice or never.

    What is likely depends on where the packet is, so that journeys come to corrections, gaps and results.
    """

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.case = Case(a_catalogue(chance).changed(region="4114"), a_credit(chance))
        self.on_their_way: list[Examined] = []
        materials = self.case.catalogue.materials
        self.left_out = chance.of([tolerable(self.case.catalogue), [], chance.some(materials)])

    def goes_on(self) -> None:
        self.chance.of(self._likely())()
        if self.chance.of([True, True, False]):  # several events may be there when `advance` looks
            a_lawful_step(self.case)

    def _likely(self) -> list[Callable[[], None]]:
        always = [self.some_paper_is_uploaded, self.an_event_is_late, self.the_applicant_submits, self.time_passes]
        if self.on_their_way:
            always.append(self.a_late_event_comes)
        if self.case.packet.reviews:
            always += [self.a_decision_comes_late_or_twice, self.an_approval_is_taken_back]
            always.append(self.a_decision_is_taken_back)
        if self.case.packet.submissions and self.chance.between(0, 9) == 0:
            always.append(self.the_applicant_withdraws)
        match self.case.packet.header and self.case.packet.header.status:
            case Status.IN_REVIEW:
                return [*[self.a_department_decides] * 12, *[self.a_procedure] * 4, *always, self.the_window_acts]
            case Status.CORRECTING:
                return [
                    *[self.everything_is_uploaded] * 2,
                    *[self.the_applicant_submits] * 4,
                    *always,
                    self.a_department_decides,
                    self.the_window_acts,
                ]
            case Status.DECIDED | Status.ISSUED:
                return [*always, self.the_result_is_issued, self.everything_is_uploaded, self.an_approval_is_taken_back]
            case _:
                return [*[self.everything_is_uploaded] * 4, *[self.the_applicant_submits] * 4, *always]

    def some_paper_is_uploaded(self) -> None:
        self.case.upload(self._slot(), facts=a_paper(self.chance), name=self._name())

    def everything_is_uploaded(self) -> None:
        self.case.upload(*set(self.case.catalogue.materials).difference(self.left_out))

    def an_event_is_late(self) -> None:
        self.on_their_way.append(self.case.announced(self._slot(), a_paper(self.chance), self._name()))

    def a_late_event_comes(self) -> None:
        self.case.examined(self.chance.of(self.on_their_way))

    def the_applicant_submits(self) -> None:
        matters = self.chance.some(self.case.catalogue.matters, min_size=1)
        if self.case.packet.reviews and self.chance.of([True, True, False]):
            matters = list(self.case.packet.routes)  # they may not change any more
        self.case.submit(
            *matters,
            process="process",
            at=self.case.now + timedelta(minutes=self.chance.of([0, 0, 0, -2])),
            awaits=[*self.case.lying, *self.chance.of([(), self.on_their_way])],
            whole_folder=self.chance.of([False, False, True]),
            promises=self.chance.of([self.left_out, self.chance.some(self.case.catalogue.materials)]),
            commitments=self.chance.of([[], self.chance.some(matters)]),
            project=PROJECT.changed(code=self.chance.of([None, *ELSEWHERE])),
        )

    def a_department_decides(self) -> None:
        matters = self.case.open()
        if matters:
            self._decides(self.chance.of(matters))

    def a_decision_comes_late_or_twice(self) -> None:
        self._decides(self.chance.of(sorted(self.case.packet.reviews)))

    def _decides(self, matter: str) -> None:
        if self.case.packet.reviews[matter].by_rules:  # no department was asked; `decide` refuses what it says
            return
        outcome = self.chance.of([Outcome.CORRECT, Outcome.APPROVE, Outcome.CORRECT, Outcome.APPROVE, Outcome.REJECT])
        slots = [m.material for m in self.case.catalogue.matters[matter].materials]
        named = [self.chance.of([None, self.chance.of(slots)]) for _ in range(self.chance.between(1, 2))]
        self.case.decide(matter, outcome, *(DecisionReason(slot=slot, text="不符") for slot in named))

    def the_result_is_issued(self) -> None:
        if self.case.packet.result:
            self.case.issue()

    def a_procedure(self) -> None:
        matter = self.chance.of(sorted(self.case.packet.reviews))
        kind, action = self.chance.of(ProcedureKind), self.chance.of(ProcedureAction)
        at = self._some_time() if action is ProcedureAction.START and self.chance.of([True, False]) else None
        self.case.procedure(matter, kind, action, number=self.chance.between(1, 2), appointment=at)

    def an_approval_is_taken_back(self) -> None:
        matter = self.chance.of(sorted(self.case.packet.reviews))
        if self.case.packet.reviews[matter].state not in WERE_APPROVED:  # `decide` refuses it
            return
        self.case.revoke(matter, self.chance.of(RevocationKind))

    def a_decision_is_taken_back(self) -> None:
        self.case.retract(self.chance.of(sorted(self.case.packet.reviews)))

    def the_applicant_withdraws(self) -> None:
        self.case.act(ActKind.WITHDRAW)

    def _some_time(self) -> datetime:
        return self.case.now + timedelta(hours=self.chance.between(1, 60))

    def the_window_acts(self) -> None:
        for number in self.case.packet.visits:
            acts = [act for act in self.case.packet.acts.values() if act.subject == str(number)]
            more = {"number": len(acts) + 1, "appointment": self._some_time()}
            self.case.act(ActKind.APPOINT_VISIT, str(number), **more)
        if self.chance.yes():
            self.case.act(ActKind.FIRST_ASKED)
            return
        kind = self.chance.of(["confirm-doubt", "confirm-doubt", "override-doubt"])
        asked = ActRequest.model_validate({"kind": kind, "subject": "project-code-region", "reason": "核对"}).root
        done = act(asked, WINDOW, self.case.now, self.case.packet)
        self.case.act(done.kind, done.subject, number=done.number)

    def time_passes(self) -> None:
        self.case.now += timedelta(hours=self.chance.between(1, 200))

    def _name(self) -> str:
        return self.chance.of(["f.pdf", "f.pdf", "g.pdf", "2.pdf", "10.pdf"])

    def _slot(self) -> str:
        return self.chance.of(sorted(self.case.catalogue.materials))


@given(chances)
def test_every_step_of_every_journey_is_lawful_and_no_packet_gets_stuck(chance: Chance) -> None:
    journey = Journey(chance)
    for _ in range(chance.between(5, 40)):
        journey.goes_on()
    come_to_an_end(journey.case)


def come_to_an_end(case: Case) -> None:
    """From here on everybody does exactly what is asked of them, and no more."""
    for came in case.packet.submissions.values():  # every late event comes in the end
        for awaited in came.awaited:
            late = case.announced(awaited.slot).changed(mark=awaited.mark, sequencer="")
            case.examined(late)
    a_lawful_step(case)
    if case.packet.header is None:
        case.submit(*case.catalogue.matters, process="process")
        a_lawful_step(case)
    if case.header.status is Status.WITHDRAWN:
        assert not case.open()
        case.replace(case.packet.owed())
        case.now += timedelta(minutes=10)  # of several files more might come
        a_lawful_step(case)
        assert not case.packet.owed()
        return
    for _ in range(2 * len(case.catalogue.matters) + 2):
        if case.header.status in (Status.RETURNED, Status.CORRECTING):
            submit_again(case)  # so that the notice speaks of what lies there now
        if case.header.status in (Status.RETURNED, Status.CORRECTING):
            do_what_the_notice_says(case)
            assert case.header.status not in (Status.RETURNED, Status.CORRECTING)
        for matter in case.open():
            case.decide(matter)
        a_lawful_step(case)
    assert case.header.status in (Status.DECIDED, Status.ISSUED)
    case.replace(case.packet.gaps)
    case.issue()
    case.now += timedelta(minutes=10)  # of several files more might come
    a_lawful_step(case)
    assert case.header.status is Status.ISSUED
    assert not any(gap.open for gap in case.packet.gaps.values())


def submit_again(case: Case, without: frozenset[str | None] = frozenset()) -> None:
    """The newest submission once more, without some of its commitments, and with the matters that were accepted."""
    case.now += timedelta(minutes=5)
    manifest = max(case.packet.submissions.values(), key=lambda s: s.order).manifest
    commitments = [m for m in manifest.commitments if m not in without]
    matters = case.packet.routes if case.header.accepted_at else manifest.matters
    case.submit(*matters, process="process", promises=manifest.promises, commitments=commitments)
    a_lawful_step(case)


def do_what_the_notice_says(case: Case) -> None:
    notice = case.packet.notices[max(case.packet.notices)]
    assert notice.kind in (NoticeKind.RETURNED, NoticeKind.CORRECTION)
    case.replace(item.slot for item in notice.items if item.slot)
    a_lawful_step(case)
    submit_again(case, frozenset(item.matter for item in notice.items if item.code == "commitment-not-open"))


@given(chances)
def test_the_order_of_decisions_does_not_change_the_joint_results_codes(chance: Chance) -> None:
    catalogue = a_catalogue(chance)
    outcomes = {m: chance.of([Outcome.APPROVE, Outcome.REJECT]) for m in catalogue.matters}
    promises = tolerable(catalogue)

    def decided_in(order: list[str], at_once: bool) -> tuple[ResultCode, dict[str, ResultCode]]:
        case = Case(catalogue).accepted(*catalogue.matters, process="process", promises=promises)
        while waiting := [m for m in order if m in case.open()]:
            for matter in waiting if at_once else waiting[:1]:
                case.decide(matter, outcomes[matter])
            a_lawful_step(case)
        assert case.packet.result
        return case.packet.result.code, {m.matter: m.code for m in case.packet.result.matters}

    first, second = (chance.some(catalogue.matters, min_size=len(catalogue.matters)) for _ in range(2))
    assert decided_in(first, at_once=False) == decided_in(second, at_once=chance.yes())


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=6), st.booleans())
def test_the_newest_submission_wins_whatever_order_they_come_in(minutes: list[int], at_once: bool) -> None:
    case = Case()  # nothing is uploaded, so every submission that is taken is returned
    came: list[tuple[int, int]] = []
    for number, minute in enumerate(minutes):
        case.submit("soil", at=MORNING + timedelta(minutes=minute), project={"name": f"{number}"})
        came.append((minute, number))
        if not at_once:
            case.advance()
            assert case.header.project.name == str(max(came)[1])
    case.advance()
    assert case.header.project.name == str(max(came)[1])
    if at_once:
        assert case.packet.untaken() is None  # nothing is left to look at again
        assert len(settled(case.packet, case.catalogue)) == len(case.packet.submissions) - 1


def test_a_packet_waits_until_every_paper_it_counts_on_is_examined() -> None:
    case = Case()
    early, late = case.announced("form"), case.announced("soil-plan")
    case.submit("soil", awaits=[early, late])
    case.examined(early)
    assert case.advance() is None
    case.examined(late)
    case.advance()
    assert case.header.status is Status.IN_REVIEW


@pytest.mark.parametrize("newest_first", [False, True])
def test_what_the_manifest_names_is_reviewed_though_a_newer_upload_lies_there(newest_first: bool) -> None:
    case = Case()
    case.upload("form")
    named, newest = case.announced("soil-plan"), case.announced("soil-plan")
    case.submit("soil", awaits=[*case.packet.slots.values(), named])
    for upload in (newest, named) if newest_first else (named, newest):
        case.examined(upload)
    case.advance()
    assert case.packet.papers.by_slot["soil-plan"][0].version == named.version


def test_a_good_upload_does_not_help_where_the_manifest_names_a_bad_one() -> None:
    case = Case()
    case.upload("form")
    named = case.announced("soil-plan", EMPTY)
    case.examined(named)
    case.upload("soil-plan")
    case.submit("soil", awaits=[*(u for u in case.packet.slots.values() if u.slot == "form"), named])
    case.advance()
    assert [item.slot for item in case.last_notice(NoticeKind.RETURNED).items] == ["soil-plan"]


def test_where_the_manifest_names_nothing_what_comes_after_it_counts_too() -> None:
    case = Case()
    case.upload("form")
    case.submit("soil", whole_folder=True)
    assert case.advance() is None  # the others may still be on their way
    case.upload("soil-plan")
    case.advance()
    assert case.header.status is Status.IN_REVIEW


def test_a_folder_that_stays_incomplete_is_judged_once_nothing_came_for_a_while() -> None:
    case = Case()
    case.upload("form")
    case.submit("soil", whole_folder=True)
    case.now += case.surroundings.quiet - timedelta(minutes=2)
    assert case.advance() is None
    case.upload("form")  # begins the wait anew
    case.now += case.surroundings.quiet - timedelta(minutes=2)
    assert case.advance() is None
    case.now += timedelta(minutes=2)
    case.advance()
    assert case.header.status is Status.RETURNED


def test_papers_that_come_after_a_folder_was_sent_back_are_looked_at_without_a_new_manifest() -> None:
    case = Case()
    case.upload("form")
    case.submit("soil", whole_folder=True)
    case.now += case.surroundings.quiet
    case.advance()
    told = len(case.packet.notices)
    case.upload("soil-plan", facts=EMPTY)
    assert case.advance() is None  # the round had its notice
    case.upload("soil-plan")
    case.advance()
    assert (case.header.status, case.header.round) == (Status.IN_REVIEW, 1)
    assert len(case.packet.notices) == told + 1


def test_corrected_papers_that_come_after_their_manifest_are_looked_at_too() -> None:
    case = Case().accepted("soil")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="印章不清"))
    case.advance()
    case.submit("soil", whole_folder=True)
    case.now += case.surroundings.quiet
    case.advance()
    assert (case.header.status, case.header.round) == (Status.CORRECTING, 2)
    case.upload("soil-plan")
    case.advance()
    assert case.header.status is Status.IN_REVIEW
    assert case.packet.reviews["soil"].round == 2


def test_corrected_papers_alone_say_nothing_before_a_manifest_does() -> None:
    case = Case()
    case.upload("form", "soil-plan")
    case.submit("soil", whole_folder=True)
    case.advance()
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="印章不清"))
    case.advance()
    case.upload("soil-plan")
    assert case.advance() is None
    assert (case.header.status, case.header.round) == (Status.CORRECTING, 1)


def test_that_no_manifest_is_awaited_is_told_once() -> None:
    case = Case().accepted("soil")
    for _ in range(30):
        case.submit("soil")
        case.advance()
    assert [n.kind for n in case.packet.notices.values()] == [NoticeKind.ACCEPTED, NoticeKind.NOT_AWAITED]
    assert [n.number for n in case.packet.notices.values()] == [1, 2]


def test_a_returned_packet_keeps_its_valid_papers() -> None:
    case = Case()
    case.upload("form")
    case.upload("flood-report", facts=EMPTY)
    case.upload("survey")
    case.submit("flood", "soil", promises=["soil-plan"])
    case.advance()
    assert [item.slot for item in case.last_notice(NoticeKind.RETURNED).items] == ["flood-report"]
    case.upload("flood-report")
    case.submit("flood", "soil", promises=["soil-plan"])
    case.advance()
    assert case.header.round == 2
    assert case.open() == ["flood", "soil"]


def test_a_submission_during_review_is_not_used_and_the_applicant_is_told() -> None:
    case = Case().accepted("soil")
    before = case.packet.routes
    case.submit("soil", "flood")
    case.advance()
    assert case.orders() == [f"notice:{case.last_notice(NoticeKind.NOT_AWAITED).number}"]
    assert (case.packet.routes, case.header.round, case.header.status) == (before, 1, Status.IN_REVIEW)


def test_all_departments_corrections_of_a_round_go_out_in_one_notice() -> None:
    case = Case().accepted("soil", "flood", "land-use")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="缺少措施", basis="GB 50433-2018"))
    case.advance()
    case.decide("land-use")
    case.advance()
    assert not case.notices(NoticeKind.CORRECTION)
    case.decide("flood", Outcome.CORRECT, DecisionReason(slot="survey", text="比例尺不符"))
    case.advance()
    [notice] = case.notices(NoticeKind.CORRECTION)
    assert {(item.matter, item.slot) for item in notice.items} == {("soil", "soil-plan"), ("flood", "survey")}
    assert "GB 50433-2018" in notice.items[0].text.zh


def test_only_reviews_that_asked_for_a_correction_open_again_with_a_new_token() -> None:
    case = Case().accepted("soil", "flood")
    token = case.packet.reviews["soil"].reply_token
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="缺少措施"))
    case.decide("flood", conditions=("汛期停工",))
    case.advance()
    case.upload("soil-plan", "flood-report")
    flood_report = case.packet.papers.by_slot["flood-report"]
    case.submit("soil", "flood")
    case.advance()
    assert case.orders() == ["review:soil"]
    assert case.open() == ["soil"]
    assert case.packet.reviews["soil"].round == 2
    assert case.packet.reviews["soil"].reply_token != token
    assert case.packet.papers.by_slot["soil-plan"][0].round == 2
    assert case.packet.papers.by_slot["flood-report"] == flood_report


def test_a_correction_that_was_not_handed_in_is_asked_for_again() -> None:
    case = Case().accepted("soil")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="缺少措施"))
    case.advance()
    case.upload("soil-plan", facts=SCRIPTED)
    case.submit("soil")
    case.advance()
    assert case.header.status is Status.CORRECTING
    [item] = case.last_notice(NoticeKind.CORRECTION).items
    assert (item.code, item.slot, item.matter) == ("correction-missing", "soil-plan", "soil")
    assert "JavaScript" in item.text.en
    assert "starts another program" in item.text.en


def test_a_correction_may_change_any_paper_where_a_reason_names_none() -> None:
    case = Case().accepted("flood")
    reasons = DecisionReason(slot="survey", text="比例尺不符"), DecisionReason(text="各材料面积不一致")
    case.decide("flood", Outcome.CORRECT, *reasons)
    case.advance()
    case.upload("survey", "flood-report")
    case.submit("flood")
    case.advance()
    assert {p.round for papers in case.packet.papers.by_slot.values() for p in papers} == {2}


def test_a_promised_paper_that_came_after_the_request_for_it_is_not_asked_for_twice() -> None:
    case = Case().accepted("soil", promises=["soil-plan"])
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="须提交"))
    case.advance()
    case.upload("soil-plan")
    case.advance()
    assert not case.packet.gaps["soil-plan"].open
    case.submit("soil")
    case.advance()
    assert case.header.status is Status.IN_REVIEW


def test_a_decision_of_an_old_round_does_not_decide_a_review_that_opened_again() -> None:
    case = Case().accepted("soil")
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    case.submit("soil")
    case.advance()
    assert ("soil", 1) in case.packet.decisions
    assert case.advance() is None
    assert case.states() == {"soil": ReviewState.OPEN}


@pytest.mark.parametrize("facts", [GOOD, DOUBTFUL])
def test_a_gap_closes_when_its_paper_is_there_without_another_submission(facts: Facts) -> None:
    case = Case().accepted("soil", promises=["soil-plan"])
    case.upload("soil-plan", facts=facts)
    case.advance()
    assert case.packet.gaps["soil-plan"].closed_at == case.now
    assert [i.slot for i in case.last_notice(NoticeKind.GAPS_CLOSED).items] == ["soil-plan"]
    case.decide("soil")
    case.advance()
    assert case.packet.result
    assert case.packet.result.code is ResultCode.APPROVED


def test_a_promised_paper_that_cannot_be_used_leaves_the_gap_open_and_is_told_once() -> None:
    case = Case().accepted("soil", promises=["soil-plan"])
    case.upload("soil-plan", facts=EMPTY)
    case.advance()
    assert case.advance() is None
    [notice] = case.notices(NoticeKind.GAPS_STILL_OPEN)
    [item] = notice.items
    assert (item.slot, item.due) == ("soil-plan", case.packet.gaps["soil-plan"].due)
    case.upload("soil-plan")
    case.advance()
    assert not case.packet.gaps["soil-plan"].open
    assert len(case.notices(NoticeKind.GAPS_STILL_OPEN)) == 1


def test_an_unusable_paper_that_was_promised_all_the_same_is_not_told_a_second_time() -> None:
    case = Case()
    case.upload("soil-plan", facts=EMPTY)
    case.accepted("soil", promises=["soil-plan"])
    case.advance()
    assert case.packet.gaps["soil-plan"].open
    assert case.notices(NoticeKind.GAPS_STILL_OPEN) == []


@pytest.mark.parametrize(
    ("matters", "more", "code"),
    [
        (["soil"], {"enterprise": {"name": "别家公司", "uscc": "91411400MA00000001"}}, "applicant-changed"),
        (["soil", "flood"], {}, "matters-changed"),
    ],
)
def test_a_correction_changes_neither_the_applicant_nor_the_matters(
    matters: list[str], more: dict[str, Any], code: str
) -> None:
    case = Case().accepted("soil")
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    case.submit(*matters, **more)
    case.advance()
    assert case.header.status is Status.CORRECTING
    assert [item.code for item in case.last_notice(NoticeKind.CORRECTION).items] == [code]
    case.submit("soil")
    case.advance()
    assert case.header.status is Status.IN_REVIEW


def test_a_gap_that_closes_later_leaves_the_result_as_it_was() -> None:
    case = Case().accepted("soil", promises=["soil-plan"])
    case.decide("soil")
    case.advance()
    result = case.packet.result
    assert result
    assert result.code is ResultCode.APPROVED_WITH_GAPS
    case.upload("soil-plan")
    case.advance()
    assert case.packet.result == result
    assert not case.packet.gaps["soil-plan"].open


def test_the_acceptance_receipt_names_every_gap_with_its_day() -> None:
    case = Case().accepted("soil", "fire-review", promises=["soil-plan", "fire-plan"])
    items = case.last_notice(NoticeKind.ACCEPTED).items
    assert {i.slot for i in items} == {"soil-plan", "fire-plan"}
    assert {i.due for i in items} == {gap.due for gap in case.packet.gaps.values()}
    assert all("2026年4月3日17:30" in i.text.zh for i in items)  # 20 working days on: 2026-04-03


def test_an_applicant_may_mend_its_name_but_not_change_its_credit_code() -> None:
    case = Case()
    case.submit("soil", enterprise={"name": "商丘样例生物", "uscc": ENTERPRISE.uscc})
    case.advance()
    case.upload("form", "soil-plan")
    case.submit("soil", enterprise=OTHER_ENTERPRISE)
    case.advance()
    assert [i.code for i in case.last_notice(NoticeKind.RETURNED).items] == ["applicant-changed"]
    assert case.header.enterprise.uscc == ENTERPRISE.uscc
    case.submit("soil")
    case.advance()
    assert case.header.enterprise == ENTERPRISE


def test_the_ledger_names_the_version_of_every_paper_that_was_looked_at() -> None:
    case = Case().accepted("soil")
    submitted = next(e for e in case.entries[0].events if e["event"] == "submitted")
    assert submitted["papers"] == {slot.slot: slot.version for slot in case.packet.slots.values()}


def test_an_industrial_project_is_decided_the_day_it_comes() -> None:
    """The worked case of the report: grade AAA, green channel, the permit in hand the same day."""
    case = Case(credit=credit("AAA")).accepted(
        "land-use", "planning", "fire-review", "permit", process="industrial",
        promises=["fire-plan", "wage-security"], commitments=["planning"],
    )  # fmt: skip
    while case.open():
        due = {case.packet.reviews[m].due.at.isoformat() for m in case.open()}
        assert due == {"2026-03-06T17:30:00+08:00"}
        for matter in case.open():
            case.decide(matter)
        a_lawful_step(case)
    assert case.packet.result
    assert case.packet.result.code is ResultCode.APPROVED_WITH_GAPS
    assert case.packet.result.decided_at.date() == MORNING.date()
    case.issue()
    case.advance()
    assert case.header.status is Status.ISSUED


def test_a_folder_that_nothing_can_be_done_with_is_not_looked_at_without_end() -> None:
    case = Case()
    case.upload("form")
    came = case.submit("soil", whole_folder=True)
    quiet, zero = case.surroundings.quiet, timedelta()
    assert submission.waits(case.packet, came.received_at, quiet) == quiet.total_seconds()
    assert submission.waits(case.packet, came.received_at + quiet, quiet) == 1
    assert submission.waits(case.packet, came.received_at + quiet + timedelta(minutes=2), quiet) is None
    assert submission.waits(case.packet.changed(submissions={}), came.received_at, zero) is None
