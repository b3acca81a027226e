"""Helping several applications at once (帮办代办): what is asked, and what became of each.

Each is the act `pick-up` by the account that asks, as if it had been asked for alone (acts.py). Source: mission 3.
"""

from enum import StrEnum

from pydantic import ConfigDict, Field

from kaigong.domain.model.manifest import PacketId
from kaigong.domain.model.text import Model, Text

MOST_AT_ONCE = 50  # choice: rows that a list of the window shows


class HelpRequest(Model):
    """The packets and applications that the asking account helps from now on."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    packets: tuple[PacketId, ...] = Field(min_length=1, max_length=MOST_AT_ONCE)


class HelpOutcome(StrEnum):
    """What became of one of them."""

    HELPING = "helping"  # by the account that asks, now or already
    ANOTHER = "another"  # somebody else does; whoever takes over says so on the packet's page
    REFUSED = "refused"
    NOT_FOUND = "not-found"


class HelpedOne(Model):
    """One of them: what became of it, in words too."""

    packet: str
    outcome: HelpOutcome
    text: Text


class Helped(Model):
    """What became of each, in the order of the request."""

    outcomes: tuple[HelpedOne, ...]


def mine(packet: str) -> HelpedOne:
    text = Text(zh="由您帮办，申请人可以看到您的姓名。", en="You are helping; the applicant sees your name.")
    return HelpedOne(packet=packet, outcome=HelpOutcome.HELPING, text=text)


def another(packet: str, officer: str) -> HelpedOne:
    text = Text(
        zh=f"已由 {officer} 帮办。需要接手的，请打开该材料包办理移交。",
        en=f"{officer} is helping already. To take over, open the packet and do it there.",
    )
    return HelpedOne(packet=packet, outcome=HelpOutcome.ANOTHER, text=text)


def refused(packet: str, why: Text) -> HelpedOne:
    return HelpedOne(packet=packet, outcome=HelpOutcome.REFUSED, text=why)


def not_found(packet: str) -> HelpedOne:
    text = Text(zh="没有这个编号的申请。请核对编号。", en="There is no application with this id. Check the id.")
    return HelpedOne(packet=packet, outcome=HelpOutcome.NOT_FOUND, text=text)
