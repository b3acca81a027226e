"""What a ledger entry records, in sentences; and whether the ledger's chain holds.

Sources: mission 14 (the ledger), 7 (no passing the buck). An entry names no person, so neither does a sentence here.
"""

from collections.abc import Iterable, Sequence

from kaigong.domain.model.benefits import BenefitEvent
from kaigong.domain.model.deadline import Reminder
from kaigong.domain.model.messages import Channel, RevocationKind
from kaigong.domain.model.packet import NoticeKind, ReviewState
from kaigong.domain.model.signature import SignatureLevel
from kaigong.domain.model.supervision import SupervisionEvent
from kaigong.domain.model.text import Text
from kaigong.domain.words import names

SHORT = 12  # characters of a hash that people compare at a glance
WINDOW_OR_DEPARTMENT = Text(zh="综合窗口或部门", en="the service window or a department")


def other(event: str) -> Text:
    """What is not known any more, or was forged."""
    return Text(zh=f"其他记录：{event or '-'}", en=f"Another record: {event or '-'}")


def together(parts: Iterable[Text]) -> Text:
    there = list(parts)
    return Text(zh="；".join(p.zh for p in there) + "。", en="; ".join(p.en for p in there) + ".")


# from submission to acceptance


def submitted(round_: int, matters: int, papers: int) -> Text:
    return Text(
        zh=f"第 {round_} 次提交：{matters} 个事项，{papers} 份材料。",
        en=f"Submission {round_}: {matters} matter(s), {papers} paper(s).",
    )


def accepted(channel: Channel) -> Text:
    name = names.CHANNELS[channel]
    return Text(zh=f"受理，{name.zh}", en=f"Accepted, {names.within(name).en}")


def reassessed(channel: Channel) -> Text:
    """A newer credit record came while a packet was returned."""
    name = names.CHANNELS[channel]
    return Text(
        zh=f"收到新的信用记录，重新认定：{name.zh}。",
        en=f"A newer credit record arrived; reassessed: {names.within(name).en}.",
    )


def promised(materials: Text) -> Text:
    return Text(zh=f"承诺后补：{materials.zh}", en=f"promised for later: {materials.en}")


def committed(matters: Text) -> Text:
    return Text(zh=f"告知承诺：{matters.zh}", en=f"by commitment: {matters.en}")


def drawn_up(papers: Text) -> Text:
    return Text(zh=f"中介机构编制：{papers.zh}", en=f"prepared by intermediaries: {papers.en}")


def sealed(submitted: Text, papers: Text) -> Text:
    return Text(
        zh=f"{submitted.zh}电子签章：{papers.zh}。",
        en=f"{submitted.en} Electronic seals and signatures: {papers.en}.",
    )


def found_in(material: Text, outcomes: Text) -> Text:
    return Text(zh=f"{material.zh}（{outcomes.zh}）", en=f"{material.en} ({outcomes.en})")


def by(material: Text, intermediary: str) -> Text:
    return Text(zh=f"{material.zh}（{intermediary}）", en=f"{material.en} ({intermediary})")


def signed(matter: Text, role: Text | None, level: SignatureLevel) -> Text:
    """A matter committed to: as what the person signed, where that is known, and at which level."""
    worth, by = names.SIGNATURE_LEVELS[level], role or names.NO_ROLE
    return Text(zh=f"{matter.zh}（{by.zh}，{worth.zh}）", en=f"{matter.en} ({by.en}; {worth.en})")


def doubtful(doubts: Text) -> Text:
    return Text(zh=f"待核实：{doubts.zh}", en=f"to be verified: {doubts.en}")


def identity_corrected(parts: Iterable[str]) -> Text:
    """Which parts of the form were put right after a doubt was found true."""
    said = [_PARTS[part] for part in parts]
    if not said:
        return Text(zh="企业和项目信息未作更正", en="Details of enterprise and project unchanged")
    return Text(zh=f"更正{'、'.join(p.zh for p in said)}", en=f"Corrected: {', '.join(p.en for p in said)}")


_PARTS = {
    "enterprise": Text(zh="企业信息", en="the enterprise's details"),
    "project": Text(zh="项目信息", en="the project's details"),
}


def complete(round_: int) -> Text:
    return Text(zh=f"第 {round_} 次提交，补正齐全。", en=f"Submission {round_}: everything was corrected.")


def corrected(round_: int, reopened: Text) -> Text:
    return Text(
        zh=f"第 {round_} 次提交，补正齐全，继续审查：{reopened.zh}。",
        en=f"Submission {round_}: corrections complete; review resumes for {reopened.en}.",
    )


def not_complete(round_: int) -> Text:
    return Text(
        zh=f"第 {round_} 次提交补正材料，尚不齐全。",
        en=f"Submission {round_} of corrected papers: not complete yet.",
    )


NOT_AWAITED = Text(
    zh="再次提交申请，此时无需提交，未予处理。",
    en="Submitted again while no submission was expected; not processed.",
)


