"""The applicant's page of how the result is received: choose the way, and see how far it is (出件)."""

from typing import Any

from kaigong.contract import acts
from kaigong.contract.limits import ACTS
from kaigong.contract.routes import APPLICANTS
from kaigong.domain.model.hand_out import MailAddress, Way, is_telephone
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.domain.words.acts import REFUSALS
from kaigong.portal import access
from kaigong.portal.web.forms import answered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown

from . import actions

_WRONG = N_("请选择一种领取方式；选择邮寄的，请填写收件人、联系电话和详细地址。")
_NO_TELEPHONE = N_("请核对联系电话：至少 5 位数字，可以带分机号，如 0370-3289999 转 8001。")


def _page(request: Request) -> Reply:
    return shown("follow/hand-out.html", _values(request))


def _values(request: Request, **more: Any) -> dict[str, Any]:
    found = actions.hand_out_of(request.packet)
    asked = acts.ChooseHandOut(kind="choose-hand-out", way=Way.ELECTRONIC)
    barred = actions.why_not_now(request.caller, request.packet, asked)
    return {
        "h": found,
        "ways": names.WAYS,
        "barred": REFUSALS[barred] if barred else None,
        "may": access.may_act(request.caller, request.packet, asked),
        "typed": {name: getattr(found.mail_to, name, "") for name in MailAddress.model_fields},
        "chosen": found.way or Way.ELECTRONIC,
        "wrong": None,
        **more,
    }


def _choose(request: Request) -> Reply:
    """The way as chosen; an address counts where it is mailed, and is passed over elsewhere."""
    way, said = request.value("way"), {name: request.value(name) for name in MailAddress.model_fields}
    said["telephone"] = request.code("telephone")
    mail_to = {"mail_to": said} if way == Way.MAIL else {}

    def done(asked: acts.ChooseHandOut) -> Reply:
        actions.act(request.caller, request.packet, asked)
        return redirect(request, f"packets/{request.packet.packet}#receiving")

    def again(wrong: Message | Text, status: int) -> Reply:
        chosen = Way(way) if way in list(Way) else None
        return shown("follow/hand-out.html", _values(request, typed=said, chosen=chosen, wrong=wrong), status)

    asked = {"kind": "choose-hand-out", "way": way, **mail_to}
    lacks = _NO_TELEPHONE if mail_to and all(said.values()) and not is_telephone(said["telephone"]) else _WRONG
    return answered(lambda: acts.ChooseHandOut.model_validate(asked), done, again, lacks)


PAGES = (
    Page("hand-out", "/packets/{packet}/hand-out", _page, groups=APPLICANTS),
    Page("choose-hand-out", "/packets/{packet}/hand-out", _choose, groups=APPLICANTS, method="POST", limit=ACTS),
)
