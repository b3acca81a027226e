"""What things are called: each state, verdict, outcome, route, channel, role once, in both languages.

Pages, messages, the ledger, the `kaigong` command and the charts in schemas/ all take their names from here; what
the views work out beside it (views/states.py) builds on it. The names of the national exchange standard are the
standard's own and stand in views/national.py.

In English a label that stands alone begins with a capital (a state, a verdict, a route, a channel, a stage); `within`
gives it as it stands in a sentence. Everything else is written as it stands in a sentence; `label` gives it alone.
"""

from kaigong.domain.model.benefits import BenefitEvent, BenefitState
from kaigong.domain.model.catalogue import IntermediaryKind, Route, Stage, TeamRole
from kaigong.domain.model.deadline import DeadlineKind, Light, Reminder
from kaigong.domain.model.facts import Active, Difference, Limit, Other, SealState, Verdict
from kaigong.domain.model.form import FilledFrom
from kaigong.domain.model.hand_out import Way
from kaigong.domain.model.ledger import Fault
from kaigong.domain.model.mandate import MandateScope
from kaigong.domain.model.messages import Channel, Outcome, ProcedureKind, Replacement, RevocationKind
from kaigong.domain.model.packet import NoticeKind, ResultCode, ReviewState, Status
from kaigong.domain.model.people import PersonRights, Wanted
from kaigong.domain.model.policy import FactKind
from kaigong.domain.model.problems import Counted, RiskLevel
from kaigong.domain.model.remark import RemarkKind
from kaigong.domain.model.roster import Bar
from kaigong.domain.model.signature import Role, SignatureLevel, Signing
from kaigong.domain.model.slip import SlipKind
from kaigong.domain.model.standing import Privilege
from kaigong.domain.model.states import PacketEvent, ReviewEvent
from kaigong.domain.model.supervision import Drawn, Ending, FindingOutcome, SupervisionEvent, SupervisionState
from kaigong.domain.model.text import Text
from kaigong.domain.model.waiting import RETURNED_DAYS, StuckReason, Wait


def within(label: Text) -> Text:
    """A label as it stands in a sentence."""
    return label.changed(en=label.en[0].lower() + label.en[1:])


def label(name: Text) -> Text:
    """A name as it stands alone."""
    return name.changed(en=name.en[0].upper() + name.en[1:])


# who

APPLICANT = Text(zh="申请人", en="the applicant")
SYSTEM = Text(zh="系统", en="the system")
WINDOW = Text(zh="综合窗口", en="the service window")
NOBODY = Text(zh="无", en="nobody")

TEAM_ROLES = {  # of a department, in the service team 1+6+N
    TeamRole.LEAD: Text(zh="牵头", en="lead"),
    TeamRole.CHIEF: Text(zh="首席代表", en="chief representative"),
    TeamRole.SERVICE: Text(zh="按需参加", en="as needed"),
}

# a packet

STATUSES = {
    Status.RETURNED: Text(zh="待补正", en="Returned for completion"),
    Status.IN_REVIEW: Text(zh="并联审查中", en="In review"),
    Status.CORRECTING: Text(zh="待补正", en="Corrections requested"),
    Status.DECIDED: Text(zh="已作出决定", en="Decided"),
    Status.ISSUED: Text(zh="已出件", en="Issued"),
    Status.WITHDRAWN: Text(zh="已撤回", en="Withdrawn"),
}
PACKET_EVENTS = {
    PacketEvent.RETURNED: Text(zh="退回补正", en="returned"),
    PacketEvent.ACCEPTED: Text(zh="受理", en="accepted"),
    PacketEvent.CORRECTIONS_ASKED: Text(zh="通知补正", en="corrections requested"),
    PacketEvent.CORRECTED: Text(zh="补正齐全", en="corrected"),
    PacketEvent.WITHDRAWN: Text(zh="撤回申请", en="withdrawn"),
    PacketEvent.DECIDED: Text(zh="作出联合审批结果", en="decided"),
    PacketEvent.CORRECTIONS_RETRACTED: Text(zh="补正要求收回", en="corrections taken back"),
    PacketEvent.ISSUED: Text(zh="出件", en="issued"),
}
CHANNELS = {
    Channel.GREEN: Text(zh="绿色通道", en="Green channel"),
    Channel.ORDINARY: Text(zh="普通通道", en="Ordinary channel"),
}
STAGES = {
    Stage.LAND: Text(zh="立项用地规划许可", en="Land use and project filing"),
    Stage.PLANNING: Text(zh="工程建设许可", en="Planning permit"),
    Stage.CONSTRUCTION: Text(zh="施工许可", en="Construction permit"),
    Stage.ACCEPTANCE: Text(zh="竣工验收", en="Acceptance on completion"),
    Stage.ALONGSIDE: Text(zh="并行推进", en="In parallel"),
}

