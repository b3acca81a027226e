"""What is told of benefits without application: why somebody qualifies, line by line, and what became of it.

Source: mission 13.
"""

from collections.abc import Iterable
from datetime import date

from kaigong.domain.model.benefits import BenefitEvent, BenefitRefusal
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import ResultCode
from kaigong.domain.model.policy import Ask, Condition, FactKind, Policy
from kaigong.domain.model.text import Text

from . import form, names
from .clock import day

REFUSALS = {
    BenefitRefusal.NOT_NOW: Text(
        zh="目前不能这样办理：状态已经变化。请重新打开后查看现在可以办什么。",
        en="This cannot be done now: it has moved on. Open it again to see what can be done.",
    ),
    BenefitRefusal.CHANGED: Text(
        zh="刚被他人更新，您的填写没有登记。请重新打开，核对后再提交。",
        en="Somebody has just updated this, so your entry was not taken. Open it again, check it and resubmit.",
    ),
    BenefitRefusal.IN_QUESTION: Text(
        zh="所依据的事实已有变化，没有登记兑现。核对后确应兑现的，请写明理由；不应兑现的，请撤销。",
        en="A fact that this rests on does not hold any more, so no payment was recorded. Check it: give a reason if "
        "it is to be paid all the same, or revoke it.",
    ),
}

EVIDENCE = {  # where a fact stands
    FactKind.PROCESS: Text(zh="受理登记", en="acceptance"),
    FactKind.CHANNEL: Text(zh="受理登记", en="acceptance"),
    FactKind.GRADE: Text(zh="信用平台记录", en="record of the credit platform"),
    FactKind.RESULT: Text(zh="联合审批结果", en="joint result"),
    FactKind.APPROVED: Text(zh="联合审批结果", en="joint result"),
    FactKind.COMMITTED: Text(zh="告知承诺书和联合审批结果", en="commitment letters and joint result"),
    FactKind.INSPECTED: Text(zh="监管记录", en="supervision records"),
    FactKind.GAPS_OPEN: Text(zh="容缺材料登记", en="record of promised papers"),
    FactKind.GAPS_LATE: Text(zh="容缺材料登记", en="record of promised papers"),
    FactKind.BREACHES: Text(zh="失信记录", en="record of breaches"),
}
ON_THE_FORM = Text(zh="申请表", en="application form")
_NOT_ON_RECORD = Text(zh="没有记录", en="not on record")
_ASKS = {
    Ask.ONE_OF: Text(zh="须为{}", en="asked for: {}"),
    Ask.ALL_OF: Text(zh="须包括{}", en="asked for: all of {}"),
    Ask.AT_LEAST: Text(zh="不少于 {}", en="at least {}"),
    Ask.AT_MOST: Text(zh="不多于 {}", en="at most {}"),
}


# why


def term(on: date, since: date, until: date | None, *, holds: bool) -> Text:
    """The line about the days on which a policy is in force."""
    decided, first = day(on), day(since)
    last = day(until) if until else Text(zh="另行通知", en="further notice")
    return _because(
        Text(zh=f"联合审批结果作出于{decided.zh}", en=f"the joint result is of {decided.en}"),
        Text(zh=f"政策期限自{first.zh}至{last.zh}", en=f"the policy runs from {first.en} until {last.en}"),
        holds=holds,
    )


def line(condition: Condition, values: tuple[str, ...], catalogue: Catalogue, *, holds: bool) -> Text:
    """One condition and what is on record of it."""
    name, found = called(condition, catalogue), _values(condition, values, catalogue)
    return _because(
        Text(zh=f"{name.zh}：{found.zh}", en=f"{name.en}: {found.en}"), _asked(condition, catalogue), holds=holds
    )


def asked(condition: Condition, catalogue: Catalogue) -> Text:
    """A condition by itself, as a policy is read."""
    name, what = called(condition, catalogue), _asked(condition, catalogue)
    return Text(zh=f"{name.zh}{what.zh}", en=f"{name.en}: {what.en}")


def _because(found: Text, asked_for: Text, *, holds: bool) -> Text:
    if holds:
        return Text(zh=f"因为{found.zh}（{asked_for.zh}）", en=f"because {found.en} ({asked_for.en})")
    return Text(zh=f"不符合：{found.zh}（{asked_for.zh}）", en=f"does not hold: {found.en} ({asked_for.en})")


def called(condition: Condition, catalogue: Catalogue) -> Text:
    """What a fact is called."""
    if not condition.field:
        return names.FACTS[FactKind(condition.fact)]
    field = catalogue.form.fields.get(condition.field)
    return form.label(field) if field else Text(zh=condition.field, en=condition.field)


def evidence(condition: Condition) -> Text:
    return ON_THE_FORM if condition.field else EVIDENCE[FactKind(condition.fact)]


