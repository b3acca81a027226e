"""Choosing matters: to begin an application with, and to add to a draft.

A project type with few matters shows them all, to tick. Of one with many, those that are chosen are shown, and
beside them a page of those that were searched for: what is ticked goes along from page to page, without a script.
"""

from collections.abc import Sequence
from typing import Any

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.routes import DRAWING_UP
from kaigong.domain.model.catalogue import Catalogue, Code, Process
from kaigong.domain.model.draft import MOST_MATTERS, Draft, Filled
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.portal import parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.forms import answered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.store import catalogues
from kaigong.views.search import MANY, listed, rows

from . import actions
from .actions import Application

NONE_CHOSEN = N_("请至少选择一个事项。")
NOT_IN_THE_LIST = N_("所选的不是这类项目的事项。请从清单中重新勾选。")
TOO_MANY = N_("一份申请最多 40 个事项。请减少勾选，其余的另行申请。")


def few(process: Process) -> bool:
    """Whether a page shows all of its matters at once."""
    return len(process.matters) <= MANY


def choice(request: Request, process: Process, chosen: Sequence[Code], catalogue: Catalogue) -> dict[str, Any]:
    """What a page shows to choose from: all matters, or those chosen and a page of those searched for."""
    ticked = [code for code in chosen if code in process.matters][:MOST_MATTERS]
    if few(process):
        return {"ticked": ticked, "rows": rows(catalogue, process.matters, process.code), "found": None, **_WORDS}
    asked = request.query.get("q", "").strip()
    return {
        "ticked": ticked,
        "rows": rows(catalogue, ticked, process.code),
        "found": listed(catalogue, asked, process.code, page=parameters.page(request)),
        **_WORDS,
    }


_WORDS = {"stages": names.STAGES, "most": MOST_MATTERS}


def _more(request: Request) -> Reply:
    """Matters to add to a draft, or to take out of it, as a page of its own."""
    what = _of(request)
    chosen = parameters.codes(request, "matters") if "q" in request.query else what.draft.matters
    return _shown(request, what, chosen)


def _shown(
    request: Request, what: Application, chosen: Sequence[Code], wrong: Message | Text | None = None, status: int = 200
) -> Reply:
    catalogue = catalogues.of(what.packet, catalog.load())
    process = catalogue.processes[what.draft.process]
    values = {"d": what.draft, "process": process, "wrong": wrong}
    return shown("apply/more.html", values | choice(request, process, chosen, catalogue), status)


def _chosen(request: Request) -> Reply:
    """Save the choice. The form is as it was: its page saved it before it led here."""
    what, chosen = _of(request), tuple(dict.fromkeys(request.form.get("matters", ())))
    if not chosen or len(chosen) > MOST_MATTERS:
        return _shown(request, what, chosen, TOO_MANY if chosen else NONE_CHOSEN, 422)

    def done(filled: Filled) -> Reply:
        actions.save(what, filled, parameters.version(request))
        return redirect(request, f"apply/{what.draft.packet}#h-matters")

    def again(wrong: Message | Text, status: int) -> Reply:
        return _shown(request, _of(request), chosen, wrong, status)

    return answered(lambda: _with(what.draft, chosen), done, again, NOT_IN_THE_LIST)


def _with(draft: Draft, matters: tuple[Code, ...]) -> Filled:
    """The form as it is, with other matters. Raises ValueError for what can be no matter's code."""
    return Filled(
        matters=matters,
        enterprise=draft.enterprise,
        project=draft.project,
        promises=draft.promises,
        commitments=draft.commitments,
        drawn_up=draft.drawn_up,
    )


def _of(request: Request) -> Application:
    """The application, while its matters may still be chosen."""
    what = actions.of(request.named["draft"], request.caller)
    if what.packet.header and what.packet.header.accepted_at:
        raise Unanswered(problems.NOT_AWAITED)
    return what


PAGES = (
    Page("more-matters", "/apply/{draft}/matters", _more, groups=DRAWING_UP),
    Page("choose-matters", "/apply/{draft}/matters", _chosen, groups=DRAWING_UP, method="POST"),
)
