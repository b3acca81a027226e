"""Dates as calendar files: of one packet, and of all that the enterprise is to do."""

from datetime import UTC, datetime

from kaigong import catalog
from kaigong.contract.routes import APPLICANTS, LINKING
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.settings import settings
from kaigong.store import catalogues, lists
from kaigong.store.items import AT_ONCE
from kaigong.views import calendar

_KIND = "text/calendar; charset=utf-8"


def _of_packet(request: Request) -> Reply:
    packet, now, office = request.packet, datetime.now(UTC), catalog.with_calendar(settings().office)
    found = calendar.dates(packet, catalogues.of(packet, catalog.load()), now, office)
    return _file(request, found, now, packet.packet)


def _of_enterprise(request: Request) -> Reply:
    headers, _ = lists.packets_of(request.caller.uscc or "", AT_ONCE)
    now = datetime.now(UTC)
    return _file(request, calendar.of_headers(headers, now), now, "dates")


def _file(request: Request, found: tuple[calendar.Date, ...], now: datetime, name: str) -> Reply:
    content = calendar.ics(found, now, request.home, english=request.rules_language == "en")
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return Reply(content, kind=_KIND, headers=headers)


PAGES = (
    Page("dates", "/packets/{packet}/dates.ics", _of_packet, groups=LINKING),
    Page("all-dates", "/dates.ics", _of_enterprise, groups=APPLICANTS),
)
