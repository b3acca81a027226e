"""What is to be done with a packet next, who has it, by when, and why.

The next step is always one of the packet's open points, or several of one owner: who has it owns them, and its date is
the first of theirs. Where nothing is open, nobody has it. Source: mission 7 (no passing the buck); style.md, "Anchors".
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from kaigong.domain.flow.joint_acceptance import GAP_OPEN
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import Office, day
from kaigong.domain.model.naming import NOBODY, Named, joined, name_of
from kaigong.domain.model.packet import (
    Gap,
    Notice,
    NoticeKind,
    Packet,
    ResultCode,
    ReviewState,
)
from kaigong.domain.model.text import Model, Text

from .matters import DepartmentsAnswered, MatterState, MatterStatus, counted
from .team import OpenPoint, OwnerKind, PointKind


class Phase(StrEnum):
    """Where a packet is, for who reads it."""

    DRAFT = "draft"  # papers lie there; no manifest has submitted them yet
    SUBMITTED = "submitted"  # waits for the examination of its papers
    REFUSED = "refused"  # the newest manifest was refused; it submitted nothing
    RETURNED = "returned"
    IN_REVIEW = "in-review"
    CORRECTING = "correcting"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    ISSUED = "issued"


class Holder(StrEnum):
    """Who has to act next."""

    APPLICANT = "applicant"
    DEPARTMENTS = "departments"
    WINDOW = "window"
    SYSTEM = "system"
    SUPERVISORS = "supervisors"
    NOBODY = "nobody"


class Examination(Model):
    """How many of the papers that a submission counts on are examined."""

    examined: int
    awaited: int


class NextStep(Model):
    """What is to be done next, by whom, by when, and why."""

    holder: Holder
    holder_name: Text
    departments: tuple[Named, ...] = ()  # those that have it, where departments or supervisors do
    action: Text
    why: Text
    by: datetime | None = None
    by_certain: bool = True
    overdue: bool = False
    clock: Text | None = Field(default=None, description="How that date comes about, where it is a time limit's end.")


_HOLDERS = {
    OwnerKind.APPLICANT: Holder.APPLICANT,
    OwnerKind.DEPARTMENT: Holder.DEPARTMENTS,
    OwnerKind.WINDOW: Holder.WINDOW,
    OwnerKind.SYSTEM: Holder.SYSTEM,
    OwnerKind.SUPERVISOR: Holder.SUPERVISORS,
}
_FIRST: dict[Phase, tuple[tuple[PointKind, ...], ...]] = {  # which points come first; those of one group have one owner
    Phase.DRAFT: ((PointKind.DRAFT,),),
    Phase.REFUSED: ((PointKind.REFUSED,),),
    Phase.SUBMITTED: ((PointKind.SUBMISSION,),),
    Phase.RETURNED: ((PointKind.RETURNED,),),
    Phase.CORRECTING: ((PointKind.CORRECTION,),),
    Phase.IN_REVIEW: (
        (PointKind.REVIEW,),
        (PointKind.PROCEDURE,),
        (PointKind.APPOINTMENT,),
        (PointKind.RECORD,),
    ),
    Phase.DECIDED: ((PointKind.ISSUE,),),
    Phase.ISSUED: (
        (PointKind.GAP,),
        (PointKind.RECORD, PointKind.SUBMISSION),
        (PointKind.DOUBT,),
        (PointKind.VERIFICATION,),
    ),
    Phase.WITHDRAWN: ((PointKind.RECORD, PointKind.SUBMISSION),),
}
_NOTICES = {Phase.RETURNED: NoticeKind.RETURNED, Phase.CORRECTING: NoticeKind.CORRECTION}
_REMEDY = Text(
    zh="不服的，可依法申请行政复议或者提起行政诉讼。",
    en="Against it there are administrative reconsideration and the court, as the law provides.",
)


def next_step(
    packet: Packet,
    phase: Phase,
    matters: Sequence[MatterStatus],
    points: Iterable[OpenPoint],
    departments: DepartmentsAnswered | None,
    catalogue: Catalogue,
    office: Office,
) -> NextStep:
    """The next step of a packet that is in `phase`, by its open points."""
    every = tuple(points)
    groups = ([p for p in every if p.kind in kinds] for kinds in _FIRST[phase])
    held = next((group for group in groups if group), [])
    match phase:
        case Phase.DRAFT:
            why = Text(zh="尚未收到申报清单。", en="No manifest has been received yet.")
            return _step(held, _said(held), why)
        case Phase.REFUSED:
            why = Text(zh="申报清单不符合要求，未予接收。", en="The manifest cannot be an application and was refused.")
            return _step(held, _said(held), why)
        case Phase.SUBMITTED:
            return _step(held, _said(held), _examined(packet))
        case Phase.RETURNED | Phase.CORRECTING:
            return _noticed(_newest(packet, _NOTICES[phase]), held)
        case Phase.IN_REVIEW:
            return _in_review(every, held, matters, departments)
        case Phase.DECIDED:
            action = Text(zh="制作联合审批结果文书。", en="The document of the joint result is made.")
            return _step(held, action, _decided(packet))
        case Phase.WITHDRAWN:
            again = Text(
                zh="不再办理；需要时可用新的材料包编号重新申报。",
                en="Nothing more is done; to apply again, use a new packet id.",
            )
            why = Text(zh="申请人已撤回申请。", en="The applicant withdrew the application.")
            return _step(held, _said(held) if held else again, why)
        case Phase.ISSUED:
            return _after_issue(packet, held, catalogue, office)


def examination(packet: Packet) -> Examination | None:
    """How far the papers of a submission that waits are examined."""
    submission = packet.untaken()
    if submission is None:
        return None
    awaited = len(submission.awaited)
    return Examination(examined=awaited - len(packet.missing_findings(submission)), awaited=awaited)


def _step(held: Sequence[OpenPoint], action: Text, why: Text) -> NextStep:
    """The step that these points make; they have one kind of owner. None: nobody has it."""
    if not held:
        return NextStep(holder=Holder.NOBODY, holder_name=NOBODY, action=action, why=why)
    owners = {(p.owner.department, p.owner.name.zh): p.owner for p in held}.values()
    first = min((p.by for p in held if p.by), key=lambda due: due.at, default=None)
    return NextStep(
        holder=_HOLDERS[held[0].owner.kind],
        holder_name=joined(owner.name for owner in owners),
        departments=tuple(Named(code=o.department, name=o.name) for o in owners if o.department),
        action=action,
        why=why,
        by=first.at if first else None,
        by_certain=first.certain if first else True,
        overdue=any(p.overdue for p in held),
    )


def _said(held: Sequence[OpenPoint]) -> Text:
    return held[0].text if held else Text(zh="无待办事项。", en="Nothing is left to do.")


def _together(*sentences: Text | None) -> Text:
    there = [s for s in sentences if s]
    return Text(zh="".join(s.zh for s in there), en=" ".join(s.en for s in there))


# until the decision


def _examined(packet: Packet) -> Text:
    found = examination(packet) or Examination(examined=0, awaited=0)
    return Text(
        zh=f"已检查 {found.examined} 份，共 {found.awaited} 份。",
        en=f"{found.examined} of {found.awaited} papers are examined.",
    )


def _newest(packet: Packet, kind: NoticeKind) -> Notice:
    return max((n for n in packet.notices.values() if n.kind is kind), key=lambda n: n.number)


def _noticed(notice: Notice, held: Sequence[OpenPoint]) -> NextStep:
    """The applicant answers a notice. Where the project owes promised materials, those come first, in their packets."""
    count = len(notice.items)
    owed = sum(item.code == GAP_OPEN for item in notice.items)
    why = Text(
        zh=f"通知书列出 {count} 项，须全部办妥。",
        en=f"The notice lists {count} point(s); all are needed.",
    )
    if not owed:
        return _step(held, _said(held), why)
    action = Text(
        zh="先在通知书所列的材料包中补齐本项目的容缺材料"
        + ("，并补正其他各项" if count > owed else "")
        + "，再重新上传 manifest.json 申请联合验收。",
        en="First hand in the project's promised materials in the packets that the notice names"
        + (", and complete its other points" if count > owed else "")
        + "; then apply for joint acceptance again by uploading manifest.json.",
    )
    owes = Text(
        zh=f"本项目尚有 {owed} 份容缺材料未补齐，补齐前不能申请联合验收。",
        en=f"The project still owes {owed} promised material(s); until they are there, joint acceptance is closed.",
    )
    return _step(held, action, _together(owes, why))


def _in_review(
    points: Sequence[OpenPoint],
    held: Sequence[OpenPoint],
    matters: Sequence[MatterStatus],
    departments: DepartmentsAnswered | None,
) -> NextStep:
    """Departments review; or all that they have rests for something that they, or the window, see to."""
    answered = counted(departments.answered, departments.of) if departments else None
    resting = [m for m in matters if m.state is MatterState.PAUSED]
    rests = Text(
        zh=f"{len(resting)} 个事项的办理时限暂停计算。",
        en=f"The time limit of {len(resting)} matter(s) rests meanwhile.",
    )
    owed = _late_promises(points)
    kind = held[0].kind if held else None
    if kind is PointKind.REVIEW:
        text = Text(zh="并联审查，作出决定。", en="Review in parallel, and decide.")
        step = _step(held, text, _together(answered, rests if resting else None, owed))
        return step.changed(clock=_first_sum(held, matters))
    if kind is PointKind.PROCEDURE:
        names = joined(_distinct(rest.name for m in resting for rest in m.rests))
        text = Text(
            zh=f"进行{names.zh}，结束后继续审查。",
            en=f"They hold what is called for ({names.en}), then go on reviewing.",
        )
        return _step(held, text, _together(rests, answered, owed))
    if kind is PointKind.APPOINTMENT:
        text = Text(
            zh="约定联合踏勘时间，一次通知各参加部门和申请人。",
            en="Agree on a date for the joint site visit, and tell all departments and the applicant at once.",
        )
        return _step(held, text, _together(rests, answered, owed))
    text = Text(zh="汇总各部门的决定。", en="The departments' decisions are put together.")
    return _step(held, text, Text(zh="各部门均已答复。", en="Every department has answered."))


def _first_sum(held: Sequence[OpenPoint], matters: Sequence[MatterStatus]) -> Text | None:
    """The sum behind the first of the reviews' dates: the one that the step names."""
    _, first = min(((p.by.at, p.subject) for p in held if p.by), default=(None, None))
    return next((m.clock for m in matters if m.matter == first), None)


