"""The applicant's page of questions about corrections: asked of the department that wants one, answered here."""

from typing import Any

from pydantic import ValidationError

from kaigong import catalog
from kaigong.contract import acts
from kaigong.contract.limits import ACTS
from kaigong.contract.routes import APPLICANTS
from kaigong.domain.model.naming import name_of
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.messages import N_
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.store import catalogues

from . import actions

_WRONG = N_("请选择事项，并写明想问什么（不超过 500 字）。")


def _page(request: Request) -> Reply:
    return shown("follow/questions.html", _values(request))


def _values(request: Request, **more: Any) -> dict[str, Any]:
    found = actions.status_of(request.packet)
    matters = catalogues.of(request.packet, catalog.load()).matters
    return {
        "s": found,
        "names": {code: name_of(matters, code) for code in request.packet.reviews},
        "typed": {"matter": request.query.get("matter", ""), "text": ""},
        "wrong": None,
        **more,
    }


def _ask(request: Request) -> Reply:
    typed = {"matter": request.value("matter"), "text": request.value("text")}
    try:
        asked = acts.Ask.model_validate({"kind": "ask", **typed})
        actions.act(request.caller, request.packet, asked)
    except ValidationError:
        return shown("follow/questions.html", _values(request, typed=typed, wrong=_WRONG), 422)
    except Unanswered as told:
        why = told.text
        return shown("follow/questions.html", _values(request, typed=typed, wrong=why), told.problem.status)
    return redirect(request, f"packets/{request.packet.packet}/questions")


PAGES = (
    Page("questions", "/packets/{packet}/questions", _page, groups=APPLICANTS),
    Page("ask", "/packets/{packet}/questions", _ask, groups=APPLICANTS, method="POST", limit=ACTS),
)
