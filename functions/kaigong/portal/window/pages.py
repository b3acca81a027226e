"""The window and the service team: find a packet, see what waits, and do what is the window's own to do.

What is done is an act, as the API records it; the pages say what is to be filled in and what came of it.
"""

import re
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pydantic import ValidationError

from kaigong import catalog
from kaigong.contract import acts, problems
from kaigong.contract.limits import ACTS
from kaigong.contract.projects import ProjectRequest
from kaigong.contract.routes import AT_WORK, PAGE_SIZE, WINDOW, Group
from kaigong.contract.work import RemarkRequest
from kaigong.domain import words
from kaigong.domain.model.deadline import OwnerKind
from kaigong.domain.model.manifest import PROJECT_CODE_PATTERN, USCC_PATTERN
from kaigong.domain.model.officer import made_by
from kaigong.domain.model.packet import ActKind
from kaigong.domain.model.states import can_withdraw
from kaigong.domain.model.text import Text, folded
from kaigong.domain.model.waiting import Wait
from kaigong.domain.words import names
from kaigong.portal import remarks
from kaigong.portal.access import may_act
from kaigong.portal.apply.actions import enterprise, listed, there
from kaigong.portal.follow.actions import act, hand_out_of, status_of
from kaigong.portal.tags import TONES
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.forms import answered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.settings import settings
from kaigong.store import lists, projects, waiting
from kaigong.views.packet import NoticeStatus, PacketStatus, summary
from kaigong.views.states import MATTER_STATES, PHASES, Phase

from . import actions, search

_ROWS = 50  # of the list of what waits
_OPTIONS = 100  # matters up to which a list to choose from holds them all
_WAIT_TONES = {Wait.DOUBT: "bad", Wait.VISIT: "warn", Wait.RETURNED: "warn", Wait.HELPER: "info"}
_FAULTS = {
    "withdraw": N_("请写明核实情况和撤回的理由（不超过 1000 字）。"),
    "override-doubt": N_("请写明核对了哪些原件、为何疑点不成立（不超过 1000 字）。"),
    "confirm-doubt": N_("请写明核对了哪些原件、哪里与填报不符（不超过 1000 字，告知申请人）。"),
    "first-asked": N_("请从清单中选择首问部门；姓名取自登录账号，不能填写。"),
    "appoint-visit": N_("请填写踏勘的日期和时间；说明不超过 500 字。"),
    "pick-up": N_("帮办人的姓名取自登录账号，不能填写。由他人帮办的，请其本人登录后接手。"),
    "send-by-mail": N_("请填写运单号：5 至 40 位字母、数字、空格或连字符。"),
    "hand-over": N_("请填写领取人姓名；身份证后四位可以不填，填写的应为四位。"),
    "received": N_("请按签收记录填写送达的日期和时间。"),
}


_SAY_WHAT = N_("请填写备注或通话内容（不超过 1000 字）；通话还须写明与谁通话，备注不填。")


def _start(request: Request) -> Reply:
    """The search, and what waits for the window."""
    rows, more = waiting.for_window(datetime.now(UTC), _ROWS)
    values = {"rows": rows, "more": more, "names": names.WAITS, "tones": _WAIT_TONES}
    return shown("window/start.html", values | {"asked": "", "until": "", "may_look": _is_window(request)})


def _is_window(request: Request) -> bool:
    return Group.WINDOW in request.caller.groups


# an enterprise


def _enterprise(request: Request) -> Reply:
    """What may fill the form, the enterprise's credit, its packets; for the window, what is being drawn up as well."""
    uscc = request.named["uscc"]
    if not re.fullmatch(USCC_PATTERN, uscc):
        raise Unanswered(problems.NO_SUCH_PAGE)
    try:
        headers, more = lists.packets_of(uscc, PAGE_SIZE, request.query.get("after"))
    except lists.NotACursor as error:
        raise Unanswered(problems.NO_SUCH_PAGE) from error
    may = _is_window(request)
    values = {
        "e": enterprise(uscc),
        "packets": [summary(header, catalog.load()) for header in headers],
        "next": more,
        "may": may,
        "drafts": listed(request.caller, uscc) if may and "after" not in request.query else [],
        "processes": catalog.load().processes,
        "slips": actions.slips_of(uscc).slips if "after" not in request.query else (),
    }
    return shown("window/enterprise.html", values | _words())


# a project


def _project(request: Request) -> Reply:
    return _project_page(request)


