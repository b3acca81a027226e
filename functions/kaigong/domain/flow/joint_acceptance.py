"""Joint acceptance (联合验收): refused while any promised material of the project is missing, with the list.

Source: mission 6: the gap must be closed before the project applies for joint acceptance.
"""

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import NoticeItem
from kaigong.domain.model.standing import OpenGap, ProjectStanding

GAP_OPEN = "project-gap-open"  # the code of the notice's point for each material that the project still owes


def obstacles(manifest: Manifest, project: ProjectStanding, catalogue: Catalogue) -> tuple[NoticeItem, ...]:
    """What keeps the project from joint acceptance; nothing for a packet of another process.

    Gaps of another enterprise's packets count as well, since they are the project's; which material is missing there
    is not told.
    """
    if not catalogue.processes[manifest.process].joint_acceptance:
        return ()
    if manifest.project.code is None:
        return (NoticeItem(code="project-code-missing", text=words.joint_acceptance.NO_PROJECT_CODE),)
    return tuple(_obstacle(gap, gap.uscc == manifest.enterprise.uscc, catalogue) for gap in project.open_gaps)


def _obstacle(gap: OpenGap, own: bool, catalogue: Catalogue) -> NoticeItem:
    if not own:
        return NoticeItem(code=GAP_OPEN, text=words.joint_acceptance.OWED_BY_ANOTHER)
    text = words.joint_acceptance.owed(name_of(catalogue.materials, gap.slot), gap.packet, gap.due)
    return NoticeItem(code=GAP_OPEN, text=text, slot=gap.slot, due=gap.due)
