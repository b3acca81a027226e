"""What people are shown for a state: one word each, everywhere the same."""

from kaigong.domain.model.messages import Channel
from kaigong.domain.model.packet import Signing
from kaigong.domain.model.text import Text

from .matters import MatterState
from .next_step import Phase

PHASES = {
    Phase.DRAFT: Text(zh="草稿", en="Draft"),
    Phase.SUBMITTED: Text(zh="已提交", en="Submitted"),
    Phase.REFUSED: Text(zh="未予接收", en="Not taken"),
    Phase.RETURNED: Text(zh="待补正", en="To be completed"),
    Phase.IN_REVIEW: Text(zh="并联审查中", en="In review"),
    Phase.CORRECTING: Text(zh="待补正", en="To be corrected"),
    Phase.WITHDRAWN: Text(zh="已撤回", en="Withdrawn"),
    Phase.DECIDED: Text(zh="已作出决定", en="Decided"),
    Phase.ISSUED: Text(zh="已出件", en="Issued"),
}
MATTER_STATES = {
    MatterState.APPLIED: Text(zh="已申请", en="Applied for"),
    MatterState.WAITING: Text(zh="待前置事项", en="Waits for another"),
    MatterState.OPEN: Text(zh="审查中", en="In review"),
    MatterState.PAUSED: Text(zh="时限暂停", en="Time rests"),
    MatterState.APPROVED: Text(zh="通过", en="Approved"),
    MatterState.CORRECTION: Text(zh="要求补正", en="Correction asked"),
    MatterState.REJECTED: Text(zh="不通过", en="Not approved"),
    MatterState.UNOPENED: Text(zh="未开启", en="Not opened"),
    MatterState.WITHDRAWN: Text(zh="已撤回", en="Withdrawn"),
    MatterState.RECALLED: Text(zh="批准已撤回", en="Approval recalled"),
    MatterState.REVOKED: Text(zh="批准已撤销", en="Approval revoked"),
}
CHANNELS = {
    Channel.GREEN: Text(zh="绿色通道", en="Green channel"),
    Channel.ORDINARY: Text(zh="普通通道", en="Ordinary channel"),
}
SIGNINGS = {  # how a commitment letter was accepted
    Signing.ELECTRONIC: Text(zh="在线签署", en="accepted online"),
    Signing.MANIFEST: Text(zh="随申报清单签署", en="accepted with the manifest"),
    Signing.UPLOADED: Text(zh="上传签署件", en="a signed paper was uploaded"),
}
