"""How matters stand, in words: how many departments have answered, and what a time limit rests for.

Sources: mission 8 (live progress), 9 (tracked supervision of deadlines); 行政许可法 §45 (what does not count in a
limit).
"""

from datetime import datetime

from kaigong.domain.model.text import Text
from kaigong.domain.words.clock import moment


def answered(count: int, of: int) -> Text:
    """How many departments have answered."""
    return Text(zh=f"{of} 个部门中 {count} 个已答复。", en=f"{count} of {of} departments have answered.")


def waiting(count: int, of: int, departments: Text) -> Text:
    """The same, with those that have not."""
    told = answered(count, of)
    return Text(zh=f"{told.zh[:-1]}，待答复：{departments.zh}。", en=f"{told.en[:-1]}; waiting for {departments.en}.")


def rests(since: datetime, reasons: Text) -> Text:
    """Since when a time limit rests, and for what."""
    begin = moment(since)
    return Text(
        zh=f"自{begin.zh}起因{reasons.zh}暂停计算办理时限，结束后继续计算。",
        en=f"The time limit has been paused since {begin.en} ({reasons.en}) and will resume afterwards.",
    )