# how a matter is done, and what is open to an enterprise

ROUTES = {
    Route.APPROVAL: Text(zh="一般审批", en="Approval"),
    Route.TOLERATED: Text(zh="容缺受理", en="Tolerated gaps"),
    Route.COMMITMENT: Text(zh="告知承诺", en="Commitment"),
}
PRIVILEGES = {
    Privilege.COMMITMENT: within(ROUTES[Route.COMMITMENT]),
    Privilege.TOLERANCE: within(ROUTES[Route.TOLERATED]),
    Privilege.PRIORITY: Text(zh="优先办理", en="priority handling"),
    Privilege.TEAM: Text(zh="服务专班", en="the service team"),
    Privilege.MAILING: Text(zh="免费邮寄", en="free mailing"),
    Privilege.HELP: Text(zh="帮办代办", en="assistance by the service team"),
}
SIGNINGS = {  # how a commitment letter was accepted
    Signing.ELECTRONIC: Text(zh="在线签署", en="signed online"),
    Signing.MANIFEST: Text(zh="随申报清单签署", en="signed with the manifest"),
    Signing.UPLOADED: Text(zh="上传签署件", en="signed letter uploaded"),
}
SIGNATURE_LEVELS = {  # what a signature is worth
    SignatureLevel.CONFIRMED: Text(
        zh="系统内确认，等同本人点击确认，非电子签名",
        en="confirmed in the system: the person pressed to confirm; not an electronic signature",
    ),
    SignatureLevel.STATED: Text(
        zh="申报清单载明，未经核验", en="stated by the manifest, not vouched for by the system"
    ),
    SignatureLevel.PAPER: Text(zh="纸质签章，上传扫描件", en="signed and sealed on paper, scan uploaded"),
}
ROLES = {
    Role.LEGAL_REPRESENTATIVE: Text(zh="法定代表人", en="legal representative"),
    Role.AUTHORISED_AGENT: Text(zh="授权经办人", en="authorised agent"),
}
NO_ROLE = Text(zh="未载明身份", en="role not stated")

# a material

INTERMEDIARIES = {  # what an intermediary is fit for
    IntermediaryKind.PLANNING: Text(zh="城乡规划编制", en="urban and rural planning"),
    IntermediaryKind.DESIGN: Text(zh="工程设计", en="engineering design"),
    IntermediaryKind.SURVEY: Text(zh="工程勘察", en="geotechnical survey"),
    IntermediaryKind.MAPPING: Text(zh="测绘", en="surveying and mapping"),
    IntermediaryKind.AIR_DEFENCE: Text(zh="人防工程设计", en="air defence design"),
    IntermediaryKind.LIGHTNING: Text(zh="防雷装置设计", en="lightning protection design"),
    IntermediaryKind.SOIL: Text(zh="水土保持方案编制", en="soil conservation"),
    IntermediaryKind.WATER: Text(zh="洪水影响评价和水资源论证", en="flood impact and water resources"),
    IntermediaryKind.ENVIRONMENT: Text(zh="环境影响评价", en="environmental impact"),
    IntermediaryKind.ENERGY: Text(zh="节能评估", en="energy assessment"),
    IntermediaryKind.SAFETY: Text(zh="安全评价", en="safety assessment"),
    IntermediaryKind.TRAFFIC: Text(zh="交通影响和公路安全评价", en="traffic and highway safety"),
    IntermediaryKind.GEOLOGY: Text(zh="地质灾害和压覆矿产评估", en="geological hazards and minerals"),
    IntermediaryKind.LAND: Text(zh="土地咨询", en="land use"),
    IntermediaryKind.TESTING: Text(zh="检验检测", en="testing"),
    IntermediaryKind.FIRE: Text(zh="消防技术服务", en="fire protection services"),
    IntermediaryKind.HERITAGE: Text(zh="考古调查勘探", en="archaeological survey"),
    IntermediaryKind.REVIEW: Text(zh="技术审查和评估", en="technical review"),
}

