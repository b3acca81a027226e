"""What is told once an application is withdrawn (撤回申请), to the applicant and to departments that had it. Why one
cannot be withdrawn any more: acts.py.

Source: mission, "Facts from law and standards" (code 2).
"""

from kaigong.domain.model.clock import Due
from kaigong.domain.model.messages import WithdrawnBy
from kaigong.domain.model.text import Text, unstopped

from .clock import spelled

NOT_REVIEWED = {  # what a department is told whose task is taken back
    WithdrawnBy.APPLICANT: Text(
        zh="申请人已撤回申请，该事项不再审查。", en="The applicant withdrew the application, so this review is closed."
    ),
    WithdrawnBy.WINDOW: Text(
        zh="综合窗口已撤回这份重复申报，该事项不再审查。",
        en="The service window withdrew this application, a repetition of another one, so this review is closed.",
    ),
    WithdrawnBy.LAPSE: Text(
        zh="申请人逾期未补正，视为撤回申请，该事项不再审查。",
        en="Corrections did not come in time, so the application counts as withdrawn and this review is closed.",
    ),
}


def withdrawn(reason: str) -> Text:
    """By the applicant, or by the window for one of two packets that apply for the same; `reason` as it was given."""
    reason = unstopped(reason)
    return Text(
        zh=f"申请已按要求撤回，未办结的事项不再办理。理由：{reason}。再次申报请使用新的材料包编号。",
        en=f"The application is withdrawn as asked; what was not decided goes no further. Reason given: {reason}. "
        "To apply again, use a new packet id.",
    )


def approved_before(matters: Text) -> Text:
    """What becomes of the matters that were approved before the application ended."""
    return Text(
        zh=f"此前已批准的事项（{matters.zh}）继续有效；填有项目代码的，同一项目以后的申请可以直接使用。"
        "本申请不再出具联合审批结果和批准文书；需要书面证明的，请联系综合窗口。",
        en=f"What was approved before ({matters.en}) remains valid; with a project code, later applications for the "
        "same project can rest on it. No joint result and no certificate is issued for this application; if you need "
        "written proof, ask the service window.",
    )


def owed(name: Text, due: Due) -> Text:
    """A material that was promised for a matter that was approved before the end."""
    until = spelled(due)
    return Text(
        zh=f"已批准的事项有容缺材料“{name.zh}”未补齐，仍须于{until.zh}前补齐，逾期按失信处理。",
        en=f"{name.en} was promised for what was approved and is still due by {until.en}; an overdue one counts as a "
        "breach of promise.",
    )


def late(name: Text) -> Text:
    """The same where its date has passed: it is on record as a breach."""
    return Text(
        zh=f"已批准的事项有容缺材料“{name.zh}”逾期未补齐，已记入失信记录，仍须补交：请立即补交。",
        en=f"{name.en} was promised for what was approved and is overdue, which is recorded as a breach. It is still "
        "owed: supply it now.",
    )
