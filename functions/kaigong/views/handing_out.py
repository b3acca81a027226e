"""How a result is handed out, as applicant and window see it; and the window's list of what is to be handed out.

Departments see that it was handed out and when, not where to or to whom: that stands in `HandOutShown` alone.
Source: mission 1 (综合窗口出件) and 3 (免费邮寄).
"""

import re
from datetime import datetime

from pydantic import Field

from kaigong.domain.model.hand_out import HandOut, MailAddress, Way
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.standing import Privilege
from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.waiting import Wait

PAGE_ROWS = 50  # results that one answer lists
_PLACE = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z~[A-Za-z0-9-]{3,64}")


def is_place(text: str) -> bool:
    """Whether it has the form of a place in the list of what is to be handed out."""
    return _PLACE.fullmatch(text) is not None


class HandOutRow(Model):
    """A result that is to be handed out."""

    packet: str
    enterprise: str
    project: str
    wait: Wait
    name: Text
    since: datetime = Field(description="The decision; for what is in the mail, when it was mailed.")


class HandOuts(Model):
    """What the window has to hand out, the oldest first."""

    rows: tuple[HandOutRow, ...]
    next: str | None = Field(default=None, description="Where the list goes on: give it back as `after`.")


class HandOutStatus(Model):
    """How a result is handed out, for whoever may read the packet."""

    way: Way | None = Field(default=None, description="As the applicant chose it; left out: nothing was chosen.")
    mailed_at: datetime | None = None
    received_at: datetime | None = None


class HandOutShown(HandOutStatus):
    """The same with where to and to whom, for the applicant and the window."""

    packet: str
    free: bool = Field(description="Whether mailing is free for this packet (免费邮寄).")
    mail_to: MailAddress | None = Field(default=None, description="Left out: not by mail, or kept for long enough.")
    tracking: str = Field(default="", repr=False)
    to: str = Field(default="", repr=False, description="To whom the window gave it.")
    id_last: str = Field(default="", repr=False)


def hand_out_status(packet: Packet) -> HandOutStatus | None:
    """None: nothing was chosen and nothing done."""
    out = packet.hand_out
    return HandOutStatus(way=out.way, mailed_at=out.mailed_at, received_at=out.received_at) if out else None


def hand_out_shown(packet: Packet, mail_to: MailAddress | None) -> HandOutShown:
    """`mail_to` is the address that the packet's choice names."""
    out = packet.hand_out or HandOut()
    return HandOutShown(
        packet=packet.packet,
        free=packet.rights is not None and Privilege.MAILING in packet.rights.privileges,
        mail_to=mail_to,
        **out.model_dump(exclude={"address"}),
    )
