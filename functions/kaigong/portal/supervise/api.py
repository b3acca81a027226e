"""The API's routes of supervision."""

import re
from datetime import date

from kaigong.contract import problems
from kaigong.contract.supervision import EnterpriseRequest, PhotoRequest, RosterRequest, SupervisionRequest
from kaigong.domain.model.catalogue import CODE_PATTERN
from kaigong.portal import parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.views.supervision import is_place

from . import actions


def _supervised(request: Request) -> Reply:
    return Reply(actions.supervised(request.caller, parameters.after(request, is_place)))


def _roster(request: Request) -> Reply:
    return Reply(actions.roster(request.caller))


def _save_roster(request: Request) -> Reply:
    asked = request.asked(RosterRequest)
    return Reply(actions.save_roster(request.caller, asked.version, asked))


def _roster_numbers(request: Request) -> Reply:
    department, version = request.named["department"], request.named["version"]
    known = re.fullmatch(CODE_PATTERN, department) and re.fullmatch("[0-9]{1,6}", version)
    found = actions.numbers(department, int(version)) if known else None
    if found is None:
        raise Unanswered(problems.NO_SUCH_ADDRESS)
    return Reply(found)


def _record(request: Request) -> Reply:
    return Reply(actions.task(actions.record_of(request.caller, request.named["record"])))


def _say(request: Request) -> Reply:
    record, asked = actions.record_of(request.caller, request.named["record"]), request.asked(SupervisionRequest)
    return Reply(actions.task(actions.supervise(request.caller, record, asked.version, asked.says)))


def _permit_photo(request: Request) -> Reply:
    record = actions.record_of(request.caller, request.named["record"])
    return Reply(actions.permit(record, request.asked(PhotoRequest)))


def _photo(request: Request) -> Reply:
    record = actions.record_of(request.caller, request.named["record"])
    return Reply(actions.own_photo(record, request.named["photo"]))


def _told_photo(request: Request) -> Reply:
    return Reply(actions.told_photo(request.packet, request.named["matter"], request.named["photo"]))


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
    "roster": _roster,
    "save-roster": _save_roster,
    "roster-numbers": _roster_numbers,
    "supervision-record": _record,
    "supervision-say": _say,
    "permit-photo": _permit_photo,
    "photo": _photo,
    "told-photo": _told_photo,
    "packet-supervision": _of_packet,
    "supervision-answer": _answer,
    "draw": _draw,
}
