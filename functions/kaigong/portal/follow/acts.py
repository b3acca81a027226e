"""What the routes that write do. Each puts an item of its own; `advance` alone changes a packet."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from kaigong.catalog import load as catalogue
from kaigong.contract import acts as bodies
from kaigong.contract import problems
from kaigong.contract.acts import ActRequest, FirstAsked, recorded
from kaigong.contract.projects import ProjectRequest
from kaigong.domain.flow.acts import ActRefusal, why_not
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.standing import ProjectRecord
from kaigong.domain.model.text import Text
from kaigong.portal import access
from kaigong.portal.asking import Question, Reply, Unanswered
from kaigong.store import acts, projects
from kaigong.views import rights

from . import links
from .actions import project_code

_REFUSED = {
    ActRefusal.TOO_LATE: problems.TOO_LATE,
    ActRefusal.ALREADY_WITHDRAWN: problems.ALREADY_WITHDRAWN,
    ActRefusal.NO_SUCH_DOUBT: problems.NO_SUCH_DOUBT,
    ActRefusal.NO_SUCH_VISIT: problems.NO_SUCH_VISIT,
    ActRefusal.DATE_PASSED: problems.DATE_PASSED,
}


def _act(packet: Packet, question: Question) -> Reply:
    """Record an act, once: who asks for it again is shown the one on record, whatever became of the packet since."""
    asked = cast(ActRequest, question.body).root
    if not access.may_act(question.caller, packet, asked):
        raise Unanswered(problems.NOT_ALLOWED)
    if isinstance(asked, FirstAsked) and asked.department not in catalogue().departments:
        known = ", ".join(catalogue().departments)
        detail = Text(zh=f"department 可选：{known}。", en=f"Choose department from: {known}.")
        raise Unanswered(problems.INVALID_BODY, detail)
    act = bodies.act(asked, question.caller.name, datetime.now(UTC), packet)
    before = packet.acts.get(act.name)
    if before is None:
        refused = why_not(packet, act)
        if refused:
            raise Unanswered(_REFUSED[refused])
        before = acts.record(packet.packet, act)
    return Reply(recorded(packet.packet, before or act), 200 if before else 202)


def _record_project(question: Question) -> Reply:
    """Replace what is on record of a project."""
    code, said = project_code(question), cast(ProjectRequest, question.body)
    record = ProjectRecord(
        code=code,
        key_project=said.key_project,
        serviced_site=said.serviced_site,
        by=question.caller.name,
        at=datetime.now(UTC),
    )
    projects.put(record)
    return Reply(rights.project(code, projects.standing(code, except_packet="")))


ANSWERS: dict[str, Callable[[Question], Reply]] = {"record-project": _record_project, **links.ANSWERS}
PACKET_ANSWERS: dict[str, Callable[[Packet, Question], Reply]] = {"act": _act, **links.PACKET_ANSWERS}
