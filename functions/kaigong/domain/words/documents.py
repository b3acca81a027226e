"""What stands on the documents that the city issues (文书): titles, headings, set phrases.

Sources: 行政许可法 §32 (a written receipt, one notice with everything), §38 (a refusal gives reasons and remedies), §39
(a certificate carries the seal of the authority that decides); 国办发〔2020〕42号 (commitment); GB/T 9704-2012 (how an
official paper is laid out).
"""

from datetime import date, datetime

from kaigong.domain.model.documents import DocumentKind
from kaigong.domain.model.packet import ResultCode
from kaigong.domain.model.text import Text

from .clock import day

KINDS = {
    DocumentKind.RECEIPT: Text(zh="项目受理单", en="Acceptance receipt"),
    DocumentKind.FORM: Text(zh="投资项目审批申请表", en="Application form"),
    DocumentKind.GAP_NOTICE: Text(zh="容缺受理告知书", en="Notice of tolerated gaps"),
    DocumentKind.LETTER: Text(zh="告知承诺书", en="Letter of commitment"),
    DocumentKind.ONE_TIME_NOTICE: Text(zh="一次性告知书", en="One-time notice"),
    DocumentKind.CORRECTION_NOTICE: Text(zh="补正通知书", en="Correction notice"),
    DocumentKind.RESULT: Text(zh="联合审批结果通知书", en="Joint result"),
    DocumentKind.CERTIFICATE: Text(zh="准予行政许可决定书", en="Certificate of approval"),
    DocumentKind.REFUSAL: Text(zh="不予行政许可决定书", en="Decision of refusal"),
}


def ending(code: ResultCode) -> Text:
    """What the decision on a matter that is not approved is called."""
    match code:
        case ResultCode.RECALLED:
            return Text(zh="行政许可撤回通知书", en="Notice that an approval is recalled")
        case ResultCode.REVOKED:
            return Text(zh="行政许可撤销通知书", en="Notice that an approval is revoked")
        case _:
            return KINDS[DocumentKind.REFUSAL]


def of_matter(kind: Text, matter: Text) -> Text:
    """A document in a list, with the matter that it is about."""
    return Text(zh=f"{kind.zh}：{matter.zh}", en=f"{kind.en}: {matter.en}")


_SIGNS = {  # choice: what a document's number ends with
    DocumentKind.RECEIPT: "受理",
    DocumentKind.FORM: "申请",
    DocumentKind.GAP_NOTICE: "容缺",
    DocumentKind.LETTER: "承诺",
    DocumentKind.ONE_TIME_NOTICE: "告知",
    DocumentKind.CORRECTION_NOTICE: "补正",
    DocumentKind.RESULT: "结果",
    DocumentKind.CERTIFICATE: "准予",
    DocumentKind.REFUSAL: "不予",
}


def number(packet: str, kind: DocumentKind, subject: str = "") -> str:
    """A document's own number: of the packet, of its kind, and of the matter or notice where there are several."""
    return f"{packet}〔{_SIGNS[kind]}〕{subject}"


# labels

NUMBER = Text(zh="编号", en="No.")
PACKET = Text(zh="申报编号", en="Packet")
ENTERPRISE = Text(zh="申请人", en="Applicant")
HOLDER = Text(zh="被许可人", en="Holder")
USCC = Text(zh="统一社会信用代码", en="Credit code")
PROJECT = Text(zh="项目名称", en="Project")
PROJECT_CODE = Text(zh="项目代码", en="Project code")
PROCESS = Text(zh="项目类型", en="Project type")
SITE = Text(zh="项目地点", en="Site")
CHANNEL = Text(zh="办理通道", en="Channel")
SUBMITTED = Text(zh="收到申请", en="Received")
ACCEPTED_AT = Text(zh="受理时间", en="Accepted")
DECIDED_AT = Text(zh="决定时间", en="Decided")
DECIDED_ON = Text(zh="决定日期", en="Date of decision")
MATTER = Text(zh="事项名称", en="Matter")
MATTER_NUMBER = Text(zh="事项编码", en="Number of the matter")
DEPARTMENT = Text(zh="审批部门", en="Department")
ROUTE = Text(zh="办理方式", en="Route")
BASIS = Text(zh="许可依据", en="Legal basis")
OUTCOME = Text(zh="结果", en="Outcome")
WHOLE = Text(zh="总体结果", en="Result")
DOCUMENT = Text(zh="结果文书", en="Document")
VALIDITY = Text(zh="有效期限", en="Valid")
MATERIAL = Text(zh="材料名称", en="Paper")
FILES = Text(zh="件数", en="Files")
DUE = Text(zh="补交期限", en="Due")
PLACE = Text(zh="序号", en="No.")
WHAT = Text(zh="需要补正的内容", en="What is to be put right")
ABOUT = Text(zh="涉及", en="Concerns")
SIGNER = Text(zh="签署人", en="Signed by")
SIGNED_AS = Text(zh="签署身份", en="Signed as")
SIGNED_AT = Text(zh="签署时间", en="Signed on")
SIGNING = Text(zh="签署方式", en="How it was signed")
TEXT_HASH = Text(zh="文本摘要（SHA-256）", en="SHA-256 of the text")
FORM_FIELD = Text(zh="填报项", en="Field")
FORM_VALUE = Text(zh="填报内容", en="Filled in")

