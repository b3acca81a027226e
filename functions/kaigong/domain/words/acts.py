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
        en="The joint result is decided, so the application can no longer be withdrawn. Ask the deciding department to "
        "cancel an approval that you no longer need; against a decision there are reconsideration and the court.",
    ),
    ActRefusal.ALREADY_WITHDRAWN: Text(
        zh="该申请已经撤回，不再办理。需要重新申报的，请使用新的材料包编号。",
        en="The application is withdrawn already and goes no further. To apply again, use a new packet id.",
    ),
    ActRefusal.NO_SUCH_DOUBT: Text(
        zh="该材料包没有这一疑点，或疑点已经核实。现有疑点见办理进度。",
        en="The packet has no such doubt, or it is settled already. Its status names those that it has.",
    ),
    ActRefusal.NO_SUCH_VISIT: Text(
        zh="该材料包没有这次联合踏勘，或踏勘已经结束，无需再约定时间。现有踏勘见办理进度。",
        en="The packet has no such joint site visit, or it is over. Its status names those that are to be held.",
    ),
    ActRefusal.DATE_PASSED: Text(
        zh="约定的踏勘时间已过。请与各参加部门和申请人另行约定今后的时间。",
        en="The date given for the visit has passed. Agree on a later one with the departments and the applicant.",
    ),
    ActRefusal.TOO_OFTEN: Text(
        zh="该项登记已多次更改，不能再改。请与运维联系，由其核实后处理。",
        en="This was changed many times already and cannot be changed again. Please turn to operations.",
    ),
}
