"""The API's routes of the window and operations."""

from kaigong.contract.projects import ProjectRequest
from kaigong.contract.routes import STUCK_DAYS
from kaigong.contract.search import PacketSearch
from kaigong.portal import parameters
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply

from . import actions, search


def _project(request: Request) -> Reply:
    return Reply(actions.project(parameters.project(request)))


def _search(request: Request) -> Reply:
    return Reply(search.sought(request.asked(PacketSearch)))


def _record_project(request: Request) -> Reply:
    code = parameters.project(request)
    actions.record_project(request.caller, code, request.asked(ProjectRequest))
    return Reply(actions.project(code))


def _stuck(request: Request) -> Reply:
    return Reply(actions.stuck(parameters.days(request, usual=2, most=STUCK_DAYS)))


def _refused(request: Request) -> Reply:
    return Reply(actions.refused(parameters.days(request, usual=2, most=STUCK_DAYS)))


def _inspect(request: Request) -> Reply:
    return Reply(actions.inspected(request.packet))


ANSWERS = {
    "search": _search,
    "project": _project,
    "record-project": _record_project,
    "stuck": _stuck,
    "inspect": _inspect,
    "refused": _refused,
}
