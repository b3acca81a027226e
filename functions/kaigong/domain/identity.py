"""Whether the codes of an enterprise and a project can be right.

A wrong *shape* is refused with the manifest. A wrong *check character* is a warning for the officer, never a refusal:
codes in circulation exist that fail GB 32100's check though their organisation part holds (mission, "Facts from law and
standards"). The rule of the project code's check digit is not public, so none is made up here.
"""

from .manifest import Enterprise
from .text import Model, Text

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class Doubt(Model):
    """Something about an identity that an officer should look at."""

    code: str
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


def doubts(enterprise: Enterprise) -> tuple[Doubt, ...]:
    """What is doubtful about the credit code of an enterprise; its shape is right already."""
    code = enterprise.uscc
    if credit_check_character(code[:17]) == code[17]:
        return ()
    if organisation_check_character(code[8:16]) == code[16]:
        zh, en = "，但其中的组织机构代码校验正确", ", though the organisation code in it holds"
    else:
        zh, en = "，其中的组织机构代码也不符", ", and the organisation code in it fails as well"
    text = Text(
        zh=f"统一社会信用代码的校验位不符（GB 32100-2015）{zh}。不影响受理；请核对营业执照，工作人员将予核实。",
        en=f"The credit code's check character does not hold (GB 32100-2015){en}. This does not stop the application; "
        "compare it with the business licence, an officer will look at it.",
    )
    return (Doubt(code="credit-code-check", text=text),)
