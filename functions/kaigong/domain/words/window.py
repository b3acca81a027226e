"""What the applicant is told of what the window put on record.

Source: mission, "Facts from law and standards" (an officer may override a check character, on record).
"""

from collections.abc import Iterable

from kaigong.domain.model.naming import joined
from kaigong.domain.model.text import Text, unstopped


def settled(doubt: Text, left: Iterable[Text]) -> Text:
    """A doubt that an officer settled, and those that are still to be looked at."""
    others = list(left)
    more = joined(others)
    return Text(
        zh=f"工作人员已核实：“{doubt.zh}”这一疑点已消除。" + (f"尚待核实：{more.zh}。" if others else "无需再办。"),
        en=f"An officer looked at it: that {doubt.en} is settled. "
        + (f"Still to be looked at: {more.en}." if others else "Nothing is left to do."),
    )


def confirmed(doubt: Text, reason: str, to_do: Text) -> Text:
    """A doubt that an officer found true: why, and what the applicant is to do."""
    return Text(
        zh=f"经窗口核实，“{doubt.zh}”属实。" + (f"核实情况：{unstopped(reason)}。" if reason else "") + to_do.zh,
        en=f"The window found it true that {doubt.en}."
        + (f" What was found: {unstopped(reason)}." if reason else "")
        + f" {to_do.en}",
    )


def cleared(doubt: Text) -> Text:
    """One that the applicant cleared up by new data."""
    return Text(
        zh=f"“{doubt.zh}”这一疑点已由申请人更正，按更正后的信息继续审查；未变化的材料不再重复检查。",
        en=f"That {doubt.en} was put right by the applicant. Review goes on with the corrected details; papers that "
        "have not changed are not checked again.",
    )


ENTERPRISE = Text(
    zh="参与企业须填写 18 位统一社会信用代码，至多 50 家。",
    en="An enterprise is named by its credit code of 18 characters, 50 at most.",
)
APPROVAL = Text(
    zh="登记此前取得的批准，须选择事项，填写批准文件编号和批准日期。",
    en="An earlier approval needs its matter, the number of its document and the day it was given.",
)