def _project_page(request: Request, wrong: Text | Message | None = None, status: int = 200) -> Reply:
    code = _code(request)
    headers = list(lists.headers(projects.packets_of(code)).values())
    return shown(
        "window/project.html",
        {
            "p": actions.project(code),
            "packets": [summary(h, catalog.load()) for h in headers if h.project.code == code],
            "materials": {code: material.name for code, material in catalog.load().materials.items()},
            "matters": catalog.load().matters,
            "select": len(catalog.load().matters) <= _OPTIONS,
            "saved": request.query.get("saved") == "1",
            "records": Group.WINDOW in request.caller.groups,
            "wrong": wrong,
            "typed": request.form,
            **_words(),
        },
        status,
    )


def _record_project(request: Request) -> Reply:
    """Replace what is on record of a project, as the API does it."""
    code = _code(request)
    serviced = {"yes": True, "no": False}.get(request.value("serviced"))
    said: dict[str, Any] = {"key_project": request.value("key") == "yes", "serviced_site": serviced}
    said |= {"approvals": _approvals(request, code), "enterprises": _enterprises(request, code)}
    try:
        asked = ProjectRequest.model_validate(said, strict=False)
    except ValidationError as error:  # it would quote what was typed
        of_enterprise = any(fault["loc"][0] == "enterprises" for fault in error.errors(include_input=False))
        return _project_page(request, words.window.ENTERPRISE if of_enterprise else words.window.APPROVAL, 422)
    actions.record_project(request.caller, code, asked)
    return redirect(request, f"window/projects/{code}?saved=1")


def _enterprises(request: Request, code: str) -> list[str] | None:
    """Who is on the project as the form has it; None where that is what it was, so that nothing is put on record."""
    shown_as, added = actions.project(code).enterprises, request.code("join")
    said = [uscc for uscc in request.form.get("enterprise", ()) if uscc] + ([added] if added else [])
    return None if said == list(shown_as) else said


def _approvals(request: Request, code: str) -> list[dict[str, str | None]] | None:
    """The approvals from elsewhere as the form has them: those that stay, and the one that is filled in; None where
    they are what they were, so that none is asked for anew.
    """
    stay, there = request.form.get("stays", ()), actions.project(code).approvals
    kept = [a.model_dump(mode="json") for a in there if f"{a.matter} {a.number}" in stay]
    added = {name: request.value(name) or None for name in ("matter", "number", "on", "until")}
    added["matter"] = _matter_typed(added["matter"])
    if added["matter"] or added["number"]:
        return [*kept, added]
    return kept if len(kept) < len(there) else None


def _matter_typed(typed: str | None) -> str | None:
    """The code of the matter of which somebody typed the code, the number or the name; else what was typed."""
    matters = catalog.load().matters
    if not typed or typed in matters:
        return typed
    same = (m.code for m in matters.values() if folded(typed) in map(folded, (m.number, m.name.zh, m.name.en)))
    return next(same, typed)


def _code(request: Request) -> str:
    code = request.named["code"]
    if not re.fullmatch(PROJECT_CODE_PATTERN, code):
        raise Unanswered(problems.NO_SUCH_PAGE)
    return code


# a packet


def _packet(request: Request) -> Reply:
    return shown("window/packet.html", _page(request))


def _page(request: Request) -> dict[str, Any]:
    packet, found = request.packet, status_of(request.packet)
    picked_up = packet.newest_act(ActKind.PICK_UP)
    known = packet.header.acts if packet.header else ()
    may = Group.WINDOW in request.caller.groups
    asked = acts.Withdraw(kind="withdraw", reason="-")
    return {
        "s": found,
        "twice": [item for item in found.cautions if item.code == "applied-for-elsewhere"],
        "may_merge": can_withdraw(packet.header.status if packet.header else None)
        and may_act(request.caller, packet, asked),
        "mine": [p for p in found.responsibility.points if p.owner.kind is OwnerKind.WINDOW],
        "asked": _asked_of_applicant(found),
        "departments": {code: department.name for code, department in catalog.load().departments.items()},
        "working": bool(packet.acts.keys() - set(known)) and packet.header is not None,
        "may": may,
        "h": hand_out_of(packet) if may and packet.issued else None,
        "ways": names.WAYS,
        "may_draw_up": there(packet, request.caller),
        "account": request.caller,
        "helping": picked_up is not None and made_by(picked_up, request.caller.account, request.caller.name),
        "remarks": remarks.of(request.caller, packet).remarks if may else (),
        "today": datetime.now(settings().office.zone).strftime("%Y-%m-%dT%H:%M"),
        "wrong": None,
        "typed": dict[str, str](),
        **_words(),
    }


