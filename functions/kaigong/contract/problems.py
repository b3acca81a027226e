"""Every problem that the HTTP API answers with, in both languages (RFC 9457): what is wrong, and what to do.

`code` is stable; the texts may change.
"""

from pydantic import Field

from kaigong.contract.acts import NAME_TYPED
from kaigong.domain.model.packet import ActRefusal
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words.acts import REFUSALS
from kaigong.domain.words.benefits import REFUSALS as BENEFIT_REFUSALS
from kaigong.domain.words.proposal import NOTHING_TO_SIGN as NOTHING_TO_SIGN_NOW
from kaigong.domain.words.supervision import REFUSALS as SUPERVISION_REFUSALS
from kaigong.domain.words.supervision import ROSTER_CHANGED as ROSTER_CHANGED_TEXT

# Bytes of a request's body, and of a form. The longest right one is an application: a test sends it, and the longest
# decision, of whose characters JSON may need twelve bytes each.
BODY_LIMIT = 1024 * 1024  # the largest right body: a whole form, escaped sign by sign


class Problem(Model):
    """What went wrong and what to do (RFC 9457). `code` is stable; the texts may change."""

    type: str
    title: str
    status: int
    detail: str = Field(description="Chinese first, then English.")
    code: str
    zh: str = Field(description="The detail in Chinese.")
    en: str = Field(description="The detail in English.")


class ProblemKind(Model):
    """A kind of problem, before it happens."""

    code: str
    status: int
    title: Text
    detail: Text

    def problem(self, detail: Text | None = None) -> Problem:
        """The problem as it is answered, with a detail of its own where the kind's is too general."""
        said = detail or self.detail
        return Problem(
            type=f"urn:kaigong:problem:{self.code}",
            title=f"{self.title.zh} / {self.title.en}",
            status=self.status,
            detail=f"{said.zh} / {said.en}",
            code=self.code,
            zh=said.zh,
            en=said.en,
        )


