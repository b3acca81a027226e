"""Which matters a project needs: the rule on any catalogue, and that the city's questions lead to every matter."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.catalog import load
from kaigong.domain.intake.acceptance import needs
from kaigong.domain.intake.questions import needed, not_asked, questions
from kaigong.domain.model.catalogue import Absence, Answer, Catalogue, Process, Question, Questions, Reason
from kaigong.domain.model.text import Text

from .building import CATALOGUE, named

CITY = load()
KINDS = list(CITY.processes)


def reason(matter: str, *processes: str, because: str = "because") -> Reason:
    return Reason(matter=matter, because=named(because), processes=processes)


def asking(*answers: Answer, always: tuple[Reason, ...] = ()) -> Catalogue:
    """The small catalogue with one question."""
    question = Question(code="question", text=named("question"), answers=answers)
    return CATALOGUE.changed(questions=Questions(always=always, asked=(question,)))


def answer(code: str, *reasons: Reason) -> Answer:
    return Answer(code=code, text=named(code), reasons=reasons)


ORDINARY = CATALOGUE.processes["ordinary"]


def test_what_is_always_needed_is_needed_without_an_answer_and_an_answer_adds_its_matters() -> None:
    city = asking(answer("river", reason("flood"), reason("soil")), always=(reason("permit"),))
    assert set(needed(ORDINARY, (), city)) == {"permit"}
    assert set(needed(ORDINARY, ("river",), city)) == {"permit", "flood", "soil"}
    assert set(needed(ORDINARY, ("no-such-answer",), city)) == {"permit"}


def test_a_matter_that_several_answers_lead_to_is_listed_once_with_every_reason() -> None:
    one, two = reason("flood", because="a river"), reason("flood", because="a lake")
    city = asking(answer("river", one), answer("lake", two), answer("pond", two))
    assert needed(ORDINARY, ("lake", "river", "pond"), city) == {"flood": (one.because, two.because)}


def test_a_reason_that_names_kinds_of_project_holds_for_those_alone() -> None:
    city = asking(answer("river", reason("flood", "industrial")))
    assert needed(ORDINARY, ("river",), city) == {}
    assert questions(ORDINARY, city) == ()
    assert "flood" in not_asked(ORDINARY, city)


def test_an_answer_that_makes_no_difference_is_not_asked_for() -> None:
    city = asking(answer("river", reason("flood")), answer("works", reason("permit")), always=(reason("permit"),))
    assert [[a.code for a in question.answers] for question in questions(ORDINARY, city)] == [["river"]]


@st.composite
def asked(draw: st.DrawFn) -> tuple[Process, Catalogue]:
    """Any questions on the small catalogue's matters, for one of its kinds of project."""
    matters, processes = st.sampled_from(sorted(CATALOGUE.matters)), st.sampled_from(sorted(CATALOGUE.processes))
    reasons = st.builds(
        Reason,
        matter=matters,
        because=st.sampled_from([named("one"), named("two")]),
        processes=st.lists(processes, max_size=2).map(tuple),
    )
    said: Any = st.lists(reasons, min_size=1, max_size=3).map(tuple)
    answers = [answer(f"answer-{n}", *draw(said)) for n in range(draw(st.integers(0, 4)))]
    city = asking(*answers, always=draw(st.lists(reasons, max_size=3).map(tuple)))
    return city.processes[draw(processes)], city


@given(asked(), st.data())
def test_every_matter_is_always_needed_or_reached_by_an_answer_or_told_as_not_asked_for(
    drawn: tuple[Process, Catalogue], data: st.DataObject
) -> None:
    process, city = drawn
    offered = [a.code for question in questions(process, city) for a in question.answers]
    always, most = needed(process, (), city), needed(process, offered, city)
    left = not_asked(process, city)
    assert set(most) | set(left) == set(process.matters)
    assert not set(most) & set(left)
    some = data.draw(st.sets(st.sampled_from(offered))) if offered else set()
    found = needed(process, some, city)
    assert always.keys() <= found.keys() <= most.keys()
    assert list(found) == [code for code in process.matters if code in found]
    assert all(found.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_citys_questions_lead_to_every_matter_of_every_kind_of_project(kind: str) -> None:
    assert not_asked(CITY.processes[kind], CITY) == ()


def test_the_usual_case_is_what_a_packet_begins_with_nine_matters_and_fourteen_papers() -> None:
    for process in CITY.processes.values():
        if process.start_matters:
            assert set(needed(process, (), CITY)) == set(process.start_matters)
    usual = needed(CITY.processes["industrial"], (), CITY)
    assert (len(usual), len(needs([CITY.matters[code] for code in usual], CITY))) == (9, 14)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_law_wants_first_is_needed_wherever_what_follows_it_is(kind: str) -> None:
    process = CITY.processes[kind]
    for given_answers in [(), *((a.code,) for q in questions(process, CITY) for a in q.answers)]:
        found = needed(process, given_answers, CITY)
        for code in found:
            first = {c for c, said in CITY.matters[code].absence.items() if said is Absence.REFUSED}
            assert first & set(process.matters) <= found.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_the_citys_questions_are_few_and_each_answer_has_another_text(kind: str) -> None:
    found = questions(CITY.processes[kind], CITY)
    assert len(found) <= 10
    texts: list[Text] = [a.text for question in found for a in question.answers]
    assert len({text.zh for text in texts}) == len({text.en for text in texts}) == len(texts)
