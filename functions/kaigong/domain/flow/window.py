"""What the window puts on record about a packet: doubts about an identity that it settled or found true, who was asked
first, who helps, the date of a joint site visit, and the handing out of the result; and what of a packet waits for the
window.

Sources: mission, "Facts from law and standards" (an officer may override a check character, on record); mission 3
(帮办代办), 7 (首问负责制: the first officer asked stays responsible), 14 (联合踏勘: one appointment for all).
"""

from datetime import datetime, timedelta

from kaigong.domain import words
from kaigong.domain.intake.identity import DOUBTS
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.packet import Act, ActKind, NoticeItem, NoticeKind, Packet, Status
from kaigong.domain.model.standing import Privilege
from kaigong.domain.model.waiting import RETURNED_DAYS, Wait

from . import handing, handing_out, procedures, questions
from .acts import why_not
from .step import Step


def take(step: Step) -> None:
    """Put what the window did into the ledger. Who did it is not repeated there: the entry carries the act's hash."""
    for name, act in sorted(step.packet.acts.items(), key=lambda named: (named[1].at, named[0])):
        if act.kind in (ActKind.WITHDRAW, ActKind.RETRACT) or name in step.header.acts:
            continue
        refused = why_not(step.packet, act)
        step.change_header(acts=(*step.header.acts, name))
        step.happened(act.kind.value, subject=act.subject, act=fingerprint(act), refused=refused)
        if refused is not None:
            continue
        if act.kind is ActKind.OVERRIDE_DOUBT:
            _settle(step, act)
        elif act.kind is ActKind.CONFIRM_DOUBT:
            step.change_header(confirmed={act.subject: 0, **step.header.confirmed})  # told by `corrections`
        elif act.kind is ActKind.APPOINT_VISIT:
            assert act.appointment is not None  # noqa: S101 - one without is refused
            procedures.appoint(step, step.packet.visits[int(act.subject)], act.appointment, act.reason)
        elif act.kind in handing_out.KINDS:
            handing_out.take(step, act)
        elif act.kind in handing.KINDS:
            handing.take(step, act)
        elif act.kind is ActKind.ASK:
            questions.asked(step, act)
        elif act.kind is ActKind.ANSWER:
            questions.answered(step, act)


def _settle(step: Step, act: Act) -> None:
    step.change_header(
        doubts=tuple(doubt for doubt in step.header.doubts if doubt != act.subject),
        confirmed={doubt: told for doubt, told in step.header.confirmed.items() if doubt != act.subject},
    )
    left = (DOUBTS[code] for code in step.header.doubts if code in DOUBTS)
    text = words.window.settled(DOUBTS[act.subject], left)
    step.notify(NoticeKind.SETTLED, (NoticeItem(code=act.subject, text=text),))


_ON_ITS_WAY = (Status.RETURNED, Status.IN_REVIEW, Status.CORRECTING)


def waits(packet: Packet) -> dict[Wait, datetime]:
    """What of a packet waits for the window, each with the time from when on it does. It may lie in the future."""
    header, found = packet.header, handing_out.waits(packet)
    if header is None or header.status not in _ON_ITS_WAY:
        return found
    if set(header.doubts) - set(header.confirmed):
        found[Wait.DOUBT] = header.submitted_at
    planned = [v for v in packet.visits.values() if v.held_at is None and v.appointment is None]
    resting = [v.asked[matter] for v in planned for matter in procedures.resting(packet, v)]
    if resting:
        found[Wait.VISIT] = min(resting)
    if header.status in (Status.RETURNED, Status.CORRECTING) and packet.untaken() is None:
        found[Wait.RETURNED] = (header.told_at or header.submitted_at) + timedelta(days=RETURNED_DAYS)
    helped = packet.rights is not None and Privilege.HELP in packet.rights.privileges
    if helped and packet.newest_act(ActKind.PICK_UP) is None:
        found[Wait.HELPER] = header.submitted_at
    return found
