"""How a packet moves on: look at it as it now is, and do what that state asks for.

`advance` is a pure function of the packet. It may be called at any time and any number of times: where nothing is to
be done it gives back the packet unchanged, so duplicate, late and lost events do no harm. See design.md, "The idea".
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from . import acceptance, identity, review
from .catalogue import Catalogue, Code, Route
from .clock import Office, limit
from .finding import Finding, Verdict, judge
from .ledger import GENESIS, chain
from .messages import CreditRecord
from .packet import (
    Commitment,
    Gap,
    Header,
    LedgerEntry,
    Notice,
    NoticeItem,
    NoticeKind,
    Outbox,
    Packet,
    Papers,
    Review,
    ReviewState,
    Slot,
    Status,
    Submission,
)
from .privileges import privileges
from .result import joint_result
from .text import Model, Text

TITLES = {
    NoticeKind.RETURNED: Text(
        zh="一次性告知书：请补正后重新提交", en="One-time notice: please complete and submit again"
    ),
    NoticeKind.ACCEPTED: Text(zh="项目受理单：已受理", en="Acceptance receipt: your packet is accepted"),
    NoticeKind.CORRECTION: Text(zh="补正通知书：各部门的补正意见", en="Correction notice from all departments"),
    NoticeKind.RESULT: Text(zh="联合审批结果已作出", en="The joint result is ready"),
    NoticeKind.GAPS_CLOSED: Text(zh="容缺材料已补齐登记", en="Promised material received"),
    NoticeKind.GAPS_STILL_OPEN: Text(zh="补交的容缺材料不合格", en="A promised material came but cannot be used"),
    NoticeKind.NOT_AWAITED: Text(zh="本次提交未被采用", en="This submission was not used"),
}


class Surroundings(Model):
    """What a decision needs besides the packet. Time and ids come from the edge."""

    catalogue: Catalogue
    credit: CreditRecord | None
    now: datetime
    office: Office
    gap_working_days: int
    new_token: Callable[[], str]


class Step:
    """A packet on its way through one call of `advance`: the working copy, what happened, what goes out."""

    def __init__(self, packet: Packet, around: Surroundings) -> None:
        self.packet = packet
        self.around = around
        self.version = (packet.header.version if packet.header else 0) + 1
        self.events: list[dict[str, Any]] = []
        self.orders: list[str] = []

    @property
    def header(self) -> Header:
        assert self.packet.header is not None  # noqa: S101 - every step after the first submission has one
        return self.packet.header

    def change(self, **fields: Any) -> None:
        self.packet = self.packet.model_copy(update=fields)

    def change_header(self, **fields: Any) -> None:
        self.change(header=self.header.model_copy(update=fields))

    def happened(self, event: str, **details: Any) -> None:
        self.events.append({"event": event, **details})

    def notify(self, kind: NoticeKind, items: tuple[NoticeItem, ...] = ()) -> None:
        number = self.version * 10 + len([o for o in self.orders if o.startswith("notice:")])
        notice = Notice(
            number=number, kind=kind, round=self.header.round, title=TITLES[kind], items=items, at=self.around.now
        )
        self.change(notices={**self.packet.notices, number: notice})
        self.orders.append(f"notice:{number}")
        self.happened("notice", kind=kind.value, number=number, items=[[i.code, i.matter, i.slot] for i in items])


def advance(packet: Packet, around: Surroundings) -> tuple[Packet, LedgerEntry | None]:
    """The packet as it should be now, with the ledger entry that says what changed; (packet, None): nothing to do."""
    step = Step(packet, around)
    submission = packet.untaken()
    if submission and not packet.missing_findings(submission):
        _take(step, submission)
    if step.packet.header is not None and step.header.accepted_at is not None:
        _close_gaps(step)
        _record_decisions(step)
        _open_reviews(step)
        _send_corrections(step)
        _conclude(step)
        _issued(step)
    if not step.events:
        return packet, None
    return _sealed(step)


def _sealed(step: Step) -> tuple[Packet, LedgerEntry]:
    """Chain what happened, and hand what goes out to the outbox."""
    header, now = step.header, step.around.now
    entry = chain(header.ledger_seq + 1, header.ledger_hash or GENESIS, tuple(step.events), now)
    step.change_header(version=step.version, ledger_seq=entry.seq, ledger_hash=entry.hash)
    if "result" in step.orders and step.packet.result:
        head = {"ledger_seq": entry.seq, "ledger_hash": entry.hash}
        step.change(result=step.packet.result.model_copy(update=head))
    if step.orders:
        order = Outbox(version=step.version, orders=tuple(step.orders), at=now)
        step.change(outbox={**step.packet.outbox, step.version: order})
    return step.packet, entry


def _take(step: Step, submission: Submission) -> None:
    """Look at a submission. It becomes a round whatever comes of it; an older one left behind is passed over."""
    packet, header = step.packet, step.packet.header
    awaited = header is None or header.status in (Status.RETURNED, Status.CORRECTING)
    round_ = (header.round if header else 0) + (1 if awaited else 0)
    step.change(
        submissions={
            key: s if s.taken is not None else s.model_copy(update={"taken": round_})
            for key, s in packet.submissions.items()
        }
    )
    if header and not awaited:
        step.change_header(submission_at=submission.received_at)
        step.notify(NoticeKind.NOT_AWAITED, (_not_awaited(),))
    elif header and header.accepted_at:
        step.change_header(submission_at=submission.received_at, round=round_)
        _take_corrections(step, submission)
    else:
        _accept_or_return(step, submission, round_)


def _not_awaited() -> NoticeItem:
    text = Text(
        zh="材料包已在审查或已办结，此时不接受重新提交；容缺材料上传后自动登记，无需再次提交清单。",
        en="The packet is under review or decided, so a new submission is not taken. "
        "Promised materials count as soon as they are uploaded; no manifest is needed.",
    )
    return NoticeItem(code="not-awaited", text=text)


def _accept_or_return(step: Step, submission: Submission, round_: int) -> None:
    around, manifest, before = step.around, submission.manifest, step.packet.header
    process = around.catalogue.processes[manifest.process]
    rights = privileges(process, around.credit, around.now)
    found = acceptance.assess(step.packet, submission, around.catalogue, rights, round_)
    accepted = not found.deficiencies
    step.change(
        header=Header(
            packet=manifest.packet,
            version=before.version if before else 0,
            status=Status.IN_REVIEW if accepted else Status.RETURNED,
            round=round_,
            submission_at=submission.received_at,
            process=manifest.process,
            channel=rights.channel,
            routes=found.routes,
            enterprise=manifest.enterprise if accepted or before is None else before.enterprise,
            project=manifest.project,
            credit_grade=around.credit.grade if around.credit else None,
            submitted_at=before.submitted_at if before else submission.received_at,
            accepted_at=around.now if accepted else None,
            ledger_seq=before.ledger_seq if before else 0,
            ledger_hash=before.ledger_hash if before else "",
        )
    )
    step.happened("submitted", round=round_, matters=list(manifest.matters), papers=_fingerprint(step.packet))
    if not accepted:
        step.notify(NoticeKind.RETURNED, found.deficiencies)
        return
    due = limit(around.now, around.gap_working_days, around.office)
    unusable = {
        code: slot.mark for code, slot in step.packet.slots.items()
    }  # promised all the same: it is known already
    gaps = {
        slot: Gap(slot=slot, matters=matters, promised_at=around.now, due=due, looked_at=unusable.get(slot))
        for slot, matters in found.gaps.items()
    }
    committed = [matter for matter, route in found.routes.items() if route is Route.COMMITMENT]
    step.change(
        papers=Papers(by_slot=found.papers),
        gaps=gaps,
        commitments={m: Commitment(matter=m, accepted_at=submission.received_at) for m in committed},
    )
    doubts = tuple(NoticeItem(code=doubt.code, text=doubt.text) for doubt in identity.doubts(step.header.enterprise))
    step.happened(
        "accepted",
        channel=rights.channel.value,
        gaps=sorted(gaps),
        commitments=committed,
        doubts=[doubt.code for doubt in doubts],
    )
    step.notify(NoticeKind.ACCEPTED, tuple(_gap_item(gap, around.catalogue) for gap in gaps.values()) + doubts)


def _gap_item(gap: Gap, catalogue: Catalogue) -> NoticeItem:
    name, day = catalogue.materials[gap.slot].name, gap.due.at
    text = Text(
        zh=f"容缺材料“{name.zh}”须于{day.year}年{day.month}月{day.day}日{day:%H:%M}前补齐，逾期按失信处理。",
        en=f"{name.en} is to follow by {day:%Y-%m-%d %H:%M}; a late one is handled as a breach.",
    )
    return NoticeItem(code="gap", text=text, slot=gap.slot, due=gap.due)


def _fingerprint(packet: Packet) -> dict[Code, str]:
    """Which version of which slot was there: the ledger can prove what was looked at."""
    return {code: slot.version for code, slot in sorted(packet.slots.items())}


def _judged(step: Step, slot: Slot) -> Finding:
    return judge(slot.facts, step.around.catalogue.materials[slot.slot], step.header.enterprise)


def _take_corrections(step: Step, submission: Submission) -> None:
    """A corrected packet reopens the reviews that asked for a correction, with the newest papers of their slots."""
    packet = step.packet
    asking = {m: r for m, r in packet.reviews.items() if r.state is ReviewState.CORRECTION}
    wanted: dict[Code, Code] = {
        reason.slot: matter for matter, r in asking.items() for reason in r.reasons if reason.slot is not None
    }
    missing = acceptance.changed_application(packet, submission.manifest)
    papers = dict(packet.papers.by_slot)
    for code in _correctable(step, asking):
        slot, before = packet.slots.get(code), papers.get(code)
        if slot is None or (before and before.mark == slot.mark):
            if code in wanted and not _followed(packet.gaps.get(code), asking[wanted[code]]):
                missing.append(_still_wanted(step, code, wanted[code]))
            continue
        finding = _judged(step, slot)
        if finding.verdict is not Verdict.DEFICIENT:
            papers[code] = acceptance.taken(slot, finding, step.header.round)
        else:
            missing.append(_still_wanted(step, code, wanted.get(code), finding))
    if missing:
        step.happened("resubmitted", round=step.header.round, complete=False)
        step.notify(NoticeKind.CORRECTION, tuple(missing))
        return
    around = step.around
    reopened = {
        m: review.opened(step.header, m, around.catalogue, around.now, around.office, around.new_token) for m in asking
    }
    step.change(papers=Papers(by_slot=papers), reviews={**packet.reviews, **reopened})
    step.change_header(status=Status.IN_REVIEW)
    step.happened(
        "resubmitted", round=step.header.round, complete=True, reopened=sorted(asking), papers=_fingerprint(packet)
    )
    step.orders.extend(f"review:{m}" for m in asking)


def _correctable(step: Step, asking: dict[Code, Review]) -> list[Code]:
    """The slots that may change in a correction: those named; where a reason names none, all of its matter's."""
    codes: dict[Code, None] = {}
    for matter, r in asking.items():
        named = [reason.slot for reason in r.reasons if reason.slot is not None]
        everything = [entry.material for entry in step.around.catalogue.matters[matter].materials]
        codes.update(dict.fromkeys(named if len(named) == len(r.reasons) else everything))
    return list(codes)


