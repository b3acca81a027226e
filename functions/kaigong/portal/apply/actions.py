"""Drawing up an application and handing it in: what the JSON API and the pages both do.

The portal writes drafts, signs uploads, and puts manifest.json beside the papers, which is how every application comes
in. It changes no packet. Who may draw up an application, and who speaks for its enterprise, `access` is asked in one
place: `_hand`.
"""

import hashlib
import math
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple, cast

from pydantic import BaseModel

from kaigong.catalog import load as catalogue
from kaigong.catalog import with_calendar
from kaigong.contract import application as said
from kaigong.contract import problems
from kaigong.domain.flow.step import Surroundings
from kaigong.domain.intake import draft as rules
from kaigong.domain.model.draft import Draft, Filled
from kaigong.domain.model.ids import PACKET_ID, new_packet_id, new_upload_id
from kaigong.domain.model.manifest import USCC_PATTERN
from kaigong.domain.model.naming import named
from kaigong.domain.model.packet import Packet, Stored
from kaigong.domain.model.standing import ProjectStanding
from kaigong.domain.model.text import Text
from kaigong.errors import NewerVersionExists
from kaigong.portal import access
from kaigong.portal.asking import Question, Reply, Unanswered
from kaigong.settings import settings
from kaigong.store import credit, drafts, files, keys, packets, permits, projects
from kaigong.views.foreseen import Foreseen, foreseen


@dataclass(frozen=True)
class Application:
    """A draft and the packet of the same id, as far as there is one, for somebody who may draw it up."""

    draft: Draft
    packet: Packet
    lying: tuple[Stored, ...]
    own: bool  # whether they speak for the enterprise: accept its letters, hand in


class _Hand(NamedTuple):
    """For which enterprise somebody draws up an application, and whether it is their own."""

    owner: str
    own: bool


class _Found(NamedTuple):
    """What there is under an id, for somebody who may draw it up."""

    packet: Packet
    draft: Draft | None
    hand: _Hand


def of(packet_id: str, caller: access.Caller) -> Application:
    """The application of this id. One that was handed in without a draft is taken up from its manifest.

    Raises Unanswered: not found, whatever the reason.
    """
    packet, draft, hand = _found(packet_id, caller)
    if draft is None:
        newest = packet.newest_submission()
        if newest is None:
            raise Unanswered(problems.NOT_FOUND)
        draft = rules.taken_up(newest.manifest, hand.owner, caller.name, _now(), by_window=not hand.own)
    if draft.process not in catalogue().processes:
        raise Unanswered(problems.NOT_AWAITED, _NO_SUCH_PROCESS)
    stored, _ = files.lying(packet_id)
    return Application(draft, packet, tuple(stored), hand.own)


def there(packet: Packet, caller: access.Caller) -> bool:
    """Whether there is an application of this id that the caller may draw up; the packet itself may be empty."""
    try:
        _of_packet(packet, caller)
    except Unanswered:
        return False
    return True


def _found(packet_id: str, caller: access.Caller) -> _Found:
    if not PACKET_ID.fullmatch(packet_id):
        raise Unanswered(problems.NOT_FOUND)
    return _of_packet(packets.load(packet_id), caller)


def _of_packet(packet: Packet, caller: access.Caller) -> _Found:
    """The packet, its draft, and whose it is: once something was handed in, the packet says so."""
    draft = drafts.load(packet.packet)
    applicant = packet.applicant
    owner = applicant.uscc if applicant else draft.owner if draft else None
    hand = _hand(caller, owner, problems.NOT_FOUND)
    return _Found(packet, draft if draft and draft.owner == hand.owner else None, hand)


def _hand(caller: access.Caller, uscc: str | None, otherwise: problems.ProblemKind) -> _Hand:
    """Raises Unanswered, with the problem named, where the caller may not draw up applications of this enterprise."""
    if uscc is None or not access.may_draw_up(caller, uscc):
        raise Unanswered(otherwise)
    return _Hand(uscc, access.may_apply(caller, uscc))


def _speaking(what: Application) -> None:
    """Raises Unanswered for who draws up what another enterprise applies for."""
    if not what.own:
        raise Unanswered(problems.NOT_ALLOWED)


def ahead(what: Application) -> Foreseen:
    """What would come of handing it in now. By the credit on record; at submission the platform may be asked anew."""
    return foreseen(what.packet, what.draft, what.lying, _surroundings(what.draft))


