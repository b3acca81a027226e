"""Drawing up an application and handing it in.

The portal writes drafts, signs uploads (`uploads`), and puts manifest.json beside the papers, which is how every
application comes in. It changes no packet. Who may draw up an application, and who speaks for its enterprise, `access`
is asked in one place: `hand`.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.desk import PaperAddress
from kaigong.contract.letters import Letters, LettersRequest, letters, why_not
from kaigong.domain.flow.step import Surroundings
from kaigong.domain.intake import form
from kaigong.domain.intake.draft import (
    accepted,
    begun,
    counting_files,
    handed,
    left_in,
    letter_for,
    manifest,
    prefilled,
    saved,
    sent_already,
    taken_up,
    why_no_submission,
    without,
)
from kaigong.domain.intake.mandate import in_force
from kaigong.domain.intake.project import counted_for
from kaigong.domain.intake.signing import signer
from kaigong.domain.model.arrivals import Awaited, Examined, Stored
from kaigong.domain.model.catalogue import Catalogue, Process
from kaigong.domain.model.draft import Draft, Filled
from kaigong.domain.model.form import FormField
from kaigong.domain.model.ids import PACKET_ID, new_packet_id
from kaigong.domain.model.mandate import Mandate
from kaigong.domain.model.manifest import OnMandate
from kaigong.domain.model.packet import Packet, Signature
from kaigong.domain.model.standing import OtherPacket, ProjectStanding
from kaigong.domain.model.text import Lang, Text
from kaigong.errors import NewerVersionExists
from kaigong.portal import access, papers
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import catalogues, credit, drafts, files, keys, lists, mandates, packets, projects
from kaigong.views import rights
from kaigong.views.foreseen import Foreseen, foreseen
from kaigong.views.form import Sheet, draft_sheet


@dataclass(frozen=True)
class Application:
    """A draft and the packet of the same id, as far as there is one, for somebody who may draw it up."""

    draft: Draft
    packet: Packet
    own: bool  # whether they speak for the enterprise: accept its letters, hand in
    mandate: Mandate | None = None  # on which the window may hand this in all the same


class Hand(NamedTuple):
    """For which enterprise somebody draws up an application, and whether it is their own."""

    owner: str
    own: bool


class Found(NamedTuple):
    """What there is under an id, for somebody who may draw it up."""

    packet: Packet
    draft: Draft | None
    hand: Hand


def of(packet_id: str, caller: access.Caller) -> Application:
    """The application of this id. One that was handed in without a draft is taken up from its manifest.

    Raises Unanswered: not found, whatever the reason.
    """
    packet, draft, whose = found(packet_id, caller)
    if draft is None:
        newest = packet.newest_submission()
        if newest is None:
            raise Unanswered(problems.NOT_FOUND)
        draft = taken_up(newest.manifest, whose.owner, caller.name, _now(), by_window=not whose.own)
    if draft.process not in catalogues.of(packet, catalog.load()).processes:
        raise Unanswered(problems.NOT_AWAITED, _NO_SUCH_PROCESS)
    return Application(draft, packet, whose.own, None if whose.own else _mandate(draft, packet, caller))


def _mandate(draft: Draft, packet: Packet, caller: access.Caller) -> Mandate | None:
    code = manifest(draft, (), catalogues.of(packet, catalog.load()))[0].project.code or ""
    today = datetime.now(settings().office.zone).date()
    found = in_force(mandates.of(draft.owner), draft.packet, code, caller.name, today)
    return found if access.may_hand_in(caller, draft.owner, on_mandate=found is not None) else None


def there(packet: Packet, caller: access.Caller) -> bool:
    """Whether there is an application of this id that the caller may draw up; the packet itself may be empty."""
    try:
        _of_packet(packet, caller)
    except Unanswered:
        return False
    return True


def lying(packet_id: str, slot: str, caller: access.Caller) -> tuple[Stored, ...]:
    """The files that lie in a slot, without those that were taken out. Raises Unanswered as `found` does."""
    stored = [file for file in files.lying(packet_id)[0] if file.slot == slot]
    draft = found(packet_id, caller).draft
    return left_in(draft, stored) if draft else tuple(stored)


def found(packet_id: str, caller: access.Caller) -> Found:
    """What there is under an id. Raises Unanswered, not found, for who may not draw it up."""
    if not PACKET_ID.fullmatch(packet_id):
        raise Unanswered(problems.NOT_FOUND)
    return _of_packet(packets.load(packet_id), caller)


def _of_packet(packet: Packet, caller: access.Caller) -> Found:
    """The packet, its draft, and whose it is: once something was handed in, the packet says so."""
    draft = drafts.load(packet.packet)
    applicant = packet.applicant
    owner = applicant.uscc if applicant else draft.owner if draft else None
    whose = hand(caller, owner, problems.NOT_FOUND)
    return Found(packet, draft if draft and draft.owner == whose.owner else None, whose)


def hand(caller: access.Caller, uscc: str | None, otherwise: problems.ProblemKind) -> Hand:
    """Raises Unanswered, with the problem named, where the caller may not draw up applications of this enterprise."""
    if uscc is None or not access.may_draw_up(caller, uscc):
        raise Unanswered(otherwise)
    return Hand(uscc, access.may_apply(caller, uscc))


def _speaking(what: Application) -> None:
    """Raises Unanswered for who draws up what another enterprise applies for."""
    if not what.own:
        raise Unanswered(problems.NOT_ALLOWED)


def ahead(what: Application) -> Foreseen:
    """What would come of handing it in now. By the credit on record; at submission the platform may be asked anew.

    This reads what lies in object storage, the credit and the project, and runs the whole acceptance: saving does not.
    """
    return _ahead(what, _lying(what))


def paper(what: Application, slot: str, file: str = "") -> PaperAddress:
    """Where a browser finds a file of a material, of several the first unless another is named. Raises Unanswered where
    there is none to show.
    """
    lying = _lying(what)
    there = counting_files(_known(what.packet, lying), lying, _catalogue(what)).get(slot, ())
    found = next((entry.file for entry in there if file in ("", entry.file.id)), None)
    if found is None:
        raise Unanswered(problems.NO_SUCH_PAPER)
    examined = what.packet.uploads.get((slot, found.mark))
    key = keys.upload_key(what.packet.packet, slot, found.upload, found.name)
    return papers.address(what.packet, slot, found.mark, key, examined.version if examined else "")


def scanned_mandate(what: Application) -> Examined | None:
    """The newest letter of authorisation that lies there and was examined."""
    materials, lying = _catalogue(what).materials, _lying(what)
    for slot, there in counting_files(what.packet, lying, _catalogue(what)).items():
        if there[0].examined and slot in materials and materials[slot].mandate:
            return what.packet.uploads[slot, there[0].file.mark]
    return None


def _ahead(what: Application, lying: tuple[Stored, ...]) -> Foreseen:
    return foreseen(_known(what.packet, lying), what.draft, lying, _surroundings(what))


def _catalogue(what: Application) -> Catalogue:
    return catalogues.of(what.packet, catalog.load())


def _known(packet: Packet, lying: Iterable[Stored]) -> Packet:
    """The packet with what was found in the files of slots that hold several, also where that was put by: others may
    have come since and been taken out again.
    """
    catalogue = catalogues.of(packet, catalog.load())
    missing = (f for f in lying if catalogue.room(f.slot).most > 1 and (f.slot, f.mark) not in packet.uploads)
    return packets.with_put_by(packet, [Awaited(slot=f.slot, mark=f.mark) for f in missing])


def _lying(what: Application) -> tuple[Stored, ...]:
    """The papers as they lie in object storage now, without those that were taken out."""
    stored = files.lying(what.packet.packet)[0]
    return left_in(what.draft, stored)


def _surroundings(what: Application) -> Surroundings:
    draft, cat, config = what.draft, catalogues.of(what.packet, catalog.load()), settings()
    code = manifest(draft, (), cat)[0].project.code
    return Surroundings(
        catalogue=cat,
        standing=credit.standing(draft.owner),
        project=counted_for(draft.owner, projects.standing(code, draft.packet)) if code else ProjectStanding(),
        now=_now(),
        office=catalog.with_calendar(config.office),
        gap_working_days=config.gap_working_days,
        gap_reminders=config.gap_reminders,
        correction_notice_working_days=config.correction_notice_working_days,
        correction_working_days=config.correction_working_days,
        visit_report_working_days=config.visit_report_working_days,
        breach_repair_days=config.breach_repair_days,
        new_token=lambda: "",  # nothing is opened here
    )


def begin(caller: access.Caller, uscc: str | None, process: str, matters: tuple[str, ...]) -> Application:
    """A new draft for an enterprise, the part on it filled in.

    Raises Unanswered: not allowed where the enterprise is a foreign one; for codes that do not belong together.
    """
    whose = hand(caller, uscc, problems.NOT_ALLOWED)
    known = catalog.load().processes.get(process)
    wanted = matters or (known.start_matters if known else ())
    if known is None or not wanted or not set(wanted) <= set(known.matters):
        raise Unanswered(problems.INVALID_BODY, _NO_SUCH_MATTERS)
    basic, now = credit.standing(whose.owner).basic, _now()
    draft = begun(
        new_packet_id(now, secrets.choice),
        whose.owner,
        caller.name,
        process,
        wanted,
        basic,
        now,
        form.known(_fields(known), basic, (), _earlier(whose.owner)),
        by_window=not whose.own,
    )
    drafts.put(draft, kept(draft))
    return Application(draft, Packet(packet=draft.packet), whose.own)


def save(what: Application, filled: Filled, version: int) -> Draft:
    """Save the form. Raises Unanswered where somebody else saved meanwhile, or where the codes fit nothing."""
    process = catalogues.of(what.packet, catalog.load()).processes.get(what.draft.process)
    if process and not set(filled.matters) <= set(process.matters):
        raise Unanswered(problems.INVALID_BODY, _NO_SUCH_MATTERS)
    after = saved(what.draft, filled, _now())
    code = _project_code(after)
    if process and code and code != _project_code(what.draft):
        after = prefilled(after, form.known(_fields(process), None, _of_project(code, after)))
    return _put(what, after, version)


def with_records(draft: Draft, process: Process) -> Draft:
    """The draft with what is on record in the fields of its form that are blank, of its project too."""
    code, basic = _project_code(draft), credit.standing(draft.owner).basic
    project = _of_project(code, draft) if code else ()
    return prefilled(draft, form.known(_fields(process), basic, project, _earlier(draft.owner)))


def _project_code(draft: Draft) -> str | None:
    return manifest(draft, (), catalog.load())[0].project.code


def _of_project(code: str, draft: Draft) -> list[OtherPacket]:
    """The enterprise's other packets of a project."""
    others = projects.standing(code, draft.packet).others
    return [other for other in others if other.uscc == draft.owner]