def _distinct(names: Iterable[Text]) -> Iterable[Text]:
    return {name.zh: name for name in names}.values()


def _late_promises(points: Sequence[OpenPoint]) -> Text | None:
    """Departments have the packet, but the applicant is late with something."""
    late = sum(p.kind is PointKind.GAP and p.overdue for p in points)
    if not late:
        return None
    return Text(
        zh=f"申请人另有 {late} 份容缺材料逾期，请立即补交。",
        en=f"The applicant is late with {late} promised material(s): hand them in now.",
    )


# after it


def _decided(packet: Packet) -> Text:
    return _by_rules(packet) or Text(zh="各事项均已作出决定。", en="Every matter is decided.")


def _issued(packet: Packet) -> Text:
    return _together(_by_rules(packet), Text(zh="联合审批结果已出具。", en="The joint result is issued."))


def _by_rules(packet: Packet) -> Text | None:
    """Where rules decided everything, no department was asked."""
    if not all(review.by_rules for review in packet.reviews.values()):
        return None
    count = len(packet.reviews)
    return Text(
        zh=f"全部 {count} 个事项均符合规则，当场作出决定。",
        en=f"All rules of the {count} matter(s) hold, so they were decided at once.",
    )


def _after_issue(packet: Packet, held: Sequence[OpenPoint], catalogue: Catalogue, office: Office) -> NextStep:
    issued, taken_back = _issued(packet), _taken_back(packet, catalogue)
    match held[0].kind if held else None:
        case PointKind.GAP:
            gaps = [packet.gaps[p.subject] for p in held]
            names = joined(name_of(catalogue.materials, gap.slot) for gap in gaps)
            action = Text(zh=f"补齐容缺材料：{names.zh}。", en=f"Hand in what was promised: {names.en}.")
            return _step(held, action, _together(_owed(packet, gaps, held, office), taken_back))
        case PointKind.DOUBT:
            doubtful = Text(
                zh=f"企业身份信息尚有 {len(held)} 处疑点待核实。",
                en=f"{len(held)} doubt(s) about the enterprise's identity are still to be looked at.",
            )
            return _step(held, _said(held), _together(issued, doubtful, taken_back))
        case PointKind.VERIFICATION:
            names = joined(name_of(catalogue.matters, p.subject) for p in held)
            action = Text(
                zh=f"核查承诺是否属实，并反馈结果：{names.zh}。",
                en=f"They verify what was committed to, and report back: {names.en}.",
            )
            checked = Text(
                zh="以告知承诺批准的事项，批准后核查；承诺不实的，撤销批准并记入信用记录。",
                en="What was approved by commitment is verified afterwards; a false one is revoked and on record.",
            )
            return _step(held, action, _together(issued, checked, taken_back))
        case None:
            return _step(held, _left_to_the_applicant(packet), _together(issued, taken_back))
        case _:
            return _step(held, _said(held), _together(issued, taken_back))


