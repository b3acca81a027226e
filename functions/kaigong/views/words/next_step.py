"""What is next with a packet: what is to be done, and why, in whole sentences.

Sources: mission 7 (no passing the buck), 6 (gaps), 12 (breaches, revocations); 行政许可法 §7 (remedies).
"""

from collections.abc import Iterable

from kaigong.domain.model.messages import RevocationKind
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.domain.words.remedies import REMEDY


def together(*sentences: Text | None) -> Text:
    """Sentences, one after another."""
    there = [s for s in sentences if s]
    return Text(zh="".join(s.zh for s in there), en=" ".join(s.en for s in there))


NOTHING = Text(zh="无待办事项。", en="Nothing to do.")

# before acceptance

NO_MANIFEST = Text(zh="尚未收到申报清单。", en="The application has not been submitted yet (no manifest received).")
REFUSED = Text(
    zh="申报清单不符合要求，未予接收。", en="The manifest does not meet the requirements and was not taken in."
)


WAITING_FOR_MORE = Text(
    zh="清单未列出文件，材料尚不齐全：等待其余文件上传，几分钟内没有新文件即作受理检查。",
    en="The manifest lists no files, and papers are missing. We are waiting for more uploads; if none "
    "arrive for a few minutes, the check for acceptance begins.",
)


def examined(done: int, awaited: int) -> Text:
    return Text(zh=f"已检查 {done} 份，共 {awaited} 份。", en=f"{done} of {awaited} papers checked.")


def listed(points: int) -> Text:
    """Why the applicant answers a notice."""
    return Text(
        zh=f"通知书列出 {points} 项，须全部办妥。",
        en=f"The notice lists {points} point(s), all of which must be dealt with.",
    )


def gaps_first(*, others: bool) -> Text:
    """A notice that bars joint acceptance; `others`: it lists other points as well."""
    return Text(
        zh="先在通知书所列的材料包中补齐本项目的容缺材料"
        + ("，并补正其他各项" if others else "")
        + "，再重新上传 manifest.json 申请联合验收。",
        en="First supply the project's promised papers in the packets that the notice names"
        + (", and complete its other points" if others else "")
        + "; then apply for joint acceptance again by uploading manifest.json.",
    )


def project_owes(materials: int) -> Text:
    return Text(
        zh=f"本项目尚有 {materials} 份容缺材料未补齐，补齐前不能申请联合验收。",
        en=f"{materials} promised paper(s) of this project are outstanding; joint acceptance is not "
        "possible until they are supplied.",
    )


# in review

REVIEW = Text(zh="并联审查，作出决定。", en="The departments are reviewing at the same time and will each decide.")
AGREE_ON_VISIT = Text(
    zh="约定联合踏勘时间，一次通知各参加部门和申请人。",
    en="Set a date for the joint site visit and tell all departments and the applicant at once.",
)
PUT_TOGETHER = Text(zh="汇总各部门的决定。", en="The departments' decisions are being combined.")
EVERY_ONE_ANSWERED = Text(zh="各部门均已答复。", en="All departments have answered.")


def hold(procedures: Text) -> Text:
    return Text(
        zh=f"进行{procedures.zh}，结束后继续审查。",
        en=f"Carry out: {procedures.en}; review continues afterwards.",
    )


def resting(matters: int) -> Text:
    return Text(
        zh=f"{matters} 个事项的办理时限暂停计算。",
        en=f"The time limit of {matters} matter(s) is paused in the meantime.",
    )


def late_promises(materials: int) -> Text:
    """Departments have the packet, but the applicant is late with something."""
    return Text(
        zh=f"申请人另有 {materials} 份容缺材料逾期，请立即补交。",
        en=f"The applicant also has {materials} overdue promised paper(s): please supply them now.",
    )


# decided, and issued

DECIDED = Text(zh="各事项均已作出决定。", en="All matters have been decided.")
MAKE_THE_DOCUMENT = Text(zh="制作联合审批结果文书。", en="The joint result document is being prepared.")
ISSUED = Text(zh="联合审批结果已出具。", en="The joint result has been issued.")


