"""A submission is taken: it becomes a round, and is accepted, returned, or told that nobody waits for it.

Sources: design.md, "A packet's life"; mission 6 and 7; 行政许可法 §32.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from kaigong.domain import words
from kaigong.domain.intake import acceptance, form, identity, prerequisites
from kaigong.domain.intake.privileges import privileges
from kaigong.domain.intake.project import is_foreign
from kaigong.domain.model import ledger
from kaigong.domain.model.arrivals import Submission
from kaigong.domain.model.catalogue import Code, Route
from kaigong.domain.model.documents import ACCEPTED
from kaigong.domain.model.manifest import OnMandate
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.packet import (
    Commitment,
    Header,
    NoticeItem,
    NoticeKind,
    Packet,
    Paper,
    Papers,
    Rights,
    Status,
)
from kaigong.domain.model.standing import Privilege
from kaigong.domain.model.states import PacketEvent, packet_after

from . import corrections, gaps
from .joint_acceptance import obstacles
from .step import Step, Surroundings, fingerprint, sealed, today

_PASSED = 60.0  # seconds
LATE_PAPERS = timedelta(hours=1)  # choice: after a folder's manifest; what comes later waits for a new one


def ready(packet: Packet, around: Surroundings) -> Submission | None:
    """The submission that is to be looked at now, if there is one: all its papers are examined.

    One that names no files is waited for: clients that put a whole folder put the manifest where the alphabet has it,
    and large scans minutes later. It is looked at as soon as it is complete; where something is still wanting, once
    nothing came for a while (`Surroundings.quiet`, choice).
    """
    newest = packet.untaken()
    if newest is None or packet.missing_findings(newest):
        return None
    if not newest.whole_folder or around.now >= quiet_from(packet, newest, around.quiet):
        return newest
    trial = Step(packet, around)
    take(trial, newest)
    return None if trial.asks_for_more else newest


def waits(packet: Packet, now: datetime, quiet: timedelta) -> float | None:
    """For how many seconds a folder that is not complete is waited for, if nothing comes until then.

    One that should have been looked at a while ago is not waited for: something else is in its way, and `watch` tries
    it again.
    """
    newest = packet.untaken()
    if newest is None or not newest.whole_folder or packet.missing_findings(newest):
        return None
    left = (quiet_from(packet, newest, quiet) - now).total_seconds()
    return max(left, 1.0) if left > -_PASSED else None


def quiet_from(packet: Packet, submission: Submission, quiet: timedelta) -> datetime:
    """From when on nothing more is waited for, if nothing comes until then."""
    newest = max((upload.uploaded_at for upload in packet.uploads.values()), default=submission.received_at)
    return max(newest, submission.received_at) + quiet


def take(step: Step, submission: Submission) -> None:
    """Look at a submission. It becomes a round whatever comes of it; an older one left behind is passed over."""
    header = step.packet.header
    awaited = header is None or header.status in (Status.RETURNED, Status.CORRECTING)
    round_ = (header.round if header else 0) + (1 if awaited else 0)
    step.take_submissions(round_)
    if header and not awaited:
        _tell_not_awaited(step)
    elif header and header.accepted_at:
        step.change_header(round=round_)
        corrections.take(step, submission)
    else:
        _accept_or_return(step, submission, round_)
    if awaited and submission.manifest.mandate:
        _tell_on_mandate(step, submission.manifest.mandate)


def _tell_on_mandate(step: Step, mandate: OnMandate) -> None:
    """The enterprise hears at once that it was the window that handed in, and how to object; the agent's name is on its
    pages, not in what goes to gateways.
    """
    step.happened("on-mandate", mandate=mandate.number)
    text = words.mandate.handed_in(mandate.number)
    step.notify(NoticeKind.ON_MANDATE, (NoticeItem(code="on-mandate", text=text),))


def look_again(step: Step) -> None:
    """A packet that was sent back is looked at again when it may be complete now: a newer credit record came, or, where
    the manifest named no files, more papers did.

    Where it is not complete, nothing is said: the round has had its notice.
    """
    if not step.events:
        look_at_more(step)


def look_at_more(step: Step) -> None:
    """The same where something else happened in this step that the newest submission may be complete after."""
    header, record = step.header, step.around.standing.record
    if header.status not in (Status.RETURNED, Status.CORRECTING):
        return
    newest = max(
        (s for s in step.packet.submissions.values() if s.taken is not None), key=lambda s: s.order, default=None
    )
    if newest is None:
        return
    until = newest.received_at + LATE_PAPERS
    more = newest.whole_folder and any(newest.received_at < u.uploaded_at < until for u in step.packet.uploads.values())
    newer = record is not None and (header.credit_at is None or record.published_at > header.credit_at)
    if header.accepted_at is None and (newer or more):
        _accept_or_return(step, newest, header.round, again=True)
    elif header.accepted_at is not None and more:
        corrections.take_again(step, newest)


def _on_record(grounds: prerequisites.Grounds) -> dict[str, Any]:
    """What the ledger keeps of it, where there is something."""
    priors = {matter: prior.packet or prior.number for matter, prior in grounds.priors.items()}
    return ({"priors": priors} if priors else {}) | ({"cautions": sorted(grounds.cautions)} if grounds.cautions else {})


def _authors(papers: Mapping[Code, Sequence[Paper]]) -> dict[str, Any]:
    """Which intermediary drew up which paper, by its credit code or its name; nobody there is named."""
    authors = {code: found[0].author for code, found in papers.items()}
    named = {code: author.uscc or author.name for code, author in authors.items() if author}
    return {"drawn_up": named} if named else {}


def _signed(commitment: Commitment) -> dict[str, Any]:
    """What the ledger keeps of it: the signer's role and the level; who it was by the hash of the record."""
    role = commitment.signer.role if commitment.signer else None
    return {
        "matter": commitment.matter,
        "version": commitment.version,
        "sha256": commitment.sha256,
        "signing": commitment.signing.value,
        "level": commitment.level.value,
        "role": role.value if role else "",
        "record": ledger.fingerprint(commitment),
    }


