"""What is known of an enterprise and of a project beyond the packet itself: gathered by the function, judged by rules.

Sources: mission 2 and 3 (credit data reach approval), 6 (a gap of the project bars joint acceptance), 12 (a broken
commitment changes what may be used next time).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from pydantic import Field

from .catalogue import CODE_PATTERN, Code
from .clock import Due
from .facts import normalise
from .manifest import Plain
from .messages import BasicData, CreditRecord
from .packet import Breach
from .text import Model

CLOCK_SKEW = timedelta(minutes=5)  # choice: how far the platform's clock may be ahead of ours


class Missing(StrEnum):
    """Why there is no credit record."""

    UNKNOWN = "unknown"  # the platform was asked and has none, or none was ever published
    NO_ANSWER = "no-answer"  # the platform did not answer in time


class Privilege(StrEnum):
    """What can be open to an enterprise (mission 3)."""

    COMMITMENT = "commitment"  # 告知承诺
    TOLERANCE = "tolerance"  # 容缺受理
    PRIORITY = "priority"  # 优先办理: the priority queue
    TEAM = "team"  # 服务专班
    MAILING = "mailing"  # 免费邮寄
    HELP = "help"  # 帮办代办


class Said(Model):
    """One field of an enterprise's basic data, as a credit record last said it, with the name that the record gave."""

    field: str
    value: str
    name: str
    at: datetime  # when the record was published


def said_by(record: CreditRecord | None) -> tuple[Said, ...]:
    """What a record says of who the enterprise is."""
    if record is None or record.basic is None:
        return ()
    fields = record.basic.model_dump(exclude_none=True).items()
    return tuple(Said(field=f, value=v, name=record.basic.name, at=record.published_at) for f, v in fields)


class Standing(Model):
    """The credit of an enterprise: the platform's newest record, and breaches that this system put on record.

    Of those, `breaches` holds the ones that no later record of the platform has cleared. `said` has the basic data that
    earlier records gave: one that leaves them out takes nothing back.
    """

    record: CreditRecord | None = None
    missing: Missing | None = None  # why there is no record, or none that is valid now
    breaches: tuple[Breach, ...] = ()
    heard_at: datetime | None = None  # when the platform last said so, by message or when asked
    said: tuple[Said, ...] = ()

    @property
    def basic(self) -> BasicData | None:
        """The basic data as they were last said (mission 2). None: no record ever gave any."""
        known = self._known()
        return BasicData.model_validate({said.field: said.value for said in known}) if known else None

    @property
    def basic_since(self) -> datetime | None:
        """From when they are: when the oldest of the records that they come from was published."""
        return min((said.at for said in self._known()), default=None)

    def _known(self) -> list[Said]:
        """Of each field what was said last. What was said with another name than the newest was another's (choice)."""
        newest = {said.field: said for said in sorted((*self.said, *said_by(self.record)), key=lambda said: said.at)}
        name = normalise(newest["name"].value) if "name" in newest else None
        return [said for said in newest.values() if normalise(said.name) == name]

    @property
    def unrepaired(self) -> bool:
        """Whether a breach stands: by the record, however old it is, or by what this system put on record."""
        return bool(self.breaches or (self.record and self.record.unrepaired_breaches))

    def valid(self, now: datetime) -> bool:
        return self.record is not None and self.record.valid_from <= now < self.record.valid_until

    def told_in(self, zone: tzinfo) -> "Standing":
        """The same with its dates as a clock in this zone shows them."""
        record, end = self.record, self.record.repairable_from if self.record else None
        return self.changed(
            record=record
            and record.changed(
                valid_from=record.valid_from.astimezone(zone),
                valid_until=record.valid_until.astimezone(zone),
                repairable_from=end and end.astimezone(zone),
            ),
            breaches=tuple(b.changed(repairable_from=b.repairable_from.astimezone(zone)) for b in self.breaches),
        )


def untimely(record: CreditRecord, now: datetime) -> str | None:
    """Why a record cannot be, by its times; None: it can. One from the future could be replaced by none for long."""
    if record.published_at > now + CLOCK_SKEW:
        return "published-in-the-future"
    return "ends-before-it-begins" if record.valid_until <= record.valid_from else None


