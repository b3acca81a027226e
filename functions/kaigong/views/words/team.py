"""Who answers for what: the service team, the officer asked first, and what is still to be done.

Sources: mission 3 (帮办代办), 4 (service team "1+6+N"), 7 (首问负责制; no passing the buck), 12 (commitments are
checked). A point says what its owner has to do.
"""

from collections.abc import Sequence

from kaigong.domain.model.text import Text
from kaigong.domain.model.waiting import Wait

# the team


def team(numbers: str, parts: Sequence[tuple[Text, Text]]) -> Text:
    """The team in one line: 1+6+N, then each role with who has it."""
    zh = "；".join(f"{role.zh} {who.zh}" for role, who in parts)
    en = "; ".join(f"{role.en}: {who.en}" for role, who in parts)
    return Text(
        zh=f"服务专班（{numbers}）{'：' if parts else ''}{zh}",
        en=f"Service team ({numbers}){': ' if parts else ''}{en}",
    )


def helper(officer: str) -> Text:
    return Text(zh=f"帮办人：{officer}，全程帮办代办。", en=f"Your assistant: {officer}, from start to finish.")


NOBODY_ASKED = Text(
    zh="尚未登记首问责任人，由综合窗口负责答复。",
    en="No first officer asked is on record, so the service window is responsible for your packet.",
)


def first_asked(officer: str, owner: Text) -> Text:
    """The person, by what the account says; a department alone where somebody else said that it was asked."""
    if not officer:
        return Text(
            zh=f"首问责任部门：{owner.zh}，对本项目负责到底。",
            en=f"First department asked: {owner.en}, responsible for this project to the end.",
        )
    name = Text(zh=f"{owner.zh} {officer}", en=f"{officer}, {owner.en}")
    return Text(
        zh=f"首问责任人：{name.zh}，对本项目负责到底。",
        en=f"First officer asked: {name.en}, responsible for this project to the end.",
    )


# what the applicant has to do

CORRECT_THE_MANIFEST = Text(
    zh="按所列原因修改 manifest.json 后重新上传。",
    en="Correct manifest.json for the reasons listed and upload it again.",
)
UPLOAD = Text(
    zh="上传材料，最后上传申报清单 manifest.json 提交。",
    en="Upload the papers and, last of all, manifest.json, which submits the application.",
)


def answer_one_time_notice(points: int) -> Text:
    return _answer(points, Text(zh="一次性告知书", en="one-time notice"))


def answer_correction_notice(points: int) -> Text:
    return _answer(points, Text(zh="补正通知书", en="correction notice"))


def _answer(points: int, notice: Text) -> Text:
    return Text(
        zh=f"按{notice.zh}补正全部 {points} 项，再重新提交。",
        en=f"Complete all {points} point(s) of the {notice.en}, then resubmit.",
    )


def hand_in_promised(material: Text) -> Text:
    return Text(
        zh=f"补交容缺材料“{material.zh}”；逾期按失信处理。",
        en=f"Supply the promised paper: {material.en}; once overdue, it counts as a breach.",
    )


# what the system has to do

EXAMINE = Text(
    zh="逐份检查材料，随后受理，或一次性告知需补正的全部内容。",
    en="Check each paper; then accept the application, or list everything to be completed in one notice.",
)
RECORD_WITHDRAWAL = Text(zh="撤回申请已收到，待登记。", en="Withdrawal received; to be recorded.")
ISSUE = Text(zh="制作并送达联合审批结果文书。", en="Prepare and deliver the joint result document.")

HAND_OUT = {
    Wait.COLLECT: Text(zh="到综合窗口领取结果文书。", en="Collect the result at the service window."),
    Wait.MAIL: Text(zh="邮寄结果文书并登记运单号。", en="Mail the result and record its tracking number."),
    Wait.DELIVERY: Text(
        zh="结果文书已寄出，查询签收情况并登记送达。",
        en="The result is in the mail: check whether it arrived, and record the delivery.",
    ),
}


def record_decision(matter: Text) -> Text:
    return Text(
        zh=f"部门对“{matter.zh}”的决定已收到，待登记。",
        en=f"The department's decision on {matter.en} has been received; to be recorded.",
    )


# what a department has to do


def review(matter: Text) -> Text:
    return Text(zh=f"审查“{matter.zh}”并作出决定。", en=f"Review {matter.en} and decide.")


def hold(matter: Text, procedure: Text, nth: int) -> Text:
    """A special procedure; the first of its kind is not numbered."""
    zh, en = (f"（第{nth}次）", f" (no. {nth})") if nth > 1 else ("", "")
    return Text(
        zh=f"“{matter.zh}”：进行{procedure.zh}{zh}，结束后告知系统；其间不计入办理时限。",
        en=f"{matter.en}: hold the {procedure.en}{en} and report when it ends; this time does not count "
        "towards the limit.",
    )


def report(matter: Text) -> Text:
    """The joint site visit was held; its department has not said yet what it found."""
    return Text(
        zh=f"“{matter.zh}”：反馈联合踏勘情况；各参加部门都反馈后，办理时限继续计算。",
        en=f"{matter.en}: report what was found on the joint site visit; the time limit runs again once every "
        "department has done so.",
    )


def verify(matter: Text) -> Text:
    """Of a supervisor: a commitment, after the approval."""
    return Text(
        zh=f"核查“{matter.zh}”的承诺是否属实，并反馈结果。",
        en=f"Verify that the commitment for {matter.en} is true, and report back.",
    )


# what the window has to do

SETTLE_DOUBT = Text(
    zh="核对企业身份信息的疑点，并登记核实结果。",
    en="Verify the enterprise's identity details and record the result.",
)


def agree_on_visit(matter: Text) -> Text:
    return Text(
        zh=f"“{matter.zh}”：约定联合踏勘时间，一次通知各参加部门和申请人。",
        en=f"{matter.en}: set a date for the joint site visit and tell all departments and the applicant at once.",
    )
