"""What an enterprise may use for a project: green channel, commitment, tolerated gaps; and why the rest is closed.

Sources: mission 2 and 3 (a *currently valid* rating of the *highest* grade opens the green channel and what belongs
to it), mission 7 (so does the industrial process on a site with its services), mission 12, 国办发〔2020〕42号 and local
rules on 容缺受理 (nothing of it is open to an entity with an unrepaired breach).
Choices, where the report is silent: a project on the city's list of key projects (重点项目) has the green channel too;
the lists of matters for commitment and tolerated gaps are the city's policy for everyone without a breach, not for
the green channel alone.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from enum import StrEnum

from kaigong.domain.model.catalogue import Code, Process, Scheme
from kaigong.domain.model.clock import day
from kaigong.domain.model.manifest import Project
from kaigong.domain.model.messages import Channel, CreditRecord
from kaigong.domain.model.standing import Missing, ProjectStanding, Standing
from kaigong.domain.model.text import Model, Text


class Privilege(StrEnum):
    """What can be open to an enterprise (mission 3)."""

    COMMITMENT = "commitment"  # 告知承诺
    TOLERANCE = "tolerance"  # 容缺受理
    PRIORITY = "priority"  # 优先办理: the priority queue
    TEAM = "team"  # 服务团队
    MAILING = "mailing"  # 免费邮寄
    HELP = "help"  # 帮办代办


FOR_EVERYONE = frozenset({Privilege.COMMITMENT, Privilege.TOLERANCE})  # who has no unrepaired breach
NAMES = {
    Privilege.COMMITMENT: Text(zh="告知承诺", en="commitment"),
    Privilege.TOLERANCE: Text(zh="容缺受理", en="tolerated gaps"),
    Privilege.PRIORITY: Text(zh="优先办理", en="priority handling"),
    Privilege.TEAM: Text(zh="服务团队", en="the service team"),
    Privilege.MAILING: Text(zh="免费邮寄", en="free mailing"),
    Privilege.HELP: Text(zh="帮办代办", en="help and agency"),
}


class Privileges(Model):
    """What is open, and why; and for each privilege that is not, why it is closed."""

    channel: Channel
    granted: frozenset[Privilege]
    why: Text  # why this channel
    closed: dict[Privilege, Text]

    @property
    def commitment(self) -> bool:
        return Privilege.COMMITMENT in self.granted

    @property
    def tolerance(self) -> bool:
        return Privilege.TOLERANCE in self.granted


def privileges(
    process: Process,
    standing: Standing,
    project: ProjectStanding,
    applied: Project,
    schemes: Mapping[Code, Scheme],
    now: datetime,
    zone: tzinfo,
) -> Privileges:
    """What an enterprise may use now, for the project it applies for. `zone`: the hall's, of the dates in words.

    No credit record means no privilege from credit, never a refusal: the packet goes on in the ordinary channel,
    unless its project or its process opens the green one.
    """
    standing = standing.told_in(zone)
    if standing.unrepaired:
        why, green, granted = _breach(standing), False, frozenset[Privilege]()
    else:
        why, green = _channel(process, standing, project, applied, schemes, now)
        granted = frozenset(Privilege) if green else FOR_EVERYONE
    return Privileges(
        channel=Channel.GREEN if green else Channel.ORDINARY,
        granted=granted,
        why=why,
        closed={p: why if standing.unrepaired else _green_only(p, why) for p in Privilege if p not in granted},
    )


def on_serviced_site(project: ProjectStanding, applied: Project) -> bool:
    """Whether the site has its services. What the window put on record wins over the applicant's word; silence is yes
    (choice).
    """
    if project.serviced_site is not None:
        return project.serviced_site
    return applied.serviced_site is not False


def _channel(
    process: Process,
    standing: Standing,
    project: ProjectStanding,
    applied: Project,
    schemes: Mapping[Code, Scheme],
    now: datetime,
) -> tuple[Text, bool]:
    """The channel of an enterprise without a breach: why, and whether it is the green one."""
    credit, highest = _by_credit(standing, schemes, now)
    if highest:
        return credit, True
    if project.key_project:
        return Text(
            zh="项目已列入重点项目，开通绿色通道。", en="The project is on the list of key projects: green channel."
        ), True
    if process.green_channel and on_serviced_site(project, applied):
        return Text(
            zh="工业类项目拿地即开工，开通绿色通道。",
            en="Industrial project on a serviced site, start on getting the land: green channel.",
        ), True
    site = _NO_SERVICES if process.green_channel else Text(zh="按普通通道办理。", en="Ordinary channel.")
    return Text(zh=f"{site.zh}{credit.zh}", en=f"{site.en} {credit.en}"), False


_NO_SERVICES = Text(
    zh="项目用地的道路、供电、供水、排水等配套尚未到位，不适用“拿地即开工”，按普通通道办理。",
    en="The site has no roads, power, water and drainage yet, so that the project cannot start on getting the land: "
    "ordinary channel.",
)


def _by_credit(standing: Standing, schemes: Mapping[Code, Scheme], now: datetime) -> tuple[Text, bool]:
    """What the credit record opens: why, and whether it is the highest grade, valid now."""
    record = standing.record
    if record is None:
        return _NO_RECORD[standing.missing or Missing.UNKNOWN], False
    scheme = schemes.get(record.scheme)
    if record.valid_until <= now:
        return _expired(record, standing.missing), False
    if record.valid_from > now:
        return Text(
            zh=f"信用等级自{day(record.valid_from).zh}起才生效。",
            en=f"The credit grade is not valid before {day(record.valid_from).en}.",
        ), False
    if scheme is None or record.grade not in scheme.grades:
        return Text(
            zh=f"信用评价办法“{record.scheme}”或其等级“{record.grade}”不在本市认可的目录内，不能据此开通绿色通道；"
            "请联系窗口核对。",
            en=f"Rating scheme “{record.scheme}” or its grade “{record.grade}” is not known here, so that it opens no "
            "green channel; ask the window to check it.",
        ), False
    if record.grade != scheme.grades[0]:
        return Text(
            zh=f"信用等级为{record.grade}；只有最高等级{scheme.grades[0]}开通绿色通道。",
            en=f"The credit grade is {record.grade}; the highest, {scheme.grades[0]}, alone opens the green channel.",
        ), False
    return Text(
        zh=f"信用等级{record.grade}为最高等级，有效期至{day(record.valid_until).zh}，开通绿色通道。",
        en=f"Highest credit grade, {record.grade}, valid until {day(record.valid_until).en}: green channel.",
    ), True


_AGAIN = Text(
    zh="受理前收到信用记录的，将自动重新认定，无需另行申请。",
    en="If one comes before acceptance, this is looked at again by itself.",
)
_NO_RECORD = {
    Missing.UNKNOWN: Text(
        zh=f"信用平台没有该企业的信用记录。{_AGAIN.zh}", en=f"No credit record of the enterprise was found. {_AGAIN.en}"
    ),
    Missing.NO_ANSWER: Text(
        zh=f"信用平台暂时没有答复，未取得该企业的信用记录。{_AGAIN.zh}",
        en=f"The credit platform did not answer, so there is no credit record of the enterprise. {_AGAIN.en}",
    ),
}


def _expired(record: CreditRecord, missing: Missing | None) -> Text:
    silent = missing is Missing.NO_ANSWER
    return Text(
        zh=f"信用等级已于{day(record.valid_until).zh}到期，尚未收到新的信用记录"
        f"{'，信用平台暂时没有答复' if silent else ''}。{_AGAIN.zh}",
        en=f"The credit grade expired on {day(record.valid_until).en} and there is no newer record"
        f"{'; the credit platform did not answer' if silent else ''}. {_AGAIN.en}",
    )


def _green_only(privilege: Privilege, why: Text) -> Text:
    name = NAMES[privilege]
    return Text(
        zh=f"“{name.zh}”只在绿色通道提供。{why.zh}",
        en=f"{name.en[0].upper()}{name.en[1:]}: in the green channel alone. {why.en}",
    )


def _breach(standing: Standing) -> Text:
    """That a breach closes everything, and from when it can be repaired: by the platform's record, by ours, or both."""
    record = standing.record
    days = [b.repairable_from for b in standing.breaches]
    silent = False
    if record and record.unrepaired_breaches:
        silent = record.repairable_from is None
        days += [record.repairable_from] if record.repairable_from else []
    zh, en = [], []
    if days:
        zh.append(f"自{day(max(days)).zh}起可以申请修复")
        en.append(f"from {day(max(days)).en} it can be repaired")
    if silent:
        zh.append("信用平台没有说明可以申请修复的日期，请向信用平台查询")
        en.append("the platform does not say when its record can be repaired; ask there")
    return Text(
        zh=f"企业有未修复的失信记录，暂不适用绿色通道、告知承诺和容缺受理。{'；'.join(zh)}；修复后重新提交即可适用。",
        en="The enterprise has an unrepaired breach on record: green channel, commitment and tolerated gaps are closed "
        f"for now. {_sentence('; '.join(en))}. Once it is repaired, submit again.",
    )


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
