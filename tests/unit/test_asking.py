"""Questions about corrections: asked of who wants one, answered in the packet, and never left unseen."""

from datetime import timedelta

import pytest
from kaigong.domain.flow import deadlines, delivery, questions, reminding
from kaigong.domain.model.deadline import DeadlineKind
from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.packet import MOST_QUESTIONS, Act, ActKind, ActRefusal, NoticeKind
from kaigong.store import keys, packets
from kaigong.views.progress import public_progress

from .building import OFFICE, Case

DAY = timedelta(days=1)


def correcting(*matters: str) -> Case:
    case = Case().accepted(*(matters or ("flood", "soil")))
    for matter in case.open():
        case.decide(matter, Outcome.CORRECT)
    case.advance()
    return case


def ask(case: Case, text: str = "图纸要几号？", matter: str = "flood") -> Act:
    return case.act(ActKind.ASK, questions.subject(matter, text), reason=text)


def answer(case: Case, asked: Act, text: str = "一比五百。") -> Act:
    return case.act(ActKind.ANSWER, asked.subject, reason=text, officer="李", department="water")


def test_the_department_is_told_and_the_applicant_gets_the_answer_in_one_notice() -> None:
    case = correcting()
    case.now += DAY
    asked = ask(case)
    case.advance()
    [message] = delivery.asked(case.packet, case.orders(), case.catalogue, case.now)
    assert (message.kind, message.department, message.officer) == ("question", "water", None)
    assert "图纸" not in message.model_dump_json(), "messages say that, and not what"
    answer(case, asked)
    case.advance()
    [item] = case.last_notice(NoticeKind.ANSWERED).items
    assert "一比五百。" in item.text.zh
    assert not case.packet.open_questions()
    assert case.advance() is None
    assert "一比五百" not in public_progress(case.packet, case.catalogue, case.now, OFFICE).model_dump_json()


def test_who_asked_for_the_correction_is_told_unless_its_system_did() -> None:
    case = correcting("flood")
    fact = case.packet.decisions["flood", 1]
    for by, officer in (("a-li", "a-li"), ("department:water", None), ("", None)):
        case.packet = case.packet.changed(decisions={("flood", 1): fact.changed(by=by)})
        [message] = delivery.asked(case.packet, [f"question:{ask(case).subject}"], case.catalogue, case.now)
        assert message.officer == officer


def test_an_open_question_is_a_limit_that_reminds_and_goes_with_the_answer() -> None:
    case = correcting()
    asked = ask(case)
    case.advance()
    [found] = [d for d in deadlines.of(case.packet, OFFICE) if d.kind is DeadlineKind.QUESTION]
    assert (found.department, found.due) == ("water", questions.due(asked.at, OFFICE))
    told = []
    while case.header.wake_at and case.header.wake_at <= found.due.at:
        case.now = case.header.wake_at
        if case.advance():
            told += reminding.messages(case.packet, case.orders(), case.catalogue, case.now)
    assert [m.kind for m in told if ".question." in m.id] == ["limit-soon", "limit-over"]
    assert case.header.late_since is None or case.header.late_since == found.due.at
    answer(case, asked)
    case.advance()
    assert not [d for d in deadlines.of(case.packet, OFFICE) if d.kind is DeadlineKind.QUESTION]


def test_the_desk_lists_it_while_it_is_open() -> None:
    case = correcting()
    place = keys.review_sk("flood")
    assert packets._advanced_items(case.packet, {})[place]["gsi2pk"] == keys.correcting_pk("water")
    asked = ask(case)
    assert packets._advanced_items(case.packet, {})[place]["gsi2pk"] == keys.correcting_pk("water"), "not looked at"
    case.advance()
    row = packets._advanced_items(case.packet, {})[place]
    assert (row["gsi2pk"], row["gsi2about"]["asked"]) == (keys.department_pk("water"), asked.at.isoformat())
    answer(case, asked)
    case.advance()
    assert packets._advanced_items(case.packet, {})[place]["gsi2pk"] == keys.correcting_pk("water")


def test_the_same_question_twice_is_one_and_the_first_answer_stands() -> None:
    case = correcting()
    assert ask(case).name == ask(case).name
    assert ask(case, "另一问").name != ask(case).name
    assert len(case.packet.questions()) == 2


def test_only_a_correction_can_be_asked_about_and_not_without_end() -> None:
    case = Case().accepted("flood", "soil")
    assert questions.why_not_ask(case.packet, "flood") is ActRefusal.NOTHING_ASKED
    case = correcting("flood")
    assert questions.why_not_ask(case.packet, "none") is ActRefusal.NOTHING_ASKED
    for number in range(MOST_QUESTIONS):
        assert questions.why_not_ask(case.packet, "flood") is None
        ask(case, f"问题{number}")
    assert questions.why_not_ask(case.packet, "flood") is ActRefusal.TOO_OFTEN


@pytest.mark.parametrize("happens", ["withdraw", "correct"])
def test_a_question_that_is_late_or_moot_fails_nothing(happens: str) -> None:
    case = correcting("flood")
    if happens == "withdraw":
        case.act(ActKind.WITHDRAW)
    else:
        case.submit("flood")
    case.now += DAY
    asked = ask(case)
    case.advance()
    assert case.header.acts
    answer(case, asked)
    case.advance()
    assert case.advance() is None
    assert not case.packet.open_questions()


def test_an_answer_to_nothing_is_refused_in_the_ledger() -> None:
    case = correcting("flood")
    case.act(ActKind.ANSWER, "flood.000000000000", reason="?")
    entry = case.advance()
    assert entry
    assert [event["refused"] for event in entry.events if event["event"] == "answer"] == ["no-such-question"]
