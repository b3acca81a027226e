"""Which channel is open to an enterprise for a project, and why; and why the rest is closed.

Sources: mission 2 and 3 (a *currently valid* rating of the *highest* grade opens the green channel), 7 (so does the
industrial process on a site with its services), 12 and 国办发〔2020〕42号 (an unrepaired breach closes what is built on
trust, until it is repaired).
"""

from datetime import date

from kaigong.domain.model.standing import Missing, Privilege
from kaigong.domain.model.text import Text

from . import names
from .clock import day

# the green channel is open

KEY_PROJECT = Text(
    zh="项目已列入重点项目，开通绿色通道。",
    en="The project is on the list of key projects, so it qualifies for the green channel.",
)
SERVICED_SITE = Text(
    zh="工业类项目拿地即开工，开通绿色通道。",
    en="An industrial project on a serviced site can start as soon as it has the land, so it qualifies "
    "for the green channel.",
)


def highest_grade(grade: str, until: date) -> Text:
    end = day(until)
    return Text(
        zh=f"信用等级{grade}为最高等级，有效期至{end.zh}，开通绿色通道。",
        en=f"The credit grade is {grade}, the highest, valid until {end.en}: the green channel is open.",
    )


# the ordinary channel, and why not the green one

ORDINARY = Text(zh="按普通通道办理。", en="The ordinary channel applies.")
NO_SERVICES = Text(
    zh="项目用地的道路、供电、供水、排水等配套尚未到位，不适用“拿地即开工”，按普通通道办理。",
    en="The site does not yet have road access, power, water and drainage, so the project cannot start "
    "as soon as it has the land: the ordinary channel applies.",
)


def ordinary(site: Text, credit: Text) -> Text:
    """By the project, and by credit."""
    return Text(zh=f"{site.zh}{credit.zh}", en=f"{site.en} {credit.en}")


_AGAIN = Text(
    zh="受理前收到信用记录的，将自动重新认定，无需另行申请。",
    en="If a record arrives before acceptance, this is reassessed automatically; you need not apply.",
)
NO_RECORD = {
    Missing.UNKNOWN: Text(
        zh=f"信用平台没有该企业的信用记录。{_AGAIN.zh}",
        en=f"The credit platform has no record of this enterprise. {_AGAIN.en}",
    ),
    Missing.NO_ANSWER: Text(
        zh=f"信用平台暂时没有答复，未取得该企业的信用记录。{_AGAIN.zh}",
        en=f"The credit platform did not respond, so there is no credit record of this enterprise. {_AGAIN.en}",
    ),
}


def expired(since: date, *, silent: bool) -> Text:
    """The grade ended on a day; `silent`: the platform was asked for a newer one and did not answer."""
    end = day(since)
    return Text(
        zh=f"信用等级已于{end.zh}到期，尚未收到新的信用记录{'，信用平台暂时没有答复' if silent else ''}。{_AGAIN.zh}",
        en=f"The credit grade expired on {end.en} and there is no newer record"
        f"{'; the credit platform did not answer' if silent else ''}. {_AGAIN.en}",
    )


def not_valid_before(since: date) -> Text:
    begin = day(since)
    return Text(zh=f"信用等级自{begin.zh}起才生效。", en=f"The credit grade takes effect on {begin.en}.")


def unknown_scheme(scheme: str, grade: str) -> Text:
    return Text(
        zh=f"信用评价办法“{scheme}”或其等级“{grade}”不在本市认可的目录内，不能据此开通绿色通道；请联系窗口核对。",
        en=f"The rating scheme “{scheme}” or its grade “{grade}” is not recognised in this city, so it does "
        "not open the green channel. Please ask the window to check.",
    )


def lower_grade(grade: str, highest: str) -> Text:
    return Text(
        zh=f"信用等级为{grade}；只有最高等级{highest}开通绿色通道。",
        en=f"The credit grade is {grade}; only the highest grade, {highest}, opens the green channel.",
    )


def green_only(privilege: Privilege, why: Text) -> Text:
    """A privilege that the ordinary channel does not have; `why` this is the channel."""
    name = names.label(names.PRIVILEGES[privilege])
    return Text(zh=f"“{name.zh}”只在绿色通道提供。{why.zh}", en=f"{name.en}: only in the green channel. {why.en}")


# a breach closes everything


def breach(repairable: date | None, *, silent: bool) -> Text:
    """An unrepaired breach, and from when it can be repaired; `silent`: of its own record the platform does not say."""
    zh, en = [], []
    if repairable:
        since = day(repairable)
        zh.append(f"自{since.zh}起可以申请修复")
        en.append(f"from {since.en} it can be repaired")
    if silent:
        zh.append("信用平台没有说明可以申请修复的日期，请向信用平台查询")
        en.append("the platform does not say when its record can be repaired; ask there")
    when = names.label(Text(zh="；".join(zh), en="; ".join(en)))
    return Text(
        zh=f"企业有未修复的失信记录，暂不适用绿色通道、告知承诺和容缺受理。{when.zh}；修复后重新提交即可适用。",
        en="The enterprise has an unrepaired breach on record, so the green channel, commitment and "
        f"tolerated gaps are not available for now. {when.en}. Submit again once it is repaired.",
    )
