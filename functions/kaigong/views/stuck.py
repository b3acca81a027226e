"""What operations are told: which packets should have moved on, and which messages did not count."""

from datetime import datetime

from kaigong.domain.model.text import Model
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


class Stuck(Model):
    """Packets that should have moved on in the last `days` days and have not."""

    checked_at: datetime
    days: int
    packets: tuple[StuckPacket, ...]
