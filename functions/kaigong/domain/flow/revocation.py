"""An approval is taken back: 撤回 (recall) or 撤销 (revoke). The joint result stays as it was issued.

Sources: 行政许可法 §8 and §69; 国办发〔2020〕42号 (a false commitment); mission 6 and 12; codes 14 and 15.
"""

from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.messages import RevocationKind
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Packet, ReviewState
from kaigong.domain.model.states import ReviewEvent
from kaigong.domain.model.text import Text

from .step import Step

_EVENTS = {RevocationKind.RECALL: ReviewEvent.RECALLED, RevocationKind.REVOKE: ReviewEvent.REVOKED}
_WORDS = {
    RevocationKind.RECALL: Text(zh="撤回", en="recalled"),
    RevocationKind.REVOKE: Text(zh="撤销", en="revoked"),
}


def to_take(packet: Packet) -> list[Code]:
    """Matters whose approval a department took back, and nobody acted on it yet."""
    if packet.result is None:
        return []
    approved = {matter for matter, review in packet.reviews.items() if review.state is ReviewState.APPROVED}
    return [matter for matter in packet.revocations if matter in approved]


def take(step: Step) -> None:
    """Take approvals back, once the joint result is there: before it, a department's word waits."""
    told = []
    for matter in to_take(step.packet):
        review, fact = step.packet.reviews[matter], step.packet.revocations[matter]
        step.move_review(matter, _EVENTS[fact.kind], decided_at=fact.received_at, reasons=fact.reasons)
        step.happened("approval-ended", matter=matter, kind=fact.kind.value)
        catalogue, word = step.around.catalogue, _WORDS[fact.kind]
        name, department = catalogue.matters[matter].name, catalogue.departments[review.department].name
        why = "；".join(f"{reason.text}（{reason.basis}）" for reason in fact.reasons)
        text = Text(
            zh=f"{department.zh}已{word.zh}“{name.zh}”的批准：{why}。不服的，可依法申请行政复议或者提起行政诉讼。",
            en=f"{department.en} has {word.en} the approval of {name.en}: {why}. "
            "You may ask for administrative reconsideration or sue, as the law provides.",
        )
        told.append(NoticeItem(code=f"approval-{word.en}", text=text, matter=matter))
    if told:
        step.notify(NoticeKind.REVOKED, tuple(told))
