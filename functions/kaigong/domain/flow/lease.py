"""Who has a review, and who may answer it now.

An officer has a review for a while; whoever answers first counts, an officer here or the department's own system.
Sources: mission 7 (one officer has it, no passing the buck); design.md, "Contracts": departments with a system of their
own read the same queues.
"""

from datetime import datetime, timedelta
from typing import Literal

from kaigong.domain.model.clock import Due, Office, spelled
from kaigong.domain.model.naming import OUTCOMES
from kaigong.domain.model.packet import DecisionFact, Packet, Review, ReviewState
from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.waiting import Lease

LEASE = timedelta(minutes=15)  # choice: how long an officer has a review without a sign of life


# who has it


class HeldBy(Model):
    """Which officer of the department has a review, until when."""

    officer: str
    until: datetime
    mine: bool


def held_by(lease: Lease | None, by: str, now: datetime) -> HeldBy | None:
    """Who has it, as the user `by` is told; None: nobody."""
    if lease is None or not lease.holds(now):
        return None
    return HeldBy(officer=lease.officer, until=lease.until, mine=lease.by == by)


# who may answer


class Barred(Model):
    """Why a user cannot answer a review now: a stable code, and the words."""

    code: Literal["old-round", "not-pending", "held-by-another", "answer-sent"]
    text: Text


def why_not(
    packet: Packet, review: Review, round_: int, lease: Lease | None, by: str, now: datetime, office: Office
) -> Barred | None:
    """Why the user `by` cannot answer the review in this round; None: it can.

    Whoever answers first counts: an officer here, or the department's own system. The other one is told.
    """
    if round_ != review.round:
        zh = f"该事项已进入第{review.round}轮审查，您看到的是第{round_}轮。请重新打开后再作决定。"
        en = (
            f"The review is in round {review.round} now; what you saw is round {round_}. Open it again and then decide."
        )
        return Barred(code="old-round", text=Text(zh=zh, en=en))
    decided = packet.decisions.get((review.matter, review.round))
    if decided is not None:
        answer = lease.answer if lease and lease.by == by else ""
        return Barred(code="not-pending", text=_already(decided, answer, office))
    if not review.pending:
        return Barred(code="not-pending", text=_ENDED.get(review.state, _NOT_PENDING))
    if lease is None or not lease.holds(now):
        return None
    if lease.by != by:
        until = spelled(Due(at=lease.until.astimezone(office.zone)))
        zh = f"{lease.officer}正在审查，占用至{until.zh}。到期未办或者退回后，其他经办人可以接手。"
        en = f"{lease.officer} has this review until {until.en}. It is free again when given back, or after that."
        return Barred(code="held-by-another", text=Text(zh=zh, en=en))
    if lease.answer:
        zh, en = (
            "您的决定已送出，正在登记，请稍候查看。",
            "Your answer is sent and is being put on record; look again soon.",
        )
        return Barred(code="answer-sent", text=Text(zh=zh, en=en))
    return None


def _already(fact: DecisionFact, answer: str, office: Office) -> Text:
    """What stands on record. `answer` is the id of what the user sent in this round, if anything."""
    at, name = spelled(Due(at=fact.received_at.astimezone(office.zone))), OUTCOMES[fact.outcome]
    if answer == fact.message_id:
        return Text(
            zh=f"您的决定已于{at.zh}登记：{name.zh}。", en=f"Your decision is on record since {at.en}: {name.en}."
        )
    zh, en = ("没有采纳", "not taken") if answer else ("没有送出", "not sent")
    return Text(
        zh=f"本轮已由{fact.officer}于{at.zh}作出决定：{name.zh}。先到的决定有效，您的决定{zh}。",
        en=f"{fact.officer} decided this round on {at.en}: {name.en}. The first decision counts; yours was {en}.",
    )


_NOT_PENDING = Text(
    zh="该事项已经办结或者不在审查中，不能再作决定。", en="This review is decided or not open: it takes no decision."
)
_ENDED = {
    ReviewState.WITHDRAWN: Text(
        zh="申请人已撤回申请，该事项不再审查。", en="The applicant withdrew the packet: this review is over."
    ),
    ReviewState.UNOPENED: Text(
        zh="前置事项未获批准，该事项没有开始审查。",
        en="A matter before it was not approved: this review never opened.",
    ),
    ReviewState.CORRECTION: Text(
        zh="已要求补正，等待申请人提交；补正后进入下一轮审查。",
        en="A correction was asked for; the next round begins when the applicant has handed it in.",
    ),
}
