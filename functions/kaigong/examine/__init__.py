"""Bytes to facts about a document. No AWS, no decisions: `kaigong.domain.intake.finding` judges."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .limits import Limits
    from .pipeline import copy_of, examine, warm_up
    from .source import FileSource, RangeSource

__all__ = ["FileSource", "Limits", "RangeSource", "copy_of", "examine", "warm_up"]
_IN = {"copy_of": "pipeline", "examine": "pipeline", "warm_up": "pipeline", "Limits": "limits"}


def __getattr__(name: str) -> Any:
    """What others import from here, when they do: a process of readers is to load its readers, and no more."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f".{_IN.get(name, 'source')}", __name__), name)
