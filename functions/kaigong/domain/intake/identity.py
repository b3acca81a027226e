"""Whether what is said of an enterprise and its project can be right: codes, and what the credit platform knows.

A wrong *shape* is refused with the manifest. A wrong *check character* is a warning for the officer, never a refusal:
codes in circulation exist that fail GB 32100's check though their organisation part holds (mission, "Facts from law and
standards"). The rule of the project code's check digit is not public, so none is made up here.
"""

import re
from collections.abc import Mapping

from kaigong.domain import words
from kaigong.domain.model.codes import CREDIT_CHARACTER
from kaigong.domain.model.facts import normalise
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.messages import BasicData
from kaigong.domain.model.text import Model, Text

ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714
CREDIT_ALPHABET = "".join(filter(re.compile(CREDIT_CHARACTER).match, ORGANISATION_ALPHABET))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
BASIC_FIELDS = ("name", "legal_representative", "address")  # what form and record both have
_CHECK, _REGION, _OF_OTHERS = "credit-code-check", "project-code-region", "project-of-others"


def _differs(field: str) -> str:
    return f"differs-{field.replace('_', '-')}"


DOUBTS = {  # the code of each, and what it is called in short
    _CHECK: words.identity.CHECK_CHARACTER,
    _REGION: words.identity.REGION,
    _OF_OTHERS: words.identity.OF_OTHERS,
    **{_differs(field): words.identity.differs(field) for field in BASIC_FIELDS},
}


def part(code: str) -> str:
    """The part of the form that a doubt is about: `enterprise` or `project`."""
    return "project" if code in (_REGION, _OF_OTHERS) else "enterprise"


def to_do(code: str) -> Text:
    """What the applicant does about a doubt that turned out true."""
    if code == _CHECK:
        return words.identity.ANOTHER_CODE
    return words.identity.CORRECT_PROJECT if part(code) == "project" else words.identity.CORRECT_ENTERPRISE


class Doubt(Model):
    """Something about an identity that an officer should look at."""

    code: str
    field: str  # of the manifest, and of the form: `enterprise.uscc`, `project.code`
    text: Text


def credit_check_character(first_17: str) -> str:
    """The 18th character that GB 32100-2015 gives a credit code: weights 3^i mod 31.

    Raises ValueError on a character outside the standard's alphabet.
    """
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first_17))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(first_8: str) -> str:
    """The 9th character that GB 11714 gives an organisation code; 10 is written X. Raises ValueError on other signs."""
    total = sum(ORGANISATION_ALPHABET.index(c) * w for c, w in zip(first_8, ORGANISATION_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def doubts(
    enterprise: Enterprise, basic: BasicData | None, project: Project, region: str, *, foreign: bool = False
) -> tuple[Doubt, ...]:
    """What an officer should look at: the credit code's check character, the project code's region, where form and
    record differ; and that the project is others' (`foreign`, by intake/project.py).
    """
    found = _check_character(enterprise.uscc) + _region(project.code, region) + differences(enterprise, basic)
    of_others = Doubt(code=_OF_OTHERS, field="project.code", text=words.identity.PROJECT_OF_OTHERS)
    return (*found, of_others) if foreign else found


def differences(enterprise: Enterprise, basic: BasicData | None) -> tuple[Doubt, ...]:
    """Where the form says something else than the credit platform: a warning, one per field, codes `differs-<field>`.

    A field that either side leaves out differs from nothing. The record's values are not repeated: who applies may not
    be the enterprise, and must not learn them here.
    """
    return tuple(
        Doubt(
            code=_differs(field),
            field=f"enterprise.{field}",
            text=words.identity.differs_from_the_record(field),
        )
        for field in BASIC_FIELDS
        if differ(getattr(enterprise, field), getattr(basic, field, None))
    )


def filled(written: Mapping[str, str | None], basic: BasicData | None) -> dict[str, str]:
    """The form's fields on the enterprise with the platform's basic data in those left blank (mission 2).

    What the applicant wrote stays as it is, also where it differs: `differences` tells.
    """
    form = {field: value for field, value in written.items() if value and value.strip()}
    known = basic.model_dump(include=set(BASIC_FIELDS), exclude_none=True) if basic else {}
    return known | form


def differ(written: str | None, recorded: str | None) -> bool:
    """Whether two names or addresses are not the same; one that is left out differs from nothing."""
    said, known = normalise(written or ""), normalise(recorded or "")
    return bool(said and known) and said != known


def _check_character(code: str) -> tuple[Doubt, ...]:
    """Whether a credit code's check character holds; its shape is right already."""
    if credit_check_character(code[:17]) == code[17]:
        return ()
    text = words.identity.check_character(organisation_holds=organisation_check_character(code[8:16]) == code[16])
    return (Doubt(code=_CHECK, field="enterprise.uscc", text=text),)


def _region(code: str | None, region: str) -> tuple[Doubt, ...]:
    """Whether a project code is one of the city's: GB/T 40058-2021 has the region in its second group."""
    if code is None or code.split("-")[1].startswith(region):
        return ()
    text = words.identity.another_region(region)
    return (Doubt(code=_REGION, field="project.code", text=text),)
