"""Whether a manifest is an application at all. What is wrong with it is told in one written refusal.

A refusal here is about the manifest itself; what is wrong with the *papers* is said at acceptance, in the notice.
Source: mission 7 (told once and in full), mission 8 (one form).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import ValidationError

from kaigong.domain import words
from kaigong.domain.model.arrivals import Awaited, RefusalReason, Stored
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.files import MOST_FILES, is_picture, natural
from kaigong.domain.model.manifest import Manifest, ManifestFile

from . import parts

SAME_SECOND = 5  # choice
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
MOST_REASONS = 50  # choice: what is wrong fifty times is wrong in one way


def read(content: bytes) -> tuple[Manifest | None, tuple[RefusalReason, ...]]:
    """The manifest in a file, or why there is none in it: its encoding, its JSON, its fields."""
    manifest, _, reasons = _read(content)
    return manifest, _at_most(reasons)


def _read(content: bytes) -> tuple[Manifest | None, object, tuple[RefusalReason, ...]]:
    """The manifest in a file; else what its JSON says, where it is any, and every reason.

    JSON is UTF-8 (RFC 8259 §8.1); the mark that some editors put before it is passed over.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:  # UTF-16 of Latin letters is UTF-8 as well, every second character of it a zero
        encoded = words.application.encoded(_encoding(content))
        return None, None, (RefusalReason(code="manifest-encoding", text=encoded),)
    try:
        said = json.loads(text, parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        told = words.application.no_json(line, column, text.strip() == "")
        return None, None, (RefusalReason(code="manifest-not-json", where=f"{line}:{column}", text=told),)
    try:
        return Manifest.model_validate_json(text), said, ()
    except ValidationError as error:
        return None, said, misshapen(error)


def _encoding(content: bytes) -> str:
    """The encoding that a text which is not UTF-8 seems to be in; empty where that cannot be said."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:200]:
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"


def _not_json(constant: str) -> object:
    raise ValueError(constant)  # NaN and its like, which Python would take


def misshapen(error: ValidationError) -> tuple[RefusalReason, ...]:
    """What breaks the schema, field by field. The values themselves are not repeated: they may be personal."""
    return tuple(
        RefusalReason(
            code="manifest-schema",
            where=".".join(str(part) for part in item["loc"]),
            text=words.application.breaks_the_schema(item["type"], item.get("ctx", {})),
        )
        for item in error.errors(include_url=False, include_input=False)
    )


def look(
    content: bytes, packet: str, catalogue: Catalogue, stored: Iterable[Stored]
) -> tuple[Manifest | None, tuple[Awaited, ...], tuple[RefusalReason, ...]]:
    """The manifest in a file with the uploads that it counts on; else everything that keeps it from being one, at once
    (一次性告知): what breaks the schema does not hide what else is wrong.
    """
    manifest, said, reasons = _read(content)
    if manifest is not None:
        awaited, reasons = check(manifest, packet, catalogue, stored)
        return manifest, awaited, reasons
    if isinstance(said, dict):
        reasons = (*reasons, *_wrong(parts.legible(said), packet, catalogue, _by_place(stored)))
    return None, (), _at_most(reasons)


def check(
    manifest: Manifest, packet: str, catalogue: Catalogue, stored: Iterable[Stored]
) -> tuple[tuple[Awaited, ...], tuple[RefusalReason, ...]]:
    """The uploads that the manifest counts on, and everything that keeps it from being an application."""
    lying = _by_place(stored)
    said = parts.of(manifest)
    if said.files is None:
        said = replace(said, files=dict(enumerate(_newest(lying, catalogue))))
    reasons = _wrong(said, packet, catalogue, lying)
    places = dict.fromkeys(_place(file) for file in (said.files or {}).values())
    awaited = (Awaited(slot=p[0], mark=lying[p].mark) for p in places if p in lying and p[0] in catalogue.slots)
    return tuple(awaited), _at_most(reasons)


def _at_most(reasons: Sequence[RefusalReason]) -> tuple[RefusalReason, ...]:
    if len(reasons) <= MOST_REASONS:
        return tuple(reasons)
    left = words.application.more(len(reasons) - MOST_REASONS)
    return (*reasons[:MOST_REASONS], RefusalReason(code="more", text=left))


Place = tuple[str, str, str]


def _by_place(stored: Iterable[Stored]) -> dict[Place, Stored]:
    return {(s.slot, s.upload, s.name): s for s in stored}


def _place(file: ManifestFile | Stored) -> Place:
    return file.slot, file.upload, file.name


def _wrong(said: parts.Parts, packet: str, catalogue: Catalogue, lying: Mapping[Place, Stored]) -> list[RefusalReason]:
    """Everything that is wrong with the parts of a manifest, each of which keeps its shape."""
    reasons: list[RefusalReason] = []
    if said.packet is not None and said.packet != packet:
        text = words.application.another_packet(packet)
        reasons.append(RefusalReason(code="packet-mismatch", where="packet", text=text))
    reasons += _unknown_codes(said, catalogue)
    for field in said.form:
        if field not in catalogue.form.fields:
            text = words.application.unknown_field(field)
            reasons.append(RefusalReason(code="unknown-field", where=f"form.{field}", text=text))
    for index, file in (said.files or {}).items():
        where = f"files.{index}"
        if file.slot not in catalogue.slots:
            text = words.application.unknown_slot(file.slot)
            reasons.append(RefusalReason(code="unknown-slot", where=where, text=text))
        elif _place(file) not in lying:
            text = words.application.file_missing(file.slot, file.upload, file.name)
            reasons.append(RefusalReason(code="file-missing", where=where, text=text))
    return [*reasons, *_too_many(said, catalogue)]


def _too_many(said: parts.Parts, catalogue: Catalogue) -> Iterable[RefusalReason]:
    """Of a slot of one file the newest counts, however many there are; of one of several, and of photos, all do."""
    names = {_place(file) for file in (said.files or {}).values()}
    if len(names) > MOST_FILES:
        text = words.finding.reason("too-many-in-all", bound=MOST_FILES)
        yield RefusalReason(code="too-many-files", where="files", text=text)
    for slot, count in Counter(slot for slot, _, name in names if _beside(slot, name, catalogue)).items():
        material = catalogue.materials.get(slot)
        if material and material.room.most < count:
            text = words.application.too_many_files(material.name, count, material.room.most)
            yield RefusalReason(code="too-many-files", where=slot, text=text)


def _beside(slot: Code, name: str, catalogue: Catalogue) -> bool:
    """Whether a file counts beside others of its slot, and not in their place."""
    room = catalogue.room(slot)
    return room.files > 1 or (room.pictures > 1 and is_picture(name))


def _newest(lying: Mapping[Place, Stored], catalogue: Catalogue) -> list[Stored]:
    """The newest files of each slot, in one of several those of each name: of those that came within the same second,
    by which storage tells them apart, the first few.
    """
    alike: dict[tuple[str, str], list[Place]] = {}
    for place in sorted(lying, key=lambda place: (place[0], natural(place[2]), place)):
        alike.setdefault((place[0], place[2] if _beside(place[0], place[2], catalogue) else ""), []).append(place)
    found = []
    for places in alike.values():
        last = max(lying[place].at or _LONG_AGO for place in places)
        found += [lying[place] for place in places if (lying[place].at or _LONG_AGO) == last][:SAME_SECOND]
    return found


def _unknown_codes(said: parts.Parts, catalogue: Catalogue) -> list[RefusalReason]:
    reasons = []
    process = catalogue.processes.get(said.process) if said.process is not None else None
    if process is None and said.process is not None:
        text = words.application.unknown_process(said.process, catalogue.processes)
        reasons.append(RefusalReason(code="unknown-process", where="process", text=text))
    for index, matter in said.matters.items():
        if matter not in catalogue.matters:
            text = words.application.unknown_matter(matter)
            reasons.append(RefusalReason(code="unknown-matter", where=f"matters.{index}", text=text))
        elif process is not None and matter not in process.matters:
            text = words.application.not_in_process(matter, process.code)
            reasons.append(RefusalReason(code="matter-not-in-process", where=f"matters.{index}", text=text))
    for field, codes, known in _references(said, catalogue):
        for index, code in codes.items():
            if code not in known:
                text = words.application.refers_to_nothing(code, field)
                name = "unknown-slot" if field in ("promises", "drawn_up") else "unknown-matter"
                reasons.append(RefusalReason(code=name, where=f"{field}.{index}", text=text))
    for matter in _twice(said.matters):
        text = words.application.listed_twice(matter)
        reasons.append(RefusalReason(code="duplicate-matter", where="matters", text=text))
    for matter in _twice(said.letters):
        text = words.application.signed_twice(matter)
        reasons.append(RefusalReason(code="duplicate-letter", where="letters", text=text))
    for slot in _twice(said.drawn_up):
        text = words.application.drawn_up_twice(slot)
        reasons.append(RefusalReason(code="duplicate-author", where="drawn_up", text=text))
    return reasons


def _twice(listed: Mapping[int, str]) -> list[str]:
    return sorted(code for code, count in Counter(listed.values()).items() if count > 1)


def _references(
    said: parts.Parts, catalogue: Catalogue
) -> Iterable[tuple[str, Mapping[int, str], Mapping[str, object] | frozenset[str]]]:
    """What names something else, and what it may name; left out where not all of that could be read."""
    yield "promises", said.promises, catalogue.slots
    yield "drawn_up", said.drawn_up, catalogue.slots
    if "matters" in said.whole:
        yield "commitments", said.commitments, frozenset(said.matters.values())
    if "commitments" in said.whole:
        yield "letters", said.letters, frozenset(said.commitments.values())
