"""The supervisors' pages: what their department supervises, one record, and the roster of inspectors; and the page on
which an enterprise reads what was found, reports what it put right and contests a finding.

An inspector stands on a building site: a phone's width is enough, and no script is needed.
"""

from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from kaigong.contract import problems
from kaigong.contract.limits import ACTS, UPLOADS
from kaigong.contract.routes import APPLICANTS, READERS, SUPERVISORS
from kaigong.contract.supervision import LARGEST_PHOTO
from kaigong.domain.model.people import PersonRights
from kaigong.domain.model.roster import Inspectors, Roster, read, written
from kaigong.domain.model.supervision import (
    MOST_PHOTOS,
    EnterpriseSays,
    FindingOutcome,
    SupervisorSays,
)
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.domain.words.supervision import ROSTER_LINE
from kaigong.portal import parameters
from kaigong.portal.tags import SUPERVISION
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.forms import answered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, elsewhere, redirect, shown
from kaigong.settings import settings
from kaigong.views.supervision import SupervisionTaskShown, is_place

from . import actions

_SUPERVISOR: TypeAdapter[SupervisorSays] = TypeAdapter(SupervisorSays)
_ENTERPRISE: TypeAdapter[EnterpriseSays] = TypeAdapter(EnterpriseSays)
_FAULTS = {
    "claim": N_("因故检查的理由不超过 1000 字。"),
    "plan": N_("请填写检查的日期和时间。"),
    "finding": N_(
        "须整改或者拟认定失信的，请写明问题（不超过 1000 字）和依据（不超过 300 字）；限期整改的，还须填写期限。"
    ),
    "reply": N_("请选择是否维持检查意见，并写明理由（不超过 1000 字）。"),
    "rectified": N_("请写明整改情况（不超过 1000 字）。"),
    "contest": N_("请写明申辩的事实和理由（不超过 1000 字）。"),
    "recuse": N_("请选择应当回避或者不能参加的检查人员。"),
}


# who supervises


def _list(request: Request) -> Reply:
    after = parameters.after(request, is_place, page=True)
    values = {"found": actions.supervised(request.caller, after), "after": after, "tones": SUPERVISION}
    return shown("supervise/list.html", values)


def _record(request: Request) -> Reply:
    record = actions.see(request.caller, actions.record_of(request.caller, request.named["record"]))
    return _page(request, actions.task(record))


def _say(request: Request) -> Reply:
    record, kind = actions.record_of(request.caller, request.named["record"]), request.value("kind")
    if kind not in _FAULTS:
        raise Unanswered(problems.INVALID_FORM)
    try:
        said, version = _SUPERVISOR.validate_python(_said(request, kind)), int(request.value("version"))
    except (ValidationError, ValueError):
        return _page(request, actions.task(record), (kind, _FAULTS[kind]), 422)
    try:
        actions.supervise(request.caller, record, version, said)
    except Unanswered as told:
        wrong = told.text
        fresh = actions.record_of(request.caller, request.named["record"])
        return _page(request, actions.task(fresh), (kind, wrong), told.problem.status)
    return redirect(request, f"supervision/{record.name}?sent={kind}")


def _said(request: Request, kind: str) -> dict[str, Any]:
    """What a form says. Raises ValueError where a date or a choice is none."""
    match kind:
        case "claim":
            return {"kind": kind, "cause": request.value("cause") or None}
        case "plan":
            at = datetime.fromisoformat(request.value("appointment")).replace(tzinfo=settings().office.zone)
            return {"kind": kind, "appointment": at}
        case "finding":
            outcome, by = FindingOutcome(request.value("outcome")), request.value("rectify_by")
            said = {name: request.value(name) or None for name in ("text", "basis")}
            due = date.fromisoformat(by) if outcome is FindingOutcome.RECTIFY else None
            return {"kind": kind, "outcome": outcome, "rectify_by": due, **said}
        case "reply":
            stands = {"yes": True, "no": False}.get(request.value("stands"))  # None, where neither is said, is refused
            return {"kind": kind, "stands": stands, "text": request.value("text")}
        case "recuse":
            return {"kind": kind, "number": request.value("number")}
        case _:
            return {"kind": kind, "text": request.value("text")}


def _page(
    request: Request, task: SupervisionTaskShown, wrong: tuple[str, Message | Text] | None = None, status: int = 200
) -> Reply:
    values = {
        "r": task,
        "wrong": wrong,
        "typed": request.typed,
        "today": datetime.now(settings().office.zone),
        "tones": SUPERVISION,
        "routes": names.ROUTES,
        "outcomes": names.FINDINGS,
        "bars": names.BARS,
        "photos_at": f"supervision/{task.record}/photos",
    }
    return shown("supervise/record.html", values, status)