def _asked(condition: Condition, catalogue: Catalogue) -> Text:
    says, what = _ASKS[condition.ask], _values(condition, condition.values, catalogue)
    return Text(zh=says.zh.format(what.zh), en=says.en.format(what.en))


def _values(condition: Condition, values: Iterable[str], catalogue: Catalogue) -> Text:
    found = [_value(condition, value, catalogue) for value in values]
    return joined(found) if found else _NOT_ON_RECORD


def _value(condition: Condition, value: str, catalogue: Catalogue) -> Text:
    if condition.field:
        field = catalogue.form.fields.get(condition.field)
        return form.told(field, value) if field else Text(zh=value, en=value)
    match FactKind(condition.fact):
        case FactKind.PROCESS:
            return name_of(catalogue.processes, value)
        case FactKind.CHANNEL:
            return names.CHANNELS[Channel(value)]
        case FactKind.RESULT:
            return names.RESULTS[ResultCode(value)]
        case FactKind.APPROVED | FactKind.COMMITTED | FactKind.INSPECTED:
            return name_of(catalogue.matters, value)
        case _:
            return Text(zh=value, en=value)


# what is given


def gives(worth: int, service: Text | None) -> Text:
    """What a benefit is: so many yuan, or a service."""
    return service or Text(zh=f"{worth:,} 元", en=f"CNY {worth:,}")


def offers(policy: Policy, catalogue: Catalogue) -> Text:
    """What a policy gives to who qualifies."""
    if policy.share is None:
        return gives(policy.yuan or 1, policy.service)
    share = policy.share
    field = catalogue.form.fields.get(share.field)
    of = field.name if field else Text(zh=share.field, en=share.field)
    return Text(
        zh=f"{of.zh}的 {share.per_mille}‰，最高 {share.most:,} 元",
        en=f"{share.per_mille} per mille of {of.en}, CNY {share.most:,} at most",
    )


def told(event: BenefitEvent, named: Text, gift: Text, why: str) -> Text:
    """What the enterprise is told of a change."""
    match event:
        case BenefitEvent.GRANTED:
            return Text(
                zh=f"符合“{named.zh}”，已直接授予：{gift.zh}。无须申请；逐条理由见本材料包“惠企政策”页，不需要的可以在该页谢绝。",
                en=f"You qualify for {named.en} and are given {gift.en}. You need not apply. The page "
                "“Benefits” of this packet says why, line by line; you can decline there.",
            )
        case BenefitEvent.WAITS:
            return Text(
                zh=f"符合“{named.zh}”，但预算已用完。已按审批结果先后排队，有余额时依次授予，无须申请。",
                en=f"You qualify for {named.en}, but its budget is used up. You are in line by the date of your result "
                "and will be served in turn once there is money again; you need not apply.",
            )
        case BenefitEvent.CAPPED:
            return Text(
                zh=f"符合“{named.zh}”，但本企业已达该政策的最高额，暂不授予；有余额时再予核定，无须申请。",
                en=f"You qualify for {named.en}, but your enterprise already has the most that it gives to one. It is "
                "looked at again once there is room; you need not apply.",
            )
        case BenefitEvent.LAPSED:
            return Text(
                zh=f"所依据的事实已有变化，不再符合“{named.zh}”，已不再排队。理由见本材料包“惠企政策”页。",
                en=f"The facts have changed and you no longer qualify for {named.en}. The page “Benefits” of this "
                "packet says why.",
            )
        case BenefitEvent.QUESTIONED:
            return Text(
                zh=f"“{named.zh}”（{gift.zh}）所依据的事实已有变化，主管部门将核对，可能撤销。有不同意见的，请联系该部门。",
                en=f"A fact that {named.en} ({gift.en}) rests on does not hold any more. The department will check and "
                "may revoke it; tell the department if you disagree.",
            )
        case BenefitEvent.SETTLED:
            return Text(
                zh=f"“{named.zh}”（{gift.zh}）所依据的事实已核对无误，不受影响。",
                en=f"The facts that {named.en} ({gift.en}) rests on hold again: nothing changes for you.",
            )
        case BenefitEvent.PAID:
            return Text(zh=f"“{named.zh}”已兑现：{gift.zh}。", en=f"{named.en} has been paid or provided: {gift.en}.")
        case BenefitEvent.DECLINED:
            return Text(
                zh=f"已按您的意见谢绝“{named.zh}”（{gift.zh}），额度留给其他企业。",
                en=f"You declined {named.en} ({gift.en}); it goes to others.",
            )
        case BenefitEvent.REVOKED:
            return Text(
                zh=f"“{named.zh}”（{gift.zh}）已撤销：{why}。不服的，可以依法申请行政复议或者提起行政诉讼。",
                en=f"{named.en} ({gift.en}) was revoked: {why}. Against this you can apply for administrative review "
                "or sue.",
            )


def revoked_for(reason: str, basis: str) -> str:
    """In the department's own words."""
    return f"{reason}（依据：{basis}）"
