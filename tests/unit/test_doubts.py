"""A doubt that turned out true: told like a correction, cleared up by new data, and the reviews go on."""

from datetime import timedelta

from kaigong.domain.flow import delivery, doubts, proposal, window
from kaigong.domain.flow.lease import why_not
from kaigong.domain.flow.progress import left_behind
from kaigong.domain.model.clock import limit
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import ActKind, NoticeKind, ReviewState, Signing, Status
from kaigong.domain.model.waiting import Wait
from kaigong.views import desk_changes, desk_review

from .building import CATALOGUE, ENTERPRISE, OFFICE, PROJECT, Case, credit
from .test_desk import proposal as proposed_in
from .test_packet_view import seen

NAME = "differs-name"
WRONG = ENTERPRISE.changed(name="商丘样列生物科技有限公司")
BASIC = {"name": ENTERPRISE.name, "address": "商丘市示范路 1 号"}
DAYS = 20


def doubted(*matters: str, **more: object) -> Case:
    """Accepted under a name that the credit platform has not."""
    case = Case(credit=credit(basic=BASIC)).accepted(*matters, enterprise=WRONG, **more)
    assert case.header.doubts == (NAME,)
    return case


def confirmed(case: Case, doubt: str = NAME) -> Case:
    case.act(ActKind.CONFIRM_DOUBT, doubt, reason="营业执照上是另一个名称")
    case.advance()
    return case


def test_a_doubt_found_true_goes_back_to_the_applicant_with_reason_and_term_and_every_department_is_told() -> None:
    case = confirmed(doubted("soil", "flood", "fire-review"))
    assert case.header.status is Status.CORRECTING
    notice = case.last_notice(NoticeKind.CORRECTION)
    (item,) = notice.items
    assert item.due == case.header.correct_by == limit(case.now, DAYS, OFFICE)
    assert "营业执照上是另一个名称" in item.text.zh
    assert "重新提交" in item.text.zh
    assert {m.department for m in delivery.notices(case.packet, case.told(), case.now)} == {None, "water", "housing"}
    found = seen(case)
    assert (found.next.holder, found.next.by) == ("applicant", item.due.at)
    assert [(d.code, d.confirmed) for d in found.doubts] == [(NAME, True)]
    assert Wait.DOUBT not in window.waits(case.packet)
    assert {p.owner.kind for p in found.responsibility.points} == {"applicant"}


def test_the_time_limits_rest_meanwhile_and_run_on_with_what_was_left() -> None:
    case = doubted("soil", "flood")
    due = case.packet.reviews["soil"].due
    confirmed(case)
    assert set(case.states().values()) == {ReviewState.PAUSED}
    assert "补正" in seen(case).matters[0].rests[0].name.zh
    assert seen(case).matters[0].national.code == "6"  # 补正开始
    since = case.now
    case.now += timedelta(days=7)
    assert not left_behind(case.packet, case.surroundings)
    case.submit("soil", "flood")
    case.advance()
    assert case.header.status is Status.IN_REVIEW
    review = case.packet.reviews["soil"]
    (pause,) = review.pauses
    assert (pause.since, pause.until, review.round) == (since, case.now, 1)
    assert review.state is ReviewState.OPEN
    assert review.due.at == due.at + timedelta(days=7)


def test_new_data_take_the_place_of_those_doubted_and_papers_that_did_not_change_are_not_reviewed_again() -> None:
    case = doubted("soil", "flood")
    case.decide("flood")
    confirmed(case)
    papers = case.packet.papers
    case.submit("soil", "flood", project=Project(name="另一个项目"))
    case.advance()
    assert case.header.enterprise.name == ENTERPRISE.name
    assert case.header.project == PROJECT, "nobody doubted it"
    assert (case.header.doubts, case.header.confirmed) == ((), {})
    assert case.packet.papers == papers
    assert case.states() == {"soil": ReviewState.OPEN, "flood": ReviewState.APPROVED}
    assert "review:soil" in case.orders(), "its task names the enterprise"
    assert "review:flood" not in case.orders()
    assert set(case.last_notice(NoticeKind.SETTLED).departments) == {"water"}
    assert case.advance() is None
    case.decide("soil")
    case.advance()
    assert case.header.status is Status.DECIDED


