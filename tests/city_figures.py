"""Figures of many packets of the city, as the counting rule counts them; by a fixed chance."""

import random
from datetime import datetime, timedelta
from functools import cache

from kaigong import catalog
from kaigong.catalog.conventional import conventional
from kaigong.domain.flow import figures as rules
from kaigong.domain.model.catalogue import Route
from kaigong.domain.model.clock import Due, Office, limit
from kaigong.domain.model.figures import Sums, added
from kaigong.domain.model.messages import Channel, Outcome
from kaigong.domain.model.packet import (
    DecisionFact,
    Gap,
    Header,
    JointResult,
    MatterResult,
    Packet,
    Paper,
    Papers,
    ResultCode,
    Review,
    ReviewState,
    Rights,
    Status,
)

OFFICE = Office()
DIFFERENT = 250  # packets; the others are like one of them
SLOW = "soil-conservation"  # whose department takes its time


def figures(packets: int, now: datetime) -> Sums:
    """The counters that so many packets of the last 60 days add up to."""
    chance, every = random.Random(7), packets // DIFFERENT  # noqa: S311 - the same city each time
    found = added(_counted(_packet(number, chance, now)) for number in range(DIFFERENT))
    return {place: {name: n * every for name, n in counters.items()} for place, counters in found.items()}


def _counted(packet: Packet) -> Sums:
    return rules.counted(packet, (), conventional(), catalog.load(), OFFICE)


@cache
def _processes() -> list[str]:
    return [code for code, process in catalog.load().processes.items() if len(process.matters) > 2]


def _packet(number: int, chance: random.Random, now: datetime) -> Packet:
    """One packet as it is now: each of its matters was decided after some days, or still waits."""
    city, name = catalog.load(), f"20260101-{number:05}"
    process = city.processes[chance.choice(_processes())]
    matters = chance.sample(list(process.matters), k=min(len(process.matters), chance.randint(3, 9)))
    accepted = now - timedelta(days=chance.uniform(0, 58))
    reviews, decisions = {}, {}
    for code in matters:
        matter = city.matters[code]
        opened, days = accepted, matter.promised_days
        due = limit(opened, days, OFFICE)
        took = timedelta(days=chance.expovariate(1 / max(1.0, days * (2.5 if code == SLOW else 0.8))))
        decided = opened + took if opened + took < now else None
        reviews[code] = Review(
            review_id=f"{name}.{code}",
            matter=code,
            department=matter.department,
            round=1,
            route=Route.APPROVAL,
            state=ReviewState.APPROVED if decided else ReviewState.OPEN,
            opened_at=opened,
            working_days=days,
            due=due,
            reply_token="t",
            decided_at=decided,
            overdue_at=due.at if (decided or now) > due.at else None,
        )
        if decided:
            decisions[code, 1] = DecisionFact(
                matter=code, round=1, outcome=Outcome.APPROVE, officer="x", message_id="m", received_at=decided
            )
    ended = [review.decided_at for review in reviews.values()]
    done = max(at for at in ended if at) if all(ended) else None
    results = tuple(
        MatterResult(matter=code, number="1", department=r.department, code=ResultCode.APPROVED, decided_at=done)
        for code, r in reviews.items()
        if done
    )
    slots = dict.fromkeys(item.material for code in matters for item in city.matters[code].materials)
    paper = {"key": "k", "version": "v", "mark": "m", "size": 1, "round": 1, "verdict": "valid"}
    gap = Gap(
        slot="wage-security",
        matters=tuple(matters[:1]),
        promised_at=accepted,
        since=accepted,
        due=Due(at=limit(accepted, 20, OFFICE).at),
        closed_at=accepted if chance.random() < 0.7 else None,
    )
    return Packet(
        packet=name,
        header=Header.model_validate(
            {
                "packet": name,
                "version": 1,
                "status": Status.ISSUED if done else Status.IN_REVIEW,
                "round": 1,
                "process": process.code,
                "channel": Channel.ORDINARY,
                "enterprise": {"name": "样例", "uscc": "91411402MA0KG0002N"},
                "project": {"name": "样例"},
                "submitted_at": accepted,
                "returned_at": accepted - timedelta(days=1) if chance.random() < 0.2 else None,
                "accepted_at": accepted,
                "decided_at": done,
            }
        ),
        rights=Rights.model_validate(
            {"routes": dict.fromkeys(matters, "approval"), "why": {"zh": "样例", "en": "sample"}, "privileges": ()}
        ),
        papers=Papers(by_slot={slot: (Paper.model_validate({"slot": slot, **paper}),) for slot in slots}),
        gaps={"wage-security": gap} if chance.random() < 0.4 else {},
        reviews=reviews,
        decisions=decisions,
        result=JointResult(code=ResultCode.APPROVED, matters=results, decided_at=done) if done else None,
    )
