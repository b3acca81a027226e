"""The API's routes of what everybody may know."""

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.routes import Health
from kaigong.domain.model.catalogue import Stage
from kaigong.domain.model.text import Text
from kaigong.portal import parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.views.guide import paged
from kaigong.views.needed import needed
from kaigong.views.search import listed

_PUBLIC = {"Cache-Control": "public, max-age=300"}


def _health(_: Request) -> Reply:
    return Reply(Health(catalogue=catalog.load().version))


def _guide(request: Request) -> Reply:
    process = parameters.one_of(request, "process", catalog.load().processes)
    stage = parameters.one_of(request, "stage", sorted(Stage))
    return Reply(paged(catalog.load(), process, stage, parameters.page(request)), headers=_PUBLIC)


def _needed(request: Request) -> Reply:
    processes = catalog.load().processes
    process = parameters.one_of(request, "process", processes)
    if process is None:
        raise Unanswered(problems.INVALID_PARAMETER, _WHICH_PROCESS)
    return Reply(needed(catalog.load(), process, parameters.codes(request, "answers")), headers=_PUBLIC)


def _matters(request: Request) -> Reply:
    process = parameters.one_of(request, "process", catalog.load().processes)
    stage = parameters.one_of(request, "stage", sorted(Stage))
    page = parameters.page(request)
    found = listed(catalog.load(), request.query.get("q", "").strip(), process, Stage(stage) if stage else None, page)
    return Reply(found, headers=_PUBLIC)


_WHICH_PROCESS = Text(zh="请以 process 给出项目类型。", en="Give the project type as process.")

ANSWERS = {"health": _health, "guide": _guide, "needed": _needed, "matters": _matters}
