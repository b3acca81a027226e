"""What is asked of a packet and done to it: where it is, its documents, acts on record, its progress link.

An act is put beside the packet; `advance` alone changes one. Each function raises Unanswered for what it does not give.
"""

import hashlib
import re
from datetime import UTC, datetime
from itertools import islice

from kaigong import catalog
from kaigong.contract import acts, problems
from kaigong.contract.documents import DocumentAddress
from kaigong.contract.links import TOKEN_PATTERN
from kaigong.contract.routes import Group
from kaigong.domain.flow import questions
from kaigong.domain.flow.acts import why_not
from kaigong.domain.flow.procedures import why_not_then
from kaigong.domain.intake.project import counted_for, is_foreign, may_let_in
from kaigong.domain.model.arrivals import Examined
from kaigong.domain.model.documents import RESULT
from kaigong.domain.model.files import FILE_ID
from kaigong.domain.model.packet import ActRefusal, Packet
from kaigong.domain.model.people import PersonRights, suffices
from kaigong.domain.model.standing import ProjectStanding
from kaigong.domain.model.text import Text
from kaigong.portal import access
from kaigong.portal.observe import logger
from kaigong.portal.papers import SHOWN_FOR
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import acts as recorded
from kaigong.store import (
    addresses,
    arrivals,
    benefits,
    catalogues,
    credit,
    files,
    keys,
    packets,
    people,
    progress_links,
    projects,
    supervision,
)
from kaigong.views import handing_out, ledger, materials, rights
from kaigong.views.documents import ARCHIVE, IssuedDocuments, issued_documents
from kaigong.views.packet import PacketStatus, status
from kaigong.views.progress import PublicProgress, public_progress
from kaigong.views.story import MOST_PACKETS, ProjectStory, Told, story

# reading


def status_of(packet: Packet) -> PacketStatus:
    return status(
        packet, catalogues.of(packet, catalog.load()), datetime.now(UTC), catalog.with_calendar(settings().office)
    )


def materials_of(packet: Packet) -> materials.Materials:
    today = datetime.now(settings().office.zone).date()
    return materials.materials(packet, catalogues.of(packet, catalog.load()), today)


def upload_of(packet: Packet, slot: str, file: str) -> Examined | None:
    """A file that was uploaded to a slot, also one that was replaced long ago; None: there is none."""
    held = next((upload for upload in packet.uploads.values() if (upload.slot, upload.id) == (slot, file)), None)
    if held or not packet.put_by or not FILE_ID.fullmatch(file):
        return held
    return arrivals.upload_put_by(packet.packet, slot, file)


def ledger_of(packet: Packet) -> ledger.Ledger:
    return ledger.ledger(packet, packets.ledger(packet.packet))


def result_of(packet: Packet) -> bytes:
    """The document as it was issued, or nothing: a changed one is not given out."""
    if packet.issued is None:
        raise Unanswered(problems.NO_RESULT_YET)
    document = files.read_result(packet.packet)
    if hashlib.sha256(document).hexdigest() != packet.issued.sha256:
        logger.error("the stored joint result is not the one issued", packet=packet.packet)
        raise Unanswered(problems.RESULT_ALTERED)
    return document


def documents_of(packet: Packet) -> IssuedDocuments:
    return issued_documents(packet, catalogues.of(packet, catalog.load()))


def document_of(packet: Packet, name: str) -> DocumentAddress:
    """Where one of the packet's documents lies, or all of the result at once."""
    until = datetime.now(UTC) + SHOWN_FOR
    if name == ARCHIVE and RESULT in packet.documents:
        key, file, kind, sha256 = keys.archive_key(packet.packet), f"{packet.packet}.zip", "application/zip", None
    else:
        issued = {d.name.code: d for made in packet.documents.values() for d in made.documents}
        if name not in issued:
            raise Unanswered(problems.NO_SUCH_DOCUMENT)
        key, kind, sha256 = keys.issued_key(packet.packet, name), "application/pdf", issued[name].sha256
        file = f"{packet.packet}-{name}.pdf"
    address = files.issued_address(key, file, kind, int(SHOWN_FOR.total_seconds()), shown=sha256 is not None)
    return DocumentAddress(document=name, address=address, sha256=sha256, until=until)


def routes_of(packet: Packet) -> rights.PacketRoutes:
    """By what is on record now. The credit platform is not asked: that is done when the packet is submitted."""
    applied, enterprise = packet.applied_for, packet.applicant
    if applied is None or enterprise is None:
        raise Unanswered(problems.NOT_APPLIED_YET)
    code = applied.project.code
    project = counted_for(enterprise.uscc, projects.standing(code, packet.packet)) if code else ProjectStanding()
    standing = credit.standing(enterprise.uscc)
    now, office = datetime.now(UTC), settings().office
    return rights.packet_routes(
        packet.packet, applied, standing, project, catalogues.of(packet, catalog.load()), now, office
    )


def project_of(packet: Packet) -> ProjectStanding:
    """The project that a packet names, as it is on record; of one without a code nothing is."""
    applied = packet.applied_for
    code = applied.project.code if applied else None
    return projects.standing(code, except_packet="") if code else ProjectStanding()


