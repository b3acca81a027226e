"""How a decided packet's result reaches the enterprise (出件): collected at the window, mailed, or electronic.

The enterprise chooses, the window hands out or mails, and puts on record when it was received. What the enterprise
does not choose is electronic; who comes to the window is given the paper all the same. Sources: mission 1
(综合窗口出件) and 3 (免费邮寄); 行政许可法 §44 (issued and served within ten days of the decision).
"""

from datetime import datetime

from kaigong.domain import words
from kaigong.domain.model.hand_out import HandOut, Way
from kaigong.domain.model.packet import Act, ActKind, ActRefusal, NoticeItem, NoticeKind, Packet, Status
from kaigong.domain.model.waiting import Wait

from .step import Step

KINDS = (ActKind.CHOOSE_HAND_OUT, ActKind.SEND_BY_MAIL, ActKind.HAND_OVER, ActKind.RECEIVED)


def why_not(packet: Packet, act: Act) -> ActRefusal | None:
    """Why an act of handing out comes to nothing; None: it is to be done."""
    now, said = packet.hand_out or HandOut(), act.hand_out
    if packet.issued is None or said is None:
        return ActRefusal.NOT_ISSUED
    if now.received_at:
        return ActRefusal.RECEIVED_ALREADY
    match act.kind:
        case ActKind.CHOOSE_HAND_OUT if now.mailed_at:
            return ActRefusal.IN_THE_MAIL
        case ActKind.SEND_BY_MAIL if now.way is not Way.MAIL:
            return ActRefusal.NOT_BY_MAIL
        case ActKind.RECEIVED if now.mailed_at is None:
            return ActRefusal.NOT_MAILED
        case ActKind.RECEIVED if not _can_be(now.mailed_at, said.received_at, act.at):
            return ActRefusal.NOT_THEN
    return None


def _can_be(mailed: datetime | None, received: datetime | None, now: datetime) -> bool:
    return mailed is not None and received is not None and mailed <= received <= now


def take(step: Step, act: Act) -> None:
    """Do what an act says; the applicant is told what the window did, and never the address."""
    now, said = step.packet.hand_out or HandOut(), act.hand_out
    assert said is not None  # noqa: S101 - one without is refused
    match act.kind:
        case ActKind.CHOOSE_HAND_OUT:
            step.change(hand_out=said)
        case ActKind.SEND_BY_MAIL:
            step.change(hand_out=now.changed(mailed_at=said.mailed_at, tracking=said.tracking))
            step.notify(NoticeKind.MAILED, (NoticeItem(code="mailed", text=words.handing_out.MAILED),))
        case ActKind.HAND_OVER:
            step.change(hand_out=now.changed(to=said.to, id_last=said.id_last, received_at=said.received_at))
            step.notify(NoticeKind.HANDED_OUT, (NoticeItem(code="handed-over", text=words.handing_out.HANDED_OVER),))
        case _:
            step.change(hand_out=now.changed(received_at=said.received_at))
            step.notify(NoticeKind.HANDED_OUT, (NoticeItem(code="delivered", text=words.handing_out.DELIVERED),))


def waits(packet: Packet) -> dict[Wait, datetime]:
    """What of the handing out waits for the window, since when: from the decision on, which the law's days begin at."""
    header, out = packet.header, packet.hand_out
    if header is None or header.status is not Status.ISSUED or out is None or out.received_at:
        return {}
    if out.mailed_at:
        return {Wait.DELIVERY: out.mailed_at}
    wait = {Way.COLLECT: Wait.COLLECT, Way.MAIL: Wait.MAIL}.get(out.way or Way.ELECTRONIC)
    return {wait: header.decided_at} if wait and header.decided_at else {}
