"""Progress links: given out, renewed and withdrawn by the applicant or the window, and what they open."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from kaigong.catalog import load as catalogue
from kaigong.catalog import with_calendar
from kaigong.contract import problems
from kaigong.contract.links import TOKEN_PATTERN, LinkRequest, LinkShown
from kaigong.domain.model.packet import Packet
from kaigong.portal.asking import Question, Reply, Unanswered
from kaigong.settings import settings
from kaigong.store import packets, progress_links
from kaigong.views.progress import PublicProgress, public_progress

_TOKEN = re.compile(TOKEN_PATTERN)


def opened(token: str) -> PublicProgress:
    """What a link opens. Raises Unanswered, always the same, for a token that opens nothing, whatever the reason."""
    name = progress_links.packet_of(token) if _TOKEN.fullmatch(token) else None
    packet = packets.load(name) if name else None
    if packet is None or not packet.is_there:
        raise Unanswered(problems.NO_SUCH_LINK)
    office = with_calendar(settings().office)
    return public_progress(packet, catalogue(), datetime.now(UTC), office)


def path(link: progress_links.ProgressLink) -> str:
    """Where a link leads, from the portal's start."""
    return f"p/{link.token}"


def given(packet: Packet, *, renew: bool = False) -> progress_links.ProgressLink:
    """The link of a packet: the one there is, or a new one."""
    now = datetime.now(UTC)
    if renew:
        progress_links.withdraw(packet.packet, now)
    return progress_links.create(packet.packet, now)


def _progress(question: Question) -> Reply:
    return Reply(opened(question.named["token"]))


def _link(packet: Packet, question: Question) -> Reply:
    link = given(packet, renew=cast(LinkRequest, question.body).renew)
    return Reply(LinkShown(packet=packet.packet, path=f"/{path(link)}", since=link.since))


def _withdraw(packet: Packet, _: Question) -> Reply:
    progress_links.withdraw(packet.packet, datetime.now(UTC))
    return Reply(LinkShown(packet=packet.packet, path=None))


ANSWERS: dict[str, Callable[[Question], Reply]] = {"progress": _progress}
PACKET_ANSWERS: dict[str, Callable[[Packet, Question], Reply]] = {"link": _link, "withdraw-link": _withdraw}
