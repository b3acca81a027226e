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


NOTHING = Text(zh="无待办事项。", en="Nothing is left to do.")

# before acceptance

NO_MANIFEST = Text(zh="尚未收到申报清单。", en="No manifest has been received yet.")
REFUSED = Text(zh="申报清单不符合要求，未予接收。", en="The manifest cannot be an application and was not taken.")


WAITING_FOR_MORE = Text(
    zh="清单未列出文件，材料尚不齐全：等待其余文件上传，几分钟内没有新文件即作受理检查。",
    en="The manifest lists no files and papers are missing: more are waited for, and once none came for some minutes "
    "the packet is judged.",
)


def examined(done: int, awaited: int) -> Text:
    return Text(zh=f"已检查 {done} 份，共 {awaited} 份。", en=f"{done} of {awaited} papers are examined.")


def listed(points: int) -> Text:
    """Why the applicant answers a notice."""
    return Text(zh=f"通知书列出 {points} 项，须全部办妥。", en=f"The notice lists {points} point(s); all are needed.")


def gaps_first(*, others: bool) -> Text:
    """A notice that bars joint acceptance; `others`: it lists other points as well."""
    return Text(
        zh="先在通知书所列的材料包中补齐本项目的容缺材料"
        + ("，并补正其他各项" if others else "")
        + "，再重新上传 manifest.json 申请联合验收。",
        en="First hand in the project's promised materials in the packets that the notice names"
        + (", and complete its other points" if others else "")
        + "; then apply for joint acceptance again by uploading manifest.json.",
    )


def project_owes(materials: int) -> Text:
    return Text(
        zh=f"本项目尚有 {materials} 份容缺材料未补齐，补齐前不能申请联合验收。",
        en=f"The project still owes {materials} promised material(s); until they are there, joint acceptance is "
        "closed.",
    )


# in review

REVIEW = Text(zh="并联审查，作出决定。", en="Review in parallel, and decide.")
AGREE_ON_VISIT = Text(
    zh="约定联合踏勘时间，一次通知各参加部门和申请人。",
    en="Agree on a date for the joint site visit, and tell all departments and the applicant at once.",
)
PUT_TOGETHER = Text(zh="汇总各部门的决定。", en="The departments' decisions are put together.")
EVERY_ONE_ANSWERED = Text(zh="各部门均已答复。", en="Every department has answered.")


def hold(procedures: Text) -> Text:
    return Text(
        zh=f"进行{procedures.zh}，结束后继续审查。",
        en=f"They hold what is called for ({procedures.en}), then go on reviewing.",
    )


def resting(matters: int) -> Text:
    return Text(
        zh=f"{matters} 个事项的办理时限暂停计算。", en=f"The time limit of {matters} matter(s) rests meanwhile."
    )


def late_promises(materials: int) -> Text:
    """Departments have the packet, but the applicant is late with something."""
    return Text(
        zh=f"申请人另有 {materials} 份容缺材料逾期，请立即补交。",
        en=f"The applicant is late with {materials} promised material(s): hand them in now.",
    )


# decided, and issued

DECIDED = Text(zh="各事项均已作出决定。", en="Every matter is decided.")
MAKE_THE_DOCUMENT = Text(zh="制作联合审批结果文书。", en="The document of the joint result is made.")
ISSUED = Text(zh="联合审批结果已出具。", en="The joint result is issued.")


def by_rules(matters: int) -> Text:
    """Rules decided everything; no department was asked."""
    return Text(
        zh=f"全部 {matters} 个事项均符合规则，当场作出决定。",
        en=f"All rules of the {matters} matter(s) hold, so they were decided at once.",
    )


def doubtful(doubts: int) -> Text:
    return Text(
        zh=f"企业身份信息尚有 {doubts} 处疑点待核实。",
        en=f"{doubts} doubt(s) about the enterprise's identity are still to be looked at.",
    )


def verify(matters: Text) -> Text:
    return Text(
        zh=f"核查承诺是否属实，并反馈结果：{matters.zh}。",
        en=f"They verify what was committed to, and report back: {matters.en}.",
    )


VERIFIED_AFTERWARDS = Text(
    zh="以告知承诺批准的事项，批准后核查；承诺不实的，撤销批准并记入信用记录。",
    en="What was approved by commitment is verified afterwards; a false one is revoked and on record.",
)

# promised materials that are still owed


def hand_in(materials: Text) -> Text:
    return Text(zh=f"补齐容缺材料：{materials.zh}。", en=f"Hand in what was promised: {materials.en}.")


OWED = Text(
    zh="联合审批结果已出具，承诺的材料仍须补齐，逾期按失信处理。",
    en="The joint result is issued, and what was promised is still owed; a late one is handled as a breach.",
)
APPROVED_WITH_GAPS = Text(
    zh="本项目为容缺通过；承诺的材料补齐后方可申请联合验收，逾期按失信处理。",
    en="Approved with gaps: joint acceptance can be applied for once they are closed; "
    "a late one is handled as a breach.",
)
LATE = Text(
    zh="容缺材料已逾期，按失信处理；请立即补交。",
    en="A promised material is late, which is handled as a breach: hand it in now.",
)


def on_record(repairable: Text) -> Text:
    """A late one is on record as a breach; from which day on a repair can be applied for."""
    return Text(
        zh=f"容缺材料逾期未补齐，已记入失信记录，有关部门可以撤销许可；请立即补交。{repairable.zh}起可申请信用修复。",
        en="A promised material did not come in time: this is on record as a breach, and the permit may be revoked. "
        f"Hand it in now; a repair of credit can be applied for from {repairable.en}.",
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
    zh="仍需办理被收回批准的事项的，可在消除原因后，另用新的材料包编号申报。",
    en="If the matter is still needed, apply again with a new packet id once its reasons no longer hold.",
)
APPROVED_STANDS = Text(zh="已批准的事项有效。", en="What was approved stands.")
AGAIN_AFTER_REJECTION = Text(
    zh="可按不予批准的理由修改后，另用新的材料包编号申报。",
    en="Once what the reasons name is changed, the project can apply again with a new packet id.",
)

# withdrawn

WITHDRAWN = Text(zh="申请人已撤回申请。", en="The applicant withdrew the application.")
LAPSED = Text(
    zh="逾期未补正，申请视为撤回。", en="Corrections did not come in time; the application is taken as withdrawn."
)
AGAIN_AFTER_WITHDRAWAL = Text(
    zh="不再办理；需要时可用新的材料包编号重新申报。",
    en="Nothing more is done; to apply again, use a new packet id.",
)
