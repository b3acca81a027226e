"""What the guide says of the ways of a matter and of its materials; what things are called: domain/words/names.py.

Sources: mission 5 (告知承诺), 6 (容缺受理), 8 (one guide); 国办发〔2020〕42号.
"""

from collections.abc import Iterable

from kaigong.domain.model.catalogue import Route
from kaigong.domain.model.text import Text

# the ways in which a matter can be applied for

MEANINGS = {
    Route.APPROVAL: Text(
        zh="提交全部材料，部门审查后作出决定。",
        en="Supply all papers; the department reviews them and decides.",
    ),
    Route.TOLERATED: Text(
        zh="主要材料齐全且合法的，可承诺后补非主要材料，先行受理；须在承诺期限内、申请联合验收前补齐，逾期按失信处理。",
        en="Once all main papers are in order, the application is accepted and you may promise to supply "
        "the others by an agreed date, before joint acceptance. An overdue paper counts as a breach.",
    ),
    Route.COMMITMENT: Text(
        zh="申请人书面承诺符合条件并承担责任，以承诺代替材料，由规则当即作出决定；承诺不实的，依法撤销并记入信用记录。",
        en="The applicant commits in writing to meeting the conditions and accepts liability. This "
        "replaces the papers, and rules decide at once. A false commitment leads to revocation and a "
        "credit record.",
    ),
}
_TRUSTED = Text(
    zh="清单内的事项，没有未修复失信记录的申请人都可以选择，不限绿色通道。",
    en="For matters on the list, open to every applicant without an unrepaired breach, not only in the green channel.",
)
WHO = {
    Route.APPROVAL: Text(zh="任何申请人都可以选择。", en="Open to every applicant."),
    Route.TOLERATED: _TRUSTED,
    Route.COMMITMENT: _TRUSTED,
}
NO_BREACH = Text(zh="没有未修复的失信记录。", en="There is no unrepaired breach on record.")

# why a material must be there at once

MAIN = Text(zh="主要材料，不得容缺。", en="A main paper: it cannot follow later.")
MAIN_UNLESS_COMMITTED = Text(
    zh="主要材料，不得容缺；以告知承诺办理的，由承诺书代替。",
    en="A main paper: it cannot follow later. When applying by commitment, the letter replaces it.",
)

# what is looked at when it is uploaded


def opens(formats: Iterable[str]) -> Text:
    listed = [code.upper() for code in formats]
    return Text(
        zh=f"能打开、内容完整、没有密码，格式为 {'、'.join(listed)}",
        en=f"it opens, is complete, has no password, and its format is {' or '.join(listed)}",
    )


def pages(least: int, most: int) -> Text:
    return Text(zh=f"{least} 至 {most} 页", en=f"it has {least} to {most} pages")


NAMES_ENTERPRISE = Text(
    zh="首页有企业名称或统一社会信用代码", en="its first page shows the enterprise's name or credit code"
)
SIGNED = Text(zh="有电子签章", en="it carries an electronic signature or seal")