def _surroundings(draft: Draft) -> Surroundings:
    cat, config = catalogue(), settings()
    code = rules.manifest(draft, (), cat)[0].project.code
    return Surroundings(
        catalogue=cat,
        standing=credit.standing(draft.owner),
        project=projects.standing(code, draft.packet) if code else ProjectStanding(),
        now=_now(),
        office=with_calendar(config.office),
        gap_working_days=config.gap_working_days,
        gap_reminders=config.gap_reminders,
        breach_repair_days=config.breach_repair_days,
        new_token=lambda: "",  # nothing is opened here
    )


def begin(caller: access.Caller, uscc: str | None, process: str, matters: tuple[str, ...]) -> Application:
    """A new draft for an enterprise, the part on it filled in.

    Raises Unanswered: not allowed where the enterprise is a foreign one; for codes that do not belong together.
    """
    hand = _hand(caller, uscc, problems.NOT_ALLOWED)
    known = catalogue().processes.get(process)
    wanted = matters or (known.start_matters if known else ())
    if known is None or not wanted or not set(wanted) <= set(known.matters):
        raise Unanswered(problems.INVALID_BODY, _NO_SUCH_MATTERS)
    record = credit.standing(hand.owner).record
    now = _now()
    draft = rules.begun(
        new_packet_id(now, secrets.choice),
        hand.owner,
        caller.name,
        process,
        wanted,
        record.basic if record else None,
        now,
        by_window=not hand.own,
    )
    drafts.put(draft)
    return Application(draft, Packet(packet=draft.packet), (), hand.own)


def save(what: Application, filled: Filled, version: int) -> Draft:
    """Save the form. Raises Unanswered where somebody else saved meanwhile, or where the codes fit nothing."""
    process = catalogue().processes.get(what.draft.process)
    if process and not set(filled.matters) <= set(process.matters):
        raise Unanswered(problems.INVALID_BODY, _NO_SUCH_MATTERS)
    return _put(what, rules.saved(what.draft, filled, _now()), version)


def accept(what: Application, matter: str, sha256: str, by: str, version: int) -> Draft:
    """Put the acceptance of a letter into the draft.

    Raises Unanswered where it is not the text that was read, and for who does not speak for the enterprise.
    """
    _speaking(what)
    letter = rules.letter_for(what.draft, matter, catalogue()) if matter in what.draft.commitments else None
    if letter is None:
        raise Unanswered(problems.NO_LETTER)
    if letter.sha256 != sha256:
        raise Unanswered(problems.DRAFT_CHANGED, _LETTER_CHANGED)
    return _put(what, rules.accepted(what.draft, letter, by, _now()), version)


def _put(what: Application, draft: Draft, version: int) -> Draft:
    if version != what.draft.version:
        raise Unanswered(problems.DRAFT_CHANGED)
    if rules.why_no_submission(what.packet) is not None:
        raise Unanswered(problems.NOT_AWAITED, rules.why_no_submission(what.packet))
    try:
        drafts.put(draft)
    except NewerVersionExists as error:
        raise Unanswered(problems.DRAFT_CHANGED) from error
    return draft


def hand_in(what: Application, version: int, *, anyway: bool) -> None:
    """Put the manifest beside the papers. Pressed twice, or again after a failure, it hands in once.

    Raises Unanswered where the form is not complete, where it would be returned and `anyway` is not said, where nothing
    is awaited, where the draft changed since, and for who does not speak for the enterprise.
    """
    _speaking(what)
    draft = what.draft
    if draft.handed_in and draft.version == version + 1:
        return  # the same form, sent again
    if draft.version != version:
        raise Unanswered(problems.DRAFT_CHANGED)
    seen = ahead(what)
    if seen.why_not is not None:
        raise Unanswered(problems.NOT_AWAITED, seen.why_not)
    if not seen.complete:
        reasons = [item.text for item in seen.wanting] + [reason.text for reason in seen.refused]
        listed = Text(zh="".join(t.zh for t in reasons), en=" ".join(t.en for t in reasons))
        raise Unanswered(problems.DRAFT_INCOMPLETE, listed)
    if seen.returned and not anyway:
        raise Unanswered(problems.WOULD_BE_RETURNED)
    newest = rules.newest_files(what.packet, what.lying)
    manifest, _ = rules.manifest(draft, (file for file, _ in newest.values()), catalogue())
    document = manifest.model_dump_json(by_alias=True, exclude_none=True, indent=2).encode()
    md5 = hashlib.md5(document, usedforsecurity=False).hexdigest()  # what object storage calls it by
    round_ = (what.packet.header.round if what.packet.header else 0) + 1
    lies = files.manifest_mark(draft.packet)
    mine = draft.handed_in
    if mine and (mine.round, mine.md5) == (round_, md5) and lies == md5:
        return  # it lies there already and is being looked at
    try:
        _put(what, rules.handed(draft, round_, md5, _now()), version)
    except Unanswered:
        stored = drafts.load(draft.packet)
        if stored and stored.handed_in and (stored.handed_in.round, stored.handed_in.md5) == (round_, md5):
            return  # the same form, sent at the same time
        raise
    if not files.put_manifest(draft.packet, document, lies) and files.manifest_mark(draft.packet) != md5:
        raise Unanswered(problems.DRAFT_CHANGED)


