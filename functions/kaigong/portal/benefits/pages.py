"""The pages of policies and benefits: what there is, for everybody; what a packet gets and why, where the enterprise
may decline it; what a department is to pay, where it says that it did, or revokes it. No script is needed.
"""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from kaigong.contract import problems
from kaigong.contract.limits import ACTS, POLICIES
from kaigong.contract.routes import APPLICANTS, OFFICERS, READERS
from kaigong.domain.model.benefits import BenefitState, Decline, PayerSays
from kaigong.domain.model.people import PersonRights
from kaigong.domain.model.text import Text
from kaigong.portal import parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.views.benefits import BenefitTask, is_place

from . import actions

_PAYER: TypeAdapter[PayerSays] = TypeAdapter(PayerSays)
_TONES = {
    BenefitState.WAITING: "warn",
    BenefitState.CAPPED: "info",
    BenefitState.LAPSED: "info",
    BenefitState.GRANTED: "good",
    BenefitState.PAID: "good",
    BenefitState.DECLINED: "info",
    BenefitState.REVOKED: "bad",
}
_FAULTS = {
    "pay": N_("请填写付款凭证号或者服务登记号（不超过 100 字）。"),
    "revoke": N_("请写明撤销的理由（不超过 1000 字）和依据（不超过 300 字）。"),
}


def _policies(_: Request) -> Reply:
    return shown("benefits/policies.html", {"found": actions.policies()})


# who pays


def _list(request: Request) -> Reply:
    after = parameters.after(request, is_place, page=True)
    return shown("benefits/list.html", {"found": actions.to_pay(request.caller, after), "after": after})


def _benefit(request: Request) -> Reply:
    return _page(request, actions.task(actions.benefit_of(request.caller, request.named["benefit"])))


def _say(request: Request) -> Reply:
    benefit, kind = actions.benefit_of(request.caller, request.named["benefit"]), request.value("kind")
    if kind not in _FAULTS:
        raise Unanswered(problems.INVALID_FORM)
    typed = {name: request.value(name) or None for name in ("reference", "despite", "reason", "basis")}
    mine = ("reference", "despite") if kind == "pay" else ("reason", "basis")
    try:
        said = _PAYER.validate_python({"kind": kind, **{name: typed[name] for name in mine}})
        version = int(request.value("version"))
    except (ValidationError, ValueError):
        return _page(request, actions.task(benefit), (kind, _FAULTS[kind]), 422)
    try:
        actions.say(benefit, version, said, request.caller.called)
    except Unanswered as told:
        wrong = told.text
        fresh = actions.benefit_of(request.caller, benefit.name)
        return _page(request, actions.task(fresh), (kind, wrong), told.problem.status)
    return redirect(request, f"benefits/{benefit.name}")


def _page(
    request: Request, task: BenefitTask, wrong: tuple[str, Message | Text] | None = None, status: int = 200
) -> Reply:
    values = {"b": task, "wrong": wrong, "typed": request.typed, "tones": _TONES}
    return shown("benefits/benefit.html", values, status)


# the packet


def _of_packet(request: Request) -> Reply:
    return _packet_page(request)


def _packet_page(request: Request, wrong: tuple[str, Message | Text] | None = None, status: int = 200) -> Reply:
    """`wrong`: of which policy, and what."""
    header = request.packet.header
    values: dict[str, Any] = {
        "found": actions.of_packet(request.caller, request.packet),
        "project": header.project.name if header else request.packet.packet,
        "wrong": wrong,
        "tones": _TONES,
    }
    return shown("benefits/packet.html", values, status)


def _decline(request: Request) -> Reply:
    policy = request.named["policy"]
    try:
        version = int(request.value("version"))
    except ValueError as error:
        raise Unanswered(problems.INVALID_FORM) from error
    try:
        actions.decline(request.packet, policy, version, Decline(kind="decline"))
    except Unanswered as told:
        if told.problem.code == problems.NOT_FOUND.code:
            raise
        return _packet_page(request, (policy, told.text), status=told.problem.status)
    return redirect(request, f"packets/{request.packet.packet}/benefits#benefit-{policy}")


_ONE, _OF_PACKET = "/benefits/{benefit}", "/packets/{packet}/benefits"

PAGES = (
    Page("policies", "/policies", _policies, limit=POLICIES),
    Page("benefits", "/benefits", _list, groups=OFFICERS),
    Page("benefit", _ONE, _benefit, groups=OFFICERS),
    Page("benefit-say", _ONE, _say, groups=OFFICERS, method="POST", limit=ACTS),
    Page("packet-benefits", _OF_PACKET, _of_packet, groups=READERS),
    Page(
        "benefit-decline",
        f"{_OF_PACKET}/{{policy}}",
        _decline,
        groups=APPLICANTS,
        method="POST",
        limit=ACTS,
        needs=PersonRights.ALL,
    ),
)