def _followed(gap: Gap | None, asking: Review) -> bool:
    """Whether a promised material came after the request for it: closing its gap took it, once is enough."""
    return bool(gap and gap.closed_at and asking.decided_at and gap.closed_at >= asking.decided_at)


def _still_wanted(step: Step, code: Code, matter: Code | None, finding: Finding | None = None) -> NoticeItem:
    name = step.around.catalogue.materials[code].name
    why = Text(zh="尚未重新上传，请上传补正后的文件。", en="not uploaded again yet; upload the corrected file.")
    if finding is not None:
        reasons = [reason.text for reason in finding.reasons if reason.verdict is Verdict.DEFICIENT]
        why = Text(zh="；".join(t.zh for t in reasons), en=" ".join(t.en for t in reasons))
    text = Text(zh=f"“{name.zh}”：{why.zh}", en=f"{name.en}: {why.en}")
    return NoticeItem(code="correction-missing", slot=code, matter=matter, text=text)


def _close_gaps(step: Step) -> None:
    """A gap closes when its material is uploaded and is not deficient, at any time after acceptance."""
    closed: dict[Code, Gap] = {}
    useless: dict[Code, Gap] = {}
    told: list[NoticeItem] = []
    papers = dict(step.packet.papers.by_slot)
    for code, gap in step.packet.gaps.items():
        slot = step.packet.slots.get(code)
        if not gap.open or slot is None or slot.mark == gap.looked_at:
            continue
        finding = _judged(step, slot)
        if finding.verdict is not Verdict.DEFICIENT:
            closed[code] = gap.model_copy(update={"closed_at": step.around.now})
            papers[code] = acceptance.taken(slot, finding, step.header.round)
        else:
            useless[code] = gap.model_copy(update={"looked_at": slot.mark})
            told.append(_still_wanted(step, code, None, finding).model_copy(update={"code": "gap", "due": gap.due}))
    step.change(gaps={**step.packet.gaps, **closed, **useless})
    if closed:
        step.change(papers=Papers(by_slot=papers))
        step.happened("gaps-closed", slots=sorted(closed))
        step.notify(NoticeKind.GAPS_CLOSED, tuple(_closed_item(code, step) for code in closed))
    if useless:
        step.happened("gaps-still-open", slots=sorted(useless))
        step.notify(NoticeKind.GAPS_STILL_OPEN, tuple(told))


