"""My work (我的工作): one page for officers, the window and supervisors, with what each of them has to do, due first.

Whoever is several of these gets all of it. Handing over and standing in are forms here, as the API does them.
"""

import re
from datetime import UTC, date, datetime
from typing import Any

from kaigong.contract import problems
from kaigong.contract.limits import ACTS
from kaigong.contract.routes import OFFICERS, SUPERVISORS, WINDOW, Group
from kaigong.contract.work import ACCOUNT_PATTERN, AbsenceRequest
from kaigong.domain.model.codes import OF_PACKET_PATTERN
from kaigong.domain.model.supervision import SupervisionState
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.portal.access import may_see
from kaigong.portal.desk import actions as desk
from kaigong.portal.desk import work
from kaigong.portal.supervise.actions import supervised
from kaigong.portal.tags import SUPERVISION
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.forms import answered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.settings import settings
from kaigong.store import officers, packets, waiting

ROWS = 30  # choice: of each part; what is behind them has a list of its own
_NONE_CHOSEN = N_("请先勾选要转交的事项，再选择接手的经办人。")
_TOO_MANY = N_("一次最多转交 %(most)s 项，请分次办理。", most=work.MOST_AT_ONCE)
_BAD_DAYS = N_("请选择代班人，并填写起止日期：止于起日之后，最长 180 天；本人不能给自己代班。")
_THEIRS = (SupervisionState.RECTIFYING, SupervisionState.BROKEN)  # the enterprise is to act
_NEW = (SupervisionState.PUSHED, SupervisionState.SEEN)


def _work(request: Request) -> Reply:
    return shown("window/my-work.html", _values(request))


def _values(request: Request, **more: Any) -> dict[str, Any]:
    groups, now = request.caller.groups, datetime.now(UTC)
    rows = supervised(request.caller).rows if Group.SUPERVISOR in groups else None
    for_window = waiting.for_window(now, ROWS) if Group.WINDOW in groups else None
    handed = request.query.get("handed", "")
    return {
        "w": work.mine(request.caller) if Group.DEPARTMENT in groups else None,
        "rows": ROWS,
        "most": desk.MOST_READ,
        "window": for_window,
        "waits": names.WAITS,
        "records": None if rows is None else _parted(rows),
        "tones": SUPERVISION,
        "channels": names.CHANNELS,
        "today": datetime.now(settings().office.zone).date().isoformat(),
        "handed": handed if re.fullmatch("[0-9]{1,3}", handed) else "",
        "away": "away" in request.query,
        "wrong": (),
        "typed": {},
        **more,
    }


def _parted(rows: Any) -> dict[str, list[Any]]:
    """What supervision is to act on, what is new to it, and what waits for the enterprise."""
    return {
        "first": [row for row in rows if row.state not in (*_THEIRS, *_NEW)],
        "fresh": [row for row in rows if row.state in _NEW],
        "waiting": [row for row in rows if row.state in _THEIRS],
    }


def _hand_over(request: Request) -> Reply:
    """What is ticked goes to a colleague; what cannot is named, with the reason."""
    chosen, to = request.form.get("rows", ()), request.value("to")
    if not chosen or not re.fullmatch(ACCOUNT_PATTERN, to):
        return _again(request, _NONE_CHOSEN, status=422)
    if len(chosen) > work.MOST_AT_ONCE:
        return _again(request, _TOO_MANY, status=422)
    there = officers.of(request.caller.department or "")
    failed = [told for name in dict.fromkeys(chosen) if (told := _handed(request, name, to, there))]
    if failed:
        return _again(request, *failed, status=409)
    return redirect(request, f"work?handed={len(chosen)}")


def _handed(request: Request, name: str, to: str, there: officers.Desk) -> Text | None:
    """Hand one over; what stood in the way, if anything."""
    packet_id, _, matter = name.partition(".")
    try:
        if not re.fullmatch(OF_PACKET_PATTERN, name):
            raise Unanswered(problems.NOT_FOUND)
        packet = packets.load_without_uploads(packet_id)
        if not may_see(request.caller, packet):
            raise Unanswered(problems.NOT_FOUND)
        work.hand_over(request.caller, packet, desk.review_of(request.caller, packet, matter), to, there)
    except Unanswered as told:
        return Text(zh=f"{name}：{told.problem.zh}", en=f"{name}: {told.problem.en}")
    return None


def _absence(request: Request) -> Reply:
    def read() -> AbsenceRequest:
        return AbsenceRequest(
            officer=request.value("officer") or None,
            stand_in=request.value("stand_in"),
            since=date.fromisoformat(request.value("since")),
            until=date.fromisoformat(request.value("until")),
        )

    def done(asked: AbsenceRequest) -> Reply:
        work.say_away(request.caller, asked)
        return redirect(request, "work?away=1#colleagues")

    return answered(read, done, lambda wrong, status: _again(request, wrong, status=status), _BAD_DAYS)


def _again(request: Request, *wrong: Message | Text, status: int) -> Reply:
    return shown("window/my-work.html", _values(request, wrong=wrong, typed=request.form), status)


PAGES = (
    Page("work", "/work", _work, groups=OFFICERS | WINDOW | SUPERVISORS),
    Page("work-hand-over", "/work/hand-over", _hand_over, groups=OFFICERS, method="POST", limit=ACTS),
    Page("work-absence", "/work/absence", _absence, groups=OFFICERS, method="POST", limit=ACTS),
)
