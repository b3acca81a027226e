"""The pages of the problem list: a department's matters or all departments, the same for spreadsheets, and why a packet
is at risk. No script is needed.
"""

from urllib.parse import urlencode

from kaigong import catalog
from kaigong.contract.routes import EVERY_PACKET, OFFICERS, STAFF
from kaigong.domain.model.problems import RiskLevel
from kaigong.domain.words import names
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, shown
from kaigong.views.problems import MOST_DAYS, ProblemList, as_csv

from . import actions, scope

_TONES = {RiskLevel.LOW: "good", RiskLevel.RAISED: "warn", RiskLevel.HIGH: "bad"}


def _list(request: Request) -> Reply:
    found, may = scope.found(request), actions.sees_all(request.caller)
    return shown(
        "problems/list.html",
        {
            "found": found,
            "same": urlencode(_asked(found)),
            "departments": catalog.load().departments if may else {},
            "days": urlencode({"first": found.first.isoformat(), "last": found.last.isoformat()}),
            "links": bool(request.caller.groups & (EVERY_PACKET | OFFICERS)),
            "most_days": MOST_DAYS,
            "tones": _TONES,
            "risks": names.RISKS,
        },
    )


def _csv(request: Request) -> Reply:
    found = scope.found(request)
    name = f"problems-{found.department or 'all'}-{found.first}-{found.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Reply(as_csv(found), kind="text/csv; charset=utf-8", headers=headers)


def _asked(found: ProblemList) -> dict[str, str]:
    """What an address says to have this list again."""
    days = {"first": found.first.isoformat(), "last": found.last.isoformat()}
    return days | ({"department": found.department} if found.department else {})


def _risk(request: Request) -> Reply:
    values = {"found": actions.of_packet(request.packet), "tones": _TONES, "risks": names.RISKS}
    return shown("problems/risk.html", values)


PAGES = (
    Page("problems", "/problems", _list, groups=STAFF),
    Page("problems-csv", "/problems.csv", _csv, groups=STAFF),
    Page("packet-risk", "/packets/{packet}/risk", _risk, groups=EVERY_PACKET | OFFICERS),
)