def _asked_of_applicant(found: PacketStatus) -> NoticeStatus | None:
    """The notice that the applicant is to answer now: whoever helps goes through it point by point."""
    if found.status not in (Phase.RETURNED, Phase.CORRECTING):
        return None
    return next((n for n in reversed(found.notices) if n.kind in ("returned", "correction")), None)


def _act(request: Request) -> Reply:
    """Do what a form asks for; what it lacks is said beside what was typed."""
    kind = request.value("kind")
    if kind not in _FAULTS:
        raise Unanswered(problems.INVALID_FORM)

    def done(asked: acts.ActRequest) -> Reply:
        act(request.caller, request.packet, asked.root)
        return redirect(request, f"window/packets/{request.packet.packet}")

    again = partial(_again, request, kind)
    return answered(lambda: acts.ActRequest.model_validate(_asked(request, kind)), done, again, _FAULTS[kind])


def _again(request: Request, kind: str, wrong: Text | Message, status: int) -> Reply:
    """The packet's page with what was typed into one of its forms, and why nothing came of it."""
    page = _page(request) | {"wrong": (kind, wrong), "typed": request.typed}
    return shown("window/packet.html", page, status)


def _asked(request: Request, kind: str) -> dict[str, Any]:
    """What a form says, as an act is asked for. Raises ValueError where a date or a number is none."""
    match kind:
        case "withdraw":
            return {"kind": kind, "reason": request.value("reason")}
        case "override-doubt" | "confirm-doubt":
            return {"kind": kind, "subject": request.value("subject"), "reason": request.value("reason")}
        case "first-asked":
            department = request.value("department") or None
            if department not in (None, *catalog.load().departments):
                raise ValueError
            return {"kind": kind, "department": department} | _typed_name(request)
        case "appoint-visit":
            at = datetime.fromisoformat(request.value("appointment")).replace(tzinfo=settings().office.zone)
            number = int(request.value("visit"))
            return {"kind": kind, "visit": number, "appointment": at, "note": request.value("note")}
        case "send-by-mail":
            return {"kind": kind, "tracking": request.code("tracking")}
        case "hand-over":
            return {"kind": kind, "to": request.value("to"), "id_last": request.code("id_last")}
        case "received":
            at = datetime.fromisoformat(request.value("received_at")).replace(tzinfo=settings().office.zone)
            return {"kind": kind, "received_at": at}
        case _:
            return {"kind": kind, "hand_over": request.value("hand_over") == "yes"} | _typed_name(request)


def _typed_name(request: Request) -> dict[str, str]:
    """A name that somebody typed into a page from before: it is refused, not passed over."""
    return {"officer": request.value("officer")} if "officer" in request.form else {}


def _words() -> dict[str, Any]:
    return {"phases": PHASES, "channels": names.CHANNELS, "states": MATTER_STATES, "tones": TONES}


def _remark(request: Request) -> Reply:
    """A note to colleagues of the window, or the record of a call."""
    said = {name: request.value(name) or None for name in ("kind", "text", "contact")}

    def done(asked: RemarkRequest) -> Reply:
        remarks.put(request.caller, request.packet, asked)
        return redirect(request, f"window/packets/{request.packet.packet}#remarks")

    again = partial(_again, request, "remark")
    return answered(lambda: RemarkRequest.model_validate(said), done, again, _SAY_WHAT)


PAGES = (
    Page("window", "/window", _start, groups=AT_WORK),
    *search.PAGES,
    Page("window-enterprise", "/window/enterprises/{uscc}", _enterprise, groups=AT_WORK),
    Page("window-project", "/window/projects/{code}", _project, groups=AT_WORK),
    Page("window-record-project", "/window/projects/{code}", _record_project, groups=WINDOW, method="POST"),
    Page("window-packet", "/window/packets/{packet}", _packet, groups=AT_WORK),
    Page("window-remark", "/window/packets/{packet}/remarks", _remark, groups=WINDOW, method="POST", limit=ACTS),
    Page("window-act", "/window/packets/{packet}/acts", _act, groups=WINDOW, method="POST", limit=ACTS),
)