def notice(kind: NoticeKind) -> Text:
    title = names.NOTICES[kind]
    return Text(zh=f"发出《{title.zh}》。", en=f"Notice sent: {title.en}.")


# reviews


def opened(matters: Text) -> Text:
    return Text(zh=f"开始审查：{matters.zh}", en=f"Reviews begin: {matters.en}")


def decided_at_once(matters: Text) -> Text:
    return Text(zh=f"由规则当场决定：{matters.zh}", en=f"Decided by rules at once: {matters.en}")


def never_opens(matters: Text) -> Text:
    return Text(
        zh=f"前置事项未获批准，不再审查：{matters.zh}",
        en=f"Not reviewed, because a matter it depends on was not approved: {matters.en}",
    )


def by_rules(matter: Text, rules: Text) -> Text:
    return Text(
        zh=f"{matter.zh}：符合规则（{rules.zh}），通过。", en=f"{matter.en}: all rules met ({rules.en}); approved."
    )


def decided(matter: Text, round_: int, state: ReviewState, signed: str | None = None) -> Text:
    """`signed`: the hash of a decision that one officer proposed and another one signed, with both their names."""
    name = names.REVIEW_STATES[state]
    digest = signed[:SHORT] if signed else ""
    zh = f"（两人审核、签批，校验值 {digest}…）" if digest else ""
    en = f" (signed by a second officer, SHA-256 {digest}…)" if digest else ""
    return Text(
        zh=f"{matter.zh}：第 {round_} 轮审查，{name.zh}{zh}。",
        en=f"{matter.en}: round {round_}, {names.within(name).en}{en}.",
    )


def retracted(matter: Text, round_: str) -> Text:
    return Text(
        zh=f"{matter.zh}：收回第 {round_} 轮的决定，继续审查",
        en=f"{matter.en}: decision of round {round_} taken back; review continues",
    )


def procedure_started(matter: Text, kind: str) -> Text:
    name = names.PAUSES[kind]
    return Text(
        zh=f"{matter.zh}：{name.zh}开始，时限暂停。", en=f"{matter.en}: {name.en} started; the time limit is paused."
    )


def procedure_ended(matters: Text, kind: str) -> Text:
    name = names.PAUSES[kind]
    return Text(
        zh=f"{matters.zh}：{name.zh}结束，时限继续计算。",
        en=f"{matters.en}: {name.en} ended; the time limit is running again.",
    )


def visit_asked(matters: Text) -> Text:
    return Text(
        zh=f"联合验收一次联合踏勘，时限暂停计算：{matters.zh}。",
        en=f"One site visit for the joint acceptance; the time limit rests: {matters.en}.",
    )


def visit_reported(matter: Text, sha256: str) -> Text:
    """What was found stands on the packet's page; here is the proof that it was not changed."""
    digest = sha256[:SHORT]
    return Text(
        zh=f"{matter.zh}：反馈联合踏勘情况（校验值 {digest}…）。",
        en=f"{matter.en}: findings of the joint site visit recorded (SHA-256 {digest}…).",
    )


def visit_over(matters: Text, silent: Text | None) -> Text:
    """The limits of these matters run again; for those of `silent` nobody said in time what was found."""
    return Text(
        zh=f"联合踏勘结束，时限继续计算：{matters.zh}。" + (f"未按期反馈：{silent.zh}。" if silent else ""),
        en=f"Joint site visit over; the time limit is running again: {matters.en}."
        + (f" Not reported in time: {silent.en}." if silent else ""),
    )


def overdue(matters: Text) -> Text:
    return Text(zh=f"审查逾期：{matters.zh}。", en=f"Review overdue: {matters.en}.")


# the joint result, and after it


def result(matters: int, outcome: Text) -> Text:
    return Text(
        zh=f"汇总 {matters} 个事项的决定，作出联合审批结果：{outcome.zh}。",
        en=f"Decisions on {matters} matter(s) combined into the joint result: {outcome.en}.",
    )


def issued(sha256: str) -> Text:
    digest = sha256[:SHORT]
    return Text(zh=f"出具联合审批结果（校验值 {digest}…）。", en=f"The joint result is issued (SHA-256 {digest}…).")


def documents(number: int) -> Text:
    some = "document" if number == 1 else "documents"
    return Text(zh=f"出具加盖电子印章的文书{number}份。", en=f"{number} {some} issued with the electronic seal.")


TEXTS_DROPPED = Text(
    zh="已删除从材料首页读取的文字，材料本身按期限保存。",
    en="The text that was read from the papers' first pages is deleted; the papers stay for their term.",
)
DOCUMENTS_LATE = Text(
    zh="电子文书未能按时出具，再次制作；办理不受影响。",
    en="Documents were not made in time and are asked for again; nothing waits for them.",
)


def approval_ended(matter: Text, kind: RevocationKind) -> Text:
    word = names.REVOCATIONS[kind]
    return Text(zh=f"{matter.zh}：批准已{word.zh}。", en=f"{matter.en}: the approval was {word.en}.")


