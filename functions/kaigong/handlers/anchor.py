"""anchor: signs, once a day, how far the ledgers of all packets that moved have come, and keeps that write-once.

What moved is read from the index by the days since the last anchor, today included: a packet that moves again meanwhile
is in two of them. The heads are read part by part, so that a million of them need the memory of a thousand. A run that
dies leaves nothing but parts that no anchor names; the next one begins anew. The seed of tomorrow's draw is made here,
so that its SHA-256 is signed before anything is drawn by it.
"""

import secrets
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kaigong.domain.flow import draw
from kaigong.domain.model.anchor import Anchor, DrawTold, SignedAnchor, leaf, ordered, part_of, parts_for, root
from kaigong.domain.model.ledger import GENESIS
from kaigong.settings import settings
from kaigong.store import anchors, supervision

from .observe import logger

FIRST = timedelta(days=7)  # choice: how far back the first anchor looks; one is due on a stack's first day
MOST_DAYS = 100  # whose seeds one anchor tells: a hundred are read at once


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - the schedule says nothing
    now, before, zone = datetime.now(UTC), anchors.newest(), settings().office.zone
    number = before.anchor.number + 1 if before else 1
    since = before.anchor.until if before else now - FIRST
    names, by_part = anchors.moved(since, now), defaultdict[int, list[str]](list)
    parts = parts_for(len(names))
    for name in names:
        by_part[part_of(name, parts)].append(name)
    roots, count = [], 0
    for index in range(parts):
        heads = ordered(anchors.heads(by_part[index]))
        roots.append(root([leaf(head) for head in heads]))
        anchors.put_part(number, index, roots[-1], heads)
        count += len(heads)
    anchor = Anchor(
        number=number,
        previous=before.anchor.hash if before else GENESIS,
        since=since,
        until=now,
        heads=count,
        root=root(roots),
        draws=_draws(since.astimezone(zone).date(), now.astimezone(zone).date()),
    )
    signed = SignedAnchor(
        anchor=anchor, signature=anchors.sign(anchor), public_key=anchors.public_key(), parts=tuple(roots)
    )
    first = anchors.put(signed)
    logger.info("anchored", number=number, heads=count, first=first)
    return {"number": number, "heads": count, "root": anchor.root}


def _draws(since: date, today: date) -> tuple[DrawTold, ...]:
    """What is told of the seeds of the days since the last anchor, of today's and of tomorrow's."""
    tomorrow = today + timedelta(days=1)
    supervision.seed(tomorrow, secrets.token_hex(16))
    days = [tomorrow - timedelta(days=back) for back in range(min((tomorrow - since).days + 1, MOST_DAYS))]
    return draw.told(supervision.seeds(days), today)
