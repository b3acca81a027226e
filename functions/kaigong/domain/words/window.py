"""What the applicant is told of what the window put on record.

Source: mission, "Facts from law and standards" (an officer may override a check character, on record).
"""

from collections.abc import Iterable

from kaigong.domain.model.naming import joined
from kaigong.domain.model.text import Text


def settled(doubt: Text, left: Iterable[Text]) -> Text:
    """A doubt that an officer settled, and those that are still to be looked at."""
    others = list(left)
    more = joined(others)
    return Text(
        zh=f"工作人员已核实：“{doubt.zh}”这一疑点已消除。" + (f"尚待核实：{more.zh}。" if others else "无需再办。"),
        en=f"An officer looked at it: that {doubt.en} is settled. "
        + (f"Still to be looked at: {more.en}." if others else "Nothing is left to do."),
    )


APPROVAL = Text(
    zh="登记此前取得的批准，须选择事项，填写批准文件编号和批准日期。请返回填写。",
    en="An earlier approval needs its matter, the number of its document and the day it was given. Go back and "
    "fill them in.",
)