VERDICTS = {
    Verdict.VALID: Text(zh="合格", en="Valid"),
    Verdict.WARNING: Text(zh="有提示", en="Please check"),
    Verdict.DEFICIENT: Text(zh="不合格", en="Not acceptable"),
}
REPLACEMENTS = {  # what stands in its place
    Replacement.COMMITMENT: Text(zh="以承诺代替", en="Replaced by commitment"),
    Replacement.SHARED: Text(zh="系统共享获取", en="Fetched by the system"),
    Replacement.GAP: Text(zh="承诺后补", en="Promised for later"),
    Replacement.RESULT: Text(zh="以批准结果代替", en="Replaced by the approval"),
    Replacement.FORM: Text(zh="已在网上填写", en="Filled in as data"),
}
FILLED_FROM = {  # where a field of the one form is filled in from
    FilledFrom.LEGAL_REPRESENTATIVE: Text(
        zh="信用平台登记的法定代表人", en="legal representative on the credit record"
    ),
    FilledFrom.ADDRESS: Text(zh="信用平台登记的住所", en="registered address on the credit record"),
    FilledFrom.ENTERPRISE: Text(zh="本企业此前的申请", en="an earlier application of the enterprise"),
    FilledFrom.PROJECT: Text(zh="本项目此前的申请", en="an earlier application for the project"),
}
LIMITS = {  # bounds of examination
    Limit.CPU: Text(zh="运算时间", en="computing time"),
    Limit.TIME: Text(zh="检查时间", en="time"),
    Limit.MEMORY: Text(zh="内存", en="memory"),
    Limit.CRASH: Text(zh="阅读程序异常退出", en="the reading program crashed"),
    Limit.SYNTAX: Text(zh="结构层次或数量", en="nesting depth or size"),
    Limit.PAGES: Text(zh="页数", en="pages"),
    Limit.OBJECTS: Text(zh="对象数量", en="objects"),
    Limit.PIXELS: Text(zh="像素", en="pixels"),
    Limit.BYTES: Text(zh="读取数据量", en="bytes read"),
    Limit.REQUESTS: Text(zh="读取次数", en="reads"),
    Limit.SECOND_READER: Text(zh="复核", en="second reading"),
}
DIFFERENCES = {  # in what two readers see different documents
    Difference.OPENS: Text(zh="能否打开", en="whether it opens"),
    Difference.PAGES: Text(zh="页数", en="pages"),
    Difference.SIGNATURES: Text(zh="签名", en="signatures"),
    Difference.TEXT: Text(zh="首页内容", en="first page"),
}
OTHERS = {  # kinds of files that no material takes
    Other.WORD: Text(zh="Word 文档", en="a Word document"),
    Other.EXCEL: Text(zh="Excel 表格", en="an Excel sheet"),
    Other.SLIDES: Text(zh="演示文稿", en="a slide show"),
    Other.WPS: Text(zh="WPS 文档", en="a WPS document"),
    Other.LOCKED_OFFICE: Text(zh="设有密码的 Office 文档", en="an Office document with a password"),
    Other.CAJ: Text(zh="CAJ 文献", en="a CAJ document"),
    Other.DWG: Text(zh="AutoCAD 图纸（DWG/DXF）", en="an AutoCAD drawing (DWG or DXF)"),
    Other.AVIF: Text(zh="AVIF 图片", en="an AVIF picture"),
    Other.GIF: Text(zh="GIF 图片", en="a GIF picture"),
    Other.BMP: Text(zh="BMP 图片", en="a BMP picture"),
    Other.RAR: Text(zh="RAR 压缩包", en="a RAR archive"),
    Other.ARCHIVE: Text(zh="压缩包", en="an archive"),
    Other.WEB_PAGE: Text(zh="网页", en="a web page"),
}
SEAL_STATES = {
    SealState.VALID: Text(zh="有效", en="holds"),
    SealState.CHANGED: Text(zh="签章后被改动", en="changed after signing"),
    SealState.UNTRUSTED: Text(zh="内容未改动，签署人未经核实", en="unchanged, by an unknown signer"),
    SealState.UNKNOWN: Text(zh="未能验证", en="could not be checked"),
}
ACTIVE = {  # what a document does beside being read
    Active.SUBMIT: Text(zh="提交所填内容到外部地址", en="send what was filled in elsewhere"),
    Active.IMPORT: Text(zh="从其他文件导入数据", en="fill itself from another file"),
    Active.EMBEDDED: Text(zh="打开内嵌的文件", en="open a file that it carries"),
    Active.SHARE: Text(zh="打开其他电脑上的文件", en="open a file on another machine"),
    Active.ADDRESS_UNASKED: Text(zh="打开时自动访问网址", en="open a web address by itself"),
    Active.RICH_MEDIA: Text(zh="播放多媒体", en="play media"),
    Active.FORM_SCRIPT: Text(zh="运行表单脚本（XFA）", en="run scripts of an XFA form"),
}

# a review, and what became of it

