"""What is told of supervision after the decision: to the enterprise what was found and what it can do; to who
supervises that something is late, or why nothing came of what was said.

Sources: mission 11 and 12; 国办发〔2020〕49号 (the basis is told, and who is to be found in breach is heard first).
"""

from datetime import date

from kaigong.domain.model.clock import Due
from kaigong.domain.model.supervision import MOST_FINDINGS, MOST_PHOTOS, SupervisionRefusal
from kaigong.domain.model.text import Text

from .clock import day, spelled

REFUSALS = {
    SupervisionRefusal.NOT_NOW: Text(
        zh="该监管记录目前不能这样办理：状态已经变化，或者已经办结。请重新打开后查看现在可以办什么。",
        en="This cannot be done now: the record has moved on or is closed. Open it again to see what can be done.",
    ),
    SupervisionRefusal.CHANGED: Text(
        zh="该监管记录刚被他人更新，您的填写没有登记。请重新打开，核对后再提交。",
        en="Somebody has just updated this record, so your entry was not taken. Open it again, check it and resubmit.",
    ),
    SupervisionRefusal.OWN_APPROVAL: Text(
        zh="该事项由您审批，不能由您检查（审管分离）。请由本部门其他人员办理。",
        en="You approved this matter, so somebody else of your department has to inspect it.",
    ),
    SupervisionRefusal.TOO_MANY_PHOTOS: Text(
        zh=f"该记录已有 {MOST_PHOTOS} 张照片，不能再上传。请在检查意见中写明其余情况。",
        en=f"This record has {MOST_PHOTOS} photos, which is as many as it may have. Describe the rest in the finding.",
    ),
    SupervisionRefusal.NOT_THE_INSPECTOR: Text(
        zh="本记录的检查人员由随机抽取确定，检查意见由被抽中的人员登记。被抽中的人员应当回避或者不能参加的，请先在本记录登记，"
        "系统随即另行抽取。",
        en="The inspectors of this record were drawn by chance, and one of them records what is found. If one has an "
        "interest or cannot come, say so on the record first: another one is drawn at once.",
    ),
    SupervisionRefusal.CONTESTED_BEFORE: Text(
        zh="该检查意见已申辩过一次，不能再次申辩。对答复不服的，可以依法申请行政复议或者提起行政诉讼。",
        en="This finding has been contested once. Against the answer you can apply for administrative review or sue.",
    ),
    SupervisionRefusal.TOO_LATE: Text(
        zh="申辩期限已过，没有登记。对处理不服的，可以依法申请行政复议或者提起行政诉讼。",
        en="The days for contesting are over, so nothing was recorded. You can apply for administrative review or sue.",
    ),
    SupervisionRefusal.TOO_OFTEN: Text(
        zh=f"该记录的排期或检查次数已达上限（检查至多 {MOST_FINDINGS} 次）。请作出最终检查意见。",
        en=f"This record has had as many dates or inspections as it may have ({MOST_FINDINGS} inspections). Record a "
        "finding that ends it.",
    ),
    SupervisionRefusal.NOT_THEN: Text(
        zh="日期已经过去，或者在一年以后，没有登记。请改为今后一年之内的日期。",
        en="That date has passed or is more than a year ahead, so nothing was recorded. Give one within the year.",
    ),
}

ROSTER_CHANGED = Text(
    zh="名录刚被他人更新，您的修改没有登记。请重新打开名录，核对后再提交。",
    en="Somebody has just updated the roster, so your change was not taken. Open it again, check it and resubmit.",
)
ROSTER_LINE = Text(
    zh="每行写一人：执法证号、姓名，有利害关系的再写企业的统一社会信用代码，以空格或者逗号分隔。"
    "证号为 4 至 30 位字母、数字和连字符；人员不超过 200 名，证号和姓名不得重复。",
    en="Write one person a line: the certificate's number, the name, and the credit codes of enterprises that he or "
    "she has an interest in, with spaces or commas between them. A number has 4 to 30 letters, digits and hyphens; "
    "there are 200 people at most, and no number or name stands twice.",
)


# to the enterprise


def to_rectify(matter: Text, due: Due, text: str, basis: str) -> Text:
    until = spelled(due)
    return Text(
        zh=f"“{matter.zh}”经检查须整改，限{until.zh}前完成，并在本页报告：{text}（依据：{basis}）。"
        "有异议的，可以在规定期限内申辩一次。",
        en=f"{matter.en} was inspected and something is to be rectified by {until.en}; report it on this page: {text} "
        f"(basis: {basis}). If you disagree, you can contest this once within the days given.",
    )


def found_broken(matter: Text, due: Due, text: str, basis: str) -> Text:
    until = spelled(due)
    return Text(
        zh=f"“{matter.zh}”经检查，拟认定未履行承诺或者许可条件：{text}（依据：{basis}）。"
        f"{until.zh}前可以在本页申辩一次；逾期未申辩的，记入失信记录。",
        en=f"{matter.en} was inspected; what was promised or required does not hold: {text} (basis: {basis}). You can "
        f"contest this once on this page until {until.en}; after that it goes on your record as a breach.",
    )


def stands(matter: Text, due: Due, text: str) -> Text:
    until = spelled(due)
    return Text(
        zh=f"对“{matter.zh}”检查意见的申辩未被采纳：{text}。请于{until.zh}前完成整改并报告。",
        en=f"What was found about {matter.en} stands: {text}. Rectify it and report that by {until.en}.",
    )


def set_aside(matter: Text, text: str) -> Text:
    return Text(
        zh=f"对“{matter.zh}”检查意见的申辩成立，检查意见已撤销：{text}。",
        en=f"You contested what was found about {matter.en}, and it is set aside: {text}.",
    )


def breach(matter: Text, text: str, basis: str, repairable: date) -> Text:
    since = day(repairable)
    return Text(
        zh=f"“{matter.zh}”已认定失信，记入失信记录：{text}（依据：{basis}）。修复前不适用绿色通道、容缺受理和告知承诺，"
        f"审批部门可以撤销许可；{since.zh}起可向信用平台申请信用修复。不服的，可以依法申请行政复议或者提起行政诉讼。",
        en=f"{matter.en}: a breach is on your record: {text} (basis: {basis}). Until it is repaired you cannot use the "
        "green channel, tolerated gaps or commitment, and the approving department may revoke the approval. From "
        f"{since.en} you can apply to the credit platform for a repair. Against this you can apply for administrative "
        "review or sue.",
    )


# to who supervises


def refused(matter: Text, why: Text) -> Text:
    return Text(
        zh=f"关于“{matter.zh}”监管的消息未被采纳：{why.zh}",
        en=f"A message about the supervision of {matter.en} did not count: {why.en}",
    )
