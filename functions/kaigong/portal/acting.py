"""What the routes that write do. Each puts an item of its own; `advance` alone changes a packet."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from kaigong.catalog import load as catalogue
from kaigong.domain.contract import problems
from kaigong.domain.flow import acts as rules
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.standing import ProjectRecord
from kaigong.domain.model.text import Text
from kaigong.domain.views import rights
from kaigong.store import acts, projects

from . import access, linking
from .asking import Question, Reply, Unanswered
from .reading import project_code

_REFUSED = {
    rules.ActRefusal.TOO_LATE: problems.TOO_LATE,
    rules.ActRefusal.ALREADY_WITHDRAWN: problems.ALREADY_WITHDRAWN,
    rules.ActRefusal.NO_SUCH_DOUBT: problems.NO_SUCH_DOUBT,
    rules.ActRefusal.NO_SUCH_VISIT: problems.NO_SUCH_VISIT,
    rules.ActRefusal.DATE_PASSED: problems.DATE_PASSED,
}


def _act(packet: Packet, question: Question) -> Reply:
    """Record an act, once: who asks for it again is shown the one on record, whatever became of the packet since."""
    asked = cast(rules.ActRequest, question.body).root
    if not access.may_act(question.caller, packet, asked):
        raise Unanswered(problems.NOT_ALLOWED)
    if isinstance(asked, rules.FirstAsked) and asked.department not in catalogue().departments:
        known = ", ".join(catalogue().departments)
        detail = Text(zh=f"department 可选：{known}。", en=f"Choose department from: {known}.")
        raise Unanswered(problems.INVALID_BODY, detail)
    act = rules.act(asked, question.caller.name, datetime.now(UTC), packet)
    before = packet.acts.get(act.name)
    if before is None:
        why_not = rules.why_not(packet, act)
        if why_not:
            raise Unanswered(_REFUSED[why_not])
        before = acts.record(packet.packet, act)
    return Reply(rules.recorded(packet.packet, before or act), 200 if before else 202)


def _record_project(question: Question) -> Reply:
    """Replace what is on record of a project."""
    code, said = project_code(question), cast(rights.ProjectRequest, question.body)
    record = ProjectRecord(
        code=code,
        key_project=said.key_project,
        serviced_site=said.serviced_site,
        by=question.caller.name,
        at=datetime.now(UTC),
    )
    projects.put(record)
    return Reply(rights.project(code, projects.standing(code, except_packet="")))


ANSWERS: dict[str, Callable[[Question], Reply]] = {"record-project": _record_project, **linking.ANSWERS}
PACKET_ANSWERS: dict[str, Callable[[Packet, Question], Reply]] = {"act": _act, **linking.PACKET_ANSWERS}