def test_what_was_proposed_or_begun_before_the_correction_does_not_count_after_it() -> None:
    case = doubted("soil", "flood")
    proposed = proposed_in(case)
    case._change(proposals={("soil", 1): proposed})
    assert not doubts.corrected_since(case.packet, None)
    confirmed(case)
    assert proposal.to_sign(case.packet, case.packet.reviews["soil"]) == proposed
    case.now += timedelta(days=1)
    case.submit("soil", "flood")
    case.advance()
    assert case.header.identity_at == case.now
    review = case.packet.reviews["soil"]
    assert proposal.to_sign(case.packet, review) is None
    assert proposal.why_not_decide(case.packet, review, OFFICE) is None
    assert why_not(case.packet, review, 1, None, "li", case.now, OFFICE, "li") is None, "whoever proposed decides anew"
    shown = desk_review.task(case.packet, review, case.catalogue, case.now, OFFICE, None, "wang")
    assert (shown.to_sign, shown.identity_at) == (False, case.now)
    assert shown.proposal
    assert shown.proposal.void
    assert "不能签批" in shown.proposal.void.zh
    seen = [None, case.now - timedelta(seconds=1), case.now]
    assert [doubts.corrected_since(case.packet, at) for at in seen] == [True, True, False]
    case._change(proposals={("soil", 1): proposed.changed(id="p-2", at=case.now + timedelta(seconds=1))})
    assert proposal.to_sign(case.packet, review) is not None


def test_a_doubt_that_is_settled_without_other_data_leaves_proposals_and_forms_as_they_are() -> None:
    case = doubted("soil")
    case.act(ActKind.OVERRIDE_DOUBT, NAME, reason="核对过营业执照")
    case.advance()
    assert case.header.doubts == ()
    assert case.header.identity_at is None


def test_the_desk_shows_data_that_were_taken_over_though_no_paper_changed() -> None:
    case = doubted("soil", "flood")
    assert desk_changes.changes(case.packet, case.packet.reviews["soil"], case.catalogue) is None
    confirmed(case)
    case.now += timedelta(days=1)
    case.submit("soil", "flood", enterprise=ENTERPRISE, project=Project(name="另一个项目"))
    case.advance()
    found = desk_changes.changes(case.packet, case.packet.reviews["soil"], case.catalogue)
    assert found
    assert found.papers == ()
    assert [(d.name.zh, d.before, d.now, d.taken_over) for d in found.data] == [
        ("企业名称", WRONG.name, ENTERPRISE.name, True),
        ("项目名称", PROJECT.name, "另一个项目", False),  # nobody doubted it
    ]


def test_what_is_still_doubtful_is_told_again_with_a_new_term() -> None:
    case = confirmed(doubted("soil"))
    first = case.header.correct_by
    case.now += timedelta(days=3)
    case.submit("soil", enterprise=ENTERPRISE.changed(name="又一个名称"))
    case.advance()
    assert case.header.status is Status.CORRECTING
    assert len(case.notices(NoticeKind.CORRECTION)) == 2
    assert case.header.correct_by != first
    assert case.header.enterprise.name == "又一个名称"
    case.submit("soil")
    case.advance()
    assert case.header.status is Status.IN_REVIEW


def test_nothing_by_the_term_counts_as_withdrawn_and_is_told_before() -> None:
    case = confirmed(doubted("soil"))
    for _ in range(3):
        assert case.header.wake_at
        case.now = case.header.wake_at
        case.advance()
    kinds = [notice.kind for notice in case.packet.notices.values()][2:]
    assert kinds == [NoticeKind.CORRECTION_REMINDER, NoticeKind.CORRECTION_REMINDER, NoticeKind.CORRECTION_LAPSED]
    assert (case.header.status, case.header.lapsed) == (Status.WITHDRAWN, True)
    assert case.states() == {"soil": ReviewState.WITHDRAWN}


