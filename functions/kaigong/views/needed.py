"""Which matters a project needs, by what its people answered: each with its reasons, papers and days.

What is needed decides `domain/intake/questions`. Source: mission, "The problem the city had" (不知怎么办) and 8.
"""

from collections.abc import Collection

from pydantic import Field

from kaigong.domain.intake import questions
from kaigong.domain.intake.acceptance import needs
from kaigong.domain.model.catalogue import Catalogue, Code, Stage
from kaigong.domain.model.naming import Named, joined
from kaigong.domain.model.text import Model, Text

from .schedule import plan


class AskedAnswer(Model):
    code: Code
    text: Text
    given: bool = Field(description="Whether it was named among the answers.")


class AskedQuestion(Model):
    """A question in plain words. Several of its answers may hold, or none."""

    code: Code
    text: Text
    answers: tuple[AskedAnswer, ...]


class NeededMatter(Model):
    """A matter that the project needs, and why. Days are working days; 0: finished on the day it is accepted."""

    code: Code
    name: Text
    stage: Stage
    department: Code
    department_name: Text
    promised_days: int
    reasons: tuple[Text, ...]
    materials: tuple[Code, ...]


class NeededMaterial(Model):
    """A paper that is handed in, once for all of the matters that ask for it."""

    code: Code
    name: Text
    main: bool = Field(description="Main for at least one of the matters: cannot follow later.")
    for_matters: tuple[Code, ...]
    asked_by: Text = Field(description="The names of these matters.")


class Needed(Model):
    """What a project of this kind is asked, and what it needs by the answers given."""

    process: Named
    questions: tuple[AskedQuestion, ...]
    matters: tuple[NeededMatter, ...]
    materials: tuple[NeededMaterial, ...] = Field(description="Without those that the system fetches itself.")
    working_days: int = Field(description="These matters side by side, on time; 1: a single working day.")
    not_asked: int = Field(description="Matters of this project type that no question leads to: search for them.")


def needed(catalogue: Catalogue, process: Code, answers: Collection[Code]) -> Needed:
    """Raises KeyError for a process that there is not; an answer that there is not says nothing."""
    kind = catalogue.processes[process]
    because = questions.needed(kind, answers, catalogue)
    schedule = plan(because, process, catalogue)
    matters = [catalogue.matters[code] for code in because]
    return Needed(
        process=Named(code=kind.code, name=kind.name),
        questions=tuple(
            AskedQuestion(
                code=question.code,
                text=question.text,
                answers=tuple(
                    AskedAnswer(code=answer.code, text=answer.text, given=answer.code in answers)
                    for answer in question.answers
                ),
            )
            for question in questions.questions(kind, catalogue)
        ),
        matters=tuple(
            NeededMatter(
                code=matter.code,
                name=matter.name,
                stage=matter.stage,
                department=matter.department,
                department_name=catalogue.departments[matter.department].name,
                promised_days=schedule.days[matter.code],
                reasons=because[matter.code],
                materials=tuple(entry.material for entry in matter.materials),
            )
            for matter in matters
        ),
        materials=tuple(
            NeededMaterial(
                code=code,
                name=need.material.name,
                main=need.main,
                for_matters=need.matters,
                asked_by=joined(catalogue.matters[matter].name for matter in need.matters),
            )
            for code, need in needs(matters, catalogue).items()
        ),
        working_days=schedule.parallel_days,
        not_asked=len(questions.not_asked(kind, catalogue)),
    )
