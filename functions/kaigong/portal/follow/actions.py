"""What the routes that read answer."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from pydantic import BaseModel

from kaigong.catalog import load as catalogue
from kaigong.catalog import with_calendar
from kaigong.contract import problems, routes
from kaigong.contract.letters import Letters, LettersRequest, letters, why_not
from kaigong.domain.model.catalogue import Stage
from kaigong.domain.model.manifest import PACKET_PATTERN, PROJECT_CODE_PATTERN, USCC_PATTERN
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.standing import ProjectStanding
from kaigong.domain.model.text import Text
from kaigong.portal import access
from kaigong.portal.asking import Question, Unanswered, logger
from kaigong.settings import settings
from kaigong.store import credit, files, packets, projects, reading
from kaigong.views import ledger as view_ledger
from kaigong.views import materials as view_materials
from kaigong.views import packet as view
from kaigong.views import rights
from kaigong.views.guide import Guide, guide
from kaigong.views.packet import Packets
from kaigong.views.stuck import Stuck, StuckPacket

_USCC = re.compile(USCC_PATTERN)
_PROJECT_CODE = re.compile(PROJECT_CODE_PATTERN)
_PACKET = re.compile(PACKET_PATTERN)


def packet_of(name: str, caller: access.Caller) -> Packet:
    """The packet of this id. Raises Unanswered, not found, where there is none or the caller may not see it."""
    found = packets.load(name) if _PACKET.fullmatch(name) else Packet(packet=name)
    if not found.is_there or not access.may_see(caller, found):
        raise Unanswered(problems.NOT_FOUND)
    return found


# of the catalogue, an enterprise, a project


def _health(_: Question) -> routes.Health:
    return routes.Health()


def _guide(question: Question) -> Guide:
    process, stage = question.query.get("process"), question.query.get("stage")
    _one_of("process", process, catalogue().processes)
    _one_of("stage", stage, {str(known) for known in Stage})
    return guide(catalogue(), process, stage)


def _packets(question: Question) -> Packets:
    uscc = _enterprise_asked_about(question)
    try:
        headers, more = reading.packets_of(uscc, routes.PAGE_SIZE, question.query.get("after"))
    except reading.NotACursor as error:
        detail = Text(zh="after 须为上一页给出的 next。", en="Give as after the next of the page before.")
        raise Unanswered(problems.INVALID_PARAMETER, detail) from error
    return Packets(uscc=uscc, packets=tuple(view.summary(h, catalogue()) for h in headers), next=more)


def _enterprise(question: Question) -> rights.EnterpriseShown:
    uscc = _enterprise_asked_about(question)
    return rights.enterprise(uscc, credit.standing(uscc), catalogue(), datetime.now(UTC))


def _project(question: Question) -> rights.ProjectShown:
    code = project_code(question)
    return rights.project(code, projects.standing(code, except_packet=""))


def _letters(question: Question) -> Letters:
    """Asked for by POST, so that who asks and for what stands in no address."""
    asked = cast(LettersRequest, question.body)
    if not access.may_ask_about(question.caller, asked.enterprise.uscc):
        raise Unanswered(problems.NOT_ALLOWED)
    barred = why_not(asked, catalogue())
    if barred:
        raise Unanswered(problems.NO_LETTER, barred)
    return letters(asked, catalogue())


def _stuck(question: Question) -> Stuck:
    asked = question.query.get("days", "2")
    if not re.fullmatch("[0-9]{1,2}", asked) or not 1 <= int(asked) <= routes.STUCK_DAYS:
        detail = Text(
            zh=f"days 须为 1 至 {routes.STUCK_DAYS}。", en=f"Give days as a number from 1 to {routes.STUCK_DAYS}."
        )
        raise Unanswered(problems.INVALID_PARAMETER, detail)
    now = datetime.now(UTC)
    found = reading.stuck(now, int(asked))
    late = tuple(StuckPacket(packet=packet, why=tuple(why)) for packet, why in found.items())
    return Stuck(checked_at=now, days=int(asked), packets=late)


# of one packet


def _status(packet: Packet) -> BaseModel:
    office = with_calendar(settings().office)
    return view.status(packet, catalogue(), datetime.now(UTC), office)


def _materials(packet: Packet) -> BaseModel:
    return view_materials.materials(packet, catalogue())


def _ledger(packet: Packet) -> BaseModel:
    return view_ledger.ledger(packet, reading.ledger(packet.packet))


def _result(packet: Packet) -> bytes:
    """The document as it was issued, or nothing: a changed one is not given out."""
    if packet.issued is None:
        raise Unanswered(problems.NO_RESULT_YET)
    document = files.read_result(packet.packet)
    if hashlib.sha256(document).hexdigest() != packet.issued.sha256:
        logger.error("the stored joint result is not the one issued", packet=packet.packet)
        raise Unanswered(problems.RESULT_ALTERED)
    return document


def _routes(packet: Packet) -> rights.PacketRoutes:
    """By what is on record now. The credit platform is not asked: that is done when the packet is submitted."""
    applied, enterprise = packet.applied_for, packet.applicant
    if applied is None or enterprise is None:
        raise Unanswered(problems.NOT_APPLIED_YET)
    code = applied.project.code
    project = projects.standing(code, packet.packet) if code else ProjectStanding()
    standing = credit.standing(enterprise.uscc)
    return rights.packet_routes(packet.packet, applied, standing, project, catalogue(), datetime.now(UTC))


ANSWERS: dict[str, Callable[[Question], BaseModel]] = {
    "health": _health,
    "guide": _guide,
    "packets": _packets,
    "enterprise": _enterprise,
    "letters": _letters,
    "project": _project,
    "stuck": _stuck,
}
PACKET_ANSWERS: dict[str, Callable[[Packet], BaseModel | bytes]] = {
    "packet": _status,
    "materials": _materials,
    "result": _result,
    "ledger": _ledger,
    "routes": _routes,
}


def project_code(question: Question) -> str:
    """The project that the path names. Raises Unanswered where it can be none."""
    code = question.named["code"]
    if not _PROJECT_CODE.fullmatch(code):
        detail = Text(
            zh="项目代码的格式为 YYMM-RRRRRR-DD-TT-NNNNNN，如 2603-411400-04-01-123456。",
            en="A project's code has the form YYMM-RRRRRR-DD-TT-NNNNNN, for example 2603-411400-04-01-123456.",
        )
        raise Unanswered(problems.INVALID_PARAMETER, detail)
    return code


def _enterprise_asked_about(question: Question) -> str:
    """The credit code that the query names, or else the applicant's own. Raises Unanswered for a foreign one."""
    uscc = question.query.get("uscc", question.caller.uscc)
    if uscc is None or not _USCC.fullmatch(uscc):
        detail = Text(zh="请以 uscc 给出 18 位统一社会信用代码。", en="Give the credit code of 18 characters as uscc.")
        raise Unanswered(problems.INVALID_PARAMETER, detail)
    if not access.may_ask_about(question.caller, uscc):
        raise Unanswered(problems.NOT_ALLOWED)
    return uscc


def _one_of(name: str, value: str | None, known: Mapping[str, Any] | set[str]) -> None:
    if value is not None and value not in known:
        choices = ", ".join(known if isinstance(known, Mapping) else sorted(known))
        detail = Text(zh=f"{name} 可选：{choices}。", en=f"Choose {name} from: {choices}.")
        raise Unanswered(problems.INVALID_PARAMETER, detail)
