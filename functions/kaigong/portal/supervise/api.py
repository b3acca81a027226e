"""The API's routes of supervision."""

from datetime import date

from kaigong.contract import problems
from kaigong.contract.supervision import EnterpriseRequest, SupervisionRequest
from kaigong.portal import parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.views.supervision import is_place

from . import actions


def _supervised(request: Request) -> Reply:
    after = request.query.get("after")
    if after is not None and not is_place(after):
        raise Unanswered(problems.INVALID_PARAMETER, parameters.NEXT)
    return Reply(actions.supervised(request.caller, after))


def _record(request: Request) -> Reply:
    return Reply(actions.task(actions.record_of(request.caller, request.named["record"])))


def _say(request: Request) -> Reply:
    record, asked = actions.record_of(request.caller, request.named["record"]), request.asked(SupervisionRequest)
    return Reply(actions.task(actions.supervise(request.caller, record, asked.version, asked.says)))


def _of_packet(request: Request) -> Reply:
    return Reply(actions.of_packet(request.caller, request.packet))


def _answer(request: Request) -> Reply:
    asked = request.asked(EnterpriseRequest)
    actions.answer(request.packet, request.named["matter"], asked.version, asked.says)
    return Reply(actions.of_packet(request.caller, request.packet))


def _draw(request: Request) -> Reply:
    try:
        day = date.fromisoformat(request.named["day"])
    except ValueError as error:
        raise Unanswered(problems.INVALID_PARAMETER) from error
    found = actions.draw(day)
    if found is None:
        raise Unanswered(problems.NO_SUCH_ADDRESS)
    return Reply(found)


ANSWERS = {
    "supervision": _supervised,
    "supervision-record": _record,
    "supervision-say": _say,
    "packet-supervision": _of_packet,
    "supervision-answer": _answer,
    "draw": _draw,
}
