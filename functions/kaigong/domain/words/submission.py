"""What is told of a submission that nobody waits for.

Source: design.md, "A packet's life": after acceptance a manifest counts only where a correction was asked for.
"""

from kaigong.domain.model.text import Text

WITHDRAWN = Text(
    zh="该材料包的申请已撤回，不能再提交；请使用新的材料包编号申报。",
    en="The application of this packet was withdrawn, so nothing more can be submitted. Apply with a new packet id.",
)
WITHDRAWN_OWING = Text(
    zh="该材料包的申请已撤回，不能再提交；已批准事项的容缺材料上传后自动登记，无需提交清单。需要重新申报的，请使用新的"
    "材料包编号。",
    en="The application of this packet was withdrawn, so it cannot be submitted again. Papers promised for what was "
    "approved are recorded as soon as they are uploaded; no manifest is needed. To apply again, use a new packet id.",
)
UNDER_REVIEW = Text(
    zh="材料包已在审查或已办结，此时不接受重新提交；容缺材料上传后自动登记，无需再次提交清单。",
    en="The packet is under review or has been decided, so it cannot be resubmitted now. Promised "
    "papers are recorded as soon as they are uploaded; no new manifest is needed.",
)