def permit(packet_id: str, caller: access.Caller, asked: said.PermitRequest) -> said.Permit:
    """Leave to upload one file. Raises Unanswered with the reason where it may not come."""
    _may_come(packet_id, caller, asked.slot)
    why = said.why_no_file(
        catalogue().materials.get(asked.slot), asked.media_type, asked.size, settings().upload_megabytes
    )
    if why is not None:
        raise Unanswered(problems.UPLOAD_REFUSED, why)
    upload, name = new_upload_id(_now(), secrets.choice), rules.safe_name(asked.name)
    place = {"slot": asked.slot, "upload": upload, "name": name, "media_type": asked.media_type}
    key = keys.upload_key(packet_id, asked.slot, upload, name)
    if asked.size <= permits.PLAIN:
        return said.Permit(**place, url=permits.put(key, asked.size, asked.media_type))
    return said.Permit(**place, url=None, parts=permits.begin(key, asked.media_type), part_size=permits.PART)


def part(packet_id: str, caller: access.Caller, asked: said.PartRequest) -> said.PartPermit:
    """Where one part goes. However many parts are asked for, together they are no larger than a file may be."""
    _may_come(packet_id, caller, asked.slot)
    most = math.ceil(settings().upload_megabytes * 1024 * 1024 / permits.PART)
    if asked.size > permits.PART or asked.number > most:
        raise Unanswered(problems.UPLOAD_REFUSED)
    return said.PartPermit(url=permits.part(_key(packet_id, asked), asked.parts, asked.number, asked.size))


def parts(packet_id: str, caller: access.Caller, asked: said.PartsRequest) -> said.PartsCame:
    """The parts that came, to go on where a line broke."""
    _may_come(packet_id, caller, asked.slot)
    try:
        came = permits.parts(_key(packet_id, asked), asked.parts)
    except permits.NoSuchUpload as error:
        raise Unanswered(problems.NO_SUCH_UPLOAD) from error
    return said.PartsCame(
        parts=tuple(said.PartCame(number=p["PartNumber"], size=p["Size"], etag=p["ETag"]) for p in came)
    )


def finish(packet_id: str, caller: access.Caller, asked: said.PartsRequest) -> said.UploadDone:
    """Make one file of the parts."""
    _may_come(packet_id, caller, asked.slot)
    try:
        size = permits.finish(_key(packet_id, asked), asked.parts)
    except permits.NoSuchUpload as error:
        raise Unanswered(problems.NO_SUCH_UPLOAD) from error
    return said.UploadDone(slot=asked.slot, upload=asked.upload, name=asked.name, size=size)


def give_up(packet_id: str, caller: access.Caller, asked: said.PartsRequest) -> said.UploadDone:
    """Drop the parts; also where no paper may come any more."""
    _found(packet_id, caller)
    permits.give_up(_key(packet_id, asked), asked.parts)
    return said.UploadDone(slot=asked.slot, upload=asked.upload, name=asked.name, size=0)


def _may_come(packet_id: str, caller: access.Caller, slot: str) -> None:
    why_not = rules.why_no_paper(_found(packet_id, caller).packet, slot)
    if why_not is not None:
        raise Unanswered(problems.NOT_AWAITED, why_not)


def _key(packet_id: str, asked: said.PartsRequest) -> str:
    """Where an upload lies. Raises Unanswered for a place that no permit was ever for."""
    if asked.slot not in catalogue().slots or rules.safe_name(asked.name) != asked.name:
        raise Unanswered(problems.UPLOAD_REFUSED)
    return keys.upload_key(packet_id, asked.slot, asked.upload, asked.name)


def form(packet_id: str, slot: str) -> tuple[str, dict[str, str]]:
    """Where a plain HTML form sends a file of this material, and its hidden fields; for who has no scripts.

    The file keeps its own name, which object storage fills in; examination decides by content alone.
    """
    key = keys.upload_key(packet_id, slot, new_upload_id(_now(), secrets.choice), "${filename}")
    kinds = said.media_types(catalogue().materials[slot])
    return permits.form(key, settings().upload_megabytes * 1024 * 1024, kinds)


