"""What the applicant is told of what the window put on record.

Sources: mission, "Facts from law and standards" (an officer may override a check character, on record); mission 14
(联合踏勘: one appointment for all).
"""

from collections.abc import Iterable
from datetime import datetime

from kaigong.domain.model.naming import joined
from kaigong.domain.model.text import Text

from .clock import moment


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


def appointed(at: datetime, departments: Text, note: str) -> Text:
    """The date of a joint site visit, and who takes part; applicant and departments are told the same."""
    when = moment(at)
    return Text(
        zh=f"联合踏勘定于{when.zh}，参加部门：{departments.zh}。请申请人到场配合。" + (f"说明：{note}" if note else ""),
        en=f"The joint site visit is on {when.en}, with {departments.en}. Please be there."
        + (f" Note: {note}" if note else ""),
    )