def by_rules(matters: int) -> Text:
    """Rules decided everything; no department was asked."""
    return Text(
        zh=f"全部 {matters} 个事项均符合规则，当场作出决定。",
        en=f"All {matters} matter(s) met the rules and were decided at once.",
    )


def doubtful(doubts: int) -> Text:
    return Text(
        zh=f"企业身份信息尚有 {doubts} 处疑点待核实。",
        en=f"{doubts} question(s) about the enterprise's identity are still to be verified.",
    )


def verify(matters: Text) -> Text:
    return Text(
        zh=f"核查承诺是否属实，并反馈结果：{matters.zh}。",
        en=f"Verify that the commitments are true and report back: {matters.en}.",
    )


VERIFIED_AFTERWARDS = Text(
    zh="以告知承诺批准的事项，批准后核查；承诺不实的，撤销批准并记入信用记录。",
    en="Matters approved by commitment are verified afterwards. If a commitment is false, the approval "
    "is revoked and it goes on the credit record.",
)

# promised papers that are still owed


def hand_in(materials: Text) -> Text:
    return Text(zh=f"补齐容缺材料：{materials.zh}。", en=f"Supply the promised papers: {materials.en}.")


OWED = Text(
    zh="联合审批结果已出具，承诺的材料仍须补齐，逾期按失信处理。",
    en="The joint result has been issued, but promised papers are still outstanding; an overdue paper counts "
    "as a breach.",
)
OWED_WITHOUT_RESULT = Text(
    zh="为已批准的事项承诺的材料仍须补齐，逾期按失信处理。",
    en="Papers promised for what was approved are still outstanding; an overdue one counts as a breach.",
)
APPROVED_WITH_GAPS = Text(
    zh="本项目为容缺通过；承诺的材料补齐后方可申请联合验收，逾期按失信处理。",
    en="This project was approved with gaps. Joint acceptance is possible once the promised papers are "
    "in; an overdue paper counts as a breach.",
)
LATE = Text(
    zh="容缺材料已逾期，按失信处理；请立即补交。",
    en="A promised paper is overdue, which counts as a breach: please supply it now.",
)


def on_record(repairable: Text) -> Text:
    """A late one is on record as a breach; from which day on a repair can be applied for."""
    return Text(
        zh=f"容缺材料逾期未补齐，已记入失信记录，有关部门可以撤销许可；请立即补交。{repairable.zh}起可申请信用修复。",
        en="A promised paper was not supplied in time. This is recorded as a breach, and the permit may be "
        f"revoked. Supply it now; you can apply to have the breach repaired from {repairable.en}.",
    )


# what was not approved, or is not any more


def taken_back(approvals: Iterable[tuple[Text, RevocationKind]]) -> Text:
    """Which approvals were taken back, and what can be done against it."""
    said = [(matter, names.REVOCATIONS[kind]) for matter, kind in approvals]
    ended = Text(
        zh="，".join(f"“{matter.zh}”的批准已{word.zh}" for matter, word in said) + "。",
        en="Approvals that were taken back: " + ", ".join(f"{matter.en} ({word.en})" for matter, word in said) + ".",
    )
    return together(ended, REMEDY)


AGAIN_AFTER_TAKEN_BACK = Text(
    zh="批准被撤回、撤销的事项仍需办理的，可在消除原因后，另用新的材料包编号申报。",
    en="If you still need a matter whose approval was taken back, apply again with a new packet id "
    "once the reasons no longer apply.",
)
APPROVED_STANDS = Text(zh="已批准的事项有效。", en="Matters already approved remain valid.")
AGAIN_AFTER_REJECTION = Text(
    zh="可按不予批准的理由修改后重新申报：申报信息和原有材料可以沿用。",
    en="You can apply again after making the changes that the reasons call for: what is on the form and the papers can "
    "be used again.",
)

# withdrawn

WITHDRAWN = Text(zh="申请人已撤回申请。", en="The applicant withdrew the application.")
LAPSED = Text(
    zh="逾期未补正，申请视为撤回。", en="Corrections were not made in time, so the application counts as withdrawn."
)
AGAIN_AFTER_WITHDRAWAL = Text(
    zh="不再办理；需要时可用新的材料包编号重新申报。",
    en="The case is closed. To apply again, use a new packet id.",
)