REVIEW_STATES = {
    ReviewState.OPEN: Text(zh="审查中", en="In review"),
    ReviewState.PAUSED: Text(zh="时限暂停", en="Clock paused"),
    ReviewState.APPROVED: Text(zh="通过", en="Approved"),
    ReviewState.CORRECTION: Text(zh="要求补正", en="Correction requested"),
    ReviewState.REJECTED: Text(zh="不予通过", en="Not approved"),
    ReviewState.UNOPENED: Text(zh="未开启", en="Not opened"),
    ReviewState.WITHDRAWN: Text(zh="已撤回", en="Withdrawn"),
    ReviewState.RECALLED: Text(zh="批准已撤回", en="Approval recalled"),
    ReviewState.REVOKED: Text(zh="批准已撤销", en="Approval revoked"),
}
OUTCOMES = {  # what a department answered
    Outcome.APPROVE: within(REVIEW_STATES[ReviewState.APPROVED]),
    Outcome.CORRECT: within(REVIEW_STATES[ReviewState.CORRECTION]),
    Outcome.REJECT: within(REVIEW_STATES[ReviewState.REJECTED]),
}
REVIEW_EVENTS = {
    ReviewEvent.OPENED: Text(zh="开始审查", en="opened"),
    ReviewEvent.DECIDED_BY_RULES: Text(zh="规则当场决定", en="decided by rules"),
    ReviewEvent.NEVER_OPENS: Text(zh="不再审查", en="never opens"),
    ReviewEvent.APPROVED: OUTCOMES[Outcome.APPROVE],
    ReviewEvent.CORRECTION_ASKED: OUTCOMES[Outcome.CORRECT],
    ReviewEvent.REJECTED: OUTCOMES[Outcome.REJECT],
    ReviewEvent.PROCEDURE_STARTED: Text(zh="特别程序开始", en="special procedure started"),
    ReviewEvent.PROCEDURES_ENDED: Text(zh="特别程序结束", en="special procedures ended"),
    ReviewEvent.DOUBT_CONFIRMED: Text(zh="疑点属实，待申请人更正", en="doubt found true"),
    ReviewEvent.DOUBTS_CLEARED: Text(zh="疑点已更正", en="doubts cleared up"),
    ReviewEvent.CORRECTED: PACKET_EVENTS[PacketEvent.CORRECTED],
    ReviewEvent.WITHDRAWN: PACKET_EVENTS[PacketEvent.WITHDRAWN],
    ReviewEvent.RECALLED: Text(zh="撤回批准", en="approval recalled"),
    ReviewEvent.REVOKED: Text(zh="撤销批准", en="approval revoked"),
    ReviewEvent.RETRACTED: Text(zh="收回决定", en="decision taken back"),
}
PROCEDURES = {  # special procedures (行政许可法 §45)
    ProcedureKind.HEARING: Text(zh="听证", en="hearing"),
    ProcedureKind.EXPERT_REVIEW: Text(zh="专家评审", en="expert review"),
    ProcedureKind.TEST: Text(zh="检验、检测、鉴定", en="test or appraisal"),
    ProcedureKind.SITE_VISIT: Text(zh="联合踏勘", en="joint site visit"),
}
PAUSES = {  # what a time limit rests for, by the kind of the pause
    "correction": Text(zh="补正", en="correction"),
    "decided": Text(zh="已作决定（其后收回）", en="decided (taken back since)"),
    **{kind.value: name for kind, name in PROCEDURES.items()},
}
REVOCATIONS = {
    RevocationKind.RECALL: Text(zh="撤回", en="recalled"),
    RevocationKind.REVOKE: Text(zh="撤销", en="revoked"),
}
RESULTS = {  # of a matter, and of the whole
    ResultCode.APPROVED: Text(zh="办结（通过）", en="approved"),
    ResultCode.APPROVED_WITH_GAPS: Text(zh="办结（容缺通过）", en="approved with gaps"),
    ResultCode.NOT_APPROVED: Text(zh="办结（不通过）", en="not approved"),
    ResultCode.RECALLED: Text(zh="批准已撤回", en="approval recalled"),
    ResultCode.REVOKED: Text(zh="批准已撤销", en="approval revoked"),
}
IN_PART = Text(zh="办结（部分事项通过）", en="approved in part")  # of a whole whose code is 13
NONE_STANDS = Text(zh="已办结，批准均已收回", en="decided; every approval was taken back since")
SOME_STAND = Text(zh="已办结，部分批准已收回", en="decided; some approvals were taken back since")

MANDATE_SCOPES = {
    MandateScope.PACKET: Text(zh="仅本申请", en="This application alone"),
    MandateScope.PROJECT: Text(zh="本项目的申请", en="Applications of this project"),
    MandateScope.ENTERPRISE: Text(zh="本企业的全部申请", en="All of the enterprise's applications"),
}
SLIP_KINDS = {  # on what ground the window does not take an application
    SlipKind.NOT_NEEDED: Text(zh="依法不需要取得行政许可", en="No licence is needed by law"),
    SlipKind.NOT_OURS: Text(zh="不属于本机关职权范围", en="Another authority is competent"),
    SlipKind.BARRED: Text(zh="依法不得申请", en="The law does not allow this application"),
}
WAYS = {  # of handing a result out
    Way.ELECTRONIC: Text(zh="电子文书，自行下载", en="Electronic, to be downloaded"),
    Way.COLLECT: Text(zh="到综合窗口领取", en="Collected at the service window"),
    Way.MAIL: Text(zh="邮寄", en="By mail"),
}