def clears(record: CreditRecord, breach: Breach) -> bool:
    """Whether the platform's record says that a breach of ours is repaired.

    It does when it was published on or after the day from which the breach can be repaired and counts none unrepaired
    (choice): an earlier record says nothing of it, since it could not have been repaired then.
    """
    return record.published_at >= breach.repairable_from and not record.unrepaired_breaches


def on_record(
    record: CreditRecord | None,
    breaches: Iterable[Breach],
    heard_at: datetime | None = None,
    said: Iterable[Said] = (),
) -> Standing:
    """The standing of an enterprise by what is on record of it here."""
    left = tuple(b for b in breaches if record is None or not clears(record, b))
    missing = None if record else Missing.UNKNOWN
    return Standing(record=record, missing=missing, breaches=left, heard_at=heard_at, said=tuple(said))


def stale(known: Standing, now: datetime, max_age: timedelta) -> bool:
    """Whether the platform should be asked: nothing valid is known, or it was not heard for longer than `max_age`."""
    return not known.valid(now) or known.heard_at is None or now - known.heard_at > max_age


def informed(known: Standing, answer: CreditRecord | Missing, now: datetime) -> Standing:
    """The standing after the platform was asked.

    The newer of two records counts. Without an answer a record that is still valid stands; so does one when the
    platform says it has none (choice): a grade taken away is published as a record of its own.
    """
    if isinstance(answer, Missing):
        return known if known.valid(now) else known.changed(missing=answer)
    before = known.record
    newest = answer if before is None or before.published_at < answer.published_at else before
    return on_record(newest, known.breaches, now, known.said)


class OpenGap(Model):
    """A promised paper of a project that is still missing."""

    packet: str
    uscc: str
    slot: str
    due: Due


class OtherPacket(Model):
    """What another packet of a project applied for: what is under review, what was approved when, and what its form
    says.
    """

    packet: str
    uscc: str
    under_review: tuple[Code, ...] = ()
    approved: dict[Code, datetime] = Field(default_factory=dict)
    form: dict[Code, str] = Field(default_factory=dict)  # once it was accepted
    accepted_at: datetime | None = None
    let_in: tuple[str, ...] = ()  # the enterprises that it let into its project


class EarlierApproval(Model):
    """An approval that the project has from elsewhere, on paper, as the window put it on record."""

    matter: Code = Field(pattern=CODE_PATTERN, max_length=40)
    number: Plain  # of the document
    on: date
    until: date | None = None


class ProjectStanding(Model):
    """What is known of the project that a packet names."""

    key_project: bool = False  # 重点项目: the city put it on its list
    serviced_site: bool | None = None  # what the window put on record; None: nothing
    open_gaps: tuple[OpenGap, ...] = ()  # of its other packets
    others: tuple[OtherPacket, ...] = ()
    approvals: tuple[EarlierApproval, ...] = ()  # from elsewhere
    enterprises: tuple[str, ...] = ()  # who is on it; none: nobody is yet
    by_window: bool = False  # whether the window put them on record


class ProjectRecord(Model):
    """A project as the window or operations put it on record."""

    code: str
    key_project: bool = False
    serviced_site: bool | None = None
    approvals: tuple[EarlierApproval, ...] = ()
    enterprises: tuple[str, ...] = ()  # who is on it, all of them; none: the first by filing, and whom that one lets in
    by: str
    at: datetime


def on_project(record: ProjectRecord | None, packets: Iterable[OtherPacket]) -> tuple[str, ...]:
    """Who is on a project, by credit code and all its packets; none: nobody is yet, and who comes is the first.

    It is who the window put on record; where it put nobody there, the enterprise whose application was accepted first,
    and whom that one lets in (choice: what was only handed in says nothing of whose the project is).
    """
    if record and record.enterprises:
        return record.enterprises
    accepted = sorted((at, p.packet, p) for p in packets if (at := p.accepted_at))
    first = accepted[0][2].uscc if accepted else None
    let_in = (uscc for _, _, packet in accepted if packet.uscc == first for uscc in packet.let_in)
    return tuple(dict.fromkeys((first, *let_in))) if first else ()
