"""Reviews: which can open, what a decision does, and when corrections go out.

Sources: mission 9 (parallel review), mission 7 (一次性告知: all departments' corrections of a round in one notice);
design.md, "A packet's life".
"""

from collections.abc import Callable
from datetime import datetime

from .catalogue import Catalogue, Code, Route
from .clock import Office, limit
from .messages import DecisionReason, Outcome
from .packet import Header, NoticeItem, Packet, Review, ReviewState
from .text import Text

STATE_AFTER = {
    Outcome.APPROVE: ReviewState.APPROVED,
    Outcome.CORRECT: ReviewState.CORRECTION,
    Outcome.REJECT: ReviewState.REJECTED,
}


def review_id(packet: str, matter: Code) -> str:
    return f"{packet}.{matter}"


def opened(
    header: Header, matter: Code, catalogue: Catalogue, now: datetime, office: Office, new_token: Callable[[], str]
) -> Review:
    """A review that is open from now. In an instant process every matter ends the same working day (mission 7)."""
    entry = catalogue.matters[matter]
    days = 0 if catalogue.processes[header.process].instant else entry.promised_days
    return Review(
        review_id=review_id(header.packet, matter),
        matter=matter,
        department=entry.department,
        round=header.round,
        route=header.routes[matter],
        state=ReviewState.OPEN,
        opened_at=now,
        due=limit(now, days, office),
        reply_token=new_token(),
    )


def next_reviews(
    packet: Packet, catalogue: Catalogue, now: datetime, office: Office, new_token: Callable[[], str]
) -> dict[Code, Review]:
    """Reviews that are not there yet and whose prerequisites let them open, or never will.

    A prerequisite counts only when it is applied for in the same packet; it falls when it is approved or committed.
    """
    header = packet.header
    assert header is not None  # noqa: S101 - only accepted packets have reviews
    reviews = dict(packet.reviews)
    found: dict[Code, Review] = {}
    changed = True
    while changed:  # one matter that can never open may close the next one behind it
        changed = False
        for matter in header.routes:
            if matter in reviews:
                continue
            wanted = [p for p in catalogue.matters[matter].prerequisites if p in header.routes]
            refused = [p for p in wanted if p in reviews and _never_falls(reviews[p], header)]
            if refused:
                reviews[matter] = found[matter] = _unopened(header, matter, refused, catalogue, now, office)
                changed = True
            elif all(_fallen(p, reviews, header) for p in wanted):
                reviews[matter] = found[matter] = opened(header, matter, catalogue, now, office, new_token)
                changed = True
    return found


def _fallen(matter: Code, reviews: dict[Code, Review], header: Header) -> bool:
    if header.routes[matter] is Route.COMMITMENT:
        return True
    return matter in reviews and reviews[matter].state is ReviewState.APPROVED


def _never_falls(review: Review, header: Header) -> bool:
    if header.routes[review.matter] is Route.COMMITMENT:
        return False
    return review.state in (ReviewState.REJECTED, ReviewState.UNOPENED)


def _unopened(
    header: Header, matter: Code, refused: list[Code], catalogue: Catalogue, now: datetime, office: Office
) -> Review:
    names = [catalogue.matters[p].name for p in refused]
    text = (
        f"前置事项未获批准：{'、'.join(n.zh for n in names)} / Not approved before it: {', '.join(n.en for n in names)}"
    )
    review = opened(header, matter, catalogue, now, office, lambda: "-")  # no task goes out, so no token is needed
    return review.model_copy(
        update={
            "state": ReviewState.UNOPENED,
            "decided_at": now,
            "reasons": (DecisionReason(text=text, basis="行政许可法 §38"),),
        }
    )


def decided(packet: Packet) -> dict[Code, Review]:
    """Open reviews whose decision was recorded, in their new state."""
    found = {}
    for matter, review in packet.reviews.items():
        fact = packet.decisions.get((matter, review.round))
        if fact and review.state is ReviewState.OPEN:
            found[matter] = review.model_copy(
                update={
                    "state": STATE_AFTER[fact.outcome],
                    "decided_at": fact.received_at,
                    "reasons": fact.reasons,
                    "conditions": fact.conditions,
                }
            )
    return found


def corrections(packet: Packet, catalogue: Catalogue) -> tuple[NoticeItem, ...]:
    """What all departments want corrected: one list, once nobody is still reviewing."""
    if any(review.state is ReviewState.OPEN for review in packet.reviews.values()):
        return ()
    items = []
    for matter, review in packet.reviews.items():
        if review.state is not ReviewState.CORRECTION:
            continue
        name, department = catalogue.matters[matter].name, catalogue.departments[review.department].name
        for reason in review.reasons:
            basis = f"（{reason.basis}）" if reason.basis else ""
            items.append(
                NoticeItem(
                    code="correction",
                    slot=reason.slot,
                    matter=matter,
                    text=Text(
                        zh=f"{department.zh}（{name.zh}）：{reason.text}{basis}",
                        en=f"{department.en} ({name.en}): {reason.text}{basis}",
                    ),
                )
            )
    return tuple(items)
