"""What the form says before an application is handed in: what is missing on it, and why nothing can be handed in now.

Sources: mission 7 (guidance before submission), 8 (one form), 5 (a letter is read in full before it is accepted).
"""

from kaigong.domain.model.text import Text

# fields that are needed and blank, or filled in wrongly: by the form's names

FIELDS = {
    "enterprise.name": Text(
        zh="请填写企业名称（与营业执照一致，不超过 200 字）。",
        en="Enter the enterprise's name as on its business licence, in at most 200 characters.",
    ),
    "enterprise.legal_representative": Text(
        zh="法定代表人姓名过长，请不超过 200 字。",
        en="The legal representative's name is too long: use at most 200 characters.",
    ),
    "enterprise.phone": Text(
        zh="联系电话须为 3 至 40 个字符，如 0370-1234567。",
        en="A telephone number has 3 to 40 characters, for example 0370-1234567.",
    ),
    "enterprise.address": Text(
        zh="住所过长，请不超过 200 字。", en="The registered address is too long: use at most 200 characters."
    ),
    "project.name": Text(
        zh="请填写项目名称（与备案证明一致，不超过 200 字）。",
        en="Enter the project's name as on its filing certificate, in at most 200 characters.",
    ),
    "project.code": Text(
        zh="项目代码的格式为 YYMM-RRRRRR-DD-TT-NNNNNN，如 2603-411400-04-01-123456；尚未赋码的请留空。",
        en="A project code has the form YYMM-RRRRRR-DD-TT-NNNNNN, for example 2603-411400-04-01-123456. "
        "Leave it blank if none has been assigned yet.",
    ),
    "project.address": Text(
        zh="建设地点过长，请不超过 200 字。", en="The site address is too long: use at most 200 characters."
    ),
}


# letters


AUTHOR_FIELDS = {  # of who drew a paper up: what to do where it is missing or cannot be right
    "name": Text(zh="请填写机构名称，200 字以内", en="give the intermediary's name, at most 200 characters"),
    "uscc": Text(
        zh="统一社会信用代码须为 18 位数字和大写字母，不知道的留空",
        en="the credit code has 18 digits and capital letters; leave it blank if you do not know it",
    ),
    "certificate": Text(zh="证书编号不超过 100 字", en="the certificate number has at most 100 characters"),
    "valid_until": Text(
        zh="证书有效期请按 2027-06-30 的形式填写，没有的留空",
        en="write the last day of the certificate as 2027-06-30, or leave it blank",
    ),
    "responsible": Text(zh="负责人姓名不超过 100 字", en="the responsible person's name has at most 100 characters"),
}


def author(material: Text, wrong: Text) -> Text:
    """What is wrong with who is said to have drawn up a material."""
    return Text(zh=f"“{material.zh}”的编制机构：{wrong.zh}。", en=f"Intermediary of {material.en}: {wrong.en}.")


def unsigned(letter: Text) -> Text:
    """A letter that is still to be read and accepted."""
    return Text(zh=f"请阅读并签署《{letter.zh}》。", en=f"Read and sign: {letter.en}.")


def unsigned_again(letter: Text) -> Text:
    """One that was accepted as it read before."""
    do = unsigned(letter)
    return Text(
        zh=f"填报内容有变，承诺书随之更新。{do.zh}",
        en=f"Your entries changed, so the letter was updated. {do.en}",
    )


# nothing can be handed in now

WITHDRAWN = Text(
    zh="该申请已撤回，不再接收材料；需要办理的，请重新发起申请。",
    en="This application was withdrawn and accepts no more papers. Please start a new one.",
)
WITHDRAWN_OWING = Text(  # no application, while something promised for what was approved is owed
    zh="该申请已撤回，不能再次提交；已批准事项的容缺材料上传后自动登记。",
    en="This application was withdrawn and cannot be submitted again. Papers promised for what was approved are "
    "recorded as soon as you upload them.",
)
BEING_LOOKED_AT = Text(
    zh="已提交，正在作受理检查，通常几秒完成；请稍候刷新。",
    en="Submitted and being checked for acceptance, which usually takes a few seconds. Wait a moment and refresh.",
)
IN_REVIEW = Text(  # no paper
    zh="该申请已受理，此项材料现在不能更换；部门要求补正时会通知您。",
    en="The application has been accepted, so this paper cannot be replaced now. You will be told if a "
    "department asks for a correction.",
)
HANDED_IN = Text(  # no application
    zh="该申请已受理，不能再次提交；容缺材料上传后自动登记。",
    en="The application has been accepted and cannot be submitted again. Promised papers are recorded "
    "as soon as you upload them.",
)
