"""Bytes to facts about a document. No AWS, no decisions: `kaigong.domain.intake.finding` judges."""

from .confine import can_be_confined
from .limits import Limits
from .pipeline import copy_of, examine, warm_up
from .source import FileSource, RangeSource

__all__ = ["FileSource", "Limits", "RangeSource", "can_be_confined", "copy_of", "examine", "warm_up"]
