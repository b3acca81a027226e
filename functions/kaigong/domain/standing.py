"""What is known of an enterprise and of a project beyond the packet itself: gathered by the function, judged by rules.

Sources: mission 2 and 3 (credit data reach approval), 6 (a gap of the project bars joint acceptance), 12 (a broken
commitment changes what may be used next time).
"""

from datetime import datetime
from enum import StrEnum

from .clock import Due
from .messages import CreditRecord
from .packet import Breach
from .text import Model


class Missing(StrEnum):
    """Why there is no credit record."""

    UNKNOWN = "unknown"  # the platform was asked and has none, or none was ever published
    NO_ANSWER = "no-answer"  # the platform did not answer in time


class Standing(Model):
    """The credit of an enterprise: the platform's newest record, and breaches that this system put on record.

    Of those, `breaches` holds the ones that no later record of the platform has cleared.
    """

    record: CreditRecord | None = None
    missing: Missing | None = None  # set exactly where there is no record
    breaches: tuple[Breach, ...] = ()


class OpenGap(Model):
    """A promised material of a project that is still missing."""

    packet: str
    uscc: str
    slot: str
    due: Due


class ProjectStanding(Model):
    """What is known of the project that a packet names."""

    key_project: bool = False  # 重点项目: the city put it on its list
    serviced_site: bool | None = None  # what the window put on record; None: nothing
    open_gaps: tuple[OpenGap, ...] = ()  # of its other packets


class ProjectRecord(Model):
    """A project as the window or operations put it on record."""

    code: str
    key_project: bool = False
    serviced_site: bool | None = None
    by: str
    at: datetime
