"""What an enterprise may use, as people are told: by packet and matter, by project type; and what is on record.

Sources: mission 2 (basic data fill the form; credit reaches approval), 3 (privileges), 5 and 6 (routes of a matter),
12 (a breach, and from when it can be repaired). The rules are those of privileges.py and routes.py.
"""

from datetime import datetime
from typing import Literal

from pydantic import Field

from kaigong.domain.intake.privileges import Privileges, privileges
from kaigong.domain.intake.project import is_foreign
from kaigong.domain.intake.routes import RouteAnswer, routes
from kaigong.domain.model.catalogue import Catalogue, Code, Process
from kaigong.domain.model.clock import Office
from kaigong.domain.model.manifest import Project
from kaigong.domain.model.messages import BasicData, Channel
from kaigong.domain.model.naming import Named, name_of, named
from kaigong.domain.model.packet import Applied
from kaigong.domain.model.standing import (
    EarlierApproval,
    Missing,
    OpenGap,
    OtherPacket,
    Privilege,
    ProjectStanding,
    Standing,
)
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names


class Granted(Model):
    """A privilege that is open."""

    privilege: Privilege
    name: Text


class Closed(Model):
    """A privilege that is closed, and why."""

    privilege: Privilege
    name: Text
    why: Text


class Rights(Model):
    """The channel and why; what is open in it, and what is not."""

    channel: Channel
    why: Text
    granted: tuple[Granted, ...]
    closed: tuple[Closed, ...]


class MatterRoutes(Model):
    """The routes of one matter applied for, each with whether it is open and why."""

    matter: Code
    name: Text
    routes: tuple[RouteAnswer, ...] = Field(description="Empty: the matter has left the catalogue.")


class PacketRoutes(Model):
    """What the applicant of a packet may use now, matter by matter. What was accepted before stays as accepted."""

    packet: str
    process: Named
    rights: Rights
    matters: tuple[MatterRoutes, ...]


class ProcessRights(Model):
    """What an enterprise may use for one project type; a project on the city's list may have more."""

    process: Named
    rights: Rights


class CreditShown(Model):
    """The credit platform's newest record."""

    scheme: Code
    grade: str
    valid_from: datetime
    valid_until: datetime
    published_at: datetime
    unrepaired_breaches: int
    repairable_from: datetime | None = Field(
        default=None, description="From when those can be repaired, where the platform says so."
    )


class BreachShown(Model):
    """A promise that was not kept, as this system put it on record: which packet and material, until when."""

    packet: str
    slot: Code = Field(description="The material; of what supervision found broken, the matter.")
    kind: Literal["gap", "supervision"] = "gap"
    name: Text
    text: str = Field(default="", description="What was found, in the department's words.")
    basis: str = ""
    at: datetime
    repairable_from: datetime


class EnterpriseShown(Model):
    """What is known of an enterprise: what fills the form, its credit, what it may use, what stands against it."""

    uscc: str
    basic: BasicData | None = None
    basic_since: datetime | None = Field(
        default=None, description="From when they are: a newer record may have left them out."
    )
    credit: CreditShown | None = None
    missing: Missing | None = Field(default=None, description="Why there is no credit record that is valid now.")
    processes: tuple[ProcessRights, ...]
    breaches: tuple[BreachShown, ...]


class ProjectShown(Model):
    """What is on record of a project, the promised papers of all its packets that are still missing, and what its
    packets have under review or ended in.
    """

    code: str
    key_project: bool
    serviced_site: bool | None = None
    open_gaps: tuple[OpenGap, ...]
    approvals: tuple[EarlierApproval, ...] = Field(default=(), description="From elsewhere, as the window recorded.")
    packets: tuple[OtherPacket, ...] = Field(default=(), description="What each has under review, or was approved.")
    enterprises: tuple[str, ...] = Field(default=(), description="The credit codes of those who are on the project.")
    foreign: tuple[str, ...] = Field(
        default=(), description="Packets of enterprises that are not: they neither bar the others nor share in theirs."
    )


def packet_routes(
    packet: str,
    applied: Applied,
    standing: Standing,
    project: ProjectStanding,
    catalogue: Catalogue,
    now: datetime,
    office: Office,
) -> PacketRoutes:
    """What a packet may use now. A project type that has left the catalogue opens nothing by itself."""
    name = name_of(catalogue.processes, applied.process)
    process = catalogue.processes.get(applied.process) or Process(code=applied.process, name=name, matters=())
    rights = privileges(process, standing, project, applied.project, catalogue.schemes, now, office.zone)
    return PacketRoutes(
        packet=packet,
        process=Named(code=process.code, name=name),
        rights=_rights(rights),
        matters=tuple(_matter(code, rights, catalogue) for code in applied.routes),
    )


def enterprise(uscc: str, standing: Standing, catalogue: Catalogue, now: datetime, office: Office) -> EnterpriseShown:
    """What is known of an enterprise, and what it may use for each project type on a site with its services."""
    record, some = standing.record, Project(name="-")
    return EnterpriseShown(
        uscc=uscc,
        basic=standing.basic,
        basic_since=standing.basic_since,
        credit=CreditShown.model_validate(record.model_dump(include=set(CreditShown.model_fields))) if record else None,
        missing=standing.missing,
        processes=tuple(
            ProcessRights(
                process=named(catalogue.processes, code),
                rights=_rights(
                    privileges(process, standing, ProjectStanding(), some, catalogue.schemes, now, office.zone)
                ),
            )
            for code, process in catalogue.processes.items()
        ),
        breaches=tuple(
            BreachShown(
                packet=breach.packet,
                slot=breach.subject,
                kind=breach.kind,
                name=name_of(catalogue.materials if breach.kind == "gap" else catalogue.matters, breach.subject),
                text=breach.text,
                basis=breach.basis,
                at=breach.at,
                repairable_from=breach.repairable_from,
            )
            for breach in standing.breaches
        ),
    )


def project(code: str, standing: ProjectStanding) -> ProjectShown:
    """A project as it is on record."""
    return ProjectShown(
        code=code,
        key_project=standing.key_project,
        serviced_site=standing.serviced_site,
        open_gaps=standing.open_gaps,
        approvals=standing.approvals,
        packets=standing.others,
        enterprises=standing.enterprises,
        foreign=tuple(other.packet for other in standing.others if is_foreign(other.uscc, standing)),
    )


def _matter(code: Code, rights: Privileges, catalogue: Catalogue) -> MatterRoutes:
    matter = catalogue.matters.get(code)
    found = routes(matter, rights) if matter else ()
    return MatterRoutes(matter=code, name=name_of(catalogue.matters, code), routes=found)


def _rights(found: Privileges) -> Rights:
    """In the order of `Privilege`, so that equal rights read alike."""
    return Rights(
        channel=found.channel,
        why=found.why,
        granted=tuple(Granted(privilege=p, name=names.PRIVILEGES[p]) for p in Privilege if p in found.granted),
        closed=tuple(
            Closed(privilege=p, name=names.PRIVILEGES[p], why=found.closed[p]) for p in Privilege if p in found.closed
        ),
    )
