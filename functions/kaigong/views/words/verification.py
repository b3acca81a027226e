"""What whoever verifies a document is told. Source: mission 14."""

from kaigong.domain.model.documents import JOINT_RESULT, RESULT_ARCHIVE, pdf
from kaigong.domain.model.text import Text
from kaigong.domain.words import documents

_KINDS = {
    JOINT_RESULT: Text(zh="联合审批结果", en="Joint result"),
    RESULT_ARCHIVE: Text(zh="全部结果文书（压缩包）", en="All documents of the result, as one archive"),
    **{pdf(kind): name for kind, name in documents.KINDS.items()},  # sealed, as people read them
}
STANDS = Text(
    zh="其中的批准没有被撤回或撤销，也没有更新的版本。",
    en="No approval in it was taken back, and no newer version was issued.",
)
SAYS_STILL = Text(
    zh="它所写的内容当时属实，之后没有被新的文书取代。",
    en="What it says held when it was issued, and nothing has taken its place since.",
)
ANSWERED = Text(
    zh="它要求补正的内容之后已经处理，请以后来的文书为准。",
    en="What it asks for has been dealt with since; go by the documents that came after it.",
)
WITHDRAWN = Text(zh="该申请之后已经撤回，不再办理。", en="The application was withdrawn since, and ended.")
NEWER = Text(
    zh="同一申请之后签发了新的版本，请以新版本为准。",
    en="A newer version was issued for the same application; go by that one.",
)
NO_SUCH_FILE = Text(
    zh="我们没有签发过内容与此完全相同的文件：它可能被改动过（哪怕一个字符、另存或重新打印成 PDF），"
    "也可能不是我们签发的。"
    "请向持有人索要原始文件，或输入文件上的申请编号核验。",
    en="We have issued no file that is exactly like this one. It may have been changed, if only by one character or by "
    "saving it anew, or it is not ours. Ask for the original file, or verify by the application number on it.",
)
NO_SUCH_NUMBER = Text(
    zh="这个编号下没有签发过文件。请核对编号；刚提交的申请，还没有可核验的文件。",
    en="No document was issued under this number. Check the number; of a new application there is none yet.",
)


def kind(code: str) -> Text:
    """What a document is called; a kind without a name here by its code."""
    return _KINDS.get(code, Text(zh=code, en=code))


def issued(kind: Text) -> Text:
    return Text(zh=f"由本系统签发：{kind.zh}。", en=f"Issued by us: {kind.en.lower()}.")


def not_the_file(kind: Text) -> Text:
    return Text(
        zh=f"它带有我们的申请编号，但内容与我们在该编号下签发的{kind.zh}不一致。"
        "即使其中的电子签章仍显示有效，也不改变这一结论。"
        "请向持有人索要原始文件。",
        en=f"It has a number of ours, but its content is not that of the {kind.en.lower()} that we issued under it. "
        "This is so even if a signature in it still holds. Ask for the original file.",
    )


def ended(what: Text) -> Text:
    return Text(zh=f"其中一个事项{what.zh}。", en=f"One matter in it: {what.en}.")


def gaps_closed(closed: int, said: int) -> Text:
    return Text(
        zh=f"文件写明容缺的 {said} 份材料，其中 {closed} 份之后已经补齐；其余内容不变。",
        en=f"Of {said} papers that it calls missing, {closed} followed since; the rest of it stands.",
    )
