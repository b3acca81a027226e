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
    ActRefusal.TOO_OFTEN: Text(
        zh="该项登记已多次更改，不能再改。请与运维联系，由其核实后处理。",
        en="This has been changed too many times and cannot be changed again. Please contact operations.",
    ),
}
