"""Refusal slips on pages: the window writes one, and whoever it is for prints it."""

from typing import Any

from pydantic import ValidationError

from kaigong import catalog
from kaigong.contract.limits import ACTS
from kaigong.contract.routes import APPLICANTS, AT_WORK, WINDOW, Group
from kaigong.contract.slips import SlipRequest, SlipShown
from kaigong.domain.words import names
from kaigong.domain.words.slip import BASES
from kaigong.portal.web.messages import N_
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown

from . import actions

_MISFILLED = N_(
    "请选择不予受理的情形，写明申请人、申请事项、理由和申请人可以怎么办，各不超过 1000 字。信用代码没有则不填。"
)
_READERS = AT_WORK | {Group.APPLICANT}


def _new(request: Request) -> Reply:
    return shown("window/refuse.html", _values({"uscc": request.query.get("uscc", "")}))


def _values(typed: dict[str, str], **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(SlipRequest.model_fields, "")
    return {"kinds": names.SLIP_KINDS, "bases": BASES, "typed": empty | typed, "wrong": None, **more}


def _record(request: Request) -> Reply:
    said = {name: request.value(name) for name in SlipRequest.model_fields} | {"uscc": request.code("uscc")}
    try:
        asked = SlipRequest.model_validate(said | {"uscc": said["uscc"].upper() or None})
    except ValidationError:  # the error would quote people
        return shown("window/refuse.html", _values(said, wrong=_MISFILLED), 422)
    return redirect(request, f"slips/{actions.refuse(request.caller, asked).number}")


def _slip(request: Request) -> Reply:
    return _print(actions.slip(request.caller, request.named["slip"]))


def _slips(request: Request) -> Reply:
    return shown("window/slips.html", {"slips": actions.slips_of(request.caller.uscc or "").slips})


def _of_packet(request: Request) -> Reply:
    return _print(actions.refusal_slip(request.packet))


def _print(found: SlipShown) -> Reply:
    department = catalog.load().departments.get(found.department or "")
    return shown("window/slip.html", {"s": found, "department": department.name if department else None})


PAGES = (
    Page("refuse", "/window/slips", _new, groups=WINDOW),
    Page("record-slip", "/window/slips", _record, groups=WINDOW, method="POST", limit=ACTS),
    Page("slips", "/slips", _slips, groups=APPLICANTS),
    Page("slip", "/slips/{slip}", _slip, groups=_READERS),
    Page("refusal-slip", "/packets/{packet}/refusal", _of_packet, groups=_READERS),
)