SIGN_IN_NEEDED = ProblemKind(
    code="sign-in-needed",
    status=401,
    title=Text(zh="需要登录", en="Please sign in"),
    detail=Text(
        zh="请登录后重试：以 ID 令牌（不是访问令牌）作为 Bearer 令牌。",
        en="Sign in and try again. Use the ID token (not the access token) as the bearer token.",
    ),
)
NOT_ALLOWED = ProblemKind(
    code="not-allowed",
    status=403,
    title=Text(zh="无权使用", en="Not permitted"),
    detail=Text(
        zh="您的账号无权进行此项操作。请核对账号所属的企业、部门或用户组，或联系综合窗口。",
        en="Your account is not permitted to do this. Check which enterprise, department or group it "
        "belongs to, or contact the service window.",
    ),
)
NOT_FOUND = ProblemKind(
    code="not-found",
    status=404,
    title=Text(zh="没有找到", en="Not found"),
    detail=Text(
        zh="没有这个编号的材料包，或您无权查看。请核对编号。",
        en="There is no packet with this id, or you may not view it. Please check the id.",
    ),
)
NO_SUCH_LINK = ProblemKind(
    code="no-such-link",
    status=404,
    title=Text(zh="进度链接无效", en="This progress link does not work"),
    detail=Text(
        zh="链接不完整，或已由申请人停用。请向申请人索取新的链接或二维码；申请人可登录后查看。",
        en="The link is incomplete or has been disabled by the applicant. Ask the applicant for a new link "
        "or QR code; applicants can sign in to see progress.",
    ),
)
NO_RECEIPT_YET = ProblemKind(
    code="no-receipt-yet",
    status=404,
    title=Text(zh="尚无受理单", en="No acceptance receipt yet"),
    detail=Text(
        zh="受理之后才有受理单。请先在办理进度页查看需要办理的事。",
        en="The receipt is available after acceptance. The progress page shows what needs to be done first.",
    ),
)
NO_SUCH_DOCUMENT = ProblemKind(
    code="no-such-document",
    status=404,
    title=Text(zh="没有这份文书", en="No such document"),
    detail=Text(
        zh="这份文书没有出具，或者正在制作。已出具的文书见 /api/packets/{材料包编号}/documents。",
        en="It was not issued, or is still being made. /api/packets/{packet}/documents lists what was.",
    ),
)
NO_RESULT_YET = ProblemKind(
    code="no-result-yet",
    status=404,
    title=Text(zh="尚无联合审批结果", en="No joint result yet"),
    detail=Text(
        zh="联合审批结果尚未出具。办理进度见 /api/packets/{材料包编号}。",
        en="The joint result has not been issued yet. For progress see /api/packets/{packet}.",
    ),
)
NOT_APPLIED_YET = ProblemKind(
    code="not-applied-yet",
    status=404,
    title=Text(zh="尚未申报", en="Not submitted yet"),
    detail=Text(
        zh="尚未收到申报清单 manifest.json，不知道申报哪些事项。各事项的途径见 /api/guide。",
        en="No manifest.json has been received, so it is not known which matters are applied for. For the "
        "routes of each matter see /api/guide.",
    ),
)
NO_SUCH_ADDRESS = ProblemKind(
    code="no-such-address",
    status=404,
    title=Text(zh="没有这个地址", en="No such address"),
    detail=Text(
        zh="接口没有这个地址，见 schemas/openapi.yaml。",
        en="The API has no such address. For the addresses see schemas/openapi.yaml.",
    ),
)
NO_SUCH_METHOD = ProblemKind(
    code="no-such-method",
    status=405,
    title=Text(zh="此处不能这样操作", en="Not possible here"),
    detail=Text(
        zh="这个地址不接受此种请求方法，可用的方法见响应头 Allow。在浏览器中遇到的，请从首页重新进入。",
        en="This address does not accept that method; the Allow header lists those it accepts. In a "
        "browser, start again from the home page.",
    ),
)
NO_SUCH_PAGE = ProblemKind(
    code="no-such-page",
    status=404,
    title=Text(zh="没有这个页面", en="No such page"),
    detail=Text(
        zh="地址可能已变更或输入有误。请从首页重新进入。",
        en="The address may have changed or been mistyped. Start again from the home page.",
    ),
)
FOREIGN_ORIGIN = ProblemKind(
    code="foreign-origin",
    status=403,
    title=Text(zh="未能确认操作来自本页面", en="This request did not come from one of our pages"),
    detail=Text(
        zh="为防止他人网站冒用您的登录，操作没有执行。请回到本站页面重新提交。",
        en="To stop other sites from misusing your session, nothing was done. Go back to the page on this "
        "site and submit again.",
    ),
)
SIGN_IN_FAILED = ProblemKind(
    code="sign-in-failed",
    status=400,
    title=Text(zh="登录没有完成", en="The sign-in was not completed"),
    detail=Text(
        zh="可能是等待过久、在登录页取消了，或者登录不是从本页面开始的。请重新点“登录”；仍不行，请联系综合窗口。",
        en="It may have taken too long, been cancelled, or not been started here. Choose “Sign in” again; if that "
        "does not help, contact the service window.",
    ),
)
SECOND_FACTOR_NEEDED = ProblemKind(
    code="second-factor-needed",
    status=403,
    title=Text(zh="须用两种方式验证身份", en="A second proof of identity is needed"),
    detail=Text(
        zh="请在统一身份认证处设置第二种验证方式后重新登录。",
        en="Set up a second way to prove who you are at the sign-in service, then sign in again.",
    ),
)
INVALID_PARAMETER = ProblemKind(
    code="invalid-parameter",
    status=400,
    title=Text(zh="参数有误", en="Invalid parameter"),
    detail=Text(zh="请按 schemas/openapi.yaml 核对参数。", en="Check the parameters against schemas/openapi.yaml."),
)
INVALID_BODY = ProblemKind(
    code="invalid-body",
    status=400,
    title=Text(zh="请求内容有误", en="Invalid body"),
    detail=Text(
        zh="请求内容不是合格的 JSON，请按 schemas/openapi.yaml 核对。",
        en="The body is not valid JSON for this request. Check it against schemas/openapi.yaml.",
    ),
)
FAULTS = {  # of a body, where more can be said of it than its place
    NAME_TYPED: Text(
        zh="请去掉 officer：姓名取自登录账号。他人帮办或者被首问的，请其本人登录后登记；"
        "只知道首问部门的，由综合窗口填写 department。",
        en="Leave out officer: the name is that of the signed-in account. Who helps or was asked first says so with "
        "their own account; where only the department is known, the service window gives department.",
    ),
}
INVALID_FORM = ProblemKind(
    code="invalid-form",
    status=400,
    title=Text(zh="页面内容有误", en="Invalid form"),
    detail=Text(
        zh="提交的内容与本页面不符，没有执行。请重新打开页面后再提交。",
        en="What was submitted does not fit this page, and nothing was done. Open the page again, then submit.",
    ),
)
NOT_JSON = ProblemKind(
    code="not-json",
    status=415,
    title=Text(zh="请求内容类型不支持", en="Unsupported media type"),
    detail=Text(
        zh="请以 application/json 提交请求内容，并注明 Content-Type。",
        en="Send the body as application/json and set Content-Type accordingly.",
    ),
)
BODY_TOO_LARGE = ProblemKind(
    code="body-too-large",
    status=413,
    title=Text(zh="请求内容过大", en="Body too large"),
    detail=Text(zh=f"请求内容不得超过 {BODY_LIMIT} 字节。", en=f"The body may have at most {BODY_LIMIT} bytes."),
)
NO_LETTER = ProblemKind(
    code="no-letter",
    status=400,
    title=Text(zh="没有告知承诺书", en="No letter of commitment"),
    detail=Text(
        zh="所列事项中有不适用告知承诺的事项。可以告知承诺办理的事项见办事指南 /api/guide。",
        en="One of the matters is not available by commitment. For those that are, see the guide at /api/guide.",
    ),
)
TOO_LATE = ProblemKind(
    code=ActRefusal.TOO_LATE.value,
    status=409,
    title=Text(zh="已不能撤回", en="Too late to withdraw"),
    detail=REFUSALS[ActRefusal.TOO_LATE],
)
ALREADY_WITHDRAWN = ProblemKind(
    code=ActRefusal.ALREADY_WITHDRAWN.value,
    status=409,
    title=Text(zh="已经撤回", en="Already withdrawn"),
    detail=REFUSALS[ActRefusal.ALREADY_WITHDRAWN],
)
NO_SUCH_DOUBT = ProblemKind(
    code=ActRefusal.NO_SUCH_DOUBT.value,
    status=409,
    title=Text(zh="没有这一疑点", en="No such doubt"),
    detail=REFUSALS[ActRefusal.NO_SUCH_DOUBT],
)
TOO_LATE_TO_CORRECT = ProblemKind(
    code=ActRefusal.TOO_LATE_TO_CORRECT.value,
    status=409,
    title=Text(zh="已不能要求更正", en="Too late to correct"),
    detail=REFUSALS[ActRefusal.TOO_LATE_TO_CORRECT],
)
NO_SUCH_VISIT = ProblemKind(
    code=ActRefusal.NO_SUCH_VISIT.value,
    status=409,
    title=Text(zh="没有这次踏勘", en="No such visit"),
    detail=REFUSALS[ActRefusal.NO_SUCH_VISIT],
)
DATE_PASSED = ProblemKind(
    code=ActRefusal.DATE_PASSED.value,
    status=409,
    title=Text(zh="时间已过", en="The date has passed"),
    detail=REFUSALS[ActRefusal.DATE_PASSED],
)
TOO_OFTEN = ProblemKind(
    code=ActRefusal.TOO_OFTEN.value,
    status=409,
    title=Text(zh="更改次数过多", en="Changed too many times"),
    detail=REFUSALS[ActRefusal.TOO_OFTEN],
)
NOT_FIRST = ProblemKind(
    code="not-first-on-project",
    status=409,
    title=Text(zh="不是首家申报企业", en="Not the first enterprise of the project"),
    detail=Text(
        zh="只有该项目首家获受理的企业可以同意其他企业参与；参与企业由综合窗口登记的，请到综合窗口办理。",
        en="Only the enterprise whose application for the project was accepted first can let others in. Where the "
        "service window keeps the list, please turn to the window.",
    ),
)
NO_PROJECT = ProblemKind(
    code=ActRefusal.NO_PROJECT.value,
    status=409,
    title=Text(zh="没有可以参与的项目", en="No project to let anybody into"),
    detail=REFUSALS[ActRefusal.NO_PROJECT],
)
NOT_ISSUED = ProblemKind(
    code=ActRefusal.NOT_ISSUED.value,
    status=409,
    title=Text(zh="尚未出具", en="Not issued yet"),
    detail=REFUSALS[ActRefusal.NOT_ISSUED],
)
RECEIVED_ALREADY = ProblemKind(
    code=ActRefusal.RECEIVED_ALREADY.value,
    status=409,
    title=Text(zh="已经送达", en="Received already"),
    detail=REFUSALS[ActRefusal.RECEIVED_ALREADY],
)
IN_THE_MAIL = ProblemKind(
    code=ActRefusal.IN_THE_MAIL.value,
    status=409,
    title=Text(zh="已经寄出", en="In the mail"),
    detail=REFUSALS[ActRefusal.IN_THE_MAIL],
)
NOT_BY_MAIL = ProblemKind(
    code=ActRefusal.NOT_BY_MAIL.value,
    status=409,
    title=Text(zh="没有选择邮寄", en="Not to be mailed"),
    detail=REFUSALS[ActRefusal.NOT_BY_MAIL],
)
NOT_MAILED = ProblemKind(
    code=ActRefusal.NOT_MAILED.value,
    status=409,
    title=Text(zh="尚未寄出", en="Not mailed yet"),
    detail=REFUSALS[ActRefusal.NOT_MAILED],
)
NOT_THEN = ProblemKind(
    code=ActRefusal.NOT_THEN.value,
    status=409,
    title=Text(zh="送达时间不对", en="Not a possible time"),
    detail=REFUSALS[ActRefusal.NOT_THEN],
)
NO_MANDATE = ProblemKind(
    code="no-mandate",
    status=409,
    title=Text(zh="没有有效的授权", en="No mandate in force"),
    detail=Text(
        zh="没有以您的账号登记、对本申请有效的授权委托书，不能代企业提交。请登记授权委托书，或者由企业自己登录提交。",
        en="No mandate in force names your account for this application, so you cannot hand it in. Record the letter "
        "of authorisation, or have the enterprise sign in and hand in itself.",
    ),
)
NO_SUCH_MANDATE = ProblemKind(
    code="no-such-mandate",
    status=404,
    title=Text(zh="没有这份授权", en="No such mandate"),
    detail=Text(
        zh="该企业没有这个登记号的授权委托书。请从授权委托书清单中选择。",
        en="The enterprise has no mandate of this number. Choose one from its list of mandates.",
    ),
)
NO_SUCH_SLIP = ProblemKind(
    code="no-such-slip",
    status=404,
    title=Text(zh="没有这份告知单", en="No such slip"),
    detail=Text(
        zh="没有这个编号的告知单，或者不是给您的；材料包没有未予接收的清单时，也没有告知单。请核对编号，或联系综合窗口。",
        en="There is no slip of this number, or it is not yours; a packet has one only while a manifest was not taken "
        "in. Check the number, or contact the service window.",
    ),
)
NO_DECISION = ProblemKind(
    code=ActRefusal.NO_DECISION.value,
    status=409,
    title=Text(zh="没有可以收回的决定", en="No decision to take back"),
    detail=REFUSALS[ActRefusal.NO_DECISION],
)
ACTED_ON = ProblemKind(
    code=ActRefusal.ACTED_ON.value,
    status=409,
    title=Text(zh="申请人已在补正", en="The applicant is answering it"),
    detail=REFUSALS[ActRefusal.ACTED_ON],
)
NEXT_OPENED = ProblemKind(
    code=ActRefusal.NEXT_OPENED.value,
    status=409,
    title=Text(zh="后续事项已开始审查", en="Another matter is under review"),
    detail=REFUSALS[ActRefusal.NEXT_OPENED],
)
RESULT_DECIDED = ProblemKind(
    code=ActRefusal.RESULT_DECIDED.value,
    status=409,
    title=Text(zh="联合审批结果已作出", en="The joint result has been decided"),
    detail=REFUSALS[ActRefusal.RESULT_DECIDED],
)
NOT_REVIEWED = ProblemKind(
    code=ActRefusal.NOT_REVIEWED.value,
    status=409,
    title=Text(zh="该事项不在审查中", en="Not under review"),
    detail=REFUSALS[ActRefusal.NOT_REVIEWED],
)
NOTHING_ASKED = ProblemKind(
    code=ActRefusal.NOTHING_ASKED.value,
    status=409,
    title=Text(zh="没有可以提问的补正", en="Nothing to ask about"),
    detail=REFUSALS[ActRefusal.NOTHING_ASKED],
)
NO_SUCH_QUESTION = ProblemKind(
    code=ActRefusal.NO_SUCH_QUESTION.value,
    status=409,
    title=Text(zh="没有这一提问", en="No such question"),
    detail=REFUSALS[ActRefusal.NO_SUCH_QUESTION],
)
REFUSED_ACTS = {
    ActRefusal.TOO_LATE: TOO_LATE,
    ActRefusal.ALREADY_WITHDRAWN: ALREADY_WITHDRAWN,
    ActRefusal.NO_SUCH_DOUBT: NO_SUCH_DOUBT,
    ActRefusal.TOO_LATE_TO_CORRECT: TOO_LATE_TO_CORRECT,
    ActRefusal.NO_SUCH_VISIT: NO_SUCH_VISIT,
    ActRefusal.DATE_PASSED: DATE_PASSED,
    ActRefusal.TOO_OFTEN: TOO_OFTEN,
    ActRefusal.NO_PROJECT: NO_PROJECT,
    ActRefusal.NOT_ISSUED: NOT_ISSUED,
    ActRefusal.RECEIVED_ALREADY: RECEIVED_ALREADY,
    ActRefusal.IN_THE_MAIL: IN_THE_MAIL,
    ActRefusal.NOT_BY_MAIL: NOT_BY_MAIL,
    ActRefusal.NOT_MAILED: NOT_MAILED,
    ActRefusal.NOT_THEN: NOT_THEN,
    ActRefusal.NO_DECISION: NO_DECISION,
    ActRefusal.ACTED_ON: ACTED_ON,
    ActRefusal.NEXT_OPENED: NEXT_OPENED,
    ActRefusal.RESULT_DECIDED: RESULT_DECIDED,
    ActRefusal.NOT_REVIEWED: NOT_REVIEWED,
    ActRefusal.NOTHING_ASKED: NOTHING_ASKED,
    ActRefusal.NO_SUCH_QUESTION: NO_SUCH_QUESTION,
}
BAD_APPOINTMENT = ProblemKind(
    code="bad-appointment",
    status=409,
    title=Text(zh="时间不合适", en="Not a suitable time"),
    detail=Text(zh="请约定今后的工作时间。", en="Choose a future time during opening hours."),
)
TOO_MANY_REQUESTS = ProblemKind(
    code="too-many-requests",
    status=429,
    title=Text(zh="操作过于频繁", en="Too many requests"),
    detail=Text(
        zh="短时间内请求次数过多，请稍等片刻再试。已提交的内容不受影响。",
        en="Too many requests in a short time. Wait a moment and try again; what you have submitted is safe.",
    ),
)
NO_TASK = ProblemKind(
    code="no-task",
    status=404,
    title=Text(zh="没有待领取的任务", en="No task waiting"),
    detail=Text(
        zh="本部门的队列中没有可领取的任务。待审查清单中的事项，可能正由其他经办人或者本部门系统办理。",
        en="The department's queues hold no task to take. Matters still listed may be with a colleague or "
        "in the department's own system.",
    ),
)
OLD_ROUND = ProblemKind(
    code="old-round",
    status=409,
    title=Text(zh="已进入新一轮审查", en="A new round has started"),
    detail=Text(zh="请重新打开该事项后再作决定。", en="Open the review again before deciding."),
)
NOT_PENDING = ProblemKind(
    code="not-pending",
    status=409,
    title=Text(zh="该事项不在审查中", en="Not under review"),
    detail=Text(zh="该事项已有决定或者不再审查。", en="This review has been decided or has ended."),
)
HELD_BY_ANOTHER = ProblemKind(
    code="held-by-another",
    status=409,
    title=Text(zh="其他经办人正在审查", en="A colleague is reviewing this"),
    detail=Text(zh="请等待其办理或者退回。", en="Wait until they have answered or returned it."),
)
ANSWER_SENT = ProblemKind(
    code="answer-sent",
    status=409,
    title=Text(zh="决定已送出", en="Decision already sent"),
    detail=Text(zh="正在登记，请稍候查看。", en="It is being recorded; look again in a moment."),
)
OWN_PROPOSAL = ProblemKind(
    code="own-proposal",
    status=409,
    title=Text(zh="不能由本人签批", en="Your own proposal"),
    detail=Text(
        zh="审核意见由您提出，须由本部门其他经办人签批。",
        en="You proposed this decision; another officer of your department must sign it.",
    ),
)
TO_BE_SIGNED = ProblemKind(
    code="to-be-signed",
    status=409,
    title=Text(zh="已有审核意见待签批", en="A proposed decision is to be signed"),
    detail=Text(zh="请先签批或者退回，再另提意见。", en="Sign it or send it back first."),
)
NOTHING_TO_SIGN = ProblemKind(
    code="nothing-to-sign",
    status=409,
    title=Text(zh="没有待签批的审核意见", en="Nothing to sign"),
    detail=NOTHING_TO_SIGN_NOW,
)
NO_SUCH_PERSON = ProblemKind(
    code="no-such-person",
    status=404,
    title=Text(zh="没有这个人", en="No such person"),
    detail=Text(
        zh="本企业名单中没有这个人。名单只列登录过“本企业人员和消息”页的人：请其先登录打开该页一次。",
        en="Nobody of your enterprise is known by this. The list names those who opened the page of people: ask the "
        "person to sign in and open it once.",
    ),
)
NO_RIGHT = ProblemKind(
    code="no-right",
    status=403,
    title=Text(zh="您的权限不够", en="Not among your rights"),
    detail=Text(
        zh="本企业管理人没有给您的账号这项权限。请由有权限的同事办理，或者请管理人在“本企业人员和消息”中更改。",
        en="Whoever manages your enterprise's people has not given your account this right. Ask a colleague who has "
        "it, or ask for it to be changed on the page of people.",
    ),
)
NOT_YOURS = ProblemKind(
    code="not-yours",
    status=403,
    title=Text(zh="不能代他人转交", en="Not yours to hand over"),
    detail=Text(
        zh="该事项由其他经办人承办。请由承办人本人或者本部门负责人转交、登记代班；仍可以直接打开办理。",
        en="Another officer has this. Ask that officer, or whoever leads the department, to hand it over or to say who "
        "stands in. You can still open it and work on it.",
    ),
)
NO_SUCH_COLLEAGUE = ProblemKind(
    code="no-such-colleague",
    status=409,
    title=Text(zh="没有这位经办人", en="No such colleague"),
    detail=Text(
        zh="请从本部门经办人名单中选择另一位经办人。名单只列近期登录过“我的工作”的人：没有列出的，请其先登录一次。",
        en="Choose another officer from your department's list. It names those who opened My work lately: ask whoever "
        "is missing to sign in once.",
    ),
)
IDENTITY_CORRECTED = ProblemKind(
    code="identity-corrected",
    status=409,
    title=Text(zh="企业或项目信息已更正", en="Enterprise or project was corrected"),
    detail=Text(
        zh="您打开该事项之后，企业或项目信息已经更正。请核对“变化”中更正后的信息，再作决定。",
        en="Enterprise or project was corrected after you opened this review. Look at the corrected data under its "
        "changes before deciding.",
    ),
)
STAND_IN_AWAY = ProblemKind(
    code="stand-in-away",
    status=409,
    title=Text(zh="代班人同期离岗", en="The stand-in is away then, too"),
    detail=Text(
        zh="该代班人在所选日期内也登记了离岗，届时无人办理。请另选代班人，或者先更正其离岗日期。",
        en="Who is to stand in is away on some of these days as well, so nobody would be there. Choose somebody else, "
        "or have the days of that absence put right first.",
    ),
)
NO_PROCEDURE = ProblemKind(
    code="no-procedure",
    status=409,
    title=Text(zh="不能开始或结束该程序", en="This procedure cannot start or end"),
    detail=Text(
        zh="同类程序正在进行的，不能再开始；没有进行的，不能结束。请重新打开该事项查看。",
        en="A procedure cannot start while another of its kind is under way, or end if none is. Open the "
        "review again to see.",
    ),
)
NO_SUCH_PAPER = ProblemKind(
    code="no-such-paper",
    status=404,
    title=Text(zh="没有这份材料", en="No such paper"),
    detail=Text(
        zh="该处没有这份材料：可能没有上传，或已被撤下、替换。请刷新页面核对。",
        en="There is no such paper here: it was not uploaded, or was removed or replaced. Reload the page to see what "
        "is there.",
    ),
)
NOT_SHOWN = ProblemKind(
    code="paper-not-shown",
    status=404,
    title=Text(zh="这份材料不能在页面中显示", en="This paper cannot be shown on a page"),
    detail=Text(
        zh="该文件尚未审查，请稍后再看；或者其格式不能在页面中显示，改为 PDF 或图片上传后即可查看。",
        en="The file has not been examined yet: look again in a minute. Or no page can show its format: uploaded as a "
        "PDF or a picture, it can be viewed.",
    ),
)
UNAVAILABLE = ProblemKind(
    code="unavailable",
    status=503,
    title=Text(zh="暂时不能办理", en="Temporarily unavailable"),
    detail=Text(
        zh="系统的一部分暂时没有应答，没有送出任何内容。请稍后再试。",
        en="Part of the system is not responding, and nothing was sent. Please try again later.",
    ),
)
ACCOUNT_UNNAMED = ProblemKind(
    code="account-unnamed",
    status=409,
    title=Text(zh="账户未登记姓名，不能在线签署", en="This account has no name on record, so it cannot sign"),
    detail=Text(
        zh="承诺书由人签署，登录账户没有登记使用人姓名。请联系综合窗口登记姓名，重新登录后再签署；"
        "也可以打印承诺书，签字盖章后扫描上传。",
        en="A person signs a letter, and this account does not say whose it is. Ask the service window to put your "
        "name on the account, then sign in again; or print the letter, sign and seal it, and upload the scan.",
    ),
)
NOT_AWAITED = ProblemKind(
    code="not-awaited",
    status=409,
    title=Text(zh="此时不接收", en="Not accepted at this time"),
    detail=Text(
        zh="此时不接收材料或提交，请查看该申请的办理进度。",
        en="No papers or submissions are accepted at this time. See the progress of the application.",
    ),
)
DRAFT_CHANGED = ProblemKind(
    code="draft-changed",
    status=409,
    title=Text(zh="申请已在别处修改", en="The application was changed elsewhere"),
    detail=Text(
        zh="这份申请已在别处或由另一人保存过。本次没有保存；请读取最新内容，核对后再保存。",
        en="This application has been saved elsewhere or by someone else. Your version was not saved: read "
        "the latest one, compare, and save again.",
    ),
)
DRAFT_INCOMPLETE = ProblemKind(
    code="draft-incomplete",
    status=409,
    title=Text(zh="申请表尚未填完", en="The form is incomplete"),
    detail=Text(zh="请补全申请表后提交。", en="Complete the form, then submit."),
)
WOULD_BE_RETURNED = ProblemKind(
    code="would-be-returned",
    status=409,
    title=Text(zh="现在提交会被退回补正", en="It would be returned"),
    detail=Text(
        zh="按现有材料提交会被退回补正，原因见 foreseen.returned。补齐后提交，或以 anyway 仍要提交。",
        en="With the papers as they are, the application would be returned; foreseen.returned gives the "
        "reasons. Complete it first, or use `anyway` to submit all the same.",
    ),
)
UPLOAD_REFUSED = ProblemKind(
    code="upload-refused",
    status=400,
    title=Text(zh="不能上传这个文件", en="This file cannot be uploaded"),
    detail=Text(zh="请核对材料、文件类型和大小。", en="Check the paper, its file type and its size."),
)
NO_SUCH_UPLOAD = ProblemKind(
    code="no-such-upload",
    status=404,
    title=Text(zh="没有这次上传", en="No such upload"),
    detail=Text(
        zh="这次分段上传不存在、已完成或已放弃，请重新选择文件上传。",
        en="This multipart upload does not exist, has finished or was abandoned. Choose the file again.",
    ),
)
PARTS_INCOMPLETE = ProblemKind(
    code="parts-incomplete",
    status=409,
    title=Text(zh="分段没有传齐", en="Parts missing"),
    detail=Text(
        zh="各段还没有传齐，或者中间的一段不足 8 MB，没有合成文件。请查看已到的段，补传后再合成。",
        en="No file was made: parts are missing, or one before the last is smaller than 8 MB. Look which parts came, "
        "upload the others, then finish again.",
    ),
)
RESULT_ALTERED = ProblemKind(
    code="result-altered",
    status=500,
    title=Text(zh="结果文书与记录不符", en="The result's document does not match the record"),
    detail=Text(
        zh="结果文书与出具时的记录不一致，已停止提供。请联系综合窗口。",
        en="The result document does not match the record made when it was issued, so it is no longer "
        "provided. Please contact the service window.",
    ),
)
SUPERVISION = {
    why: ProblemKind(
        code=f"supervision-{why.value}",
        status=409,
        title=Text(zh="监管记录没有更新", en="The supervision record was not changed"),
        detail=detail,
    )
    for why, detail in SUPERVISION_REFUSALS.items()
}
ROSTER_CHANGED = ProblemKind(
    code="roster-changed",
    status=409,
    title=Text(zh="名录没有更新", en="The roster was not changed"),
    detail=ROSTER_CHANGED_TEXT,
)
BENEFITS = {
    why: ProblemKind(
        code=f"benefit-{why.value}",
        status=409,
        title=Text(zh="惠企政策记录没有更新", en="The benefit was not changed"),
        detail=detail,
    )
    for why, detail in BENEFIT_REFUSALS.items()
}
INTERNAL = ProblemKind(
    code="internal",
    status=500,
    title=Text(zh="系统故障", en="Internal error"),
    detail=Text(
        zh="系统故障，请稍后重试；仍不行请联系运维。",
        en="Please try again later. If the problem persists, contact operations.",
    ),
)
