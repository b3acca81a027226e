"""What is told of a paper that was to come again, or that follows a promise, and did not come or cannot be used.

Source: mission 7 (一次性告知: what is wrong, why, and what to do).
"""

from collections.abc import Iterable

from kaigong.domain.model.clock import Due
from kaigong.domain.model.text import Text

from .clock import spelled

_NOT_YET = Text(zh="尚未重新上传，请上传补正后的文件。", en="not uploaded again yet. Upload the corrected file.")


def still_missing(name: Text) -> Text:
    """A paper that a department wants corrected, and that did not come again."""
    return _of(name, _NOT_YET)


def unusable(name: Text, reasons: Iterable[Text]) -> Text:
    """A paper that came, and every reason why it does not count."""
    why = list(reasons)
    return _of(name, Text(zh="；".join(t.zh for t in why), en=" ".join(t.en for t in why)))


def _of(name: Text, why: Text) -> Text:
    return Text(zh=f"“{name.zh}”：{why.zh}", en=f"{name.en}: {why.en}")


def due_soon(due: Due) -> Text:
    """A reminder before a correction lapses."""
    until = spelled(due)
    return Text(
        zh=f"补正通知书所列各项须于{until.zh}前补正并重新提交，逾期未补正的，视为撤回申请。",
        en=f"The corrections in your correction notice are due by {until.en}. If they are not submitted by "
        "then, the application counts as withdrawn.",
    )


LAPSED = Text(
    zh="补正期限已过，未收到齐全的补正材料，申请视为撤回，未办结的事项不再办理；已作出的决定仍然有效。"
    "再次申报请使用新的材料包编号；需要帮助的，请联系综合窗口。",
    en="The time for corrections has passed and not all of them arrived, so the application counts as "
    "withdrawn. Matters not yet decided are closed; decisions already made remain in force. To "
    "apply again, use a new packet id. The service window can help.",
)
