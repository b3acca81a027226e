"""The text of a commitment letter (告知承诺书): what the applicant is told, in one go, and what it commits to.

Source: 国办发〔2020〕42号: basis, conditions, what is committed, how it is verified, liability; by commitment a matter
has another number than by approval. Mission 5: the letter's form, what it must contain and the legal liability are told
at once. The matter's own part is the catalogue's template; what holds for every letter stands here.
"""

import hashlib
from collections.abc import Callable, Iterator

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue, Code, Department, Letter, Matter
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.text import Model, Text


class Section(Model):
    """One part of a letter: its heading and its points, in order; `numbered`: the points carry numbers."""

    heading: Text
    points: tuple[Text, ...]
    numbered: bool = True


class LetterText(Model):
    """A letter as the applicant reads it.

    `plain` is its canonical form: the whole letter in Chinese, then in English, every line ended by a line feed.
    `sha256` is over the UTF-8 bytes of `plain`.
    """

    matter: Code
    version: int
    title: Text
    sections: tuple[Section, ...]
    plain: str
    sha256: str


def text(
    letter: Letter, matter: Matter, department: Department, enterprise: Enterprise | None, project: Project | None
) -> LetterText:
    """The letter for this matter, filled in for an enterprise and its project; None leaves a blank to fill in.

    The same arguments always give the same bytes. Blanks and line breaks within a name count as one space, so that
    nothing written in a name can pass for a line of the letter.
    """
    title = words.letter.title(matter.name)
    number = matter.commitment_number or matter.number
    sections = (
        Section(heading=words.letter.APPLICANT, points=_applicant(enterprise, project), numbered=False),
        Section(
            heading=words.letter.MATTER,
            points=words.letter.matter(matter.name, number, department.name, letter.version),
            numbered=False,
        ),
        Section(
            heading=words.letter.BASIS,
            points=(matter.basis, words.letter.GENERAL_BASIS) if matter.basis else (words.letter.GENERAL_BASIS,),
        ),
        Section(heading=words.letter.CONDITIONS, points=letter.conditions),
        Section(heading=words.letter.COMMITS, points=words.letter.GENERAL_COMMITS + letter.commits),
        Section(
            heading=words.letter.VERIFICATION,
            points=(words.letter.verified(department.name, letter.verify_working_days), letter.verification),
        ),
        Section(heading=words.letter.LIABILITY, points=words.letter.LIABILITIES),
        Section(heading=words.letter.SIGNATURE, points=words.letter.SIGNATURES, numbered=False),
    )
    lines = (*_lines(title, sections, _zh), "", *_lines(title, sections, _en))
    plain = "".join(f"{line}\n" for line in lines)
    return LetterText(
        matter=matter.code,
        version=letter.version,
        title=title,
        sections=sections,
        plain=plain,
        sha256=hashlib.sha256(plain.encode()).hexdigest(),
    )


def in_force(
    matter: Matter, catalogue: Catalogue, enterprise: Enterprise | None, project: Project | None
) -> LetterText | None:
    """The letter for this matter as the catalogue has it now; None: it has none."""
    letter = catalogue.letters.get(matter.code)
    return text(letter, matter, catalogue.departments[matter.department], enterprise, project) if letter else None


def _applicant(enterprise: Enterprise | None, project: Project | None) -> tuple[Text, ...]:
    return words.letter.applicant(
        enterprise.name if enterprise else None,
        enterprise.uscc if enterprise else None,
        project.name if project else None,
        (project.code or "") if project else None,
    )


def _zh(said: Text) -> str:
    return said.zh


def _en(said: Text) -> str:
    return said.en


def _lines(title: Text, sections: tuple[Section, ...], said: Callable[[Text], str]) -> Iterator[str]:
    yield said(title)
    for place, section in enumerate(sections):
        yield ""
        yield said(words.letter.numbered(place, section.heading))
        for number, point in enumerate(section.points, start=1):
            yield f"({number}) {said(point)}" if section.numbered else said(point)
