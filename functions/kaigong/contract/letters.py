"""The commitment letters of an application as they hold now, for who is to read and accept them.

Source: 国办发〔2020〕42号 and mission 5: the text is told in full before it is accepted. It is accepted in the manifest
(manifest.LetterAccepted), and signing.py holds that against the text in force.
"""

from pydantic import Field

from kaigong.domain.intake.letter import LetterText, in_force
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.manifest import CodeRef, Enterprise, Project
from kaigong.domain.model.text import Model, Text


class LettersRequest(Model):
    """For whom, for what project and for which matters the letters are made out."""

    enterprise: Enterprise
    project: Project
    matters: tuple[CodeRef, ...] = Field(
        min_length=1, max_length=40, description="The matters that are to be done by commitment (告知承诺)."
    )


class Letters(Model):
    """The letters in force, in the order asked for. Who accepts one names its `version` and `sha256`."""

    letters: tuple[LetterText, ...]


def letters(asked: LettersRequest, catalogue: Catalogue) -> Letters:
    """The letter of each matter, once; a matter that `why_not` names has none and is passed over."""
    return Letters(letters=tuple(found for found in _found(asked, catalogue).values() if found))


def why_not(asked: LettersRequest, catalogue: Catalogue) -> Text | None:
    """Every matter asked for that has no letter, and why, at once; None: each has one."""
    reasons = [_reason(code, catalogue) for code, found in _found(asked, catalogue).items() if found is None]
    if not reasons:
        return None
    return Text(
        zh=f"{'；'.join(reason.zh for reason in reasons)}。可以告知承诺办理的事项见办事指南 /api/guide。",
        en=f"{'; '.join(reason.en for reason in reasons)}. The guide at /api/guide has the matters that take a "
        "commitment.",
    )


def _found(asked: LettersRequest, catalogue: Catalogue) -> dict[Code, LetterText | None]:
    return {code: _letter(code, asked, catalogue) for code in asked.matters}


def _letter(code: Code, asked: LettersRequest, catalogue: Catalogue) -> LetterText | None:
    matter = catalogue.matters.get(code)
    if matter is None or not matter.takes_commitment:
        return None
    return in_force(matter, catalogue, asked.enterprise, asked.project)


def _reason(code: Code, catalogue: Catalogue) -> Text:
    matter = catalogue.matters.get(code)
    if matter is None:
        return Text(zh=f"目录中没有事项“{code}”", en=f"there is no matter {code}")
    name = matter.name
    return Text(zh=f"“{name.zh}”（{code}）不适用告知承诺", en=f"{name.en} ({code}) takes no commitment")
