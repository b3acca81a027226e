"""Ids that people read out over the telephone: of packets, of uploads. Time and chance come from the edge."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from .manifest import PACKET_PATTERN

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0, 1, i, l, o: they are mistaken for one another
PACKET_ID = re.compile(PACKET_PATTERN)
_CLOCK = ZoneInfo("Asia/Shanghai")  # of ids, wherever the hall is: older ones go on sorting among them
_LENGTH = 6

Choose = Callable[[str], str]  # one of these characters, by chance


def new_packet_id(now: datetime, choose: Choose) -> str:
    """An id that sorts by the time it was made and that nobody else makes."""
    return f"{packets_of_day(now)}-{now.astimezone(_CLOCK):%H%M%S}-{_random(choose)}"


def packets_of_day(at: datetime) -> str:
    """What the ids of packets begin with that are made on the day of that moment, as ids count days."""
    return f"{at.astimezone(_CLOCK):%Y%m%d}"


def new_upload_id(now: datetime, choose: Choose) -> str:
    """The name of one run of uploads, under which a slot's file is laid."""
    return f"{uploads_since(now)}-{_random(choose)}"


def uploads_since(at: datetime) -> str:
    """What sorts before the ids of all uploads that are made from that moment on, and behind those of before."""
    return f"{at.astimezone(_CLOCK):%Y%m%dT%H%M%S}"


def _random(choose: Choose) -> str:
    return "".join(choose(ALPHABET) for _ in range(_LENGTH))
