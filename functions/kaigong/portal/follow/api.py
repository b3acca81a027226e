"""The API's routes of packets."""

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.acts import ActRequest
from kaigong.contract.links import LinkRequest, LinkShown
from kaigong.contract.routes import PAGE_SIZE
from kaigong.contract.work import RemarkRequest
from kaigong.portal import access, parameters, remarks
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.store import lists
from kaigong.views.packet import Packets, summary

from . import actions


def _packets(request: Request) -> Reply:
    uscc = parameters.enterprise(request)
    if not access.may_ask_about(request.caller, uscc):
        raise Unanswered(problems.NOT_ALLOWED)
    try:
        headers, more = lists.packets_of(uscc, PAGE_SIZE, request.query.get("after"))
    except lists.NotACursor as error:
        raise Unanswered(problems.INVALID_PARAMETER, parameters.NEXT) from error
    return Reply(Packets(uscc=uscc, packets=tuple(summary(h, catalog.load()) for h in headers), next=more))


def _story(request: Request) -> Reply:
    return Reply(actions.story_of(request.caller, parameters.project(request)))


def _packet(request: Request) -> Reply:
    return Reply(actions.status_of(request.packet))


def _materials(request: Request) -> Reply:
    return Reply(actions.materials_of(request.packet))


def _result(request: Request) -> Reply:
    return Reply(actions.result_of(request.packet))


def _documents(request: Request) -> Reply:
    return Reply(actions.documents_of(request.packet))


def _document(request: Request) -> Reply:
    return Reply(actions.document_of(request.packet, request.named["document"]))


def _ledger(request: Request) -> Reply:
    return Reply(actions.ledger_of(request.packet))


def _routes(request: Request) -> Reply:
    return Reply(actions.routes_of(request.packet))


def _hand_out(request: Request) -> Reply:
    return Reply(actions.hand_out_of(request.packet))


def _act(request: Request) -> Reply:
    recorded, new = actions.act(request.caller, request.packet, request.asked(ActRequest).root)
    return Reply(recorded, 202 if new else 200)


def _progress(request: Request) -> Reply:
    return Reply(actions.progress(request.named["token"]))


def _link(request: Request) -> Reply:
    link = actions.link(request.packet, renew=request.asked(LinkRequest).renew)
    return Reply(LinkShown(packet=request.packet.packet, path=f"/{actions.link_path(link)}", since=link.since))


def _withdraw_link(request: Request) -> Reply:
    actions.withdraw_link(request.packet)
    return Reply(LinkShown(packet=request.packet.packet, path=None))


def _remarks(request: Request) -> Reply:
    return Reply(remarks.of(request.caller, request.packet))


def _remark(request: Request) -> Reply:
    return Reply(remarks.put(request.caller, request.packet, request.asked(RemarkRequest)), 201)


ANSWERS = {
    "remarks": _remarks,
    "remark": _remark,
    "packets": _packets,
    "story": _story,
    "packet": _packet,
    "materials": _materials,
    "result": _result,
    "documents": _documents,
    "document": _document,
    "ledger": _ledger,
    "routes": _routes,
    "hand-out": _hand_out,
    "act": _act,
    "progress": _progress,
    "link": _link,
    "withdraw-link": _withdraw_link,
}
