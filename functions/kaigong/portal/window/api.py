"""The API's routes of the window and operations."""

from kaigong.contract import problems
from kaigong.contract.helping import HelpRequest
from kaigong.contract.projects import ProjectRequest
from kaigong.contract.routes import STUCK_DAYS
from kaigong.contract.search import PacketSearch
from kaigong.contract.slips import SlipRequest
from kaigong.portal import access, parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.views.handing_out import is_place

from . import actions, deadlines, search, warnings


def _project(request: Request) -> Reply:
    return Reply(actions.project(parameters.project(request)))


def _search(request: Request) -> Reply:
    return Reply(search.sought(request.asked(PacketSearch)))


def _record_project(request: Request) -> Reply:
    code = parameters.project(request)
    actions.record_project(request.caller, code, request.asked(ProjectRequest))
    return Reply(actions.project(code))


def _help(request: Request) -> Reply:
    return Reply(actions.help_with(request.caller, request.asked(HelpRequest)))


def _record_slip(request: Request) -> Reply:
    return Reply(actions.refuse(request.caller, request.asked(SlipRequest)), 201)


def _slip(request: Request) -> Reply:
    return Reply(actions.slip(request.caller, request.named["slip"]))


def _slips(request: Request) -> Reply:
    uscc = parameters.enterprise(request)
    if not access.may_ask_about(request.caller, uscc):
        raise Unanswered(problems.NOT_ALLOWED)
    return Reply(actions.slips_of(uscc))


def _refusal_slip(request: Request) -> Reply:
    return Reply(actions.refusal_slip(request.packet))


def _hand_outs(request: Request) -> Reply:
    after = request.query.get("after", "")
    if after and not is_place(after):
        raise Unanswered(problems.INVALID_PARAMETER, parameters.NEXT)
    return Reply(actions.hand_outs(after))


def _deadlines(request: Request) -> Reply:
    return Reply(deadlines.listed(request.caller, deadlines.wanted(request), deadlines.after(request)))


def _warnings(_: Request) -> Reply:
    return Reply(warnings.newest())


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
    "help": _help,
    "record-slip": _record_slip,
    "slip": _slip,
    "slips": _slips,
    "refusal-slip": _refusal_slip,
    "hand-outs": _hand_outs,
    "deadlines": _deadlines,
    "warnings": _warnings,
    "stuck": _stuck,
    "inspect": _inspect,
    "refused": _refused,
}
