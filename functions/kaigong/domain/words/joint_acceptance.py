"""What keeps a project from joint acceptance (联合验收).

Source: mission 6: every promised paper of the project must have followed before it applies.
"""

from kaigong.domain.model.clock import Due
from kaigong.domain.model.text import Text

from .clock import spelled

NO_PROJECT_CODE = Text(
    zh="申请联合验收须填写项目代码，以便核对该项目的容缺材料是否补齐。请补填项目代码。",
    en="Joint acceptance needs the project code, so that we can check whether every promised paper has "
    "been supplied. Please enter it.",
)
OWED_BY_ANOTHER = Text(  # which material is missing there is not told
    zh="本项目另有企业申报的容缺材料尚未补齐，请与其联系；补齐后方可申请联合验收。",
    en="Another enterprise still owes a promised paper for this project. Please contact it; joint "
    "acceptance is possible once that paper is in.",
)


def owed(name: Text, packet: str, due: Due) -> Text:
    """A promised paper of the applicant's own that has not followed yet."""
    until = spelled(due)
    return Text(
        zh=f"材料包 {packet} 的容缺材料“{name.zh}”尚未补齐（应于{until.zh}前补齐），补齐后方可申请联合验收。",
        en=f"{name.en}, promised in packet {packet} for {until.en}, is still outstanding. Supply it there, "
        "then apply for joint acceptance.",
    )
