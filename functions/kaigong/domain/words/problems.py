"""What the problem list says: what is counted, why a packet or a matter is at risk, and what is advised."""

from kaigong.domain.model.problems import Counted
from kaigong.domain.model.text import Text

from .names import PROBLEMS, REVOCATIONS

ALL_DEPARTMENTS = Text(zh="全部部门", en="All departments")
NO_GRADE = Text(zh="无信用等级", en="no credit grade")
OTHER_MATTER = Text(zh="目录外事项", en="Matters that left the catalogue")
REASONS = {  # why something was returned, briefly; the notice says it in a sentence
    "form-check": Text(zh="表单填写有误", en="form entry not plausible"),
    "prerequisite-missing": Text(zh="缺少前置审批", en="prerequisite missing"),
    "commitment-not-open": Text(zh="不能以承诺办理", en="commitment not available"),
    "applicant-changed": Text(zh="申请人有变", en="applicant changed"),
    "matters-changed": Text(zh="事项有变", en="matters changed"),
    "letter-signer": Text(zh="承诺书签署人不符", en="letter signed by another person"),
    "project-code-missing": Text(zh="缺少项目代码", en="project code missing"),
    "gap-open": Text(zh="容缺材料未补齐", en="a gap is open"),
    "too-many-files": Text(zh="文件过多", en="too many files"),
    "too-many-in-all": Text(zh="文件总数过多", en="too many files in all"),
    "too-large-together": Text(zh="文件合计过大", en="files too large together"),
    "empty": Text(zh="空文件", en="empty file"),
    "archived": Text(zh="归档存储", en="archived in storage"),
    "unknown-kind": Text(zh="格式无法识别", en="unknown kind of file"),
    "other-kind": Text(zh="格式不收", en="kind of file not taken"),
    "format-not-accepted": Text(zh="格式不符", en="wrong format"),
    "locked": Text(zh="设有打开密码", en="needs a password"),
    "unknown-encryption": Text(zh="加密无法打开", en="encrypted"),
    "truncated": Text(zh="文件不完整", en="cut off"),
    "damaged": Text(zh="文件损坏", en="damaged"),
    "unreadable": Text(zh="无法打开", en="cannot be opened"),
    "no-pages": Text(zh="没有页面", en="has no pages"),
    "all-pages-blank": Text(zh="全部空白", en="all pages blank"),
    "seal-changed": Text(zh="盖章后被修改", en="changed after sealing"),
    "unseen-portfolio": Text(zh="文件夹式 PDF", en="PDF portfolio"),
    "unseen-form": Text(zh="动态表单", en="dynamic form"),
    "unseen-rights": Text(zh="受版权保护", en="protected by rights management"),
    "unseen-pictures": Text(zh="图片无法显示", en="pictures not shown"),
    "unseen-hidden": Text(zh="内容被隐藏", en="content hidden"),
    "javascript": Text(zh="含脚本", en="contains scripts"),
    "launch": Text(zh="含外部程序", en="starts programs"),
    "over-limits": Text(zh="超出检查上限", en="too large to examine"),
    "too-many-pixels": Text(zh="图片过大", en="picture too large"),
    "image-too-small": Text(zh="图片过小", en="picture too small"),
    "too-few-pages": Text(zh="页数不足", en="too few pages"),
    "too-many-pages": Text(zh="页数过多", en="too many pages"),
    **{kind.value: name for kind, name in REVOCATIONS.items()},
}


def reason(code: str) -> Text:
    """A reason, briefly; one that is newer than this list by its code."""
    return REASONS.get(code, Text(zh=code, en=code))


def graded_as(grade: str) -> Text:
    """A credit grade; that there is none."""
    return Text(zh=grade, en=grade) if grade else NO_GRADE


# why something is at risk: of a packet


def breaches(count: int) -> Text:
    return Text(zh=f"该申请已有 {count} 项失信记录", en=f"it has {count} breach(es) on record")


def doubts(count: int) -> Text:
    return Text(zh=f"有 {count} 项身份疑点未核实", en=f"{count} doubt(s) about an identity are not settled")


def gaps_late(count: int) -> Text:
    return Text(zh=f"{count} 份容缺材料逾期未补", en=f"{count} promised paper(s) are overdue")


def gaps_open(count: int) -> Text:
    return Text(zh=f"{count} 份容缺材料尚未补齐", en=f"{count} promised paper(s) are still to come")


def committed(count: int) -> Text:
    return Text(zh=f"{count} 个事项以承诺办理、尚未核查", en=f"{count} matter(s) rest on a commitment not verified yet")


def late(count: int) -> Text:
    return Text(zh=f"{count} 个事项审查逾期", en=f"{count} review(s) are overdue")


