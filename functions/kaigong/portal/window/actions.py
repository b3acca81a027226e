"""What the window and operations ask and put on record beside packets."""

import re
from datetime import UTC, datetime

from kaigong import catalog
from kaigong.contract import acts, helping, problems, slips
from kaigong.contract.projects import ProjectRequest
from kaigong.domain.intake.retention import erasable_from, process_of
from kaigong.domain.model.officer import made_by
from kaigong.domain.model.packet import ActKind, Packet
from kaigong.domain.model.standing import ProjectRecord
from kaigong.domain.words import names
from kaigong.portal.access import Caller, may_ask_about
from kaigong.portal.apply.actions import there
from kaigong.portal.follow.actions import act
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import catalogues, drafts, lists, packets, projects, waiting
from kaigong.store import slips as kept_slips
from kaigong.views import rights
from kaigong.views.handing_out import PAGE_ROWS, HandOutRow, HandOuts
from kaigong.views.packet import status
from kaigong.views.stuck import Inspected, ItemsOfAKind, RefusedMessages, Stuck, StuckPacket, Undelivered

REFUSED_DAYS = 7  # choice: of refused messages, those that are told with a packet


def project(code: str) -> rights.ProjectShown:
    """What is on record of a project."""
    return rights.project(code, projects.standing(code, except_packet=""))


def record_project(caller: Caller, code: str, asked: ProjectRequest) -> None:
    """Replace what is on record of a project; approvals and enterprises that are not spoken of stay."""
    before = projects.record(code)
    record = ProjectRecord(
        code=code,
        key_project=asked.key_project,
        serviced_site=asked.serviced_site,
        approvals=before.approvals if before and asked.approvals is None else asked.approvals or (),
        enterprises=before.enterprises if before and asked.enterprises is None else asked.enterprises or (),
        by=caller.name,
        at=datetime.now(UTC),
    )
    projects.put(record)


def help_with(caller: Caller, asked: helping.HelpRequest) -> helping.Helped:
    """The caller helps these packets and applications on their way, by the account's own name; each on its own.

    Where a part of the system fails in between, those before stay picked up, and asking again does no harm.
    """
    return helping.Helped(outcomes=tuple(_help(caller, packet) for packet in dict.fromkeys(asked.packets)))


def _help(caller: Caller, name: str) -> helping.HelpedOne:
    packet = packets.load(name)
    if not packet.is_there and not there(packet, caller):
        return helping.not_found(name)
    try:
        recorded, new = act(caller, packet, acts.PickUp(kind="pick-up"))
    except Unanswered as told:
        return helping.refused(name, told.text)
    before = packet.newest_act(ActKind.PICK_UP)
    if new or (before is not None and made_by(before, caller.account, caller.name)):
        return helping.mine(name)
    return helping.another(name, recorded.officer or "")


def refuse(caller: Caller, asked: slips.SlipRequest) -> slips.SlipShown:
    """Put on record, once, that the caller did not take an application, and give out the slip."""
    now = datetime.now(UTC)
    day = now.astimezone(settings().office.zone).strftime("%Y%m%d")
    made = slips.slip(asked, caller.called, caller.name, caller.department, day, now)
    kept_slips.put(made)
    return slip(caller, made.number)


def slip(caller: Caller, number: str) -> slips.SlipShown:
    """A slip, for the window and for the enterprise that it was given to. Raises Unanswered."""
    found = kept_slips.load(number) if re.fullmatch(slips.NUMBER_PATTERN, number) else None
    if found is None or not may_ask_about(caller, found.uscc):
        raise Unanswered(problems.NO_SUCH_SLIP)
    return slips.shown(found)


def slips_of(uscc: str) -> slips.Slips:
    """The newest slips of an enterprise."""
    return slips.Slips(slips=tuple(map(slips.shown, kept_slips.of(uscc))))


def refusal_slip(packet: Packet) -> slips.SlipShown:
    """The slip of a manifest that intake refused, while the refusal stands. Raises Unanswered."""
    refusal, applicant = packet.standing_refusal(), packet.applicant
    if refusal is None:
        raise Unanswered(problems.NO_SUCH_SLIP)
    return slips.of_refusal(refusal, applicant.name if applicant else "", applicant.uscc if applicant else "")


def hand_outs(after: str = "") -> HandOuts:
    """The results that are to be handed out, the oldest first."""
    found, more = waiting.to_hand_out(PAGE_ROWS, after)
    rows = (
        HandOutRow(
            packet=row.packet,
            enterprise=row.enterprise,
            project=row.project,
            wait=wait,
            name=names.WAITS[wait],
            since=since,
        )
        for row in found
        for wait, since in row.waits.items()
    )
    return HandOuts(rows=tuple(rows), next=more)


def stuck(days: int) -> Stuck:
    """Packets of the last `days` that should have moved on by now, and why."""
    now = datetime.now(UTC)
    late = tuple(StuckPacket(packet=packet, why=tuple(why)) for packet, why in lists.stuck(now, days).items())
    return Stuck(checked_at=now, days=days, packets=late)


def refused(days: int) -> RefusedMessages:
    """Messages of the last `days` that did not count."""
    now = datetime.now(UTC)
    return RefusedMessages(checked_at=now, days=days, messages=tuple(lists.refused(now, days)))


def inspected(packet: Packet) -> Inspected:
    """What the table holds of a packet, and what it waits for."""
    now, header, newest = datetime.now(UTC), packet.header, packet.untaken()
    shown = status(packet, catalogues.of(packet, catalog.load()), now, catalog.with_calendar(settings().office))
    return Inspected(
        packet=packet.packet,
        checked_at=now,
        status=header.status.value if header else None,
        version=header.version if header else 0,
        round=header.round if header else 0,
        items=tuple(
            ItemsOfAKind(kind=kind, history=history, count=len(sizes), bytes=sum(sizes), largest=max(sizes))
            for (history, kind), sizes in sorted(lists.sizes(packet.packet).items())
        ),
        outbox=tuple(Undelivered(version=o.version, orders=o.orders, at=o.at) for o in packet.outbox.values()),
        examining=tuple(a.slot for a in packet.missing_findings(newest)) if newest else (),
        not_looked_at=sum(s.taken is None for s in packet.submissions.values()),
        wake_at=header.wake_at if header else None,
        next=shown.next.action,
        holder=shown.next.holder_name,
        erasable_from=_erasable_from(packet),
        refused=tuple(message for message in lists.refused(now, REFUSED_DAYS) if message.about == packet.packet),
    )


def _erasable_from(packet: Packet) -> datetime | None:
    draft = None if packet.header else drafts.load(packet.packet)
    process = process_of(packet, draft, catalogues.of(packet, catalog.load()))
    return erasable_from(packet, process, draft.updated_at if draft else None) if process else None