def _earlier(uscc: str) -> list[OtherPacket]:
    """The enterprise's newest packets of a project that has a code."""
    newest, _ = lists.packets_of(uscc, 1)
    codes = (header.project.code for header in newest)
    return [other for code in codes if code for other in projects.standing(code, "").others if other.uscc == uscc]


def _fields(process: Process) -> list[FormField]:
    """Every field that a matter of the process may ask for: matters may be added later."""
    asked = form.applied({}, process.matters, (), catalog.load()).asked
    return [entry.field for entry in asked]


def print_form(what: Application) -> Sheet:
    """The form as it would be handed in now, to print."""
    cat = catalogues.of(what.packet, catalog.load())
    return draft_sheet(what.draft, manifest(what.draft, (), cat)[0], cat)


def accept(what: Application, matter: str, sha256: str, caller: access.Caller, version: int) -> Draft:
    """Put the acceptance of a letter into the draft, and on record who pressed that.

    Raises Unanswered where it is not the text that was read, for who does not speak for the enterprise, and for an
    account of which the issuer does not say whose it is: a person signs.
    """
    _speaking(what)
    if not caller.person:
        raise Unanswered(problems.ACCOUNT_UNNAMED)
    letter = (
        letter_for(what.draft, matter, catalogues.of(what.packet, catalog.load()))
        if matter in what.draft.commitments
        else None
    )
    if letter is None:
        raise Unanswered(problems.NO_LETTER)
    if letter.sha256 != sha256:
        raise Unanswered(problems.DRAFT_CHANGED, _LETTER_CHANGED)
    _awaited(what, version)
    who, now = signer(caller.person, what.draft.enterprise.legal_representative), _now()
    packets.record_signature(
        what.draft.packet,
        Signature(
            matter=matter,
            version=letter.version,
            sha256=letter.sha256,
            signer=who,
            by=caller.name,
            account=caller.account,
            at=now,
        ),
    )
    return _put(what, accepted(what.draft, letter, who, now), version)