def rounds(count: int) -> Text:
    return Text(zh=f"已提交 {count} 次", en=f"it was submitted {count} times")


def by_rules(count: int) -> Text:
    return Text(zh=f"{count} 个事项由规则自动作出决定", en=f"{count} matter(s) were decided by rules alone")


def papers_broken(count: int) -> Text:
    return Text(
        zh=f"中介承诺的 {count} 份材料没有按时提交", en=f"{count} paper(s) of intermediaries did not come in time"
    )


UNGRADED = Text(zh="企业没有有效的信用等级", en="the enterprise has no valid credit grade")


def grade(code: str) -> Text:
    return Text(zh=f"企业信用等级为 {code}", en=f"the enterprise's credit grade is {code}")


# why something is at risk: of a matter, in a month


def share(what: Counted, count: int, of: Counted, whole: int, percent: int) -> Text:
    """So many of so many."""
    name, total = PROBLEMS[what], PROBLEMS[of]
    return Text(
        zh=f"{total.zh} {whole} 件，其中{name.zh} {count} 件（{percent}%）",
        en=f"{count} {name.en} of {whole} {total.en} ({percent} %)",
    )


def number(what: Counted, count: int) -> Text:
    name = PROBLEMS[what]
    return Text(zh=f"{name.zh} {count} 件", en=f"{count} {name.en}")


# what is advised

ADVICE = {
    Counted.RETURNED: Text(
        zh="在办事指南中写明最常见的退回原因，并请综合窗口在受理前主动提示。",
        en="Put the most common reasons for returns into the guide, and have the service window point them out "
        "beforehand.",
    ),
    Counted.CORRECTION: Text(
        zh="把反复要求补正的内容写入材料说明和样例；能由系统检查的，改为提交时检查。",
        en="Write into the paper's notes and sample what is requested again and again; what a check can find, check "
        "at submission.",
    ),
    Counted.REJECTED: Text(
        zh="把不予通过的主要理由作为受理条件事先公布，减少企业空跑。",
        en="Publish the main reasons why it is not approved as conditions beforehand, so that nobody applies in vain.",
    ),
    Counted.LATE: Text(
        zh="增加该事项的审查力量，或者重新核定承诺时限；由牵头部门督办。",
        en="Put more people on this matter or set another time limit; the lead department follows it up.",
    ),
    Counted.GAP_LATE: Text(
        zh="受理时核实企业能否按期补齐；对常逾期的材料，不再列为可容缺。",
        en="Ask at acceptance whether the paper can really follow in time; no longer tolerate what is often overdue.",
    ),
    Counted.UNVERIFIED: Text(
        zh="立即安排对逾期承诺的核查；人手不足的，申请牵头部门统筹检查人员。",
        en="Inspect the overdue commitments now; where people are too few, ask the lead department for inspectors.",
    ),
    Counted.BROKEN: Text(
        zh="提高该事项的抽查比例，并检查承诺书是否把条件写清楚；屡次违约的，暂停以承诺办理。",
        en="Inspect a larger share, check that the letter states the conditions clearly, and stop taking commitments "
        "where they are broken again and again.",
    ),
    Counted.REVOKED: Text(
        zh="逐件复盘被收回的批准：是承诺不实、审查疏漏还是情况变化，相应修改审查要点。",
        en="Look at each approval that was taken back (false commitment, oversight, changed circumstances), and change "
        "what is reviewed accordingly.",
    ),
}


def missing(name: Text) -> Text:
    return Text(
        zh=f"“{name.zh}”缺少最多：在指南中突出提示；可以由数据共享取得的，不再要求提交。",
        en=f"{name.en} is missing most often: make it prominent in the guide, and stop asking where data are shared.",
    )


def refused(why: Text) -> Text:
    return Text(
        zh=f"文件不能用的主要原因是“{why.zh}”：在上传页说明如何避免。",
        en=f"Files are refused mostly for this: {why.en}. Say on the upload page how to avoid it.",
    )


def wrong(why: Text) -> Text:
    return Text(
        zh=f"填报问题主要是“{why.zh}”：在填表页相应位置增加提示。",
        en=f"The most common fault of entries: {why.en}. Add a hint where it is filled in.",
    )


def graded(grade: str, percent: int) -> Text:
    """One credit grade has far more of the returns than the others."""
    name = grade or NO_GRADE.zh
    return Text(
        zh=f"{name} 的企业退回率为 {percent}%，明显高于平均：对这类企业提供事前辅导。",
        en=f"Of enterprises with {f'grade {grade}' if grade else 'no grade'} {percent} % are returned, far above the "
        f"average: offer them help before they apply.",
    )
