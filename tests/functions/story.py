"""The story that the proofs run: a packet with a bad paper, a matter that rules decide, a joint site visit, two
corrections, two gaps, a late supplement, and in the end an approval that is taken back.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from kaigong.domain.model.packet import Act, ActKind, NoticeKind, ReviewState, Status
from kaigong.store import packets

from .world import World, once

PACKET = "20260306-story"
CONSULTANT = "91411402MA0KG1021W"  # an intermediary on the list
MANIFEST: dict[str, Any] = {
    "schema": "kaigong/manifest/1",
    "packet": PACKET,
    "process": "industrial",
    "matters": [
        "land-use-permit", "planning-permit", "fire-design-review", "soil-conservation", "power-connection",
        "construction-permit",
    ],
    "enterprise": {"name": "商丘样例生物科技有限公司", "uscc": "91411402MA0KG0002N"},
    "project": {"name": "年产500吨生物酶制剂项目"},
    "promises": ["design-qualification", "wage-security"],
    "commitments": ["power-connection"],
    "drawn_up": [{"slot": "soil-plan", "name": "商丘样例工程咨询有限公司", "uscc": CONSULTANT, "responsible": "李工"}],
}  # fmt: skip
SLOTS = [
    "application-form", "business-licence", "authorisation", "land-contract", "project-filing-certificate", "site-plan",
    "drawings", "fire-design", "soil-plan", "construction-contract", "quality-safety-measures",
]  # fmt: skip
CORRECTED = {"soil-conservation": "soil-plan", "land-use-permit": None}  # in round 2: what is asked to be corrected
VISITED, REVOKED = "soil-conservation", "land-use-permit"  # who asks for a site visit; what is taken back in the end
FOUND = "弃渣场挡墙尚未建成"  # on the visit
CREDIT: dict[str, Any] = {
    "schema": "kaigong/credit/1",
    "id": "credit-1",
    "uscc": "91411402MA0KG0002N",
    "grade": "AAA",
    "valid_from": "2026-01-01T00:00:00+08:00",
    "valid_until": "2099-01-01T00:00:00+08:00",
    "published_at": "2026-01-01T00:00:00+08:00",
}


def play(world: World, quiet: Callable[[int], None] = lambda _: None) -> None:
    """From the first upload to the closed gaps. People act when the system is quiet, for the n-th time: `quiet(n)`."""
    world.send("credit", CREDIT)
    for slot in SLOTS:
        world.upload(PACKET, slot, b"bad" if slot == "drawings" else b"good " + slot.encode())
    world.submit(MANIFEST)
    for number in range(12):
        world.run()
        quiet(number)
        if not _people_act(world):
            return
    raise AssertionError("the story does not end")


at_its_end = once(play)


def _people_act(world: World) -> bool:
    packet = packets.load(PACKET)
    assert packet.header is not None
    if packet.header.status is Status.RETURNED:
        world.upload(PACKET, "drawings", b"good drawings")
        world.submit(MANIFEST)
        world.record(PACKET, _ASKED_FIRST)
        return True
    if packet.header.status is Status.CORRECTING:
        for slot in ("soil-plan", "site-plan"):
            world.upload(PACKET, slot, b"good corrected " + slot.encode())
        world.submit(MANIFEST)
        return True
    if _departments_decide(world):
        return True
    late = [gap.slot for gap in packet.gaps.values() if gap.open and gap.slot not in packet.slots]
    if packet.header.status is Status.ISSUED and late:
        for slot in late:
            world.upload(PACKET, slot, b"good " + slot.encode())
        return True
    if packet.header.status is Status.ISSUED and packet.reviews[REVOKED].state is ReviewState.APPROVED:
        world.send("decisions", revocation(next(t for t in reversed(world.tasks) if t["matter"] == REVOKED)))
        return True
    return False


def _departments_decide(world: World) -> bool:
    """Every department answers each of its tasks; it answers a task that came twice in the same way again. One first
    asks for a site visit, and decides when it was held.
    """
    tasks = [task for task in world.tasks if not task.get("answered")]
    for task in tasks:
        before = [*task.get("visit", ())]
        if task["matter"] == VISITED and task["round"] == 2 and len(before) < 2:
            task["visit"] = [*before, "start" if not before else "end"]
            world.send("decisions", _visit(task))
        else:
            task["answered"] = True
            world.send("decisions", decision(task))
    return bool(tasks)


_ASKED_FIRST = Act(
    kind=ActKind.FIRST_ASKED, by="user-1", officer="王工", department="approvals", at=datetime(2026, 3, 6, tzinfo=UTC)
)


def _answer(task: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    """What every message about a task carries."""
    return {
        "schema": f"kaigong/{kind}/1",
        "id": f"{name}-{task['review_id']}-{task['round']}",
        "packet": task["packet"],
        "sent_at": "2026-03-06T02:00:00+08:00",
        "review_id": task["review_id"],
        "reply_token": task["reply_token"],
        "officer": "审查员",
    }


def _visit(task: dict[str, Any]) -> dict[str, Any]:
    action = task["visit"][-1]
    note = "现场踏勘" if action == "start" else FOUND
    said = {"round": task["round"], "kind": "site-visit", "action": action, "note": note}
    return _answer(task, "procedure", action) | said


def revocation(task: dict[str, Any], **changes: Any) -> dict[str, Any]:
    reasons = [{"text": "规划调整", "basis": "行政许可法 §8"}]
    return _answer(task, "revocation", "r") | {"kind": "recall", "reasons": reasons} | changes


def decision(task: dict[str, Any], **changes: Any) -> dict[str, Any]:
    first_time = task["round"] == 2  # round 1 was returned before any department saw it
    outcome, reasons = "approve", []
    if first_time and task["matter"] in CORRECTED:
        outcome = "correct"
        reasons = [{"slot": CORRECTED[task["matter"]], "text": "请补充", "basis": "GB 50433-2018"}]
    said = {"round": task["round"], "outcome": outcome, "reasons": reasons}
    return _answer(task, "decision", "d") | said | changes


NOTICES_OF_THE_STORY = {
    NoticeKind.RETURNED: 1,
    NoticeKind.ACCEPTED: 1,
    NoticeKind.CORRECTION: 1,
    NoticeKind.PROCEDURE: 2,
    NoticeKind.RESULT: 1,
    NoticeKind.REVOKED: 1,
}