# headings

MATTERS = Text(zh="申请事项", en="Matters applied for")
MATERIALS = Text(zh="已收材料", en="Papers received")
GAPS = Text(zh="容缺材料", en="Promised papers")
REASONS = Text(zh="理由", en="Reasons")
CONDITIONS = Text(zh="许可条件", en="Conditions")
REMEDIES = Text(zh="权利救济", en="What can be done against it")
COMMITMENTS = Text(zh="告知承诺", en="Commitments")
SIGNATURE = Text(zh="签署记录", en="Record of the signature")
DATA = Text(zh="数据附件", en="The same as data")
SUMMARY = Text(zh="各事项结果", en="Results, matter by matter")

# sentences


def receipt(enterprise: str, project: str) -> Text:
    return Text(
        zh=f"{enterprise}：你单位就“{project}”提出的申请，经审查，申请材料符合受理条件，"
        "根据《中华人民共和国行政许可法》第三十二条的规定，予以受理。各审批部门同时审查，办理结果统一告知。",
        en="Your application meets the conditions and is accepted under article 32 of the Administrative Licensing "
        "Law. All departments review at the same time; you will be told one joint result.",
    )


WATCH = Text(
    zh="请妥善保管本受理单。凭下方二维码可随时查看全部事项的办理进度。",
    en="Please keep this receipt. The code below shows how every matter stands, at any time.",
)


def one_time(enterprise: str, project: str) -> Text:
    return Text(
        zh=f"{enterprise}：你单位就“{project}”提出的申请，材料不齐全或者不符合法定形式。"
        "根据《中华人民共和国行政许可法》第三十二条的规定，现将需要补正的全部内容一次告知如下。"
        "已经合格的材料不需要重新提交。",
        en="Your application is not complete, or not in the form that the law wants. Article 32 of the Administrative "
        "Licensing Law has us tell everything at once; here it is. What was in order need not be submitted again.",
    )


def correction(enterprise: str, project: str) -> Text:
    return Text(
        zh=f"{enterprise}：你单位就“{project}”提出的申请正在审查。经各审批部门审查，以下内容需要补正，现一次告知。"
        "补正期间不计入审批时限。",
        en="Your application is under review. The departments ask for the corrections below, told here all at once. "
        "Time limits rest until they come.",
    )


SUBMIT_AGAIN = Text(
    zh="请按上述内容补正后重新提交。对告知内容有疑问的，可以向综合窗口咨询。特此告知。",
    en="Please put this right and submit again. The service window answers questions about this notice.",
)
FORM_ANSWERED_FOR = Text(
    zh="以上内容由申请人填报，申请人对其真实性负责。", en="The applicant filled this in and answers for its truth."
)


def correct_by(until: Text) -> Text:
    return Text(
        zh=f"请于{until.zh}前补正；逾期未补正的，视为撤回申请。",
        en=f"Please correct by {until.en}. What does not come by then counts as a withdrawal.",
    )


def gap_notice(enterprise: str, project: str) -> Text:
    return Text(
        zh=f"{enterprise}：你单位就“{project}”提出的申请，主要材料齐全且符合法定形式，以下非主要材料尚缺。"
        "根据你单位的承诺，先予受理并进入审查，请在期限内补交。",
        en="The main papers of your application are complete and in order; those below are still missing. On your "
        "promise the application is accepted and reviewed all the same. Please submit them by the dates given.",
    )


GAP_CONSEQUENCE = Text(
    zh="逾期未补交的，按失信记录处理，信用修复前不再适用容缺受理；有关部门可以依法撤销已作出的许可。"
    "项目申请联合验收前，容缺材料应当全部补齐。",
    en="What does not come in time goes on record as a breach of promise: until that is repaired nothing is tolerated, "
    "and the department may revoke what it granted. All of it is due before the project applies for joint acceptance.",
)


