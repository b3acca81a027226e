"""Which matters a project needs, from what its people say about it in plain words (不知怎么办).

The catalogue says what every project of a kind needs, and which answer makes which matter necessary. A matter that
neither names is never guessed: it is among those that nobody is asked about, and is found by searching.

Source: mission, "The problem the city had" and 8 (guidance before handing in).
"""

from collections.abc import Collection, Iterator

from kaigong.domain.model.catalogue import Catalogue, Code, Process, Question, Reason
from kaigong.domain.model.text import Text


def needed(process: Process, answers: Collection[Code], catalogue: Catalogue) -> dict[Code, tuple[Text, ...]]:
    """The matters that a project of this kind needs, each with every reason, in the process's order.

    `answers` are the codes of those that hold; one that nobody asks for says nothing.
    """
    given = (a.reasons for question in catalogue.questions.asked for a in question.answers if a.code in answers)
    return _by_matter(process, (catalogue.questions.always, *given))


def questions(process: Process, catalogue: Catalogue) -> tuple[Question, ...]:
    """What is asked about a project of this kind: the answers that make a difference, and the questions with any."""
    always = needed(process, (), catalogue)
    found = []
    for question in catalogue.questions.asked:
        answers = tuple(a for a in question.answers if _by_matter(process, (a.reasons,)).keys() - always)
        if answers:
            found.append(question.changed(answers=answers))
    return tuple(found)


def not_asked(process: Process, catalogue: Catalogue) -> tuple[Code, ...]:
    """The matters of this project type that no answer leads to, and that not every project needs."""
    every = [answer.code for question in catalogue.questions.asked for answer in question.answers]
    reached = needed(process, every, catalogue)
    return tuple(code for code in process.matters if code not in reached)


def _by_matter(process: Process, reasons: Collection[tuple[Reason, ...]]) -> dict[Code, tuple[Text, ...]]:
    found: dict[Code, list[Text]] = {}
    for reason in _holding(process, reasons):
        said = found.setdefault(reason.matter, [])
        if reason.because not in said:
            said.append(reason.because)
    return {code: tuple(found[code]) for code in process.matters if code in found}


def _holding(process: Process, reasons: Collection[tuple[Reason, ...]]) -> Iterator[Reason]:
    return (r for some in reasons for r in some if not r.processes or process.code in r.processes)
