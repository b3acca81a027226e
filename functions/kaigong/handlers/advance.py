"""advance: the heart. Looks at a packet as it now is and moves it on."""

from datetime import UTC, datetime
from typing import Any

from kaigong import catalog
from kaigong.domain.flow import benefited, gaps, procedures, submission, window
from kaigong.domain.flow.progress import advance
from kaigong.domain.flow.settled import settled
from kaigong.domain.flow.step import Surroundings
from kaigong.domain.intake.project import counted_for
from kaigong.domain.model.messages import CreditRecord
from kaigong.domain.model.packet import Packet, Status
from kaigong.domain.model.standing import Missing, ProjectStanding, Standing, informed, stale
from kaigong.errors import NewerVersionExists
from kaigong.settings import settings
from kaigong.store import arrivals, catalogues, credit, credit_platform, packets, progress_links, projects

from .observe import logger
from .surroundings import surroundings
from .wake import each_packet

TRIES = 3  # two workers on one packet: the slower one looks again
STEPS = 50  # one step takes so many facts as fit into its notice
TOO_MUCH = "too-much"  # why a change was not made: operations are told of it as of a refused message


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_packet(event, context, "advance", facts_came, move_on)


def facts_came(packet_id: str) -> None:
    """The stream told of something other than an upload: where none is waited for, none is read."""
    packet = packets.load_without_uploads(packet_id)
    _move_on(_whole(packets.with_uploads(packet)) if packet.awaits_uploads else packet)


def move_on(packet_id: str) -> float | None:
    """Act on everything that lies there; what is settled then goes into the history.

    Returns for how many seconds more papers are waited for, where that is so.
    """
    return _move_on(_load(packet_id))


def _move_on(packet: Packet) -> float | None:
    for _ in range(STEPS):
        after = _step(packet)
        if after is None or not (procedures.to_take(after) or benefited.to_take(after)):
            break
        packet = after
    packet = after or packet
    catalogue, now, quiet = catalogues.of(packet, catalog.load()), datetime.now(UTC), settings().quiet
    if packet.header and packet.header.texts_dropped and any(u.facts.text for u in packet.uploads.values()):
        arrivals.drop_texts(packet.packet)  # of an upload that came late
    elif facts := settled(packet, catalogue):
        packets.put_by(packet.packet, facts)
    left = (submission.waits(packet, now, quiet), gaps.waits(packet, catalogue, now, quiet))
    return min((seconds for seconds in left if seconds is not None), default=None)


def _load(packet_id: str) -> Packet:
    return _whole(packets.load(packet_id))


def _whole(packet: Packet) -> Packet:
    """The packet with uploads that were put by, where a submission names them."""
    newest = packet.untaken()
    return packets.with_put_by(packet, packet.missing_findings(newest)) if newest else packet


def _step(packet: Packet) -> Packet | None:
    """One change of the packet, and what it is after it; None: nothing was to be done, or it cannot be done."""
    for left in reversed(range(TRIES)):
        around = _surroundings(packet)
        after, entry = advance(packet, around)
        if entry is None:
            return None
        if after.header and after.accepted and not packet.accepted:
            catalogues.keep(after.header.process, catalog.load())
            progress_links.ensure(packet.packet, around.now)  # before it is accepted: the receipt shows it at once
        try:
            packets.save(packet, after, entry, window.waits(after))
        except NewerVersionExists:
            if not left:
                raise
            packet = _load(packet.packet)
        except packets.TooMuch:
            logger.exception("packet cannot be changed", packet=packet.packet)
            packets.record_refused(packet.packet, f"version-{entry.seq}", TOO_MUCH, around.now)
            return None
        else:
            logger.info("advanced", packet=packet.packet, events=[event["event"] for event in entry.events])
            return after
    return None


def _surroundings(packet: Packet) -> Surroundings:
    now = datetime.now(UTC)
    return surroundings(now, *_standings(packet, now), catalogues.of(packet, catalog.load()))


def _standings(packet: Packet, now: datetime) -> tuple[Standing, ProjectStanding]:
    """What is known of enterprise and project, where a rule will look at it.

    That is when a submission is ready to be taken, or a returned packet may be judged anew by a newer record. For the
    latter the platform is not asked: every paper that is uploaded again looks at the packet, and a submission follows.
    """
    newest, header = packet.untaken(), packet.header
    if newest and not packet.missing_findings(newest):
        enterprise, applied, ask = newest.manifest.enterprise, newest.manifest.project, True
    elif header and header.status is Status.RETURNED:
        enterprise, applied, ask = header.enterprise, header.project, False
    else:
        return Standing(), ProjectStanding()
    standing = credit.standing(enterprise.uscc)
    if ask and settings().credit_by_call and stale(standing, now, settings().credit_max_age):
        standing = informed(standing, _asked(packet.packet, enterprise.uscc, now), now)
    project = projects.standing(applied.code, packet.packet) if applied.code else ProjectStanding()
    return standing, counted_for(enterprise.uscc, project)


def _asked(packet_id: str, uscc: str, now: datetime) -> CreditRecord | Missing:
    """The credit platform's word; a packet never fails for it."""
    try:
        answer = credit_platform.ask(uscc, now)
    except credit_platform.NoAnswer as silence:
        logger.warning("no answer from the credit platform", packet=packet_id, reason=silence.reason)
        return Missing.NO_ANSWER
    if isinstance(answer, CreditRecord):
        credit.record(answer, now)
    return answer