def listed(caller: access.Caller, uscc: str | None) -> list[Draft]:
    """An enterprise's drafts that no list of its packets has yet. Raises Unanswered: not allowed."""
    found = drafts.of(_hand(caller, uscc, problems.NOT_ALLOWED).owner)
    return [draft for draft in found if draft.handed_in is None or packets.load(draft.packet).header is None]


def shown(what: Application) -> said.DraftShown:
    draft = what.draft
    return said.DraftShown(
        **{name: getattr(draft, name) for name in Filled.model_fields},
        packet=draft.packet,
        process=named(catalogue().processes, draft.process),
        uscc=draft.owner,
        by_window=draft.by_window,
        version=draft.version,
        handed_in=draft.handed_in is not None,
        foreseen=ahead(what),
    )


def _now() -> datetime:
    return datetime.now(UTC)


_NO_SUCH_MATTERS = Text(
    zh="项目类型或事项不在目录内，或事项不属于该项目类型。请按办事指南选择。",
    en="The kind of project or a matter is not in the catalogue, or they do not belong together. Choose by the guide.",
)
_NO_SUCH_PROCESS = Text(
    zh="这类项目已不在办事指南内，请按现行指南重新发起申请；不清楚的请联系综合窗口。",
    en="This kind of project has left the guide: begin anew by the guide as it is, or ask the window.",
)
_WHICH_ENTERPRISE = Text(
    zh="请以 uscc 给出 18 位统一社会信用代码。", en="Give the credit code of 18 characters as uscc."
)
_LETTER_CHANGED = Text(
    zh="承诺书的内容已随填报内容更新，请重新阅读后签署。",
    en="The letter changed with what is filled in: read it again, then accept it.",
)


# what the JSON API answers


def _drafts(question: Question) -> Reply:
    uscc = question.query.get("uscc", question.caller.uscc)
    if uscc is None or not re.fullmatch(USCC_PATTERN, uscc):
        raise Unanswered(problems.INVALID_PARAMETER, _WHICH_ENTERPRISE)
    rows = [
        said.DraftListed(
            packet=draft.packet,
            process=named(catalogue().processes, draft.process),
            project=draft.project.name,
            handed_in=draft.handed_in is not None,
            by_window=draft.by_window,
            version=draft.version,
            updated_at=draft.updated_at,
        )
        for draft in listed(question.caller, uscc)
    ]
    return Reply(said.Drafts(drafts=tuple(rows)))


def _start(question: Question) -> Reply:
    asked = cast(said.StartRequest, question.body)
    uscc = asked.uscc or question.caller.uscc
    if uscc is None:
        raise Unanswered(problems.INVALID_BODY, _WHICH_ENTERPRISE)
    return Reply(shown(begin(question.caller, uscc, asked.process, asked.matters)), 201)


def _draft(question: Question) -> Reply:
    return Reply(shown(_named(question)))


def _save(question: Question) -> Reply:
    asked, what = cast(said.SaveRequest, question.body), _named(question)
    filled = Filled(**{name: getattr(asked, name) for name in Filled.model_fields})
    return _again(what, save(what, filled, asked.version))


def _accept(question: Question) -> Reply:
    asked, what = cast(said.AcceptRequest, question.body), _named(question)
    return _again(what, accept(what, asked.matter, asked.sha256, question.caller.name, asked.version))


def _hand_in(question: Question) -> Reply:
    asked, what = cast(said.HandInRequest, question.body), _named(question)
    hand_in(what, asked.version, anyway=asked.anyway)
    return Reply(shown(_named(question)), 202)


def _named(question: Question) -> Application:
    return of(question.named["draft"], question.caller)


def _again(what: Application, draft: Draft) -> Reply:
    return Reply(shown(replace(what, draft=draft)))


def _uploading[Asked: BaseModel](
    answer: Callable[[str, access.Caller, Asked], BaseModel], status: int = 200
) -> Callable[[Question], Reply]:
    def answered(question: Question) -> Reply:
        return Reply(answer(question.named["draft"], question.caller, cast(Asked, question.body)), status)

    return answered


ANSWERS: dict[str, Callable[[Question], Reply]] = {
    "drafts": _drafts,
    "start-draft": _start,
    "draft": _draft,
    "save-draft": _save,
    "accept-letter": _accept,
    "hand-in": _hand_in,
    "permit-upload": _uploading(permit, 201),
    "permit-part": _uploading(part),
    "parts": _uploading(parts),
    "finish-parts": _uploading(finish),
    "give-up-parts": _uploading(give_up),
}
