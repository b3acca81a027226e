"""The API's routes of the workbench."""

from kaigong.contract import problems
from kaigong.contract.desk import (
    DeskDecision,
    DeskLeaseRequest,
    DeskProcedureRequest,
    DeskRetraction,
    DeskSignature,
)
from kaigong.contract.work import AbsenceRequest, HandOverRequest
from kaigong.domain.model.packet import Review
from kaigong.portal import audit, parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.views.desk_queue import is_place

from . import actions, work


def _queue(request: Request) -> Reply:
    return Reply(actions.queue(request.caller, parameters.after(request, is_place)))


def _take_next(request: Request) -> Reply:
    found = actions.take_next(request.caller)
    if found is None:
        raise Unanswered(problems.NO_TASK)
    return Reply(actions.task(request.caller, *found))


def _task(request: Request) -> Reply:
    return Reply(actions.task(request.caller, request.packet, _review(request)))


def _lease(request: Request) -> Reply:
    review = _review(request)
    act = actions.take if request.asked(DeskLeaseRequest).action == "take" else actions.give_back
    act(request.caller, request.packet, review)
    return Reply(actions.task(request.caller, request.packet, review))


def _decide(request: Request) -> Reply:
    review = _review(request)
    return Reply(actions.decide(request.caller, request.packet, review, request.asked(DeskDecision)), 202)


def _sign(request: Request) -> Reply:
    review = _review(request)
    return Reply(actions.sign(request.caller, request.packet, review, request.asked(DeskSignature)), 202)


def _procedure(request: Request) -> Reply:
    review = _review(request)
    return Reply(actions.procedure(request.caller, request.packet, review, request.asked(DeskProcedureRequest)), 202)


def _retract(request: Request) -> Reply:
    review = _review(request)
    return Reply(actions.retract(request.caller, request.packet, review, request.asked(DeskRetraction)), 202)


def _paper(request: Request) -> Reply:
    file, before, slot = request.query.get("file", ""), request.query.get("before"), request.named["slot"]
    found = actions.paper(request.packet, _review(request), slot, file, before)
    audit.looked(request.caller, request.packet.owner, request.packet.packet, slot, file)
    return Reply(found)


def _review(request: Request) -> Review:
    return actions.review_of(request.caller, request.packet, request.named["matter"])


def _work(request: Request) -> Reply:
    return Reply(work.mine(request.caller))


def _officer(request: Request) -> Reply:
    to = request.asked(HandOverRequest).to
    return Reply(work.hand_over(request.caller, request.packet, _review(request), to), 202)


def _absence(request: Request) -> Reply:
    return Reply(work.say_away(request.caller, request.asked(AbsenceRequest)))


ANSWERS = {
    "desk-work": _work,
    "desk-officer": _officer,
    "desk-absence": _absence,
    "desk": _queue,
    "desk-next": _take_next,
    "desk-review": _task,
    "desk-lease": _lease,
    "desk-decision": _decide,
    "desk-signature": _sign,
    "desk-procedure": _procedure,
    "desk-retraction": _retract,
    "desk-paper": _paper,
}
