"""Applying again for what ended without an approval, and papers of earlier packets that are used again.

A paper is copied within storage into the new packet's folder: so it is examined, handed in, reviewed and kept like any
other, and nothing of the old packet is touched. Both packets are of the same enterprise, or nothing is done.
"""

import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from kaigong import catalog
from kaigong.contract import problems
from kaigong.domain.intake.again import Earlier, begun_again, ended, form_of, newest, usable
from kaigong.domain.intake.draft import as_typed, why_no_paper
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.draft import Draft
from kaigong.domain.model.ids import PACKET_ID, new_packet_id, new_upload_id
from kaigong.domain.model.packet import Packet, Paper
from kaigong.domain.model.text import Text
from kaigong.portal import access
from kaigong.portal.unanswered import Unanswered
from kaigong.store import drafts, files, keys, lists, packets

from .actions import Application, hand, kept, with_records

LOOKED_THROUGH = 20  # choice: of the enterprise's packets, the newest
_AT_ONCE = 8  # copies; each takes storage some tenths of a second, and a page is waited for


def begin(caller: access.Caller, packet: Packet, matters: tuple[Code, ...] = ()) -> Application:
    """A new draft for matters of this packet that ended without an approval, with its form and papers. Asked for again,
    it goes on with the one that was begun: whoever died in between has the rest copied now.

    Raises Unanswered: not found; nothing here can be applied for again.
    """
    whose = hand(caller, packet.owner, problems.NOT_FOUND)
    may, header = ended(packet), packet.header
    wanted = tuple(code for code in may if code in matters) or may
    process = catalog.load().processes.get(header.process) if header else None
    if header is None or not wanted or not set(matters) <= set(may):
        raise Unanswered(problems.NOT_AWAITED, _NOTHING_ENDED)
    if process is None or not set(wanted) <= set(process.matters):
        raise Unanswered(problems.NOT_AWAITED, _NOT_IN_THE_GUIDE)
    papers = usable(packet, wanted, catalog.load())
    draft = _begun(whose.owner, packet.packet, wanted)
    if draft is None:
        now = datetime.now(UTC)
        name = new_packet_id(now, secrets.choice)
        form = form_of(packet, wanted, catalog.load())
        draft = begun_again(name, header, wanted, caller.name, now, form=form, by_window=not whose.own)
        draft = with_records(draft, process)
        authors = {paper.slot: as_typed(paper.slot, paper.author) for paper in papers if paper.author}
        draft = draft.changed(drawn_up=tuple(authors.values()))
        drafts.put(draft, kept(draft))
    _copy(draft, papers)
    return Application(draft, Packet(packet=draft.packet), whose.own)


def _begun(owner: str, packet_id: str, matters: tuple[Code, ...]) -> Draft | None:
    mine = (draft for draft in drafts.of(owner) if draft.follows == packet_id and draft.handed_in is None)
    return next((draft for draft in mine if set(draft.matters) == set(matters)), None)


def _copy(draft: Draft, papers: Iterable[Paper]) -> None:
    """Copy what does not lie there yet: of several files of a material what has none of its name. What is gone from
    storage is uploaded anew: its slot says so.
    """
    lying, catalogue = files.lying(draft.packet)[0], catalog.load()
    slots, names = {file.slot for file in lying}, {(file.slot, file.name) for file in lying}

    def lies(paper: Paper) -> bool:
        return (paper.slot, paper.name) in names if catalogue.room(paper.slot).most > 1 else paper.slot in slots

    def copied(paper: Paper) -> None:
        try:
            _lay(draft.packet, paper)
        except (files.Gone, files.Archived):
            return

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(copied, (paper for paper in papers if not lies(paper))))


def _lay(packet: str, paper: Paper) -> None:
    """The upload's name says from which packet it is."""
    place = keys.paper_place(paper.key)
    assert place is not None  # noqa: S101 - a paper lies where papers lie
    upload = f"{new_upload_id(datetime.now(UTC), secrets.choice)}-from-{place[0]}"
    files.copy(paper.key, paper.version, keys.upload_key(packet, paper.slot, upload, place[3]))


def earlier(what: Application) -> dict[Code, Earlier]:
    """Of each material that this application asks for, the newest paper of the enterprise's earlier packets."""
    headers, _ = lists.packets_of(what.draft.owner, LOOKED_THROUGH)
    others = [header.packet for header in headers if header.accepted_at and header.packet != what.draft.packet]
    matters = catalog.load().matters
    asked = {entry.material for code in what.draft.matters if code in matters for entry in matters[code].materials}
    return {slot: paper for slot, paper in newest(packets.papers_of(others)).items() if slot in asked}


def reuse(what: Application, slot: Code, packet_id: str) -> None:
    """Use the papers of a material in an earlier packet, all of its files.

    Raises Unanswered: no paper may come now; there is none of this enterprise.
    """
    why_not = why_no_paper(what.packet, slot)
    if why_not is not None:
        raise Unanswered(problems.NOT_AWAITED, why_not)
    packet = packets.load(packet_id) if PACKET_ID.fullmatch(packet_id) else Packet(packet="")
    applicant, found = packet.applicant, packet.papers.by_slot.get(slot)
    if applicant is None or applicant.uscc != what.draft.owner or found is None:
        raise Unanswered(problems.NO_SUCH_PAPER)
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(partial(_lay, what.draft.packet), found))
    except (files.Gone, files.Archived) as gone:
        raise Unanswered(problems.NO_SUCH_PAPER) from gone


_NOTHING_ENDED = Text(
    zh="该材料包没有可以重新申报的事项：事项须已办结或撤回，且没有有效的批准。办理情况见办理进度页。",
    en="Nothing in this packet can be applied for again: a matter must have ended, or been withdrawn, without an "
    "approval that stands. The packet's page says how its matters stand.",
)
_NOT_IN_THE_GUIDE = Text(
    zh="这类项目或事项已不在办事指南内，请按现行指南发起申请；以前的材料可在申请表中沿用。",
    en="This project type or matter is no longer in the guide. Start from the current guide; earlier papers can be "
    "used again from the form.",
)