def _tell_not_awaited(step: Step) -> None:
    """Nobody waits for a submission now. That is told once in each status, not for each manifest."""
    status = step.header.status
    if step.header.told_not_awaited is status:
        step.happened("not-awaited", status=status.value)
        return
    step.change_header(told_not_awaited=status)
    step.notify(NoticeKind.NOT_AWAITED, (_not_awaited(step.packet, status),))


def _kept(before: Header | None) -> dict[str, Any]:
    """What of a header does not begin anew with a submission."""
    names = (
        "returned_at", "acts", "notices", "told_round", "told_at", "told_not_awaited", "ledger_seq", "ledger_hash",
        "documents",
    )  # fmt: skip
    return {name: getattr(before, name) for name in names} if before else {}


def _reassess(step: Step, judged: Rights, channel: Channel) -> None:
    """A newer credit record that does not accept a returned packet yet: what is told of its channel is what this record
    says (mission 2). Its notice is said and stays; who applies by object storage reads it in status.json.
    """
    record = step.around.standing.record
    if record is None or record.published_at == step.header.credit_at:
        return  # it was looked at for its papers
    step.change(rights=judged)
    step.change_header(channel=channel, credit_grade=record.grade, credit_at=record.published_at)
    step.happened("reassessed", channel=channel.value)
    step.orders.append("status")


def _answered(*, accepted: bool) -> dict[str, Any]:
    """What was returned and is accepted after all has answered its round's notice: departments may want corrections in
    a round that no new submission began.
    """
    return {"told_round": 0} if accepted else {}


def _not_awaited(packet: Packet, status: Status) -> NoticeItem:
    text = words.submission.UNDER_REVIEW
    if status is Status.WITHDRAWN:
        text = words.submission.WITHDRAWN_OWING if packet.owed() else words.submission.WITHDRAWN
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
    handed = step.packet.handed_in(submission, around.catalogue)
    uscc, zone = manifest.enterprise.uscc, around.office.zone
    known = prerequisites.in_force(uscc, around.project, around.catalogue, around.now, zone)
    found = acceptance.assess(step.packet, submission, around.catalogue, rights, round_, today(around), known.results)
    grounds = prerequisites.grounds(
        manifest,
        found.papers.keys() | found.gaps.keys(),
        [code for code, route in found.routes.items() if route is Route.COMMITMENT],
        around.catalogue,
        around.project,
        known,
        recorded=around.standing.record is not None,
    )
    deficiencies = (
        *found.deficiencies,
        *grounds.deficiencies,
        *obstacles(manifest, around.project, around.catalogue),
    )
    accepted = not deficiencies
    judged = Rights(
        routes=found.routes,
        why=rights.why,
        at=around.now,
        privileges=tuple(privilege.value for privilege in Privilege if privilege in rights.granted),
    )
    if again and not accepted:
        _reassess(step, judged, rights.channel)
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
            language=manifest.language,
            credit_grade=around.standing.record.grade if around.standing.record else None,
            credit_at=around.standing.record.published_at if around.standing.record else None,
            follows=manifest.follows,
            submitted_at=before.submitted_at if before else submission.received_at,
            accepted_at=around.now if accepted else None,
            catalogue=around.catalogue.fingerprint(manifest.process) if accepted else "",
            **_kept(before) | _answered(accepted=accepted),
        ),
        rights=judged,
    )
    step.happened(
        "submitted",
        round=round_,
        matters=list(manifest.matters),
        papers=fingerprint(handed),
        **sealed(handed),
        **({"whole_folder": True} if submission.whole_folder else {}),
    )
    if not accepted:
        step.change_header(returned_at=step.header.returned_at or around.now)
        step.notify(NoticeKind.RETURNED, deficiencies)
        return
    promised = gaps.opened(step, found.gaps, handed, submission.received_at)
    filled = form.taken(found.form, uscc, around.standing, around.project)
    step.change(
        papers=Papers(by_slot=found.papers),
        form=filled,
        gaps=promised,
        commitments=found.commitments,
        priors=grounds.priors,
        cautions=grounds.cautions,
    )
    doubtful = identity.doubts(
        step.header.enterprise,
        around.standing.basic,
        manifest.project,
        around.catalogue.region,
        foreign=is_foreign(uscc, around.project),
    )
    doubts = tuple(NoticeItem(code=doubt.code, text=doubt.text) for doubt in doubtful)
    step.change_header(doubts=tuple(doubt.code for doubt in doubts))
    step.happened(
        "accepted",
        channel=rights.channel.value,
        gaps=sorted(promised),
        commitments=[_signed(c) for c in found.commitments.values()],
        doubts=[doubt.code for doubt in doubts],
        **_authors(found.papers),
        **({"form": form.digest(filled.values), "form_differs": sorted(filled.differing)} if filled else {}),
        **_on_record(grounds),
    )
    receipts = (gaps.receipt(gap, around.catalogue) for gap in promised.values())
    told = (item for m, c in grounds.cautions.items() for item in prerequisites.told(m, c, around.catalogue))
    step.notify(NoticeKind.ACCEPTED, (*receipts, *doubts, *told))
    step.make_documents(ACCEPTED)
