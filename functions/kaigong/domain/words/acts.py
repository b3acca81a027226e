"""Why what a person did to a packet comes to nothing, and what to do instead.

Sources: mission 9 (withdrawal until the decision), 14 (联合踏勘), "Facts from law and standards" (code 2 is 撤件);
行政许可法 §70 (注销), 行政复议法, 行政诉讼法 (remedies against a decision).
"""

from kaigong.domain.model.packet import ActRefusal
from kaigong.domain.model.text import Text

REFUSALS = {
    ActRefusal.TOO_LATE: Text(
        zh="联合审批结果已作出，不能再撤回申请。不再需要已批准的事项的，请向作出决定的部门申请注销；"
        "对决定有异议的，可依法申请行政复议或者提起行政诉讼。",
        en="The joint result has been decided, so the application can no longer be withdrawn. If you no "
        "longer need an approval, ask the department that gave it to cancel it; if you disagree with a "
        "decision, you may apply for administrative reconsideration or bring an administrative lawsuit.",
    ),
    ActRefusal.ALREADY_WITHDRAWN: Text(
        zh="该申请已经撤回，不再办理。需要重新申报的，请使用新的材料包编号。",
        en="This application has already been withdrawn and is closed. To apply again, use a new packet id.",
    ),
    ActRefusal.NO_SUCH_DOUBT: Text(
        zh="该材料包没有这一疑点，或疑点已经核实。现有疑点见办理进度。",
        en="This packet has no such question to clear up, or it has been settled already. The packet's "
        "page lists those that remain.",
    ),
    ActRefusal.TOO_LATE_TO_CORRECT: Text(
        zh="联合审批结果已作出，不能再要求申请人更正。请把核实情况告知作出决定的部门：批准依据的信息不实的，"
        "由其依法撤销批准（行政许可法第六十九条）。",
        en="The joint result has been decided, so the applicant can no longer be asked to correct anything. Tell the "
        "departments that decided: an approval that rests on untrue details can be revoked (Administrative Licensing "
        "Law, article 69).",
    ),
    ActRefusal.NO_SUCH_VISIT: Text(
        zh="该材料包没有这次联合踏勘，或踏勘已经结束，无需再约定时间。现有踏勘见办理进度。",
        en="This packet has no such joint site visit, or the visit is over and needs no date. The packet's "
        "page lists those still to be held.",
    ),
    ActRefusal.DATE_PASSED: Text(
        zh="约定的踏勘时间已过。请与各参加部门和申请人另行约定今后的时间。",
        en="The date given for the visit has passed. Agree on a later one with the departments and the applicant.",
    ),
    ActRefusal.NO_DECISION: Text(
        zh="本部门在这一轮没有可以收回的决定：尚未作出、由规则作出，或者已经收回。请打开该事项查看现状。",
        en="Your department has no decision to take back in this round: none was made, rules made it, or it has been "
        "taken back. Open the matter to see where it stands.",
    ),
    ActRefusal.ACTED_ON: Text(
        zh="申请人已按补正要求提交材料，补正要求不能再收回。补正齐全后该事项进入下一轮审查，届时可以另作决定。",
        en="The applicant is answering the correction, so it can no longer be taken back. Once it is complete, the "
        "next round of review begins and you can decide otherwise.",
    ),
    ActRefusal.NEXT_OPENED: Text(
        zh="后续事项已因该决定开始审查，决定不能再收回。批准确属不当的，请依法撤回或者撤销（发送 revocation 消息）。",
        en="Another matter is under review because of this decision, so it can no longer be taken back. If the "
        "approval must not stand, recall or revoke it by law (message `revocation`).",
    ),
    ActRefusal.RESULT_DECIDED: Text(
        zh="联合审批结果已作出，决定不能再收回。批准确属不当的，请依法撤回或者撤销（发送 revocation 消息）；"
        "不予通过确有错误的，请告知申请人可以重新申报或者申请行政复议。",
        en="The joint result has been decided, so the decision can no longer be taken back. If an approval must not "
        "stand, recall or revoke it by law (message `revocation`); if a rejection was wrong, tell the applicant that a "
        "new application or administrative reconsideration is possible.",
    ),
    ActRefusal.NOT_REVIEWED: Text(
        zh="该事项不在本部门审查中：尚未开始，或者已经办结，无需转交。请打开该事项查看现状。",
        en="Your department does not review this matter now: it has not begun, or is done, so there is nothing to hand "
        "over. Open the matter to see where it stands.",
    ),
    ActRefusal.NOTHING_ASKED: Text(
        zh="该事项现在没有部门要求您补正，不能提问。收到补正通知后可以就其内容提问；其他问题请联系综合窗口。",
        en="No department wants you to correct this matter now, so there is nothing to ask about. Once a correction "
        "notice comes you can ask about it; for anything else contact the service window.",
    ),
    ActRefusal.NO_SUCH_QUESTION: Text(
        zh="没有这一提问，或者不属于本部门的事项。请刷新页面，查看现有的提问。",
        en="There is no such question, or it is not about a matter of your department. Reload the page to see those "
        "that there are.",
    ),
    ActRefusal.NO_PROJECT: Text(
        zh="该申请尚未受理、已经撤回，或者没有填写项目代码，还不能同意其他企业参与项目。受理后再办理；也可以到综合窗口登记。",
        en="This application has not been accepted, was withdrawn, or names no project code, so nobody can be let into "
        "a project by it. Do this once it is accepted, or have the service window record it.",
    ),
    ActRefusal.TOO_OFTEN: Text(
        zh="该项登记已多次更改，不能再改。请与运维联系，由其核实后处理。",
        en="This has been changed too many times and cannot be changed again. Please contact operations.",
    ),
    ActRefusal.NOT_ISSUED: Text(
        zh="联合审批结果尚未出具，还不能选择领取方式或者交付。出具后再办理。",
        en="The joint result has not been issued, so there is nothing to hand out yet. Do this once it is there.",
    ),
    ActRefusal.RECEIVED_ALREADY: Text(
        zh="结果文书已经交付或者送达，不再更改。没有收到的，请联系综合窗口。",
        en="The result on paper has been received already, and nothing more can be changed. If you do not have it, "
        "contact the service window.",
    ),
    ActRefusal.IN_THE_MAIL: Text(
        zh="结果文书已经寄出，不能再改领取方式。需要更改的，请联系综合窗口。",
        en="The result is in the mail, so the way can no longer be changed. If it has to be, contact the service "
        "window.",
    ),
    ActRefusal.NOT_BY_MAIL: Text(
        zh="申请人没有选择邮寄，也没有填写收件地址。请申请人先在办理进度页选择邮寄，或者到窗口领取。",
        en="The applicant has not asked for mailing and has given no address. Ask them to choose mailing on the "
        "packet's page first, or to collect it at the window.",
    ),
    ActRefusal.NOT_MAILED: Text(
        zh="结果文书尚未登记寄出。请先登记运单号，再登记送达；当面交付的，请登记领取人。",
        en="No mailing is on record. Record the tracking number first, then the delivery; if it was handed over in "
        "person, record to whom.",
    ),
    ActRefusal.NOT_THEN: Text(
        zh="送达时间应在寄出之后、现在之前。请按签收记录填写。",
        en="The time of delivery must be after the mailing and not in the future. Take it from the delivery record.",
    ),
}