def hand_out_of(packet: Packet) -> handing_out.HandOutShown:
    """How the result is handed out, with where to and to whom: for the applicant and the window."""
    mark = packet.hand_out.address if packet.hand_out else ""
    return handing_out.hand_out_shown(packet, addresses.of(packet.packet, mark) if mark else None)


_MOST_LOOKED_AT = 2 * MOST_PACKETS


def story_of(caller: access.Caller, code: str) -> ProjectStory:
    """A project as one story, of the packets that the caller may see: that of others is as one that is not there, and
    costs what that costs. Anybody can name a project's code: those of who is on it come first, and of a department,
    which may see what it reviews alone, no more are looked at than twice what is shown.
    """
    project = projects.standing(code, except_packet="")
    listed = [each for each in project.others if access.may_read(caller, each.uscc, accepted=bool(each.accepted_at))]
    listed.sort(key=lambda each: (is_foreign(each.uscc, project), each.packet))
    loaded = (packets.load_shown(each.packet) for each in listed[:_MOST_LOOKED_AT])
    found = (packet for packet in loaded if access.may_see(caller, packet) and _is_of(packet, code))
    first = list(islice(found, MOST_PACKETS + 1))
    seen = sorted(first[:MOST_PACKETS], key=lambda packet: packet.packet)
    told = [Told(p, catalogues.of(p, catalog.load()), supervision.of(p.packet), benefits.of(p.packet)) for p in seen]
    office = catalog.with_calendar(settings().office)
    return story(code, told, datetime.now(UTC), office, more=len(first) > MOST_PACKETS or len(listed) > _MOST_LOOKED_AT)


def _is_of(packet: Packet, code: str) -> bool:
    """It may have named another project when it was last looked at."""
    applied = packet.applied_for
    return applied is not None and applied.project.code == code


# acts


def act(caller: access.Caller, packet: Packet, asked: acts.Asked) -> tuple[acts.ActRecorded, bool]:
    """Record an act, once: who asks for it again is shown the one on record, whatever became of the packet since.

    Returns what is on record, and whether it is new.
    """
    if not access.may_act(caller, packet, asked):
        raise Unanswered(problems.NOT_ALLOWED)
    if Group.APPLICANT in caller.groups and not isinstance(asked, acts.Ask) and not _speaks(caller):
        raise Unanswered(problems.NO_RIGHT)
    if isinstance(asked, acts.FirstAsked) and asked.department not in (None, *catalog.load().departments):
        known = ", ".join(catalog.load().departments)
        detail = Text(zh=f"department 可选：{known}。", en=f"Choose department from: {known}.")
        raise Unanswered(problems.INVALID_BODY, detail)
    made = acts.act(asked, caller, datetime.now(UTC), packet).changed(account=caller.account)
    if isinstance(asked, acts.Withdraw) and Group.WINDOW in caller.groups:
        made = made.changed(department=caller.department or Group.WINDOW.value)
    before = packet.acts.get(made.name)
    if before is None:
        asking = questions.why_not_ask(packet, asked.matter) if isinstance(asked, acts.Ask) else None
        refused = asking or why_not(packet, made)
        if refused:
            raise Unanswered(problems.REFUSED_ACTS[refused])
        if isinstance(asked, acts.LetIn) and not may_let_in(caller.uscc or "", project_of(packet)):
            raise Unanswered(problems.NOT_FIRST)
        office = catalog.with_calendar(settings().office)
        if made.appointment and (untimely := why_not_then(made.appointment, made.at, office)):
            raise Unanswered(problems.BAD_APPOINTMENT, untimely)
        if isinstance(asked, acts.ChooseHandOut) and asked.mail_to:
            addresses.put(packet.packet, asked.mail_to, made.at)  # first: the act names it
        before = recorded.record(packet.packet, made)
    return acts.recorded(packet.packet, before or made), before is None


def _speaks(caller: access.Caller) -> bool:
    """Whether the enterprise has the caller speak for it: to ask is less than that."""
    return suffices(people.rights(caller.uscc or "", caller.account), PersonRights.ALL)


def why_not_now(caller: access.Caller, packet: Packet, asked: acts.Asked) -> ActRefusal | None:
    """Why nothing would come of such an act now; None: it would be done."""
    return why_not(packet, acts.act(asked, caller, datetime.now(UTC), packet))


# the progress link


def progress(token: str) -> PublicProgress:
    """What a link opens. Raises Unanswered, always the same, for a token that opens nothing, whatever the reason."""
    name = progress_links.packet_of(token) if re.fullmatch(TOKEN_PATTERN, token) else None
    packet = packets.load_shown(name) if name else None
    if packet is None or not packet.is_there:
        raise Unanswered(problems.NO_SUCH_LINK)
    return public_progress(
        packet, catalogues.of(packet, catalog.load()), datetime.now(UTC), catalog.with_calendar(settings().office)
    )


def link_path(link: progress_links.ProgressLink) -> str:
    """Where a link leads, from the portal's start."""
    return f"p/{link.token}"


def link(packet: Packet, *, renew: bool = False) -> progress_links.ProgressLink:
    """The link of a packet: the one there is, or a new one."""
    now = datetime.now(UTC)
    if renew:
        progress_links.withdraw(packet.packet, now)
    return progress_links.create(packet.packet, now)


def withdraw_link(packet: Packet) -> None:
    """From now on no link opens the packet."""
    progress_links.withdraw(packet.packet, datetime.now(UTC))
