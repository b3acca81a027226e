"""The API's routes of applications on their way, and of what fills them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.application import (
    AcceptRequest,
    DraftListed,
    Drafts,
    DraftSaved,
    DraftShown,
    EarlierPapers,
    HandInRequest,
    PartRequest,
    PartsRequest,
    PermitRequest,
    ReuseRequest,
    SaveRequest,
    SortRequest,
    StartRequest,
    TakeOutRequest,
)
from kaigong.contract.letters import LettersRequest
from kaigong.contract.mandates import EndRequest, MandateRequest
from kaigong.domain.model.draft import Draft, Filled
from kaigong.domain.model.naming import named
from kaigong.portal import access, parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.store import packets

from . import actions, again, mandates, uploads


def _drafts(request: Request) -> Reply:
    rows = [
        DraftListed(
            packet=draft.packet,
            process=named(catalog.load().processes, draft.process),
            project=draft.project.name,
            handed_in=draft.handed_in is not None,
            by_window=draft.by_window,
            version=draft.version,
            updated_at=draft.updated_at,
            kept_until=None if draft.handed_in else draft.updated_at + actions.kept(draft),
        )
        for draft in actions.listed(request.caller, parameters.enterprise(request))
    ]
    return Reply(Drafts(drafts=tuple(rows)))


def _start(request: Request) -> Reply:
    asked = request.asked(StartRequest)
    if asked.follows is not None:
        return _shown(again.begin(request.caller, packets.load(asked.follows), asked.matters), 201)
    uscc = asked.uscc or request.caller.uscc
    if uscc is None:
        raise Unanswered(problems.INVALID_BODY, parameters.WHICH_ENTERPRISE)
    return _shown(actions.begin(request.caller, uscc, asked.process, asked.matters), 201)


def _draft(request: Request) -> Reply:
    return _shown(_of(request))


def _save(request: Request) -> Reply:
    asked, application = request.asked(SaveRequest), _of(request)
    filled = Filled(**{name: getattr(asked, name) for name in Filled.model_fields})
    return Reply(DraftSaved(**_fields(actions.save(application, filled, asked.version))))


def _accept(request: Request) -> Reply:
    asked, application = request.asked(AcceptRequest), _of(request)
    draft = actions.accept(application, asked.matter, asked.sha256, request.caller, asked.version)
    return _shown(replace(application, draft=draft))


def _take_out(request: Request) -> Reply:
    asked, application = request.asked(TakeOutRequest), _of(request)
    draft = actions.take_out(application, asked.slot, request.caller.name, asked.version, asked.file)
    return _shown(replace(application, draft=draft))


def _earlier(request: Request) -> Reply:
    return Reply(EarlierPapers(papers=tuple(again.earlier(_of(request)).values())))


def _reuse(request: Request) -> Reply:
    asked, application = request.asked(ReuseRequest), _of(request)
    again.reuse(application, asked.slot, asked.packet)
    return _shown(application)


def _hand_in(request: Request) -> Reply:
    asked = request.asked(HandInRequest)
    actions.hand_in(_of(request), asked.version, request.rules_language, anyway=asked.anyway)
    return _shown(_of(request), 202)


def _record_mandate(request: Request) -> Reply:
    return Reply(mandates.record(_of(request), request.caller, request.asked(MandateRequest)), 201)


def _mandates(request: Request) -> Reply:
    return Reply(mandates.listed(request.caller, parameters.enterprise(request)))


def _end_mandate(request: Request) -> Reply:
    uscc = request.asked(EndRequest).uscc or request.caller.uscc
    return Reply(mandates.end(request.caller, uscc, request.named["mandate"]))


def _of(request: Request) -> actions.Application:
    return actions.of(request.named["draft"], request.caller)


def _shown(application: actions.Application, status: int = 200) -> Reply:
    return Reply(DraftShown(**_fields(application.draft), foreseen=actions.ahead(application)), status)


def _fields(draft: Draft) -> dict[str, Any]:
    return {
        **{name: getattr(draft, name) for name in Filled.model_fields},
        "packet": draft.packet,
        "process": named(catalog.load().processes, draft.process),
        "uscc": draft.owner,
        "by_window": draft.by_window,
        "follows": draft.follows,
        "version": draft.version,
        "handed_in": draft.unchanged,
    }


def _upload[Asked: BaseModel](
    model: type[Asked], act: Callable[[str, access.Caller, Asked], BaseModel], status: int = 200
) -> Callable[[Request], Reply]:
    def answered(request: Request) -> Reply:
        return Reply(act(request.named["draft"], request.caller, request.asked(model)), status)

    return answered


def _letters(request: Request) -> Reply:
    """Asked for by POST, so that who asks and for what stands in no address."""
    return Reply(actions.letters_in_force(request.caller, request.asked(LettersRequest)))


def _enterprise(request: Request) -> Reply:
    uscc = parameters.enterprise(request)
    if not access.may_ask_about(request.caller, uscc):
        raise Unanswered(problems.NOT_ALLOWED)
    return Reply(actions.enterprise(uscc))


ANSWERS = {
    "drafts": _drafts,
    "start-draft": _start,
    "draft": _draft,
    "save-draft": _save,
    "accept-letter": _accept,
    "take-out": _take_out,
    "earlier-papers": _earlier,
    "reuse-paper": _reuse,
    "hand-in": _hand_in,
    "record-mandate": _record_mandate,
    "mandates": _mandates,
    "end-mandate": _end_mandate,
    "permit-upload": _upload(PermitRequest, uploads.permit, 201),
    "sort-files": _upload(SortRequest, uploads.sort),
    "permit-part": _upload(PartRequest, uploads.part),
    "parts": _upload(PartsRequest, uploads.parts),
    "finish-parts": _upload(PartsRequest, uploads.finish),
    "give-up-parts": _upload(PartsRequest, uploads.give_up),
    "letters": _letters,
    "enterprise": _enterprise,
}
