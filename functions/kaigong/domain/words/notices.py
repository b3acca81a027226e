"""A notice as a city's message gateway sends it: a line for SMS, and a longer text for WeChat and e-mail.

Both say what happened to which packet and what to do next, and name nobody: what a notice says in full is behind its
link, for who signs in.
"""

from datetime import date

from kaigong.domain.model.messages import SMS, Sms
from kaigong.domain.model.packet import NoticeKind
from kaigong.domain.model.text import Text, unstopped

from . import names
from .clock import day

_END = 6  # characters of a number that are told where the whole does not fit

_SAID = {  # after the packet's number
    NoticeKind.RETURNED: Text(
        zh="材料需补正，请登录门户查看一次性告知书，补齐后重新提交。", en="please complete it: the notice says what."
    ),
    NoticeKind.ACCEPTED: Text(
        zh="已受理，请登录门户下载受理单、查看办理进度。", en="accepted. The receipt is at the portal."
    ),
    NoticeKind.CORRECTION: Text(
        zh="需要补正，请登录门户查看补正通知书，按期重新提交。", en="please correct it: the notice says what."
    ),
    NoticeKind.RESULT: Text(
        zh="联合审批结果已作出，请登录门户查看、下载。", en="decided. The result is at the portal."
    ),
    NoticeKind.GAPS_CLOSED: Text(zh="容缺材料已登记，不必再交。", en="promised paper received. Nothing to do."),
    NoticeKind.GAPS_STILL_OPEN: Text(
        zh="补交的容缺材料不合格，请登录门户查看原因，重新提交。", en="promised paper not acceptable: send it again."
    ),
    NoticeKind.NOT_AWAITED: Text(
        zh="本次提交未被采用，请登录门户查看原因和下一步。", en="your submission was not used: see why."
    ),
    NoticeKind.CORRECTION_REMINDER: Text(
        zh="补正期限将至，请尽快登录门户补正，逾期视为撤回申请。", en="corrections are due soon: send them now."
    ),
    NoticeKind.CORRECTION_LAPSED: Text(
        zh="逾期未补正，视为撤回申请；可登录门户重新申报。", en="not corrected, so withdrawn. Apply again."
    ),
    NoticeKind.GAP_REMINDER: Text(
        zh="容缺材料即将到期，请尽快登录门户补交。", en="a promised paper is due soon: send it."
    ),
    NoticeKind.GAP_OVERDUE: Text(
        zh="容缺材料已逾期，请立即登录门户补交，并查看修复办法。", en="a promised paper is overdue: send it now."
    ),
    NoticeKind.PROCEDURE: Text(
        zh="特别程序有变动，期限随之调整，请登录门户查看告知书。", en="time limits changed: see the notice."
    ),
    NoticeKind.WITHDRAWN: Text(zh="申请已撤回；需要时可登录门户重新申报。", en="withdrawn. You may apply again."),
    NoticeKind.NOT_WITHDRAWN: Text(
        zh="申请已不能撤回，请登录门户查看原因。", en="it cannot be withdrawn now: see why."
    ),
    NoticeKind.REVOKED: Text(
        zh="有批准被撤回或者撤销，请登录门户查看理由和救济途径。", en="an approval was taken back: see why."
    ),
    NoticeKind.SUPERVISION: Text(
        zh="有监管检查情况，请登录门户查看，按期处理。", en="an inspection was noted: see what to do."
    ),
    NoticeKind.BREACH: Text(
        zh="有一项信用认定，请登录门户查看依据和修复办法。", en="a credit record changed: see how to mend it."
    ),
    NoticeKind.BENEFIT: Text(
        zh="有惠企政策免申即享情况，请登录门户查看，无须申请。", en="news of benefits: you need not apply."
    ),
    NoticeKind.RETRACTED: Text(
        zh="有部门收回决定、继续审查，您不必办理，请等待结果。", en="a matter is reviewed on. Please wait."
    ),
    NoticeKind.ANSWERED: Text(
        zh="部门已答复您关于补正的提问，请登录门户查看。", en="your question was answered: see the portal."
    ),
    NoticeKind.SETTLED: Text(
        zh="身份信息疑点已核实，您不必办理，请等待结果。", en="your details were verified. Please wait."
    ),
    NoticeKind.ON_MANDATE: Text(
        zh="综合窗口已凭授权代为提交，请登录门户核对，有异议请联系窗口。",
        en="the service window submitted it: please check.",
    ),
    NoticeKind.MAILED: Text(
        zh="结果文书已寄出，请查收；可登录门户查看寄送情况。", en="your result is in the mail: look out for it."
    ),
    NoticeKind.TO_COLLECT: Text(
        zh="结果文书待领取，请带身份证件到综合窗口领取，或改为邮寄。", en="your result is ready at the service window."
    ),
    NoticeKind.REPAIRABLE: Text(
        zh="失信记录可以申请修复，请登录门户查看办法。", en="a credit record can be repaired: see how."
    ),
    NoticeKind.HANDED_OUT: Text(
        zh="结果文书已送达；如未收到，请联系综合窗口。", en="result delivered. Not there? Ask the service window."
    ),
}
_TO_DEPARTMENT = Text(zh="有新情况，请登录门户查看、处理。", en="news for your department: see the portal.")


def sms(packet: str, kind: NoticeKind | None) -> Sms:
    """The line for SMS. `kind` None: for a department, of whatever kind."""
    said = _SAID[kind] if kind else _TO_DEPARTMENT
    return Sms(zh=_fitted(packet, "申报{}：" + said.zh), en=_fitted(packet, "{}: " + said.en))


def _fitted(packet: str, line: str) -> str:
    """With the packet's number; with no more than its end where that would be too long: clients choose it."""
    whole = line.format(packet)
    return whole if len(whole) <= SMS else line.format("…" + packet[-_END:])


def long(packet: str, kind: NoticeKind, until: date | None) -> Text:
    """The longer text for the applicant. `until`: the first limit that the notice sets."""
    title, said = names.NOTICES[kind], _SAID[kind]
    limit = Text(zh=f"最近的期限是{day(until).zh}。", en=f" The first date is {day(until).en}.") if until else None
    return Text(
        zh=f"【{title.zh}】您的申报{packet}{said.zh}{limit.zh if limit else ''}",
        en=f"{title.en}. Your packet {packet}: {said.en}{limit.en if limit else ''}",
    )


def long_to_department(packet: str, title: Text) -> Text:
    """The same for a department; `title` says what of."""
    return Text(
        zh=f"{unstopped(title.zh)}。申报{packet}{_TO_DEPARTMENT.zh}",
        en=f"{unstopped(title.en)}. Packet {packet}: {_TO_DEPARTMENT.en}",
    )
