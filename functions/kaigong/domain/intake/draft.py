"""How a draft comes about, is saved and accepted, and becomes a manifest.

Sources: mission 8 (one form, materials submitted once), 5 (a letter is read in full before it is accepted), 7 (guidance
before submission).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from kaigong.domain import words
from kaigong.domain.model.arrivals import Stored
from kaigong.domain.model.catalogue import Catalogue, Code, Material
from kaigong.domain.model.draft import AuthorTyped, Draft, EnterpriseTyped, Filled, HandedIn, ProjectTyped, TakenOut
from kaigong.domain.model.files import MOST_FILES, counting, is_picture
from kaigong.domain.model.form import LONGEST_VALUE, Known
from kaigong.domain.model.manifest import (
    Author,
    DrawnUp,
    Enterprise,
    LetterAccepted,
    Manifest,
    ManifestFile,
    OnMandate,
    Project,
)
from kaigong.domain.model.messages import BasicData
from kaigong.domain.model.packet import Packet, Status
from kaigong.domain.model.signature import Signer
from kaigong.domain.model.text import Lang, Model, Text

from . import form
from .finding import LARGEST_TOGETHER
from .identity import filled
from .letter import LetterText, in_force
from .signing import represents

MEDIA_TYPES = {  # of a material's formats
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "heic": "image/heic",
}
ENDINGS = {  # by which file choosers find them, where a system has other names for the types
    "jpeg": (".jpg", ".jpeg", ".jfif"),
    "tiff": (".tif", ".tiff"),
    "heic": (".heic", ".heif"),
}
_UNKNOWN_TYPE = "application/octet-stream"
_ALSO_CALLED = {"jpg": "jpeg", "jfif": "jpeg", "pjpeg": "jpeg", "tif": "tiff", "heif": "heic", "hif": "heic"}
_STAND_IN = "-"  # for a name that is not filled in yet
LONGEST_NAME = 200  # bytes of a file's name in UTF-8: far below what a key may have


def format_of(media_type: str) -> str | None:
    """The format of a material that a client's system, or a file's ending, calls so; None: none that we know, which
    says nothing of the file. WPS registers `application/wps-office.pdf` for every PDF.
    """
    called = media_type.partition(";")[0].strip().lower().rpartition("/")[2].rpartition(".")[2].removeprefix("x-")
    name = _ALSO_CALLED.get(called, called)
    return name if name in MEDIA_TYPES else None


def stored_as(media_type: str) -> str:
    """The media type with which a file is put into storage that its client calls so; never one that runs in a browser.
    What it is shown as later is what the examination found.
    """
    return MEDIA_TYPES.get(format_of(media_type) or "", _UNKNOWN_TYPE)


class Wanting(Model):
    """Something on the form that is missing or cannot be right: where, and what to do."""

    field: str  # as the form names it: `enterprise.phone`, `letters.<matter>`
    text: Text


def begun(
    packet: str,
    owner: str,
    by: str,
    process: Code,
    matters: Iterable[Code],
    basic: BasicData | None,
    now: datetime,
    known: Mapping[Code, Known] | None = None,
    *,
    by_window: bool = False,
) -> Draft:
    """A new draft, its enterprise filled in from the credit platform's basic data (mission 2), its form from what is
    `known` of its fields.
    """
    draft = Draft(
        packet=packet,
        owner=owner,
        by=by,
        by_window=by_window,
        process=process,
        matters=tuple(dict.fromkeys(matters)),
        enterprise=EnterpriseTyped(**filled({}, basic)),
        updated_at=now,
    )
    return prefilled(draft, known or {})


def prefilled(draft: Draft, known: Mapping[Code, Known]) -> Draft:
    """The draft with what is on record in the fields of its form that are blank, or as an earlier record had them. What
    was typed stays as it is.
    """
    typed, before = draft.form or {}, {code: entry.value for code, entry in draft.known.items()}
    more = {code: entry.value for code, entry in known.items() if typed.get(code, "") in ("", before.get(code))}
    return draft.changed(form={**typed, **more} or None, known={**draft.known, **known})


def taken_up(manifest: Manifest, owner: str, by: str, now: datetime, *, by_window: bool = False) -> Draft:
    """A draft to go on with where an application was handed in without one, or with an older one."""
    enterprise, project = manifest.enterprise, manifest.project
    return Draft(
        packet=manifest.packet,
        owner=owner,
        by=by,
        by_window=by_window,
        process=manifest.process,
        matters=manifest.matters,
        enterprise=EnterpriseTyped(
            **{name: getattr(enterprise, name) or "" for name in EnterpriseTyped.model_fields},
        ),
        project=ProjectTyped(
            name=project.name,
            code=project.code or "",
            address=project.address or "",
            serviced_site=project.serviced_site,
        ),
        form=manifest.form,
        promises=manifest.promises,
        commitments=manifest.commitments,
        drawn_up=tuple(as_typed(entry.slot, entry) for entry in manifest.drawn_up),
        letters=manifest.letters,
        follows=manifest.follows,
        version=0,
        updated_at=now,
    )


def as_typed(slot: Code, author: Author) -> AuthorTyped:
    """Who drew up the paper in a slot, as the form has it."""
    said = {name: str(getattr(author, name)) for name in Author.model_fields if getattr(author, name) is not None}
    return AuthorTyped(slot=slot, **said)


def saved(draft: Draft, said: Filled, now: datetime) -> Draft:
    """The draft with what was filled in now. Acceptances of letters stay only for matters still committed to."""
    commitments = tuple(code for code in dict.fromkeys(said.commitments) if code in said.matters)
    return _next(draft, now).changed(
        matters=tuple(dict.fromkeys(said.matters)),
        enterprise=said.enterprise,
        project=said.project,
        form=draft.form if said.form is None else said.form,
        promises=tuple(dict.fromkeys(said.promises)),
        commitments=commitments,
        drawn_up=tuple({entry.slot: entry for entry in said.drawn_up}.values()),
        letters=tuple(letter for letter in draft.letters if letter.matter in commitments),
    )


def accepted(draft: Draft, letter: LetterText, who: Signer, now: datetime) -> Draft:
    """The draft with the acceptance of one letter: who, when, which text. An older acceptance of it goes."""
    entry = LetterAccepted(
        matter=letter.matter, version=letter.version, sha256=letter.sha256, by=who.name, signer=who, at=now
    )
    others = tuple(other for other in draft.letters if other.matter != letter.matter)
    return _next(draft, now).changed(letters=(*others, entry))


def without(draft: Draft, files: Iterable[Stored], by: str, now: datetime) -> Draft:
    """The draft once these papers were taken out: who, when, which."""
    known = {(out.slot, out.mark) for out in draft.taken_out}
    more = tuple(TakenOut(slot=f.slot, mark=f.mark, at=now, by=by) for f in files if (f.slot, f.mark) not in known)
    return _next(draft, now).changed(taken_out=(*draft.taken_out, *more))


def left_in(draft: Draft, lying: Iterable[Stored]) -> tuple[Stored, ...]:
    """The files that count: all that lie there and were not taken out."""
    out = {(taken.slot, taken.mark) for taken in draft.taken_out}
    return tuple(file for file in lying if (file.slot, file.mark) not in out)


def handed(draft: Draft, round_: int, md5: str, now: datetime) -> Draft:
    """The draft as it is being handed in."""
    return _next(draft, now).changed(handed_in=HandedIn(round=round_, md5=md5, at=now))


def sent_already(draft: Draft, packet: Packet) -> bool:
    """Whether this draft, as it is, was handed in and is waited for, or was taken. One that came back is not: it is to
    be handed in again, whether or not anybody changed it since.
    """
    if draft.handed_in is None or not draft.unchanged:
        return False
    taken = packet.header.round if packet.header else 0
    return draft.handed_in.round > taken or why_no_submission(packet) is not None


def _next(draft: Draft, now: datetime) -> Draft:
    return draft.changed(version=draft.version + 1, updated_at=now)


def letter_for(draft: Draft, matter: Code, catalogue: Catalogue) -> LetterText | None:
    """The letter of a matter as it reads for this draft now; None: the matter has none, or is no more."""
    entry = catalogue.matters.get(matter)
    if entry is None or not entry.takes_commitment:
        return None
    content = _content(draft)
    enterprise = Enterprise.model_validate({"name": _STAND_IN, **content["enterprise"]})
    project = Project.model_validate({"name": _STAND_IN, **content["project"]})
    return in_force(entry, catalogue, enterprise, project)


def standing_letters(draft: Draft, catalogue: Catalogue) -> tuple[LetterAccepted, ...]:
    """The acceptances that still are of the text in force: what is typed later may change the letter."""
    found = []
    for entry in draft.letters:
        letter = letter_for(draft, entry.matter, catalogue) if entry.matter in draft.commitments else None
        same = letter is not None and (letter.version, letter.sha256) == (entry.version, entry.sha256)
        if same and represents(entry.person, draft.enterprise.legal_representative):
            found.append(entry)
    return tuple(found)


def manifest(
    draft: Draft,
    files: Iterable[Stored],
    catalogue: Catalogue,
    mandate: OnMandate | None = None,
    language: Lang | None = None,
) -> tuple[Manifest, tuple[Wanting, ...]]:
    """The draft as a manifest, and what is missing or wrong on the form; handed in only where that is nothing.

    Where something is, the manifest leaves it out or has a stand-in for it, so that the rules can be asked all the
    same what they would say. The same draft and files always give the same manifest.
    """
    content = _content(draft)
    letters = standing_letters(draft, catalogue)
    listed = tuple(
        ManifestFile(slot=file.slot, upload=file.upload, name=file.name)
        for file in sorted(files, key=lambda f: f.slot)  # those of one slot stay in their order
    )
    authors, misnamed = drawn_up(draft, catalogue)
    wanting = (
        _misfilled(draft, content)
        + misnamed
        + _overlong(draft, catalogue)
        + _unsigned(draft, letters, listed, catalogue)
        + _too_many(listed)
    )
    said = {
        "schema": "kaigong/manifest/1",
        "packet": draft.packet,
        "process": draft.process,
        "matters": draft.matters,
        "enterprise": {"name": _STAND_IN, **content["enterprise"]},
        "project": {"name": _STAND_IN, **content["project"]},
        "form": _form(draft, catalogue),
        "promises": draft.promises,
        "commitments": draft.commitments,
        "letters": letters,
        "drawn_up": authors,
        "follows": draft.follows,
        "mandate": mandate,
        "language": language,
        "files": listed[:MOST_FILES],
    }
    return Manifest.model_validate(said), wanting


def _too_many(files: Sequence[ManifestFile]) -> tuple[Wanting, ...]:
    """More files than a manifest lists."""
    text = words.finding.reason("too-many-in-all", bound=MOST_FILES)
    return (Wanting(field="files", text=text),) if len(files) > MOST_FILES else ()


def _form(draft: Draft, catalogue: Catalogue) -> dict[Code, str] | None:
    """What is filled in of what the matters ask for; None: nothing is. Too long a value is cut: `_overlong` tells."""
    asked = form.applied({}, draft.matters, (), catalogue).asked
    typed = {entry.field.code: (draft.form or {}).get(entry.field.code, "").strip() for entry in asked}
    return {code: value[:LONGEST_VALUE] for code, value in typed.items() if value} or None


def _overlong(draft: Draft, catalogue: Catalogue) -> tuple[Wanting, ...]:
    """Fields of the form with more than a manifest takes; what else is wrong with them, the notice would say."""
    asked = (entry.field for entry in form.applied({}, draft.matters, (), catalogue).asked)
    long = (field for field in asked if len((draft.form or {}).get(field.code, "")) > LONGEST_VALUE)
    return tuple(Wanting(field=f"form.{field.code}", text=words.form.too_long(field)) for field in long)


def _content(draft: Draft) -> dict[str, dict[str, Any]]:
    """Enterprise and project as the manifest has them, without what is blank or cannot be right."""
    parts: dict[str, dict[str, Any]] = {
        "enterprise": {"uscc": draft.owner, **_written(draft.enterprise)},
        "project": _written(draft.project),
    }
    for part, name in _wrong_fields(parts):
        parts[part].pop(name, None)
    return parts


def _written(typed: Model) -> dict[str, Any]:
    values = {name: value.strip() if isinstance(value, str) else value for name, value in typed.model_dump().items()}
    return {name: value for name, value in values.items() if value not in ("", None)}


def _wrong_fields(parts: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    found = []
    for part, model in (("enterprise", Enterprise), ("project", Project)):
        try:
            model.model_validate(parts[part])
        except ValidationError as error:
            found += [(part, str(item["loc"][0])) for item in error.errors(include_input=False, include_url=False)]
    return found


def drawn_up(draft: Draft, catalogue: Catalogue) -> tuple[tuple[DrawnUp, ...], tuple[Wanting, ...]]:
    """Who drew up the papers that the draft's matters ask for, as a manifest has it, and what is wrong with that. An
    intermediary of which nothing is filled in is not named; a paper may have been drawn up by nobody yet.
    """
    matters = (catalogue.matters[code] for code in draft.matters if code in catalogue.matters)
    asked = {entry.material for matter in matters for entry in matter.materials}
    found, wrong = [], []
    for typed in draft.drawn_up:
        said = _written(typed.changed(uscc=typed.uscc.upper()))
        material = catalogue.materials.get(typed.slot)
        if typed.slot not in asked or material is None or not material.drawn_up_by or len(said) == 1:
            continue
        try:
            found.append(DrawnUp.model_validate(said))
        except ValidationError as error:
            fields = {str(item["loc"][0]) for item in error.errors(include_input=False, include_url=False)}
            wrong += [
                Wanting(field=f"drawn_up.{typed.slot}.{name}", text=words.draft.author(material.name, text))
                for name, text in words.draft.AUTHOR_FIELDS.items()
                if name in fields
            ]
    return tuple(found), tuple(wrong)


def _misfilled(draft: Draft, content: Mapping[str, Mapping[str, Any]]) -> tuple[Wanting, ...]:
    """The form's fields that are needed and blank, or filled in wrongly; `content` has only what can be right."""
    found = []
    typed = {"enterprise": _written(draft.enterprise), "project": _written(draft.project)}
    for field, text in words.draft.FIELDS.items():
        part, _, name = field.partition(".")
        needed = name == "name"
        if name not in content[part] and (needed or name in typed[part]):
            found.append(Wanting(field=field, text=text))
    return tuple(found)


