"""What the views tell people, in both languages: functions of plain values, a module for each view.

A view finds the values; here stands how it reads. What the rules themselves say is in kaigong/domain/words.
"""

from . import (
    changes,
    foreseen,
    guide,
    ledger,
    matters,
    next_step,
    progress,
    schedule,
    team,
    timeline,
    verification,
    warnings,
)

__all__ = [
    "changes",
    "foreseen",
    "guide",
    "ledger",
    "matters",
    "next_step",
    "progress",
    "schedule",
    "team",
    "timeline",
    "verification",
    "warnings",
]
