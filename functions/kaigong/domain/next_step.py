"""What is to be done with a packet next, who has it, by when, and why."""

from datetime import datetime

from .catalogue import Catalogue
from .naming import joined, name_of
from .packet import NoticeKind, Packet, ResultCode
from .shown import DepartmentsAnswered, Examination, Holder, MatterState, MatterStatus, Named, NextStep, Phase
from .text import Text

SYSTEM = Text(zh="系统", en="the system")
APPLICANT = Text(zh="申请人", en="the applicant")
NOBODY = Text(zh="无", en="nobody")


def next_step(
    packet: Packet,
    phase: Phase,
    matters: tuple[MatterStatus, ...],
    departments: DepartmentsAnswered | None,
    catalogue: Catalogue,
    now: datetime,
) -> NextStep:
    match phase:
        case Phase.DRAFT:
            return _for_applicant(
                Text(
                    zh="上传材料，最后上传申报清单 manifest.json 提交。",
                    en="Upload the papers and, last, manifest.json: it submits the packet.",
                ),
                Text(zh="尚未收到申报清单。", en="No manifest has been received yet."),
            )
        case Phase.REFUSED:
            return _for_applicant(
                Text(
                    zh="按所列原因修改 manifest.json 后重新上传。",
                    en="Correct manifest.json by the reasons given and upload it again.",
                ),
                Text(zh="申报清单不符合要求，未予接收。", en="The manifest cannot be an application and was refused."),
            )
        case Phase.SUBMITTED:
            return _being_examined(packet)
        case Phase.RETURNED:
            return _for_applicant(
                Text(
                    zh="按一次性告知书补正，再重新上传 manifest.json 提交。",
                    en="Complete what the one-time notice lists, then submit again by uploading manifest.json.",
                ),
                _points(packet, NoticeKind.RETURNED),
            )
        case Phase.CORRECTING:
            return _for_applicant(
                Text(
                    zh="按补正通知书重新上传有关材料，再重新上传 manifest.json 提交。",
                    en="Upload anew what the correction notice lists, then submit again by uploading manifest.json.",
                ),
                _points(packet, NoticeKind.CORRECTION),
            )
        case Phase.IN_REVIEW:
            return _in_review(matters, departments, now)
        case Phase.WITHDRAWN:
            return NextStep(
                holder=Holder.NOBODY,
                holder_name=NOBODY,
                action=Text(
                    zh="不再办理；需要时可用新的材料包编号重新申报。",
                    en="Nothing more is done; to apply again, use a new packet id.",
                ),
                why=Text(zh="申请人已撤回申请。", en="The applicant withdrew the application."),
            )
        case Phase.DECIDED:
            return NextStep(
                holder=Holder.SYSTEM,
                holder_name=SYSTEM,
                action=Text(zh="制作联合审批结果文书。", en="The document of the joint result is made."),
                why=Text(zh="各事项均已作出决定。", en="Every matter is decided."),
            )
        case Phase.ISSUED:
            return _after_issue(packet, catalogue, now)


def _for_applicant(action: Text, why: Text) -> NextStep:
    return NextStep(holder=Holder.APPLICANT, holder_name=APPLICANT, action=action, why=why)


def _being_examined(packet: Packet) -> NextStep:
    found = examination(packet) or Examination(examined=0, awaited=0)
    return NextStep(
        holder=Holder.SYSTEM,
        holder_name=SYSTEM,
        action=Text(
            zh="逐份检查材料，随后受理，或一次性告知需补正的全部内容。",
            en="Each paper is examined; then the packet is accepted, or all that is to be completed is told at once.",
        ),
        why=Text(
            zh=f"已检查 {found.examined} 份，共 {found.awaited} 份。",
            en=f"{found.examined} of {found.awaited} papers are examined.",
        ),
    )


def _points(packet: Packet, kind: NoticeKind) -> Text:
    """What the newest notice of a kind asks for, as a number."""
    newest = max((n for n in packet.notices.values() if n.kind is kind), key=lambda n: n.number, default=None)
    count = len(newest.items) if newest else 0
    return Text(zh=f"通知书列出 {count} 项，须全部补正。", en=f"The notice lists {count} point(s); all are needed.")


def _in_review(matters: tuple[MatterStatus, ...], departments: DepartmentsAnswered | None, now: datetime) -> NextStep:
    reviewing = [m for m in matters if m.state in (MatterState.OPEN, MatterState.PAUSED)]
    if not reviewing or departments is None:
        return NextStep(
            holder=Holder.SYSTEM,
            holder_name=SYSTEM,
            action=Text(zh="汇总各部门的决定。", en="The departments' decisions are put together."),
            why=Text(zh="各部门均已答复。", en="Every department has answered."),
        )
    having = {m.department: Named(code=m.department, name=m.department_name) for m in reviewing}
    due = min((m for m in reviewing if m.due), key=lambda m: m.due or now, default=None)
    return NextStep(
        holder=Holder.DEPARTMENTS,
        holder_name=joined(named.name for named in having.values()),
        departments=tuple(having.values()),
        action=Text(zh="并联审查，作出决定。", en="They review in parallel and decide."),
        why=departments.text,
        by=due.due if due else None,
        by_certain=due.due_certain if due else True,
        overdue=any(m.overdue for m in reviewing),
    )


def _after_issue(packet: Packet, catalogue: Catalogue, now: datetime) -> NextStep:
    counted = {slot for m in packet.result.matters for slot in m.open_gaps} if packet.result else set()
    waiting = [gap for gap in packet.gaps.values() if gap.open and gap.slot in counted]
    if waiting:
        first = min(waiting, key=lambda gap: gap.due.at)
        names = joined(name_of(catalogue.materials, gap.slot) for gap in waiting)
        return NextStep(
            holder=Holder.APPLICANT,
            holder_name=APPLICANT,
            action=Text(zh=f"补齐容缺材料：{names.zh}。", en=f"Hand in what was promised: {names.en}."),
            why=Text(
                zh="本项目为容缺通过；承诺的材料补齐后方可申请联合验收，逾期按失信处理。",
                en="Approved with gaps: joint acceptance can be applied for once they are closed; "
                "a late one is handled as a breach.",
            ),
            by=first.due.at,
            by_certain=first.due.certain,
            overdue=now > first.due.at,
        )
    refused = packet.result is not None and packet.result.code is ResultCode.NOT_APPROVED
    action = Text(zh="无待办事项。", en="Nothing is left to do.")
    if refused:
        action = Text(
            zh="可按不予批准的理由修改后，另用新的材料包编号申报。",
            en="Once what the reasons name is changed, the project can apply again with a new packet id.",
        )
    return NextStep(
        holder=Holder.NOBODY,
        holder_name=NOBODY,
        action=action,
        why=Text(zh="联合审批结果已出具。", en="The joint result is issued."),
    )


def examination(packet: Packet) -> Examination | None:
    submission = packet.untaken()
    if submission is None:
        return None
    awaited = len(submission.awaited)
    return Examination(examined=awaited - len(packet.missing_findings(submission)), awaited=awaited)
