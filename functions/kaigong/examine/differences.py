"""In what two readings of a document differ."""

from collections import Counter
from itertools import pairwise

from kaigong.domain.model.facts import Difference

from .report import Report

_SHORT = 20  # characters below which texts are too short to be compared by likeness
_ALIKE = 0.5  # share of common character pairs; extraction differs in order and ligatures, not in half of the text


def differences(first: Report, second: Report) -> tuple[Difference, ...]:
    """In what two readings differ. What one of them does not know is not compared."""
    if second.failed:
        return (Difference.OPENS,)
    found = []
    if _differ(first.pages, second.pages):
        found.append(Difference.PAGES)
    if _differ(first.signatures, second.signatures):
        found.append(Difference.SIGNATURES)
    if _differ(first.drawing, second.drawing) or _unlike(first.text, second.text):
        found.append(Difference.TEXT)
    return tuple(found)


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _unlike(a: str | None, b: str | None) -> bool:
    """Whether two extractions cannot be of the same page. One without text may lack a font's table: no proof."""
    if not a or not b or min(len(a), len(b)) < _SHORT:
        return False
    one, two = (Counter(pairwise(t)) for t in (a, b))
    common = sum((one & two).values())
    return common < _ALIKE * min(one.total(), two.total())
