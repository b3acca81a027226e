"""What is told of mandates on paper (授权委托书): why one is not recorded, and that the window handed in on one.

Sources: 民法典 §165, §173.
"""

from kaigong.domain.model.text import Text

NO_SCAN = Text(
    zh="本申请中还没有检查完毕的授权委托书。请先在“材料”中上传签章的授权委托书扫描件，检查合格后再登记。",
    en="This application has no letter of authorisation that was examined. Upload the signed scan under Papers "
    "first, and record the mandate once it is found valid.",
)
BAD_SCAN = Text(
    zh="上传的授权委托书不合格，原因见“材料”。请重新上传签章清晰、写明本企业名称的授权委托书。",
    en="The letter of authorisation that was uploaded is not acceptable; Papers says why. Upload a clear, signed "
    "one that names this enterprise.",
)
BAD_TERM = Text(
    zh="授权期限不对：终止日应在起始日之后，未过期，且一次不超过三年。请按授权委托书填写。",
    en="The term cannot be right: it ends after it begins, is not over yet, and is three years at most. Take it from "
    "the letter of authorisation.",
)
NO_PROJECT = Text(
    zh="授权限于一个项目的，申请中须先填写项目代码。请填写后再登记，或者选择“仅本申请”。",
    en="A mandate for a project needs the project's code on the form. Fill it in first, or choose this application "
    "alone.",
)
TOO_MANY = Text(
    zh="该企业登记的授权委托书过多。请与运维联系。",
    en="Too many mandates are on record for this enterprise. Please contact operations.",
)


def handed_in(number: str) -> Text:
    """The window handed in for the enterprise: on which mandate, and what the enterprise can do about it."""
    return Text(
        zh=f"综合窗口凭贵单位的授权委托书（登记号 {number}）代为提交了本申请。如非本意，请在作出决定之前撤回申请，"
        "并在“我的申请”的“授权委托书”中终止授权；也可以联系综合窗口。",
        en=f"The service window submitted this application for you on your letter of authorisation (number {number}). "
        "If you did not want that, withdraw the application before the decision and end the mandate under My "
        "applications, Mandates; or contact the window.",
    )
