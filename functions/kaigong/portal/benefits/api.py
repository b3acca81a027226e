"""The API's routes of policies and benefits."""

import re

from kaigong.contract import problems
from kaigong.contract.benefits import BenefitRequest, DeclineRequest
from kaigong.domain.model.text import Text
from kaigong.portal import parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.store.lists import NotACursor
from kaigong.views.benefits import is_place

from . import actions

_YEAR = Text(zh="请以 year 给出四位年份。", en="Give a year of four digits as year.")


def _policies(_: Request) -> Reply:
    return Reply(actions.policies())


def _facts(request: Request) -> Reply:
    year = request.query.get("year", "")
    if not re.fullmatch("20[0-9]{2}", year):
        raise Unanswered(problems.INVALID_PARAMETER, _YEAR)
    try:
        return Reply(actions.facts(int(year), request.query.get("after", "")))
    except NotACursor as error:
        raise Unanswered(problems.INVALID_PARAMETER, parameters.NEXT) from error


def _to_pay(request: Request) -> Reply:
    return Reply(actions.to_pay(request.caller, parameters.after(request, is_place)))


def _benefit(request: Request) -> Reply:
    return Reply(actions.task(actions.benefit_of(request.caller, request.named["benefit"])))


def _say(request: Request) -> Reply:
    benefit, asked = actions.benefit_of(request.caller, request.named["benefit"]), request.asked(BenefitRequest)
    return Reply(actions.task(actions.say(benefit, asked.version, asked.says, request.caller.called)))


def _of_packet(request: Request) -> Reply:
    return Reply(actions.of_packet(request.caller, request.packet))


def _decline(request: Request) -> Reply:
    asked = request.asked(DeclineRequest)
    actions.decline(request.packet, request.named["policy"], asked.version, asked.says)
    return Reply(actions.of_packet(request.caller, request.packet))


ANSWERS = {
    "policies": _policies,
    "policy-facts": _facts,
    "benefits": _to_pay,
    "benefit": _benefit,
    "benefit-say": _say,
    "packet-benefits": _of_packet,
    "benefit-decline": _decline,
}