SUPERVISION_STATES = {  # of the supervision of one approved matter
    SupervisionState.PUSHED: Text(zh="已推送，待认领", en="Pushed, to be claimed"),
    SupervisionState.SEEN: Text(zh="已阅，待认领", en="Seen, to be claimed"),
    SupervisionState.CLAIMED: Text(zh="已认领，待检查", en="Claimed, to be inspected"),
    SupervisionState.PLANNED: Text(zh="已排期，待检查", en="Inspection planned"),
    SupervisionState.RECTIFYING: Text(zh="限期整改", en="To be rectified"),
    SupervisionState.RECTIFIED: Text(zh="已报整改，待复查", en="Rectified, to be looked at"),
    SupervisionState.BROKEN: Text(zh="拟认定失信，可申辩", en="Found broken, may be contested"),
    SupervisionState.CONTESTED: Text(zh="申辩待答复", en="Contested, to be answered"),
    SupervisionState.CLOSED: Text(zh="监管办结", en="Closed"),
}
SUPERVISION_ENDINGS = {
    Ending.ON_FILE: Text(zh="未被抽中，记录在案", en="on file, not drawn for an inspection"),
    Ending.FULFILLED: Text(zh="检查合格，已履行", en="inspected and in order"),
    Ending.BROKEN: Text(zh="认定失信", en="a breach, on record"),
    Ending.APPROVAL_ENDED: Text(zh="批准已收回", en="the approval was taken back"),
}
SUPERVISION_EVENTS = {
    SupervisionEvent.PUSHED: Text(zh="推送监管部门", en="pushed"),
    SupervisionEvent.SEEN: Text(zh="已阅", en="seen"),
    SupervisionEvent.CLAIMED: Text(zh="认领", en="claimed"),
    SupervisionEvent.FILED: Text(zh="认领，未被抽中", en="claimed, put on file"),
    SupervisionEvent.PLANNED: Text(zh="约定检查时间", en="inspection planned"),
    SupervisionEvent.FULFILLED: Text(zh="检查合格", en="found in order"),
    SupervisionEvent.TO_RECTIFY: Text(zh="责令限期整改", en="to be rectified"),
    SupervisionEvent.FOUND_BROKEN: Text(zh="拟认定失信", en="found broken"),
    SupervisionEvent.REPORTED: Text(zh="企业报告整改", en="rectification reported"),
    SupervisionEvent.CONTESTED: Text(zh="企业申辩", en="contested"),
    SupervisionEvent.STANDS: Text(zh="维持，继续整改", en="stands, to be rectified"),
    SupervisionEvent.BREACH: Text(zh="认定失信", en="breach on record"),
    SupervisionEvent.SET_ASIDE: Text(zh="申辩成立，撤销检查意见", en="finding set aside"),
    SupervisionEvent.APPROVAL_ENDED: Text(zh="批准收回，终止监管", en="approval taken back"),
    SupervisionEvent.WARNED: Text(zh="到期前提醒", en="reminded before its day"),
    SupervisionEvent.REMINDED: Text(zh="到期催办", en="reminded on its day"),
    SupervisionEvent.ESCALATED: Text(zh="报牵头部门督办", en="lead told"),
    SupervisionEvent.TO_CITY: Text(zh="报市级督办", en="city told"),
    SupervisionEvent.RECUSED: Text(zh="检查人员回避，另行抽取", en="an inspector withdrew, another was drawn"),
    SupervisionEvent.REPLACED: Text(zh="检查人员不能参加，另行抽取", en="an inspector cannot come, another was drawn"),
}
BARS = {  # why somebody of a roster does not inspect
    Bar.APPROVED: Text(zh="审批了该事项", en="approved the matter"),
    Bar.INTEREST: Text(zh="已声明与企业有利害关系", en="stated an interest in the enterprise"),
    Bar.RECUSED: Text(zh="抽中后申请回避", en="withdrew after the draw"),
    Bar.PREVENTED: Text(zh="抽中后不能参加", en="could not come"),
}
FINDINGS = {
    FindingOutcome.FULFILLED: Text(zh="合格、已履行", en="In order"),
    FindingOutcome.RECTIFY: Text(zh="限期整改", en="To be rectified"),
    FindingOutcome.BROKEN: Text(zh="拟认定失信", en="Broken"),
}
BENEFIT_STATES = {  # of what a policy gives without being applied for
    BenefitState.WAITING: Text(zh="预算用完，排队中", en="Budget used up, in line"),
    BenefitState.CAPPED: Text(zh="已达企业最高额", en="Enterprise has the most it can get"),
    BenefitState.LAPSED: Text(zh="不再符合条件", en="No longer qualifies"),
    BenefitState.GRANTED: Text(zh="已授予，待兑现", en="Granted, to be paid or provided"),
    BenefitState.PAID: Text(zh="已兑现", en="Paid or provided"),
    BenefitState.DECLINED: Text(zh="企业谢绝", en="Declined by the enterprise"),
    BenefitState.REVOKED: Text(zh="已撤销", en="Revoked"),
}
BENEFIT_EVENTS = {
    BenefitEvent.WAITS: Text(zh="预算用完，开始排队", en="budget used up, put in line"),
    BenefitEvent.CAPPED: Text(zh="已达企业最高额", en="most for one enterprise reached"),
    BenefitEvent.LAPSED: Text(zh="不再符合条件", en="no longer qualifies"),
    BenefitEvent.GRANTED: Text(zh="授予", en="granted"),
    BenefitEvent.QUESTIONED: Text(zh="事实变化，待核对", en="facts changed, to be checked"),
    BenefitEvent.SETTLED: Text(zh="核对无误", en="facts hold again"),
    BenefitEvent.PAID: Text(zh="兑现", en="paid or provided"),
    BenefitEvent.DECLINED: Text(zh="企业谢绝", en="declined"),
    BenefitEvent.REVOKED: Text(zh="撤销", en="revoked"),
}
FACTS = {  # that policies look at
    FactKind.PROCESS: Text(zh="项目类型", en="project type"),
    FactKind.CHANNEL: Text(zh="办理通道", en="channel"),
    FactKind.GRADE: Text(zh="信用等级", en="credit grade"),
    FactKind.RESULT: Text(zh="联合审批结果", en="joint result"),
    FactKind.APPROVED: Text(zh="已批准的事项", en="matters approved"),
    FactKind.COMMITTED: Text(zh="以告知承诺方式批准的事项", en="matters approved by commitment"),
    FactKind.INSPECTED: Text(zh="检查合格的事项", en="matters inspected and in order"),
    FactKind.GAPS_OPEN: Text(zh="未补齐的容缺材料份数", en="promised papers outstanding"),
    FactKind.GAPS_LATE: Text(zh="逾期的容缺材料份数", en="promised papers that were overdue"),
    FactKind.BREACHES: Text(zh="失信记录条数", en="breaches on record"),
}
DRAWN = {  # why a record is inspected, or is not
    Drawn.COMMITMENT: Text(zh="告知承诺，必查", en="by commitment: always verified"),
    Drawn.BY_RULES: Text(zh="规则办结，必查", en="decided by rules: always inspected"),
    Drawn.DRAWN: Text(zh="随机抽中", en="drawn by chance"),
    Drawn.NOT_DRAWN: Text(zh="未被抽中", en="not drawn"),
    Drawn.FOR_CAUSE: Text(zh="因故检查", en="for a cause"),
}

