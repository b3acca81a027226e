"""What happened to packets, as rows for analysis: one for each matter, material and reason that an entry of the ledger
speaks of.

A row has codes alone: no person, no enterprise, nobody's words. What is taken of an entry is listed here, and what does
not look like a code is left out; so what a later entry says besides stays where it is until it is listed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict, Field

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.deadline import DeadlineKind, matter_in
from kaigong.domain.model.packet import LedgerEntry
from kaigong.domain.model.text import Model


class Event(Model):
    """One row. Everything but the first six may be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    # A column that changes its meaning, or goes, makes another one; columns are added at the end.
    schema_: Literal["kaigong/event/1"] = Field(default="kaigong/event/1", alias="schema")
    id: str = Field(
        description="The packet, the number of the entry and of the row in it: written twice, it is the same."
    )
    happened_at: str = Field(description="By the hall's clock: 2026-03-06 09:30:00.000.")
    packet: str
    entry: int = Field(description="The number of the entry of the packet's ledger.")
    event: str = Field(
        description="What happened; what an entry has of several matters or materials is a row for each."
    )
    process: str | None = None
    matter: str | None = None
    department: str | None = Field(default=None, description="That has the matter.")
    material: str | None = None
    round: int | None = None
    kind: str | None = Field(default=None, description="Of a notice, a procedure, a limit, a policy.")
    code: str | None = Field(default=None, description="How it ended, or why: a state, a result, a reason, a channel.")


def columns() -> dict[str, type]:
    """The columns in order, with what each holds: text or a whole number."""
    return {
        field.alias or name: int if field.annotation in (int, int | None) else str
        for name, field in Event.model_fields.items()
    }


class _Row(NamedTuple):
    event: str
    matter: Any = None
    material: Any = None
    round: Any = None
    kind: Any = None
    code: Any = None


_Said = Mapping[str, Any]


def events(
    packet: str, process: str | None, entries: Iterable[LedgerEntry], catalogue: Catalogue, zone: tzinfo
) -> Iterator[Event]:
    """The rows of some entries of a packet's ledger. The same entries always give the same rows."""
    for entry in entries:
        at = entry.at.astimezone(zone).isoformat(" ", "milliseconds")[:23]
        rows = (row for said in entry.events for row in _rows(said))
        for number, row in enumerate(rows, 1):
            matter = _code(row.matter)
            known = catalogue.matters.get(matter) if matter else None
            yield Event(
                id=f"{packet}#{entry.seq}#{number}",
                happened_at=at,
                packet=packet,
                entry=entry.seq,
                event=_code(row.event) or "other",
                process=process,
                matter=matter,
                department=known.department if known else None,
                material=_code(row.material),
                round=row.round if isinstance(row.round, int) else None,
                kind=_code(row.kind),
                code=_code(row.code),
            )


def _code(value: Any) -> str | None:
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None


_CODE = re.compile(
    r"[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?"
)  # no Chinese, no capitals: neither a name nor a credit code


def _rows(said: _Said) -> Iterator[_Row]:
    """The rows of one event of an entry; of one that is not listed, or lacks what it should have, its name alone."""
    name = str(said.get("event", ""))
    try:
        found = [*_EVENTS.get(name, _alone)(said)]
    except (KeyError, TypeError, ValueError):  # a packet is read for years
        found = []
    yield from found or [_Row(name)]


def _alone(said: _Said) -> Iterator[_Row]:
    yield _Row(said["event"])


def _submitted(said: _Said) -> Iterator[_Row]:
    return (_Row("submitted", matter=matter, round=said["round"]) for matter in said["matters"])


def _resubmitted(said: _Said) -> Iterator[_Row]:
    code = "complete" if said["complete"] else "incomplete"
    for matter in said.get("reopened") or [None]:
        yield _Row("resubmitted", matter=matter, round=said["round"], code=code)


def _accepted(said: _Said) -> Iterator[_Row]:
    yield _Row("accepted", code=said["channel"])
    for material in said["gaps"]:
        yield _Row("gap-promised", material=material)
    for made in said["commitments"]:
        yield _Row("committed", matter=made["matter"], kind=made["signing"], code=made["level"])
    for doubt in said["doubts"]:
        yield _Row("doubted", code=doubt)


def _reviews(said: _Said) -> Iterator[_Row]:
    for what in ("opened", "decided", "never"):
        for matter in said[what]:
            yield _Row(_REVIEWS[what], matter=matter)


