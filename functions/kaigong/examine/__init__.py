"""Bytes to facts about a document. No AWS, no decisions: `kaigong.domain.intake.finding` judges."""

from .limits import Limits
from .pipeline import examine, warm_up
from .source import FileSource, RangeSource

__all__ = ["FileSource", "Limits", "RangeSource", "examine", "warm_up"]