def take_out(what: Application, slot: str, by: str, version: int, file: str | None = None) -> Draft:
    """Take out what lies in a slot; where a file is named, that one and what it replaced.

    Raises Unanswered where nothing lies there, or where somebody else saved meanwhile.
    """
    lies = [stored for stored in _lying(what) if stored.slot == slot]
    names = {stored.name for stored in lies if file in (None, stored.id)}
    found = [stored for stored in lies if stored.name in names]
    if not found:
        raise Unanswered(problems.NO_SUCH_PAPER)
    if len(what.draft.taken_out) + len(found) > MOST_TAKEN_OUT:
        raise Unanswered(problems.NOT_AWAITED, _TOO_MANY_TAKEN_OUT)
    return _put(what, without(what.draft, found, by, _now()), version)


def _awaited(what: Application, version: int) -> None:
    """Raises Unanswered where somebody else saved meanwhile, and where nothing is awaited."""
    if version != what.draft.version:
        raise Unanswered(problems.DRAFT_CHANGED)
    if why_no_submission(what.packet) is not None:
        raise Unanswered(problems.NOT_AWAITED, why_no_submission(what.packet))


def kept(draft: Draft) -> timedelta:
    """How long it is kept after it was last saved."""
    process = catalog.load().processes.get(draft.process)
    return timedelta(days=process.keep_draft_days if process else 90)


def _put(what: Application, draft: Draft, version: int) -> Draft:
    _awaited(what, version)
    try:
        drafts.put(draft, kept(draft))
    except NewerVersionExists as error:
        raise Unanswered(problems.DRAFT_CHANGED) from error
    return draft


