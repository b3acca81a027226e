"""The API's routes of an enterprise's people."""

from kaigong.contract.people import MessagesRequest, RightsRequest
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply

from . import people


def _people(request: Request) -> Reply:
    return Reply(people.listed(request.caller))


def _choose(request: Request) -> Reply:
    people.choose(request.caller, request.asked(MessagesRequest))
    return _people(request)


def _grant(request: Request) -> Reply:
    people.grant(request.caller, request.named["account"], request.asked(RightsRequest))
    return _people(request)


ANSWERS = {"people": _people, "choose-messages": _choose, "grant-rights": _grant}
