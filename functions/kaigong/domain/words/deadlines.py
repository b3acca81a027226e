"""What is told of limits (跟踪督办): to who has one, to the lead of the service team, to the city."""

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import Due
from kaigong.domain.model.deadline import DeadlineKind, OwnerKind, Reminder
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.text import Text

from . import names
from .clock import spelled


def subject(kind: DeadlineKind, code: str, catalogue: Catalogue) -> Text | None:
    """The name of what a limit is about: a matter or a material; None: the whole packet, or a part without a name."""
    if kind is DeadlineKind.GAP:
        return name_of(catalogue.materials, code)
    return None if kind in _OF_PACKETS else name_of(catalogue.matters, code.partition(".")[0])


_OF_PACKETS = (
    DeadlineKind.RECEIPT,
    DeadlineKind.CORRECTION,
    DeadlineKind.RESULT,
    DeadlineKind.DOCUMENTS,
    DeadlineKind.HAND_OUT,
    DeadlineKind.REPAIR,
)


def what(kind: DeadlineKind, subject: Text | None) -> Text:
    """What is to be done by a limit, and of what."""
    name = names.DEADLINES[kind]
    return Text(zh=f"“{subject.zh}”{name.zh}", en=f"{name.en} ({subject.en})") if subject else name


def owner(kind: OwnerKind, department: Text | None) -> Text:
    """Who has a limit: a department by its name."""
    everybody = {OwnerKind.APPLICANT: names.APPLICANT, OwnerKind.WINDOW: names.WINDOW, OwnerKind.SYSTEM: names.SYSTEM}
    return everybody.get(kind) or department or names.NOBODY


def told(what: Text, stage: Reminder, owner: Text) -> Text:
    """The title of a message about a limit."""
    match stage:
        case Reminder.SOON:
            return Text(zh=f"{what.zh}即将到期，请抓紧办理", en=f"Due soon: {what.en}. Please act in time")
        case Reminder.OVER:
            return Text(zh=f"{what.zh}已到期，请立即办理", en=f"Due now: {what.en}. Please act")
        case Reminder.LEAD:
            return Text(
                zh=f"{what.zh}逾期未办，请督办：{owner.zh}",
                en=f"Overdue with {owner.en}: {what.en}. Please see to it as the lead",
            )
        case Reminder.CITY:
            return Text(
                zh=f"{what.zh}逾期未办，请市级督办：{owner.zh}",
                en=f"Overdue with {owner.en}: {what.en}. The city is asked to step in",
            )


def to_collect(due: Due) -> Text:
    until = spelled(due)
    return Text(
        zh=f"结果文书已在综合窗口，请于{until.zh}前带身份证件领取；不便前来的，可在门户改为邮寄，不收费。",
        en=f"Your result is at the service window: please collect it by {until.en} and bring an identity card. If you "
        "cannot come, choose mailing at the portal; it is free.",
    )


def repairable(subject: Text) -> Text:
    return Text(
        zh=f"“{subject.zh}”的失信记录即日起可以申请信用修复：请先履行承诺，再向信用平台申请。",
        en=f"From today you can apply to the credit platform to repair the record about {subject.en}. Keep the promise "
        "first, then apply.",
    )
