"""Why a message of a department does not count, as the department is told. Source: design.md, "Contracts"."""

from kaigong.domain.model.text import Text

REFUSED = {
    "unreadable": Text(zh="内容不符合格式，或文字过长", en="it does not fit the schema, or is too long"),
    "wrong-token": Text(zh="回复令牌与任务不符", en="its reply token does not match the task"),
    "old-round": Text(zh="答复的是较早一轮的任务", en="it answers an earlier round of the task"),
    "unknown-slot": Text(zh="所指材料不属于该事项", en="a reason names a paper that the matter does not have"),
    "already-decided": Text(
        zh="该任务已有答复，以先收到的为准", en="the task has already been answered; the first answer counts"
    ),
    "withdrawn": Text(zh="申请已撤回，任务不再办理", en="the application was withdrawn and the task is closed"),
    "not-in-review": Text(zh="该事项不在审查中", en="the matter is not under review"),
    "untimely": Text(zh="约定的时间已过，或不在工作时间", en="the appointment has passed or is outside opening hours"),
    "not-approved": Text(zh="没有可以收回的批准", en="there is no approval to take back"),
    "unknown-review": Text(zh="没有这项审查任务", en="there is no such review"),
}

_SEND_AGAIN = Text(zh="请核对后重新发送。", en="Please check it and send it again.")
_WHAT_TO_DO = {
    "withdrawn": Text(
        zh="无须再发送，请将该任务从待办中移除。", en="Send nothing again, and take the task off your list."
    ),
}


def refused(matter: Text, reason: str) -> Text:
    """The title of the notice: about which matter, why its message did not count, and what to do."""
    why, what = REFUSED[reason], _WHAT_TO_DO.get(reason, _SEND_AGAIN)
    return Text(
        zh=f"贵部门就“{matter.zh}”发来的消息未被采纳：{why.zh}。{what.zh}",
        en=f"Your message about {matter.en} was not taken: {why.en}. {what.en}",
    )