# what is sent, and what waits

NOTICES = {  # the titles of what goes out to the applicant
    NoticeKind.RETURNED: Text(zh="一次性告知书：请补正后重新提交", en="One-time notice: please complete and resubmit"),
    NoticeKind.ACCEPTED: Text(zh="项目受理单：已受理", en="Acceptance receipt: your application is accepted"),
    NoticeKind.CORRECTION: Text(zh="补正通知书：请补正后重新提交", en="Correction notice: please correct and resubmit"),
    NoticeKind.RESULT: Text(zh="联合审批结果已作出", en="The joint result is ready"),
    NoticeKind.GAPS_CLOSED: Text(zh="容缺材料已补齐登记", en="Promised paper received"),
    NoticeKind.GAPS_STILL_OPEN: Text(zh="补交的容缺材料不合格", en="A promised paper is not acceptable"),
    NoticeKind.NOT_AWAITED: Text(zh="本次提交未被采用", en="This submission was not used"),
    NoticeKind.CORRECTION_REMINDER: Text(zh="补正期限将至，请及时补正", en="Corrections are due soon"),
    NoticeKind.CORRECTION_LAPSED: Text(zh="逾期未补正，视为撤回申请", en="Not corrected in time: treated as withdrawn"),
    NoticeKind.GAP_REMINDER: Text(zh="容缺材料即将到期，请及时补齐", en="A promised paper is due soon"),
    NoticeKind.GAP_OVERDUE: Text(zh="容缺材料逾期未补齐", en="A promised paper is overdue"),
    NoticeKind.PROCEDURE: Text(zh="特别程序告知书", en="Notice of a special procedure"),
    NoticeKind.WITHDRAWN: Text(zh="申请已撤回", en="Your application has been withdrawn"),
    NoticeKind.NOT_WITHDRAWN: Text(zh="申请已不能撤回", en="Your application can no longer be withdrawn"),
    NoticeKind.REVOKED: Text(zh="批准已撤回或者撤销", en="An approval has been recalled or revoked"),
    NoticeKind.SUPERVISION: Text(zh="监管检查情况告知", en="Notice of what an inspection found"),
    NoticeKind.BREACH: Text(zh="失信认定告知", en="A breach is on your record"),
    NoticeKind.BENEFIT: Text(zh="惠企政策免申即享告知", en="Notice of benefits that need no application"),
    NoticeKind.ANSWERED: Text(zh="部门答复了您的提问", en="Your question was answered"),
    NoticeKind.RETRACTED: Text(zh="部门收回决定，继续审查", en="A department took its decision back and reviews on"),
    NoticeKind.SETTLED: Text(zh="身份信息疑点已核实", en="Your identity details have been verified"),
    NoticeKind.ON_MANDATE: Text(
        zh="综合窗口已凭授权代为提交", en="The service window submitted for you on your mandate"
    ),
    NoticeKind.MAILED: Text(zh="结果文书已寄出", en="Your result has been mailed"),
    NoticeKind.TO_COLLECT: Text(zh="请领取结果文书", en="Please collect your result"),
    NoticeKind.REPAIRABLE: Text(zh="可以申请信用修复", en="You can apply for a credit repair"),
    NoticeKind.HANDED_OUT: Text(zh="结果文书已送达", en="Your result has been handed out"),
}
DEADLINES = {  # what is to be done by a limit
    DeadlineKind.RECEIPT: Text(zh="受理或一次性告知", en="accepting or returning what was submitted"),
    DeadlineKind.REVIEW: Text(zh="审查", en="review"),
    DeadlineKind.QUESTION: Text(zh="答复申请人提问", en="answer to the applicant's question"),
    DeadlineKind.VISIT_REPORT: Text(zh="填写踏勘情况", en="report on a joint site visit"),
    DeadlineKind.CORRECTION: Text(zh="补正", en="correction"),
    DeadlineKind.GAP: Text(zh="容缺补交", en="promised paper"),
    DeadlineKind.RESULT: Text(zh="出具联合审批结果", en="writing the joint result"),
    DeadlineKind.DOCUMENTS: Text(zh="制作文书", en="making documents"),
    DeadlineKind.HAND_OUT: Text(zh="结果出件", en="handing out the result"),
    DeadlineKind.REPAIR: Text(zh="可申请信用修复", en="repair can be applied for"),
    DeadlineKind.CLAIM: Text(zh="监管认领", en="claiming for supervision"),
    DeadlineKind.INSPECTION: Text(zh="监管检查", en="inspection"),
    DeadlineKind.VERIFICATION: Text(zh="承诺核查", en="verification of a commitment"),
    DeadlineKind.RECTIFICATION: Text(zh="整改", en="rectification"),
    DeadlineKind.RECHECK: Text(zh="整改复查", en="looking at a rectification"),
    DeadlineKind.HEARING: Text(zh="陈述申辩", en="contesting a finding"),
    DeadlineKind.REPLY: Text(zh="答复申辩", en="answer to who contests"),
}
PERSON_RIGHTS = {  # what somebody may do for the enterprise
    PersonRights.ALL: Text(zh="全部：代表企业提交、签署和撤回", en="All: submit, sign and withdraw for the enterprise"),
    PersonRights.PREPARE: Text(zh="填报：填写、上传和提问", en="Prepare: fill in, upload and ask"),
    PersonRights.READ: Text(zh="只看", en="Read only"),
}
WANTED = {  # which messages somebody wants
    Wanted.ALL: Text(zh="全部消息", en="All messages"),
    Wanted.ASKS: Text(zh="只收需要企业办理的", en="Only what the enterprise is to do"),
    Wanted.NONE: Text(zh="不收", en="None"),
}
REMARKS = {  # what is said to colleagues
    RemarkKind.NOTE: Text(zh="备注", en="Note"),
    RemarkKind.CALL: Text(zh="通话", en="Call"),
}
LIGHTS = {  # how near a limit's end is
    Light.RED: Text(zh="已逾期", en="Overdue"),
    Light.AMBER: Text(zh="即将到期", en="Due soon"),
    Light.GREEN: Text(zh="未到期", en="In time"),
}
REMINDERS = {  # who was told of a limit
    Reminder.SOON: Text(zh="已提醒", en="reminded"),
    Reminder.OVER: Text(zh="已催办", en="told that it is due"),
    Reminder.LEAD: Text(zh="已报牵头部门", en="lead told"),
    Reminder.CITY: Text(zh="已报市级", en="city told"),
}
WAITS = {  # for the window
    Wait.DOUBT: Text(zh="核实身份疑点", en="verify identity details"),
    Wait.VISIT: Text(zh="约定联合踏勘时间", en="arrange a joint site visit"),
    Wait.RETURNED: Text(
        zh=f"待补正超过 {RETURNED_DAYS} 天，联系申请人",
        en=f"returned for over {RETURNED_DAYS} days: contact the applicant",
    ),
    Wait.HELPER: Text(zh="安排帮办人", en="assign an assistant"),
    Wait.COLLECT: Text(zh="待领取", en="to be collected"),
    Wait.MAIL: Text(zh="待邮寄", en="to be mailed"),
    Wait.DELIVERY: Text(zh="已寄出，待登记送达", en="in the mail: record the delivery"),
}
STUCK = {  # why operations look after a packet
    StuckReason.DEADLINE: Text(zh="有事项已逾期", en="something is overdue"),
    StuckReason.UNDELIVERED: Text(zh="有任务未送达", en="tasks not delivered"),
    StuckReason.NOT_LOOKED_AT: Text(zh="有提交未处理", en="a submission has not been processed"),
    StuckReason.SUPERVISION: Text(zh="监管事项逾期未办", en="supervision of a matter is overdue"),
    StuckReason.NOT_WOKEN: Text(zh="有到期事项未登记", en="a missed date has not been recorded"),
}

