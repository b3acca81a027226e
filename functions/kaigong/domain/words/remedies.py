"""What can be done against a decision, and within which terms; a refusal has to say it (行政许可法 §38).

Sources: 行政复议法 §20 (sixty days from the day on which one learns of it), 行政诉讼法 §46 (six months, likewise).
"""

from kaigong.domain.model.text import Text

REMEDY = Text(
    zh="不服的，可以自知道该决定之日起六十日内申请行政复议，或者六个月内向人民法院提起行政诉讼。",
    en="If you disagree, you may apply for administrative reconsideration within sixty days of learning of it, or "
    "bring an administrative lawsuit within six months.",
)


def not_approved(matter: Text, outcome: Text) -> Text:
    """A matter that was applied for and does not have its approval."""
    return Text(
        zh=f"“{matter.zh}”：{outcome.zh}，理由见联合审批结果。{REMEDY.zh}",
        en=f"{matter.en}: {outcome.en}; the joint result has the reasons. {REMEDY.en}",
    )
