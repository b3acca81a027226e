"""advance: the heart. Looks at a packet as it now is and moves it on."""

import secrets
from datetime import UTC, datetime
from typing import Any

from kaigong.catalog import load as catalogue
from kaigong.domain.packet import Packet
from kaigong.domain.progress import advance
from kaigong.domain.standing import Standing
from kaigong.domain.step import Surroundings
from kaigong.errors import NewerVersionExists
from kaigong.settings import settings
from kaigong.store import credit, packets

from .observe import logger
from .wake import each_packet

TRIES = 3  # two workers on one packet: the slower one looks again


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_packet(event, context, "advance", move_on)


def move_on(packet_id: str) -> None:
    for left in reversed(range(TRIES)):
        packet = packets.load(packet_id)
        after, entry = advance(packet, _surroundings(packet))
        if entry is None:
            return
        try:
            packets.save(packet, after, entry)
        except NewerVersionExists:
            if not left:
                raise
        else:
            logger.info("advanced", packet=packet_id, events=[event["event"] for event in entry.events])
            return


def _surroundings(packet: Packet) -> Surroundings:
    submission = packet.untaken()
    ready = submission is not None and not packet.missing_findings(submission)
    return Surroundings(
        catalogue=catalogue(),
        standing=Standing(record=credit.load(submission.manifest.enterprise.uscc) if submission and ready else None),
        now=datetime.now(UTC),
        office=settings().office,
        gap_working_days=settings().gap_working_days,
        new_token=lambda: secrets.token_urlsafe(32),
    )
