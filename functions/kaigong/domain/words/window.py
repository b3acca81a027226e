"""What the applicant is told of what the window put on record.

Sources: mission, "Facts from law and standards" (an officer may override a check character, on record); mission 14
(联合踏勘: one appointment for all).
"""

from datetime import datetime

from kaigong.domain.model.text import Text

from .clock import moment

SETTLED = Text(
    zh="工作人员已核实您的身份信息，原有疑点已消除，无需再办。",
    en="An officer has verified your identity details and the question is settled. There is nothing you need to do.",
)


def appointed(at: datetime, departments: Text, note: str) -> Text:
    """The date of a joint site visit, and who takes part; applicant and departments are told the same."""
    when = moment(at)
    return Text(
        zh=f"联合踏勘定于{when.zh}，参加部门：{departments.zh}。请申请人到场配合。" + (f"说明：{note}" if note else ""),
        en=f"The joint site visit is on {when.en}, with {departments.en}. Please be there."
        + (f" Note: {note}" if note else ""),
    )