_REVIEWS = {"opened": "review-opened", "decided": "review-decided-at-once", "never": "review-never-opened"}


def _notice(said: _Said) -> Iterator[_Row]:
    for code, matter, material in said["items"]:
        yield _Row("notice", matter=matter, material=material, kind=said["kind"], code=code)
    if not said["items"]:
        yield _Row("notice", kind=said["kind"])


def _result(said: _Said) -> Iterator[_Row]:
    yield _Row("result", code=said["code"])
    for matter, code in said["matters"]:
        yield _Row("matter-result", matter=matter, code=code)


_OF_MATTERS = (DeadlineKind.REVIEW, DeadlineKind.QUESTION, DeadlineKind.VISIT_REPORT)  # whose limits name them


def _pressed(said: _Said) -> Iterator[_Row]:
    for stage, kind, subject in said["limits"]:
        matter = matter_in(subject) if kind in _OF_MATTERS else None
        yield _Row("pressed", matter, subject if kind == DeadlineKind.GAP else None, kind=kind, code=stage)


def _visit_over(said: _Said) -> Iterator[_Row]:
    for matter in said["matters"]:
        yield _Row("visit-over", matter=matter, code="silent" if matter in said["silent"] else "reported")


def _of_matter(*parts: str) -> Callable[[_Said], Iterator[_Row]]:
    """One row, with what stands in the entry under these names; `round` where it is there. `code:state` renames."""
    named = [part.partition(":")[::2] for part in parts]

    def rows(said: _Said) -> Iterator[_Row]:
        more = {column: said[name or column] for column, name in named}
        yield _Row(said["event"], matter=said.get("matter"), round=said.get("round"), **more)

    return rows


def _each(column: str, names: str, kind: str = "") -> Callable[[_Said], Iterator[_Row]]:
    """A row for each matter or material of a list."""

    def rows(said: _Said) -> Iterator[_Row]:
        more = {"kind": said[kind]} if kind else {}
        return (_Row(said["event"], round=said.get("round"), **{column: name}, **more) for name in said[names])

    return rows


def _act(said: _Said) -> Iterator[_Row]:
    """What somebody put on record: that it was done, or why not. Whom it is about may be an enterprise."""
    yield _Row(said["event"], code=said["refused"])


def _act_of_matter(said: _Said) -> Iterator[_Row]:
    """The same of a matter that a review is of; a question has a mark of its own behind it."""
    yield _Row(said["event"], said["subject"].partition(".")[0], code=said["refused"])


_EVENTS: dict[str, Callable[[_Said], Iterator[_Row]]] = {
    "submitted": _submitted,
    "resubmitted": _resubmitted,
    "accepted": _accepted,
    "reassessed": _of_matter("code:channel"),
    "reviews": _reviews,
    "decided": _of_matter("code:state"),
    "decided-by-rules": _of_matter(),
    "retracted": _of_matter("code:refused"),
    "approval-ended": _of_matter("kind"),
    "supervised": _of_matter("code:what"),
    "benefit": _of_matter("kind:policy", "code:what"),
    "not-awaited": _of_matter("code:status"),
    "withdrawal-refused": _of_matter("code:status"),
    "procedure-started": _of_matter("kind"),
    "procedure-ended": _each("matter", "matters", kind="kind"),
    "visit-asked": _each("matter", "matters"),
    "visit-reported": _of_matter(),
    "visit-over": _visit_over,
    "reviews-overdue": _each("matter", "matters"),
    "documents": _of_matter("kind:occasion"),
    "documents-late": _each("kind", "occasions"),
    "identity-corrected": _each("code", "doubts"),
    "notice": _notice,
    "result": _result,
    "pressed": _pressed,
    "gaps-closed": _each("material", "slots"),
    "gaps-still-open": _each("material", "slots"),
    "gaps-reminded": _each("material", "slots"),
    "gaps-overdue": _each("material", "slots"),
    **dict.fromkeys(
        (
            "override-doubt", "confirm-doubt", "first-asked", "appoint-visit", "pick-up", "let-in", "choose-hand-out",
            "send-by-mail", "hand-over", "received", "note", "call",
        ),
        _act,
    ),
    **dict.fromkeys(("assign", "stand-in", "ask", "answer"), _act_of_matter),
}  # fmt: skip
