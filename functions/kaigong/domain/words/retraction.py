"""What is told when a department takes its decision back before anybody acted on it (收回决定).

Why one cannot be taken back any more, and what to do instead: acts.py. Source: flow/retraction.py.
"""

from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.text import Text, unstopped

from . import names

_NOT_NOW = Text(
    zh="该部门此前要求补正的内容，目前不必补正。", en="What it had asked you to correct need not be corrected for now."
)


def taken_back(department: Text, matter: Text, outcome: Outcome, reason: str, *, told: bool) -> Text:
    """Of the applicant: who reviews what again, and why; `told`: a notice had asked for a correction."""
    name, reason = names.OUTCOMES[outcome], unstopped(reason)
    more_zh, more_en = (_NOT_NOW.zh, f" {_NOT_NOW.en}") if told else ("", "")
    return Text(
        zh=f"{department.zh}收回对“{matter.zh}”的决定（{name.zh}），继续审查。理由：{reason}。{more_zh}",
        en=f"{department.en} has taken back its decision on {matter.en} ({name.en}) and reviews on. "
        f"Reason given: {reason}.{more_en}",
    )
