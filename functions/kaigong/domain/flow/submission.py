"""A submission is taken: it becomes a round, and is accepted, returned, or told that nobody waits for it.

Sources: design.md, "A packet's life"; mission 6 and 7; 行政许可法 §32.
"""

from kaigong.domain import words
from kaigong.domain.intake import acceptance, identity
from kaigong.domain.intake.privileges import privileges
from kaigong.domain.model.packet import Header, NoticeItem, NoticeKind, Papers, Rights, Status, Submission
from kaigong.domain.model.standing import Privilege
from kaigong.domain.model.states import PacketEvent, packet_after

from . import corrections, gaps
from .joint_acceptance import obstacles
from .step import Step, fingerprint


def take(step: Step, submission: Submission) -> None:
    """Look at a submission. It becomes a round whatever comes of it; an older one left behind is passed over."""
    header = step.packet.header
    awaited = header is None or header.status in (Status.RETURNED, Status.CORRECTING)
    round_ = (header.round if header else 0) + (1 if awaited else 0)
    step.take_submissions(round_)
    if header and not awaited:
        step.notify(NoticeKind.NOT_AWAITED, (_not_awaited(header.status),))
    elif header and header.accepted_at:
        step.change_header(round=round_)
        corrections.take(step, submission)
    else:
        _accept_or_return(step, submission, round_)


def look_again(step: Step) -> None:
    """A returned packet is looked at again when a newer credit record came: it may be acceptable now.

    Where it is not, nothing is said: the round has had its notice.
    """
    header, record = step.header, step.around.standing.record
    if header.status is not Status.RETURNED or record is None:
        return
    if header.credit_at is not None and record.published_at <= header.credit_at:
        return
    newest = max((s for s in step.packet.submissions.values() if s.taken is not None), key=lambda s: s.order)
    _accept_or_return(step, newest, header.round, again=True)


def _not_awaited(status: Status) -> NoticeItem:
    withdrawn = status is Status.WITHDRAWN
    text = words.submission.WITHDRAWN if withdrawn else words.submission.UNDER_REVIEW
    return NoticeItem(code="not-awaited", text=text)


def _accept_or_return(step: Step, submission: Submission, round_: int, *, again: bool = False) -> None:
    around, manifest, before = step.around, submission.manifest, step.packet.header
    process = around.catalogue.processes[manifest.process]
    rights = privileges(
        process,
        around.standing,
        around.project,
        manifest.project,
        around.catalogue.schemes,
        around.now,
        around.office.zone,
    )
    found = acceptance.assess(step.packet, submission, around.catalogue, rights, round_)
    deficiencies = (*found.deficiencies, *obstacles(manifest, around.project, around.catalogue))
    accepted = not deficiencies
    if again and not accepted:
        return
    step.change(
        header=Header(
            packet=manifest.packet,
            version=before.version if before else 0,
            status=packet_after(
                before.status if before else None, PacketEvent.ACCEPTED if accepted else PacketEvent.RETURNED
            ),
            round=round_,
            process=manifest.process,
            channel=rights.channel,
            enterprise=manifest.enterprise if accepted or before is None else before.enterprise,
            project=manifest.project,
            credit_grade=around.standing.record.grade if around.standing.record else None,
            credit_at=around.standing.record.published_at if around.standing.record else None,
            submitted_at=before.submitted_at if before else submission.received_at,
            accepted_at=around.now if accepted else None,
            acts=before.acts if before else (),
            ledger_seq=before.ledger_seq if before else 0,
            ledger_hash=before.ledger_hash if before else "",
        ),
        rights=Rights(
            routes=found.routes,
            why=rights.why,
            privileges=tuple(privilege.value for privilege in Privilege if privilege in rights.granted),
        ),
    )
    step.happened("submitted", round=round_, matters=list(manifest.matters), papers=fingerprint(step.packet))
    if not accepted:
        step.notify(NoticeKind.RETURNED, deficiencies)
        return
    promised = gaps.opened(step, found.gaps)
    step.change(papers=Papers(by_slot=found.papers), gaps=promised, commitments=found.commitments)
    basic = around.standing.record.basic if around.standing.record else None
    doubtful = identity.doubts(step.header.enterprise, basic, manifest.project, around.catalogue.region)
    doubts = tuple(NoticeItem(code=doubt.code, text=doubt.text) for doubt in doubtful)
    step.change_header(doubts=tuple(doubt.code for doubt in doubts))
    step.happened(
        "accepted",
        channel=rights.channel.value,
        gaps=sorted(promised),
        commitments=[
            {"matter": c.matter, "version": c.version, "sha256": c.sha256, "signing": c.signing.value}
            for c in found.commitments.values()
        ],
        doubts=[doubt.code for doubt in doubts],
    )
    step.notify(NoticeKind.ACCEPTED, tuple(gaps.receipt(gap, around.catalogue) for gap in promised.values()) + doubts)