def _unsigned(
    draft: Draft, letters: Iterable[LetterAccepted], files: Iterable[ManifestFile], catalogue: Catalogue
) -> tuple[Wanting, ...]:
    """Letters that are still to be read and accepted. A signed paper in the slot of letters does it as well."""
    slots = {file.slot for file in files}
    if any(material.letters and code in slots for code, material in catalogue.materials.items()):
        return ()
    signed, before = {letter.matter for letter in letters}, {letter.matter for letter in draft.letters}
    found = []
    for code in draft.commitments:
        letter = letter_for(draft, code, catalogue)
        if letter is None or code in signed:
            continue
        said = words.draft.unsigned_again if code in before else words.draft.unsigned
        found.append(Wanting(field=f"letters.{code}", text=said(letter.title)))
    return tuple(found)


class Lying(NamedTuple):
    """A file that counts of those that lie there."""

    file: Stored
    examined: bool


def counting_files(packet: Packet, lying: Iterable[Stored], catalogue: Catalogue) -> dict[Code, tuple[Lying, ...]]:
    """The files of each slot that count, in order, and whether each was examined: the newest; in a slot of several
    those of each name.

    A file that was not examined yet is newer than one that was: S3 announces every upload. Of several it is the one
    that came last. What an older one was found to be may have been put by; it does not count.
    """
    by_slot: dict[Code, list[Lying]] = {}
    for file in lying:
        known = (file.slot, file.mark) in packet.uploads
        if known or not packet.put_by or catalogue.room(file.slot).most > 1 or not _replaced(packet, file):
            by_slot.setdefault(file.slot, []).append(Lying(file, known))
    return {
        slot: counting(
            files,
            catalogue.room(slot),
            order=lambda lying: _came(packet, lying.file),
            name=lambda lying: lying.file.name,
        )
        for slot, files in by_slot.items()
    }


