"""Joint acceptance (联合验收): refused while any promised paper of the project is missing, with the list; then one
visit for all departments, which nobody has to ask for.

Sources: mission 6 (the gap must be closed before the project applies for joint acceptance), 14 (联合踏勘);
国办发〔2019〕11号 (限时联合验收，统一出具验收意见). Choice: nobody asks for the visit; one notice tells all.
"""

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import NoticeItem, ReviewState
from kaigong.domain.model.standing import OpenGap, ProjectStanding

from . import procedures
from .step import Step

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


def ask_visit(step: Step) -> None:
    """Every review of a joint acceptance that opens takes part in the one joint site visit, as long as that is not
    over: its limit rests until then. A department that needs no visit decides, or ends its part.
    """
    if not procedures.is_joint_acceptance(step) or any(visit.held_at for visit in step.packet.visits.values()):
        return
    reviews = step.packet.reviews.items()
    new = [m for m, r in reviews if r.state is ReviewState.OPEN and not any(pause.visit for pause in r.pauses)]
    if new:
        procedures.join_all(step, new)
