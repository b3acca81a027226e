"""The joint result: what became of every matter, and of the packet as a whole.

Source: item status codes of the national exchange standard (mission, "Facts from law and standards").
"""

import json
from datetime import datetime

from .catalogue import Catalogue, Code, Route
from .packet import JointResult, MatterResult, Packet, ResultCode, Review, ReviewState
from .text import Text

OUTCOMES = {
    ResultCode.APPROVED: Text(zh="办结（通过）", en="approved"),
    ResultCode.APPROVED_WITH_GAPS: Text(zh="办结（容缺通过）", en="approved with gaps"),
    ResultCode.NOT_APPROVED: Text(zh="办结（不通过）", en="not approved"),
}


def joint_result(packet: Packet, catalogue: Catalogue, now: datetime) -> JointResult | None:
    """The joint result, or None while a matter is undecided.

    The whole is not approved (13) when one matter is not; approved with gaps (12) when all are and a promised
    material is still missing; else approved (11).
    """
    header = packet.header
    if header is None or any(matter not in packet.reviews for matter in header.routes):
        return None
    if not all(review.final for review in packet.reviews.values()):
        return None
    matters = tuple(_matter_result(packet, packet.reviews[matter], catalogue, now) for matter in header.routes)
    codes = {matter.code for matter in matters}
    for code in (ResultCode.NOT_APPROVED, ResultCode.APPROVED_WITH_GAPS):
        if code in codes:
            return JointResult(code=code, matters=matters, decided_at=now)
    return JointResult(code=ResultCode.APPROVED, matters=matters, decided_at=now)


def _matter_result(packet: Packet, review: Review, catalogue: Catalogue, now: datetime) -> MatterResult:
    matter = catalogue.matters[review.matter]
    gaps: tuple[Code, ...] = tuple(g.slot for g in packet.gaps.values() if g.open and review.matter in g.matters)
    if review.state is not ReviewState.APPROVED:
        code, gaps = ResultCode.NOT_APPROVED, ()
    else:
        code = ResultCode.APPROVED_WITH_GAPS if gaps else ResultCode.APPROVED
    by_commitment = review.route is Route.COMMITMENT and matter.commitment_number is not None
    return MatterResult(
        matter=review.matter,
        number=matter.commitment_number or matter.number if by_commitment else matter.number,
        department=review.department,
        code=code,
        decided_at=review.decided_at or now,
        conditions=review.conditions,
        reasons=review.reasons,
        open_gaps=gaps,
    )


def document(packet: Packet, catalogue: Catalogue) -> bytes:
    """The joint result as people and systems read it: JSON, Chinese first. The same packet gives the same bytes."""
    header, result = packet.header, packet.result
    assert header is not None  # noqa: S101 - only a decided packet is issued
    assert result is not None  # noqa: S101
    content = {
        "schema": "kaigong/joint-result/1",
        "packet": packet.packet,
        "code": result.code,
        "outcome": OUTCOMES[result.code].model_dump(),
        "decided_at": result.decided_at.isoformat(),
        "enterprise": {"name": header.enterprise.name, "uscc": header.enterprise.uscc},
        "project": header.project.model_dump(exclude_none=True),
        "channel": header.channel,
        "matters": [_entry(matter, header.routes[matter.matter], catalogue) for matter in result.matters],
        "gaps": [
            {
                "slot": gap.slot,
                "name": catalogue.materials[gap.slot].name.model_dump(),
                "matters": list(gap.matters),
                "due": gap.due.at.isoformat(),
                "due_certain": gap.due.certain,
            }
            for gap in packet.gaps.values()
            if any(gap.slot in matter.open_gaps for matter in result.matters)
        ],
        "ledger": {"entries": result.ledger_seq, "head": result.ledger_hash},
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _entry(matter: MatterResult, route: Route, catalogue: Catalogue) -> dict[str, object]:
    return {
        "matter": matter.matter,
        "number": matter.number,
        "name": catalogue.matters[matter.matter].name.model_dump(),
        "department": catalogue.departments[matter.department].name.model_dump(),
        "route": route,
        "code": matter.code,
        "outcome": OUTCOMES[matter.code].model_dump(),
        "decided_at": matter.decided_at.isoformat(),
        "conditions": list(matter.conditions),
        "reasons": [reason.model_dump(exclude_none=True) for reason in matter.reasons],
        "open_gaps": list(matter.open_gaps),
    }
