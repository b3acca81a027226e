"""The applicant's page of who is on its project, and letting another enterprise in (intake/project.py)."""

from typing import Any

from kaigong.contract import acts
from kaigong.contract.limits import ACTS
from kaigong.contract.routes import APPLICANTS
from kaigong.domain.intake.project import is_foreign, may_let_in
from kaigong.domain.model.packet import ActKind
from kaigong.domain.model.text import Text
from kaigong.portal.web.forms import answered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown

from . import actions

_WRONG = N_("请填写对方的统一社会信用代码，共 18 位，如 91411402MA0KG0003M。")


def _page(request: Request) -> Reply:
    return shown("follow/enterprises.html", _values(request))


def _values(request: Request, **more: Any) -> dict[str, Any]:
    uscc, project, applied = request.caller.uscc or "", actions.project_of(request.packet), request.packet.applied_for
    foreign = is_foreign(uscc, project)
    return {
        "packet": request.packet.packet,
        "code": applied.project.code if applied else None,
        "own": uscc,
        "enterprises": () if foreign else project.enterprises,  # anybody can name a project's code
        "foreign": foreign,
        "may": may_let_in(uscc, project) and request.packet.accepted,
        "asked": [act.subject for act in request.packet.unlooked(ActKind.LET_IN)],
        "typed": "",
        "wrong": None,
        **more,
    }


def _let_in(request: Request) -> Reply:
    typed = request.code("subject")

    def done(asked: acts.LetIn) -> Reply:
        actions.act(request.caller, request.packet, asked)
        return redirect(request, f"packets/{request.packet.packet}/enterprises")

    def again(wrong: Message | Text, status: int) -> Reply:
        return shown("follow/enterprises.html", _values(request, typed=typed, wrong=wrong), status)

    return answered(lambda: acts.LetIn.model_validate({"kind": "let-in", "subject": typed}), done, again, _WRONG)


PAGES = (
    Page("project-enterprises", "/packets/{packet}/enterprises", _page, groups=APPLICANTS),
    Page("let-in", "/packets/{packet}/enterprises", _let_in, groups=APPLICANTS, method="POST", limit=ACTS),
)
