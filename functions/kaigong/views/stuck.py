"""What operations are told: which packets should have moved on, and which messages did not count."""

from datetime import datetime

from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.waiting import RefusedMessage, StuckReason


class StuckPacket(Model):
    """A packet that should have moved on by now."""

    packet: str
    why: tuple[StuckReason, ...]


class RefusedMessages(Model):
    """Messages of departments and of the credit platform that did not count in the last `days` days, newest first."""

    checked_at: datetime
    days: int
    messages: tuple[RefusedMessage, ...]


class ItemsOfAKind(Model):
    """What the table holds of a packet, of one kind."""

    kind: str
    history: bool = False  # read by pages alone
    count: int
    bytes: int
    largest: int  # bytes


class Undelivered(Model):
    """What one change of the packet wants delivered and is not yet."""

    version: int
    orders: tuple[str, ...]
    at: datetime


class Inspected(Model):
    """A packet as operations look into it: sizes and waits, no content."""

    packet: str
    checked_at: datetime
    status: str | None
    version: int
    round: int
    items: tuple[ItemsOfAKind, ...]
    outbox: tuple[Undelivered, ...]
    examining: tuple[str, ...]  # materials whose examination a submission waits for
    not_looked_at: int  # submissions that nobody looked at
    wake_at: datetime | None  # when time alone will change it
    next: Text  # what is to be done
    holder: Text  # who has it
    erasable_from: datetime | None  # from when its papers need not be kept; None: it is under way
    refused: tuple[RefusedMessage, ...]  # messages about it that did not count, of the last days


class Stuck(Model):
    """Packets that should have moved on in the last `days` days and have not."""

    checked_at: datetime
    days: int
    packets: tuple[StuckPacket, ...]