def test_no_result_is_made_and_nothing_opens_while_a_doubt_is_true() -> None:
    case = confirmed(doubted("fire-review", "planning", "land-use", "permit"))
    for matter in ("fire-review", "land-use"):
        case.decide(matter)
        case.advance()
    assert set(case.packet.reviews) == {"fire-review", "land-use"}
    case.submit("fire-review", "planning", "land-use", "permit")
    case.advance()
    assert "planning" in case.open()
    alone = confirmed(doubted("soil"))
    alone.decide("soil")
    alone.advance()
    assert alone.states() == {"soil": ReviewState.APPROVED}
    assert alone.packet.result is None
    alone.submit("soil")
    alone.advance()
    assert alone.header.status is Status.DECIDED


def test_one_notice_has_the_departments_corrections_as_well() -> None:
    case = doubted("soil", "flood")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="印章不清"))
    confirmed(case)
    (notice,) = case.notices(NoticeKind.CORRECTION)
    assert [(i.code, i.slot) for i in notice.items] == [(NAME, None), ("correction", "soil-plan")]
    case.submit("soil", "flood")
    case.advance()
    assert [i.slot for i in case.last_notice(NoticeKind.CORRECTION).items] == ["soil-plan"], "the name is right now"
    case.upload("soil-plan")
    case.submit("soil", "flood")
    case.advance()
    assert case.header.status is Status.IN_REVIEW
    assert set(case.open()) == {"soil", "flood"}
    assert not any(p.until is None for r in case.packet.reviews.values() for p in r.pauses)


def test_one_found_true_while_the_applicant_corrects_is_told_with_the_next_round() -> None:
    case = doubted("soil")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="印章不清"))
    case.advance()
    confirmed(case)
    assert len(case.notices(NoticeKind.CORRECTION)) == 1
    case.upload("soil-plan")
    case.submit("soil", enterprise=WRONG)
    case.advance()
    assert [i.code for i in case.last_notice(NoticeKind.CORRECTION).items] == [NAME]
    assert case.states() == {"soil": ReviewState.PAUSED}


def test_what_the_window_settles_after_all_lets_the_reviews_go_on() -> None:
    case = confirmed(doubted("soil"))
    case.act(ActKind.OVERRIDE_DOUBT, NAME, reason="登记机关已更名")
    case.advance()
    assert (case.header.status, case.header.round, case.header.confirmed) == (Status.IN_REVIEW, 1, {})
    assert case.states() == {"soil": ReviewState.OPEN}
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="印章不清"))
    case.advance()
    assert case.header.status is Status.CORRECTING


def test_a_doubt_that_an_officer_settled_does_not_come_up_again_by_itself() -> None:
    project = PROJECT.changed(code="2603-410102-04-01-123456")
    case = Case(CATALOGUE.changed(region="4114"), credit=credit(basic=BASIC))
    case.accepted("soil", enterprise=WRONG, project=project)
    assert case.header.doubts == ("project-code-region", NAME)
    case.act(ActKind.OVERRIDE_DOUBT, NAME, reason="已更名")
    case.advance()
    confirmed(case, "project-code-region")
    case.submit("soil", enterprise=WRONG, project=PROJECT.changed(code="2603-411402-04-01-123456"))
    case.advance()
    assert case.header.doubts == ()
    assert case.header.project.code == "2603-411402-04-01-123456"


def test_the_credit_code_never_changes_and_the_notice_says_what_to_do_instead() -> None:
    case = Case().accepted("soil", enterprise=Enterprise(name="另一家有限公司", uscc="91411402MA0KG0003M"))
    confirmed(case, "credit-code-check")
    assert "撤回本申请" in case.last_notice(NoticeKind.CORRECTION).items[0].text.zh
    case.submit("soil", enterprise=ENTERPRISE)
    case.advance()
    assert case.header.enterprise.uscc == "91411402MA0KG0003M"
    assert {i.code for i in case.last_notice(NoticeKind.CORRECTION).items} == {"credit-code-check", "applicant-changed"}


def test_commitments_are_made_anew_for_the_right_enterprise() -> None:
    case = doubted("land-use", commitments=["land-use"])
    before = case.packet.commitments["land-use"]
    confirmed(case)
    case.submit("land-use", commitments=["land-use"])
    case.advance()
    after = case.packet.commitments["land-use"]
    assert after.sha256 != before.sha256
    assert after.signing is Signing.MANIFEST