# the problem list

PROBLEMS = {
    Counted.APPLIED: Text(zh="申请", en="applications"),
    Counted.RETURNED: PACKET_EVENTS[PacketEvent.RETURNED],
    Counted.MISSING: Text(zh="缺少材料", en="paper missing"),
    Counted.REFUSED: Text(zh="文件不能用", en="file not usable"),
    Counted.WRONG: Text(zh="填报有误", en="entry not in order"),
    Counted.DECIDED: Text(zh="部门答复", en="answers"),
    Counted.CORRECTION: OUTCOMES[Outcome.CORRECT].changed(en="corrections requested"),
    Counted.REJECTED: OUTCOMES[Outcome.REJECT],
    Counted.LATE: Text(zh="审查逾期", en="reviews overdue"),
    Counted.PROMISED: Text(zh="容缺受理", en="accepted with gaps"),
    Counted.GAP_LATE: Text(zh="容缺逾期", en="gaps overdue"),
    Counted.COMMITTED: Text(zh="告知承诺", en="by commitment"),
    Counted.UNVERIFIED: Text(zh="承诺逾期未核查", en="commitments not verified in time"),
    Counted.BROKEN: Text(zh="承诺或监管违约", en="promises broken"),
    Counted.REVOKED: SUPERVISION_ENDINGS[Ending.APPROVAL_ENDED].changed(en="approvals taken back"),
}
RISKS = {
    RiskLevel.LOW: Text(zh="低", en="Low"),
    RiskLevel.RAISED: Text(zh="较高", en="Raised"),
    RiskLevel.HIGH: Text(zh="高", en="High"),
}