# photos


def _photos(request: Request) -> Reply:
    """The photos that the next finding will have, with a form that sends one straight to object storage."""
    record = actions.record_of(request.caller, request.named["record"])
    url, fields = actions.photo_form(record)
    megabytes = LARGEST_PHOTO // 1024**2
    values = {"r": actions.task(record), "url": url, "fields": fields, "megabytes": megabytes, "most": MOST_PHOTOS}
    return shown("supervise/photos.html", values)


def _photo(request: Request) -> Reply:
    record = actions.record_of(request.caller, request.named["record"])
    return elsewhere(actions.own_photo(record, request.named["photo"]).address)


def _told_photo(request: Request) -> Reply:
    return elsewhere(actions.told_photo(request.packet, request.named["matter"], request.named["photo"]).address)


# the roster


def _roster(request: Request) -> Reply:
    found = actions.roster(request.caller)
    return _roster_page(found, written(found), saved="saved" in request.query)


def _save_roster(request: Request) -> Reply:
    lines, version = request.value("lines"), request.value("version")

    def done(asked: tuple[Inspectors, int]) -> Reply:
        found, seen = asked
        actions.save_roster(request.caller, seen, found)
        return redirect(request, "supervision/roster?saved=yes")

    def again(wrong: Message | Text, status: int) -> Reply:
        return _roster_page(actions.roster(request.caller), lines, wrong, status)

    return answered(lambda: (read(lines), int(version)), done, again, ROSTER_LINE)


def _roster_page(
    found: Roster, lines: str, wrong: Message | Text | None = None, status: int = 200, *, saved: bool = False
) -> Reply:
    return shown("supervise/roster.html", {"roster": found, "lines": lines, "wrong": wrong, "saved": saved}, status)


# the packet


def _of_packet(request: Request) -> Reply:
    return _packet_page(request)


def _packet_page(request: Request, wrong: tuple[str, str, Message | Text] | None = None, status: int = 200) -> Reply:
    """`wrong`: of which matter, which form, and what."""
    header = request.packet.header
    values = {
        "found": actions.of_packet(request.caller, request.packet),
        "project": header.project.name if header else request.packet.packet,
        "wrong": wrong,
        "typed": request.typed,
        "tones": SUPERVISION,
    }
    return shown("supervise/packet.html", values, status)


def _answer(request: Request) -> Reply:
    """The enterprise reports what it put right, or contests a finding."""
    matter, kind = request.named["matter"], request.value("kind")
    if kind not in ("rectified", "contest"):
        raise Unanswered(problems.INVALID_FORM)
    try:
        said, version = _ENTERPRISE.validate_python(_said(request, kind)), int(request.value("version"))
    except (ValidationError, ValueError):
        return _packet_page(request, (matter, kind, _FAULTS[kind]), 422)
    try:
        actions.answer(request.packet, matter, version, said)
    except Unanswered as told:
        if told.problem.code == problems.NOT_FOUND.code:
            raise
        wrong = told.text
        return _packet_page(request, (matter, kind, wrong), told.problem.status)
    return redirect(request, f"packets/{request.packet.packet}/supervision#record-{matter}")


_ONE, _OF_PACKET = "/supervision/{record}", "/packets/{packet}/supervision"

PAGES = (
    Page("supervision", "/supervision", _list, groups=SUPERVISORS),
    Page("roster", "/supervision/roster", _roster, groups=SUPERVISORS),
    Page("save-roster", "/supervision/roster", _save_roster, groups=SUPERVISORS, method="POST", limit=ACTS),
    Page("supervision-record", _ONE, _record, groups=SUPERVISORS),
    Page("supervision-say", _ONE, _say, groups=SUPERVISORS, method="POST", limit=ACTS),
    Page("photos", f"{_ONE}/photos", _photos, groups=SUPERVISORS, limit=UPLOADS),
    Page("photo", f"{_ONE}/photos/{{photo}}", _photo, groups=SUPERVISORS),
    Page("told-photo", f"{_OF_PACKET}/{{matter}}/photos/{{photo}}", _told_photo, groups=READERS),
    Page("packet-supervision", _OF_PACKET, _of_packet, groups=READERS),
    Page(
        "supervision-answer",
        f"{_OF_PACKET}/{{matter}}",
        _answer,
        groups=APPLICANTS,
        method="POST",
        limit=ACTS,
        needs=PersonRights.ALL,
    ),
)
