"""What the rules tell people, in both languages: functions of plain values, a module for each topic.

A rule decides and names the values; here stands how it reads. So a text is read, and changed, in one place, Chinese
first, and a missing language is a type error. names.py has what everything is called.
"""

from . import (
    acceptance,
    acts,
    application,
    clock,
    corrections,
    decision,
    draft,
    finding,
    gaps,
    identity,
    joint_acceptance,
    lease,
    letter,
    names,
    privileges,
    procedures,
    review,
    revocation,
    routes,
    rules,
    signing,
    submission,
    window,
    withdrawal,
)

__all__ = [
    "acceptance",
    "acts",
    "application",
    "clock",
    "corrections",
    "decision",
    "draft",
    "finding",
    "gaps",
    "identity",
    "joint_acceptance",
    "lease",
    "letter",
    "names",
    "privileges",
    "procedures",
    "review",
    "revocation",
    "routes",
    "rules",
    "signing",
    "submission",
    "window",
    "withdrawal",
]
