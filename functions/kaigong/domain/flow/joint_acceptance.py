"""Joint acceptance (联合验收): refused while any promised material of the project is missing, with the list.

Source: mission 6: the gap must be closed before the project applies for joint acceptance.
"""

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import spelled
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import NoticeItem
from kaigong.domain.model.standing import OpenGap, ProjectStanding
from kaigong.domain.model.text import Text

GAP_OPEN = "project-gap-open"  # the code of the notice's point for each material that the project still owes


def obstacles(manifest: Manifest, project: ProjectStanding, catalogue: Catalogue) -> tuple[NoticeItem, ...]:
    """What keeps the project from joint acceptance; nothing for a packet of another process.

    Gaps of another enterprise's packets count as well, since they are the project's; which material is missing there
    is not told.
    """
    if not catalogue.processes[manifest.process].joint_acceptance:
        return ()
    if manifest.project.code is None:
        text = Text(
            zh="申请联合验收须填写项目代码，以便核对该项目的容缺材料是否补齐。请补填项目代码。",
            en="Joint acceptance needs the project code: by it we see whether every promised material has followed. "
            "Fill it in.",
        )
        return (NoticeItem(code="project-code-missing", text=text),)
    return tuple(_obstacle(gap, gap.uscc == manifest.enterprise.uscc, catalogue) for gap in project.open_gaps)


def _obstacle(gap: OpenGap, own: bool, catalogue: Catalogue) -> NoticeItem:
    if not own:
        text = Text(
            zh="本项目另有企业申报的容缺材料尚未补齐，请与其联系；补齐后方可申请联合验收。",
            en="Another enterprise's packet of this project still owes a promised material; "
            "ask it to hand that in first.",
        )
        return NoticeItem(code=GAP_OPEN, text=text)
    name, day = name_of(catalogue.materials, gap.slot), spelled(gap.due)
    text = Text(
        zh=f"材料包 {gap.packet} 的容缺材料“{name.zh}”尚未补齐（应于{day.zh}前补齐），补齐后方可申请联合验收。",
        en=f"{name.en}, promised in packet {gap.packet} for {day.en}, is still missing. "
        "Hand it in there, then apply for joint acceptance.",
    )
    return NoticeItem(code=GAP_OPEN, text=text, slot=gap.slot, due=gap.due)
