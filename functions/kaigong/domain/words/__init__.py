"""What the rules tell people, in both languages: functions of plain values, a module for each topic.

A rule decides and names the values; here stands how it reads. So a text is read, and changed, in one place, Chinese
first, and a missing language is a type error. names.py has what everything is called.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import (
        acceptance,
        acts,
        application,
        benefits,
        clock,
        corrections,
        deadlines,
        decision,
        draft,
        finding,
        form,
        gaps,
        handing_out,
        identity,
        intermediaries,
        joint_acceptance,
        lease,
        letter,
        mandate,
        names,
        notices,
        prerequisites,
        privileges,
        problems,
        procedures,
        proposal,
        questions,
        remedies,
        retraction,
        review,
        revocation,
        routes,
        rules,
        signing,
        slip,
        submission,
        supervision,
        window,
        withdrawal,
    )

__all__ = [
    "acceptance",
    "acts",
    "application",
    "benefits",
    "clock",
    "corrections",
    "deadlines",
    "decision",
    "draft",
    "finding",
    "form",
    "gaps",
    "handing_out",
    "identity",
    "intermediaries",
    "joint_acceptance",
    "lease",
    "letter",
    "mandate",
    "names",
    "notices",
    "prerequisites",
    "privileges",
    "problems",
    "procedures",
    "proposal",
    "questions",
    "remedies",
    "retraction",
    "review",
    "revocation",
    "routes",
    "rules",
    "signing",
    "slip",
    "submission",
    "supervision",
    "window",
    "withdrawal",
]


def __getattr__(name: str) -> Any:
    """Each when it is first spoken of: a function says little of this, and with the names comes most of the model."""
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f".{name}", __name__)