def accepted_letter(number: str) -> Text:
    return Text(
        zh=f"以下承诺书由申请人在申报{number}中作出，受理时按此文本登记。",
        en=f"The applicant made the following commitment in packet {number}; this is the text on record.",
    )


def form(number: str) -> Text:
    return Text(
        zh=f"以下内容由申请人在网上填报，受理申报{number}时按此登记，代替纸质申请表。",
        en=f"The applicant filled this in as data. It was put on record when packet {number} was accepted, and stands "
        "in the place of the form on paper.",
    )


def result(enterprise: str, project: str, outcome: Text) -> Text:
    return Text(
        zh=f"{enterprise}：你单位就“{project}”提出的申请，各审批部门已全部作出决定，总体结果为：{outcome.zh}。"
        "现将各事项的决定一并告知如下。",
        en=f"Every department has decided on your application. As a whole it is {outcome.en}. The decisions follow, "
        "matter by matter.",
    )


ATTACHED = Text(
    zh="本通知书附有同一内容的数据文件（joint-result.json），可由信息系统直接读取。",
    en="This file carries the same content as data (joint-result.json), for systems to read.",
)


def granted(enterprise: str, matter: Text, department: Text) -> Text:
    return Text(
        zh=f"{enterprise}申请的“{matter.zh}”，经{department.zh}审查，符合法定条件、标准。"
        "根据《中华人民共和国行政许可法》第三十八条的规定，决定准予许可。",
        en=f"{department.en} has reviewed the application for “{matter.en}”. It meets the conditions and standards of "
        "the law, and is approved under article 38 of the Administrative Licensing Law.",
    )


def refused(enterprise: str, matter: Text, department: Text) -> Text:
    return Text(
        zh=f"{enterprise}：你单位申请的“{matter.zh}”，经{department.zh}审查，不符合法定条件、标准。"
        "根据《中华人民共和国行政许可法》第三十八条的规定，决定不予许可。",
        en=f"{department.en} has reviewed your application for “{matter.en}”. It does not meet the conditions and "
        "standards of the law, and is refused under article 38 of the Administrative Licensing Law.",
    )


def taken_back(enterprise: str, matter: Text, department: Text, outcome: Text) -> Text:
    return Text(
        zh=f"{enterprise}：{department.zh}就“{matter.zh}”作出的许可，已依法收回（{outcome.zh}），现予告知。",
        en=f"{department.en} granted “{matter.en}” and has taken that back since: {outcome.en}.",
    )


NO_REASON = Text(
    zh="前置事项未获批准，本事项不再审查。", en="What comes before it was not approved, so it was not reviewed."
)
NO_CONDITIONS = Text(zh="无附加条件。", en="No conditions.")
NO_CODE = Text(zh="尚未赋码", en="none yet")
UNTIL_CHANGED = Text(zh="长期有效，法律、法规另有规定的除外", en="without an end, unless the law says otherwise")
BY_RULES = Text(zh="规则当场决定", en="decided by rules")


def valid(since: date, until: date) -> Text:
    return Text(zh=f"{day(since).zh}至{day(until).zh}", en=f"{day(since).en} to {day(until).en}")


def with_gaps(materials: Text) -> Text:
    return Text(zh=f"尚待补交：{materials.zh}。", en=f"Still to follow: {materials.en}.")


# what every document ends with

SCAN = Text(
    zh="扫码查看办理进度和本文书是否仍然有效",
    en="Scan to see how the application stands, and whether this still holds",
)
SIGN_IN = Text(zh="扫码登录后查看本申请", en="Scan and sign in to see this application")
SEALED = Text(
    zh="本文书加盖电子印章，与纸质文书具有同等法律效力；打印件以电子件为准。",
    en="This document carries an electronic seal and counts as one on paper. The electronic file prevails over prints.",
)


def head(entries: int, head: str) -> Text:
    return Text(zh=f"存证：第{entries}条，{head}", en=f"Ledger entry {entries}")


SEAL_PURPOSE = "行政审批专用章"  # what the seal itself says; Chinese alone, as seals are
SEAL = Text(zh="电子印章", en="Electronic seal")


def seal_alt(issuer: Text) -> Text:
    return Text(zh=f"{issuer.zh}电子印章", en=f"Electronic seal of {issuer.en}")


def lost(characters: tuple[str, ...]) -> Text:
    """Characters that the fonts do not have stand in the text by their code points."""
    return Text(
        zh=f"文中〔{'〕〔'.join(characters)}〕为字库未收录的字，以统一码表示；登记信息保留原字。",
        en="Characters that the fonts do not have are given by their code points; the record has them as written.",
    )


def made_on(at: datetime) -> Text:
    return day(at)