def _came(packet: Packet, file: Stored) -> tuple[bool, datetime, str]:
    """When a file came, as far as files of one slot have to be told apart."""
    examined = packet.uploads.get((file.slot, file.mark))
    if examined:
        return False, *examined.order
    return True, file.at or datetime.min.replace(tzinfo=UTC), file.upload


def _replaced(packet: Packet, file: Stored) -> bool:
    """Whether a file is older than every upload of its slot that was examined; storage tells whole seconds."""
    known = [upload.uploaded_at for upload in packet.uploads.values() if upload.slot == file.slot]
    return bool(known) and file.at is not None and file.at < min(known)


def why_no_paper(packet: Packet, slot: Code) -> Text | None:
    """Why nothing may be uploaded to a slot now, in words; None: it may.

    Papers may come while the application is being drawn up, was returned or is to be corrected; later, what was
    promised, after a withdrawal too where it is owed. Not between a submission and its being looked at: it counts on
    the papers as they lie there.
    """
    header = packet.header
    if header is None or header.status in (Status.RETURNED, Status.CORRECTING):
        return words.draft.BEING_LOOKED_AT if packet.untaken() else None
    if slot in packet.owed():
        return None
    return words.draft.WITHDRAWN if header.status is Status.WITHDRAWN else words.draft.IN_REVIEW


