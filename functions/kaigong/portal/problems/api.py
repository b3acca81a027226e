"""The API's routes of the problem list."""

from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply

from . import actions, scope


def _problems(request: Request) -> Reply:
    return Reply(scope.found(request))


def _packet_risk(request: Request) -> Reply:
    return Reply(actions.of_packet(request.packet))


ANSWERS = {"problems": _problems, "packet-risk": _packet_risk}