def _closed_item(code: Code, step: Step) -> NoticeItem:
    name = step.around.catalogue.materials[code].name
    text = Text(zh=f"容缺材料“{name.zh}”已补齐。", en=f"{name.en} has been received; this gap is closed.")
    return NoticeItem(code="gap-closed", slot=code, text=text)


def _record_decisions(step: Step) -> None:
    for matter, decided in review.decided(step.packet).items():
        step.change(reviews={**step.packet.reviews, matter: decided})
        step.happened("decided", matter=matter, round=decided.round, state=decided.state.value)


def _open_reviews(step: Step) -> None:
    around = step.around
    found = review.next_reviews(step.packet, around.catalogue, around.now, around.office, around.new_token)
    if not found:
        return
    step.change(reviews={**step.packet.reviews, **found})
    opened = [matter for matter, r in found.items() if r.state is ReviewState.OPEN]
    step.happened("reviews", opened=opened, never=sorted(set(found) - set(opened)))
    step.orders.extend(f"review:{matter}" for matter in opened)


def _send_corrections(step: Step) -> None:
    if step.header.status is not Status.IN_REVIEW:
        return
    items = review.corrections(step.packet, step.around.catalogue)
    if items:
        step.change_header(status=Status.CORRECTING)
        step.notify(NoticeKind.CORRECTION, items)


def _conclude(step: Step) -> None:
    if step.packet.result is not None:
        return
    result = joint_result(step.packet, step.around.catalogue, step.around.now)
    if result is None:
        return
    step.change(result=result)
    step.change_header(status=Status.DECIDED, decided_at=step.around.now)
    step.happened("result", code=result.code.value, matters=[[m.matter, m.code.value] for m in result.matters])
    step.orders.append("result")
    step.notify(NoticeKind.RESULT)


def _issued(step: Step) -> None:
    issued = step.packet.issued
    if issued and step.header.status is Status.DECIDED:
        step.change_header(status=Status.ISSUED)
        step.happened("issued", key=issued.key, sha256=issued.sha256)