def why_no_more(lying: Iterable[Stored], name: str, size: int, material: Material) -> Text | None:
    """Why a file of this name cannot come beside those that lie in the slot, in words; None: it can.

    In a slot of one file it replaces what lies there, in one of several what has its name; a photo comes as a page
    beside others.
    """
    room = material.room
    if room.files == 1 and not (room.pictures > 1 and is_picture(name)):
        return None
    others = {file.name: file.size for file in lying if file.name != name}
    if room.files == 1:
        others = {other: size for other, size in others.items() if is_picture(other)}
    if len(others) + 1 > room.most:
        return words.finding.reason("too-many-files", count=len(others) + 1, bound=room.most)
    if sum(others.values()) + size > LARGEST_TOGETHER * 1024 * 1024:
        return words.finding.reason("too-large-together", bound=LARGEST_TOGETHER)
    return None


def why_no_submission(packet: Packet) -> Text | None:
    """Why the application cannot be handed in now, in words; None: it can."""
    header = packet.header
    if header is None or header.status in (Status.RETURNED, Status.CORRECTING):
        return words.draft.BEING_LOOKED_AT if packet.untaken() else None
    if header.status is Status.WITHDRAWN:
        return words.draft.WITHDRAWN_OWING if packet.owed() else words.draft.WITHDRAWN
    return words.draft.HANDED_IN


def safe_name(name: str) -> str:
    """A file's name as it may stand in a key: no separators and control characters, not too long, its ending kept. A
    safe name stays as it is.
    """
    plain = "".join("_" if c in "/\\" or unicodedata.category(c).startswith("C") else c for c in name.strip())
    plain = _bare(unicodedata.normalize("NFC", plain)) or "file"
    stem, dot, ending = plain.rpartition(".")
    if not dot or not re.fullmatch("[A-Za-z0-9]{1,8}", ending):
        stem, dot, ending = plain, "", ""
    room = LONGEST_NAME - len(dot + ending)
    return _bare(stem.encode()[:room].decode(errors="ignore") + dot + ending)


def _bare(name: str) -> str:
    """Without the dots and blanks, of whatever width, at its ends."""
    return re.sub(r"^[\s.]+|[\s.]+$", "", name)