def _owed(packet: Packet, gaps: Sequence[Gap], held: Sequence[OpenPoint], office: Office) -> Text:
    """Why promised materials are still to come, and what comes of late ones."""
    recorded = [packet.breaches[gap.slot].repairable_from for gap in gaps if gap.slot in packet.breaches]
    if recorded:
        return _on_record(day(max(recorded).astimezone(office.zone)))
    if any(p.overdue for p in held):
        return Text(
            zh="容缺材料已逾期，按失信处理；请立即补交。",
            en="A promised material is late, which is handled as a breach: hand it in now.",
        )
    if packet.result and packet.result.code is ResultCode.APPROVED_WITH_GAPS:
        return Text(
            zh="本项目为容缺通过；承诺的材料补齐后方可申请联合验收，逾期按失信处理。",
            en="Approved with gaps: joint acceptance can be applied for once they are closed; "
            "a late one is handled as a breach.",
        )
    return Text(
        zh="联合审批结果已出具，承诺的材料仍须补齐，逾期按失信处理。",
        en="The joint result is issued, and what was promised is still owed; a late one is handled as a breach.",
    )


def _on_record(since: Text) -> Text:
    return Text(
        zh=f"容缺材料逾期未补齐，已记入失信记录，有关部门可以撤销许可；请立即补交。{since.zh}起可申请信用修复。",
        en="A promised material did not come in time: this is on record as a breach, and the permit may be revoked. "
        f"Hand it in now; a repair of credit can be applied for from {since.en}.",
    )


