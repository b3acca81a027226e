"""What people do beside handing in and deciding: withdraw, settle a doubt, answer for a packet; and approvals ended."""

from datetime import timedelta

from kaigong.domain.flow import delivery
from kaigong.domain.flow.acts import why_not
from kaigong.domain.model.messages import Channel, Outcome, RevocationKind
from kaigong.domain.model.packet import Act, ActKind, ActRefusal, NoticeKind, ResultCode, ReviewState, Status

from .building import CATALOGUE, MORNING, OTHER_ENTERPRISE, PROJECT, Case, credit
from .test_packet_view import seen


def test_a_withdrawal_ends_what_is_open_tells_its_departments_and_keeps_what_was_decided() -> None:
    case = Case().accepted("soil", "flood", "fire-review")
    case.decide("soil")
    case.advance()
    case.act(ActKind.WITHDRAW, reason="项目暂停")
    case.advance()
    assert case.states() == {
        "soil": ReviewState.APPROVED,
        "flood": ReviewState.WITHDRAWN,
        "fire-review": ReviewState.WITHDRAWN,
    }
    told = case.last_notice(NoticeKind.WITHDRAWN).items
    assert [item.code for item in told] == ["withdrawn", "approved-before"]
    assert "不再出具联合审批结果" in told[1].text.zh  # that nothing is handed out is said, and what stands
    assert seen(case).next.why.zh.endswith("已批准的事项有效。")
    messages = delivery.notices(case.packet, case.told(), case.now)
    assert {m.department for m in messages} == {None, "water", "housing"}
    case.decide("flood")  # under way when the applicant withdrew
    assert case.advance() is None
    case.submit("soil", "flood")
    case.advance()
    assert "已撤回" in case.last_notice(NoticeKind.NOT_AWAITED).items[0].text.zh
    assert case.header.status is Status.WITHDRAWN


def test_what_departments_decided_before_the_applicant_withdrew_stands() -> None:
    case = Case().accepted("soil")
    case.decide("soil")
    case.now += timedelta(minutes=1)
    case.act(ActKind.WITHDRAW)
    case.advance()  # sees both at once
    assert case.header.status is Status.DECIDED
    assert case.packet.result
    assert case.notices(NoticeKind.NOT_WITHDRAWN)


def test_a_decision_that_comes_after_the_withdrawal_does_not_count() -> None:
    case = Case().accepted("soil")
    case.act(ActKind.WITHDRAW)
    case.now += timedelta(minutes=1)
    case.decide("soil")
    case.advance()
    assert case.header.status is Status.WITHDRAWN
    assert case.packet.result is None


def test_a_packet_that_was_submitted_but_not_looked_at_can_be_withdrawn() -> None:
    case = Case()
    case.submit("soil", awaits=[case.announced("form")])  # its paper is still to be examined
    case.act(ActKind.WITHDRAW)
    case.advance()
    assert (case.header.status, case.header.round) == (Status.WITHDRAWN, 0)
    assert case.advance() is None


def test_an_officer_settles_a_doubt_on_record_and_the_ledger_does_not_say_who() -> None:
    case = Case().accepted("soil", enterprise=OTHER_ENTERPRISE)
    assert case.header.doubts == ("credit-code-check",)
    act = case.act(ActKind.OVERRIDE_DOUBT, "credit-code-check", reason="已核对营业执照原件")
    case.advance()
    assert case.header.doubts == ()
    assert [i.code for i in case.last_notice(NoticeKind.SETTLED).items] == ["credit-code-check"]
    [event] = [e for e in case.entries[-1].events if e["event"] == "override-doubt"]
    assert event["subject"] == "credit-code-check"
    assert len(event["act"]) == 64
    assert act.by not in str(case.entries)


def test_each_doubt_is_settled_on_its_own() -> None:
    project = PROJECT.changed(code="2603-410102-04-01-123456")
    case = Case(CATALOGUE.changed(region="4114")).accepted("soil", enterprise=OTHER_ENTERPRISE, project=project)
    assert case.header.doubts == ("credit-code-check", "project-code-region")
    case.act(ActKind.OVERRIDE_DOUBT, "credit-code-check", reason="已核对")
    case.advance()
    (item,) = case.last_notice(NoticeKind.SETTLED).items
    assert "校验位不符" in item.text.zh
    assert "尚待核实：项目代码不是本市地区代码" in item.text.zh
    case.act(ActKind.OVERRIDE_DOUBT, "project-code-region", reason="已核对")
    case.advance()
    (item,) = case.last_notice(NoticeKind.SETTLED).items
    assert item.text.zh.endswith("“项目代码不是本市地区代码”这一疑点已消除。无需再办。")


