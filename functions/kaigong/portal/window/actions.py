"""What the window and operations ask and put on record beside packets."""

from datetime import UTC, datetime

from kaigong.contract.projects import ProjectRequest
from kaigong.domain.model.standing import ProjectRecord
from kaigong.portal.access import Caller
from kaigong.store import projects, reading
from kaigong.views import rights
from kaigong.views.stuck import RefusedMessages, Stuck, StuckPacket


def project(code: str) -> rights.ProjectShown:
    """What is on record of a project."""
    return rights.project(code, projects.standing(code, except_packet=""))


def record_project(caller: Caller, code: str, asked: ProjectRequest) -> None:
    """Replace what is on record of a project."""
    record = ProjectRecord(
        code=code,
        key_project=asked.key_project,
        serviced_site=asked.serviced_site,
        by=caller.name,
        at=datetime.now(UTC),
    )
    projects.put(record)


def stuck(days: int) -> Stuck:
    """Packets of the last `days` that should have moved on by now, and why."""
    now = datetime.now(UTC)
    late = tuple(StuckPacket(packet=packet, why=tuple(why)) for packet, why in reading.stuck(now, days).items())
    return Stuck(checked_at=now, days=days, packets=late)


def refused(days: int) -> RefusedMessages:
    """Messages of the last `days` that did not count."""
    now = datetime.now(UTC)
    return RefusedMessages(checked_at=now, days=days, messages=tuple(reading.refused(now, days)))