def _taken_back(packet: Packet, catalogue: Catalogue) -> Text | None:
    """Which approvals were taken back, and what can be done against it."""
    words = {ReviewState.RECALLED: ("撤回", "recalled"), ReviewState.REVOKED: ("撤销", "revoked")}
    said = [
        (name_of(catalogue.matters, matter), *words[review.state])
        for matter, review in packet.reviews.items()
        if review.state in words
    ]
    if not said:
        return None
    ended = Text(
        zh="，".join(f"“{name.zh}”的批准已{zh}" for name, zh, _ in said) + "。",
        en="Approvals that were taken back: " + ", ".join(f"{name.en} ({en})" for name, _, en in said) + ".",
    )
    return _together(ended, _REMEDY)


def _left_to_the_applicant(packet: Packet) -> Text:
    """Nobody has to do anything. What the applicant may do where not everything was approved, or not for good."""
    back = any(r.state in (ReviewState.RECALLED, ReviewState.REVOKED) for r in packet.reviews.values())
    if back:
        return Text(
            zh="仍需办理被收回批准的事项的，可在消除原因后，另用新的材料包编号申报。",
            en="If the matter is still needed, apply again with a new packet id once its reasons no longer hold.",
        )
    if packet.result is None or packet.result.code is not ResultCode.NOT_APPROVED:
        return Text(zh="无待办事项。", en="Nothing is left to do.")
    stands = Text(zh="已批准的事项有效。", en="What was approved stands.") if packet.result.partial else None
    again = Text(
        zh="可按不予批准的理由修改后，另用新的材料包编号申报。",
        en="Once what the reasons name is changed, the project can apply again with a new packet id.",
    )
    return _together(stands, again, _REMEDY)
