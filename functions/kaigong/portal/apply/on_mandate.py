"""Pages of mandates on paper: the window records one for an application; enterprise and window see and end them."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from kaigong.contract.limits import ACTS
from kaigong.contract.mandates import MandateRequest
from kaigong.contract.routes import APPLICANTS, DRAWING_UP, WINDOW, Group
from kaigong.domain.model.people import PersonRights
from kaigong.domain.words import names
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.messages import N_
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.settings import settings

from . import actions, mandates

_MISFILLED = N_("请按授权委托书选择授权范围，并填写起止日期。")


def _record_page(request: Request) -> Reply:
    return shown("apply/mandate.html", _values(request, actions.of(request.named["draft"], request.caller)))


def _values(request: Request, what: actions.Application, **more: Any) -> dict[str, Any]:
    return {
        "d": what.draft,
        "scan": actions.scanned_mandate(what),
        "scopes": names.MANDATE_SCOPES,
        "found": mandates.listed(request.caller, what.draft.owner).mandates,
        "today": datetime.now(settings().office.zone).date(),
        "typed": {name: request.value(name) if request.form else "" for name in ("scope", "since", "until")},
        "agent": request.caller.called,
        "wrong": None,
        **more,
    }


def _record(request: Request) -> Reply:
    what = actions.of(request.named["draft"], request.caller)
    try:
        said = {name: request.value(name) for name in MandateRequest.model_fields}
        mandates.record(what, request.caller, MandateRequest.model_validate(said))
    except ValidationError:
        return shown("apply/mandate.html", _values(request, what, wrong=_MISFILLED), 422)
    except Unanswered as told:
        why = told.text
        return shown("apply/mandate.html", _values(request, what, wrong=why), told.problem.status)
    return redirect(request, f"apply/{what.draft.packet}#ahead")


def _list(request: Request) -> Reply:
    found = mandates.listed(request.caller, request.caller.uscc or "")
    return shown("apply/mandates.html", {"found": found.mandates, "scopes": names.MANDATE_SCOPES})


def _end(request: Request) -> Reply:
    """By the enterprise from its list, by the window from the application's page."""
    number, window = request.value("mandate"), Group.WINDOW in request.caller.groups
    uscc = request.value("uscc") if window else request.caller.uscc
    mandates.end(request.caller, uscc, number)
    return redirect(request, f"window/enterprises/{uscc}" if window else "mandates")


PAGES = (
    Page("mandate", "/apply/{draft}/mandate", _record_page, groups=WINDOW),
    Page("record-mandate", "/apply/{draft}/mandate", _record, groups=WINDOW, method="POST", limit=ACTS),
    Page("mandates", "/mandates", _list, groups=APPLICANTS),
    Page("end-mandate", "/mandates/end", _end, groups=DRAWING_UP, method="POST", limit=ACTS, needs=PersonRights.ALL),
)