def test_a_doubt_that_the_packet_does_not_have_is_put_on_record_and_changes_nothing() -> None:
    case = Case().accepted("soil")
    case.act(ActKind.OVERRIDE_DOUBT, "credit-code-check", reason="误操作")
    case.advance()
    assert not case.notices(NoticeKind.SETTLED)
    assert case.entries[-1].events[0]["refused"] == "no-such-doubt"


def test_the_officer_who_was_asked_first_stays_responsible() -> None:
    case = Case().accepted("soil")
    first = case.act(ActKind.FIRST_ASKED, officer="王工", department="approvals")
    case.advance()
    case.act(ActKind.FIRST_ASKED, officer="李工", department="water")
    assert case.advance() is None
    assert case.packet.acts[first.name].officer == "王工"


def test_an_approval_is_taken_back_and_the_joint_result_stays_as_it_was() -> None:
    case = Case().accepted("soil", "land-use", commitments=["land-use"])
    case.decide("soil")
    case.advance()
    result = case.packet.result
    assert result
    assert result.code is ResultCode.APPROVED
    case.revoke("land-use")
    case.advance()
    assert case.packet.result == result
    assert case.states()["land-use"] is ReviewState.REVOKED
    [item] = case.last_notice(NoticeKind.REVOKED).items
    assert "行政许可法 §69" in item.text.zh
    assert "行政复议" in item.text.zh
    case.revoke("soil", RevocationKind.RECALL)
    case.advance()
    assert case.states()["soil"] is ReviewState.RECALLED
    assert case.packet.result == result
    assert case.advance() is None


def test_what_was_approved_by_commitment_is_to_be_verified_within_the_days_of_its_letter() -> None:
    case = Case().accepted("land-use", commitments=["land-use"])
    due = case.packet.commitments["land-use"].verify_by
    assert due
    assert due.at.date().isoformat() == "2026-04-20"  # 30 working days after 6 March


def test_a_returned_packet_is_looked_at_again_when_a_newer_credit_record_comes() -> None:
    case = Case(credit=credit("AAA", breaches=1))
    case.upload("form")
    case.submit("soil", promises=["soil-plan"])
    case.advance()
    assert case.header.status is Status.RETURNED
    assert case.advance() is None
    case.credit = credit("AAA", published_at=case.now, id="credit-2")
    case.advance()
    assert (case.header.status, case.header.round) == (Status.IN_REVIEW, 1)
    assert case.packet.gaps["soil-plan"].open
    case.decide("soil", Outcome.CORRECT)
    case.advance()  # the notice of its return was answered: another one may go out in this round
    assert (case.header.status, case.header.round) == (Status.CORRECTING, 1)


def test_a_newer_credit_record_that_does_not_help_says_nothing_a_second_time() -> None:
    case = Case(credit=credit("AAA", breaches=1))
    case.submit("soil", promises=["soil-plan"])
    case.advance()
    case.credit = credit("AAA", published_at=case.now, id="credit-2")
    case.advance()
    assert len(case.notices(NoticeKind.RETURNED)) == 1
    assert case.advance() is None


def test_a_returned_packet_tells_of_the_credit_record_that_is_there_now_and_since_when() -> None:
    case = Case()
    case.submit("soil")
    case.advance()
    assert "没有该企业的信用记录" in str(seen(case).why)
    case.credit = credit("AAA", published_at=case.now)
    case.advance()
    found = seen(case)
    assert found.why
    assert "信用等级AAA" in found.why.zh
    assert (found.channel, found.credit_grade, found.why_since) == (Channel.GREEN, "AAA", case.now)
    assert case.orders() == ["status"], "who applies by object storage reads it there"
    assert case.advance() is None


def test_what_is_changed_again_and_again_is_refused_in_the_end() -> None:
    act = Act(kind=ActKind.PICK_UP, number=21, by="u", officer="王工", at=MORNING)
    assert why_not(Case().accepted("soil").packet, act) is ActRefusal.TOO_OFTEN
    assert why_not(Case().accepted("soil").packet, act.changed(number=20)) is None