FAULTS = {  # what is wrong with an entry of a ledger, or with an anchor
    Fault.CHANGED: Text(zh="这一条的内容被改动过。", en="The content of this entry was changed."),
    Fault.REMOVED: Text(zh="这一条被删除了。", en="This entry was removed."),
    Fault.INSERTED: Text(zh="这里被插入了一条。", en="An entry was inserted here."),
    Fault.REORDERED: Text(zh="这里的顺序被调换过。", en="Entries were put in another order here."),
    Fault.CUT_OFF: Text(zh="从这一条起，末尾的记录被删除了。", en="From this entry on the end was cut off."),
    Fault.REWRITTEN: Text(
        zh="这一条或它之前的记录被改写，并重新计算了后面的校验值；与签名留存的不一致。",
        en="This entry, or one before it, was rewritten and the hashes behind it computed anew: they are not "
        "those that were signed.",
    ),
    Fault.FACT_CHANGED: Text(
        zh="这一条所依据的决定被改动过。", en="The decision that this entry rests on was altered."
    ),
    Fault.ANCHOR_CHANGED: Text(
        zh="这一次签名留存本身被改动过，或签名不成立。",
        en="This anchor itself was changed, or its signature does not hold.",
    ),
    Fault.NOT_ANCHORED: Text(
        zh="这一条应在签名留存中，却不在：它的时间被改过。",
        en="This entry should be in an anchor and is not: it is not from when it says.",
    ),
}
