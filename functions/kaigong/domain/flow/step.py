"""One step of a packet: the working copy that the rules change, what happened, and what goes out.

Every rule that moves a packet on takes a `Step` and changes it; `progress.advance` makes one and seals it.
Source: design.md, "A packet's life".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from kaigong.domain.intake import intermediaries
from kaigong.domain.intake.finding import SlotFinding
from kaigong.domain.model.arrivals import Examined
from kaigong.domain.model.catalogue import Catalogue, Code, Material
from kaigong.domain.model.clock import Office
from kaigong.domain.model.documents import Ordered, notice_occasion
from kaigong.domain.model.manifest import Author
from kaigong.domain.model.packet import (
    Header,
    IntermediaryRecord,
    Notice,
    NoticeItem,
    NoticeKind,
    Packet,
    Paper,
    Review,
    Told,
)
from kaigong.domain.model.standing import ProjectStanding, Standing
from kaigong.domain.model.states import PacketEvent, ReviewEvent, packet_after, review_after
from kaigong.domain.model.text import Model
from kaigong.domain.words import names
from kaigong.errors import Bug

ORDER_DOCUMENTS = "documents"
ONE_A_ROUND = (NoticeKind.RETURNED, NoticeKind.CORRECTION)


class SecondNotice(Bug):
    """A second notice in one round."""


class Surroundings(Model):
    """What a decision needs besides the packet. Time and ids come from the edge."""

    catalogue: Catalogue
    standing: Standing = Standing()
    project: ProjectStanding = ProjectStanding()
    now: datetime
    office: Office
    gap_working_days: int
    gap_reminders: tuple[int, ...] = (5, 1)  # working days before a gap is due (choice)
    correction_notice_working_days: int = 2  # until corrections are told though others still review (choice)
    correction_working_days: int = 20  # until a correction that does not come counts as withdrawn (choice)
    visit_report_working_days: int = 2  # until a joint site visit is over, whoever has not said what was found (choice)
    breach_repair_days: int = 90  # calendar days after which a repair can be applied for (choice)
    # How long nothing came before an incomplete folder is judged, or what is due lapses (choice).
    quiet: timedelta = timedelta(minutes=5)
    new_token: Callable[[], str]


class Step:
    """A packet on its way through one call of `advance`: the working copy, what happened, what goes out."""

    def __init__(self, packet: Packet, around: Surroundings) -> None:
        self.packet = packet
        self.around = around
        self.version = (packet.header.version if packet.header else 0) + 1
        self.events: list[dict[str, Any]] = []
        self.orders: list[str] = []
        self.told: list[Told] = []
        self.counted: dict[str, IntermediaryRecord] = {}

    @property
    def asks_for_more(self) -> bool:
        """Whether the applicant is told what is still to be completed."""
        return any(told.kind in ONE_A_ROUND for told in self.told)

    @property
    def header(self) -> Header:
        assert self.packet.header is not None  # noqa: S101 - every step after the first submission has one
        return self.packet.header

    # What these take besides is fields of what they return; mypy checks names and types (infra/checks/changed.py).

    def change(self, **fields: Any) -> Packet:
        """Change the packet."""
        self.packet = self.packet.changed(**fields)
        return self.packet

    def change_header(self, **fields: Any) -> Header:
        """Change the packet's header."""
        self.change(header=self.header.changed(**fields))
        return self.header

    def move(self, event: PacketEvent, **fields: Any) -> Header:
        """Take the packet to its next state, with what else changes in its header. Raises Impossible."""
        return self.change_header(status=packet_after(self.header.status, event), **fields)

    def move_review(self, matter: Code, event: ReviewEvent, **fields: Any) -> Review:
        """Take a review to its next state. Raises Impossible."""
        before = self.packet.reviews[matter]
        after = before.changed(state=review_after(before.state, event), **fields)
        self.change(reviews={**self.packet.reviews, matter: after})
        return after

    def take_submissions(self, round_: int) -> None:
        """The newest submission, and with it all before it, is looked at in this round."""
        newest = self.packet.untaken()
        if newest:
            self.change(submissions={**self.packet.submissions, newest.version: newest.changed(taken=round_)})

    def make_documents(self, occasion: Code) -> None:
        """The documents of an occasion are due."""
        self.change_header(documents={**self.header.documents, occasion: Ordered(at=self.around.now)})
        if ORDER_DOCUMENTS not in self.orders:
            self.orders.append(ORDER_DOCUMENTS)

    def happened(self, event: str, **details: Any) -> None:
        self.events.append({"event": event, **details})

    def notify(self, kind: NoticeKind, items: tuple[NoticeItem, ...] = (), departments: Iterable[Code] = ()) -> None:
        """Tell the applicant, and `departments` as well.

        Raises SecondNotice where a round already had its one written notice of what is to be completed (mission 7).
        """
        header, at = self.header, self.around.now
        if kind in ONE_A_ROUND:
            if header.told_round == header.round:
                raise SecondNotice(f"round {header.round} already has its notice")
            header = header.changed(told_round=header.round, told_at=at)
            self.make_documents(notice_occasion(header.notices + 1))
            header = header.changed(documents=self.header.documents)
        number, whom = header.notices + 1, tuple(dict.fromkeys(departments))
        notice = Notice(
            number=number,
            kind=kind,
            round=header.round,
            title=names.NOTICES[kind],
            items=items,
            departments=whom,
            at=at,
        )
        self.change(header=header.changed(notices=number), notices={**self.packet.notices, number: notice})
        slots = tuple(dict.fromkeys(item.slot for item in items if item.slot)) if whom else ()
        self.told.append(Told(number=number, kind=kind, round=header.round, departments=whom, slots=slots))
        self.orders.append(f"notice:{number}")
        self.happened("notice", kind=kind.value, number=number, items=[[i.code, i.matter, i.slot] for i in items])


def today(around: Surroundings) -> date:
    """The day at the city's."""
    return around.now.astimezone(around.office.zone).date()


def author(packet: Packet, material: Material) -> Author | None:
    """The intermediary that is said to have drawn up the paper of a material: the newest submission names it."""
    newest = packet.newest_submission()
    return newest.manifest.author(material.code) if newest and material.drawn_up_by else None


def judged(
    step: Step, files: Sequence[Examined], papers: Mapping[Code, Sequence[Paper]]
) -> tuple[SlotFinding, Author | None]:
    """What the files of a slot are worth to this applicant, beside the papers of other slots, and who is said to have
    drawn them up.
    """
    around, enterprise, slot = step.around, step.header.enterprise, files[0].slot
    material, listed = around.catalogue.materials[slot], around.catalogue.intermediaries
    by, beside = author(step.packet, material), sum(len(found) for code, found in papers.items() if code != slot)
    return intermediaries.judged(files, material, enterprise, by, listed, today(around), beside=beside), by


def fingerprint(files: Mapping[Code, Sequence[Examined]]) -> dict[Code, str | list[str]]:
    """Which versions of which slot were there, of several files in order: the ledger can prove what was looked at."""
    versions = {code: [file.version for file in found] for code, found in sorted(files.items())}
    return {code: found[0] if len(found) == 1 else found for code, found in versions.items()}


def sealed(files: Mapping[Code, Sequence[Examined]]) -> dict[str, Any]:
    """The part of an event that says what the seals and signatures on these files came to: by slot, each outcome once.
    Who signed stands in the facts, not here: the ledger is kept for good.
    """
    states = {code: {seal.state for file in found for seal in file.facts.seals} for code, found in files.items()}
    seals = {code: sorted(outcomes) for code, outcomes in sorted(states.items()) if outcomes}
    return {"seals": seals} if seals else {}
