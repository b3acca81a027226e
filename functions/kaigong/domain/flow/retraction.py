"""收回决定: a department takes its decision back as mistaken, while nobody acted on it, and reviews on.

The portal records it as an act of one turn; `take` asks the same rule again, since the packet may have changed. Choice:
until the joint result, as long as the applicant does not answer the correction and no other matter is reviewed because
of the decision. What others rely on ends by recall or revocation alone (行政许可法 §8 and §69; revocation.py): trust in
it is protected, while a decision that nobody acted on may be mended by who made it.
"""

from datetime import datetime

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.clock import Pause, limit
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.packet import (
    TAKEN_BACK,
    Act,
    ActKind,
    ActRefusal,
    NoticeItem,
    NoticeKind,
    Packet,
    Review,
    ReviewState,
    Status,
)
from kaigong.domain.model.states import PacketEvent, ReviewEvent

from . import review as reviews
from . import submission
from .step import Step

MOST_TURNS = 3  # choice: who decides a third time anew does not know what it wants


def new_act(review: Review, by: str, officer: str, reason: str, now: datetime) -> Act:
    """What goes on record: its subject names the matter and the round, its number the turn."""
    return Act(
        kind=ActKind.RETRACT,
        subject=f"{review.matter}.{review.round}",
        number=review.turn,
        by=by,
        officer=officer,
        department=review.department,
        reason=reason,
        at=now,
    )


def act_of(packet: Packet, matter: Code, round_: int, turn: int) -> Act | None:
    """The act that takes the decision of a turn back, where there is one on record."""
    same = (a for a in packet.acts.values() if a.kind is ActKind.RETRACT and a.subject == f"{matter}.{round_}")
    return next((act for act in same if act.number == turn), None)


def why_not(packet: Packet, review: Review, catalogue: Catalogue) -> ActRefusal | None:
    """Why this turn's decision cannot be taken back, or None."""
    status = packet.header.status if packet.header else None
    if status is Status.WITHDRAWN:
        return ActRefusal.ALREADY_WITHDRAWN
    if (review.matter, review.round) not in packet.decisions:
        return ActRefusal.NO_DECISION
    if status not in (Status.IN_REVIEW, Status.CORRECTING):
        return ActRefusal.RESULT_DECIDED
    if review.state in TAKEN_BACK:
        return ActRefusal.NO_DECISION
    if review.turn >= MOST_TURNS:
        return ActRefusal.TOO_OFTEN
    if _answered(packet, review) or (packet.header and any(packet.header.confirmed.values())):
        return ActRefusal.ACTED_ON
    return ActRefusal.NEXT_OPENED if _opened_by(packet, review, catalogue) else None


def _answered(packet: Packet, review: Review) -> bool:
    """Whether the applicant does what the correction asks for: a submission came, or a paper that it speaks of."""
    told = [p.since for p in review.pauses if p.kind == reviews.CORRECTION and p.until is None]
    if review.state is not ReviewState.CORRECTION or not told:
        return False
    slots = {reason.slot for reason in review.reasons}
    newer = (upload for upload in packet.uploads.values() if upload.uploaded_at > told[0])
    return packet.untaken() is not None or any(None in slots or upload.slot in slots for upload in newer)


def _opened_by(packet: Packet, review: Review, catalogue: Catalogue) -> bool:
    """Whether a matter that comes behind this one is reviewed, or was: it opened because this one is approved."""
    return review.state is ReviewState.APPROVED and any(
        other.state is not ReviewState.UNOPENED and review.matter in catalogue.before(matter)
        for matter, other in packet.reviews.items()
    )


def take(step: Step, until: datetime | None = None) -> None:
    """Act on the retractions that officers recorded (by the time `until`)."""
    for name, act in sorted(step.packet.acts.items(), key=lambda named: (named[1].at, named[0])):
        if act.kind is not ActKind.RETRACT or name in step.header.acts or (until is not None and act.at > until):
            continue
        step.change_header(acts=(*step.header.acts, name))
        matter, _, round_ = act.subject.rpartition(".")
        review = step.packet.reviews.get(matter)
        mine = review is not None and (str(review.round), review.turn) == (round_, act.number)
        refused = why_not(step.packet, review, step.around.catalogue) if review and mine else ActRefusal.NO_DECISION
        state = {"state": review.state.value} if review and refused is None else {}
        step.happened("retracted", matter=matter, round=round_, act=fingerprint(act), refused=refused, **state)
        if review and refused is None:
            _reopen(step, review, act)
            submission.look_at_more(step)  # others' corrections may be all that is left


def _reopen(step: Step, review: Review, act: Act) -> None:
    """The task is open again, with the time that was left when it was decided, and with a new reply token: a repetition
    of the decision that is taken back does not count as a new one.
    """
    around, matter = step.around, review.matter
    fact = step.packet.decisions[matter, review.round]
    told = reviews.rests_for_correction(review)
    pause = Pause(
        kind=reviews.DECIDED, since=fact.received_at, until=max(around.now, fact.received_at), round=review.round
    )
    pauses = (*reviews.ended(review.pauses, around.now), pause)
    step.move_review(
        matter,
        ReviewEvent.RETRACTED,
        turn=review.turn + 1,
        pauses=pauses,
        due=limit(review.opened_at, review.working_days, around.office, pauses),
        reply_token=around.new_token(),
        decided_at=None,
        reasons=(),
        conditions=(),
        overdue_at=None,
        was_late=reviews.late(review, review.decided_at),
    )
    left = {place: other for place, other in step.packet.decisions.items() if place != (matter, review.round)}
    step.change(decisions=left, retracted={**step.packet.retracted, (matter, fact.round, fact.turn): fact})
    reviews.may_open_again(step)
    step.orders.append(f"review:{matter}")
    if told and not reviews.asking(step.packet):  # the notice of the round asks for nothing any more
        step.move(PacketEvent.CORRECTIONS_RETRACTED, correct_by=None, told_round=0)
    catalogue = around.catalogue
    text = words.retraction.taken_back(
        catalogue.departments[review.department].name,
        catalogue.matters[matter].name,
        fact.outcome,
        act.reason,
        told=told,
    )
    step.notify(NoticeKind.RETRACTED, (NoticeItem(code="retracted", text=text, matter=matter),))
