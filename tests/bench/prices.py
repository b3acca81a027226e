"""What AWS charges. The prices stand in prices.json, with their date and region; nothing here knows a number.

prices.china.json has those of AWS China, as far as they are known; a packet is not priced by them while any is missing.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("prices.json")
CHINA = Path(__file__).with_name("prices.china.json")


@dataclass(frozen=True)
class Line:
    """Some requests of one kind, with what is charged for them.

    `requests` is how often somebody calls AWS; `quantity` is how much of the priced unit that comes to: a write of
    3 KB in a transaction is one request and six write units.
    """

    service: str
    operation: str
    caller: str
    requests: int
    price: str  # a key of prices.json
    quantity: float
    why: str = ""

    @property
    def usd(self) -> float:
        """What the line costs in US dollars."""
        return self.quantity * price(self.price)


@cache
def price_list() -> dict[str, Any]:
    """prices.json."""
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def price(name: str) -> float:
    """US dollars for one unit. Raises KeyError."""
    entry = price_list()["prices"][name]
    return float(entry["usd"]) / float(entry["per"])


def requests(lines: Iterable[Line]) -> int:
    """How many requests the lines are."""
    return sum(line.requests for line in lines)


def usd(lines: Iterable[Line]) -> float:
    """What the lines cost together, in US dollars."""
    return sum(line.usd for line in lines)
