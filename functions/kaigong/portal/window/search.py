"""The window looks for packets by a part of a name, a telephone number or a code.

What it looks for goes in a form or a body, so that no address, and nothing that keeps addresses, holds a name.
"""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pydantic import ValidationError

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.limits import SEARCH
from kaigong.contract.routes import AT_WORK, PAGE_SIZE, Group
from kaigong.contract.search import FoundPackets, PacketSearch
from kaigong.domain.intake.search import spellings, words
from kaigong.domain.model.manifest import PACKET_PATTERN, PROJECT_CODE_PATTERN, USCC_PATTERN
from kaigong.domain.words import names
from kaigong.portal.access import Caller
from kaigong.portal.apply.actions import there
from kaigong.portal.tags import TONES
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.settings import settings
from kaigong.store import keys, lists, packets, search
from kaigong.views.packet import summary
from kaigong.views.states import PHASES

_NOTHING = N_("没有找到。请核对：材料包编号、18 位统一社会信用代码，或形如 2603-411400-04-01-123456 的项目代码。")
_NONE_SUCH = N_("没有找到。请换一个词：企业或项目名称的一部分、电话、编号的一部分都可以；刚提交的稍后再找。")
_TOO_SHORT = N_("请至少填写两个字；日期须为一天，如 2026-03-06。")


def sought(asked: PacketSearch) -> FoundPackets:
    """A page of what is found. Raises Unanswered where `after` is not what was given out."""
    place = asked.after or ""
    if not place and asked.until:
        ends = datetime.combine(asked.until + timedelta(days=1), time(), settings().office.zone)
        place = keys.utc(ends)
    wanted = [spellings(word) for word in words(asked.q)]
    if not wanted:  # nothing but spaces
        return FoundPackets(packets=(), next=None, cut=False, back_to=None)
    try:
        found = search.packets_with(wanted, datetime.now(UTC), PAGE_SIZE, place)
    except lists.NotACursor as error:
        raise Unanswered(problems.INVALID_BODY) from error
    headers = lists.headers(found.packets)
    return FoundPackets(
        packets=tuple(summary(headers[name], catalog.load()) for name in found.packets if name in headers),
        next=found.more,
        cut=found.cut,
        back_to=datetime.fromisoformat(found.more.partition("#")[0]) if found.more else None,
    )


def _search(request: Request) -> Reply:
    """One field for all: what was typed tells what it is. Only the window looks for parts of it."""
    asked = request.code("q")
    if re.fullmatch(PROJECT_CODE_PATTERN, asked):
        return redirect(request, f"window/projects/{asked}")
    if re.fullmatch(USCC_PATTERN, asked.upper()):
        return redirect(request, f"window/enterprises/{asked.upper()}")
    if re.fullmatch(PACKET_PATTERN, asked):
        found_at = place(asked, request.caller)
        if found_at:
            return redirect(request, found_at)
    if Group.WINDOW not in request.caller.groups:
        return _shown(request, None, _NOTHING)
    try:
        said = {"until": request.value("until") or None, "after": request.value("after") or None}
        wanted = PacketSearch.model_validate({"q": asked, **said})
    except ValidationError:  # the error would quote what was typed
        return _shown(request, None, _TOO_SHORT, 422)
    found = sought(wanted)
    return _shown(request, found, None if found.packets or found.next else _NONE_SUCH)


def place(name: str, caller: Caller) -> str | None:
    """Where the window has what bears this id: a packet's page; of one begun, of which nothing was uploaded yet, the
    application. None: there is nothing.
    """
    packet = packets.load(name)
    if packet.is_there:
        return f"window/packets/{name}"
    return f"apply/{name}" if there(packet, caller) else None


def _shown(request: Request, found: FoundPackets | None, wrong: Message | None, status: int = 200) -> Reply:
    values: dict[str, Any] = {
        "found": found,
        "asked": request.value("q"),
        "until": request.value("until"),
        "wrong": wrong,
        "may_look": Group.WINDOW in request.caller.groups,
        "phases": PHASES,
        "channels": names.CHANNELS,
        "tones": TONES,
    }
    return shown("window/found.html", values, status)


def _again(request: Request) -> Reply:
    """An address that was kept of a search holds nothing of it: one begins anew."""
    return redirect(request, "window")


PAGES = (
    Page("window-search", "/window/search", _search, groups=AT_WORK, method="POST", limit=SEARCH),
    Page("window-searched", "/window/search", _again, groups=AT_WORK),
)
