"""What the second half costs by piece: a record of supervision when it is pushed, and a benefit that is given.

Both are counted in the measured packet's own requests. The outbox's transaction and the look that orders them are the
packet's, which sends other things with them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .capacity import Meter
from .counting import Request
from .functions import Work
from .prices import requests, usd
from .usage import derived_lines, wire_lines

GIVES = "benefit"  # the function that does
_PUSHED, _GIVEN = re.compile(r"SUPERVISION#"), re.compile(r"BENEFIT#")
_PUSHES = re.compile(rb'-supervision-|"SUPERVISION#')  # a task on a department's queue, and the record


@dataclass(frozen=True)
class Piece:
    """How many there were, and what all of them asked of AWS and cost. µUSD."""

    count: int
    requests: int
    micro: float


@dataclass(frozen=True)
class Afterwards:
    """What one packet led to after its result."""

    record: Piece
    benefit: Piece


def afterwards(counted: Iterable[Request], works: Iterable[Work]) -> Afterwards:
    """The pieces of what was counted while one packet went its way."""
    every = list(counted)
    pushes = [
        r for r in every if r.service in ("DynamoDB", "SQS") and r.caller == "dispatch" and _PUSHES.search(r.body)
    ]
    gives = [r for r in every if r.caller == GIVES]
    given = [work for work in works if work.name == GIVES]
    return Afterwards(
        record=_piece(_put(pushes, _PUSHED), wire_lines(pushes, Meter())),
        benefit=_piece(_put(gives, _GIVEN), wire_lines(gives, Meter()) + derived_lines([], given)),
    )


def lines(found: Afterwards) -> list[str]:
    said = (
        ("一条监管记录（推送）", "a supervision record, pushed", found.record),
        ("一项惠企待遇（免申即享）", "a benefit given", found.benefit),
    )
    return [
        f"{zh} / {en}: 请求 / requests {piece.requests / piece.count:.1f}, {piece.micro / piece.count:.1f} µUSD"
        f"（{piece.count} 项平均 / mean of {piece.count}）"
        for zh, en, piece in said
        if piece.count
    ]


def _piece(items: set[tuple[str, str]], priced: list[Any]) -> Piece:
    return Piece(len(items), requests(priced), usd(priced) * 1e6)


def _put(made: Iterable[Request], kind: re.Pattern[str]) -> set[tuple[str, str]]:
    """The items of a partition of this kind that requests put, by their keys."""
    found = set()
    for request in made:
        sent = request.sent() if request.service == "DynamoDB" and request.done else {}
        puts = [sent, *(part.get("Put", {}) for part in sent.get("TransactItems", ()))]
        for item in (put["Item"] for put in puts if "Item" in put):
            if kind.match(item["pk"]["S"]):
                found.add((item["pk"]["S"], item["sk"]["S"]))
    return found
