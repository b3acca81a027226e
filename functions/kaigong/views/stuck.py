"""What operations are told of packets that should have moved on: which, and what says so."""

from datetime import datetime

from kaigong.domain.model.text import Model
from kaigong.domain.model.waiting import StuckReason


class StuckPacket(Model):
    """A packet that should have moved on by now."""

    packet: str
    why: tuple[StuckReason, ...]


class Stuck(Model):
    """Packets that should have moved on in the last `days` days and have not."""

    checked_at: datetime
    days: int
    packets: tuple[StuckPacket, ...]
