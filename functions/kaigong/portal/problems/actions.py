"""What is read for the problem list: what the nightly run counted, in one Query; nothing is counted while one waits."""

from datetime import date, datetime, timedelta

from kaigong import catalog
from kaigong.domain.flow import risk
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.packet import Packet
from kaigong.portal import access
from kaigong.portal.access import Caller
from kaigong.settings import settings
from kaigong.store import catalogues, keys, problems
from kaigong.views.problems import PacketRisk, ProblemList, problem_list

USUAL = timedelta(days=29)  # before the last day


def sees_all(caller: Caller) -> bool:
    lead = catalog.load().lead
    return access.sees_all(caller, lead.code if lead else None)


def yesterday() -> date:
    """The newest day that can have been counted."""
    return datetime.now(settings().office.zone).date() - timedelta(days=1)


def listed(caller: Caller, department: Code | None, first: date, last: date) -> ProblemList:
    """The list of some days. Departments see what is theirs, the lead's people and who sees all packets all."""
    mine = department if sees_all(caller) else caller.department
    days = problems.between(mine or keys.PROBLEMS_OF_ALL, first, last)
    return problem_list(mine, first, last, days, catalog.load())


def of_packet(packet: Packet) -> PacketRisk:
    """The risk of a packet as it is now."""
    judged = risk.of_packet(packet, catalogues.of(packet, catalog.load()))
    return PacketRisk(packet=packet.packet, risk=judged)
