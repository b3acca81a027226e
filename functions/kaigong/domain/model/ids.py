"""Ids that people read out over the telephone: of packets, of uploads. Time and chance come from the edge."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from .manifest import PACKET_PATTERN

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0, 1, i, l, o: they are mistaken for one another
PACKET_ID = re.compile(PACKET_PATTERN)
CITY = ZoneInfo("Asia/Shanghai")  # of the time in ids; what people are told goes by the clock of the hall
_LENGTH = 6

Choose = Callable[[str], str]  # one of these characters, by chance


def new_packet_id(now: datetime, choose: Choose) -> str:
    """An id that sorts by the time it was made (in the city) and that nobody else makes."""
    return f"{now.astimezone(CITY):%Y%m%d-%H%M%S}-{_random(choose)}"


def new_upload_id(now: datetime, choose: Choose) -> str:
    """The name of one run of uploads, under which a slot's file is laid."""
    return f"{now.astimezone(CITY):%Y%m%dT%H%M%S}-{_random(choose)}"


def _random(choose: Choose) -> str:
    return "".join(choose(ALPHABET) for _ in range(_LENGTH))