def hand_in(what: Application, version: int, lang: Lang, *, anyway: bool) -> None:
    """Put the manifest beside the papers. Pressed twice, or again after a failure, it hands in once.

    Raises Unanswered where the form is not complete, where it would be returned and `anyway` is not said, where nothing
    is awaited, where the draft changed since, and for who neither speaks for the enterprise nor has its mandate.
    """
    if not what.own and what.mandate is None:
        raise Unanswered(problems.NO_MANDATE)
    draft = what.draft
    if draft.version == version + 1 and sent_already(draft, what.packet):
        return  # the same form, sent again
    if draft.version != version:
        raise Unanswered(problems.DRAFT_CHANGED)
    lying = _lying(what)
    seen = _ahead(what, lying)
    if seen.why_not is not None:
        raise Unanswered(problems.NOT_AWAITED, seen.why_not)
    if not seen.complete:
        reasons = [item.text for item in seen.wanting] + [reason.text for reason in seen.refused]
        listed = Text(zh="".join(t.zh for t in reasons), en=" ".join(t.en for t in reasons))
        raise Unanswered(problems.DRAFT_INCOMPLETE, listed)
    if seen.returned and not anyway:
        raise Unanswered(problems.WOULD_BE_RETURNED)
    there = counting_files(_known(what.packet, lying), lying, _catalogue(what)).values()
    by = OnMandate(number=what.mandate.id, agent=what.mandate.agent) if what.mandate else None
    language = None if lang == "zh" else lang
    content, _ = manifest(draft, (entry.file for found in there for entry in found), _catalogue(what), by, language)
    document = content.model_dump_json(by_alias=True, exclude_none=True, indent=2).encode()
    md5 = hashlib.md5(document, usedforsecurity=False).hexdigest()  # by which it is known where a listing finds it
    round_ = (what.packet.header.round if what.packet.header else 0) + 1
    lies = files.manifest_mark(draft.packet)
    mine = draft.handed_in
    if lies and mine and (mine.round, mine.md5) == (round_, md5) and files.is_manifest(draft.packet, document):
        return  # it lies there already and is being looked at
    try:
        _put(what, handed(draft, round_, md5, _now()), version)
    except Unanswered:
        stored = drafts.load(draft.packet)
        if stored and stored.handed_in and (stored.handed_in.round, stored.handed_in.md5) == (round_, md5):
            return  # the same form, sent at the same time
        raise
    if not files.put_manifest(draft.packet, document, lies) and not files.is_manifest(draft.packet, document):
        raise Unanswered(problems.DRAFT_CHANGED)


def listed(caller: access.Caller, uscc: str | None) -> list[Draft]:
    """An enterprise's drafts that no list of its packets has yet. Raises Unanswered: not allowed."""
    found = drafts.of(hand(caller, uscc, problems.NOT_ALLOWED).owner)
    taken = lists.headers(draft.packet for draft in found if draft.handed_in is not None)
    return [draft for draft in found if draft.packet not in taken]


def letters_in_force(caller: access.Caller, asked: LettersRequest) -> Letters:
    """The letters as they read now. Raises Unanswered: not allowed, or for a matter that has none."""
    if not access.may_ask_about(caller, asked.enterprise.uscc):
        raise Unanswered(problems.NOT_ALLOWED)
    barred = why_not(asked, catalog.load())
    if barred:
        raise Unanswered(problems.NO_LETTER, barred)
    return letters(asked, catalog.load())


def enterprise(uscc: str) -> rights.EnterpriseShown:
    """What may fill the form, the enterprise's credit, and what it opens."""
    return rights.enterprise(uscc, credit.standing(uscc), catalog.load(), _now(), settings().office)


def _now() -> datetime:
    return datetime.now(UTC)


MOST_TAKEN_OUT = 500  # choice: a draft is one item of the table
_TOO_MANY_TAKEN_OUT = Text(
    zh="已撤下的文件过多。请另行建立一份新的申请。",
    en="Too many files have been removed from this application. Please start a new one.",
)
_NO_SUCH_MATTERS = Text(
    zh="项目类型或事项不在目录内，或事项不属于该项目类型。请按办事指南选择。",
    en="The project type or a matter is not in the catalogue, or they do not belong together. Choose "
    "again from the guide.",
)
_NO_SUCH_PROCESS = Text(
    zh="这类项目已不在办事指南内，请按现行指南重新发起申请；不清楚的请联系综合窗口。",
    en="This project type is no longer in the guide. Start again from the current guide, or ask the service window.",
)
_LETTER_CHANGED = Text(
    zh="承诺书的内容已随填报内容更新，请重新阅读后签署。",
    en="The letter was updated because your entries changed. Read it again, then sign it.",
)