WITHDRAWN = Text(zh="撤回申请。", en="Application withdrawn.")
NOT_WITHDRAWN = Text(
    zh="要求撤回申请；已过可以撤回的阶段，未予撤回。", en="Asked to withdraw, but it was too late; not processed."
)

# promised papers; their names follow

GAPS_CLOSED = Text(zh="补齐容缺材料", en="Promised papers supplied")
GAPS_STILL_OPEN = Text(zh="补交的容缺材料不合格", en="Promised papers not acceptable")
CORRECTION_REMINDED = Text(zh="提醒补正期限将至。", en="Reminder sent: corrections are due soon.")
CORRECTION_LAPSED = Text(zh="逾期未补正，视为撤回申请。", en="Not corrected in time: treated as withdrawn.")
GAPS_REMINDED = Text(zh="提醒补交容缺材料", en="Reminder sent about promised papers")
GAPS_OVERDUE = Text(zh="容缺材料逾期，记入失信记录", en="Promised papers overdue, recorded as a breach")


def gaps(what: Text, materials: Text) -> Text:
    return Text(zh=f"{what.zh}：{materials.zh}。", en=f"{what.en}: {materials.en}.")


# supervision after the decision

SUPERVISORS = Text(zh="监管部门", en="the supervising department")


def supervised(matter: Text, event: SupervisionEvent) -> Text:
    name = names.SUPERVISION_EVENTS[event]
    return Text(zh=f"监管“{matter.zh}”：{name.zh}。", en=f"Supervision of {matter.en}: {name.en}.")


PAYER = Text(zh="政策兑现部门", en="the department that pays")


def benefit(policy: Text, event: BenefitEvent) -> Text:
    name = names.BENEFIT_EVENTS[event]
    return Text(zh=f"惠企政策“{policy.zh}”：{name.zh}。", en=f"Benefit of {policy.en}: {name.en}.")


def pressed(limits: Sequence[tuple[Text, Reminder]]) -> Text:
    """Who was told of which limits."""
    zh = "；".join(f"{what.zh}：{names.REMINDERS[stage].zh}" for what, stage in limits)
    en = "; ".join(f"{what.en}: {names.REMINDERS[stage].en}" for what, stage in limits)
    return Text(zh=f"期限督办：{zh}。", en=f"Limits followed up: {en}.")


# what a person put on record

DOUBT_SETTLED = Text(zh="核实身份信息疑点", en="Question about identity settled")
DOUBT_CONFIRMED = Text(zh="认定身份信息疑点属实", en="Question about identity found true")
FIRST_ASKED = Text(zh="登记首问责任人", en="First officer asked recorded")
VISIT_APPOINTED = Text(zh="约定联合踏勘时间", en="Date of joint site visit set")
ASSIGNED = Text(zh="转交本部门经办人", en="handed to an officer of the department")
STOOD_IN = Text(zh="登记代班人", en="a colleague stands in")
ASKED = Text(zh="就补正提问", en="question about the correction")
ANSWERED = Text(zh="答复申请人提问", en="question answered")
NOTED = Text(zh="登记内部备注", en="Internal note recorded")
CALLED = Text(zh="登记通话", en="Call recorded")


def about(matter: Text, what: Text) -> Text:
    return Text(zh=f"{matter.zh}：{what.zh}", en=f"{matter.en}: {what.en}")


PICKED_UP = Text(zh="登记帮办人", en="Assistant recorded")


def on_mandate(number: str) -> Text:
    return Text(
        zh=f"综合窗口凭授权委托书（登记号 {number}）代企业提交。",
        en=f"Submitted by the service window for the enterprise, on mandate {number}.",
    )


LET_IN = Text(zh="同意另一家企业参与项目", en="Another enterprise let into the project")
HAND_OUT_CHOSEN = Text(zh="选择结果领取方式", en="Way of receiving the result chosen")
MAILED = Text(zh="登记结果文书寄出", en="Result recorded as mailed")
HANDED_OVER = Text(zh="登记结果文书当面交付", en="Result recorded as handed over")
RECEIVED = Text(zh="登记结果文书送达", en="Result recorded as delivered")


def act(what: Text, refused: Text | None) -> Text:
    """What was done; where it came to nothing, why."""
    if refused is None:
        return Text(zh=f"{what.zh}。", en=f"{what.en}.")
    return Text(zh=f"{what.zh}；未予登记：{refused.zh}", en=f"{what.en}; not recorded: {refused.en}")


# whether the chain holds


def holds(entries: int) -> Text:
    return Text(
        zh=f"已逐条核对全部 {entries} 条记录，前后相符。",
        en=f"All {entries} entries have been checked: the chain is intact.",
    )


def broken(entry: int) -> Text:
    """From this entry on."""
    return Text(
        zh=f"从第 {entry} 条起，记录与校验值不符：可能被改动、删除或调换。请联系综合窗口。",
        en=f"From entry {entry} on, records and checksums do not match: an entry may have been changed, "
        "removed or moved. Please contact the service window.",
    )
