"""What an enterprise may use for a project: green channel, commitment, tolerated gaps; and why the rest is closed.

Sources: mission 2 and 3 (a *currently valid* rating of the *highest* grade opens the green channel and what belongs
to it), mission 7 (so does the industrial process on a site with its services), mission 12, 国办发〔2020〕42号 and local
rules on 容缺受理 (nothing of it is open to an entity with an unrepaired breach).
Choices, where the report is silent: a project on the city's list of key projects (重点项目) has the green channel too;
the lists of matters for commitment and tolerated gaps are the city's policy for everyone without a breach, not for
the green channel alone.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from kaigong.domain import words
from kaigong.domain.model.catalogue import Code, Process, Scheme
from kaigong.domain.model.manifest import Project
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.standing import Missing, Privilege, ProjectStanding, Standing
from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.values import has_end

FOR_EVERYONE = frozenset({Privilege.COMMITMENT, Privilege.TOLERANCE})  # who has no unrepaired breach


class Privileges(Model):
    """What is open, and why; and for each privilege that is not, why it is closed."""

    channel: Channel
    granted: frozenset[Privilege]
    why: Text  # why this channel
    closed: dict[Privilege, Text]

    @property
    def commitment(self) -> bool:
        return Privilege.COMMITMENT in self.granted

    @property
    def tolerance(self) -> bool:
        return Privilege.TOLERANCE in self.granted


def privileges(
    process: Process,
    standing: Standing,
    project: ProjectStanding,
    applied: Project,
    schemes: Mapping[Code, Scheme],
    now: datetime,
    zone: tzinfo,
) -> Privileges:
    """What an enterprise may use now, for the project it applies for. `zone`: the hall's, of the dates in words.

    No credit record means no privilege from credit, never a refusal: the packet goes on in the ordinary channel,
    unless its project or its process opens the green one.
    """
    standing = standing.told_in(zone)
    if standing.unrepaired:
        why, green, granted = _breach(standing), False, frozenset[Privilege]()
    else:
        why, green = _channel(process, standing, project, applied, schemes, now)
        granted = frozenset(Privilege) if green else FOR_EVERYONE
    return Privileges(
        channel=Channel.GREEN if green else Channel.ORDINARY,
        granted=granted,
        why=why,
        closed={
            p: why if standing.unrepaired else words.privileges.green_only(p, why)
            for p in Privilege
            if p not in granted
        },
    )


def on_serviced_site(project: ProjectStanding, applied: Project) -> bool:
    """Whether the site has its services. What the window put on record wins over the applicant's word; silence is yes
    (choice).
    """
    if project.serviced_site is not None:
        return project.serviced_site
    return applied.serviced_site is not False


def _channel(
    process: Process,
    standing: Standing,
    project: ProjectStanding,
    applied: Project,
    schemes: Mapping[Code, Scheme],
    now: datetime,
) -> tuple[Text, bool]:
    """The channel of an enterprise without a breach: why, and whether it is the green one."""
    credit, highest = _by_credit(standing, schemes, now)
    if highest:
        return credit, True
    if project.key_project:
        return words.privileges.KEY_PROJECT, True
    if process.green_channel and on_serviced_site(project, applied):
        return words.privileges.SERVICED_SITE, True
    site = words.privileges.NO_SERVICES if process.green_channel else words.privileges.ORDINARY
    return words.privileges.ordinary(site, credit), False


def _by_credit(standing: Standing, schemes: Mapping[Code, Scheme], now: datetime) -> tuple[Text, bool]:
    """What the credit record opens: why, and whether it is the highest grade, valid now."""
    record = standing.record
    if record is None:
        return words.privileges.NO_RECORD[standing.missing or Missing.UNKNOWN], False
    scheme = schemes.get(record.scheme)
    if record.valid_until <= now:
        silent = standing.missing is Missing.NO_ANSWER
        return words.privileges.expired(record.valid_until.date(), silent=silent), False
    if record.valid_from > now:
        return words.privileges.not_valid_before(record.valid_from.date()), False
    if scheme is None or record.grade not in scheme.grades:
        return words.privileges.unknown_scheme(record.scheme, record.grade), False
    if record.grade != scheme.grades[0]:
        return words.privileges.lower_grade(record.grade, scheme.grades[0]), False
    return words.privileges.highest_grade(record.grade, record.valid_until.date()), True


def _breach(standing: Standing) -> Text:
    """That a breach closes everything, and from when it can be repaired: by the platform's record, by ours, or both."""
    record = standing.record
    days = [b.repairable_from for b in standing.breaches]
    silent = False
    if record and record.unrepaired_breaches:
        named = record.repairable_from if record.repairable_from and has_end(record.repairable_from) else None
        silent = named is None
        days += [named] if named else []
    return words.privileges.breach(max(days).date() if days else None, silent=silent)
