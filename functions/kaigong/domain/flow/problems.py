"""What went wrong with a packet on one day, counted by department, matter, reason and the enterprise's credit grade.

Everything is read from what the packet's ledger says of that day. The entries never change, so a day that is counted
again comes to the same, and nothing is counted while somebody waits. Source: mission 11.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.packet import LedgerEntry, NoticeKind, Packet, ReviewState
from kaigong.domain.model.problems import Cell, Counted
from kaigong.domain.model.supervision import SupervisionEvent

_P = Counted
# Codes of a notice's items about a material that say that it did not come; all others say what is wrong with it.
_MISSING = frozenset(("material-missing", "form-incomplete"))
_ANSWERS = {
    ReviewState.APPROVED: (_P.DECIDED,),
    ReviewState.REJECTED: (_P.DECIDED, _P.REJECTED),
    ReviewState.CORRECTION: (_P.DECIDED, _P.CORRECTION),
}


def of_day(
    packet: Packet, entries: Iterable[LedgerEntry], since: datetime, until: datetime, catalogue: Catalogue
) -> Counter[Cell]:
    """The numbers of the entries that are not before `since` and before `until`."""
    grade = packet.header.credit_grade or "" if packet.header else ""
    found = Counter[Cell]()
    for entry in entries:
        if since <= entry.at < until:
            for matter, what, reason in _of_entry(entry.events, packet, catalogue):
                found[Cell(_department(matter, catalogue), matter, what, reason, grade)] += 1
    return found


def _of_entry(
    events: tuple[dict[str, Any], ...], packet: Packet, catalogue: Catalogue
) -> Iterator[tuple[Code, Counted, str]]:
    """Matter, what, and why, of each thing that an entry records."""
    for event in events:
        match event.get("event"):
            case "submitted":
                yield from ((matter, _P.APPLIED, "") for matter in event["matters"])
            case "accepted":
                gaps = {m for slot in event["gaps"] if slot in packet.gaps for m in packet.gaps[slot].matters}
                yield from ((matter, _P.PROMISED, "") for matter in sorted(gaps))
                yield from ((each["matter"], _P.COMMITTED, "") for each in event["commitments"])
            case "notice" if event["kind"] == NoticeKind.RETURNED:
                yield from _returned(event, events, packet, catalogue)
            case "decided":
                yield from ((event["matter"], what, "") for what in _ANSWERS.get(ReviewState(event["state"]), ()))
            case "decided-by-rules":
                yield event["matter"], _P.DECIDED, ""
            case "reviews-overdue":
                yield from ((matter, _P.LATE, "") for matter in event["matters"])
            case "gaps-overdue":
                late = {(m, reason) for slot, m in _waiting(event, packet) for reason in ("", slot)}
                yield from ((matter, _P.GAP_LATE, reason) for matter, reason in sorted(late))
            case "supervised" if event["what"] == SupervisionEvent.BREACH:
                yield event["matter"], _P.BROKEN, ""
            case "approval-ended":
                yield event["matter"], _P.REVOKED, event["kind"]


def _returned(
    event: Mapping[str, Any], events: tuple[dict[str, Any], ...], packet: Packet, catalogue: Catalogue
) -> Iterator[tuple[Code, Counted, str]]:
    """What a notice that returns an application says. What is wrong with a material counts for each matter that asks
    for it, and what is wrong with the application as a whole for each of its matters: once, however often it is said.
    """
    submitted = next((each["matters"] for each in events if each.get("event") == "submitted"), list(packet.routes))
    said = set[tuple[Code, Counted, str]]()
    for code, matter, slot in event["items"]:
        asked = [matter] if matter else [m for m in submitted if not slot or _asks(m, slot, catalogue)]
        absent = slot and code in _MISSING
        why = (_P.MISSING, slot) if absent else (_P.REFUSED if slot else _P.WRONG, code)
        for each in asked or submitted:
            said |= {(each, _P.RETURNED, ""), (each, *why)}
    yield from sorted(said)


def _waiting(event: Mapping[str, Any], packet: Packet) -> Iterator[tuple[Code, Code]]:
    """What came too late for which matter, not for one that had ended; entries of a release before do not say so."""
    if "waiting" in event:
        yield from ((slot, matter) for slot, matter in event["waiting"])
    else:
        yield from ((s, m) for s in event["slots"] if s in packet.gaps for m in packet.gaps[s].matters)


def _asks(matter: Code, slot: Code, catalogue: Catalogue) -> bool:
    entry = catalogue.matters.get(matter)
    return entry is not None and any(asked.material == slot for asked in entry.materials)


def _department(matter: Code, catalogue: Catalogue) -> Code:
    """Whose it is; empty for a matter that the packet's catalogue does not have."""
    entry = catalogue.matters.get(matter)
    return entry.department if entry else ""
