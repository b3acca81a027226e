"""Who answers for what: the service team, the officer asked first, and what is still to be done.

Sources: mission 3 (帮办代办), 4 (service team "1+6+N"), 7 (首问负责制; no passing the buck), 12 (commitments are
checked). A point says what its owner has to do.
"""

from collections.abc import Sequence

from kaigong.domain.model.text import Text

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
    return Text(zh=f"帮办人：{officer}，全程帮办代办。", en=f"Your helper: {officer}, all the way.")


NOBODY_ASKED = Text(
    zh="尚未登记首问责任人，由综合窗口负责答复。",
    en="Nobody is on record as asked first, so the window answers for your packet.",
)


def first_asked(officer: str, owner: Text) -> Text:
    name = Text(zh=f"{owner.zh} {officer}".strip(), en=f"{officer} {owner.en}".strip())
    return Text(
        zh=f"首问责任人：{name.zh}，对本项目负责到底。",
        en=f"Asked first: {name.en}; stays responsible for this packet.",
    )


# what the applicant has to do

CORRECT_THE_MANIFEST = Text(
    zh="按所列原因修改 manifest.json 后重新上传。",
    en="Correct manifest.json by the reasons given and upload it again.",
)
UPLOAD = Text(
    zh="上传材料，最后上传申报清单 manifest.json 提交。",
    en="Upload the papers and, last, manifest.json: it submits the packet.",
)


def answer_one_time_notice(points: int) -> Text:
    return _answer(points, Text(zh="一次性告知书", en="one-time notice"))


def answer_correction_notice(points: int) -> Text:
    return _answer(points, Text(zh="补正通知书", en="correction notice"))


def _answer(points: int, notice: Text) -> Text:
    return Text(
        zh=f"按{notice.zh}补正全部 {points} 项，再重新提交。",
        en=f"Complete all {points} point(s) of the {notice.en}, then submit again.",
    )


def hand_in_promised(material: Text) -> Text:
    return Text(
        zh=f"补交容缺材料“{material.zh}”；逾期按失信处理。",
        en=f"Hand in what was promised: {material.en}; a late one is handled as a breach.",
    )


# what the system has to do

EXAMINE = Text(
    zh="逐份检查材料，随后受理，或一次性告知需补正的全部内容。",
    en="Examine each paper; then accept the packet, or tell at once all that is to be completed.",
)
RECORD_WITHDRAWAL = Text(zh="撤回申请已收到，待登记。", en="The withdrawal was received; put it on record.")
ISSUE = Text(zh="制作并送达联合审批结果文书。", en="Make the document of the joint result and hand it out.")


def record_decision(matter: Text) -> Text:
    return Text(
        zh=f"部门对“{matter.zh}”的决定已收到，待登记。",
        en=f"The department's decision on {matter.en} was received; put it on record.",
    )


# what a department has to do


def review(matter: Text) -> Text:
    return Text(zh=f"审查“{matter.zh}”并作出决定。", en=f"Review {matter.en} and decide.")


def hold(matter: Text, procedure: Text, nth: int) -> Text:
    """A special procedure; the first of its kind is not numbered."""
    zh, en = (f"（第{nth}次）", f" (no. {nth})") if nth > 1 else ("", "")
    return Text(
        zh=f"“{matter.zh}”：进行{procedure.zh}{zh}，结束后告知系统；其间不计入办理时限。",
        en=f"{matter.en}: hold the {procedure.en}{en} and say when it has ended; the time limit rests meanwhile.",
    )


def verify(matter: Text) -> Text:
    """Of a supervisor: a commitment, after the approval."""
    return Text(
        zh=f"核查“{matter.zh}”的承诺是否属实，并反馈结果。",
        en=f"Verify what was committed to for {matter.en}, and report back.",
    )


# what the window has to do

SETTLE_DOUBT = Text(
    zh="核对企业身份信息的疑点，并登记核实结果。",
    en="Look at the doubt about the enterprise's identity; record it.",
)


def agree_on_visit(matter: Text) -> Text:
    return Text(
        zh=f"“{matter.zh}”：约定联合踏勘时间，一次通知各参加部门和申请人。",
        en=f"{matter.en}: agree on a date for the joint site visit, with all departments and the applicant at once.",
    )
