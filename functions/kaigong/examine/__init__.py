"""Bytes to facts about a document. No AWS, no decisions: `kaigong.domain.intake.finding` judges."""

from .limits import Limits
from .pipeline import copy_of, examine, warm_up
from .source import FileSource, RangeSource

__all__ = ["FileSource", "Limits", "RangeSource", "copy_of", "examine", "warm_up"]
